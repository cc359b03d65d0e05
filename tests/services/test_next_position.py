"""The way to a next position: the sample's K2 beside a K3 of which 4, 3 and (in one line of work) 4 are
expected; Somchai attained 2 in c1, 1 in c2 (no level 2), 3 in c3."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Assignment,
    ExpectedLevel,
    LineOfWork,
    OrganisationSetting,
    PlanItem,
    PositionLevel,
    PositionProfile,
)
from idp.queries.next_position import ExpectedThere, Post, post_choices, way_to_post
from idp.queries.plan_of_year import plan_of_year
from idp.rules.errors import NotPermitted, NotVisible, StaleVersion, TransitionNotAllowed
from idp.rules.terms import CompetencyCategory, CrosswalkRelation, Standing
from idp.services import plans
from idp.services.next_position import add_for_position
from tests.factories import steps
from tests.factories.dictionary import Dictionary, make_dictionary
from tests.factories.fixtures import sample, session, shared_engine
from tests.factories.sample import CYCLE_START, Sample, at
from tests.queries.test_previous_levels import link
from tests.services.carry_over_cast import next_result

__all__ = ["sample", "session", "shared_engine"]

NOW, DAY = at(steps.PLAN_DAY), steps.PLAN_DAY
LIMIT = 3


def prepare(session: Session, sample: Sample, dictionary: Dictionary | None = None) -> Post:
    """K3, what is expected there, and a line of work with c3 besides; the post of that line at K3."""
    used = dictionary or sample.dictionary
    k3 = PositionLevel(
        code="K3",
        families="local-government",
        type_name_th="วิชาการ",
        type_name_en="Knowledge worker",
        name_th="ชำนาญการพิเศษ",
        name_en="Senior professional",
        sort_order=2,
    )
    line = LineOfWork(code="hr", name_th="นักทรัพยากรบุคคล", name_en="Human resources")
    session.add_all((k3, line))
    session.flush()
    for line_id, levels in ((None, {"c1": 4, "c2": 3}), (line.id, {"c3": 4})):
        session.add(
            PositionProfile(
                organisation_id=sample.organisation.id,
                line_of_work_id=line_id,
                position_level_id=k3.id,
                from_on=CYCLE_START,
                expected_levels=[
                    ExpectedLevel(competency_id=used.competencies[code].id, level=level)
                    for code, level in levels.items()
                ],
            )
        )
    code = used.version.framework.code
    session.add(
        OrganisationSetting(
            organisation_id=sample.organisation.id,
            key="frameworks",
            from_on=date(2020, 1, 1),
            value=[{"code": code, "category": each.value} for each in CompetencyCategory],
        )
    )
    session.flush()
    return Post(k3.id, line.id)


def way(
    session: Session, sample: Sample, post: Post, used: Dictionary | None = None
) -> dict[str, ExpectedThere]:
    codes = {each.id: code for code, each in (used or sample.dictionary).competencies.items()}
    found = way_to_post(session, sample.assessment, post, DAY, LIMIT)
    return {codes[each.competency_id]: each for each in found}


def test_what_is_expected_there_stands_beside_what_was_attained(session: Session, sample: Sample) -> None:
    post = prepare(session, sample)
    steps.released(session, sample)
    found = way(session, sample, post)
    assert list(found) == ["c1", "c2", "c3"]  # the largest gap first
    assert [(each.expected, each.attained, each.gap) for each in found.values()] == [
        (4, Decimal(2), Decimal(2)),
        (3, Decimal(1), Decimal(2)),
        (4, Decimal(3), Decimal(1)),
    ]
    assert [each.next_level for each in found.values()] == [3, 3, 4]  # c2 has no level 2
    actions = [action.id for action in found["c1"].actions]
    assert actions == [each.id for each in sample.dictionary.actions["c1", 3][:LIMIT]]


def test_a_competency_that_was_never_rated_is_not_zero(session: Session, sample: Sample) -> None:
    post = prepare(session, sample)
    steps.released(session, sample)
    session.delete(session.merge(sample.items["c3"]).gap)
    session.flush()
    found = way(session, sample, post)["c3"]
    assert (found.attained, found.gap, found.standing, found.next_level) == (
        None,
        None,
        Standing.UNRATED,
        None,
    )
    assert found.actions == ()
    first_level = sample.dictionary.actions["c3", 1][0].id
    with pytest.raises(NotVisible):
        add_for_position(
            session, sample.cast.somchai, sample.assessment.id, post, first_level, at(steps.PLAN_DAY)
        )


def test_the_level_that_is_met_has_nothing_to_reach(session: Session, sample: Sample) -> None:
    post = prepare(session, sample)
    steps.released(session, sample, {"c1": 4, "c2": 3, "c3": 5})
    found = way(session, sample, post)
    assert {code: each.standing for code, each in found.items()} == {
        "c1": Standing.MET,
        "c2": Standing.MET,
        "c3": Standing.STRENGTH,
    }
    assert not any(each.actions or each.next_level for each in found.values())


@pytest.mark.parametrize("relation", [CrosswalkRelation.EQUIVALENT, CrosswalkRelation.RELATED])
def test_a_dictionary_of_another_line_is_read_by_the_crosswalk(
    session: Session, sample: Sample, relation: CrosswalkRelation
) -> None:
    other = make_dictionary(session, "new-core")
    levels = {2: 3} if relation is CrosswalkRelation.EQUIVALENT else {}
    link(session, "sample-core/c1", "new-core/c1", relation, levels)
    post = prepare(session, sample, other)
    steps.released(session, sample)
    found = way(session, sample, post, other)
    c1 = found["c1"]
    if relation is CrosswalkRelation.EQUIVALENT:
        assert (c1.attained, c1.gap, c1.is_anew) == (Decimal(3), Decimal(1), False)
    else:
        assert (c1.attained, c1.gap, c1.is_anew) == (None, None, True)
    assert c1.rated_as_th == "การมุ่งผลสัมฤทธิ์"
    assert (found["c2"].attained, found["c2"].is_anew, found["c2"].rated_as_th) == (None, False, None)


def test_the_same_line_at_the_next_level_is_proposed(session: Session, sample: Sample) -> None:
    post = prepare(session, sample)
    somchai = sample.employees["somchai"].id
    assignment = session.scalars(select(Assignment).where(Assignment.employee_id == somchai)).one()
    assignment.line_of_work_id = post.line_of_work_id
    session.flush()
    choices = post_choices(session, sample.organisation.id, somchai, DAY)
    assert choices.next == post and choices.has(post)
    assert not choices.has(Post(post.position_level_id, 10**6)) and not choices.has(Post(10**6, None))
    assignment.position_level_id = post.position_level_id  # the highest there is
    session.flush()
    assert post_choices(session, sample.organisation.id, somchai, DAY).next == post
    nobody = post_choices(session, sample.organisation.id, sample.employees["olan"].id, DAY)
    assert nobody.current is None and nobody.next is not None


def test_a_post_of_which_nothing_is_written_says_so(session: Session, sample: Sample) -> None:
    post = prepare(session, sample)
    steps.released(session, sample)
    k2 = session.scalars(select(PositionLevel.id).where(PositionLevel.code == "K2")).one()
    assert way_to_post(session, sample.assessment, Post(k2, None), DAY, LIMIT) == ()
    assert set(way(session, sample, Post(post.position_level_id, None))) == {"c1", "c2"}


def test_an_action_becomes_a_line_that_starts_from_the_level_attained(
    session: Session, sample: Sample
) -> None:
    other = make_dictionary(session, "new-core")
    link(session, "sample-core/c1", "new-core/c1", CrosswalkRelation.EQUIVALENT)
    post = prepare(session, sample, other)
    steps.received(session, sample)
    action = way(session, sample, post, other)["c1"].actions[0]
    item = add_for_position(session, sample.cast.somchai, sample.assessment.id, post, action.id, NOW)
    assert (item.action_id, item.competency_id) == (action.id, other.competencies["c1"].id)
    assert (item.from_level, item.target_level) == (2, 3)
    again = add_for_position(session, sample.cast.somchai, sample.assessment.id, post, action.id, NOW)
    assert again.id == item.id
    assert len(session.scalars(select(PlanItem.id)).all()) == 1


def test_who_may_not_plan_for_somebody_may_not_add(session: Session, sample: Sample) -> None:
    post, cast = prepare(session, sample), sample.cast
    steps.received(session, sample)
    number, action = sample.assessment.id, way(session, sample, post)["c1"].actions[0].id
    for actor in (cast.suda, cast.malee):
        with pytest.raises(NotPermitted):
            add_for_position(session, actor, number, post, action, NOW)
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            add_for_position(session, actor, number, post, action, NOW)
    for unknown in (10**6, sample.dictionary.actions["c1", 5][0].id):  # not what is next
        with pytest.raises(NotVisible):
            add_for_position(session, cast.somchai, number, post, unknown, NOW)


def test_two_assessments_in_a_year_share_the_plan_and_each_is_reckoned_with_by_itself(
    session: Session, sample: Sample
) -> None:
    post, somchai = prepare(session, sample), sample.cast.somchai
    steps.received(session, sample)
    plan = plans.draft_plan(session, somchai, sample.assessment.id, NOW)
    second = next_result(
        session, sample, sample.dictionary, year=2569, levels={"c1": 3, "c2": 3, "c3": 2}, code="2569/2"
    )
    actions = sample.dictionary.actions
    item = add_for_position(session, somchai, second.id, post, actions["c3", 3][0].id, NOW, plan.version)
    assert (item.plan_id, item.from_level, item.target_level) == (plan.id, 2, 3)
    with pytest.raises(NotVisible):  # the next level of the first half, not of this one
        add_for_position(session, somchai, second.id, post, actions["c3", 4][0].id, NOW)
    assert plan_of_year(session, second.id) is plan_of_year(session, sample.assessment.id) is plan


def test_stale_plans_and_plans_under_review_are_let_be(session: Session, sample: Sample) -> None:
    post, somchai = prepare(session, sample), sample.cast.somchai
    plan = steps.drafted(session, sample)
    action = way(session, sample, post)["c3"].actions[0].id
    with pytest.raises(StaleVersion):
        add_for_position(session, somchai, sample.assessment.id, post, action, NOW, plan.version + 1)
    plans.submit_plan(session, somchai, plan.id, NOW, "")
    with pytest.raises(TransitionNotAllowed):
        add_for_position(session, somchai, sample.assessment.id, post, action, NOW)
