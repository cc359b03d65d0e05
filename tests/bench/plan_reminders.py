"""Planning the reminders of a day for everybody, some with more time, against the same day without any."""

import time
from datetime import date, timedelta

from sqlalchemy import event, func, insert, select, text
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, Extension, Reminder, Unit
from idp.models.engine import make_engine
from idp.rules.extensions import ExtensionKind, ExtensionState
from idp.rules.terms import PhaseKind
from idp.services.cycles import create_cycle, publish_cycle
from idp.services.opening import begin_opening, continue_opening
from idp.services.reminders import plan_reminders
from tests.bench.databases import each_database
from tests.bench.population import NOW, populate

HEADS = ("database", "people", "plain s", "extended s", "statements", "reminders", "ratio")
ONE_IN = 50
"""People with more time of their own; besides, one unit has more time as a whole."""


def run(people: int) -> None:
    """Print a row for each database, then the worse ratio."""
    print(" ".join(f"{head:>12}" for head in HEADS))
    ratios = []
    with each_database() as databases:
        for name, url in databases:
            engine = make_engine(url)
            with Session(engine) as session:
                plain, extended, statements, written = _measure(session, people)
            engine.dispose()
            ratios.append(extended / plain)
            figures = f"{plain:>12.2f} {extended:>12.2f} {statements:>12} {written:>12,} {ratios[-1]:>12.2f}"
            print(f"{name:>12} {people:>12,} {figures}")
    print(f"plan_reminders: ratio {max(ratios):.2f} against the same day without extensions")


def _measure(session: Session, people: int) -> tuple[float, float, int, int]:
    """Seconds without and with more time, statements and reminders of the latter."""
    crowd = populate(session, people)
    cycle = create_cycle(session, crowd.officer, code="2570", name_th="รอบ", fiscal_year=2570, now=NOW)
    publish_cycle(session, crowd.officer, cycle.id, NOW)
    begin_opening(session, crowd.officer, cycle.id, NOW)
    while not continue_opening(session, cycle.id, NOW):
        session.commit()
    session.commit()
    day = next(phase.due_on for phase in cycle.phases if phase.kind is PhaseKind.SELF_ASSESSMENT)
    plain = _plan(session, day)[0]
    session.rollback()
    _grant(session, session.get_one(Cycle, cycle.id), day)
    session.commit()
    session.execute(text("ANALYZE"))  # as the database does by itself a minute later
    session.commit()
    seconds, statements = _plan(session, day)
    return plain, seconds, statements, session.scalar(select(func.count(Reminder.id))) or 0


def _plan(session: Session, day: date) -> tuple[float, int]:
    seen: list[str] = []
    engine = session.get_bind()

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    begun = time.perf_counter()
    plan_reminders(session, day, NOW, lambda _day: False)
    seconds = time.perf_counter() - begun
    event.remove(engine, "before_cursor_execute", note)
    return seconds, len(seen)


def _grant(session: Session, cycle: Cycle, day: date) -> None:
    common = {
        "organisation_id": cycle.organisation_id,
        "cycle_id": cycle.id,
        "phase": PhaseKind.SELF_ASSESSMENT,
        "kind": ExtensionKind.EXTEND,
        "reason": "bench",
        "state": ExtensionState.GRANTED,
        "asked_at": NOW,
        "decision_reason": "",
        "snapshot": {},
        "version": 1,
    }
    of_people = session.scalars(
        select(Assessment.id).where(Assessment.cycle_id == cycle.id, Assessment.id % ONE_IN == 0)
    )
    rows = [
        common | {"assessment_id": number, "until_on": day + timedelta(days=number % 20)}
        for number in of_people
    ]
    session.execute(insert(Extension), rows)
    unit = session.scalar(select(func.max(Unit.id)).where(Unit.organisation_id == cycle.organisation_id))
    session.execute(insert(Extension), [common | {"unit_id": unit, "until_on": day + timedelta(days=3)}])
