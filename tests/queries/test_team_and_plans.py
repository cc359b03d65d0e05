"""Lists of people and plans: whom they hold, what comes next and by when; the page of a plan."""

from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from idp.models import Delegation
from idp.queries.assessments import TeamRow, team_list
from idp.queries.plans import my_plans, plan_page, plans_to_review
from idp.queries.team import NextStep, next_step
from idp.rules.errors import NotVisible
from idp.rules.relations import Actor
from idp.rules.settings import OrganisationRules
from idp.rules.terms import (
    AssessmentState,
    DevelopmentMethod,
    MethodGroup,
    PhaseKind,
    PlanEvent,
    PlanState,
    Relation,
)
from idp.services import plan_items, plans
from idp.services.plan_fields import PlanItemFields
from tests.factories import steps
from tests.factories.fixtures import sample, session, shared_engine
from tests.factories.sample import PHASES, Sample, at, make_sample

__all__ = ["sample", "session", "shared_engine"]

DAY = steps.RATING_DAY


def team(session: Session, actor: Actor, day: date = DAY) -> list[TeamRow]:
    return list(team_list(session, actor, day))


def test_the_team_holds_those_one_rates_or_has_above_them(session: Session, sample: Sample) -> None:
    [row] = team(session, sample.cast.suda)
    assert (row.assessment_id, row.relation, row.on_behalf_of) == (
        sample.assessment.id,
        Relation.SUPERVISOR,
        None,
    )
    [row] = team(session, sample.cast.prasit)
    assert row.relation is Relation.SECOND_LEVEL
    for name in ("somchai", "malee", "anong", "olan"):
        assert team(session, getattr(sample.cast, name)) == []


def test_the_team_of_whom_one_represents_is_there_while_the_order_lasts(
    session: Session, sample: Sample
) -> None:
    suda, anong = sample.cast.suda, sample.cast.anong
    session.add(
        Delegation(
            organisation_id=sample.organisation.id,
            from_person_id=suda.person_id,
            to_person_id=anong.person_id,
            order_number="1/2568",
            from_on=DAY,
            until_on=DAY,
        )
    )
    session.flush()
    [row] = team(session, anong)
    assert (row.relation, row.on_behalf_of) == (Relation.SUPERVISOR, suda.person_id)
    assert team(session, anong, date(2025, 10, 16)) == []


def test_the_team_of_another_organisation_does_not_show(session: Session, sample: Sample) -> None:
    elsewhere = Actor(sample.cast.suda.person_id, sample.other_organisation.id)
    assert team(session, elsewhere) == []
    assert team_list(session, sample.cast.suda, DAY, sample.cycle.id + 1) == ()


@pytest.mark.parametrize(
    ("state", "day", "relation", "phase"),
    [
        (AssessmentState.NOT_STARTED, date(2025, 10, 20), Relation.OWNER, PhaseKind.SELF_ASSESSMENT),
        (AssessmentState.NOT_STARTED, date(2025, 10, 21), Relation.SUPERVISOR, PhaseKind.RATING),
        (AssessmentState.SELF_SUBMITTED, DAY, Relation.SUPERVISOR, PhaseKind.RATING),
        (AssessmentState.RATED, DAY, Relation.SECOND_LEVEL, PhaseKind.SECOND_OPINION),
        (AssessmentState.SECOND_OPINION, DAY, Relation.HR_OFFICER, PhaseKind.RELEASE),
        (AssessmentState.RELEASED, DAY, Relation.OWNER, PhaseKind.RECEIPT),
        (AssessmentState.RECEIVED, DAY, Relation.OWNER, PhaseKind.PLAN_DRAFTING),
        (PlanState.SUBMITTED, DAY, Relation.SUPERVISOR, PhaseKind.PLAN_REVIEW),
        (PlanState.IN_EVALUATION, DAY, Relation.SUPERVISOR, PhaseKind.PLAN_EVALUATION),
    ],
)
def test_the_next_step_is_that_of_the_table_of_obligations(
    state: AssessmentState | PlanState, day: date, relation: Relation, phase: PhaseKind
) -> None:
    assert next_step(state, True, PHASES, day) == NextStep(relation, phase, PHASES[phase][1])


def test_nothing_is_left_to_do_at_the_end() -> None:
    assert next_step(PlanState.EVALUATED, True, PHASES, DAY) is None
    assert next_step(AssessmentState.RATED, False, PHASES, DAY) == NextStep(
        Relation.HR_OFFICER, PhaseKind.RELEASE, PHASES[PhaseKind.RELEASE][1]
    )


def test_a_row_says_whose_turn_it_is_and_whether_it_is_late(session: Session, sample: Sample) -> None:
    steps.self_submitted(session, sample)
    [row] = team(session, sample.cast.suda, date(2025, 11, 3))
    assert (row.is_mine, row.is_overdue) == (True, False)
    [row] = team(session, sample.cast.suda, date(2025, 11, 4))
    assert row.is_overdue
    [row] = team(session, sample.cast.prasit, date(2025, 11, 4))
    assert not row.is_mine


