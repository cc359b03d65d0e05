"""Objections (ร้องทุกข์) against a result.

Source: within 30 days of the acknowledgement, by the civil-service rules on grievances; a successful one
adds a dated decision beside the old result and overwrites nothing.
"""

from enum import StrEnum

OBJECTION_DAYS = 30
"""Calendar days after the acknowledgement (the receipt or the recorded refusal), that day not counted."""


class ObjectionState(StrEnum):
    LODGED = "lodged"
    WITHDRAWN = "withdrawn"
    UPHELD = "upheld"  # the result is corrected by a decision beside it
    DISMISSED = "dismissed"
