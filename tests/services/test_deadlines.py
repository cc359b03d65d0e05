"""Until when a step is due: the phase's day, working days, more time for one person, a unit or one above."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from idp.models import Extension, Person, Reminder, Unit
from idp.queries.cycles import overdue_assessments
from idp.queries.deadlines import days_of_records, deadlines
from idp.queries.home import todo_list
from idp.queries.team import team_list
from idp.rules.extensions import ExtensionKind, ExtensionState
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentState, PhaseKind, ReminderStep
from idp.services.reminders import plan_reminders
from tests.services.outbox_cast import DAY, NOW, Cast, add_assessment, add_cast

SELF = PhaseKind.SELF_ASSESSMENT
LATER = DAY + timedelta(days=7)


@pytest.fixture
def cast(session: Session) -> Cast:
    return add_cast(session)


def no_holidays(_day: date) -> bool:
    return False


def grant(
    cast: Cast,
    until_on: date,
    *,
    unit: Unit | None = None,
    phase: PhaseKind = SELF,
    state: ExtensionState = ExtensionState.GRANTED,
) -> Extension:
    extension = Extension(
        organisation_id=cast.organisation.id,
        cycle_id=cast.cycle.id,
        phase=phase,
        kind=ExtensionKind.EXTEND,
        assessment_id=None if unit else cast.assessment.id,
        unit_id=unit.id if unit else None,
        until_on=until_on,
        reason="น้ำท่วมสำนักงาน",
        state=state,
        asked_at=NOW,
    )
    cast.session.add(extension)
    cast.session.flush()
    return extension


def add_unit(cast: Cast, code: str, above: Unit | None = None) -> Unit:
    unit = Unit(organisation_id=cast.organisation.id, code=code, name_th=code)
    cast.session.add(unit)
    cast.session.flush()
    unit.path = f"{above.path if above else '/'}{unit.id}/"
    cast.session.flush()
    return unit


def due_on(cast: Cast, phase: PhaseKind = SELF) -> date:
    return days_of_records(cast.session, [cast.assessment], no_holidays)[cast.assessment.id][phase][1]


def shown(cast: Cast) -> set[date]:
    """The day on every page that shows it: to-do list, the supervisor's list."""
    own = {todo.due_on for todo in todo_list(cast.session, cast.actor("somchai"), DAY)}
    team = {row.next_step.due_on for row in team_list(cast.session, cast.actor("suda"), DAY) if row.next_step}
    assert None not in team
    return own | team  # type: ignore[return-value]


def late(cast: Cast, day: date) -> list[int]:
    last_days = deadlines(cast.session, cycle_id=cast.cycle.id, is_holiday=no_holidays)
    return [row.id for row in cast.session.execute(overdue_assessments(day, last_days, cast.cycle.id))]


def test_without_more_time_the_phase_says_the_day(cast: Cast) -> None:
    cast.due(SELF, DAY)
    assert due_on(cast) == DAY and shown(cast) == {DAY}


def test_a_day_on_a_public_holiday_or_its_substitute_moves_where_working_days_count(cast: Cast) -> None:
    cast.due(SELF, date(2026, 12, 5))  # Saturday, the King's father's birthday; Monday instead of it
    assert shown(cast) == {date(2026, 12, 8)}
    cast.cycle.settings = OrganisationRules(count_working_days=False).as_json()
    cast.session.flush()
    assert shown(cast) == {date(2026, 12, 5)}


def test_more_time_for_one_person_holds_for_that_person_and_step_alone(cast: Cast) -> None:
    cast.due(SELF, DAY)
    before = due_on(cast, PhaseKind.RATING)
    grant(cast, LATER)
    other = add_assessment(
        cast.session, cast.organisation, cast.cycle, cast.unit, cast.persons["orn"], "0002"
    )
    assert due_on(cast) == LATER and shown(cast) == {LATER}
    assert due_on(cast, PhaseKind.RATING) == before
    assert days_of_records(cast.session, [other], no_holidays)[other.id][SELF][1] == DAY


