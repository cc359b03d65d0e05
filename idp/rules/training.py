"""Courses and what the plans ask of them: by which methods a course teaches, which plans count, in which
column of the year a line stands, how far a person has come with their plan.

That lines of plans nobody else may read yet count nowhere, and that a full course warns and does not refuse,
is this product's default: the personnel office decides who is sent.
"""

from datetime import date
from enum import StrEnum

from idp.rules.calendar import FiscalYear
from idp.rules.plan_workflow import APPROVED_STATES
from idp.rules.suggestions import METHOD_GROUPS
from idp.rules.terms import DevelopmentMethod, MethodGroup, PlanItemState, PlanState

COURSE_METHODS: tuple[DevelopmentMethod, ...] = (
    *(method for method in DevelopmentMethod if METHOD_GROUPS[method] is MethodGroup.FORMAL),
    DevelopmentMethod.KNOWLEDGE_SHARING,
)
"""How a course may be taught: in a course of some shape, or where people learn from each other."""

FORMAL_METHODS = tuple(method for method in DevelopmentMethod if METHOD_GROUPS[method] is MethodGroup.FORMAL)

UNDER_CHECK = (PlanState.SUBMITTED, PlanState.SECOND_LEVEL_CHECK, PlanState.HR_CHECK)
"""Handed in, not decided yet."""

WITH_EARLIER_APPROVAL = (*UNDER_CHECK, PlanState.RETURNED)
"""Where an amended plan may stand: what was approved before holds meanwhile."""

HELD_STATES = tuple(sorted(APPROVED_STATES))

NOT_PLANNED = (PlanItemState.CANCELLED, PlanItemState.CARRIED_OVER)
"""Lines that ask for nothing any more: what is carried over is asked for in the year that it went to."""


class PlansCounted(StrEnum):
    """Which plans a table of sums counts."""

    ALL = "all"  # handed in or approved
    APPROVED = "approved"


class PlanStanding(StrEnum):
    """How far somebody with a released result is with the plan of the year."""

    NONE = "none"  # no plan, or a cancelled one
    DRAFT = "draft"  # being written, or returned and not approved yet
    WAITING = "waiting"  # handed in
    LATE = "late"  # approved after the last day
    IN_TIME = "in_time"


NOT_APPROVED = (PlanStanding.NONE, PlanStanding.DRAFT, PlanStanding.WAITING)


class Quarter(StrEnum):
    """Where a line stands in its fiscal year, by its first day; October to December is the first quarter."""

    Q1 = "q1"
    Q2 = "q2"
    Q3 = "q3"
    Q4 = "q4"
    ELSEWHEN = "elsewhen"  # before or after the fiscal year
    UNKNOWN = "unknown"  # no day given


class CoursesShown(StrEnum):
    """What a list of courses was narrowed to."""

    OFFERED = "offered"  # not retired
    UPCOMING = "upcoming"  # with a run that has not begun
    FULL = "full"  # with such a run whose seats are all planned for
    RETIRED = "retired"


def quarters_of(fiscal_year: int) -> tuple[tuple[Quarter, date, date], ...]:
    """First and last day of each quarter of the fiscal year of the Buddhist Era."""
    year = FiscalYear(fiscal_year)
    last, first = year.start.year, year.end.year
    return (
        (Quarter.Q1, year.start, date(last, 12, 31)),
        (Quarter.Q2, date(first, 1, 1), date(first, 3, 31)),
        (Quarter.Q3, date(first, 4, 1), date(first, 6, 30)),
        (Quarter.Q4, date(first, 7, 1), year.end),
    )
