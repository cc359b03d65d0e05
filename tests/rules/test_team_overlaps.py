"""What plans of one team have in common, and when many are away."""

from datetime import date

import pytest

from idp.rules.team_overlaps import (
    AwayPeriod,
    OverlapKind,
    TeamLine,
    away_together,
    many,
    overlaps,
    plain_title,
)
from idp.rules.terms import DevelopmentMethod

TRAINING, COACHING = DevelopmentMethod.TRAINING, DevelopmentMethod.COACHING


def away(person: int, first: date, last: date, method: DevelopmentMethod = TRAINING) -> TeamLine:
    return TeamLine(person, f"หลักสูตร {person}", method, starts_on=first, ends_on=last)


def day(number: int) -> date:
    return date(2026, 1, number)


def shared(lines: list[TeamLine], kind: OverlapKind) -> list[tuple[int, ...]]:
    return [each.people for each in overlaps(lines) if each.kind is kind]


def test_an_activity_is_the_same_by_course_by_action_or_by_title() -> None:
    lines = [
        TeamLine(1, "การเขียนหนังสือราชการ", TRAINING, course_id=7),
        TeamLine(2, "อบรมหนังสือราชการ", TRAINING, course_id=7),
        TeamLine(3, "  การเขียนหนังสือราชการ ", TRAINING),
        TeamLine(4, "สอนงาน", COACHING, action_key="a/1"),
        TeamLine(5, "สอนงานใหม่", COACHING, action_key="a/1"),
        TeamLine(6, "Excel", TRAINING),
        TeamLine(7, "EXCEL", TRAINING),
        TeamLine(8, "อื่น ๆ", TRAINING),
    ]
    assert shared(lines, OverlapKind.ACTIVITY) == [(1, 2, 3), (4, 5), (6, 7)]


def test_two_groups_meet_over_a_line_that_belongs_to_both() -> None:
    lines = [
        TeamLine(1, "ก", TRAINING, course_id=1),
        TeamLine(2, "ข", TRAINING),
        TeamLine(3, "ข", TRAINING, course_id=1),
        TeamLine(4, "ข", TRAINING),
    ]
    assert shared(lines, OverlapKind.ACTIVITY) == [(1, 2, 3, 4)]


def test_competencies_and_mentors_of_several_people_most_first() -> None:
    lines = [
        TeamLine(1, "ก", COACHING, competency_id=1, mentor_id=9),
        TeamLine(2, "ข", COACHING, competency_id=1, mentor_id=9),
        TeamLine(1, "ค", COACHING, competency_id=2),
        TeamLine(2, "ง", COACHING, competency_id=2),
        TeamLine(3, "จ", COACHING, competency_id=2),
        TeamLine(3, "ฉ", COACHING, competency_id=3, mentor_id=8),
    ]
    assert shared(lines, OverlapKind.COMPETENCY) == [(1, 2, 3), (1, 2)]
    assert shared(lines, OverlapKind.MENTOR) == [(1, 2)]


def test_the_same_twice_in_one_plan_is_no_overlap() -> None:
    lines = [TeamLine(1, "ก", TRAINING, competency_id=1), TeamLine(1, "ก", TRAINING, competency_id=1)]
    assert overlaps(lines) == []


def test_days_on_which_many_are_away_join_into_periods() -> None:
    lines = [
        away(1, day(1), day(10)),
        away(2, day(5), day(12)),
        away(3, day(10), day(20)),
        away(4, day(20), day(25)),
    ]
    assert away_together(lines, 2) == [
        AwayPeriod(day(5), day(12), 3, (1, 2, 3)),
        AwayPeriod(day(20), day(20), 2, (3, 4)),
    ]
    assert away_together(lines, 3) == [AwayPeriod(day(10), day(10), 3, (1, 2, 3))]
    assert away_together(lines, 4) == []


def test_who_learns_at_the_desk_or_has_no_dates_is_not_away() -> None:
    online = away(2, day(1), day(10), DevelopmentMethod.ELEARNING)
    undated = TeamLine(3, "อบรม", TRAINING, starts_on=day(1))
    assert away_together([away(1, day(1), day(10)), online, undated], 2) == []


def test_two_lines_of_one_person_are_one_person_away() -> None:
    assert away_together([away(1, day(1), day(10)), away(1, day(2), day(5))], 2) == []


@pytest.mark.parametrize(("people", "least"), [(0, 2), (1, 2), (6, 2), (7, 3), (12, 4), (13, 5)])
def test_many_is_a_third_and_two_at_least(people: int, least: int) -> None:
    assert many(people) == least


def test_titles_differ_by_what_people_read() -> None:
    assert plain_title(" Power  BI ") == plain_title("power bi") != plain_title("powerbi")
