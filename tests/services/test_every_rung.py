"""Every one of the 42 competencies of the frameworks, rated at every one of its rungs through the service."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    AssessmentItem,
    BehaviouralIndicator,
    Competency,
    CompetencyFramework,
    FrameworkVersion,
    ProficiencyLevel,
    Rating,
)
from idp.rules.settings import OrganisationRules
from idp.rules.terms import PassRuleKind, RaterKind
from idp.services import ratings
from idp.services.ratings import RatingEntry
from idp.services.seeding import read_seeds
from idp.services.seeding.load_frameworks import load_frameworks
from tests.factories import steps
from tests.factories.sample import CREATED, Sample, at, make_sample

COMPETENCIES, LEVELS = 42, 216
RULES = (PassRuleKind.MORE_THAN_HALF, PassRuleKind.ALL)


@dataclass(frozen=True)
class Climbed:
    """One competency of the frameworks on Somchai's form. `rungs`: its levels above 0 with the ids of their
    indicators, lowest first."""

    item_id: int
    rungs: tuple[tuple[int, tuple[int, ...]], ...]
    has_nought: bool


def everything_on_one_form(session: Session, sample: Sample) -> list[Climbed]:
    """Somchai is rated in every competency of the library, after those of the sample."""
    load_frameworks(session, read_seeds(), CREATED)
    rows = session.execute(
        select(Competency.id, ProficiencyLevel.number, BehaviouralIndicator.id)
        .join(ProficiencyLevel, ProficiencyLevel.competency_id == Competency.id)
        .join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .outerjoin(BehaviouralIndicator, BehaviouralIndicator.level_id == ProficiencyLevel.id)
        .where(CompetencyFramework.code != "sample-core")
        .order_by(Competency.id, ProficiencyLevel.number, BehaviouralIndicator.id)
    )
    ladders: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for competency_id, number, indicator_id in rows:
        ladders[competency_id][number] += [] if indicator_id is None else [indicator_id]
    assert (len(ladders), sum(map(len, ladders.values()))) == (COMPETENCIES, LEVELS)
    climbed = []
    for place, (competency_id, levels) in enumerate(ladders.items(), start=len(sample.items) + 1):
        item = AssessmentItem(
            competency_id=competency_id, sort_order=place, expected_level=3, weight_percent=Decimal(0)
        )
        sample.assessment.items.append(item)
        session.flush()
        rungs = tuple((number, tuple(ids)) for number, ids in levels.items() if number > 0)
        climbed.append(Climbed(item.id, rungs, 0 in levels))
    return climbed


def rate(session: Session, sample: Sample, entries: Mapping[int, RatingEntry]) -> dict[int, Rating]:
    """The supervisor's ratings after these entries, by item."""
    ratings.save_ratings(
        session,
        sample.cast.suda,
        sample.assessment.id,
        RaterKind.SUPERVISOR,
        entries,
        at(steps.RATING_DAY),
    )
    found = session.scalars(
        select(Rating).where(Rating.rater_kind == RaterKind.SUPERVISOR, Rating.item_id.in_(entries))
    )
    return {rating.item_id: rating for rating in found}


def prepared(session: Session, rule: PassRuleKind) -> tuple[Sample, list[Climbed]]:
    sample = make_sample(session, OrganisationRules(pass_rule=rule))
    steps.rating(session, sample)
    return sample, everything_on_one_form(session, sample)


def up_to(climbed: Climbed, place: int) -> list[tuple[int, ...]]:
    return [indicators for _number, indicators in climbed.rungs[:place]]


def as_entry(rungs: list[tuple[int, ...]]) -> RatingEntry:
    return RatingEntry(frozenset(each for rung in rungs for each in rung), None, "เหตุการณ์ที่แสดง")


@pytest.mark.parametrize("rule", RULES)
def test_the_ticks_up_to_a_rung_attain_that_rung(session: Session, rule: PassRuleKind) -> None:
    sample, form = prepared(session, rule)
    reached = 0
    for place in range(1, max(len(each.rungs) for each in form) + 1):
        asked = [each for each in form if place <= len(each.rungs)]
        found = rate(session, sample, {each.item_id: as_entry(up_to(each, place)) for each in asked})
        for each in asked:
            rating = found[each.item_id]
            assert rating.attained_level == each.rungs[place - 1][0]
            assert rating.blocked_by is None
            reached += 1
    assert reached == LEVELS - sum(each.has_nought for each in form)


def test_a_rung_left_out_breaks_the_ladder_and_is_named(session: Session) -> None:
    sample, form = prepared(session, PassRuleKind.MORE_THAN_HALF)
    broken = 0
    for skipped in range(max(len(each.rungs) for each in form) - 1):
        asked = [each for each in form if skipped + 1 < len(each.rungs)]
        entries = {
            each.item_id: as_entry(
                [ids for place, (_number, ids) in enumerate(each.rungs) if place != skipped]
            )
            for each in asked
        }
        found = rate(session, sample, entries)
        for each in asked:
            rating = found[each.item_id]
            assert rating.blocked_by == each.rungs[skipped][0]
            assert rating.attained_level == (each.rungs[skipped - 1][0] if skipped else 0)
            broken += 1
    assert broken == sum(len(each.rungs) - 1 for each in form)


def test_every_rung_may_be_stated_directly_and_level_nought_is_a_rating(session: Session) -> None:
    sample, form = prepared(session, PassRuleKind.MORE_THAN_HALF)
    for place in range(max(len(each.rungs) for each in form) + 1):
        levels = {
            each.item_id: each.rungs[place - 1][0] if place else 0
            for each in form
            if place <= len(each.rungs)
        }
        entries = {item: RatingEntry(frozenset(), level, "เหตุการณ์ที่แสดง") for item, level in levels.items()}
        found = rate(session, sample, entries)
        assert {item: rating.attained_level for item, rating in found.items()} == levels
