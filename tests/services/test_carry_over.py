"""Unfinished lines go on in the plan of the next year; the plan that they come from stays as it is."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import (
    ActionExclusion,
    Course,
    CrosswalkLink,
    DevelopmentAction,
    DevelopmentPlan,
    HistoryEntry,
    PlanItem,
)
from idp.queries.carry_over import carry_over_panel
from idp.queries.carry_over_lines import Answer
from idp.rules.carry_over import Aim
from idp.rules.errors import (
    InvalidInput,
    NotPermitted,
    NotVisible,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.relations import Actor
from idp.rules.terms import (
    CrosswalkRelation,
    DevelopmentMethod,
    PlanItemState,
    PlanState,
    SubjectType,
    VersionState,
)
from idp.services import carry_over as service
from idp.services.plan_amendments import abandon_amendment, amend_plan
from idp.services.plan_items import add_item, remove_item, restore_item
from idp.services.plans import cancel_plan, draft_plan, reinstate_plan, submit_plan
from tests.factories import steps
from tests.factories.dictionary import make_dictionary
from tests.factories.fixtures import sample, session, shared_engine
from tests.factories.sample import Sample, at
from tests.services.carry_over_cast import FREE_LINE, NEXT_DAY, evaluated, lines, next_result, transferred

__all__ = ["sample", "session", "shared_engine"]

NOW = at(NEXT_DAY)


def next_plan(session: Session, sample: Sample) -> DevelopmentPlan:
    """Somchai's empty plan of 2570, after that of 2569 was evaluated."""
    result = next_result(session, sample, sample.dictionary)
    return draft_plan(session, sample.cast.somchai, result.id, NOW)


def panel_of(session: Session, actor: Actor, plan: DevelopmentPlan):  # type: ignore[no-untyped-def]
    return carry_over_panel(session, actor, plan.assessment_id, NEXT_DAY)


def test_unfinished_lines_alone_are_proposed_with_what_is_left_of_them(
    session: Session, sample: Sample
) -> None:
    old = lines(evaluated(session, sample))
    result = next_result(session, sample, sample.dictionary)
    panel = carry_over_panel(session, sample.cast.somchai, result.id, NEXT_DAY)
    assert panel.plan_id is None
    assert [each.then.id for each in panel.waiting] == [old["c1"].id, old["c2"].id]
    first = panel.waiting[0]
    assert (first.fiscal_year, first.aim, first.relation) == (2569, Aim.SAME, None)
    assert (first.from_level, first.target_level) == (2, old["c1"].target_level)
    assert first.hours == old["c1"].hours - 4
    assert first.starts_on is not None and first.starts_on >= NEXT_DAY
    assert first.ends_on is not None and first.ends_on <= date(2027, 9, 30)


def test_a_line_carried_over_remembers_where_it_comes_from_and_nothing_of_then_changes(
    session: Session, sample: Sample
) -> None:
    old = evaluated(session, sample)
    of_c1, kept = lines(old)["c1"], _content(old)
    plan = next_plan(session, sample)
    version, events = old.version, _events(session, old)
    item = service.carry_over(session, sample.cast.somchai, plan.id, of_c1.id, NOW, plan.version)
    assert (item.carried_from_item_id, item.title, item.method) == (of_c1.id, of_c1.title, of_c1.method)
    assert (item.competency_id, item.action_id) == (of_c1.competency_id, of_c1.action_id)
    assert item.action_id is not None and item.suggestion_id is None
    assert item.indicator_ids == of_c1.indicator_ids != []
    assert (item.state, item.percent, item.hours_done) == (PlanItemState.PLANNED, 0, None)
    [note] = item.progress
    assert note.note == "ยกมาจากแผนพัฒนารายบุคคล ปีงบประมาณ พ.ศ. 2569 ซึ่งก้าวหน้าร้อยละ 60"
    assert (old.version, _events(session, old), _content(old)) == (version, events, kept)
    assert _events(session, plan)[-1] == "carry_over"
    [carried] = panel_of(session, sample.cast.somchai, plan).carried
    assert (carried.then.id, carried.new_item_id, carried.is_struck_out) == (of_c1.id, item.id, False)


