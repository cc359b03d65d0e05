"""What is expected of whom: the one place that says which profile is whose.

Everybody in the same post (a position level and a line of work) is expected the same, so it is worked out
once for each post that is filled, not for each person: hundreds of rows instead of hundreds of thousands. A
position of its own expectations (`PositionOverride`) is a post of its own.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from idp.models import (
    Assignment,
    Competency,
    Cycle,
    CycleFramework,
    ExpectedLevel,
    PositionOverride,
    PositionProfile,
    ProficiencyLevel,
)
from idp.queries.relations import assignment_holds
from idp.rules.scoring.weights import WHOLE

WHOLE_IN_HUNDREDTHS = WHOLE * 100
"""All the weights of a post: 100.00 %, as they are stored."""

NO_LINE_OF_WORK = 0
NO_OVERRIDES = ""
OF_POSITION, OF_LINE, OF_LEVEL = 0, 1, 2
"""`origin`: whose expectation it is. The more special one holds where several name a competency."""


def line_key() -> ColumnElement[int]:
    """The assignment's line of work as a value that can be joined on: 0 without one."""
    return func.coalesce(Assignment.line_of_work_id, NO_LINE_OF_WORK)


def position_key(organisation_id: int, day: date) -> ColumnElement[str]:
    """The assignment's position number where that position is expected otherwise on `day`, else ""."""
    numbers = select(PositionOverride.position_number).where(override_holds(organisation_id, day))
    return case((Assignment.position_number.in_(numbers), Assignment.position_number), else_=NO_OVERRIDES)


def profile_holds(organisation_id: int, day: date) -> ColumnElement[bool]:
    return and_(
        PositionProfile.organisation_id == organisation_id,
        PositionProfile.from_on <= day,
        or_(PositionProfile.until_on.is_(None), PositionProfile.until_on >= day),
    )


def override_holds(organisation_id: int, day: date) -> ColumnElement[bool]:
    return and_(
        PositionOverride.organisation_id == organisation_id,
        PositionOverride.is_withdrawn.is_(False),
        PositionOverride.from_on <= day,
        or_(PositionOverride.until_on.is_(None), PositionOverride.until_on >= day),
    )


def in_post(expected: Subquery, organisation_id: int, day: date) -> ColumnElement[bool]:
    """The assignment is in the post of this row.

    The sum takes the index over position levels out of SQLite's reach: with it, every one of the
    organisation's assignments is looked through again for each row of `expected`, and each chunk of an
    opening is slower than the one before.
    """
    return and_(
        expected.c.position_level_id == Assignment.position_level_id + 0,
        expected.c.line_key == line_key(),
        expected.c.position_key == position_key(organisation_id, day),
    )


def filled_posts(organisation_id: int, day: date) -> Select[int, int, str]:
    """(position_level_id, line_key, position_key) of every post in which somebody serves on `day`."""
    return (
        select(
            Assignment.position_level_id,
            line_key().label("line_key"),
            position_key(organisation_id, day).label("position_key"),
        )
        .where(Assignment.organisation_id == organisation_id, assignment_holds(day))
        .distinct()
    )


def weights_are_whole(expected: Subquery) -> ColumnElement[bool]:
    """Whether the weights of a row's post, of `expected_of`, are each set and total 100 together."""
    return _are_whole(expected.c.weighted, expected.c.competencies, expected.c.total_weight)


def _are_whole(
    weighted: ColumnElement[int], competencies: ColumnElement[int], total: ColumnElement[Any]
) -> ColumnElement[bool]:
    """As `idp.rules.scoring.weights.are_whole`."""
    return and_(weighted == competencies, total == WHOLE_IN_HUNDREDTHS)


def expected_by_post(cycle: Cycle, day: date) -> Subquery:
    """What the cycle expects of each post filled on `day`: `expected_of` for its frameworks."""
    posts = filled_posts(cycle.organisation_id, day).subquery()
    return expected_of(posts, in_frameworks_of(cycle), cycle.organisation_id, day)


