"""Who misses one level of one competency of the library, whichever, is proposed actions for that level, and
is told why: all 211 levels above 0."""

from collections import defaultdict
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    BehaviouralIndicator,
    Competency,
    CompetencyFramework,
    FrameworkVersion,
    Gap,
    Person,
    ProficiencyLevel,
    Rating,
    RatingTick,
    Suggestion,
)
from idp.rules.suggestions import Reason
from idp.rules.terms import AssessmentState, RaterKind, SuggestionRule
from idp.services.seeding import load_seeds, read_seeds
from idp.services.suggestions import make_suggestions
from tests.factories import steps
from tests.factories.sample import CREATED, Sample, add_colleague, at, make_assessment, make_sample

LEVELS = 211
Ladder = dict[int, tuple[int, ...]]
"""Each level above 0 with the ids of its indicators."""


def ladders(session: Session) -> dict[int, tuple[str, Ladder]]:
    """By competency of the library: its framework and version, and its levels."""
    rows = session.execute(
        select(
            Competency.id,
            CompetencyFramework.code,
            FrameworkVersion.number,
            ProficiencyLevel.number,
            BehaviouralIndicator.id,
        )
        .join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .join(ProficiencyLevel, ProficiencyLevel.competency_id == Competency.id)
        .join(BehaviouralIndicator, BehaviouralIndicator.level_id == ProficiencyLevel.id)
        .where(ProficiencyLevel.number > 0, CompetencyFramework.code != "sample-core")
        .order_by(Competency.id, ProficiencyLevel.number, BehaviouralIndicator.sort_order)
    )
    names: dict[int, str] = {}
    levels: dict[int, dict[int, tuple[int, ...]]] = defaultdict(dict)
    for competency_id, code, version, number, indicator_id in rows:
        names[competency_id] = f"{code}/{version}"
        levels[competency_id][number] = (*levels[competency_id].get(number, ()), indicator_id)
    return {each: (names[each], levels[each]) for each in levels}


def add_person(session: Session, sample: Sample, number: int) -> Assessment:
    return make_assessment(
        session,
        sample.cycle,
        add_colleague(session, sample, str(number)),
        sample.unit,
        sample.dictionary,
        supervisor=session.get_one(Person, sample.cast.suda.person_id),
        second_level=None,
        state=AssessmentState.RELEASED,
        released_at=at(steps.RELEASE_DAY),
    )


def miss(
    session: Session, assessment: Assessment, competency_id: int, levels: Ladder, level: int, ticked: int
) -> int:
    """Everything below `level` is shown, and the first `ticked` of its own indicators, which are not enough;
    the item's id."""
    lower = max((number for number in levels if number < level), default=0)
    item = AssessmentItem(
        assessment=assessment,
        competency_id=competency_id,
        sort_order=competency_id + 100,
        expected_level=level,
        weight_percent=Decimal(1),
    )
    session.add(item)
    session.flush()
    shown = [indicator for number, ids in levels.items() if number < level for indicator in ids]
    rating = Rating(
        item_id=item.id,
        rater_kind=RaterKind.SUPERVISOR,
        attained_level=Decimal(lower),
        updated_at=at(steps.RATING_DAY),
        ticks=[RatingTick(indicator_id=each) for each in (*shown, *levels[level][:ticked])],
    )
    gap = Gap(
        item_id=item.id,
        expected_level=level,
        attained_level=Decimal(lower),
        gap=Decimal(level - lower),
    )
    session.add_all((rating, gap))
    return item.id


@pytest.mark.parametrize("nearly", [False, True], ids=["nothing_ticked", "all_but_one_ticked"])
def test_every_level_of_every_framework_has_a_suggestion_that_explains_itself(
    session: Session, nearly: bool
) -> None:
    sample = make_sample(session)
    load_seeds(session, read_seeds(), CREATED)
    found = ladders(session)
    tallest = max(len(levels) for _, levels in found.values())
    people = [add_person(session, sample, number) for number in range(tallest)]
    missed: dict[int, tuple[str, int, int, frozenset[int]]] = {}
    for competency_id, (framework, levels) in found.items():
        numbers = sorted(levels)
        for person, level in zip(people, numbers, strict=False):
            ticked = len(levels[level]) - 1 if nearly else 0
            item_id = miss(session, person, competency_id, levels, level, ticked)
            lower = max((number for number in numbers if number < level), default=0)
            missed[item_id] = framework, level, lower, frozenset(levels[level][ticked:])
    assert len(missed) == LEVELS
    session.flush()
    make_suggestions(session, [person.id for person in people])
    of_item: dict[int, list[Suggestion]] = defaultdict(list)
    for each in session.scalars(select(Suggestion).order_by(Suggestion.rank)):
        of_item[each.assessment_item_id].append(each)
    for item_id, (framework, level, lower, missing) in missed.items():
        assert of_item[item_id], f"{framework}: nothing for level {level}"
        for suggestion in of_item[item_id]:
            reason, action = Reason.from_json(suggestion.reason), suggestion.action
            assert suggestion.target_level == reason.target_level == action.level.number == level
            assert (reason.expected, reason.attained, reason.gap) == (level, lower, level - lower)
            assert reason.rule is SuggestionRule.NEXT_LEVEL
            assert set(reason.indicators_missing) == missing
            assert set(reason.indicators_developed) <= missing
            assert (reason.framework, reason.source) == (framework, action.key)
            assert action.title_th and action.evidence_th and action.measure_th
        if not nearly:  # what is not shown at all is developed by somebody's best proposal
            assert of_item[item_id][0].reason["indicators_developed"]
