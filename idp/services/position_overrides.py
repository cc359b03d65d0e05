"""What one position is expected to show otherwise than its profile: entered with a reason, ended with a day.

An override holds from its first to its last day by itself. It is the position's, whoever serves in it; a
round that has opened keeps what it froze.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from idp.models import Assignment, PositionOverride
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible, StaleVersion
from idp.rules.profiles import problems_of_expected
from idp.rules.relations import Actor
from idp.rules.terms import Permission, SubjectType
from idp.rules.texts import required_text
from idp.services.access import check_organisation
from idp.services.history import record_history
from idp.services.profile_changes import check_first_day, hold_profiles
from idp.services.profile_rows import acceptable
from idp.services.saving import save

ONE_DAY = timedelta(days=1)
LONGEST_NUMBER = 40


@dataclass(frozen=True)
class OverrideFields:
    """An override as typed. `until_on` None: until it is ended."""

    position_number: str
    competency_id: int | None
    level: int
    weight: Decimal | None
    reason: str
    from_on: date
    until_on: date | None = None


def override_position(
    session: Session, actor: Actor, typed: OverrideFields, now: datetime
) -> PositionOverride:
    """Expect it of the position from `from_on` on.

    One that holds for the same competency ends the day before; one set for a later day stays, and this one
    may not reach it. One that begins on the same day stands in the way: who sees it may change it
    (`change_override`). Raises InvalidInputs naming every wrong field at once, InvalidInput at `from_on`
    (`override_that_day`, its id and level among the values) or `until_on`, NotPermitted, StaleVersion.
    """
    check_organisation(session, actor, Permission.PROFILE_EDIT, local_day(now))
    if actor.organisation_id is None:
        raise InvalidInput("position_number", "wrong_value")
    organisation_id = actor.organisation_id
    hold_profiles(session, organisation_id)
    problems = _problems(session, organisation_id, typed, now)
    if problems:
        raise InvalidInputs(problems)
    number = typed.position_number.strip()
    rows = _rows(session, organisation_id, number, typed.competency_id, typed.from_on)
    override = next((row for row in rows if row.from_on == typed.from_on), None)
    if override is not None and not override.is_withdrawn:
        raise InvalidInput("from_on", "override_that_day", level=override.level, override_id=override.id)
    _check_reach(rows, typed.from_on, typed.until_on)
    if override is None:
        override = PositionOverride(
            organisation_id=organisation_id,
            position_number=number,
            competency_id=typed.competency_id,
            from_on=typed.from_on,
        )
        session.add(override)
    for row in rows:
        if row.from_on < typed.from_on:
            row.until_on = typed.from_on - ONE_DAY
            _record(session, actor, row, "end_override", now, "", {"until_on": row.until_on.isoformat()})
    override.level, override.weight = typed.level, typed.weight
    override.reason, override.until_on = typed.reason.strip(), typed.until_on
    override.is_withdrawn = False
    override.entered_by_person_id, override.entered_at = actor.person_id, now
    save(session)
    detail = {"from": None, "to": described(override)}
    _record(session, actor, override, "override_position", now, override.reason, detail)
    return override


@dataclass(frozen=True)
class OverrideChange:
    """What may be otherwise of an override that has not held a day yet, as typed."""

    level: int
    weight: Decimal | None
    reason: str
    until_on: date | None = None


def change_override(
    session: Session,
    actor: Actor,
    override_id: int,
    typed: OverrideChange,
    now: datetime,
    expected_version: int | None = None,
) -> PositionOverride:
    """Correct one whose first day has not passed, nor has a round opened with it: what held stays readable.

    Raises InvalidInputs naming every wrong field at once, InvalidInput at `level` (`before_today`,
    `opened_today`, `nothing_changed`), NotVisible, NotPermitted, StaleVersion when it is over or withdrawn.
    """
    override = _held(session, actor, override_id, now, expected_version)
    try:
        check_first_day(session, override.organisation_id, override.from_on, now)
    except InvalidInput as error:
        raise InvalidInput("level", error.code) from error
    known = acceptable(session, override.organisation_id, override.from_on)
    problems = [*problems_of_expected(typed.level, typed.weight, known.ladders.get(override.competency_id))]
    try:
        reason = required_text("reason", typed.reason)
    except InvalidInput as problem:
        problems.append(problem)
    if typed.until_on is not None and typed.until_on < override.from_on:
        problems.append(InvalidInput("until_on", "ends_before_start"))
    if problems:
        raise InvalidInputs(problems)
    number, from_on = override.position_number, override.from_on
    rows = _rows(session, override.organisation_id, number, override.competency_id, from_on)
    _check_reach(rows, from_on, typed.until_on)
    before = described(override)
    override.level, override.weight, override.until_on = typed.level, typed.weight, typed.until_on
    if described(override) == before and override.reason == reason:
        raise InvalidInput("level", "nothing_changed")
    override.reason = reason
    override.entered_by_person_id, override.entered_at = actor.person_id, now
    save(session)
    detail = {"from": before, "to": described(override)}
    _record(session, actor, override, "change_override", now, reason, detail)
    return override


def end_override(
    session: Session,
    actor: Actor,
    override_id: int,
    until_on: date | None,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> PositionOverride:
    """End it with `until_on` as its last day; one that has not begun yet is withdrawn, whatever day is named.

    Raises InvalidInput at `until_on` or `reason`, NotVisible, NotPermitted, StaleVersion when it is over.
    """
    override = _held(session, actor, override_id, now, expected_version)
    day = local_day(now)
    reason = required_text("reason", reason)
    if override.from_on > day:
        override.is_withdrawn = True
        save(session)
        _record(session, actor, override, "withdraw_override", now, reason, {"from": described(override)})
        return override
    if until_on is None:
        raise InvalidInput("until_on", "required")
    if override.until_on is not None and until_on >= override.until_on:
        raise InvalidInput("until_on", "not_earlier")
    check_last_day(session, override, until_on, now)
    before = override.until_on
    override.until_on = until_on
    save(session)
    detail = {"from": before and before.isoformat(), "until_on": until_on.isoformat()}
    _record(session, actor, override, "end_override", now, reason, detail)
    return override


def _held(
    session: Session, actor: Actor, override_id: int, now: datetime, expected_version: int | None
) -> PositionOverride:
    """One that holds or is to come, with the organisation's profiles held."""
    day = local_day(now)
    check_organisation(session, actor, Permission.PROFILE_EDIT, day)
    override = session.get(PositionOverride, override_id)
    if override is None or override.organisation_id != actor.organisation_id:
        raise NotVisible
    hold_profiles(session, override.organisation_id)
    session.refresh(override)
    if expected_version is not None and override.version != expected_version:
        raise StaleVersion
    if override.is_withdrawn or (override.until_on is not None and override.until_on < day):
        raise StaleVersion
    return override


