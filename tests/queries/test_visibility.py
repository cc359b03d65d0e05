"""A list in SQL shows exactly what the permission table grants: over every state and a person of every
standing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    Cycle,
    Delegation,
    DevelopmentPlan,
    Employee,
    Organisation,
    Person,
    RoleGrant,
    Unit,
)
from idp.models.engine import make_engine
from idp.queries.relations import standing_on_record
from idp.queries.visibility import visible_to
from idp.rules.permissions import allowed
from idp.rules.relations import SYSTEM, Actor
from idp.rules.terms import AssessmentState, Permission, PersonnelType, PlanState, Role, ScoringMethod

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
    "outsider",
    "hr_elsewhere",
)


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
        _add_records(session, people, home)
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
    for name, until_on in (("delegate", TODAY), ("former_delegate", yesterday), ("owner", TODAY)):
        # The owner, too, stands in for the supervisor: and still must not rate themself.
        session.add(
            Delegation(
                organisation_id=home.id,
                from_person_id=people["supervisor"].id,
                to_person_id=people[name].id,
                order_number="1/2570",
                from_on=long_ago,
                until_on=until_on,
            )
        )


def _add_records(session: Session, people: dict[str, Person], home: Organisation) -> None:
    unit = Unit(organisation_id=home.id, code="u", name_th="กลุ่มงาน", path="/1/")
    employee = Employee(
        organisation_id=home.id,
        person_id=people["owner"].id,
        number="1",
        personnel_type=PersonnelType.CIVIL_SERVANT,
        hired_on=date(2020, 1, 1),
    )
    session.add_all([unit, employee])
    session.flush()
    for number, (state, plan_state) in enumerate(
        [(state, PlanState.DRAFT) for state in AssessmentState]
        + [(AssessmentState.RELEASED, plan_state) for plan_state in PlanState]
    ):
        assessment = _assessment(session, people, employee, unit, number, state)
        session.add(
            DevelopmentPlan(
                organisation_id=home.id,
                employee_id=employee.id,
                owner_person_id=people["owner"].id,
                supervisor_person_id=people["supervisor"].id,
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
        supervisor_person_id=people["supervisor"].id,
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
    rows = session.scalars(select(record)).all()
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


@pytest.mark.parametrize("name", ["outsider", "hr_elsewhere", "former_hr", "future_hr", "former_delegate"])
def test_somebody_without_a_present_relation_is_shown_no_record(population: Population, name: str) -> None:
    actor = Actor(population.people[name].id, population.home.id)
    for record in (Assessment, DevelopmentPlan):
        for permission in Permission:
            condition = visible_to(actor, record, permission, TODAY)
            assert population.session.scalars(select(record.id).where(condition)).all() == []


def test_a_delegate_is_shown_what_the_represented_supervisor_sees(population: Population) -> None:
    def shown(name: str) -> list[int]:
        actor = Actor(population.people[name].id, population.home.id)
        condition = visible_to(actor, Assessment, Permission.RESULT_VIEW, TODAY)
        return list(
            population.session.scalars(select(Assessment.id).where(condition).order_by(Assessment.id))
        )

    assert shown("delegate") == shown("supervisor") != []


def test_an_order_to_act_for_the_supervisor_does_not_reach_ones_own_record(population: Population) -> None:
    owner = Actor(population.people["owner"].id, population.home.id)
    condition = visible_to(owner, Assessment, Permission.ASSESSMENT_RATE, TODAY)
    assert population.session.scalars(select(Assessment.id).where(condition)).all() == []


def test_the_system_has_no_lists(population: Population) -> None:
    condition = visible_to(SYSTEM, Assessment, Permission.ASSESSMENT_VIEW, TODAY)
    assert population.session.scalars(select(Assessment.id).where(condition)).all() == []
