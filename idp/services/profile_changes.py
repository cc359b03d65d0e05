"""Write position profiles so that the past stays as it was: the one place that adds, ends, changes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import Table, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from idp.models import Cycle, ExpectedLevel, Organisation, PositionProfile
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput
from idp.rules.profiles import Expected, Slot
from idp.rules.relations import Actor
from idp.rules.terms import SubjectType
from idp.services.history import Deed, record_history_many
from idp.services.saving import noticing_others

PROFILES = cast(Table, PositionProfile.__table__)
ONE_DAY = timedelta(days=1)
AT_ONCE = 500
"""Profiles that one statement reads or changes."""

WITHOUT_SESSION: Final = {"synchronize_session": False}

Content = Mapping[int, Expected]


@dataclass(frozen=True)
class Changed:
    """A profile that is otherwise from the day on; `before` and `after` by the competency's id."""

    slot: Slot
    before: Content
    after: Content


def hold_profiles(session: Session, organisation_id: int) -> None:
    """Until the transaction ends nobody else changes the organisation's profiles."""
    session.execute(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    )


def check_first_day(session: Session, organisation_id: int, from_on: date, now: datetime) -> None:
    """What held on a day that has passed, or on which a round opened, is not rewritten: the round's papers
    could not be explained any more. Raises InvalidInput at `from_on`."""
    day = local_day(now)
    if from_on < day:
        raise InvalidInput("from_on", "before_today")
    opened_at = session.scalar(
        select(func.max(Cycle.opened_at)).where(Cycle.organisation_id == organisation_id)
    )
    if opened_at is not None and from_on <= local_day(opened_at):
        raise InvalidInput("from_on", "opened_today")


def write_profiles(
    session: Session,
    actor: Actor,
    organisation_id: int,
    wanted: Mapping[Slot, Iterable[Expected]],
    from_on: date,
    now: datetime,
    event: str = "set_profile",
    reason: str = "",
) -> tuple[Changed, ...]:
    """Expect from `from_on` on what `wanted` says of each slot, nothing where that is empty; what changed.

    The profile that holds on that day ends the day before, a new one begins, and holds until what was set
    for a later day begins, or until the day on which the one before it was to end. A profile that begins
    on `from_on` itself is changed in place: no day has passed on which it held. Nothing is written for a
    slot that is so already, and nothing is ever taken away: a profile without competencies expects none.
    The caller has checked the day and the rows, and holds the profiles. Raises StaleVersion.
    """
    rows = _rows_by_slot(session, organisation_id, wanted.keys(), from_on)
    work = _Work(organisation_id, from_on)
    for slot, expected in wanted.items():
        work.change(slot, {each.competency_id: each for each in expected}, rows.get(slot, ()))
    written = _write(session, work)
    _tell(session, actor, work, written, now, event, reason)
    return tuple(work.changes)


@dataclass
class _Work:
    """What is to be written: the columns of the profiles that begin, the ids of those that change in place
    and of those that end."""

    organisation_id: int
    from_on: date
    changes: list[Changed] = field(default_factory=list)
    begun: list[tuple[dict[str, Any], Changed]] = field(default_factory=list)
    in_place: list[tuple[int, Changed]] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)

    def change(self, slot: Slot, after: Content, rows: Sequence[PositionProfile]) -> None:
        """`rows`: those of the slot that hold on the day or come later, the latest first."""
        holding = [row for row in rows if row.from_on <= self.from_on]
        change = Changed(slot, content_of(holding[0]) if holding else {}, after)
        if change.before == after:
            return
        self.changes.append(change)
        if holding and holding[0].from_on == self.from_on:
            self.in_place.append((holding.pop(0).id, change))
        elif after:
            self.begun.append((_begin(self.organisation_id, slot, self.from_on, rows), change))
        self.ended += [row.id for row in holding]


def content_of(profile: PositionProfile) -> dict[int, Expected]:
    return {
        each.competency_id: Expected(each.competency_id, each.level, each.weight)
        for each in profile.expected_levels
    }


def _begin(
    organisation_id: int, slot: Slot, from_on: date, rows: Sequence[PositionProfile]
) -> dict[str, Any]:
    """A profile from that day until the next one set for later, or the end of the one that it follows."""
    ends = [row.from_on - ONE_DAY for row in rows if row.from_on > from_on]
    ends += [row.until_on for row in rows if row.from_on <= from_on and row.until_on is not None]
    return {
        "organisation_id": organisation_id,
        "line_of_work_id": slot[0],
        "position_level_id": slot[1],
        "label_th": "",
        "from_on": from_on,
        "until_on": min(ends, default=None),
    }


