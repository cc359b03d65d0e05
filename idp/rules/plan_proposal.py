"""A whole plan proposed at once: which development actions, within limits, and why not the others.

Each step of the choice is this product's default (the civil service gives the methods, their 70:20:10 and the
next level first; hours, money and weeks are the organisation's or the person's own limits):

1. the gaps are served in their order (`rules.suggestions.rank_gaps`): none stands back for a later one;
2. as many indicators not shown are developed as can be;
3. the hours come nearest to 70:20:10, together with what stands in the plan already;
4. then the cheaper, 5. then the fewer hours, 6. then the first by ids, so that the answer is always the same.

Beside the first action for a gap another is taken only if each of them develops something that nothing else
does: nobody's time is taken for the sake of the mix alone. Where the plan has lines for more gaps than may be
asked for (`MOST_PRIORITIES`), only the first so many of those get further actions. All amounts are exact.
"""

from collections.abc import Sequence
from fractions import Fraction

from idp.rules.plan_proposal_question import (
    ACTIONS_PER_GAP,
    MOST_PRIORITIES,
    NOTHING_PLANNED,
    GapAnswer,
    GapToServe,
    LeftOut,
    Limits,
    Planned,
    Proposal,
    Scaled,
    in_order,
    out_alone,
    ways_for,
)
from idp.rules.plan_proposal_reasons import Choice, answers
from idp.rules.plan_proposal_search import GROUPS, best_ways, first_servable

__all__ = [
    "ACTIONS_PER_GAP",
    "MOST_PRIORITIES",
    "NOTHING_PLANNED",
    "GapAnswer",
    "GapToServe",
    "LeftOut",
    "Limits",
    "Planned",
    "Proposal",
    "propose",
]


def propose(gaps: Sequence[GapToServe], limits: Limits, planned: Planned = NOTHING_PLANNED) -> Proposal:
    """The best choice by the steps of this module, and a reason for everything left out."""
    scaled = Scaled(gaps, limits, planned)
    fitting = [
        tuple(action for action in in_order(gap) if out_alone(gap, action, limits, scaled) is None)
        for gap in gaps
    ]
    with_lines = [place for place, gap in enumerate(gaps) if gap.lines]
    closed = frozenset(with_lines[MOST_PRIORITIES:])
    ways = [
        ways_for(gap, () if place in closed else fitting[place], limits, scaled)
        for place, gap in enumerate(gaps)
    ]
    new = [place for place, gap in enumerate(gaps) if not gap.lines]
    singles = [[way for way in ways[place] if len(way.places) == 1] for place in new]
    most = max(limits.priorities - planned.priorities, 0)
    served = {new[each] for each in first_servable(singles, scaled.room, most)}
    asked = [place for place, gap in enumerate(gaps) if gap.lines or place in served]
    best = best_ways([ways[place] for place in asked], scaled.room, scaled.planned)
    chosen = dict(zip(asked, best, strict=True))
    found = answers(Choice(gaps, fitting, ways, chosen, closed, limits, scaled))
    hours = {
        group: Fraction(scaled.planned[place] + sum(way.hours[place] for way in best), scaled.hour)
        for place, group in enumerate(GROUPS)
    }
    baht = Fraction(planned.baht) + Fraction(sum(way.cost for way in best), scaled.satang)
    return Proposal(tuple(found), hours, baht, sum(way.gain for way in best))
