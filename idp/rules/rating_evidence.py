"""When a supervisor's rating needs its evidence in words, and what counts as such.

Sources: the competency form has a column for the events or behaviours that were shown; results are known to
be inflated at and above the expected level, so that evidence is asked for there (this product's default, the
organisation's switch `evidence_at_expected`). A level given in the ticks' stead rests on nothing but words.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class GivenRating:
    """A level with its words. `is_derived`: from ticked indicators, not stated and no average;
    `noted_at_level`: at least one ticked indicator of the attained level has a note of its own."""

    attained: Decimal
    expected: int
    is_derived: bool
    evidence: str
    noted_at_level: bool = False


def needs_evidence(rating: GivenRating, *, at_expected: bool) -> bool:
    """A stated or average level always; a derived one at or above the expected level, where the organisation
    asks for it (`at_expected`)."""
    return not rating.is_derived or (at_expected and rating.attained >= rating.expected)


def has_evidence(rating: GivenRating) -> bool:
    """The competency's own text; for a derived level also a note at an indicator of the attained level, which
    says the same more closely. Notes at lower levels say nothing about the level that was given."""
    return bool(rating.evidence) or (rating.is_derived and rating.noted_at_level)


def lacks_evidence(rating: GivenRating, *, at_expected: bool) -> bool:
    """Words are needed and there are none."""
    return needs_evidence(rating, at_expected=at_expected) and not has_evidence(rating)
