"""A list in SQL shows exactly what the permission table grants: over every state and a person of every
standing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    Cycle,
    Delegation,
    DevelopmentPlan,
    Employee,
    ExternalAppraiser,
    Organisation,
    Person,
    RoleGrant,
    Unit,
)
from idp.models.engine import make_engine
from idp.queries.relations import standing_on_record
from idp.queries.visibility import visible_to
from idp.rules.delegations import DelegationScope
from idp.rules.permissions import allowed
from idp.rules.relations import SYSTEM, Actor
from idp.rules.terms import (
    AssessmentState,
    Permission,
    PersonnelType,
    PlanState,
    Relation,
    Role,
    ScoringMethod,
)

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
CAST = (
    "owner",
    "supervisor",
    "second_level",
    "hr",
    "former_hr",
    "future_hr",
    "executive",
    "auditor",
    "delegate",
    "former_delegate",
    "coming_delegate",
    "revoked_delegate",
    "delegate_elsewhere",
    "delegate_of_the_assessments",
    "delegate_of_the_plans",
    "delegate_in_the_unit",
    "delegate_in_the_unit_above",
    "delegate_in_another_unit",
    "delegate_of_the_delegate",
    "delegate_of_both",
    "delegate_who_has_left",
    "left_supervisor",
    "appraiser",
    "former_appraiser",
    "outsider",
    "hr_elsewhere",
)
ORDERS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("supervisor", "delegate", {}),
    ("supervisor", "former_delegate", {"until_on": date(2026, 11, 19)}),
    ("supervisor", "coming_delegate", {"from_on": date(2026, 11, 21), "until_on": date(2026, 12, 1)}),
    ("supervisor", "revoked_delegate", {"is_revoked": True}),
    ("supervisor", "delegate_elsewhere", {}),
    ("supervisor", "delegate_of_the_assessments", {"scope": DelegationScope.ASSESSMENTS}),
    ("supervisor", "delegate_of_the_plans", {"scope": DelegationScope.PLANS}),
    ("supervisor", "delegate_in_the_unit", {"unit": "group"}),
    ("supervisor", "delegate_in_the_unit_above", {"unit": "division"}),
    ("supervisor", "delegate_in_another_unit", {"unit": "other"}),
    ("delegate", "delegate_of_the_delegate", {}),
    ("supervisor", "delegate_of_both", {}),
    ("second_level", "delegate_of_both", {}),
    ("supervisor", "delegate_who_has_left", {}),
    # The owner, too, stands in for the supervisor: and still must not rate themself.
    ("supervisor", "owner", {}),
    # An office is not handed over.
    ("hr", "outsider", {}),
    ("owner", "outsider", {}),
)
"""From whom, to whom, and what is unlike a plain order in force."""


@dataclass(frozen=True)
class Population:
    session: Session
    people: dict[str, Person]
    home: Organisation
    elsewhere: Organisation


@pytest.fixture
def population(database_url: str) -> Iterator[Population]:
    engine = make_engine(database_url)
    with Session(engine) as session:
        people = {
            name: Person(title_th="นาย", first_name=name, last_name="ทดสอบ", created_at=NOW) for name in CAST
        }
        home, elsewhere = (
            Organisation(code=code, name_th=code, name_en=code, family="civil-service", created_at=NOW)
            for code in ("home", "elsewhere")
        )
        session.add_all([*people.values(), home, elsewhere])
        session.flush()
        _give_roles(session, people, home, elsewhere)
        units = _add_units(session, home)
        _give_orders(session, people, home, elsewhere, units)
        staff = _employ(session, people, home)
        _add_records(session, people, home, units["group"], staff["owner"])
        session.commit()
        yield Population(session, people, home, elsewhere)
    engine.dispose()


def _give_roles(
    session: Session, people: dict[str, Person], home: Organisation, elsewhere: Organisation
) -> None:
    long_ago, yesterday, tomorrow = date(2020, 1, 1), date(2026, 11, 19), date(2026, 11, 21)
    for name, role, organisation, from_on, until_on in (
        ("hr", Role.HR_OFFICER, home, long_ago, TODAY),
        ("former_hr", Role.HR_OFFICER, home, long_ago, yesterday),
        ("future_hr", Role.HR_OFFICER, home, tomorrow, None),
        ("executive", Role.EXECUTIVE, home, long_ago, None),
        ("auditor", Role.AUDITOR, home, long_ago, None),
        # The owner works in the personnel office: and is on their own record the owner alone.
        ("owner", Role.HR_OFFICER, home, long_ago, None),
        ("hr_elsewhere", Role.HR_OFFICER, elsewhere, long_ago, None),
    ):
        session.add(
            RoleGrant(
                organisation_id=organisation.id,
                person_id=people[name].id,
                role=role,
                from_on=from_on,
                until_on=until_on,
            )
        )


def _add_units(session: Session, home: Organisation) -> dict[str, Unit]:
    """The record's group below its division, and another division whose number begins alike."""
    units = {
        name: Unit(organisation_id=home.id, code=name, name_th=name, path=path)
        for name, path in (("division", "/1/"), ("group", "/1/2/"), ("other", "/12/"))
    }
    session.add_all(units.values())
    session.flush()
    return units


