"""One competency of a whole team, and the start of many: each person on their own."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, Delegation, HistoryEntry, Rating
from idp.rules.errors import InvalidInput, NotVisible, StaleVersion, TransitionNotAllowed
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, RaterKind
from idp.services.ratings import RatingEntry, save_ratings
from idp.services.team_ratings import (
    Outcome,
    TeamEntry,
    check_rates_in,
    save_team_ratings,
    start_team_ratings,
)
from tests.factories import steps
from tests.factories.rating_team import add_team, items_of
from tests.factories.sample import Sample, at

NOW = at(steps.RATING_DAY)
FULL = "ทำงานเสร็จก่อนกำหนด"


def entry(sample: Sample, code: str, level: int, evidence: str = FULL) -> RatingEntry:
    return RatingEntry(sample.dictionary.up_to(code, level), None, evidence)


def save(
    session: Session,
    sample: Sample,
    entries: dict[int, TeamEntry],
    code: str = "c1",
    actor: Actor | None = None,
) -> Outcome:
    competency_id = sample.dictionary.competencies[code].id
    return save_team_ratings(session, actor or sample.cast.suda, sample.cycle.id, competency_id, entries, NOW)


def levels(session: Session, item_ids: list[int]) -> list[int | None]:
    own = Rating.rater_kind == RaterKind.SUPERVISOR
    found = {rating.item_id: rating.attained_level for rating in session.scalars(select(Rating).where(own))}
    return [None if (level := found.get(each)) is None else int(level) for each in item_ids]


def test_each_person_gets_what_was_filled_in_for_them(session: Session, sample: Sample) -> None:
    team = add_team(session, sample, range(1, 4))
    items = items_of(sample, team, "c1")
    filled = {item: TeamEntry(entry(sample, "c1", level)) for level, item in enumerate(items, start=1)}
    outcome = save(session, sample, filled)
    assert outcome.done == items and not outcome.refused
    assert levels(session, items) == [1, 2, 3]


def test_a_ladder_with_a_hole_is_climbed_over_it(session: Session, sample: Sample) -> None:
    """c2 has no level 2: levels 1 and 3 shown attain 3, level 2 cannot be stated."""
    team = add_team(session, sample, range(1, 3))
    items = items_of(sample, team, "c2")
    outcome = save(
        session,
        sample,
        {
            items[0]: TeamEntry(entry(sample, "c2", 3)),
            items[1]: TeamEntry(RatingEntry(stated_level=2, evidence=FULL)),
        },
        "c2",
    )
    assert levels(session, items) == [3, None]
    refusal = outcome.refused[items[1]]
    assert isinstance(refusal, InvalidInput)
    assert (refusal.field, refusal.code) == (f"item-{items[1]}-level", "level_not_on_ladder")


def test_what_is_wrong_with_one_costs_no_other(session: Session, sample: Sample) -> None:
    team = add_team(session, sample, range(1, 4))
    items = items_of(sample, team, "c1")
    outcome = save(
        session,
        sample,
        {
            items[0]: TeamEntry(entry(sample, "c1", 2)),
            items[1]: TeamEntry(RatingEntry(frozenset({-1}), None, FULL)),
            items[2]: TeamEntry(entry(sample, "c1", 3)),
        },
    )
    assert outcome.done == [items[0], items[2]]
    assert list(outcome.refused) == [items[1]]
    assert levels(session, items) == [2, None, 3]


def test_two_tabs_the_second_is_told_of_the_rows_that_changed_alone(session: Session, sample: Sample) -> None:
    team = add_team(session, sample, range(1, 3))
    items = items_of(sample, team, "c1")
    assert save(session, sample, {items[0]: TeamEntry(entry(sample, "c1", 2), 0)}).done
    second = {item: TeamEntry(entry(sample, "c1", 3, "อีกหน้าต่าง"), 0) for item in items}
    outcome = save(session, sample, second)
    assert isinstance(outcome.refused[items[0]], StaleVersion)
    assert outcome.done == [items[1]]
    assert levels(session, items) == [2, 3]


def test_another_competency_of_the_same_person_is_no_conflict(session: Session, sample: Sample) -> None:
    """The assessment's version changes with each of them; what the rater saw is this one."""
    team = add_team(session, sample, range(1, 2))
    other, own = items_of(sample, team, "c2"), items_of(sample, team, "c1")
    assert save(session, sample, {other[0]: TeamEntry(entry(sample, "c2", 1), 0)}, "c2").done
    assert save(session, sample, {own[0]: TeamEntry(entry(sample, "c1", 1), 0)}).done == own


