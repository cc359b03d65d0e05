"""Enter what somebody without a computer signed on paper: the ordinary steps, with the signer's standing.

Each function checks who brings the paper, the day on it and the scan, keeps the scan, and then calls the same
services as the pages do; all of it in one transaction. They raise NotVisible, NotPermitted, StaleVersion,
TransitionNotAllowed (not the time for it, or entered already), RequirementNotMet, and InvalidInput, also for
`signed_on` (`in_the_future`, `before_step`) and `scan` (as `services.attachments`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy.orm import Session

from idp.models import Assessment, Attachment, DevelopmentPlan, Notice, PaperForm
from idp.queries.paper import RATER, OfferedStep, PaperPage, paper_page
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted, TransitionNotAllowed
from idp.rules.paper import STEP_OF_KEY, PaperSigning
from idp.rules.relations import Actor
from idp.rules.terms import (
    AssessmentState,
    EmployeeOpinion,
    RaterKind,
    SecondOpinion,
    SubjectType,
)
from idp.services.access import check_version
from idp.services.assessments import (
    give_second_opinion,
    start_rating,
    start_self,
    submit_rating,
    submit_self,
)
from idp.services.attachments import Upload, UploadDesk, keep_attachment
from idp.services.evidence import add_files
from idp.services.plan_fields import PlanItemFields
from idp.services.plan_items import add_item, remove_item, update_item
from idp.services.plan_progress import Used, begin_plan_evaluation, report_progress
from idp.services.plans import approve_plan, draft_plan, submit_plan
from idp.services.ratings import RatingEntry, save_ratings
from idp.services.results import receive
from idp.services.results_part import enter_results_score
from idp.services.saving import save

NO_FILES: Mapping[int, Sequence[Upload]] = MappingProxyType({})
ENTERED = "entered_from_paper"
"""The notice to the signer: what was entered in their name."""


@dataclass(frozen=True)
class Sheet:
    """The signed form: the day on it, its scan, and the version of the record that it was entered against."""

    signed_on: date | None
    scan: Upload
    version: int | None = None


@dataclass(frozen=True)
class PlanLine:
    """A line of a plan as it stands on the paper; `item_id`: the line of the system that it changes; `place`
    on the form: its problems are named by it (`line-0-title`)."""

    fields: PlanItemFields
    item_id: int | None = None
    place: int = 0


@dataclass(frozen=True)
class ProgressLine:
    """What the paper says of one line of the plan."""

    item_id: int
    percent: int
    note: str
    evidence_submitted: bool = False
    used: Used | None = None


@dataclass(frozen=True)
class Bringing:
    """Somebody at the counter with a paper: where files go, who it is, which person's record, when."""

    session: Session
    desk: UploadDesk
    actor: Actor
    assessment_id: int
    now: datetime


def enter_ratings(
    bringing: Bringing,
    key: str,
    sheet: Sheet,
    entries: Mapping[int, RatingEntry],
    results_score: Decimal | None = None,
) -> Assessment:
    """The whole self-assessment (`key` "self") or the supervisor's rating ("rating"), handed in."""
    session, now, kind = bringing.session, bringing.now, RATER[key]
    page, offered = _offered(bringing, key)
    number = page.assessment.id
    carrying = _bring(bringing, page.assessment, offered, sheet)
    state = page.assessment.state
    if kind is RaterKind.SELF and state is AssessmentState.NOT_STARTED:
        start_self(session, carrying, number, now)
    if kind is RaterKind.SUPERVISOR and state is not AssessmentState.RATING:
        start_rating(session, carrying, number, now)
    save_ratings(session, carrying, number, kind, entries, now)
    if kind is RaterKind.SELF:
        return submit_self(session, carrying, number, now)
    enter_results_score(session, carrying, number, results_score, now)
    return submit_rating(session, carrying, number, now)


def enter_second_opinion(bringing: Bringing, sheet: Sheet, opinion: SecondOpinion, text: str) -> Assessment:
    """The second level's opinion."""
    page, offered = _offered(bringing, "second-opinion")
    carrying = _bring(bringing, page.assessment, offered, sheet)
    return give_second_opinion(bringing.session, carrying, page.assessment.id, opinion, text, bringing.now)


