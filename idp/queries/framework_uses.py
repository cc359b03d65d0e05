"""Where a version of a dictionary is in use before any cycle has frozen it: the organisation's rules, and the
cycles that are not open yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Cycle, CycleFramework, FrameworkVersion, OrganisationSetting
from idp.queries.frameworks import latest_version
from idp.rules.cycle_workflow import UNOPENED_STATES
from idp.rules.errors import NotVisible
from idp.rules.terms import CycleState

NOT_YET_OPEN = UNOPENED_STATES | {CycleState.OPENING}
"""A cycle in these states has its versions chosen; until it is open somebody may still turn back."""

SETTING = "frameworks"


@dataclass(frozen=True)
class CycleUse:
    cycle_id: int
    name_th: str
    name_en: str
    state: CycleState


@dataclass(frozen=True)
class Hindrances:
    """What keeps a version from being retired. `is_chosen`: the organisation's rules, today's or coming ones,
    would take it for the next cycle; `cycles`: those not open yet that have it."""

    is_chosen: bool
    cycles: tuple[CycleUse, ...]

    @property
    def are_there(self) -> bool:
        return self.is_chosen or bool(self.cycles)


def hindrances(session: Session, version: FrameworkVersion, day: date) -> Hindrances:
    """A cycle already open keeps its version and hinders nothing. Three statements."""
    organisation_id, code = version.framework.organisation_id or 0, version.framework.code
    is_chosen = False
    if code in _codes_chosen(session, organisation_id, day):
        try:
            is_chosen = latest_version(session, code, organisation_id).id == version.id
        except NotVisible:
            is_chosen = False
    return Hindrances(is_chosen, cycles_using(session, organisation_id, version.id))


def cycles_using(session: Session, organisation_id: int, version_id: int) -> tuple[CycleUse, ...]:
    """The organisation's cycles that are not open yet and have this version; one statement."""
    rows = session.execute(
        select(Cycle.id, Cycle.name_th, Cycle.name_en, Cycle.state)
        .join(CycleFramework, CycleFramework.cycle_id == Cycle.id)
        .where(
            Cycle.organisation_id == organisation_id,
            Cycle.state.in_(NOT_YET_OPEN),
            CycleFramework.framework_version_id == version_id,
        )
        .distinct()
        .order_by(Cycle.id)
    )
    return tuple(CycleUse(*row) for row in rows)


def _codes_chosen(session: Session, organisation_id: int, day: date) -> set[str]:
    """The frameworks that the rules name on `day` or from a later day on."""
    rows = session.execute(
        select(OrganisationSetting.from_on, OrganisationSetting.value)
        .where(OrganisationSetting.organisation_id == organisation_id, OrganisationSetting.key == SETTING)
        .order_by(OrganisationSetting.from_on)
    ).all()
    past = [row.value for row in rows if row.from_on <= day]
    coming = [row.value for row in rows if row.from_on > day]
    return {use["code"] for value in (*past[-1:], *coming) for use in _uses(value)}


def _uses(value: Any) -> Iterable[dict[str, str]]:
    return value if isinstance(value, list) else []
