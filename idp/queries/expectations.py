"""What is expected of whom: the one place that says which profile is whose.

Everybody in the same post (a position level and a line of work) is expected the same, so it is worked out
once for each post that is filled, not for each person: hundreds of rows instead of hundreds of thousands.
"""

from datetime import date

from sqlalchemy import ColumnElement, Integer, Subquery, and_, case, exists, func, or_, select, type_coerce

from idp.models import (
    Assignment,
    Competency,
    Cycle,
    CycleFramework,
    ExpectedLevel,
    PositionProfile,
    ProficiencyLevel,
)
from idp.queries.relations import assignment_holds

WHOLE = 10_000
"""100.00 %, in hundredths."""

NO_LINE_OF_WORK = 0


def line_key() -> ColumnElement[int]:
    """The assignment's line of work as a value that can be joined on: 0 without one."""
    return func.coalesce(Assignment.line_of_work_id, NO_LINE_OF_WORK)


def in_post(expected: Subquery) -> ColumnElement[bool]:
    """The assignment is in the post of this row."""
    return and_(
        expected.c.position_level_id == Assignment.position_level_id, expected.c.line_key == line_key()
    )


def expected_by_post(cycle: Cycle, day: date) -> Subquery:
    """(position_level_id, line_key, competency_id, place, level, weight, weighted, competencies,
    total_weight).

    One row for each competency expected of each post filled on `day`, from the cycle's frameworks. `level`
    is on the ladder: one that the ladder lacks falls to the next lower existing one. `weight` is in
    hundredths of a percent and totals exactly 100.00 in a post: the profile's own weights where they do,
    else equal ones. The last three are the same in all rows of a post: how many of its competencies have a
    weight of the profile, how many there are, and the sum of those weights.
    """
    row = _rows_of_posts(cycle, day)
    post = (row.c.position_level_id, row.c.line_key)
    count = func.count().over(partition_by=post)
    weighted = func.count(row.c.own_weight).over(partition_by=post)
    total = func.sum(row.c.own_weight).over(partition_by=post)
    place = func.row_number().over(
        partition_by=post, order_by=(row.c.category, row.c.sort_order, row.c.competency_id)
    )
    # Equal weights total exactly 100.00: the first ones carry what the division leaves.
    equal = WHOLE // count + case((place <= WHOLE - (WHOLE // count) * count, 1), else_=0)
    return select(
        row.c.position_level_id,
        row.c.line_key,
        row.c.competency_id,
        place.label("place"),
        func.coalesce(row.c.on_ladder, 0).label("level"),
        case((and_(weighted == count, total == WHOLE), row.c.own_weight), else_=equal).label("weight"),
        weighted.label("weighted"),
        count.label("competencies"),
        total.label("total_weight"),
    ).subquery()


def _rows_of_posts(cycle: Cycle, day: date) -> Subquery:
    """Every competency that a profile names for a filled post; where two name it, the later profile holds."""
    posts = (
        select(Assignment.position_level_id, line_key().label("line_key"))
        .where(Assignment.organisation_id == cycle.organisation_id, assignment_holds(day))
        .distinct()
        .subquery()
    )
    turn = func.row_number().over(
        partition_by=(posts.c.position_level_id, posts.c.line_key, ExpectedLevel.competency_id),
        order_by=(PositionProfile.from_on.desc(), PositionProfile.id.desc()),
    )
    on_ladder = (
        select(func.max(ProficiencyLevel.number))
        .where(
            ProficiencyLevel.competency_id == ExpectedLevel.competency_id,
            ProficiencyLevel.number <= ExpectedLevel.level,
        )
        .scalar_subquery()
    )
    every = (
        select(
            posts.c.position_level_id,
            posts.c.line_key,
            ExpectedLevel.competency_id,
            Competency.category,
            Competency.sort_order,
            on_ladder.label("on_ladder"),
            type_coerce(ExpectedLevel.weight, Integer).label("own_weight"),
            turn.label("turn"),
        )
        .join(PositionProfile, _applies(posts, cycle.organisation_id, day))
        .join(ExpectedLevel, ExpectedLevel.profile_id == PositionProfile.id)
        .join(Competency, Competency.id == ExpectedLevel.competency_id)
        .where(_in_frameworks_of(cycle))
        .subquery()
    )
    return select(every).where(every.c.turn == 1).subquery()


def _applies(posts: Subquery, organisation_id: int, day: date) -> ColumnElement[bool]:
    """The core profile of the position level, and the functional one of the line of work at that level."""
    return and_(
        PositionProfile.organisation_id == organisation_id,
        PositionProfile.position_level_id == posts.c.position_level_id,
        or_(
            PositionProfile.line_of_work_id.is_(None),
            PositionProfile.line_of_work_id == posts.c.line_key,
        ),
        PositionProfile.from_on <= day,
        or_(PositionProfile.until_on.is_(None), PositionProfile.until_on >= day),
    )


def _in_frameworks_of(cycle: Cycle) -> ColumnElement[bool]:
    return exists(
        select(CycleFramework.id).where(
            CycleFramework.cycle_id == cycle.id,
            CycleFramework.framework_version_id == Competency.framework_version_id,
            CycleFramework.category == Competency.category,
        )
    )
