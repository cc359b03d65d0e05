"""Signed paper forms: entered by the personnel office or the supervisor with the scan, named everywhere as
entered from paper, and never by anybody for themself."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from idp.adapters.storage import LocalFolder
from idp.models import (
    Assessment,
    Attachment,
    Cycle,
    DevelopmentPlan,
    HistoryEntry,
    Notice,
    PaperForm,
    Person,
    Rating,
)
from idp.queries.forms import assessment_form, plan_form
from idp.rules.terms import AssessmentState, PhaseKind, PlanState, RaterKind, SubjectType
from idp.rules.thai import buddhist_year
from tests.factories import files, steps
from tests.factories.addresses import everything_written
from tests.factories.sample import PHASES, Sample, at
from tests.factories.website import Website
from tests.web.reading import counted, value_of, words
from tests.web.test_assessment_self import EVIDENCE, form

SCAN = files.pdf()
LEVELS = {"c1": 2, "c2": 1, "c3": 2}


def typed(day: date) -> str:
    return f"{day.day}/{day.month}/{buddhist_year(day)}"


def address(website: Website, key: str = "") -> str:
    return f"/paper/assessments/{website.sample.assessment.id}" + (f"/{key}" if key else "")


def bring(
    client: FlaskClient,
    website: Website,
    key: str,
    signed: date | str | None,
    scan: bytes | None = SCAN,
    name: str = files.THAI_NAME,
    **sent: Any,
) -> TestResponse:
    """Send the form of that paper as a browser does, from the page as it is now."""
    if "version" not in sent:
        page = client.get(address(website, key))
        sent["version"] = value_of(page, "version") if page.status_code == 200 else ""
    data = {"signed_on": typed(signed) if isinstance(signed, date) else signed or "", **sent}
    if scan is not None:
        data["scan"] = (io.BytesIO(scan), name)
    return client.post(address(website, key), data=data)


def is_entered(website: Website, answer: TestResponse) -> bool:
    """Led on to the page of the person's papers, not to the log-in."""
    return answer.status_code == 302 and answer.headers["Location"] == address(website)


def at_step(website: Website, step: Callable[[Session, Sample], object] | None, day: date) -> None:
    if step is not None:
        website.do(step)
    website.clock.moment = at(day)


def assessment(website: Website) -> Assessment:
    return website.do(lambda session, sample: session.get_one(Assessment, sample.assessment.id))


def plan(website: Website) -> DevelopmentPlan:
    return website.do(lambda session, _sample: session.scalars(select(DevelopmentPlan)).one())


def last(website: Website, event: str) -> HistoryEntry:
    return website.do(
        lambda session, _sample: session.scalars(
            select(HistoryEntry).where(HistoryEntry.event == event).order_by(HistoryEntry.id.desc())
        ).first()
    )


def entered_as_paper(website: Website, event: str, by: str, signer: str, signed: date) -> None:
    """The history names who entered, for whom, the form and the day on it."""
    entry, cast = last(website, event), website.sample.cast
    form_row = website.do(
        lambda session, _sample: session.scalars(select(PaperForm).order_by(PaperForm.id.desc())).first()
    )
    assert entry.actor_person_id == getattr(cast, by).person_id == form_row.entered_by_person_id
    assert entry.on_behalf_of_person_id == getattr(cast, signer).person_id == form_row.signer_person_id
    assert entry.detail["paper_form_id"] == form_row.id
    assert entry.detail["signed_on"] == signed.isoformat() == form_row.signed_on.isoformat()


