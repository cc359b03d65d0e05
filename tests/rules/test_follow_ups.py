"""When a half of the year is written about, and whose turn it is."""

from datetime import date

import pytest

from idp.rules.follow_ups import asked_from, due_on, owed_by, span_of
from idp.rules.terms import Half, Relation

OWNER, SUPERVISOR = Relation.OWNER, Relation.SUPERVISOR


def test_the_halves_are_those_of_the_fiscal_year() -> None:
    assert span_of(2569, Half.FIRST) == (date(2025, 10, 1), date(2026, 3, 31))
    assert span_of(2569, Half.SECOND) == (date(2026, 4, 1), date(2026, 9, 30))
    assert [asked_from(2569, half) for half in Half] == [date(2026, 3, 1), date(2026, 9, 1)]


def test_a_last_day_on_a_holiday_moves_where_working_days_count() -> None:
    holidays = {date(2026, 3, 31), date(2026, 4, 1)}
    assert due_on(2569, Half.FIRST, holidays, count_working_days=True) == date(2026, 4, 2)
    assert due_on(2569, Half.FIRST, holidays, count_working_days=False) == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("relation", "employee", "supervisor", "overdue", "owes"),
    [
        (OWNER, False, False, False, True),
        (OWNER, True, False, False, False),
        (OWNER, False, True, True, True),
        (SUPERVISOR, False, False, False, False),
        (SUPERVISOR, True, False, False, True),
        (SUPERVISOR, False, False, True, True),
        (SUPERVISOR, True, True, True, False),
    ],
)
def test_the_employee_is_asked_first_and_the_supervisor_then(
    relation: Relation, employee: bool, supervisor: bool, overdue: bool, owes: bool
) -> None:
    said = {"employee_wrote": employee, "supervisor_wrote": supervisor, "is_overdue": overdue}
    assert owed_by(relation, is_asked=True, **said) is owes
    assert owed_by(relation, is_asked=False, **said) is False
