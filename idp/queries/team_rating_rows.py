"""One competency of everybody who is rated by the reader: its ladder once, and a row for each person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from idp.models import Assessment, AssessmentItem, Cycle, Rating
from idp.queries.assessment_pages import ItemOnPage
from idp.queries.rated_items import items_shown
from idp.queries.team_ratings import RATING, PersonToRate, person_to_rate, rated_by
from idp.rules.levels import PassRule
from idp.rules.permissions import allowed
from idp.rules.relations import Actor
from idp.rules.settings import OrganisationRules, rules_from_json
from idp.rules.terms import Permission, RaterKind, Relation

ROWS_AT_ONCE = 30
"""People on one page: what somebody still looks over, and a form that no limit of size refuses."""

NOT_RATED_YET = 0
"""The version of a rating that is not there yet."""


@dataclass(frozen=True)
class RowToRate:
    """One person; `version` is that of the rating of this competency (not of the whole assessment, which
    changes with every other competency of it), NOT_RATED_YET where there is none."""

    person: PersonToRate
    item: ItemOnPage
    version: int


@dataclass(frozen=True)
class CompetencyOfTeam:
    """`part` of `parts`: the pages of a large team, from 1; `rows` are those of this part, `people` and
    `rated` count all. `before` and `after`: the neighbouring competencies' ids."""

    cycle_id: int
    cycle_name_th: str
    cycle_name_en: str
    rules: OrganisationRules
    rows: tuple[RowToRate, ...]
    part: int
    parts: int
    people: int
    rated: int
    before: int | None
    after: int | None

    @property
    def item(self) -> ItemOnPage:
        """The competency with its texts; there is no page without a row."""
        return self.rows[0].item


def competency_of_team(
    session: Session, actor: Actor, cycle_id: int, competency_id: int, day: date, part: int = 1
) -> CompetencyOfTeam | None:
    """None where the reader rates nobody now who is expected to show it, or not so many. Nine statements."""
    cycle = session.get(Cycle, cycle_id)
    counts = _counts(session, actor, cycle_id, day)
    place = next((at for at, each in enumerate(counts) if each[0] == competency_id), None)
    if cycle is None or place is None:
        return None
    _number, people, rated = counts[place]
    parts = -(-people // ROWS_AT_ONCE)
    if not 1 <= part <= parts:
        return None
    rules = rules_from_json(cycle.settings)
    items = session.scalars(
        _items(actor, cycle_id, competency_id, day).offset((part - 1) * ROWS_AT_ONCE).limit(ROWS_AT_ONCE)
    ).all()
    return CompetencyOfTeam(
        cycle_id=cycle.id,
        cycle_name_th=cycle.name_th,
        cycle_name_en=cycle.name_en,
        rules=rules,
        rows=rows_to_rate(session, actor, list(items), PassRule(rules.pass_rule, rules.pass_percentage)),
        part=part,
        parts=parts,
        people=people,
        rated=rated,
        before=counts[place - 1][0] if place else None,
        after=counts[place + 1][0] if place + 1 < len(counts) else None,
    )


def rows_to_rate(
    session: Session, actor: Actor, items: list[AssessmentItem], pass_rule: PassRule
) -> tuple[RowToRate, ...]:
    """Of items whose assessments and competencies are read, in the order given. Six statements."""
    kinds = [
        kind
        for kind, permission in (
            (RaterKind.SELF, Permission.SELF_RATING_VIEW),
            (RaterKind.SUPERVISOR, Permission.RESULT_VIEW),
        )
        if allowed(permission, {Relation.SUPERVISOR}, RATING)
    ]
    versions = rating_versions(session, [item.id for item in items])
    return tuple(
        RowToRate(person_to_rate(item.assessment, actor), shown, versions.get(item.id, NOT_RATED_YET))
        for item, shown in zip(items, items_shown(session, items, pass_rule, kinds), strict=True)
    )


def people_of_items(
    session: Session, actor: Actor, item_ids: Collection[int], day: date
) -> dict[int, PersonToRate]:
    """Whose items these are, by the item's id; only of those whom the actor rates. One statement."""
    rows = session.execute(
        select(AssessmentItem.id, Assessment)
        .join(AssessmentItem.assessment)
        .where(AssessmentItem.id.in_(item_ids), rated_by(actor, day))
    )
    return {item_id: person_to_rate(assessment, actor) for item_id, assessment in rows}


def rating_versions(session: Session, item_ids: list[int]) -> dict[int, int]:
    """The version of the supervisor's rating of each item that has one. One statement."""
    rows = session.execute(
        select(Rating.item_id, Rating.version).where(
            Rating.item_id.in_(item_ids), Rating.rater_kind == RaterKind.SUPERVISOR
        )
    )
    return {row.item_id: row.version for row in rows}


def _is_rated_now(actor: Actor, cycle_id: int, day: date) -> ColumnElement[bool]:
    return and_(Assessment.cycle_id == cycle_id, Assessment.state == RATING, rated_by(actor, day))


def _items(actor: Actor, cycle_id: int, competency_id: int, day: date) -> Select[AssessmentItem]:
    return (
        select(AssessmentItem)
        .join(AssessmentItem.assessment)
        .where(_is_rated_now(actor, cycle_id, day), AssessmentItem.competency_id == competency_id)
        .order_by(Assessment.employee_number, Assessment.id)
        .options(
            contains_eager(AssessmentItem.assessment), joinedload(AssessmentItem.competency, innerjoin=True)
        )
    )


def _counts(session: Session, actor: Actor, cycle_id: int, day: date) -> list[tuple[int, int, int]]:
    """(competency id, people expected to show it, of them rated), in the order of the forms."""
    rows = session.execute(
        select(AssessmentItem.competency_id, func.count(), func.count(Rating.attained_level))
        .join(Assessment, Assessment.id == AssessmentItem.assessment_id)
        .outerjoin(
            Rating, and_(Rating.item_id == AssessmentItem.id, Rating.rater_kind == RaterKind.SUPERVISOR)
        )
        .where(_is_rated_now(actor, cycle_id, day))
        .group_by(AssessmentItem.competency_id)
        .order_by(func.min(AssessmentItem.sort_order), AssessmentItem.competency_id)
    )
    return [(number, people, rated) for number, people, rated in rows]
