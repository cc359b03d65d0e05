"""Rows of profiles as a table of the office has them, checked one by one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from idp.models import Competency, ExpectedLevel, LineOfWork, PositionProfile
from idp.queries.position_levels import position_levels
from idp.queries.profile_versions import ladders_of, of_versions, versions_in_use
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput
from idp.rules.levels import Ladder
from idp.rules.profiles import ProfileRow, Slot, problems_of_expected
from idp.rules.relations import Actor
from idp.rules.terms import Permission
from idp.services.access import check_organisation


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with the row at `place` (from 0) of those handed in; `problem.field` is the column:
    line_of_work, position_level, competency, level or weight."""

    place: int
    problem: InvalidInput


@dataclass(frozen=True)
class Acceptable:
    """What the rows of an organisation may name on a day. `ladders`: by the competency's id; `named`: the
    competencies of other versions that a profile of the slot names already, which may stay."""

    lines: Collection[int]
    levels: Collection[int]
    ladders: Mapping[int, Ladder]
    named: Mapping[Slot, Collection[int]]


def problems_of_rows(rows: Sequence[ProfileRow], known: Acceptable) -> tuple[RowProblem, ...]:
    """Everything that is wrong with the rows, in their order; asks the database nothing."""
    found: list[RowProblem] = []
    seen: set[tuple[Slot, int]] = set()
    for place, row in enumerate(rows):
        found += [RowProblem(place, problem) for problem in _problems(row, known)]
        if (row.slot, row.competency_id) in seen:
            found.append(RowProblem(place, InvalidInput("competency", "named_twice")))
        seen.add((row.slot, row.competency_id))
    return tuple(found)


def _problems(row: ProfileRow, known: Acceptable) -> list[InvalidInput]:
    problems = []
    if row.line_of_work_id is not None and row.line_of_work_id not in known.lines:
        problems.append(InvalidInput("line_of_work", "unknown_choice"))
    if row.position_level_id not in known.levels:
        problems.append(InvalidInput("position_level", "unknown_choice"))
    ladder = known.ladders.get(row.competency_id)
    if ladder is None and row.competency_id not in known.named.get(row.slot, ()):
        problems.append(InvalidInput("competency", "unknown_choice"))
    return [*problems, *problems_of_expected(row.level, row.weight, ladder)]


def acceptable(
    session: Session, organisation_id: int, day: date, more_versions: Collection[int] = ()
) -> Acceptable:
    """Six statements. `more_versions`: ids of framework versions that may be named besides."""
    uses = versions_in_use(session, organisation_id, day)
    counts = or_(of_versions(uses), Competency.framework_version_id.in_(more_versions))
    return Acceptable(
        frozenset(session.scalars(select(LineOfWork.id))),
        frozenset(level.id for level in position_levels(session, organisation_id)),
        ladders_of(session, counts),
        _named(session, organisation_id, day),
    )


def _named(session: Session, organisation_id: int, day: date) -> dict[Slot, set[int]]:
    rows = session.execute(
        select(
            PositionProfile.line_of_work_id, PositionProfile.position_level_id, ExpectedLevel.competency_id
        )
        .join(ExpectedLevel, ExpectedLevel.profile_id == PositionProfile.id)
        .where(
            PositionProfile.organisation_id == organisation_id,
            or_(PositionProfile.until_on.is_(None), PositionProfile.until_on >= day),
        )
        .distinct()
    )
    named: dict[Slot, set[int]] = {}
    for line_of_work_id, position_level_id, competency_id in rows:
        named.setdefault((line_of_work_id, position_level_id), set()).add(competency_id)
    return named


def organisation_to_edit(session: Session, actor: Actor, now: datetime) -> int:
    """The organisation whose profiles the actor may change. Raises NotPermitted."""
    check_organisation(session, actor, Permission.PROFILE_EDIT, local_day(now))
    if actor.organisation_id is None:
        raise InvalidInput("from_on", "wrong_value")
    return actor.organisation_id
