"""The level of the latest released assessment before, and the development since, found again by the crosswalk
when the framework changed."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    CompetencyFramework,
    CrosswalkLink,
    FrameworkVersion,
    Gap,
    Person,
    ProficiencyLevel,
)
from idp.queries.previous_levels import NO_BACKGROUND, DevelopmentSince, backgrounds, previous_levels
from idp.rules.settings import OrganisationRules
from idp.rules.terms import CrosswalkRelation, PlanItemState, VersionState
from idp.services import plans
from idp.services.objection_decisions import CorrectedLevel, Decision, uphold_objection
from tests.factories import steps
from tests.factories.dictionary import Dictionary, make_dictionary
from tests.factories.fixtures import sample, session, shared_engine
from tests.factories.sample import Sample, at, make_assessment, make_cycle
from tests.services.test_objections import A_DAY, lodged

__all__ = ["sample", "session", "shared_engine"]

NOTE = "ระดับ 1 ถึง 5 เทียบกันได้"


def next_year(session: Session, sample: Sample, dictionary: Dictionary, year: int = 2570) -> Assessment:
    """Somchai's assessment of a later fiscal year, not started."""
    cycle = make_cycle(session, sample.organisation, dictionary, OrganisationRules(), code=str(year))
    cycle.fiscal_year = year
    cycle.starts_on, cycle.ends_on = date(year - 544, 10, 1), date(year - 543, 9, 30)
    person = session.get_one(Person, sample.cast.suda.person_id)
    somchai = sample.employees["somchai"]
    return make_assessment(
        session, cycle, somchai, sample.unit, dictionary, supervisor=person, second_level=None
    )


def other_framework(session: Session) -> Dictionary:
    return make_dictionary(session, "other-core")


def link(
    session: Session,
    one: str,
    other: str,
    relation: CrosswalkRelation,
    levels: Mapping[int, int | None] | None = None,
) -> None:
    """What the competency `other` is, seen from `one`; each as "framework/code". Without `levels` an
    equivalent one's are the same, any other's are assessed anew."""
    ends = (*one.split("/"), *other.split("/"))
    names = ("from_framework", "from_competency", "to_framework", "to_competency")
    row = CrosswalkLink(**dict(zip(names, ends, strict=True)))
    row.relation, row.note_th, row.note_en = relation, NOTE, ""
    is_equivalent = relation is CrosswalkRelation.EQUIVALENT
    same = {number: number if is_equivalent else None for number in range(1, 6)}
    row.level_map = {str(level): target for level, target in (same if levels is None else levels).items()}
    session.add(row)
    session.flush()


def levels(session: Session, assessment: Assessment, dictionary: Dictionary) -> dict[str, Decimal]:
    codes = {competency.id: code for code, competency in dictionary.competencies.items()}
    found = previous_levels(session, [assessment.id]).get(assessment.id, {})
    return {codes[competency_id]: previous.level for competency_id, previous in found.items()}


def developed(session: Session, assessment: Assessment) -> Mapping[int, tuple[DevelopmentSince, ...]]:
    """By competency the development since the result before."""
    return backgrounds(session, [assessment.id]).get(assessment.id, NO_BACKGROUND).development


def test_the_same_competency_has_its_level_and_what_was_expected_then(
    session: Session, sample: Sample
) -> None:
    steps.released(session, sample)
    now = next_year(session, sample, sample.dictionary)
    found = previous_levels(session, [now.id])[now.id]
    c1 = found[sample.items["c1"].competency_id]
    assert levels(session, now, sample.dictionary) == steps.SUPERVISOR_LEVELS
    assert (c1.level, c1.expected) == (Decimal(2), 3)
    assert c1.relation is None and c1.is_comparable and c1.is_same_number
    assert (c1.aligned, c1.expected_aligned, c1.gap_aligned) == (2, 3, 1)
    assert (c1.cycle_id, c1.cycle_name_th) == (sample.cycle.id, sample.cycle.name_th)
    assert c1.competency_name_th == "การมุ่งผลสัมฤทธิ์"
    assert previous_levels(session, [sample.assessment.id]) == {}  # nothing before, and nothing later
    assert previous_levels(session, []) == {}


