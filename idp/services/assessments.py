"""Take an assessment through its steps, from self-assessment to moderation.

Each function: load and check the actor, check the version that they read, see what the step needs, move. They
raise NotVisible, NotPermitted, StaleVersion, TransitionNotAllowed, RequirementNotMet, InvalidInput.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from idp.models import Assessment
from idp.rules.calendar import local_day
from idp.rules.errors import NotPermitted
from idp.rules.relations import Actor, Standing
from idp.rules.terms import (
    AssessmentEvent,
    Permission,
    PhaseKind,
    RaterKind,
    Relation,
    Requirement,
    SecondOpinion,
)
from idp.rules.texts import checked_text
from idp.services.access import check_version, load_assessment
from idp.services.agreements import met_agreement
from idp.services.rating_requirements import completeness, phase_requirements
from idp.services.reconsiderations import answer_reconsideration, take_back_rating
from idp.services.reopenings import end_used
from idp.services.saving import save
from idp.services.timeliness import met_in_time
from idp.services.transitions import NOTHING_SPECIAL, Circumstances, move_assessment


def start_self(
    session: Session, actor: Actor, assessment_id: int, now: datetime, expected_version: int | None = None
) -> Assessment:
    """The employee begins the self-assessment, from the day its phase opens, once the agreement is signed
    where the round begins with one."""
    assessment, standing = _load(
        session, actor, assessment_id, Permission.ASSESSMENT_SELF_RATE, now, expected_version
    )
    met = phase_requirements(session, assessment, PhaseKind.SELF_ASSESSMENT, local_day(now))
    met |= met_agreement(session, assessment)
    return _move(
        session, actor, standing, assessment, AssessmentEvent.START_SELF, now, Circumstances(met=met)
    )


def submit_self(
    session: Session, actor: Actor, assessment_id: int, now: datetime, expected_version: int | None = None
) -> Assessment:
    """The employee hands the self-assessment in, in time; every competency must be rated."""
    assessment, standing = _load(
        session, actor, assessment_id, Permission.ASSESSMENT_SELF_RATE, now, expected_version
    )
    phase = PhaseKind.SELF_ASSESSMENT
    given = completeness(session, assessment, RaterKind.SELF)
    given = replace(given, met={*given.met, *met_in_time(session, actor, assessment, phase, now)})
    _move(session, actor, standing, assessment, AssessmentEvent.SUBMIT_SELF, now, given, flush=False)
    assessment.self_submitted_at = now
    end_used(session, actor, assessment.id, phase, now)
    return _saved(session, assessment)


def withdraw_self(
    session: Session, actor: Actor, assessment_id: int, now: datetime, expected_version: int | None = None
) -> Assessment:
    """The employee takes it back, before the supervisor has begun to rate."""
    assessment, standing = _load(
        session, actor, assessment_id, Permission.ASSESSMENT_SELF_RATE, now, expected_version
    )
    _move(session, actor, standing, assessment, AssessmentEvent.WITHDRAW_SELF, now, flush=False)
    assessment.self_submitted_at = None
    return _saved(session, assessment)


def return_self(
    session: Session,
    actor: Actor,
    assessment_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> Assessment:
    """The supervisor gives it back with a reason."""
    assessment, standing = _load(
        session, actor, assessment_id, Permission.ASSESSMENT_RATE, now, expected_version
    )
    given = Circumstances(reason=checked_text("reason", reason))
    _move(session, actor, standing, assessment, AssessmentEvent.RETURN_SELF, now, given, flush=False)
    assessment.self_submitted_at = None
    return _saved(session, assessment)


def start_rating(
    session: Session, actor: Actor, assessment_id: int, now: datetime, expected_version: int | None = None
) -> Assessment:
    """The supervisor begins to rate; without a self-assessment only once its phase is over."""
    assessment, standing = _load(
        session, actor, assessment_id, Permission.ASSESSMENT_RATE, now, expected_version
    )
    met = phase_requirements(session, assessment, PhaseKind.RATING, local_day(now))
    return _move(
        session, actor, standing, assessment, AssessmentEvent.START_RATING, now, Circumstances(met=met)
    )


def submit_rating(
    session: Session, actor: Actor, assessment_id: int, now: datetime, expected_version: int | None = None
) -> Assessment:
    """The supervisor hands the rating in, in time: every competency rated, with the evidence it needs."""
    assessment, standing = _load(
        session, actor, assessment_id, Permission.ASSESSMENT_RATE, now, expected_version
    )
    phase = PhaseKind.RATING
    given = completeness(session, assessment, RaterKind.SUPERVISOR)
    given = replace(given, met={*given.met, *met_in_time(session, actor, assessment, phase, now)})
    _move(session, actor, standing, assessment, AssessmentEvent.SUBMIT_RATING, now, given, flush=False)
    assessment.rated_at = now
    answer_reconsideration(session, assessment, now)
    end_used(session, actor, assessment.id, phase, now)
    return _saved(session, assessment)


def withdraw_rating(
    session: Session, actor: Actor, assessment_id: int, now: datetime, expected_version: int | None = None
) -> Assessment:
    """The supervisor takes the rating back, before the second level has answered."""
    assessment, standing = _load(
        session, actor, assessment_id, Permission.ASSESSMENT_RATE, now, expected_version
    )
    _move(session, actor, standing, assessment, AssessmentEvent.WITHDRAW_RATING, now, flush=False)
    assessment.rated_at = None
    return _saved(session, assessment)


def return_rating(
    session: Session,
    actor: Actor,
    assessment_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> Assessment:
    """The second level gives the rating back with a reason, before any opinion on it. For the committee see
    `services.reconsiderations`."""
    assessment, standing = _load(
        session, actor, assessment_id, Permission.ASSESSMENT_VIEW, now, expected_version
    )
    _not_the_owner(standing)
    given = Circumstances(reason=checked_text("reason", reason))
    _move(session, actor, standing, assessment, AssessmentEvent.RETURN_RATING, now, given, flush=False)
    take_back_rating(assessment)
    return _saved(session, assessment)


def give_second_opinion(
    session: Session,
    actor: Actor,
    assessment_id: int,
    opinion: SecondOpinion,
    text: str,
    now: datetime,
    expected_version: int | None = None,
) -> Assessment:
    """The second level agrees, or differs and says how in words."""
    assessment, standing = _load(
        session, actor, assessment_id, Permission.ASSESSMENT_SECOND_OPINION, now, expected_version
    )
    text = checked_text("second_opinion_text", text)
    met = {Requirement.OPINION_GIVEN} if opinion is SecondOpinion.AGREES or text else set()
    given = Circumstances(met=met, detail={"opinion": opinion.value, "text": text})
    _move(session, actor, standing, assessment, AssessmentEvent.GIVE_SECOND_OPINION, now, given, flush=False)
    assessment.second_opinion = opinion
    assessment.second_opinion_text = text
    assessment.second_opinion_at = now
    return _saved(session, assessment)


def moderate(
    session: Session, actor: Actor, assessment_id: int, now: datetime, expected_version: int | None = None
) -> Assessment:
    """The moderation committee, or HR for it, records that it has looked at the result; never on one's own
    assessment, nor on a rating that one gave."""
    assessment, standing = _load(
        session, actor, assessment_id, Permission.MODERATION_ASK, now, expected_version
    )
    _not_the_owner(standing)
    if Relation.SUPERVISOR in standing.relations:
        raise NotPermitted("nobody moderates a rating of their own")
    return _move(session, actor, standing, assessment, AssessmentEvent.MODERATE, now)


def _load(
    session: Session,
    actor: Actor,
    assessment_id: int,
    permission: Permission,
    now: datetime,
    expected_version: int | None,
) -> tuple[Assessment, Standing]:
    assessment, standing = load_assessment(session, actor, assessment_id, permission, local_day(now))
    check_version(assessment, expected_version)
    return assessment, standing


def _not_the_owner(standing: Standing) -> None:
    if Relation.OWNER in standing.relations:
        raise NotPermitted("nobody decides on their own assessment")


def _move(
    session: Session,
    actor: Actor,
    standing: Standing,
    assessment: Assessment,
    event: AssessmentEvent,
    now: datetime,
    given: Circumstances = NOTHING_SPECIAL,
    *,
    flush: bool = True,
) -> Assessment:
    move_assessment(session, actor, standing, assessment, event, now, given)
    return _saved(session, assessment) if flush else assessment


def _saved(session: Session, assessment: Assessment) -> Assessment:
    save(session)
    return assessment
