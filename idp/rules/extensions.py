"""More time for one person or unit, and the reopening of what was handed in.

Source: this product's default; offices grant both by a memo with a reason and a last day.
"""

from enum import StrEnum


class ExtensionKind(StrEnum):
    EXTEND = "extend"  # a later day for a step
    REOPEN = "reopen"  # a step already done may be done again until a day


class ExtensionState(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"  # a reopening that was used, or ran out
