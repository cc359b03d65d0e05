"""What the demonstration made, counted from the database: the same for the same seed, but for the seconds."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    Cycle,
    DevelopmentPlan,
    Employee,
    Gap,
    Mail,
    Organisation,
    PlanItem,
    Rating,
    RatingTick,
    Reminder,
    StoredDocument,
    Suggestion,
)
from idp.rules.terms import AssessmentState, MailState, PlanItemState, PlanState, SubjectType


def summary(
    session: Session, seed: int, frameworks: Mapping[str, str], seconds: Mapping[str, float]
) -> dict[str, Any]:
    """`frameworks`: the framework of each demonstration organisation by its code, in the order to be kept."""
    by_code = {organisation.code: organisation.id for organisation in session.scalars(select(Organisation))}
    return {
        "seed": seed,
        "organisations": [
            {
                "code": code,
                "framework": framework,
                "employees": _count(
                    session, select(Employee.id).where(Employee.organisation_id == by_code[code])
                ),
                "cycles": [
                    _cycle(session, cycle)
                    for cycle in session.scalars(
                        select(Cycle)
                        .where(Cycle.organisation_id == by_code[code])
                        .order_by(Cycle.starts_on, Cycle.id)
                    )
                ],
            }
            for code, framework in frameworks.items()
            if code in by_code
        ],
        "seconds": {step: round(taken, 1) for step, taken in seconds.items()},
    }


def _cycle(session: Session, cycle: Cycle) -> dict[str, Any]:
    items = select(AssessmentItem.id).join(Assessment).where(Assessment.cycle_id == cycle.id)
    assessments = select(Assessment.id).where(Assessment.cycle_id == cycle.id)
    plans = select(DevelopmentPlan.id).where(DevelopmentPlan.assessment_id.in_(assessments))
    return {
        "code": cycle.code,
        "state": cycle.state.value,
        "assessments": _states(
            session,
            AssessmentState,
            select(Assessment.state, func.count()).where(Assessment.cycle_id == cycle.id),
        ),
        "ratings": _count(session, select(Rating.id).where(Rating.item_id.in_(items))),
        "indicator_ticks": _count(
            session,
            select(RatingTick.indicator_id)
            .join(Rating, Rating.id == RatingTick.rating_id)
            .where(Rating.item_id.in_(items)),
        ),
        "gaps": _count(session, select(Gap.item_id).where(Gap.item_id.in_(items), Gap.gap > 0)),
        "suggestions": _count(session, select(Suggestion.id).where(Suggestion.assessment_item_id.in_(items))),
        "plans": _states(
            session,
            PlanState,
            select(DevelopmentPlan.state, func.count()).where(DevelopmentPlan.id.in_(plans)),
        ),
        "plan_items": _states(
            session,
            PlanItemState,
            select(PlanItem.state, func.count()).where(PlanItem.plan_id.in_(plans)),
        ),
        "reminders": _reminders(session, cycle),
        "mails": _mails(session, cycle),
        "documents": _count(
            session,
            select(StoredDocument.id).where(
                or_(
                    (StoredDocument.subject_type == SubjectType.ASSESSMENT)
                    & StoredDocument.subject_id.in_(assessments),
                    (StoredDocument.subject_type == SubjectType.PLAN) & StoredDocument.subject_id.in_(plans),
                )
            ),
        ),
    }


def _reminders(session: Session, cycle: Cycle) -> dict[str, int]:
    """A reminder is where the mail that carries it is; pending while none does."""
    state = func.coalesce(Mail.state, MailState.PENDING)
    return _states(
        session,
        MailState,
        select(state, func.count())
        .select_from(Reminder)
        .outerjoin(Mail, Mail.id == Reminder.mail_id)
        .where(Reminder.cycle_id == cycle.id),
        by=state,
    )


def _mails(session: Session, cycle: Cycle) -> dict[str, int]:
    """The organisation's mails of the cycle's days: a digest may speak of two cycles, and counts once."""
    return _states(
        session,
        MailState,
        select(Mail.state, func.count()).where(
            Mail.organisation_id == cycle.organisation_id,
            Mail.local_day.between(cycle.starts_on, cycle.ends_on),
        ),
    )


def _states(
    session: Session, kind: Iterable[StrEnum], statement: Select[Any, int], by: Any = None
) -> dict[str, int]:
    """{state: n} in the order of the states, without those that nobody is in."""
    column = statement.selected_columns[0] if by is None else by
    found = {str(state): count for state, count in session.execute(statement.group_by(column))}
    return {state.value: found[state.value] for state in kind if state.value in found}


def _count(session: Session, statement: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0
