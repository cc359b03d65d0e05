"""Development actions and the crosswalk: a changed action is a new number, the old one is retired."""

from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from idp.models import (
    BehaviouralIndicator,
    Competency,
    CompetencyFramework,
    CrosswalkLink,
    DevelopmentAction,
    DevelopmentActionIndicator,
    FrameworkVersion,
    ProficiencyLevel,
)
from idp.rules.terms import VersionState
from idp.services.seeding import schema
from idp.services.seeding.content import content_hash
from idp.services.seeding.crosswalk_references import level_map
from idp.services.seeding.library import SeedLibrary
from idp.services.seeding.sync import RowCounts, sync_rows


def load_catalogues(session: Session, library: SeedLibrary) -> RowCounts:
    """Bring the actions of every framework's latest published version into line with its catalogue file.

    Actions of earlier versions stay as they are: cycles opened on those still use them.
    """
    counts = RowCounts()
    for code, catalogue in library.catalogues.items():
        counts += _load_catalogue(session, code, catalogue)
    return counts


def load_crosswalk(session: Session, library: SeedLibrary) -> RowCounts:
    """The pairs of the crosswalk file, no more and no fewer."""
    rows = []
    ladders = {
        f"{name}/{competency.code}": [level.number for level in competency.levels if level.number]
        for name, framework in library.frameworks.items()
        for competency in framework.competencies
    }
    for pair in library.crosswalk.pairs:
        from_framework, _, from_competency = pair.from_.partition("/")
        to_framework, _, to_competency = pair.to.partition("/")
        rows.append(
            {
                "from_framework": from_framework,
                "from_competency": from_competency,
                "to_framework": to_framework,
                "to_competency": to_competency,
                "relation": pair.relation,
                "note_th": pair.note_th,
                "note_en": pair.note_en,
                "level_map": {
                    str(level): target for level, target in level_map(pair, ladders[pair.from_]).items()
                },
            }
        )
    key = ("from_framework", "from_competency", "to_framework", "to_competency")
    return sync_rows(session, CrosswalkLink, key, rows, remove=True)


def _load_catalogue(session: Session, code: str, catalogue: schema.CatalogueFile) -> RowCounts:
    version_id = session.scalars(
        select(FrameworkVersion.id)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(CompetencyFramework.code == code, FrameworkVersion.state == VersionState.PUBLISHED)
        .order_by(FrameworkVersion.number.desc())
        .limit(1)
    ).one()
    levels = _levels_of(session, version_id)
    existing = _existing_actions(session, version_id)
    wanted: list[tuple[dict[str, Any], list[int]]] = []
    kept: set[int] = set()
    for entry in catalogue.entries:
        level_id = levels[entry.competency, entry.level]
        for action in entry.actions:
            key = f"{code}/{action.key}"
            action_id, number, state, digest = existing.get(key, (0, 0, None, ""))
            new_digest = content_hash(action)
            if state == VersionState.PUBLISHED and digest == new_digest:
                kept.add(action_id)
            else:
                row = {"key": key, "number": number + 1, "level_id": level_id, "content_hash": new_digest}
                wanted.append((row | _action_row(action), action.behaviours))
    retired = [
        action_id
        for action_id, _, state, _ in existing.values()
        if state == VersionState.PUBLISHED and action_id not in kept
    ]
    if retired:
        retire = update(DevelopmentAction).where(DevelopmentAction.id.in_(retired))
        session.execute(retire.values(state=VersionState.RETIRED))
    _insert_actions(session, version_id, wanted)
    return RowCounts(added=len(wanted), removed=len(retired))


def _levels_of(session: Session, version_id: int) -> dict[tuple[str, int], int]:
    """Level ids of one framework version by (competency code, level number)."""
    rows = session.execute(
        select(Competency.code, ProficiencyLevel.number, ProficiencyLevel.id)
        .join(ProficiencyLevel, ProficiencyLevel.competency_id == Competency.id)
        .where(Competency.framework_version_id == version_id)
    )
    return {(code, number): level_id for code, number, level_id in rows}


def _existing_actions(session: Session, version_id: int) -> dict[str, tuple[int, int, VersionState, str]]:
    """The latest number of every action of the library of a framework version, by key: id, number, state,
    content hash. What organisations made of them is theirs."""
    rows = session.execute(
        select(
            DevelopmentAction.key,
            DevelopmentAction.id,
            DevelopmentAction.number,
            DevelopmentAction.state,
            DevelopmentAction.content_hash,
        )
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(Competency.framework_version_id == version_id, DevelopmentAction.organisation_id.is_(None))
        .order_by(DevelopmentAction.number)
    )
    return {key: (action_id, number, state, digest) for key, action_id, number, state, digest in rows}


def _action_row(action: schema.Action) -> dict[str, Any]:
    return {
        "state": VersionState.PUBLISHED,
        "method": action.method,
        "title_th": action.title,
        "detail_th": action.detail,
        "hours": action.hours,
        "weeks": action.weeks,
        "cost_baht": Decimal(action.cost),
        "evidence_th": action.evidence,
        "measure_th": action.measure,
    }


def _insert_actions(
    session: Session, version_id: int, wanted: list[tuple[dict[str, Any], list[int]]]
) -> None:
    """Insert (row, behaviours counted from 1) and link each action to the indicators of its level."""
    if not wanted:
        return
    indicators = {
        (level_id, place): indicator_id
        for level_id, place, indicator_id in session.execute(
            select(BehaviouralIndicator.level_id, BehaviouralIndicator.sort_order, BehaviouralIndicator.id)
            .join(ProficiencyLevel, ProficiencyLevel.id == BehaviouralIndicator.level_id)
            .join(Competency, Competency.id == ProficiencyLevel.competency_id)
            .where(Competency.framework_version_id == version_id)
        )
    }
    statement = insert(DevelopmentAction).returning(DevelopmentAction.id, sort_by_parameter_order=True)
    ids = session.scalars(statement, [row for row, _ in wanted])
    links = [
        {"action_id": action_id, "indicator_id": indicators[row["level_id"], place]}
        for action_id, (row, behaviours) in zip(ids, wanted, strict=True)
        for place in behaviours
    ]
    session.execute(insert(DevelopmentActionIndicator), links)
