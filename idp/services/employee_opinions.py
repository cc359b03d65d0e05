"""The employee's own word on the result, apart from its receipt: agrees, or disagrees with reasons.

Also of one who refused to sign. It may be given and changed until the cycle closes; what was said before
stays in the history.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from idp.models import Assessment
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, TransitionNotAllowed
from idp.rules.objections import OPINION_STATES
from idp.rules.relations import Actor
from idp.rules.terms import EmployeeOpinion, Permission, Relation, SubjectType
from idp.rules.texts import checked_text
from idp.services.access import check_version, load_assessment
from idp.services.history import record_history
from idp.services.saving import save
from idp.services.transitions import tell


def give_opinion(
    session: Session,
    actor: Actor,
    assessment_id: int,
    opinion: EmployeeOpinion,
    text: str,
    now: datetime,
    expected_version: int | None = None,
) -> Assessment:
    """Say it, or say it anew; the same words again write nothing.

    Raises NotVisible, NotPermitted, StaleVersion, RequirementNotMet while an objection is under way,
    TransitionNotAllowed before the receipt and after the closing, InvalidInput `missing` at
    `employee_opinion_text` for a disagreement without reasons.
    """
    assessment, _standing = load_assessment(
        session, actor, assessment_id, Permission.ASSESSMENT_RECEIVE, local_day(now)
    )
    check_version(assessment, expected_version)
    if assessment.state not in OPINION_STATES:
        raise TransitionNotAllowed("assessment", assessment.state, "give_opinion")
    text = checked_text("employee_opinion_text", text)
    if opinion is EmployeeOpinion.DISAGREES and not text:
        raise InvalidInput("employee_opinion_text", "missing")
    before = {"opinion": assessment.employee_opinion, "text": assessment.employee_opinion_text}
    after = {"opinion": opinion.value, "text": text}
    if before == after:
        return assessment
    assessment.employee_opinion = opinion
    assessment.employee_opinion_text = text
    record_history(
        session,
        actor,
        (SubjectType.ASSESSMENT, assessment.id),
        "give_opinion",
        now,
        organisation_id=assessment.organisation_id,
        detail={"from": before, "to": after},
    )
    save(session)
    tell(session, actor, assessment, "assessment:give_opinion", frozenset({Relation.SUPERVISOR}), now)
    return assessment
