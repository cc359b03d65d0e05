"""Keeping what a rater filled in: the level, the checks, what is written and what is not."""

from collections.abc import Mapping

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, Rating, RatingTick
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, StaleVersion, TransitionNotAllowed
from idp.rules.settings import OrganisationRules
from idp.rules.terms import PassRuleKind, RaterKind
from idp.services import ratings
from idp.services.ratings import RatingEntry
from tests.factories import steps
from tests.factories.sample import Sample, at, make_sample

NOW = at(steps.SELF_DAY)


def save(
    session: Session, sample: Sample, form: Mapping[str, RatingEntry], version: int | None = None
) -> None:
    entries = {sample.items[code].id: entry for code, entry in form.items()}
    ratings.save_ratings(
        session, sample.cast.somchai, sample.assessment.id, RaterKind.SELF, entries, NOW, version
    )


def kept(session: Session, sample: Sample, code: str) -> Rating:
    return session.scalars(select(Rating).where(Rating.item_id == sample.items[code].id)).one()


def at_levels(sample: Sample, code: str, *levels: int) -> frozenset[int]:
    """Every indicator of these levels."""
    return frozenset(indicator for level in levels for indicator in sample.dictionary.indicators[code, level])


@pytest.mark.parametrize(
    ("code", "levels", "attained", "blocked_by"),
    [
        ("c1", (1,), 1, None),
        ("c1", (1, 2, 3), 3, None),
        ("c1", (1, 3), 1, 2),  # a broken ladder attains its lower rung, and says what breaks it
        ("c1", (2,), 0, 1),
        ("c2", (1, 3), 3, None),  # this ladder has no level 2
        ("c2", (1, 4), 1, 3),
        ("c3", (1, 2, 3, 4, 5, 6), 6, None),
    ],
)
def test_the_level_is_derived_from_the_ticks(
    session: Session,
    sample: Sample,
    code: str,
    levels: tuple[int, ...],
    attained: int,
    blocked_by: int | None,
) -> None:
    steps.self_assessing(session, sample)
    save(session, sample, {code: RatingEntry(at_levels(sample, code, *levels))})
    rating = kept(session, sample, code)
    assert rating.attained_level == attained
    assert (rating.blocked_by, rating.stated_level) == (blocked_by, None)
    assert {tick.indicator_id for tick in rating.ticks} == at_levels(sample, code, *levels)
    assert rating.rated_by_person_id == sample.cast.somchai.person_id


@pytest.mark.parametrize(("rule", "attained"), [(PassRuleKind.MORE_THAN_HALF, 1), (PassRuleKind.ALL, 0)])
def test_enough_is_what_the_rules_frozen_in_the_cycle_say(
    session: Session, rule: PassRuleKind, attained: int
) -> None:
    sample = make_sample(session, OrganisationRules(pass_rule=rule))
    steps.self_assessing(session, sample)
    two_of_three = frozenset(sample.dictionary.indicators["c1", 1][:2])
    save(session, sample, {"c1": RatingEntry(two_of_three)})
    assert kept(session, sample, "c1").attained_level == attained


