"""What is expected from a day on: the past stays, the coming too, and every wrong row is named."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from idp.models import (
    AssessmentItem,
    HistoryEntry,
    LineOfWork,
    PositionProfile,
)
from idp.queries.expectations import expected_by_post
from idp.queries.profile_rows import written_rows
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted
from idp.rules.profiles import ProfileRow
from idp.rules.terms import SubjectType
from tests.services.cycle_cast import (
    DAY,
    HIRED_ON,
    Town,
    add_town,
    draft_cycle,
    open_cycle,
)
from tests.services.profile_cast import LATER, LATEST, competency, put, row, spans


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session, staff=4)


def test_the_profile_that_holds_ends_the_day_before_and_a_new_one_begins(town: Town) -> None:
    put(town, row(town, "c1", 3), row(town, "c2", 3), from_on=LATER)
    assert spans(town) == [
        (HIRED_ON, LATER - timedelta(days=1), {"c1": 2, "c2": 2, "c3": 2}),
        (LATER, None, {"c1": 3, "c2": 3}),
    ]


def test_what_begins_on_the_very_day_is_changed_in_place(town: Town) -> None:
    put(town, row(town, "c1", 3), from_on=LATER)
    put(town, row(town, "c1", 4), row(town, "c3", 6), from_on=LATER)
    assert spans(town)[1:] == [(LATER, None, {"c1": 4, "c3": 6})]
    versions = town.session.scalars(select(PositionProfile.version).where(PositionProfile.from_on == LATER))
    assert versions.all() == [2]


def test_what_was_set_for_a_later_day_stays_and_bounds_the_new_one(town: Town) -> None:
    put(town, row(town, "c1", 5), from_on=LATEST)
    put(town, row(town, "c1", 3), from_on=LATER)
    assert [each[:2] for each in spans(town)] == [
        (HIRED_ON, LATER - timedelta(days=1)),
        (LATER, LATEST - timedelta(days=1)),
        (LATEST, None),
    ]


def test_the_same_again_writes_nothing(town: Town) -> None:
    assert put(town, *(row(town, code, 2) for code in ("c1", "c2", "c3"))) == ()
    assert len(spans(town)) == 1
    assert town.session.scalars(select(HistoryEntry).where(HistoryEntry.event == "set_profile")).all() == []


def test_a_line_of_work_has_a_profile_of_its_own_beside_the_core(town: Town) -> None:
    put(town, row(town, "c3", 4, line=True))
    assert spans(town, town.line.id) == [(DAY, None, {"c3": 4})]
    assert len(spans(town)) == 1


def test_the_history_says_who_from_what_to_what_from_which_day(town: Town) -> None:
    put(town, row(town, "c1", 3, "100"), from_on=LATER)
    old, new = town.session.scalars(select(PositionProfile).order_by(PositionProfile.from_on)).all()
    entries = {
        (each.subject_id, each.event): each
        for each in town.session.scalars(
            select(HistoryEntry).where(HistoryEntry.subject_type == SubjectType.PROFILE)
        )
    }
    begun = entries[new.id, "set_profile"]
    assert begun.actor_person_id == town.persons["malee"].id
    assert begun.detail["from_on"] == LATER.isoformat()
    assert [each["level"] for each in begun.detail["from"]] == [2, 2, 2]
    assert begun.detail["to"] == [
        {"competency_id": competency(town, "c1"), "level": 3, "weight": "100"},
    ]
    assert entries[old.id, "end_profile"].detail == {"until_on": (LATER - timedelta(days=1)).isoformat()}


@pytest.mark.parametrize("day", [DAY - timedelta(days=1), HIRED_ON])
def test_no_day_that_has_passed(town: Town, day: date) -> None:
    with pytest.raises(InvalidInput, match="before_today"):
        put(town, row(town, "c1", 3), from_on=day)


def test_the_day_on_which_a_round_opened_stays_as_it_was_used(town: Town) -> None:
    open_cycle(town)
    with pytest.raises(InvalidInput, match="opened_today"):
        put(town, row(town, "c1", 3))
    put(town, row(town, "c1", 3), from_on=DAY + timedelta(days=1))
    frozen = town.session.scalars(select(AssessmentItem.expected_level).distinct()).all()
    assert sorted(frozen) == [1, 2]


def test_every_wrong_row_is_named_with_its_place_and_its_column(town: Town) -> None:
    stranger = ProfileRow(999_999, 999_999, 999_999, 2)
    with pytest.raises(InvalidInputs) as refused:
        put(
            town,
            row(town, "c1", 2),
            stranger,
            row(town, "c2", 0),
            row(town, "c3", 10),
            row(town, "c3", 3, "100.01"),
            row(town, "c3", 3, "-1"),
            row(town, "c3", 3, "33.333"),
            row(town, "c1", 4),
        )
    told = {(each.values["row"], each.field, each.code) for each in refused.value.problems}
    assert told == {
        (1, "line_of_work", "unknown_choice"),
        (1, "position_level", "unknown_choice"),
        (1, "competency", "unknown_choice"),
        (2, "level", "out_of_range"),
        (3, "level", "out_of_range"),
        (4, "weight", "out_of_range"),
        (4, "competency", "named_twice"),
        (5, "weight", "out_of_range"),
        (5, "competency", "named_twice"),
        (6, "weight", "too_many_places"),
        (6, "competency", "named_twice"),
        (7, "competency", "named_twice"),
    }
    assert len(spans(town)) == 1


def test_a_level_that_the_ladder_lacks_is_kept_as_written_and_falls_when_a_round_opens(town: Town) -> None:
    put(town, row(town, "c2", 2), row(town, "c1", 5))
    assert spans(town)[-1][2] == {"c1": 5, "c2": 2}
    cycle = draft_cycle(town)
    post = expected_by_post(cycle, DAY)
    rows = town.session.execute(select(post.c.competency_id, post.c.level, post.c.written)).all()
    assert {each[0]: each[1:] for each in rows} == {
        competency(town, "c1"): (5, 5),
        competency(town, "c2"): (1, 2),
    }


def test_who_is_no_officer_writes_nothing_and_a_neighbour_only_at_home(town: Town) -> None:
    for name in ("suda", "prasit", "staff4"):
        with pytest.raises(NotPermitted):
            put(town, row(town, "c1", 3), who=name)
    neighbour = add_town(town.session, "neighbour", staff=3)
    put(neighbour, row(neighbour, "c1", 5))
    assert len(spans(town)) == 1 and len(spans(neighbour)) == 2


def test_hundreds_of_posts_take_as_many_statements_as_one(town: Town) -> None:
    lines = [
        LineOfWork(code=f"line-{number}", name_th=f"สายงาน {number}", name_en="") for number in range(300)
    ]
    town.session.add_all(lines)
    town.session.flush()
    first, second = competency(town, "c1"), competency(town, "c2")
    few = [ProfileRow(line.id, town.level.id, first, 3) for line in lines[:2]]
    many = [ProfileRow(line.id, town.level.id, each, 3) for line in lines for each in (first, second)]
    taken = [statements(town, rows) for rows in (few, many, few)]
    assert max(taken) - min(taken) <= 8 and max(taken) < 30, taken


def statements(town: Town, rows: list[ProfileRow]) -> int:
    seen: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    bind = town.session.get_bind()
    event.listen(bind, "before_cursor_execute", count)
    try:
        put(town, *rows)
    finally:
        event.remove(bind, "before_cursor_execute", count)
    return len(seen)


def test_the_table_of_rows_says_what_holds_on_the_day(town: Town) -> None:
    put(town, row(town, "c3", 4, "40", line=True))
    found = written_rows(town.session, town.organisation.id, DAY)
    assert [(each.line_code, each.level_code, each.competency_code, each.level) for each in found] == [
        ("", "X2", "c1", 2),
        ("", "X2", "c2", 2),
        ("", "X2", "c3", 2),
        ("x-general", "X2", "c3", 4),
    ]
    assert (found[-1].weight, found[-1].level_name) == (Decimal(40), "วิชาการ ชำนาญการ")
    assert len(written_rows(town.session, town.organisation.id, HIRED_ON)) == 3
