"""The lines of a plan's snapshots in words, and how an amendment differs from the approved version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from idp.rules.plan_differences import DifferenceKind, LineDifference
from idp.rules.terms import DevelopmentMethod
from idp.web.formats import NOTHING, baht, digits, number, show_date
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
        case "hours":
            return number(value)
        case "target_level":
            return digits(value)
        case "indicators":
            return "\n".join(f"• {text}" for text in value)
        case _:
            return str(value)


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
