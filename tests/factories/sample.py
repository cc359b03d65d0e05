"""The sample organisation and its cast: Somchai is assessed, Suda rates him, Prasit stands above her, Malee
is HR, Anong serves there too but has nothing to do with it, Olan is HR of another organisation.

Built from plain rows, so that a service under test is never needed to prepare its own test. Nothing is
committed.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    Assignment,
    Cycle,
    CycleFramework,
    Employee,
    Organisation,
    Person,
    Phase,
    PositionLevel,
    RoleGrant,
    Unit,
)
from idp.rules.relations import Actor
from idp.rules.settings import OrganisationRules
from idp.rules.terms import (
    CompetencyCategory,
    CycleState,
    PersonnelType,
    PhaseKind,
    Role,
)
from tests.factories.dictionary import Dictionary, make_dictionary

CREATED = datetime(2025, 9, 1, 3, 0, tzinfo=UTC)
CYCLE_START = date(2025, 10, 1)
CYCLE_END = date(2026, 9, 30)

PHASES = {
    PhaseKind.SELF_ASSESSMENT: (date(2025, 10, 1), date(2025, 10, 20)),
    PhaseKind.RATING: (date(2025, 10, 8), date(2025, 11, 3)),
    PhaseKind.SECOND_OPINION: (date(2025, 10, 22), date(2025, 11, 14)),
    PhaseKind.RELEASE: (date(2025, 11, 1), date(2025, 11, 21)),
    PhaseKind.RECEIPT: (date(2025, 11, 1), date(2025, 12, 1)),
    PhaseKind.PLAN_DRAFTING: (date(2025, 11, 1), date(2025, 12, 15)),
    PhaseKind.PLAN_REVIEW: (date(2025, 11, 8), date(2025, 12, 30)),
    PhaseKind.PROGRESS: (date(2025, 11, 8), date(2026, 8, 31)),
    PhaseKind.PLAN_EVALUATION: (date(2026, 8, 31), date(2026, 9, 30)),
}
"""Opens on, due on."""

EXPECTED = {"c1": 3, "c2": 3, "c3": 2}
WEIGHTS = {"c1": Decimal(40), "c2": Decimal(35), "c3": Decimal(25)}


def at(day: date, hour: int = 10) -> datetime:
    """A moment of that local day (Bangkok is seven hours ahead)."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=7)


@dataclass(frozen=True)
class Cast:
    """The actors, by name; `prasit` is None's place where the assessment has no second level."""

    somchai: Actor
    suda: Actor
    prasit: Actor
    malee: Actor
    anong: Actor
    olan: Actor

    @property
    def outsiders(self) -> tuple[Actor, Actor]:
        return self.anong, self.olan


@dataclass(frozen=True)
class Sample:
    """`items`: Somchai's assessment items by the code of their competency."""

    organisation: Organisation
    other_organisation: Organisation
    unit: Unit
    cast: Cast
    employees: dict[str, Employee]
    dictionary: Dictionary
    cycle: Cycle
    assessment: Assessment
    items: dict[str, AssessmentItem] = field(default_factory=dict)


def make_sample(
    session: Session,
    rules: OrganisationRules | None = None,
    *,
    cycle_state: CycleState = CycleState.OPEN,
    second_level: bool = True,
    method: str = "bar",
) -> Sample:
    """The whole sample, flushed. `rules` are those frozen in its cycle."""
    organisation = _organisation("sample", "องค์การบริหารส่วนตำบลตัวอย่าง")
    other = _organisation("other", "เทศบาลอื่น")
    session.add_all((organisation, other))
    session.flush()
    unit = Unit(organisation_id=organisation.id, code="U1", name_th="สำนักปลัด")
    session.add(unit)
    session.flush()
    unit.path = f"/{unit.id}/"
    people = {name: _person(*names) for name, names in PEOPLE.items()}
    session.add_all(people.values())
    session.flush()
    employees = {
        name: _employee(session, other if name == "olan" else organisation, person, number)
        for number, (name, person) in enumerate(people.items(), start=1)
    }
    _assign(session, organisation, unit, people, employees)
    for name, where in (("malee", organisation), ("olan", other)):
        session.add(
            RoleGrant(
                organisation_id=where.id,
                person_id=people[name].id,
                role=Role.HR_OFFICER,
                from_on=date(2025, 1, 1),
            )
        )
    dictionary = make_dictionary(session)
    cycle = make_cycle(session, organisation, dictionary, rules or OrganisationRules(), cycle_state)
    assessment = make_assessment(
        session,
        cycle,
        employees["somchai"],
        unit,
        dictionary,
        supervisor=people["suda"],
        second_level=people["prasit"] if second_level else None,
        method=method,
    )
    cast = Cast(
        **{
            name: Actor(person.id, (other if name == "olan" else organisation).id, "127.0.0.1")
            for name, person in people.items()
        }
    )
    codes = {competency.id: code for code, competency in dictionary.competencies.items()}
    items = {codes[item.competency_id]: item for item in assessment.items}
    return Sample(organisation, other, unit, cast, employees, dictionary, cycle, assessment, items)


