"""What may be entered from signed paper forms on one assessment and its plan, and what has been."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from idp.models import (
    Assessment,
    AssessmentItem,
    Attachment,
    DevelopmentPlan,
    HistoryEntry,
    PaperForm,
    Person,
    PlanItem,
    Rating,
    UserAccount,
)
from idp.queries.phases import PhaseDates, phases_of
from idp.queries.relations import standing_on_record
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.calendar import local_day
from idp.rules.errors import NotPermitted, NotVisible
from idp.rules.paper import PAPER_STEPS, PaperStep, may_enter, permission_for_scan
from idp.rules.permissions import allowed
from idp.rules.relations import Actor
from idp.rules.terms import CycleState, Permission, PlanState, RaterKind, Relation, SubjectType
from idp.rules.thai import full_name, position_with_level

RATER = {"self": RaterKind.SELF, "rating": RaterKind.SUPERVISOR}


@dataclass(frozen=True)
class OfferedStep:
    """A paper that may be entered now. `earliest_on`: it cannot have been signed before. `begun_by_signer`:
    the signer has already written part of it in the system, so that nobody else may go on with it."""

    step: PaperStep
    signer_id: int
    signer_name: str
    earliest_on: date
    begun_by_signer: bool = False


@dataclass(frozen=True)
class EnteredForm:
    """A paper that was entered, with its scan where the reader may open it."""

    subject_type: SubjectType
    event: str
    signer_name: str
    entered_by_name: str
    signed_on: date
    entered_at: datetime
    scan: Attachment | None


@dataclass(frozen=True)
class PaperPage:
    """`has_own_access`: those of the signers who have a log-in in force and an e-mail address."""

    assessment: Assessment
    plan: DevelopmentPlan | None
    name: str
    position: str
    offered: tuple[OfferedStep, ...]
    entered: tuple[EnteredForm, ...]
    has_own_access: frozenset[int]

    def offer(self, key: str) -> OfferedStep | None:
        return next((each for each in self.offered if each.step.key == key), None)


def paper_page(session: Session, actor: Actor, assessment_id: int, day: date) -> PaperPage:
    """The page of one person's papers, in a constant number of statements.

    Raises NotVisible, and NotPermitted for who may see the record but enters no papers on it (its owner above
    all).
    """
    assessment = session.scalar(
        select(Assessment).where(Assessment.id == assessment_id).options(joinedload(Assessment.cycle))
    )
    if assessment is None:
        raise NotVisible
    relations = standing_on_record(session, actor, assessment, day).relations
    if not allowed(Permission.ASSESSMENT_VIEW, relations, assessment.state):
        raise NotVisible
    if not allowed(Permission.PAPER_ENTER, relations):
        raise NotPermitted(Permission.PAPER_ENTER)
    plan = _plan_of(session, assessment)
    steps = [
        step for step in PAPER_STEPS if may_enter(step, relations) and _is_the_time(step, assessment, plan)
    ]
    offered = _offered(session, actor, assessment, plan, steps)
    return PaperPage(
        assessment,
        plan,
        full_name(assessment.title_th, assessment.first_name, assessment.last_name),
        position_with_level(assessment.position_name, assessment.position_level_name),
        offered,
        _entered(session, assessment, plan, relations),
        _with_own_access(session, {each.signer_id for each in offered}),
    )


def _plan_of(session: Session, assessment: Assessment) -> DevelopmentPlan | None:
    return session.scalar(
        select(DevelopmentPlan).where(
            DevelopmentPlan.employee_id == assessment.employee_id,
            DevelopmentPlan.fiscal_year == assessment.cycle.fiscal_year,
        )
    )


def _is_the_time(step: PaperStep, assessment: Assessment, plan: DevelopmentPlan | None) -> bool:
    if step.subject_type is SubjectType.ASSESSMENT:
        return assessment.cycle.state is CycleState.OPEN and assessment.state in step.states
    if plan is None:
        return step.key == "plan" and assessment.state in RELEASED_STATES
    return plan.state in step.states


def signer_of(step: PaperStep, record: Assessment | DevelopmentPlan) -> int | None:
    """Who holds the place that the step is signed in; None where nobody does."""
    holders = {
        Relation.OWNER: record.owner_person_id,
        Relation.SUPERVISOR: record.supervisor_person_id,
        Relation.SECOND_LEVEL: record.second_level_person_id,
    }
    return holders[step.signer]


def _offered(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    plan: DevelopmentPlan | None,
    steps: Sequence[PaperStep],
) -> tuple[OfferedStep, ...]:
    """Without those that the actor would sign: who has a log-in acts in the system."""
    signers = {
        step.key: signer_of(step, plan if plan and step.subject_type is SubjectType.PLAN else assessment)
        for step in steps
    }
    names = dict(
        session.execute(
            select(Person.id, Person.display_name).where(
                Person.id.in_({each for each in signers.values() if each})
            )
        ).all()
    )
    history = _history(session, assessment, plan)
    phases = phases_of(session, [assessment.cycle_id])[assessment.cycle_id]
    found = []
    for step in steps:
        signer_id = signers[step.key]
        if signer_id is None or signer_id == actor.person_id:
            continue
        found.append(
            OfferedStep(
                step,
                signer_id,
                names[signer_id],
                _earliest(step, assessment, phases, history),
                _begun_by(session, step, assessment, plan, signer_id, history),
            )
        )
    return tuple(found)


def _history(
    session: Session, assessment: Assessment, plan: DevelopmentPlan | None
) -> tuple[HistoryEntry, ...]:
    """The steps of the assessment and its plan, oldest first."""
    subjects = [(SubjectType.ASSESSMENT, assessment.id)]
    if plan is not None:
        subjects.append((SubjectType.PLAN, plan.id))
    events = {event for step in PAPER_STEPS for event in step.after} | {"draft"}
    conditions = [
        and_(HistoryEntry.subject_type == kind, HistoryEntry.subject_id == number)
        for kind, number in subjects
    ]
    return tuple(
        session.scalars(
            select(HistoryEntry)
            .where(or_(*conditions), HistoryEntry.event.in_(events))
            .order_by(HistoryEntry.id)
        )
    )


def _earliest(
    step: PaperStep, assessment: Assessment, phases: PhaseDates, history: Sequence[HistoryEntry]
) -> date:
    """The day from which the step could be taken: its phase had opened, the step before it was taken (by the
    day on its paper, if it was on paper)."""
    days = [assessment.cycle.starts_on]
    if step.phase is not None and step.phase in phases:
        days.append(phases[step.phase][0])
    if assessment.released_at is not None:
        days.append(local_day(assessment.released_at))
    days += [
        date.fromisoformat(entry.detail["signed_on"]) if "signed_on" in entry.detail else local_day(entry.at)
        for entry in history
        if entry.subject_type is step.subject_type and entry.event in step.after
    ]
    return max(days)


def _begun_by(
    session: Session,
    step: PaperStep,
    assessment: Assessment,
    plan: DevelopmentPlan | None,
    signer_id: int,
    history: Sequence[HistoryEntry],
) -> bool:
    """What somebody writes in the system is theirs until they hand it in: nobody reads it over their
    shoulder, nobody writes over it."""
    kind = RATER.get(step.key)
    if kind is not None:
        written = (
            select(Rating.id)
            .join(AssessmentItem, AssessmentItem.id == Rating.item_id)
            .where(
                AssessmentItem.assessment_id == assessment.id,
                Rating.rater_kind == kind,
                Rating.rated_by_person_id == signer_id,
            )
        )
        return session.scalar(select(written.exists())) is True
    if step.key != "plan" or plan is None or plan.state is not PlanState.DRAFT:
        return False
    on_paper = any(entry.event == "draft" and "paper_form_id" in entry.detail for entry in history)
    lines = select(PlanItem.id).where(PlanItem.plan_id == plan.id)
    return not on_paper and session.scalar(select(lines.exists())) is True


def _entered(
    session: Session, assessment: Assessment, plan: DevelopmentPlan | None, relations: frozenset[Relation]
) -> tuple[EnteredForm, ...]:
    subjects = [and_(PaperForm.subject_type == SubjectType.ASSESSMENT, PaperForm.subject_id == assessment.id)]
    if plan is not None:
        subjects.append(and_(PaperForm.subject_type == SubjectType.PLAN, PaperForm.subject_id == plan.id))
    forms = session.scalars(
        select(PaperForm)
        .where(or_(*subjects))
        .options(joinedload(PaperForm.attachment))
        .order_by(PaperForm.id.desc())
    ).all()
    people = {form.signer_person_id for form in forms} | {form.entered_by_person_id for form in forms}
    names = dict(session.execute(select(Person.id, Person.display_name).where(Person.id.in_(people))).all())
    found = []
    for form in forms:
        record = assessment if form.subject_type is SubjectType.ASSESSMENT else plan
        needed = permission_for_scan(form.subject_type, form.event)
        may_open = record is not None and allowed(needed, relations, record.state)
        found.append(
            EnteredForm(
                form.subject_type,
                form.event,
                names[form.signer_person_id],
                names[form.entered_by_person_id],
                form.signed_on,
                form.entered_at,
                form.attachment if may_open else None,
            )
        )
    return tuple(found)


def with_own_access() -> Select[int]:
    """Those who can act in the system themselves: a log-in in force, and an address that reminders reach."""
    return (
        select(Person.id)
        .join(UserAccount, UserAccount.person_id == Person.id)
        .where(func.coalesce(func.trim(Person.email), "") != "", UserAccount.is_active)
    )


def _with_own_access(session: Session, people: set[int]) -> frozenset[int]:
    return frozenset(session.scalars(with_own_access().where(Person.id.in_(people))))
