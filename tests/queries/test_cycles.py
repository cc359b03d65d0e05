"""Reading cycles: figures that add up, filters, keyset pages, and statements that do not grow with people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.orm import Session

from idp.models import Assessment, Assignment, Employee, Person, Unit
from idp.queries.cycle_people import PeopleFilter, PeoplePage, people_of_cycle
from idp.queries.cycles import cycle_list, progress_by_unit, releasable, unit_choices, unreleased
from idp.queries.preflight import preflight
from idp.queries.staff import StaffFilter, staff_list
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.obligations import Condition, obligations_of
from idp.rules.stages import STAGE_OF, by_stage
from idp.rules.terms import AssessmentState, PersonnelType
from idp.services.staff import create_unit
from tests.factories.fixtures import session, shared_engine
from tests.services.cycle_cast import DAY, HIRED_ON, NOW, Town, add_town, draft_cycle, open_cycle

__all__ = ["session", "shared_engine"]

LATE = date(2027, 9, 30)
FEW, MANY = 10, 1000


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session, staff=10)


def counted(town: Town, act: Callable[[], Any]) -> int:
    seen: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = town.session.get_bind()
    town.session.flush()
    town.session.expire_all()
    for row in (town.organisation, town.persons["malee"]):
        assert row.id  # loaded before the count begins
    event.listen(engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(seen)


def grow(town: Town, people: int) -> None:
    """Add staff by sets until the town has so many."""
    session, first = town.session, len(town.employees) + 1
    numbers = range(first, people + 1)
    names = [f"เพิ่ม{number}" for number in numbers]
    session.execute(
        insert(Person),
        [
            {"title_th": "นาย", "first_name": name, "last_name": "ใจดี", "email": None, "created_at": NOW}
            for name in names
        ],
    )
    ids = dict(
        session.execute(select(Person.first_name, Person.id).where(Person.first_name.in_(names))).all()
    )
    session.execute(
        insert(Employee),
        [
            {
                "organisation_id": town.organisation.id,
                "person_id": ids[name],
                "number": f"{number:05d}",
                "personnel_type": PersonnelType.LOCAL_OFFICER,
                "hired_on": HIRED_ON,
            }
            for number, name in zip(numbers, names, strict=True)
        ],
    )
    employees = session.scalars(select(Employee.id).where(Employee.person_id.in_(ids.values()))).all()
    session.execute(
        insert(Assignment),
        [
            {
                "organisation_id": town.organisation.id,
                "employee_id": employee_id,
                "unit_id": town.section.id,
                "position_name": "นักจัดการงานทั่วไป",
                "full_position": "นักจัดการงานทั่วไปชำนาญการ",
                "position_number": "",
                "line_of_work_id": town.line.id,
                "position_level_id": town.level.id,
                "supervisor_person_id": town.persons["suda"].id,
                "second_level_person_id": town.persons["prasit"].id,
                "from_on": HIRED_ON,
            }
            for employee_id in employees
        ],
    )


def in_states(town: Town, states: list[AssessmentState]) -> list[Assessment]:
    """The assessments by number, the first ones in these states."""
    found = list(town.session.scalars(select(Assessment).order_by(Assessment.employee_number)))
    for assessment, state in zip(found, states, strict=False):
        assessment.state = state
    town.session.flush()
    return found


def people(town: Town, cycle_id: int, after: str = "", limit: int = 50, **wanted: Any) -> PeoplePage:
    return people_of_cycle(
        town.session, town.actor("malee"), cycle_id, PeopleFilter(**wanted), DAY, after, limit
    )


def statements_of_the_pages(town: Town, code: str) -> list[int]:
    """Of every list and figure, in a fixed order."""
    session, actor, organisation_id = town.session, town.actor("malee"), town.organisation.id
    cycle, draft = open_cycle(town, code), draft_cycle(town, f"{code}-draft")
    late = PeopleFilter(only_overdue=True)
    return [
        counted(town, lambda: cycle_list(session, organisation_id, LATE)),
        counted(town, lambda: progress_by_unit(session, cycle, LATE)),
        counted(town, lambda: people_of_cycle(session, actor, cycle.id, PeopleFilter(text="5"), LATE)),
        counted(town, lambda: people_of_cycle(session, actor, cycle.id, late, LATE)),
        counted(town, lambda: preflight(session, draft, DAY)),
        counted(town, lambda: staff_list(session, organisation_id, DAY, StaffFilter(text="5"))),
        counted(town, lambda: releasable(session, cycle.id)),
    ]


def test_every_page_takes_as_many_statements_for_a_thousand_as_for_ten(town: Town) -> None:
    few = statements_of_the_pages(town, "few")
    grow(town, MANY)
    many = statements_of_the_pages(town, "many")
    assert town.session.scalar(select(func.count()).select_from(Assessment)) == FEW + MANY
    assert few == many


def test_units_are_rolled_up_and_the_whole_is_counted_once(town: Town) -> None:
    school = create_unit(
        town.session, town.organisation.id, code="15", name_th="โรงเรียน", parent_id=town.top.id
    )
    create_unit(town.session, town.organisation.id, code="90", name_th="หน่วยงานว่าง")
    town.add("teacher", unit=school)
    cycle = open_cycle(town)
    in_states(town, [AssessmentState.RELEASED, AssessmentState.RATED, AssessmentState.RECEIVED])
    progress = progress_by_unit(town.session, cycle, DAY)
    assert [(row.name_th, row.depth, row.people, row.released) for row in progress.units] == [
        ("สำนักปลัด", 0, 11, 2),
        ("โรงเรียน", 1, 1, 0),
        ("งานบริหารทั่วไป", 1, 9, 1),
    ]
    assert (progress.people, progress.released) == (11, 2)
    assert progress.counts[AssessmentState.NOT_STARTED] == 8


def test_overdue_is_what_the_table_of_obligations_says(town: Town) -> None:
    cycle = open_cycle(town)
    states = [state for state in AssessmentState if state is not AssessmentState.CLOSED]
    in_states(town, states)  # ten people, ten states
    owing = {
        state
        for state in states
        if any(row.condition is not Condition.NO_SECOND_LEVEL for row in obligations_of(state))
    }
    late = people(town, cycle.id)
    assert not any(row.is_overdue for row in late.rows)
    found = people_of_cycle(town.session, town.actor("malee"), cycle.id, PeopleFilter(), LATE)
    assert {row.state for row in found.rows if row.is_overdue} == owing
    progress = progress_by_unit(town.session, cycle, LATE)
    assert progress.overdue == len(owing)
    assert cycle_list(town.session, town.organisation.id, LATE)[0].overdue == len(owing)


def test_on_the_due_day_nothing_is_overdue_and_the_day_after_it_is(town: Town) -> None:
    cycle = open_cycle(town)
    due_on = next(phase.due_on for phase in cycle.phases if phase.kind == "self_assessment")
    assert progress_by_unit(town.session, cycle, due_on).overdue == 0
    assert progress_by_unit(town.session, cycle, due_on + timedelta(days=1)).overdue == 10


def test_every_state_has_its_stage_and_nobody_is_lost(town: Town) -> None:
    assert set(STAGE_OF) == set(AssessmentState)
    assert sum(by_stage(dict.fromkeys(AssessmentState, 1)).values()) == len(AssessmentState)


def test_people_come_by_number_page_after_page_and_nobody_twice(town: Town) -> None:
    cycle = open_cycle(town)
    seen, after = [], ""
    while True:
        page = people(town, cycle.id, after, limit=4)
        assert len(page.rows) <= 4
        seen += [row.number for row in page.rows]
        if page.next_after is None:
            break
        after = page.next_after
    assert seen == [f"{number:05d}" for number in range(1, 11)]


def test_filters_narrow_the_list_together(town: Town) -> None:
    cycle = open_cycle(town)
    in_states(town, [AssessmentState.RATING, AssessmentState.RATING])
    assert [row.number for row in people(town, cycle.id, state=AssessmentState.RATING).rows] == [
        "00001",
        "00002",
    ]
    assert len(people(town, cycle.id, unit_id=town.section.id).rows) == 9
    assert len(people(town, cycle.id, unit_id=town.top.id).rows) == 10
    both = people(town, cycle.id, unit_id=town.section.id, state=AssessmentState.RATING)
    assert [row.number for row in both.rows] == ["00002"]
    assert [row.name for row in people(town, cycle.id, text="สุดา ใจดี").rows] == ["นายสุดา ใจดี"]
    assert [row.number for row in people(town, cycle.id, text="0007").rows] == ["00007"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "0_007"])
def test_signs_of_the_database_are_only_letters_in_a_search(town: Town, text: str) -> None:
    cycle = open_cycle(town)
    assert people(town, cycle.id, text=text).rows == ()
    assert staff_list(town.session, town.organisation.id, DAY, StaffFilter(text=text)).rows == ()


def test_an_employee_sees_nobody_else_and_the_outsider_nobody(town: Town) -> None:
    neighbour = add_town(town.session, "neighbour", staff=3)
    cycle = open_cycle(town)
    for actor, expected in (
        (town.actor("staff4"), ["00004"]),
        (neighbour.actor("malee"), []),
        (town.actor("malee"), [f"{number:05d}" for number in range(1, 11)]),
    ):
        page = people_of_cycle(town.session, actor, cycle.id, PeopleFilter(), DAY)
        assert [row.number for row in page.rows] == expected


def test_what_may_be_released_is_what_the_workflow_lets(town: Town) -> None:
    cycle = open_cycle(town)
    found = in_states(
        town,
        [
            AssessmentState.RATED,  # the clerk: nobody above the mayor
            AssessmentState.RATED,
            AssessmentState.SECOND_OPINION,
            AssessmentState.MODERATED,
            AssessmentState.RELEASED,
        ],
    )
    ids = [assessment.id for assessment in found]
    assert set(releasable(town.session, cycle.id)) == {ids[0], ids[2], ids[3]}
    assert set(releasable(town.session, cycle.id, unit_id=town.section.id)) == {ids[2], ids[3]}
    assert releasable(town.session, cycle.id, chosen=[ids[1], ids[3], ids[9]]) == (ids[3],)
    assert releasable(town.session, cycle.id, chosen=[]) == ()
    marked = {row.number for row in people(town, cycle.id).rows if row.is_releasable}
    assert marked == {"00001", "00003", "00004"}


def test_the_list_before_closing_names_those_not_released(town: Town) -> None:
    cycle = open_cycle(town)
    town.session.execute(update(Assessment).values(state=AssessmentState.RECEIVED))
    in_states(town, [AssessmentState.RATED, AssessmentState.REFUSED, AssessmentState.RATING])
    assert [(row.number, row.state) for row in unreleased(town.session, cycle.id, 50)] == [
        ("00001", AssessmentState.RATED),
        ("00003", AssessmentState.RATING),
    ]
    assert len(unreleased(town.session, cycle.id, 1)) == 1


def test_the_list_of_cycles_has_the_latest_year_first_and_the_neighbours_none(town: Town) -> None:
    neighbour = add_town(town.session, "neighbour", staff=3)
    opened = open_cycle(town)
    draft_cycle(town, "later")
    in_states(town, [next(iter(RELEASED_STATES))])
    rows = cycle_list(town.session, town.organisation.id, DAY)
    assert [(row.code, row.people, row.released) for row in rows] == [("later", 0, 0), (opened.code, 10, 1)]
    assert cycle_list(town.session, neighbour.organisation.id, DAY) == ()


def test_units_stand_in_the_order_of_the_tree_with_their_depth(town: Town) -> None:
    deeper = create_unit(
        town.session, town.organisation.id, code="05", name_th="ฝ่ายย่อย", parent_id=town.section.id
    )
    create_unit(town.session, town.organisation.id, code="01", name_th="กองคลัง")
    assert isinstance(deeper, Unit)
    assert [(name, depth) for _, name, _, depth in unit_choices(town.session, town.organisation.id)] == [
        ("กองคลัง", 0),
        ("สำนักปลัด", 0),
        ("งานบริหารทั่วไป", 1),
        ("ฝ่ายย่อย", 2),
    ]
