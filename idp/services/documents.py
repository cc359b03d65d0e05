"""Who may have a document: whoever may see all that it shows, asked anew each time it is opened."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Objection, PlanVersion, ReportJob, StoredDocument, Unit
from idp.rules.errors import NotPermitted, NotVisible
from idp.rules.plan_workflow import is_the_owners_alone
from idp.rules.relations import Actor
from idp.rules.terms import Permission, Relation, ReportKind, SubjectType
from idp.services.access import load_assessment, load_cycle, load_plan

SUBJECTS = {
    ReportKind.ASSESSMENT_FORM: SubjectType.ASSESSMENT,
    ReportKind.PLAN_FORM: SubjectType.PLAN,
    ReportKind.UNIT_FORMS: SubjectType.CYCLE,
    ReportKind.BLANK_FORM: SubjectType.ASSESSMENT,
    ReportKind.WHOLE_RECORD: SubjectType.ASSESSMENT,
}


def check_subject(session: Session, actor: Actor, kind: ReportKind, subject_id: int, day: date) -> int:
    """The organisation that owns the subject. Raises NotVisible or NotPermitted.

    An assessment form shows the supervisor's rating: the employee may have it only once it is released.
    """
    if kind is ReportKind.ASSESSMENT_FORM:
        assessment, _standing = load_assessment(session, actor, subject_id, Permission.DOCUMENT_VIEW, day)
        load_assessment(session, actor, subject_id, Permission.RESULT_VIEW, day)
        return assessment.organisation_id
    if kind is ReportKind.BLANK_FORM:
        assessment, _standing = load_assessment(session, actor, subject_id, Permission.DOCUMENT_VIEW, day)
        return assessment.organisation_id
    if kind is ReportKind.WHOLE_RECORD:
        return _check_whole_record(session, actor, subject_id, day)
    if kind is ReportKind.PLAN_FORM:
        plan, standing = load_plan(session, actor, subject_id, Permission.DOCUMENT_VIEW, day)
        was_handed_in = plan.submitted_at is not None or plan.approved_at is not None
        is_owner = actor.is_system or Relation.OWNER in standing.relations
        if not is_owner and is_the_owners_alone(plan.state, was_handed_in=was_handed_in):
            raise NotPermitted(Permission.DOCUMENT_VIEW)
        return plan.organisation_id
    cycle, _standing = load_cycle(session, actor, subject_id, Permission.REPORT_CREATE, day)
    return cycle.organisation_id


def _check_whole_record(session: Session, actor: Actor, assessment_id: int, day: date) -> int:
    """Everything about a result is for the office and for whom it is about, once there is an objection."""
    assessment, standing = load_assessment(session, actor, assessment_id, Permission.OBJECTION_VIEW, day)
    if standing.relations.isdisjoint({Relation.OWNER, Relation.HR_OFFICER}):
        raise NotPermitted(Permission.OBJECTION_VIEW)
    load_assessment(session, actor, assessment_id, Permission.RESULT_VIEW, day)
    if session.scalar(select(Objection.id).where(Objection.assessment_id == assessment_id).limit(1)) is None:
        raise NotVisible
    return assessment.organisation_id


def check_parameters(
    session: Session, organisation_id: int, subject_id: int, parameters: Mapping[str, int]
) -> None:
    """Before a job is kept that could only fail. Raises NotVisible for a unit that is not the organisation's,
    and for a version that the plan does not have."""
    if "unit_id" in parameters:
        unit = session.get(Unit, parameters["unit_id"])
        if unit is None or unit.organisation_id != organisation_id:
            raise NotVisible
    if "version" in parameters:
        of_plan = (PlanVersion.plan_id == subject_id) & (PlanVersion.number == parameters["version"])
        if session.scalar(select(PlanVersion.id).where(of_plan)) is None:
            raise NotVisible


def load_document(session: Session, actor: Actor, document_id: int, day: date) -> StoredDocument:
    """The document, if the actor may see its subject today. Raises NotVisible or NotPermitted.

    An archive is for whom it was made: another officer's own unreleased result may be in it.
    """
    document = session.get(StoredDocument, document_id)
    if document is None:
        raise NotVisible
    is_archive = document.kind is ReportKind.UNIT_FORMS
    if is_archive and document.created_by_person_id != actor.person_id:
        raise NotVisible
    check_subject(session, actor, document.kind, document.subject_id, day)
    return document


def load_job(session: Session, actor: Actor, job_id: int) -> ReportJob:
    """The actor's own report job in the organisation signed in to; any other is as good as missing. Raises
    NotVisible."""
    job = session.get(ReportJob, job_id)
    if job is None or actor.person_id is None or job.requested_by_person_id != actor.person_id:
        raise NotVisible
    if job.organisation_id != actor.organisation_id:
        raise NotVisible
    return job
