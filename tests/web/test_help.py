"""The help pages say what the tables say."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW
from idp.rules.cycle_workflow import CYCLE_WORKFLOW
from idp.rules.permissions import GRANTS
from idp.rules.plan_workflow import PLAN_WORKFLOW
from idp.rules.terms import PassRuleKind, Permission, Relation, Requirement
from idp.services.settings import set_rules
from idp.web.diagrams import state_diagram
from idp.web.help import permission_rows
from idp.web.names.conditions import CONDITIONS
from tests.factories.office import Office
from tests.services.cycle_cast import HIRED_ON, NOW

WORKFLOWS = (CYCLE_WORKFLOW, ASSESSMENT_WORKFLOW, PLAN_WORKFLOW)


def test_the_permission_rows_are_the_grants_and_nothing_else() -> None:
    shown = {(row.permission, relation) for row in permission_rows() for relation in row.relations}
    assert shown == {(grant.permission, grant.relation) for grant in GRANTS}
    bound = {(row.permission, relation) for row in permission_rows() for relation in row.bound}
    assert (Permission.RESULT_VIEW, Relation.OWNER) in bound
    assert (Permission.RESULT_VIEW, Relation.SUPERVISOR) not in bound


def test_every_requirement_has_its_words() -> None:
    assert set(CONDITIONS) == set(Requirement)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_a_diagram_has_a_box_for_each_state_and_an_arrow_for_each_pair(workflow: object) -> None:
    assert workflow in WORKFLOWS
    drawn = ElementTree.fromstring(state_diagram(workflow, lambda state: f"<{state}>", 'a "title"'))  # type: ignore[arg-type]
    texts = {element.text for element in drawn.iter() if element.tag.endswith("text")}
    assert texts == {f"<{state}>" for state in workflow.states}  # type: ignore[attr-defined]
    lines = [each for each in drawn.iter() if "diagram-line" in each.get("class", "")]
    pairs = {(row.source, row.target) for row in workflow.transitions}  # type: ignore[attr-defined]
    assert len(lines) == len(pairs)


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
    assert re.search(r"พนักงานราชการ.*ตั้งแต่ร้อยละ 95", before, re.DOTALL)
    values = {"pass_rule": PassRuleKind.ALL.value, "thai_digits": True}
    office.do(
        lambda town: set_rules(town.session, town.actor("malee"), town.organisation.id, values, HIRED_ON, NOW)
    )
    after = client.get("/help/rules").text
    assert "แสดงพฤติกรรมครบทุกข้อ" in after and "ตั้งแต่ร้อยละ ๙๕" in after


def test_the_stranger_is_asked_to_sign_in(office: Office) -> None:
    for address in ("/help/permissions", "/help/rules"):
        assert office.app.test_client().get(address).status_code == 302
