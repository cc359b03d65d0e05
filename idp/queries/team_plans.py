"""The plans of those whom a person rates or has above them: side by side, and one after another to be read.

Who is in it: as in `queries.team`, of themself or by an order that reaches the plan; plans that were handed
in. Nobody has a team by an office.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from idp.models import Assessment, Competency, Course, DevelopmentAction, DevelopmentPlan, Person, PlanItem
from idp.queries.acting import acts_for
from idp.queries.relations import serving_in
from idp.rules.plan_workflow import SHARED_STATES
from idp.rules.relations import Actor
from idp.rules.suggestions import METHOD_GROUPS
from idp.rules.team_overlaps import TeamLine
from idp.rules.terms import DevelopmentMethod, MethodGroup, PlanItemState, PlanState, Relation
from idp.rules.thai import full_name

Holder = InstrumentedAttribute[int | None]


@dataclass(frozen=True)
class LineOfTeam:
    """One line with what it names in words; `as_line` for what lines of a team have in common."""

    plan_id: int
    title: str
    method: DevelopmentMethod
    competency_name_th: str
    competency_name_en: str | None
    target_level: int | None
    course_title: str
    mentor_name: str
    starts_on: date | None
    ends_on: date | None
    hours: int
    cost_baht: Decimal
    state: PlanItemState
    percent: int
    as_line: TeamLine


@dataclass(frozen=True)
class PlanOfTeam:
    """`relation`: what the reader is to the plan; `on_behalf_of`: whom they represent, None for themself.
    `lines` without those struck out; a plan's competencies are those that its lines name."""

    id: int
    assessment_id: int
    owner_person_id: int
    state: PlanState
    version: int
    fiscal_year: int
    title_th: str
    first_name: str
    last_name: str
    employee_number: str
    position_name: str
    position_level_name: str
    unit_path_name: str
    relation: Relation
    on_behalf_of: int | None
    lines: tuple[LineOfTeam, ...]

    @property
    def name(self) -> str:
        return full_name(self.title_th, self.first_name, self.last_name)

    @property
    def hours(self) -> int:
        return sum(line.hours for line in self.lines)

    @property
    def baht(self) -> Decimal:
        return sum((line.cost_baht for line in self.lines), Decimal(0))

    @property
    def hours_by_group(self) -> dict[MethodGroup, int]:
        hours: Counter[MethodGroup] = Counter()
        for line in self.lines:
            hours[METHOD_GROUPS[line.method]] += line.hours
        return {group: hours[group] for group in MethodGroup}

    @property
    def competencies(self) -> tuple[tuple[str, str | None], ...]:
        """(Thai name, English name) in the order of the lines."""
        named = [(each.competency_name_th, each.competency_name_en) for each in self.lines]
        return tuple(dict.fromkeys(each for each in named if each[0]))


def years_of_team(session: Session, actor: Actor, day: date) -> list[int]:
    """The fiscal years of which the reader has a plan to see, the latest first; one statement."""
    years = select(DevelopmentPlan.fiscal_year).where(_is_shown(actor, day)).distinct()
    return list(session.scalars(years.order_by(DevelopmentPlan.fiscal_year.desc())))


def team_plans(
    session: Session, actor: Actor, day: date, fiscal_year: int, state: PlanState | None = None
) -> tuple[PlanOfTeam, ...]:
    """Every plan of the year that the reader may see as somebody's superior, or those in one state; those
    whom they rate first, then by the employee's number. Two statements."""
    condition = and_(_is_shown(actor, day), DevelopmentPlan.fiscal_year == fiscal_year)
    if state is not None:
        condition = and_(condition, DevelopmentPlan.state == state)
    found = _plans(session, actor, day, condition)
    return tuple(sorted(found, key=lambda plan: plan.relation is not Relation.SUPERVISOR))


def plans_to_read(
    session: Session, actor: Actor, day: date, start: int, most: int
) -> tuple[tuple[PlanOfTeam, ...], int]:
    """Those that wait for the reader's word, the supervisor's or the second level's: `most` of them from
    number `start` on, and how many there are. Three statements."""
    waits = _waits(actor, day)
    count = session.scalar(select(func.count(DevelopmentPlan.id)).where(waits)) or 0
    return _plans(session, actor, day, waits, (start, most)), count


def _plans(
    session: Session,
    actor: Actor,
    day: date,
    condition: ColumnElement[bool],
    part: tuple[int, int] | None = None,
) -> tuple[PlanOfTeam, ...]:
    rated = _holds(actor, DevelopmentPlan.supervisor_person_id, day)
    statement = (
        select(DevelopmentPlan, Assessment, rated.label("is_rated"))
        .join(Assessment, Assessment.id == DevelopmentPlan.assessment_id)
        .where(condition)
        .order_by(DevelopmentPlan.fiscal_year.desc(), Assessment.employee_number, DevelopmentPlan.id)
    )
    if part is not None:
        statement = statement.offset(part[0]).limit(part[1])
    rows = session.execute(statement).all()
    lines = _lines(session, [plan.id for plan, _assessment, _rated in rows])
    return tuple(
        _plan(plan, assessment, bool(is_rated), actor, lines.get(plan.id, []))
        for plan, assessment, is_rated in rows
    )


