"""The agreement at the start of the round: what is expected, in levels and in words, signed by both.

Either writes the words, either signs first. Changing the words takes off the signatures that were under
them; what was signed before stays in the history. Where the employee will not sign, the supervisor records it
with a reason, so that the round is not held up (this product's default, after the refusal of a result). The
functions raise NotVisible, NotPermitted, StaleVersion, TransitionNotAllowed, RequirementNotMet, InvalidInput.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Agreement, Assessment, AssessmentItem, Competency, Notice
from idp.queries.agreements import agreement_of, is_asked_for, is_settled
from idp.queries.deadlines import days_of_records
from idp.queries.phases import met_by_dates
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, NotPermitted, RequirementNotMet, StaleVersion, TransitionNotAllowed
from idp.rules.relations import Actor, Standing
from idp.rules.terms import (
    AssessmentState,
    Permission,
    PhaseKind,
    Relation,
    Requirement,
    SubjectType,
)
from idp.rules.texts import checked_text, required_text
from idp.services.access import load_assessment
from idp.services.history import record_history
from idp.services.saving import save

NONE_YET = 0
"""The version of an agreement of which nothing is written yet."""


def met_agreement(session: Session, assessment: Assessment) -> frozenset[Requirement]:
    """`AGREEMENT_SIGNED` where both have signed, the refusal is recorded, or none is asked for."""
    if not is_asked_for(session, assessment.cycle_id):
        return frozenset({Requirement.AGREEMENT_SIGNED})
    settled = is_settled(agreement_of(session, assessment.id))
    return frozenset({Requirement.AGREEMENT_SIGNED}) if settled else frozenset()


def write_agreement(
    session: Session,
    actor: Actor,
    assessment_id: int,
    text: str,
    now: datetime,
    expected_version: int | None = None,
) -> Agreement:
    """Put the agreed work in words. Unchanged words write nothing."""
    assessment, standing, agreement = _load(session, actor, assessment_id, now, expected_version)
    text = checked_text("expected_text", text)
    if text != agreement.expected_text:
        taken_off = [name for name, at in _signatures(agreement).items() if at is not None]
        detail = {"before": agreement.expected_text, "after": text, "signatures_taken_off": taken_off}
        agreement.expected_text = text
        _take_signatures_off(agreement)
        save(session)
        _record(session, actor, standing, assessment, "write_agreement", now, detail=detail)
        if taken_off:
            _tell_the_other(session, actor, standing, assessment, "agreement:write", now)
    return agreement


def sign_agreement(
    session: Session, actor: Actor, assessment_id: int, now: datetime, expected_version: int | None = None
) -> Agreement:
    """Sign what stands there: the employee or the supervisor, each once, either first.

    What is expected is frozen with the first signature.
    """
    assessment, standing, agreement = _load(session, actor, assessment_id, now, expected_version)
    if not agreement.expected_text:
        raise InvalidInput("expected_text", "missing")
    is_owner = Relation.OWNER in standing.relations
    if (agreement.owner_signed_at if is_owner else agreement.supervisor_signed_at) is not None:
        raise StaleVersion  # signed already, from another tab
    if agreement.owner_signed_at is None and agreement.supervisor_signed_at is None:
        agreement.content = _content(session, assessment)
    if is_owner:
        agreement.owner_signed_at = now
        agreement.refusal_recorded_at, agreement.refusal_reason = None, ""
    else:
        agreement.supervisor_signed_at = now
        agreement.supervisor_person_id = assessment.supervisor_person_id
    save(session)
    _record(session, actor, standing, assessment, "sign_agreement", now)
    _tell_the_other(session, actor, standing, assessment, "agreement:sign", now)
    return agreement


def record_agreement_refusal(
    session: Session,
    actor: Actor,
    assessment_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> Agreement:
    """The supervisor, who has signed, writes down that the employee will not; the employee may still sign."""
    assessment, standing, agreement = _load(session, actor, assessment_id, now, expected_version)
    if Relation.OWNER in standing.relations:
        raise NotPermitted("the supervisor records a refusal")
    reason = required_text("reason", reason)
    if agreement.supervisor_signed_at is None:
        raise InvalidInput("reason", "supervisor_signs_first")
    if agreement.owner_signed_at is not None or agreement.refusal_recorded_at is not None:
        raise StaleVersion
    agreement.refusal_recorded_at = now
    agreement.refusal_reason = reason
    save(session)
    _record(session, actor, standing, assessment, "record_agreement_refusal", now, reason=reason)
    _tell_the_other(session, actor, standing, assessment, "agreement:refuse", now, reason)
    return agreement


def _load(
    session: Session, actor: Actor, assessment_id: int, now: datetime, expected_version: int | None
) -> tuple[Assessment, Standing, Agreement]:
    """The agreement as the actor read it, a new one where there is none; only before the self-assessment."""
    day = local_day(now)
    assessment, standing = load_assessment(session, actor, assessment_id, Permission.AGREEMENT_SIGN, day)
    if assessment.state is not AssessmentState.NOT_STARTED or not is_asked_for(session, assessment.cycle_id):
        raise TransitionNotAllowed("assessment", assessment.state, "agreement")
    days = days_of_records(session, [assessment])[assessment.id]
    if Requirement.PHASE_OPEN not in met_by_dates(assessment.cycle, days, PhaseKind.AGREEMENT, day):
        raise RequirementNotMet({Requirement.PHASE_OPEN})
    agreement = agreement_of(session, assessment.id)
    version = NONE_YET if agreement is None else agreement.version
    if expected_version is not None and expected_version != version:
        raise StaleVersion
    if agreement is None:
        agreement = Agreement(
            organisation_id=assessment.organisation_id,
            assessment_id=assessment.id,
            expected_text="",
            content={},
            refusal_reason="",
        )
        session.add(agreement)
    return assessment, standing, agreement


def _signatures(agreement: Agreement) -> dict[str, datetime | None]:
    return {"owner": agreement.owner_signed_at, "supervisor": agreement.supervisor_signed_at}


def _take_signatures_off(agreement: Agreement) -> None:
    agreement.owner_signed_at = None
    agreement.supervisor_signed_at = None
    agreement.supervisor_person_id = None
    agreement.refusal_recorded_at = None
    agreement.refusal_reason = ""
    agreement.content = {}


def _content(session: Session, assessment: Assessment) -> dict[str, Any]:
    """The competencies with their levels and weights, as the snapshot of the round has them."""
    rows = session.execute(
        select(
            AssessmentItem.competency_id,
            Competency.name_th,
            AssessmentItem.expected_level,
            AssessmentItem.weight_percent,
        )
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .where(AssessmentItem.assessment_id == assessment.id)
        .order_by(AssessmentItem.sort_order, AssessmentItem.id)
    )
    return {
        "items": [
            {"competency_id": number, "name": name, "expected": expected, "weight": str(weight)}
            for number, name, expected, weight in rows
        ]
    }


def _record(
    session: Session,
    actor: Actor,
    standing: Standing,
    assessment: Assessment,
    event: str,
    now: datetime,
    *,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    record_history(
        session,
        actor,
        (SubjectType.ASSESSMENT, assessment.id),
        event,
        now,
        organisation_id=assessment.organisation_id,
        on_behalf_of=standing.represented_by(frozenset({Relation.SUPERVISOR})),
        reason=reason,
        detail=detail,
    )


def _tell_the_other(
    session: Session,
    actor: Actor,
    standing: Standing,
    assessment: Assessment,
    event: str,
    now: datetime,
    reason: str = "",
) -> None:
    is_owner = Relation.OWNER in standing.relations
    other = assessment.supervisor_person_id if is_owner else assessment.owner_person_id
    if other is None or other == actor.person_id:
        return
    session.add(
        Notice(
            organisation_id=assessment.organisation_id,
            subject_type=SubjectType.ASSESSMENT,
            subject_id=assessment.id,
            event=event,
            recipient_person_id=other,
            detail={"reason": reason} if reason else {},
            created_at=now,
        )
    )
    session.flush()
