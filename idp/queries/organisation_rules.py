"""The dated settings of one organisation, as their page shows them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Cycle, OrganisationSetting
from idp.rules.settings import OrganisationRules
from idp.rules.terms import CycleState

FROZEN = (CycleState.OPENING, CycleState.OPEN, CycleState.CLOSING)


@dataclass(frozen=True)
class SettingOnPage:
    """`value` holds today; `since` None: this product's default. `coming`: (from the day, value), the next
    first."""

    key: str
    value: Any
    since: date | None
    coming: tuple[tuple[date, Any], ...]


@dataclass(frozen=True)
class FrozenIn:
    """A cycle under way that keeps what was set when it opened. `differing`: the settings that it has
    otherwise than today."""

    cycle_id: int
    name_th: str
    name_en: str
    differing: tuple[tuple[str, Any], ...]


def settings_page(
    session: Session, organisation_id: int, keys: Collection[str], day: date
) -> tuple[SettingOnPage, ...]:
    """Each setting in the order of `keys`; one statement."""
    rows = session.execute(
        select(OrganisationSetting.key, OrganisationSetting.from_on, OrganisationSetting.value)
        .where(OrganisationSetting.organisation_id == organisation_id, OrganisationSetting.key.in_(keys))
        .order_by(OrganisationSetting.from_on)
    ).all()
    defaults = OrganisationRules()
    found = []
    for key in keys:
        past = [row for row in rows if row.key == key and row.from_on <= day]
        coming = tuple((row.from_on, row.value) for row in rows if row.key == key and row.from_on > day)
        value = past[-1].value if past else getattr(defaults, key)
        found.append(SettingOnPage(key, value, past[-1].from_on if past else None, coming))
    return tuple(found)


def frozen_cycles(
    session: Session, organisation_id: int, today: Collection[SettingOnPage]
) -> tuple[FrozenIn, ...]:
    """The cycles under way with what they keep; one statement."""
    cycles = session.execute(
        select(Cycle.id, Cycle.name_th, Cycle.name_en, Cycle.settings)
        .where(Cycle.organisation_id == organisation_id, Cycle.state.in_(FROZEN))
        .order_by(Cycle.starts_on)
    )
    return tuple(
        FrozenIn(
            row.id,
            row.name_th,
            row.name_en,
            tuple(
                (each.key, row.settings[each.key])
                for each in today
                if each.key in row.settings and row.settings[each.key] != each.value
            ),
        )
        for row in cycles
    )