def _plan(
    plan: DevelopmentPlan, of: Assessment, is_rated: bool, actor: Actor, lines: Sequence[LineOfTeam]
) -> PlanOfTeam:
    holder = plan.supervisor_person_id if is_rated else plan.second_level_person_id
    return PlanOfTeam(
        id=plan.id,
        assessment_id=of.id,
        owner_person_id=plan.owner_person_id,
        state=plan.state,
        version=plan.version,
        fiscal_year=plan.fiscal_year,
        title_th=of.title_th,
        first_name=of.first_name,
        last_name=of.last_name,
        employee_number=of.employee_number,
        position_name=of.position_name,
        position_level_name=of.position_level_name,
        unit_path_name=of.unit_path_name,
        relation=Relation.SUPERVISOR if is_rated else Relation.SECOND_LEVEL,
        on_behalf_of=None if holder == actor.person_id else holder,
        lines=tuple(lines),
    )


def _lines(session: Session, plan_ids: Collection[int]) -> dict[int, list[LineOfTeam]]:
    rows = session.execute(
        select(
            PlanItem, Competency.name_th, Competency.name_en, Course.title_th, Person, DevelopmentAction.key
        )
        .outerjoin(Competency, Competency.id == PlanItem.competency_id)
        .outerjoin(Course, Course.id == PlanItem.course_id)
        .outerjoin(Person, Person.id == PlanItem.mentor_person_id)
        .outerjoin(DevelopmentAction, DevelopmentAction.id == PlanItem.action_id)
        .where(PlanItem.plan_id.in_(plan_ids), PlanItem.state != PlanItemState.CANCELLED)
        .order_by(PlanItem.plan_id, PlanItem.sort_order, PlanItem.id)
    )
    found: dict[int, list[LineOfTeam]] = {}
    for item, name_th, name_en, course, mentor, key in rows:
        line = LineOfTeam(
            plan_id=item.plan_id,
            title=item.title,
            method=item.method,
            competency_name_th=name_th or "",
            competency_name_en=name_en,
            target_level=item.target_level,
            course_title=course or "",
            mentor_name=full_name(mentor.title_th, mentor.first_name, mentor.last_name) if mentor else "",
            starts_on=item.starts_on,
            ends_on=item.ends_on,
            hours=item.hours,
            cost_baht=item.cost_baht,
            state=item.state,
            percent=item.percent,
            as_line=_as_line(item, key),
        )
        found.setdefault(item.plan_id, []).append(line)
    return found


def _as_line(item: PlanItem, action_key: str | None) -> TeamLine:
    return TeamLine(
        person=item.plan_id,
        title=item.title,
        method=item.method,
        competency_id=item.competency_id,
        course_id=item.course_id,
        action_key=action_key,
        mentor_id=item.mentor_person_id,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
    )


def _is_shown(actor: Actor, day: date) -> ColumnElement[bool]:
    plan = DevelopmentPlan
    above = or_(
        _holds(actor, plan.supervisor_person_id, day), _holds(actor, plan.second_level_person_id, day)
    )
    never_handed_in = and_(
        plan.state.in_((PlanState.CANCELLED, PlanState.RETURNED)),
        plan.submitted_at.is_(None),
        plan.approved_at.is_(None),
    )  # its lines are its owner's alone: `plan_workflow.is_the_owners_alone`
    return and_(above, plan.state.in_(SHARED_STATES), not_(never_handed_in))


def _waits(actor: Actor, day: date) -> ColumnElement[bool]:
    plan = DevelopmentPlan
    return or_(
        and_(plan.state == PlanState.SUBMITTED, _holds(actor, plan.supervisor_person_id, day)),
        and_(plan.state == PlanState.SECOND_LEVEL_CHECK, _holds(actor, plan.second_level_person_id, day)),
    )


def _holds(actor: Actor, holder: Holder, day: date) -> ColumnElement[bool]:
    """The actor holds that place above the plan, of themself or by an order; as `standing_on_record` says."""
    if actor.person_id is None:
        return false()
    plan = DevelopmentPlan
    return and_(
        plan.organisation_id == actor.organisation_id,
        plan.owner_person_id != actor.person_id,
        plan.organisation_id.in_(serving_in(actor.person_id, day)),
        or_(holder == actor.person_id, acts_for(actor.person_id, plan, holder, day)),
    )
