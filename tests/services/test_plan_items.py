"""The lines of a plan: from suggestions, free ones, what a field takes, and when nothing may change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, HistoryEntry, PlanItem, Suggestion
from idp.rules.errors import InvalidInputs, NotPermitted, NotVisible, StaleVersion, TransitionNotAllowed
from idp.rules.terms import DevelopmentMethod, SuggestionState
from idp.services import plan_items, plans, suggestions
from idp.services.plan_fields import PlanItemFields
from tests.factories import steps
from tests.factories.sample import Sample, at

NOW = at(steps.PLAN_DAY)
FREE = PlanItemFields("ศึกษาคู่มือการปฏิบัติงาน", DevelopmentMethod.SELF_STUDY)


def empty_plan(session: Session, sample: Sample) -> DevelopmentPlan:
    steps.released(session, sample)
    return plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, NOW)


def first_suggestion(session: Session) -> Suggestion:
    order = (Suggestion.assessment_item_id, Suggestion.rank)
    return session.scalars(select(Suggestion).order_by(*order)).all()[0]


def test_an_accepted_suggestion_becomes_a_line_with_the_actions_fields(
    session: Session, sample: Sample
) -> None:
    plan = empty_plan(session, sample)
    suggestion = first_suggestion(session)
    item = plan_items.accept_suggestion(session, sample.cast.somchai, plan.id, suggestion.id, NOW)
    action = suggestion.action
    assert (item.title, item.detail, item.method) == (action.title_th, action.detail_th, action.method)
    assert (item.hours, item.cost_baht, item.measure) == (action.hours, action.cost_baht, action.measure_th)
    assert (item.from_level, item.target_level) == (2, 3)
    assert item.indicator_ids == suggestion.reason["indicators_developed"]
    assert (item.starts_on, item.ends_on) == (date(2025, 11, 20), date(2025, 12, 17))  # four weeks
    assert (suggestion.state, suggestion.answered_at) == (SuggestionState.ACCEPTED, NOW)
    assert plan.items == [item]


def test_accepting_twice_gives_the_same_line(session: Session, sample: Sample) -> None:
    plan = empty_plan(session, sample)
    number = first_suggestion(session).id
    first = plan_items.accept_suggestion(session, sample.cast.somchai, plan.id, number, NOW)
    version = plan.version
    assert plan_items.accept_suggestion(session, sample.cast.somchai, plan.id, number, NOW) is first
    assert plan.version == version


def test_the_line_ends_with_the_fiscal_year_at_the_latest(session: Session, sample: Sample) -> None:
    plan = empty_plan(session, sample)
    late = at(date(2026, 9, 20))
    item = plan_items.accept_suggestion(
        session, sample.cast.somchai, plan.id, first_suggestion(session).id, late
    )
    assert (item.starts_on, item.ends_on) == (date(2026, 9, 20), date(2026, 9, 30))


def test_a_suggestion_of_somebody_else_does_not_exist(session: Session, sample: Sample) -> None:
    plan = empty_plan(session, sample)
    other = first_suggestion(session)
    other.item.assessment.employee_id = sample.employees["anong"].id
    session.flush()
    for number in (other.id, 99_999):
        with pytest.raises(NotVisible):
            plan_items.accept_suggestion(session, sample.cast.somchai, plan.id, number, NOW)


def test_taking_the_line_out_opens_the_suggestion_again(session: Session, sample: Sample) -> None:
    plan = empty_plan(session, sample)
    suggestion = first_suggestion(session)
    item = plan_items.accept_suggestion(session, sample.cast.somchai, plan.id, suggestion.id, NOW)
    plan_items.remove_item(session, sample.cast.somchai, item.id, NOW)
    assert (suggestion.state, plan.items) == (SuggestionState.PROPOSED, [])
    suggestions.reject_suggestion(session, sample.cast.somchai, suggestion.id, "ขอทำอย่างอื่น", NOW)
    again = plan_items.accept_suggestion(session, sample.cast.somchai, plan.id, suggestion.id, NOW)
    assert plan.items == [again]


def test_lines_keep_their_order(session: Session, sample: Sample) -> None:
    plan = empty_plan(session, sample)
    for title in ("หนึ่ง", "สอง", "สาม"):
        plan_items.add_item(session, sample.cast.somchai, plan.id, replace(FREE, title=title), NOW)
    assert [item.sort_order for item in plan.items] == [1, 2, 3]


WRONG = [
    ("title", "missing", {"title": "  "}),
    ("title", "too_long", {"title": "ก" * 501}),
    ("method", "missing", {"method": None}),
    ("ends_on", "ends_before_start", {"starts_on": date(2026, 1, 2), "ends_on": date(2026, 1, 1)}),
    ("hours", "out_of_range", {"hours": -1}),
    ("hours", "out_of_range", {"hours": 2001}),
    ("cost_baht", "out_of_range", {"cost_baht": Decimal("-0.01")}),
    ("cost_baht", "out_of_range", {"cost_baht": Decimal("10000000.01")}),
    ("cost_baht", "out_of_range", {"cost_baht": Decimal("NaN")}),
    ("cost_baht", "too_many_places", {"cost_baht": Decimal("1.005")}),
    ("measure", "too_long", {"measure": "ก" * 4001}),
    ("competency_id", "unknown", {"competency_id": 99_999}),
    ("target_level", "level_not_on_ladder", {"target_level": 2}),
    ("indicator_ids", "unknown", {"indicator_ids": (99_999,)}),
]


@pytest.mark.parametrize(("field", "code", "values"), WRONG)
def test_a_wrong_field_is_named(
    session: Session, sample: Sample, field: str, code: str, values: dict[str, object]
) -> None:
    plan = empty_plan(session, sample)
    with pytest.raises(InvalidInputs) as refusal:
        plan_items.add_item(session, sample.cast.somchai, plan.id, replace(FREE, **values), NOW)  # type: ignore[arg-type]
    assert [(problem.field, problem.code) for problem in refusal.value.problems] == [(field, code)]
    assert plan.items == []


def test_several_wrong_fields_are_named_at_once(session: Session, sample: Sample) -> None:
    plan = empty_plan(session, sample)
    fields = replace(FREE, title="", method=None, hours=5000, measure="ก" * 5000)
    with pytest.raises(InvalidInputs) as refusal:
        plan_items.add_item(session, sample.cast.somchai, plan.id, fields, NOW)
    assert {problem.field for problem in refusal.value.problems} == {"title", "method", "hours", "measure"}


def test_limits_themselves_are_allowed(session: Session, sample: Sample) -> None:
    plan = empty_plan(session, sample)
    fields = replace(FREE, title="ก" * 500, hours=2000, cost_baht=Decimal(10_000_000), measure="ก" * 4000)
    assert plan_items.add_item(session, sample.cast.somchai, plan.id, fields, NOW).hours == 2000


def test_a_line_for_a_competency_starts_from_the_level_attained(session: Session, sample: Sample) -> None:
    plan = empty_plan(session, sample)
    competency = sample.dictionary.competencies["c2"].id
    indicators = sample.dictionary.indicators["c2", 3]
    fields = replace(FREE, competency_id=competency, target_level=3, indicator_ids=indicators)
    item = plan_items.add_item(session, sample.cast.somchai, plan.id, fields, NOW)
    assert (item.from_level, item.target_level, item.indicator_ids) == (1, 3, sorted(indicators))
    with pytest.raises(InvalidInputs):
        plan_items.update_item(session, sample.cast.somchai, item.id, replace(fields, target_level=2), NOW)


def test_a_change_is_noted_and_an_unchanged_line_writes_nothing(session: Session, sample: Sample) -> None:
    plan = empty_plan(session, sample)
    item = plan_items.add_item(session, sample.cast.somchai, plan.id, FREE, NOW)
    version = plan.version
    plan_items.update_item(session, sample.cast.somchai, item.id, FREE, NOW, version)
    assert plan.version == version
    plan_items.update_item(session, sample.cast.somchai, item.id, replace(FREE, hours=3), NOW, version)
    assert plan.version == version + 1
    line = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "update_item")).one()
    assert line.detail["changed"] == ["hours"]
    assert line.detail["before"].keys() == line.detail["after"].keys() == {"hours"}
    assert line.detail["before"] != line.detail["after"]
    with pytest.raises(StaleVersion):
        plan_items.update_item(session, sample.cast.somchai, item.id, replace(FREE, hours=4), NOW, version)


def edits(
    session: Session, sample: Sample, plan: DevelopmentPlan, item: PlanItem
) -> list[Callable[..., object]]:
    number = first_suggestion(session).id
    return [
        lambda actor: plan_items.add_item(session, actor, plan.id, FREE, NOW),
        lambda actor: plan_items.update_item(session, actor, item.id, replace(FREE, hours=9), NOW),
        lambda actor: plan_items.remove_item(session, actor, item.id, NOW),
        lambda actor: plan_items.accept_suggestion(session, actor, plan.id, number, NOW),
    ]


def test_nobody_but_the_owner_edits(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    plans.return_plan(session, sample.cast.suda, plan.id, "เพิ่มเติม", NOW)
    cast = sample.cast
    for edit in edits(session, sample, plan, plan.items[0]):
        for actor in (cast.suda, cast.prasit, cast.malee):
            with pytest.raises(NotPermitted):
                edit(actor)
        for actor in cast.outsiders:
            with pytest.raises(NotVisible):
                edit(actor)


@pytest.mark.parametrize("bring", [steps.submitted, steps.approved, steps.in_evaluation])
def test_a_plan_handed_in_is_not_edited(
    session: Session, sample: Sample, bring: Callable[[Session, Sample], DevelopmentPlan]
) -> None:
    plan = bring(session, sample)
    for edit in edits(session, sample, plan, plan.items[0]):
        with pytest.raises(TransitionNotAllowed):
            edit(sample.cast.somchai)


def test_a_returned_plan_is_edited_and_handed_in_again(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    plans.return_plan(session, sample.cast.suda, plan.id, "เพิ่มเติม", at(steps.REVIEW_DAY))
    plan_items.remove_item(session, sample.cast.somchai, plan.items[0].id, NOW)
    plans.submit_plan(session, sample.cast.somchai, plan.id, at(steps.REVIEW_DAY))
    assert len(plan.items) == 1
