"""Strengths that colleagues may learn from: who may offer to be a mentor, up to which level.

Source: this product's own, after the civil service's advice to learn from those who show a competency well.
An employee learns of a colleague's strength only where the colleague offers it; whoever rates somebody knows
their strengths by that duty.
"""

from decimal import Decimal

MOST_MENTEES = 10
USUAL_MENTEES = 2


def is_strength(expected: int, attained: int | Decimal | None, top: int) -> bool:
    """Above what is expected, or at the top of the ladder (`top`, its highest level)."""
    return attained is not None and attained > 0 and (attained > expected or attained >= top)
