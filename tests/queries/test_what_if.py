"""What another expectation, pass rule or weight would bring: Somchai's released result against a trial.

Somchai is expected 3, 3, 2 and attained 2, 1, 3: gaps of one and of two levels (over a missing one), and a
strength.
"""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from idp.models import (
    Assignment,
    CrosswalkLink,
    Cycle,
    ExpectedLevel,
    Objection,
    PositionLevel,
    PositionProfile,
    ResultCorrection,
)
from idp.queries.what_if import WhatIf, what_if
from idp.rules.levels import PassRule
from idp.rules.objections import ObjectionState
from idp.rules.settings import OrganisationRules, ScoringRule
from idp.rules.terms import CrosswalkRelation, CycleState, PassRuleKind, PersonnelType, VersionState
from idp.rules.what_if import ExpectedChange, Scenario, WeightChange
from tests.factories import steps
from tests.factories.dictionary import make_dictionary
from tests.factories.fixtures import sample, session, shared_engine
from tests.factories.rounds import YEAR
from tests.factories.sample import (
    CYCLE_END,
    CYCLE_START,
    EXPECTED,
    WEIGHTS,
    Sample,
    add_colleague,
    at,
    make_cycle,
)

__all__ = ["sample", "session", "shared_engine"]

DAY = CYCLE_START + YEAR


@pytest.fixture
def next_cycle(session: Session, sample: Sample) -> Cycle:
    """The draft of the next year, for which the same is expected; Somchai's result is released."""
    steps.released(session, sample)
    level = session.scalars(select(PositionLevel.id)).one()
    session.add(
        PositionProfile(
            organisation_id=sample.organisation.id,
            position_level_id=level,
            from_on=CYCLE_START,
            expected_levels=[
                ExpectedLevel(competency_id=each.id, level=EXPECTED[code], weight=WEIGHTS[code])
                for code, each in sample.dictionary.competencies.items()
            ],
        )
    )
    rules = OrganisationRules()
    cycle = make_cycle(session, sample.organisation, sample.dictionary, rules, CycleState.DRAFT, code="2570")
    cycle.starts_on, cycle.ends_on = CYCLE_START + YEAR, CYCLE_END + YEAR
    session.flush()
    return cycle


def tried(session: Session, cycle: Cycle, scenario: Scenario, method: str = "bar") -> WhatIf:
    rules = OrganisationRules(scoring=dict.fromkeys(PersonnelType, ScoringRule(method)))
    return what_if(session, cycle, rules, scenario, DAY)


def gaps(found: WhatIf) -> tuple[int, int]:
    return found.whole.before.gaps, found.whole.after.gaps


def competency(sample: Sample, code: str) -> int:
    return sample.dictionary.competencies[code].id


def test_nothing_tried_is_as_it_stands(session: Session, sample: Sample, next_cycle: Cycle) -> None:
    found = tried(session, next_cycle, Scenario())
    assert gaps(found) == (2, 2) and found.whole.before == found.whole.after
    assert (found.people, found.with_result, found.changed_count) == (3, 1, 0)
    assert found.whole.before.levels == 3  # 3 - 2 and 3 - 1


def test_a_level_more_names_whose_gap_appears_and_what_it_costs(
    session: Session, sample: Sample, next_cycle: Cycle
) -> None:
    service = competency(sample, "c3")
    found = tried(session, next_cycle, Scenario((ExpectedChange(service, level=4),)))
    assert gaps(found) == (2, 3)
    (change,) = found.changed
    assert (change.name, change.expected_before, change.expected_after) == ("นายสมชาย ใจดี", 2, 4)
    assert (change.attained_before, change.gap_before, change.gap_after) == (3, 0, 1)
    # The first action for level 4 of that competency: the cheapest of those that develop one indicator.
    action = sample.dictionary.actions["c3", 4][0]
    assert found.whole.after.hours - found.whole.before.hours == action.hours
    assert found.whole.after.baht - found.whole.before.baht == action.cost_baht
    assert found.competencies[service].before.gaps == 0 and found.competencies[service].after.gaps == 1
    assert found.units[sample.unit.id].after.gaps == 3 and found.units[sample.unit.id].after.people == 1


