"""The help pages say what the tables say."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW, BEFORE_COMMITTEE, RELEASED_STATES
from idp.rules.cycle_workflow import CYCLE_WORKFLOW
from idp.rules.permissions import GRANTS
from idp.rules.plan_workflow import PLAN_WORKFLOW
from idp.rules.terms import PassRuleKind, Permission, PlanState, Relation, Requirement
from idp.rules.workflow import Workflow
from idp.services.settings import set_rules
from idp.web.diagrams import state_diagram
from idp.web.help_tables import by_feature, paper_rows, permission_rows, step_rows
from idp.web.names.conditions import CONDITIONS
from idp.web.names.help import FEATURES, RELATIONS
from idp.web.names.paper import PAPERS
from tests.factories.office import Office
from tests.services.cycle_cast import HIRED_ON, NOW

WORKFLOWS = (CYCLE_WORKFLOW, ASSESSMENT_WORKFLOW, PLAN_WORKFLOW)


def test_the_permission_rows_are_the_grants_and_nothing_else() -> None:
    shown = {(row.permission, relation) for row in permission_rows() for relation in row.relations}
    assert shown == {(grant.permission, grant.relation) for grant in GRANTS}
    bound = {(row.permission, relation) for row in permission_rows() for relation in row.bound}
    assert (Permission.RESULT_VIEW, Relation.OWNER) in bound
    assert (Permission.RESULT_VIEW, Relation.SUPERVISOR) not in bound


def test_every_requirement_relation_feature_and_paper_has_its_words() -> None:
    assert set(CONDITIONS) == set(Requirement)
    assert set(RELATIONS) == set(Relation)
    assert set(FEATURES) == set(by_feature(permission_rows()))
    assert set(PAPERS) == {step.key for step in paper_rows()}


def test_a_grant_bound_to_states_says_which_or_all_but_which() -> None:
    rows = {row.permission: row for row in permission_rows()}
    own, committee = rows[Permission.RESULT_VIEW].grants
    assert (committee.relations, set(committee.states)) == ((Relation.MODERATOR,), BEFORE_COMMITTEE)
    assert own.relations == (Relation.OWNER,) and not own.is_except
    assert set(own.states) == RELEASED_STATES
    (shared,) = rows[Permission.PLAN_VIEW].grants
    assert shared.is_except and shared.states == (PlanState.DRAFT,)
    assert Relation.SUPERVISOR in shared.relations


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_the_steps_shown_are_the_transitions_and_nothing_else(workflow: Workflow[Any, Any]) -> None:
    shown = {
        (source, row.event, row.target, row.by, row.requires, row.tells)
        for row in step_rows(workflow)
        for source in row.sources
    }
    assert shown == {
        (row.source, row.event, row.target, row.by, row.requires, row.tells) for row in workflow.transitions
    }


@pytest.mark.parametrize("relation", Relation)
def test_one_relation_sees_what_it_may_do_and_what_it_is_told(relation: Relation) -> None:
    for workflow in WORKFLOWS:
        for row in step_rows(workflow, relation):
            assert relation in row.by | row.tells
    assert {row.permission for row in permission_rows(relation)} == {
        grant.permission for grant in GRANTS if grant.relation is relation
    }


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_a_diagram_has_a_box_for_each_state_and_an_arrow_for_each_pair(workflow: object) -> None:
    assert workflow in WORKFLOWS
    drawn = ElementTree.fromstring(state_diagram(workflow, lambda state: f"<{state}>", 'a "title"'))  # type: ignore[arg-type]
    texts = {element.text for element in drawn.iter() if element.tag.endswith("text")}
    assert texts == {f"<{state}>" for state in workflow.states}  # type: ignore[attr-defined]
    lines = [each for each in drawn.iter() if "diagram-line" in each.get("class", "")]
    pairs = {(row.source, row.target) for row in workflow.transitions}  # type: ignore[attr-defined]
    assert len(lines) == len(pairs)


@pytest.mark.parametrize(("asked", "there"), [("auditor", False), ("supervisor", True), ("nonsense", True)])
def test_the_page_may_be_narrowed_to_one_relation(office: Office, asked: str, there: bool) -> None:
    page = office.sign_in("staff4").get(f"/help/permissions?as={asked}").text
    assert ("ส่งคืนให้ประเมินตนเองใหม่" in page) is there


@pytest.mark.parametrize("name", ["malee", "suda", "staff4", "wipa"])
def test_everybody_signed_in_reads_who_may_do_what(office: Office, name: str) -> None:
    page = office.sign_in(name).get("/help/permissions")
    assert page.status_code == 200
    assert page.text.count("<svg") == 3
    for text in ("ส่งคืนให้ผู้ประเมินทบทวน", "ผู้บังคับบัญชาเหนือขึ้นไป", "ระบุเหตุผล", "ดูทะเบียนบุคลากร"):
        assert text in page.text


def test_the_rules_page_follows_the_organisations_settings(office: Office) -> None:
    client = office.sign_in("staff4")
    before = client.get("/help/rules").text
    assert "แสดงพฤติกรรมเกินกึ่งหนึ่ง" in before
    assert re.search(r"พนักงานราชการ.*คะแนนรวม 95.00 ขึ้นไป", before, re.DOTALL)
    values = {"pass_rule": PassRuleKind.ALL.value, "thai_digits": True}
    office.do(
        lambda town: set_rules(town.session, town.actor("malee"), town.organisation.id, values, HIRED_ON, NOW)
    )
    after = client.get("/help/rules").text
    assert "แสดงพฤติกรรมครบทุกข้อ" in after and "คะแนนรวม ๘๕.๐๐ ขึ้นไป แต่ไม่ถึง ๙๕.๐๐" in after


def test_the_stranger_is_asked_to_sign_in(office: Office) -> None:
    for address in ("/help/permissions", "/help/rules"):
        assert office.app.test_client().get(address).status_code == 302
