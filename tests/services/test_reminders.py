"""Who is reminded of what, on which day; planning a day twice adds nothing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from idp.models import Cycle, DevelopmentPlan, Person, PlanItem, ProgressEntry, Reminder
from idp.queries.home import todo_list
from idp.rules.obligations import OBLIGATIONS, Condition, Obligation
from idp.rules.terms import (
    AssessmentState,
    CycleState,
    DevelopmentMethod,
    PhaseKind,
    PlanState,
    Relation,
    ReminderStep,
    SubjectType,
)
from idp.services.reminders import plan_reminders
from tests.services.outbox_cast import DAY, NOW, Cast, add_assessment, add_cast

HOLDERS = {
    Relation.OWNER: "somchai",
    Relation.SUPERVISOR: "suda",
    Relation.SECOND_LEVEL: "prasit",
    Relation.HR_OFFICER: "malee",
}


def no_holidays(_day: date) -> bool:
    return False


@pytest.fixture
def cast(session: Session) -> Cast:
    return add_cast(session)


def reminders(session: Session) -> list[Reminder]:
    return list(session.scalars(select(Reminder).order_by(Reminder.id)))


def arrange(cast: Cast, row: Obligation) -> None:
    """Make exactly what the row of the table speaks of."""
    if row.condition is Condition.NO_SECOND_LEVEL:
        cast.assessment.second_level_person_id = None
    if row.condition is Condition.SELF_PHASE_OVER:
        cast.due(PhaseKind.SELF_ASSESSMENT, DAY - timedelta(days=4))
    if row.phase is PhaseKind.AGREEMENT:
        cast.begin_with_agreement(without=row.relation)
    if isinstance(row.state, AssessmentState):
        cast.put(row.state)
    else:
        cast.put(AssessmentState.RECEIVED)
        cast.plan(row.state)


def test_each_row_of_the_table_reminds_its_holder_of_its_phase(session):
    for row in OBLIGATIONS:
        cast = add_cast(session)
        arrange(cast, row)
        cast.due(row.phase, DAY)
        assert plan_reminders(session, DAY, NOW, no_holidays) == 1, row
        (reminder,) = reminders(session)
        assert reminder.recipient_person_id == cast.persons[HOLDERS[row.relation]].id, row
        assert (reminder.phase, reminder.step, reminder.due_on) == (row.phase, ReminderStep.DUE_TODAY, DAY)
        session.rollback()


def test_each_row_of_the_table_is_on_its_holders_list_and_on_no_outsiders(session):
    for row in OBLIGATIONS:
        cast = add_cast(session)
        arrange(cast, row)
        todos = todo_list(session, cast.actor(HOLDERS[row.relation]), DAY)
        assert (row.phase, row.relation) in [(todo.phase, todo.relation) for todo in todos], row
        assert todo_list(session, cast.actor("orn"), DAY) == (), row
        session.rollback()


def test_planning_twice_adds_nothing(cast, session):
    cast.due(PhaseKind.SELF_ASSESSMENT, DAY)
    assert plan_reminders(session, DAY, NOW, no_holidays) == 1
    assert plan_reminders(session, DAY, NOW, no_holidays) == 0


@pytest.mark.parametrize(
    ("due_on", "step"),
    [
        (DAY + timedelta(days=3), ReminderStep.DUE_SOON),  # Thursday: three working days ahead
        (DAY + timedelta(days=2), None),
        (DAY, ReminderStep.DUE_TODAY),
        (DAY - timedelta(days=3), None),  # Friday
        (DAY - timedelta(days=1), ReminderStep.DUE_TODAY),  # Sunday: due on the next working day
        (date(2026, 11, 5), ReminderStep.OVERDUE),  # seven working days ago
        (date(2026, 11, 9), None),  # seven days, five of them working
    ],
)
def test_the_step_follows_from_the_phase_date_and_the_frozen_settings(cast, session, due_on, step):
    cast.due(PhaseKind.SELF_ASSESSMENT, due_on)
    plan_reminders(session, DAY, NOW, no_holidays)
    assert [row.step for row in reminders(session)] == ([] if step is None else [step])


def test_a_holiday_moves_the_day_on_which_something_is_due_soon(cast, session):
    cast.due(PhaseKind.SELF_ASSESSMENT, DAY + timedelta(days=4))
    assert plan_reminders(session, DAY, NOW, no_holidays) == 0
    assert plan_reminders(session, DAY, NOW, lambda day: day == DAY + timedelta(days=1)) == 1


def test_progress_once_reported_in_its_phase_is_enough(cast, session):
    cast.put(AssessmentState.RECEIVED)
    plan = cast.plan(PlanState.IN_PROGRESS)
    cast.due(PhaseKind.PROGRESS, DAY)
    report_progress(session, cast, plan)
    assert plan_reminders(session, DAY, NOW, no_holidays) == 0


def report_progress(session: Session, cast: Cast, plan: DevelopmentPlan) -> None:
    item = PlanItem(plan_id=plan.id, sort_order=1, method=DevelopmentMethod.COACHING, title="ฝึกสอนงาน")
    session.add(item)
    session.flush()
    session.add(
        ProgressEntry(
            plan_item_id=item.id, percent=50, by_person_id=plan.owner_person_id, at=NOW - timedelta(days=3)
        )
    )
    session.flush()


@pytest.mark.parametrize("state", [state for state in CycleState if state is not CycleState.OPEN])
def test_only_an_open_cycle_reminds_of_assessments(cast, session, state):
    cast.due(PhaseKind.SELF_ASSESSMENT, DAY)
    cast.cycle.state = state
    session.flush()
    assert plan_reminders(session, DAY, NOW, no_holidays) == 0


def test_a_plan_is_followed_beyond_the_closing_of_its_cycle(cast, session):
    cast.put(AssessmentState.CLOSED)
    cast.plan(PlanState.IN_EVALUATION)
    cast.due(PhaseKind.PLAN_EVALUATION, DAY)
    cast.cycle.state = CycleState.CLOSED
    session.flush()
    assert plan_reminders(session, DAY, NOW, no_holidays) == 1


def test_hr_is_told_once_per_cycle_however_many_results_wait(cast, session):
    cast.put(AssessmentState.MODERATED)
    other = add_assessment(session, cast.organisation, cast.cycle, cast.unit, cast.persons["orn"], "0002")
    other.state = AssessmentState.SECOND_OPINION
    cast.due(PhaseKind.RELEASE, DAY)
    assert plan_reminders(session, DAY, NOW, no_holidays) == 1
    (reminder,) = reminders(session)
    assert (reminder.subject_type, reminder.subject_id) == (SubjectType.CYCLE, cast.cycle.id)
    (todo,) = [each for each in todo_list(session, cast.actor("malee"), DAY) if each.count]
    assert todo.count == 2


def test_one_organisations_hr_is_not_told_of_anothers_cycle(cast, session):
    neighbour = add_cast(session, "neighbour")
    cast.put(AssessmentState.MODERATED)
    cast.due(PhaseKind.RELEASE, DAY)
    plan_reminders(session, DAY, NOW, no_holidays)
    assert [row.recipient_person_id for row in reminders(session)] == [cast.persons["malee"].id]
    assert todo_list(session, neighbour.actor("malee"), DAY) == ()


def test_the_list_takes_the_same_number_of_statements_for_one_record_and_for_many(cast, session):
    few = count_statements(session, cast)
    for number in range(2, 12):
        other = add_assessment(
            session, cast.organisation, cast.cycle, cast.unit, new_person(session, number), f"{number:04}"
        )
        other.supervisor_person_id = cast.persons["suda"].id
        other.state = AssessmentState.SELF_SUBMITTED
    session.flush()
    assert count_statements(session, cast) == few
    assert len(todo_list(session, cast.actor("suda"), DAY)) == 10


def new_person(session: Session, number: int) -> Person:
    person = Person(title_th="นาย", first_name=f"คน{number}", last_name="ตัวอย่าง", created_at=NOW)
    session.add(person)
    session.flush()
    return person


def count_statements(session: Session, cast: Cast) -> int:
    statements = []
    engine = session.get_bind()

    def note(*arguments):
        statements.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        todo_list(session, cast.actor("suda"), DAY)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def test_cycles_of_every_state_can_be_planned_without_phases(cast, session):
    session.add(
        Cycle(
            organisation_id=cast.organisation.id,
            code="empty",
            name_th="รอบว่าง",
            fiscal_year=2570,
            starts_on=DAY,
            ends_on=DAY + timedelta(days=1),
            state=CycleState.OPEN,
        )
    )
    session.flush()
    assert plan_reminders(session, DAY, NOW, no_holidays) == 0
