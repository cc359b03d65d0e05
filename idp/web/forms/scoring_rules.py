"""The form of one personnel type's scoring: rows and tables of numbers, Thai digits as well as Arabic.

Rows left empty at the end of a list, and cells left empty at the end of a row, are not part of it.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.scoring import METHODS
from idp.rules.scoring_settings import ScoringValues
from idp.rules.settings import ScoringRule
from idp.rules.thai import to_arabic_digits
from idp.services.scoring_trial import TrialItem
from idp.web.names.bands import BANDS, band_name

BAND_ROWS = 7
BAR_CELLS = 6
TABLE_ROWS = 6
TABLE_CELLS = 7
TRIAL_ROWS = 10
LONGEST_NUMBER = 8
"""Characters: whatever is longer is out of every range."""

DECIMAL = re.compile(r"-?[0-9]+([.][0-9]+)?")

Form = MultiDict[str, str]


class _Reader:
    """Reads numbers one by one and gathers what cannot be read."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.problems: list[InvalidInput] = []

    def text(self, name: str) -> str:
        return to_arabic_digits(self.form.get(name, "")).strip()

    def whole(self, name: str) -> int | None:
        text = self.text(name)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
            self.problems.append(InvalidInput(name, "not_a_whole_number"))
            return None
        return int(text)

    def decimal(self, name: str) -> Decimal | None:
        text = self.text(name)
        if not text:
            return None
        if len(text) > LONGEST_NUMBER or not DECIMAL.fullmatch(text):
            self.problems.append(InvalidInput(name, "not_a_number"))
            return None
        number = Decimal(text)
        if number != round(number, 2):
            self.problems.append(InvalidInput(name, "too_many_places"))
            return None
        return number

    def row(self, names: Sequence[str]) -> list[int | None]:
        """The numbers up to the last cell in which something stands."""
        last = max((place for place, name in enumerate(names, start=1) if self.text(name)), default=0)
        return [self.whole(name) for name in names[:last]]


def read_scoring(form: Form) -> tuple[ScoringValues, list[InvalidInput]]:
    """What was typed, and what of it cannot be read."""
    reader = _Reader(form)
    names = [form.get(f"band_name-{place}", "").strip() for place in range(1, BAND_ROWS + 1)]
    least = reader.row([f"band_least-{place}" for place in range(1, BAND_ROWS + 1)])
    named = max((place for place, name in enumerate(names, start=1) if name), default=0)
    kept = max(len(least), named)
    table = {
        expected: reader.row([f"table-{expected}-{attained}" for attained in range(TABLE_CELLS)])
        for expected in range(1, TABLE_ROWS + 1)
    }
    rows = max((expected for expected, row in table.items() if row), default=0)
    values = ScoringValues(
        method=form.get("method", ""),
        competency_part=reader.decimal("competency_part"),
        bands=[
            (band_code(name), at_least)
            for name, at_least in zip(names[:kept], [*least, *[None] * (kept - len(least))], strict=True)
        ],
        bar_points=reader.row([f"bar_points-{place}" for place in range(1, BAR_CELLS + 1)]),
        comparison_table={expected: row for expected, row in table.items() if expected <= rows},
        top_rating=reader.whole("top_rating"),
    )
    return values, reader.problems


def percentage(form: Form) -> int | None:
    """The percentage of the pass rule. Raises InvalidInput."""
    reader = _Reader(form)
    number = reader.whole("pass_percentage")
    if reader.problems:
        raise reader.problems[0]
    return number


def band_code(name: str) -> str:
    """The code of a band by its name; a name of the organisation's own is its own code."""
    for code, text in BANDS.items():
        if name in (code, str(text), band_name(code)):
            return code
    return name


def read_trial(form: Form) -> tuple[list[TrialItem], Decimal | None]:
    """The rows in which something stands, and the points of the results part. Raises InvalidInputs."""
    reader = _Reader(form)
    items = [
        TrialItem(
            row,
            reader.whole(f"trial_expected-{row}"),
            reader.decimal(f"trial_attained-{row}"),
            reader.decimal(f"trial_weight-{row}"),
        )
        for row in range(1, TRIAL_ROWS + 1)
        if reader.text(f"trial_expected-{row}") or reader.text(f"trial_attained-{row}")
    ]
    results = reader.decimal("trial_results")
    if reader.problems:
        raise InvalidInputs(reader.problems)
    return items, results


def written(rule: ScoringRule) -> dict[str, str]:
    """The fields of the form as they stand for this rule."""
    fields = {"method": rule.method, "competency_part": plain_number(rule.competency_part)}
    for place, (code, least) in enumerate(rule.bands, start=1):
        fields |= {f"band_name-{place}": band_name(code), f"band_least-{place}": str(least)}
    parameters = rule.parameters
    fields |= {f"bar_points-{place}": str(each) for place, each in enumerate(parameters.bar_points, start=1)}
    for expected, row in parameters.comparison_table.items():
        fields |= {f"table-{expected}-{attained}": str(points) for attained, points in enumerate(row)}
    return fields | {"top_rating": str(parameters.top_rating)}


def written_example(rule: ScoringRule) -> dict[str, str]:
    """The fields of the trial: the first hand calculation of the rule's method, with the results part at
    four fifths."""
    fields: dict[str, str] = {}
    for row, (expected, attained, weight) in enumerate(METHODS[rule.method].vectors[0].items, start=1):
        fields |= {
            f"trial_expected-{row}": str(expected),
            f"trial_attained-{row}": plain_number(Decimal(attained)),
            f"trial_weight-{row}": plain_number(Decimal(weight)),
        }
    results = (100 - rule.competency_part) * 4 / 5
    return fields | {"trial_results": plain_number(round(results, 2))}


def plain_number(number: Decimal) -> str:
    """Without idle zeros: "30", "12.5"."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_form(fields: dict[str, str]) -> Form:
    """The fields as if they had been sent."""
    return MultiDict(fields)