def _content(plan: DevelopmentPlan) -> list[dict[str, object]]:
    names = PlanItem.__table__.columns.keys()
    return [{name: getattr(item, name) for name in names} for item in plan.items]


def _events(session: Session, plan: DevelopmentPlan) -> list[str]:
    return list(
        session.scalars(
            select(HistoryEntry.event)
            .where(HistoryEntry.subject_type == SubjectType.PLAN, HistoryEntry.subject_id == plan.id)
            .order_by(HistoryEntry.sequence)
        )
    )


def test_a_second_click_is_harmless_and_a_line_taken_out_is_proposed_again(
    session: Session, sample: Sample
) -> None:
    old = lines(evaluated(session, sample))["c1"]
    plan, somchai = next_plan(session, sample), sample.cast.somchai
    drawn = plan.version
    first = service.carry_over(session, somchai, plan.id, old.id, NOW, drawn)
    assert service.carry_over(session, somchai, plan.id, old.id, NOW, drawn) is first
    assert session.scalar(select(func.count()).where(PlanItem.plan_id == plan.id)) == 1
    remove_item(session, somchai, first.id, NOW)
    assert old.id in [line.then.id for line in panel_of(session, somchai, plan).waiting]
    again = service.carry_over(session, somchai, plan.id, old.id, NOW, plan.version)
    assert again.carried_from_item_id == old.id


def test_all_at_once_leaves_what_was_declined_and_what_is_there(session: Session, sample: Sample) -> None:
    old = lines(evaluated(session, sample))
    plan, somchai = next_plan(session, sample), sample.cast.somchai
    service.decline(session, somchai, plan.id, old["c2"].id, "เปลี่ยนหน้าที่แล้ว", NOW, plan.version)
    made = service.carry_over_all(session, somchai, plan.id, NOW, plan.version)
    assert [item.carried_from_item_id for item in made] == [old["c1"].id]
    assert service.carry_over_all(session, somchai, plan.id, NOW, 0) == []  # twice changes nothing
    panel = panel_of(session, somchai, plan)
    assert [line.declined_because for line in panel.declined] == ["เปลี่ยนหน้าที่แล้ว"]
    assert panel.waiting == ()


def test_what_was_declined_may_go_on_later_all_the_same(session: Session, sample: Sample) -> None:
    old = lines(evaluated(session, sample))["c2"]
    plan, somchai = next_plan(session, sample), sample.cast.somchai
    service.decline(session, somchai, plan.id, old.id, "ไม่ใช่ปีนี้", NOW)
    item = service.carry_over(session, somchai, plan.id, old.id, NOW)
    with pytest.raises(TransitionNotAllowed):
        service.decline(session, somchai, plan.id, old.id, "ไม่ใช่ปีนี้", NOW)
    remove_item(session, somchai, item.id, NOW)
    line = panel_of(session, somchai, plan).line(old.id)
    assert line is not None and line.answer is Answer.WAITING


@pytest.mark.parametrize("reason", ["", "   "])
def test_declining_takes_a_reason(session: Session, sample: Sample, reason: str) -> None:
    old = lines(evaluated(session, sample))["c1"]
    plan = next_plan(session, sample)
    with pytest.raises(InvalidInput) as refused:
        service.decline(session, sample.cast.somchai, plan.id, old.id, reason, NOW)
    assert (refused.value.field, refused.value.code) == ("reason", "missing")


def test_nobody_but_the_owner_carries_over_or_declines(session: Session, sample: Sample) -> None:
    old = lines(evaluated(session, sample))["c1"]
    plan = next_plan(session, sample)
    cast = sample.cast
    for actor in (cast.suda, cast.malee, cast.prasit, *cast.outsiders):
        with pytest.raises((NotVisible, NotPermitted)):
            service.carry_over(session, actor, plan.id, old.id, NOW)
        with pytest.raises((NotVisible, NotPermitted)):
            service.carry_over_all(session, actor, plan.id, NOW)
        with pytest.raises((NotVisible, NotPermitted)):
            service.decline(session, actor, plan.id, old.id, "เหตุผล", NOW)
    assert session.scalar(select(func.count()).where(PlanItem.plan_id == plan.id)) == 0


