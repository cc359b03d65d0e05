"""Many more people in the sample organisation, by sets: what pages are measured with.

All, or as many as her team shall have, are rated by Suda, with Prasit above; the others by Anong. Malee is
told of each. Every fifth stands alike: being rated, rated, moderated, released, received with a plan
approved.
What the history of Somchai's assessment says of them is no chain that could be verified.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    Assignment,
    Base,
    DevelopmentPlan,
    Employee,
    Gap,
    HistoryEntry,
    HistoryHead,
    Mail,
    Notice,
    Person,
    PlanItem,
    PositionLevel,
    Rating,
    ReportJob,
    Unit,
)
from idp.rules.terms import (
    AssessmentState,
    DevelopmentMethod,
    JobState,
    MailState,
    PersonnelType,
    PlanState,
    RaterKind,
    ReportKind,
    SubjectType,
)
from tests.factories.sample import EXPECTED, WEIGHTS, Sample, at

S = AssessmentState
STATES = (S.RATING, S.RATED, S.MODERATED, S.RELEASED, S.RECEIVED)
RELEASED = (S.RELEASED, S.RECEIVED)
LONG_AGO = date(2020, 10, 1)
RATED_AT, RELEASED_AT = at(date(2025, 10, 15)), at(date(2025, 11, 10))
IN_A_UNIT, AT_ONCE = 50, 1000
LEVELS = {"c1": 2, "c2": 1, "c3": 3}


def add_crowd(session: Session, sample: Sample, first: int, last: int, team: int | None = None) -> None:
    """The people from number `first` to `last`, whoever is there already; the caller commits. `team`: the
    highest number of Suda's people, None: all are."""
    for start in range(first, last + 1, AT_ONCE):
        _add(session, sample, range(start, min(start + AT_ONCE, last + 1)), last if team is None else team)


def _above(sample: Sample, number: int, team: int) -> dict[str, int | None]:
    """The columns that name the two above."""
    cast = sample.cast
    if number > team:
        return {"supervisor_person_id": cast.anong.person_id, "second_level_person_id": None}
    return {
        "supervisor_person_id": cast.suda.person_id,
        "second_level_person_id": cast.prasit.person_id,
    }


def _add(session: Session, sample: Sample, numbers: Sequence[int], team: int) -> None:
    organisation = {"organisation_id": sample.organisation.id}
    units = _units(session, sample, numbers)
    persons = _insert(session, Person, [_person(number) for number in numbers])
    employees = _insert(
        session,
        Employee,
        (
            {
                **organisation,
                "person_id": person,
                "number": f"C{number:06}",
                "personnel_type": PersonnelType.LOCAL_OFFICER,
                "hired_on": LONG_AGO,
            }
            for number, person in zip(numbers, persons, strict=True)
        ),
    )
    level_id = session.scalars(select(PositionLevel.id).order_by(PositionLevel.id)).first()
    _insert(
        session,
        Assignment,
        (
            {
                **organisation,
                "employee_id": employee,
                "unit_id": units[number],
                "position_name": "นักทรัพยากรบุคคล",
                "full_position": "นักทรัพยากรบุคคลชำนาญการ",
                "position_level_id": level_id,
                **_above(sample, number, team),
                "from_on": LONG_AGO,
            }
            for number, employee in zip(numbers, employees, strict=True)
        ),
    )
    people = list(zip(numbers, persons, employees, strict=True))
    assessments = _insert(
        session,
        Assessment,
        (
            {**_assessment(sample, units[number], number, *who), **_above(sample, number, team)}
            for number, *who in people
        ),
    )
    _add_results(session, sample, numbers, assessments)
    _add_plans(session, sample, people, assessments, team)
    _add_notes(session, sample, numbers, assessments)


def _person(number: int) -> dict[str, Any]:
    names = {"title_th": "นาย", "first_name": f"ลำดับที่{number}", "last_name": "หมู่มาก"}
    return {**names, "created_at": RATED_AT}