@pytest.mark.parametrize("by", ["malee", "suda"])
def test_a_self_assessment_on_paper_is_entered_and_handed_in_at_once(website: Website, by: str) -> None:
    signed = steps.SELF_DAY - timedelta(days=2)
    at_step(website, None, steps.SELF_DAY)
    client = website.sign_in(by)
    levels = form(website, LEVELS)
    answer = bring(client, website, "self", signed, **levels)
    assert is_entered(website, answer)
    row = assessment(website)
    assert row.state is AssessmentState.SELF_SUBMITTED and row.self_submitted_at == website.clock()
    entered_as_paper(website, "submit_self", by, "somchai", signed)
    assert last(website, "start_self").on_behalf_of_person_id == row.owner_person_id
    page = words(website.sign_in("somchai").get(f"/assessments/{row.id}"))
    name = "นางมาลี ศรีสุข" if by == "malee" else "นางสาวสุดา รักงาน"
    assert f"บันทึกจากแบบกระดาษที่ นายสมชาย ใจดี ลงนามเมื่อวันที่ 4 ตุลาคม 2568 โดย {name}" in page
    with website.session() as session:
        scan = session.scalars(select(Attachment.id)).one()
    shown = website.sign_in("somchai").get(f"/assessments/{row.id}").text
    assert f'href="/attachments/{scan}"' in shown
    signature = website.do(
        lambda session, sample: assessment_form(session, sample.assessment.id, steps.SELF_DAY)
    ).signatures[0]
    assert (signature.name, signature.signed_on, signature.signed_at) == ("นายสมชาย ใจดี", signed, None)
    assert signature.recorded_by == name and signature.on_behalf_of is None


def test_the_signer_is_told_what_was_entered_in_their_name(website: Website) -> None:
    at_step(website, None, steps.SELF_DAY)
    bring(website.sign_in("malee"), website, "self", steps.SELF_DAY, **form(website, LEVELS))
    with website.session() as session:
        told = {
            (notice.event, notice.recipient_person_id) for notice in session.scalars(select(Notice)).all()
        }
    cast = website.sample.cast
    assert ("assessment:entered_from_paper", cast.somchai.person_id) in told
    assert ("assessment:submit_self", cast.suda.person_id) in told
    page = words(website.sign_in("somchai").get("/notifications/"))
    assert "มีผู้บันทึกแบบกระดาษที่ท่านลงนามเข้าระบบแล้ว" in page


def test_the_rating_the_opinion_and_the_receipt_on_paper_are_steps_like_any_other(website: Website) -> None:
    at_step(website, steps.self_submitted, steps.RATING_DAY)
    sent = form(website, LEVELS) | {"results_score": "60"}
    assert is_entered(website, bring(website.sign_in("malee"), website, "rating", steps.RATING_DAY, **sent))
    entered_as_paper(website, "submit_rating", "malee", "suda", steps.RATING_DAY)
    at_step(website, None, steps.SECOND_DAY)
    sent = {"opinion": "differs", "second_opinion_text": "ควรทบทวน"}
    answer = bring(website.sign_in("malee"), website, "second-opinion", steps.SECOND_DAY, **sent)
    assert is_entered(website, answer)
    entered_as_paper(website, "give_second_opinion", "malee", "prasit", steps.SECOND_DAY)
    release(website)
    at_step(website, None, steps.RECEIPT_DAY)
    sent = {"opinion": "disagrees", "employee_opinion_text": "ขอชี้แจงเพิ่มเติม"}
    answer = bring(website.sign_in("suda"), website, "receipt", steps.RECEIPT_DAY, **sent)
    assert is_entered(website, answer)
    entered_as_paper(website, "receive", "suda", "somchai", steps.RECEIPT_DAY)
    row = assessment(website)
    assert row.state is AssessmentState.RECEIVED and row.employee_opinion_text == "ขอชี้แจงเพิ่มเติม"
    printed = website.do(lambda session, _s: assessment_form(session, row.id, steps.RECEIPT_DAY))
    assert printed.receipt.employee.recorded_by == "นางสาวสุดา รักงาน"
    assert printed.opinions[0].signature.name == "นายประสิทธิ์ มั่นคง"
    assert printed.opinions[0].signature.recorded_by == "นางมาลี ศรีสุข"


def release(website: Website) -> None:
    at_step(website, None, steps.RELEASE_DAY)
    step = f"/assessments/{website.sample.assessment.id}/steps/release"
    website.sign_in("malee").post(step, data={"confirmed": "yes"})
    assert assessment(website).state is AssessmentState.RELEASED