def _give_orders(
    session: Session,
    people: dict[str, Person],
    home: Organisation,
    elsewhere: Organisation,
    units: dict[str, Unit],
) -> None:
    for represented, delegate, unlike in ORDERS:
        columns = {"from_on": date(2020, 1, 1), "until_on": TODAY} | unlike
        unit = columns.pop("unit", None)
        session.add(
            Delegation(
                organisation_id=(elsewhere if delegate == "delegate_elsewhere" else home).id,
                from_person_id=people[represented].id,
                to_person_id=people[delegate].id,
                order_number="1/2570",
                unit_id=units[str(unit)].id if unit else None,
                **columns,
            )
        )
    session.flush()


def _employ(session: Session, people: dict[str, Person], home: Organisation) -> dict[str, Employee]:
    """Everybody but the outsider, the officer of the other organisation and the appraisers is staff."""
    yesterday = date(2026, 11, 19)
    left = {"left_supervisor", "delegate_who_has_left"}
    outside = {"outsider", "hr_elsewhere", "appraiser", "former_appraiser"}
    staff = {
        name: Employee(
            organisation_id=home.id,
            person_id=person.id,
            number=name,
            personnel_type=PersonnelType.CIVIL_SERVANT,
            hired_on=date(2020, 1, 1),
            left_on=yesterday if name in left else None,
        )
        for name, person in people.items()
        if name not in outside
    }
    session.add_all(staff.values())
    for name, until_on in (("appraiser", TODAY), ("former_appraiser", yesterday)):
        session.add(
            ExternalAppraiser(
                organisation_id=home.id,
                person_id=people[name].id,
                position_name="นายกเทศมนตรี",
                until_on=until_on,
            )
        )
    session.flush()
    return staff


def _add_records(
    session: Session, people: dict[str, Person], home: Organisation, unit: Unit, employee: Employee
) -> None:
    """One of every state under the supervisor, and one each under those who may no longer look."""
    wanted = [(state, PlanState.DRAFT, "supervisor") for state in AssessmentState]
    wanted += [(AssessmentState.RELEASED, plan_state, "supervisor") for plan_state in PlanState]
    wanted += [
        (AssessmentState.RATING, PlanState.APPROVED, name)
        for name in ("appraiser", "former_appraiser", "left_supervisor")
    ]
    for number, (state, plan_state, supervisor) in enumerate(wanted):
        assessment = _assessment(session, people, employee, unit, number, state, supervisor)
        session.add(
            DevelopmentPlan(
                organisation_id=home.id,
                employee_id=employee.id,
                owner_person_id=people["owner"].id,
                supervisor_person_id=people[supervisor].id,
                second_level_person_id=people["second_level"].id,
                fiscal_year=2500 + number,
                assessment_id=assessment.id,
                state=plan_state,
            )
        )
    session.flush()


def _assessment(
    session: Session,
    people: dict[str, Person],
    employee: Employee,
    unit: Unit,
    number: int,
    state: AssessmentState,
    supervisor: str,
) -> Assessment:
    cycle = Cycle(
        organisation_id=employee.organisation_id,
        code=str(number),
        name_th="รอบ",
        fiscal_year=2500 + number,
        starts_on=date(2025, 10, 1),
        ends_on=date(2026, 9, 30),
    )
    session.add(cycle)
    session.flush()
    frozen = (
        "title_th first_name last_name employee_number position_name position_number position_type_name"
        " position_level_code position_level_name line_of_work_name unit_path_name supervisor_name"
        " supervisor_position second_level_name second_level_position"
    )
    assessment = Assessment(
        organisation_id=employee.organisation_id,
        cycle_id=cycle.id,
        employee_id=employee.id,
        owner_person_id=people["owner"].id,
        supervisor_person_id=people[supervisor].id,
        second_level_person_id=people["second_level"].id,
        unit_id=unit.id,
        state=state,
        personnel_type=PersonnelType.CIVIL_SERVANT,
        scoring_method=ScoringMethod.BAR,
        competency_part=30,
        **dict.fromkeys(frozen.split(), "ก"),
    )
    session.add(assessment)
    session.flush()
    return assessment


