"""The whole record of an objection: everything as it was on the day, for the office and whom it is about."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from idp.adapters.storage import LocalFolder
from idp.models import Attachment, HistoryEntry, Objection, ReportJob, StoredDocument
from idp.queries.whole_record import whole_record
from idp.rules.errors import NotPermitted, NotVisible
from idp.rules.terms import JobState, PlanState, ReportKind, SubjectType
from idp.services.documents import load_document
from idp.services.evidence import add_link, withdraw_evidence
from idp.services.objections import lodge_objection
from idp.services.reports import LEASE, claim_report, due_reports, request_report, run_report
from tests.factories import steps
from tests.factories.sample import Sample, at, make_sample

DAY = steps.PLAN_DAY + timedelta(days=1)
NOW = at(DAY)


class Archive:
    """The sample with an objection lodged, in a database of its own, and a storage."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.storage = LocalFolder(folder)
        self.now = NOW
        self.session = Session(engine)
        self.sample: Sample = make_sample(self.session)
        plan = steps.submitted(self.session, self.sample)
        stored = self.storage.put("1/uploads/scan.pdf", b"%PDF-1.7 scan")
        self.session.add(
            Attachment(
                organisation_id=self.sample.organisation.id,
                subject_type=SubjectType.PLAN,
                subject_id=plan.id,
                filename="หลักฐาน.pdf",
                media_type="application/pdf",
                size=stored.size,
                sha256=stored.sha256,
                storage_key="1/uploads/scan.pdf",
                uploaded_by_person_id=self.sample.cast.somchai.person_id,
                uploaded_at=NOW,
            )
        )
        self.objection: Objection = lodge_objection(
            self.session, self.sample.cast.somchai, self.sample.assessment.id, "ผลไม่ตรงกับงาน", NOW
        )
        self.session.commit()

    @contextmanager
    def open_session(self) -> Iterator[Session]:
        self.session.commit()
        with Session(self.engine) as session:
            yield session

    def clock(self) -> datetime:
        return self.now

    def run(self) -> bytes:
        assert self.objection.export_job_id is not None
        state = run_report(self.open_session, self.storage, self.clock, self.objection.export_job_id)
        self.session.expire_all()
        job = self.session.get_one(ReportJob, self.objection.export_job_id)
        assert state is JobState.DONE, job.error
        assert job.document is not None
        with self.storage.open(job.document.storage_key) as file:
            return file.read()


@pytest.fixture
def archive(own_engine: Engine, tmp_path: Path) -> Iterator[Archive]:
    made = Archive(own_engine, tmp_path / "documents")
    yield made
    made.session.close()
    made.engine.dispose()


def test_it_holds_everything_with_the_history_and_its_hashes(archive: Archive) -> None:
    content = archive.run()
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
        record = json.loads(opened.read("record.json"))
        forms = [name for name in names if name.endswith(".pdf") and "/" not in name]
        scans = [opened.read(name) for name in names if name.startswith("attachments/")]
        assert all(opened.read(name).startswith(b"%PDF") for name in forms)
    assert len(forms) == 2 and scans == [b"%PDF-1.7 scan"]
    sample = archive.sample
    assert record["assessment"]["competency_score"] == "20"
    assert record["assessment"]["first_name"] == "สมชาย"
    ratings = record["items"][0]["ratings"]
    assert {rating["rater_kind"] for rating in ratings} == {"self", "supervisor"}
    assert all(tick["text"] and tick["level"] for rating in ratings for tick in rating["ticks"])
    assert record["plans"] and record["plan_items"] and record["plan_versions"]
    assert record["objections"][0]["grounds"] == "ผลไม่ตรงกับงาน"
    assert record["missing_files"] == []
    assert record["people"][str(sample.cast.suda.person_id)] == "นางสาวสุดา รักงาน"
    kept = archive.session.execute(
        select(HistoryEntry.sequence, HistoryEntry.hash)
        .where(
            HistoryEntry.subject_type == SubjectType.ASSESSMENT,
            HistoryEntry.subject_id == sample.assessment.id,
        )
        .order_by(HistoryEntry.sequence)
    ).all()
    told = [
        (entry["sequence"], entry["hash"])
        for entry in record["history"]
        if entry["subject_type"] == "assessment"
    ]
    assert sorted(told) == [tuple(row) for row in kept] and len(kept) > 6
    assert "storage_key" not in json.dumps(record)


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.CANCELLED, PlanState.RETURNED])
def test_a_plan_that_its_owner_alone_reads_is_left_out(
    session: Session, sample: Sample, state: PlanState
) -> None:
    plan = steps.drafted(session, sample)
    plan.state = state
    session.flush()
    record = whole_record(session, sample.assessment.id, NOW)
    assert record["plans"] == record["plan_items"] == []
    assert {entry["subject_type"] for entry in record["history"]} == {"assessment"}
    plan.submitted_at = NOW
    session.flush()
    assert bool(whole_record(session, sample.assessment.id, NOW)["plans"]) is (state is not PlanState.DRAFT)


