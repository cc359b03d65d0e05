"""The page on which a former supervisor gives their statement: what they had rated, and nothing else of the
record."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from idp.models import Assessment, AssessmentItem, Cycle, Handover, Person, StaffChange
from idp.queries.handovers import HANDING_OVER
from idp.queries.ladders import ladders_of
from idp.queries.relations import is_member, standing_in_organisation
from idp.rules.relations import Actor
from idp.rules.staff_changes import ChangeKind, Consequence, HandoverState
from idp.rules.terms import Relation
from idp.rules.thai import full_name, position_with_level


@dataclass(frozen=True)
class HandedItem:
    """One competency. `kept`: the level that the old supervisor had rated, with their evidence; `stated`: the
    level of their statement; `levels`: those of the ladder, 0 first."""

    id: int
    name_th: str
    name_en: str | None
    expected: int
    levels: tuple[int, ...]
    kept: int | str | None  # an average as a text
    evidence: str
    stated: int | None


@dataclass(frozen=True)
class HandoverPage:
    """`stated_by` is empty where the old supervisor wrote it themselves."""

    id: int
    version: int
    relation: Relation
    state: HandoverState
    consequence: Consequence
    kind: ChangeKind
    effective_on: date
    order_number: str
    owner_name: str
    position: str
    unit_path_name: str
    cycle_name_th: str
    cycle_name_en: str
    from_name: str
    to_name: str
    days_before: int
    days_after: int
    statement: str
    stated_by: str
    stated_at: datetime | None
    items: tuple[HandedItem, ...]

    @property
    def is_awaited(self) -> bool:
        return self.state is HandoverState.AWAITING_STATEMENT

    @property
    def is_split(self) -> bool:
        return self.consequence is Consequence.SPLIT_BY_DAYS


def handover_standing(session: Session, actor: Actor, handover: Handover, day: date) -> Relation | None:
    """What the actor is to a handover: the supervisor who gave the record away, as long as they serve there,
    or HR of its organisation, signed in there. None for everybody else, and for the person assessed whatever
    their office."""
    if handover.consequence not in HANDING_OVER or handover.assessment.owner_person_id == actor.person_id:
        return None
    if actor.person_id is None or actor.organisation_id != handover.organisation_id:
        return None
    if handover.from_person_id == actor.person_id:
        serves = is_member(session, actor.person_id, handover.organisation_id, day)
        return Relation.FORMER_SUPERVISOR if serves else None
    standing = standing_in_organisation(session, actor, handover.organisation_id, day)
    return Relation.HR_OFFICER if Relation.HR_OFFICER in standing.relations else None


def handover_page(session: Session, handover: Handover, relation: Relation) -> HandoverPage:
    """The page for who has that relation to it: four statements at most."""
    former, following, writer = aliased(Person), aliased(Person), aliased(Person)
    change, assessment, cycle, from_name, to_name, writer_name = session.execute(
        select(
            StaffChange,
            Assessment,
            Cycle,
            former.display_name,
            following.display_name,
            writer.display_name,
        )
        .select_from(Handover)
        .join(StaffChange, StaffChange.id == Handover.change_id)
        .join(Assessment, Assessment.id == Handover.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .outerjoin(former, former.id == Handover.from_person_id)
        .outerjoin(following, following.id == Handover.to_person_id)
        .outerjoin(writer, writer.id == Handover.stated_by_person_id)
        .where(Handover.id == handover.id)
    ).one()
    return HandoverPage(
        id=handover.id,
        version=handover.version,
        relation=relation,
        state=handover.state,
        consequence=handover.consequence,
        kind=change.kind,
        effective_on=change.effective_on,
        order_number=change.order_number,
        owner_name=full_name(assessment.title_th, assessment.first_name, assessment.last_name),
        position=position_with_level(assessment.position_name, assessment.position_level_name),
        unit_path_name=assessment.unit_path_name,
        cycle_name_th=cycle.name_th,
        cycle_name_en=cycle.name_en,
        from_name=from_name or "",
        to_name=to_name or "",
        days_before=handover.days_before,
        days_after=handover.days_after,
        statement=handover.statement,
        stated_by=(writer_name or "") if handover.stated_by_person_id != handover.from_person_id else "",
        stated_at=handover.stated_at,
        items=_items(session, handover),
    )


def _items(session: Session, handover: Handover) -> tuple[HandedItem, ...]:
    items = session.scalars(
        select(AssessmentItem)
        .where(AssessmentItem.assessment_id == handover.assessment_id)
        .order_by(AssessmentItem.sort_order, AssessmentItem.id)
        .options(joinedload(AssessmentItem.competency, innerjoin=True))
    ).all()
    ladders = ladders_of(session, {item.competency_id for item in items})
    found = []
    for item in items:
        kept = handover.kept_rating.get(str(item.id), {})
        numbers = ladders[item.competency_id].ladder.numbers
        found.append(
            HandedItem(
                id=item.id,
                name_th=item.competency.name_th,
                name_en=item.competency.name_en,
                expected=item.expected_level,
                levels=tuple(sorted({0, *numbers})),
                kept=kept.get("level"),
                evidence=kept.get("evidence", ""),
                stated=handover.levels.get(str(item.id)),
            )
        )
    return tuple(found)
