"""One step for many: shown first, done as shown, each record by itself, and never anything else."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from idp.models import Assessment, BulkRow, BulkRun, DevelopmentPlan, HistoryEntry, Notice, UserAccount
from idp.queries.bulk import rows_of_run
from idp.rules.bulk import MOST_ROWS, BulkAction
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, PlanState, RaterKind
from idp.services import plans
from idp.services.bulk import (
    RESUMED_AFTER,
    begin_run,
    carry_out,
    keep_run,
    leave_to_workers,
    load_run,
    previews,
)
from idp.services.bulk_steps import STEPS
from idp.services.bulk_work import UNCONFIRMED_FOR, continue_runs, forget_previews
from idp.services.ratings import RatingEntry, save_ratings
from tests.factories.addresses import everything_written
from tests.factories.sample import Sample, at, make_sample
from tests.factories.steps import RATING_DAY, REVIEW_DAY, SECOND_DAY
from tests.services.bulk_cast import add_assessment, add_plan

NOW = at(REVIEW_DAY)


def preview(
    session: Session, actor: Actor, action: BulkAction, ids: Sequence[int], now: Any = NOW
) -> BulkRun:
    return keep_run(session, actor, action, list(previews(session, actor, action, ids, now)), now)


def confirm(session: Session, actor: Actor, run: BulkRun, text: str = "", until_on: Any = None) -> None:
    assert begin_run(session, actor, run.id, text, until_on, NOW)
    list(carry_out(session, actor, run.id, NOW))


def rows(session: Session, run: BulkRun) -> list[BulkRow]:
    return list(session.scalars(select(BulkRow).where(BulkRow.run_id == run.id).order_by(BulkRow.place)))


def three_plans(session: Session, sample: Sample) -> list[DevelopmentPlan]:
    """Two that wait for Suda, one that its owner is still working on again."""
    waiting = [add_plan(session, sample, number) for number in (1, 2)]
    return [*waiting, add_plan(session, sample, 3, PlanState.RETURNED)]


def test_every_action_has_its_step() -> None:
    assert set(STEPS) == set(BulkAction)


def test_the_ratings_that_are_complete_are_handed_in_and_the_others_named(
    session: Session, sample: Sample
) -> None:
    complete, bare, empty = (
        add_assessment(session, sample, number, AssessmentState.RATING) for number in (1, 2, 3)
    )
    for assessment, evidence in ((complete, "ทำงานเสร็จก่อนกำหนด"), (bare, "")):
        form = {item.id: RatingEntry(stated_level=1, evidence=evidence) for item in assessment.items}
        save_ratings(session, sample.cast.suda, assessment.id, RaterKind.SUPERVISOR, form, at(RATING_DAY))
    ids = [complete.id, bare.id, empty.id]
    run = preview(session, sample.cast.suda, BulkAction.SUBMIT_RATINGS, ids, at(RATING_DAY))
    shown = rows(session, run)
    assert shown[0].effect == {"assessment_state": "rated"} and shown[0].obstacle is None
    for row in shown[1:]:
        assert row.obstacle is not None and row.obstacle["kind"] == "requirement"
        assert "การมุ่งผลสัมฤทธิ์" in row.obstacle["details"]
    assert begin_run(session, sample.cast.suda, run.id, "", None, at(RATING_DAY))
    list(carry_out(session, sample.cast.suda, run.id, at(RATING_DAY)))
    states = [session.get_one(Assessment, each).state for each in ids]
    assert states == [AssessmentState.RATED, AssessmentState.RATING, AssessmentState.RATING]


def test_the_preview_says_what_will_come_of_each_and_changes_nothing(
    session: Session, sample: Sample
) -> None:
    found = three_plans(session, sample)
    before = everything_written(session)
    shown = list(
        previews(
            session,
            sample.cast.suda,
            BulkAction.APPROVE_PLANS,
            [each.assessment_id for each in found] + [sample.assessment.id],
            NOW,
        )
    )
    assert everything_written(session) == before
    assert [each.obstacle for each in shown] == [None, None, {"kind": "state"}, {"kind": "no_plan"}]
    assert [each.effect for each in shown[:2]] == [{"plan_state": "approved"}] * 2
    assert [each.version for each in shown[:2]] == [each.version for each in found[:2]]


def test_what_was_shown_is_done_and_each_has_its_own_history_and_notice(
    session: Session, sample: Sample
) -> None:
    found = three_plans(session, sample)
    run = preview(session, sample.cast.suda, BulkAction.APPROVE_PLANS, [each.assessment_id for each in found])
    confirm(session, sample.cast.suda, run, "เห็นชอบทุกแผน")
    assert [each.state for each in found] == [PlanState.APPROVED, PlanState.APPROVED, PlanState.RETURNED]
    assert [row.is_done for row in rows(session, run)] == [True, True, None]
    for plan in found[:2]:
        entry = session.scalars(
            select(HistoryEntry).where(HistoryEntry.subject_id == plan.id, HistoryEntry.event == "approve")
        ).one()
        assert entry.actor_person_id == sample.cast.suda.person_id
        assert entry.detail["comment"] == "เห็นชอบทุกแผน"
        told = session.scalars(select(Notice.recipient_person_id).where(Notice.subject_id == plan.id)).all()
        assert plan.owner_person_id in told
    assert run.finished_at == NOW


def test_a_record_that_changed_since_the_preview_is_left_out_and_named(
    session: Session, sample: Sample
) -> None:
    first, second = add_plan(session, sample, 1), add_plan(session, sample, 2)
    ids = [first.assessment_id, second.assessment_id]
    run = preview(session, sample.cast.suda, BulkAction.APPROVE_PLANS, ids)
    owner = Actor(second.owner_person_id, second.organisation_id)
    plans.withdraw_plan(session, owner, second.id, NOW)
    plans.submit_plan(session, owner, second.id, NOW, "แก้ไขแล้ว")
    confirm(session, sample.cast.suda, run)
    assert (first.state, second.state) == (PlanState.APPROVED, PlanState.SUBMITTED)
    assert [row.refusal for row in rows(session, run)] == [None, {"kind": "changed"}]


def test_a_step_that_would_lead_elsewhere_than_shown_is_not_taken(session: Session, sample: Sample) -> None:
    """The plan moved on, and the assessment that the reminder is about did not: another owes now."""
    plan = add_plan(session, sample, 1)
    run = preview(session, sample.cast.malee, BulkAction.REMIND, [plan.assessment_id])
    assert rows(session, run)[0].effect == {"relation": "supervisor", "phase": "plan_review"}
    plans.return_plan(session, sample.cast.suda, plan.id, "แก้ไข", NOW)
    before = session.scalar(select(func.count(Notice.id)))
    confirm(session, sample.cast.malee, run, "โปรดพิจารณา")
    assert rows(session, run)[0].refusal == {"kind": "changed"}
    assert session.scalar(select(func.count(Notice.id))) == before


def test_what_could_not_be_done_at_the_preview_is_not_done_later_either(
    session: Session, sample: Sample
) -> None:
    """Never an automatic approval: what was not shown as possible nobody has agreed to."""
    plan = add_plan(session, sample, 1, PlanState.RETURNED)
    run = preview(session, sample.cast.suda, BulkAction.APPROVE_PLANS, [plan.assessment_id])
    plans.submit_plan(session, Actor(plan.owner_person_id, plan.organisation_id), plan.id, NOW)
    confirm(session, sample.cast.suda, run)
    assert plan.state is PlanState.SUBMITTED


def test_a_second_confirmation_does_nothing_twice(session: Session, sample: Sample) -> None:
    plan = add_plan(session, sample, 1)
    run = preview(session, sample.cast.suda, BulkAction.APPROVE_PLANS, [plan.assessment_id])
    confirm(session, sample.cast.suda, run)
    before = everything_written(session)
    assert not begin_run(session, sample.cast.suda, run.id, "", None, NOW)
    assert not begin_run(session, sample.cast.suda, run.id, "", None, NOW + RESUMED_AFTER)
    list(carry_out(session, sample.cast.suda, run.id, NOW))
    after = everything_written(session)
    assert {name: after[name] for name in after} == before


def test_a_run_that_stood_still_is_carried_on_where_it_stopped(session: Session, sample: Sample) -> None:
    found = [add_plan(session, sample, number) for number in (1, 2)]
    suda = sample.cast.suda
    run = preview(session, suda, BulkAction.APPROVE_PLANS, [each.assessment_id for each in found])
    assert begin_run(session, suda, run.id, "", None, NOW)
    assert next(carry_out(session, suda, run.id, NOW))
    assert [each.state for each in found] == [PlanState.APPROVED, PlanState.SUBMITTED]
    almost = NOW + RESUMED_AFTER - timedelta(seconds=1)
    assert not begin_run(session, suda, run.id, "", None, almost), "the other process may still be at work"
    assert begin_run(session, suda, run.id, "", None, NOW + RESUMED_AFTER)
    assert list(carry_out(session, suda, run.id, NOW + RESUMED_AFTER)) == [True]
    assert found[1].state is PlanState.APPROVED
    approvals = select(func.count(HistoryEntry.id)).where(HistoryEntry.event == "approve")
    assert session.scalar(approvals) == 2


def test_workers_carry_on_in_the_name_of_who_confirmed(own_engine: Engine) -> None:
    @contextmanager
    def open_session() -> Iterator[Session]:
        with Session(own_engine) as opened:
            yield opened

    with Session(own_engine, expire_on_commit=False) as session:
        sample = make_sample(session)
        suda, found = sample.cast.suda, [add_plan(session, sample, number) for number in (1, 2, 3)]
        run = preview(session, suda, BulkAction.APPROVE_PLANS, [each.assessment_id for each in found])
        shown_only = preview(session, suda, BulkAction.RETURN_PLANS, [found[0].assessment_id])
        assert begin_run(session, suda, run.id, "", None, NOW)
        session.commit()
        work = carry_out(session, suda, run.id, NOW)
        assert next(work)
        session.commit()
        assert continue_runs(open_session, lambda: NOW) == 0, "somebody is at it"
        leave_to_workers(session, run.id, NOW)
        session.commit()
        ids = [each.id for each in found]
    assert continue_runs(open_session, lambda: NOW) == 2
    assert continue_runs(open_session, lambda: NOW) == 0
    with Session(own_engine) as session:
        assert {session.get_one(DevelopmentPlan, each).state for each in ids} == {PlanState.APPROVED}
        entries = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "approve")).all()
        assert [entry.actor_person_id for entry in entries] == [suda.person_id] * 3
        assert session.get_one(BulkRun, shown_only.id).begun_at is None, "nobody confirmed it"


def test_workers_do_nothing_in_the_name_of_whom_the_log_in_was_shut_for(own_engine: Engine) -> None:
    @contextmanager
    def open_session() -> Iterator[Session]:
        with Session(own_engine) as opened:
            yield opened

    with Session(own_engine, expire_on_commit=False) as session:
        sample = make_sample(session)
        suda, plan = sample.cast.suda, add_plan(session, sample, 1)
        assert suda.person_id is not None
        run = preview(session, suda, BulkAction.APPROVE_PLANS, [plan.assessment_id])
        assert begin_run(session, suda, run.id, "", None, NOW)
        leave_to_workers(session, run.id, NOW)
        account = UserAccount(person_id=suda.person_id, login="suda", password_hash="")
        account.password_changed_at, account.is_active = NOW, False
        session.add(account)
        session.commit()
        assert continue_runs(open_session, lambda: NOW) == 0
        session.expire_all()
        assert plan.state is PlanState.SUBMITTED
        assert run.finished_at is not None
        assert [row.refusal for row in rows(session, run)] == [{"kind": "not_permitted"}]


def test_a_preview_that_nobody_confirmed_is_forgotten_and_what_was_done_stays(
    session: Session, sample: Sample
) -> None:
    first, second = add_plan(session, sample, 1), add_plan(session, sample, 2)
    done = preview(session, sample.cast.suda, BulkAction.APPROVE_PLANS, [first.assessment_id])
    confirm(session, sample.cast.suda, done)
    preview(session, sample.cast.suda, BulkAction.APPROVE_PLANS, [second.assessment_id])
    assert forget_previews(session, NOW + UNCONFIRMED_FOR) == 0
    assert forget_previews(session, NOW + UNCONFIRMED_FOR + timedelta(seconds=1)) == 1
    assert session.scalars(select(BulkRow.run_id)).all() == [done.id]


def test_one_reason_returns_all_and_is_required(session: Session, sample: Sample) -> None:
    found = [add_plan(session, sample, number) for number in (1, 2)]
    run = preview(session, sample.cast.suda, BulkAction.RETURN_PLANS, [each.assessment_id for each in found])
    assert [row.effect for row in rows(session, run)] == [{"plan_state": "returned"}] * 2
    with pytest.raises(InvalidInputs) as refusal:
        begin_run(session, sample.cast.suda, run.id, "  ", None, NOW)
    assert [(each.field, each.code) for each in refusal.value.problems] == [("reason", "required")]
    confirm(session, sample.cast.suda, run, "เพิ่มตัวชี้วัด")
    assert [each.return_reason for each in found] == ["เพิ่มตัวชี้วัด"] * 2


def test_the_second_level_agrees_with_several_ratings(session: Session, sample: Sample) -> None:
    found = [add_assessment(session, sample, number) for number in (1, 2)]
    ids = [each.id for each in found]
    now = at(SECOND_DAY)
    run = preview(session, sample.cast.prasit, BulkAction.AGREE, ids, now)
    confirm(session, sample.cast.prasit, run)
    assert {each.state for each in found} == {AssessmentState.SECOND_OPINION}
    run = preview(session, sample.cast.malee, BulkAction.MODERATE, ids, now)
    confirm(session, sample.cast.malee, run)
    assert {each.state for each in found} == {AssessmentState.MODERATED}


def test_more_time_is_given_for_the_step_that_each_owes(session: Session, sample: Sample) -> None:
    early = add_assessment(session, sample, 1, AssessmentState.NOT_STARTED)
    rating = add_assessment(session, sample, 2, AssessmentState.RATING)
    over = add_assessment(session, sample, 3, AssessmentState.CLOSED)
    now = at(RATING_DAY)
    ids = [early.id, rating.id, over.id]
    run = preview(session, sample.cast.malee, BulkAction.EXTEND, ids, now)
    shown = rows(session, run)
    assert [row.effect.get("phase") for row in shown[1:2]] == ["rating"]
    assert shown[0].obstacle is None and shown[2].obstacle is not None
    with pytest.raises(InvalidInputs) as refusal:
        begin_run(session, sample.cast.malee, run.id, "", None, now)
    assert {each.field for each in refusal.value.problems} == {"reason", "until_on"}
    with pytest.raises(InvalidInputs):
        begin_run(session, sample.cast.malee, run.id, "อุทกภัย", RATING_DAY - timedelta(days=1), now)
    assert begin_run(session, sample.cast.malee, run.id, "อุทกภัย", sample.cycle.ends_on, now)
    assert list(carry_out(session, sample.cast.malee, run.id, now)) == [True, True]


def test_a_day_that_is_not_later_for_one_of_them_is_named_at_that_one(
    session: Session, sample: Sample
) -> None:
    rating = add_assessment(session, sample, 1, AssessmentState.RATING)
    now = at(RATING_DAY)
    run = preview(session, sample.cast.malee, BulkAction.EXTEND, [rating.id], now)
    assert begin_run(session, sample.cast.malee, run.id, "อุทกภัย", RATING_DAY, now)
    assert list(carry_out(session, sample.cast.malee, run.id, now)) == [False]
    (row,) = rows(session, run)
    assert row.refusal is not None and row.refusal["code"] == "not_later_than_due"


@pytest.mark.parametrize("action", list(BulkAction))
def test_outsiders_find_nothing_and_owners_may_nothing(
    session: Session, sample: Sample, action: BulkAction
) -> None:
    plan = add_plan(session, sample, 1)
    ids = [plan.assessment_id, sample.assessment.id]
    before = everything_written(session)
    for name in ("anong", "olan"):
        actor = getattr(sample.cast, name)
        assert list(previews(session, actor, action, ids, NOW)) == []
        with pytest.raises(InvalidInput):
            keep_run(session, actor, action, [], NOW)
    owner = Actor(plan.owner_person_id, plan.organisation_id)
    shown = list(previews(session, owner, action, [plan.assessment_id], NOW))
    assert all(each.obstacle is not None for each in shown)
    assert everything_written(session) == before


def test_a_run_is_its_owners_alone(session: Session, sample: Sample) -> None:
    plan = add_plan(session, sample, 1)
    run = preview(session, sample.cast.suda, BulkAction.APPROVE_PLANS, [plan.assessment_id])
    for name in ("prasit", "malee", "somchai", "anong", "olan"):
        with pytest.raises(NotVisible):
            load_run(session, getattr(sample.cast, name), run.id)
        with pytest.raises(NotVisible):
            begin_run(session, getattr(sample.cast, name), run.id, "", None, NOW)
    elsewhere = Actor(sample.cast.suda.person_id, sample.other_organisation.id)
    with pytest.raises(NotVisible):
        load_run(session, elsewhere, run.id)


def test_the_page_names_nobody_whom_the_reader_has_lost_sight_of(session: Session, sample: Sample) -> None:
    plan = add_plan(session, sample, 1)
    run = preview(session, sample.cast.suda, BulkAction.APPROVE_PLANS, [plan.assessment_id])
    (row,) = rows_of_run(session, sample.cast.suda, run.id, REVIEW_DAY)
    assert row.name
    plan.assessment.supervisor_person_id = sample.cast.anong.person_id
    plan.supervisor_person_id = sample.cast.anong.person_id
    session.flush()
    (row,) = rows_of_run(session, sample.cast.suda, run.id, REVIEW_DAY)
    assert (row.name, row.number) == ("", "")
    confirm(session, sample.cast.suda, run)
    assert plan.state is PlanState.SUBMITTED
    assert rows(session, run)[0].is_done is False


def test_too_many_and_none_at_all_are_refused(session: Session, sample: Sample) -> None:
    for ids, code in (([], "no_rows"), (range(1, MOST_ROWS + 2), "too_many_rows")):
        with pytest.raises(InvalidInput) as refusal:
            next(previews(session, sample.cast.suda, BulkAction.REMIND, ids, NOW))
        assert refusal.value.code == code


def test_a_row_named_twice_is_one_row(session: Session, sample: Sample) -> None:
    plan = add_plan(session, sample, 1)
    ids = [plan.assessment_id, plan.assessment_id]
    run = preview(session, sample.cast.suda, BulkAction.APPROVE_PLANS, ids)
    assert len(rows(session, run)) == 1
