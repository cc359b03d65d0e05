"""Distributions before the committee, counted by both databases alike, in one statement for however many."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import Engine, event, update
from sqlalchemy.orm import Session

from idp.models import Assessment, Person, Rating
from idp.queries.moderation import GroupFigures, Grouping, Part, distribution
from idp.queries.moderation_people import people_of_group
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, RaterKind
from tests.factories.committee import seat
from tests.factories.fixtures import session, shared_engine
from tests.factories.sample import EXPECTED, Sample, add_colleague, at, make_assessment, make_sample
from tests.factories.steps import SECOND_DAY

__all__ = ["session", "shared_engine"]

S = AssessmentState
Found = dict[str, tuple[int, tuple[int, ...], Fraction]]
DAY = SECOND_DAY


@dataclass
class Room:
    """The sample with people rated as wanted; Somchai's own is not begun."""

    session: Session
    sample: Sample
    member: Actor
    number: int = 0
    made: list[Assessment] = field(default_factory=list)

    def add(
        self, *differences: str, rater: str = "suda", state: S = S.SECOND_OPINION, **columns: str
    ) -> Assessment:
        """One more person, whose competencies lie that far from what is expected of them."""
        self.number += 1
        employee = add_colleague(self.session, self.sample, str(self.number))
        supervisor = self.session.get_one(Person, getattr(self.sample.cast, rater).person_id)
        assessment = make_assessment(
            self.session,
            self.sample.cycle,
            employee,
            self.sample.unit,
            self.sample.dictionary,
            supervisor=supervisor,
            second_level=None,
        )
        for name, value in columns.items():
            setattr(assessment, name, value)
        assessment.state = state
        for item, difference in zip(assessment.items, differences, strict=False):
            self.session.add(
                Rating(
                    item_id=item.id,
                    rater_kind=RaterKind.SUPERVISOR,
                    attained_level=item.expected_level + Decimal(difference),
                    evidence="เหตุการณ์",
                    updated_at=at(DAY),
                )
            )
        self.session.flush()
        self.made.append(assessment)
        return assessment

    def of(self, by: Grouping, actor: Actor | None = None, *, reads_released: bool = True) -> Found:
        found = distribution(
            self.session, actor or self.member, self.sample.cycle.id, by, reads_released=reads_released
        )
        return {
            each.name: (each.people, each.counts, each.spread.mean or Fraction(0)) for each in found.groups
        }


@pytest.fixture
def room(session: Session) -> Room:
    sample = make_sample(session)
    return Room(session, sample, seat(session, sample))


def test_each_person_counts_once_by_the_mean_of_their_competencies(room: Room) -> None:
    room.add("0", "0", "0")
    room.add("1", "1", "1")
    room.add("-1", "-2", "0", rater="prasit")
    groups = room.of(Grouping.RATER)
    assert groups["นางสาวสุดา รักงาน"] == (2, (0, 0, 3, 3, 0), Fraction(1, 2))
    assert groups["นายประสิทธิ์ มั่นคง"] == (1, (1, 1, 1, 0, 0), Fraction(-1))
    whole = distribution(room.session, room.member, room.sample.cycle.id, Grouping.RATER).whole
    assert whole.spread.mean == Fraction(0) and whole.people == 3 and whole.ratings == 9


def test_people_with_different_numbers_of_competencies_add_up_exactly(room: Room) -> None:
    room.add("1", "0", "0")
    room.add("1", "0")
    assert room.of(Grouping.UNIT)["สำนักปลัด"] == (2, (0, 0, 3, 2, 0), (Fraction(1, 3) + Fraction(1, 2)) / 2)


def test_averages_between_levels_lie_where_they_are(room: Room) -> None:
    room.add("-1.99", "-2", "0.01")
    room.add("1.99", "2", "-0.01")
    (counts,) = (found[1] for found in room.of(Grouping.UNIT).values())
    assert dict(zip(Part, counts, strict=True)) == {
        Part.FAR_BELOW: 1,
        Part.BELOW: 2,
        Part.MET: 0,
        Part.ABOVE: 2,
        Part.FAR_ABOVE: 1,
    }


