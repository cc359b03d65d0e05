"""What was not finished in a plan, and how it goes on in the plan of a later year.

Source: the plan's results are carried to the next cycle (this product's default): unfinished lines are
proposed first, with what is left of their hours and money, on days of the new year.
"""

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from idp.rules.calendar import FiscalYear
from idp.rules.levels import Ladder, next_level
from idp.rules.terms import CrosswalkRelation, PlanItemState

UNFINISHED = frozenset(
    {
        PlanItemState.CARRIED_OVER,
        PlanItemState.NOT_ACHIEVED,
        PlanItemState.NEARLY_ACHIEVED,
        # Of a plan that was never evaluated:
        PlanItemState.PLANNED,
        PlanItemState.IN_PROGRESS,
        PlanItemState.EVIDENCE_SUBMITTED,
    }
)
"""Lines with something left to do."""

COUNTERPARTS = frozenset(
    {None, CrosswalkRelation.EQUIVALENT, CrosswalkRelation.BROADER, CrosswalkRelation.NARROWER}
)
"""What a line may go on for: the same competency, a wider or a tighter one; a merely related one is another
matter."""


class Aim(Enum):
    """What becomes of a line's competency and target level in the new plan's dictionary."""

    SAME = "same"  # the target is a level there
    ATTAINED = "attained"  # the target is a level there, and attained meanwhile
    ANEW = "anew"  # the levels do not align: aim at the next level above what is attained now
    NONE = "none"  # nobody is expected to show it in the new plan: a free line
    FREE = "free"  # it was a free line


def target_now(
    then: int | None, aligned: Decimal | None, attained: Decimal | None, ladder: Ladder
) -> tuple[Aim, int | None]:
    """The target level, `aligned` being that of then on `ladder`; None: the employee chooses one, since none
    was set then, it has been attained, or nothing is attained to begin from."""
    if then is None:
        return Aim.SAME, None
    if aligned is not None and aligned in ladder.numbers:
        is_attained = attained is not None and attained >= aligned
        return (Aim.ATTAINED, None) if is_attained else (Aim.SAME, int(aligned))
    return Aim.ANEW, None if attained is None else next_level(ladder, attained)


def left_of(planned: Decimal | int, used: Decimal | int | None) -> Decimal:
    """Hours or baht; what was not reported counts as not used."""
    return max(Decimal(planned) - Decimal(used or 0), Decimal(0))


def moved_into(
    starts_on: date | None, ends_on: date | None, year: FiscalYear, day: date
) -> tuple[date | None, date | None]:
    """The same days of `year`, for as long as then and within it; what would begin before `day`, begins on
    that day. What runs on into the year still ends when it was to end. Days that were not set stay so."""
    if starts_on is None:
        return None, None if ends_on is None else min(max(_in_year(ends_on, year), day), max(year.end, day))
    first = max(day, year.start)
    if ends_on is not None and ends_on >= first:
        start = max(starts_on, first)
        return start, min(ends_on, year.end) if start <= year.end else ends_on
    start = _in_year(starts_on, year)
    if start < day:
        start = day
    if ends_on is None:
        return start, None
    end = start + (ends_on - starts_on)
    return start, min(end, year.end) if start <= year.end else end


def _in_year(day: date, year: FiscalYear) -> date:
    """The same day and month; 29 February becomes the day before."""
    christian = year.start.year if day.month >= year.start.month else year.end.year
    while True:
        try:
            return day.replace(year=christian)
        except ValueError:
            day -= timedelta(days=1)


def origin(fiscal_year: int, percent: int | None) -> str:
    """The first note on the progress of a line that was carried over; `percent`: how far it was, None where
    that stays with another organisation."""
    begins = f"ยกมาจากแผนพัฒนารายบุคคล ปีงบประมาณ พ.ศ. {fiscal_year}"
    return f"{begins} ของหน่วยงานเดิม" if percent is None else f"{begins} ซึ่งก้าวหน้าร้อยละ {percent}"