def test_more_time_for_a_unit_holds_for_all_below_it_and_for_nobody_beside(cast: Cast) -> None:
    below, beside = add_unit(cast, "below", cast.unit), add_unit(cast, "beside")
    cast.assessment.unit_id = below.id
    cast.due(SELF, DAY)
    grant(cast, LATER, unit=beside)
    assert due_on(cast) == DAY and shown(cast) == {DAY}
    grant(cast, LATER, unit=cast.unit)
    assert due_on(cast) == LATER and shown(cast) == {LATER}


def test_the_latest_of_all_that_was_granted_counts_and_an_earlier_one_takes_nothing_away(cast: Cast) -> None:
    cast.due(SELF, DAY)
    grant(cast, LATER)
    grant(cast, LATER + timedelta(days=1), unit=cast.unit)
    grant(cast, DAY - timedelta(days=5))
    assert due_on(cast) == LATER + timedelta(days=1) and shown(cast) == {LATER + timedelta(days=1)}


@pytest.mark.parametrize("state", [each for each in ExtensionState if each is not ExtensionState.GRANTED])
def test_what_is_not_granted_or_has_ended_extends_nothing(cast: Cast, state: ExtensionState) -> None:
    cast.due(SELF, DAY)
    grant(cast, LATER, state=state)
    assert due_on(cast) == DAY and shown(cast) == {DAY}


def test_who_has_more_time_is_late_only_after_it(cast: Cast) -> None:
    cast.due(SELF, DAY)
    assert late(cast, DAY) == [] and late(cast, DAY + timedelta(days=1)) == [cast.assessment.id]
    grant(cast, LATER)
    assert late(cast, DAY + timedelta(days=1)) == [] and late(cast, LATER) == []
    assert late(cast, LATER + timedelta(days=1)) == [cast.assessment.id]


def test_the_supervisor_waits_while_the_employee_has_more_time(cast: Cast) -> None:
    cast.due(SELF, DAY - timedelta(days=7))
    duties = {(todo.phase) for todo in todo_list(cast.session, cast.actor("suda"), DAY)}
    assert duties == {PhaseKind.RATING}
    grant(cast, LATER, unit=cast.unit)
    assert todo_list(cast.session, cast.actor("suda"), DAY) == ()


def test_reminders_follow_the_day_of_each_person(cast: Cast) -> None:
    session = cast.session
    other = add_assessment(session, cast.organisation, cast.cycle, cast.unit, cast.persons["orn"], "0002")
    cast.due(SELF, DAY)
    grant(cast, DAY + timedelta(days=3))
    assert plan_reminders(session, DAY, NOW, no_holidays) == 2
    rows = {row.subject_id: row for row in session.query(Reminder)}
    assert (rows[cast.assessment.id].step, rows[cast.assessment.id].due_on) == (
        ReminderStep.DUE_SOON,
        DAY + timedelta(days=3),
    )
    assert (rows[other.id].step, rows[other.id].due_on) == (ReminderStep.DUE_TODAY, DAY)


def test_planning_takes_the_same_number_of_statements_for_one_person_and_for_many(cast: Cast) -> None:
    cast.due(SELF, DAY)
    grant(cast, DAY + timedelta(days=3))
    few = planning_statements(cast)
    for number in range(2, 42):
        person = Person(title_th="นาย", first_name=f"คน{number}", last_name="ตัวอย่าง", created_at=NOW)
        cast.session.add(person)
        cast.session.flush()
        unit = add_unit(cast, f"u{number}", cast.unit)
        other = add_assessment(cast.session, cast.organisation, cast.cycle, unit, person, f"{number:04}")
        other.state = AssessmentState.SELF_ASSESSING
        grant(cast, DAY + timedelta(days=number), unit=unit)
    assert planning_statements(cast) == few


def planning_statements(cast: Cast) -> int:
    statements = []
    engine = cast.session.get_bind()

    def note(*arguments: object) -> None:
        statements.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        plan_reminders(cast.session, DAY, NOW, no_holidays)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)