def test_a_line_of_somebody_else_or_none_at_all_is_as_good_as_missing(
    session: Session, sample: Sample
) -> None:
    old = lines(evaluated(session, sample))
    plan, somchai = next_plan(session, sample), sample.cast.somchai
    achieved = old[""]
    for item_id in (achieved.id, 999_999):
        with pytest.raises(NotVisible):
            service.carry_over(session, somchai, plan.id, item_id, NOW)
        with pytest.raises(NotVisible):
            service.decline(session, somchai, plan.id, item_id, "เหตุผล", NOW)
    old["c1"].plan.owner_person_id = sample.cast.anong.person_id
    session.flush()
    with pytest.raises(NotVisible):
        service.carry_over(session, somchai, plan.id, old["c1"].id, NOW)


def test_a_form_drawn_before_somebody_changed_the_plan_is_refused(session: Session, sample: Sample) -> None:
    old = lines(evaluated(session, sample))["c1"]
    plan, somchai = next_plan(session, sample), sample.cast.somchai
    stale = plan.version - 1
    with pytest.raises(StaleVersion):
        service.carry_over(session, somchai, plan.id, old.id, NOW, stale)
    with pytest.raises(StaleVersion):
        service.carry_over_all(session, somchai, plan.id, NOW, stale)
    with pytest.raises(StaleVersion):
        service.decline(session, somchai, plan.id, old.id, "เหตุผล", NOW, stale)


def test_a_plan_that_is_handed_in_takes_no_more_lines(session: Session, sample: Sample) -> None:
    old = lines(evaluated(session, sample))
    plan, somchai = next_plan(session, sample), sample.cast.somchai
    service.carry_over(session, somchai, plan.id, old["c1"].id, NOW)
    submit_plan(session, somchai, plan.id, NOW)
    with pytest.raises(TransitionNotAllowed):
        service.carry_over(session, somchai, plan.id, old["c2"].id, NOW)
    with pytest.raises(TransitionNotAllowed):
        service.decline(session, somchai, plan.id, old["c2"].id, "เหตุผล", NOW)


def test_open_lines_of_a_plan_never_evaluated_are_proposed_too_but_not_of_a_cancelled_one(
    session: Session, sample: Sample
) -> None:
    old = steps.approved(session, sample)
    plan = next_plan(session, sample)
    assert len(panel_of(session, sample.cast.somchai, plan).waiting) == len(old.items)
    for item in old.items:
        item.state = PlanItemState.CANCELLED
    session.flush()
    assert panel_of(session, sample.cast.somchai, plan).lines == ()
    old.items[0].state = PlanItemState.IN_PROGRESS
    record = old
    record.state = PlanState.CANCELLED
    session.flush()
    assert panel_of(session, sample.cast.somchai, plan).lines == ()


def test_a_line_that_goes_on_elsewhere_is_struck_out_of_its_plan_not_deleted(
    session: Session, sample: Sample
) -> None:
    """Last year's plan was never handed in: its lines may still be taken out of it."""
    old = steps.drafted(session, sample)
    plan, somchai = next_plan(session, sample), sample.cast.somchai
    first, second = old.items
    both = {first.id, second.id}
    item = service.carry_over(session, somchai, plan.id, first.id, NOW)
    for _click in range(2):
        remove_item(session, somchai, first.id, NOW)
    remove_item(session, somchai, second.id, NOW)
    assert old.items == [first] and first.state is PlanItemState.CANCELLED
    assert item.carried_from_item_id == first.id and item.state is PlanItemState.PLANNED
    removals = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "remove_item")).all()
    assert len(removals) == 2 and {entry.detail["item_id"] for entry in removals} == both
    assert restore_item(session, somchai, first.id, NOW).state is PlanItemState.PLANNED


