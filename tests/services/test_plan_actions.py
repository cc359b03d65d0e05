"""A line of a plan made from an action of the catalogue: what it says, and who cannot make one."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import ActionExclusion, DevelopmentAction, DevelopmentPlan, HistoryEntry, Suggestion
from idp.rules.errors import InvalidInput, NotVisible, RuleViolation, StaleVersion, TransitionNotAllowed
from idp.rules.terms import SubjectType, SuggestionState, VersionState
from idp.services import plan_items, plans
from idp.services.plan_actions import add_from_action
from tests.factories import steps
from tests.factories.sample import Sample, at

NOW = at(steps.PLAN_DAY)


def empty_plan(session: Session, sample: Sample) -> DevelopmentPlan:
    steps.released(session, sample)
    return plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, NOW)


def test_the_line_says_what_the_action_says(session: Session, sample: Sample) -> None:
    plan = empty_plan(session, sample)
    action = sample.dictionary.actions["c2", 4][0]  # beyond the gap: nobody suggested it
    item = add_from_action(session, sample.cast.somchai, plan.id, action.id, NOW)
    assert (item.action_id, item.suggestion_id) == (action.id, None)
    assert (item.competency_id, item.from_level, item.target_level) == (action.level.competency_id, 1, 4)
    assert item.indicator_ids == [sample.dictionary.indicators["c2", 4][0]]
    assert (item.title, item.detail, item.method) == (action.title_th, action.detail_th, action.method)
    assert (item.hours, item.cost_baht, item.measure) == (action.hours, action.cost_baht, action.measure_th)
    assert item.evidence_expected == action.evidence_th
    assert (item.starts_on, item.ends_on) == (date(2025, 11, 20), date(2025, 12, 17))  # four weeks
    entry = session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.subject_type == SubjectType.PLAN, HistoryEntry.subject_id == plan.id)
        .order_by(HistoryEntry.id.desc())
    ).first()
    assert entry is not None
    assert (entry.event, entry.detail["action_id"]) == ("add_item", action.id)


def test_adding_twice_gives_the_same_line_and_a_suggestion_of_it_is_accepted(
    session: Session, sample: Sample
) -> None:
    plan = empty_plan(session, sample)
    suggestion = session.scalars(select(Suggestion).order_by(Suggestion.id)).all()[0]
    first = add_from_action(session, sample.cast.somchai, plan.id, suggestion.action_id, NOW)
    assert (first.suggestion_id, suggestion.state) == (suggestion.id, SuggestionState.ACCEPTED)
    assert add_from_action(session, sample.cast.somchai, plan.id, suggestion.action_id, NOW) is first
    assert plan.items == [first]


def test_what_is_not_proposed_any_more_is_refused_and_an_old_line_of_it_stays(
    session: Session, sample: Sample
) -> None:
    plan = empty_plan(session, sample)
    retired, excluded = sample.dictionary.actions["c2", 4][:2]
    kept = add_from_action(session, sample.cast.somchai, plan.id, retired.id, NOW)
    retired.state = VersionState.RETIRED
    session.add(
        ActionExclusion(
            organisation_id=plan.organisation_id,
            action_key=excluded.key,
            reason="ไม่เหมาะกับหน่วยงาน",
            by_person_id=sample.cast.malee.person_id,
            at=NOW,
        )
    )
    session.flush()
    plan_items.remove_item(session, sample.cast.somchai, kept.id, NOW)
    for action in (retired, excluded):
        with pytest.raises(InvalidInput) as refusal:
            add_from_action(session, sample.cast.somchai, plan.id, action.id, NOW)
        assert (refusal.value.field, refusal.value.code) == ("action_id", "not_proposed")


def own_action(session: Session, sample: Sample, organisation_id: int, state: VersionState) -> int:
    action = DevelopmentAction(
        key=f"own/{organisation_id}/1",
        number=1,
        state=state,
        organisation_id=organisation_id,
        level=sample.dictionary.actions["c2", 3][0].level,
        method=sample.dictionary.actions["c2", 3][0].method,
        title_th="เวรแลกเปลี่ยนงาน",
        detail_th="",
        hours=1,
        weeks=1,
        cost_baht=0,
        evidence_th="",
        measure_th="",
        content_hash="0" * 64,
    )
    session.add(action)
    session.flush()
    return action.id


def test_another_organisations_action_a_draft_and_no_action_do_not_exist(
    session: Session, sample: Sample
) -> None:
    plan = empty_plan(session, sample)
    other = own_action(session, sample, sample.cast.olan.organisation_id or 0, VersionState.PUBLISHED)
    draft = own_action(session, sample, plan.organisation_id, VersionState.DRAFT)
    for number in (other, draft, 99_999):
        with pytest.raises(NotVisible):
            add_from_action(session, sample.cast.somchai, plan.id, number, NOW)


def test_only_the_owner_adds_while_the_plan_may_be_edited(session: Session, sample: Sample) -> None:
    plan = empty_plan(session, sample)
    action = sample.dictionary.actions["c2", 4][0]
    for actor in (sample.cast.suda, sample.cast.malee, *sample.cast.outsiders):
        with pytest.raises(RuleViolation):
            add_from_action(session, actor, plan.id, action.id, NOW)
    with pytest.raises(StaleVersion):
        add_from_action(session, sample.cast.somchai, plan.id, action.id, NOW, plan.version + 1)
    add_from_action(session, sample.cast.somchai, plan.id, action.id, NOW, plan.version)
    plans.submit_plan(session, sample.cast.somchai, plan.id, NOW)
    with pytest.raises(TransitionNotAllowed):
        add_from_action(session, sample.cast.somchai, plan.id, sample.dictionary.actions["c2", 4][1].id, NOW)


def test_it_begins_no_earlier_than_the_plans_year(session: Session, sample: Sample) -> None:
    plan = empty_plan(session, sample)
    plan.fiscal_year = 2570
    action = sample.dictionary.actions["c2", 4][0]
    item = add_from_action(session, sample.cast.somchai, plan.id, action.id, NOW)
    assert item.starts_on == date(2026, 10, 1) and item.ends_on is not None
    assert item.ends_on.year in (2026, 2027)
