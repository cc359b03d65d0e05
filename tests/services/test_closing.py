"""Closing a cycle: everything released first, then every record read-only."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, HistoryEntry
from idp.rules.audit_chain import SetEvent
from idp.rules.errors import NotPermitted, NotVisible, RequirementNotMet, StaleVersion, TransitionNotAllowed
from idp.rules.terms import AssessmentState, CycleState, Requirement, SubjectType
from idp.services.closing import begin_closing, continue_closing
from idp.services.cycles import archive_cycle
from tests.services.cycle_cast import NOW, Town, add_town, draft_cycle, open_cycle

PEOPLE = 7


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session, staff=PEOPLE)


def _released(town: Town) -> Cycle:
    """An open cycle with results received, refused, and released but not acknowledged."""
    cycle = open_cycle(town)
    states = (AssessmentState.RELEASED, AssessmentState.RECEIVED, AssessmentState.REFUSED)
    for place, employee in enumerate(town.employees.values()):
        town.session.execute(
            update(Assessment).where(Assessment.employee_id == employee.id).values(state=states[place % 3])
        )
    town.session.flush()
    return cycle


def test_a_cycle_with_an_unreleased_result_does_not_close_and_says_whose(town: Town) -> None:
    cycle = _released(town)
    town.session.execute(
        update(Assessment)
        .where(Assessment.employee_id == town.employees["staff5"].id)
        .values(state=AssessmentState.RATED)
    )
    with pytest.raises(RequirementNotMet) as refused:
        begin_closing(town.session, town.actor("malee"), cycle.id, NOW)
    assert refused.value.missing == (Requirement.EVERY_RESULT_RELEASED,)
    assert refused.value.details == ("นายลำดับที่5 ใจดี",)


def test_chunks_cut_off_and_continued_close_every_record_once(town: Town) -> None:
    session = town.session
    cycle_id = _released(town).id
    begin_closing(session, town.actor("malee"), cycle_id, NOW)
    session.commit()
    steps = 0
    while True:
        continue_closing(session, cycle_id, NOW, chunk=3)
        session.rollback()
        finished = continue_closing(session, cycle_id, NOW, chunk=3)
        session.commit()
        steps += 1
        if finished:
            break
    assert steps == 4
    cycle = session.get_one(Cycle, cycle_id)
    assert (cycle.state, cycle.closed_at) == (CycleState.CLOSED, NOW)
    assert set(session.scalars(select(Assessment.state))) == {AssessmentState.CLOSED}
    entries = session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.event == SetEvent.CLOSE_ASSESSMENTS, HistoryEntry.subject_id == cycle_id)
        .order_by(HistoryEntry.sequence)
    ).all()
    assert {entry.subject_type for entry in entries} == {SubjectType.CYCLE}
    assert [entry.detail["count"] for entry in entries] == [3, 3, 1]
    assert [sum(entry.detail["from_states"].values()) for entry in entries] == [3, 3, 1]
    assert continue_closing(session, cycle_id, NOW) is True


def test_an_exempted_person_does_not_hold_the_closing_up_and_stays_exempted(town: Town) -> None:
    session, cycle = town.session, _released(town)
    exempted = town.employees["staff5"].id
    session.execute(
        update(Assessment).where(Assessment.employee_id == exempted).values(state=AssessmentState.EXEMPTED)
    )
    begin_closing(session, town.actor("malee"), cycle.id, NOW)
    while not continue_closing(session, cycle.id, NOW):
        pass
    states = dict(row for row in session.execute(select(Assessment.employee_id, Assessment.state)).all())
    assert states.pop(exempted) is AssessmentState.EXEMPTED
    assert set(states.values()) == {AssessmentState.CLOSED}
    entries = session.scalars(
        select(HistoryEntry).where(HistoryEntry.event == SetEvent.CLOSE_ASSESSMENTS)
    ).all()
    left_out = [number for entry in entries for number in entry.detail["without"]]
    assert left_out == session.scalars(select(Assessment.id).where(Assessment.employee_id == exempted)).all()
    assert sum(entry.detail["count"] for entry in entries) == PEOPLE - 1


def test_a_closed_cycle_is_archived_and_an_open_one_is_not(town: Town) -> None:
    cycle, malee = _released(town), town.actor("malee")
    with pytest.raises(TransitionNotAllowed):
        archive_cycle(town.session, malee, cycle.id, NOW)
    begin_closing(town.session, malee, cycle.id, NOW)
    while not continue_closing(town.session, cycle.id, NOW):
        pass
    assert archive_cycle(town.session, malee, cycle.id, NOW).state is CycleState.ARCHIVED


def test_a_draft_does_not_close(town: Town) -> None:
    with pytest.raises(TransitionNotAllowed):
        begin_closing(town.session, town.actor("malee"), draft_cycle(town).id, NOW)


def test_the_outsider_the_employee_and_an_old_page_close_nothing(town: Town) -> None:
    cycle = _released(town)
    neighbour = add_town(town.session, "neighbour", staff=3)
    with pytest.raises(NotVisible):
        begin_closing(town.session, neighbour.actor("malee"), cycle.id, NOW)
    with pytest.raises((NotVisible, NotPermitted)):
        begin_closing(town.session, town.actor("suda"), cycle.id, NOW)
    with pytest.raises(StaleVersion):
        begin_closing(town.session, town.actor("malee"), cycle.id, NOW, expected_version=cycle.version - 1)
    assert cycle.state is CycleState.OPEN
