"""What a person has to do next, and by when."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Date, Row, String, and_, func, literal, or_, type_coerce, union_all
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, Phase
from idp.queries.acting import acts_for
from idp.queries.deadlines import Deadlines, deadlines
from idp.queries.duties import holder_of, owing, record_of
from idp.queries.relations import represented_persons, roles_of
from idp.rules.obligations import DUTIES
from idp.rules.relations import DELEGABLE, Actor
from idp.rules.terms import PhaseKind, Relation, Role, SubjectType
from idp.rules.thai import full_name

SINGLE = tuple(duty for duty in DUTIES if not duty.is_gathered)
GATHERED = tuple(duty for duty in DUTIES if duty.is_gathered)


@dataclass(frozen=True)
class Todo:
    """One thing to do. `phase` names it; HR's things are gathered: `count` records of a cycle.

    `state` is the record's (empty when gathered); `on_behalf_of` is the person represented, None for one's
    own.
    """

    phase: PhaseKind
    relation: Relation
    subject_type: SubjectType
    subject_id: int
    state: str
    owner_name: str
    cycle_id: int
    cycle_name_th: str
    cycle_name_en: str
    opens_on: date
    due_on: date
    day: date
    count: int = 1
    on_behalf_of: int | None = None

    @property
    def is_open(self) -> bool:
        """The phase has begun."""
        return self.opens_on <= self.day

    @property
    def days_left(self) -> int:
        """Calendar days until it is due; 0 today, below 0 overdue."""
        return (self.due_on - self.day).days

    @property
    def is_overdue(self) -> bool:
        return self.days_left < 0


def todo_list(session: Session, actor: Actor, day: date) -> tuple[Todo, ...]:
    """Everything the actor owes in the organisation signed in to, the most urgent first.

    At most six statements, whatever the number of records.
    """
    if actor.person_id is None or actor.organisation_id is None:
        return ()
    represented = represented_persons(session, actor.person_id, actor.organisation_id, day)
    last_days = deadlines(session, organisation_id=actor.organisation_id)
    rows = session.execute(
        _single_duties(actor.person_id, actor.organisation_id, represented, day, last_days)
    )
    found = [_single(row, day, actor.person_id) for row in rows]
    if Role.HR_OFFICER in roles_of(session, actor.person_id, actor.organisation_id, day):
        found.extend(
            _gathered(session.execute(_gathered_duties(actor.organisation_id, day, last_days)).all(), day)
        )
    return tuple(sorted(found, key=lambda todo: (not todo.is_open, todo.due_on, todo.phase, todo.subject_id)))


def _single(row: Row[Any], day: date, person_id: int) -> Todo:
    return Todo(
        row.phase,
        Relation(row.relation),
        SubjectType(row.subject_type),
        row.subject_id,
        row.state,
        full_name(row.title_th, row.first_name, row.last_name),
        row.cycle_id,
        row.cycle_name_th,
        row.cycle_name_en,
        row.opens_on,
        row.due_on,
        day,
        on_behalf_of=None if row.holder == person_id else row.holder,
    )


def _gathered(rows: Sequence[Row[Any]], day: date) -> list[Todo]:
    """One thing per cycle and phase, whatever the states that make it, due when its first record is."""
    counts: dict[tuple[PhaseKind, int], int] = defaultdict(int)
    first: dict[tuple[PhaseKind, int], Row[Any]] = {}
    for row in rows:
        counts[row.phase, row.cycle_id] += row.records
        known = first.setdefault((row.phase, row.cycle_id), row)
        if row.due_on < known.due_on:
            first[row.phase, row.cycle_id] = row
    return [
        Todo(
            row.phase,
            Relation.HR_OFFICER,
            SubjectType.CYCLE,
            row.cycle_id,
            "",
            "",
            row.cycle_id,
            row.cycle_name_th,
            row.cycle_name_en,
            row.opens_on,
            row.due_on,
            day,
            count=counts[key],
        )
        for key, row in first.items()
    ]


def _single_duties(
    person_id: int, organisation_id: int, represented: tuple[int, ...], day: date, last_days: Deadlines
) -> CompoundSelect[Any]:
    """All single duties in one statement."""
    selects = []
    for duty in SINGLE:
        record, holder = record_of(duty), holder_of(duty)
        mine = holder == person_id
        if represented and duty.relation in DELEGABLE:
            mine = or_(mine, and_(holder.in_(represented), acts_for(person_id, record, holder, day)))
        selects.append(
            owing(
                duty,
                day,
                last_days,
                literal(duty.phase, Phase.kind.type).label("phase"),
                literal(duty.relation.value).label("relation"),
                literal(duty.subject_type.value).label("subject_type"),
                record.id.label("subject_id"),
                type_coerce(record.state, String).label("state"),
                Assessment.title_th,
                Assessment.first_name,
                Assessment.last_name,
                Cycle.id.label("cycle_id"),
                Cycle.name_th.label("cycle_name_th"),
                Cycle.name_en.label("cycle_name_en"),
                Phase.opens_on,
                last_days.due_on.label("due_on"),
                holder.label("holder"),
            ).where(record.organisation_id == organisation_id, mine)
        )
    return union_all(*selects)


def _gathered_duties(organisation_id: int, day: date, last_days: Deadlines) -> CompoundSelect[Any]:
    """HR's duties, counted per cycle and phase, in one statement."""
    return union_all(
        *(
            owing(
                duty,
                day,
                last_days,
                literal(duty.phase, Phase.kind.type).label("phase"),
                Cycle.id.label("cycle_id"),
                Cycle.name_th.label("cycle_name_th"),
                Cycle.name_en.label("cycle_name_en"),
                Phase.opens_on,
                func.min(last_days.due_on, type_=Date).label("due_on"),
                func.count().label("records"),
            )
            .where(Cycle.organisation_id == organisation_id)
            .group_by(Cycle.id, Cycle.name_th, Cycle.name_en, Phase.opens_on)
            for duty in GATHERED
        )
    )