@pytest.mark.parametrize("record", [Assessment, DevelopmentPlan])
def test_a_list_shows_what_the_permission_table_grants_and_nothing_else(
    population: Population, record: type[Assessment] | type[DevelopmentPlan]
) -> None:
    session = population.session
    rows: Sequence[Any] = session.scalars(select(record)).all()
    seen_by_anybody = False
    for name, person in population.people.items():
        actor = Actor(person.id, population.home.id)
        standings = {row.id: standing_on_record(session, actor, row, TODAY) for row in rows}
        for permission in Permission:
            listed = set(
                session.scalars(select(record.id).where(visible_to(actor, record, permission, TODAY)))
            )
            granted = {row.id for row in rows if allowed(permission, standings[row.id].relations, row.state)}
            assert listed == granted, (name, permission)
            seen_by_anybody = seen_by_anybody or bool(listed)
    assert seen_by_anybody


NOBODY_ANY_MORE = (
    "outsider",
    "hr_elsewhere",
    "former_hr",
    "future_hr",
    "former_delegate",
    "coming_delegate",
    "revoked_delegate",
    "delegate_elsewhere",
    "delegate_in_another_unit",
    "delegate_of_the_delegate",
    "delegate_who_has_left",
    "left_supervisor",
    "former_appraiser",
)


@pytest.mark.parametrize("name", NOBODY_ANY_MORE)
def test_somebody_without_a_present_relation_is_shown_no_record(population: Population, name: str) -> None:
    actor = Actor(population.people[name].id, population.home.id)
    for record in (Assessment, DevelopmentPlan):
        for permission in Permission:
            condition = visible_to(actor, record, permission, TODAY)
            assert population.session.scalars(select(record.id).where(condition)).all() == []


def shown(
    population: Population,
    name: str,
    record: type[Assessment] | type[DevelopmentPlan],
    permission: Permission,
) -> list[int]:
    condition = visible_to(Actor(population.people[name].id, population.home.id), record, permission, TODAY)
    return list(population.session.scalars(select(record.id).where(condition).order_by(record.id)))


@pytest.mark.parametrize("name", ["delegate", "delegate_in_the_unit", "delegate_in_the_unit_above"])
def test_a_delegate_is_shown_what_the_represented_supervisor_sees(population: Population, name: str) -> None:
    for record, permission in (
        (Assessment, Permission.RESULT_VIEW),
        (DevelopmentPlan, Permission.PLAN_REVIEW),
    ):
        supervisors = shown(population, "supervisor", record, permission)
        assert shown(population, name, record, permission) == supervisors != []


def test_an_order_for_one_kind_of_record_shows_nothing_of_the_other(population: Population) -> None:
    assessments = (Assessment, Permission.ASSESSMENT_RATE)
    plans = (DevelopmentPlan, Permission.PLAN_REVIEW)
    assert shown(population, "delegate_of_the_assessments", *plans) == []
    assert shown(population, "delegate_of_the_plans", *assessments) == []
    assert shown(population, "delegate_of_the_assessments", *assessments) == shown(
        population, "supervisor", *assessments
    )
    assert shown(population, "delegate_of_the_plans", *plans) == shown(population, "supervisor", *plans)


def test_who_acts_for_both_stands_in_both_places_each_by_its_own_order(population: Population) -> None:
    assessment = population.session.scalars(select(Assessment).order_by(Assessment.id)).first()
    assert assessment is not None
    actor = Actor(population.people["delegate_of_both"].id, population.home.id)
    standing = standing_on_record(population.session, actor, assessment, TODAY)
    assert standing.relations == {Relation.SUPERVISOR, Relation.SECOND_LEVEL}
    for relation, represented in (
        (Relation.SUPERVISOR, "supervisor"),
        (Relation.SECOND_LEVEL, "second_level"),
    ):
        assert standing.represented_by(frozenset({relation})) == population.people[represented].id


def test_an_order_to_act_for_the_supervisor_does_not_reach_ones_own_record(population: Population) -> None:
    owner = Actor(population.people["owner"].id, population.home.id)
    condition = visible_to(owner, Assessment, Permission.ASSESSMENT_RATE, TODAY)
    assert population.session.scalars(select(Assessment.id).where(condition)).all() == []


def test_the_system_has_no_lists(population: Population) -> None:
    condition = visible_to(SYSTEM, Assessment, Permission.ASSESSMENT_VIEW, TODAY)
    assert population.session.scalars(select(Assessment.id).where(condition)).all() == []
