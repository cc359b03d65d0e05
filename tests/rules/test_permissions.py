"""The permission table: whole, bound to states where it must be, and closed to the outsider."""

import pytest

from idp.rules.assessment_workflow import RELEASED_STATES, SELF_RATING_SHARED_STATES
from idp.rules.delegations import DelegationKind, DelegationScope, Order
from idp.rules.permissions import GRANTS, allowed, relations_with
from idp.rules.plan_workflow import SHARED_STATES
from idp.rules.relations import Standing, relations_of_person
from idp.rules.terms import AssessmentState, Permission, PlanState, Relation

OF_A_RECORD = [
    permission
    for permission in Permission
    if permission.value.split(":")[0]
    in {"assessment", "self_rating", "result", "suggestion", "plan", "history"}
]


@pytest.mark.parametrize("permission", list(Permission))
def test_every_permission_is_given_to_somebody(permission: Permission) -> None:
    assert relations_with(permission)


def test_no_grant_stands_twice() -> None:
    assert len(set(GRANTS)) == len(GRANTS)


@pytest.mark.parametrize("permission", OF_A_RECORD)
def test_the_outsider_has_no_permission_on_a_record(permission: Permission) -> None:
    outsiders = (
        set(),
        {Relation.SIGNED_IN},
        {Relation.SIGNED_IN, Relation.MEMBER, Relation.DEPLOYMENT_ADMIN},
    )
    for state in (*AssessmentState, *PlanState, None):
        for relations in outsiders:
            assert not allowed(permission, relations, state)


@pytest.mark.parametrize("permission", OF_A_RECORD)
def test_an_executive_reads_figures_and_no_single_record(permission: Permission) -> None:
    for state in (*AssessmentState, *PlanState):
        assert not allowed(permission, {Relation.EXECUTIVE, Relation.MEMBER}, state)


@pytest.mark.parametrize("state", list(AssessmentState))
def test_the_owner_sees_the_result_only_once_it_is_released(state: AssessmentState) -> None:
    assert allowed(Permission.RESULT_VIEW, {Relation.OWNER}, state) is (state in RELEASED_STATES)


@pytest.mark.parametrize("state", list(AssessmentState))
def test_the_supervisor_sees_the_self_assessment_only_once_it_was_handed_in(state: AssessmentState) -> None:
    shared = allowed(Permission.SELF_RATING_VIEW, {Relation.SUPERVISOR}, state)
    assert shared is (state in SELF_RATING_SHARED_STATES)
    assert allowed(Permission.SELF_RATING_VIEW, {Relation.OWNER}, state)


@pytest.mark.parametrize("state", list(PlanState))
def test_a_plan_being_drafted_is_seen_by_its_owner_alone(state: PlanState) -> None:
    for relation in (Relation.SUPERVISOR, Relation.SECOND_LEVEL, Relation.HR_OFFICER, Relation.AUDITOR):
        assert allowed(Permission.PLAN_VIEW, {relation}, state) is (state in SHARED_STATES)
    assert allowed(Permission.PLAN_VIEW, {Relation.OWNER}, state)


def test_an_unknown_state_opens_no_grant_that_is_bound_to_states() -> None:
    assert not allowed(Permission.RESULT_VIEW, {Relation.OWNER}, None)


def test_the_auditor_reads_everything_and_changes_nothing() -> None:
    reading = {permission for permission in Permission if permission.value.endswith(":view")}
    others = {
        Permission.HOME_VIEW,
        Permission.NOTIFICATION_VIEW,
        Permission.TEAM_VIEW,
        Permission.ORGANISATION_VIEW,
    }
    given = {grant.permission for grant in GRANTS if grant.relation is Relation.AUDITOR}
    assert given == reading - others


def test_somebody_represented_is_named_only_when_the_duty_is_not_the_actors_own() -> None:
    order = Order(1, "1/2570", DelegationKind.ACTING, DelegationScope.EVERYTHING, from_person_id=7)
    standing = Standing(frozenset({Relation.SUPERVISOR, Relation.HR_OFFICER}), {Relation.SUPERVISOR: order})
    assert standing.represented_by(frozenset({Relation.SUPERVISOR})) == 7
    assert standing.represented_by(frozenset({Relation.HR_OFFICER})) is None
    assert standing.represented_by(frozenset({Relation.SUPERVISOR, Relation.HR_OFFICER})) is None
    assert standing.represented_by(frozenset({Relation.OWNER})) is None


def test_a_record_without_a_second_level_gives_that_relation_to_nobody() -> None:
    assert relations_of_person(3, 1, 2, None) == frozenset()
    assert relations_of_person(2, 1, 2, 2) == {Relation.SUPERVISOR, Relation.SECOND_LEVEL}
