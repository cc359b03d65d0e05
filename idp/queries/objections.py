"""Objections against results: the right to object, the corrections, one objection with its record."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from idp.models import (
    Assessment,
    HistoryEntry,
    Objection,
    Person,
    ReportJob,
    StoredDocument,
)
from idp.queries.correction_pages import Correction, corrections_on_page
from idp.queries.history import HistoryLine, history_of_assessment
from idp.queries.relations import standing_on_record
from idp.rules.calendar import local_day
from idp.rules.errors import NotVisible
from idp.rules.objections import (
    JUDGED_BY,
    JUDGEMENTS,
    OBJECTION_DAYS,
    OBJECTIONABLE_STATES,
    ObjectionState,
    may_object_until,
)
from idp.rules.permissions import allowed
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, CycleState, JobState, Permission, Relation, SubjectType
from idp.rules.thai import full_name


def acknowledged_on(assessment: Assessment) -> date | None:
    """The day from which the 30 days count: of the receipt, of the refusal told, or, where a result was
    closed unsigned, of the closing of its cycle. None while none of them has come."""
    if assessment.acknowledged_at is not None:
        return local_day(assessment.acknowledged_at)
    if assessment.refused_on is not None:
        return assessment.refused_on
    closed_at = assessment.cycle.closed_at if assessment.state is AssessmentState.CLOSED else None
    return None if closed_at is None else local_day(closed_at)


@dataclass(frozen=True)
class ObjectionRow:
    """One objection, without its grounds."""

    id: int
    state: ObjectionState
    lodged_on: date
    decided_on: date | None
    decision_number: str


@dataclass(frozen=True)
class ObjectionsOfResult:
    """What the page of an assessment says of objections. `until`: the last day of the right, None where the
    reader has no such right now or the days do not run yet; `may_lodge`: the owner may object today;
    `may_enter`: HR may enter one that came on paper."""

    rows: tuple[ObjectionRow, ...]
    corrections: tuple[Correction, ...]
    until: date | None
    may_lodge: bool
    may_enter: bool

    @property
    def days(self) -> int:
        """How long the right lasts."""
        return OBJECTION_DAYS

    @property
    def is_under_way(self) -> bool:
        return any(row.state is ObjectionState.LODGED for row in self.rows)

    @property
    def current(self) -> Correction | None:
        """The correction that holds, if any."""
        return next((each for each in self.corrections if each.is_current), None)


def objections_of_result(
    session: Session, assessment_id: int, relations: frozenset[Relation], day: date
) -> ObjectionsOfResult | None:
    """For a reader who sees the result; None before an objection is possible. Four statements at most."""
    assessment = session.get_one(Assessment, assessment_id)
    if assessment.state not in OBJECTIONABLE_STATES:
        return None
    if not allowed(Permission.OBJECTION_VIEW, relations, assessment.state):
        return None
    objections = session.scalars(
        select(Objection).where(Objection.assessment_id == assessment_id).order_by(Objection.id)
    ).all()
    known_on = acknowledged_on(assessment)
    until = may_object_until(known_on) if known_on else None
    is_free = all(each.state is not ObjectionState.LODGED for each in objections)
    is_free = is_free and assessment.cycle.state is not CycleState.CLOSING
    return ObjectionsOfResult(
        tuple(
            ObjectionRow(each.id, each.state, each.lodged_on, each.decided_on, each.decision_number)
            for each in objections
        ),
        corrections_on_page(session, assessment_id),
        until,
        is_free and Relation.OWNER in relations and (until is None or day <= until),
        is_free and allowed(Permission.OBJECTION_DECIDE, relations),
    )


@dataclass(frozen=True)
class ReleasedResult:
    """The scores as they were released."""

    results_score: Decimal | None
    competency_score: Decimal | None
    total_score: Decimal | None
    band: str | None


@dataclass(frozen=True)
class ObjectionPage:
    """One objection with everything that its reader may see. `export_*`: the record made on the day it was
    lodged; no document yet while `export_state` is not done. `statements`: the lines of the history about
    it."""

    id: int
    version: int
    state: ObjectionState
    grounds: str
    lodged_on: date
    lodged_at: datetime
    lodged_by: str
    is_from_paper: bool
    decision_number: str
    decision_text: str
    decided_on: date | None
    decided_by: str
    assessment_id: int
    cycle_name_th: str
    cycle_name_en: str
    owner_name: str
    relations: frozenset[Relation]
    correction: Correction | None
    released: ReleasedResult
    history: tuple[HistoryLine, ...]
    export_state: JobState | None
    export_job_id: int | None
    export_document_id: int | None
    export_filename: str
    export_size: int
    export_sha256: str
    days_waiting: int
    has_judged: bool

    @property
    def is_under_way(self) -> bool:
        return self.state is ObjectionState.LODGED

    @property
    def may_decide(self) -> bool:
        return self._is_for_the_office and not self.has_judged

    @property
    def is_for_another_officer(self) -> bool:
        """The reader would decide by their office, were the objection not about their own judgement."""
        return self._is_for_the_office and self.has_judged

    @property
    def _is_for_the_office(self) -> bool:
        return self.is_under_way and allowed(Permission.OBJECTION_DECIDE, self.relations)

    @property
    def may_withdraw(self) -> bool:
        return self.is_under_way and Relation.OWNER in self.relations

    @property
    def may_state(self) -> bool:
        spoken = {Relation.OWNER, Relation.SUPERVISOR, Relation.SECOND_LEVEL, Relation.HR_OFFICER}
        return self.is_under_way and not spoken.isdisjoint(self.relations)

    @property
    def may_download(self) -> bool:
        """The whole record is for the office and for whom it is about."""
        return not {Relation.OWNER, Relation.HR_OFFICER}.isdisjoint(self.relations)


def objection_page(session: Session, actor: Actor, objection_id: int, day: date) -> ObjectionPage:
    """A constant number of statements. Raises NotVisible."""
    objection = session.scalar(
        select(Objection)
        .where(Objection.id == objection_id)
        .options(joinedload(Objection.assessment).joinedload(Assessment.cycle))
    )
    if objection is None:
        raise NotVisible
    assessment = objection.assessment
    relations = standing_on_record(session, actor, assessment, day).relations
    if not allowed(Permission.OBJECTION_VIEW, relations, assessment.state):
        raise NotVisible
    people = {objection.lodged_by_person_id, objection.decided_by_person_id} - {None}
    names = dict(session.execute(select(Person.id, Person.display_name).where(Person.id.in_(people))).all())
    job, document = _export(session, objection.export_job_id)
    corrections = corrections_on_page(session, assessment.id)
    return ObjectionPage(
        id=objection.id,
        version=objection.version,
        state=objection.state,
        grounds=objection.grounds,
        lodged_on=objection.lodged_on,
        lodged_at=objection.lodged_at,
        lodged_by=names.get(objection.lodged_by_person_id or 0, ""),
        is_from_paper=objection.lodged_by_person_id != assessment.owner_person_id,
        decision_number=objection.decision_number,
        decision_text=objection.decision_text,
        decided_on=objection.decided_on,
        decided_by=names.get(objection.decided_by_person_id or 0, ""),
        assessment_id=assessment.id,
        cycle_name_th=assessment.cycle.name_th,
        cycle_name_en=assessment.cycle.name_en,
        owner_name=full_name(assessment.title_th, assessment.first_name, assessment.last_name),
        relations=relations,
        correction=next((each for each in corrections if each.objection_id == objection.id), None),
        released=ReleasedResult(
            assessment.results_score,
            assessment.competency_score,
            assessment.total_score,
            assessment.band,
        ),
        history=tuple(
            line
            for line in history_of_assessment(session, assessment.id)
            if line.detail.get("objection_id") == objection.id
        ),
        export_state=job.state if job else None,
        export_job_id=job.id if job else None,
        export_document_id=document.id if document else None,
        export_filename=document.filename if document else "",
        export_size=document.size if document else 0,
        export_sha256=document.sha256 if document else "",
        days_waiting=(day - objection.lodged_on).days,
        has_judged=has_judged(session, actor, relations, assessment.id),
    )


def has_judged(session: Session, actor: Actor, relations: frozenset[Relation], assessment_id: int) -> bool:
    """Whether the result is the actor's own judgement: they stand above the record today, or handed in a
    rating or an opinion on it before, be it under an order. Who entered what another signed on paper did
    not judge. One statement."""
    if relations & JUDGED_BY:
        return True
    details = session.scalars(
        select(HistoryEntry.detail).where(
            HistoryEntry.subject_type == SubjectType.ASSESSMENT,
            HistoryEntry.subject_id == assessment_id,
            HistoryEntry.event.in_(JUDGEMENTS),
            HistoryEntry.actor_person_id == actor.person_id,
        )
    )
    return any("paper_form_id" not in detail for detail in details)


def _export(session: Session, job_id: int | None) -> tuple[ReportJob | None, StoredDocument | None]:
    row = session.execute(
        select(ReportJob, StoredDocument)
        .outerjoin(StoredDocument, StoredDocument.id == ReportJob.document_id)
        .where(ReportJob.id == job_id)
    ).one_or_none()
    return (None, None) if row is None else (row[0], row[1])
