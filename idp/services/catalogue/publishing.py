"""Publish a draft of an own action for good; retire one with a reason."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import ActionExclusion, DevelopmentAction
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInputs
from idp.rules.relations import Actor
from idp.rules.terms import VersionState
from idp.rules.texts import required_text
from idp.services.catalogue.action_fields import columns_of, lacking
from idp.services.catalogue.action_records import load_own, record
from idp.services.catalogue.exclusions import leave_out
from idp.services.saving import save

DRAFT, PUBLISHED, RETIRED = VersionState.DRAFT, VersionState.PUBLISHED, VersionState.RETIRED


def publish_action(
    session: Session,
    actor: Actor,
    action_id: int,
    now: datetime,
    expected_version: int | None = None,
    *,
    keeps_both: bool = False,
) -> DevelopmentAction:
    """Propose it from now on, in place of the number before it, which old plans and suggestions keep.

    What was adapted from the library's action of the same level replaces that for the organisation, unless it
    `keeps_both`. Raises as `load_own` does, InvalidInputs at the fields that are still empty.
    """
    action = load_own(session, actor, action_id, "publish_action", (DRAFT,), local_day(now), expected_version)
    problems = lacking(columns_of(action))
    if problems:
        raise InvalidInputs(problems)
    former = session.scalars(
        select(DevelopmentAction).where(
            DevelopmentAction.key == action.key,
            DevelopmentAction.level_id == action.level_id,
            DevelopmentAction.state == PUBLISHED,
        )
    ).all()
    for each in former:
        each.state, each.retired_at = RETIRED, now
        by = {"replaced_by": action.number}
        record(session, actor, each, "replace_action", now, (PUBLISHED, RETIRED), detail=by)
    action.state, action.published_at = PUBLISHED, now
    replaced = replaces(session, action)
    detail: dict[str, object] = {"content_hash": action.content_hash, "keeps_both": keeps_both}
    if replaced is not None and not keeps_both:
        detail["instead_of"] = replaced.key
    record(session, actor, action, "publish_action", now, (DRAFT, PUBLISHED), detail=detail)
    if replaced is not None and not keeps_both:
        leave_out(session, actor, action.organisation_id or 0, replaced, "", now, instead=action.key)
    save(session)
    return action


def replaces(session: Session, action: DevelopmentAction) -> DevelopmentAction | None:
    """The library's action that this first version would take the place of; None where it was adapted for
    another level, or that one is left out already."""
    if action.based_on_action_id is None or action.number != 1:
        return None
    source = session.get_one(DevelopmentAction, action.based_on_action_id)
    if source.organisation_id is not None or source.level_id != action.level_id:
        return None
    is_excluded = select(ActionExclusion.id).where(
        ActionExclusion.organisation_id == action.organisation_id, ActionExclusion.action_key == source.key
    )
    return None if session.scalar(is_excluded) is not None else source


def retire_action(
    session: Session,
    actor: Actor,
    action_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> DevelopmentAction:
    """Propose it no more; old plans and suggestions keep it. What it took the place of stays left out until
    the office takes it in again. Raises as `load_own` does, InvalidInput at `reason`."""
    action = load_own(
        session, actor, action_id, "retire_action", (PUBLISHED,), local_day(now), expected_version
    )
    reason = required_text("reason", reason)
    action.state, action.retired_at = RETIRED, now
    record(session, actor, action, "retire_action", now, (PUBLISHED, RETIRED), reason=reason)
    save(session)
    return action
