"""Notices, report jobs, documents and mails as pages: who gets what."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.adapters.mail_text import PATHS
from idp.adapters.storage import LocalFolder
from idp.models import Assessment, Mail, Notice, ReportJob, RoleGrant, StoredDocument
from idp.rules.terms import AssessmentState, JobState, MailState, Role, SubjectType
from idp.services.digests import gather_digests
from idp.services.reports import run_report
from tests.factories import steps
from tests.factories.website import Website

FORM = {"kind": "assessment", "subject_type": "assessment"}


def ask(website: Website, who: str, **form: object):
    return website.sign_in(who).post("/reports/", data={**FORM, **form})


def run_all(website: Website) -> None:
    storage = LocalFolder(website.app.extensions["settings"].storage_dir)
    with website.session() as session:
        ids = list(session.scalars(select(ReportJob.id)))
    for job_id in ids:
        run_report(website.session, storage, website.clock, job_id)


def jobs(website: Website) -> list[ReportJob]:
    with website.session() as session:
        return list(session.scalars(select(ReportJob)))


@pytest.fixture
def printed(website: Website) -> tuple[Website, ReportJob]:
    """Somchai's released form, asked for by himself and made."""
    website.do(steps.released)
    answer = ask(website, "somchai", subject_id=website.sample.assessment.id)
    assert answer.status_code == 303
    run_all(website)
    (job,) = jobs(website)
    assert job.state is JobState.DONE
    return website, job


def test_a_job_under_way_asks_again_by_itself_until_it_is_done(website):
    website.do(steps.released)
    address = ask(website, "somchai", subject_id=website.sample.assessment.id).headers["Location"]
    client = website.sign_in("somchai")
    waiting = client.get(address)
    assert waiting.headers["Refresh"] == "2"
    assert "<progress" in waiting.text
    run_all(website)
    done = client.get(address)
    assert "Refresh" not in done.headers
    assert "/documents/" in done.text
    assert "นายสมชาย ใจดี" in client.get("/reports/").text


def test_the_document_is_a_download_under_its_thai_name(printed):
    website, job = printed
    answer = website.sign_in("somchai").get(f"/documents/{job.document_id}", buffered=True)
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert f"filename*=UTF-8''{quote('แบบประเมิน')}" in disposition
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.content_type == "application/pdf"


@pytest.mark.parametrize("outsider", ["anong", "olan", "nobody"])
def test_an_outsider_finds_neither_the_job_nor_the_document(printed, outsider):
    website, job = printed
    client = website.sign_in(outsider)
    assert client.get(f"/reports/{job.id}").status_code == 404
    assert client.get(f"/documents/{job.document_id}").status_code == 404
    assert client.post("/reports/", data={**FORM, "subject_id": job.subject_id}).status_code == 404


@pytest.mark.parametrize("damage", [lambda raw: raw[:100], lambda raw: b"x" + raw[1:], lambda raw: b"", None])
def test_a_damaged_document_is_handed_out_to_nobody(printed, damage):
    website, job = printed
    storage = LocalFolder(website.app.extensions["settings"].storage_dir)
    with website.session() as session:
        path = storage.path_of(session.get_one(StoredDocument, job.document_id).storage_key)
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage(path.read_bytes()))
    assert website.sign_in("somchai").get(f"/documents/{job.document_id}").status_code == 404


def test_the_supervisor_may_open_the_document_but_not_the_job(printed):
    website, job = printed
    client = website.sign_in("suda")
    assert client.get(f"/documents/{job.document_id}", buffered=True).status_code == 200
    assert client.get(f"/reports/{job.id}").status_code == 404


def test_the_employee_cannot_have_the_form_printed_before_the_release(website):
    website.do(steps.rated)
    assert ask(website, "somchai", subject_id=website.sample.assessment.id).status_code == 403
    assert jobs(website) == []


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"kind": "x"}, 404),
        ({"subject_id": "x"}, 404),
        ({"subject_id": "-1"}, 404),
        ({"subject_id": "๑"}, 404),
        ({"subject_id": "9" * 30}, 404),
        ({"unit_id": "x"}, 404),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(website, form, status):
    website.do(steps.released)
    given = {"subject_id": website.sample.assessment.id, **form}
    assert ask(website, "somchai", **given).status_code == status


def test_only_hr_prints_a_whole_cycle(website):
    form = {"kind": "unit_forms", "subject_type": "cycle", "subject_id": website.sample.cycle.id}
    assert ask(website, "malee", **form).status_code == 303
    assert ask(website, "somchai", **form).status_code == 404
    assert ask(website, "olan", **form).status_code == 404


