"""Every step of a plan: the right person takes it and it is written down; nobody else can, nor the owner."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, Notice, PlanVersion
from idp.rules.errors import NotPermitted, NotVisible, StaleVersion, TransitionNotAllowed
from idp.rules.plan_workflow import PLAN_WORKFLOW
from idp.rules.terms import PlanEvent, PlanState, SubjectType
from tests.factories.sample import make_sample
from tests.services.plan_events import CASES, Case

EVERYBODY = ("somchai", "suda", "prasit", "malee", "anong", "olan")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_right_person_moves_it_and_history_and_notices_say_so(session: Session, case: Case) -> None:
    sample = make_sample(session, case.rules)
    plan = case.bring(session, sample)
    before = plan.state
    known = set(session.scalars(select(HistoryEntry.id)))
    told_before = set(session.scalars(select(Notice.id)))
    actor = getattr(sample.cast, case.by)

    case.ask(session, actor, plan.id, plan.version)

    assert plan.state is case.target
    about = HistoryEntry.subject_type != SubjectType.EXTENSION  # a reopening has lines of its own
    lines = session.scalars(select(HistoryEntry).where(HistoryEntry.id.not_in(known), about)).all()
    assert [
        (line.event, line.from_state, line.to_state, line.actor_person_id, line.subject_type)
        for line in lines
    ] == [(case.event, before, case.target, actor.person_id, SubjectType.PLAN)]
    notices = session.scalars(select(Notice).where(Notice.id.not_in(told_before))).all()
    told = {getattr(sample.cast, name).person_id for name in case.told}
    assert {notice.recipient_person_id for notice in notices} == told
    assert {notice.event for notice in notices} <= {f"plan:{case.event}"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nobody_else_may_and_outsiders_do_not_learn_that_it_exists(session: Session, case: Case) -> None:
    sample = make_sample(session, case.rules)
    plan = case.bring(session, sample)
    before = plan.state
    for name in EVERYBODY:
        if name == case.by or name in case.also:
            continue
        actor = getattr(sample.cast, name)
        hidden = actor in sample.cast.outsiders or name in case.hides
        with pytest.raises(NotVisible if hidden else NotPermitted):
            case.ask(session, actor, plan.id, None)
    assert plan.state is before


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_version_read_too_early_is_refused(session: Session, case: Case) -> None:
    sample = make_sample(session, case.rules)
    plan = case.bring(session, sample)
    before = plan.state
    with pytest.raises(StaleVersion):
        case.ask(session, getattr(sample.cast, case.by), plan.id, plan.version - 1)
    assert plan.state is before


def test_a_missing_plan_answers_as_one_that_may_not_be_seen(session: Session) -> None:
    sample = make_sample(session)
    for case in CASES:
        with pytest.raises(NotVisible):
            case.ask(session, getattr(sample.cast, case.by), 99_999, None)


def test_every_event_of_the_table_is_tried(session: Session) -> None:
    tried = {case.event for case in CASES} | {PlanEvent.LAPSE_EVALUATION}  # the workers': test_reopenings
    assert tried == {row.event for row in PLAN_WORKFLOW.transitions}


def test_an_approved_plan_is_neither_withdrawn_nor_returned_nor_approved_again(session: Session) -> None:
    approving = next(case for case in CASES if case.event is PlanEvent.APPROVE)
    sample = make_sample(session, approving.rules)
    plan = approving.bring(session, sample)
    approving.ask(session, sample.cast.suda, plan.id, None)
    for event, by in (
        (PlanEvent.WITHDRAW, "somchai"),
        (PlanEvent.RETURN, "suda"),
        (PlanEvent.APPROVE, "suda"),
    ):
        case = next(each for each in CASES if each.event is event)
        with pytest.raises(TransitionNotAllowed):
            case.ask(session, getattr(sample.cast, by), plan.id, None)
    assert plan.state is PlanState.APPROVED


def test_the_plan_is_kept_as_it_was_handed_in_each_time_and_as_it_was_approved(session: Session) -> None:
    back, submit, approve = (
        next(case for case in CASES if case.event is event)
        for event in (PlanEvent.RETURN, PlanEvent.SUBMIT, PlanEvent.APPROVE)
    )
    sample = make_sample(session)
    plan = back.bring(session, sample)
    back.ask(session, sample.cast.suda, plan.id, None)
    plan.items[0].title = "ปรับใหม่"
    submit.ask(session, sample.cast.somchai, plan.id, None)
    approve.ask(session, sample.cast.suda, plan.id, None)
    versions = session.scalars(
        select(PlanVersion).where(PlanVersion.plan_id == plan.id).order_by(PlanVersion.number)
    ).all()
    assert [(version.number, version.event) for version in versions] == [
        (1, "submit"),
        (2, "submit"),
        (3, "approve"),
    ]
    assert versions[0].content["items"][0]["title"] != "ปรับใหม่"
    assert versions[2].content["items"][0]["title"] == "ปรับใหม่"
    assert versions[2].content["items"][0]["competency"] == "การมุ่งผลสัมฤทธิ์"
    assert versions[2].content["person"]["first_name"] == "สมชาย"
    assert versions[2].content["supervisor_comment"] == "เห็นชอบ"
