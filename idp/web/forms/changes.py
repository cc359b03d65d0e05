"""The forms of the change desk: the change as it is typed, and what HR chose for each record."""

from collections.abc import Mapping
from datetime import date

from werkzeug.datastructures import MultiDict

from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.staff_changes import ChangeKind, Consequence
from idp.rules.thai import parse_thai_date
from idp.services.change_choices import Choices, RecordChoice
from idp.services.staff_changes import ChangeFields
from idp.web.numbers import record_number

CHANGE_FIELDS = (
    "kind",
    "effective_on",
    "until_on",
    "order_number",
    "reason",
    "unit_id",
    "position_name",
    "position_number",
    "position_level_id",
    "line_of_work_id",
    "supervisor",
    "second_level",
)


def typed_change(form: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields of a change, to be shown again as it was typed."""
    return {name: form.get(name, "") for name in CHANGE_FIELDS}


def read_change(form: Mapping[str, str]) -> ChangeFields:
    """The change. Raises InvalidInputs for what cannot be read."""
    problems: list[InvalidInput] = []
    text = typed_change(form)
    kind = next((each for each in ChangeKind if each == text["kind"]), None)
    if kind is None:
        problems.append(InvalidInput("kind", "unknown_choice" if text["kind"] else "required"))
    effective_on = _day(problems, "effective_on", text["effective_on"], required=True)
    until_on = _day(problems, "until_on", text["until_on"])
    if problems or kind is None or effective_on is None:
        raise InvalidInputs(problems)
    return ChangeFields(
        kind,
        effective_on,
        until_on,
        text["order_number"],
        text["reason"],
        _number(text["unit_id"]),
        text["position_name"],
        text["position_number"],
        _number(text["position_level_id"]),
        _number(text["line_of_work_id"]),
        text["supervisor"],
        text["second_level"],
    )


def read_choices(form: MultiDict[str, str]) -> Choices:
    """What was chosen for each record and each person below. Raises InvalidInputs for a word that is none of
    the consequences."""
    problems: list[InvalidInput] = []
    records = {
        assessment_id: RecordChoice(
            _consequence(problems, f"choice-{assessment_id}", text),
            form.get(f"reason-{assessment_id}", ""),
            bool(form.get(f"cancel-{assessment_id}")),
        )
        for assessment_id, text in _by_id(form, "choice").items()
    }
    if problems:
        raise InvalidInputs(problems)
    return Choices(
        records,
        form.get("team_supervisor", ""),
        form.get("team_second", ""),
        _by_id(form, "supervisor"),
        _by_id(form, "second"),
        frozenset(_by_id(form, "end_order")),
        frozenset(_by_id(form, "end_role")),
    )


def _by_id(form: MultiDict[str, str], prefix: str) -> dict[int, str]:
    found = {}
    for name, text in form.items():
        start, dash, number = name.partition("-")
        record_id = record_number(number)
        if start == prefix and dash and record_id is not None:
            found[record_id] = text
    return found


def _consequence(problems: list[InvalidInput], name: str, text: str) -> Consequence | None:
    if not text:
        return None
    chosen = next((each for each in Consequence if each == text), None)
    if chosen is None:
        problems.append(InvalidInput(name, "unknown_choice"))
    return chosen


def _day(problems: list[InvalidInput], name: str, text: str, *, required: bool = False) -> date | None:
    if not text.strip():
        if required:
            problems.append(InvalidInput(name, "required"))
        return None
    try:
        return parse_thai_date(text)
    except ValueError:
        problems.append(InvalidInput(name, "not_a_date"))
        return None


def _number(text: str) -> int | None:
    """None for nothing; what is no record's number is no record's: 0."""
    return None if not text.strip() else record_number(text.strip()) or 0
