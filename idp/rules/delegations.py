"""Orders by which one person acts for another.

Source: the rules on รักษาราชการแทน (the post is vacant or its holder cannot serve) and ปฏิบัติราชการแทน
(powers handed over by the holder). That an order covers single kinds of record or single units is this
product's own, as offices write it into their orders.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True)
class Order:
    """An order in force, as far as it decides who acts for whom.

    `unit_path`: the path of the unit to which it is bound, None for the whole organisation.
    """

    id: int
    order_number: str
    kind: DelegationKind
    scope: DelegationScope
    from_person_id: int
    unit_path: str | None = None

    def reaches(self, subject_type: SubjectType, unit_path: str) -> bool:
        """Whether it hands over a record of this type whose frozen unit has that path."""
        return subject_type in COVERED[self.scope] and unit_path.startswith(self.unit_path or "")


def scopes_meet(one: DelegationScope, other: DelegationScope) -> bool:
    """Whether two orders may hand over the same record."""
    return bool(COVERED[one] & COVERED[other])


def units_meet(one: str | None, other: str | None) -> bool:
    """Whether two orders bound to units of these paths (None: to none) may hand over the same record."""
    return one is None or other is None or one.startswith(other) or other.startswith(one)


class OrderStanding(StrEnum):
    """Where an order stands on a day."""

    IN_FORCE = "in_force"
    COMING = "coming"
    PAST = "past"
    REVOKED = "revoked"  # taken back before it began


def standing_on(from_on: date, until_on: date, is_revoked: bool, day: date) -> OrderStanding:
    """Both days count: an order holds from its first day's beginning to its last day's end in Thailand."""
    if is_revoked:
        return OrderStanding.REVOKED
    if until_on < day:
        return OrderStanding.PAST
    return OrderStanding.COMING if from_on > day else OrderStanding.IN_FORCE