def test_who_wrote_the_same_is_no_conflict_and_writes_nothing(session: Session, sample: Sample) -> None:
    team = add_team(session, sample, range(1, 3))
    items = items_of(sample, team, "c1")
    same = {items[0]: TeamEntry(entry(sample, "c1", 2), 0), items[1]: TeamEntry(RatingEntry(), 0)}
    save(session, sample, same)
    before = session.scalars(select(HistoryEntry.id)).all()
    outcome = save(session, sample, same)
    assert not outcome.done and not outcome.refused
    assert session.scalars(select(HistoryEntry.id)).all() == before


@pytest.mark.parametrize("name", ["somchai", "prasit", "malee", "anong", "olan"])
def test_it_is_nobody_elses_to_rate(session: Session, sample: Sample, name: str) -> None:
    team = add_team(session, sample, range(1, 3))
    items = items_of(sample, team, "c1")
    with pytest.raises(NotVisible):
        save(
            session,
            sample,
            {items[0]: TeamEntry(entry(sample, "c1", 3))},
            actor=getattr(sample.cast, name),
        )
    with pytest.raises(NotVisible):
        check_rates_in(session, getattr(sample.cast, name), sample.cycle.id, steps.RATING_DAY)
    assert levels(session, items) == [None, None]


def test_a_row_of_another_supervisors_people_is_refused(session: Session, sample: Sample) -> None:
    own, others = add_team(session, sample, range(1, 2)), add_team(session, sample, range(2, 3))
    others[0].supervisor_person_id = sample.cast.anong.person_id
    session.flush()
    items = items_of(sample, own + others, "c1")
    outcome = save(session, sample, {item: TeamEntry(entry(sample, "c1", 3)) for item in items})
    assert outcome.done == items[:1]
    assert isinstance(outcome.refused[items[1]], NotVisible)
    assert levels(session, items) == [3, None]


def test_a_competency_or_cycle_of_nobody_is_as_good_as_missing(session: Session, sample: Sample) -> None:
    add_team(session, sample, range(1, 2))
    with pytest.raises(NotVisible):
        save_team_ratings(session, sample.cast.suda, sample.cycle.id, 999_999, {}, NOW)
    with pytest.raises(NotVisible):
        save_team_ratings(
            session, sample.cast.suda, 999_999, sample.dictionary.competencies["c1"].id, {}, NOW
        )


@pytest.mark.parametrize(
    "state",
    [
        AssessmentState.EXEMPTED,
        AssessmentState.RELEASED,
        AssessmentState.RATED,
        AssessmentState.SELF_ASSESSING,
    ],
)
def test_who_is_not_being_rated_is_refused_and_the_others_are_kept(
    session: Session, sample: Sample, state: AssessmentState
) -> None:
    team = add_team(session, sample, range(1, 2)) + add_team(session, sample, range(2, 3), state)
    items = items_of(sample, team, "c1")
    outcome = save(session, sample, {item: TeamEntry(entry(sample, "c1", 2)) for item in items})
    assert outcome.done == items[:1]
    assert isinstance(outcome.refused[items[1]], TransitionNotAllowed)


