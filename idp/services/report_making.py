"""Make the documents of a report job: one form, or all forms of a cycle or unit in one ZIP file."""

import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, time

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from idp.adapters.storage import Storage, StoredFile, kept_or_discarded
from idp.models import Assessment, Cycle, DevelopmentPlan, ReportJob, Unit
from idp.models.engine import reading
from idp.queries.blank_forms import blank_form
from idp.queries.form_words import FILE_NAMES
from idp.queries.forms import assessment_form, plan_form
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.errors import NotVisible
from idp.rules.plan_workflow import is_the_owners_alone
from idp.rules.terms import ReportKind
from idp.services.whole_record_making import keep_whole_record

PDF, ZIP = "application/pdf", "application/zip"
PROGRESS_EVERY = 5

OpenSession = Callable[[], AbstractContextManager[Session]]
Progress = Callable[[int, int], None]


def make_report(
    open_session: OpenSession, storage: Storage, job: ReportJob, progress: Progress
) -> tuple[str, str, str, StoredFile]:
    """Make and keep the job's document: (file name, media type, storage key, what was written).

    `progress(done, total)` is called as the work goes on, with no transaction open.
    """
    printed_on = date.fromisoformat(job.parameters["printed_on"])
    if job.kind is ReportKind.UNIT_FORMS:
        return _unit_forms(open_session, storage, job, printed_on, progress)
    if job.kind is ReportKind.WHOLE_RECORD:
        with reading(), open_session() as session:
            name = _file_name(session, job.kind, job.subject_id)
            key = f"{job.organisation_id}/report-{job.id}.zip"
            return f"{name}.zip", ZIP, key, keep_whole_record(session, storage, job, key, printed_on)
    with reading(), open_session() as session:
        name = _file_name(session, job.kind, job.subject_id)
        content = render_subject(
            session, job.kind, job.subject_id, printed_on, version=job.parameters.get("version")
        )
    key = f"{job.organisation_id}/report-{job.id}.pdf"
    return f"{name}.pdf", PDF, key, storage.put(key, content)


def render_subject(
    session: Session, kind: ReportKind, subject_id: int, printed_on: date, version: int | None = None
) -> bytes:
    """One form as a PDF. Raises NotVisible when there is no such record, PdfError when it cannot be made."""
    # Loaded when needed: WeasyPrint is heavy, and only workers and commands make documents.
    from idp.adapters.pdf.forms import assessment_form_pdf, blank_form_pdf, plan_form_pdf

    if kind is ReportKind.BLANK_FORM:
        return blank_form_pdf(blank_form(session, subject_id, printed_on))
    if kind is ReportKind.ASSESSMENT_FORM:
        return assessment_form_pdf(assessment_form(session, subject_id, printed_on))
    return plan_form_pdf(plan_form(session, subject_id, printed_on, version))


def _unit_forms(
    open_session: OpenSession, storage: Storage, job: ReportJob, printed_on: date, progress: Progress
) -> tuple[str, str, str, StoredFile]:
    with reading(), open_session() as session:
        unit_id = job.parameters.get("unit_id")
        forms = forms_of_cycle(session, job.subject_id, job.requested_by_person_id, unit_id)
        cycle = session.get(Cycle, job.subject_id)
        if cycle is None:
            raise NotVisible
        name = f"{FILE_NAMES[job.kind]}_{_safe(cycle.code)}.zip"
    total = max(1, len(forms))
    progress(0, total)
    key = f"{job.organisation_id}/report-{job.id}.zip"
    with kept_or_discarded(storage) as draft:
        # Stored, not compressed: PDF is compressed already, and a fixed time keeps the bytes the same.
        with zipfile.ZipFile(draft.file, "w", zipfile.ZIP_STORED) as archive:
            for done, (kind, subject_id, inside) in enumerate(forms, start=1):
                with reading(), open_session() as session:
                    content = render_subject(session, kind, subject_id, printed_on)
                moment = datetime.combine(printed_on, time())
                archive.writestr(zipfile.ZipInfo(inside, moment.timetuple()[:6]), content)
                if done % PROGRESS_EVERY == 0 or done == len(forms):
                    progress(done, total)
        return name, ZIP, key, draft.keep(key)


def forms_of_cycle(
    session: Session, cycle_id: int, reader_id: int | None, unit_id: int | None = None
) -> list[tuple[ReportKind, int, str]]:
    """(kind, record, name in the archive) of every assessment and every plan handed in, by employee number.

    Left out are a plan that its owner alone reads, and the reader's own result before its release: no office
    shows it to them. `unit_id` keeps to that unit and those below it.
    """
    plan = DevelopmentPlan
    statement = (
        select(
            Assessment.id,
            Assessment.employee_number,
            plan.id,
            plan.state,
            plan.submitted_at,
            plan.approved_at,
        )
        .outerjoin(plan, plan.assessment_id == Assessment.id)
        .where(
            Assessment.cycle_id == cycle_id,
            or_(
                Assessment.owner_person_id.is_distinct_from(reader_id),
                Assessment.state.in_(RELEASED_STATES),
            ),
        )
        .order_by(Assessment.employee_number, Assessment.id)
    )
    if unit_id is not None:
        path = session.scalar(select(Unit.path).where(Unit.id == unit_id))
        if path is None:
            raise NotVisible
        statement = statement.join(Unit, Unit.id == Assessment.unit_id).where(Unit.path.startswith(path))
    forms = []
    for assessment_id, number, plan_id, plan_state, submitted_at, approved_at in session.execute(statement):
        base = _safe(number)
        kind = ReportKind.ASSESSMENT_FORM
        forms.append((kind, assessment_id, f"{base}_{FILE_NAMES[kind]}.pdf"))
        was_handed_in = submitted_at is not None or approved_at is not None
        if plan_id is not None and not is_the_owners_alone(plan_state, was_handed_in=was_handed_in):
            kind = ReportKind.PLAN_FORM
            forms.append((kind, plan_id, f"{base}_{FILE_NAMES[kind]}.pdf"))
    return forms


def _file_name(session: Session, kind: ReportKind, subject_id: int) -> str:
    statement = select(Cycle.code, Assessment.employee_number).join(Cycle, Cycle.id == Assessment.cycle_id)
    if kind in (ReportKind.ASSESSMENT_FORM, ReportKind.BLANK_FORM, ReportKind.WHOLE_RECORD):
        statement = statement.where(Assessment.id == subject_id)
    else:
        statement = statement.join(DevelopmentPlan, DevelopmentPlan.assessment_id == Assessment.id).where(
            DevelopmentPlan.id == subject_id
        )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotVisible
    return f"{FILE_NAMES[kind]}_{_safe(row.code)}_{_safe(row.employee_number)}"


def _safe(text: str) -> str:
    """A part of a file name: no slash, dot or blank of the number gets through."""
    return "".join(character if character.isalnum() else "-" for character in text)