def test_a_plan_being_drafted_shows_in_the_team_by_its_state_alone(session: Session, sample: Sample) -> None:
    plan = steps.drafted(session, sample)
    [row] = team(session, sample.cast.suda)
    assert (row.plan_id, row.plan_state) == (None, PlanState.DRAFT)
    plans.submit_plan(session, sample.cast.somchai, plan.id, at(steps.PLAN_DAY))
    [row] = team(session, sample.cast.suda)
    assert (row.plan_id, row.plan_state) == (plan.id, PlanState.SUBMITTED)


def waiting(session: Session, sample: Sample) -> dict[str, list[int]]:
    names = ("somchai", "suda", "prasit", "malee", "anong", "olan")
    lists = {name: plans_to_review(session, getattr(sample.cast, name), steps.REVIEW_DAY) for name in names}
    return {name: [row.id for row in rows] for name, rows in lists.items() if rows}


def test_a_plan_waits_for_each_reviewer_in_turn_and_for_nobody_else(session: Session) -> None:
    sample = make_sample(session, OrganisationRules(second_level_checks_plan=True, hr_checks_plan=True))
    plan = steps.drafted(session, sample)
    assert waiting(session, sample) == {}
    plans.submit_plan(session, sample.cast.somchai, plan.id, at(steps.PLAN_DAY))
    for name in ("suda", "prasit", "malee"):
        assert waiting(session, sample) == {name: [plan.id]}
        plans.approve_plan(session, getattr(sample.cast, name), plan.id, at(steps.REVIEW_DAY))
    assert waiting(session, sample) == {}


def test_a_plan_in_evaluation_waits_for_the_supervisor(session: Session, sample: Sample) -> None:
    plan = steps.in_evaluation(session, sample)
    assert waiting(session, sample) == {"suda": [plan.id]}


def test_a_persons_own_plans_with_the_step_and_its_day(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    [row] = my_plans(session, sample.cast.somchai, steps.REVIEW_DAY)
    assert (row.id, row.phase, row.due_on) == (
        plan.id,
        PhaseKind.PLAN_REVIEW,
        PHASES[PhaseKind.PLAN_REVIEW][1],
    )
    assert my_plans(session, sample.cast.anong, steps.REVIEW_DAY) == ()


def test_a_draft_shows_to_its_owner_alone(session: Session, sample: Sample) -> None:
    plan = steps.drafted(session, sample)
    assert plan_page(session, sample.cast.somchai, plan.id, DAY).may_edit
    for name in ("suda", "prasit", "malee", "anong", "olan"):
        with pytest.raises(NotVisible):
            plan_page(session, getattr(sample.cast, name), plan.id, DAY)


def test_a_plan_handed_in_shows_to_those_above_and_not_to_outsiders(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    for name in ("somchai", "suda", "prasit", "malee"):
        assert plan_page(session, getattr(sample.cast, name), plan.id, DAY).header.id == plan.id
    for outsider in sample.cast.outsiders:
        with pytest.raises(NotVisible):
            plan_page(session, outsider, plan.id, DAY)


def test_agreeing_is_one_step_whatever_check_comes_next(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    events = {name: plan_page(session, getattr(sample.cast, name), plan.id, DAY).events for name in NAMES}
    assert events == {
        "somchai": (PlanEvent.WITHDRAW,),
        "suda": (PlanEvent.RETURN, PlanEvent.APPROVE),
        "prasit": (),
        "malee": (PlanEvent.CANCEL,),
    }


NAMES = ("somchai", "suda", "prasit", "malee")


def test_the_page_says_what_a_line_lacks_and_adds_up_hours_and_baht(session: Session, sample: Sample) -> None:
    plan = steps.drafted(session, sample)
    fields = PlanItemFields("อ่านระเบียบ", DevelopmentMethod.SELF_STUDY, hours=8)
    plan_items.add_item(session, sample.cast.somchai, plan.id, fields, at(steps.PLAN_DAY))
    page = plan_page(session, sample.cast.somchai, plan.id, DAY)
    assert [item.lacks for item in page.items] == [(), (), ("starts_on", "ends_on", "measure")]
    assert [item.title for item in page.incomplete] == ["อ่านระเบียบ"]
    assert page.total_hours == 6 + 6 + 8
    assert page.total_cost_baht == 200
    assert page.hours_by_group == {MethodGroup.EXPERIENCE: 12, MethodGroup.SOCIAL: 0, MethodGroup.FORMAL: 8}
    assert [item.competency_name_th for item in page.items] == ["การมุ่งผลสัมฤทธิ์", "การทำงานเป็นทีม", ""]
    assert page.items[0].indicators == ("การมุ่งผลสัมฤทธิ์ 3.1",)


def test_progress_and_versions_show_on_the_page(session: Session, sample: Sample) -> None:
    plan = steps.in_evaluation(session, sample)
    page = plan_page(session, sample.cast.suda, plan.id, DAY)
    assert page.may_evaluate
    assert not page.may_report
    assert [version.event for version in page.versions] == ["submit", "approve"]
    [progress] = page.items[0].progress
    assert (progress.percent, progress.by_name) == (60, "นายสมชาย ใจดี")
    assert len(page.unevaluated) == 2


def test_the_page_costs_a_constant_number_of_statements(session: Session, sample: Sample) -> None:
    plan = steps.in_evaluation(session, sample)
    session.flush()
    session.expire_all()
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(session.connection(), "before_cursor_execute", note)
    plan_page(session, sample.cast.suda, plan.id, DAY)
    assert len(statements) <= 12