def test_a_result_that_is_not_released_yet_is_nobodys_to_see(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    now = next_year(session, sample, sample.dictionary)
    assert previous_levels(session, [now.id]) == {}
    assert developed(session, now) == {}


def test_the_latest_of_several_counts_whichever_is_asked_first(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    second = next_year(session, sample, sample.dictionary)
    third = next_year(session, sample, sample.dictionary, 2571)
    assert levels(session, third, sample.dictionary)["c1"] == 2  # the second is not released
    second.state = sample.assessment.state
    item = next(item for item in second.items if item.competency_id == sample.items["c1"].competency_id)
    session.add(Gap(item_id=item.id, expected_level=3, attained_level=Decimal("3.25"), gap=Decimal("-0.25")))
    session.flush()
    assert levels(session, third, sample.dictionary) == {"c1": Decimal("3.25")}
    assert levels(session, second, sample.dictionary)["c1"] == 2


def test_the_level_that_holds_after_an_objection_counts(session: Session, sample: Sample) -> None:
    objection = lodged(session, sample)
    decision = Decision("ที่ 5/2569", A_DAY + timedelta(days=20), "ฟังขึ้น")
    changed = {sample.items["c1"].id: CorrectedLevel(4, "มีเหตุการณ์รองรับ")}
    moment = at(decision.decided_on)
    uphold_objection(session, sample.cast.malee, objection.id, decision, changed, None, moment)
    now = next_year(session, sample, sample.dictionary)
    assert levels(session, now, sample.dictionary)["c1"] == 4


def test_another_person_has_no_part_in_it(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    now = next_year(session, sample, sample.dictionary)
    now.employee = sample.employees["anong"]
    session.flush()
    assert previous_levels(session, [now.id]) == {}


@pytest.mark.parametrize("derived", [False, True])
def test_the_same_code_in_another_version_or_a_derived_framework_is_the_same(
    session: Session, sample: Sample, derived: bool
) -> None:
    steps.released(session, sample)
    newer = other_framework(session)
    newer.version.based_on_version_id = sample.dictionary.version.id
    if not derived:
        newer.version.framework, newer.version.number = sample.dictionary.version.framework, 2
    session.flush()
    now = next_year(session, sample, newer)
    found = previous_levels(session, [now.id])[now.id]
    assert levels(session, now, newer) == steps.SUPERVISOR_LEVELS
    assert {each.relation for each in found.values()} == {None}


def test_a_framework_derived_of_a_derived_one_finds_its_way_back(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    between = FrameworkVersion(
        number=1,
        state=VersionState.RETIRED,
        name_th="ฉบับก่อน",
        name_en="",
        source_note="",
        content_hash="1" * 64,
        framework=CompetencyFramework(code="between"),
        based_on_version_id=sample.dictionary.version.id,
    )
    session.add(between)
    session.flush()
    newest = other_framework(session)
    newest.version.based_on_version_id = between.id
    session.flush()
    now = next_year(session, sample, newest)
    assert levels(session, now, newest) == steps.SUPERVISOR_LEVELS


def test_frameworks_without_a_link_have_nothing_in_common(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    now = next_year(session, sample, other_framework(session))
    assert previous_levels(session, [now.id]) == {}


R = CrosswalkRelation


@pytest.mark.parametrize(
    ("one", "other", "relation", "seen", "comparable"),
    [
        ("sample-core/c1", "other-core/c3", R.EQUIVALENT, R.EQUIVALENT, True),
        ("other-core/c3", "sample-core/c1", R.EQUIVALENT, R.EQUIVALENT, True),
        ("sample-core/c1", "other-core/c3", R.BROADER, R.NARROWER, False),
        ("other-core/c3", "sample-core/c1", R.BROADER, R.BROADER, False),
        ("sample-core/c1", "other-core/c3", R.NARROWER, R.BROADER, False),
        ("other-core/c3", "sample-core/c1", R.RELATED, R.RELATED, False),
    ],
)
def test_the_crosswalk_is_read_both_ways(
    session: Session, sample: Sample, one: str, other: str, relation: R, seen: R, comparable: bool
) -> None:
    """The relation says what the competency of then is, seen from that of now."""
    link(session, one, other, relation)
    steps.released(session, sample)
    newer = other_framework(session)
    now = next_year(session, sample, newer)
    [previous] = previous_levels(session, [now.id])[now.id].values()
    assert levels(session, now, newer) == {"c3": 2}
    assert (previous.relation, previous.note_th, previous.is_comparable) == (seen, NOTE, comparable)
    assert previous.competency_name_th == "การมุ่งผลสัมฤทธิ์"


@pytest.mark.parametrize(
    ("forwards", "levels", "aligned", "gap"),
    [
        (True, {1: 2, 2: 3, 3: 4, 4: 5, 5: 6}, 3, 1),
        (True, {1: 1, 2: None, 3: 3}, None, None),
        (True, {1: 1, 2: 2, 3: None}, 2, None),  # what was expected then has no counterpart
        (True, {}, None, None),
        (False, {1: 1, 2: None, 3: 2, 4: 3}, 3, 1),
        (False, {1: 1, 2: 1, 3: 2, 4: 3}, 3, 1),
        (False, {1: 1, 2: 2, 3: 2, 4: 3}, None, None),  # two levels lead here: which one is not known
        (False, {1: 2, 2: 3}, 1, 1),
        (True, {1: 5, 2: 7, 3: 8}, None, None),  # the ladder of now ends at 6
    ],
)
def test_an_equivalent_competencys_level_is_that_of_the_map_or_assessed_anew(
    session: Session,
    sample: Sample,
    forwards: bool,
    levels: dict[int, int | None],
    aligned: int | None,
    gap: int | None,
) -> None:
    """Level 2 of 3 expected then, of a competency that has level 6 now; the pair is read both ways."""
    then, now_ = "sample-core/c1", "other-core/c3"
    one, other = (then, now_) if forwards else (now_, then)
    link(session, one, other, CrosswalkRelation.EQUIVALENT, levels)
    steps.released(session, sample)
    now = next_year(session, sample, other_framework(session))
    [previous] = previous_levels(session, [now.id])[now.id].values()
    assert (previous.level, previous.expected) == (2, 3)
    assert (previous.aligned, previous.gap_aligned) == (aligned, gap)
    assert previous.is_comparable == (aligned is not None)
    assert previous.relation is CrosswalkRelation.EQUIVALENT


def test_a_level_that_a_newer_version_no_longer_has_is_assessed_anew(
    session: Session, sample: Sample
) -> None:
    steps.released(session, sample)
    newer = other_framework(session)
    newer.version.based_on_version_id = sample.dictionary.version.id
    now = next_year(session, sample, newer)
    c1 = newer.competencies["c1"].id
    [level] = session.scalars(
        select(ProficiencyLevel).where(ProficiencyLevel.competency_id == c1, ProficiencyLevel.number == 2)
    )
    level.number = 6
    session.flush()
    previous = previous_levels(session, [now.id])[now.id][c1]
    assert (previous.relation, previous.level, previous.aligned) == (None, 2, None)
    assert previous.expected_aligned == 3


def test_the_closest_of_several_counterparts_counts(session: Session, sample: Sample) -> None:
    link(session, "sample-core/c1", "other-core/c1", R.RELATED)
    link(session, "other-core/c1", "sample-core/c3", R.EQUIVALENT)
    link(session, "sample-core/c2", "other-core/c1", R.BROADER)
    steps.released(session, sample)
    newer = other_framework(session)
    now = next_year(session, sample, newer)
    assert levels(session, now, newer) == {"c1": steps.SUPERVISOR_LEVELS["c3"]}


def test_the_development_since_is_that_of_the_plans_agreed(session: Session, sample: Sample) -> None:
    link(session, "sample-core/c2", "other-core/c3", R.BROADER)
    drafted = steps.submitted(session, sample)
    newer = other_framework(session)
    now = next_year(session, sample, newer)
    assert developed(session, now) == {}
    plans.approve_plan(session, sample.cast.suda, drafted.id, at(steps.REVIEW_DAY), "เห็นชอบ")
    of_c2 = [item for item in drafted.items if item.competency_id == sample.items["c2"].competency_id]
    found = developed(session, now)
    [[line]] = found.values()
    assert found.keys() == {newer.competencies["c3"].id}
    assert (line.plan_item_id, line.title, line.hours) == (of_c2[0].id, of_c2[0].title, of_c2[0].hours)
    assert (line.relation, line.is_evaluated, line.state) == (R.NARROWER, False, PlanItemState.PLANNED)
    of_c2[0].state = PlanItemState.CANCELLED
    session.flush()
    assert developed(session, now) == {}


def test_a_plan_drawn_from_the_assessment_itself_came_after_it(session: Session, sample: Sample) -> None:
    steps.approved(session, sample)
    assert backgrounds(session, [sample.assessment.id]) == {}


def test_the_number_of_statements_is_the_same_for_one_and_for_many(session: Session, sample: Sample) -> None:
    steps.approved(session, sample)
    many = [next_year(session, sample, sample.dictionary, year).id for year in range(2570, 2582)]
    session.commit()
    session.execute(text("SELECT 1"))  # the transaction begins

    def statements(ids: list[int]) -> int:
        count = 0

        def one_more(*_args: object) -> None:
            nonlocal count
            count += 1

        bind = session.get_bind()
        event.listen(bind, "before_cursor_execute", one_more)
        try:
            assert previous_levels(session, ids).keys() == set(ids)
            found = backgrounds(session, ids)
            assert all(found[each].development for each in ids)
        finally:
            event.remove(bind, "before_cursor_execute", one_more)
        return count

    assert statements(many[:1]) == statements(many) <= 15
