"""What a person did not finish in the plans before, proposed for the plan of an assessment.

For the owner of both alone: a line of a plan in an organisation that they have left is their own data, and
nobody of the new organisation reads the plan that it comes from.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from idp.models import (
    Assessment,
    AssessmentItem,
    Competency,
    DevelopmentPlan,
    HistoryEntry,
    Organisation,
    PlanItem,
)
from idp.queries.carry_over_lines import Answer, CarryOverPanel, NewCompetency, Unfinished
from idp.queries.competency_matches import CompetencyMatch, CompetencyMatches, competency_matches
from idp.queries.corrections import current_levels
from idp.queries.ladders import ladders_of
from idp.queries.own_records import of_here_or_left
from idp.rules.calendar import FiscalYear
from idp.rules.carry_over import COUNTERPARTS, UNFINISHED, Aim, left_of, moved_into, target_now
from idp.rules.relations import Actor
from idp.rules.terms import PlanItemState, PlanState, SubjectType

CARRY_OVER, DECLINE = "carry_over", "decline_carry_over"
"""The events of the plan's history."""

LET_GO = "let_go_carry_over"
"""That of a cancelled plan whose line goes on in another plan instead."""


def carry_over_panel(session: Session, actor: Actor, assessment_id: int, day: date) -> CarryOverPanel:
    """For the employee who drafts the plan of this assessment; the caller has checked that they are.

    Two statements where nothing was left unfinished, a constant number otherwise.
    """
    assessment = session.get_one(Assessment, assessment_id)
    year = assessment.cycle.fiscal_year
    plan = session.scalar(
        select(DevelopmentPlan).where(
            DevelopmentPlan.employee_id == assessment.employee_id, DevelopmentPlan.fiscal_year == year
        )
    )
    there = CarryOverPanel(assessment_id, plan.id if plan else None, plan.version if plan else None)
    sources = _sources(session, actor, assessment, year, day)
    lines = _unfinished(session, sources)
    if not lines:
        return there
    drawn = _Drawn(session, assessment, plan.assessment_id if plan else assessment_id, lines, day)
    answers = _answers(session, plan, [item.id for item in lines])
    found = []
    for item in lines:
        said = answers.get(item.id, _Said())
        if said is not None:
            found.append(drawn.unfinished(item, sources[item.plan_id], said))
    return replace(there, lines=tuple(found))


@dataclass(frozen=True)
class _Source:
    fiscal_year: int
    organisation_id: int
    organisation_name_th: str


def _sources(
    session: Session, actor: Actor, assessment: Assessment, year: int, day: date
) -> dict[int, _Source]:
    """The plans of the latest year before, and those of the same year in an organisation that was left."""
    plan = DevelopmentPlan
    is_theirs: ColumnElement[bool] = plan.owner_person_id == assessment.owner_person_id
    if actor.person_id == assessment.owner_person_id:
        is_theirs &= or_(
            plan.organisation_id == assessment.organisation_id,
            of_here_or_left(plan.organisation_id, actor, day),
        )
    else:  # whoever enters a signed paper for them reads nothing of another organisation
        is_theirs &= plan.organisation_id == assessment.organisation_id
    rows = session.execute(
        select(plan.id, plan.fiscal_year, plan.organisation_id, Organisation.name_th)
        .join(Organisation, Organisation.id == plan.organisation_id)
        .where(is_theirs, plan.fiscal_year <= year, plan.state != PlanState.CANCELLED)
    ).all()
    before = max((row.fiscal_year for row in rows if row.fiscal_year < year), default=None)
    return {
        row.id: _Source(row.fiscal_year, row.organisation_id, row.name_th)
        for row in rows
        if row.fiscal_year == before
        or (row.fiscal_year == year and row.organisation_id != assessment.organisation_id)
    }


def _unfinished(session: Session, plan_ids: Collection[int]) -> list[PlanItem]:
    if not plan_ids:
        return []
    return list(
        session.scalars(
            select(PlanItem)
            .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
            .where(PlanItem.plan_id.in_(plan_ids), PlanItem.state.in_(UNFINISHED))
            .order_by(DevelopmentPlan.fiscal_year.desc(), PlanItem.plan_id, PlanItem.sort_order, PlanItem.id)
            .options(joinedload(PlanItem.competency))
        )
    )


@dataclass(frozen=True)
class _Said:
    """An answer as it stands."""

    answer: Answer = Answer.WAITING
    new_item_id: int | None = None
    is_struck_out: bool = False
    because: str = ""


