"""Strengths offered to colleagues: Somchai shows c3 one level above what is expected, and c1 and c2 below."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from idp.models import Assignment, Employee, HistoryEntry, MentorOffer, Notice, PlanItem, Unit
from idp.queries.forms import plan_form
from idp.queries.mentees import mentees_of
from idp.queries.mentoring import (
    Place,
    all_offers,
    mentor_choices,
    mentors_for,
    offers_near,
    own_offers,
    place_of,
)
from idp.queries.plan_snapshots import lines_as_kept
from idp.queries.strengths import strengths_of, strengths_of_team
from idp.rules.errors import (
    InvalidInput,
    InvalidInputs,
    NotPermitted,
    NotVisible,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.terms import DevelopmentMethod, PlanItemState, PlanState, SubjectType
from idp.services import plans
from idp.services.mentoring import OfferFields, ask_mentor, offer_mentoring, withdraw_offer
from idp.services.plan_fields import PlanItemFields
from idp.services.plan_items import add_item, update_item
from idp.services.results import release_assessment
from tests.factories import steps
from tests.factories.crowd import add_crowd
from tests.factories.rounds import earlier_cycle, released_result
from tests.factories.sample import Sample, at

NOW = at(steps.PLAN_DAY)
DAY = steps.PLAN_DAY


def offered(
    session: Session, sample: Sample, employee: str = "anong", code: str = "c1", level: int = 4, most: int = 2
) -> MentorOffer:
    """A standing offer, as a row: whoever gives it need not have a result."""
    offer = MentorOffer(
        organisation_id=sample.organisation.id,
        employee_id=sample.employees[employee].id,
        competency_id=sample.dictionary.competencies[code].id,
        level=level,
        most_mentees=most,
        offered_at=NOW,
    )
    session.add(offer)
    session.flush()
    return offer


def line_of(session: Session, sample: Sample, code: str = "c1") -> PlanItem:
    competency_id = sample.dictionary.competencies[code].id
    return session.scalars(select(PlanItem).where(PlanItem.competency_id == competency_id)).one()


def another_unit(session: Session, sample: Sample, parent: Unit | None, name: str) -> Unit:
    unit = Unit(
        organisation_id=sample.organisation.id, code=name, name_th=name, parent_id=parent and parent.id
    )
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    session.flush()
    return unit


def move(session: Session, sample: Sample, name: str, unit: Unit) -> None:
    assignment = session.scalars(
        select(Assignment).where(Assignment.employee_id == sample.employees[name].id)
    ).one()
    assignment.unit_id = unit.id
    session.flush()


def test_a_strength_is_above_what_is_expected_or_at_the_top(session: Session, sample: Sample) -> None:
    steps.released(session, sample, {"c1": 5, "c2": 3, "c3": 3})
    sample.items["c1"].expected_level = 5
    session.flush()
    found = {each.competency_id for each in strengths_of(session, sample.employees["somchai"].id)}
    assert found == {sample.dictionary.competencies[code].id for code in ("c1", "c3")}


def test_only_the_latest_released_result_tells_of_a_strength(session: Session, sample: Sample) -> None:
    then = released_result(session, sample, earlier_cycle(session, sample), {"c1": 5})
    somchai = sample.employees["somchai"].id
    assert [each.assessment_id for each in strengths_of(session, somchai)] == [then.id]
    steps.second_opinion(session, sample)
    assert [each.assessment_id for each in strengths_of(session, somchai)] == [then.id]
    release_assessment(session, sample.cast.malee, sample.assessment.id, at(steps.RELEASE_DAY))
    assert [each.item_id for each in strengths_of(session, somchai)] == [sample.items["c3"].id]


def test_offering_a_strength_is_history_and_withdrawing_keeps_it(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    somchai = sample.cast.somchai
    offer = offer_mentoring(session, somchai, sample.items["c3"].id, OfferFields(3, 1, " ช่วงบ่าย "), NOW)
    assert (offer.level, offer.most_mentees, offer.note) == (3, 1, "ช่วงบ่าย")
    assert [
        each.id for each in own_offers(session, somchai.organisation_id or 0, somchai.person_id or 0, DAY)
    ]
    withdraw_offer(session, somchai, offer.id, NOW)
    events = session.scalars(
        select(HistoryEntry.event)
        .where(HistoryEntry.subject_type == SubjectType.MENTOR_OFFER, HistoryEntry.subject_id == offer.id)
        .order_by(HistoryEntry.sequence)
    ).all()
    assert events == ["offer_mentoring", "withdraw_offer"]
    again = offer_mentoring(session, somchai, sample.items["c3"].id, OfferFields(2), NOW)
    assert again.id != offer.id


def test_what_is_offered_already_or_was_withdrawn_is_refused(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    somchai = sample.cast.somchai
    offer = offer_mentoring(session, somchai, sample.items["c3"].id, OfferFields(3), NOW)
    with pytest.raises(TransitionNotAllowed):
        offer_mentoring(session, somchai, sample.items["c3"].id, OfferFields(3), NOW)
    withdraw_offer(session, somchai, offer.id, NOW)
    with pytest.raises(TransitionNotAllowed):
        withdraw_offer(session, somchai, offer.id, NOW)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        (OfferFields(4), {"level"}),
        (OfferFields(0), {"level"}),
        (OfferFields(None), {"level"}),
        (OfferFields(3, 0), {"most_mentees"}),
        (OfferFields(3, 11), {"most_mentees"}),
        (OfferFields(3, None, "ก" * 501), {"most_mentees", "note"}),
    ],
)
def test_every_wrong_field_is_named(
    session: Session, sample: Sample, fields: OfferFields, names: set[str]
) -> None:
    steps.released(session, sample)
    with pytest.raises(InvalidInputs) as refusal:
        offer_mentoring(session, sample.cast.somchai, sample.items["c3"].id, fields, NOW)
    assert {each.field for each in refusal.value.problems} == names


def test_a_gap_or_an_unreleased_result_is_nothing_to_offer(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    with pytest.raises(NotVisible):
        offer_mentoring(session, sample.cast.somchai, sample.items["c3"].id, OfferFields(3), NOW)
    release_assessment(session, sample.cast.malee, sample.assessment.id, at(steps.RELEASE_DAY))
    for item_id in (sample.items["c1"].id, 10**6):
        with pytest.raises(NotVisible):
            offer_mentoring(session, sample.cast.somchai, item_id, OfferFields(1), NOW)


def test_nobody_offers_for_another_nor_after_leaving(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    cast, item = sample.cast, sample.items["c3"].id
    for actor in (cast.suda, cast.prasit, cast.malee):
        with pytest.raises(NotPermitted):
            offer_mentoring(session, actor, item, OfferFields(3), NOW)
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            offer_mentoring(session, actor, item, OfferFields(3), NOW)
    offer = offer_mentoring(session, cast.somchai, item, OfferFields(3), NOW)
    for actor in (cast.suda, cast.malee, cast.anong, cast.olan):
        with pytest.raises(NotVisible):
            withdraw_offer(session, actor, offer.id, NOW)
    withdraw_offer(session, cast.somchai, offer.id, NOW)
    session.get_one(Employee, sample.employees["somchai"].id).left_on = date(2025, 11, 19)
    session.flush()
    with pytest.raises(NotPermitted):
        offer_mentoring(session, cast.somchai, item, OfferFields(3), NOW)


def test_the_same_unit_comes_first_then_what_is_below_the_unit_above(
    session: Session, sample: Sample
) -> None:
    top = another_unit(session, sample, None, "กอง")
    own, beside = another_unit(session, sample, top, "ฝ่ายหนึ่ง"), another_unit(session, sample, top, "ฝ่ายสอง")
    far = another_unit(session, sample, None, "กองอื่น")
    move(session, sample, "somchai", own)
    move(session, sample, "suda", own)
    move(session, sample, "anong", beside)
    offered(session, sample, "anong")
    offered(session, sample, "suda")
    place = place_of(session, sample.organisation.id, sample.cast.somchai.person_id or 0, DAY)
    assert place is not None
    found, left_out = offers_near(session, place, DAY, 200)
    assert left_out == 0
    people = [(each.person_id, each.is_same_unit) for each in found]
    assert people == [(sample.cast.suda.person_id, True), (sample.cast.anong.person_id, False)]
    move(session, sample, "anong", far)
    found, _left_out = offers_near(session, place, DAY, 200)
    assert [each.person_id for each in found] == [sample.cast.suda.person_id]


def test_a_mentor_reaches_the_level_has_room_and_is_somebody_else(session: Session, sample: Sample) -> None:
    plan = steps.drafted(session, sample)
    line = line_of(session, sample)
    assert line.target_level == 3

    def choices() -> list[int]:
        found = mentor_choices(session, plan, line.competency_id, line.target_level, DAY)
        return [each.person_id for each in found]

    offered(session, sample, "somchai", level=5)
    low = offered(session, sample, "anong", level=2)
    assert choices() == []
    low.level, low.most_mentees = 3, 1
    session.flush()
    assert choices() == [sample.cast.anong.person_id]
    assert mentor_choices(session, plan, None, None, DAY) == ()
    # Who has them already takes no second place; somebody else's line does.
    line.mentor_person_id = sample.cast.anong.person_id
    session.flush()
    assert choices() == [sample.cast.anong.person_id]
    plan.owner_person_id = sample.cast.malee.person_id or 0
    session.flush()
    place = Place(
        sample.organisation.id, sample.cast.somchai.person_id or 0, sample.unit.id, sample.unit.path
    )
    wanted = {line.competency_id or 0: 3}
    assert mentors_for(session, place, wanted, DAY) == {}
    line.state = PlanItemState.ACHIEVED
    session.flush()
    assert mentors_for(session, place, wanted, DAY).keys() == wanted.keys()


def test_a_great_many_offers_are_read_without_naming_everybody(session: Session, sample: Sample) -> None:
    add_crowd(session, sample, 1001, 1300)
    competency_id = sample.dictionary.competencies["c1"].id
    offer = {"competency_id": competency_id, "level": 4, "most_mentees": 2, "offered_at": NOW}
    whole = {"organisation_id": sample.organisation.id, **offer}
    crowd = select(Assignment.employee_id).where(Assignment.employee_id != sample.employees["somchai"].id)
    session.execute(insert(MentorOffer), [whole | {"employee_id": each} for each in session.scalars(crowd)])
    somchai = sample.cast.somchai.person_id or 0
    place = Place(sample.organisation.id, somchai, sample.unit.id, "/")
    named: list[int] = []

    def note(_connection: Any, _cursor: Any, _statement: str, parameters: Any, *_more: Any) -> None:
        named.append(len(parameters))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        near, left_out = offers_near(session, place, DAY, 200)
        found = mentors_for(session, place, {competency_id: 3}, DAY)[competency_id]
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)
    assert len(near) == 200 and len(near) + left_out == len(found) > 300
    assert {each.id for each in near} < {each.id for each in found}
    assert max(named) < 30


def test_who_left_or_withdrew_is_nobodys_mentor(session: Session, sample: Sample) -> None:
    plan = steps.drafted(session, sample)
    line = line_of(session, sample)
    offer = offered(session, sample)
    assert mentor_choices(session, plan, line.competency_id, 3, DAY)
    session.get_one(Employee, sample.employees["anong"].id).left_on = date(2025, 11, 1)
    session.flush()
    assert mentor_choices(session, plan, line.competency_id, 3, DAY) == ()
    session.get_one(Employee, sample.employees["anong"].id).left_on = None
    offer.withdrawn_at = NOW
    session.flush()
    assert mentor_choices(session, plan, line.competency_id, 3, DAY) == ()


def asked(session: Session, sample: Sample) -> list[Notice]:
    return list(session.scalars(select(Notice).where(Notice.event == "plan:ask_mentor").order_by(Notice.id)))


def test_asking_names_the_mentor_and_tells_them_once(session: Session, sample: Sample) -> None:
    plan = steps.drafted(session, sample)
    offered(session, sample)
    line, anong = line_of(session, sample), sample.cast.anong.person_id
    line.responsible = "นางสุดา ผู้สอนงาน"
    session.flush()
    ask_mentor(session, sample.cast.somchai, line.id, anong, NOW, plan.version)
    assert (line.mentor_person_id, line.responsible) == (anong, "นางสุดา ผู้สอนงาน")
    named = ("นางสาวอนงค์ แสงทอง", "นางสุดา ผู้สอนงาน")
    (kept,) = lines_as_kept(session, [line])  # in the plan's versions
    assert (kept["mentor"], kept["responsible"]) == named
    printed = plan_form(session, plan.id, DAY).lines[plan.items.index(line)]
    assert (printed.mentor, printed.responsible) == named
    (notice,) = asked(session, sample)
    assert (notice.recipient_person_id, notice.subject_id) == (anong, plan.id)
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "ask_mentor")).one()
    assert [entry.detail[side]["mentor"] for side in ("before", "after")] == ["", "นางสาวอนงค์ แสงทอง"]
    ask_mentor(session, sample.cast.somchai, line.id, anong, at(steps.REVIEW_DAY))
    assert len(asked(session, sample)) == 1


def test_the_mentor_sees_who_for_what_and_when(session: Session, sample: Sample) -> None:
    steps.drafted(session, sample)
    offer, line = offered(session, sample), line_of(session, sample)
    ask_mentor(session, sample.cast.somchai, line.id, sample.cast.anong.person_id, NOW)
    offer.withdrawn_at = NOW  # the line stays
    session.flush()
    (mentee,) = mentees_of(session, sample.organisation.id, sample.cast.anong.person_id or 0)
    assert (mentee.name, mentee.competency_name_th) == ("นายสมชาย ใจดี", "การมุ่งผลสัมฤทธิ์")
    assert (mentee.starts_on, mentee.is_approved) == (line.starts_on, False)
    assert mentees_of(session, sample.other_organisation.id, sample.cast.anong.person_id or 0) == ()


def test_nobody_else_asks_and_nobody_is_asked_who_does_not_offer(session: Session, sample: Sample) -> None:
    plan = steps.drafted(session, sample)
    line, cast = line_of(session, sample), sample.cast
    with pytest.raises(InvalidInput, match="mentor_person_id"):
        ask_mentor(session, cast.somchai, line.id, cast.anong.person_id, NOW)
    offered(session, sample)
    for actor in (cast.suda, cast.malee, *cast.outsiders):
        with pytest.raises((NotVisible, NotPermitted)):
            ask_mentor(session, actor, line.id, cast.anong.person_id, NOW)
    with pytest.raises(StaleVersion):
        ask_mentor(session, cast.somchai, line.id, cast.anong.person_id, NOW, plan.version + 1)
    plan_id = plan.id
    plans.submit_plan(session, cast.somchai, plan_id, NOW, "")
    with pytest.raises(TransitionNotAllowed):
        ask_mentor(session, cast.somchai, line.id, cast.anong.person_id, NOW)
    assert plan.state is PlanState.SUBMITTED and asked(session, sample) == []


def test_a_mentor_chosen_in_the_lines_form_is_told_too(session: Session, sample: Sample) -> None:
    plan = steps.drafted(session, sample)
    offered(session, sample)
    competency_id = sample.dictionary.competencies["c1"].id
    fields = PlanItemFields("สอนงาน", DevelopmentMethod.MENTORING, competency_id, 3)
    item = add_item(session, sample.cast.somchai, plan.id, fields, NOW)
    assert asked(session, sample) == []
    named = PlanItemFields(
        "สอนงาน",
        DevelopmentMethod.MENTORING,
        competency_id,
        3,
        mentor_person_id=sample.cast.anong.person_id,
    )
    update_item(session, sample.cast.somchai, item.id, named, NOW)
    update_item(session, sample.cast.somchai, item.id, named, at(steps.REVIEW_DAY))
    add_item(session, sample.cast.somchai, plan.id, named, NOW)
    assert [each.recipient_person_id for each in asked(session, sample)] == [sample.cast.anong.person_id]


def test_who_rates_somebody_knows_their_strengths_and_nobody_else(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    (strength,) = strengths_of_team(session, sample.cast.suda, DAY)
    assert (strength.item_id, strength.name) == (sample.items["c3"].id, "นายสมชาย ใจดี")
    for actor in (sample.cast.somchai, sample.cast.malee, *sample.cast.outsiders):
        assert strengths_of_team(session, actor, DAY) == ()


def test_the_office_sees_every_offer_of_its_own_organisation(session: Session, sample: Sample) -> None:
    offer = offered(session, sample)
    found, following = all_offers(session, sample.organisation.id, DAY)
    assert [each.id for each in found] == [offer.id] and following is None
    assert all_offers(session, sample.other_organisation.id, DAY) == ((), None)
