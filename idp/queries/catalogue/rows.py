"""The catalogue as files name it: the levels that an action may be for, and the actions that stand there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from idp.models import (
    BehaviouralIndicator,
    Competency,
    DevelopmentAction,
    DevelopmentActionIndicator,
    ProficiencyLevel,
)
from idp.queries.catalogue.places import framework_choices
from idp.queries.development_actions import is_proposed_by
from idp.rules.terms import VersionState


@dataclass(frozen=True)
class NamedLevel:
    """A level above 0 of the latest published version of a framework. `indicator_ids` in their order."""

    level_id: int
    number: int
    indicator_ids: tuple[int, ...]
    competency_id: int
    competency_code: str
    competency_name: str
    framework_code: str
    framework_name: str
    is_in_use: bool

    def positions(self, indicator_ids: Collection[int]) -> tuple[int, ...]:
        """Counted from 1."""
        return tuple(at for at, each in enumerate(self.indicator_ids, start=1) if each in indicator_ids)


@dataclass(frozen=True)
class StoredAction:
    """One version of an action, with what it says."""

    id: int
    key: str
    number: int
    state: VersionState
    organisation_id: int | None
    based_on_action_id: int | None
    level_id: int
    columns: Mapping[str, Any]
    indicator_ids: frozenset[int]


SAID = (
    DevelopmentAction.method,
    DevelopmentAction.title_th,
    DevelopmentAction.detail_th,
    DevelopmentAction.hours,
    DevelopmentAction.weeks,
    DevelopmentAction.cost_baht,
    DevelopmentAction.evidence_th,
    DevelopmentAction.measure_th,
)


def named_levels(session: Session, organisation_id: int, day: date) -> tuple[NamedLevel, ...]:
    """Of every framework that the organisation sees, those in use first; five statements."""
    frameworks = {each.version_id: each for each in framework_choices(session, organisation_id, day)}
    indicators: dict[int, list[int]] = {}
    for level_id, indicator_id in session.execute(
        select(BehaviouralIndicator.level_id, BehaviouralIndicator.id)
        .join(ProficiencyLevel, ProficiencyLevel.id == BehaviouralIndicator.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(Competency.framework_version_id.in_(frameworks))
        .order_by(BehaviouralIndicator.level_id, BehaviouralIndicator.sort_order)
    ):
        indicators.setdefault(level_id, []).append(indicator_id)
    rows = session.execute(
        select(
            ProficiencyLevel.id,
            ProficiencyLevel.number,
            Competency.id,
            Competency.code,
            Competency.name_th,
            Competency.framework_version_id,
        )
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(Competency.framework_version_id.in_(frameworks), ProficiencyLevel.number > 0)
        .order_by(Competency.framework_version_id, Competency.sort_order, ProficiencyLevel.number)
    )
    found = []
    for level_id, number, competency_id, code, name, version_id in rows:
        framework = frameworks[version_id]
        found.append(
            NamedLevel(
                level_id,
                number,
                tuple(indicators.get(level_id, ())),
                competency_id,
                code,
                name,
                framework.code,
                framework.name_th,
                framework.is_in_use,
            )
        )
    return tuple(sorted(found, key=lambda each: not each.is_in_use))


def own_actions(session: Session, organisation_id: int) -> tuple[StoredAction, ...]:
    """Every version of the organisation's own, discarded drafts apart; two statements."""
    return stored_actions(session, DevelopmentAction.organisation_id == organisation_id)


def library_actions(session: Session, keys: Collection[str]) -> tuple[StoredAction, ...]:
    """The published ones of the library with these keys; two statements."""
    return stored_actions(
        session,
        DevelopmentAction.organisation_id.is_(None),
        DevelopmentAction.state == VersionState.PUBLISHED,
        DevelopmentAction.key.in_(sorted(keys)),
    )


def proposed_actions(
    session: Session, organisation_id: int, level_ids: Collection[int]
) -> tuple[StoredAction, ...]:
    """What the organisation proposes for these levels; two statements."""
    return stored_actions(session, is_proposed_by(organisation_id), DevelopmentAction.level_id.in_(level_ids))


def stored_actions(session: Session, *conditions: ColumnElement[bool]) -> tuple[StoredAction, ...]:
    """In the order of entry; two statements."""
    develops: dict[int, set[int]] = {}
    for action_id, indicator_id in session.execute(
        select(DevelopmentActionIndicator.action_id, DevelopmentActionIndicator.indicator_id)
        .join(DevelopmentAction, DevelopmentAction.id == DevelopmentActionIndicator.action_id)
        .where(*conditions)
    ):
        develops.setdefault(action_id, set()).add(indicator_id)
    rows = session.execute(
        select(
            DevelopmentAction.id,
            DevelopmentAction.key,
            DevelopmentAction.number,
            DevelopmentAction.state,
            DevelopmentAction.organisation_id,
            DevelopmentAction.based_on_action_id,
            DevelopmentAction.level_id,
            *SAID,
        )
        .where(*conditions, DevelopmentAction.number > 0)
        .order_by(DevelopmentAction.id)
    )
    names = [column.key for column in SAID]
    return tuple(
        StoredAction(*row[:7], dict(zip(names, row[7:], strict=True)), frozenset(develops.get(row.id, ())))
        for row in rows
    )


def latest_of_each(actions: Collection[StoredAction]) -> dict[tuple[str, int], StoredAction]:
    """By key and level the version with the highest number: the draft that is under way, else what is
    proposed, else what was retired last."""
    found: dict[tuple[str, int], StoredAction] = {}
    for each in sorted(actions, key=lambda action: action.number):
        found[each.key, each.level_id] = each
    return found
