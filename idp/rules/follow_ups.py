"""The follow-up of a plan at half-year: employee and supervisor each say how it stands.

The halves are those of the fiscal year. A half may be written about as soon as it has begun and for as long
as the plan is carried out; it is asked for from the first day of its last month, and is due on its last day,
on the next working day where the organisation counts those. The employee is asked first, the supervisor when
the employee has written or the day has passed (that both follow a plan up in each half is the practice of the
offices; the days are this product's default).
"""

from datetime import date

from idp.rules.calendar import FiscalYear, Holidays, Span, last_day
from idp.rules.terms import Half, Relation

WRITERS = frozenset({Relation.OWNER, Relation.SUPERVISOR})


def span_of(fiscal_year: int, half: Half) -> Span:
    """The days that the follow-up is about."""
    first, second = FiscalYear(fiscal_year).halves
    return first if half is Half.FIRST else second


def asked_from(fiscal_year: int, half: Half) -> date:
    """The day from which it stands among the things to do."""
    return span_of(fiscal_year, half).end.replace(day=1)


def due_on(fiscal_year: int, half: Half, is_holiday: Holidays, *, count_working_days: bool) -> date:
    """The last day on which it is in time."""
    return last_day(span_of(fiscal_year, half).end, is_holiday, count_working_days=count_working_days)


def owed_by(
    relation: Relation, *, employee_wrote: bool, supervisor_wrote: bool, is_asked: bool, is_overdue: bool
) -> bool:
    """Whether somebody in that relation to the plan is to write now."""
    if not is_asked:
        return False
    if relation is Relation.OWNER:
        return not employee_wrote
    return not supervisor_wrote and (employee_wrote or is_overdue)