def test_a_stated_level_goes_before_the_ticks(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    save(session, sample, {"c1": RatingEntry(at_levels(sample, "c1", 1), stated_level=4)})
    rating = kept(session, sample, "c1")
    assert rating.attained_level == 4
    assert (rating.stated_level, rating.blocked_by) == (4, None)


def test_nothing_filled_in_is_not_rated_and_level_0_is(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    save(
        session,
        sample,
        {"c1": RatingEntry(), "c2": RatingEntry(evidence="จะเขียนต่อ"), "c3": RatingEntry(stated_level=0)},
    )
    rows = {rating.item_id: rating.attained_level for rating in session.scalars(select(Rating))}
    assert rows == {sample.items["c2"].id: None, sample.items["c3"].id: 0}


@pytest.mark.parametrize(("code", "level"), [("c2", 2), ("c1", 6), ("c1", -1)])
def test_a_level_that_the_ladder_lacks_cannot_be_stated(
    session: Session, sample: Sample, code: str, level: int
) -> None:
    steps.self_assessing(session, sample)
    with pytest.raises(InvalidInput) as refusal:
        save(session, sample, {code: RatingEntry(stated_level=level)})
    assert (refusal.value.field, refusal.value.code) == (
        f"item-{sample.items[code].id}-level",
        "level_not_on_ladder",
    )


def test_indicators_of_another_competency_cannot_be_ticked(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    with pytest.raises(InvalidInput) as refusal:
        save(session, sample, {"c1": RatingEntry(at_levels(sample, "c2", 1))})
    assert refusal.value.field == f"item-{sample.items['c1'].id}-ticks"


@pytest.mark.parametrize(("text", "code"), [("ก" * 4001, "too_long"), ("a\x00b", "not_text")])
def test_evidence_has_its_limits(session: Session, sample: Sample, text: str, code: str) -> None:
    steps.self_assessing(session, sample)
    with pytest.raises(InvalidInput) as refusal:
        save(session, sample, {"c1": RatingEntry(evidence=text)})
    assert (refusal.value.field, refusal.value.code) == (f"item-{sample.items['c1'].id}-evidence", code)
    save(session, sample, {"c1": RatingEntry(evidence="ก" * 4000)})


def test_an_item_of_another_assessment_does_not_exist(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    with pytest.raises(NotVisible):
        ratings.save_ratings(
            session,
            sample.cast.somchai,
            sample.assessment.id,
            RaterKind.SELF,
            {99_999: RatingEntry(stated_level=1)},
            NOW,
        )


def test_saving_the_same_again_writes_nothing(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    form = {"c1": RatingEntry(at_levels(sample, "c1", 1), None, " หลักฐาน \r\n ")}
    save(session, sample, form)
    version = sample.assessment.version
    lines = session.scalar(select(func.count()).select_from(HistoryEntry))
    save(session, sample, form)
    assert sample.assessment.version == version
    assert session.scalar(select(func.count()).select_from(HistoryEntry)) == lines


def test_a_change_is_kept_in_the_history_with_what_stood_there_before(
    session: Session, sample: Sample
) -> None:
    steps.self_assessing(session, sample)
    save(session, sample, {"c1": RatingEntry(at_levels(sample, "c1", 1, 2), None, "เดิม")})
    save(session, sample, {"c1": RatingEntry(at_levels(sample, "c1", 1, 3), None, "ใหม่")})
    rating = kept(session, sample, "c1")
    assert {tick.indicator_id for tick in rating.ticks} == at_levels(sample, "c1", 1, 3)
    assert rating.attained_level == 1
    assert (rating.blocked_by, rating.version) == (2, 2)
    assert session.scalar(select(func.count()).select_from(RatingTick)) == len(rating.ticks)
    change = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert change is not None
    [item] = change.detail["items"]
    assert change.event == "save_ratings"
    assert (item["before"]["evidence"], item["after"]["evidence"]) == ("เดิม", "ใหม่")
    assert (item["before"]["attained"], item["after"]["attained"]) == (2, 1)


def test_two_open_forms_do_not_overwrite_each_other(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    read = sample.assessment.version
    save(session, sample, {"c1": RatingEntry(stated_level=1)}, read)
    with pytest.raises(StaleVersion):
        save(session, sample, {"c1": RatingEntry(stated_level=2)}, read)
    assert kept(session, sample, "c1").attained_level == 1


def test_a_self_assessment_is_written_by_its_owner_alone(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    form = steps.entries(sample, steps.SELF_LEVELS)
    cast, number = sample.cast, sample.assessment.id
    for actor in (cast.suda, cast.prasit, cast.malee):
        with pytest.raises(NotPermitted):
            ratings.save_ratings(session, actor, number, RaterKind.SELF, form, NOW)
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            ratings.save_ratings(session, actor, number, RaterKind.SELF, form, NOW)


def test_the_supervisors_rating_is_written_by_the_supervisor_alone(session: Session, sample: Sample) -> None:
    steps.rating(session, sample)
    form = steps.entries(sample, steps.SUPERVISOR_LEVELS)
    cast, number = sample.cast, sample.assessment.id
    for actor in (cast.somchai, cast.prasit, cast.malee):
        with pytest.raises(NotPermitted):
            ratings.save_ratings(session, actor, number, RaterKind.SUPERVISOR, form, at(steps.RATING_DAY))
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            ratings.save_ratings(session, actor, number, RaterKind.SUPERVISOR, form, at(steps.RATING_DAY))


def test_a_rating_is_written_only_while_its_step_lasts(session: Session, sample: Sample) -> None:
    form = steps.entries(sample, steps.SELF_LEVELS)
    cast, number = sample.cast, sample.assessment.id
    with pytest.raises(TransitionNotAllowed):
        ratings.save_ratings(session, cast.somchai, number, RaterKind.SELF, form, NOW)
    steps.self_submitted(session, sample)
    with pytest.raises(TransitionNotAllowed):
        ratings.save_ratings(session, cast.somchai, number, RaterKind.SELF, form, NOW)
    with pytest.raises(TransitionNotAllowed):
        ratings.save_ratings(session, cast.suda, number, RaterKind.SUPERVISOR, form, at(steps.RATING_DAY))


def test_what_was_not_named_stays_as_it_is_and_no_other_persons_item_is_written(
    session: Session, sample: Sample
) -> None:
    steps.self_assessing(session, sample)
    cast, number, item = sample.cast, sample.assessment.id, sample.items["c1"].id
    one = {item: RatingEntry(frozenset(at_levels(sample, "c1", 1)), None, "")}
    ratings.save_ratings(session, cast.somchai, number, RaterKind.SELF, one, NOW)
    assert kept(session, sample, "c1").attained_level == 1
    assert session.scalar(select(func.count()).select_from(Rating)) == 1
    with pytest.raises(NotVisible):
        ratings.save_ratings(session, cast.olan, number, RaterKind.SELF, one, NOW)
