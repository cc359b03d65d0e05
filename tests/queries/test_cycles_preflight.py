"""Pre-flight finds each planted problem, says whom it concerns, and blocks where nobody could be assessed."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from idp.models import Assignment, CycleFramework, Employee, ExpectedLevel, PositionLevel
from idp.queries.preflight import BLOCKING, Preflight, PreflightProblem, ProblemKind, preflight
from idp.rules.calendar import FiscalYear
from idp.rules.phases import default_phases
from idp.rules.relations import SYSTEM
from idp.rules.scoring import METHODS
from idp.rules.settings import OrganisationRules, ScoringRule
from idp.rules.terms import PersonnelType, VersionState
from idp.services.cycles import update_phases
from idp.services.settings import set_rules
from tests.factories.fixtures import session, shared_engine
from tests.services.cycle_cast import DAY, NOW, Town, add_town, draft_cycle

__all__ = ["session", "shared_engine"]

ALWAYS = {ProblemKind.NO_SECOND_LEVEL, ProblemKind.LEVEL_NOT_ON_LADDER}
"""The clerk has nobody above the mayor, and one ladder lacks level 2: neither stops the opening."""


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session, staff=6)


def check(town: Town) -> Preflight:
    cycle = draft_cycle(town)
    return preflight(town.session, cycle, DAY)


def of_kind(found: Preflight, kind: ProblemKind) -> list[PreflightProblem]:
    return [problem for problem in found.problems if problem.kind is kind]


def without_supervisor(town: Town) -> None:
    town.place("staff4", supervisor=None, second=None, from_on=DAY)


def supervisor_left(town: Town) -> None:
    town.place("staff4", supervisor="staff5", from_on=DAY - timedelta(days=9))
    town.employees["staff5"].left_on = DAY - timedelta(days=1)


def without_profile(town: Town) -> None:
    level = PositionLevel(
        code="X9",
        families="local-government",
        type_name_th="ทั่วไป",
        type_name_en="",
        name_th="อาวุโส",
        name_en="",
        sort_order=9,
    )
    town.session.add(level)
    town.session.flush()
    town.place("staff4", level=level, from_on=DAY)


def weights_of_97(town: Town) -> None:
    for expected, weight in zip(town.profile.expected_levels, (50, 30, 17), strict=True):
        expected.weight = Decimal(weight)


def without_email(town: Town) -> None:
    town.persons["staff4"].email = None


def not_yet_placed(town: Town) -> None:
    town.session.execute(delete(Assignment).where(Assignment.employee_id == town.employees["staff4"].id))


PLANTED: dict[ProblemKind, tuple[Callable[[Town], None], str]] = {
    ProblemKind.NO_ASSIGNMENT: (not_yet_placed, "00004"),
    ProblemKind.NO_SUPERVISOR: (without_supervisor, "00004"),
    ProblemKind.SUPERVISOR_LEFT: (supervisor_left, "00004"),
    ProblemKind.NO_PROFILE: (without_profile, "00004"),
    ProblemKind.NO_EMAIL: (without_email, "00004"),
}


def test_a_whole_town_passes_with_what_does_not_stop_it(town: Town) -> None:
    found = check(town)
    assert found.passed and found.employees == 6
    assert {problem.kind for problem in found.problems} == ALWAYS


@pytest.mark.parametrize("kind", list(PLANTED))
def test_a_planted_problem_is_found_once_with_the_person(town: Town, kind: ProblemKind) -> None:
    plant, number = PLANTED[kind]
    plant(town)
    town.session.flush()
    found = check(town)
    assert [problem.employee_number for problem in of_kind(found, kind)] == [number]
    assert of_kind(found, kind)[0].name == "นายลำดับที่4 ใจดี"
    assert {problem.kind for problem in found.problems} - ALWAYS == {kind}
    assert found.passed is (kind not in BLOCKING)


def test_where_an_agreement_is_asked_for_the_cycle_needs_its_dates(town: Town) -> None:
    cycle = draft_cycle(town)
    set_rules(town.session, SYSTEM, town.organisation.id, {"agreement_at_start": True}, DAY, NOW)
    found = preflight(town.session, cycle, DAY)
    assert len(of_kind(found, ProblemKind.NO_AGREEMENT_DATES)) == 1 and not found.passed
    dates = default_phases(FiscalYear(2570), with_agreement=True)
    update_phases(town.session, town.actor("malee"), cycle.id, dates, NOW)
    assert of_kind(preflight(town.session, cycle, DAY), ProblemKind.NO_AGREEMENT_DATES) == []
    later = preflight(town.session, draft_cycle(town, "b"), DAY)  # made after the setting: it has them
    assert of_kind(later, ProblemKind.NO_AGREEMENT_DATES) == []


def scored_by(town: Town, method: str) -> None:
    scoring = OrganisationRules(scoring=dict.fromkeys(PersonnelType, ScoringRule(method))).as_json()[
        "scoring"
    ]
    set_rules(town.session, SYSTEM, town.organisation.id, {"scoring": scoring}, DAY, NOW)


def kinds(found: Preflight) -> set[ProblemKind]:
    return {problem.kind for problem in found.problems} - ALWAYS


@pytest.mark.parametrize("method", METHODS)
def test_weights_of_97_stop_the_opening_where_the_method_counts_them(town: Town, method: str) -> None:
    scored_by(town, method)
    weights_of_97(town)
    town.session.flush()
    found = check(town)
    counted = METHODS[method].uses_weights
    kind = ProblemKind.WEIGHTS_NOT_HUNDRED if counted else ProblemKind.WEIGHTS_NOT_COUNTED
    assert kinds(found) == {kind} and found.counts[kind] == 6
    assert found.passed is not counted
    town.profile.expected_levels[2].weight = Decimal(20)
    town.session.flush()
    assert kinds(preflight(town.session, draft_cycle(town, "b"), DAY)) == set()


def test_weights_given_to_some_competencies_only_are_told(town: Town) -> None:
    scored_by(town, "rating")
    town.profile.expected_levels[0].weight = Decimal(100)
    town.session.flush()
    assert check(town).counts[ProblemKind.WEIGHTS_NOT_HUNDRED] == 6


def test_who_would_come_out_above_themself_is_named_with_the_way_there(town: Town) -> None:
    town.place("staff4", supervisor="staff5", second="suda", from_on=DAY)
    town.place("staff5", supervisor="staff6", second="suda", from_on=DAY)
    town.place("staff6", supervisor="staff4", second="suda", from_on=DAY)
    town.session.flush()
    found = check(town)
    assert not found.passed
    names = [town.persons[name].display_name for name in ("staff4", "staff5", "staff6")]
    ring = [" → ".join([*names[turn:], *names[:turn], names[turn]]) for turn in range(3)]
    assert [each.detail for each in of_kind(found, ProblemKind.SUPERVISOR_LOOP)] == ring
    town.place("staff6", from_on=DAY + timedelta(days=1))
    town.session.flush()
    later = preflight(town.session, draft_cycle(town, "b"), DAY + timedelta(days=1))
    assert kinds(later) == set()


def test_who_merely_stands_below_two_that_rate_one_another_is_not_in_their_ring(town: Town) -> None:
    town.place("staff4", supervisor="staff5", second="suda", from_on=DAY)
    town.place("staff5", supervisor="staff4", second="suda", from_on=DAY)
    town.place("staff6", supervisor="staff5", second="staff4", from_on=DAY)
    town.session.flush()
    numbers = [each.employee_number for each in of_kind(check(town), ProblemKind.SUPERVISOR_LOOP)]
    assert numbers == [town.employees[name].number for name in ("staff4", "staff5")]


def test_a_retired_framework_stops_the_opening_by_name(town: Town) -> None:
    cycle = draft_cycle(town)
    for use in cycle.frameworks:
        use.framework_version.state = VersionState.RETIRED
    town.session.flush()
    found = preflight(town.session, cycle, DAY)
    names = {use.framework_version.name_th for use in cycle.frameworks}
    assert {each.detail for each in of_kind(found, ProblemKind.FRAMEWORK_RETIRED)} == names
    assert not found.passed


def test_of_many_alike_the_first_are_named_and_all_are_counted(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("idp.queries.preflight.NAMED", 2)
    for person in town.persons.values():
        person.email = None
    town.session.flush()
    found = check(town)
    assert len(of_kind(found, ProblemKind.NO_EMAIL)) == 2
    assert found.counts[ProblemKind.NO_EMAIL] == 6 and found.passed


def test_a_level_that_the_ladder_lacks_is_named_with_its_competency(town: Town) -> None:
    assert [each.detail for each in of_kind(check(town), ProblemKind.LEVEL_NOT_ON_LADDER)] == [
        "สมรรถนะที่ 2 (2)"
    ]
    town.session.execute(update(ExpectedLevel).values(level=3))
    assert (
        of_kind(preflight(town.session, draft_cycle(town, "b"), DAY), ProblemKind.LEVEL_NOT_ON_LADDER) == []
    )


def test_an_appraiser_from_outside_counts_as_serving(town: Town) -> None:
    assert of_kind(check(town), ProblemKind.SUPERVISOR_LEFT) == []


def test_nobody_to_assess_and_no_framework_block(town: Town) -> None:
    cycle = draft_cycle(town)
    town.session.execute(update(Employee).values(left_on=DAY - timedelta(days=1)))
    town.session.execute(delete(CycleFramework).where(CycleFramework.cycle_id == cycle.id))
    town.session.expire_all()
    found = preflight(town.session, cycle, DAY)
    assert {problem.kind for problem in found.problems if problem.blocks} == {
        ProblemKind.NO_EMPLOYEES,
        ProblemKind.NO_FRAMEWORK,
    }
    assert found.employees == 0


@pytest.mark.parametrize("at_once", [1, 2, 5, 6, 7])
def test_however_many_are_read_at_once_everybody_is_looked_at_once(
    town: Town, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("idp.queries.preflight.PEOPLE_AT_ONCE", at_once)
    for person in town.persons.values():
        person.email = None
    town.session.flush()
    found = of_kind(check(town), ProblemKind.NO_EMAIL)
    assert [each.employee_number for each in found] == sorted(each.number for each in town.employees.values())


def test_the_neighbours_problems_are_theirs(town: Town) -> None:
    neighbour = add_town(town.session, "neighbour", staff=4)
    without_supervisor(neighbour)
    town.session.flush()
    assert check(town).passed


def test_the_worst_comes_first(town: Town) -> None:
    without_supervisor(town)
    town.persons["staff6"].email = None
    town.session.flush()
    order = [list(ProblemKind).index(problem.kind) for problem in check(town).problems]
    assert order == sorted(order)