def expected_of(posts: Subquery, counts: ColumnElement[bool], organisation_id: int, day: date) -> Subquery:
    """(position_level_id, line_key, position_key, competency_id, place, level, written, origin, weight,
    own_weight, weighted, competencies, total_weight).

    One row for each competency expected of each of `posts` on `day`; `counts` is a condition on Competency.
    `level` is on the ladder: one that the ladder lacks, as `written`, falls to the next lower existing one.
    `weight` is in hundredths of a percent and totals exactly 100.00 in a post: the profile's own weights
    where they do, else equal ones. The last three are the same in all rows of a post: how many of its
    competencies have a weight of the profile, how many there are, and the sum of those weights.
    """
    row = _rows_of_posts(posts, counts, organisation_id, day)
    post = (row.c.position_level_id, row.c.line_key, row.c.position_key)
    count = func.count().over(partition_by=post)
    weighted = func.count(row.c.own_weight).over(partition_by=post)
    total = func.sum(row.c.own_weight).over(partition_by=post)
    place = func.row_number().over(
        partition_by=post, order_by=(row.c.category, row.c.sort_order, row.c.competency_id)
    )
    # Equal weights total exactly 100.00: the first ones carry what the division leaves.
    each = WHOLE_IN_HUNDREDTHS // count
    equal = each + case((place <= WHOLE_IN_HUNDREDTHS - each * count, 1), else_=0)
    return select(
        *post,
        row.c.competency_id,
        place.label("place"),
        func.coalesce(row.c.on_ladder, 0).label("level"),
        row.c.level.label("written"),
        row.c.origin,
        case((_are_whole(weighted, count, total), row.c.own_weight), else_=equal).label("weight"),
        row.c.own_weight,
        weighted.label("weighted"),
        count.label("competencies"),
        total.label("total_weight"),
    ).subquery()


def _rows_of_posts(posts: Subquery, counts: ColumnElement[bool], organisation_id: int, day: date) -> Subquery:
    """Every competency expected of a post, once: of its position before of its line of work before of its
    level, of two alike the later. An override without a weight keeps the profile's."""
    named = union_all(
        _named_by_profiles(posts, counts, organisation_id, day),
        _named_by_overrides(posts, counts, organisation_id, day),
    ).subquery()
    same = (named.c.position_level_id, named.c.line_key, named.c.position_key, named.c.competency_id)
    order = (named.c.origin, named.c.from_on.desc(), named.c.id.desc())
    next_weight = func.lead(named.c.weight).over(partition_by=same, order_by=order)
    kept_weight = case((named.c.origin == OF_POSITION, func.coalesce(named.c.weight, next_weight)))
    every = select(
        *named.c,
        func.coalesce(kept_weight, named.c.weight).label("own_weight"),
        func.row_number().over(partition_by=same, order_by=order).label("turn"),
    ).subquery()
    return select(every).where(every.c.turn == 1).subquery()


def _named_by_profiles(
    posts: Subquery, counts: ColumnElement[bool], organisation_id: int, day: date
) -> Select[Any]:
    """The core profile of the position level, and the functional one of the line of work at that level."""
    applies = and_(
        profile_holds(organisation_id, day),
        PositionProfile.position_level_id == posts.c.position_level_id,
        or_(
            PositionProfile.line_of_work_id.is_(None),
            PositionProfile.line_of_work_id == posts.c.line_key,
        ),
    )
    of_line = case((PositionProfile.line_of_work_id.is_(None), OF_LEVEL), else_=OF_LINE)
    return (
        select(
            *_expected(posts, ExpectedLevel),
            PositionProfile.id,
            PositionProfile.from_on,
            of_line.label("origin"),
        )
        .join(PositionProfile, applies)
        .join(ExpectedLevel, ExpectedLevel.profile_id == PositionProfile.id)
        .join(Competency, Competency.id == ExpectedLevel.competency_id)
        .where(counts)
    )


def _named_by_overrides(
    posts: Subquery, counts: ColumnElement[bool], organisation_id: int, day: date
) -> Select[Any]:
    its_own = and_(
        override_holds(organisation_id, day),
        PositionOverride.position_number == posts.c.position_key,
        posts.c.position_key != NO_OVERRIDES,
    )
    return (
        select(
            *_expected(posts, PositionOverride),
            PositionOverride.id,
            PositionOverride.from_on,
            literal(OF_POSITION).label("origin"),
        )
        .join(PositionOverride, its_own)
        .join(Competency, Competency.id == PositionOverride.competency_id)
        .where(counts)
    )


def _expected(
    posts: Subquery, named: type[ExpectedLevel] | type[PositionOverride]
) -> tuple[ColumnElement[Any], ...]:
    """The post, the competency, and what the profile or the override says of it."""
    on_ladder = (
        select(func.max(ProficiencyLevel.number))
        .where(ProficiencyLevel.competency_id == named.competency_id, ProficiencyLevel.number <= named.level)
        .correlate(named)
        .scalar_subquery()
    )
    return (
        posts.c.position_level_id,
        posts.c.line_key,
        posts.c.position_key,
        named.competency_id.expression,
        Competency.category.expression,
        Competency.sort_order.expression,
        named.level.expression,
        on_ladder.label("on_ladder"),
        type_coerce(named.weight, Integer).label("weight"),
    )


def in_frameworks_of(cycle: Cycle) -> ColumnElement[bool]:
    return exists(
        select(CycleFramework.id).where(
            CycleFramework.cycle_id == cycle.id,
            CycleFramework.framework_version_id == Competency.framework_version_id,
            CycleFramework.category == Competency.category,
        )
    )
