"""Orders by which one person acts for another.

Source: the rules on รักษาราชการแทน (the post is vacant or its holder cannot serve) and ปฏิบัติราชการแทน
(powers handed over by the holder). That an order covers single kinds of record or single units is this
product's own, as offices write it into their orders.
"""

from collections.abc import Mapping
from enum import StrEnum

from idp.rules.terms import SubjectType


class DelegationKind(StrEnum):
    ACTING = "acting"  # รักษาราชการแทน
    PERFORMING = "performing"  # ปฏิบัติราชการแทน


class DelegationScope(StrEnum):
    """Which records of those below the order hands over."""

    EVERYTHING = "everything"
    ASSESSMENTS = "assessments"
    PLANS = "plans"


COVERED: Mapping[DelegationScope, frozenset[SubjectType]] = {
    DelegationScope.EVERYTHING: frozenset({SubjectType.ASSESSMENT, SubjectType.PLAN}),
    DelegationScope.ASSESSMENTS: frozenset({SubjectType.ASSESSMENT}),
    DelegationScope.PLANS: frozenset({SubjectType.PLAN}),
}


def scopes_covering(subject_type: SubjectType) -> tuple[DelegationScope, ...]:
    """The scopes under which an order reaches a record of this type."""
    return tuple(scope for scope, covered in COVERED.items() if subject_type in covered)
