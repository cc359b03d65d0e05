"""The list of the catalogue: filtered, a page at a time, each action with what it is to the organisation."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from idp.models import (
    ActionExclusion,
    Competency,
    CompetencyFramework,
    DevelopmentAction,
    FrameworkVersion,
    ProficiencyLevel,
)
from idp.queries.catalogue.visible import is_seen_by
from idp.rules.catalogue import ActionStanding
from idp.rules.terms import DevelopmentMethod, VersionState

PAGE = 30
Cursor = tuple[int, int, int, int]
"""The place of an action in the list: its framework's version, competency, level, and itself."""


@dataclass(frozen=True)
class ActionFilter:
    """What is asked for; an empty field asks for nothing. Without `version_ids` every framework; without a
    `standing` all but retired ones. `text` is part of a title, of the detail or of the key."""

    version_ids: tuple[int, ...] = ()
    competency_id: int | None = None
    level: int | None = None
    method: DevelopmentMethod | None = None
    standing: ActionStanding | None = None
    text: str = ""


@dataclass(frozen=True)
class ActionRow:
    id: int
    key: str
    number: int
    title: str
    method: DevelopmentMethod
    hours: int
    weeks: int
    cost_baht: Decimal
    standing: ActionStanding
    framework_th: str
    framework_en: str
    framework_number: int
    competency_th: str
    competency_en: str
    level: int


@dataclass(frozen=True)
class ActionList:
    """`following`: what the next page is asked with, None on the last one."""

    rows: tuple[ActionRow, ...]
    following: str | None


def standing_column() -> ColumnElement[str]:
    """`rules.catalogue.standing_of` in SQL, of a query that joins the exclusions."""
    is_own = DevelopmentAction.organisation_id.is_not(None)
    return case(
        (DevelopmentAction.state == VersionState.DRAFT, literal(ActionStanding.DRAFT.value)),
        (DevelopmentAction.state == VersionState.RETIRED, literal(ActionStanding.RETIRED.value)),
        (
            and_(is_own, DevelopmentAction.based_on_action_id.is_not(None)),
            literal(ActionStanding.ADAPTED.value),
        ),
        (is_own, literal(ActionStanding.OWN.value)),
        (ActionExclusion.id.is_not(None), literal(ActionStanding.EXCLUDED.value)),
        else_=literal(ActionStanding.LIBRARY.value),
    )


def joined(statement: Select[*tuple[Any, ...]], organisation_id: int) -> Select[*tuple[Any, ...]]:
    """The statement about actions with their places and the organisation's exclusions."""
    return (
        statement.select_from(DevelopmentAction)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .outerjoin(
            ActionExclusion,
            and_(
                ActionExclusion.action_key == DevelopmentAction.key,
                ActionExclusion.organisation_id == organisation_id,
                DevelopmentAction.organisation_id.is_(None),
            ),
        )
    )


def list_actions(
    session: Session,
    organisation_id: int,
    is_office: bool,
    wanted: ActionFilter,
    after: str = "",
    limit: int = PAGE,
) -> ActionList:
    """By framework, competency, level, in the order of entry: one statement."""
    place = (
        FrameworkVersion.id,
        Competency.sort_order,
        ProficiencyLevel.number,
        DevelopmentAction.id,
    )
    columns = (
        DevelopmentAction.id,
        DevelopmentAction.key,
        DevelopmentAction.number,
        DevelopmentAction.title_th,
        DevelopmentAction.method,
        DevelopmentAction.hours,
        DevelopmentAction.weeks,
        DevelopmentAction.cost_baht,
        standing_column().label("standing"),
        FrameworkVersion.name_th,
        FrameworkVersion.name_en,
        FrameworkVersion.number,
        Competency.name_th,
        func.coalesce(Competency.name_en, ""),
        ProficiencyLevel.number,
        FrameworkVersion.id,
        Competency.sort_order,
    )
    statement = joined(select(*columns), organisation_id).where(
        is_seen_by(organisation_id, is_office), *_asked(wanted)
    )
    cursor = cursor_of(after)
    if cursor is not None:
        statement = statement.where(tuple_(*place) > tuple_(*(literal(each) for each in cursor)))
    found = session.execute(statement.order_by(*place).limit(limit + 1)).all()
    rows = tuple(_row(*row[: len(columns) - 2]) for row in found[:limit])
    following = None
    if len(found) > limit:
        last = found[limit - 1]
        following = f"{last[15]}.{last[16]}.{last[14]}.{last[0]}"
    return ActionList(rows, following)


def _row(*values: Any) -> ActionRow:
    row = ActionRow(*values)
    return replace(row, standing=ActionStanding(row.standing))


def cursor_of(text: str) -> Cursor | None:
    """The place that an address names; None for what names none."""
    parts = text.split(".")
    if len(parts) != 4 or not all(each.isascii() and each.isdigit() and len(each) < 10 for each in parts):
        return None
    first, second, third, fourth = (int(each) for each in parts)
    return first, second, third, fourth


def counts_by_standing(
    session: Session, organisation_id: int, version_ids: Sequence[int]
) -> Mapping[ActionStanding, int]:
    """How many there are of each in these versions, as the office sees them; one statement."""
    standing = standing_column().label("standing")
    rows = session.execute(
        joined(select(standing, func.count()), organisation_id)
        .where(is_seen_by(organisation_id, True), FrameworkVersion.id.in_(version_ids))
        .group_by(standing)
    )
    return {ActionStanding(word): count for word, count in rows}


def searched(text: str) -> str:
    """A text as titles are searched for it: in one spelling of SARA AM."""
    return unicodedata.normalize("NFC", text).replace("\u0e4d\u0e32", "\u0e33").strip()


def _asked(wanted: ActionFilter) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.version_ids:
        asked.append(FrameworkVersion.id.in_(wanted.version_ids))
    if wanted.competency_id is not None:
        asked.append(Competency.id == wanted.competency_id)
    if wanted.level is not None:
        asked.append(ProficiencyLevel.number == wanted.level)
    if wanted.method is not None:
        asked.append(DevelopmentAction.method == wanted.method)
    if wanted.standing is None:
        asked.append(DevelopmentAction.state != VersionState.RETIRED)
    else:
        asked.append(standing_column() == wanted.standing.value)
    text = searched(wanted.text)
    if text:
        asked.append(
            or_(
                *(
                    column.icontains(text, autoescape=True)
                    for column in (
                        DevelopmentAction.title_th,
                        DevelopmentAction.detail_th,
                        DevelopmentAction.key,
                    )
                )
            )
        )
    return asked
