"""The limits of a proposed plan, as people type them: Thai digits, commas."""

from collections.abc import Mapping

from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.plan_proposal import MOST_PRIORITIES, Limits
from idp.rules.thai import to_arabic_digits
from idp.services.plan_fields import MOST_COST_BAHT, MOST_HOURS

MOST_WEEKS = 104
RANGES: Mapping[str, tuple[int, int]] = {
    "hours": (0, MOST_HOURS),
    "baht": (0, int(MOST_COST_BAHT)),
    "weeks": (1, MOST_WEEKS),
    "priorities": (1, MOST_PRIORITIES),
}
"""Least and most of each field."""


def read_limits(typed: Mapping[str, str], otherwise: Limits) -> Limits:
    """What was typed; a field that was not sent is as `otherwise` says. Raises InvalidInputs at each field:
    `required`, `not_a_whole_number`, `out_of_range`."""
    values: dict[str, int] = {}
    problems = []
    for name, (least, most) in RANGES.items():
        if name not in typed:
            values[name] = int(getattr(otherwise, name))
            continue
        text = to_arabic_digits(typed[name]).strip().replace(",", "")
        if not text:
            problems.append(InvalidInput(name, "required"))
        elif not (text.isascii() and text.isdigit()):
            problems.append(InvalidInput(name, "not_a_whole_number"))
        elif len(text) > len(str(most)) or not least <= int(text) <= most:
            problems.append(InvalidInput(name, "out_of_range", minimum=least, maximum=f"{most:,}"))
        else:
            values[name] = int(text)
    if problems:
        raise InvalidInputs(problems)
    return Limits(**values)
