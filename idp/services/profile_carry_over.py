"""Carry the position profiles and overrides over to another version of a framework, from a day on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from idp.models import Competency, PositionOverride, PositionProfile
from idp.queries.profile_carry_over import (
    CodeMapping,
    carry_over_preview,
    mapping_between,
    organisation_version,
)
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, StaleVersion
from idp.rules.levels import NOT_SHOWN
from idp.rules.profiles import Expected, Slot
from idp.rules.relations import Actor
from idp.rules.terms import Permission, SubjectType
from idp.services.access import check_organisation
from idp.services.history import Deed, record_history_many
from idp.services.position_overrides import described
from idp.services.profile_changes import check_first_day, content_of, hold_profiles, write_profiles
from idp.services.saving import save

ONE_DAY = timedelta(days=1)
EVENT = "carry_over"


@dataclass(frozen=True)
class CarriedOver:
    """How many profiles and overrides name the new version now."""

    profiles: int
    overrides: int


def carry_over_profiles(
    session: Session,
    actor: Actor,
    from_version_id: int,
    to_version_id: int,
    from_on: date,
    now: datetime,
    expected_version: int | None = None,
) -> CarriedOver:
    """Each competency of the old version becomes the one of the same code in the new, at its level or the
    next lower one of the new ladder; one without such a level or code is left out, as the preview says.

    What holds on `from_on` ends the day before, as `write_profiles` says; what was set for a later day is
    changed in place; rounds that have opened keep what they froze. Raises InvalidInput at `from_on`,
    NotVisible, NotPermitted, StaleVersion (`expected_version`: `organisation_version` as the preview had it).
    """
    check_organisation(session, actor, Permission.PROFILE_EDIT, local_day(now))
    if actor.organisation_id is None:
        raise InvalidInput("from_on", "wrong_value")
    organisation_id = actor.organisation_id
    hold_profiles(session, organisation_id)
    preview = carry_over_preview(session, organisation_id, from_version_id, to_version_id, from_on)
    check_first_day(session, organisation_id, from_on, now)
    if expected_version is not None and organisation_version(session, organisation_id) != expected_version:
        raise StaleVersion
    if preview.old.id == preview.new.id or not (preview.profiles or preview.overrides):
        raise InvalidInput("from_on", "nothing_to_carry_over")
    mapping = mapping_between(session, from_version_id, to_version_id)
    profiles = 0
    for day, wanted in sorted(_wanted(session, organisation_id, from_on, mapping).items()):
        profiles += len(write_profiles(session, actor, organisation_id, wanted, day, now, EVENT))
    overrides = _carry_overrides(session, actor, organisation_id, from_on, now, mapping)
    return CarriedOver(profiles, overrides)


def carried(content: Iterable[Expected], mapping: CodeMapping) -> list[Expected]:
    """The content with the new competencies for the old. What names the new one already stays as it is."""
    content = list(content)
    kept = [each for each in content if each.competency_id not in mapping.names]
    known = {each.competency_id for each in kept}
    moved = [
        Expected(mapping.targets[each.competency_id], level, each.weight)
        for each in content
        if (level := mapping.level(each.competency_id, each.level)) != NOT_SHOWN
        and mapping.targets[each.competency_id] not in known
    ]
    return [*kept, *moved]


def _wanted(
    session: Session, organisation_id: int, from_on: date, mapping: CodeMapping
) -> dict[date, dict[Slot, list[Expected]]]:
    """For each day from which something is to be otherwise: what is expected then. Two statements."""
    rows = session.scalars(
        select(PositionProfile)
        .where(
            PositionProfile.organisation_id == organisation_id,
            or_(PositionProfile.until_on.is_(None), PositionProfile.until_on >= from_on),
        )
        .order_by(PositionProfile.from_on, PositionProfile.id)
        .options(selectinload(PositionProfile.expected_levels))
    )
    wanted: dict[date, dict[Slot, list[Expected]]] = {}
    for row in rows:
        content = content_of(row)
        if not content.keys().isdisjoint(mapping.names):
            day = max(row.from_on, from_on)
            slot = (row.line_of_work_id, row.position_level_id)
            wanted.setdefault(day, {})[slot] = carried(content.values(), mapping)
    return wanted


def _carry_overrides(
    session: Session, actor: Actor, organisation_id: int, from_on: date, now: datetime, mapping: CodeMapping
) -> int:
    """Those that hold on the day end the day before and go on as new ones; those to come name the new
    competency; those without one end, or are withdrawn."""
    rows = session.scalars(
        select(PositionOverride)
        .join(Competency, Competency.id == PositionOverride.competency_id)
        .where(
            PositionOverride.organisation_id == organisation_id,
            PositionOverride.competency_id.in_(mapping.names),
            PositionOverride.is_withdrawn.is_(False),
            or_(PositionOverride.until_on.is_(None), PositionOverride.until_on >= from_on),
        )
        .order_by(PositionOverride.id)
    ).all()
    begun: list[PositionOverride] = []
    touched: list[tuple[PositionOverride, dict[str, object]]] = []
    for row in rows:
        before, level = described(row), mapping.level(row.competency_id, row.level)
        if level != NOT_SHOWN and row.from_on < from_on:
            begun.append(_continued(row, mapping.targets[row.competency_id], level, from_on, now))
        elif level != NOT_SHOWN:
            row.competency_id, row.level = mapping.targets[row.competency_id], level
        if row.from_on < from_on:
            row.until_on = from_on - ONE_DAY
        elif level == NOT_SHOWN:
            row.is_withdrawn = True
        touched.append((row, before))
    session.add_all(begun)
    save(session)
    deeds = [Deed(row.id, detail={"from": before, "to": described(row)}) for row, before in touched]
    deeds += [Deed(row.id, reason=row.reason, detail={"from": None, "to": described(row)}) for row in begun]
    if deeds:
        record_history_many(
            session,
            actor,
            SubjectType.POSITION_OVERRIDE,
            EVENT,
            now,
            deeds,
            organisation_id=organisation_id,
        )
    return len(touched)


def _continued(
    row: PositionOverride, competency_id: int, level: int, from_on: date, now: datetime
) -> PositionOverride:
    """The same from the day on, of the new competency; who entered it and why stays with it."""
    return PositionOverride(
        organisation_id=row.organisation_id,
        position_number=row.position_number,
        competency_id=competency_id,
        level=level,
        weight=row.weight,
        reason=row.reason,
        from_on=from_on,
        until_on=row.until_on,
        entered_by_person_id=row.entered_by_person_id,
        entered_at=now,
    )
