"""Every route's address with real records in it: those of the sample organisation, Somchai's in particular.

A route whose parameter is not named here fails its tests with the name: add the record, and every test over
all routes covers it.
"""

from dataclasses import dataclass
from datetime import date

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from idp.models import (
    Attachment,
    BulkRun,
    Competency,
    Course,
    CourseRun,
    DataImport,
    Delegation,
    DevelopmentPlan,
    Evidence,
    Extension,
    ExternalAppraiser,
    Handover,
    Mail,
    MentorOffer,
    Notice,
    Objection,
    Person,
    PlanItem,
    PositionOverride,
    ReportJob,
    RoleGrant,
    StaffChange,
    StoredDocument,
    Suggestion,
    TypedDraft,
)
from idp.rules.bulk import BulkAction
from idp.rules.extensions import ExtensionKind, ExtensionState
from idp.rules.imports import ImportState
from idp.rules.objections import ObjectionState
from idp.rules.staff_changes import ChangeKind, Consequence, HandoverState
from idp.rules.terms import (
    DevelopmentMethod,
    EvidenceKind,
    JobState,
    MailState,
    PhaseKind,
    ReportKind,
    SubjectType,
)
from idp.services.catalogue.action_fields import ActionFields
from idp.services.catalogue.drafts import adapt_action, create_action
from idp.services.catalogue.publishing import publish_action
from idp.services.framework_drafts import FrameworkFields, create_framework
from idp.web.guards import STATIC_ENDPOINTS
from tests.factories import steps
from tests.factories.sample import at
from tests.factories.website import Website

LIBRARY = frozenset({"framework_code", "library_action_id"})
"""Parameters that name a record of the shared library, which belongs to no organisation."""

WORDS = {
    "event": "submit",
    "half": "first",
    "import_kind": "results",
    "kind": "plan",
    "paper_step": "plan-approval",
    "personnel_type": "government_employee",
    "profile_group": "core",
    "rater": "supervisor",
    "setting": "thai_digits",
}
"""Parameters that name no record."""


@dataclass(frozen=True)
class Route:
    """One method of one address. `parameters`: the names in it."""

    endpoint: str
    method: str
    address: str
    parameters: frozenset[str]

    @property
    def records(self) -> frozenset[str]:
        """The parameters that name a record of somebody's."""
        return self.parameters - LIBRARY - set(WORDS)

    def __str__(self) -> str:
        return f"{self.method} {self.address} ({self.endpoint})"


def populate(website: Website) -> dict[str, int | str]:
    """Take Somchai to a plan that Suda has to look at, and add one record of every other kind.

    Returns the value of each parameter.
    """
    plan_id = website.do(lambda session, sample: steps.submitted(session, sample).id)
    website.clock.moment = at(steps.REVIEW_DAY)
    with website.session() as session:
        document = _document(website, plan_id)
        session.add(document)
        session.flush()
        job, mail, notice = _job(website, plan_id, document.id), _mail(website), _notice(website, plan_id)
        draft = TypedDraft(
            person_id=website.sample.cast.somchai.person_id,
            form_key=f"/plans/{plan_id}/steps/submit",
            content=[["note", "พิมพ์ค้างไว้"]],
            updated_at=website.clock(),
        )
        attachment = _attachment(website)
        run = BulkRun(
            organisation_id=website.sample.organisation.id,
            person_id=website.sample.cast.suda.person_id,
            action=BulkAction.APPROVE_PLANS,
            created_at=website.clock(),
        )
        extension, objection = _extension(website), _objection(website)
        session.add_all((job, mail, notice, draft, attachment, run, extension, objection))
        session.flush()
        item_id = session.scalars(select(PlanItem.id).where(PlanItem.plan_id == plan_id)).first()
        suggestion_id = session.scalars(select(Suggestion.id)).first()
        assert session.get(DevelopmentPlan, plan_id) and item_id and suggestion_id
        return {
            **WORDS,
            "assessment_id": website.sample.assessment.id,
            "attachment_id": attachment.id,
            "assessment_item_id": website.sample.items["c1"].id,
            "competency_id": website.sample.dictionary.competencies["c1"].id,
            **_course(session, website),
            "cycle_id": website.sample.cycle.id,
            "delegation_id": _order(session, website).id,
            **_authority(session, website),
            "document_id": document.id,
            "draft_id": draft.id,
            "evidence_id": _evidence(session, website, item_id).id,
            "extension_id": extension.id,
            **_change(session, website),
            "employee_id": website.sample.employees["somchai"].id,
            "framework_code": "sample-core",
            **_own_framework(session, website),
            **_own_actions(session, website),
            "import_id": _import(session, website).id,
            "item_id": item_id,
            "job_id": job.id,
            "mail_id": mail.id,
            "notice_id": notice.id,
            "offer_id": _offer(session, website).id,
            "number": 1,  # the plan's version of its handing in
            "objection_id": objection.id,
            "part": 1,  # of a large team's list
            "override_id": _override(session, website).id,
            "plan_id": plan_id,
            "run_id": run.id,
            "plan_item_id": item_id,
            "suggestion_id": suggestion_id,
            "unit_id": website.sample.unit.id,
        }


