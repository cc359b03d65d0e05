"""The statement that a supervisor owes who handed a record over inside a round.

The functions raise NotVisible, StaleVersion, TransitionNotAllowed, InvalidInput.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from idp.models import AssessmentItem, Handover, Notice
from idp.queries.handover_pages import handover_standing
from idp.queries.ladders import ladders_of
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible, StaleVersion, TransitionNotAllowed
from idp.rules.levels import LevelNotOnLadder, stated_level
from idp.rules.relations import Actor
from idp.rules.staff_changes import Consequence, HandoverState
from idp.rules.terms import Relation, SubjectType
from idp.rules.texts import required_text
from idp.services.handovers import tell
from idp.services.history import record_history
from idp.services.saving import save


def give_statement(
    session: Session,
    actor: Actor,
    handover_id: int,
    statement: str,
    levels: Mapping[int, int | None],
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Handover:
    """The old supervisor says what the new one must know; where the round is split, with a level for every
    competency (by item id).

    Where they cannot, HR enters it on their behalf, with the reason. Raises InvalidInputs naming every wrong
    field at once: `statement`, `reason`, `level-ID`.
    """
    handover, relation = load_handover(session, actor, handover_id, now)
    if handover.state is not HandoverState.AWAITING_STATEMENT:
        raise TransitionNotAllowed("handover", handover.state, "state")
    if expected_version is not None and handover.version != expected_version:
        raise StaleVersion
    on_behalf = relation is Relation.HR_OFFICER
    problems: list[InvalidInput] = []
    text = _noting(problems, "statement", statement)
    reason = _noting(problems, "reason", reason) if on_behalf else ""
    is_split = handover.consequence is Consequence.SPLIT_BY_DAYS
    kept = _levels(session, handover, levels, problems) if is_split else {}
    if problems:
        raise InvalidInputs(problems)
    handover.statement = text
    handover.levels = kept
    handover.state = HandoverState.STATED
    handover.stated_by_person_id, handover.stated_at = actor.person_id, now
    for subject, detail in (
        ((SubjectType.HANDOVER, handover.id), {"levels": kept, "statement": text}),
        ((SubjectType.ASSESSMENT, handover.assessment_id), {"handover_id": handover.id}),
    ):
        record_history(
            session,
            actor,
            subject,
            "state_handover",
            now,
            organisation_id=handover.organisation_id,
            states=(HandoverState.AWAITING_STATEMENT, HandoverState.STATED)
            if subject[0] is SubjectType.HANDOVER
            else (None, None),
            on_behalf_of=handover.from_person_id if on_behalf else None,
            reason=reason,
            detail=detail,
        )
    session.execute(
        update(Notice)
        .where(
            Notice.subject_type == SubjectType.HANDOVER,
            Notice.subject_id == handover.id,
            Notice.read_at.is_(None),
        )
        .values(read_at=now)  # what it asked for is done
    )
    supervisor_id = handover.assessment.supervisor_person_id
    if supervisor_id not in (None, actor.person_id):
        event, subject = "assessment:handover_stated", (SubjectType.ASSESSMENT, handover.assessment_id)
        tell(session, handover.organisation_id, subject, event, supervisor_id, now)
    save(session)
    return handover


def load_handover(
    session: Session, actor: Actor, handover_id: int, now: datetime
) -> tuple[Handover, Relation]:
    """The handover and what the actor is to it: the old supervisor, else HR. Raises NotVisible."""
    handover = session.get(Handover, handover_id)
    relation = None if handover is None else handover_standing(session, actor, handover, local_day(now))
    if handover is None or relation is None:
        raise NotVisible
    return handover, relation


def _noting(problems: list[InvalidInput], field: str, text: str) -> str:
    """The text that must be there; a problem with it is noted, so that all fields are answered at once."""
    try:
        return required_text(field, text)
    except InvalidInput as problem:
        problems.append(problem)
        return ""


def _levels(
    session: Session,
    handover: Handover,
    levels: Mapping[int, int | None],
    problems: list[InvalidInput],
) -> dict[str, int]:
    """A level of each competency's own ladder, by item id as text."""
    items = session.scalars(
        select(AssessmentItem)
        .where(AssessmentItem.assessment_id == handover.assessment_id)
        .order_by(AssessmentItem.sort_order, AssessmentItem.id)
    ).all()
    ladders = ladders_of(session, {item.competency_id for item in items})
    kept: dict[str, int] = {}
    for item in items:
        level = levels.get(item.id)
        if level is None:
            problems.append(InvalidInput(f"level-{item.id}", "required"))
            continue
        try:
            kept[str(item.id)] = stated_level(ladders[item.competency_id].ladder, level)
        except LevelNotOnLadder as error:
            shown = ", ".join(str(number) for number in error.levels)
            problems.append(InvalidInput(f"level-{item.id}", "level_not_on_ladder", levels=shown))
    return kept