def test_an_amendment_is_given_up_although_a_line_of_it_goes_on_elsewhere(
    session: Session, sample: Sample
) -> None:
    old, somchai = steps.approved(session, sample), sample.cast.somchai
    amend_plan(session, somchai, old.id, "งานเปลี่ยน", NOW)
    added = add_item(session, somchai, old.id, FREE_LINE, NOW)
    plan = next_plan(session, sample)
    item = service.carry_over(session, somchai, plan.id, added.id, NOW)
    abandon_amendment(session, somchai, old.id, NOW)
    assert old.state is PlanState.APPROVED and added.state is PlanItemState.CANCELLED
    assert item.carried_from_item_id == added.id and item.state is PlanItemState.PLANNED


def test_only_the_latest_year_before_is_proposed_from(session: Session, sample: Sample) -> None:
    old = lines(evaluated(session, sample))["c1"]
    plan, somchai = next_plan(session, sample), sample.cast.somchai
    carried = service.carry_over(session, somchai, plan.id, old.id, NOW)
    later = next_result(session, sample, sample.dictionary, 2571)
    panel = carry_over_panel(session, somchai, later.id, date(2027, 11, 20))
    assert [line.then.id for line in panel.lines] == [carried.id]
    assert [line.fiscal_year for line in panel.lines] == [2570]


# --- another dictionary ---


def _link(session: Session, relation: CrosswalkRelation, levels: dict[str, int | None]) -> None:
    session.add(
        CrosswalkLink(
            from_framework="sample-core",
            from_competency="c1",
            to_framework="other-core",
            to_competency="c3",
            relation=relation,
            note_th="",
            note_en="",
            level_map=levels,
        )
    )
    session.flush()


@pytest.mark.parametrize(
    ("relation", "levels", "aim", "target"),
    [
        (CrosswalkRelation.EQUIVALENT, {"1": 2, "2": 3, "3": 4}, Aim.SAME, 4),
        (CrosswalkRelation.EQUIVALENT, {"1": 1, "2": 2, "3": None}, Aim.ANEW, 4),
        (CrosswalkRelation.BROADER, {"1": None, "2": None, "3": None}, Aim.ANEW, 4),
        (CrosswalkRelation.NARROWER, {}, Aim.ANEW, 4),
        (CrosswalkRelation.RELATED, {}, Aim.NONE, None),
    ],
)
def test_a_line_goes_on_for_its_counterpart_in_the_new_years_dictionary(
    session: Session,
    sample: Sample,
    relation: CrosswalkRelation,
    levels: dict[str, int | None],
    aim: Aim,
    target: int | None,
) -> None:
    """Level 3 of c1 aimed at then; 3 attained of the counterpart now, whose ladder has 1 to 6."""
    old = lines(evaluated(session, sample))["c1"]
    assert old.target_level == 3
    newer = make_dictionary(session, "other-core")
    _link(session, relation, levels)
    result = next_result(session, sample, newer)
    plan = draft_plan(session, sample.cast.somchai, result.id, NOW)
    line = panel_of(session, sample.cast.somchai, plan).line(old.id)
    assert line is not None and line.aim is aim
    item = service.carry_over(session, sample.cast.somchai, plan.id, old.id, NOW)
    is_free = relation is CrosswalkRelation.RELATED
    assert item.competency_id == (None if is_free else newer.competencies["c3"].id)
    assert (item.from_level, item.target_level) == ((None, None) if is_free else (3, target))
    assert item.title == old.title


def test_without_a_counterpart_it_is_a_free_line(session: Session, sample: Sample) -> None:
    old = lines(evaluated(session, sample))["c1"]
    result = next_result(session, sample, make_dictionary(session, "other-core"))
    plan = draft_plan(session, sample.cast.somchai, result.id, NOW)
    item = service.carry_over(session, sample.cast.somchai, plan.id, old.id, NOW)
    assert (item.competency_id, item.target_level, item.indicator_ids) == (None, None, [])


