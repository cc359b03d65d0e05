"""A second organisation that looks like the sample one: people of the same first names, the same year. All
that is its own bears MARK, so that any trace of it is found by one word.

Malee is its personnel officer too, is employed and rates there: signed in to one organisation at a time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from idp.models import (
    Attachment,
    BulkRun,
    Cycle,
    Delegation,
    DevelopmentPlan,
    Employee,
    Extension,
    ExternalAppraiser,
    Handover,
    Mail,
    Notice,
    Objection,
    Organisation,
    Person,
    PlanItem,
    ReportJob,
    RoleGrant,
    StaffChange,
    StoredDocument,
    TypedDraft,
    Unit,
)
from idp.rules.bulk import BulkAction
from idp.rules.extensions import ExtensionKind, ExtensionState
from idp.rules.looks import LookKind
from idp.rules.objections import ObjectionState
from idp.rules.relations import Actor
from idp.rules.settings import OrganisationRules
from idp.rules.staff_changes import ChangeKind, Consequence, HandoverState
from idp.rules.terms import (
    AssessmentState,
    DevelopmentMethod,
    JobState,
    MailState,
    PersonnelType,
    PhaseKind,
    PlanState,
    ReportKind,
    Role,
    SubjectType,
)
from idp.services.history import record_history
from idp.services.looks import record_look
from tests.factories.sample import Sample, make_assessment, make_cycle

MARK = "ซอกแซก"
YEAR_BEGINS = date(2025, 10, 1)


@dataclass
class LookAlike:
    """`values`: a record of each kind there, by the name of its parameter in addresses."""

    organisation: Organisation
    owner: Person
    cycle: Cycle
    values: dict[str, int | str]


def add_look_alike(session: Session, sample: Sample, now: datetime) -> LookAlike:
    """Everything that the pages of an organisation show, in the other one; flushed."""
    organisation = session.get_one(Organisation, sample.other_organisation.id)
    organisation.name_th = organisation.name_en = f"เทศบาล{MARK}"
    unit = Unit(organisation_id=organisation.id, code="U1", name_th=f"สำนักปลัด{MARK}")
    owner, supervisor = (
        Person(title_th="นาย", first_name=name, last_name=MARK, email=f"{code}@example.go.th", created_at=now)
        for name, code in (("สมชาย", "somchai"), ("สุดา", "suda"))
    )
    session.add_all([unit, owner, supervisor])
    session.flush()
    unit.path = f"/{unit.id}/"
    malee = session.get_one(Person, sample.cast.malee.person_id)
    staff = {
        person.id: Employee(
            organisation_id=organisation.id,
            person=person,
            number=f"{MARK}{number}",
            personnel_type=PersonnelType.LOCAL_OFFICER,
            hired_on=date(2020, 10, 1),
        )
        for number, person in enumerate((owner, supervisor, malee))
    }
    session.add_all(staff.values())
    session.add(
        RoleGrant(
            organisation_id=organisation.id,
            person_id=malee.id,
            role=Role.HR_OFFICER,
            from_on=date(2025, 1, 1),
        )
    )
    session.flush()
    there = _records(session, sample, organisation, unit, staff, (owner, supervisor, malee), now)
    there.values |= _things(session, there, unit, (owner, supervisor, malee), staff[owner.id], now)
    return there


def _records(
    session: Session,
    sample: Sample,
    organisation: Organisation,
    unit: Unit,
    staff: dict[int, Employee],
    people: tuple[Person, Person, Person],
    now: datetime,
) -> LookAlike:
    owner, supervisor, malee = people
    cycle = make_cycle(session, organisation, sample.dictionary, OrganisationRules(), code=f"{MARK}2569")
    cycle.name_th = f"รอบการประเมิน {MARK}"
    of_owner, of_malee = (
        make_assessment(
            session,
            cycle,
            staff[person.id],
            unit,
            sample.dictionary,
            supervisor=above,
            second_level=None,
            state=state,
            released_at=now if state is AssessmentState.RELEASED else None,
        )
        for person, above, state in (
            (owner, malee, AssessmentState.RELEASED),
            (malee, supervisor, AssessmentState.NOT_STARTED),
        )
    )
    assert of_malee.id
    plan = DevelopmentPlan(
        organisation_id=organisation.id,
        employee_id=staff[owner.id].id,
        owner_person_id=owner.id,
        supervisor_person_id=malee.id,
        fiscal_year=2569,
        assessment_id=of_owner.id,
        state=PlanState.SUBMITTED,
    )
    session.add(plan)
    session.flush()
    item = PlanItem(plan_id=plan.id, sort_order=1, method=DevelopmentMethod.TRAINING, title=MARK)
    session.add(item)
    session.flush()
    for subject in ((SubjectType.ASSESSMENT, of_owner.id), (SubjectType.PLAN, plan.id)):
        actor = Actor(malee.id, organisation.id)
        record_history(session, actor, subject, "release", now, organisation_id=organisation.id, reason=MARK)
        record_look(session, actor, *subject, LookKind.PAGE, now)
    values: dict[str, int | str] = {
        "assessment_id": of_owner.id,
        "assessment_item_id": of_owner.items[0].id,
        "cycle_id": cycle.id,
        "employee_id": staff[owner.id].id,
        "item_id": item.id,
        "person_id": owner.id,
        "plan_id": plan.id,
        "plan_item_id": item.id,
        "unit_id": unit.id,
    }
    return LookAlike(organisation, owner, cycle, values)


def _things(
    session: Session,
    there: LookAlike,
    unit: Unit,
    people: tuple[Person, Person, Person],
    employee: Employee,
    now: datetime,
) -> dict[str, int | str]:
    """What else an organisation keeps: of each kind one, for Malee where it is somebody's own."""
    owner, supervisor, malee = people
    here, assessment_id = there.organisation.id, int(there.values["assessment_id"])
    subject = {"subject_type": SubjectType.ASSESSMENT, "subject_id": assessment_id}
    file = {"filename": f"{MARK}.pdf", "media_type": "application/pdf", "size": 4, "sha256": "0" * 64}
    document = StoredDocument(
        organisation_id=here,
        kind=ReportKind.ASSESSMENT_FORM,
        storage_key=f"{here}/report.pdf",
        created_at=now,
        created_by_person_id=malee.id,
        **subject,
        **file,
    )
    change = StaffChange(
        organisation_id=here,
        employee_id=employee.id,
        kind=ChangeKind.SUPERVISOR_CHANGE,
        effective_on=YEAR_BEGINS,
        order_number=MARK,
        reason=MARK,
        entered_at=now,
    )
    session.add_all([document, change])
    session.flush()
    made: dict[str, Any] = {
        "job_id": ReportJob(
            organisation_id=here,
            kind=ReportKind.ASSESSMENT_FORM,
            state=JobState.DONE,
            document_id=document.id,
            requested_by_person_id=malee.id,
            requested_at=now,
            **subject,
        ),
        "attachment_id": Attachment(
            organisation_id=here, storage_key=f"{here}/scan.pdf", uploaded_at=now, **subject, **file
        ),
        "mail_id": Mail(
            organisation_id=here,
            recipient_person_id=malee.id,
            kind="digest",
            local_day=YEAR_BEGINS,
            state=MailState.SENT,
            subject=MARK,
            text_body=MARK,
            next_at=now,
            created_at=now,
        ),
        "notice_id": Notice(
            organisation_id=here,
            event="assessment:return_self",
            recipient_person_id=malee.id,
            detail={"reason": MARK},
            created_at=now,
            **subject,
        ),
        "delegation_id": Delegation(
            organisation_id=here,
            from_person_id=supervisor.id,
            to_person_id=malee.id,
            order_number=MARK,
            from_on=YEAR_BEGINS,
            until_on=date(2026, 9, 30),
        ),
        "handover_id": Handover(
            organisation_id=here,
            change_id=change.id,
            assessment_id=assessment_id,
            consequence=Consequence.HAND_OVER,
            state=HandoverState.AWAITING_STATEMENT,
            from_person_id=malee.id,
            to_person_id=supervisor.id,
            statement=MARK,
        ),
        "extension_id": Extension(
            organisation_id=here,
            cycle_id=there.cycle.id,
            phase=PhaseKind.PROGRESS,
            kind=ExtensionKind.EXTEND,
            assessment_id=assessment_id,
            until_on=date(2026, 9, 10),
            reason=MARK,
            state=ExtensionState.ASKED,
            asked_by_person_id=owner.id,
            asked_at=now,
        ),
        "objection_id": Objection(
            organisation_id=here,
            assessment_id=assessment_id,
            state=ObjectionState.LODGED,
            grounds=MARK,
            lodged_by_person_id=owner.id,
            lodged_on=now.date(),
            lodged_at=now,
        ),
        "run_id": BulkRun(
            organisation_id=here, person_id=malee.id, action=BulkAction.APPROVE_PLANS, created_at=now
        ),
        "draft_id": TypedDraft(
            person_id=malee.id,
            form_key=f"/assessments/{assessment_id}/rating",
            content=[["evidence", MARK]],
            updated_at=now,
        ),
        "appraiser_id": ExternalAppraiser(
            organisation_id=here, person_id=owner.id, position_name=f"นายก{MARK}"
        ),
    }
    session.add_all(made.values())
    session.flush()
    ids: dict[str, int | str] = {name: record.id for name, record in made.items()}
    return ids | {"document_id": document.id, "change_id": change.id, "organisation_id": here}
