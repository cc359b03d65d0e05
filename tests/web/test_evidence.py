"""The evidence of a line on its page and on the plan's: added, refused by name, opened, withdrawn."""

from __future__ import annotations

import io
from collections.abc import Sequence
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from idp.adapters.storage import LocalFolder
from idp.models import Attachment, Evidence, Look, Notice, PlanItem
from idp.rules.terms import PlanItemState
from tests.factories import files, steps
from tests.factories.sample import at
from tests.factories.website import Website
from tests.web.reading import value_of, version_on, words

LINK = "https://thaimooc.example.org/certificate?id=1&name=สมชาย"
File = tuple[str, bytes]


def line(website: Website) -> PlanItem:
    return website.do(
        lambda session, _sample: session.scalars(select(PlanItem).order_by(PlanItem.id)).all()[0]
    )


def address(website: Website, *more: str) -> str:
    item = line(website)
    return "/".join([f"/plans/{item.plan_id}/items/{item.id}/evidence", *more])


def ready(website: Website) -> FlaskClient:
    website.do(steps.approved)
    website.clock.moment = at(steps.PROGRESS_DAY)
    return website.sign_in("somchai")


def send(client: FlaskClient, website: Website, sent: Sequence[File], **fields: str) -> TestResponse:
    data = {**fields, "files": [(io.BytesIO(content), name) for name, content in sent]}
    return client.post(address(website, "files"), data=data)


def kept(website: Website) -> list[Evidence]:
    return website.do(lambda session, _sample: list(session.scalars(select(Evidence).order_by(Evidence.id))))


PDF: File = (files.THAI_NAME, files.pdf())


def test_files_are_added_listed_and_opened_under_their_names(website: Website) -> None:
    client = ready(website)
    report = files.office()
    answer = send(client, website, [PDF, ("รายงาน.docx", report)], title="วุฒิบัตร")
    assert answer.status_code == 302 and answer.headers["Location"] == address(website)
    first, second = kept(website)
    for page in (client.get(address(website)), client.get(f"/plans/{line(website).plan_id}")):
        assert page.text.count("วุฒิบัตร</strong>") == 2
        assert f'href="/attachments/{first.attachment_id}"' in page.text
    with website.sign_in("suda").get(f"/attachments/{second.attachment_id}") as given:
        assert given.status_code == 200 and given.data == report
        assert given.headers["X-Content-Type-Options"] == "nosniff"
        assert given.headers["Content-Disposition"].startswith("attachment")
        assert quote("รายงาน.docx") in given.headers["Content-Disposition"]
        assert "sandbox" in given.headers["Content-Security-Policy"]
        assert "no-store" in given.headers["Cache-Control"]
    looks = website.do(lambda session, _sample: list(session.scalars(select(Look.subject_type))))
    assert "plan" in looks


def test_of_several_files_the_refused_are_named_and_the_others_kept(website: Website) -> None:
    client = ready(website)
    macros = ("งบ.xlsx", files.office("xlsx", xl__vbaProject_bin=b"x"))
    answer = send(client, website, [PDF, ("<b>โปรแกรม</b>.exe", files.PROGRAM), macros])
    assert answer.status_code == 200 and len(kept(website)) == 1
    said = words(answer)
    assert "เพิ่มหลักฐานแล้ว 1 ไฟล์" in said
    assert "<b>โปรแกรม</b>.exe: รับเฉพาะไฟล์" in said and "งบ.xlsx: ไฟล์นี้มีมาโคร" in said
    assert "<b>โปรแกรม" not in answer.text


def test_where_no_file_is_taken_what_was_typed_stays(website: Website) -> None:
    client = ready(website)
    answer = send(client, website, [("โปรแกรม.exe", files.PROGRAM)], title="ผลงานของฉัน")
    assert answer.status_code == 422 and value_of(answer, "title") == "ผลงานของฉัน"
    assert "โปรแกรม.exe: รับเฉพาะไฟล์" in words(answer) and 'id="error-files"' in answer.text
    answer = client.post(address(website, "files"), data={"title": "ผลงานของฉัน"})
    assert answer.status_code == 422 and 'id="error-files"' in answer.text
    answer = send(client, website, [PDF] * 11)
    assert answer.status_code == 422 and "ไม่เกิน 10 ไฟล์" in words(answer)
    assert kept(website) == []


