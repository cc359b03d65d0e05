"""Opening a cycle by sets and in chunks: each person once, everything frozen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    Competency,
    Cycle,
    ExpectedLevel,
    Notice,
    PositionLevel,
    PositionProfile,
    UserAccount,
)
from idp.rules.errors import NotPermitted, NotVisible, RequirementNotMet, StaleVersion, TransitionNotAllowed
from idp.rules.settings import rules_from_json
from idp.rules.terms import AssessmentState, CycleState, PassRuleKind, Requirement
from idp.services.cycles import publish_cycle
from idp.services.opening import begin_opening, continue_opening
from idp.services.settings import set_rules
from tests.services.cycle_cast import DAY, NOW, Town, add_town, draft_cycle, open_cycle

CHUNK = 3
PEOPLE = 10


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session, staff=PEOPLE)


def _begun(town: Town) -> Cycle:
    cycle = draft_cycle(town)
    publish_cycle(town.session, town.actor("malee"), cycle.id, NOW)
    return begin_opening(town.session, town.actor("malee"), cycle.id, NOW)


def test_chunks_cut_off_and_continued_give_each_person_exactly_one_assessment(town: Town) -> None:
    session = town.session
    cycle_id = _begun(town).id
    session.commit()
    seen = []
    for chunk in range(4):
        continue_opening(session, cycle_id, NOW, chunk=CHUNK)
        session.rollback()  # the worker died before its commit: the chunk is made again
        assert not continue_opening(session, cycle_id, NOW, chunk=CHUNK)
        session.commit()
        seen.append(session.scalar(select(func.count()).where(Assessment.cycle_id == cycle_id)))
        assert session.get_one(Cycle, cycle_id).state is CycleState.OPENING, chunk
    assert seen == [3, 6, 9, PEOPLE]
    assert continue_opening(session, cycle_id, NOW, chunk=CHUNK)
    session.commit()
    assert session.get_one(Cycle, cycle_id).state is CycleState.OPEN
    assert continue_opening(session, cycle_id, NOW, chunk=CHUNK)
    made = session.scalars(select(Assessment.employee_id).where(Assessment.cycle_id == cycle_id)).all()
    assert sorted(made) == sorted(employee.id for employee in town.employees.values())


def test_the_weights_of_each_person_total_exactly_a_hundred(town: Town) -> None:
    cycle = open_cycle(town)
    totals = town.session.execute(
        select(Assessment.id, func.sum(AssessmentItem.weight_percent), func.count())
        .join(AssessmentItem)
        .where(Assessment.cycle_id == cycle.id)
        .group_by(Assessment.id)
    ).all()
    assert len(totals) == PEOPLE
    assert {(Decimal(total), count) for _, total, count in totals} == {(Decimal(100), 3)}


def test_three_equal_weights_differ_by_one_hundredth_at_most(town: Town) -> None:
    open_cycle(town)
    weights = set(town.session.scalars(select(AssessmentItem.weight_percent)))
    assert weights == {Decimal("33.34"), Decimal("33.33")}


def test_weights_that_total_97_are_replaced_by_equal_ones_and_whole_ones_are_kept(town: Town) -> None:
    for expected, weight in zip(town.profile.expected_levels, (50, 30, 17), strict=True):
        expected.weight = Decimal(weight)
    town.session.flush()
    open_cycle(town, "with-97")
    town.profile.expected_levels[2].weight = Decimal(20)
    town.session.flush()
    kept = open_cycle(town, "with-100")
    assert _weights(town, "with-97") == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert _weights(town, kept.code) == [Decimal(50), Decimal(30), Decimal(20)]


def test_an_expected_level_that_the_ladder_lacks_falls_to_the_next_lower_one(town: Town) -> None:
    open_cycle(town)
    found = town.session.execute(
        select(Competency.code, AssessmentItem.expected_level).join(Competency).distinct()
    ).all()
    assert dict(found) == {"c1": 2, "c2": 1, "c3": 2}


def test_a_later_rename_or_move_does_not_change_what_was_frozen(town: Town) -> None:
    cycle = open_cycle(town)
    person, employee = town.persons["staff4"], town.employees["staff4"]
    person.first_name, person.display_name = "ใหม่", "นายใหม่ ใจดี"
    town.persons["suda"].display_name = "นางสุดา เปลี่ยนแล้ว"
    town.section.name_th = "งานชื่อใหม่"
    other = PositionLevel(
        code="X3",
        families="local-government",
        type_name_th="วิชาการ",
        type_name_en="",
        name_th="ชำนาญการพิเศษ",
        name_en="",
        sort_order=2,
    )
    town.session.add(other)
    town.session.flush()
    town.place("staff4", supervisor="prasit", level=other, from_on=DAY + timedelta(days=1))
    town.session.expire_all()
    frozen = town.session.scalars(
        select(Assessment).where(Assessment.cycle_id == cycle.id, Assessment.employee_id == employee.id)
    ).one()
    assert (frozen.first_name, frozen.position_name, frozen.position_level_name) == (
        "ลำดับที่4",
        "นักจัดการงานทั่วไป",
        "ชำนาญการ",
    )
    assert frozen.unit_path_name == "งานบริหารทั่วไป สำนักปลัด"
    assert frozen.supervisor_name == "นายสุดา ใจดี"
    assert frozen.supervisor_position == "นักจัดการงานทั่วไปชำนาญการ"
    assert frozen.second_level_name == "นายประสิทธิ์ ใจดี"
    assert frozen.supervisor_person_id == town.persons["suda"].id


def test_an_appraiser_from_outside_is_frozen_with_the_office(town: Town) -> None:
    open_cycle(town)
    head = town.session.scalars(
        select(Assessment).where(Assessment.employee_id == town.employees["prasit"].id)
    ).one()
    assert (head.supervisor_name, head.supervisor_position) == ("นายนายก มั่นคง", "นายกเทศมนตรี")
    assert (head.second_level_person_id, head.second_level_name, head.second_level_position) == (None, "", "")


def test_the_rules_of_the_day_are_frozen_and_later_settings_do_not_reach_the_cycle(town: Town) -> None:
    cycle = open_cycle(town)
    changed = {"pass_rule": PassRuleKind.ALL.value}
    set_rules(town.session, town.actor("malee"), town.organisation.id, changed, DAY, NOW)
    town.session.expire_all()
    assert rules_from_json(cycle.settings).pass_rule is PassRuleKind.MORE_THAN_HALF
    states = set(town.session.scalars(select(Assessment.state)))
    assert states == {AssessmentState.NOT_STARTED}


def test_everybody_assessed_and_everybody_who_rates_is_told_once(town: Town) -> None:
    cycle = open_cycle(town)
    told = dict(
        town.session.execute(
            select(Notice.event, func.count()).where(Notice.subject_id == cycle.id).group_by(Notice.event)
        ).all()
    )
    assert told == {"cycle:opened_for_owner": PEOPLE, "cycle:opened_for_rater": 3}


def test_who_left_before_the_day_is_not_assessed_and_who_leaves_that_day_is(town: Town) -> None:
    town.employees["staff4"].left_on = DAY - timedelta(days=1)
    town.employees["staff5"].left_on = DAY
    town.session.flush()
    open_cycle(town)
    made = set(town.session.scalars(select(Assessment.employee_number)))
    assert town.employees["staff4"].number not in made
    assert town.employees["staff5"].number in made


def test_a_cycle_that_pre_flight_stops_does_not_open_and_says_whom_it_concerns(town: Town) -> None:
    town.place("staff4", supervisor=None, second=None, from_on=DAY)
    cycle = draft_cycle(town)
    publish_cycle(town.session, town.actor("malee"), cycle.id, NOW)
    with pytest.raises(RequirementNotMet) as refused:
        begin_opening(town.session, town.actor("malee"), cycle.id, NOW)
    assert refused.value.missing == (Requirement.PRE_FLIGHT_PASSED,)
    assert refused.value.details == ("นายลำดับที่4 ใจดี",)
    assert cycle.state is CycleState.PUBLISHED


def test_a_profile_taken_away_under_way_stops_the_last_step(town: Town) -> None:
    cycle = _begun(town)
    town.session.execute(delete(ExpectedLevel))
    town.session.execute(delete(PositionProfile))
    continue_opening(town.session, cycle.id, NOW)
    with pytest.raises(RequirementNotMet):
        continue_opening(town.session, cycle.id, NOW)


def test_the_outsider_and_the_employee_open_nothing(town: Town) -> None:
    neighbour = add_town(town.session, "neighbour", staff=3)
    cycle = draft_cycle(town)
    publish_cycle(town.session, town.actor("malee"), cycle.id, NOW)
    with pytest.raises(NotVisible):
        begin_opening(town.session, neighbour.actor("malee"), cycle.id, NOW)
    with pytest.raises((NotVisible, NotPermitted)):
        begin_opening(town.session, town.actor("staff4"), cycle.id, NOW)
    assert cycle.state is CycleState.PUBLISHED


def test_a_draft_does_not_open_and_an_old_version_neither(town: Town) -> None:
    cycle, malee = draft_cycle(town), town.actor("malee")
    with pytest.raises(TransitionNotAllowed):
        begin_opening(town.session, malee, cycle.id, NOW)
    with pytest.raises(StaleVersion):
        begin_opening(town.session, malee, cycle.id, NOW, expected_version=cycle.version + 1)


def test_opening_one_organisation_touches_no_other(town: Town) -> None:
    neighbour = add_town(town.session, "neighbour", staff=3)
    open_cycle(town)
    theirs = select(func.count()).where(Assessment.organisation_id == neighbour.organisation.id)
    assert town.session.scalar(theirs) == 0
    assert town.session.scalar(select(func.count()).select_from(UserAccount)) == 0


def _weights(town: Town, code: str) -> list[Decimal]:
    one = select(Assessment.id).join(Cycle).where(Cycle.code == code).order_by(Assessment.id).limit(1)
    return list(
        town.session.scalars(
            select(AssessmentItem.weight_percent)
            .where(AssessmentItem.assessment_id == one.scalar_subquery())
            .order_by(AssessmentItem.sort_order)
        )
    )


def test_the_day_of_opening_is_the_day_that_counts_however_late_the_worker_comes(town: Town) -> None:
    cycle = _begun(town)
    town.employees["staff4"].left_on = date(2026, 10, 6)
    town.session.flush()
    continue_opening(town.session, cycle.id, NOW + timedelta(days=3))
    assert town.session.scalar(select(func.count()).select_from(Assessment)) == PEOPLE