def plan_lines(**changes: str) -> dict[str, str]:
    line = {
        "title": "ฝึกเขียนหนังสือราชการกับหัวหน้างาน",
        "method": "coaching",
        "competency_id": "",
        "starts_on": "1/12/2568",
        "ends_on": "31/3/2569",
        "hours": "12",
        "measure": "หนังสือที่ร่างไม่ต้องแก้ไข",
    } | changes
    return {"lines": "3", **{f"line-1-{name}": text for name, text in line.items()}}


def test_a_plan_on_paper_goes_from_its_lines_to_its_results(website: Website) -> None:
    at_step(website, steps.received, steps.PLAN_DAY)
    sent = plan_lines() | {"note": "ขอความเห็นชอบ"}
    assert is_entered(website, bring(website.sign_in("malee"), website, "plan", steps.PLAN_DAY, **sent))
    entered_as_paper(website, "submit", "malee", "somchai", steps.PLAN_DAY)
    row = plan(website)
    assert row.state is PlanState.SUBMITTED and row.owner_person_id == website.sample.cast.somchai.person_id
    at_step(website, None, steps.REVIEW_DAY)
    answer = bring(website.sign_in("malee"), website, "plan-approval", steps.REVIEW_DAY, comment="เห็นชอบ")
    assert is_entered(website, answer)
    entered_as_paper(website, "approve", "malee", "suda", steps.REVIEW_DAY)
    at_step(website, None, steps.PROGRESS_DAY)
    item_id = website.do(lambda session, _s: session.get_one(DevelopmentPlan, row.id).items[0].id)
    said = {f"item-{item_id}-percent": "60", f"item-{item_id}-note": "ฝึกแล้วหกครั้ง"}
    answer = bring(website.sign_in("suda"), website, "progress", steps.PROGRESS_DAY, **said)
    assert is_entered(website, answer)
    entered_as_paper(website, "report_progress", "suda", "somchai", steps.PROGRESS_DAY)
    at_step(website, None, steps.EVALUATION_DAY)
    suda = website.sign_in("suda")
    answer = bring(suda, website, "plan-results", steps.EVALUATION_DAY, reflection="ร่างได้เอง")
    assert is_entered(website, answer)
    assert plan(website).state is PlanState.IN_EVALUATION
    printed = website.do(lambda session, _s: plan_form(session, row.id, steps.EVALUATION_DAY))
    owner, supervisor = printed.start_signatures[:2]
    assert (owner.signed_on, owner.recorded_by) == (steps.PLAN_DAY, "นางมาลี ศรีสุข")
    assert (supervisor.signed_on, supervisor.recorded_by) == (steps.REVIEW_DAY, "นางมาลี ศรีสุข")
    assert printed.end_signatures[0].recorded_by == "นางสาวสุดา รักงาน"
    page = words(suda.get(f"/plans/{row.id}"))
    assert "บันทึกจากแบบกระดาษที่ นายสมชาย ใจดี ลงนามเมื่อวันที่" in page


def test_a_returned_paper_plan_is_entered_again_with_its_lines_changed(website: Website) -> None:
    at_step(website, steps.received, steps.PLAN_DAY)
    hr = website.sign_in("malee")
    bring(hr, website, "plan", steps.PLAN_DAY, **plan_lines())
    row = plan(website)
    website.sign_in("suda").post(f"/plans/{row.id}/steps/return", data={"reason": "เพิ่มรายการ"})
    shown = hr.get(address(website, "plan"))
    assert value_of(shown, "line-0-title") == "ฝึกเขียนหนังสือราชการกับหัวหน้างาน"
    changed = {
        **{name.replace("line-1-", "line-2-"): text for name, text in plan_lines(title="รายการใหม่").items()},
        "line-0-id": value_of(shown, "line-0-id"),
        "line-0-remove": "yes",
    }
    assert bring(hr, website, "plan", steps.PLAN_DAY, **changed).status_code == 302
    with website.session() as session:
        kept = session.get_one(DevelopmentPlan, row.id)
        assert [item.title for item in kept.items] == ["รายการใหม่"]
        assert kept.state is PlanState.SUBMITTED


