"""What the plans of a year cost by unit, against what the unit may spend: planned, approved, spent, in baht.

A ceiling covers its unit with all units below it. What is committed counts against it: of each line what it
costs as approved or what was spent on it, whichever is more, so that money spent on one line takes nothing
from what another is approved for, and what was spent on a line carried over is still spent.

Whether a plan may be approved beyond the ceiling is decided by who approves: the pages warn, nothing is
refused (this product's default).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from idp.models import Assessment, BudgetCeiling, DevelopmentPlan, HistoryHead, PlanItem, Unit
from idp.queries.figure_counts import UnitInTree, units_of
from idp.queries.training.lines import is_approved, is_counted, is_not_cancelled, is_planned
from idp.queries.training.units import UnitSums, rows_below, sums_up_the_tree
from idp.rules.terms import SubjectType
from idp.rules.training import UNDER_CHECK


@dataclass(frozen=True)
class Money:
    """In baht. `planned`: of the plans handed in and approved; `approved`: of the latter alone; `spent`: as
    reported. `committed`: line by line the larger of approved and spent; `would_be_committed`: the same, were
    everything approved that is handed in."""

    planned: Decimal = Decimal(0)
    approved: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    would_be_committed: Decimal = Decimal(0)

    def __add__(self, other: "Money") -> "Money":
        return Money(
            self.planned + other.planned,
            self.approved + other.approved,
            self.spent + other.spent,
            self.committed + other.committed,
            self.would_be_committed + other.would_be_committed,
        )


@dataclass(frozen=True)
class BudgetRow:
    """A unit with all below it. `ceiling` None: none was set. `version`: how many entries the history of its
    ceilings has, because nothing changes without one."""

    unit: UnitSums[Money]
    ceiling: Decimal | None
    version: int

    @property
    def left(self) -> Decimal | None:
        """Of the ceiling, after what is committed; below 0 when it is exceeded."""
        return None if self.ceiling is None else self.ceiling - self.unit.sums.committed

    @property
    def over(self) -> Decimal:
        """How far what is committed exceeds the ceiling; 0 where it does not."""
        return max(-(self.left or Decimal(0)), Decimal(0))

    @property
    def would_be_over(self) -> Decimal:
        """The same, were everything approved that is handed in."""
        if self.ceiling is None:
            return Decimal(0)
        return max(self.unit.sums.would_be_committed - self.ceiling, Decimal(0))


@dataclass(frozen=True)
class Budget:
    """The money of an organisation in one fiscal year."""

    units: tuple[UnitInTree, ...]
    sums: Mapping[int | None, Money]
    ceilings: Mapping[int, Decimal]
    versions: Mapping[int, int]

    def rows(self, unit_id: int | None) -> list[BudgetRow]:
        """The unit asked for and those right below it."""
        return [self._row(unit) for unit in rows_below(self.units, self.sums, unit_id)]

    def every_unit(self) -> list[BudgetRow]:
        """All units, in the order of their codes."""
        return [
            self._row(UnitSums(unit.id, unit.name_th, unit.name_en, 0, False, self.sums[unit.id]))
            for unit in self.units
        ]

    @cached_property
    def ceiling_in_all(self) -> Decimal | None:
        """Of the whole organisation: the ceilings that stand under no other; None where there is none."""
        tops = [
            self.ceilings[unit.id]
            for unit in self.units
            if unit.id in self.ceilings and not any(above in self.ceilings for above in _above(unit))
        ]
        return sum(tops, Decimal(0)) if tops else None

    def _row(self, unit: UnitSums[Money]) -> BudgetRow:
        if unit.unit_id is None:
            return BudgetRow(unit, self.ceiling_in_all, 0)
        return BudgetRow(unit, self.ceilings.get(unit.unit_id), self.versions.get(unit.unit_id, 0))


def budget(session: Session, organisation_id: int, fiscal_year: int) -> Budget:
    """Four statements, whatever the number of plans."""
    units = units_of(session, organisation_id)
    ceilings = dict(
        session.execute(
            select(BudgetCeiling.unit_id, BudgetCeiling.baht).where(
                BudgetCeiling.organisation_id == organisation_id, BudgetCeiling.fiscal_year == fiscal_year
            )
        ).all()
    )
    versions = dict(
        session.execute(
            select(HistoryHead.subject_id, HistoryHead.sequence)
            .join(Unit, Unit.id == HistoryHead.subject_id)
            .where(HistoryHead.subject_type == SubjectType.BUDGET, Unit.organisation_id == organisation_id)
        ).all()
    )
    own = _own_money(session, organisation_id, fiscal_year)
    sums = sums_up_the_tree(units, own, Money(), Money.__add__)
    return Budget(units, sums, ceilings, versions)


@dataclass(frozen=True)
class Exceeded:
    """The ceiling of a unit that an approval would exceed. `committed`: by other plans already; `asked`: what
    the plan at hand would commit."""

    unit_th: str
    unit_en: str
    ceiling: Decimal
    committed: Decimal
    asked: Decimal

    @property
    def over(self) -> Decimal:
        return self.committed + self.asked - self.ceiling


def ceilings_exceeded(session: Session, plan_id: int) -> tuple[Exceeded, ...]:
    """The ceilings that an approval of the plan would exceed, the largest unit first; none for a plan that
    nobody is asked to approve. Three statements at most."""
    row = session.execute(
        select(DevelopmentPlan, Unit.path, func.sum(_committed(is_planned())))
        .join(Assessment, Assessment.id == DevelopmentPlan.assessment_id)
        .join(Unit, Unit.id == Assessment.unit_id)
        .join(PlanItem, PlanItem.plan_id == DevelopmentPlan.id)
        .where(DevelopmentPlan.id == plan_id, DevelopmentPlan.state.in_(UNDER_CHECK))
        .group_by(DevelopmentPlan.id, Unit.path)
    ).one_or_none()
    if row is None or not row[2]:
        return ()
    plan, path, asked = row
    units = [int(part) for part in path.split("/") if part]
    ceilings = session.execute(
        select(Unit, BudgetCeiling.baht)
        .join(BudgetCeiling, BudgetCeiling.unit_id == Unit.id)
        .where(
            BudgetCeiling.organisation_id == plan.organisation_id,
            BudgetCeiling.fiscal_year == plan.fiscal_year,
            Unit.id.in_(units),
        )
        .order_by(Unit.path)
    ).all()
    if not ceilings:
        return ()
    committed = _committed_below(session, plan, [unit.id for unit, _baht in ceilings])
    found = [
        Exceeded(unit.name_th, unit.name_en, baht, committed.get(unit.id, Decimal(0)), asked)
        for unit, baht in ceilings
    ]
    return tuple(each for each in found if each.over > 0)


def _committed_below(session: Session, plan: DevelopmentPlan, unit_ids: list[int]) -> dict[int, Decimal]:
    """By unit what the plans of it and all below it commit, without this one."""
    top = aliased(Unit)
    rows = session.execute(
        select(top.id, func.sum(_committed(and_(is_planned(), is_approved()))))
        .select_from(PlanItem)
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .join(Assessment, Assessment.id == DevelopmentPlan.assessment_id)
        .join(Unit, Unit.id == Assessment.unit_id)
        .join(top, Unit.path.startswith(top.path))
        .where(
            top.id.in_(unit_ids),
            DevelopmentPlan.organisation_id == plan.organisation_id,
            DevelopmentPlan.fiscal_year == plan.fiscal_year,
            DevelopmentPlan.id != plan.id,
            is_counted(),
        )
        .group_by(top.id)
    )
    return dict(rows.all())


def _own_money(session: Session, organisation_id: int, fiscal_year: int) -> dict[int, Money]:
    """By unit, of the people in that very unit."""
    cost, spent = PlanItem.cost_baht, PlanItem.spent_baht
    zero = {"type_": cost.type}
    rows = session.execute(
        select(
            Assessment.unit_id,
            func.coalesce(func.sum(case((is_planned(), cost), else_=0)), 0, **zero),
            func.coalesce(func.sum(case((and_(is_planned(), is_approved()), cost), else_=0)), 0, **zero),
            func.coalesce(func.sum(case((is_not_cancelled(), spent), else_=0)), 0, **zero),
            func.sum(_committed(and_(is_planned(), is_approved()))),
            func.sum(_committed(is_planned())),
        )
        .select_from(PlanItem)
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .join(Assessment, Assessment.id == DevelopmentPlan.assessment_id)
        .where(
            DevelopmentPlan.organisation_id == organisation_id,
            DevelopmentPlan.fiscal_year == fiscal_year,
            is_counted(),
        )
        .group_by(Assessment.unit_id)
    )
    return {unit_id: Money(*sums) for unit_id, *sums in rows}


def _committed(is_asked_for: ColumnElement[bool]) -> ColumnElement[Decimal]:
    """Of PlanItem: its cost where it is asked for, or what was spent on it, whichever is more; else 0."""
    cost = case((is_asked_for, PlanItem.cost_baht), else_=0)
    spent = case((is_not_cancelled(), func.coalesce(PlanItem.spent_baht, 0)), else_=0)
    return case((cost > spent, cost), else_=spent)


def _above(unit: UnitInTree) -> list[int]:
    return [int(part) for part in unit.path.split("/") if part][:-1]