def test_too_large_a_file_is_refused_with_the_words_kept(website: Website) -> None:
    client = ready(website)
    large = files.pdf() + b"\n" * (10 * 1024 * 1024)
    sent = [FileStorage(io.BytesIO(content), name) for name, content in (("ใหญ่.pdf", large), PDF)]
    boundary, body = encode_multipart({"files": sent, "title": ""})
    answer = client.post(
        address(website, "files"), data=body, content_type=f'multipart/form-data; boundary="{boundary}"'
    )
    assert "ใหญ่.pdf: ไฟล์มีขนาดเกิน 10 เมกะไบต์" in words(answer) and len(kept(website)) == 1


def test_a_link_is_shown_with_its_host_and_opened_apart(website: Website) -> None:
    client = ready(website)
    answer = client.post(address(website, "links"), data={"link_title": "ประกาศนียบัตร", "url": LINK})
    assert answer.status_code == 302
    page = website.sign_in("suda").get(f"/plans/{line(website).plan_id}").text
    tag = page[page.rindex("<a ", 0, page.index(">thaimooc.example.org")) :].split(">")[0]
    assert 'rel="noopener noreferrer"' in tag and 'target="_blank"' in tag
    wrong = {"link_title": "", "url": "javascript:alert(1)"}
    answer = client.post(address(website, "links"), data=wrong)
    assert answer.status_code == 422 and value_of(answer, "url") == "javascript:alert(1)"
    assert 'id="error-url"' in answer.text and 'id="error-link_title"' in answer.text
    assert 'href="javascript' not in answer.text


def test_withdrawn_evidence_is_struck_through_and_closed_to_others(website: Website) -> None:
    client = ready(website)
    send(client, website, [PDF])
    (evidence,) = kept(website)
    place = address(website, str(evidence.id), "withdraw")
    assert client.post(place, data={"reason": " "}).status_code == 422
    assert client.post(place, data={"reason": "แนบผิดไฟล์"}).status_code == 302
    assert client.post(place, data={"reason": "อีกครั้ง"}).status_code == 409
    other = website.sign_in("suda")
    page = other.get(f"/plans/{line(website).plan_id}")
    assert "<del>" in page.text and "แนบผิดไฟล์" in words(page)
    link = f"/attachments/{evidence.attachment_id}"
    assert f'class="file-link" href="{link}"' not in page.text
    for name, status in (("suda", 404), ("malee", 404), ("olan", 404)):
        assert website.sign_in(name).get(link).status_code == status
    with client.get(link) as answer:
        assert answer.status_code == 200


def test_nobody_reads_from_the_page_where_a_withdrawn_link_led(website: Website) -> None:
    client = ready(website)
    client.post(address(website, "links"), data={"link_title": "ประกาศนียบัตร", "url": LINK})
    (evidence,) = kept(website)
    place = address(website, str(evidence.id), "withdraw")
    assert client.post(place, data={"reason": "ใส่ลิงก์ผิด"}).status_code == 302
    plan_id = line(website).plan_id
    for name in ("suda", "prasit", "malee"):
        page = website.sign_in(name).get(f"/plans/{plan_id}").text
        assert "certificate?id=1" not in page and "ประกาศนียบัตร thaimooc.example.org" in page
    assert website.sign_in("olan").get(f"/plans/{plan_id}").status_code == 404


def test_the_supervisor_hears_that_a_lines_evidence_is_there(website: Website) -> None:
    client = ready(website)
    assert client.post(address(website, "submit")).status_code == 422
    send(client, website, [PDF])
    drawn = version_on(client.get(address(website)))
    assert client.post(address(website, "submit"), data={"version": drawn}).status_code == 302
    assert line(website).state is PlanItemState.EVIDENCE_SUBMITTED
    told = website.do(
        lambda session, _sample: list(
            session.scalars(select(Notice.recipient_person_id).where(Notice.event == "plan:submit_evidence"))
        )
    )
    assert told == [website.sample.cast.suda.person_id]
    assert "ส่งหลักฐานผลการพัฒนาแล้ว" in words(website.sign_in("suda").get("/notifications/"))