def test_a_level_less_closes_a_gap_and_a_hole_in_the_ladder_is_stepped_over(
    session: Session, sample: Sample, next_cycle: Cycle
) -> None:
    found = tried(session, next_cycle, Scenario((ExpectedChange(competency(sample, "c2"), steps=-1),)))
    assert gaps(found) == (2, 1)  # level 2 is not on that ladder: 1 is expected, and attained
    assert [(each.expected_after, each.gap_after) for each in found.changed] == [(1, 0)]


@pytest.mark.parametrize(
    ("levels", "with_result", "gap_count"),
    [
        ({"1": 1, "2": 3, "3": 4}, 1, 0),  # 2 attained then is 3 of 3 expected now
        ({"1": 1, "2": 1, "3": 2}, 1, 1),
        ({"1": 1, "2": None, "3": 3}, 0, 0),  # to be assessed anew: nothing of now is known
    ],
)
def test_a_level_of_another_dictionary_counts_as_the_level_that_it_is_here(
    session: Session,
    sample: Sample,
    next_cycle: Cycle,
    levels: dict[str, int | None],
    with_result: int,
    gap_count: int,
) -> None:
    newer = make_dictionary(session, "other-core")
    for each in session.scalars(select(ExpectedLevel)):
        code = next(
            code for code, of in sample.dictionary.competencies.items() if of.id == each.competency_id
        )
        each.competency_id = newer.competencies[code].id
    for choice in next_cycle.frameworks:
        choice.framework_version = newer.version
    session.add(
        CrosswalkLink(
            from_framework="sample-core",
            from_competency="c1",
            to_framework="other-core",
            to_competency="c1",
            relation=CrosswalkRelation.EQUIVALENT,
            note_en="",
            level_map=levels,
        )
    )
    session.flush()
    found = tried(session, next_cycle, Scenario())
    assert (found.with_result, found.whole.before.gaps) == (with_result, gap_count)


def test_another_position_level_is_not_touched(session: Session, sample: Sample, next_cycle: Cycle) -> None:
    change = ExpectedChange(competency(sample, "c1"), position_level_id=999_999, level=1)
    assert gaps(tried(session, next_cycle, Scenario((change,)))) == (2, 2)


def test_a_gap_for_which_the_catalogue_has_nothing_is_counted(
    session: Session, sample: Sample, next_cycle: Cycle
) -> None:
    steps_up = Scenario((ExpectedChange(competency(sample, "c1"), level=5),))
    before = tried(session, next_cycle, steps_up)
    assert before.whole.after.without_action == 0  # level 3 comes next and has actions
    for action in sample.dictionary.actions["c1", 3]:
        action.state = VersionState.RETIRED
    session.flush()
    assert tried(session, next_cycle, steps_up).whole.after.without_action == 1


@pytest.mark.parametrize(
    ("rule", "levels"),
    [
        (PassRule(PassRuleKind.ALL), {"c1": 1, "c2": 1, "c3": 3}),
        (PassRule(PassRuleKind.MORE_THAN_HALF), {"c1": 2, "c2": 1, "c3": 3}),
        (PassRule(PassRuleKind.PERCENTAGE, 30), {"c1": 2, "c2": 1, "c3": 3}),
    ],
)
def test_another_pass_rule_reads_the_same_ticks_anew(
    session: Session, sample: Sample, next_cycle: Cycle, rule: PassRule, levels: Mapping[str, int]
) -> None:
    """Of level 2 of the first competency one indicator of three is taken away."""
    item = sample.items["c1"]
    rating = next(each for each in item.ratings if each.rater_kind.value == "supervisor")
    gone = sample.dictionary.indicators["c1", 2][0]
    rating.ticks = [tick for tick in rating.ticks if tick.indicator_id != gone]
    session.flush()
    found = tried(session, next_cycle, Scenario(pass_rule=rule))
    after = {code: EXPECTED[code] - level for code, level in levels.items() if EXPECTED[code] > level}
    assert found.whole.after.levels == sum(after.values())
    assert found.changed_count == (1 if levels["c1"] == 1 else 0)


