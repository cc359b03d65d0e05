"""Who supervised a record for how long, what they said when they handed it over, and who still owes that."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from idp.models import Assessment, Cycle, Handover, Person, Phase, StaffChange
from idp.rules.day_split import Share, formula, weighted_level
from idp.rules.staff_changes import ChangeKind, Consequence, HandoverState
from idp.rules.terms import AssessmentState, CycleState, PhaseKind
from idp.rules.thai import full_name

HANDING_OVER = (Consequence.HAND_OVER, Consequence.SPLIT_BY_DAYS)
"""The consequences by which a record gets another supervisor."""

NO_LONGER_OWED = (AssessmentState.CLOSED, AssessmentState.EXEMPTED)


@dataclass(frozen=True)
class Part:
    """One supervisor's part of a round. `levels`: what they rated, by item id; None for the supervisor of
    today, whose rating is the record's own."""

    name: str
    days: int
    levels: Mapping[int, int] | None


@dataclass(frozen=True)
class CombinedLevel:
    """The level of one competency over all parts, with the calculation in figures."""

    level: Decimal
    formula: str


@dataclass(frozen=True)
class Statement:
    """What one supervisor said when the record left them. `stated_by` is another where somebody entered it
    for them; `text` is empty while it is awaited."""

    handover_id: int
    kind: ChangeKind
    consequence: Consequence
    effective_on: date
    order_number: str
    from_name: str
    to_name: str
    text: str
    stated_by: str
    stated_at: datetime | None
    is_awaited: bool


@dataclass(frozen=True)
class StatementOwed:
    """A statement that a former supervisor has not given yet, due with the ratings of its cycle."""

    handover_id: int
    owner_name: str
    cycle_name_th: str
    cycle_name_en: str
    effective_on: date
    due_on: date | None
    day: date

    @property
    def days_left(self) -> int | None:
        return None if self.due_on is None else (self.due_on - self.day).days


def parts_of(session: Session, assessment_ids: Collection[int]) -> dict[int, tuple[Part, ...]]:
    """The parts of every round that was split by days, in their order; one statement. Rounds with one
    supervisor, or handed over whole, are not in it."""
    former = aliased(Person)
    rows = session.execute(
        select(Handover, former.display_name, Assessment.supervisor_name)
        .join(StaffChange, StaffChange.id == Handover.change_id)
        .join(Assessment, Assessment.id == Handover.assessment_id)
        .join(former, former.id == Handover.from_person_id)
        .where(Handover.assessment_id.in_(assessment_ids), Handover.consequence == Consequence.SPLIT_BY_DAYS)
        .order_by(Handover.assessment_id, StaffChange.effective_on, Handover.id)
    ).all()
    found: dict[int, list[Part]] = defaultdict(list)
    last: dict[int, Part] = {}
    for handover, name, today in rows:
        levels = {int(item_id): int(level) for item_id, level in handover.levels.items()}
        found[handover.assessment_id].append(Part(name, handover.days_before, levels))
        last[handover.assessment_id] = Part(today, handover.days_after, None)
    return {assessment_id: (*parts, last[assessment_id]) for assessment_id, parts in found.items()}


def combined_levels(
    parts: Sequence[Part], ratings: Mapping[int, Decimal | None]
) -> dict[int, CombinedLevel | None]:
    """For each item of `ratings` (those of today's supervisor) the level weighted by days; None while one of
    the supervisors has not rated it."""
    return {item_id: _combined(parts, item_id, own) for item_id, own in ratings.items()}


def _combined(parts: Sequence[Part], item_id: int, own: Decimal | None) -> CombinedLevel | None:
    shares = []
    for part in parts:
        level = own if part.levels is None else part.levels.get(item_id)
        if level is None:
            return None
        shares.append(Share(part.days, level))
    return CombinedLevel(weighted_level(shares), formula(shares))


def awaited_from(session: Session, assessment_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Who still owes the statement on each record; one statement."""
    rows = session.execute(
        select(Handover.assessment_id, Person.display_name)
        .join(Person, Person.id == Handover.from_person_id)
        .where(
            Handover.assessment_id.in_(assessment_ids),
            Handover.state == HandoverState.AWAITING_STATEMENT,
        )
        .order_by(Handover.assessment_id, Handover.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for assessment_id, name in rows:
        found[assessment_id] = (*found.get(assessment_id, ()), name)
    return found


def statements_on(session: Session, assessment_id: int) -> tuple[Statement, ...]:
    """Every change of supervisor of one record, the first one first; one statement."""
    former, following, writer = aliased(Person), aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            Handover, StaffChange, former.display_name, following.display_name, writer.id, writer.display_name
        )
        .join(StaffChange, StaffChange.id == Handover.change_id)
        .outerjoin(former, former.id == Handover.from_person_id)
        .outerjoin(following, following.id == Handover.to_person_id)
        .outerjoin(writer, writer.id == Handover.stated_by_person_id)
        .where(Handover.assessment_id == assessment_id, Handover.consequence.in_(HANDING_OVER))
        .order_by(StaffChange.effective_on, Handover.id)
    )
    return tuple(
        Statement(
            handover.id,
            change.kind,
            handover.consequence,
            change.effective_on,
            change.order_number,
            from_name or "",
            to_name or "",
            handover.statement,
            (writer_name or "") if writer_id != handover.from_person_id else "",
            handover.stated_at,
            handover.state is HandoverState.AWAITING_STATEMENT,
        )
        for handover, change, from_name, to_name, writer_id, writer_name in rows
    )


def statements_owed(
    session: Session, person_id: int, organisation_id: int, day: date
) -> tuple[StatementOwed, ...]:
    """What the person still has to say on records that they handed over, the most urgent first; one
    statement."""
    rows = session.execute(
        select(
            Handover.id,
            Assessment.title_th,
            Assessment.first_name,
            Assessment.last_name,
            Cycle.name_th,
            Cycle.name_en,
            StaffChange.effective_on,
            Phase.due_on,
        )
        .join(Assessment, Assessment.id == Handover.assessment_id)
        .join(StaffChange, StaffChange.id == Handover.change_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .outerjoin(Phase, (Phase.cycle_id == Cycle.id) & (Phase.kind == PhaseKind.RATING))
        .where(
            Handover.organisation_id == organisation_id,
            Handover.from_person_id == person_id,
            Handover.state == HandoverState.AWAITING_STATEMENT,
            Assessment.state.not_in(NO_LONGER_OWED),
            Cycle.state == CycleState.OPEN,
        )
        .order_by(Phase.due_on, Handover.id)
    )
    return tuple(
        StatementOwed(handover_id, full_name(title, first, last), name_th, name_en, effective_on, due_on, day)
        for handover_id, title, first, last, name_th, name_en, effective_on, due_on in rows
    )
