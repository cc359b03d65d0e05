"""Write many of an organisation's own actions at once, as a file of rows wants them: a number of statements
that does not grow."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from idp.models import DevelopmentAction, DevelopmentActionIndicator
from idp.queries.catalogue.rows import StoredAction, latest_of_each, own_actions
from idp.rules.calendar import local_day
from idp.rules.catalogue import own_key
from idp.rules.errors import StaleVersion
from idp.rules.relations import Actor
from idp.rules.terms import SubjectType, VersionState
from idp.services.catalogue.action_fields import described, hash_of
from idp.services.catalogue.action_records import hold_catalogue, next_own_number, office_of
from idp.services.history import Deed, record_history_many
from idp.services.saving import noticing_others

ACTIONS = cast(Table, DevelopmentAction.__table__)
DRAFT, PUBLISHED, RETIRED = VersionState.DRAFT, VersionState.PUBLISHED, VersionState.RETIRED


@dataclass(frozen=True)
class WantedAction:
    """What one action is to say. `key` "": a new one; `positions` of the indicators in the level, from 1."""

    key: str
    level_id: int
    columns: Mapping[str, Any]
    indicator_ids: tuple[int, ...]
    positions: tuple[int, ...]


@dataclass(frozen=True)
class _Write:
    wanted: WantedAction
    key: str
    before: StoredAction | None
    row: dict[str, Any]

    @property
    def is_in_place(self) -> bool:
        """The draft that is there is written; anything else makes a new row."""
        return self.before is not None and self.before.state is DRAFT


def write_actions(
    session: Session,
    actor: Actor,
    wanted: Sequence[WantedAction],
    now: datetime,
    *,
    publishes: bool,
    import_id: int | None = None,
) -> None:
    """New actions, and next versions of those that have a key; as drafts, or published at once, which retires
    the versions before. Raises NotPermitted, StaleVersion where a key is not there any more."""
    organisation_id = office_of(session, actor, local_day(now))
    hold_catalogue(session, organisation_id)
    there = own_actions(session, organisation_id)
    latest = latest_of_each(there)
    number = next_own_number(session, organisation_id)
    writes = []
    for each in wanted:
        before = latest.get((each.key, each.level_id)) if each.key else None
        if each.key and before is None:
            raise StaleVersion
        key = each.key or own_key(organisation_id, number)
        number += 0 if each.key else 1
        writes.append(_Write(each, key, before, _row(each, key, before, publishes, now)))
    added = [each for each in writes if not each.is_in_place]
    changed = [each for each in writes if each.is_in_place]
    retired = _replaced(there, writes) if publishes else []
    ids = _insert(session, organisation_id, added)
    ids |= _update(session, changed)
    _map(session, ids, writes, [each.before.id for each in changed if each.before is not None])
    _retire(session, retired, now)
    _record(session, actor, organisation_id, writes, ids, retired, now, publishes, import_id)
    _forget(session)


def _forget(session: Session) -> None:
    """What was read of actions is not what stands there now; nothing else is read again."""
    for each in list(session.identity_map.values()):
        if isinstance(each, DevelopmentAction):
            session.expire(each)


def _row(
    each: WantedAction, key: str, before: StoredAction | None, publishes: bool, now: datetime
) -> dict[str, Any]:
    return {
        **each.columns,
        "content_hash": hash_of(key, each.columns, each.positions),
        "state": PUBLISHED if publishes else DRAFT,
        "published_at": now if publishes else None,
    }


def _replaced(there: Iterable[StoredAction], writes: Collection[_Write]) -> list[StoredAction]:
    """The published versions that these take the place of."""
    places = {(each.key, each.wanted.level_id) for each in writes if each.before is not None}
    return [each for each in there if each.state is PUBLISHED and (each.key, each.level_id) in places]


def _insert(session: Session, organisation_id: int, added: Sequence[_Write]) -> dict[int, int]:
    """By the place of the write the id of its row."""
    if not added:
        return {}
    rows = [
        {
            **each.row,
            "key": each.key,
            "number": 1 if each.before is None else each.before.number + 1,
            "organisation_id": organisation_id,
            "based_on_action_id": None if each.before is None else each.before.based_on_action_id,
            "level_id": each.wanted.level_id,
        }
        for each in added
    ]
    with noticing_others():
        session.execute(insert(DevelopmentAction), rows)
    # SQLite gives ids in the order of the rows one by one only: they are asked for at once instead.
    found = session.execute(
        select(DevelopmentAction.key, DevelopmentAction.level_id, DevelopmentAction.id)
        .where(
            DevelopmentAction.organisation_id == organisation_id,
            DevelopmentAction.key.in_([each.key for each in added]),
        )
        .order_by(DevelopmentAction.number)
    )
    ids = {(key, level_id): action_id for key, level_id, action_id in found}
    return {id(each): ids[each.key, each.wanted.level_id] for each in added}


def _update(session: Session, changed: Sequence[_Write]) -> dict[int, int]:
    if not changed:
        return {}
    names = list(changed[0].row)
    statement = (
        update(ACTIONS)
        .where(ACTIONS.c.id == bindparam("of_id"))
        .values({**{name: bindparam(f"to_{name}") for name in names}, "version": ACTIONS.c.version + 1})
    )
    rows = [
        {"of_id": each.before.id, **{f"to_{name}": each.row[name] for name in names}}
        for each in changed
        if each.before is not None
    ]
    session.connection().execute(statement, rows)
    return {id(each): each.before.id for each in changed if each.before is not None}


def _map(
    session: Session, ids: Mapping[int, int], writes: Sequence[_Write], written_over: Sequence[int]
) -> None:
    if written_over:
        session.execute(
            delete(DevelopmentActionIndicator).where(DevelopmentActionIndicator.action_id.in_(written_over))
        )
    links = [
        {"action_id": ids[id(each)], "indicator_id": indicator_id}
        for each in writes
        for indicator_id in each.wanted.indicator_ids
    ]
    if links:
        session.execute(insert(DevelopmentActionIndicator), links)


def _retire(session: Session, retired: Sequence[StoredAction], now: datetime) -> None:
    if retired:
        session.execute(
            update(ACTIONS)
            .where(ACTIONS.c.id.in_([each.id for each in retired]))
            .values(state=RETIRED, retired_at=now, version=ACTIONS.c.version + 1)
        )


def _record(
    session: Session,
    actor: Actor,
    organisation_id: int,
    writes: Sequence[_Write],
    ids: Mapping[int, int],
    retired: Sequence[StoredAction],
    now: datetime,
    publishes: bool,
    import_id: int | None,
) -> None:
    state = PUBLISHED if publishes else DRAFT
    deeds = []
    for each in writes:
        after = described(each.wanted.columns, each.wanted.positions)
        detail = {"key": each.key, "import_id": import_id, "to": after}
        came_from = DRAFT if each.is_in_place else None
        deeds.append(Deed(ids[id(each)], (came_from, state), detail=detail))
    record_history_many(
        session, actor, SubjectType.ACTION, "import_action", now, deeds, organisation_id=organisation_id
    )
    if retired:
        gone = [
            Deed(each.id, (PUBLISHED, RETIRED), detail={"key": each.key, "import_id": import_id})
            for each in retired
        ]
        record_history_many(
            session, actor, SubjectType.ACTION, "replace_action", now, gone, organisation_id=organisation_id
        )