def test_more_lines_are_offered_without_losing_what_was_typed(website: Website) -> None:
    at_step(website, steps.received, steps.PLAN_DAY)
    answer = website.sign_in("malee").post(
        address(website, "plan"), data={"then": "more", "signed_on": "20/11/2568", **plan_lines()}
    )
    assert answer.status_code == 200
    assert value_of(answer, "line-1-title") and value_of(answer, "lines") == "6"
    assert value_of(answer, "signed_on") == "20/11/2568"


@pytest.mark.parametrize(
    ("key", "by", "step", "day"),
    [
        ("rating", "suda", steps.self_submitted, steps.RATING_DAY),
        ("second-opinion", "suda", steps.rated, steps.SECOND_DAY),
        ("plan-approval", "suda", steps.submitted, steps.REVIEW_DAY),
        ("second-opinion", "prasit", steps.rated, steps.SECOND_DAY),
    ],
)
def test_those_who_sign_or_stand_beside_do_not_enter_it(
    website: Website, key: str, by: str, step: Callable[[Session, Sample], object], day: date
) -> None:
    at_step(website, step, day)
    client = website.sign_in(by)
    with website.session() as session:
        before = everything_written(session)
    answer = bring(client, website, key, day, opinion="agrees", **form(website, LEVELS))
    assert answer.status_code in (403, 409)
    with website.session() as session:
        assert everything_written(session) == before


@pytest.mark.parametrize(("by", "status"), [("somchai", 403), ("prasit", 403), ("anong", 404), ("olan", 404)])
def test_nobody_else_enters_or_sees_the_page(website: Website, by: str, status: int) -> None:
    at_step(website, None, steps.SELF_DAY)
    client = website.sign_in(by)
    assert client.get(address(website)).status_code == status
    assert client.get(address(website, "self")).status_code == status
    assert bring(client, website, "self", steps.SELF_DAY, **form(website, LEVELS)).status_code == status
    assert assessment(website).state is AssessmentState.NOT_STARTED


def test_the_personnel_officer_does_not_enter_their_own(website: Website) -> None:
    with website.session() as session:
        session.get_one(
            Assessment, website.sample.assessment.id
        ).owner_person_id = website.sample.cast.malee.person_id
    at_step(website, None, steps.SELF_DAY)
    answer = bring(website.sign_in("malee"), website, "self", steps.SELF_DAY, **form(website, LEVELS))
    assert answer.status_code == 403


def test_an_officer_who_is_the_supervisor_rates_in_the_system_not_on_paper(website: Website) -> None:
    website.do(steps.self_submitted)
    with website.session() as session:
        session.get_one(
            Assessment, website.sample.assessment.id
        ).supervisor_person_id = website.sample.cast.malee.person_id
    at_step(website, None, steps.RATING_DAY)
    client = website.sign_in("malee")
    assert "แบบประเมินที่ผู้ประเมินลงนามแล้ว" not in words(client.get(address(website)))
    sent = form(website, LEVELS)
    assert bring(client, website, "rating", steps.RATING_DAY, **sent).status_code == 409


@pytest.mark.parametrize("case", files.BROKEN)
def test_a_scan_that_nobody_can_open_brings_the_form_back_with_all_that_was_typed(
    website: Website, case: str
) -> None:
    name, content, _code = files.BROKEN[case]
    at_step(website, None, steps.SELF_DAY)
    client = website.sign_in("malee")
    answer = bring(client, website, "self", steps.SELF_DAY, content or None, name, **form(website, LEVELS))
    if name and not content:
        answer = client.post(
            address(website, "self"),
            data={
                "signed_on": typed(steps.SELF_DAY),
                "scan": (io.BytesIO(b""), name),
                **form(website, LEVELS),
            },
        )
    assert answer.status_code == 422
    assert 'id="error-scan"' in answer.text
    item = website.sample.items["c1"]
    assert value_of(answer, f"item-{item.id}-evidence") == EVIDENCE
    assert value_of(answer, "signed_on") == typed(steps.SELF_DAY)
    assert assessment(website).state is AssessmentState.NOT_STARTED
    with website.session() as session:
        assert session.scalar(select(Attachment)) is None