def test_a_withdrawn_link_leads_nowhere_any_more(session: Session, sample: Sample) -> None:
    plan, somchai = steps.approved(session, sample), sample.cast.somchai
    now = at(steps.PROGRESS_DAY)
    links = [
        add_link(session, somchai, plan.items[0].id, "ลิงก์", f"https://{name}.example.org/1", now)
        for name in ("wrong", "right")
    ]
    withdraw_evidence(session, somchai, links[0].id, "ใส่ลิงก์ผิด", now)
    record = whole_record(session, sample.assessment.id, now)
    assert [row["url"] for row in record["plan_evidence"]] == ["", "https://right.example.org/1"]
    told = [entry["detail"]["url"] for entry in record["history"] if entry["event"] == "add_link"]
    assert told == ["", "https://right.example.org/1"]
    assert "wrong.example.org" not in json.dumps(record)
    kept = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "add_link")).all()
    assert "https://wrong.example.org/1" in [entry.detail["url"] for entry in kept]


def test_the_page_can_name_its_hash(archive: Archive) -> None:
    content = archive.run()
    document = archive.session.scalars(select(StoredDocument)).one()
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.kind is ReportKind.WHOLE_RECORD and document.filename.endswith("_0001.zip")


def test_a_worker_that_died_is_followed_by_another_that_makes_the_same_bytes(archive: Archive) -> None:
    number = archive.objection.export_job_id
    assert number is not None
    with archive.open_session() as session:
        assert claim_report(session, number, archive.now) is not None  # and then it was killed
        session.commit()
    assert due_reports(archive.session, archive.now) == []
    archive.session.rollback()
    archive.now += LEASE + timedelta(seconds=1)
    first = archive.run()
    again = request_report(
        archive.session,
        archive.sample.cast.malee,
        ReportKind.WHOLE_RECORD,
        SubjectType.ASSESSMENT,
        archive.sample.assessment.id,
        NOW,
    )
    archive.objection.export_job_id = again.id
    archive.session.commit()
    second = archive.run()
    with zipfile.ZipFile(io.BytesIO(first)) as one, zipfile.ZipFile(io.BytesIO(second)) as other:
        assert one.namelist() == other.namelist()
        records = [json.loads(each.read("record.json")) for each in (one, other)]
        assert records[0]["history"] == records[1]["history"]


def test_a_file_that_is_gone_is_named_and_the_rest_is_made(archive: Archive) -> None:
    archive.storage.path_of("1/uploads/scan.pdf").unlink()
    with zipfile.ZipFile(io.BytesIO(archive.run())) as opened:
        record = json.loads(opened.read("record.json"))
    assert record["missing_files"] == [record["attachments"][0]["id"]]


def test_only_the_office_and_whom_it_is_about_have_it(archive: Archive) -> None:
    archive.run()
    session, cast = archive.session, archive.sample.cast
    number = session.scalars(select(StoredDocument.id)).one()
    for name in ("somchai", "malee"):
        assert load_document(session, getattr(cast, name), number, DAY).id == number
    for name in ("suda", "prasit"):
        with pytest.raises(NotPermitted):
            load_document(session, getattr(cast, name), number, DAY)
    for outsider in cast.outsiders:
        with pytest.raises(NotVisible):
            load_document(session, outsider, number, DAY)


def test_without_an_objection_there_is_none_to_be_had(session: Session, sample: Sample) -> None:
    steps.received(session, sample)
    what = (ReportKind.WHOLE_RECORD, SubjectType.ASSESSMENT, sample.assessment.id)
    for name in ("somchai", "malee"):
        with pytest.raises(NotVisible):
            request_report(session, getattr(sample.cast, name), *what, NOW)
    with pytest.raises(NotPermitted):
        request_report(session, sample.cast.suda, *what, NOW)
