"""What the committee's pages and its part of an assessment's page need besides their queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from idp.database import db
from idp.models import Assessment
from idp.queries.assessments import AssessmentPage
from idp.queries.moderation import GroupFigures, Part
from idp.queries.moderation_people import Request, requests_of_assessment
from idp.rules.rounding import to_hundredths
from idp.rules.terms import AssessmentEvent
from idp.services.reconsiderations import proposed_day
from idp.web import clock

WIDTH = 100
LARGEST_EFFECT = Decimal(2)
"""The bar of an effect ends here, in standard deviations either way."""


@dataclass(frozen=True)
class Piece:
    """One part of a group's bar, and its figures in the table: `start` and `width` in percent of the bar."""

    part: Part
    count: int
    percent: Decimal
    start: Decimal
    width: Decimal


@dataclass(frozen=True)
class GroupRow:
    """A group as the table shows it. `mean` in levels; `short`, `reached`, `beyond`: percent of the rated
    competencies below, at and above what was expected; `tilt`: the bar of the effect, (start, width) of 100
    with the middle at 50, None without one."""

    figures: GroupFigures
    mean: Decimal | None
    pieces: tuple[Piece, ...]
    short: Decimal
    reached: Decimal
    beyond: Decimal
    tilt: tuple[Decimal, Decimal] | None


def group_row(figures: GroupFigures) -> GroupRow:
    shares = [_percent(count, figures.ratings) for count in figures.counts]
    pieces, start = [], Decimal(0)
    for part, count, share in zip(Part, figures.counts, shares, strict=True):
        width = min(share, WIDTH - start)
        pieces.append(Piece(part, count, share, start, width))
        start += width
    low, met, high = sum(figures.counts[:2]), figures.counts[2], sum(figures.counts[3:])
    mean = figures.spread.mean
    return GroupRow(
        figures,
        None if mean is None else to_hundredths(mean),
        tuple(pieces),
        _percent(low, figures.ratings),
        _percent(met, figures.ratings),
        _percent(high, figures.ratings),
        _tilt(figures),
    )


def largest_first(groups: Sequence[GroupFigures]) -> list[GroupFigures]:
    """By how far they lie above the organisation's mean, the furthest first; those without figures last."""

    def place(each: GroupFigures) -> tuple[bool, Decimal, str, str]:
        found = each.leniency
        return found is None, Decimal(0) if found is None else -found.difference, each.name, each.key

    return sorted(groups, key=place)


@dataclass(frozen=True)
class ReconsiderationsOnPage:
    """What the committee asked about this rating, for who may see it; `proposed_on`: the last day that the
    form proposes, where the reader may ask."""

    requests: tuple[Request, ...] = ()
    proposed_on: date | None = None

    @property
    def open(self) -> Request | None:
        return next((each for each in self.requests if each.is_open), None)


def reconsiderations_on(page: AssessmentPage) -> ReconsiderationsOnPage:
    """Nothing for a reader who does not see the rating: before its release, the employee."""
    if not page.shows_result:
        return ReconsiderationsOnPage()
    session = db.session()
    proposed = None
    if page.may(AssessmentEvent.ASK_RECONSIDERATION):
        proposed = proposed_day(session.get_one(Assessment, page.header.id), clock.today())
    return ReconsiderationsOnPage(requests_of_assessment(session, page.header.id), proposed)


def _percent(count: int, of: int) -> Decimal:
    """To one place, half up."""
    if not of:
        return Decimal(0)
    return to_hundredths(Fraction(count * 1000, of) / 100) * 10


def _tilt(figures: GroupFigures) -> tuple[Decimal, Decimal] | None:
    found = figures.leniency
    if found is None or found.effect is None:
        return None
    far = max(-LARGEST_EFFECT, min(LARGEST_EFFECT, found.effect)) / LARGEST_EFFECT * 50
    return (Decimal(50), far) if far >= 0 else (50 + far, -far)
