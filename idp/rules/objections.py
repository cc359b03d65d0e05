"""Objections (ร้องทุกข์) against a result.

Source: within 30 days of the acknowledgement, by the civil-service rules on grievances; a successful one
adds a dated decision beside the old result and overwrites nothing. That an objection under way freezes the
record, and that of a result closed unsigned the days run from the closing, are this product's defaults.
"""

from datetime import date, timedelta
from enum import StrEnum

from idp.rules.terms import AssessmentEvent, AssessmentState, Permission, Relation

OBJECTION_DAYS = 30
"""Calendar days after the acknowledgement (the receipt or the recorded refusal), that day not counted."""

OBJECTIONABLE_STATES = frozenset({AssessmentState.RECEIVED, AssessmentState.REFUSED, AssessmentState.CLOSED})
"""Where the result is known and acknowledged, or the refusal to sign recorded."""

OPINION_STATES = frozenset({AssessmentState.RECEIVED, AssessmentState.REFUSED})
"""Where the employee may say whether they agree, apart from the receipt: until the cycle closes."""

FROZEN_PERMISSIONS = frozenset(
    {
        Permission.ASSESSMENT_SELF_RATE,
        Permission.ASSESSMENT_RATE,
        Permission.ASSESSMENT_SECOND_OPINION,
        Permission.ASSESSMENT_RELEASE,
        Permission.ASSESSMENT_RECEIVE,
        Permission.ASSESSMENT_RECORD_REFUSAL,
        Permission.AGREEMENT_SIGN,
        Permission.CHANGE_EDIT,
        Permission.EXTENSION_ASK,
        Permission.EXTENSION_DECIDE,
        Permission.HANDOVER_STATE,
        Permission.PAPER_ENTER,
    }
)
"""What nobody may do with an assessment while an objection against it is under way: everything that changes
it. The development plan drawn from it goes on."""


class ObjectionState(StrEnum):
    LODGED = "lodged"
    WITHDRAWN = "withdrawn"
    UPHELD = "upheld"  # the result is corrected by a decision beside it
    DISMISSED = "dismissed"


JUDGED_BY = frozenset({Relation.SUPERVISOR, Relation.SECOND_LEVEL})
"""Whose own judgement an objection is about: whatever their office, they do not decide it."""

JUDGEMENTS = frozenset({AssessmentEvent.SUBMIT_RATING, AssessmentEvent.GIVE_SECOND_OPINION})
"""The steps by which somebody judged, also under an order that is over, or before they handed the record
over."""


def may_object_until(acknowledged_on: date) -> date:
    """The last day on which an objection is taken."""
    return acknowledged_on + timedelta(days=OBJECTION_DAYS)
