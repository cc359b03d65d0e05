"""Drafts of an organisation's own actions: written, adapted, a next version begun, changed, discarded."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import DevelopmentAction
from idp.queries.catalogue.visible import visible_action
from idp.rules.calendar import local_day
from idp.rules.catalogue import own_key
from idp.rules.errors import InvalidInput, InvalidInputs, TransitionNotAllowed
from idp.rules.relations import Actor
from idp.rules.terms import VersionState
from idp.services.catalogue.action_fields import (
    ActionFields,
    checked_columns,
    columns_of,
    described,
    read_columns,
)
from idp.services.catalogue.action_records import (
    Place,
    developed_by,
    fill,
    hold_catalogue,
    latest_number,
    level_indicators,
    load_own,
    map_to,
    next_own_number,
    office_of,
    place_of,
    record,
    says,
)
from idp.services.saving import noticing_others, save

NEW = (None, VersionState.DRAFT)
SAME = (VersionState.DRAFT, VersionState.DRAFT)


def create_action(
    session: Session, actor: Actor, level_id: int | None, fields: ActionFields, now: datetime
) -> DevelopmentAction:
    """A draft of a new action for the level.

    Raises NotPermitted, InvalidInputs naming `level_id` and every field that is wrong.
    """
    organisation_id = office_of(session, actor, local_day(now))
    hold_catalogue(session, organisation_id)
    place, problems = Place(0, fields.indicator_ids), list[InvalidInput]()
    try:
        place = place_of(session, organisation_id, level_id)
    except InvalidInput as problem:
        problems.append(problem)
    columns, wrong = read_columns(fields, place.indicator_ids)
    if problems or wrong:
        raise InvalidInputs([*problems, *wrong])
    action = _new(session, organisation_id)
    with noticing_others():
        fill(session, action, columns, place, fields.indicator_ids)
    record(session, actor, action, "create_action", now, NEW, detail={"to": says(session, action)})
    return action


def adapt_action(
    session: Session, actor: Actor, action_id: int, now: datetime, level_id: int | None = None
) -> DevelopmentAction:
    """A draft of the organisation's own that says what the action says: the library's at its level, or any at
    another level of the organisation's choice; the draft that is under way already is the answer.

    At another level no indicators are chosen yet. Raises NotPermitted, NotVisible, InvalidInput at
    `level_id`, TransitionNotAllowed for a draft, and for one of the organisation's own at its own level: that
    is edited.
    """
    organisation_id = office_of(session, actor, local_day(now))
    hold_catalogue(session, organisation_id)
    source = visible_action(session, organisation_id, action_id)
    place = place_of(session, organisation_id, source.level_id if level_id is None else level_id)
    is_own_place = source.organisation_id is not None and place.level_id == source.level_id
    if source.state is VersionState.DRAFT or is_own_place:
        raise TransitionNotAllowed("action", source.state, "adapt_action")
    under_way = session.scalar(
        select(DevelopmentAction).where(
            DevelopmentAction.organisation_id == organisation_id,
            DevelopmentAction.based_on_action_id == source.id,
            DevelopmentAction.level_id == place.level_id,
            DevelopmentAction.state == VersionState.DRAFT,
        )
    )
    if under_way is not None:
        return under_way
    develops = developed_by(session, source.id) if place.level_id == source.level_id else frozenset[int]()
    action = _new(session, organisation_id)
    action.based_on_action_id = source.id
    with noticing_others():
        fill(session, action, columns_of(source), place, develops)
    detail = {"based_on": f"{source.key}/{source.number}", "to": says(session, action)}
    record(session, actor, action, "adapt_action", now, NEW, detail=detail)
    return action


def begin_next_version(
    session: Session, actor: Actor, action_id: int, now: datetime, expected_version: int | None = None
) -> DevelopmentAction:
    """A draft of the next number of an own action that was published, also of one that was retired; the draft
    that is under way already is the answer. Raises as `load_own` does."""
    taken = (VersionState.PUBLISHED, VersionState.RETIRED)
    source = load_own(
        session, actor, action_id, "begin_next_version", taken, local_day(now), expected_version
    )
    under_way = session.scalar(
        select(DevelopmentAction).where(
            DevelopmentAction.key == source.key,
            DevelopmentAction.level_id == source.level_id,
            DevelopmentAction.state == VersionState.DRAFT,
        )
    )
    if under_way is not None:
        return under_way
    action = DevelopmentAction(
        key=source.key,
        number=latest_number(session, source) + 1,
        state=VersionState.DRAFT,
        organisation_id=source.organisation_id,
        based_on_action_id=source.based_on_action_id,
    )
    place = level_indicators(session, source.level_id)
    with noticing_others():
        fill(session, action, columns_of(source), place, developed_by(session, source.id))
    detail = {"from_number": source.number, "to": says(session, action)}
    record(session, actor, action, "begin_next_version", now, NEW, detail=detail)
    return action


def update_draft(
    session: Session,
    actor: Actor,
    action_id: int,
    fields: ActionFields,
    now: datetime,
    expected_version: int | None = None,
) -> DevelopmentAction:
    """Write what the draft says; unchanged content writes nothing. Its level is the one it was begun for.
    Raises as `load_own` does, InvalidInputs at the fields."""
    drafts = (VersionState.DRAFT,)
    action = load_own(session, actor, action_id, "update_draft", drafts, local_day(now), expected_version)
    place = level_indicators(session, action.level_id)
    columns = checked_columns(fields, place.indicator_ids)
    before = says(session, action)
    positions = place.positions(fields.indicator_ids)
    after = {**described(columns, positions), "level_id": place.level_id}
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        with noticing_others():
            fill(session, action, columns, place, fields.indicator_ids)
        detail = {
            "from": {name: before[name] for name in changed},
            "to": {name: after[name] for name in changed},
        }
        record(session, actor, action, "update_action", now, SAME, detail=detail)
    return action


def discard_draft(
    session: Session, actor: Actor, action_id: int, now: datetime, expected_version: int | None = None
) -> None:
    """Throw a draft away. Its row stays for its history under a number that nobody sees, so that its number
    is free again. Raises as `load_own` does."""
    drafts = (VersionState.DRAFT,)
    action = load_own(session, actor, action_id, "discard_draft", drafts, local_day(now), expected_version)
    detail = {"from": says(session, action)}
    map_to(session, action.id, ())
    states = (VersionState.DRAFT, VersionState.RETIRED)
    record(session, actor, action, "discard_action", now, states, detail=detail)
    action.state, action.retired_at, action.number = VersionState.RETIRED, now, -action.id
    save(session)


def _new(session: Session, organisation_id: int) -> DevelopmentAction:
    return DevelopmentAction(
        key=own_key(organisation_id, next_own_number(session, organisation_id)),
        number=1,
        state=VersionState.DRAFT,
        organisation_id=organisation_id,
    )
