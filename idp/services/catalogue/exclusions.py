"""Leave an action of the library out of what the organisation proposes, and take it in again.

The library's actions are every organisation's: what one of them decides is in its own history, by the
action's key.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import ActionExclusion, DevelopmentAction
from idp.queries.catalogue.exclusions import decisions_about
from idp.queries.catalogue.visible import visible_action
from idp.rules.calendar import local_day
from idp.rules.errors import StaleVersion, TransitionNotAllowed
from idp.rules.relations import Actor
from idp.rules.terms import SubjectType, VersionState
from idp.rules.texts import required_text
from idp.services.catalogue.action_records import hold_catalogue, office_of
from idp.services.history import record_history
from idp.services.saving import save


def exclude_action(
    session: Session,
    actor: Actor,
    action_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> ActionExclusion:
    """Propose the library's action no more, in whatever version of it. `expected_version`: how often the
    organisation decided about it (`decisions_about`). Raises NotPermitted, NotVisible, StaleVersion,
    TransitionNotAllowed for one of the organisation's own: that is retired; InvalidInput at `reason`."""
    organisation_id, action = _load(session, actor, action_id, "exclude_action", now, expected_version)
    if _exclusion(session, organisation_id, action.key) is not None:
        raise StaleVersion
    reason = required_text("reason", reason)
    return leave_out(session, actor, organisation_id, action, reason, now)


def include_action(
    session: Session,
    actor: Actor,
    action_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Propose it again. Raises as `exclude_action` does."""
    organisation_id, action = _load(session, actor, action_id, "include_action", now, expected_version)
    exclusion = _exclusion(session, organisation_id, action.key)
    if exclusion is None:
        raise StaleVersion
    reason = required_text("reason", reason)
    session.delete(exclusion)
    save(session)
    _record(session, actor, organisation_id, action, "include_action", now, reason, "")


def leave_out(
    session: Session,
    actor: Actor,
    organisation_id: int,
    action: DevelopmentAction,
    reason: str,
    now: datetime,
    *,
    instead: str = "",
) -> ActionExclusion:
    """The row and its history; `instead`: the key of the own action that takes its place."""
    exclusion = ActionExclusion(
        organisation_id=organisation_id,
        action_key=action.key,
        reason=reason,
        by_person_id=actor.person_id,
        at=now,
    )
    session.add(exclusion)
    save(session)
    _record(session, actor, organisation_id, action, "exclude_action", now, reason, instead)
    return exclusion


def _load(
    session: Session, actor: Actor, action_id: int, event: str, now: datetime, expected_version: int | None
) -> tuple[int, DevelopmentAction]:
    organisation_id = office_of(session, actor, local_day(now))
    hold_catalogue(session, organisation_id)
    action = visible_action(session, organisation_id, action_id)
    decided = decisions_about(session, organisation_id, action.key)
    if expected_version is not None and decided != expected_version:
        raise StaleVersion
    if action.organisation_id is not None or action.state is not VersionState.PUBLISHED:
        raise TransitionNotAllowed("action", action.state, event)
    return organisation_id, action


def _exclusion(session: Session, organisation_id: int, key: str) -> ActionExclusion | None:
    return session.scalar(
        select(ActionExclusion).where(
            ActionExclusion.organisation_id == organisation_id, ActionExclusion.action_key == key
        )
    )


def _record(
    session: Session,
    actor: Actor,
    organisation_id: int,
    action: DevelopmentAction,
    event: str,
    now: datetime,
    reason: str,
    instead: str,
) -> None:
    record_history(
        session,
        actor,
        (SubjectType.ORGANISATION, organisation_id),
        event,
        now,
        organisation_id=organisation_id,
        reason=reason,
        detail={"action_key": action.key, "title": action.title_th, "instead": instead},
    )
