"""What happens to a person's records when their post changes inside a round.

Source: offices' practice; which consequences are offered for which change is this product's default.
"""

from collections.abc import Mapping
from enum import StrEnum

from idp.rules.assessment_workflow import UNRELEASED_STATES
from idp.rules.terms import AssessmentState, Relation


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

WITH_A_NEW_POST = frozenset({ChangeKind.TRANSFER, ChangeKind.PROMOTION, ChangeKind.SECONDMENT})
"""Changes that lead to another post."""

WITH_A_RETURN = frozenset({ChangeKind.SECONDMENT, ChangeKind.LEAVE})
"""Changes after which the person may come back to the post they had."""


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


def choices_for(
    kind: ChangeKind,
    relation: Relation,
    state: AssessmentState,
    *,
    may_hand_over: bool,
    divides_the_round: bool,
) -> tuple[Consequence, ...]:
    """The consequences offered for one record, the usual one first.

    `relation`: what the person who changes is to the record. `may_hand_over`: somebody else can take it
    over; `divides_the_round`: the change's day leaves each of the two supervisors some days of it. A released
    result is neither divided nor exempted; the dead keep no duty; a second level is replaced or kept.
    """
    offered = [
        each
        for each in CHOICES[kind if relation is Relation.OWNER else ChangeKind.SUPERVISOR_CHANGE]
        if (each is not Consequence.SPLIT_BY_DAYS or divides_the_round)
        and (each not in (Consequence.HAND_OVER, Consequence.SPLIT_BY_DAYS) or may_hand_over)
    ]
    if state not in UNRELEASED_STATES:
        offered = [each for each in offered if each in (Consequence.HAND_OVER, Consequence.KEEP)]
    if relation is Relation.SECOND_LEVEL:
        offered = [Consequence.HAND_OVER, Consequence.KEEP]
    if kind is ChangeKind.DEATH and relation is not Relation.OWNER:
        offered = [each for each in offered if each is not Consequence.KEEP]
    return tuple(offered)


class HandoverState(StrEnum):
    AWAITING_STATEMENT = "awaiting_statement"
    STATED = "stated"