def test_by_position_level(room: Room) -> None:
    room.add("0", "0", "0")
    room.add("0", "0", "0", position_level_code="K1", position_level_name="ปฏิบัติการ")
    assert set(room.of(Grouping.POSITION_LEVEL)) == {"วิชาการ ชำนาญการ", "วิชาการ ปฏิบัติการ"}


@pytest.mark.parametrize("state", [S.NOT_STARTED, S.SELF_SUBMITTED, S.RATING, S.EXEMPTED])
def test_a_rating_not_handed_in_counts_nowhere(room: Room, state: S) -> None:
    room.add("1", "1", "1", state=state)
    assert room.of(Grouping.UNIT) == {}


def test_unrated_is_not_zero(room: Room) -> None:
    room.add("0", state=S.RATED)
    assert room.of(Grouping.UNIT)["สำนักปลัด"] == (1, (0, 0, 1, 0, 0), Fraction(0))


def test_ones_own_counts_only_once_released(room: Room) -> None:
    own = room.add("1", "1", "1")
    assert room.member.person_id is not None
    room.session.execute(
        update(Assessment).where(Assessment.id == own.id).values(owner_person_id=room.member.person_id)
    )
    assert room.of(Grouping.UNIT) == {}
    assert room.of(Grouping.UNIT, room.sample.cast.malee)["สำนักปลัด"][0] == 1
    own.state = S.RELEASED
    room.session.flush()
    assert room.of(Grouping.UNIT)["สำนักปลัด"][0] == 1


def test_a_rater_far_above_the_organisation_is_marked(room: Room) -> None:
    for _ in range(5):
        room.add("2", "2", "2")
    for _ in range(10):
        room.add("0", "0", "0", rater="prasit")
    found = distribution(room.session, room.member, room.sample.cycle.id, Grouping.RATER)
    marks = {each.name: each.leniency.is_marked for each in found.groups if each.leniency}
    assert marks == {"นางสาวสุดา รักงาน": True, "นายประสิทธิ์ มั่นคง": False}


def numbers(room: Room, actor: Actor, by: Grouping | None = None, key: int | str | None = None) -> list[str]:
    page = people_of_group(room.session, actor, room.sample.cycle.id, by, key, DAY)
    return [row.number for row in page.rows]


def test_a_member_is_shown_people_until_their_release(room: Room) -> None:
    before = [room.add("0", "0", "0", state=state) for state in (S.RATED, S.SECOND_OPINION, S.MODERATED)]
    room.add("0", "0", "0", state=S.RATING)
    after = room.add("0", "0", "0", state=S.RELEASED)
    assert numbers(room, room.member) == [each.employee_number for each in before]
    everybody = [*(each.employee_number for each in before), after.employee_number]
    assert numbers(room, room.sample.cast.malee) == everybody
    assert numbers(room, room.sample.cast.olan) == []


def test_a_group_is_narrowed_and_paged_by_number(room: Room) -> None:
    mine = [room.add("0", "1", "0") for _ in range(3)]
    room.add("0", "0", "0", rater="prasit")
    key = room.sample.cast.suda.person_id
    cycle_id = room.sample.cycle.id
    first = people_of_group(room.session, room.member, cycle_id, Grouping.RATER, key, DAY, limit=2)
    assert [row.assessment_id for row in first.rows] == [each.id for each in mine[:2]]
    assert first.next_after == mine[1].employee_number
    rest = people_of_group(
        room.session, room.member, cycle_id, Grouping.RATER, key, DAY, first.next_after, limit=2
    )
    assert [row.assessment_id for row in rest.rows] == [mine[2].id] and rest.next_after is None
    row = rest.rows[0]
    assert (row.expected, row.attained, row.difference) == (sum(EXPECTED.values()), Decimal(9), Decimal(1))


