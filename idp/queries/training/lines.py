"""Which lines of which plans count: the conditions that every sum of this package is made with.

A plan that nobody but its owner may read counts nowhere. The lines of a plan that is being amended count as
they stand, not as the approved version has them (this product's default).
"""

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.sql.selectable import ScalarSelect

from idp.models import CourseRun, DevelopmentPlan, PlanItem, Unit
from idp.rules.terms import PlanItemState
from idp.rules.training import HELD_STATES, NOT_PLANNED, UNDER_CHECK, WITH_EARLIER_APPROVAL, PlansCounted


def is_approved() -> ColumnElement[bool]:
    """Of DevelopmentPlan: an approved version of it holds."""
    return or_(
        DevelopmentPlan.state.in_(HELD_STATES),
        and_(DevelopmentPlan.approved_at.is_not(None), DevelopmentPlan.state.in_(WITH_EARLIER_APPROVAL)),
    )


def is_counted(counted: PlansCounted = PlansCounted.ALL) -> ColumnElement[bool]:
    """Of DevelopmentPlan: it is handed in or approved, or with APPROVED the latter alone."""
    if counted is PlansCounted.APPROVED:
        return is_approved()
    return or_(is_approved(), DevelopmentPlan.state.in_(UNDER_CHECK))


def is_planned() -> ColumnElement[bool]:
    """Of PlanItem: neither cancelled nor carried over to another year."""
    return PlanItem.state.not_in(NOT_PLANNED)


def is_not_cancelled() -> ColumnElement[bool]:
    """Of PlanItem, for what was done and spent: carried over, it was done and spent all the same."""
    return PlanItem.state != PlanItemState.CANCELLED


def in_unit(unit_id: int | None) -> ColumnElement[bool]:
    """Of Unit: it is this one or below it; None: any."""
    if unit_id is None:
        return true()
    top = select(Unit.path).where(Unit.id == unit_id).scalar_subquery()
    return Unit.path.startswith(top)


def seats_taken() -> ScalarSelect[int]:
    """Of CourseRun: how many lines plan for it."""
    return (
        select(func.count(PlanItem.id))
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .where(PlanItem.course_run_id == CourseRun.id, is_planned(), is_counted())
        .correlate(CourseRun)
        .scalar_subquery()
    )
