"""What is proposed for the gaps of a released result, and how the employee answers."""

from dataclasses import replace

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from idp.models import ActionExclusion, AssessmentItem, HistoryEntry, Suggestion
from idp.queries.gaps import suggestions_for
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, TransitionNotAllowed
from idp.rules.settings import OrganisationRules
from idp.rules.terms import RaterKind, SecondOpinion, SuggestionRule, SuggestionState, VersionState
from idp.services import assessments, plans, ratings, results, suggestions
from tests.factories import steps
from tests.factories.sample import Sample, at, make_sample
from tests.services.carry_over_cast import next_result

NOW = at(steps.PLAN_DAY)


def proposed(session: Session, sample: Sample, code: str) -> list[Suggestion]:
    item = sample.items[code].id
    return list(
        session.scalars(
            select(Suggestion).where(Suggestion.assessment_item_id == item).order_by(Suggestion.rank)
        )
    )


def test_only_gaps_get_proposals_for_the_next_existing_level(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    assert {each.target_level for each in proposed(session, sample, "c1")} == {3}  # attained 2
    assert {each.target_level for each in proposed(session, sample, "c2")} == {3}  # attained 1, no level 2
    assert proposed(session, sample, "c3") == []  # a strength


def test_as_many_as_the_organisation_asks_for_none_retired_each_with_its_why(
    session: Session, sample: Sample
) -> None:
    steps.released(session, sample)
    first, *others = proposed(session, sample, "c1")
    assert [first.rank, *(each.rank for each in others)] == [1, 2, 3]
    assert {each.action.state for each in (first, *others)} == {VersionState.PUBLISHED}
    missing = sorted(sample.dictionary.indicators["c1", 3])
    assert first.reason["rule"] == SuggestionRule.NEXT_LEVEL
    assert first.reason["indicators_missing"] == missing
    assert first.reason["indicators_developed"] == missing[:1]
    assert (first.reason["expected"], first.reason["attained"], first.reason["gap"]) == (3, 2, 1)
    assert first.reason["framework"] == "sample-core/1"
    assert first.reason["source"] == first.action.key


def test_an_indicator_already_shown_is_not_called_missing(session: Session, sample: Sample) -> None:
    steps.rating(session, sample)
    ticked = sample.dictionary.up_to("c1", 2) | {sample.dictionary.indicators["c1", 3][0]}
    release_with(session, sample, ticked)
    first = proposed(session, sample, "c1")[0]
    assert first.reason["indicators_missing"] == sorted(sample.dictionary.indicators["c1", 3][1:])
    assert first.reason["indicators_developed"] == [sample.dictionary.indicators["c1", 3][1]]


def release_with(session: Session, sample: Sample, ticked: frozenset[int]) -> None:
    """Rate with these indicators of c1 ticked, and go on to the release."""
    cast, number = sample.cast, sample.assessment.id
    form = steps.entries(sample, steps.SUPERVISOR_LEVELS)
    item = sample.items["c1"].id
    form[item] = replace(form[item], indicator_ids=ticked)
    ratings.save_ratings(session, cast.suda, number, RaterKind.SUPERVISOR, form, at(steps.RATING_DAY))
    assessments.submit_rating(session, cast.suda, number, at(steps.RATING_DAY))
    assessments.give_second_opinion(
        session, cast.prasit, number, SecondOpinion.AGREES, "", at(steps.SECOND_DAY)
    )
    results.release_assessment(session, cast.malee, number, at(steps.RELEASE_DAY))


def test_proposing_twice_changes_nothing_and_keeps_the_answers(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    first = proposed(session, sample, "c1")[0]
    suggestions.reject_suggestion(session, sample.cast.somchai, first.id, "ทำแล้ว", NOW)
    before = session.scalars(select(Suggestion.id)).all()
    assert suggestions.make_suggestions(session, [sample.assessment.id, sample.assessment.id]) == 0
    assert session.scalars(select(Suggestion.id)).all() == before
    session.refresh(first)
    assert first.state is SuggestionState.REJECTED


def test_the_number_is_the_organisations(session: Session) -> None:
    sample = make_sample(session, OrganisationRules(suggestions_per_gap=1))
    steps.released(session, sample)
    assert [len(proposed(session, sample, code)) for code in ("c1", "c2")] == [1, 1]


def test_the_full_path_adds_the_levels_beyond_the_next_and_only_for_the_owner(
    session: Session, sample: Sample
) -> None:
    steps.released(session, sample, {"c1": 1, "c2": 3, "c3": 2})
    cast, number = sample.cast, sample.assessment.id
    assert {each.target_level for each in proposed(session, sample, "c1")} == {2}
    for actor in (cast.suda, cast.malee):
        with pytest.raises(NotPermitted):
            suggestions.propose_full_path(session, actor, number, NOW)
    with pytest.raises(NotVisible):
        suggestions.propose_full_path(session, cast.anong, number, NOW)
    assert suggestions.propose_full_path(session, cast.somchai, number, NOW) == 3
    rules = {each.target_level: each.reason["rule"] for each in proposed(session, sample, "c1")}
    assert rules == {2: SuggestionRule.NEXT_LEVEL, 3: SuggestionRule.FULL_PATH}
    assert suggestions.propose_full_path(session, cast.somchai, number, NOW) == 0


def test_the_page_says_so_where_the_catalogue_has_nothing(session: Session, sample: Sample) -> None:
    sample.items["c1"].expected_level = 4
    steps.released(session, sample, {"c1": 3, "c2": 3, "c3": 2})
    [gap] = suggestions_for(session, sample.assessment.id)
    assert gap.competency_code == "c1"
    [level] = gap.levels
    assert (level.number, level.cards, level.lacks_actions) == (4, (), True)


def test_the_page_shows_larger_gaps_first_with_indicators_in_words(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    gaps = suggestions_for(session, sample.assessment.id)
    assert [gap.competency_code for gap in gaps] == ["c2", "c1"]
    card = gaps[1].cards[0]
    assert card.missing == ("การมุ่งผลสัมฤทธิ์ 3.1", "การมุ่งผลสัมฤทธิ์ 3.2", "การมุ่งผลสัมฤทธิ์ 3.3")
    assert card.developed == card.missing[:1]
    assert card.plan_item_id is None


def test_before_release_there_is_nothing_to_propose(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    assert suggestions.make_suggestions(session, [sample.assessment.id]) == 0
    assert suggestions_for(session, sample.assessment.id) == ()


def test_the_number_of_statements_does_not_grow_with_the_gaps(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(session.connection(), "before_cursor_execute", note)
    suggestions_for(session, sample.assessment.id)
    assert len(statements) <= 7


def test_turning_down_takes_a_reason_which_is_kept(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    first = proposed(session, sample, "c1")[0]
    with pytest.raises(InvalidInput):
        suggestions.reject_suggestion(session, sample.cast.somchai, first.id, " ", NOW)
    suggestions.reject_suggestion(session, sample.cast.somchai, first.id, "เคยอบรมแล้ว", NOW)
    assert (first.state, first.rejected_because, first.answered_at) == (
        SuggestionState.REJECTED,
        "เคยอบรมแล้ว",
        NOW,
    )
    line = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "reject_suggestion")).one()
    assert line.reason == "เคยอบรมแล้ว"
    with pytest.raises(TransitionNotAllowed):
        suggestions.reject_suggestion(session, sample.cast.somchai, first.id, "อีกครั้ง", NOW)


def test_only_the_owner_answers(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    first = proposed(session, sample, "c1")[0]
    cast = sample.cast
    for actor in (cast.suda, cast.prasit, cast.malee):
        with pytest.raises(NotPermitted):
            suggestions.reject_suggestion(session, actor, first.id, "ไม่", NOW)
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            suggestions.reject_suggestion(session, actor, first.id, "ไม่", NOW)
    with pytest.raises(NotVisible):
        suggestions.reject_suggestion(session, cast.somchai, 99_999, "ไม่", NOW)


def reject(session: Session, sample: Sample, suggestion: Suggestion) -> None:
    suggestions.reject_suggestion(session, sample.cast.somchai, suggestion.id, "ทำแล้ว", NOW)


def test_after_a_rejection_the_next_best_of_that_level_is_proposed_until_there_is_none(
    session: Session, sample: Sample
) -> None:
    steps.released(session, sample)
    known = proposed(session, sample, "c1")
    reject(session, sample, known[0])
    [another] = [each for each in proposed(session, sample, "c1") if each not in known]
    assert (another.rank, another.target_level, another.state) == (4, 3, SuggestionState.PROPOSED)
    assert another.action_id == sample.dictionary.actions["c1", 3][3].id
    assert another.reason["source"] == another.action.key
    for each in (*known[1:], another):
        reject(session, sample, each)
    assert len(proposed(session, sample, "c1")) == 4  # the fifth is retired


def test_no_more_wait_for_an_answer_than_the_organisation_asks_for(session: Session) -> None:
    sample = make_sample(session, OrganisationRules(suggestions_per_gap=2))
    steps.released(session, sample)
    first, second = proposed(session, sample, "c1")
    reject(session, sample, first)
    suggestions.restore_suggestion(session, sample.cast.somchai, first.id, NOW)
    reject(session, sample, second)  # the first and the third wait still
    waiting = [each for each in proposed(session, sample, "c1") if each.state is SuggestionState.PROPOSED]
    assert len(waiting) == 2


def test_what_was_turned_down_is_taken_back_by_its_owner_while_the_plan_may_be_edited(
    session: Session, sample: Sample
) -> None:
    plan = steps.drafted(session, sample)
    cast = sample.cast
    accepted, rejected, *_rest = proposed(session, sample, "c1")
    reject(session, sample, rejected)
    for actor in (cast.suda, cast.prasit, cast.malee):
        with pytest.raises(NotPermitted):
            suggestions.restore_suggestion(session, actor, rejected.id, NOW)
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            suggestions.restore_suggestion(session, actor, rejected.id, NOW)
    with pytest.raises(TransitionNotAllowed):
        suggestions.restore_suggestion(session, cast.somchai, accepted.id, NOW)
    suggestions.restore_suggestion(session, cast.somchai, rejected.id, NOW)
    assert (rejected.state, rejected.rejected_because, rejected.answered_at) == (
        SuggestionState.PROPOSED,
        "",
        None,
    )
    reject(session, sample, rejected)
    plans.submit_plan(session, cast.somchai, plan.id, NOW, "")
    with pytest.raises(TransitionNotAllowed):
        suggestions.restore_suggestion(session, cast.somchai, rejected.id, NOW)


def test_nothing_is_turned_down_once_the_plan_of_the_year_was_handed_in(
    session: Session, sample: Sample
) -> None:
    """Also where the plan was begun from the other half-year's result."""
    plan = steps.drafted(session, sample)
    waiting = next(each for each in proposed(session, sample, "c1") if each.state is SuggestionState.PROPOSED)
    second = next_result(session, sample, sample.dictionary, year=2569, code="2569/2")
    suggestions.make_suggestions(session, [second.id])
    of_second = session.scalars(
        select(Suggestion).join(AssessmentItem).where(AssessmentItem.assessment_id == second.id)
    ).first()
    assert of_second is not None
    plans.submit_plan(session, sample.cast.somchai, plan.id, NOW, "")
    for each in (waiting, of_second):
        with pytest.raises(TransitionNotAllowed):
            reject(session, sample, each)
        assert each.state is SuggestionState.PROPOSED


def test_the_whole_way_of_one_gap_is_asked_for_alone(session: Session, sample: Sample) -> None:
    steps.released(session, sample, {"c1": 1, "c2": 3, "c3": 1})
    cast, number = sample.cast, sample.assessment.id
    others = session.scalar(select(AssessmentItem.id).where(AssessmentItem.assessment_id != number)) or 0
    assert suggestions.propose_full_path(session, cast.somchai, number, NOW, sample.items["c3"].id) == 0
    assert suggestions.propose_full_path(session, cast.somchai, number, NOW, others) == 0
    assert suggestions.propose_full_path(session, cast.somchai, number, NOW, sample.items["c1"].id) == 3


def test_what_the_organisation_withdraws_is_shown_no_more_unless_it_was_answered(
    session: Session, sample: Sample
) -> None:
    steps.released(session, sample)
    rejected, waiting, excluded = proposed(session, sample, "c1")
    reject(session, sample, rejected)
    rejected.action.state = waiting.action.state = VersionState.RETIRED
    session.add(
        ActionExclusion(
            organisation_id=sample.organisation.id,
            action_key=excluded.action.key,
            reason="ไม่เหมาะกับงาน",
            by_person_id=sample.cast.malee.person_id,
            at=NOW,
        )
    )
    session.flush()
    level = suggestions_for(session, sample.assessment.id)[1].levels[0]
    fourth = sample.dictionary.actions["c1", 3][3].id
    assert [card.action_id for card in level.open_cards] == [fourth]  # proposed after the rejection
    assert [card.id for card in level.answered_cards] == [rejected.id]
    assert level.was_withdrawn and not level.lacks_actions