def _units(session: Session, sample: Sample, numbers: Sequence[int]) -> dict[int, int]:
    """The unit of each number; new ones as they are needed."""
    found: dict[str, int] = {}
    for code in dict.fromkeys(f"crowd{number // IN_A_UNIT}" for number in numbers):
        unit = session.scalars(select(Unit).where(Unit.code == code)).one_or_none()
        if unit is None:
            unit = Unit(organisation_id=sample.organisation.id, code=code, name_th=f"กลุ่มงานที่ {code[5:]}")
            session.add(unit)
            session.flush()
            unit.path = f"/{unit.id}/"
        found[code] = unit.id
    return {number: found[f"crowd{number // IN_A_UNIT}"] for number in numbers}


def _assessment(sample: Sample, unit_id: int, number: int, person: int, employee: int) -> dict[str, Any]:
    state = STATES[number % len(STATES)]
    frozen = {
        "title_th": "นาย",
        "first_name": f"ลำดับที่{number}",
        "last_name": "หมู่มาก",
        "employee_number": f"C{number:06}",
        "personnel_type": PersonnelType.LOCAL_OFFICER,
        "position_name": "นักทรัพยากรบุคคล",
        "position_number": "",
        "position_type_name": "วิชาการ",
        "position_level_code": "K2",
        "position_level_name": "ชำนาญการ",
        "line_of_work_name": "ทรัพยากรบุคคล",
        "unit_path_name": "กลุ่มงาน",
        "supervisor_name": "นางสาวสุดา รักงาน",
        "supervisor_position": "หัวหน้าสำนักปลัด",
        "second_level_name": "นายประสิทธิ์ มั่นคง",
        "second_level_position": "ปลัดองค์การบริหารส่วนตำบล",
    }
    is_released = state in RELEASED
    return {
        **frozen,
        "organisation_id": sample.organisation.id,
        "cycle_id": sample.cycle.id,
        "employee_id": employee,
        "owner_person_id": person,
        "unit_id": unit_id,
        "scoring_method": "bar",
        "competency_part": Decimal(30),
        "state": state,
        "competency_score": Decimal(20) if is_released else None,
        "band": "good" if is_released else None,
        "released_at": RELEASED_AT if is_released else None,
    }


def _add_results(
    session: Session, sample: Sample, numbers: Sequence[int], assessments: Sequence[int]
) -> None:
    places = list(enumerate(sample.dictionary.competencies.items(), start=1))
    rows = [
        (number, code, assessment, place, competency.id)
        for number, assessment in zip(numbers, assessments, strict=True)
        for place, (code, competency) in places
    ]
    items = _insert(
        session,
        AssessmentItem,
        (
            {
                "assessment_id": assessment,
                "competency_id": competency_id,
                "sort_order": place,
                "expected_level": EXPECTED[code],
                "weight_percent": WEIGHTS[code],
            }
            for _number, code, assessment, place, competency_id in rows
        ),
    )
    rated = [(number, code, item) for (number, code, *_rest), item in zip(rows, items, strict=True)]
    _insert(
        session,
        Rating,
        (
            {
                "item_id": item,
                "rater_kind": RaterKind.SUPERVISOR,
                "attained_level": Decimal(LEVELS[code]),
                "stated_level": LEVELS[code],
                "evidence": "เหตุการณ์ที่แสดง",
                "updated_at": RATED_AT,
            }
            for _number, code, item in rated
        ),
    )
    session.execute(
        insert(Gap),
        [
            {
                "item_id": item,
                "expected_level": EXPECTED[code],
                "attained_level": Decimal(LEVELS[code]),
                "gap": Decimal(EXPECTED[code] - LEVELS[code]),
            }
            for number, code, item in rated
            if STATES[number % len(STATES)] in RELEASED
        ],
    )


