"""The rows that opening a cycle makes, by sets: who everybody is, who rates them, what is expected.

Each statement makes a chunk: the employees with ids from the first of `bounds` to the second.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    SQLColumnExpression,
    String,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import aliased

from idp.models import (
    Assessment,
    AssessmentItem,
    Assignment,
    Cycle,
    Employee,
    ExternalAppraiser,
    LineOfWork,
    Person,
    PositionLevel,
    Unit,
)
from idp.models.base import Hundredths, enum_type
from idp.queries.expectations import expected_by_post, in_post
from idp.queries.preflight import employed_on
from idp.queries.relations import assignment_holds
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentState, PersonnelType


def insert_assessments(cycle: Cycle, rules: OrganisationRules, day: date, bounds: tuple[int, int]) -> Insert:
    owner, supervisor, second = aliased(Person), aliased(Person), aliased(Person)
    paths = _unit_path_names(cycle.organisation_id)
    frozen: Mapping[str, Any] = {
        "organisation_id": literal(cycle.organisation_id),
        "cycle_id": literal(cycle.id),
        "employee_id": Employee.id,
        "owner_person_id": Employee.person_id,
        "unit_id": Assignment.unit_id,
        "supervisor_person_id": Assignment.supervisor_person_id,
        "second_level_person_id": Assignment.second_level_person_id,
        "state": literal(AssessmentState.NOT_STARTED, enum_type(AssessmentState, "state")),
        "version": literal(1),
        "title_th": owner.title_th,
        "first_name": owner.first_name,
        "last_name": owner.last_name,
        "employee_number": Employee.number,
        "personnel_type": Employee.personnel_type,
        "position_name": Assignment.position_name,
        "position_number": Assignment.position_number,
        "position_type_name": PositionLevel.type_name_th,
        "position_level_code": PositionLevel.code,
        "position_level_name": PositionLevel.name_th,
        "line_of_work_name": func.coalesce(LineOfWork.name_th, ""),
        "unit_path_name": paths.c.path_name,
        "supervisor_name": func.coalesce(supervisor.display_name, ""),
        "supervisor_position": _position_of(Assignment.supervisor_person_id, cycle.organisation_id, day),
        "second_level_name": func.coalesce(second.display_name, ""),
        "second_level_position": _position_of(Assignment.second_level_person_id, cycle.organisation_id, day),
        "scoring_method": _by_personnel_type(
            {kind: literal(rule.method, String(40)) for kind, rule in rules.scoring.items()}
        ),
        "competency_part": _by_personnel_type(
            {kind: literal(rule.competency_part, Hundredths) for kind, rule in rules.scoring.items()}
        ),
        "second_opinion_text": literal(""),
        "employee_opinion_text": literal(""),
        "witness_name": literal(""),
        "witness_position": literal(""),
    }
    rows = (
        select(*frozen.values())
        .select_from(Employee)
        .join(owner, owner.id == Employee.person_id)
        .join(Assignment, and_(Assignment.employee_id == Employee.id, assignment_holds(day)))
        .join(PositionLevel, PositionLevel.id == Assignment.position_level_id)
        .join(paths, paths.c.id == Assignment.unit_id)
        .outerjoin(LineOfWork, LineOfWork.id == Assignment.line_of_work_id)
        .outerjoin(supervisor, supervisor.id == Assignment.supervisor_person_id)
        .outerjoin(second, second.id == Assignment.second_level_person_id)
        .where(employed_on(cycle.organisation_id, day), Employee.id.between(*bounds))
    )
    return insert(Assessment).from_select(list(frozen), rows, include_defaults=False)


def _by_personnel_type(values: Mapping[PersonnelType, ColumnElement[Any]]) -> ColumnElement[Any]:
    return case(*((Employee.personnel_type == kind, value) for kind, value in values.items()))


def _position_of(
    person_id: SQLColumnExpression[int | None], organisation_id: int, day: date
) -> ColumnElement[str]:
    """The position of a supervisor on that day: as staff, or as an appraiser from outside."""
    staff, post = aliased(Employee), aliased(Assignment)
    as_staff = (
        select(post.full_position)
        .join(staff, staff.id == post.employee_id)
        .where(
            staff.person_id == person_id,
            staff.organisation_id == organisation_id,
            post.from_on <= day,
            func.coalesce(post.until_on, day) >= day,
        )
        .limit(1)
        .scalar_subquery()
    )
    external = (
        select(ExternalAppraiser.position_name)
        .where(ExternalAppraiser.person_id == person_id, ExternalAppraiser.organisation_id == organisation_id)
        .scalar_subquery()
    )
    return func.coalesce(as_staff, external, "")


def _unit_path_names(organisation_id: int) -> Subquery:
    """(id, path_name) of every unit: its name and those above it, from the smallest to the largest."""
    walk = (
        select(Unit.id, cast(Unit.name_th, Text).label("path_name"))
        .where(Unit.organisation_id == organisation_id, Unit.parent_id.is_(None))
        .cte("unit_path", recursive=True)
    )
    walk = walk.union_all(
        select(Unit.id, (Unit.name_th + " " + walk.c.path_name).label("path_name")).join(
            walk, Unit.parent_id == walk.c.id
        )
    )
    return select(walk.c.id, walk.c.path_name).subquery()


def insert_items(cycle: Cycle, day: date, bounds: tuple[int, int]) -> Insert:
    expected = expected_by_post(cycle, day)
    rows = (
        select(
            Assessment.id,
            expected.c.competency_id,
            expected.c.place,
            expected.c.level,
            expected.c.weight,
        )
        .join(Assignment, and_(Assignment.employee_id == Assessment.employee_id, assignment_holds(day)))
        .join(expected, in_post(expected, cycle.organisation_id, day))
        .where(Assessment.cycle_id == cycle.id, Assessment.employee_id.between(*bounds))
    )
    columns = ["assessment_id", "competency_id", "sort_order", "expected_level", "weight_percent"]
    return insert(AssessmentItem).from_select(columns, rows, include_defaults=False)
