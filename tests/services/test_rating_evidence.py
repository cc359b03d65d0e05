"""What a supervisor's rating cannot be handed in without: words where the level asks for them."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Suggestion
from idp.rules.errors import RequirementNotMet
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentState, RaterKind, Requirement, SecondOpinion
from idp.services import assessments, ratings, results
from idp.services.ratings import RatingEntry
from tests.factories import steps
from tests.factories.sample import Sample, at, make_sample

NOW = at(steps.RATING_DAY)


def hand_in(session: Session, sample: Sample, form: Mapping[str, RatingEntry]) -> None:
    """The other competencies lie below what is expected, where nothing is asked for."""
    below = {code: RatingEntry(sample.dictionary.up_to(code, 1)) for code in sample.items}
    entries = {sample.items[code].id: entry for code, entry in (below | dict(form)).items()}
    suda, number = sample.cast.suda, sample.assessment.id
    ratings.save_ratings(session, suda, number, RaterKind.SUPERVISOR, entries, NOW)
    assessments.submit_rating(session, suda, number, NOW)


@pytest.mark.parametrize(("noted_level", "enough"), [(3, True), (2, False), (4, False)])
def test_a_note_at_the_attained_level_is_evidence_and_one_elsewhere_is_not(
    session: Session, sample: Sample, noted_level: int, enough: bool
) -> None:
    """c1 attains 3; an indicator of level 4 is ticked too, which is not enough to pass it."""
    steps.rating(session, sample)
    dictionary = sample.dictionary
    ticks = dictionary.up_to("c1", 3) | {dictionary.indicators["c1", 4][0]}
    notes = {dictionary.indicators["c1", noted_level][0]: "โครงการลดขั้นตอน"}
    form = {"c1": RatingEntry(ticks, notes=notes)}
    if enough:
        hand_in(session, sample, form)
        assert sample.assessment.state is AssessmentState.RATED
        return
    with pytest.raises(RequirementNotMet) as refusal:
        hand_in(session, sample, form)
    assert refusal.value.missing == (Requirement.EVIDENCE_GIVEN,)
    assert refusal.value.details == ("การมุ่งผลสัมฤทธิ์",)


@pytest.mark.parametrize("at_expected", [True, False])
@pytest.mark.parametrize("level", ["0", "2.75", "3.25"])
def test_an_average_needs_words_whatever_it_is(session: Session, at_expected: bool, level: str) -> None:
    rules = OrganisationRules(takes_average_levels=True, evidence_at_expected=at_expected)
    sample = make_sample(session, rules)
    steps.rating(session, sample)
    ticks = sample.dictionary.up_to("c1", 2)
    notes = dict.fromkeys(ticks, "เห็นเอง")
    form = {"c1": RatingEntry(ticks, notes=notes, average_level=Decimal(level))}
    with pytest.raises(RequirementNotMet) as refusal:
        hand_in(session, sample, form)
    assert refusal.value.details == ("การมุ่งผลสัมฤทธิ์",)
    form = {"c1": RatingEntry(evidence="ผลประเมินจากผู้ร่วมงานห้าคน", average_level=Decimal(level))}
    hand_in(session, sample, form)
    assert sample.assessment.state is AssessmentState.RATED


def test_the_score_the_gap_and_the_suggestions_take_an_average_as_it_stands(session: Session) -> None:
    sample = make_sample(session, OrganisationRules(takes_average_levels=True), method="hybrid")
    steps.rating(session, sample)
    said = RatingEntry(evidence="ผลประเมินจากผู้ร่วมงานห้าคน", average_level=Decimal("2.25"))
    hand_in(session, sample, {"c1": said})
    number, prasit, malee = sample.assessment.id, sample.cast.prasit, sample.cast.malee
    assessments.give_second_opinion(session, prasit, number, SecondOpinion.AGREES, "", at(steps.SECOND_DAY))
    results.release_assessment(session, malee, number, at(steps.RELEASE_DAY))
    gap = sample.items["c1"].gap
    assert gap is not None
    assert (gap.attained_level, gap.gap) == (Decimal("2.25"), Decimal("0.75"))
    assert sample.assessment.competency_score == Decimal("15.94")  # (2.25 + 1 + 1) / 8 x 30
    of_c1 = select(Suggestion.target_level).where(Suggestion.assessment_item_id == sample.items["c1"].id)
    assert set(session.scalars(of_c1)) == {3}  # the next level above 2.25
