"""What happens to a person's records when their post changes inside a round.

Source: offices' practice; which consequences are offered for which change is this product's default.
"""

from collections.abc import Mapping
from enum import StrEnum


class ChangeKind(StrEnum):
    TRANSFER = "transfer"  # ย้าย
    PROMOTION = "promotion"  # เลื่อนระดับ
    SUPERVISOR_CHANGE = "supervisor_change"
    SECONDMENT = "secondment"  # ไปช่วยราชการ
    LEAVE = "leave"  # ลา (ศึกษาต่อ คลอดบุตร ป่วย) จนไม่อาจประเมินได้
    RESIGNATION = "resignation"  # ลาออก
    RETIREMENT = "retirement"
    DEATH = "death"


ENDING = frozenset({ChangeKind.RESIGNATION, ChangeKind.RETIREMENT, ChangeKind.DEATH})
"""Changes by which the employment ends."""


class Consequence(StrEnum):
    """What HR chooses for a round that is under way."""

    KEEP = "keep"  # the supervisor of the round stays the same
    HAND_OVER = "hand_over"  # the new supervisor rates; the old one owes a statement
    SPLIT_BY_DAYS = "split_by_days"  # both rate, weighted by the days that each supervised
    EXEMPT = "exempt"  # not assessed in this round


CHOICES: Mapping[ChangeKind, tuple[Consequence, ...]] = {
    kind: (
        (Consequence.EXEMPT, Consequence.KEEP)
        if kind in ENDING
        else (Consequence.HAND_OVER, Consequence.SPLIT_BY_DAYS, Consequence.KEEP, Consequence.EXEMPT)
    )
    for kind in ChangeKind
}
"""The consequences offered for each change, the usual one first."""


class HandoverState(StrEnum):
    AWAITING_STATEMENT = "awaiting_statement"
    STATED = "stated"
