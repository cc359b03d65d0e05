"""Those who leave, and those below them: service, roles, orders, mail, and who takes over."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from idp.models import Cycle, Delegation, HistoryEntry, Mail, Notice, Objection, RoleGrant, UserAccount
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.objections import ObjectionState
from idp.rules.staff_changes import ChangeKind, Consequence
from idp.rules.terms import AssessmentState, CycleState, PlanState, Role, SubjectType
from idp.services.change_choices import Choices
from idp.services.digests import gather_digests
from idp.services.staff_changes import preview_change
from idp.services.staff_corrections import change_supervisors
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.services.change_cast import DAY, choosing, enter, fields, posts, transfer

KEEP, HAND_OVER, SPLIT, EXEMPT = (
    Consequence.KEEP,
    Consequence.HAND_OVER,
    Consequence.SPLIT_BY_DAYS,
    Consequence.EXEMPT,
)


def test_a_death_ends_service_roles_and_the_plan_and_its_team_is_handed_over(
    session: Session, sample: Sample
) -> None:
    steps.drafted(session, sample)
    session.add(
        RoleGrant(
            organisation_id=sample.organisation.id,
            person_id=sample.cast.suda.person_id,
            role="executive",
            from_on=date(2025, 1, 1),
        )
    )
    session.flush()
    typed = fields(ChangeKind.DEATH, reason="ถึงแก่กรรม")
    employee = sample.employees["suda"]
    with pytest.raises(InvalidInputs) as refusal:
        enter(session, sample, typed, who="suda")
    assert refusal.value.field == "team_supervisor"
    enter(session, sample, typed, Choices(supervisor="0005"), who="suda")
    assert employee.left_on == DAY - timedelta(days=1)
    assert session.scalars(select(RoleGrant.until_on).where(RoleGrant.role == "executive")).one() == (
        DAY - timedelta(days=1)
    )
    assert sample.assessment.supervisor_person_id == sample.cast.anong.person_id
    assert sample.assessment.supervisor_name == "นางสาวสุดา รักงาน", "a released result keeps who signed it"
    current = posts(session, sample)[-1]
    assert current.supervisor_person_id == sample.cast.anong.person_id
    asked = session.scalars(select(Notice).where(Notice.event == "handover:statement_asked")).all()
    assert asked == [], "the dead are not written to"


def test_the_leavers_own_draft_plan_ends_unread_when_the_officer_says_so(
    session: Session, sample: Sample
) -> None:
    plan = steps.drafted(session, sample)
    typed = fields(ChangeKind.RESIGNATION, reason="ลาออก")
    choices = choosing(sample.assessment, KEEP)
    record = replace(choices.records[sample.assessment.id], cancels_plan=True)
    enter(session, sample, typed, replace(choices, records={sample.assessment.id: record}))
    assert plan.state is PlanState.CANCELLED
    assert sample.assessment.state is AssessmentState.RECEIVED


def test_the_plan_goes_to_the_new_supervisor_with_its_history(session: Session, sample: Sample) -> None:
    plan = steps.approved(session, sample)
    enter(session, sample, fields(), day=DAY)
    assert plan.supervisor_person_id == sample.cast.anong.person_id
    line = session.scalars(
        select(HistoryEntry).where(
            HistoryEntry.subject_type == SubjectType.PLAN, HistoryEntry.event == "hand_over"
        )
    ).one()
    assert line.detail["before"][0] == sample.cast.suda.person_id


def test_who_takes_over_for_all_cannot_take_themself_over(session: Session, sample: Sample) -> None:
    typed = fields(ChangeKind.RETIREMENT)
    with pytest.raises(InvalidInputs) as refusal:
        enter(session, sample, typed, Choices(supervisor="0005"), who="prasit")
    anong = sample.employees["anong"].id
    assert (f"supervisor-{anong}", "self") in [(each.field, each.code) for each in refusal.value.problems]
    enter(
        session,
        sample,
        typed,
        Choices(supervisor="0005", supervisors={anong: "0002"}, second_levels={anong: "-"}),
        who="prasit",
    )
    assert posts(session, sample, "suda")[-1].supervisor_person_id == sample.cast.anong.person_id
    assert posts(session, sample, "anong")[-1].supervisor_person_id == sample.cast.suda.person_id
    assert sample.assessment.second_level_person_id == sample.cast.anong.person_id


def test_who_has_left_gets_no_mail_any_more_and_the_others_do(session: Session, sample: Sample) -> None:
    steps.self_submitted(session, sample)
    enter(
        session,
        sample,
        fields(ChangeKind.RESIGNATION, reason="ลาออก"),
        Choices(supervisor="0005"),
        who="suda",
    )
    gather_digests(session, DAY, at(DAY))
    written_to = set(session.scalars(select(Mail.recipient_person_id)))
    assert sample.cast.suda.person_id not in written_to
    assert {sample.cast.somchai.person_id, sample.cast.anong.person_id} <= written_to


def test_an_order_to_the_leaver_ends_when_it_is_ticked_and_stays_otherwise(
    session: Session, sample: Sample
) -> None:
    order = Delegation(
        organisation_id=sample.organisation.id,
        from_person_id=sample.cast.prasit.person_id,
        to_person_id=sample.cast.suda.person_id,
        order_number="9/2569",
        from_on=date(2026, 1, 1),
        until_on=date(2026, 6, 30),
    )
    session.add(order)
    session.flush()
    typed = fields(ChangeKind.RESIGNATION, reason="ลาออก")
    _move, shown = preview_change(session, sample.cast.malee, sample.employees["suda"].id, typed, at(DAY))
    assert [each.id for each in shown.orders] == [order.id]
    enter(session, sample, typed, Choices(supervisor="0005", order_ids=frozenset({order.id})), who="suda")
    assert order.until_on == DAY - timedelta(days=1)
    assert order.end_reason == "ลาออก"


def test_a_choice_that_was_not_offered_is_refused_at_its_record(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    for consequence in (SPLIT, EXEMPT):
        with pytest.raises(InvalidInputs) as refusal:
            enter(session, sample, fields(), choosing(sample.assessment, consequence, "เหตุผล"))
        assert refusal.value.field == f"choice-{sample.assessment.id}"
    assert sample.assessment.state is AssessmentState.RELEASED


def test_the_officer_may_record_their_own_change_but_not_exempt_themself(
    session: Session, sample: Sample
) -> None:
    malee = sample.cast.malee.person_id
    assert malee is not None
    employee_id = sample.employees["malee"].id
    sample.assessment.owner_person_id, sample.assessment.employee_id = malee, employee_id
    session.flush()
    typed = fields(ChangeKind.LEAVE, reason="ลา")
    _move, shown = preview_change(session, sample.cast.malee, employee_id, typed, at(DAY))
    assert shown.own[0].choices == (KEEP,)
    with pytest.raises(InvalidInputs):
        enter(session, sample, typed, choosing(sample.assessment, EXEMPT), who="malee")


def give_log_ins(session: Session, sample: Sample, *officers: str) -> None:
    """These can log in; all of them are personnel officers."""
    for name in officers:
        person_id = getattr(sample.cast, name).person_id
        session.add(
            UserAccount(person_id=person_id, login=name, password_hash="", password_changed_at=at(DAY))
        )
        if name != "malee":
            session.add(
                RoleGrant(
                    organisation_id=sample.organisation.id,
                    person_id=person_id,
                    role=Role.HR_OFFICER,
                    from_on=date(2025, 1, 1),
                )
            )
    session.flush()


@pytest.mark.parametrize("kind", [ChangeKind.SUPERVISOR_CHANGE, ChangeKind.TRANSFER])
def test_an_officer_does_not_choose_who_rates_themself_where_another_can(
    session: Session, sample: Sample, kind: ChangeKind
) -> None:
    give_log_ins(session, sample, "malee", "suda")
    employee_id = sample.employees["suda"].id
    typed = transfer(sample) if kind is ChangeKind.TRANSFER else fields()
    for name in ("suda", "malee"):
        actor = getattr(sample.cast, name)
        preview = partial(preview_change, session, actor, employee_id, typed, at(DAY))
        correct = partial(change_supervisors, session, actor, employee_id, "0003", "", DAY, at(DAY))
        for attempt in (preview, correct):
            if name == "malee":
                attempt()
                continue
            with pytest.raises(InvalidInput) as refusal:
                attempt()
            assert (refusal.value.field, refusal.value.code) == ("supervisor", "by_another_officer")


@pytest.mark.parametrize("kind", [ChangeKind.RESIGNATION, ChangeKind.RETIREMENT, ChangeKind.DEATH])
def test_the_last_officer_does_not_leave_before_there_is_another(
    session: Session, sample: Sample, kind: ChangeKind
) -> None:
    give_log_ins(session, sample, "malee")
    with pytest.raises(InvalidInput) as refusal:
        enter(session, sample, fields(kind), who="malee")
    assert (refusal.value.field, refusal.value.code) == ("kind", "last_officer")
    assert sample.employees["malee"].left_on is None
    give_log_ins(session, sample, "anong")
    enter(session, sample, fields(kind), who="malee")
    assert sample.employees["malee"].left_on == DAY - timedelta(days=1)


def test_the_last_officers_role_does_not_end_with_a_change_of_post(session: Session, sample: Sample) -> None:
    give_log_ins(session, sample, "malee")
    (role_id,) = session.scalars(
        select(RoleGrant.id).where(RoleGrant.person_id == sample.cast.malee.person_id)
    )
    with pytest.raises(InvalidInput) as refusal:
        enter(session, sample, fields(ChangeKind.LEAVE), Choices(role_ids=frozenset({role_id})), who="malee")
    assert (refusal.value.field, refusal.value.code) == (f"end_role-{role_id}", "last_officer")


@pytest.mark.parametrize("state", [CycleState.OPENING, CycleState.CLOSING])
def test_no_change_is_entered_while_the_workers_open_or_close_a_cycle(
    session: Session, sample: Sample, state: CycleState
) -> None:
    session.execute(update(Cycle).values(state=state))
    with pytest.raises(InvalidInput) as refusal:
        enter(session, sample, fields())
    assert (refusal.value.field, refusal.value.code) == ("effective_on", "cycle_is_moving")


def test_a_record_under_objection_stays_as_it_is(session: Session, sample: Sample) -> None:
    steps.received(session, sample)
    session.add(
        Objection(
            organisation_id=sample.organisation.id,
            assessment_id=sample.assessment.id,
            state=ObjectionState.LODGED,
            grounds="ไม่เป็นธรรม",
            lodged_by_person_id=sample.cast.somchai.person_id,
            lodged_on=DAY,
            lodged_at=at(DAY),
        )
    )
    session.flush()
    typed = fields(ChangeKind.DEATH, reason="ถึงแก่กรรม")
    _move, shown = preview_change(session, sample.cast.malee, sample.employees["suda"].id, typed, at(DAY))
    assert shown.records_below[0].choices == (KEEP,)
    enter(session, sample, typed, Choices(supervisor="0005"), who="suda")
    assert sample.assessment.supervisor_person_id == sample.cast.suda.person_id
    assert posts(session, sample)[-1].supervisor_person_id == sample.cast.anong.person_id
