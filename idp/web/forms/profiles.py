"""The table of a group's profiles as it is typed: one field for each level and each weight."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from idp.queries.profiles import ProfileColumn, ProfileLine
from idp.rules.errors import InvalidInput
from idp.rules.profiles import Expected, problems_of_expected
from idp.rules.thai import to_arabic_digits
from idp.web.formats import digits

LONGEST = 9
"""Characters of a level or a weight: whatever is longer is out of every range."""

Prefill = Mapping[tuple[int, int], tuple[str, str]]
"""Level and weight as texts, by position level and competency."""


@dataclass(frozen=True)
class TypedTable:
    """`wanted`: what differs from what the table showed, by position level; `problems` at their fields."""

    wanted: Mapping[int, Sequence[Expected]]
    problems: tuple[InvalidInput, ...]


def level_field(level_id: int, competency_id: int) -> str:
    return f"level-{level_id}-{competency_id}"


def weight_field(level_id: int, competency_id: int) -> str:
    return f"weight-{level_id}-{competency_id}"


def typed_table(
    form: Mapping[str, str], rows: Iterable[ProfileLine], columns: Sequence[ProfileColumn]
) -> TypedTable:
    """The rows that were typed otherwise than they were drawn. A field that was not sent stands as drawn."""
    wanted: dict[int, list[Expected]] = {}
    problems: list[InvalidInput] = []
    for row in rows:
        expected: list[Expected] = []
        faults: list[InvalidInput] = []
        for column in columns:
            drawn = drawn_cell(row, column.competency_id)
            names = (
                level_field(row.level.id, column.competency_id),
                weight_field(row.level.id, column.competency_id),
            )
            texts = tuple(_text(form, name, text) for name, text in zip(names, drawn, strict=True))
            try:
                cell = _cell(column.competency_id, names, texts)
            except InvalidInput as problem:
                faults.append(problem)
                continue
            if cell is not None:
                expected.append(cell)
                faults += _faults(cell, names, column, drawn != texts)
        before = () if row.holding is None else row.holding.expected
        if faults or set(expected) != set(before):
            wanted[row.level.id] = expected
        problems += faults
    return TypedTable(wanted, tuple(problems))


def drawn_cell(row: ProfileLine, competency_id: int) -> tuple[str, str]:
    """The texts of the two fields as the record has them."""
    cell = row.cells.get(competency_id)
    if cell is None:
        return ("", "")
    return (str(cell.level), plain_weight(cell.weight))


def plain_weight(weight: Decimal | None) -> str:
    """Without zeros that say nothing: 12.5, 100."""
    if weight is None:
        return ""
    text = f"{weight:.2f}"
    return text.rstrip("0").rstrip(".")


def _text(form: Mapping[str, str], name: str, drawn: str) -> str:
    return to_arabic_digits(form.get(name, drawn)).strip()


def _cell(competency_id: int, names: tuple[str, str], texts: Sequence[str]) -> Expected | None:
    """None where both fields are empty. Raises InvalidInput at the field."""
    level_text, weight_text = texts
    if not level_text and not weight_text:
        return None
    if not level_text:
        raise InvalidInput(names[0], "level_for_weight")
    if len(level_text) > LONGEST or not (level_text.isascii() and level_text.isdigit()):
        raise InvalidInput(names[0], "not_a_whole_number")
    return Expected(competency_id, int(level_text), typed_weight(names[1], weight_text))


def _faults(
    cell: Expected, names: tuple[str, str], column: ProfileColumn, is_typed: bool
) -> list[InvalidInput]:
    """What is out of range, at its field: told together with what cannot be read at all."""
    if not is_typed:
        return []
    at = {"level": names[0], "weight": names[1]}
    return [
        InvalidInput(at[problem.field], problem.code, **problem.values)
        for problem in problems_of_expected(cell.level, cell.weight, column.ladder)
    ]


def typed_weight(name: str, text: str) -> Decimal | None:
    """The weight in the field, None for an empty one. Raises InvalidInput `not_a_number`."""
    text = to_arabic_digits(text).strip().removesuffix("%").strip()
    if not text:
        return None
    plain = text.replace(".", "", 1)
    if len(text) > LONGEST or not (plain.isascii() and plain.isdigit()):
        raise InvalidInput(name, "not_a_number")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise InvalidInput(name, "not_a_number") from error


def shown_weight(weight: Decimal | None) -> str:
    """For reading: in the digits of the organisation."""
    return digits(plain_weight(weight)) if weight is not None else ""