def _rows_by_slot(
    session: Session, organisation_id: int, slots: Iterable[Slot], day: date
) -> dict[Slot, list[PositionProfile]]:
    """The profiles that hold on the day or begin later, of each slot, the latest first; those that hold
    before those that come. Two statements."""
    known = set(slots)
    found = session.scalars(
        select(PositionProfile)
        .where(
            PositionProfile.organisation_id == organisation_id,
            or_(PositionProfile.until_on.is_(None), PositionProfile.until_on >= day),
        )
        .order_by(PositionProfile.from_on.desc(), PositionProfile.id.desc())
        .execution_options(populate_existing=True)
    ).all()
    by_slot: dict[Slot, list[PositionProfile]] = {}
    for row in found:
        slot = (row.line_of_work_id, row.position_level_id)
        if slot in known:
            by_slot.setdefault(slot, []).append(row)
    _load_levels(session, [row for rows in by_slot.values() for row in rows])
    return by_slot


def _load_levels(session: Session, profiles: Sequence[PositionProfile]) -> None:
    by_id = {profile.id: profile for profile in profiles}
    levels: dict[int, list[ExpectedLevel]] = {each: [] for each in by_id}
    for ids in _portions(sorted(by_id)):
        for each in session.scalars(
            select(ExpectedLevel).where(ExpectedLevel.profile_id.in_(ids)).order_by(ExpectedLevel.id)
        ):
            levels[each.profile_id].append(each)
    for profile_id, found in levels.items():
        set_committed_value(by_id[profile_id], "expected_levels", found)


def _write(session: Session, work: _Work) -> list[tuple[int, Changed]]:
    """The ids of the profiles that begin or change, with what they say now. By sets: the mapper would write
    rows with a version one by one; nobody else writes them meanwhile (`hold_profiles`)."""
    changing = [profile_id for profile_id, _change in work.in_place]
    for ids in _portions(changing):
        session.execute(
            delete(ExpectedLevel).where(ExpectedLevel.profile_id.in_(ids)),
            execution_options=WITHOUT_SESSION,
        )
        _change_columns(session, ids, label_th="")
    for ids in _portions(work.ended):
        _change_columns(session, ids, until_on=work.from_on - ONE_DAY)
    written = list(work.in_place)
    if work.begun:
        with noticing_others():
            session.execute(insert(PROFILES), [columns for columns, _change in work.begun])
        written += _ids_of(session, work)
    levels = [
        {"profile_id": profile_id, **asdict(each)}
        for profile_id, change in written
        for each in change.after.values()
    ]
    if levels:
        session.execute(insert(ExpectedLevel), levels)
    session.expire_all()
    return written


def _ids_of(session: Session, work: _Work) -> Iterable[tuple[int, Changed]]:
    """The profiles that were just begun, by their ids."""
    rows = session.execute(
        select(PositionProfile.id, PositionProfile.line_of_work_id, PositionProfile.position_level_id).where(
            PositionProfile.organisation_id == work.organisation_id, PositionProfile.from_on == work.from_on
        )
    )
    ids = {(line_of_work_id, level_id): profile_id for profile_id, line_of_work_id, level_id in rows}
    return [(ids[change.slot], change) for _columns, change in work.begun]


def _change_columns(session: Session, ids: Sequence[int], **values: Any) -> None:
    session.execute(
        update(PositionProfile)
        .where(PositionProfile.id.in_(ids))
        .values(**values, version=PositionProfile.version + 1),
        execution_options=WITHOUT_SESSION,
    )


def _portions(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _tell(
    session: Session,
    actor: Actor,
    work: _Work,
    written: Sequence[tuple[int, Changed]],
    now: datetime,
    event: str,
    reason: str,
) -> None:
    from_on = work.from_on.isoformat()
    sets = [
        Deed(
            profile_id,
            reason=reason,
            detail={
                "from_on": from_on,
                "from": as_data(change.before.values()),
                "to": as_data(change.after.values()),
            },
        )
        for profile_id, change in written
    ]
    last = (work.from_on - ONE_DAY).isoformat()
    ends = [Deed(each, reason=reason, detail={"until_on": last}) for each in work.ended]
    for name, deeds in (("end_profile", ends), (event, sets)):
        if deeds:
            record_history_many(
                session, actor, SubjectType.PROFILE, name, now, deeds, organisation_id=work.organisation_id
            )


def as_data(expected: Iterable[Expected]) -> list[dict[str, Any]]:
    """As the history keeps it."""
    return [
        {
            "competency_id": each.competency_id,
            "level": each.level,
            "weight": None if each.weight is None else str(each.weight),
        }
        for each in sorted(expected, key=lambda each: each.competency_id)
    ]