def _add_plans(
    session: Session,
    sample: Sample,
    people: Iterable[tuple[int, int, int]],
    assessments: Sequence[int],
    team: int,
) -> None:
    plans = _insert(
        session,
        DevelopmentPlan,
        (
            {
                "organisation_id": sample.organisation.id,
                "employee_id": employee,
                "owner_person_id": person,
                **_above(sample, number, team),
                "fiscal_year": sample.cycle.fiscal_year,
                "assessment_id": assessment,
                "state": PlanState.APPROVED,
            }
            for (number, person, employee), assessment in zip(people, assessments, strict=True)
            if STATES[number % len(STATES)] is S.RECEIVED
        ),
    )
    line = {"sort_order": 1, "method": DevelopmentMethod.SELF_STUDY, "title": "ศึกษาด้วยตนเอง"}
    _insert(session, PlanItem, ({**line, "plan_id": plan} for plan in plans))


def _add_notes(session: Session, sample: Sample, numbers: Sequence[int], assessments: Sequence[int]) -> None:
    """For each a notice to Suda, Malee and Somchai, a mail, an order to print, a line of the history."""
    organisation = {"organisation_id": sample.organisation.id}
    subject = {"subject_type": SubjectType.ASSESSMENT}
    told = (sample.cast.suda.person_id, sample.cast.malee.person_id, sample.cast.somchai.person_id)
    _insert(
        session,
        Notice,
        (
            {
                **organisation,
                **subject,
                "subject_id": assessment,
                "event": "assessment:release",
                "recipient_person_id": person,
                "created_at": RELEASED_AT,
            }
            for assessment in assessments
            for person in told
        ),
    )
    _insert(
        session,
        Mail,
        (
            {
                **organisation,
                "recipient_person_id": sample.cast.suda.person_id,
                "kind": "digest",
                "local_day": LONG_AGO + timedelta(days=number),
                "state": MailState.SENT,
                "address": "suda@example.go.th",
                "subject": "งานที่ต้องดำเนินการ",
                "next_at": RELEASED_AT,
                "created_at": RELEASED_AT,
            }
            for number in numbers
        ),
    )
    _insert(
        session,
        ReportJob,
        (
            {
                **organisation,
                **subject,
                "kind": ReportKind.ASSESSMENT_FORM,
                "subject_id": assessment,
                "state": JobState.FAILED,
                "requested_by_person_id": sample.cast.malee.person_id,
                "requested_at": RELEASED_AT,
            }
            for assessment in assessments
        ),
    )
    _add_history(session, sample, len(numbers))


def _add_history(session: Session, sample: Sample, count: int) -> None:
    of_assessment = (
        HistoryEntry.subject_type == SubjectType.ASSESSMENT,
        HistoryEntry.subject_id == sample.assessment.id,
    )
    last = session.scalar(select(func.max(HistoryEntry.sequence)).where(*of_assessment)) or 0
    none = "0" * 64
    _insert(
        session,
        HistoryEntry,
        (
            {
                "organisation_id": sample.organisation.id,
                "subject_type": SubjectType.ASSESSMENT,
                "subject_id": sample.assessment.id,
                "event": "save_ratings",
                "actor_person_id": sample.cast.suda.person_id,
                "at": RATED_AT,
                "sequence": last + place,
                "previous_hash": none,
                "hash": none,
            }
            for place in range(1, count + 1)
        ),
    )
    session.execute(
        update(HistoryHead)
        .where(
            HistoryHead.subject_type == SubjectType.ASSESSMENT,
            HistoryHead.subject_id == sample.assessment.id,
        )
        .values(sequence=last + count)
    )


def _insert(session: Session, table: type[Base], rows: Iterable[dict[str, Any]]) -> list[int]:
    """Insert the rows; their ids in the same order."""
    given = list(rows)
    if not given:
        return []
    number = table.__table__.c.id
    return list(session.scalars(insert(table).returning(number, sort_by_parameter_order=True), given))
