"""Out of the round with a reason, and back into it: nothing typed is lost, nobody waits for it."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from idp.models import Cycle, HistoryEntry, Notice, Rating, Reminder
from idp.queries.assessments import assessment_page
from idp.queries.cycles import unreleased
from idp.rules.assessment_workflow import UNRELEASED_STATES
from idp.rules.errors import NotPermitted, NotVisible, RequirementNotMet, TransitionNotAllowed
from idp.rules.obligations import obligations_of
from idp.rules.terms import AssessmentEvent, AssessmentState, CycleState, PlanState
from idp.services.closing import begin_closing, continue_closing
from idp.services.exemptions import cancel_unread, exempt, reinstate
from idp.services.plans import reinstate_plan
from idp.services.reminders import plan_reminders
from tests.factories import steps
from tests.factories.sample import PHASES, Sample, at


def kept(session: Session) -> list[tuple[object, ...]]:
    rows = session.execute(select(Rating.item_id, Rating.rater_kind, Rating.attained_level, Rating.evidence))
    return sorted(tuple(row) for row in rows)


def test_what_was_typed_stays_through_exemption_and_return(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    before = kept(session)
    exempt(session, sample.cast.malee, sample.assessment.id, "ลาศึกษาต่อ", at(steps.SECOND_DAY))
    assert kept(session) == before
    reinstate(session, sample.cast.malee, sample.assessment.id, "กลับมาแล้ว", at(steps.SECOND_DAY))
    assert kept(session) == before and before
    assert sample.assessment.second_opinion is None and sample.assessment.rated_at is None
    line = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "reinstate")).one()
    assert line.detail["second_opinion"] == "agrees" and "rated_at" in line.detail


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nobody_is_exempted(session: Session, sample: Sample, reason: str) -> None:
    with pytest.raises(RequirementNotMet):
        exempt(session, sample.cast.malee, sample.assessment.id, reason, at(steps.SELF_DAY))
    assert sample.assessment.state is AssessmentState.NOT_STARTED


def test_a_released_result_is_not_taken_out_of_the_round(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    with pytest.raises(TransitionNotAllowed):
        exempt(session, sample.cast.malee, sample.assessment.id, "ลาออก", at(steps.RECEIPT_DAY))


@pytest.mark.parametrize("state", [CycleState.CLOSING, CycleState.CLOSED, CycleState.ARCHIVED])
def test_nobody_comes_back_into_a_cycle_that_closes(
    session: Session, sample: Sample, state: CycleState
) -> None:
    exempt(session, sample.cast.malee, sample.assessment.id, "ลาศึกษาต่อ", at(steps.SELF_DAY))
    session.execute(update(Cycle).values(state=state))
    with pytest.raises(TransitionNotAllowed):
        reinstate(session, sample.cast.malee, sample.assessment.id, "กลับมาแล้ว", at(steps.SECOND_DAY))
    assert sample.assessment.state is AssessmentState.EXEMPTED
    page = assessment_page(session, sample.cast.malee, sample.assessment.id, steps.SECOND_DAY)
    assert AssessmentEvent.REINSTATE not in [each.event for each in page.events]


def test_the_officer_neither_exempts_themself_nor_cancels_their_own_plan(
    session: Session, sample: Sample
) -> None:
    plan = steps.drafted(session, sample)
    malee = sample.cast.malee.person_id
    assert malee is not None
    plan.owner_person_id = sample.assessment.owner_person_id = malee
    session.flush()
    with pytest.raises(NotPermitted):
        cancel_unread(session, sample.cast.malee, plan, "ยกเลิก", at(steps.PLAN_DAY))


def test_the_reason_reaches_the_person_and_the_supervisor_and_the_owner_of_nothing_else(
    session: Session, sample: Sample
) -> None:
    exempt(session, sample.cast.malee, sample.assessment.id, "ลาคลอดบุตร", at(steps.SELF_DAY))
    told = session.scalars(select(Notice).where(Notice.event == "assessment:exempt")).all()
    assert {each.recipient_person_id for each in told} == {
        sample.cast.somchai.person_id,
        sample.cast.suda.person_id,
    }
    assert {each.detail["reason"] for each in told} == {"ลาคลอดบุตร"}


def test_nobody_owes_or_is_reminded_of_anything_on_an_exempted_record(
    session: Session, sample: Sample
) -> None:
    exempt(session, sample.cast.malee, sample.assessment.id, "ลาคลอดบุตร", at(steps.SELF_DAY))
    assert not obligations_of(AssessmentState.EXEMPTED)
    for _opens, due in PHASES.values():
        plan_reminders(session, due, at(due), lambda _day: False)
    assert session.scalars(select(Reminder)).all() == []


def test_a_cycle_closes_without_waiting_for_the_exempted_who_stay_so(
    session: Session, sample: Sample
) -> None:
    now = at(steps.RELEASE_DAY)
    assert [row.assessment_id for row in unreleased(session, sample.cycle.id, 5)] == [sample.assessment.id]
    exempt(session, sample.cast.malee, sample.assessment.id, "เสียชีวิต", now)
    assert unreleased(session, sample.cycle.id, 5) == ()
    begin_closing(session, sample.cast.malee, sample.cycle.id, now)
    for _turn in range(3):
        if continue_closing(session, sample.cycle.id, now):
            break
    assert sample.cycle.state is CycleState.CLOSED
    session.refresh(sample.assessment)
    assert sample.assessment.state is AssessmentState.EXEMPTED
    assert AssessmentState.EXEMPTED not in UNRELEASED_STATES


def test_a_draft_that_the_officer_may_not_read_ends_all_the_same_and_comes_back(
    session: Session, sample: Sample
) -> None:
    plan = steps.drafted(session, sample)
    items = [(item.id, item.title) for item in plan.items]
    cancel_unread(session, sample.cast.malee, plan, "เสียชีวิต", at(steps.PLAN_DAY))
    assert plan.state is PlanState.CANCELLED
    for outsider in sample.cast.outsiders:
        with pytest.raises(NotVisible):
            reinstate_plan(session, outsider, plan.id, "นำกลับ", at(steps.PLAN_DAY))
    with pytest.raises(RequirementNotMet):
        reinstate_plan(session, sample.cast.malee, plan.id, " ", at(steps.PLAN_DAY))
    reinstate_plan(session, sample.cast.malee, plan.id, "บันทึกผิดคน", at(steps.PLAN_DAY))
    session.refresh(plan)
    assert (plan.state.value, plan.return_reason) == ("returned", "บันทึกผิดคน")
    assert [(item.id, item.title) for item in plan.items] == items
