"""The history of a record: its own entries and the sets that it was part of, page after page."""

from datetime import timedelta

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from idp.models import Assessment, HistoryEntry
from idp.queries.history import HistoryLines, history_of_assessment, history_of_plan
from idp.rules.audit_chain import SetEvent
from idp.rules.relations import SYSTEM
from idp.rules.terms import AssessmentState, SubjectType
from idp.services.closing import begin_closing, continue_closing
from idp.services.history import record_history
from tests.factories import steps
from tests.factories.fixtures import sample, session, shared_engine
from tests.factories.sample import CREATED, Sample
from tests.services.cycle_cast import NOW, Town, add_town, open_cycle

__all__ = ["sample", "session", "shared_engine"]


def closed(session: Session, exempted: str) -> tuple[Town, dict[str, int]]:
    """A cycle opened and closed, but for one person who is exempted; the assessments by their persons."""
    town = add_town(session, staff=7)
    cycle = open_cycle(town)
    ids = {
        name: session.scalars(select(Assessment.id).where(Assessment.employee_id == employee.id)).one()
        for name, employee in town.employees.items()
    }
    for name, number in ids.items():
        state = AssessmentState.EXEMPTED if name == exempted else AssessmentState.RELEASED
        assessment = session.get_one(Assessment, number)
        setattr(assessment, "state", state)  # noqa: B010  (rows, not a step)
    session.flush()
    begin_closing(session, town.actor("malee"), cycle.id, NOW)
    while not continue_closing(session, cycle.id, NOW):
        pass
    return town, ids


def events(lines: HistoryLines) -> list[str]:
    return [line.event for line in lines]


def test_one_record_shows_its_opening_and_its_closing(session: Session) -> None:
    town, ids = closed(session, exempted="staff5")
    assert events(history_of_assessment(session, ids["staff4"])) == [
        SetEvent.CLOSE_ASSESSMENTS,
        SetEvent.OPEN_ASSESSMENTS,
    ]
    assert events(history_of_assessment(session, ids["staff5"])) == [SetEvent.OPEN_ASSESSMENTS]
    neighbour = add_town(session, "neighbour", staff=4)
    open_cycle(neighbour)
    employee = next(iter(neighbour.employees.values()))
    other = session.scalars(select(Assessment.id).where(Assessment.employee_id == employee.id)).one()
    assert events(history_of_assessment(session, other)) == [SetEvent.OPEN_ASSESSMENTS]
    assert town.organisation.id != neighbour.organisation.id


def test_pages_follow_each_other_without_a_hole_or_a_repetition(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    number = sample.assessment.id
    for _times in range(25):
        subject = (SubjectType.ASSESSMENT, number)
        record_history(
            session, SYSTEM, subject, "attach_file", CREATED + timedelta(days=1), organisation_id=None
        )
    whole = history_of_assessment(session, number)
    assert whole.older is None
    assert whole.is_latest
    page = history_of_assessment(session, number, lines=10)
    read, latest = list(page), page.is_latest
    assert latest
    while page.older is not None:
        page = history_of_assessment(session, number, page.older, lines=10)
        assert not page.is_latest
        read += page
        # What is written meanwhile moves no page.
        record_history(session, SYSTEM, subject, "attach_file", CREATED, organisation_id=None)
    assert read == list(whole)


def test_a_page_is_one_statement_however_long_the_history(session: Session, sample: Sample) -> None:
    plan = steps.approved(session, sample)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    assert history_of_assessment(session, sample.assessment.id)
    assert history_of_plan(session, plan.id, lines=2).older is not None
    event.remove(connection, "before_cursor_execute", note)
    assert len(statements) == 2


def test_the_plan_shows_its_lines_entries_too(session: Session, sample: Sample) -> None:
    plan = steps.in_evaluation(session, sample)
    shown = history_of_plan(session, plan.id)
    assert {line.subject_type for line in shown} == {SubjectType.PLAN, SubjectType.PLAN_ITEM}
    of_it = select(HistoryEntry.id).where(HistoryEntry.subject_type.in_(["plan", "plan_item"]))
    assert len(shown) == len(session.scalars(of_it).all())