def test_the_same_form_twice_adds_once(website: Website) -> None:
    client = ready(website)
    drawn = version_on(client.get(address(website)))
    assert send(client, website, [PDF], version=drawn).status_code == 302
    answer = send(client, website, [PDF], version=drawn, title="ข้อความที่พิมพ์ไว้")
    assert answer.status_code == 409 and value_of(answer, "title") == "ข้อความที่พิมพ์ไว้"
    (evidence,) = kept(website)
    for place in ("submit", f"{evidence.id}/withdraw"):
        sent = {"version": drawn, "reason": "แนบผิดไฟล์"}
        assert client.post(address(website, place), data=sent).status_code == 409
    assert len(kept(website)) == 1


def test_others_read_and_do_not_write_and_outsiders_find_nothing(website: Website) -> None:
    send(ready(website), website, [PDF])
    (evidence,) = kept(website)
    for name, reads, writes in (
        ("suda", 200, 403),
        ("prasit", 200, 403),
        ("malee", 200, 403),
        ("anong", 404, 404),
        ("olan", 404, 404),
    ):
        client = website.sign_in(name)
        page = client.get(address(website))
        assert page.status_code == reads and 'name="files"' not in page.text
        with client.get(f"/attachments/{evidence.attachment_id}") as answer:
            assert answer.status_code == reads
        assert send(client, website, [PDF]).status_code == writes
        for place in ("links", "submit", f"{evidence.id}/withdraw"):
            sent = {"link_title": "a", "url": LINK, "reason": "a"}
            assert client.post(address(website, place), data=sent).status_code == writes
    assert len(kept(website)) == 1


def test_evidence_of_another_line_is_not_found_here(website: Website) -> None:
    client = ready(website)
    send(client, website, [PDF])
    (evidence,) = kept(website)
    other = website.do(
        lambda session, _sample: session.scalars(select(PlanItem.id).order_by(PlanItem.id.desc())).first()
    )
    plan_id = line(website).plan_id
    place = f"/plans/{plan_id}/items/{other}/evidence/{evidence.id}/withdraw"
    assert client.post(place, data={"reason": "a"}).status_code == 404
    assert client.get(f"/plans/{plan_id}/items/99999/evidence").status_code == 404


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_file_that_is_gone_is_said_so_and_is_no_failure(website: Website, damage: str) -> None:
    client = ready(website)
    send(client, website, [PDF])
    (evidence,) = kept(website)
    key = website.do(lambda session, _sample: session.get_one(Attachment, evidence.attachment_id).storage_key)
    place = LocalFolder(website.app.extensions["settings"].storage_dir).path_of(key)
    if damage == "gone":
        place.unlink()
    else:
        place.write_bytes(place.read_bytes() + b"x")
    answer = client.get(f"/attachments/{evidence.attachment_id}")
    assert answer.status_code == 404 and "ไม่พบไฟล์ในที่เก็บของระบบ" in words(answer)


def test_evidence_on_paper_is_entered_with_the_report_in_the_signers_name(website: Website) -> None:
    ready(website)
    client, number = website.sign_in("malee"), line(website).id
    place = f"/paper/assessments/{website.sample.assessment.id}/progress"
    sent = {
        "signed_on": f"{steps.PROGRESS_DAY.day}/{steps.PROGRESS_DAY.month}/2569",
        "version": version_on(client.get(place)),
        f"item-{number}-percent": "60",
        f"item-{number}-note": "อบรมแล้ว",
        f"item-{number}-evidence": "yes",
    }

    def bring(evidence: File) -> TestResponse:
        scans = {"scan": (io.BytesIO(files.pdf()), "แบบรายงาน.pdf")}
        return client.post(
            place, data=sent | scans | {f"item-{number}-files": [(io.BytesIO(evidence[1]), evidence[0])]}
        )

    answer = bring(("โปรแกรม.exe", files.PROGRAM))
    assert answer.status_code == 422 and f'id="error-item-{number}-files"' in answer.text
    assert kept(website) == [] and line(website).percent == 0
    assert bring(("วุฒิบัตร.pdf", files.pdf())).status_code == 302
    (evidence,) = kept(website)
    assert evidence.by_person_id == website.sample.cast.somchai.person_id
    assert line(website).state is PlanItemState.EVIDENCE_SUBMITTED
    file = website.do(lambda session, _sample: session.get_one(Attachment, evidence.attachment_id))
    assert file.uploaded_by_person_id == website.sample.cast.malee.person_id