def test_in_a_newer_version_the_indicators_that_read_the_same_go_along(
    session: Session, sample: Sample
) -> None:
    old = lines(evaluated(session, sample))["c1"]
    newer = make_dictionary(session, "derived-core")
    newer.version.based_on_version_id = sample.dictionary.version.id
    result = next_result(session, sample, newer)
    plan = draft_plan(session, sample.cast.somchai, result.id, NOW)
    item = service.carry_over(session, sample.cast.somchai, plan.id, old.id, NOW)
    assert item.competency_id == newer.competencies["c1"].id
    assert set(item.indicator_ids) <= set(newer.indicators["c1", 3])
    assert len(item.indicator_ids) == len(old.indicator_ids)


# --- what it was made from ---


def test_a_retired_action_is_found_again_by_its_key_and_an_excluded_one_is_not(
    session: Session, sample: Sample
) -> None:
    old = lines(evaluated(session, sample))
    plan, somchai = next_plan(session, sample), sample.cast.somchai
    action = session.get_one(DevelopmentAction, old["c1"].action_id)
    action.state = VersionState.RETIRED
    newer = _copy(session, action)
    other = session.get_one(DevelopmentAction, old["c2"].action_id)
    session.add(
        ActionExclusion(
            organisation_id=sample.organisation.id,
            action_key=other.key,
            reason="ไม่เหมาะ",
            by_person_id=sample.cast.malee.person_id,
            at=NOW,
        )
    )
    session.flush()
    assert service.carry_over(session, somchai, plan.id, old["c1"].id, NOW).action_id == newer.id
    assert service.carry_over(session, somchai, plan.id, old["c2"].id, NOW).action_id is None


def _copy(session: Session, action: DevelopmentAction) -> DevelopmentAction:
    names = (
        "key", "level_id", "method", "title_th", "detail_th", "hours", "weeks", "cost_baht", "evidence_th",
        "measure_th",
    )  # fmt: skip
    newer = DevelopmentAction(
        number=action.number + 1,
        state=VersionState.PUBLISHED,
        content_hash="2" * 64,
        **{name: getattr(action, name) for name in names},
    )
    session.add(newer)
    session.flush()
    return newer


@pytest.mark.parametrize("retired", [False, True])
def test_a_course_goes_along_while_it_is_offered(session: Session, sample: Sample, retired: bool) -> None:
    old = lines(evaluated(session, sample))["c1"]
    course = Course(
        organisation_id=sample.organisation.id,
        code="T1",
        title_th="หลักสูตร",
        method=DevelopmentMethod.TRAINING,
        hours=6,
        retired_at=datetime(2026, 1, 1, tzinfo=UTC) if retired else None,
    )
    session.add(course)
    session.flush()
    old.course_id = course.id
    plan = next_plan(session, sample)
    item = service.carry_over(session, sample.cast.somchai, plan.id, old.id, NOW)
    assert (item.course_id, item.course_run_id) == (None if retired else course.id, None)


# --- another organisation ---


def test_who_was_transferred_goes_on_with_their_own_lines_without_the_names_of_there(
    session: Session, sample: Sample
) -> None:
    old = lines(evaluated(session, sample))["c1"]
    old.responsible, old.spent_baht, old.cost_baht = "นางสุดา ใจดี", Decimal(200), Decimal(500)
    somchai, result = transferred(session, sample, sample.dictionary)
    plan = draft_plan(session, somchai, result.id, NOW)
    line = panel_of(session, somchai, plan).line(old.id)
    assert line is not None and line.is_of_another_organisation
    assert line.organisation_name_th == sample.organisation.name_th
    item = service.carry_over(session, somchai, plan.id, old.id, NOW)
    assert (item.responsible, item.cost_baht) == ("", 300)
    assert [entry.note for entry in item.progress] == [
        "ยกมาจากแผนพัฒนารายบุคคล ปีงบประมาณ พ.ศ. 2569 ของหน่วยงานเดิม"
    ]


