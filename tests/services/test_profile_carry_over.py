"""A new version of the framework: the profiles go over by code, what has nothing to go to is named."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    ExpectedLevel,
    FrameworkVersion,
    HistoryEntry,
    PositionOverride,
    PositionProfile,
)
from idp.queries.profile_carry_over import carry_over_preview, organisation_version, successors
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, StaleVersion
from idp.rules.terms import VersionState
from idp.services.position_overrides import override_position
from idp.services.profile_carry_over import CarriedOver, carry_over_profiles
from tests.services.cycle_cast import DAY, NOW, Town, add_town, draft_cycle, open_cycle
from tests.services.profile_cast import (
    LATER,
    LATEST,
    NUMBER,
    fields,
    give_number,
    items,
    old_version,
    publish_second,
    put,
    row,
    spans,
)


@pytest.fixture
def town(session: Session) -> Town:
    town = add_town(session, staff=4)
    give_number(town)
    return town


def carry(town: Town, version: FrameworkVersion, expected_version: int | None = None) -> CarriedOver:
    return carry_over_profiles(
        town.session, town.actor("malee"), old_version(town).id, version.id, DAY, NOW, expected_version
    )


def test_each_goes_to_its_code_at_its_level_or_the_next_lower_one(town: Town) -> None:
    put(town, row(town, "c1", 5, "50"), row(town, "c2", 3, "30"), row(town, "c3", 2, "20"))
    version = publish_second(town)
    preview = carry_over_preview(town.session, town.organisation.id, old_version(town).id, version.id, DAY)
    assert [(line.code, line.level, line.becomes) for line in preview.lines] == [
        ("c3", 2, 0),
        ("c1", 5, 3),
        ("c2", 3, 3),
    ]
    assert (preview.profiles, preview.overrides) == (1, 0)
    done = carry(town, version)
    assert done.profiles == 1
    assert spans(town)[-1][2] == {"c1": 3, "c2": 3}
    new = {each.id for each in version.competencies}
    assert {each.competency_id for each in latest(town)} <= new
    assert {each.weight for each in latest(town)} == {Decimal(50), Decimal(30)}


def latest(town: Town) -> list[ExpectedLevel]:
    profile = town.session.scalars(
        select(PositionProfile).order_by(PositionProfile.from_on.desc()).limit(1)
    ).one()
    return list(town.session.scalars(select(ExpectedLevel).where(ExpectedLevel.profile_id == profile.id)))


def test_what_was_set_for_a_later_day_goes_over_in_place(town: Town) -> None:
    put(town, row(town, "c1", 4), from_on=LATEST)
    put(town, row(town, "c2", 4), from_on=LATER)
    carry(town, publish_second(town))
    assert [each[2] for each in spans(town)][-3:] == [{"c1": 2, "c2": 2}, {"c2": 4}, {"c1": 3}]
    assert successors(town.session, town.organisation.id, DAY) == ()


def test_the_page_is_told_which_version_has_a_successor(town: Town) -> None:
    assert successors(town.session, town.organisation.id, DAY) == ()
    publish_second(town)
    (found,) = successors(town.session, town.organisation.id, DAY)
    assert (found.old.number, found.new.number, found.profiles) == (1, 2, 1)


def test_overrides_go_over_too_and_a_round_opens_with_the_new_version(town: Town) -> None:
    override_position(town.session, town.actor("malee"), fields(town, "c1", 5), NOW)
    version = publish_second(town)
    done = carry(town, version)
    assert done.overrides == 1
    open_cycle(town)
    found = items(town)
    assert found["00004"]["c1"][0] == 3 and found["00002"]["c1"][0] == 2
    assert set(found["00002"]) == {"c1", "c2"}


def test_an_override_that_held_before_ends_and_goes_on_as_a_new_one(town: Town) -> None:
    override_position(town.session, town.actor("malee"), fields(town, "c1", 2), NOW)
    override_position(town.session, town.actor("malee"), fields(town, "c3", 2), NOW)
    version = publish_second(town)
    tomorrow = DAY + timedelta(days=1)
    carry_over_profiles(town.session, town.actor("malee"), old_version(town).id, version.id, tomorrow, NOW)
    rows = town.session.scalars(select(PositionOverride).order_by(PositionOverride.id)).all()
    assert [(each.from_on, each.until_on) for each in rows] == [(DAY, DAY), (DAY, DAY), (tomorrow, None)]
    assert rows[-1].position_number == NUMBER and rows[-1].reason == rows[0].reason
    events = town.session.scalars(select(HistoryEntry.event).where(HistoryEntry.event == "carry_over"))
    assert len(events.all()) == 4


def test_rounds_that_wait_with_the_old_version_are_named(town: Town) -> None:
    cycle = draft_cycle(town)
    version = publish_second(town)
    preview = carry_over_preview(town.session, town.organisation.id, old_version(town).id, version.id, DAY)
    assert preview.waiting == (cycle.name_th,)


def test_what_may_not_be_carried_over_is_refused(town: Town) -> None:
    version = publish_second(town)
    seen = organisation_version(town.session, town.organisation.id)
    with pytest.raises(StaleVersion):
        carry(town, version, expected_version=seen + 1)
    for who in ("suda", "prasit", "staff4"):
        with pytest.raises(NotPermitted):
            carry_over_profiles(town.session, town.actor(who), old_version(town).id, version.id, DAY, NOW)
    with pytest.raises(InvalidInput, match="before_today"):
        carry_over_profiles(
            town.session, town.actor("malee"), old_version(town).id, version.id, DAY - timedelta(days=1), NOW
        )
    with pytest.raises(NotVisible):
        carry_over_profiles(town.session, town.actor("malee"), 999_999, version.id, DAY, NOW)
    carry(town, version, expected_version=seen)
    with pytest.raises(InvalidInput, match="nothing_to_carry_over"):
        carry(town, version)


def test_a_draft_takes_nothing_over_and_a_neighbours_own_is_not_there(town: Town) -> None:
    version = publish_second(town, VersionState.DRAFT)
    with pytest.raises(NotVisible):
        carry(town, version)
    version.state = VersionState.PUBLISHED
    neighbour = add_town(town.session, "neighbour", staff=3)
    version.framework.organisation_id = neighbour.organisation.id
    town.session.flush()
    with pytest.raises(NotVisible):
        carry(town, version)