def enter_receipt(bringing: Bringing, sheet: Sheet, opinion: EmployeeOpinion, text: str) -> Assessment:
    """The employee's receipt of the result, with their opinion."""
    page, offered = _offered(bringing, "receipt")
    carrying = _bring(bringing, page.assessment, offered, sheet)
    return receive(bringing.session, carrying, page.assessment.id, bringing.now, opinion, text)


def enter_plan(
    bringing: Bringing, sheet: Sheet, lines: Sequence[PlanLine], removed: Sequence[int], note: str
) -> DevelopmentPlan:
    """The plan with its lines, handed in; `removed`: lines of the system that the paper no longer has."""
    session, now = bringing.session, bringing.now
    page, offered = _offered(bringing, "plan")
    record = page.plan or page.assessment
    if page.plan is None:
        check_version(page.assessment, sheet.version)
        day = sheet.signed_on or local_day(now)  # without a day nothing of this is kept
        opening = replace(bringing.actor, paper=PaperSigning(offered.step.signer, offered.signer_id, day))
        record = draft_plan(session, opening, page.assessment.id, now)
        sheet = replace(sheet, version=None)
    carrying = _bring(bringing, record, offered, sheet)
    problems = []
    for item_id in removed:
        remove_item(session, carrying, item_id, now)
    for line in lines:
        try:
            if line.item_id is None:
                add_item(session, carrying, record.id, line.fields, now)
            else:
                update_item(session, carrying, line.item_id, line.fields, now)
        except InvalidInput as refused:
            problems += _numbered(line.place, refused)
    if problems:
        raise InvalidInputs(problems)
    return submit_plan(session, carrying, record.id, now, note)


def enter_approval(bringing: Bringing, key: str, sheet: Sheet, comment: str) -> DevelopmentPlan:
    """The supervisor's ("plan-approval") or the second level's ("plan-check") agreement to the plan."""
    page, offered = _offered(bringing, key)
    plan = _plan(page)
    carrying = _bring(bringing, plan, offered, sheet)
    return approve_plan(bringing.session, carrying, plan.id, bringing.now, comment)


def enter_progress(
    bringing: Bringing,
    sheet: Sheet,
    lines: Sequence[ProgressLine],
    evidence: Mapping[int, Sequence[Upload]] = NO_FILES,
) -> DevelopmentPlan:
    """How far each line is, and the scans of what shows it, by the line's id. Raises InvalidInput
    `nothing_reported` at `lines` for a report that says nothing, and at `item-ID-files` for every file that
    is refused: of a paper all is entered or nothing."""
    page, offered = _offered(bringing, "progress")
    plan = _plan(page)
    if not lines and not evidence:
        raise InvalidInput("lines", "nothing_reported")
    carrying = _bring(bringing, plan, offered, sheet)
    problems = _enter_evidence(bringing, carrying, evidence)
    for line in lines:
        try:
            report_progress(
                bringing.session,
                carrying,
                line.item_id,
                line.percent,
                line.note,
                bringing.now,
                line.evidence_submitted,
                used=line.used,
            )
        except InvalidInput as refused:
            problems += [
                InvalidInput(f"item-{line.item_id}-{each.field}", each.code, **each.values)
                for each in getattr(refused, "problems", (refused,))
            ]
    if problems:
        raise InvalidInputs(problems)
    return plan


def enter_plan_results(bringing: Bringing, sheet: Sheet, reflection: str) -> DevelopmentPlan:
    """The employee's word at the year's end: the plan is to be evaluated."""
    page, offered = _offered(bringing, "plan-results")
    plan = _plan(page)
    carrying = _bring(bringing, plan, offered, sheet)
    return begin_plan_evaluation(bringing.session, carrying, plan.id, reflection, bringing.now)


