"""The lines of a plan's snapshots in words, and how two of them differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from idp.rules.plan_differences import DifferenceKind, LineDifference
from idp.rules.terms import DevelopmentMethod
from idp.web.formats import NOTHING, baht, digits, number, show_date, show_period
from idp.web.labels import label
from idp.web.names.plan_lines import DIFFERENCES, FIELD_NAMES


@dataclass(frozen=True)
class Difference:
    """One line in words; `fields`: (name, as approved, as amended) of a changed one."""

    kind: DifferenceKind
    kind_name: str
    line_id: int
    title: str
    fields: tuple[tuple[str, str, str], ...]


def shown(name: str, value: Any) -> str:
    """A value of a line's snapshot as pages write it."""
    if value in (None, "", []):
        return NOTHING
    match name:
        case "starts_on" | "ends_on":
            return show_date(date.fromisoformat(value))
        case "cost_baht":
            return baht(Decimal(value))
        case "method":
            return label(DevelopmentMethod(value))
        case "other_methods":
            return ", ".join(label(DevelopmentMethod(each)) for each in value)
        case "course_run":
            return run_in_words(
                date.fromisoformat(value["starts_on"]), date.fromisoformat(value["ends_on"]), value["place"]
            )
        case "hours":
            return number(value)
        case "from_level" | "target_level":
            return digits(value)
        case "indicators":
            return "\n".join(f"• {text}" for text in value)
        case _:
            return str(value)


def run_in_words(starts_on: date, ends_on: date, place: str) -> str:
    """One run of a course: its days, and where it is held when that is known."""
    return " ".join(part for part in (show_period(starts_on, ends_on, "short"), place) if part)


def in_words(found: Sequence[LineDifference]) -> list[Difference]:
    """The differences for the page, in their order."""
    return [
        Difference(
            each.kind,
            str(DIFFERENCES[each.kind]),
            each.line_id,
            each.title,
            tuple(
                (
                    str(FIELD_NAMES[field.name]),
                    shown(field.name, field.before),
                    shown(field.name, field.after),
                )
                for field in each.fields
            ),
        )
        for each in found
    ]
