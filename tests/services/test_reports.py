"""Report jobs: who may ask, what comes out, what happens to a fault and to a dead worker."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from idp.adapters.storage import LocalFolder, StorageError
from idp.models import PlanItem, ReportJob, RoleGrant, StoredDocument
from idp.queries.forms import assessment_form, plan_form
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible
from idp.rules.terms import (
    AssessmentEvent,
    AssessmentState,
    DevelopmentMethod,
    JobState,
    PlanState,
    ReportKind,
    Role,
    SubjectType,
)
from idp.services import report_making, reports
from idp.services.documents import load_document, load_job
from idp.services.history import record_history
from idp.services.reports import due_reports, render_form, request_report, run_report
from tests.services.outbox_cast import DAY, NOW, Cast, add_assessment, add_cast

ASSESSMENT = (ReportKind.ASSESSMENT_FORM, SubjectType.ASSESSMENT)
PLAN = (ReportKind.PLAN_FORM, SubjectType.PLAN)
UNIT = (ReportKind.UNIT_FORMS, SubjectType.CYCLE)


@dataclass
class Office:
    """A database with the cast, a storage, and a clock that tests move."""

    engine: Engine
    folder: Path
    now: datetime = NOW
    cast: Cast = field(init=False)

    def __post_init__(self) -> None:
        self.session = Session(self.engine)
        self.cast = add_cast(self.session)
        self.storage = LocalFolder(self.folder)
        self.session.commit()

    @contextmanager
    def open_session(self) -> Iterator[Session]:
        self.session.commit()
        with Session(self.engine) as session:
            yield session

    def clock(self) -> datetime:
        return self.now

    def ask(self, who: str, what: tuple[ReportKind, SubjectType], subject_id: int) -> ReportJob:
        job = request_report(self.session, self.cast.actor(who), *what, subject_id, self.now)
        self.session.commit()
        return job

    def run(self, job: ReportJob) -> JobState | None:
        state = run_report(self.open_session, self.storage, self.clock, job.id)
        self.session.expire_all()
        return state

    def content(self, job: ReportJob) -> bytes:
        assert job.document is not None
        with self.storage.open(job.document.storage_key) as file:
            return file.read()


@pytest.fixture
def office(own_engine: Engine, tmp_path: Path) -> Iterator[Office]:
    office = Office(own_engine, tmp_path / "documents")
    yield office
    office.session.close()
    office.engine.dispose()


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_arguments: object, **_values: object) -> bytes:
        raise RuntimeError("the form cannot be laid out")

    monkeypatch.setattr(report_making, "render_subject", break_down)


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_released_form_becomes_a_document_with_its_hash(office):
    office.cast.put(AssessmentState.RELEASED)
    job = office.ask("somchai", ASSESSMENT, office.cast.assessment.id)
    assert office.run(job) is JobState.DONE
    assert (job.done_count, job.total_count) == (1, 1)
    content = office.content(job)
    assert job.document.sha256 == hashlib.sha256(content).hexdigest()
    assert job.document.size == len(content)
    assert job.document.filename == "แบบประเมิน_2570_0001.pdf"
    assert "นายสมชายใจดี" in text_of(content)


def test_the_same_record_makes_the_same_bytes(office):
    office.cast.put(AssessmentState.CLOSED)
    first = office.ask("suda", ASSESSMENT, office.cast.assessment.id)
    second = office.ask("malee", ASSESSMENT, office.cast.assessment.id)
    office.run(first)
    office.run(second)
    assert office.content(first) == office.content(second)
    assert first.document_id != second.document_id


def test_the_plan_form_says_what_is_planned(office):
    plan = office.cast.plan(PlanState.APPROVED)
    office.session.add(
        PlanItem(
            plan_id=plan.id,
            sort_order=1,
            method=DevelopmentMethod.COACHING,
            title="ฝึกสอนงานด้านการเงิน",
            starts_on=date(2026, 12, 1),
            ends_on=date(2027, 2, 28),
            hours=12,
            cost_baht=Decimal(1500),
        )
    )
    office.session.commit()
    form = plan_form(office.session, plan.id, DAY)
    assert form.lines[0].quarters == (1, 2)
    assert (form.total_hours, form.total_cost_baht) == (12, Decimal(1500))
    assert form.lines[0].methods == ("การสอนงาน",)
    job = office.ask("somchai", PLAN, plan.id)
    assert office.run(job) is JobState.DONE
    assert "ฝึกสอนงานด้านการเงิน" in text_of(office.content(job))


def test_a_signature_is_the_latest_step_that_was_not_undone(office):
    cast, session = office.cast, office.session
    subject = (SubjectType.ASSESSMENT, cast.assessment.id)
    day = {"organisation_id": cast.organisation.id}

    def steps(*events: AssessmentEvent) -> None:
        for event in events:
            record_history(session, cast.actor("somchai"), subject, event, NOW, **day)
        session.flush()

    def signed() -> date | None:
        return assessment_form(session, cast.assessment.id, DAY).signatures[0].signed_on

    assert signed() is None
    steps(AssessmentEvent.SUBMIT_SELF)
    assert signed() == DAY
    steps(AssessmentEvent.RETURN_SELF)
    assert signed() is None
    steps(AssessmentEvent.SUBMIT_SELF)
    form = assessment_form(session, cast.assessment.id, DAY)
    assert form.signatures[0].name == "นายสมชาย ใจดี"
    assert form.signatures[0].position == "นักทรัพยากรบุคคลชำนาญการ"
    assert form.signatures[1].signed_on is None


@pytest.mark.parametrize(
    "state", [AssessmentState.NOT_STARTED, AssessmentState.RATED, AssessmentState.MODERATED]
)
def test_the_employee_gets_no_form_before_the_release(office, state):
    office.cast.put(state)
    with pytest.raises(NotPermitted):
        office.ask("somchai", ASSESSMENT, office.cast.assessment.id)


def test_the_employee_cannot_open_what_the_supervisor_made_before_the_release(office):
    office.cast.put(AssessmentState.RATED)
    job = office.ask("suda", ASSESSMENT, office.cast.assessment.id)
    office.run(job)
    document_id = job.document_id
    with pytest.raises(NotPermitted):
        load_document(office.session, office.cast.actor("somchai"), document_id, DAY)
    office.cast.put(AssessmentState.RELEASED)
    assert load_document(office.session, office.cast.actor("somchai"), document_id, DAY).id == document_id


def test_an_outsider_can_neither_ask_nor_see_the_job_nor_open_the_document(office):
    office.cast.put(AssessmentState.RELEASED)
    with pytest.raises(NotVisible):
        office.ask("orn", ASSESSMENT, office.cast.assessment.id)
    with pytest.raises(NotVisible):
        office.ask("orn", UNIT, office.cast.cycle.id)
    job = office.ask("somchai", ASSESSMENT, office.cast.assessment.id)
    office.run(job)
    with pytest.raises(NotVisible):
        load_job(office.session, office.cast.actor("orn"), job.id)
    with pytest.raises(NotVisible):
        load_document(office.session, office.cast.actor("orn"), job.document_id, DAY)


def test_another_organisations_hr_officer_is_an_outsider(office):
    neighbour = add_cast(office.session, "neighbour")
    office.session.commit()
    job = office.ask("malee", UNIT, office.cast.cycle.id)
    office.run(job)
    for ask in (
        lambda: request_report(office.session, neighbour.actor("malee"), *UNIT, office.cast.cycle.id, NOW),
        lambda: load_document(office.session, neighbour.actor("malee"), job.document_id, DAY),
        lambda: load_job(office.session, neighbour.actor("malee"), job.id),
    ):
        with pytest.raises(NotVisible):
            ask()


def test_only_the_requester_sees_the_job(office):
    office.cast.put(AssessmentState.RELEASED)
    job = office.ask("somchai", ASSESSMENT, office.cast.assessment.id)
    assert load_job(office.session, office.cast.actor("somchai"), job.id) is job
    with pytest.raises(NotVisible):
        load_job(office.session, office.cast.actor("malee"), job.id)


def test_a_report_is_about_what_its_kind_says(office):
    with pytest.raises(InvalidInput):
        request_report(
            office.session, office.cast.actor("malee"), ReportKind.PLAN_FORM, SubjectType.CYCLE, 1, NOW
        )


def test_hr_gets_all_forms_of_a_unit_in_one_archive(office):
    office.cast.plan(PlanState.SUBMITTED)
    office.session.commit()
    job = request_report(
        office.session,
        office.cast.actor("malee"),
        *UNIT,
        office.cast.cycle.id,
        NOW,
        {"unit_id": office.cast.unit.id},
    )
    office.session.commit()
    assert office.run(job) is JobState.DONE
    assert (job.done_count, job.total_count) == (2, 2)
    with zipfile.ZipFile(io.BytesIO(office.content(job))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["0001_แบบประเมิน.pdf", "0001_แผนพัฒนารายบุคคล.pdf"]
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())


def test_a_plan_still_being_drafted_is_in_no_archive(office):
    office.cast.plan(PlanState.DRAFT)
    office.session.commit()
    forms = report_making.forms_of_cycle(office.session, office.cast.cycle.id, None)
    assert [kind for kind, _id, _name in forms] == [ReportKind.ASSESSMENT_FORM]


@pytest.mark.parametrize("state", [PlanState.CANCELLED, PlanState.RETURNED])
def test_a_plan_that_was_never_handed_in_is_in_no_archive(office, state):
    plan = office.cast.plan(state)
    plan.submitted_at = plan.approved_at = None
    office.session.commit()
    forms = report_making.forms_of_cycle(office.session, office.cast.cycle.id, None)
    assert [kind for kind, _id, _name in forms] == [ReportKind.ASSESSMENT_FORM]
    plan.submitted_at = NOW
    office.session.commit()
    forms = report_making.forms_of_cycle(office.session, office.cast.cycle.id, None)
    assert [kind for kind, _id, _name in forms] == [ReportKind.ASSESSMENT_FORM, ReportKind.PLAN_FORM]


def test_the_archive_of_an_officer_holds_their_own_result_only_once_it_is_released(office):
    cast = office.cast
    own = add_assessment(
        office.session, cast.organisation, cast.cycle, cast.unit, cast.persons["malee"], "0009"
    )
    malee = cast.persons["malee"].id
    for state in AssessmentState:
        own.state = state
        office.session.flush()
        forms = report_making.forms_of_cycle(office.session, cast.cycle.id, malee)
        assert (own.id in {subject for _kind, subject, _name in forms}) is (state in RELEASED_STATES), state
        assert cast.assessment.id in {subject for _kind, subject, _name in forms}


def test_an_archive_is_for_whom_it_was_made(office):
    cast = office.cast
    grant = RoleGrant(
        organisation_id=cast.organisation.id,
        person_id=cast.persons["orn"].id,
        role=Role.HR_OFFICER,
        from_on=date(2026, 10, 1),
    )
    office.session.add(grant)
    office.session.commit()
    job = office.ask("malee", UNIT, cast.cycle.id)
    assert office.run(job) is JobState.DONE
    assert load_document(office.session, cast.actor("malee"), job.document_id, DAY)
    with pytest.raises(NotVisible):
        load_document(office.session, cast.actor("orn"), job.document_id, DAY)


def test_a_poison_job_fails_after_three_attempts_with_its_reason(office, poison):
    office.cast.put(AssessmentState.RELEASED)
    job = office.ask("somchai", ASSESSMENT, office.cast.assessment.id)
    states = []
    for _ in range(5):
        states.append(office.run(job))
        office.now += timedelta(hours=1)
    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED, None, None]
    assert job.attempts == reports.MOST_ATTEMPTS
    assert "the form cannot be laid out" in job.error
    assert due_reports(office.session, office.now) == []


def test_a_job_that_failed_once_waits_a_little(office, poison):
    office.cast.put(AssessmentState.RELEASED)
    job = office.ask("somchai", ASSESSMENT, office.cast.assessment.id)
    office.run(job)
    assert office.run(job) is None
    assert due_reports(office.session, office.now + reports.RETRY_AFTER) == [job.id]


def test_a_dead_workers_job_is_taken_up_by_another(office):
    office.cast.put(AssessmentState.RELEASED)
    job = office.ask("somchai", ASSESSMENT, office.cast.assessment.id)
    dead = reports.claim_report(office.session, job.id, NOW)
    office.session.commit()
    assert dead is not None
    assert office.run(job) is None  # the lease holds
    office.now = NOW + reports.LEASE
    assert due_reports(office.session, office.now) == [job.id]
    assert office.run(job) is JobState.DONE
    assert not reports.renew(office.session, dead, office.now, 1, 1)
    assert not reports.finish_report(
        office.session, dead, office.now, "x", "x", "1/x.pdf", office.storage.put("1/x.pdf", b"x")
    )


def test_a_job_whose_worker_dies_each_time_fails(office):
    office.cast.put(AssessmentState.RELEASED)
    job = office.ask("somchai", ASSESSMENT, office.cast.assessment.id)
    for _ in range(reports.MOST_ATTEMPTS):
        assert reports.claim_report(office.session, job.id, office.now) is not None
        office.session.commit()
        office.now += reports.LEASE
    assert office.run(job) is None
    assert job.state is JobState.FAILED
    assert job.error


def test_the_command_line_names_a_form_by_organisation_employee_and_cycle(office):
    content = render_form(office.session, ReportKind.ASSESSMENT_FORM, "khlong", "0001", "2570", DAY)
    assert content.startswith(b"%PDF")
    for wrong in (("other", "0001", "2570"), ("khlong", "9", "2570"), ("khlong", "0001", "1")):
        with pytest.raises(NotVisible):
            render_form(office.session, ReportKind.ASSESSMENT_FORM, *wrong, DAY)
    with pytest.raises(NotVisible):
        render_form(office.session, ReportKind.PLAN_FORM, "khlong", "0001", "2570", DAY)


@pytest.mark.parametrize(
    "key",
    [
        "../x.pdf",
        "/etc/passwd",
        "a/../b.pdf",
        "a//b.pdf",
        ".x.pdf",
        "A.pdf",
        "a",
        "",
        "a/.b.pdf",
        "a\x00.pdf",
    ],
)
def test_no_key_leads_out_of_the_storage(tmp_path, key):
    storage = LocalFolder(tmp_path)
    with pytest.raises(StorageError):
        storage.put(key, b"x")
    with pytest.raises(StorageError):
        storage.open(key)


def test_a_document_is_written_whole_or_not_at_all(tmp_path):
    storage = LocalFolder(tmp_path)
    storage.put("1/a.pdf", b"old")

    def torn() -> Iterator[bytes]:
        yield b"new"
        raise OSError("no space left")

    with pytest.raises(OSError):
        storage.put("1/a.pdf", torn())
    with storage.open("1/a.pdf") as file:
        assert file.read() == b"old"
    assert list(storage.drafts.iterdir()) == []


def test_a_missing_document_is_not_visible(office):
    assert office.session.get(StoredDocument, 1) is None
    with pytest.raises(NotVisible):
        load_document(office.session, office.cast.actor("malee"), 1, DAY)