def test_a_delegate_rates_the_team_on_behalf_of_its_supervisor(session: Session, sample: Sample) -> None:
    team = add_team(session, sample, range(1, 3))
    items = items_of(sample, team, "c1")
    session.add(
        Delegation(
            organisation_id=sample.organisation.id,
            from_person_id=sample.cast.suda.person_id,
            to_person_id=sample.cast.anong.person_id,
            order_number="7/2568",
            from_on=steps.RATING_DAY,
            until_on=date(2025, 12, 31),
        )
    )
    session.flush()
    filled = {item: TeamEntry(entry(sample, "c1", 3)) for item in items}
    assert save(session, sample, filled, actor=sample.cast.anong).done == items
    entries = session.scalars(
        select(HistoryEntry).where(
            HistoryEntry.subject_id == team[0].id, HistoryEntry.event == "save_ratings"
        )
    ).all()
    assert [each.on_behalf_of_person_id for each in entries] == [sample.cast.suda.person_id]


def test_the_notes_of_the_persons_own_form_stay(session: Session, sample: Sample) -> None:
    team = add_team(session, sample, range(1, 2))
    (item,) = items_of(sample, team, "c1")
    ticks = sample.dictionary.up_to("c1", 1)
    note = {min(ticks): "เมื่อเดือนพฤศจิกายน"}
    first = RatingEntry(ticks, None, FULL, note)
    save_ratings(session, sample.cast.suda, team[0].id, RaterKind.SUPERVISOR, {item: first}, NOW)
    changed = RatingEntry(sample.dictionary.up_to("c1", 2), None, FULL, note)
    assert save(session, sample, {item: TeamEntry(changed, 1)}).done
    rating = session.scalars(select(Rating).where(Rating.item_id == item)).one()
    session.refresh(rating)
    assert {tick.note for tick in rating.ticks} == {"", "เมื่อเดือนพฤศจิกายน"}


def states(session: Session, team: list[Assessment]) -> list[AssessmentState]:
    return [session.get_one(Assessment, each.id).state for each in team]


def test_the_rating_of_all_who_are_ready_is_started(session: Session, sample: Sample) -> None:
    ready = add_team(session, sample, range(1, 3), AssessmentState.SELF_SUBMITTED)
    early = add_team(session, sample, range(3, 4), AssessmentState.SELF_ASSESSING)
    versions = {each.id: each.version for each in ready + early}
    outcome = start_team_ratings(session, sample.cast.suda, sample.cycle.id, versions, NOW)
    assert outcome.done == [each.id for each in ready]
    assert list(outcome.refused) == [early[0].id]
    assert states(session, ready + early) == [
        AssessmentState.RATING,
        AssessmentState.RATING,
        AssessmentState.SELF_ASSESSING,
    ]


def test_who_changed_since_they_were_shown_is_not_started(session: Session, sample: Sample) -> None:
    (ready,) = add_team(session, sample, range(1, 2), AssessmentState.SELF_SUBMITTED)
    outcome = start_team_ratings(session, sample.cast.suda, sample.cycle.id, {ready.id: 99}, NOW)
    assert isinstance(outcome.refused[ready.id], StaleVersion)
    assert states(session, [ready]) == [AssessmentState.SELF_SUBMITTED]


@pytest.mark.parametrize("name", ["somchai", "prasit", "malee", "anong", "olan"])
def test_nobody_else_starts_it(session: Session, sample: Sample, name: str) -> None:
    (ready,) = add_team(session, sample, range(1, 2), AssessmentState.SELF_SUBMITTED)
    with pytest.raises(NotVisible):
        start_team_ratings(
            session, getattr(sample.cast, name), sample.cycle.id, {ready.id: ready.version}, NOW
        )
    assert states(session, [ready]) == [AssessmentState.SELF_SUBMITTED]


def test_the_version_of_a_row_is_that_of_its_rating(session: Session, sample: Sample) -> None:
    team = add_team(session, sample, range(1, 2))
    (item,) = items_of(sample, team, "c1")
    for seen, level in enumerate((1, 2, 3)):
        assert save(session, sample, {item: TeamEntry(entry(sample, "c1", level), seen)}).done == [item]
    assert session.get_one(AssessmentItem, item).assessment.version == 4