PEOPLE = {
    "somchai": ("นาย", "สมชาย", "ใจดี"),
    "suda": ("นางสาว", "สุดา", "รักงาน"),
    "prasit": ("นาย", "ประสิทธิ์", "มั่นคง"),
    "malee": ("นาง", "มาลี", "ศรีสุข"),
    "anong": ("นางสาว", "อนงค์", "แสงทอง"),
    "olan": ("นาย", "โอฬาร", "วงศ์ดี"),
}


def make_cycle(
    session: Session,
    organisation: Organisation,
    dictionary: Dictionary,
    rules: OrganisationRules,
    state: CycleState = CycleState.OPEN,
    code: str = "2569",
) -> Cycle:
    """The fiscal year 2569 with all its phases."""
    cycle = Cycle(
        organisation_id=organisation.id,
        code=code,
        name_th="รอบการประเมินประจำปีงบประมาณ พ.ศ. 2569",
        fiscal_year=2569,
        starts_on=CYCLE_START,
        ends_on=CYCLE_END,
        state=state,
        settings=rules.as_json(),
        phases=[Phase(kind=kind, opens_on=opens, due_on=due) for kind, (opens, due) in PHASES.items()],
        frameworks=[
            CycleFramework(framework_version=dictionary.version, category=category)
            for category in CompetencyCategory
        ],
    )
    session.add(cycle)
    session.flush()
    return cycle


def make_assessment(
    session: Session,
    cycle: Cycle,
    employee: Employee,
    unit: Unit,
    dictionary: Dictionary,
    *,
    supervisor: Person | None,
    second_level: Person | None,
    method: str = "bar",
    **columns: Any,
) -> Assessment:
    """One assessment, not started, with its frozen snapshot and an item for every competency."""
    person = employee.person
    assessment = Assessment(
        organisation_id=cycle.organisation_id,
        cycle=cycle,
        employee=employee,
        owner_person_id=person.id,
        unit_id=unit.id,
        supervisor_person_id=supervisor.id if supervisor else None,
        second_level_person_id=second_level.id if second_level else None,
        scoring_method=method,
        competency_part=Decimal(30),
        title_th=person.title_th,
        first_name=person.first_name,
        last_name=person.last_name,
        employee_number=employee.number,
        personnel_type=employee.personnel_type,
        position_name="นักทรัพยากรบุคคล",
        position_number="12-3-01-3102-001",
        position_type_name="วิชาการ",
        position_level_code="K2",
        position_level_name="ชำนาญการ",
        line_of_work_name="ทรัพยากรบุคคล",
        unit_path_name=unit.name_th,
        supervisor_name=_name(supervisor),
        supervisor_position="หัวหน้าสำนักปลัด" if supervisor else "",
        second_level_name=_name(second_level),
        second_level_position="ปลัดองค์การบริหารส่วนตำบล" if second_level else "",
        items=[
            AssessmentItem(
                competency=competency,
                sort_order=place,
                expected_level=EXPECTED[code],
                weight_percent=WEIGHTS[code],
            )
            for place, (code, competency) in enumerate(dictionary.competencies.items(), start=1)
        ],
        **columns,
    )
    session.add(assessment)
    session.flush()
    return assessment


def add_colleague(session: Session, sample: Sample, number: str) -> Employee:
    """One more employee of the sample organisation."""
    person = _person("นาย", f"คนที่{number}", "เพิ่มเติม")
    session.add(person)
    session.flush()
    return _employee(session, sample.organisation, person, int(number) + 1000)


def _organisation(code: str, name: str) -> Organisation:
    return Organisation(code=code, name_th=name, name_en=code, family="local-government", created_at=CREATED)


def _person(title: str, first: str, last: str) -> Person:
    return Person(title_th=title, first_name=first, last_name=last, email=None, created_at=CREATED)


def _employee(session: Session, organisation: Organisation, person: Person, number: int) -> Employee:
    employee = Employee(
        organisation_id=organisation.id,
        person=person,
        number=f"{number:04}",
        personnel_type=PersonnelType.LOCAL_OFFICER,
        hired_on=date(2020, 10, 1),
    )
    session.add(employee)
    session.flush()
    return employee


def _assign(
    session: Session,
    organisation: Organisation,
    unit: Unit,
    people: dict[str, Person],
    employees: dict[str, Employee],
) -> None:
    level = PositionLevel(
        code="K2",
        families="local-government",
        type_name_th="วิชาการ",
        type_name_en="Knowledge worker",
        name_th="ชำนาญการ",
        name_en="Professional",
        sort_order=1,
    )
    session.add(level)
    session.flush()
    for name, supervisor in (("somchai", "suda"), ("suda", "prasit"), ("anong", "prasit")):
        session.add(
            Assignment(
                organisation_id=organisation.id,
                employee_id=employees[name].id,
                unit_id=unit.id,
                position_name="นักทรัพยากรบุคคล",
                full_position="นักทรัพยากรบุคคลชำนาญการ",
                position_level_id=level.id,
                supervisor_person_id=people[supervisor].id,
                second_level_person_id=people["prasit"].id if supervisor == "suda" else None,
                from_on=date(2020, 10, 1),
            )
        )
    session.flush()


def _name(person: Person | None) -> str:
    return "" if person is None else f"{person.title_th}{person.first_name} {person.last_name}"
