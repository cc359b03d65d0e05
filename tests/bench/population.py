"""One large organisation, made fast: as many employees as asked for, eight competencies each."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from idp.models import (
    Assignment,
    Competency,
    Employee,
    ExpectedLevel,
    LineOfWork,
    Person,
    PositionLevel,
    PositionProfile,
)
from idp.queries.frameworks import latest_version
from idp.rules.relations import SYSTEM, Actor
from idp.rules.terms import CompetencyCategory, PersonnelType, Role
from idp.services.seeding import load_seeds, read_seeds
from idp.services.settings import set_rules
from idp.services.staff import (
    create_organisation,
    create_person,
    create_unit,
    grant_role,
    name_external_appraiser,
)

NOW = datetime(2026, 10, 5, 3, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
FRAMEWORK = "local-government"
FUNCTIONAL = 3  # and five core competencies
TEAM = 12
UNITS = 200
ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Crowd:
    """The organisation and an officer of its personnel office."""

    organisation_id: int
    officer: Actor


def populate(session: Session, people: int) -> Crowd:
    """Seeds, one organisation, `people` employees in teams of twelve; committed."""
    load_seeds(session, read_seeds(), NOW)
    organisation = create_organisation(
        session, SYSTEM, code="bench", name_th="หน่วยงานใหญ่", name_en="Large", family=FRAMEWORK, now=NOW
    )
    uses = [{"code": FRAMEWORK, "category": category.value} for category in CompetencyCategory]
    set_rules(session, SYSTEM, organisation.id, {"frameworks": uses}, LONG_AGO, NOW)
    _add_profile(session, organisation.id)
    officer = create_person(session, title_th="นาง", first_name="มาลี", last_name="งานดี", now=NOW)
    grant_role(session, SYSTEM, organisation.id, officer.id, Role.HR_OFFICER, from_on=LONG_AGO, now=NOW)
    _add_people(session, organisation.id, people)
    session.commit()
    return Crowd(organisation.id, Actor(officer.id, organisation.id, "bench"))


def _add_profile(session: Session, organisation_id: int) -> None:
    version = latest_version(session, FRAMEWORK)
    chosen = [
        *_competencies(session, version.id, CompetencyCategory.CORE),
        *_competencies(session, version.id, CompetencyCategory.FUNCTIONAL)[:FUNCTIONAL],
    ]
    session.add(
        PositionProfile(
            organisation_id=organisation_id,
            position_level_id=_level(session),
            from_on=LONG_AGO,
            expected_levels=[ExpectedLevel(competency_id=each, level=2) for each in chosen],
        )
    )
    session.flush()


def _competencies(session: Session, version_id: int, category: CompetencyCategory) -> list[int]:
    return list(
        session.scalars(
            select(Competency.id)
            .where(Competency.framework_version_id == version_id, Competency.category == category)
            .order_by(Competency.sort_order)
        )
    )


def _level(session: Session) -> int:
    return session.scalars(select(PositionLevel.id).where(PositionLevel.code == "LK2")).one()


def _add_people(session: Session, organisation_id: int, people: int) -> None:
    root = create_unit(session, organisation_id, code="root", name_th="สำนักปลัด")
    units = [
        create_unit(
            session, organisation_id, code=f"u{number}", name_th=f"ฝ่ายที่ {number}", parent_id=root.id
        ).id
        for number in range(UNITS)
    ]
    level, line = _level(session), session.scalars(select(LineOfWork.id).order_by(LineOfWork.id)).first()
    head = create_person(session, title_th="นาย", first_name="ประธาน", last_name="ใหญ่", now=NOW).id
    name_external_appraiser(session, organisation_id, head, "นายกเทศมนตรี")
    for start in range(0, people, ROWS_AT_ONCE):
        numbers = range(start, min(start + ROWS_AT_ONCE, people))
        persons = _insert(
            session,
            Person,
            [
                {
                    "title_th": "นาย",
                    "first_name": f"ทดสอบ{number}",
                    "last_name": "เทียบเวลา",
                    "email": f"p{number}@example.com",
                    "created_at": NOW,
                }
                for number in numbers
            ],
        )
        employees = _insert(
            session,
            Employee,
            [
                {
                    "organisation_id": organisation_id,
                    "person_id": person,
                    "number": f"E{number:06}",
                    "personnel_type": PersonnelType.LOCAL_OFFICER,
                    "hired_on": LONG_AGO,
                }
                for number, person in zip(numbers, persons, strict=True)
            ],
        )
        session.execute(
            insert(Assignment),
            [
                {
                    "organisation_id": organisation_id,
                    "employee_id": employee,
                    "unit_id": units[place // TEAM % UNITS],
                    "position_name": "นักวิเคราะห์นโยบายและแผน",
                    "full_position": "นักวิเคราะห์นโยบายและแผนชำนาญการ",
                    "line_of_work_id": line,
                    "position_level_id": level,
                    "supervisor_person_id": persons[place - place % TEAM] if place % TEAM else head,
                    "second_level_person_id": head if place % TEAM else None,
                    "from_on": LONG_AGO,
                }
                for place, employee in enumerate(employees)
            ],
        )


def _insert(
    session: Session, table: type[Person] | type[Employee], rows: list[dict[str, object]]
) -> list[int]:
    """Insert the rows; their ids in the same order."""
    return list(session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows))
