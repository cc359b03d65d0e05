"""The three workflow tables: every transition by the right relation, none by any other."""

from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW, RELEASED_STATES
from idp.rules.cycle_workflow import CYCLE_WORKFLOW
from idp.rules.errors import NotPermitted, RequirementNotMet, TransitionNotAllowed
from idp.rules.obligations import RESTING_STATES
from idp.rules.plan_workflow import PLAN_WORKFLOW
from idp.rules.terms import (
    AssessmentEvent,
    AssessmentState,
    CycleEvent,
    CycleState,
    PlanEvent,
    PlanState,
    Relation,
    Requirement,
)
from idp.rules.workflow import Transition, Workflow

WORKFLOWS: list[tuple[Workflow[Any, Any], type[StrEnum], type[StrEnum]]] = [
    (CYCLE_WORKFLOW, CycleState, CycleEvent),
    (ASSESSMENT_WORKFLOW, AssessmentState, AssessmentEvent),
    (PLAN_WORKFLOW, PlanState, PlanEvent),
]
ROWS = [
    pytest.param(workflow, row, id=f"{workflow.name}-{row.source}-{row.event}")
    for workflow, _, _ in WORKFLOWS
    for row in workflow.transitions
]
EVERY_REQUIREMENT = frozenset(Requirement)


@pytest.mark.parametrize(("workflow", "row"), ROWS)
def test_a_row_is_taken_by_each_of_its_relations_when_all_it_requires_is_met(
    workflow: Workflow[Any, Any], row: Transition[Any, Any]
) -> None:
    for relation in row.by:
        assert workflow.decide(row.source, row.event, {relation}, row.requires) is row
        assert row in workflow.available(row.source, {relation})


@pytest.mark.parametrize(("workflow", "row"), ROWS)
def test_a_row_is_refused_to_every_other_relation_and_to_the_outsider(
    workflow: Workflow[Any, Any], row: Transition[Any, Any]
) -> None:
    others = frozenset(Relation) - row.by
    for relations in (set(), others, *({relation} for relation in others)):
        with pytest.raises(NotPermitted):
            workflow.decide(row.source, row.event, relations, EVERY_REQUIREMENT)
        assert row not in workflow.available(row.source, relations)


@pytest.mark.parametrize(("workflow", "row"), ROWS)
def test_a_row_is_refused_while_anything_it_requires_is_missing(
    workflow: Workflow[Any, Any], row: Transition[Any, Any]
) -> None:
    for missing in row.requires:
        with pytest.raises(RequirementNotMet) as refusal:
            workflow.decide(row.source, row.event, row.by, EVERY_REQUIREMENT - {missing}, ["สมรรถนะ ก"])
        assert refusal.value.missing == (missing,)
        assert refusal.value.details == ("สมรรถนะ ก",)


@pytest.mark.parametrize(("workflow", "states", "events"), WORKFLOWS)
def test_no_event_outside_the_table_is_possible(
    workflow: Workflow[Any, Any], states: type[StrEnum], events: type[StrEnum]
) -> None:
    table = {(row.source, row.event) for row in workflow.transitions}
    for state, event in product(states, events):
        if (state, event) not in table:
            with pytest.raises(TransitionNotAllowed):
                workflow.decide(state, event, frozenset(Relation), EVERY_REQUIREMENT)


@pytest.mark.parametrize(("workflow", "states", "events"), WORKFLOWS)
def test_every_state_and_event_of_the_terms_is_used_and_reachable(
    workflow: Workflow[Any, Any], states: type[StrEnum], events: type[StrEnum]
) -> None:
    reached = {workflow.initial}
    for _ in states:
        reached |= {row.target for row in workflow.transitions if row.source in reached}
    assert reached == set(states)
    assert {row.event for row in workflow.transitions} == set(events)


@pytest.mark.parametrize(("workflow", "states", "events"), WORKFLOWS)
def test_from_every_state_an_end_can_be_reached(
    workflow: Workflow[Any, Any], states: type[StrEnum], events: type[StrEnum]
) -> None:
    ending = {state for state in states if workflow.is_final(state) or state in RESTING_STATES}
    assert ending
    for _ in states:
        ending |= {row.source for row in workflow.transitions if row.target in ending}
    assert ending == set(states)


def test_every_return_and_cancellation_needs_a_reason() -> None:
    for workflow, _, _ in WORKFLOWS:
        for row in workflow.transitions:
            if row.event.value.startswith(("return", "cancel")):
                assert Requirement.REASON_GIVEN in row.requires, row


def test_nobody_approves_their_own_plan_or_rates_themself_as_supervisor() -> None:
    for event in (PlanEvent.APPROVE, PlanEvent.RETURN, PlanEvent.EVALUATE):
        assert all(Relation.OWNER not in row.by for row in PLAN_WORKFLOW.transitions if row.event is event)
    for assessment_event in (AssessmentEvent.SUBMIT_RATING, AssessmentEvent.RELEASE):
        rows = [row for row in ASSESSMENT_WORKFLOW.transitions if row.event is assessment_event]
        assert rows
        assert all(Relation.OWNER not in row.by for row in rows)


def test_a_released_result_never_goes_back() -> None:
    for row in ASSESSMENT_WORKFLOW.transitions:
        if row.source in RELEASED_STATES:
            assert row.target in RELEASED_STATES


def test_two_rows_for_one_state_and_event_are_refused_when_the_table_is_made() -> None:
    row = PLAN_WORKFLOW.transitions[0]
    with pytest.raises(ValueError, match="two transitions"):
        Workflow("twice", PlanState.DRAFT, (row, row))
