"""The half-year follow-up: each writes their own part, the other is told, nobody else writes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Delegation, HistoryEntry, Notice, PlanFollowUp
from idp.queries.follow_ups import follow_ups_owed, halves_of_plan, team_follow_ups
from idp.rules.delegations import DelegationKind, DelegationScope
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, StaleVersion, TransitionNotAllowed
from idp.rules.terms import Half, PlanItemState, Relation
from idp.services.follow_ups import write_follow_up
from idp.services.plan_amendments import amend_plan
from idp.services.plan_progress import evaluate_item, evaluate_plan
from tests.factories import steps
from tests.factories.sample import Sample, at

DAY = date(2026, 3, 10)
NOW = at(DAY)
END = at(steps.EVALUATION_DAY)


def told(session: Session) -> list[int]:
    statement = select(Notice.recipient_person_id).where(Notice.event == "plan:follow_up")
    return list(session.scalars(statement.order_by(Notice.id)))


def test_both_write_their_own_part_and_the_other_is_told_once(session: Session, sample: Sample) -> None:
    plan, cast = steps.approved(session, sample), sample.cast
    write_follow_up(session, cast.somchai, plan.id, Half.FIRST, " เรียนแล้วสองเรื่อง ", NOW)
    assert told(session) == [cast.suda.person_id]
    write_follow_up(session, cast.suda, plan.id, Half.FIRST, "เป็นไปตามแผน", NOW)
    assert told(session) == [cast.suda.person_id, cast.somchai.person_id]
    write_follow_up(session, cast.somchai, plan.id, Half.FIRST, "เรียนแล้วสามเรื่อง", NOW)
    assert len(told(session)) == 2
    (row,) = session.scalars(select(PlanFollowUp)).all()
    assert (row.employee_text, row.supervisor_text) == ("เรียนแล้วสามเรื่อง", "เป็นไปตามแผน")
    assert row.supervisor_person_id == cast.suda.person_id
    entries = session.scalars(
        select(HistoryEntry).where(HistoryEntry.event == "write_follow_up").order_by(HistoryEntry.id)
    ).all()
    assert [entry.detail["by"] for entry in entries] == ["owner", "supervisor", "owner"]
    assert (entries[2].detail["before"], entries[2].detail["after"]) == (
        "เรียนแล้วสองเรื่อง",
        "เรียนแล้วสามเรื่อง",
    )


def test_the_same_text_once_more_writes_nothing(session: Session, sample: Sample) -> None:
    plan, somchai = steps.approved(session, sample), sample.cast.somchai
    write_follow_up(session, somchai, plan.id, Half.FIRST, "เรียนแล้ว", NOW)
    version = plan.version
    write_follow_up(session, somchai, plan.id, Half.FIRST, "เรียนแล้ว", NOW)
    assert plan.version == version


def test_nobody_else_writes(session: Session, sample: Sample) -> None:
    plan, cast = steps.approved(session, sample), sample.cast
    for actor in (cast.prasit, cast.malee):
        with pytest.raises(NotPermitted):
            write_follow_up(session, actor, plan.id, Half.FIRST, "x", NOW)
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            write_follow_up(session, actor, plan.id, Half.FIRST, "x", NOW)
    with pytest.raises(NotVisible):
        write_follow_up(session, cast.somchai, 99_999, Half.FIRST, "x", NOW)
    assert session.scalar(select(PlanFollowUp)) is None


def test_a_former_supervisor_writes_no_more(session: Session, sample: Sample) -> None:
    plan, cast = steps.approved(session, sample), sample.cast
    plan.supervisor_person_id = cast.prasit.person_id
    plan.second_level_person_id = None
    session.flush()
    with pytest.raises(NotVisible):
        write_follow_up(session, cast.suda, plan.id, Half.FIRST, "x", NOW)
    write_follow_up(session, cast.prasit, plan.id, Half.FIRST, "ติดตามแล้ว", NOW)


def test_who_acts_for_the_supervisor_writes_in_their_name(session: Session, sample: Sample) -> None:
    plan, cast = steps.approved(session, sample), sample.cast
    session.add(
        Delegation(
            organisation_id=sample.organisation.id,
            from_person_id=cast.suda.person_id,
            to_person_id=cast.anong.person_id,
            order_number="12/2569",
            kind=DelegationKind.ACTING,
            scope=DelegationScope.EVERYTHING,
            from_on=DAY - timedelta(days=5),
            until_on=DAY + timedelta(days=5),
        )
    )
    session.flush()
    write_follow_up(session, cast.somchai, plan.id, Half.FIRST, "เรียนแล้ว", NOW)
    assert set(told(session)) == {cast.suda.person_id, cast.anong.person_id}
    (owed,) = follow_ups_owed(session, cast.anong, DAY)
    assert (owed.relation, owed.on_behalf_of) == (Relation.SUPERVISOR, cast.suda.person_id)
    row = write_follow_up(session, cast.anong, plan.id, Half.FIRST, "เป็นไปตามแผน", NOW)
    assert row.supervisor_person_id == cast.anong.person_id
    entry = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert entry is not None and entry.on_behalf_of_person_id == cast.suda.person_id


@pytest.mark.parametrize(("text", "code"), [("  ", "missing"), ("ก" * 4001, "too_long")])
def test_a_part_has_a_text(session: Session, sample: Sample, text: str, code: str) -> None:
    plan = steps.approved(session, sample)
    with pytest.raises(InvalidInput) as refused:
        write_follow_up(session, sample.cast.somchai, plan.id, Half.FIRST, text, NOW)
    assert (refused.value.field, refused.value.code) == ("text", code)


def test_a_half_is_written_about_once_it_has_begun(session: Session, sample: Sample) -> None:
    plan, somchai = steps.approved(session, sample), sample.cast.somchai
    with pytest.raises(InvalidInput) as refused:
        write_follow_up(session, somchai, plan.id, Half.SECOND, "x", at(date(2026, 3, 31)))
    assert refused.value.code == "half_not_begun"
    write_follow_up(session, somchai, plan.id, Half.SECOND, "x", at(date(2026, 4, 1)))


def test_only_while_the_plan_is_carried_out(session: Session, sample: Sample) -> None:
    plan, cast = steps.submitted(session, sample), sample.cast
    with pytest.raises(NotPermitted):
        write_follow_up(session, cast.somchai, plan.id, Half.FIRST, "x", NOW)


def test_not_while_it_is_amended(session: Session, sample: Sample) -> None:
    plan, cast = steps.approved(session, sample), sample.cast
    amend_plan(session, cast.somchai, plan.id, "เปลี่ยนงาน", NOW)
    with pytest.raises(TransitionNotAllowed):
        write_follow_up(session, cast.suda, plan.id, Half.FIRST, "x", NOW)


def test_not_once_it_is_evaluated(session: Session, sample: Sample) -> None:
    plan, cast = steps.in_evaluation(session, sample), sample.cast
    write_follow_up(session, cast.somchai, plan.id, Half.SECOND, "ครบ", END)
    for item in plan.items:
        evaluate_item(session, cast.suda, item.id, PlanItemState.ACHIEVED, None, "", END)
    evaluate_plan(session, cast.suda, plan.id, "", END)
    with pytest.raises(TransitionNotAllowed):
        write_follow_up(session, cast.somchai, plan.id, Half.SECOND, "อีกครั้ง", END)


def test_a_form_drawn_before_the_others_word_is_stale(session: Session, sample: Sample) -> None:
    plan, cast = steps.approved(session, sample), sample.cast
    drawn = plan.version
    write_follow_up(session, cast.somchai, plan.id, Half.FIRST, "x", NOW, drawn)
    with pytest.raises(StaleVersion):
        write_follow_up(session, cast.suda, plan.id, Half.FIRST, "x", NOW, drawn)


def test_it_is_asked_for_in_the_last_month_of_the_employee_first(session: Session, sample: Sample) -> None:
    plan, cast = steps.approved(session, sample), sample.cast
    assert follow_ups_owed(session, cast.somchai, date(2026, 2, 28)) == ()
    (own,) = follow_ups_owed(session, cast.somchai, DAY)
    assert (own.plan_id, own.half, own.relation) == (plan.id, Half.FIRST, Relation.OWNER)
    assert own.due_on == date(2026, 3, 31) and not own.is_overdue
    assert follow_ups_owed(session, cast.suda, DAY) == ()
    (row,) = team_follow_ups(session, cast.suda, DAY)
    assert (row.employee_at, row.supervisor_at, row.is_owed) == (None, None, False)
    write_follow_up(session, cast.somchai, plan.id, Half.FIRST, "เรียนแล้ว", NOW)
    assert follow_ups_owed(session, cast.somchai, DAY) == ()
    assert [each.relation for each in follow_ups_owed(session, cast.suda, DAY)] == [Relation.SUPERVISOR]
    write_follow_up(session, cast.suda, plan.id, Half.FIRST, "ตามแผน", NOW)
    assert follow_ups_owed(session, cast.suda, DAY) == ()
    assert [each.half for each in follow_ups_owed(session, cast.somchai, date(2026, 9, 1))] == [Half.SECOND]


def test_a_supervisor_does_not_wait_for_ever(session: Session, sample: Sample) -> None:
    steps.approved(session, sample)
    (row,) = follow_ups_owed(session, sample.cast.suda, date(2026, 4, 1))
    assert row.is_overdue and row.employee_at is None


def test_others_are_not_asked(session: Session, sample: Sample) -> None:
    steps.approved(session, sample)
    cast = sample.cast
    for actor in (cast.prasit, cast.malee, *cast.outsiders):
        assert follow_ups_owed(session, actor, date(2026, 10, 1)) == ()


def test_both_halves_are_shown_with_their_days(session: Session, sample: Sample) -> None:
    plan = steps.approved(session, sample)
    write_follow_up(session, sample.cast.suda, plan.id, Half.FIRST, "ตามแผน", NOW)
    first, second = halves_of_plan(session, plan.id, plan.fiscal_year, DAY)
    assert (first.supervisor_text, first.employee_text, first.may_be_written) == ("ตามแผน", "", True)
    assert first.supervisor_at == NOW and first.supervisor_name
    assert (second.starts_on, second.may_be_written, second.is_written) == (date(2026, 4, 1), False, False)
