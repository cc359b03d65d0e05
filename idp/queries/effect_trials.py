"""The lines of plans that can be judged by what their people attained next (`rules.effects`)."""

from collections.abc import Collection, Iterator
from decimal import Decimal

from sqlalchemy import Select, and_, select, tuple_
from sqlalchemy.orm import Session, aliased

from idp.models import Assessment, AssessmentItem, Cycle, DevelopmentAction, DevelopmentPlan, Gap, PlanItem
from idp.queries.competency_matches import CompetencyMatches, competency_matches
from idp.queries.what_if_rows import corrections_in, rated_before
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.effects import CARRIED_OUT, Trial, reached
from idp.rules.terms import PlanState

PEOPLE_AT_ONCE = 10_000
"""So many plans' people in one statement: a worker holds the lines of no more in its memory."""


def trials_of(session: Session, organisation_id: int) -> Iterator[list[Trial]]:
    """Every trial of the organisation, each person's all in one list; five statements, and one more for every
    ten thousand people with an evaluated plan."""
    competency_ids = rated_before(session, organisation_id)
    matches = competency_matches(session, competency_ids)
    pairs = _comparable(matches, competency_ids)
    if not pairs:
        return
    corrected = corrections_in(session, organisation_id)
    last = 0
    while people := _people_after(session, organisation_id, last):
        yield _trials(session, _lines(organisation_id, (people[0], people[-1]), pairs), corrected, matches)
        last = people[-1]


def _comparable(matches: CompetencyMatches, competency_ids: Collection[int]) -> list[tuple[int, int]]:
    """(competency then, competency next), where levels of the next say something about levels of then."""
    found = []
    for then in sorted(competency_ids):
        for following in sorted(competency_ids):
            match = matches.match(then, following)
            if match is not None and match.is_comparable:
                found.append((then, following))
    return found


def _people_after(session: Session, organisation_id: int, employee_id: int) -> list[int]:
    """The next employees with an evaluated plan, in the order of ids."""
    rows = session.scalars(
        select(DevelopmentPlan.employee_id)
        .where(
            DevelopmentPlan.organisation_id == organisation_id,
            DevelopmentPlan.state == PlanState.EVALUATED,
            DevelopmentPlan.employee_id > employee_id,
        )
        .distinct()
        .order_by(DevelopmentPlan.employee_id)
        .limit(PEOPLE_AT_ONCE)
    )
    return list(rows)


def _lines(
    organisation_id: int, people: tuple[int, int], pairs: Collection[tuple[int, int]]
) -> Select[tuple[int, ...]]:
    """A row for each carried out line and each comparable competency of the person's next released result."""
    then, its_gap = aliased(AssessmentItem), aliased(Gap)
    following, next_gap = aliased(AssessmentItem), aliased(Gap)
    later, later_cycle = aliased(Assessment), aliased(Cycle)
    next_id = (
        select(later.id)
        .join(later_cycle, later_cycle.id == later.cycle_id)
        .where(
            later.employee_id == DevelopmentPlan.employee_id,
            later.state.in_(RELEASED_STATES),
            later_cycle.fiscal_year > DevelopmentPlan.fiscal_year,
        )
        .order_by(later_cycle.starts_on, later.id)
        .limit(1)
        .correlate(DevelopmentPlan)
        .scalar_subquery()
    )
    return (
        select(  # type: ignore[return-value]
            PlanItem.id,
            DevelopmentPlan.employee_id,
            PlanItem.method,
            DevelopmentAction.key.label("action_key"),
            PlanItem.target_level,
            then.id.label("item_id"),
            then.competency_id,
            then.expected_level,
            its_gap.attained_level,
            following.id.label("next_item_id"),
            following.competency_id.label("next_competency_id"),
            next_gap.attained_level.label("next_level"),
        )
        .select_from(PlanItem)
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .join(
            then,
            and_(
                then.assessment_id == DevelopmentPlan.assessment_id,
                then.competency_id == PlanItem.competency_id,
            ),
        )
        .join(
            following,
            and_(
                following.assessment_id == next_id,
                tuple_(then.competency_id, following.competency_id).in_(pairs),
            ),
        )
        .outerjoin(its_gap, its_gap.item_id == then.id)
        .outerjoin(next_gap, next_gap.item_id == following.id)
        .outerjoin(DevelopmentAction, DevelopmentAction.id == PlanItem.action_id)
        .where(
            DevelopmentPlan.organisation_id == organisation_id,
            DevelopmentPlan.state == PlanState.EVALUATED,
            DevelopmentPlan.employee_id.between(*people),
            PlanItem.state.in_(CARRIED_OUT),
            PlanItem.target_level.is_not(None),
        )
        .order_by(PlanItem.id, following.id)
    )


def _trials(
    session: Session,
    lines: Select[tuple[int, ...]],
    corrected: dict[int, int],
    matches: CompetencyMatches,
) -> list[Trial]:
    """By the levels that hold; of several comparable competencies the closest one judges the line."""
    judged: dict[int, tuple[int, Trial]] = {}
    for row in session.execute(lines):
        level = corrected.get(row.item_id, row.attained_level)
        following = corrected.get(row.next_item_id, row.next_level)
        if level is None or following is None or row.expected_level <= level:
            continue
        match = matches.match(row.competency_id, row.next_competency_id)
        attained = match.aligned(Decimal(following)) if match is not None else None
        if match is None or attained is None:
            continue
        trial = Trial(row.employee_id, row.method, row.action_key, reached(row.target_level, attained))
        if row.id not in judged or match.distance < judged[row.id][0]:
            judged[row.id] = (match.distance, trial)
    return [trial for _distance, trial in judged.values()]