def test_a_level_stated_outright_stays_whatever_the_pass_rule(
    session: Session, sample: Sample, next_cycle: Cycle
) -> None:
    for item in sample.items.values():
        for rating in item.ratings:
            rating.stated_level = int(rating.attained_level or 0)
    session.flush()
    assert tried(session, next_cycle, Scenario(pass_rule=PassRule(PassRuleKind.ALL))).changed_count == 0


def test_a_weight_changes_scores_where_the_method_counts_weights(
    session: Session, sample: Sample, next_cycle: Cycle
) -> None:
    scenario = Scenario(weight=WeightChange(competency(sample, "c3"), Decimal(100)))
    assert tried(session, next_cycle, scenario).scores.people == 0
    scores = tried(session, next_cycle, scenario, "comparison_table").scores
    # Points 3, 2, 5 of 5 by 40, 35, 25 % of 30; then 5 of 5 alone.
    assert (scores.people, scores.higher, scores.mean_before, scores.mean_after) == (
        1, 1, Decimal("18.90"), Decimal("30.00"),
    )  # fmt: skip


def test_who_is_expected_what_the_table_lacks_is_counted_and_not_scored(
    session: Session, sample: Sample, next_cycle: Cycle
) -> None:
    session.execute(
        update(ExpectedLevel).where(ExpectedLevel.competency_id == competency(sample, "c1")).values(level=0)
    )
    scenario = Scenario(weight=WeightChange(competency(sample, "c3"), Decimal(50)))
    scores = tried(session, next_cycle, scenario, "comparison_table").scores
    assert (scores.people, scores.not_in_table) == (0, 1)


def test_a_corrected_result_holds_and_is_not_read_anew_from_the_ticks(
    session: Session, sample: Sample, next_cycle: Cycle
) -> None:
    objection = Objection(
        organisation_id=sample.organisation.id,
        assessment_id=sample.assessment.id,
        state=ObjectionState.UPHELD,
        lodged_by_person_id=sample.cast.somchai.person_id,
        lodged_at=at(steps.RECEIPT_DAY),
        lodged_on=steps.RECEIPT_DAY,
        grounds="เห็นว่าผลไม่ตรงกับพฤติกรรม",
    )
    session.add(objection)
    session.flush()
    session.add(
        ResultCorrection(
            organisation_id=sample.organisation.id,
            objection_id=objection.id,
            assessment_id=sample.assessment.id,
            decided_on=steps.PLAN_DAY,
            levels={str(sample.items["c1"].id): {"from": 2, "to": 3, "reason": "มีหลักฐาน"}},
            created_at=at(steps.PLAN_DAY),
        )
    )
    session.flush()
    found = tried(session, next_cycle, Scenario(pass_rule=PassRule(PassRuleKind.ALL)))
    assert gaps(found) == (1, 1)


def test_the_neighbours_people_are_not_counted(session: Session, sample: Sample, next_cycle: Cycle) -> None:
    next_cycle.organisation_id = sample.other_organisation.id
    session.flush()
    assert tried(session, next_cycle, Scenario()).people == 0


def test_statements_do_not_grow_with_the_people(session: Session, sample: Sample, next_cycle: Cycle) -> None:
    seen: list[str] = []
    bind = session.connection()
    event.listen(bind, "before_cursor_execute", lambda _c, _k, statement, *_: seen.append(statement))
    tried(session, next_cycle, Scenario())
    few = len(seen)
    there = session.scalars(select(Assignment)).first()
    assert there is not None
    for number in range(40):
        colleague = add_colleague(session, sample, str(number + 1))
        session.add(
            Assignment(
                organisation_id=sample.organisation.id,
                employee_id=colleague.id,
                unit_id=there.unit_id,
                position_name=there.position_name,
                full_position=there.full_position,
                position_level_id=there.position_level_id,
                from_on=there.from_on,
            )
        )
    session.flush()
    seen.clear()
    assert tried(session, next_cycle, Scenario()).people == 43
    assert len(seen) <= few
