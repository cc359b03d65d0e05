"""The fiscal years that an organisation has plans or money for."""

from datetime import date

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from idp.models import BudgetCeiling, Cycle
from idp.rules.calendar import FiscalYear
from idp.rules.terms import CycleState


def training_years(session: Session, organisation_id: int, day: date) -> tuple[int, ...]:
    """Of the Buddhist Era, the latest first: those of cycles and ceilings, the one of the day and the next;
    one statement."""
    found = session.scalars(
        union(
            select(Cycle.fiscal_year).where(
                Cycle.organisation_id == organisation_id, Cycle.state != CycleState.DRAFT
            ),
            select(BudgetCeiling.fiscal_year).where(BudgetCeiling.organisation_id == organisation_id),
        )
    )
    this = FiscalYear.of(day).be_year
    return tuple(sorted({*found, this, this + 1}, reverse=True))


def year_to_show(session: Session, organisation_id: int, day: date) -> int:
    """The latest year for which people were assessed, because that is the one being planned for; else the one
    of the day; one statement."""
    latest = session.scalar(
        select(Cycle.fiscal_year)
        .where(
            Cycle.organisation_id == organisation_id,
            Cycle.state.in_((CycleState.OPEN, CycleState.CLOSING, CycleState.CLOSED)),
        )
        .order_by(Cycle.fiscal_year.desc())
        .limit(1)
    )
    return latest or FiscalYear.of(day).be_year
