"""Orders to act for somebody: who may enter them, what they hand over, from when to when, and what stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    Delegation,
    Employee,
    ExternalAppraiser,
    HistoryEntry,
    Notice,
    Person,
    Reminder,
    Unit,
)
from idp.queries.assessments import assessment_page
from idp.queries.delegations import order_list, own_orders
from idp.queries.forms import assessment_form
from idp.queries.home import todo_list
from idp.queries.plans import plans_to_review
from idp.queries.team import has_team, team_list
from idp.rules.delegations import DelegationKind, DelegationScope, OrderStanding
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted, NotVisible, StaleVersion
from idp.rules.terms import PhaseKind, RaterKind, Relation, SecondOpinion, SubjectType
from idp.services import assessments, plans, ratings
from idp.services.delegations import (
    MOST_DAYS,
    OrderFields,
    correct_order_number,
    create_delegation,
    end_delegation,
)
from idp.services.reminders import plan_reminders
from tests.factories import steps
from tests.factories.sample import Sample, at

TODAY = steps.RATING_DAY
FIRST, LAST = TODAY, TODAY + timedelta(days=10)
SUDA, ANONG, PRASIT, SOMCHAI = "0002", "0005", "0003", "0001"


def typed(**unlike: Any) -> OrderFields:
    """Anong acts for Suda, from today on, over everything."""
    plain = OrderFields(
        represented=SUDA,
        delegate=ANONG,
        order_number="12/2569",
        kind=DelegationKind.ACTING,
        scope=DelegationScope.EVERYTHING,
        unit_id=None,
        from_on=FIRST,
        until_on=LAST,
    )
    return replace(plain, **unlike)


def enter(session: Session, sample: Sample, **unlike: Any) -> Delegation:
    return create_delegation(session, sample.cast.malee, typed(**unlike), at(TODAY))


def told(session: Session, event: str) -> set[int]:
    return set(session.scalars(select(Notice.recipient_person_id).where(Notice.event == event)))


def test_an_order_is_entered_written_down_and_told_to_both(session: Session, sample: Sample) -> None:
    order = enter(session, sample, delegate="นางสาวอนงค์ แสงทอง")
    cast = sample.cast
    assert (order.from_person_id, order.to_person_id) == (cast.suda.person_id, cast.anong.person_id)
    entry = session.scalars(
        select(HistoryEntry).where(HistoryEntry.subject_type == SubjectType.DELEGATION)
    ).one()
    assert (entry.event, entry.actor_person_id, entry.detail["order_number"]) == (
        "enter",
        cast.malee.person_id,
        "12/2569",
    )
    assert told(session, "delegation:enter") == {cast.suda.person_id, cast.anong.person_id}


@pytest.mark.parametrize("name", ["somchai", "suda", "prasit", "anong", "olan"])
def test_only_the_personnel_office_of_the_organisation_enters_orders(
    session: Session, sample: Sample, name: str
) -> None:
    actor = getattr(sample.cast, name)
    if name == "olan":  # an officer, but of another organisation: finds none of these people
        with pytest.raises(InvalidInputs):
            create_delegation(session, actor, typed(), at(TODAY))
    else:
        with pytest.raises(NotPermitted):
            create_delegation(session, actor, typed(), at(TODAY))
    assert session.scalars(select(Delegation)).all() == []


def leave(session: Session, sample: Sample, name: str, day: date) -> None:
    session.get_one(Employee, sample.employees[name].id).left_on = day
    session.flush()


@pytest.mark.parametrize(
    ("unlike", "wrong"),
    [
        ({"represented": ""}, {"represented": "missing"}),
        ({"represented": "9999"}, {"represented": "no_such_person"}),
        ({"represented": "นายโอฬาร วงศ์ดี"}, {"represented": "no_such_person"}),
        ({"delegate": "0006"}, {"delegate": "no_such_person"}),
        ({"delegate": SUDA}, {"delegate": "to_oneself"}),
        ({"delegate": "\x00"}, {"delegate": "not_text"}),
        ({"order_number": "  "}, {"order_number": "missing"}),
        ({"order_number": "x" * 101}, {"order_number": "too_long"}),
        ({"until_on": FIRST - timedelta(days=1)}, {"until_on": "ends_before_start"}),
        (
            {"from_on": TODAY - timedelta(days=9), "until_on": TODAY - timedelta(days=1)},
            {"until_on": "already_over"},
        ),
        ({"until_on": FIRST + timedelta(days=MOST_DAYS)}, {"until_on": "too_long_a_time"}),
        ({"unit_id": 999_999}, {"unit_id": "unknown_choice"}),
        (
            {"represented": "", "delegate": "9999", "order_number": ""},
            {"order_number": "missing", "represented": "missing", "delegate": "no_such_person"},
        ),
    ],
)
def test_what_is_wrong_is_said_at_every_field_at_once(
    session: Session, sample: Sample, unlike: dict[str, Any], wrong: dict[str, str]
) -> None:
    with pytest.raises(InvalidInputs) as refused:
        enter(session, sample, **unlike)
    assert {each.field: each.code for each in refused.value.problems} == wrong
    assert session.scalars(select(Delegation)).all() == []


def test_two_of_one_name_are_told_apart_by_number(session: Session, sample: Sample) -> None:
    anong = session.get_one(Person, sample.cast.anong.person_id)
    session.get_one(Person, sample.cast.prasit.person_id).display_name = anong.display_name
    with pytest.raises(InvalidInputs) as refused:
        enter(session, sample, delegate=anong.display_name)
    assert (refused.value.field, refused.value.code) == ("delegate", "several_persons")


def test_a_unit_of_another_organisation_does_not_exist(session: Session, sample: Sample) -> None:
    unit = Unit(organisation_id=sample.other_organisation.id, code="X", name_th="อื่น", path="/9/")
    session.add(unit)
    session.flush()
    with pytest.raises(InvalidInputs) as refused:
        enter(session, sample, unit_id=unit.id)
    assert refused.value.code == "unknown_choice"


def test_who_has_left_acts_for_nobody_and_who_will_leave_not_beyond_that_day(
    session: Session, sample: Sample
) -> None:
    leave(session, sample, "anong", TODAY - timedelta(days=1))
    with pytest.raises(InvalidInputs) as refused:
        enter(session, sample)
    assert (refused.value.field, refused.value.code) == ("delegate", "has_left")
    leave(session, sample, "anong", LAST - timedelta(days=1))
    with pytest.raises(InvalidInputs) as refused:
        enter(session, sample)
    assert (refused.value.field, refused.value.code) == ("until_on", "leaves_before")
    leave(session, sample, "anong", LAST)
    enter(session, sample)


def test_a_vacant_post_is_acted_for_but_hands_over_no_powers_itself(session: Session, sample: Sample) -> None:
    leave(session, sample, "suda", TODAY - timedelta(days=1))
    with pytest.raises(InvalidInputs) as refused:
        enter(session, sample, kind=DelegationKind.PERFORMING)
    assert (refused.value.field, refused.value.code) == ("represented", "has_left")
    order = enter(session, sample, kind=DelegationKind.ACTING)
    assert order.from_person_id == sample.cast.suda.person_id


@pytest.mark.parametrize(
    ("unlike", "is_refused"),
    [
        ({"delegate": PRASIT}, True),
        ({}, True),
        ({"delegate": PRASIT, "from_on": LAST, "until_on": LAST}, True),
        ({"delegate": PRASIT, "scope": DelegationScope.PLANS}, True),
        (
            {"delegate": PRASIT, "from_on": LAST + timedelta(days=1), "until_on": LAST + timedelta(days=3)},
            False,
        ),
        ({"represented": PRASIT}, False),
    ],
)
def test_nobody_is_represented_twice_at_one_time_over_the_same_records(
    session: Session, sample: Sample, unlike: dict[str, Any], is_refused: bool
) -> None:
    enter(session, sample)
    if is_refused:
        with pytest.raises(InvalidInput) as refused:
            enter(session, sample, **unlike)
        assert (refused.value.field, refused.value.code) == ("delegate", "another_order")
        assert refused.value.values["number"] == "12/2569"
    else:
        enter(session, sample, **unlike)


def test_orders_of_different_scopes_or_units_stand_beside_each_other(
    session: Session, sample: Sample
) -> None:
    other = Unit(organisation_id=sample.organisation.id, code="U2", name_th="กองช่าง", path="/other/")
    session.add(other)
    session.flush()
    enter(session, sample, scope=DelegationScope.ASSESSMENTS, unit_id=sample.unit.id)
    enter(session, sample, scope=DelegationScope.PLANS, delegate=PRASIT)
    enter(session, sample, scope=DelegationScope.ASSESSMENTS, unit_id=other.id, delegate=PRASIT)
    with pytest.raises(InvalidInput):
        enter(session, sample, scope=DelegationScope.ASSESSMENTS, delegate=PRASIT)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (FIRST - timedelta(days=1), False),
        (FIRST, True),
        (LAST, True),
        (LAST + timedelta(days=1), False),
    ],
)
def test_an_order_holds_on_its_first_and_its_last_day_and_ends_by_itself(
    session: Session, sample: Sample, day: date, holds: bool
) -> None:
    steps.self_submitted(session, sample)
    enter(session, sample)
    anong = sample.cast.anong
    assert bool(team_list(session, anong, day)) is holds
    assert has_team(session, anong, day) is holds
    assert bool(todo_list(session, anong, day)) is holds
    if holds:
        assert assessment_page(session, anong, sample.assessment.id, day).relations == {Relation.SUPERVISOR}
        assessments.start_rating(session, anong, sample.assessment.id, at(day))
    else:
        with pytest.raises(NotVisible):
            assessment_page(session, anong, sample.assessment.id, day)
        with pytest.raises(NotVisible):
            assessments.start_rating(session, anong, sample.assessment.id, at(day))


def test_the_day_ends_at_midnight_in_thailand(session: Session, sample: Sample) -> None:
    steps.self_submitted(session, sample)
    enter(session, sample)
    midnight = at(LAST + timedelta(days=1), 0)
    with pytest.raises(NotVisible):
        assessments.start_rating(session, sample.cast.anong, sample.assessment.id, midnight)
    last_moment = midnight - timedelta(seconds=1)
    assessments.start_rating(session, sample.cast.anong, sample.assessment.id, last_moment)


def test_a_delegate_takes_up_what_was_begun_before_and_the_history_says_for_whom(
    session: Session, sample: Sample
) -> None:
    steps.rating(session, sample)
    enter(session, sample, kind=DelegationKind.PERFORMING)
    anong, suda = sample.cast.anong, sample.cast.suda
    form = steps.entries(sample, steps.SUPERVISOR_LEVELS)
    ratings.save_ratings(session, anong, sample.assessment.id, RaterKind.SUPERVISOR, form, at(TODAY))
    assessments.submit_rating(session, anong, sample.assessment.id, at(TODAY))
    entries = session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.subject_type == SubjectType.ASSESSMENT)
        .where(HistoryEntry.actor_person_id == anong.person_id)
    ).all()
    assert {entry.event for entry in entries} == {"save_ratings", "submit_rating"}
    assert {entry.on_behalf_of_person_id for entry in entries} == {suda.person_id}
    detail = next(entry.detail for entry in entries if entry.event == "submit_rating")
    assert (detail["delegation_kind"], detail["order_number"]) == ("performing", "12/2569")
    assert detail["signed_position"] == "นักทรัพยากรบุคคลชำนาญการ"
    assert detail["signed_for"] == "นางสาวสุดา รักงาน"


def test_the_represented_person_may_still_act(session: Session, sample: Sample) -> None:
    enter(session, sample)
    steps.rating(session, sample)
    assert team_list(session, sample.cast.suda, TODAY)


@pytest.mark.parametrize("scope", DelegationScope)
def test_an_order_reaches_only_the_kind_of_record_that_it_names(
    session: Session, sample: Sample, scope: DelegationScope
) -> None:
    plan = steps.submitted(session, sample)
    day, anong = steps.REVIEW_DAY, sample.cast.anong
    create_delegation(session, sample.cast.malee, typed(scope=scope, from_on=day, until_on=day), at(day))
    sees_plan = scope is not DelegationScope.ASSESSMENTS
    sees_assessment = scope is not DelegationScope.PLANS
    [row] = team_list(session, anong, day)
    assert (row.sees_assessment, row.sees_plan) == (sees_assessment, sees_plan)
    assert (row.plan_id is not None, row.plan_state is not None) == (sees_plan, sees_plan)
    assert bool(plans_to_review(session, anong, day)) is sees_plan
    assert bool(todo_list(session, anong, day)) is sees_plan
    if sees_plan:
        plans.approve_plan(session, anong, plan.id, at(day), "เห็นชอบ")
    else:
        with pytest.raises(NotVisible):
            plans.approve_plan(session, anong, plan.id, at(day), "เห็นชอบ")
    if not sees_assessment:
        with pytest.raises(NotVisible):
            assessment_page(session, anong, sample.assessment.id, day)


def test_an_order_bound_to_a_unit_reaches_what_stood_in_it_when_the_cycle_opened(
    session: Session, sample: Sample
) -> None:
    other = Unit(organisation_id=sample.organisation.id, code="U2", name_th="กองช่าง", path="/other/")
    session.add(other)
    session.flush()
    steps.self_submitted(session, sample)
    order = enter(session, sample, unit_id=other.id)
    assert team_list(session, sample.cast.anong, TODAY) == ()
    with pytest.raises(NotVisible):
        assessments.start_rating(session, sample.cast.anong, sample.assessment.id, at(TODAY))
    order.unit_id = sample.unit.id
    session.flush()
    assert team_list(session, sample.cast.anong, TODAY)
    assessments.start_rating(session, sample.cast.anong, sample.assessment.id, at(TODAY))


def test_an_order_is_not_passed_on(session: Session, sample: Sample) -> None:
    steps.self_submitted(session, sample)
    enter(session, sample)
    enter(session, sample, represented=ANONG, delegate=PRASIT)
    page = assessment_page(session, sample.cast.prasit, sample.assessment.id, TODAY)
    assert page.relations == {Relation.SECOND_LEVEL}


def test_nobody_rates_themself_by_an_order(session: Session, sample: Sample) -> None:
    steps.self_submitted(session, sample)
    enter(session, sample, delegate=SOMCHAI)
    page = assessment_page(session, sample.cast.somchai, sample.assessment.id, TODAY)
    assert page.relations == {Relation.OWNER}
    with pytest.raises(NotPermitted):
        assessments.start_rating(session, sample.cast.somchai, sample.assessment.id, at(TODAY))
    assert team_list(session, sample.cast.somchai, TODAY) == ()


def test_an_order_hands_over_no_office_and_nobodys_own_record(session: Session, sample: Sample) -> None:
    enter(session, sample, represented="0004")  # the personnel officer
    enter(session, sample, represented=SOMCHAI)
    with pytest.raises(NotVisible):
        assessment_page(session, sample.cast.anong, sample.assessment.id, TODAY)
    with pytest.raises(NotPermitted):
        create_delegation(session, sample.cast.anong, typed(), at(TODAY))


def test_who_acts_for_both_superiors_signs_for_each_in_their_place(session: Session, sample: Sample) -> None:
    steps.self_submitted(session, sample)
    enter(session, sample)
    enter(session, sample, represented=PRASIT, until_on=date(2025, 12, 30))
    anong, assessment = sample.cast.anong, sample.assessment
    assessments.start_rating(session, anong, assessment.id, at(TODAY))
    form = steps.entries(sample, steps.SUPERVISOR_LEVELS)
    ratings.save_ratings(session, anong, assessment.id, RaterKind.SUPERVISOR, form, at(TODAY))
    assessments.submit_rating(session, anong, assessment.id, at(TODAY))
    assessments.give_second_opinion(
        session, anong, assessment.id, SecondOpinion.AGREES, "", at(steps.SECOND_DAY)
    )
    signed = {
        entry.event: entry.on_behalf_of_person_id
        for entry in session.scalars(
            select(HistoryEntry).where(HistoryEntry.actor_person_id == anong.person_id)
        )
    }
    assert signed["submit_rating"] == sample.cast.suda.person_id
    assert signed["give_second_opinion"] == sample.cast.prasit.person_id


def test_an_appraiser_from_outside_can_be_represented_until_their_term_ends(
    session: Session, sample: Sample
) -> None:
    mayor = Person(title_th="นาย", first_name="นายก", last_name="มั่นคง", created_at=at(TODAY))
    session.add(mayor)
    session.flush()
    session.add(
        ExternalAppraiser(
            organisation_id=sample.organisation.id, person_id=mayor.id, position_name="นายกเทศมนตรี"
        )
    )
    session.get_one(Assessment, sample.assessment.id).supervisor_person_id = mayor.id
    session.flush()
    enter(session, sample, represented="นายนายก มั่นคง")
    [row] = team_list(session, sample.cast.anong, TODAY)
    assert row.on_behalf_of == mayor.id


def test_a_delegate_is_told_and_reminded_beside_the_represented_person(
    session: Session, sample: Sample
) -> None:
    enter(session, sample)
    steps.self_submitted(session, sample)  # some days before the order
    assert told(session, "assessment:submit_self") == {sample.cast.suda.person_id}
    form = steps.entries(sample, steps.SELF_LEVELS)
    assessments.withdraw_self(session, sample.cast.somchai, sample.assessment.id, at(TODAY))
    ratings.save_ratings(session, sample.cast.somchai, sample.assessment.id, RaterKind.SELF, form, at(TODAY))
    assessments.submit_self(session, sample.cast.somchai, sample.assessment.id, at(TODAY))
    assert told(session, "assessment:submit_self") == {
        sample.cast.suda.person_id,
        sample.cast.anong.person_id,
    }
    detail = session.scalars(
        select(Notice.detail).where(
            Notice.event == "assessment:submit_self",
            Notice.recipient_person_id == sample.cast.anong.person_id,
        )
    ).one()
    assert detail == {"represented": "นางสาวสุดา รักงาน"}
    order = session.scalars(select(Delegation)).one()
    order.until_on = date(2025, 11, 3)  # when the rating is due
    session.flush()
    plan_reminders(session, date(2025, 11, 3), at(date(2025, 11, 3)), lambda _day: False)
    reminded = session.scalars(
        select(Reminder.recipient_person_id).where(Reminder.phase == PhaseKind.RATING)
    ).all()
    assert set(reminded) == {sample.cast.suda.person_id, sample.cast.anong.person_id}
    assert len(reminded) == 2


def test_an_order_is_ended_early_and_both_hear_why(session: Session, sample: Sample) -> None:
    steps.self_submitted(session, sample)
    order = enter(session, sample)
    end_delegation(session, sample.cast.malee, order.id, TODAY, "กลับมาปฏิบัติราชการแล้ว", at(TODAY))
    assert (order.until_on, order.is_revoked, order.end_reason) == (TODAY, False, "กลับมาปฏิบัติราชการแล้ว")
    assert team_list(session, sample.cast.anong, TODAY)
    assert not team_list(session, sample.cast.anong, TODAY + timedelta(days=1))
    assert told(session, "delegation:end") == {sample.cast.suda.person_id, sample.cast.anong.person_id}
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "end")).one()
    assert entry.reason == "กลับมาปฏิบัติราชการแล้ว"
    assert entry.detail["until_on"] == [LAST.isoformat(), TODAY.isoformat()]


@pytest.mark.parametrize("begins", [TODAY, TODAY + timedelta(days=3)])
def test_one_taken_back_before_it_began_or_on_its_first_day_is_never_in_force(
    session: Session, sample: Sample, begins: date
) -> None:
    order = enter(session, sample, from_on=begins)
    last = TODAY - timedelta(days=1) if begins == TODAY else None
    end_delegation(session, sample.cast.malee, order.id, last, "ออกคำสั่งผิดคน", at(TODAY))
    assert order.is_revoked
    for day in (TODAY, begins, LAST):
        assert team_list(session, sample.cast.anong, day) == ()


@pytest.mark.parametrize(
    ("last", "reason", "field", "code"),
    [
        (None, "เหตุผล", "last_on", "required"),
        (TODAY, "  ", "reason", "missing"),
        (TODAY - timedelta(days=2), "เหตุผล", "last_on", "acts_since_then"),
        (LAST, "เหตุผล", "last_on", "not_earlier"),
    ],
)
def test_an_end_needs_a_day_before_the_last_and_a_reason(
    session: Session, sample: Sample, last: date | None, reason: str, field: str, code: str
) -> None:
    order = enter(session, sample, from_on=TODAY - timedelta(days=5))
    with pytest.raises(InvalidInput) as refused:
        end_delegation(session, sample.cast.malee, order.id, last, reason, at(TODAY))
    assert (refused.value.field, refused.value.code) == (field, code)
    assert order.until_on == LAST


def test_what_is_over_or_was_changed_meanwhile_is_not_ended_again(session: Session, sample: Sample) -> None:
    order = enter(session, sample)
    with pytest.raises(StaleVersion):
        end_delegation(session, sample.cast.malee, order.id, TODAY, "เหตุผล", at(TODAY), version=7)
    after = at(LAST + timedelta(days=1))
    with pytest.raises(StaleVersion):
        end_delegation(session, sample.cast.malee, order.id, LAST, "เหตุผล", after)
    with pytest.raises(NotVisible):
        end_delegation(session, sample.cast.olan, order.id, TODAY, "เหตุผล", at(TODAY))
    with pytest.raises(NotPermitted):
        end_delegation(session, sample.cast.suda, order.id, TODAY, "เหตุผล", at(TODAY))


def test_a_mistyped_number_is_corrected_with_what_it_was(session: Session, sample: Sample) -> None:
    order = enter(session, sample)
    correct_order_number(session, sample.cast.malee, order.id, " 21/2569 ", at(TODAY), version=order.version)
    assert order.order_number == "21/2569"
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "correct")).one()
    assert entry.detail == {"order_number": ["12/2569", "21/2569"]}
    with pytest.raises(StaleVersion):
        correct_order_number(session, sample.cast.malee, order.id, "3/2569", at(TODAY), version=1)


def test_the_list_finds_orders_by_standing_and_words(session: Session, sample: Sample) -> None:
    held = enter(session, sample)
    coming = enter(session, sample, represented=PRASIT, from_on=LAST, order_number="13/2569")
    revoked = enter(session, sample, represented=SOMCHAI, from_on=LAST, order_number="14/2569")
    end_delegation(session, sample.cast.malee, revoked.id, None, "ผิด", at(TODAY))

    def found(day: date = TODAY, **asked: Any) -> list[int]:
        return [row.id for row in order_list(session, sample.organisation.id, day, **asked).rows]

    assert found() == [revoked.id, coming.id, held.id]
    assert found(wanted=OrderStanding.IN_FORCE) == [held.id]
    assert found(wanted=OrderStanding.COMING) == [coming.id]
    assert found(wanted=OrderStanding.REVOKED) == [revoked.id]
    assert found(wanted=OrderStanding.PAST) == []
    assert found(LAST + timedelta(days=1), wanted=OrderStanding.PAST) == [coming.id, held.id]
    assert found(text="13/") == [coming.id] and found(text="ประสิทธิ์") == [coming.id]
    assert order_list(session, sample.other_organisation.id, TODAY).rows == ()
    own = own_orders(session, sample.cast.anong.person_id or 0, sample.organisation.id, TODAY)
    assert [row.id for row in own.acting_for] == [held.id, coming.id] and own.represented_by == ()


def test_an_order_of_another_organisation_opens_nothing_here(session: Session, sample: Sample) -> None:
    session.add(
        Delegation(
            organisation_id=sample.other_organisation.id,
            from_person_id=sample.cast.suda.person_id,
            to_person_id=sample.cast.anong.person_id,
            order_number="1",
            from_on=FIRST,
            until_on=LAST,
        )
    )
    session.flush()
    assert team_list(session, sample.cast.anong, TODAY) == ()
    with pytest.raises(NotVisible):
        assessment_page(session, sample.cast.anong, sample.assessment.id, TODAY)


@pytest.mark.parametrize(
    ("kind", "words"),
    [(DelegationKind.ACTING, "รักษาราชการแทน"), (DelegationKind.PERFORMING, "ปฏิบัติราชการแทน")],
)
def test_the_printed_form_is_signed_by_the_delegate_for_the_position_of_the_represented(
    session: Session, sample: Sample, kind: DelegationKind, words: str
) -> None:
    steps.rating(session, sample)
    order = enter(session, sample, kind=kind)
    anong = sample.cast.anong
    form = steps.entries(sample, steps.SUPERVISOR_LEVELS)
    ratings.save_ratings(session, anong, sample.assessment.id, RaterKind.SUPERVISOR, form, at(TODAY))
    assessments.submit_rating(session, anong, sample.assessment.id, at(TODAY))
    order.order_number = "99/2569"  # corrected later: what was signed says what it said then
    session.flush()
    signed = assessment_form(session, sample.assessment.id, TODAY).signatures[1]
    assert (signed.name, signed.position) == ("นางสาวอนงค์ แสงทอง", "นักทรัพยากรบุคคลชำนาญการ")
    assert (signed.acting_words, signed.acting_position) == (words, "หัวหน้าสำนักปลัด")
    assert (signed.on_behalf_of, signed.order_number) == ("นางสาวสุดา รักงาน", "12/2569")
