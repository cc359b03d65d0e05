"""The half-year follow-up of plans: both sides of one plan, what somebody still has to write, and who of a
team has not written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from idp.adapters.holiday_calendar import is_thai_holiday
from idp.models import Assessment, Cycle, DevelopmentPlan, Person, PlanFollowUp
from idp.queries.acting import acts_for
from idp.queries.phases import count_working_days, counted
from idp.rules.follow_ups import asked_from, due_on, owed_by, span_of
from idp.rules.relations import Actor
from idp.rules.terms import Half, PlanState, Relation
from idp.rules.thai import full_name

FOLLOWED_UP = (PlanState.APPROVED, PlanState.IN_PROGRESS, PlanState.IN_EVALUATION)


@dataclass(frozen=True)
class HalfOnPage:
    """One half of a plan's year: when it is, until when it is written about, and both parts."""

    half: Half
    starts_on: date
    ends_on: date
    due_on: date
    employee_text: str
    employee_at: datetime | None
    supervisor_text: str
    supervisor_at: datetime | None
    supervisor_name: str
    may_be_written: bool

    @property
    def is_written(self) -> bool:
        return self.employee_at is not None or self.supervisor_at is not None


@dataclass(frozen=True)
class FollowUpRow:
    """One half of one plan in a list. `on_behalf_of`: the supervisor represented, None for one's own;
    `is_owed`: the reader is to write now."""

    plan_id: int
    half: Half
    relation: Relation
    owner_name: str
    unit_path_name: str
    fiscal_year: int
    due_on: date
    employee_at: datetime | None
    supervisor_at: datetime | None
    on_behalf_of: int | None
    is_owed: bool
    is_overdue: bool


def halves_of_plan(session: Session, plan_id: int, fiscal_year: int, day: date) -> tuple[HalfOnPage, ...]:
    """Both halves, written about or not; two statements. Whether the reader may see the plan is asked by the
    caller."""
    counts = session.scalar(
        select(count_working_days())
        .select_from(DevelopmentPlan)
        .join(Assessment, Assessment.id == DevelopmentPlan.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(DevelopmentPlan.id == plan_id)
    )
    rows = session.execute(
        select(PlanFollowUp, Person.display_name)
        .outerjoin(Person, Person.id == PlanFollowUp.supervisor_person_id)
        .where(PlanFollowUp.plan_id == plan_id)
    )
    written = {row.half: (row, name or "") for row, name in rows}
    found = []
    for half in Half:
        span = span_of(fiscal_year, half)
        row, name = written.get(half, (None, ""))
        found.append(
            HalfOnPage(
                half=half,
                starts_on=span.start,
                ends_on=span.end,
                due_on=due_on(fiscal_year, half, is_thai_holiday, count_working_days=counted(counts)),
                employee_text=row.employee_text if row else "",
                employee_at=row.employee_at if row else None,
                supervisor_text=row.supervisor_text if row else "",
                supervisor_at=row.supervisor_at if row else None,
                supervisor_name=name,
                may_be_written=span.start <= day,
            )
        )
    return tuple(found)


def follow_ups_owed(session: Session, actor: Actor, day: date) -> tuple[FollowUpRow, ...]:
    """What the actor is to write now in the organisation signed in to, about their own plan and as a
    supervisor (also for whom they represent), the most urgent first; two statements."""
    rows = (*own_follow_ups(session, actor, day), *team_follow_ups(session, actor, day))
    return tuple(sorted((row for row in rows if row.is_owed), key=lambda row: (row.due_on, row.plan_id)))


def own_follow_ups(session: Session, actor: Actor, day: date) -> tuple[FollowUpRow, ...]:
    """Both halves of the actor's own plans that are being carried out, as far as they are asked for; one
    statement."""
    mine = DevelopmentPlan.owner_person_id == actor.person_id
    return _rows(session, actor, mine, Relation.OWNER, day)


def team_follow_ups(session: Session, actor: Actor, day: date) -> tuple[FollowUpRow, ...]:
    """The same of the plans that the actor supervises, or acts for who does; one statement."""
    plan, person_id = DevelopmentPlan, actor.person_id
    if person_id is None:
        return ()
    mine = or_(
        plan.supervisor_person_id == person_id, acts_for(person_id, plan, plan.supervisor_person_id, day)
    )
    not_own = plan.owner_person_id != person_id
    return _rows(session, actor, mine & not_own, Relation.SUPERVISOR, day)


def _rows(
    session: Session, actor: Actor, condition: ColumnElement[bool], relation: Relation, day: date
) -> tuple[FollowUpRow, ...]:
    if actor.organisation_id is None:
        return ()
    first, second = aliased(PlanFollowUp), aliased(PlanFollowUp)
    statement = (
        select(DevelopmentPlan, Assessment, count_working_days(), first, second)
        .join(Assessment, Assessment.id == DevelopmentPlan.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .outerjoin(first, (first.plan_id == DevelopmentPlan.id) & (first.half == Half.FIRST))
        .outerjoin(second, (second.plan_id == DevelopmentPlan.id) & (second.half == Half.SECOND))
        .where(DevelopmentPlan.organisation_id == actor.organisation_id)
        .where(DevelopmentPlan.state.in_(FOLLOWED_UP), condition)
        .order_by(Assessment.employee_number, DevelopmentPlan.id)
    )
    return tuple(_asked(session.execute(statement).all(), actor, relation, day))


def _asked(rows: Iterable[Any], actor: Actor, relation: Relation, day: date) -> Iterable[FollowUpRow]:
    for plan, assessment, counts, first, second in rows:
        for half, written in ((Half.FIRST, first), (Half.SECOND, second)):
            if day < asked_from(plan.fiscal_year, half):
                continue
            due = due_on(plan.fiscal_year, half, is_thai_holiday, count_working_days=counted(counts))
            employee_at = written.employee_at if written else None
            supervisor_at = written.supervisor_at if written else None
            is_deputy = relation is Relation.SUPERVISOR and plan.supervisor_person_id != actor.person_id
            yield FollowUpRow(
                plan_id=plan.id,
                half=half,
                relation=relation,
                owner_name=full_name(assessment.title_th, assessment.first_name, assessment.last_name),
                unit_path_name=assessment.unit_path_name,
                fiscal_year=plan.fiscal_year,
                due_on=due,
                employee_at=employee_at,
                supervisor_at=supervisor_at,
                on_behalf_of=plan.supervisor_person_id if is_deputy else None,
                is_owed=owed_by(
                    relation,
                    employee_wrote=employee_at is not None,
                    supervisor_wrote=supervisor_at is not None,
                    is_asked=True,
                    is_overdue=day > due,
                ),
                is_overdue=day > due,
            )
