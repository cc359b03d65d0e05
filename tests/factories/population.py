"""Two organisations and a person of every standing towards their records: what lists and pages show is held
against the permission table over all of them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    Cycle,
    Delegation,
    DevelopmentPlan,
    Employee,
    ExternalAppraiser,
    Handover,
    Organisation,
    Person,
    RoleGrant,
    StaffChange,
    Unit,
)
from idp.rules.delegations import DelegationScope
from idp.rules.staff_changes import ChangeKind, Consequence, HandoverState
from idp.rules.terms import AssessmentState, PersonnelType, PlanState, Role

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
    "moderator",
    "former_moderator",
    "moderator_elsewhere",
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
    "hr_of_both",  # by two roles, signed in to one organisation at a time
    "employed_by_both",  # supervises in both
    "former_supervisor",  # handed a record over, and serves on
    "deployment_admin",
    "owner_elsewhere",
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


def make_population(session: Session) -> Population:
    """Everybody of the cast, and records of every state in both organisations; flushed."""
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
    _add_elsewhere(session, people, elsewhere)
    _hand_over(session, people, staff["owner"])
    return Population(session, people, home, elsewhere)


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
        ("moderator", Role.MODERATOR, home, long_ago, None),
        ("former_moderator", Role.MODERATOR, home, long_ago, yesterday),
        ("moderator_elsewhere", Role.MODERATOR, elsewhere, long_ago, None),
        # The owner works in the personnel office: and is on their own record the owner alone.
        ("owner", Role.HR_OFFICER, home, long_ago, None),
        ("hr_elsewhere", Role.HR_OFFICER, elsewhere, long_ago, None),
        ("hr_of_both", Role.HR_OFFICER, home, long_ago, None),
        ("hr_of_both", Role.HR_OFFICER, elsewhere, long_ago, None),
        ("deployment_admin", Role.DEPLOYMENT_ADMIN, None, long_ago, None),
    ):
        session.add(
            RoleGrant(
                organisation_id=organisation.id if organisation else None,
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
    """Everybody but the outsider, those of the other organisation and the appraisers is staff."""
    yesterday = date(2026, 11, 19)
    left = {"left_supervisor", "delegate_who_has_left"}
    outside = {"outsider", "hr_elsewhere", "appraiser", "former_appraiser", "owner_elsewhere"}
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
        for name in ("appraiser", "former_appraiser", "left_supervisor", "employed_by_both")
    ]
    for number, (state, plan_state, supervisor) in enumerate(wanted):
        _record(session, people, employee, unit, number, state, plan_state, supervisor)
    session.flush()


def _record(
    session: Session,
    people: dict[str, Person],
    employee: Employee,
    unit: Unit,
    number: int,
    state: AssessmentState,
    plan_state: PlanState,
    supervisor: str,
) -> None:
    """An assessment and the plan drawn from it."""
    assessment = _assessment(session, people, employee, unit, number, state, supervisor)
    session.add(
        DevelopmentPlan(
            organisation_id=employee.organisation_id,
            employee_id=employee.id,
            owner_person_id=employee.person_id,
            supervisor_person_id=people[supervisor].id,
            second_level_person_id=people["second_level"].id,
            fiscal_year=2500 + number,
            assessment_id=assessment.id,
            state=plan_state,
        )
    )


def _add_elsewhere(session: Session, people: dict[str, Person], elsewhere: Organisation) -> None:
    """Records of the other organisation, under people who serve in both or in this one alone: and one of the
    owner, who moved here from there."""
    unit = Unit(organisation_id=elsewhere.id, code="unit", name_th="unit", path="/1/2/")
    staff = {
        name: Employee(
            organisation_id=elsewhere.id,
            person_id=people[name].id,
            number=name,
            personnel_type=PersonnelType.CIVIL_SERVANT,
            hired_on=date(2020, 1, 1),
            left_on=date(2026, 9, 30) if name == "owner" else None,
        )
        for name in ("owner_elsewhere", "hr_elsewhere", "employed_by_both", "owner")
    }
    session.add_all([unit, *staff.values()])
    session.flush()
    for number, (owner, supervisor) in enumerate(
        (
            ("owner_elsewhere", "employed_by_both"),
            ("owner_elsewhere", "supervisor"),
            ("owner", "employed_by_both"),
        )
    ):
        _record(
            session,
            people,
            staff[owner],
            unit,
            number,
            AssessmentState.RELEASED,
            PlanState.APPROVED,
            supervisor,
        )
    session.flush()


def _hand_over(session: Session, people: dict[str, Person], employee: Employee) -> None:
    """The first record came to its supervisor from another one."""
    change = StaffChange(
        organisation_id=employee.organisation_id,
        employee_id=employee.id,
        kind=ChangeKind.SUPERVISOR_CHANGE,
        effective_on=date(2026, 11, 1),
        entered_at=NOW,
    )
    assessment = session.scalars(select(Assessment).order_by(Assessment.id)).first()
    assert assessment is not None
    change.handovers.append(
        Handover(
            organisation_id=employee.organisation_id,
            assessment_id=assessment.id,
            consequence=Consequence.HAND_OVER,
            state=HandoverState.STATED,
            from_person_id=people["former_supervisor"].id,
            to_person_id=people["supervisor"].id,
        )
    )
    session.add(change)
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
        owner_person_id=employee.person_id,
        supervisor_person_id=people[supervisor].id,
        second_level_person_id=people["second_level"].id,
        unit_id=unit.id,
        state=state,
        personnel_type=PersonnelType.CIVIL_SERVANT,
        scoring_method="bar",
        competency_part=30,
        **dict.fromkeys(frozen.split(), "ก"),
    )
    session.add(assessment)
    session.flush()
    return assessment
