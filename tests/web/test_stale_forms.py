"""Two at once, on every form that changes a record: the second is told, loses no text, and writes nothing.

A form that is in neither table below fails with its name: it has to carry the version that it was drawn from,
or a reason why it needs none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, DevelopmentPlan, PlanItem, Suggestion
from idp.rules.terms import SubjectType
from idp.services.history import record_history
from tests.factories import steps
from tests.factories.addresses import everything_written, populate, routes_of
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.web.reading import value_of

TEXT = "ข้อความยาวที่พิมพ์ไว้และต้องไม่หาย"
Step = Callable[[Session, Sample], Any]


@dataclass(frozen=True)
class Case:
    """`do`: brings the record to where the form is; `page`: where it is drawn; `sent`: where it goes (the
    page's own address without); `fields`: what is typed, ITEM standing for the first line's or item's id."""

    endpoint: str
    do: Step
    day: date
    who: str
    record: type[Assessment] | type[DevelopmentPlan] | type[Cycle] | None
    page: str
    sent: str
    fields: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def __str__(self) -> str:
        return f"{self.endpoint} {self.note}".strip()


A, P, C = Assessment, DevelopmentPlan, Cycle
ASSESSMENT, PLAN = "/assessments/{assessment}", "/plans/{plan}"
STEP = "assessment_steps.take"
TAKE = "plans.take"
EVIDENCE = {"item": "{item}", "item-{item}-evidence": TEXT}
LINE = {"title": "เรื่อง", "method": "coaching", "detail": TEXT}

CASES = (
    Case(
        "assessments.save_self_rating",
        steps.self_assessing,
        steps.SELF_DAY,
        "somchai",
        A,
        ASSESSMENT,
        f"{ASSESSMENT}/self-rating",
        EVIDENCE,
    ),
    Case(
        "assessments.save_rating",
        steps.rating,
        steps.RATING_DAY,
        "suda",
        A,
        ASSESSMENT,
        f"{ASSESSMENT}/rating",
        EVIDENCE,
    ),
    Case(
        STEP,
        steps.self_submitted,
        steps.SELF_DAY,
        "suda",
        A,
        ASSESSMENT,
        f"{ASSESSMENT}/steps/return_self",
        {"reason": TEXT},
        "return_self",
    ),
    Case(
        STEP,
        steps.rated,
        steps.SECOND_DAY,
        "prasit",
        A,
        ASSESSMENT,
        f"{ASSESSMENT}/steps/return_rating",
        {"reason": TEXT},
        "return_rating",
    ),
    Case(
        "moderation.ask",
        steps.second_opinion,
        steps.SECOND_DAY,
        "malee",
        A,
        ASSESSMENT,
        "/moderation/assessments/{assessment}/ask",
        {"reason": TEXT, "until_on": "12/11/2568"},
    ),
    Case(
        STEP,
        steps.rated,
        steps.SECOND_DAY,
        "prasit",
        A,
        ASSESSMENT,
        f"{ASSESSMENT}/steps/give_second_opinion",
        {"opinion": "differs", "second_opinion_text": TEXT},
        "second opinion",
    ),
    Case(
        STEP,
        steps.released,
        steps.RECEIPT_DAY,
        "suda",
        A,
        ASSESSMENT,
        f"{ASSESSMENT}/steps/record_refusal",
        {"refused_on": "11/11/2568", "witness_name": "พยาน", "witness_position": TEXT},
        "refusal",
    ),
    Case(
        STEP,
        steps.second_opinion,
        steps.RELEASE_DAY,
        "malee",
        A,
        ASSESSMENT,
        f"{ASSESSMENT}/steps/release",
        {"confirmed": "yes"},
        "release",
    ),
    Case(
        TAKE,
        steps.drafted,
        steps.PLAN_DAY,
        "somchai",
        P,
        PLAN,
        f"{PLAN}/steps/submit",
        {"note": TEXT},
        "submit",
    ),
    Case(
        TAKE,
        steps.submitted,
        steps.REVIEW_DAY,
        "suda",
        P,
        PLAN,
        f"{PLAN}/steps/approve",
        {"comment": TEXT},
        "approve",
    ),
    Case(
        TAKE,
        steps.submitted,
        steps.REVIEW_DAY,
        "suda",
        P,
        PLAN,
        f"{PLAN}/steps/return",
        {"reason": TEXT},
        "return",
    ),
    Case(
        TAKE,
        steps.submitted,
        steps.REVIEW_DAY,
        "malee",
        P,
        PLAN,
        f"{PLAN}/steps/cancel",
        {"reason": TEXT},
        "cancel",
    ),
    Case(
        "assessment_steps.opinion",
        steps.received,
        steps.RECEIPT_DAY,
        "somchai",
        A,
        ASSESSMENT,
        f"{ASSESSMENT}/opinion",
        {"opinion": "disagrees", "employee_opinion_text": TEXT},
    ),
    Case(
        "plan_reports.evaluation",
        steps.in_evaluation,
        steps.EVALUATION_DAY,
        "suda",
        P,
        PLAN,
        f"{PLAN}/items/evaluation",
        {
            "item-{line}-state": "not_achieved",
            "item-{line}-percent": "40",
            "item-{line}-reason": TEXT,
        },
    ),
    Case(
        "plan_reports.progress",
        steps.approved,
        steps.PROGRESS_DAY,
        "somchai",
        P,
        PLAN,
        f"{PLAN}/items/progress",
        {"item-{line}-percent": "40", "item-{line}-note": TEXT},
    ),
    Case(
        "evidence.link",
        steps.approved,
        steps.PROGRESS_DAY,
        "somchai",
        P,
        PLAN + "/items/{line}/evidence",
        PLAN + "/items/{line}/evidence/links",
        {"link_title": TEXT, "url": "https://example.go.th/certificate"},
    ),
    *(
        Case(
            "follow_ups.write",
            steps.approved,
            steps.PROGRESS_DAY,
            who,
            P,
            PLAN,
            PLAN + "/follow-ups/first",
            {"text": TEXT},
            who,
        )
        for who in ("somchai", "suda")
    ),
    Case(
        "plan_items.add",
        steps.drafted,
        steps.PLAN_DAY,
        "somchai",
        P,
        f"{PLAN}/items/new",
        f"{PLAN}/items/new",
        LINE,
    ),
    Case(
        "plan_items.update",
        steps.drafted,
        steps.PLAN_DAY,
        "somchai",
        P,
        PLAN + "/items/{line}/edit",
        PLAN + "/items/{line}/edit",
        LINE,
    ),
    Case(
        "plan_items.remove",
        steps.drafted,
        steps.PLAN_DAY,
        "somchai",
        P,
        PLAN,
        PLAN + "/items/{line}/remove",
    ),
    Case(
        "suggestions.accept",
        steps.drafted,
        steps.PLAN_DAY,
        "somchai",
        P,
        f"{ASSESSMENT}/suggestions",
        ASSESSMENT + "/suggestions/{suggestion}/accept",
    ),
    Case(
        "plan_proposal.take",
        steps.drafted,
        steps.PLAN_DAY,
        "somchai",
        P,
        f"{ASSESSMENT}/plan-proposal",
        f"{ASSESSMENT}/plan-proposal",
    ),
    Case(
        "cycles.save_dates",
        steps.self_assessing,
        steps.SELF_DAY,
        "malee",
        C,
        "/cycles/{cycle}/dates",
        "/cycles/{cycle}/dates",
        {"rating-due_on": "30/11/2568"},
    ),
    Case(
        "staff.save_email",
        steps.self_assessing,
        steps.SELF_DAY,
        "malee",
        None,
        "/staff/{employee}",
        "/staff/{employee}/email",
        {"email": "kept.as.it.was.typed@example.go.th"},
    ),
    Case(
        "staff.save_supervisors",
        steps.self_assessing,
        steps.SELF_DAY,
        "malee",
        None,
        "/staff/{employee}",
        "/staff/{employee}/supervisors",
        {"supervisor": "0003", "second_level": "", "from_on": "1/11/2568"},
    ),
)

TRIED_ELSEWHERE = {
    "agreements.refuse": "test_agreements.py",
    "agreements.save": "test_agreements.py",
    "appraisers.correct": "test_appraisers.py",
    "appraisers.end": "test_appraisers.py",
    "budgets.save": "test_budgets.py",
    "carry_over.carry": "test_carry_over.py",
    "carry_over.carry_all": "test_carry_over.py",
    "carry_over.refuse": "test_carry_over.py",
    "catalogue.add_to_plan": "test_catalogue.py",
    "catalogue_actions.begin_next": "test_catalogue.py",
    "catalogue_actions.discard": "test_catalogue.py",
    "catalogue_actions.save": "test_catalogue.py",
    "catalogue_steps.exclude": "test_catalogue.py",
    "catalogue_steps.include": "test_catalogue.py",
    "catalogue_steps.publish": "test_catalogue.py",
    "catalogue_steps.retire": "test_catalogue.py",
    "course_runs.cancel": "test_courses.py",
    "course_runs.create": "test_courses.py",
    "course_runs.save": "test_courses.py",
    "courses.offer": "test_courses.py",
    "courses.retire": "test_courses.py",
    "courses.save": "test_courses.py",
    "courses.take": "test_courses.py",
    "cycles.take_event": "test_cycles.py",
    "delegations.end": "test_delegations.py",
    "delegations.correct_number": "test_delegations.py",
    "evidence.add": "test_evidence.py",
    "evidence.submit": "test_evidence.py",
    "evidence.withdraw": "test_evidence.py",
    "extensions.ask": "test_extensions.py",
    "imports.let_in": "test_imports.py",
    "imports.give_up": "test_imports.py",
    "extensions.decide": "test_extensions.py",
    "extensions.grant": "test_extensions.py",
    "extensions.reopen": "test_extensions.py",
    "extensions.reopen_plan": "test_extensions.py",
    "extensions.withdraw": "test_extensions.py",
    "framework_choice.take_latest": "test_framework_choice.py",
    "framework_editor.add": "test_framework_editor.py",
    "framework_editor.discard": "test_framework_editor.py",
    "framework_editor.move": "test_framework_editor.py",
    "framework_editor.publish": "test_framework_editor.py",
    "framework_editor.remove": "test_framework_editor.py",
    "framework_editor.retire": "test_framework_editor.py",
    "framework_editor.save": "test_framework_editor.py",
    "framework_editor.save_head": "test_framework_editor.py",
    "handovers.state": "test_handovers.py",
    "mentors.ask": "test_mentors.py",
    "mentors.offer": "test_mentors.py",
    "mentors.withdraw": "test_mentors.py",
    "next_position.add": "test_next_position.py",
    "objection_decisions.record": "test_objections.py",
    "objections.lodge": "test_objections.py",
    "objections.state": "test_objections.py",
    "objections.withdraw": "test_objections.py",
    "paper.enter": "test_paper.py",
    "plan_amendments.restore": "test_plan_amendments.py",
    "plan_items.move": "test_plan_lines.py",
    "position_overrides.end": "test_profiles.py",
    "position_overrides.save_change": "test_profiles.py",
    "profiles.save": "test_profiles.py",
    "profiles_carry_over.apply": "test_profiles.py",
    "team_ratings.save": "test_team_rating_rows.py",
}
"""Stale versions of these are tried beside everything else about them."""

NEEDS_NONE = {
    "accounts.create": "a person has one log-in or none",
    "accounts.end": "a role ends once",
    "accounts.grant": "a role that is held already is refused",
    "accounts.open_again": "opens what is shut",
    "accounts.reset": "each time another password, told once",
    "accounts.shut": "shuts what is open",
    "account.choose": "chooses where to work",
    "bulk.confirm": "each row carries the version that was shown",
    "catalogue_actions.adapt": "the draft that is there already is the answer",
    "framework_editor.begin_next": "the draft that is there already is the answer",
    "changes.enter": "what was shown is confirmed by its own fingerprint",
    "changes.show_consequences": "changes nothing",
    "cycles.release": "releases whoever is ready, and names the others",
    "organisations.appoint": "adds an officer and changes nobody",
    "notifications.read_one": "reading twice is reading",
    "position_overrides.create": "begins a new one, or says which stands in its way",
    "plans.create": "the plan that is there already is the answer",
    "suggestions.full_path": "asking twice adds nothing",
    "suggestions.reject": "only what is still proposed can be turned down: its state is its version",
    "suggestions.restore": "only what was turned down is taken back: its state is its version",
    "suggestion_runs.begin": "who asks while one is under way gets that one",
    "team_ratings.start": "starts those who are still as they were shown, and names the others",
    "typed_drafts.discard": "one's own, and gone is gone",
}


def places(website: Website) -> dict[str, Any]:
    sample = website.sample
    with website.session() as session:
        found: dict[str, Any] = {
            "assessment": sample.assessment.id,
            "cycle": sample.cycle.id,
            "employee": sample.employees["somchai"].id,
            "item": sample.items["c1"].id,
            "plan": session.scalar(select(DevelopmentPlan.id)),
            "line": session.scalar(select(PlanItem.id).order_by(PlanItem.id)),
            "suggestion": session.scalar(select(Suggestion.id).where(Suggestion.state == "proposed")),
        }
    return found


def form_of(page: str, address: str, path: str) -> dict[str, str]:
    """The hidden and filled fields of the form that goes to `address`."""
    for tag in re.finditer(r"<form\b[^>]*>", page):
        action = re.search(r'action="([^"]*)"', tag.group())
        target = unescape(action[1]) if action else path
        if 'method="post"' in tag.group() and target == address:
            inside = page[tag.end() : page.index("</form>", tag.end())]
            fields = re.findall(r'<input\b[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"', inside)
            return {name: unescape(text) for name, text in fields}
    raise AssertionError(f"no form for {address}")


def change(website: Website, case: Case, filled: dict[str, Any]) -> None:
    """Somebody else saves something about the record."""
    with website.session() as session:
        if case.record is None:
            record_history(
                session,
                website.sample.cast.malee,
                (SubjectType.EMPLOYEE, filled["employee"]),
                "correct_email",
                website.clock(),
                organisation_id=website.sample.organisation.id,
            )
            return
        record_id = filled[{A: "assessment", P: "plan", C: "cycle"}[case.record]]
        table: Any = case.record
        session.execute(
            update(table).where(table.id == record_id).values(version=table.version + 1),
            execution_options={"synchronize_session": False},
        )


def written(website: Website) -> dict[str, list[tuple[object, ...]]]:
    """Everything but who looked: the page that comes back is looked at."""
    with website.session() as session:
        return {name: rows for name, rows in everything_written(session).items() if name != "look"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_second_is_told_and_loses_nothing(website: Website, case: Case) -> None:
    website.do(case.do)
    website.clock.moment = at(case.day)
    filled = places(website)
    path, address = case.page.format(**filled), case.sent.format(**filled)
    client = website.sign_in(case.who)
    page = client.get(path)
    assert page.status_code == 200
    typed = {name.format(**filled): text.format(**filled) for name, text in case.fields.items()}
    drawn = form_of(page.text, address, path)
    assert drawn.get("version"), "the form carries the version that it was drawn from"
    change(website, case, filled)
    before = written(website)
    answer = client.post(address, data=drawn | typed)
    assert answer.status_code == 409
    assert written(website) == before
    shown = unescape(answer.text)
    for text in typed.values():
        if len(text) > 12:
            assert text in shown, "what was typed is still there"
    if TEXT in typed.values():
        assert form_of(answer.text, address, path)["version"] != drawn["version"]


def test_every_form_that_changes_a_record_is_tried_or_says_why_not(website: Website) -> None:
    tried = {case.endpoint for case in CASES} | set(TRIED_ELSEWHERE) | set(NEEDS_NONE)
    for route in routes_of(website.app, populate(website)):
        if route.method == "POST" and route.records:
            assert route.endpoint in tried, f"{route}: does it carry the version that it was drawn from?"
    for endpoint, name in TRIED_ELSEWHERE.items():
        text = (Path(__file__).parent / name).read_text(encoding="utf-8")
        assert "409" in text, f"{endpoint} is not tried in {name}"


def test_a_form_refused_for_what_was_typed_keeps_the_version_that_its_reader_saw(website: Website) -> None:
    """Otherwise the second attempt would write over what the reader has never been shown."""
    website.do(steps.drafted)
    website.clock.moment = at(steps.PLAN_DAY)
    filled = places(website)
    address, client = f"/plans/{filled['plan']}/items/{filled['line']}/edit", website.sign_in("somchai")
    drawn = form_of(client.get(address).text, address, address)
    change(website, next(case for case in CASES if case.endpoint == "plan_items.update"), filled)
    typed = drawn | {"title": "เรื่อง", "method": "coaching", "starts_on": "31/2/2569"}
    answer = client.post(address, data=typed)
    assert answer.status_code == 422
    again = form_of(answer.text, address, address)
    assert again["version"] == drawn["version"]
    answer = client.post(address, data=again | {"method": "coaching", "starts_on": "1/3/2569"})
    assert answer.status_code == 409


def test_the_page_says_what_happened_since_and_by_whom(website: Website) -> None:
    website.do(steps.submitted)
    website.clock.moment = at(steps.REVIEW_DAY)
    plan = f"/plans/{places(website)['plan']}"
    client = website.sign_in("suda")
    address = f"{plan}/steps/approve"
    drawn = form_of(client.get(plan).text, address, plan)
    owner = website.sign_in("somchai")
    withdraw = f"{plan}/steps/withdraw"
    assert owner.post(withdraw, data=form_of(owner.get(plan).text, withdraw, plan)).status_code == 302
    submit = f"{plan}/steps/submit"
    assert owner.post(submit, data=form_of(owner.get(plan).text, submit, plan)).status_code == 302
    answer = client.post(address, data=drawn | {"comment": TEXT})
    assert answer.status_code == 409
    head = answer.text.partition("data-refusal")[2].partition("</ul>")[0]
    assert "สิ่งที่เกิดขึ้นหลังจากที่ท่านเปิดหน้านี้" in head and head.count("<li>") == 2
    assert "นายสมชาย ใจดี" in head


def test_two_raters_see_each_others_levels_and_either_can_be_taken(website: Website) -> None:
    """The supervisor in two tabs stands for the supervisor and who acts for them."""
    website.do(steps.rating)
    website.clock.moment = at(steps.RATING_DAY)
    path = f"/assessments/{website.sample.assessment.id}"
    address, client = f"{path}/rating", website.sign_in("suda")
    c1, c2 = website.sample.items["c1"].id, website.sample.items["c2"].id
    ticks = {code: sorted(website.sample.dictionary.up_to(code, 1)) for code in ("c1", "c2")}
    drawn = form_of(client.get(path).text, address, path)
    version = drawn["version"]
    first = {
        "version": version,
        "item": [c1, c2],
        f"item-{c1}-ticks": ticks["c1"],
        f"item-{c1}-evidence": "ของคนแรก",
        f"item-{c2}-level": "3",
        f"item-{c2}-evidence": "ของคนแรกในข้อสอง",
    }
    assert client.post(address, data=first).status_code == 302
    second = {
        "version": version,
        "item": [c1, c2],
        f"item-{c1}-level": "2",
        f"item-{c1}-evidence": "ของคนที่สอง",
        f"item-{c2}-ticks": ticks["c2"],
        f"item-{c2}-evidence": "ของคนที่สองในข้อสอง",
    }
    answer = client.post(address, data=second)
    assert answer.status_code == 409
    assert answer.text.count('class="beside conflict"') == 2
    for said in ("ของคนแรก", "ของคนที่สอง", "พฤติกรรมที่ผู้อื่นเลือก แต่ท่านไม่ได้เลือก", "ใช้ข้อมูลที่ผู้อื่นบันทึกแทน"):
        assert said in answer.text
    version = form_of(answer.text, address, path)["version"]
    answer = client.post(address, data=second | {"version": version, "take": str(c1)})
    assert answer.status_code == 200
    assert answer.text.count('class="beside conflict"') == 1
    assert value_of(answer, f"item-{c1}-evidence") == "ของคนแรก"
    assert value_of(answer, f"item-{c2}-evidence") == "ของคนที่สองในข้อสอง"
    final = first | {key: text for key, text in second.items() if str(c2) in key} | {"version": version}
    final.pop(f"item-{c2}-level")
    assert client.post(address, data=final).status_code == 302
    page = client.get(path).text
    assert ">ของคนแรก</textarea>" in page and ">ของคนที่สองในข้อสอง</textarea>" in page


def test_a_line_shows_each_field_that_somebody_else_saved_otherwise(website: Website) -> None:
    website.do(steps.drafted)
    website.clock.moment = at(steps.PLAN_DAY)
    filled = places(website)
    address, client = f"/plans/{filled['plan']}/items/{filled['line']}/edit", website.sign_in("somchai")
    page = client.get(address).text
    drawn = form_of(page, address, address)
    base = drawn | {"method": "coaching", "measure": "วัดผลเดิม"}
    assert client.post(address, data=base | {"title": "ชื่อจากอีกแท็บ"}).status_code == 302
    answer = client.post(address, data=base | {"title": "ชื่อของแท็บนี้"})
    assert answer.status_code == 409
    assert "ผู้อื่นบันทึกไว้เป็น: <strong>ชื่อจากอีกแท็บ</strong>" in answer.text
    assert 'value="ชื่อของแท็บนี้"' in answer.text
    assert answer.text.count("ผู้อื่นบันทึกไว้เป็น") == 1
    again = form_of(answer.text, address, address) | {"method": "coaching", "measure": "วัดผลเดิม"}
    answer = client.post(address, data=again | {"take": "title"})
    assert answer.status_code == 200 and 'value="ชื่อจากอีกแท็บ"' in answer.text
    assert "ผู้อื่นบันทึกไว้เป็น" not in answer.text


def test_the_office_sees_beside_its_own_what_a_colleague_wrote(website: Website) -> None:
    client = website.sign_in("malee")
    path = f"/staff/{website.sample.employees['somchai'].id}"
    address = f"{path}/email"
    drawn = form_of(client.get(path).text, address, path)
    assert client.post(address, data=drawn | {"email": "first@example.go.th"}).status_code == 302
    answer = client.post(address, data=drawn | {"email": "second@example.go.th"})
    assert answer.status_code == 409
    assert "<strong>first@example.go.th</strong>" in answer.text
    again = form_of(answer.text, address, path)
    assert again["email"] == "second@example.go.th"
    assert client.post(address, data=again).status_code == 302
