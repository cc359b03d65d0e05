"""A framework of three competencies: a plain ladder, one without level 2, one with a level 6; and their
actions."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from idp.models import (
    BehaviouralIndicator,
    Competency,
    CompetencyFramework,
    DevelopmentAction,
    DevelopmentActionIndicator,
    FrameworkVersion,
    ProficiencyLevel,
)
from idp.rules.terms import CompetencyCategory, DevelopmentMethod, VersionState

LADDERS = {
    "c1": ("การมุ่งผลสัมฤทธิ์", CompetencyCategory.CORE, (0, 1, 2, 3, 4, 5)),
    "c2": ("การทำงานเป็นทีม", CompetencyCategory.CORE, (0, 1, 3, 4, 5)),
    "c3": ("บริการที่ดี", CompetencyCategory.FUNCTIONAL, (0, 1, 2, 3, 4, 5, 6)),
}
"""Code: name, category, the levels that exist."""

INDICATORS_PER_LEVEL = 3
METHODS = (
    DevelopmentMethod.PROJECT,
    DevelopmentMethod.COACHING,
    DevelopmentMethod.TRAINING,
    DevelopmentMethod.ELEARNING,
)


@dataclass(frozen=True)
class Dictionary:
    """`indicators`: by competency code and level, the ids of its indicators in their order."""

    version: FrameworkVersion
    competencies: dict[str, Competency]
    indicators: dict[tuple[str, int], tuple[int, ...]]
    actions: dict[tuple[str, int], tuple[DevelopmentAction, ...]]

    def up_to(self, code: str, level: int) -> frozenset[int]:
        """Every indicator of the levels 1 to `level`."""
        return frozenset(
            indicator
            for (each, number), ids in self.indicators.items()
            if each == code and 0 < number <= level
            for indicator in ids
        )


def make_dictionary(session: Session, code: str = "sample-core") -> Dictionary:
    """A published framework. Level 4 of c1 has no development action; level 0 has no indicator."""
    version = FrameworkVersion(
        number=1,
        state=VersionState.PUBLISHED,
        name_th="พจนานุกรมสมรรถนะตัวอย่าง",
        name_en="Sample dictionary",
        organisation_th=None,
        source_note="",
        content_hash="0" * 64,
        framework=CompetencyFramework(code=code),
    )
    session.add(version)
    competencies = {}
    levels: dict[tuple[str, int], ProficiencyLevel] = {}
    for place, (key, (name, category, numbers)) in enumerate(LADDERS.items(), start=1):
        competency = Competency(
            version=version,
            sort_order=place,
            code=key,
            code_is_official=False,
            category=category,
            name_th=name,
            name_en=None,
            definition_th=f"คำจำกัดความของ{name}",
        )
        competencies[key] = competency
        for number in numbers:
            levels[key, number] = _level(competency, number)
    session.add_all(levels.values())
    session.flush()
    indicators = {at: tuple(each.id for each in level.indicators) for at, level in levels.items()}
    actions = {
        (key, number): _actions(session, level, indicators[key, number], f"{code}/{key}/{number}")
        for (key, number), level in levels.items()
        if number > 0 and (key, number) != ("c1", 4)
    }
    session.flush()
    return Dictionary(version, competencies, indicators, actions)


def _level(competency: Competency, number: int) -> ProficiencyLevel:
    count = INDICATORS_PER_LEVEL if number else 0
    return ProficiencyLevel(
        competency=competency,
        number=number,
        title_th=f"แสดงสมรรถนะระดับที่ {number}" if number else "ไม่แสดงสมรรถนะด้านนี้อย่างชัดเจน",
        cumulative=number > 1,
        indicators=[
            BehaviouralIndicator(sort_order=place, text_th=f"{competency.name_th} {number}.{place}")
            for place in range(1, count + 1)
        ],
    )


def _actions(
    session: Session, level: ProficiencyLevel, indicators: tuple[int, ...], key: str
) -> tuple[DevelopmentAction, ...]:
    """Four published actions and one retired; action n develops indicator n (the last one none)."""
    actions = [
        DevelopmentAction(
            key=f"{key}/{place}",
            number=1,
            state=VersionState.PUBLISHED if place <= len(METHODS) else VersionState.RETIRED,
            level=level,
            method=METHODS[(place - 1) % len(METHODS)],
            title_th=f"กิจกรรมที่ {place} สู่ระดับที่ {level.number}",
            detail_th="รายละเอียดกิจกรรม",
            hours=6 * place,
            weeks=4 * place,
            cost_baht=Decimal(100 * place),
            evidence_th="รายงานผล",
            measure_th="ผู้บังคับบัญชาสังเกตพฤติกรรม",
            content_hash=f"{place}" * 64,
        )
        for place in range(1, len(METHODS) + 2)
    ]
    session.add_all(actions)
    session.flush()
    session.add_all(
        DevelopmentActionIndicator(action_id=action.id, indicator_id=indicator)
        for action, indicator in zip(actions, indicators, strict=False)
    )
    return tuple(actions)
