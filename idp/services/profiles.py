"""What an organisation expects of a line of work at each position level, as its table is edited."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from idp.queries.profiles import Group, group_version
from idp.rules.errors import InvalidInput, InvalidInputs, StaleVersion
from idp.rules.profiles import Expected, ProfileRow
from idp.rules.relations import Actor
from idp.services.profile_changes import Changed, check_first_day, hold_profiles, write_profiles
from idp.services.profile_rows import acceptable, organisation_to_edit, problems_of_rows


def set_profiles(
    session: Session,
    actor: Actor,
    group: Group,
    wanted: Mapping[int, Sequence[Expected]],
    from_on: date,
    now: datetime,
    expected_version: int | None = None,
) -> tuple[Changed, ...]:
    """Expect from `from_on` on of each position level in `wanted` (by id) what it says, nothing where that is
    empty; what changed. How the past and what was set for later days stay: `write_profiles`.

    Raises NotPermitted; StaleVersion when somebody changed a profile of the group since its `group_version`
    was read; InvalidInputs at `from_on`, `level-L-C` and `weight-L-C` (position level, competency);
    InvalidInput `nothing_changed` at `from_on`.
    """
    organisation_id = organisation_to_edit(session, actor, now)
    hold_profiles(session, organisation_id)
    if expected_version is not None and group_version(session, organisation_id, group) != expected_version:
        raise StaleVersion
    problems: list[InvalidInput] = []
    try:
        check_first_day(session, organisation_id, from_on, now)
    except InvalidInput as problem:
        problems.append(problem)
    rows = [
        ProfileRow(group.line_of_work_id, level_id, each.competency_id, each.level, each.weight)
        for level_id, expected in wanted.items()
        for each in expected
    ]
    problems += [
        InvalidInput(
            _cell(found.problem.field, rows[found.place]), found.problem.code, **found.problem.values
        )
        for found in problems_of_rows(rows, acceptable(session, organisation_id, from_on))
    ]
    if problems:
        raise InvalidInputs(problems)
    by_slot = {(group.line_of_work_id, level_id): expected for level_id, expected in wanted.items()}
    changed = write_profiles(session, actor, organisation_id, by_slot, from_on, now)
    if not changed:
        raise InvalidInput("from_on", "nothing_changed")
    return changed


def _cell(field: str, row: ProfileRow) -> str:
    """The field of the table that a problem is told at: that of the level, unless it is the weight's."""
    column = "weight" if field == "weight" else "level"
    return f"{column}-{row.position_level_id}-{row.competency_id}"