def test_the_rater_among_the_members_is_not_offered_to_ask_themself(room: Room) -> None:
    room.add("0", "0", "0", rater="anong")
    room.add("0", "0", "0")
    page = people_of_group(room.session, room.member, room.sample.cycle.id, None, None, DAY)
    assert [row.may_be_chosen for row in page.rows] == [False, True]


SUDA, PRASIT = "นางสาวสุดา รักงาน", "นายประสิทธิ์ มั่นคง"
NOTHING = (0,) * len(Part)


def member_reads(room: Room) -> tuple[GroupFigures, dict[str, GroupFigures]]:
    """The whole and the groups by rater, for somebody who is of the committee and nothing else."""
    found = distribution(room.session, room.member, room.sample.cycle.id, Grouping.RATER)
    return found.whole, {each.name: each for each in found.groups}


def test_a_member_reads_no_figures_of_few_released_people(room: Room) -> None:
    """Until the release the member may open each of them; after it only what speaks of five or more."""
    for _ in range(5):
        room.add("0", "0", "0", rater="prasit", state=S.RELEASED)
    room.add("2", "2", "2", state=S.CLOSED)
    before = room.add("1", "1", "1")
    whole, groups = member_reads(room)
    suda, prasit = groups[SUDA], groups[PRASIT]
    assert (suda.people, suda.unreleased, suda.left_out) == (2, 1, 1)
    assert suda.counts == (0, 0, 0, 3, 0) and suda.spread.mean == 1
    # Prasit's would give Suda's one by subtraction from the whole.
    assert (prasit.people, prasit.left_out, prasit.counts, prasit.leniency) == (5, 5, NOTHING, None)
    assert (whole.people, whole.ratings, whole.left_out) == (7, 21, 0)
    before.state = S.RELEASED
    room.session.flush()
    _, groups = member_reads(room)
    assert groups[SUDA].counts == NOTHING and groups[SUDA].leniency is None
    malee = room.of(Grouping.RATER, room.sample.cast.malee)
    assert malee[SUDA] == (2, (0, 0, 0, 3, 3), Fraction(3, 2))


def test_enough_released_people_of_each_group_are_counted_for_a_member_too(room: Room) -> None:
    for rater in ("suda", "prasit"):
        for _ in range(5):
            room.add("1", "0", "0", rater=rater, state=S.RELEASED)
    assert room.of(Grouping.RATER, reads_released=False) == room.of(Grouping.RATER)


def test_the_first_few_released_of_a_cycle_are_not_in_the_whole_either(room: Room) -> None:
    room.add("2", "2", "2", state=S.RELEASED)
    room.add("0", "0", "0", rater="prasit")
    whole, groups = member_reads(room)
    assert (whole.people, whole.left_out, whole.counts) == (2, 1, (0, 0, 3, 0, 0))
    assert groups[SUDA].counts == NOTHING and groups[PRASIT].left_out == 0


def test_those_without_a_rater_are_a_group_of_their_own(room: Room) -> None:
    room.add("0", "0", "0")
    nobodys = room.add("0", "0", "0", supervisor_name="")
    nobodys.supervisor_person_id = None
    room.session.flush()
    assert numbers(room, room.member, Grouping.RATER, None) == [nobodys.employee_number]
    assert len(numbers(room, room.member)) == 2


@pytest.fixture
def statements(shared_engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(shared_engine, "before_cursor_execute", note)
    yield seen
    event.remove(shared_engine, "before_cursor_execute", note)


def test_one_statement_each_for_two_people_and_for_twenty(room: Room, statements: list[str]) -> None:
    def taken() -> tuple[int, int]:
        room.session.flush()
        statements.clear()
        distribution(room.session, room.member, room.sample.cycle.id, Grouping.RATER)
        first = len(statements)
        numbers(room, room.member)
        return first, len(statements) - first

    for _ in range(2):
        room.add("0", "0", "0")
    assert taken() == (1, 1)
    for _ in range(18):
        room.add("1", "0", "0", rater="prasit")
    assert taken() == (1, 1)