def _check_reach(rows: Sequence[PositionOverride], from_on: date, until_on: date | None) -> None:
    """Raises InvalidInput at `until_on` where one of them begins before it is over."""
    coming = [row.from_on for row in rows if row.from_on > from_on]
    if coming and (until_on is None or until_on >= min(coming)):
        raise InvalidInput("until_on", "another_override", day=min(coming))


def check_last_day(session: Session, override: PositionOverride, until_on: date, now: datetime) -> None:
    """What is otherwise is the day after: that day has to be open to change, as `check_first_day` has it.
    Raises InvalidInput at `until_on`."""
    if until_on < override.from_on:
        raise InvalidInput("until_on", "ends_before_start")
    try:
        check_first_day(session, override.organisation_id, until_on + ONE_DAY, now)
    except InvalidInput as error:
        raise InvalidInput("until_on", error.code) from error


def described(override: PositionOverride) -> dict[str, Any]:
    """As the history keeps it."""
    return {
        "position_number": override.position_number,
        "competency_id": override.competency_id,
        "level": override.level,
        "weight": None if override.weight is None else str(override.weight),
        "from_on": override.from_on.isoformat(),
        "until_on": override.until_on and override.until_on.isoformat(),
    }


def _problems(
    session: Session, organisation_id: int, typed: OverrideFields, now: datetime
) -> list[InvalidInput]:
    problems: list[InvalidInput] = []
    known = acceptable(session, organisation_id, typed.from_on)
    ladder = known.ladders.get(typed.competency_id or 0)
    if ladder is None:
        code = "required" if typed.competency_id is None else "unknown_choice"
        problems.append(InvalidInput("competency_id", code))
    problems += problems_of_expected(typed.level, typed.weight, ladder)
    for check in (
        lambda: _check_number(session, organisation_id, typed.position_number),
        lambda: required_text("reason", typed.reason),
        lambda: check_first_day(session, organisation_id, typed.from_on, now),
    ):
        try:
            check()
        except InvalidInput as problem:
            problems.append(problem)
    if typed.until_on is not None and typed.until_on < typed.from_on:
        problems.append(InvalidInput("until_on", "ends_before_start"))
    return problems


def _check_number(session: Session, organisation_id: int, text: str) -> None:
    number = required_text("position_number", text, LONGEST_NUMBER)
    known = session.scalar(
        select(Assignment.id)
        .where(Assignment.organisation_id == organisation_id, Assignment.position_number == number)
        .limit(1)
    )
    if known is None:
        raise InvalidInput("position_number", "no_such_position")


def _rows(
    session: Session, organisation_id: int, number: str, competency_id: int | None, from_on: date
) -> list[PositionOverride]:
    """Those of the same position and competency that hold on the day or come later, and the one of that very
    day even where it was withdrawn."""
    rows = session.scalars(
        select(PositionOverride)
        .where(
            PositionOverride.organisation_id == organisation_id,
            PositionOverride.position_number == number,
            PositionOverride.competency_id == competency_id,
            or_(PositionOverride.until_on.is_(None), PositionOverride.until_on >= from_on),
        )
        .order_by(PositionOverride.from_on)
        .execution_options(populate_existing=True)
    )
    return [row for row in rows if not row.is_withdrawn or row.from_on == from_on]


def _record(
    session: Session,
    actor: Actor,
    override: PositionOverride,
    event: str,
    now: datetime,
    reason: str,
    detail: dict[str, Any],
) -> None:
    record_history(
        session,
        actor,
        (SubjectType.POSITION_OVERRIDE, override.id),
        event,
        now,
        organisation_id=override.organisation_id,
        reason=reason,
        detail=detail,
    )