def routes_of(app: Flask, values: dict[str, int | str]) -> list[Route]:
    """Every route of the application, static files apart, with its address filled in."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint in STATIC_ENDPOINTS:
            continue
        unknown = sorted(rule.arguments - values.keys())
        assert not unknown, f"{rule.rule}: tests.factories.addresses.populate has no record for {unknown}"
        address = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        found += [
            Route(rule.endpoint, method, address, frozenset(rule.arguments)) for method in _methods(rule)
        ]
    return found


def _methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def _document(website: Website, plan_id: int) -> StoredDocument:
    return StoredDocument(
        organisation_id=website.sample.organisation.id,
        kind=ReportKind.PLAN_FORM,
        subject_type=SubjectType.PLAN,
        subject_id=plan_id,
        filename="plan.pdf",
        media_type="application/pdf",
        size=4,
        sha256="0" * 64,
        storage_key="plan.pdf",
        created_at=website.clock(),
        created_by_person_id=website.sample.cast.somchai.person_id,
    )


def _offer(session: Session, website: Website) -> MentorOffer:
    """Suda's: her name, unlike Somchai's, is known to her colleagues by it."""
    offer = MentorOffer(
        organisation_id=website.sample.organisation.id,
        employee_id=website.sample.employees["suda"].id,
        competency_id=website.sample.dictionary.competencies["c3"].id,
        level=3,
        offered_at=website.clock(),
    )
    session.add(offer)
    session.flush()
    return offer


def _override(session: Session, website: Website) -> PositionOverride:
    override = PositionOverride(
        organisation_id=website.sample.organisation.id,
        position_number="12-3-01-3102-001",
        competency_id=website.sample.dictionary.competencies["c1"].id,
        level=4,
        reason="หัวหน้าโครงการพิเศษ",
        from_on=date(2025, 10, 1),
        entered_by_person_id=website.sample.cast.malee.person_id,
        entered_at=website.clock(),
    )
    session.add(override)
    session.flush()
    return override


def _job(website: Website, plan_id: int, document_id: int) -> ReportJob:
    return ReportJob(
        organisation_id=website.sample.organisation.id,
        kind=ReportKind.PLAN_FORM,
        subject_type=SubjectType.PLAN,
        subject_id=plan_id,
        state=JobState.DONE,
        document_id=document_id,
        requested_by_person_id=website.sample.cast.somchai.person_id,
        requested_at=website.clock(),
    )


def _evidence(session: Session, website: Website, item_id: int) -> Evidence:
    link = Evidence(
        plan_item_id=item_id,
        kind=EvidenceKind.LINK,
        title="ประกาศนียบัตร",
        url="https://example.go.th/certificate",
        by_person_id=website.sample.cast.somchai.person_id or 0,
        at=website.clock(),
    )
    session.add(link)
    session.flush()
    return link


def _attachment(website: Website) -> Attachment:
    return Attachment(
        organisation_id=website.sample.organisation.id,
        subject_type=SubjectType.ASSESSMENT,
        subject_id=website.sample.assessment.id,
        filename="scan.pdf",
        media_type="application/pdf",
        size=4,
        sha256="0" * 64,
        storage_key="1/uploads/scan.pdf",
        uploaded_by_person_id=website.sample.cast.malee.person_id,
        uploaded_at=website.clock(),
    )


def _objection(website: Website) -> Objection:
    return Objection(
        organisation_id=website.sample.organisation.id,
        assessment_id=website.sample.assessment.id,
        state=ObjectionState.WITHDRAWN,
        grounds="เหตุแห่งการร้องทุกข์",
        lodged_by_person_id=website.sample.cast.somchai.person_id,
        lodged_on=steps.REVIEW_DAY,
        lodged_at=website.clock(),
    )


def _import(session: Session, website: Website) -> DataImport:
    handed = DataImport(
        organisation_id=website.sample.organisation.id,
        kind="results",
        state=ImportState.ABANDONED,
        filename="scores.xlsx",
        sha256="0" * 64,
        storage_key="1/imports/scores.xlsx",
        person_id=website.sample.cast.malee.person_id or 0,
        created_at=website.clock(),
    )
    session.add(handed)
    session.flush()
    return handed


def _mail(website: Website) -> Mail:
    return Mail(
        organisation_id=website.sample.organisation.id,
        recipient_person_id=website.sample.cast.somchai.person_id,
        kind="digest",
        local_day=date(2025, 10, 6),
        state=MailState.SENT,
        next_at=website.clock(),
        created_at=website.clock(),
    )


def _authority(session: Session, website: Website) -> dict[str, int | str]:
    """An appraiser from outside whose term is over; Somchai as a person; the officer's role."""
    person = Person(title_th="นาย", first_name="นายก", last_name="คนก่อน", created_at=website.clock())
    session.add(person)
    session.flush()
    appraiser = ExternalAppraiser(
        organisation_id=website.sample.organisation.id,
        person_id=person.id,
        position_name="นายกเทศมนตรี",
        until_on=date(2022, 1, 31),
    )
    session.add(appraiser)
    session.flush()
    grant_id = session.scalars(
        select(RoleGrant.id).where(RoleGrant.person_id == website.sample.cast.malee.person_id)
    ).one()
    return {
        "appraiser_id": appraiser.id,
        "grant_id": grant_id,
        "organisation_id": website.sample.organisation.id,
        "person_id": website.sample.cast.somchai.person_id or 0,
    }


