"""Loading: complete, idempotent, in one transaction; what is published never changes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from idp.models import (
    Base,
    BehaviouralIndicator,
    Competency,
    CompetencyFramework,
    CrosswalkLink,
    DevelopmentAction,
    DevelopmentActionIndicator,
    ExpectedLevelDefault,
    FrameworkVersion,
    LineOfWorkCompetency,
    PositionLevel,
    ProficiencyLevel,
)
from idp.rules.terms import VersionState
from idp.services.seeding import SeedLibrary, load_seeds, read_seeds

OCTOBER = datetime(2025, 10, 1, 2, 0, tzinfo=UTC)
NOVEMBER = datetime(2025, 11, 3, 2, 0, tzinfo=UTC)


@pytest.fixture
def session(empty_session: Session, library: SeedLibrary) -> Session:
    load_seeds(empty_session, library, OCTOBER)
    empty_session.commit()
    return empty_session


def snapshot(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
        for table in Base.metadata.sorted_tables
    }


def count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def spoil(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_everything_is_loaded(session: Session, library: SeedLibrary) -> None:
    assert count(session, FrameworkVersion) == count(session, CompetencyFramework) == 5
    assert count(session, Competency) == 42
    assert count(session, ProficiencyLevel) == 216
    assert count(session, BehaviouralIndicator) == 521
    assert count(session, DevelopmentAction) == 832
    assert count(session, CrosswalkLink) == len(library.crosswalk.pairs) == 36
    assert count(session, PositionLevel) == 30
    links = sum(len(a.behaviours) for c in library.catalogues.values() for e in c.entries for a in e.actions)
    assert count(session, DevelopmentActionIndicator) == links
    examples = sum(len(line.functional) for line in library.profiles.lines_of_work)
    assert count(session, LineOfWorkCompetency) == examples


def test_what_is_loaded_is_what_the_files_say(session: Session, library: SeedLibrary) -> None:
    rows = session.execute(
        select(
            CompetencyFramework.code, Competency.code, ProficiencyLevel.number, BehaviouralIndicator.text_th
        )
        .join(FrameworkVersion, FrameworkVersion.framework_id == CompetencyFramework.id)
        .join(Competency, Competency.framework_version_id == FrameworkVersion.id)
        .join(ProficiencyLevel, ProficiencyLevel.competency_id == Competency.id)
        .join(BehaviouralIndicator, BehaviouralIndicator.level_id == ProficiencyLevel.id)
        .order_by(CompetencyFramework.code, Competency.sort_order, ProficiencyLevel.number)
        .order_by(BehaviouralIndicator.sort_order)
    )
    assert [tuple(row) for row in rows] == [
        (code, competency.code, level.number, text)
        for code, framework in sorted(library.frameworks.items())
        for competency in framework.competencies
        for level in competency.levels
        for text in level.behaviours
    ]


def test_an_action_is_linked_to_the_indicators_of_its_own_level(session: Session) -> None:
    strays = session.scalar(
        select(func.count())
        .select_from(DevelopmentActionIndicator)
        .join(DevelopmentAction, DevelopmentAction.id == DevelopmentActionIndicator.action_id)
        .join(BehaviouralIndicator, BehaviouralIndicator.id == DevelopmentActionIndicator.indicator_id)
        .where(BehaviouralIndicator.level_id != DevelopmentAction.level_id)
    )
    assert strays == 0


def test_a_mark_is_stored_at_its_place(session: Session) -> None:
    cut_off = "มีความคิดเห็นของตนเอง"
    text, marks = session.execute(
        select(BehaviouralIndicator.text_th, BehaviouralIndicator.source_marks).where(
            BehaviouralIndicator.text_th.endswith("รับฟังความคิดเห็นของผู้อื่นโดยไม่คำนึง")
        )
    ).one()
    assert cut_off not in text
    assert [mark["kind"] for mark in marks] == ["cut_off"]
    variants = session.scalars(select(Competency.source_marks).where(Competency.code == "UPCR")).one()
    assert variants[0]["text"] == "ความเข้าใจของผู้อื่นและตอบสนองอย่างสร้างสรรค์"


def test_nothing_stands_where_the_table_expects_nothing(session: Session) -> None:
    directors = select(PositionLevel.id).where(PositionLevel.code.in_(["D1", "D2", "M1", "M2"]))
    categories = session.scalars(
        select(ExpectedLevelDefault.category).where(
            ExpectedLevelDefault.family == "bangkok", ExpectedLevelDefault.position_level_id.in_(directors)
        )
    ).all()
    assert set(categories) == {"core"}


def test_loading_twice_changes_nothing(session: Session, library: SeedLibrary) -> None:
    before = snapshot(session)
    writes: list[str] = []
    event.listen(
        session.get_bind(),
        "before_cursor_execute",
        lambda *args: writes.append(args[2]) if not args[2].startswith("SELECT") else None,
    )
    report = load_seeds(session, library, NOVEMBER)
    session.flush()
    assert not report.changed
    assert [statement for statement in writes if not statement.startswith(("BEGIN", "PRAGMA"))] == []
    assert snapshot(session) == before


def test_the_transaction_is_the_callers(empty_session: Session, library: SeedLibrary) -> None:
    assert load_seeds(empty_session, library, OCTOBER).changed
    empty_session.rollback()
    assert count(empty_session, CompetencyFramework) == 0


def test_a_changed_framework_becomes_version_2_and_version_1_stays(
    session: Session, seeds_copy: Path
) -> None:
    before = snapshot(session)
    spoil(seeds_copy, "frameworks/bangkok-core.yaml", "ให้บริการที่เป็นมิตร", "ให้บริการที่เป็นมิตรยิ่งขึ้น")
    report = load_seeds(session, read_seeds(seeds_copy), NOVEMBER)
    session.commit()
    assert [(version.code, version.number) for version in report.frameworks] == [("bangkok-core", 2)]
    after = snapshot(session)
    for table, rows in before.items():
        assert set(map(repr, rows)) <= set(map(repr, after[table])), (
            f"{table}: a row of version 1 was touched"
        )
    versions = session.execute(
        select(FrameworkVersion.number, FrameworkVersion.state, FrameworkVersion.published_at)
        .join(CompetencyFramework)
        .where(CompetencyFramework.code == "bangkok-core")
        .order_by(FrameworkVersion.number)
    ).all()
    assert [tuple(version) for version in versions] == [
        (1, VersionState.PUBLISHED, OCTOBER),
        (2, VersionState.PUBLISHED, NOVEMBER),
    ]
    assert (report.actions.added, report.actions.removed) == (104, 0)  # those of version 1 still serve it
    assert not load_seeds(session, read_seeds(seeds_copy), NOVEMBER).changed


def test_a_changed_mark_or_erratum_is_a_new_version_too(session: Session, seeds_copy: Path) -> None:
    spoil(seeds_copy, "frameworks/single-core.errata.yaml", "certainty: probable", "certainty: certain")
    report = load_seeds(session, read_seeds(seeds_copy), NOVEMBER)
    assert [(version.code, version.number) for version in report.frameworks] == [("single-core", 2)]


def test_another_layout_of_the_same_content_is_no_new_version(session: Session, seeds_copy: Path) -> None:
    path = seeds_copy / "frameworks/single-core.yaml"
    path.write_text("# another comment\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert not load_seeds(session, read_seeds(seeds_copy), NOVEMBER).changed


def test_a_changed_action_is_a_new_number_and_the_old_one_is_retired(
    session: Session, seeds_copy: Path
) -> None:
    spoil(seeds_copy, "catalogue/single-core.yaml", "hours: 15", "hours: 16")
    report = load_seeds(session, read_seeds(seeds_copy), NOVEMBER)
    assert (report.actions.added, report.actions.removed) == (1, 1)
    rows = session.execute(
        select(DevelopmentAction.number, DevelopmentAction.state, DevelopmentAction.hours)
        .where(DevelopmentAction.key == "single-core/c1/1/1")
        .order_by(DevelopmentAction.number)
    )
    assert [tuple(row) for row in rows] == [
        (1, VersionState.RETIRED, 15),
        (2, VersionState.PUBLISHED, 16),
    ]
    assert not load_seeds(session, read_seeds(seeds_copy), NOVEMBER).changed


def test_an_action_taken_back_comes_as_a_third_number(
    session: Session, seeds_copy: Path, library: SeedLibrary
) -> None:
    spoil(seeds_copy, "catalogue/single-core.yaml", "hours: 15", "hours: 16")
    load_seeds(session, read_seeds(seeds_copy), NOVEMBER)
    load_seeds(session, library, NOVEMBER)
    rows = session.execute(
        select(DevelopmentAction.number, DevelopmentAction.state)
        .where(DevelopmentAction.key == "single-core/c1/1/1")
        .order_by(DevelopmentAction.number)
    )
    assert [state for _, state in rows] == [
        VersionState.RETIRED,
        VersionState.RETIRED,
        VersionState.PUBLISHED,
    ]


def test_reference_data_follows_its_file(session: Session, seeds_copy: Path) -> None:
    spoil(seeds_copy, "crosswalk.yaml", "4: 4, 5: 5}", "4: 4, 5: anew}")
    spoil(seeds_copy, "expected_levels.yaml", "O1: 1, O2: 2,", "O1: 1, O2: 1,")
    spoil(seeds_copy, "positions.yaml", "name_en: Expert}", "name_en: Specialist}")
    report = load_seeds(session, read_seeds(seeds_copy), NOVEMBER)
    assert report.frameworks == []
    assert [c.changed for c in (report.crosswalk, report.expected_levels, report.position_levels)] == [
        1,
        1,
        1,
    ]
