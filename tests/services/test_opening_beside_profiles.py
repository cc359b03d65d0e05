"""A cycle that opens while a profile is changed: whoever comes second knows of the first.

On PostgreSQL alone: on SQLite the second transaction begins only when the first has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from idp.models import Cycle
from idp.rules.errors import InvalidInput, InvalidInputs, RequirementNotMet
from idp.rules.terms import CycleState
from idp.services.cycles import publish_cycle
from idp.services.opening import begin_opening
from idp.services.position_overrides import override_position
from idp.services.profile_changes import check_first_day, hold_profiles, write_profiles
from tests.services.cycle_cast import DAY, NOW, Town, add_town, draft_cycle
from tests.services.profile_cast import fields, give_number
from tests.services.test_two_at_once import engine, race

__all__ = ["engine"]

Act = Callable[[Session], Any]


@pytest.fixture
def published(engine: Engine) -> Iterator[tuple[Town, int]]:
    """The town with a cycle that could open."""
    with Session(engine, expire_on_commit=False) as session:
        town = add_town(session, staff=4)
        give_number(town)
        cycle_id = draft_cycle(town).id
        publish_cycle(session, town.actor("malee"), cycle_id, NOW)
        session.commit()
        yield town, cycle_id


def opening(town: Town, cycle_id: int) -> Act:
    malee = town.actor("malee")
    return lambda session: begin_opening(session, malee, cycle_id, NOW)


def nothing_expected(town: Town) -> Act:
    """From today on nobody is expected to show anything."""
    malee, organisation_id, slot = town.actor("malee"), town.organisation.id, (None, town.level.id)

    def act(session: Session) -> None:
        hold_profiles(session, organisation_id)
        check_first_day(session, organisation_id, DAY, NOW)
        write_profiles(session, malee, organisation_id, {slot: []}, DAY, NOW)

    return act


def one_position_otherwise(town: Town) -> Act:
    malee, typed = town.actor("malee"), fields(town)
    return lambda session: override_position(session, malee, typed, NOW)


@pytest.mark.parametrize("change", [nothing_expected, one_position_otherwise])
def test_a_change_that_waited_for_the_opening_finds_it_opened(
    engine: Engine, published: tuple[Town, int], change: Callable[[Town], Act]
) -> None:
    town, cycle_id = published
    act = change(town)
    town.session.commit()
    refusal = race(engine, town.session, opening(town, cycle_id), act)
    problem = refusal.problems[0] if isinstance(refusal, InvalidInputs) else refusal
    assert isinstance(problem, InvalidInput) and (problem.field, problem.code) == ("from_on", "opened_today")


def test_an_opening_that_waited_for_a_change_checks_what_is_written(
    engine: Engine, published: tuple[Town, int]
) -> None:
    town, cycle_id = published
    refusal = race(engine, town.session, nothing_expected(town), opening(town, cycle_id))
    assert isinstance(refusal, RequirementNotMet) and refusal.details
    town.session.rollback()
    town.session.expire_all()
    assert town.session.get_one(Cycle, cycle_id).state is CycleState.PUBLISHED
