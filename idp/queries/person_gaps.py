"""One person's gaps and strengths: the result that holds beside what was expected and the round before."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from idp.queries.assessment_pages import AssessmentPage
from idp.queries.corrections import corrected_levels
from idp.queries.previous_levels import PreviousLevel, previous_levels
from idp.rules.gaps import gap, standing
from idp.rules.terms import Standing


@dataclass(frozen=True)
class PersonGap:
    """One competency; `number`: its place on the form, from 1. Levels are None where there is none or where
    the reader may not see it; `attained` is the one that holds (`is_corrected`: by a decision)."""

    number: int
    item_id: int
    name_th: str
    name_en: str | None
    top: int
    expected: int
    attained: Decimal | None
    is_corrected: bool
    own: Decimal | None
    previous: PreviousLevel | None

    @property
    def gap(self) -> Decimal:
        """In levels: above 0 a gap, below 0 a strength, 0 also for what was not rated."""
        return Decimal(gap(self.expected, self.attained) or 0)

    @property
    def standing(self) -> Standing:
        return standing(self.expected, self.attained)

    @property
    def level_before(self) -> Decimal | None:
        """The level of the round before, as a level of the competency of now; None where it is none."""
        return self.previous.aligned if self.previous else None

    @property
    def change(self) -> Decimal | None:
        """In levels since the round before; above 0 is better."""
        if self.attained is None or self.level_before is None:
            return None
        return self.attained - self.level_before


@dataclass(frozen=True)
class PersonGaps:
    """Every competency in the order of the form."""

    lines: tuple[PersonGap, ...]

    @property
    def gaps(self) -> tuple[PersonGap, ...]:
        """The largest first."""
        found = [line for line in self.lines if line.standing is Standing.GAP]
        return tuple(sorted(found, key=lambda line: (-line.gap, line.number)))

    @property
    def strengths(self) -> tuple[PersonGap, ...]:
        """The largest first."""
        found = [line for line in self.lines if line.standing is Standing.STRENGTH]
        return tuple(sorted(found, key=lambda line: (line.gap, line.number)))

    @property
    def previous(self) -> PreviousLevel | None:
        """Any of the round before, for its name."""
        return next((line.previous for line in self.lines if line.previous), None)


def person_gaps(session: Session, page: AssessmentPage) -> PersonGaps | None:
    """Of a page that its reader may see; None before the release, and where they may not see the result.
    Eight statements at most."""
    if not page.shows_result or page.header.released_at is None:
        return None
    corrected = corrected_levels(session, [page.header.id])
    before = previous_levels(session, [page.header.id]).get(page.header.id, {})
    return PersonGaps(
        tuple(
            PersonGap(
                number=number,
                item_id=item.id,
                name_th=item.name_th,
                name_en=item.name_en,
                top=max((level.number for level in item.levels), default=0),
                expected=item.expected,
                attained=Decimal(corrected[item.id]) if item.id in corrected else item.result_level,
                is_corrected=item.id in corrected,
                own=item.self_rating.attained if page.shows_self_rating and item.self_rating else None,
                previous=before.get(item.competency_id),
            )
            for number, item in enumerate(page.items, start=1)
        )
    )
