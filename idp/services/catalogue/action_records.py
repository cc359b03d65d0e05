"""Load and write one of an organisation's own actions: the first and the last steps of the services here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, cast, delete, func, insert, select
from sqlalchemy.orm import Session

from idp.models import (
    BehaviouralIndicator,
    Competency,
    CompetencyFramework,
    DevelopmentAction,
    DevelopmentActionIndicator,
    FrameworkVersion,
    Organisation,
    ProficiencyLevel,
)
from idp.queries.catalogue.visible import visible_action
from idp.queries.frameworks import seen_by
from idp.rules.catalogue import own_prefix
from idp.rules.errors import InvalidInput, NotPermitted, StaleVersion, TransitionNotAllowed
from idp.rules.relations import Actor
from idp.rules.terms import Permission, SubjectType, VersionState
from idp.services.access import check_organisation
from idp.services.catalogue.action_fields import columns_of, described, hash_of
from idp.services.history import record_history


def hold_catalogue(session: Session, organisation_id: int) -> None:
    """Until the transaction ends nobody else numbers, publishes or leaves out actions of the organisation."""
    session.execute(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    )


def office_of(session: Session, actor: Actor, day: date) -> int:
    """The organisation whose catalogue the actor may edit. Raises NotPermitted."""
    check_organisation(session, actor, Permission.CATALOGUE_EDIT, day)
    if actor.organisation_id is None:
        raise NotPermitted(Permission.CATALOGUE_EDIT)
    return actor.organisation_id


def load_own(
    session: Session,
    actor: Actor,
    action_id: int,
    event: str,
    states: Collection[VersionState],
    day: date,
    expected_version: int | None,
) -> DevelopmentAction:
    """One of the organisation's own actions in one of these states, with the catalogue held.

    Raises NotPermitted, also for the library's, NotVisible, StaleVersion, TransitionNotAllowed.
    """
    organisation_id = office_of(session, actor, day)
    hold_catalogue(session, organisation_id)
    action = visible_action(session, organisation_id, action_id)
    session.refresh(action)
    if action.organisation_id is None:
        raise NotPermitted(Permission.CATALOGUE_EDIT)
    if expected_version is not None and action.version != expected_version:
        raise StaleVersion
    if action.state not in states:
        raise TransitionNotAllowed("action", action.state, event)
    return action


@dataclass(frozen=True)
class Place:
    """A level that an action may be for, with its indicators in their order."""

    level_id: int
    indicator_ids: tuple[int, ...]

    def positions(self, indicator_ids: Collection[int]) -> list[int]:
        """Counted from 1."""
        return [at for at, each in enumerate(self.indicator_ids, start=1) if each in set(indicator_ids)]


def place_of(session: Session, organisation_id: int, level_id: int | None) -> Place:
    """A level above 0 of a published version that the organisation sees. Raises InvalidInput at `level_id`
    (`missing`, `unknown_choice`)."""
    if level_id is None:
        raise InvalidInput("level_id", "missing")
    found = session.scalar(
        select(ProficiencyLevel.id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(
            ProficiencyLevel.id == level_id,
            ProficiencyLevel.number > 0,
            FrameworkVersion.state == VersionState.PUBLISHED,
            FrameworkVersion.number > 0,
            seen_by(organisation_id),
        )
    )
    if found is None:
        raise InvalidInput("level_id", "unknown_choice")
    return level_indicators(session, level_id)


def level_indicators(session: Session, level_id: int) -> Place:
    ids = session.scalars(
        select(BehaviouralIndicator.id)
        .where(BehaviouralIndicator.level_id == level_id)
        .order_by(BehaviouralIndicator.sort_order)
    )
    return Place(level_id, tuple(ids))


def developed_by(session: Session, action_id: int) -> frozenset[int]:
    """The indicators that the action is mapped to."""
    return frozenset(
        session.scalars(
            select(DevelopmentActionIndicator.indicator_id).where(
                DevelopmentActionIndicator.action_id == action_id
            )
        )
    )


def next_own_number(session: Session, organisation_id: int) -> int:
    """The running number of the organisation's next key; the catalogue is held."""
    prefix = own_prefix(organisation_id)
    numbers = cast(func.substr(DevelopmentAction.key, len(prefix) + 1), Integer)
    latest = session.scalar(
        select(func.max(numbers)).where(DevelopmentAction.organisation_id == organisation_id)
    )
    return (latest or 0) + 1


def latest_number(session: Session, action: DevelopmentAction) -> int:
    """Of the versions of its key at its level."""
    return session.scalars(
        select(func.max(DevelopmentAction.number)).where(
            DevelopmentAction.key == action.key, DevelopmentAction.level_id == action.level_id
        )
    ).one()


def fill(
    session: Session,
    action: DevelopmentAction,
    columns: Mapping[str, Any],
    place: Place,
    indicator_ids: Collection[int],
) -> None:
    """Write what the action says, and flush."""
    for name, value in columns.items():
        setattr(action, name, value)
    action.level_id = place.level_id
    action.content_hash = hash_of(action.key, columns_of(action), place.positions(indicator_ids))
    session.add(action)
    session.flush()
    map_to(session, action.id, indicator_ids)


def map_to(session: Session, action_id: int, indicator_ids: Collection[int]) -> None:
    """The indicators that it develops, these and no others."""
    session.execute(
        delete(DevelopmentActionIndicator).where(DevelopmentActionIndicator.action_id == action_id)
    )
    if indicator_ids:
        rows = [{"action_id": action_id, "indicator_id": each} for each in sorted(set(indicator_ids))]
        session.execute(insert(DevelopmentActionIndicator), rows)


def says(session: Session, action: DevelopmentAction) -> dict[str, Any]:
    """What the action says now, as the history keeps it."""
    place = level_indicators(session, action.level_id)
    positions = place.positions(developed_by(session, action.id))
    return {**described(columns_of(action), positions), "level_id": action.level_id}


def record(
    session: Session,
    actor: Actor,
    action: DevelopmentAction,
    event: str,
    now: datetime,
    states: Sequence[VersionState | None],
    *,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    record_history(
        session,
        actor,
        (SubjectType.ACTION, action.id),
        event,
        now,
        organisation_id=action.organisation_id,
        states=(states[0], states[1]),
        reason=reason,
        detail={"key": action.key, "number": action.number, **(detail or {})},
    )
