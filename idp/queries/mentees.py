"""Whom a mentor has: the lines of others' plans that name them and are still to be carried out."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from idp.models import Competency, DevelopmentPlan, Person, PlanItem
from idp.rules.plan_workflow import EDITABLE_STATES
from idp.rules.terms import PlanItemState, PlanState

LIVE_LINES = (PlanItemState.PLANNED, PlanItemState.IN_PROGRESS, PlanItemState.EVIDENCE_SUBMITTED)
OVER = (PlanState.EVALUATED, PlanState.CANCELLED)


@dataclass(frozen=True)
class Mentee:
    """A line that names the reader as its mentor: who, for what and when, and no rating."""

    plan_item_id: int
    name: str
    competency_name_th: str | None
    competency_name_en: str | None
    starts_on: date | None
    ends_on: date | None
    fiscal_year: int
    is_approved: bool


def mentees_of(session: Session, organisation_id: int, person_id: int) -> tuple[Mentee, ...]:
    """The lines that are still to be carried out and name the person as their mentor; one statement."""
    rows = session.execute(
        select(PlanItem, DevelopmentPlan, Person.display_name, Competency.name_th, Competency.name_en)
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .join(Person, Person.id == DevelopmentPlan.owner_person_id)
        .outerjoin(Competency, Competency.id == PlanItem.competency_id)
        .where(
            _is_live(),
            DevelopmentPlan.organisation_id == organisation_id,
            PlanItem.mentor_person_id == person_id,
        )
        .order_by(DevelopmentPlan.fiscal_year, PlanItem.starts_on, PlanItem.id)
    )
    return tuple(
        Mentee(
            item.id,
            name,
            name_th,
            name_en,
            item.starts_on,
            item.ends_on,
            plan.fiscal_year,
            plan.approved_at is not None and plan.state not in EDITABLE_STATES,
        )
        for item, plan, name, name_th, name_en in rows
    )


def mentees_by_mentor(session: Session, mentors: Select[Any], but_for: int) -> dict[int, dict[int, set[int]]]:
    """Of each of the people whose ids `mentors` selects, by competency, whose lines name them; `but_for` does
    not count. One statement."""
    found: dict[int, dict[int, set[int]]] = {}
    for mentor_id, competency_id, owner_id in session.execute(
        select(PlanItem.mentor_person_id, PlanItem.competency_id, DevelopmentPlan.owner_person_id)
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .where(
            _is_live(),
            PlanItem.mentor_person_id.in_(mentors),
            PlanItem.competency_id.is_not(None),
            DevelopmentPlan.owner_person_id != but_for,
        )
        .distinct()
    ):
        assert mentor_id is not None and competency_id is not None  # by the condition
        found.setdefault(mentor_id, {}).setdefault(competency_id, set()).add(owner_id)
    return found


def _is_live() -> Any:
    return and_(PlanItem.state.in_(LIVE_LINES), DevelopmentPlan.state.not_in(OVER))
