"""One position is expected otherwise: whoever serves in it, from a day to a day, with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry
from idp.queries.expectations import expected_by_post
from idp.queries.preflight import preflight
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted, NotVisible, StaleVersion
from idp.rules.terms import SubjectType
from idp.services.position_overrides import (
    OverrideChange,
    OverrideFields,
    change_override,
    end_override,
    override_position,
)
from tests.services.cycle_cast import DAY, NOW, Town, add_town, draft_cycle, open_cycle
from tests.services.profile_cast import (
    LATER,
    REASON,
    competency,
    enter,
    fields,
    give_number,
    items,
    put,
    row,
)


@pytest.fixture
def town(session: Session) -> Town:
    town = add_town(session, staff=4)
    give_number(town)
    return town


def test_only_the_position_itself_is_expected_otherwise_and_opening_freezes_it(town: Town) -> None:
    enter(town, fields(town))
    open_cycle(town)
    found = items(town)
    assert {code: level for code, (level, _) in found["00004"].items()} == {"c1": 4, "c2": 1, "c3": 2}
    assert {code: level for code, (level, _) in found["00002"].items()} == {"c1": 2, "c2": 1, "c3": 2}
    assert all(sum(weight for _, weight in each.values()) == 100 for each in found.values())


def test_one_competency_more_and_the_weights_are_a_hundred_or_equal(town: Town) -> None:
    put(town, row(town, "c1", 2, "60"), row(town, "c3", 2, "40"))
    enter(town, fields(town, "c2", 3))
    open_cycle(town)
    found = items(town)
    assert found["00002"] == {"c1": (2, Decimal(60)), "c3": (2, Decimal(40))}
    assert found["00004"] == {
        "c1": (2, Decimal("33.34")),
        "c2": (3, Decimal("33.33")),
        "c3": (2, Decimal("33.33")),
    }


def test_another_weight_counts_where_the_whole_is_a_hundred(town: Town) -> None:
    put(town, row(town, "c1", 2, "60"), row(town, "c3", 2, "40"))
    enter(town, fields(town, "c1", 3, "70"))
    enter(town, fields(town, "c3", 2, "30"))
    open_cycle(town)
    assert items(town)["00004"] == {"c1": (3, Decimal(70)), "c3": (2, Decimal(30))}


def test_without_a_weight_the_profiles_is_kept(town: Town) -> None:
    put(town, row(town, "c1", 2, "60"), row(town, "c3", 2, "40"))
    enter(town, fields(town, "c1", 5))
    open_cycle(town)
    assert items(town)["00004"] == {"c1": (5, Decimal(60)), "c3": (2, Decimal(40))}


def test_the_line_of_works_own_holds_before_the_core_whichever_was_written_later(town: Town) -> None:
    put(town, row(town, "c1", 5, line=True))
    put(town, row(town, "c1", 3), from_on=LATER)
    for day in (DAY, LATER):
        post = expected_by_post(draft_cycle(town, f"on-{day}"), day)
        rows = town.session.execute(select(post.c.competency_id, post.c.level)).all()
        assert dict(map(tuple, rows))[competency(town, "c1")] == 5


def test_it_ends_with_its_last_day(town: Town) -> None:
    override = enter(town, fields(town))
    ended = end_override(town.session, town.actor("malee"), override.id, DAY, "โครงการสิ้นสุด", NOW)
    assert ended.until_on == DAY
    entry = town.session.scalars(
        select(HistoryEntry).where(
            HistoryEntry.subject_type == SubjectType.POSITION_OVERRIDE, HistoryEntry.event == "end_override"
        )
    ).one()
    assert (entry.reason, entry.detail["until_on"]) == ("โครงการสิ้นสุด", DAY.isoformat())
    open_cycle(town)
    assert items(town)["00004"]["c1"][0] == 4  # opened on the last day itself
    with pytest.raises(InvalidInput, match="not_earlier"):
        end_override(town.session, town.actor("malee"), override.id, LATER, REASON, NOW)


def test_the_day_after_the_last_one_may_not_have_passed(town: Town) -> None:
    override = enter(town, fields(town))
    for until_on, code in ((DAY - timedelta(days=1), "ends_before_start"), (None, "required")):
        with pytest.raises(InvalidInput, match=code):
            end_override(town.session, town.actor("malee"), override.id, until_on, REASON, NOW)
    later = NOW + timedelta(days=10)
    with pytest.raises(InvalidInput, match="before_today"):
        end_override(town.session, town.actor("malee"), override.id, DAY, REASON, later)


def test_one_that_has_not_begun_is_withdrawn_and_never_holds(town: Town) -> None:
    override = enter(town, replace(fields(town), from_on=LATER))
    end_override(town.session, town.actor("malee"), override.id, None, REASON, NOW)
    assert override.is_withdrawn
    with pytest.raises(StaleVersion):
        end_override(town.session, town.actor("malee"), override.id, None, REASON, NOW)
    again = enter(town, replace(fields(town, level=5), from_on=LATER))
    assert (again.id, again.level, again.is_withdrawn) == (override.id, 5, False)


def test_a_new_one_ends_the_one_before_it_and_does_not_reach_the_one_to_come(town: Town) -> None:
    first = enter(town, fields(town))
    second = enter(town, replace(fields(town, level=5), from_on=LATER))
    assert first.until_on == LATER - timedelta(days=1) and second.until_on is None
    with pytest.raises(InvalidInput, match="another_override"):
        enter(town, replace(fields(town, level=3), from_on=DAY + timedelta(days=5)))
    between = replace(
        fields(town, level=3), from_on=DAY + timedelta(days=5), until_on=DAY + timedelta(days=9)
    )
    enter(town, between)
    assert first.until_on == DAY + timedelta(days=4)


def test_one_of_that_day_stands_in_the_way_and_is_changed_as_itself_alone(town: Town) -> None:
    first = enter(town, fields(town))
    with pytest.raises(InvalidInput) as refused:
        enter(town, fields(town, level=5))
    problem = refused.value
    assert (problem.field, problem.code) == ("from_on", "override_that_day")
    assert problem.values == {"level": 4, "override_id": first.id}
    town.session.expire_all()
    assert first.level == 4
    malee, change = town.actor("malee"), OverrideChange(5, None, "แก้ไขตามคำสั่งใหม่")
    changed = change_override(town.session, malee, first.id, change, NOW, first.version)
    assert (changed.id, changed.level, changed.reason) == (first.id, 5, "แก้ไขตามคำสั่งใหม่")
    entry = town.session.scalars(select(HistoryEntry).where(HistoryEntry.event == "change_override")).one()
    assert (entry.detail["from"]["level"], entry.detail["to"]["level"]) == (4, 5)
    assert entry.reason == "แก้ไขตามคำสั่งใหม่"
    open_cycle(town)
    assert items(town)["00004"]["c1"][0] == 5


def test_what_held_a_day_or_was_frozen_is_not_changed_any_more(town: Town) -> None:
    malee, override = town.actor("malee"), enter(town, fields(town))
    change = OverrideChange(5, None, REASON)
    for now, code in ((NOW, None), (NOW + timedelta(days=1), "before_today")):
        if code is None:
            open_cycle(town)
            code = "opened_today"
        with pytest.raises(InvalidInput, match=f"level: {code}"):
            change_override(town.session, malee, override.id, change, now)
    assert override.level == 4


def test_a_change_is_checked_as_a_new_one_is(town: Town) -> None:
    malee, override = town.actor("malee"), enter(town, fields(town))
    enter(town, replace(fields(town, level=3), from_on=LATER))
    assert override.until_on == LATER - timedelta(days=1)
    with pytest.raises(InvalidInputs) as refused:
        wrong = OverrideChange(12, Decimal("100.5"), " ", DAY - timedelta(days=1))
        change_override(town.session, malee, override.id, wrong, NOW)
    assert {(each.field, each.code) for each in refused.value.problems} == {
        ("level", "out_of_range"),
        ("weight", "out_of_range"),
        ("reason", "missing"),
        ("until_on", "ends_before_start"),
    }
    for until_on in (None, LATER):
        with pytest.raises(InvalidInput, match="another_override"):
            reaching = OverrideChange(5, None, REASON, until_on)
            change_override(town.session, malee, override.id, reaching, NOW)
    same = OverrideChange(4, None, REASON, override.until_on)
    with pytest.raises(InvalidInput, match="nothing_changed"):
        change_override(town.session, malee, override.id, same, NOW)


def test_nobody_else_changes_one_and_what_is_over_stays(town: Town) -> None:
    neighbour = add_town(town.session, "neighbour", staff=3)
    override = enter(town, replace(fields(town), from_on=LATER))
    change = OverrideChange(5, None, REASON)
    for name in ("suda", "prasit", "staff4"):
        with pytest.raises(NotPermitted):
            change_override(town.session, town.actor(name), override.id, change, NOW)
    with pytest.raises(NotVisible):
        change_override(town.session, neighbour.actor("malee"), override.id, change, NOW)
    malee = town.actor("malee")
    with pytest.raises(StaleVersion):
        change_override(town.session, malee, override.id, change, NOW, override.version + 1)
    end_override(town.session, malee, override.id, None, REASON, NOW)
    with pytest.raises(StaleVersion):
        change_override(town.session, malee, override.id, change, NOW)


def test_every_wrong_field_is_named_at_once(town: Town) -> None:
    typed = OverrideFields("404", 999_999, 12, Decimal("100.5"), " ", date(2026, 1, 1), date(2025, 1, 1))
    with pytest.raises(InvalidInputs) as refused:
        enter(town, typed)
    assert {(each.field, each.code) for each in refused.value.problems} == {
        ("position_number", "no_such_position"),
        ("competency_id", "unknown_choice"),
        ("level", "out_of_range"),
        ("weight", "out_of_range"),
        ("reason", "missing"),
        ("from_on", "before_today"),
        ("until_on", "ends_before_start"),
    }


def test_the_outsider_the_employee_and_an_old_version_change_nothing(town: Town) -> None:
    neighbour = add_town(town.session, "neighbour", staff=3)
    for name in ("suda", "prasit", "staff4"):
        with pytest.raises(NotPermitted):
            enter(town, fields(town), who=name)
    override = enter(town, fields(town))
    with pytest.raises(NotVisible):
        end_override(town.session, neighbour.actor("malee"), override.id, DAY, REASON, NOW)
    with pytest.raises(InvalidInputs):
        override_position(town.session, neighbour.actor("malee"), fields(town), NOW)
    with pytest.raises(StaleVersion):
        end_override(town.session, town.actor("malee"), override.id, DAY, REASON, NOW, override.version + 1)


def test_pre_flight_passes_with_an_override(town: Town) -> None:
    enter(town, fields(town))
    assert preflight(town.session, draft_cycle(town), DAY).passed
