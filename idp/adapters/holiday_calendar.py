"""Thai public holidays: a kept library, and what the cabinet has added or withdrawn since (a seed file)."""

from datetime import date
from functools import cache
from pathlib import Path

import holidays
import yaml

OVERRIDES = Path(__file__).resolve().parents[2] / "seeds" / "holidays" / "overrides.yaml"


@cache
def thai_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year of the Western calendar, after the overrides.

    Raises ValueError or KeyError when the overrides cannot be read.
    """
    added, removed = _overrides()
    from_library = frozenset(holidays.country_holidays("TH", years=year))
    return (from_library | {day for day in added if day.year == year}) - removed


def is_thai_holiday(day: date) -> bool:
    return day in thai_holidays(day.year)


@cache
def _overrides() -> tuple[frozenset[date], frozenset[date]]:
    """Days added and days removed; no file means none."""
    if not OVERRIDES.is_file():
        return frozenset(), frozenset()
    data = yaml.safe_load(OVERRIDES.read_text(encoding="utf-8")) or {}
    return _days(data.get("added")), _days(data.get("removed"))


def _days(entries: object) -> frozenset[date]:
    if not entries:
        return frozenset()
    if not isinstance(entries, list):
        raise ValueError(f"{OVERRIDES.name}: a list is expected")
    return frozenset(_day(entry["date"]) for entry in entries)


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
