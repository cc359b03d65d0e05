"""A person's development over the years: levels released, lines agreed and what came of them, across versions
of the dictionary, dictionaries and organisations.

Who sees what (this product's default): a person all that is their own, as in every list of theirs
(`queries.own_records`); anybody else in their own organisation alone, and there each result and each plan
only where the permission table lets them read that very record. Who supervises somebody since this year does
not read the years before by it. A result that is not released and a plan that was never agreed are no
history.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    Competency,
    Cycle,
    DevelopmentPlan,
    Evidence,
    Gap,
    Organisation,
    PlanItem,
    ProficiencyLevel,
)
from idp.queries.competency_matches import competency_matches
from idp.queries.corrections import corrected_levels
from idp.queries.development_history_lines import (
    CompetencyHistory,
    DevelopmentHistory,
    LevelThen,
    LineThen,
    history_by_competency,
)
from idp.queries.own_records import of_here_or_left
from idp.queries.visibility import visible_to
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.relations import Actor
from idp.rules.terms import Permission, PlanItemState, PlanState


def own_history(session: Session, actor: Actor, day: date) -> DevelopmentHistory:
    """Of the person signed in; a constant number of statements."""
    return _history(
        session,
        (Assessment.owner_person_id == actor.person_id)
        & of_here_or_left(Assessment.organisation_id, actor, day),
        (DevelopmentPlan.owner_person_id == actor.person_id)
        & of_here_or_left(DevelopmentPlan.organisation_id, actor, day),
    )


def history_of_employee(session: Session, actor: Actor, employee_id: int, day: date) -> DevelopmentHistory:
    """Of somebody else, as far as the reader may see each record; a constant number of statements. The caller
    has checked that they may see one of them."""
    return _history(
        session,
        (Assessment.employee_id == employee_id) & visible_to(actor, Assessment, Permission.RESULT_VIEW, day),
        (DevelopmentPlan.employee_id == employee_id)
        & visible_to(actor, DevelopmentPlan, Permission.PLAN_VIEW, day),
    )


def _history(
    session: Session, results: ColumnElement[bool], plans: ColumnElement[bool]
) -> DevelopmentHistory:
    levels, names = _levels(session, results)
    lines = _lines(session, plans, names)
    ids = {each.competency_id for each in levels}
    ids |= {each.competency_id for each in lines if each.competency_id is not None}
    found = history_by_competency(levels, lines, competency_matches(session, ids) if ids else None)
    tops = _tops(session, {each.competency_id for each in found})
    return DevelopmentHistory(
        competencies=tuple(_named(each, names, tops) for each in found),
        free_lines=tuple(line for line in lines if line.competency_id is None),
        levels=tuple(levels),
        lines=tuple(lines),
    )


Names = dict[int, tuple[str, str | None]]


def _named(each: CompetencyHistory, names: Names, tops: Mapping[int, int]) -> CompetencyHistory:
    name_th, name_en = names[each.competency_id]
    return replace(each, name_th=name_th, name_en=name_en, top=tops.get(each.competency_id, 0))


def _levels(session: Session, condition: ColumnElement[bool]) -> tuple[list[LevelThen], Names]:
    """The levels that hold of every released result, the earliest first; two statements."""
    rows = session.execute(
        select(
            AssessmentItem.id,
            AssessmentItem.assessment_id,
            AssessmentItem.competency_id,
            AssessmentItem.expected_level,
            Gap.attained_level,
            Cycle.fiscal_year,
            Cycle.starts_on,
            Cycle.name_th,
            Cycle.name_en,
            Assessment.organisation_id,
            Organisation.name_th.label("organisation"),
            Competency.name_th.label("competency_th"),
            Competency.name_en.label("competency_en"),
        )
        .join(Assessment, Assessment.id == AssessmentItem.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Organisation, Organisation.id == Assessment.organisation_id)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .outerjoin(Gap, Gap.item_id == AssessmentItem.id)
        .where(Assessment.state.in_(RELEASED_STATES), condition)
        .order_by(Cycle.starts_on, Assessment.id, AssessmentItem.sort_order, AssessmentItem.id)
    ).all()
    corrected = corrected_levels(session, {row.assessment_id for row in rows})
    levels, names = [], {}
    for row in rows:
        names[row.competency_id] = (row.competency_th, row.competency_en)
        level = corrected.get(row.id, row.attained_level)
        if level is not None:
            levels.append(
                LevelThen(
                    competency_id=row.competency_id,
                    competency_name_th=row.competency_th,
                    competency_name_en=row.competency_en,
                    assessment_id=row.assessment_id,
                    fiscal_year=row.fiscal_year,
                    starts_on=row.starts_on,
                    cycle_name_th=row.name_th,
                    cycle_name_en=row.name_en,
                    organisation_id=row.organisation_id,
                    organisation_name_th=row.organisation,
                    expected=row.expected_level,
                    level=Decimal(level),
                )
            )
    return levels, names


def _lines(session: Session, condition: ColumnElement[bool], names: Names) -> list[LineThen]:
    """Of every plan that was agreed, the earliest first; those dropped are missing. Two statements. What a
    line came to is told once the plan is evaluated."""
    rows = session.execute(
        select(
            PlanItem,
            DevelopmentPlan.state,
            DevelopmentPlan.fiscal_year,
            DevelopmentPlan.organisation_id,
            Organisation.name_th,
            Competency.name_th,
            Competency.name_en,
        )
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .join(Organisation, Organisation.id == DevelopmentPlan.organisation_id)
        .outerjoin(Competency, Competency.id == PlanItem.competency_id)
        .where(
            DevelopmentPlan.approved_at.is_not(None),
            DevelopmentPlan.state != PlanState.CANCELLED,
            PlanItem.state != PlanItemState.CANCELLED,
            condition,
        )
        .order_by(DevelopmentPlan.fiscal_year, PlanItem.plan_id, PlanItem.sort_order, PlanItem.id)
    ).all()
    evidence = _evidence(session, [row[0].id for row in rows])
    lines = []
    for item, state, year, organisation_id, organisation, name_th, name_en in rows:
        if item.competency_id is not None:
            names.setdefault(item.competency_id, (name_th, name_en))
        is_evaluated = state is PlanState.EVALUATED
        lines.append(
            LineThen(
                competency_id=item.competency_id,
                competency_name_th=name_th or "",
                competency_name_en=name_en,
                plan_id=item.plan_id,
                item_id=item.id,
                fiscal_year=year,
                organisation_id=organisation_id,
                organisation_name_th=organisation,
                title=item.title,
                method=item.method,
                target_level=item.target_level,
                hours=item.hours,
                hours_done=item.hours_done,
                state=item.state,
                percent=item.percent,
                result_reason=item.result_reason if is_evaluated else "",
                is_evaluated=is_evaluated,
                evidence=evidence.get(item.id, 0),
            )
        )
    return lines


def _evidence(session: Session, item_ids: Collection[int]) -> dict[int, int]:
    """By line how many pieces of evidence stand; what was withdrawn does not."""
    rows = session.execute(
        select(Evidence.plan_item_id, func.count())
        .where(Evidence.plan_item_id.in_(item_ids), Evidence.withdrawn_at.is_(None))
        .group_by(Evidence.plan_item_id)
    )
    return dict(rows.all())


def _tops(session: Session, competency_ids: Collection[int]) -> dict[int, int]:
    """The highest level of each ladder."""
    rows = session.execute(
        select(ProficiencyLevel.competency_id, func.max(ProficiencyLevel.number))
        .where(ProficiencyLevel.competency_id.in_(competency_ids))
        .group_by(ProficiencyLevel.competency_id)
    )
    return dict(rows.all())
