"""Evidence of what was done: taken by its content, kept with its line, given to those who read the plan, and
withdrawn without being lost."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.adapters import object_storage
from idp.adapters.object_storage import Bucket, ObjectStorage
from idp.adapters.storage import LocalFolder, StoredFile
from idp.models import Attachment, DevelopmentPlan, Evidence, HistoryEntry, Notice, PlanItem
from idp.queries.evidence import evidence_of_plan
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, StaleVersion, TransitionNotAllowed
from idp.rules.evidence import MOST_FILES
from idp.rules.terms import EvidenceKind, PlanItemState, PlanState, SubjectType
from idp.services.attachments import FOLDER, LEFT_BEHIND, Upload, UploadDesk, load_attachment, sweep_uploads
from idp.services.evidence import add_files, add_link, withdraw_evidence
from idp.services.plan_amendments import amend_plan
from idp.services.plan_progress import evaluate_item, evaluate_plan, report_progress, submit_evidence
from idp.services.plans import cancel_plan
from tests.factories import files, steps
from tests.factories.sample import Sample, at
from tests.servers.object_storage import BUCKET, KEY_ID, REGION, SECRET, ObjectServer

NOW = at(steps.PROGRESS_DAY)
DAY = local_day(NOW)
END = at(steps.EVALUATION_DAY)
LINK = "https://example.go.th/certificate/1?ชื่อ=สมชาย"


@pytest.fixture
def storage(tmp_path: Path) -> LocalFolder:
    return LocalFolder(tmp_path / "documents")


@pytest.fixture
def desk(storage: LocalFolder) -> UploadDesk:
    return UploadDesk(storage, 1)


def upload(name: str = files.THAI_NAME, content: bytes | None = None) -> Upload:
    return Upload(name, io.BytesIO(files.pdf() if content is None else content))


def line_of(plan: DevelopmentPlan) -> PlanItem:
    return plan.items[0]


def kept_files(storage: LocalFolder) -> list[str]:
    return [path.name for path in storage.root.glob(f"*/{FOLDER}/*")]


def one_file(session: Session, sample: Sample, desk: UploadDesk, plan: DevelopmentPlan) -> Evidence:
    handed = add_files(session, desk, sample.cast.somchai, line_of(plan).id, "", [upload()], NOW)
    (evidence,) = handed.kept
    return evidence


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        (files.THAI_NAME, files.pdf(), "application/pdf"),
        ("ภาพ.jpg", files.picture("JPEG"), "image/jpeg"),
        ("ภาพ.webp", files.picture("WEBP"), "image/webp"),
        ("รายงาน.docx", files.office("docx"), "wordprocessingml.document"),
        ("ตาราง.xlsx", files.office("xlsx"), "spreadsheetml.sheet"),
        ("นำเสนอ.pptx", files.office("pptx"), "presentationml.presentation"),
    ],
)
def test_a_file_is_kept_by_its_content_under_its_name(
    session: Session,
    sample: Sample,
    desk: UploadDesk,
    storage: LocalFolder,
    name: str,
    content: bytes,
    media_type: str,
) -> None:
    plan, somchai = steps.approved(session, sample), sample.cast.somchai
    before = plan.version
    handed = add_files(session, desk, somchai, line_of(plan).id, "", [upload(name, content)], NOW)
    (evidence,) = handed.kept
    file = evidence.attachment
    assert file is not None and handed.refused == ()
    assert (evidence.title, file.filename) == (name.rpartition(".")[0], name)
    assert file.media_type.endswith(media_type)
    assert (file.subject_type, file.subject_id) == (SubjectType.PLAN_ITEM, line_of(plan).id)
    with storage.open_whole(file.storage_key, StoredFile(file.size, file.sha256)) as kept:
        assert kept.read() == content
    assert plan.version == before + 1 and plan.state is PlanState.APPROVED
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "attach_file")).one()
    assert (entry.subject_type, entry.subject_id) == (SubjectType.PLAN_ITEM, line_of(plan).id)
    assert entry.detail["filename"] == name and entry.actor_person_id == somchai.person_id


@pytest.mark.parametrize("case", files.REFUSED_EVIDENCE)
def test_what_is_no_evidence_is_refused_and_leaves_nothing(
    session: Session, sample: Sample, desk: UploadDesk, storage: LocalFolder, case: str
) -> None:
    name, content, code = files.REFUSED_EVIDENCE[case]
    plan = steps.approved(session, sample)
    before = plan.version
    sent = [upload(name, content)]
    handed = add_files(session, desk, sample.cast.somchai, line_of(plan).id, "", sent, NOW)
    (refused,) = handed.refused
    assert (refused.filename, refused.problem.code, handed.kept) == (name, code, ())
    assert plan.version == before and session.scalar(select(Evidence)) is None
    assert kept_files(storage) == [] and list(storage.drafts.iterdir()) == []


def test_of_several_files_the_good_ones_are_kept_and_the_others_named(
    session: Session, sample: Sample, desk: UploadDesk, storage: LocalFolder
) -> None:
    plan = steps.approved(session, sample)
    sent = [upload("หนึ่ง.pdf"), upload("สอง.exe", files.PROGRAM), upload("../../สาม.pdf"), upload("", b"")]
    handed = add_files(session, desk, sample.cast.somchai, line_of(plan).id, "วุฒิบัตร", sent, NOW)
    assert [each.title for each in handed.kept] == ["วุฒิบัตร", "วุฒิบัตร"]
    assert [each.attachment and each.attachment.filename for each in handed.kept] == ["หนึ่ง.pdf", "สาม.pdf"]
    assert [each.filename for each in handed.refused] == ["สอง.exe"]
    session.commit()
    assert len(kept_files(storage)) == 2


@pytest.mark.parametrize("count", [0, MOST_FILES + 1])
def test_nothing_and_too_many_are_refused_at_the_field(
    session: Session, sample: Sample, desk: UploadDesk, storage: LocalFolder, count: int
) -> None:
    plan = steps.approved(session, sample)
    with pytest.raises(InvalidInput) as refused:
        add_files(session, desk, sample.cast.somchai, line_of(plan).id, "", [upload()] * count, NOW)
    assert refused.value.field == "files" and kept_files(storage) == []


@pytest.mark.parametrize(("exit_code", "code"), [(1, "infected"), (2, "not_scanned")])
def test_the_scanner_looks_at_evidence_too(
    session: Session, sample: Sample, storage: LocalFolder, exit_code: int, code: str
) -> None:
    plan = steps.approved(session, sample)
    scanner = UploadDesk(storage, 1, f'{sys.executable} -c "import sys; sys.exit({exit_code})"')
    handed = add_files(session, scanner, sample.cast.somchai, line_of(plan).id, "", [upload()], NOW)
    assert [each.problem.code for each in handed.refused] == [code] and kept_files(storage) == []


def test_a_link_is_kept_with_its_title(session: Session, sample: Sample) -> None:
    plan, somchai = steps.approved(session, sample), sample.cast.somchai
    link = add_link(session, somchai, line_of(plan).id, "ประกาศนียบัตร", f" {LINK} ", NOW)
    assert (link.kind, link.url, link.by_person_id) == (EvidenceKind.LINK, LINK, somchai.person_id)
    (shown,) = evidence_of_plan(session, plan.id, is_owner=False)[line_of(plan).id]
    assert (shown.host, shown.url) == ("example.go.th", LINK)
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "add_link")).one()
    assert entry.detail["url"] == LINK


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.go.th/a",
        "//example.go.th",
        "example.go.th",
        "https://",
        "https://localhost",
        "https://user:pass@example.go.th",
        "https://bank.go.th@evil.example",
        "https://example.go.th\\@evil.example",
        "https://exa mple.go.th",
        "https://example.go.th/\u202egpj.exe",
        'https://example.go.th/"onclick="x',
        "https://example.go.th:port",
        "https://[::1",
        "https://example.go.th/" + "a" * 2000,
    ],
)
def test_what_is_no_plain_address_of_a_site_is_no_link(session: Session, sample: Sample, url: str) -> None:
    plan = steps.approved(session, sample)
    with pytest.raises(InvalidInput) as refused:
        add_link(session, sample.cast.somchai, line_of(plan).id, "", url, NOW)
    assert {each.field for each in refused.value.problems} == {"link_title", "url"}  # type: ignore[attr-defined]
    assert session.scalar(select(Evidence)) is None


def test_withdrawn_evidence_stays_in_the_record_and_opens_for_its_owner_alone(
    session: Session, sample: Sample, desk: UploadDesk
) -> None:
    plan, cast = steps.approved(session, sample), sample.cast
    evidence = one_file(session, sample, desk, plan)
    link = add_link(session, cast.somchai, line_of(plan).id, "ลิงก์", LINK, NOW)
    with pytest.raises(InvalidInput) as refused:
        withdraw_evidence(session, cast.somchai, evidence.id, " ", NOW)
    assert refused.value.field == "reason"
    for each in (evidence, link):
        withdraw_evidence(session, cast.somchai, each.id, "แนบผิดไฟล์", NOW)
    assert evidence.attachment_id is not None
    assert load_attachment(session, cast.somchai, evidence.attachment_id, DAY) is evidence.attachment
    for actor in (cast.suda, cast.prasit, cast.malee):
        with pytest.raises(NotVisible):
            load_attachment(session, actor, evidence.attachment_id, DAY)
    shown = evidence_of_plan(session, plan.id, is_owner=False)[line_of(plan).id]
    assert [(each.is_withdrawn, each.attachment_id, each.url) for each in shown] == [(True, None, "")] * 2
    assert shown[0].withdrawn_because == "แนบผิดไฟล์"
    entry = session.scalars(
        select(HistoryEntry).where(HistoryEntry.event == "withdraw_evidence").order_by(HistoryEntry.id)
    ).first()
    assert entry is not None and entry.reason == "แนบผิดไฟล์"
    with pytest.raises(TransitionNotAllowed):
        withdraw_evidence(session, cast.somchai, evidence.id, "อีกครั้ง", NOW)


def test_a_line_whose_last_evidence_is_withdrawn_is_in_progress_again(
    session: Session, sample: Sample, desk: UploadDesk
) -> None:
    plan, cast = steps.approved(session, sample), sample.cast
    item = line_of(plan)
    evidence = one_file(session, sample, desk, plan)
    link = add_link(session, cast.somchai, item.id, "ลิงก์", LINK, NOW)
    submit_evidence(session, cast.somchai, item.id, NOW)
    withdraw_evidence(session, cast.somchai, evidence.id, "แนบผิดไฟล์", NOW)
    states = [item.state.value]
    withdraw_evidence(session, cast.somchai, link.id, "ใส่ลิงก์ผิด", NOW)
    states.append(item.state.value)
    first, last = session.scalars(
        select(HistoryEntry).where(HistoryEntry.event == "withdraw_evidence").order_by(HistoryEntry.id)
    )
    assert "after" not in first.detail
    assert [last.detail[side]["state"] for side in ("before", "after")] == states
    one_file(session, sample, desk, plan)
    submit_evidence(session, cast.somchai, item.id, NOW)
    states.append(item.state.value)
    assert states == ["evidence_submitted", "in_progress", "evidence_submitted"]


def test_only_the_owner_adds_and_withdraws(session: Session, sample: Sample, desk: UploadDesk) -> None:
    plan, cast = steps.approved(session, sample), sample.cast
    evidence, number = one_file(session, sample, desk, plan), line_of(plan).id
    for actor in (cast.suda, cast.prasit, cast.malee, *cast.outsiders):
        refusal = NotVisible if actor in cast.outsiders else NotPermitted
        with pytest.raises(refusal):
            add_files(session, desk, actor, number, "", [upload()], NOW)
        with pytest.raises(refusal):
            add_link(session, actor, number, "ลิงก์", LINK, NOW)
        with pytest.raises(refusal):
            withdraw_evidence(session, actor, evidence.id, "x", NOW)
        with pytest.raises(refusal):
            submit_evidence(session, actor, number, NOW)
    with pytest.raises(NotVisible):
        add_link(session, cast.somchai, 99_999, "ลิงก์", LINK, NOW)
    with pytest.raises(NotVisible):
        withdraw_evidence(session, cast.somchai, 99_999, "x", NOW)


def test_a_file_is_for_those_who_read_the_plan(session: Session, sample: Sample, desk: UploadDesk) -> None:
    plan, cast = steps.approved(session, sample), sample.cast
    evidence = one_file(session, sample, desk, plan)
    number = evidence.attachment_id
    assert number is not None
    for actor in (cast.somchai, cast.suda, cast.prasit, cast.malee):
        assert load_attachment(session, actor, number, DAY).id == number
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            load_attachment(session, actor, number, DAY)


@pytest.mark.parametrize("bring", [steps.drafted, steps.submitted])
def test_a_plan_that_is_not_approved_takes_no_evidence(
    session: Session, sample: Sample, desk: UploadDesk, bring: Callable[[Session, Sample], DevelopmentPlan]
) -> None:
    plan = bring(session, sample)
    with pytest.raises(TransitionNotAllowed):
        add_files(session, desk, sample.cast.somchai, line_of(plan).id, "", [upload()], NOW)


def test_a_plan_being_amended_cancelled_or_evaluated_takes_none(
    session: Session, sample: Sample, desk: UploadDesk
) -> None:
    plan, cast = steps.in_evaluation(session, sample), sample.cast
    one_file(session, sample, desk, plan)
    for item in plan.items:
        evaluate_item(session, cast.suda, item.id, PlanItemState.ACHIEVED, None, "", END)
    with pytest.raises(TransitionNotAllowed):  # the line has its result
        one_file(session, sample, desk, plan)
    evaluate_plan(session, cast.suda, plan.id, "", END)
    with pytest.raises(TransitionNotAllowed):
        one_file(session, sample, desk, plan)


@pytest.mark.parametrize("way", ["amend", "cancel"])
def test_evidence_waits_while_the_plan_does(
    session: Session, sample: Sample, desk: UploadDesk, way: str
) -> None:
    plan, cast = steps.approved(session, sample), sample.cast
    evidence = one_file(session, sample, desk, plan)
    if way == "amend":
        amend_plan(session, cast.somchai, plan.id, "เปลี่ยนงาน", NOW)
    else:
        cancel_plan(session, cast.malee, plan.id, "โอนย้าย", NOW)
    with pytest.raises(TransitionNotAllowed):
        one_file(session, sample, desk, plan)
    with pytest.raises(TransitionNotAllowed):
        withdraw_evidence(session, cast.somchai, evidence.id, "x", NOW)
    assert evidence.attachment_id is not None
    assert load_attachment(session, cast.suda, evidence.attachment_id, DAY) is evidence.attachment


def test_a_form_drawn_before_somebody_elses_word_is_stale(
    session: Session, sample: Sample, desk: UploadDesk
) -> None:
    plan, somchai = steps.approved(session, sample), sample.cast.somchai
    drawn, number = plan.version, line_of(plan).id
    handed = add_files(session, desk, somchai, number, "", [upload()], NOW, drawn)
    for again in (
        lambda: add_files(session, desk, somchai, number, "", [upload()], NOW, drawn),
        lambda: add_link(session, somchai, number, "ลิงก์", LINK, NOW, drawn),
        lambda: withdraw_evidence(session, somchai, handed.kept[0].id, "x", NOW, drawn),
        lambda: submit_evidence(session, somchai, number, NOW, drawn),
    ):
        with pytest.raises(StaleVersion):
            again()
    assert len(session.scalars(select(Evidence)).all()) == 1


def test_the_supervisor_is_told_once_that_a_lines_evidence_is_there(
    session: Session, sample: Sample, desk: UploadDesk
) -> None:
    plan, cast = steps.approved(session, sample), sample.cast
    first, second = plan.items
    with pytest.raises(InvalidInput) as refused:
        submit_evidence(session, cast.somchai, first.id, NOW)
    assert refused.value.code == "no_evidence"
    one_file(session, sample, desk, plan)
    for _ in range(2):
        submit_evidence(session, cast.somchai, first.id, NOW)
    assert (plan.state, first.state) == (PlanState.IN_PROGRESS, PlanItemState.EVIDENCE_SUBMITTED)
    told = select(Notice.recipient_person_id).where(Notice.event == "plan:submit_evidence")
    assert session.scalars(told).all() == [cast.suda.person_id]
    later = NOW + timedelta(days=1)
    report_progress(session, cast.somchai, second.id, 100, "ครบ", later, evidence_submitted=True)
    report_progress(session, cast.somchai, first.id, 100, "ครบ", later, evidence_submitted=True)
    assert session.scalars(told).all() == [cast.suda.person_id] * 2


def test_the_row_and_the_file_go_together_or_not_at_all(
    session: Session, sample: Sample, desk: UploadDesk, storage: LocalFolder
) -> None:
    plan = steps.approved(session, sample)
    number = line_of(plan).id
    session.commit()
    add_files(session, desk, sample.cast.somchai, number, "", [upload(), upload("b.pdf")], NOW)
    assert len(kept_files(storage)) == 2
    session.rollback()
    assert kept_files(storage) == [] and session.scalar(select(Evidence)) is None


def test_what_a_killed_process_left_between_file_and_row_is_swept(
    session: Session, sample: Sample, desk: UploadDesk, storage: LocalFolder
) -> None:
    evidence = one_file(session, sample, desk, steps.approved(session, sample))
    session.commit()
    orphan = f"{sample.organisation.id}/{FOLDER}/{'0' * 32}.docx"
    storage.put(orphan, files.office())
    old = NOW.timestamp() - LEFT_BEHIND.total_seconds() - 60
    assert evidence.attachment is not None
    for key in (orphan, evidence.attachment.storage_key):
        os.utime(storage.path_of(key), (old, old))
    assert sweep_uploads(session, storage, NOW) == 1
    storage.open(evidence.attachment.storage_key).close()


def test_an_object_storage_keeps_evidence_and_one_that_is_down_loses_nothing(
    session: Session, sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_storage, "TRIES", 1)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    plan, somchai = steps.approved(session, sample), sample.cast.somchai
    number = line_of(plan).id
    with ObjectServer() as server:
        remote = ObjectStorage(Bucket(server.endpoint, BUCKET, REGION, KEY_ID, SECRET), tmp_path)
        desk = UploadDesk(remote, 1)
        (kept,) = add_files(session, desk, somchai, number, "", [upload()], NOW).kept
        assert kept.attachment is not None
        assert server.objects[kept.attachment.storage_key].content == files.pdf()
        session.commit()
        server.refuses = True
        handed = add_files(session, desk, somchai, number, "", [upload("b.pdf")], NOW)
        assert [each.problem.code for each in handed.refused] == ["not_stored"] and not handed.kept
        server.refuses = False
        add_files(session, desk, somchai, number, "", [upload("c.pdf")], NOW)
        session.rollback()
        assert list(server.objects) == [kept.attachment.storage_key]
        add_files(session, desk, somchai, number, "", [upload("d.pdf")], NOW)
    session.rollback()  # the server is down: what is left there is swept later
    assert len(session.scalars(select(Evidence)).all()) == 1
    assert len(session.scalars(select(Attachment)).all()) == 1
