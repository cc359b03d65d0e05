"""What is proposed by sets is what thinking of each person by itself gives, whoever they are."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from idp.models import (
    ActionExclusion,
    Assessment,
    AssessmentItem,
    DevelopmentAction,
    Gap,
    Objection,
    Person,
    Rating,
    RatingTick,
    ResultCorrection,
    Suggestion,
)
from idp.queries.corrections import current_levels
from idp.queries.development_actions import published_actions
from idp.queries.ladders import ladders_of
from idp.rules.levels import path
from idp.rules.objections import ObjectionState
from idp.rules.settings import OrganisationRules
from idp.rules.suggestions import GapToClose, Suggested, suggest
from idp.rules.terms import AssessmentState, RaterKind, VersionState
from idp.services.suggestions import make_suggestions
from tests.factories.sample import Sample, add_colleague, at, make_assessment, make_cycle, make_sample

PEOPLE = 40
NOW = at(date(2025, 11, 20))
Proposal = tuple[int, int, int, int, str]


@pytest.fixture
def crowd(session: Session) -> tuple[Sample, list[Assessment]]:
    """People of every kind: ticked levels, broken ladders, stated levels, averages, unrated, corrected."""
    sample = make_sample(session)
    chance = Random(5)
    people = [_rated(session, sample, chance, number) for number in range(PEOPLE)]
    _correct(session, people[0], {0: 0, 1: 5})
    _correct(session, people[1], {2: 1})
    _change_the_catalogue(session, sample)
    session.flush()
    return sample, people


def _rated(session: Session, sample: Sample, chance: Random, number: int) -> Assessment:
    suda = session.get_one(Person, sample.cast.suda.person_id)
    assessment = make_assessment(
        session,
        sample.cycle,
        add_colleague(session, sample, str(number)),
        sample.unit,
        sample.dictionary,
        supervisor=suda,
        second_level=None,
        state=AssessmentState.RELEASED,
        released_at=NOW,
    )
    for code, item in zip(sample.dictionary.competencies, assessment.items, strict=True):
        item.expected_level = chance.randint(0, 5)
        how = chance.choice(("ticked", "ticked", "ticked", "stated", "average", "unrated"))
        levels = [each for (key, each) in sample.dictionary.indicators if key == code]
        level = Decimal(chance.choice([each for each in levels if each < 5]))
        if how == "unrated":
            continue
        if how == "average":
            level += Decimal("0.25")
        rating = Rating(
            item_id=item.id,
            rater_kind=RaterKind.SUPERVISOR,
            attained_level=level,
            stated_level=int(level) if how == "stated" else None,
            average_level=level if how == "average" else None,
            updated_at=NOW,
        )
        if how == "ticked":  # above the attained level, too: a broken ladder, or not enough of a level
            rating.ticks = [
                RatingTick(indicator_id=indicator)
                for (key, each), ids in sample.dictionary.indicators.items()
                for indicator in ids
                if key == code and (each <= level or chance.random() < 0.4)
            ]
        gap = Gap(
            item_id=item.id,
            expected_level=item.expected_level,
            attained_level=level,
            gap=item.expected_level - level,
        )
        session.add_all((rating, gap))
    session.flush()
    return assessment


def _correct(session: Session, assessment: Assessment, levels: dict[int, int]) -> None:
    """By place of the item its level after a successful objection; what was never rated gets one, too."""
    objection = Objection(
        organisation_id=assessment.organisation_id,
        assessment_id=assessment.id,
        state=ObjectionState.UPHELD,
        grounds="ขอให้ทบทวน",
        lodged_on=NOW.date(),
        lodged_at=NOW,
    )
    session.add(objection)
    session.flush()
    session.add(
        ResultCorrection(
            organisation_id=assessment.organisation_id,
            objection_id=objection.id,
            assessment_id=assessment.id,
            decided_on=NOW.date(),
            levels={
                str(assessment.items[place].id): {"from": None, "to": level, "reason": "ทบทวน"}
                for place, level in levels.items()
            },
            created_at=NOW,
        )
    )


def _change_the_catalogue(session: Session, sample: Sample) -> None:
    """An action of the library is excluded, one of the organisation's own is there, one of another's too."""
    excluded, adapted, *_rest = sample.dictionary.actions["c1", 3]
    session.add(
        ActionExclusion(
            organisation_id=sample.organisation.id,
            action_key=excluded.key,
            reason="ไม่เหมาะกับหน่วยงาน",
            by_person_id=sample.cast.malee.person_id,
            at=NOW,
        )
    )
    for organisation in (sample.organisation, sample.other_organisation):
        session.add(
            DevelopmentAction(
                key=f"{organisation.code}/own",
                number=1,
                state=VersionState.PUBLISHED,
                organisation_id=organisation.id,
                based_on_action_id=adapted.id,
                level_id=adapted.level_id,
                method=adapted.method,
                title_th="กิจกรรมของหน่วยงาน",
                detail_th="",
                hours=1,
                weeks=1,
                cost_baht=Decimal(0),
                evidence_th="",
                measure_th="",
                content_hash="9" * 64,
            )
        )


def _one_by_one(
    session: Session, assessment: Assessment, full_path: bool, limit: int = 3
) -> Iterator[Proposal]:
    """The slow way: each item with its own statements."""
    levels = current_levels(session, assessment.id)
    for item in assessment.items:
        attained = levels.get(item.id)
        if attained is None or attained >= item.expected_level:
            continue
        ladder = ladders_of(session, [item.competency_id])[item.competency_id]
        ticks = set(
            session.scalars(
                select(RatingTick.indicator_id)
                .join(Rating, Rating.id == RatingTick.rating_id)
                .where(Rating.item_id == item.id, Rating.rater_kind == RaterKind.SUPERVISOR)
            )
        )
        version = item.competency.version
        gap = GapToClose(
            competency_key=item.competency_id,
            category=item.competency.category,
            expected=item.expected_level,
            attained=int(attained) if attained == int(attained) else attained,
            weight=item.weight_percent,
            ladder=ladder.ladder,
            missing={
                level: ladder.indicators_at(level) - ticks
                for level in path(ladder.ladder, attained, item.expected_level)
            },
            framework=f"{version.framework.code}/{version.number}",
        )
        actions = published_actions(session, [item.competency_id], assessment.organisation_id)
        for each in suggest(gap, actions.get(item.competency_id, []), full_path=full_path, limit=limit):
            if isinstance(each, Suggested):
                yield _proposal(
                    item.id, each.action.action_id, each.target_level, each.rank, each.reason.as_json()
                )


def _proposal(item_id: int, action_id: Any, level: int, rank: int, reason: dict[str, Any]) -> Proposal:
    return item_id, action_id, level, rank, repr(sorted(reason.items()))


def _kept(session: Session) -> list[Proposal]:
    session.expire_all()
    return sorted(
        _proposal(each.assessment_item_id, each.action_id, each.target_level, each.rank, each.reason)
        for each in session.scalars(select(Suggestion))
    )


@pytest.mark.parametrize("full_path", [False, True])
def test_everybody_gets_what_thinking_of_them_alone_gives(
    session: Session, crowd: tuple[Sample, list[Assessment]], full_path: bool
) -> None:
    _sample, people = crowd
    expected = sorted(each for person in people for each in _one_by_one(session, person, full_path))
    assert len({reason for *_rest, reason in expected}) > 40  # a mixture indeed
    assert make_suggestions(session, [person.id for person in people], full_path) == len(expected)
    assert _kept(session) == expected


def test_the_excluded_action_and_the_other_organisations_own_are_proposed_to_nobody(
    session: Session, crowd: tuple[Sample, list[Assessment]]
) -> None:
    sample, people = crowd
    make_suggestions(session, [person.id for person in people], full_path=True)
    keys = set(session.scalars(select(DevelopmentAction.key).join(Suggestion).distinct()))
    assert "sample/own" in keys
    assert "other/own" not in keys
    assert sample.dictionary.actions["c1", 3][0].key not in keys


def test_a_second_time_changes_nothing_and_an_action_published_since_is_added(
    session: Session, crowd: tuple[Sample, list[Assessment]]
) -> None:
    sample, people = crowd
    ids = [person.id for person in people]
    make_suggestions(session, ids)
    before = _kept(session)
    assert make_suggestions(session, ids) == 0
    assert _kept(session) == before
    published = sample.dictionary.actions["c1", 1][-1]
    published.state = VersionState.PUBLISHED
    published.cost_baht, published.hours = Decimal(0), 1
    session.flush()
    make_suggestions(session, ids)
    added = set(_kept(session)) - set(before)
    assert added and {action_id for _item, action_id, *_rest in added} == {published.id}


def test_people_of_several_rounds_keep_the_number_of_each(session: Session) -> None:
    sample = make_sample(session, OrganisationRules(suggestions_per_gap=1))
    other = replace(
        sample,
        cycle=make_cycle(session, sample.organisation, sample.dictionary, OrganisationRules(), code="2570"),
    )
    chance = Random(7)
    people = [_rated(session, each, chance, number) for number, each in enumerate((sample, other) * 5)]
    make_suggestions(session, [person.id for person in people])
    for person in people:
        limit = 1 if person.cycle_id == sample.cycle.id else 3
        of_items = select(AssessmentItem.id).where(AssessmentItem.assessment_id == person.id)
        found = session.scalars(select(Suggestion).where(Suggestion.assessment_item_id.in_(of_items)))
        assert len(found.all()) == len(list(_one_by_one(session, person, False, limit)))


def test_the_number_of_statements_does_not_grow_with_the_people(
    session: Session, crowd: tuple[Sample, list[Assessment]]
) -> None:
    _sample, people = crowd
    assert _statements(session, people[:4]) == _statements(session, people)


def _statements(session: Session, people: list[Assessment]) -> int:
    """How many it takes, with nothing in memory."""
    session.flush()
    ids = [person.id for person in people]
    session.expunge_all()
    session.info.clear()
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(session.connection(), "before_cursor_execute", note)
    make_suggestions(session, ids)
    event.remove(session.connection(), "before_cursor_execute", note)
    for person in people:
        session.add(person)
    return len(statements)
