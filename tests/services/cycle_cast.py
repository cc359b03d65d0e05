"""An organisation ready to open a cycle, made by the services: a mayor, a clerk at the head, staff.

Malee is the personnel officer, Suda heads the section in which all the others work, Prasit is the clerk
above her, the mayor appraises Prasit. Orn is the personnel officer of a neighbouring organisation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    BehaviouralIndicator,
    Competency,
    CompetencyFramework,
    Cycle,
    Employee,
    ExpectedLevel,
    FrameworkVersion,
    LineOfWork,
    Organisation,
    Person,
    PositionLevel,
    PositionProfile,
    ProficiencyLevel,
    Unit,
)
from idp.rules.relations import SYSTEM, Actor
from idp.rules.terms import CompetencyCategory, PersonnelType, Role, VersionState
from idp.services.cycles import create_cycle, publish_cycle
from idp.services.opening import begin_opening, continue_opening
from idp.services.settings import set_rules
from idp.services.staff import (
    assign,
    create_organisation,
    create_person,
    create_unit,
    grant_role,
    hire,
    name_external_appraiser,
)

NOW = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)  # Monday 5 October 2569, 9 o'clock in Bangkok
DAY = date(2026, 10, 5)
HIRED_ON = date(2020, 10, 1)
FRAMEWORK = "example-core"
CORE_LEVELS = ((1, 2, 3, 4, 5), (1, 3, 4, 5), (0, 1, 2, 3, 4, 5, 6))
"""Three ladders: the common one, one without level 2, one from 0 to 6."""
EXPECTED_LEVEL = 2
FIRST_NAMES = {"suda": "สุดา", "prasit": "ประสิทธิ์", "malee": "มาลี"}
"""Everybody else is called by their place in the register."""


@dataclass
class Town:
    """The organisation and what the tests ask of it."""

    session: Session
    organisation: Organisation
    top: Unit
    section: Unit
    level: PositionLevel
    line: LineOfWork
    profile: PositionProfile
    persons: dict[str, Person] = field(default_factory=dict)
    employees: dict[str, Employee] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return Actor(self.persons[name].id, self.organisation.id, "test")

    def add(
        self, name: str, *, unit: Unit | None = None, email: str | None = "", from_on: date = HIRED_ON
    ) -> None:
        """Employ somebody in the section under Suda, above whom is Prasit; `email` None: without one."""
        number = f"{len(self.employees) + 1:05d}"
        address = f"p{number}@{self.organisation.code}.example.go.th" if email == "" else email
        first_name = FIRST_NAMES.get(name, f"ลำดับที่{len(self.employees) + 1}")
        person = create_person(
            self.session, title_th="นาย", first_name=first_name, last_name="ใจดี", email=address, now=NOW
        )
        employee = hire(
            self.session,
            SYSTEM,
            self.organisation.id,
            person.id,
            number=number,
            personnel_type=PersonnelType.LOCAL_OFFICER,
            hired_on=HIRED_ON,
            now=NOW,
        )
        self.persons[name], self.employees[name] = person, employee
        self.place(name, unit=unit, from_on=from_on)

    def place(
        self,
        name: str,
        *,
        unit: Unit | None = None,
        supervisor: str | None = "suda",
        second: str | None = "prasit",
        level: PositionLevel | None = None,
        from_on: date = HIRED_ON,
    ) -> None:
        """Assign the employee; the head of the section is under the clerk, the clerk under the mayor."""
        if name in ("suda", "malee"):
            supervisor, second = "prasit", "mayor"
        if name == "prasit":
            supervisor, second = "mayor", None
        assign(
            self.session,
            SYSTEM,
            self.employees[name].id,
            unit_id=(unit or self.section).id,
            position_name="นักจัดการงานทั่วไป",
            position_level_id=(level or self.level).id,
            line_of_work_id=self.line.id,
            supervisor_person_id=self.persons[supervisor].id if supervisor else None,
            second_level_person_id=self.persons[second].id if second else None,
            from_on=from_on,
            now=NOW,
        )


def add_town(session: Session, code: str = "khlong", staff: int = 10) -> Town:
    """An organisation of `staff` employees, Prasit, Suda and Malee among them; its framework published."""
    organisation = create_organisation(
        session,
        SYSTEM,
        code=code,
        name_th=f"เทศบาลตำบล{code}",
        name_en=code,
        family="local-government",
        now=NOW,
    )
    top = create_unit(session, organisation.id, code="10", name_th="สำนักปลัด")
    section = create_unit(session, organisation.id, code="20", name_th="งานบริหารทั่วไป", parent_id=top.id)
    level, line = _position(session)
    version = _framework(session)
    profile = PositionProfile(
        organisation_id=organisation.id, line_of_work_id=None, position_level_id=level.id, from_on=HIRED_ON
    )
    profile.expected_levels = [
        ExpectedLevel(competency_id=each.id, level=EXPECTED_LEVEL) for each in version.competencies
    ]
    session.add(profile)
    session.flush()
    town = Town(session, organisation, top, section, level, line, profile)
    mayor = create_person(session, title_th="นาย", first_name="นายก", last_name="มั่นคง", now=NOW)
    town.persons["mayor"] = mayor
    name_external_appraiser(session, organisation.id, mayor.id, "นายกเทศมนตรี")
    town.add("prasit", unit=top)
    town.add("suda")
    town.add("malee")
    for number in range(4, staff + 1):
        town.add(f"staff{number}")
    grant_role(
        session,
        SYSTEM,
        organisation.id,
        town.persons["malee"].id,
        Role.HR_OFFICER,
        from_on=HIRED_ON,
        now=NOW,
    )
    rules = {"frameworks": [{"code": FRAMEWORK, "category": CompetencyCategory.CORE.value}]}
    set_rules(session, SYSTEM, organisation.id, rules, HIRED_ON, NOW)
    session.flush()
    return town


def draft_cycle(town: Town, code: str = "2570") -> Cycle:
    """A draft of the fiscal year 2570 with the default dates."""
    return create_cycle(
        town.session,
        town.actor("malee"),
        code=code,
        name_th="รอบการประเมินประจำปีงบประมาณ พ.ศ. 2570",
        fiscal_year=2570,
        now=NOW,
    )


def open_cycle(town: Town, code: str = "2570") -> Cycle:
    """A cycle opened as the pages and the worker do it."""
    cycle = draft_cycle(town, code)
    publish_cycle(town.session, town.actor("malee"), cycle.id, NOW)
    begin_opening(town.session, town.actor("malee"), cycle.id, NOW)
    while not continue_opening(town.session, cycle.id, NOW):
        town.session.flush()
    return cycle


def _position(session: Session) -> tuple[PositionLevel, LineOfWork]:
    level = session.scalar(select(PositionLevel).where(PositionLevel.code == "X2"))
    line = session.scalar(select(LineOfWork).where(LineOfWork.code == "x-general"))
    if level is None or line is None:
        level = PositionLevel(
            code="X2",
            families="local-government",
            type_name_th="วิชาการ",
            type_name_en="Knowledge worker",
            name_th="ชำนาญการ",
            name_en="Professional",
            sort_order=1,
        )
        line = LineOfWork(code="x-general", name_th="จัดการงานทั่วไป", name_en="General")
        session.add_all([level, line])
        session.flush()
    return level, line


def _framework(session: Session) -> FrameworkVersion:
    known = session.scalar(
        select(FrameworkVersion).join(CompetencyFramework).where(CompetencyFramework.code == FRAMEWORK)
    )
    if known is not None:
        return known
    framework = CompetencyFramework(code=FRAMEWORK)
    session.add(framework)
    session.flush()
    version = FrameworkVersion(
        framework_id=framework.id,
        number=1,
        state=VersionState.PUBLISHED,
        name_th="กรอบสมรรถนะตัวอย่าง",
        name_en="Example framework",
        source_note="",
        content_hash="0" * 64,
        published_at=NOW,
        competencies=[_competency(place, numbers) for place, numbers in enumerate(CORE_LEVELS, start=1)],
    )
    session.add(version)
    session.flush()
    return version


def _competency(place: int, numbers: tuple[int, ...]) -> Competency:
    return Competency(
        sort_order=place,
        code=f"c{place}",
        code_is_official=False,
        category=CompetencyCategory.CORE,
        name_th=f"สมรรถนะที่ {place}",
        name_en=None,
        definition_th="",
        levels=[
            ProficiencyLevel(
                number=number,
                title_th=f"ระดับที่ {number}",
                cumulative=False,
                indicators=[BehaviouralIndicator(sort_order=1, text_th=f"พฤติกรรมของระดับ {number}")],
            )
            for number in numbers
        ],
    )
