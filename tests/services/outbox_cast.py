"""A small organisation with one open cycle for the tests of reminders, mails and reports, written as rows.

Somchai is rated by Suda, above whom stands Prasit; Malee is the HR officer; Orn has nothing to do with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from idp.models import (
    Agreement,
    Assessment,
    Cycle,
    DevelopmentPlan,
    Employee,
    Organisation,
    Person,
    Phase,
    RoleGrant,
    Unit,
)
from idp.rules.phases import ALWAYS
from idp.rules.relations import Actor
from idp.rules.settings import OrganisationRules
from idp.rules.terms import (
    AssessmentState,
    CycleState,
    PersonnelType,
    PhaseKind,
    PlanState,
    Relation,
    Role,
)

NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # Monday 16 November 2569, 8 o'clock in Bangkok
DAY = date(2026, 11, 16)
OPENED_ON = date(2026, 10, 1)

PEOPLE = {
    "somchai": ("นาย", "สมชาย", "ใจดี"),
    "suda": ("นาง", "สุดา", "มั่นคง"),
    "prasit": ("นาย", "ประสิทธิ์", "ยั่งยืน"),
    "malee": ("นางสาว", "มาลี", "ศรีสุข"),
    "orn": ("นางสาว", "อร", "ทองดี"),
}


@dataclass
class Cast:
    """The ids and actors of the people, and the records."""

    session: Session
    organisation: Organisation
    cycle: Cycle
    persons: dict[str, Person]
    assessment: Assessment
    unit: Unit

    def actor(self, name: str) -> Actor:
        return Actor(self.persons[name].id, self.organisation.id, "test")

    def put(self, state: AssessmentState) -> None:
        self.assessment.state = state
        self.session.flush()

    def due(self, kind: PhaseKind, on: date) -> None:
        phase = next(each for each in self.cycle.phases if each.kind is kind)
        phase.due_on = on
        self.session.flush()

    def begin_with_agreement(self, *, without: Relation | None = None) -> None:
        """The round has the step, and all have signed but `without`."""
        self.cycle.phases.append(
            Phase(kind=PhaseKind.AGREEMENT, opens_on=OPENED_ON, due_on=date(2027, 9, 30))
        )
        self.session.add(
            Agreement(
                organisation_id=self.organisation.id,
                assessment_id=self.assessment.id,
                expected_text="จัดทำแผนอัตรากำลัง",
                owner_signed_at=None if without is Relation.OWNER else NOW,
                supervisor_signed_at=None if without is Relation.SUPERVISOR else NOW,
            )
        )
        self.session.flush()

    def plan(self, state: PlanState) -> DevelopmentPlan:
        plan = DevelopmentPlan(
            organisation_id=self.organisation.id,
            employee_id=self.assessment.employee_id,
            owner_person_id=self.assessment.owner_person_id,
            supervisor_person_id=self.assessment.supervisor_person_id,
            second_level_person_id=self.assessment.second_level_person_id,
            fiscal_year=2570,
            assessment_id=self.assessment.id,
            state=state,
        )
        self.session.add(plan)
        self.session.flush()
        return plan


def add_cast(session: Session, code: str = "khlong") -> Cast:
    """The organisation `code` with its people, one cycle open since 1 October, one assessment not started."""
    organisation = Organisation(
        code=code,
        name_th="เทศบาลตำบลตัวอย่าง",
        name_en="Example",
        family="local-government",
        created_at=NOW,
    )
    persons = {
        name: Person(
            title_th=title,
            first_name=first,
            last_name=last,
            email=f"{name}@{code}.example.go.th",
            created_at=NOW,
        )
        for name, (title, first, last) in PEOPLE.items()
    }
    session.add_all([organisation, *persons.values()])
    session.flush()
    unit = Unit(organisation_id=organisation.id, code="office", name_th="สำนักปลัด", path="")
    cycle = Cycle(
        organisation_id=organisation.id,
        code="2570",
        name_th="รอบการประเมินปีงบประมาณ พ.ศ. 2570",
        fiscal_year=2570,
        starts_on=OPENED_ON,
        ends_on=date(2027, 9, 30),
        state=CycleState.OPEN,
        settings=OrganisationRules().as_json(),
        phases=[Phase(kind=kind, opens_on=OPENED_ON, due_on=date(2027, 9, 30)) for kind in ALWAYS],
    )
    grant = RoleGrant(
        organisation_id=organisation.id,
        person_id=persons["malee"].id,
        role=Role.HR_OFFICER,
        from_on=OPENED_ON,
    )
    session.add_all([unit, cycle, grant])
    session.flush()
    unit.path = f"/{unit.id}/"
    assessment = add_assessment(session, organisation, cycle, unit, persons["somchai"], "0001")
    session.add_all(
        Employee(
            organisation_id=organisation.id,
            person_id=persons[name].id,
            number=number,
            personnel_type=PersonnelType.LOCAL_OFFICER,
            hired_on=date(2020, 10, 1),
        )
        for name, number in (("suda", "9001"), ("prasit", "9002"))
    )
    session.flush()
    assessment.supervisor_person_id = persons["suda"].id
    assessment.second_level_person_id = persons["prasit"].id
    session.flush()
    return Cast(session, organisation, cycle, persons, assessment, unit)


def add_assessment(
    session: Session, organisation: Organisation, cycle: Cycle, unit: Unit, person: Person, number: str
) -> Assessment:
    """An employee's assessment, not started, with nobody above them."""
    employee = Employee(
        organisation_id=organisation.id,
        person_id=person.id,
        number=number,
        personnel_type=PersonnelType.LOCAL_OFFICER,
        hired_on=date(2020, 10, 1),
    )
    session.add(employee)
    session.flush()
    assessment = Assessment(
        organisation_id=organisation.id,
        cycle_id=cycle.id,
        employee_id=employee.id,
        owner_person_id=person.id,
        unit_id=unit.id,
        title_th=person.title_th,
        first_name=person.first_name,
        last_name=person.last_name,
        employee_number=number,
        personnel_type=PersonnelType.LOCAL_OFFICER,
        position_name="นักทรัพยากรบุคคล",
        position_number="12-3-01",
        position_type_name="วิชาการ",
        position_level_code="K2",
        position_level_name="ชำนาญการ",
        line_of_work_name="นักทรัพยากรบุคคล",
        unit_path_name="สำนักปลัด",
        supervisor_name="นางสุดา มั่นคง",
        supervisor_position="หัวหน้าสำนักปลัด",
        second_level_name="นายประสิทธิ์ ยั่งยืน",
        second_level_position="ปลัดเทศบาล",
        state=AssessmentState.NOT_STARTED,
        scoring_method="bar",
        competency_part=Decimal(30),
    )
    session.add(assessment)
    session.flush()
    return assessment