def test_while_they_serve_in_both_one_organisation_knows_nothing_of_the_other(
    session: Session, sample: Sample
) -> None:
    old = lines(evaluated(session, sample))["c1"]
    somchai, result = transferred(session, sample, sample.dictionary)
    sample.employees["somchai"].left_on = None
    plan = draft_plan(session, somchai, result.id, NOW)
    assert panel_of(session, somchai, plan).lines == ()
    with pytest.raises(NotVisible):
        service.carry_over(session, somchai, plan.id, old.id, NOW)


def test_the_new_organisation_reads_nothing_of_a_line_of_the_old_one_that_was_declined(
    session: Session, sample: Sample
) -> None:
    old = lines(evaluated(session, sample))["c1"]
    somchai, result = transferred(session, sample, sample.dictionary)
    plan = draft_plan(session, somchai, result.id, NOW)
    service.decline(session, somchai, plan.id, old.id, "หัวหน้าเดิมไม่อนุญาต", NOW)
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "decline_carry_over")).one()
    assert (entry.reason, entry.detail) == ("", {"carried_from_item_id": old.id})
    [declined] = panel_of(session, somchai, plan).declined
    assert (declined.then.title, declined.declined_because) == (old.title, "")
    service.decline(session, somchai, plan.id, old.id, "", NOW)  # no reason is asked


def test_what_went_on_in_a_plan_that_was_cancelled_is_proposed_again(
    session: Session, sample: Sample
) -> None:
    old, cast = lines(evaluated(session, sample))["c1"], sample.cast
    plan = next_plan(session, sample)
    first = service.carry_over(session, cast.somchai, plan.id, old.id, NOW)
    submit_plan(session, cast.somchai, plan.id, NOW)
    later = next_result(session, sample, sample.dictionary, 2571)
    then = at(date(2027, 11, 20))
    there = draft_plan(session, cast.somchai, later.id, then)

    def proposed() -> list[int]:
        panel = carry_over_panel(session, cast.somchai, later.id, date(2027, 11, 20))
        return [line.then.id for line in panel.waiting]

    assert proposed() == [first.id]
    cancel_plan(session, cast.malee, plan.id, "บันทึกผิดคน", then)
    assert old.id in proposed() and first.id not in proposed()
    with pytest.raises(NotVisible):
        service.carry_over(session, cast.olan, there.id, old.id, then)
    again = service.carry_over(session, cast.somchai, there.id, old.id, then)
    assert (again.carried_from_item_id, first.carried_from_item_id) == (old.id, None)
    assert again.plan_id == there.id and old.id not in proposed()
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "let_go_carry_over")).one()
    assert (entry.subject_type, entry.subject_id) == (SubjectType.PLAN, plan.id)
    assert entry.detail["item_id"] == first.id and entry.detail["carried_from_item_id"] == old.id
    assert service.carry_over(session, cast.somchai, there.id, old.id, then) is again
    reinstate_plan(session, cast.malee, plan.id, "ยกเลิกผิดแผน", then)
    with pytest.raises(NotVisible):  # it goes on elsewhere by now
        service.carry_over(session, cast.somchai, plan.id, old.id, then)


def test_a_line_goes_on_in_one_plan_only(session: Session, sample: Sample) -> None:
    """In the plan of the same year of the former organisation it is taken up already."""
    old = lines(evaluated(session, sample))["c1"]
    plan = next_plan(session, sample)
    service.carry_over(session, sample.cast.somchai, plan.id, old.id, NOW)
    somchai, result = transferred(session, sample, sample.dictionary)
    there = draft_plan(session, somchai, result.id, NOW)
    panel = panel_of(session, somchai, there)
    assert panel.line(old.id) is None
    assert plan.id in {line.then.plan_id for line in panel.waiting}  # its line of the same year goes on
    with pytest.raises(NotVisible):
        service.carry_over(session, somchai, there.id, old.id, NOW)
