"""One step taken for many records at once: which steps, and what each needs.

Nothing happens by itself: every row is shown first, with what will come of it, and is then taken through the
same step as a single record, by the same person, under the same rules. How many at once, and that one reason
or note serves all rows, are this product's defaults.
"""

from enum import StrEnum

MOST_ROWS = 300
"""A longer list is divided by a filter: nobody can look through more rows than these before agreeing, and to
try each of them takes a request some seconds."""


class BulkAction(StrEnum):
    APPROVE_PLANS = "approve_plans"
    RETURN_PLANS = "return_plans"
    SUBMIT_RATINGS = "submit_ratings"  # the supervisor hands in what is complete
    AGREE = "agree"  # the second level agrees with the ratings
    ASK_RECONSIDERATION = "ask_reconsideration"
    MODERATE = "moderate"
    RELEASE = "release"
    REMIND = "remind"
    EXTEND = "extend"


ON_PLANS = frozenset({BulkAction.APPROVE_PLANS, BulkAction.RETURN_PLANS})
"""Steps on the plan of the person; the others are on the assessment."""

NEED_REASON = frozenset({BulkAction.RETURN_PLANS, BulkAction.EXTEND, BulkAction.ASK_RECONSIDERATION})
TAKE_TEXT = NEED_REASON | {BulkAction.APPROVE_PLANS, BulkAction.REMIND}
NEED_DAY = frozenset({BulkAction.EXTEND, BulkAction.ASK_RECONSIDERATION})

OF_SUPERVISORS = (
    BulkAction.SUBMIT_RATINGS,
    BulkAction.APPROVE_PLANS,
    BulkAction.RETURN_PLANS,
    BulkAction.AGREE,
    BulkAction.REMIND,
)
"""Offered on the list of those whom one rates or has above them."""

OF_COMMITTEE = (BulkAction.ASK_RECONSIDERATION, BulkAction.MODERATE)
"""Offered to the moderation committee on the people of a group."""

OF_HR = (
    BulkAction.REMIND,
    BulkAction.EXTEND,
    BulkAction.MODERATE,
    BulkAction.RELEASE,
    BulkAction.APPROVE_PLANS,
    BulkAction.RETURN_PLANS,
)
"""Offered to the personnel office on the people of a cycle."""
