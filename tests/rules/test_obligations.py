"""Every record that is not finished has somebody who owes the next step."""

import pytest

from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW
from idp.rules.obligations import DUTIES, OBLIGATIONS, RESTING_STATES, Condition, obligations_of
from idp.rules.plan_workflow import PLAN_WORKFLOW
from idp.rules.terms import AssessmentState, PhaseKind, Relation, SubjectType

OPEN_STATES = [
    state
    for workflow in (ASSESSMENT_WORKFLOW, PLAN_WORKFLOW)
    for state in workflow.states
    if state not in RESTING_STATES
]


@pytest.mark.parametrize("state", OPEN_STATES, ids=lambda state: f"{type(state).__name__}.{state.name}")
def test_every_state_that_is_not_final_has_somebody_who_owes_a_step(state):
    assert obligations_of(state)


@pytest.mark.parametrize(
    "state", sorted(RESTING_STATES), ids=lambda state: f"{type(state).__name__}.{state.name}"
)
def test_nobody_owes_anything_on_a_finished_record(state):
    assert obligations_of(state) == ()


@pytest.mark.parametrize("row", OBLIGATIONS, ids=lambda row: f"{row.state}-{row.relation}-{row.phase}")
def test_who_owes_a_step_has_an_event_to_do_it_with(row):
    workflow = ASSESSMENT_WORKFLOW if row.subject_type is SubjectType.ASSESSMENT else PLAN_WORKFLOW
    drafting_a_plan = row.condition is Condition.NO_PLAN  # makes a new record: no event of the assessment
    assert drafting_a_plan or workflow.available(row.state, {row.relation})


def test_a_rating_without_a_second_level_falls_to_hr():
    rows = {row.condition: row for row in obligations_of(AssessmentState.RATED)}
    assert rows[Condition.HAS_SECOND_LEVEL].relation is Relation.SECOND_LEVEL
    assert rows[Condition.NO_SECOND_LEVEL].relation is Relation.HR_OFFICER
    assert rows[Condition.NO_SECOND_LEVEL].phase is PhaseKind.RELEASE


def test_every_phase_is_owed_by_somebody():
    assert {row.phase for row in OBLIGATIONS} == set(PhaseKind)


def test_the_folded_duties_hold_exactly_the_rows_of_the_table():
    unfolded = [
        (duty.subject_type, state, duty.relation, duty.phase, duty.condition)
        for duty in DUTIES
        for state in duty.states
    ]
    rows = [(row.subject_type, row.state, row.relation, row.phase, row.condition) for row in OBLIGATIONS]
    assert sorted(unfolded) == sorted(rows)