def add_notice(website: Website, who: str, event: str, reason: str = "") -> int:
    with website.session() as session:
        notice = Notice(
            organisation_id=website.sample.organisation.id,
            subject_type=SubjectType.ASSESSMENT,
            subject_id=website.sample.assessment.id,
            event=event,
            recipient_person_id=getattr(website.sample.cast, who).person_id,
            detail={"reason": reason} if reason else {},
            created_at=website.clock(),
        )
        session.add(notice)
        session.flush()
        return notice.id


def unread(session: Session) -> list[int]:
    return list(session.scalars(select(Notice.id).where(Notice.read_at.is_(None))))


def test_a_notice_says_what_happened_why_and_leads_there(website):
    add_notice(website, "suda", "assessment:return_rating", "ขอให้ทบทวนหลักฐาน")
    page = website.sign_in("suda").get("/notifications/").text
    assert "ผลการประเมินของนายสมชาย ใจดี ถูกส่งคืนให้ท่านทบทวน" in page
    assert "ขอให้ทบทวนหลักฐาน" in page
    assert f'href="/assessments/{website.sample.assessment.id}"' in page
    assert "ถูกส่งกลับ" not in website.sign_in("anong").get("/notifications/").text


def test_only_its_recipient_marks_a_notice_as_read(website):
    first = add_notice(website, "suda", "assessment:submit_self")
    second = add_notice(website, "suda", "assessment:receive")
    assert website.sign_in("anong").post(f"/notifications/{first}/read").status_code == 404
    assert website.sign_in("anong").post("/notifications/read").status_code == 303
    client = website.sign_in("suda")
    assert client.post(f"/notifications/{first}/read").status_code == 303
    with website.session() as session:
        assert unread(session) == [second]
    client.post("/notifications/read")
    with website.session() as session:
        assert unread(session) == []


@pytest.fixture
def mailed(website: Website) -> Website:
    """A mail that failed."""
    add_notice(website, "suda", "assessment:submit_self")
    with website.session() as session:
        gather_digests(session, date(2025, 10, 6), website.clock())
        mail = session.scalars(select(Mail)).one()
        mail.state, mail.error, mail.subject = MailState.FAILED, "550 No such person", "มีเรื่องแจ้งให้ทราบ"
        mail.text_body = "เรียน นางสาวสุดา"
    return website


def test_hr_sees_which_mails_failed_and_why(mailed):
    client = mailed.sign_in("malee")
    page = client.get("/mails/?state=failed").text
    assert "550 No such person" in page
    assert "นางสาวสุดา รักงาน" in page
    assert "550" not in client.get("/mails/?state=sent").text
    with mailed.session() as session:
        mail_id = session.scalars(select(Mail.id)).one()
    assert "เรียน นางสาวสุดา" in client.get(f"/mails/{mail_id}").text
    assert mailed.sign_in("somchai").get(f"/mails/{mail_id}").status_code == 403
    assert mailed.sign_in("olan").get(f"/mails/{mail_id}").status_code in (403, 404)


@pytest.mark.parametrize("state", [AssessmentState.RATING, AssessmentState.RELEASED])
def test_an_officer_reads_no_mail_about_their_own_rating_before_its_release(website, state):
    add_notice(website, "suda", "assessment:return_rating", "หลักฐานไม่พอ")
    with website.session() as session:
        sample = website.sample
        session.add(
            RoleGrant(
                organisation_id=sample.organisation.id,
                person_id=sample.cast.somchai.person_id,
                role=Role.HR_OFFICER,
                from_on=date(2025, 1, 1),
            )
        )
        session.get_one(Assessment, sample.assessment.id).state = state
        gather_digests(session, date(2025, 10, 6), website.clock())
        mail = session.scalars(select(Mail)).one()
        mail.text_body = "เหตุผล: หลักฐานไม่พอ"
        session.flush()
        mail_id = mail.id
    assert "หลักฐานไม่พอ" in website.sign_in("malee").get(f"/mails/{mail_id}").text
    page = website.sign_in("somchai").get(f"/mails/{mail_id}")
    assert page.status_code == 200
    assert ("หลักฐานไม่พอ" in page.text) is (state is AssessmentState.RELEASED)


def test_the_links_of_mails_are_addresses_of_pages(website):
    adapter = website.app.url_map.bind("localhost")
    for path in PATHS.values():
        endpoint, _values = adapter.match(path.format(1))
        assert endpoint.endswith(".show")
