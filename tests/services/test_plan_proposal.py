"""A proposed plan taken in one act: what it is made from, what counts against its limits, who may take it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    DevelopmentAction,
    DevelopmentActionIndicator,
    DevelopmentPlan,
    HistoryEntry,
    PlanItem,
    Suggestion,
)
from idp.queries.plan_of_year import plan_of_year
from idp.queries.plan_proposal import PlanQuestion, default_limits, plan_question
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, StaleVersion, TransitionNotAllowed
from idp.rules.plan_proposal import LeftOut, Limits, Proposal, propose
from idp.rules.terms import DevelopmentMethod, PlanItemState, PlanState, SuggestionState
from idp.services import plan_items, plans, suggestions
from idp.services.plan_amendments import amend_plan
from idp.services.plan_fields import PlanItemFields
from idp.services.plan_lines import line_days
from idp.services.plan_proposal import accept_proposal
from tests.factories import steps
from tests.factories.sample import Sample, at

NOW = at(steps.PLAN_DAY)
WIDE = Limits(hours=200, baht=5000, weeks=40, priorities=3)


def asked(session: Session, sample: Sample) -> PlanQuestion:
    plan = plan_of_year(session, sample.assessment.id)
    return plan_question(session, session.get_one(Assessment, sample.assessment.id), plan)


def proposed(session: Session, sample: Sample, limits: Limits = WIDE) -> Proposal:
    question = asked(session, sample)
    return propose(question.to_serve, limits, question.planned)


def ids(proposal: Proposal) -> list[int]:
    return [int(action.action_id) for action in proposal.chosen]


def action_ids(sample: Sample, code: str, level: int, *places: int) -> list[int]:
    actions = sample.dictionary.actions[code, level]
    return [actions[place - 1].id for place in places]


def events(session: Session) -> list[str]:
    return list(session.scalars(select(HistoryEntry.event).order_by(HistoryEntry.id)))


def test_the_larger_gap_comes_first_and_a_missing_level_is_stepped_over(
    session: Session, sample: Sample
) -> None:
    """c2 (two levels short) goes from 1 to 3; c1 from 2 to 3; c3 is a strength."""
    steps.released(session, sample)
    question = asked(session, sample)
    assert [(gap.competency.code, gap.level) for gap in question.gaps] == [("c2", 3), ("c1", 3)]
    assert [len(gap.missing) for gap in question.gaps] == [3, 3]


def test_what_is_shown_becomes_lines_in_one_act(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    proposal = proposed(session, sample)
    assert len(proposal.chosen) == 4 and proposal.developed == 4
    plan = accept_proposal(session, sample.cast.somchai, sample.assessment.id, WIDE, ids(proposal), NOW)
    assert plan.state is PlanState.DRAFT
    assert [item.action_id for item in plan.items] == ids(proposal)
    assert all(item.starts_on == steps.PLAN_DAY and item.measure for item in plan.items)
    states = set(session.scalars(select(Suggestion.state).where(Suggestion.action_id.in_(ids(proposal)))))
    assert states == {SuggestionState.ACCEPTED}
    line = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "accept_proposal")).one()
    assert line.detail["items"] == [item.id for item in plan.items]
    assert line.detail["limits"] == {"hours": "200", "baht": "5000", "weeks": 40, "priorities": 3}
    again = proposed(session, sample)
    assert again.chosen == () and again.hours == proposal.hours


def test_a_second_click_does_nothing(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    shown = ids(proposed(session, sample))
    plan = accept_proposal(session, sample.cast.somchai, sample.assessment.id, WIDE, shown, NOW)
    version, before = plan.version, events(session)
    again = accept_proposal(session, sample.cast.somchai, sample.assessment.id, WIDE, shown, NOW, -1)
    assert again is plan and plan.version == version and events(session) == before


def test_a_line_struck_out_by_the_amendment_is_taken_back(session: Session, sample: Sample) -> None:
    plan = steps.approved(session, sample)
    amend_plan(session, sample.cast.somchai, plan.id, "งานเปลี่ยน", NOW)
    struck_out = list(plan.items)
    for item in struck_out:
        plan_items.remove_item(session, sample.cast.somchai, item.id, NOW)
    shown = ids(proposed(session, sample))
    assert {item.action_id for item in struck_out} & set(shown)
    accept_proposal(session, sample.cast.somchai, sample.assessment.id, WIDE, shown, NOW)
    live = {item.action_id for item in plan.items if item.state is PlanItemState.PLANNED}
    assert live == set(shown) and "restore_item" in events(session)


def test_a_proposal_that_changed_meanwhile_is_refused_and_nothing_is_written(
    session: Session, sample: Sample
) -> None:
    steps.released(session, sample)
    shown = ids(proposed(session, sample))
    suggestion = session.scalars(select(Suggestion).where(Suggestion.action_id == shown[0])).one()
    suggestions.reject_suggestion(session, sample.cast.somchai, suggestion.id, "เคยอบรมแล้ว", NOW)
    for sent in (shown, [], [999_999], shown[1:]):
        with pytest.raises(InvalidInput) as refusal:
            accept_proposal(session, sample.cast.somchai, sample.assessment.id, WIDE, sent, NOW)
        assert refusal.value.code == "proposal_changed"
    assert session.scalar(select(func.count(DevelopmentPlan.id))) == 0
    found = proposed(session, sample)
    reasons = {action.action_id: why for gap in found.gaps for action, why in gap.left_out}
    assert reasons[shown[0]] is LeftOut.ANSWERED


def test_an_action_beyond_those_suggested_gets_its_own_suggestion_with_its_reason(
    session: Session, sample: Sample
) -> None:
    """Three are suggested for a gap; the fourth of the catalogue may be chosen all the same."""
    steps.released(session, sample)
    fourth = action_ids(sample, "c1", 3, 4)[0]
    action = session.get_one(DevelopmentAction, fourth)
    for indicator in sample.dictionary.indicators["c1", 3]:
        session.add(DevelopmentActionIndicator(action_id=action.id, indicator_id=indicator))
    session.flush()
    assert session.scalars(select(Suggestion).where(Suggestion.action_id == fourth)).all() == []
    shown = ids(proposed(session, sample))
    assert fourth in shown
    plan = accept_proposal(session, sample.cast.somchai, sample.assessment.id, WIDE, shown, NOW)
    made = session.scalars(select(Suggestion).where(Suggestion.action_id == fourth)).one()
    assert (made.rank, made.target_level, made.state) == (4, 3, SuggestionState.ACCEPTED)
    assert set(made.reason["indicators_developed"]) == set(sample.dictionary.indicators["c1", 3])
    assert made.id in {item.suggestion_id for item in plan.items}


def test_lines_of_the_plan_count_against_hours_money_and_priorities(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    plan = plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, NOW)
    strength = sample.dictionary.competencies["c3"].id
    fields = PlanItemFields(
        "สอนเพื่อนร่วมงาน",
        DevelopmentMethod.COACHING,
        competency_id=strength,
        hours=190,
        cost_baht=Decimal(4900),
    )
    item = plan_items.add_item(session, sample.cast.somchai, plan.id, fields, NOW)
    found = proposed(session, sample)
    assert [gap.why for gap in found.gaps] == [None, LeftOut.NO_HOURS_LEFT]
    assert sum(found.hours.values()) == 196 and found.baht == 5000
    one = proposed(session, sample, replace(WIDE, hours=500, baht=9000, priorities=2))
    assert [gap.why for gap in one.gaps] == [None, LeftOut.BEYOND_PRIORITIES]
    item.state = PlanItemState.CANCELLED
    session.flush()
    assert [gap.why for gap in proposed(session, sample).gaps] == [None, None]


def test_the_limits_are_the_organisations_and_the_weeks_left(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    assessment = session.get_one(Assessment, sample.assessment.id)
    limits = default_limits(assessment, date(2025, 11, 20))
    assert (limits.hours, limits.baht, limits.priorities, limits.per_gap) == (60, 5000, 3, 2)
    assert limits.weeks == 45  # to 30 September 2026: 315 days
    assert default_limits(assessment, date(2026, 9, 25)).weeks == 0
    assert default_limits(assessment, date(2026, 10, 1)).weeks == 52  # the year after


def test_lines_end_with_the_fiscal_year_while_it_lasts() -> None:
    assert line_days(2569, 8, date(2025, 11, 20)) == (date(2025, 11, 20), date(2026, 1, 14))
    assert line_days(2569, 8, date(2026, 9, 1)) == (date(2026, 9, 1), date(2026, 9, 30))
    assert line_days(2569, 1, date(2026, 10, 1)) == (date(2026, 10, 1), date(2026, 10, 7))
    assert line_days(2569, 0, date(2025, 11, 20)) == (date(2025, 11, 20), date(2025, 11, 20))


def test_lines_begin_no_earlier_than_the_fiscal_year() -> None:
    assert line_days(2569, 2, date(2025, 9, 20)) == (date(2025, 10, 1), date(2025, 10, 14))


def test_only_the_owner_takes_it(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    cast, number, shown = sample.cast, sample.assessment.id, ids(proposed(session, sample))
    for actor in (cast.suda, cast.prasit, cast.malee):
        with pytest.raises(NotPermitted):
            accept_proposal(session, actor, number, WIDE, shown, NOW)
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            accept_proposal(session, actor, number, WIDE, shown, NOW)
    with pytest.raises(NotVisible):
        accept_proposal(session, cast.somchai, 999_999, WIDE, shown, NOW)


def test_not_before_the_release(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    with pytest.raises(TransitionNotAllowed):
        accept_proposal(session, sample.cast.somchai, sample.assessment.id, WIDE, [1], NOW)


def test_not_into_a_plan_that_was_handed_in_nor_one_changed_meanwhile(
    session: Session, sample: Sample
) -> None:
    plan = steps.drafted(session, sample)
    shown = ids(proposed(session, sample))
    assert len(shown) == 2
    with pytest.raises(StaleVersion):
        accept_proposal(
            session, sample.cast.somchai, sample.assessment.id, WIDE, shown, NOW, plan.version - 1
        )
    plans.submit_plan(session, sample.cast.somchai, plan.id, NOW)
    with pytest.raises(TransitionNotAllowed):
        accept_proposal(session, sample.cast.somchai, sample.assessment.id, WIDE, shown, NOW)
    assert session.scalar(select(func.count(PlanItem.id))) == 2
