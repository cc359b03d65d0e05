"""What the plans of a year ask for: seats, hours, money, and who has no plan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from idp.models import BudgetCeiling, PlanVersion
from idp.queries.training.budget import budget, ceilings_exceeded
from idp.queries.training.demand import Asked, Cell, demand, demand_in_all, people_asking
from idp.queries.training.hours import hours_by_unit, people_below
from idp.queries.training.without_plan import completed_plans, people_standing, standings_by_unit
from idp.rules.terms import DevelopmentMethod, PlanItemState, PlanState
from idp.rules.training import PlansCounted, PlanStanding, Quarter
from tests.factories.sample import Sample, at
from tests.services.training_cast import (
    make_course,
    make_run,
    make_unit,
    person_with_result,
    plan_of,
)

S = PlanState


def asked(sample: Sample, **changes: Any) -> Asked:
    return Asked(sample.organisation.id, 2569, **changes)


def line(**columns: Any) -> dict[str, Any]:
    return {"hours": 6, "cost_baht": Decimal(100)} | columns


def uncounted(session: Session, sample: Sample, **columns: Any) -> None:
    """Lines that no table may count: drafts, cancelled plans and lines, other years."""
    each = line(**columns)
    plan_of(session, person_with_result(session, sample, 91), each, state=S.DRAFT)
    plan_of(
        session,
        person_with_result(session, sample, 92),
        each,
        state=S.CANCELLED,
        approved_at=at(date(2025, 12, 1)),
    )
    plan_of(session, person_with_result(session, sample, 93), each | {"state": PlanItemState.CANCELLED})
    plan_of(session, person_with_result(session, sample, 94), each | {"state": PlanItemState.CARRIED_OVER})
    plan_of(session, person_with_result(session, sample, 95), each, fiscal_year=2570)
    plan_of(session, person_with_result(session, sample, 96), each, state=S.RETURNED)


def test_demand_is_by_course_and_by_like_titles_of_formal_methods(session: Session, sample: Sample) -> None:
    course = make_course(session, sample)
    make_run(session, sample, course, seats=2)
    make_run(session, sample, course, seats=5, starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 6))
    of_course = line(course_id=course.id, title="ชื่อที่แก้แล้ว")
    plan_of(
        session,
        person_with_result(session, sample, 1),
        of_course | {"starts_on": date(2025, 12, 31)},
        line(title="Data  Analytics ", starts_on=date(2026, 9, 30), cost_baht=Decimal("0.05")),
        line(title="สอนงาน", method=DevelopmentMethod.COACHING),
    )
    plan_of(
        session,
        person_with_result(session, sample, 2),
        of_course | {"starts_on": date(2026, 1, 1)},
        line(title="data analytics", starts_on=date(2026, 10, 1), cost_baht=Decimal("0.10")),
        state=S.SUBMITTED,
    )
    plan_of(session, person_with_result(session, sample, 3), of_course)
    uncounted(session, sample, course_id=course.id)
    found = demand(session, asked(sample))
    first, second = found.rows
    assert (first.course_id, first.code, first.title_th) == (course.id, "HR-01", course.title_th)
    assert (first.whole, first.offered, first.lacking) == (Cell(3, Decimal(300)), 2, 1)
    assert {each: cell.seats for each, cell in first.quarters.items() if cell.seats} == {
        Quarter.Q1: 1,
        Quarter.Q2: 1,
        Quarter.UNKNOWN: 1,
    }
    assert (second.course_id, second.whole, second.offered) == (None, Cell(2, Decimal("0.15")), None)
    assert second.quarters[Quarter.Q4] == Cell(1, Decimal("0.05"))
    assert second.quarters[Quarter.ELSEWHEN] == Cell(1, Decimal("0.10"))
    assert demand_in_all(session, asked(sample)).whole == Cell(5, Decimal("300.15"))


def test_only_approved_plans_where_that_is_asked_for(session: Session, sample: Sample) -> None:
    amended = at(date(2025, 12, 1))
    plan_of(session, person_with_result(session, sample, 1), line(), state=S.SUBMITTED)
    plan_of(session, person_with_result(session, sample, 2), line(), state=S.SUBMITTED, approved_at=amended)
    plan_of(session, person_with_result(session, sample, 3), line(), state=S.EVALUATED)
    approved = asked(sample, counted=PlansCounted.APPROVED)
    assert demand_in_all(session, approved).whole.seats == 2
    assert demand_in_all(session, asked(sample)).whole.seats == 3


def test_another_organisation_is_never_counted(session: Session, sample: Sample) -> None:
    plan_of(session, person_with_result(session, sample, 1), line(spent_baht=Decimal(5), hours_done=3))
    foreign = Asked(sample.other_organisation.id, 2569)
    assert not demand(session, foreign).rows
    assert hours_by_unit(session, foreign, 0).sums[None].people == 0
    assert budget(session, foreign.organisation_id, 2569).sums[None].planned == 0
    assert not people_below(session, foreign, 100).rows


def test_a_unit_counts_with_all_below_it(session: Session, sample: Sample) -> None:
    below = make_unit(session, sample, "U1.1", sample.unit)
    beside = make_unit(session, sample, "U2")
    for number, unit in enumerate((sample.unit, below, beside)):
        plan_of(session, person_with_result(session, sample, number, unit), line(hours_done=2))
    of_unit = asked(sample, unit_id=sample.unit.id)
    assert demand_in_all(session, of_unit).whole.seats == 2
    table = hours_by_unit(session, of_unit, 0)
    assert [(row.unit_id, row.sums.people, row.sums.planned) for row in table.rows(sample.unit.id)] == [
        (sample.unit.id, 2, 12),
        (below.id, 1, 6),
    ]
    assert [row.unit_id for row in table.rows(None)] == [None, sample.unit.id, beside.id]
    assert table.sums[None].done == 6


def test_the_demand_is_read_page_by_page(session: Session, sample: Sample) -> None:
    for number, title in enumerate(("ก", "ข", "ก", "ค")):
        plan_of(session, person_with_result(session, sample, number), line(title=title))
    page = demand(session, asked(sample), limit=1)
    titles = [page.rows[0].title_th]
    while page.next_after:
        page = demand(session, asked(sample), page.next_after, limit=1)
        titles.append(page.rows[0].title_th)
    assert titles == ["ก", "ข", "ค"]


def test_the_people_of_a_row_are_named(session: Session, sample: Sample) -> None:
    for number in range(3):
        plan_of(session, person_with_result(session, sample, number), line(title="Excel  ขั้นสูง"))
    uncounted(session, sample, title="Excel ขั้นสูง")
    key = demand(session, asked(sample)).rows[0].key
    first = people_asking(session, asked(sample), key, limit=2)
    rest = people_asking(session, asked(sample), key, first.next_after or 0, limit=2)
    assert [row.name for row in (*first.rows, *rest.rows)] == [f"นายคนที่{n} เพิ่มเติม" for n in range(3)]
    assert not people_asking(session, asked(sample), "title:อื่น").rows


def test_hours_are_of_everybody_with_a_result(session: Session, sample: Sample) -> None:
    plan_of(session, person_with_result(session, sample, 1), line(hours=20, hours_done=8))
    plan_of(
        session,
        person_with_result(session, sample, 2),
        line(hours=5),
        line(hours=6, state=PlanItemState.CANCELLED, hours_done=4),
    )
    person_with_result(session, sample, 3)
    plan_of(session, person_with_result(session, sample, 4), line(hours=40), state=S.DRAFT)
    sums = hours_by_unit(session, asked(sample), 12).sums[None]
    assert (sums.people, sums.planned, sums.done) == (4, 25, 8)
    assert (sums.without, sums.below, sums.some, sums.reached, sums.done_below) == (2, 3, 1, 1, 4)
    below = people_below(session, asked(sample), 12)
    assert [(row.number, row.planned, row.plan_id is None) for row in below.rows] == [
        ("1002", 5, False),
        ("1003", 0, True),
        ("1004", 0, True),
    ]
    page = people_below(session, asked(sample), 12, limit=2)
    assert [row.number for row in people_below(session, asked(sample), 12, page.next_after or "").rows] == [
        "1004"
    ]


def test_without_hours_asked_for_those_with_none_are_below(session: Session, sample: Sample) -> None:
    plan_of(session, person_with_result(session, sample, 1), line(hours=1))
    person_with_result(session, sample, 2)
    assert [row.number for row in people_below(session, asked(sample), 0).rows] == ["1002"]


def set_ceiling(session: Session, sample: Sample, unit_id: int, baht: int, year: int = 2569) -> None:
    session.add(
        BudgetCeiling(
            organisation_id=sample.organisation.id, fiscal_year=year, unit_id=unit_id, baht=Decimal(baht)
        )
    )
    session.flush()


def test_money_is_planned_approved_and_spent_against_the_ceiling(session: Session, sample: Sample) -> None:
    below = make_unit(session, sample, "U1.1", sample.unit)
    plan_of(session, person_with_result(session, sample, 1, below), line(spent_baht=Decimal("130.25")))
    plan_of(
        session, person_with_result(session, sample, 2), line(cost_baht=Decimal("50.50")), state=S.SUBMITTED
    )
    uncounted(session, sample)
    set_ceiling(session, sample, sample.unit.id, 120)
    set_ceiling(session, sample, below.id, 1000, year=2568)
    table = budget(session, sample.organisation.id, 2569)
    top, lower = table.rows(sample.unit.id)
    assert (top.unit.sums.planned, top.unit.sums.approved) == (Decimal("150.50"), Decimal(100))
    assert (top.unit.sums.spent, top.ceiling, top.left) == (
        Decimal("130.25"),
        Decimal(120),
        Decimal("-10.25"),
    )
    assert (top.over, top.would_be_over) == (Decimal("10.25"), Decimal("60.75"))
    assert (lower.ceiling, lower.left, lower.over) == (None, None, Decimal(0))
    assert table.ceiling_in_all == 120


def test_a_ceiling_below_another_adds_nothing_to_the_whole(session: Session, sample: Sample) -> None:
    set_ceiling(session, sample, sample.unit.id, 100)
    set_ceiling(session, sample, make_unit(session, sample, "U1.1", sample.unit).id, 70)
    set_ceiling(session, sample, make_unit(session, sample, "U2").id, 30)
    assert budget(session, sample.organisation.id, 2569).ceiling_in_all == 130


def test_who_approves_is_warned_of_each_ceiling_that_would_be_exceeded(
    session: Session, sample: Sample
) -> None:
    below = make_unit(session, sample, "U1.1", sample.unit)
    plan_of(session, person_with_result(session, sample, 1), line())
    plan = plan_of(session, person_with_result(session, sample, 2, below), line(), state=S.SUBMITTED)
    drafted = plan_of(session, person_with_result(session, sample, 3, below), line(), state=S.DRAFT)
    assert not ceilings_exceeded(session, plan.id)
    set_ceiling(session, sample, sample.unit.id, 199)
    set_ceiling(session, sample, below.id, 100)
    (exceeded,) = ceilings_exceeded(session, plan.id)
    assert (exceeded.unit_th, exceeded.committed, exceeded.asked, exceeded.over) == (
        "สำนักปลัด",
        Decimal(100),
        Decimal(100),
        Decimal(1),
    )
    assert not ceilings_exceeded(session, drafted.id)


def test_what_was_spent_on_one_line_takes_nothing_from_another(session: Session, sample: Sample) -> None:
    carried = line(state=PlanItemState.CARRIED_OVER, spent_baht=Decimal(80))
    plan_of(session, person_with_result(session, sample, 1), line(), carried)
    set_ceiling(session, sample, sample.unit.id, 200)
    plan = plan_of(session, person_with_result(session, sample, 2), line(), state=S.SUBMITTED)
    (row,) = budget(session, sample.organisation.id, 2569).rows(sample.unit.id)
    assert (row.unit.sums.committed, row.left, row.would_be_over) == (180, 20, 80)
    (exceeded,) = ceilings_exceeded(session, plan.id)
    assert (exceeded.committed, exceeded.asked, exceeded.over) == (180, 100, 80)


def test_an_amended_plan_is_not_counted_against_itself(session: Session, sample: Sample) -> None:
    plan = plan_of(
        session,
        person_with_result(session, sample, 1),
        line(),
        state=S.SUBMITTED,
        approved_at=at(date(2025, 12, 1)),
    )
    set_ceiling(session, sample, sample.unit.id, 150)
    assert not ceilings_exceeded(session, plan.id)


def test_who_has_no_plan_and_who_was_late(session: Session, sample: Sample) -> None:
    """The review is due on 30 December 2025."""
    person_with_result(session, sample, 1)
    plan_of(session, person_with_result(session, sample, 2), state=S.CANCELLED)
    plan_of(session, person_with_result(session, sample, 3), state=S.DRAFT)
    plan_of(session, person_with_result(session, sample, 4), state=S.SUBMITTED)
    in_time, late = at(date(2025, 12, 30), hour=23), at(date(2025, 12, 31), hour=0)
    plan_of(session, person_with_result(session, sample, 5), approved_at=in_time)
    plan_of(session, person_with_result(session, sample, 6), approved_at=late, state=S.EVALUATED)
    amended = plan_of(session, person_with_result(session, sample, 7), approved_at=late, state=S.AMENDING)
    session.add(PlanVersion(plan_id=amended.id, number=1, event="approve", content={}, created_at=in_time))
    session.flush()
    table = standings_by_unit(session, sample.cycle)
    sums = table.sums[None]
    assert {each.value: sums.of(each) for each in PlanStanding} == {
        "none": 2,
        "draft": 1,
        "waiting": 1,
        "late": 1,
        "in_time": 2,
    }
    assert (table.due_on, sums.people, sums.not_approved) == (date(2025, 12, 30), 7, 4)
    assert completed_plans(session, asked(sample)) == 1
    names = people_standing(session, sample.cycle)
    assert [(row.number, row.standing, row.plan_id is None) for row in names.rows] == [
        ("1001", PlanStanding.NONE, True),
        ("1002", PlanStanding.NONE, False),
        ("1003", PlanStanding.DRAFT, True),
        ("1004", PlanStanding.WAITING, False),
    ]
    page = people_standing(session, sample.cycle, limit=1)
    following = people_standing(session, sample.cycle, after=page.next_after or "", limit=1)
    assert following.rows[0].number == "1002"
    late_ones = people_standing(session, sample.cycle, (PlanStanding.LATE,), sample.unit.id)
    assert [row.number for row in late_ones.rows] == ["1006"]


def test_who_has_no_result_yet_is_in_no_table(session: Session, sample: Sample) -> None:
    assert standings_by_unit(session, sample.cycle).sums[None].people == 0
    assert hours_by_unit(session, asked(sample), 0).sums[None].people == 0