def test_too_large_a_scan_is_told_at_its_field_with_everything_kept(website: Website) -> None:
    at_step(website, None, steps.SELF_DAY)
    large = SCAN + b"\n" * (20 * 1024 * 1024)
    sent = form(website, LEVELS) | {"signed_on": typed(steps.SELF_DAY)}
    sent["scan"] = FileStorage(io.BytesIO(large), files.THAI_NAME)
    boundary, body = encode_multipart(sent)
    answer = website.sign_in("malee").post(
        address(website, "self"), data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code == 422 and "ไฟล์มีขนาดเกิน 10 เมกะไบต์" in answer.text
    assert value_of(answer, f"item-{website.sample.items['c1'].id}-evidence") == EVIDENCE


@pytest.mark.parametrize(
    "signed",
    ["", "เมื่อวาน", typed(steps.SELF_DAY + timedelta(days=1)), typed(date(2025, 9, 30))],
)
def test_a_day_that_cannot_be_is_told_at_its_field(website: Website, signed: str) -> None:
    at_step(website, None, steps.SELF_DAY)
    answer = bring(website.sign_in("malee"), website, "self", signed, **form(website, LEVELS))
    assert answer.status_code == 422 and 'id="error-signed_on"' in answer.text
    assert value_of(answer, "signed_on") == signed
    with website.session() as session:
        assert session.scalar(select(PaperForm)) is None
    folder = LocalFolder(website.app.extensions["settings"].storage_dir).root
    assert list(folder.glob("*/uploads/*")) == []


def test_a_paper_is_not_older_than_the_step_before_it(website: Website) -> None:
    at_step(website, steps.submitted, steps.REVIEW_DAY)
    answer = bring(website.sign_in("malee"), website, "plan-approval", steps.PLAN_DAY - timedelta(days=1))
    assert answer.status_code == 422 and 'id="error-signed_on"' in answer.text


def test_what_is_lacking_is_named_and_nothing_is_kept(website: Website) -> None:
    at_step(website, None, steps.SELF_DAY)
    sent = form(website, LEVELS)
    item = website.sample.items["c2"]
    sent[f"item-{item.id}-ticks"] = []
    answer = bring(website.sign_in("malee"), website, "self", steps.SELF_DAY, **sent)
    assert answer.status_code == 422 and f'href="#competency-{item.id}"' in answer.text
    with website.session() as session:
        assert session.scalar(select(Rating)) is None and session.scalar(select(PaperForm)) is None


def test_the_second_of_two_equal_forms_changes_nothing(website: Website) -> None:
    at_step(website, None, steps.SELF_DAY)
    client, sent = website.sign_in("malee"), form(website, LEVELS)
    version = value_of(client.get(address(website, "self")), "version")
    first = bring(client, website, "self", steps.SELF_DAY, version=version, **sent)
    again = bring(client, website, "self", steps.SELF_DAY, version=version, **sent)
    assert (first.status_code, again.status_code) == (302, 409)
    with website.session() as session:
        assert len(session.scalars(select(PaperForm)).all()) == 1
        assert len(session.scalars(select(Attachment)).all()) == 1


def test_a_form_read_before_somebody_else_acted_is_stale(website: Website) -> None:
    at_step(website, steps.released, steps.RECEIPT_DAY)
    client = website.sign_in("malee")
    old = str(assessment(website).version - 1)
    answer = bring(client, website, "receipt", steps.RECEIPT_DAY, version=old, opinion="agrees")
    assert answer.status_code == 409 and "ข้อความที่ท่านพิมพ์ยังอยู่ครบ" in answer.text
    assert assessment(website).state is AssessmentState.RELEASED


@pytest.mark.parametrize("key", ["self", "rating"])
def test_what_the_signer_writes_in_the_system_is_neither_read_nor_written_over(
    website: Website, key: str
) -> None:
    if key == "self":
        website.do(steps.self_assessing)
        sent, owner = form(website, {"c1": 3}, "ร่างของเจ้าตัว"), website.sign_in("somchai")
        owner.post(f"/assessments/{website.sample.assessment.id}/self-rating", data={"then": "save", **sent})
        website.clock.moment = at(steps.SELF_DAY)
    else:
        website.do(steps.rating)
        website.clock.moment = at(steps.RATING_DAY)
        sent, rater = form(website, {"c1": 3}, "ร่างของเจ้าตัว"), website.sign_in("suda")
        rater.post(f"/assessments/{website.sample.assessment.id}/rating", data={"then": "save", **sent})
    client = website.sign_in("malee")
    page = client.get(address(website))
    assert "ผู้ลงนามเริ่มกรอกในระบบไว้แล้ว" in words(page) and "ร่างของเจ้าตัว" not in page.text
    assert client.get(address(website, key)).status_code == 403
    assert bring(client, website, key, steps.SELF_DAY, **form(website, LEVELS)).status_code == 403
    kind = RaterKind.SELF if key == "self" else RaterKind.SUPERVISOR
    with website.session() as session:
        texts = session.scalars(select(Rating.evidence).where(Rating.rater_kind == kind)).all()
    assert set(texts) == {"ร่างของเจ้าตัว"}


def test_a_plan_that_its_owner_drafts_in_the_system_is_left_to_them(website: Website) -> None:
    at_step(website, steps.drafted, steps.PLAN_DAY)
    client = website.sign_in("malee")
    page = client.get(address(website))
    title = website.do(lambda session, _s: session.scalars(select(DevelopmentPlan)).one().items[0].title)
    assert "ผู้ลงนามเริ่มกรอกในระบบไว้แล้ว" in words(page) and title not in page.text
    assert bring(client, website, "plan", steps.PLAN_DAY, **plan_lines()).status_code == 403


def test_the_line_of_somebody_elses_plan_cannot_be_named(website: Website) -> None:
    at_step(website, steps.received, steps.PLAN_DAY)
    sent = plan_lines() | {"line-1-id": "999999"}
    assert bring(website.sign_in("malee"), website, "plan", steps.PLAN_DAY, **sent).status_code == 404


def test_wrong_fields_of_a_plan_are_told_at_their_line(website: Website) -> None:
    at_step(website, steps.received, steps.PLAN_DAY)
    sent = plan_lines(starts_on="วันไหนก็ได้")
    answer = bring(website.sign_in("malee"), website, "plan", steps.PLAN_DAY, **sent)
    assert answer.status_code == 422 and 'id="error-line-1-starts_on"' in answer.text
    sent = plan_lines(method="")
    answer = bring(website.sign_in("malee"), website, "plan", steps.PLAN_DAY, **sent)
    assert answer.status_code == 422 and 'id="error-line-1-method"' in answer.text
    with website.session() as session:
        assert session.scalar(select(DevelopmentPlan)) is None


def test_who_could_act_in_the_system_is_pointed_out(website: Website) -> None:
    at_step(website, None, steps.SELF_DAY)
    client = website.sign_in("malee")
    hint = "ผู้ลงนามมีบัญชีผู้ใช้และอีเมล"
    assert hint not in words(client.get(address(website)))
    with website.session() as session:
        somchai = session.get_one(Person, website.sample.cast.somchai.person_id)
        somchai.email = "somchai@example.go.th"
    assert hint in words(client.get(address(website)))
    assert hint in words(client.get(address(website, "self")))
    answer = bring(client, website, "self", steps.SELF_DAY, **form(website, LEVELS))
    assert answer.status_code == 302


def test_the_scan_is_for_those_who_may_see_what_was_signed(website: Website) -> None:
    at_step(website, steps.self_submitted, steps.RATING_DAY)
    hr = website.sign_in("malee")
    bring(hr, website, "rating", steps.RATING_DAY, **form(website, LEVELS))
    with website.session() as session:
        scan = session.scalars(
            select(Attachment.id).join(PaperForm, PaperForm.attachment_id == Attachment.id)
        ).one()
    for name, status in (
        ("malee", 200),
        ("suda", 200),
        ("prasit", 200),
        ("somchai", 404),
        ("anong", 404),
        ("olan", 404),
        ("nobody", 404),
    ):
        with website.sign_in(name).get(f"/attachments/{scan}") as answer:
            assert answer.status_code == status, name
    with hr.get(f"/attachments/{scan}") as answer:
        assert answer.data == SCAN and answer.mimetype == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert "filename*=UTF-8''%E0%B9%81" in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]
    link, page = f'href="/attachments/{scan}"', f"/assessments/{website.sample.assessment.id}"
    assert link in hr.get(page).text and link not in website.sign_in("somchai").get(page).text
    at_step(website, None, steps.SECOND_DAY)
    bring(website.sign_in("malee"), website, "second-opinion", steps.SECOND_DAY, opinion="agrees")
    release(website)
    assert link in website.sign_in("somchai").get(page).text
    with website.sign_in("somchai").get(f"/attachments/{scan}") as answer:
        assert answer.status_code == 200