def _answers(
    session: Session, plan: DevelopmentPlan | None, item_ids: Collection[int]
) -> dict[int, _Said | None]:
    """By the line of then; None: it goes on in another plan that was not cancelled."""
    found: dict[int, _Said | None] = {}
    if plan is not None:
        for entry in session.scalars(
            select(HistoryEntry)
            .where(
                HistoryEntry.subject_type == SubjectType.PLAN,
                HistoryEntry.subject_id == plan.id,
                HistoryEntry.event.in_((CARRY_OVER, DECLINE)),
            )
            .order_by(HistoryEntry.sequence)
        ):
            is_no = entry.event == DECLINE
            said = _Said(Answer.DECLINED, because=entry.reason) if is_no else _Said()
            found[entry.detail["carried_from_item_id"]] = said
    for item_id, plan_id, then_id, state in session.execute(
        select(PlanItem.id, PlanItem.plan_id, PlanItem.carried_from_item_id, PlanItem.state)
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .where(
            PlanItem.carried_from_item_id.in_(item_ids),
            or_(DevelopmentPlan.state != PlanState.CANCELLED, PlanItem.plan_id == (plan.id if plan else 0)),
        )
    ):
        assert then_id is not None  # by the condition
        here = plan is not None and plan_id == plan.id
        struck = state is PlanItemState.CANCELLED
        found[then_id] = _Said(Answer.CARRIED, item_id, struck) if here else None
    return found


class _Drawn:
    """What the new plan may aim at, read once for all lines."""

    def __init__(
        self,
        session: Session,
        assessment: Assessment,
        assessment_id: int,
        lines: Collection[PlanItem],
        day: date,
    ) -> None:
        """`assessment_id`: that of the plan, where another one of the year was drawn from."""
        self.organisation_id = assessment.organisation_id
        self.year, self.day = FiscalYear(assessment.cycle.fiscal_year), day
        levels = current_levels(session, assessment_id)
        rows = session.execute(
            select(AssessmentItem.id, Competency.id, Competency.name_th, Competency.name_en)
            .join(Competency, Competency.id == AssessmentItem.competency_id)
            .where(AssessmentItem.assessment_id == assessment_id)
            .order_by(AssessmentItem.sort_order, AssessmentItem.id)
        ).all()
        ladders = ladders_of(session, {row[1] for row in rows})
        self.now = [
            NewCompetency(row[1], row[2], row[3], levels.get(row[0]), ladders[row[1]]) for row in rows
        ]
        then = {item.competency_id for item in lines if item.competency_id is not None}
        self.matches: CompetencyMatches = competency_matches(session, {each.id for each in self.now} | then)

    def unfinished(self, item: PlanItem, source: _Source, said: _Said) -> Unfinished:
        competency, match = self._counterpart(item)
        aim, target = Aim.FREE if item.competency_id is None else Aim.NONE, None
        if competency is not None and match is not None:
            aligned = None if item.target_level is None else match.aligned(item.target_level)
            aim, target = target_now(
                item.target_level, aligned, competency.attained, competency.ladder.ladder
            )
        starts_on, ends_on = moved_into(item.starts_on, item.ends_on, self.year, self.day)
        return Unfinished(
            then=item,
            fiscal_year=source.fiscal_year,
            organisation_id=source.organisation_id,
            organisation_name_th=source.organisation_name_th,
            aim=aim,
            competency=competency,
            relation=match.relation if match else None,
            target_level=target,
            hours=int(left_of(item.hours, item.hours_done)),
            cost_baht=left_of(item.cost_baht, item.spent_baht),
            starts_on=starts_on,
            ends_on=ends_on,
            is_of_another_organisation=source.organisation_id != self.organisation_id,
            answer=said.answer,
            new_item_id=said.new_item_id,
            is_struck_out=said.is_struck_out,
            declined_because=said.because,
        )

    def _counterpart(self, item: PlanItem) -> tuple[NewCompetency | None, CompetencyMatch | None]:
        """The closest competency of now that the line may go on for."""
        if item.competency_id is None:
            return None, None
        pairs = [(each, self.matches.match(each.id, item.competency_id)) for each in self.now]
        close = [
            (match.distance, place, each, match)
            for place, (each, match) in enumerate(pairs)
            if match is not None and match.relation in COUNTERPARTS
        ]
        if not close:
            return None, None
        _distance, _place, competency, match = min(close, key=lambda pair: pair[:2])
        return competency, match
