"""Publish a draft for good, with the development actions that still fit; retire a published version."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from idp.models import DevelopmentAction, DevelopmentActionIndicator, FrameworkVersion
from idp.queries.framework_actions import CarriedAction, Carrying, carrying
from idp.queries.framework_contents import StoredCompetency, content_of
from idp.queries.framework_uses import hindrances
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, TransitionNotAllowed
from idp.rules.framework_content import content_problems
from idp.rules.relations import Actor
from idp.rules.terms import SubjectType, VersionState
from idp.rules.texts import required_text
from idp.services.framework_access import check_version, load_draft, load_own_version
from idp.services.history import record_history
from idp.services.saving import save


def publish_version(
    session: Session, actor: Actor, version_id: int, now: datetime, expected_version: int | None = None
) -> Carrying:
    """Publish the draft; the published actions of what it was made from come along where they still fit.

    The version before stays published: cycles open on it keep it, new ones take the latest. Raises
    InvalidInput `not_ready` at `publish` (`content_problems` names what is lacking), StaleVersion,
    TransitionNotAllowed.
    """
    version = load_draft(session, actor, version_id, "publish_version", local_day(now), expected_version)
    content = content_of(session, version.id)
    if content_problems([each.content for each in content]):
        raise InvalidInput("publish", "not_ready")
    carried = carrying(session, version.based_on_version_id, version.id)
    _insert(session, version.framework.code, carried.actions, now)
    version.state, version.published_at = VersionState.PUBLISHED, now
    version.content_hash = _hash(version, content)
    record_history(
        session,
        actor,
        (SubjectType.FRAMEWORK, version.id),
        "publish_version",
        now,
        organisation_id=version.framework.organisation_id,
        states=(VersionState.DRAFT, VersionState.PUBLISHED),
        detail={
            "content_hash": version.content_hash,
            "actions": len(carried.actions),
            "left_behind": carried.left_behind,
        },
    )
    save(session)
    return carried


def retire_version(
    session: Session,
    actor: Actor,
    version_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> FrameworkVersion:
    """Nobody takes it for anything new any more; cycles already open keep it.

    Raises InvalidInput at `reason` (`missing`; `in_use` while the rules or a cycle not yet open have it:
    `framework_uses.hindrances` names them), StaleVersion, TransitionNotAllowed.
    """
    day = local_day(now)
    version = load_own_version(session, actor, version_id, day)
    check_version(version, expected_version)
    if version.state is not VersionState.PUBLISHED:
        raise TransitionNotAllowed("framework", version.state, "retire_version")
    reason = required_text("reason", reason)
    if hindrances(session, version, day).are_there:
        raise InvalidInput("reason", "in_use")
    version.state, version.retired_at = VersionState.RETIRED, now
    record_history(
        session,
        actor,
        (SubjectType.FRAMEWORK, version.id),
        "retire_version",
        now,
        organisation_id=version.framework.organisation_id,
        states=(VersionState.PUBLISHED, VersionState.RETIRED),
        reason=reason,
    )
    save(session)
    return version


def _insert(session: Session, framework_code: str, carried: tuple[CarriedAction, ...], now: datetime) -> None:
    """The actions at their new levels: two statements.

    The organisation's own keep their key and number, and so do those that the framework had before: what is
    said of a key (left out, helped) holds for the next version. The library's get the framework's own keys.
    """
    if not carried:
        return
    places: dict[int, int] = {}
    rows = []
    for each in carried:
        action = each.action
        keeps_key = action.organisation_id is not None or action.key.startswith(f"{framework_code}/")
        if not keeps_key:
            places[each.level_id] = places.get(each.level_id, 0) + 1
        new_key = f"{framework_code}/{each.competency_code}/{each.level}/{places.get(each.level_id, 0)}"
        rows.append(
            {
                "key": action.key if keeps_key else new_key,
                "number": action.number if keeps_key else 1,
                "state": VersionState.PUBLISHED,
                "level_id": each.level_id,
                "published_at": now,
                **{name: getattr(action, name) for name in COPIED},
            }
        )
    statement = insert(DevelopmentAction).returning(DevelopmentAction.id, sort_by_parameter_order=True)
    ids = list(session.scalars(statement, rows))
    links = [
        {"action_id": action_id, "indicator_id": indicator_id}
        for action_id, each in zip(ids, carried, strict=True)
        for indicator_id in each.indicator_ids
    ]
    if links:
        session.execute(insert(DevelopmentActionIndicator), links)


COPIED = (
    "organisation_id",
    "based_on_action_id",
    "method",
    "title_th",
    "detail_th",
    "hours",
    "weeks",
    "cost_baht",
    "evidence_th",
    "measure_th",
    "content_hash",
)


def _hash(version: FrameworkVersion, content: tuple[StoredCompetency, ...]) -> str:
    """A hexadecimal hash of all that the version says."""
    said = {
        "names": [version.name_th, version.name_en, version.organisation_th, version.source_note],
        "competencies": [asdict(each.content) for each in content],
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