def _enter_evidence(
    bringing: Bringing, carrying: Actor, evidence: Mapping[int, Sequence[Upload]]
) -> list[InvalidInput]:
    """Keep the files of each line; what is wrong with any of them."""
    problems: list[InvalidInput] = []
    session, desk, now = bringing.session, bringing.desk, bringing.now
    for item_id, uploads in evidence.items():
        try:
            handed = add_files(session, desk, carrying, item_id, "", uploads, now)
            found = [each.problem for each in handed.refused]
        except InvalidInput as refused:
            found = [refused]
        problems += [InvalidInput(f"item-{item_id}-files", each.code, **each.values) for each in found]
    return problems


def _offered(bringing: Bringing, key: str) -> tuple[PaperPage, OfferedStep]:
    page = paper_page(bringing.session, bringing.actor, bringing.assessment_id, local_day(bringing.now))
    offered = page.offer(key)
    if offered is None:
        subject = SubjectType.ASSESSMENT if page.plan is None else STEP_OF_KEY[key].subject_type
        state = page.assessment.state if subject is SubjectType.ASSESSMENT else _plan(page).state
        raise TransitionNotAllowed(subject, state, f"paper {key}")
    if offered.begun_by_signer:
        raise NotPermitted(f"{key}: the signer has begun in the system")
    return page, offered


def _plan(page: PaperPage) -> DevelopmentPlan:
    assert page.plan is not None  # else the step is not offered
    return page.plan


def _signing(offered: OfferedStep, sheet: Sheet, form_id: int | None) -> PaperSigning:
    assert sheet.signed_on is not None
    return PaperSigning(offered.step.signer, offered.signer_id, sheet.signed_on, form_id)


def _bring(
    bringing: Bringing, record: Assessment | DevelopmentPlan, offered: OfferedStep, sheet: Sheet
) -> Actor:
    """Check the sheet, keep it with its scan, tell the signer; the actor who carries it from here on."""
    session, actor, step = bringing.session, bringing.actor, offered.step
    check_version(record, sheet.version)
    problems = _problems_of_day(offered, sheet, local_day(bringing.now))
    subject = (step.subject_type, record.id)
    scan: Attachment | None = None
    try:
        carrying = actor if problems else replace(actor, paper=_signing(offered, sheet, None))
        scan = keep_attachment(
            session,
            bringing.desk,
            carrying,
            sheet.scan,
            subject,
            record.organisation_id,
            bringing.now,
            "scan",
            str(step.event),
        )
    except InvalidInput as refused:
        problems.append(refused)
    if problems or scan is None:
        raise InvalidInputs(problems)
    assert sheet.signed_on is not None and actor.person_id is not None
    form = PaperForm(
        organisation_id=record.organisation_id,
        subject_type=step.subject_type,
        subject_id=record.id,
        event=step.event,
        signer_person_id=offered.signer_id,
        signed_on=sheet.signed_on,
        entered_by_person_id=actor.person_id,
        entered_at=bringing.now,
        attachment_id=scan.id,
    )
    session.add(form)
    session.add(_notice(record, offered, sheet.signed_on, bringing.now))
    save(session)
    return replace(actor, paper=_signing(offered, sheet, form.id))


def _problems_of_day(offered: OfferedStep, sheet: Sheet, today: date) -> list[InvalidInput]:
    if sheet.signed_on is None:
        return [InvalidInput("signed_on", "required")]
    if sheet.signed_on > today:
        return [InvalidInput("signed_on", "in_the_future")]
    if sheet.signed_on < offered.earliest_on:
        return [InvalidInput("signed_on", "before_step", earliest=offered.earliest_on)]
    return []


def _notice(
    record: Assessment | DevelopmentPlan, offered: OfferedStep, signed_on: date, now: datetime
) -> Notice:
    return Notice(
        organisation_id=record.organisation_id,
        subject_type=offered.step.subject_type,
        subject_id=record.id,
        event=f"{offered.step.subject_type}:{ENTERED}",
        recipient_person_id=offered.signer_id,
        detail={"step": str(offered.step.event), "signed_on": signed_on.isoformat()},
        created_at=now,
    )


def _numbered(place: int, refused: InvalidInput) -> list[InvalidInput]:
    return [
        InvalidInput(f"line-{place}-{each.field}", each.code, **each.values)
        for each in getattr(refused, "problems", (refused,))
    ]