def test_the_history_of_a_scan_names_its_hash(website: Website) -> None:
    at_step(website, None, steps.SELF_DAY)
    bring(website.sign_in("malee"), website, "self", steps.SELF_DAY, **form(website, LEVELS))
    entry = last(website, "attach_file")
    with website.session() as session:
        row = session.scalars(select(Attachment)).one()
    assert (row.subject_type, row.subject_id) == (SubjectType.ASSESSMENT, website.sample.assessment.id)
    assert entry.detail["sha256"] == row.sha256 and row.filename == files.THAI_NAME


def test_an_unknown_paper_is_not_found(website: Website) -> None:
    assert website.sign_in("malee").get(address(website, "no-such-paper")).status_code == 404


def test_those_who_cannot_act_in_the_system_are_found_in_the_lists(website: Website) -> None:
    at_step(website, None, steps.SELF_DAY)
    client = website.sign_in("malee")
    people, staff = f"/cycles/{website.sample.cycle.id}/people?access=none", "/staff/?without=access"
    assert address(website) in client.get(people).text
    assert "สมชาย" in words(client.get(staff))
    with website.session() as session:
        session.get_one(Person, website.sample.cast.somchai.person_id).email = "somchai@example.go.th"
    assert address(website) not in client.get(people).text
    assert "สมชาย" not in words(client.get(staff)) and "สุดา" in words(client.get(staff))
    assert address(website) not in client.get(people.partition("?")[0]).text


def test_the_pages_take_the_same_number_of_statements_whatever_was_entered(website: Website) -> None:
    at_step(website, None, steps.SELF_DAY)
    client = website.sign_in("malee")
    client.get(address(website))
    with counted(website.app) as before:
        client.get(address(website))
    bring(client, website, "self", steps.SELF_DAY, **form(website, LEVELS))
    website.clock.moment = at(steps.SELF_DAY)
    client.get(address(website))
    with counted(website.app) as after:
        client.get(address(website))
    assert len(after) <= len(before) + 1  # the names of who entered


def test_a_paper_is_in_time_by_the_day_on_which_it_was_signed(website: Website) -> None:
    due = PHASES[PhaseKind.SELF_ASSESSMENT][1]
    with website.session() as session:
        cycle = session.get_one(Cycle, website.sample.cycle.id)
        cycle.settings = {**cycle.settings, "takes_late_entries": False}
    at_step(website, None, due + timedelta(days=3))
    client, sent = website.sign_in("malee"), form(website, LEVELS)
    late = bring(client, website, "self", due + timedelta(days=1), **sent)
    assert late.status_code == 422 and "พ้นกำหนดส่งแล้ว" in late.text
    assert is_entered(website, bring(client, website, "self", due, **sent))