def _own_framework(session: Session, website: Website) -> dict[str, int | str]:
    """A draft of the organisation's own dictionary, copied from the library's."""
    sample = website.sample
    source, names = sample.dictionary.version.id, FrameworkFields("ฉบับร่างของหน่วยงาน")
    version = create_framework(session, sample.cast.malee, "own", names, website.clock(), source)
    competency_id = session.scalars(
        select(Competency.id).where(Competency.framework_version_id == version.id, Competency.code == "c1")
    ).one()
    return {"framework_version_id": version.id, "own_competency_id": competency_id}


def _course(session: Session, website: Website) -> dict[str, int | str]:
    """A course with a run that has not begun."""
    course = Course(
        organisation_id=website.sample.organisation.id,
        code="HR-01",
        title_th="การบริหารทรัพยากรบุคคลภาครัฐ",
        method=DevelopmentMethod.TRAINING,
        hours=18,
        runs=[CourseRun(starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 4), seats=30)],
    )
    session.add(course)
    session.flush()
    return {"course_id": course.id, "course_run_id": course.runs[0].id}


def _own_actions(session: Session, website: Website) -> dict[str, int | str]:
    """An action of the organisation's own that it proposes, a draft of another, one of the library's."""
    sample, now = website.sample, website.clock()
    of_library = sample.dictionary.actions["c1", 2][0]
    fields = ActionFields(
        "ฝึกรับเรื่องที่จุดบริการ",
        DevelopmentMethod.ON_THE_JOB,
        detail="สัปดาห์ละครึ่งวัน",
        hours=12,
        weeks=6,
        evidence="บันทึกการรับเรื่อง",
        measure="หัวหน้างานสังเกต",
    )
    own = create_action(session, sample.cast.malee, of_library.level_id, fields, now)
    publish_action(session, sample.cast.malee, own.id, now)
    draft = adapt_action(session, sample.cast.malee, of_library.id, now)
    return {"action_id": own.id, "draft_action_id": draft.id, "library_action_id": of_library.id}


def _order(session: Session, website: Website) -> Delegation:
    """An order of years ago, over long since."""
    order = Delegation(
        organisation_id=website.sample.organisation.id,
        from_person_id=website.sample.cast.suda.person_id,
        to_person_id=website.sample.cast.prasit.person_id,
        order_number="1/2565",
        from_on=date(2022, 1, 1),
        until_on=date(2022, 1, 31),
    )
    session.add(order)
    session.flush()
    return order


def _change(session: Session, website: Website) -> dict[str, int | str]:
    """Somchai came under another supervisor: Suda, who still rates him here, owes a statement."""
    organisation_id, cast = website.sample.organisation.id, website.sample.cast
    change = StaffChange(
        organisation_id=organisation_id,
        employee_id=website.sample.employees["somchai"].id,
        kind=ChangeKind.SUPERVISOR_CHANGE,
        effective_on=date(2025, 11, 20),
        entered_at=website.clock(),
    )
    session.add(change)
    session.flush()
    handover = Handover(
        organisation_id=organisation_id,
        change_id=change.id,
        assessment_id=website.sample.assessment.id,
        consequence=Consequence.HAND_OVER,
        state=HandoverState.AWAITING_STATEMENT,
        from_person_id=cast.suda.person_id,
        to_person_id=cast.prasit.person_id,
    )
    session.add(handover)
    session.flush()
    return {"change_id": change.id, "handover_id": handover.id}


def _extension(website: Website) -> Extension:
    return Extension(
        organisation_id=website.sample.organisation.id,
        cycle_id=website.sample.cycle.id,
        phase=PhaseKind.PROGRESS,
        kind=ExtensionKind.EXTEND,
        assessment_id=website.sample.assessment.id,
        until_on=date(2026, 9, 10),
        reason="รอผลการอบรม",
        state=ExtensionState.ASKED,
        asked_by_person_id=website.sample.cast.somchai.person_id,
        asked_at=website.clock(),
    )


def _notice(website: Website, plan_id: int) -> Notice:
    return Notice(
        organisation_id=website.sample.organisation.id,
        subject_type=SubjectType.PLAN,
        subject_id=plan_id,
        event="plan:return",
        recipient_person_id=website.sample.cast.somchai.person_id,
        created_at=website.clock(),
    )


def everything_written(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every table but the sessions of browsers: to prove that a refusal changed nothing."""
    from idp.models import Base

    return {
        table.name: [tuple(row) for row in session.execute(table.select().order_by(*table.primary_key))]
        for table in Base.metadata.sorted_tables
        if table.name != "web_session"
    }
