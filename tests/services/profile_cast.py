"""The town, what its profiles are asked and told, and a position with a number of its own: that of staff4."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    Assignment,
    Competency,
    CompetencyFramework,
    FrameworkVersion,
    PositionOverride,
    PositionProfile,
    ProficiencyLevel,
)
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.profiles import Expected, ProfileRow, Slot
from idp.rules.relations import Actor
from idp.rules.terms import CompetencyCategory, VersionState
from idp.services.position_overrides import OverrideFields, override_position
from idp.services.profile_changes import Changed, check_first_day, hold_profiles, write_profiles
from idp.services.profile_rows import acceptable, organisation_to_edit, problems_of_rows
from tests.services.cycle_cast import DAY, FRAMEWORK, NOW, Town

LATER = DAY + timedelta(days=30)
LATEST = DAY + timedelta(days=60)
NUMBER = "12-3-01-3102-001"
REASON = "หัวหน้าโครงการพิเศษตามคำสั่งที่ 12/2569"


def give_number(town: Town) -> None:
    town.session.execute(
        update(Assignment)
        .where(Assignment.employee_id == town.employees["staff4"].id)
        .values(position_number=NUMBER)
    )


def competency(town: Town, code: str) -> int:
    return town.session.scalars(
        select(Competency.id)
        .join(FrameworkVersion)
        .join(CompetencyFramework)
        .where(CompetencyFramework.code == FRAMEWORK, Competency.code == code, FrameworkVersion.number == 1)
    ).one()


def row(town: Town, code: str, level: int, weight: str | None = None, *, line: bool = False) -> ProfileRow:
    return ProfileRow(
        town.line.id if line else None,
        town.level.id,
        competency(town, code),
        level,
        None if weight is None else Decimal(weight),
    )


def replace_profile_rows(
    session: Session, actor: Actor, rows: Sequence[ProfileRow], from_on: date, now: datetime
) -> tuple[Changed, ...]:
    """Expect from `from_on` on of each line of work and position level that the rows name what they say and
    nothing else; what changed. Those that no row names stay as they are.

    Checked and written as the editor's table and an import are. Raises InvalidInputs with `row` (its place
    from 0) among the values of each problem.
    """
    organisation_id = organisation_to_edit(session, actor, now)
    hold_profiles(session, organisation_id)
    check_first_day(session, organisation_id, from_on, now)
    problems = problems_of_rows(rows, acceptable(session, organisation_id, from_on))
    if problems:
        raise InvalidInputs(
            [
                InvalidInput(each.problem.field, each.problem.code, **each.problem.values, row=each.place)
                for each in problems
            ]
        )
    wanted: dict[Slot, list[Expected]] = {}
    for row in rows:
        wanted.setdefault(row.slot, []).append(Expected(row.competency_id, row.level, row.weight))
    return write_profiles(session, actor, organisation_id, wanted, from_on, now)


def put(town: Town, *rows: ProfileRow, from_on: date = DAY, who: str = "malee") -> tuple[Changed, ...]:
    return replace_profile_rows(town.session, town.actor(who), rows, from_on, NOW)


def spans(town: Town, line: int | None = None) -> list[tuple[date, date | None, dict[str, int]]]:
    town.session.expire_all()
    profiles = town.session.scalars(
        select(PositionProfile)
        .where(
            PositionProfile.organisation_id == town.organisation.id,
            PositionProfile.line_of_work_id.is_(None)
            if line is None
            else PositionProfile.line_of_work_id == line,
        )
        .order_by(PositionProfile.from_on)
    )
    return [
        (each.from_on, each.until_on, {one.competency.code: one.level for one in each.expected_levels})
        for each in profiles
    ]


def fields(town: Town, code: str = "c1", level: int = 4, weight: str | None = None) -> OverrideFields:
    return OverrideFields(
        NUMBER, competency(town, code), level, None if weight is None else Decimal(weight), REASON, DAY
    )


def enter(town: Town, typed: OverrideFields, who: str = "malee") -> PositionOverride:
    return override_position(town.session, town.actor(who), typed, NOW)


def items(town: Town, code: str = "2570") -> dict[str, dict[str, tuple[int, Decimal]]]:
    """By the employee's number and the competency: the level and the weight that the round froze."""
    rows = town.session.execute(
        select(
            Assessment.employee_number,
            Competency.code,
            AssessmentItem.expected_level,
            AssessmentItem.weight_percent,
        )
        .join(AssessmentItem, AssessmentItem.assessment_id == Assessment.id)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
    )
    found: dict[str, dict[str, tuple[int, Decimal]]] = {}
    for number, competency_code, level, weight in rows:
        found.setdefault(number, {})[competency_code] = (level, weight)
    return found


def old_version(town: Town) -> FrameworkVersion:
    return town.session.scalars(select(FrameworkVersion).where(FrameworkVersion.number == 1)).one()


def publish_second(town: Town, state: VersionState = VersionState.PUBLISHED) -> FrameworkVersion:
    """c1 with a shorter ladder, c2 as it was, c3 gone, c4 new."""
    old = old_version(town)
    version = FrameworkVersion(
        framework_id=old.framework_id,
        number=2,
        state=state,
        name_th="กรอบสมรรถนะตัวอย่าง ฉบับที่ 2",
        name_en="Example framework, second",
        source_note="",
        content_hash="1" * 64,
        published_at=NOW,
        competencies=[
            Competency(
                sort_order=place,
                code=code,
                code_is_official=False,
                category=CompetencyCategory.CORE,
                name_th=f"สมรรถนะใหม่ {code}",
                name_en=None,
                definition_th="",
                levels=[ProficiencyLevel(number=n, title_th="", cumulative=True) for n in numbers],
            )
            for place, (code, numbers) in enumerate(
                (("c1", (1, 2, 3)), ("c2", (1, 2, 3, 4, 5)), ("c4", (1, 2))), start=1
            )
        ],
    )
    town.session.add(version)
    town.session.flush()
    return version
