"""The competencies of an assessment as their cards are drawn: what is saved, typed, and what it gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from idp.queries.assessment_pages import ItemOnPage, LevelOnPage, RatingOnPage
from idp.queries.ladders import CompetencyLadder
from idp.rules.levels import PassRule
from idp.rules.terms import RaterKind
from idp.services.ratings import RatingEntry
from idp.web.forms.ratings import LadderShown, read_entry

NOT_FILLED_IN = RatingEntry()


@dataclass(frozen=True)
class Card:
    """One competency. `entry` fills the form: what was typed, else what is saved; `ladder` is read from it.

    `saved` is what somebody else has saved meanwhile, when it differs from what was typed, and `theirs` what
    that gives; else None.
    """

    item: ItemOnPage
    entry: RatingEntry
    ladder: LadderShown
    saved: RatingEntry | None
    theirs: LadderShown | None = None

    @property
    def only_theirs(self) -> list[str]:
        """What somebody else ticked and the reader did not."""
        return self._texts(self.saved.indicator_ids - self.entry.indicator_ids) if self.saved else []

    @property
    def only_yours(self) -> list[str]:
        """What the reader ticked and the other did not."""
        return self._texts(self.entry.indicator_ids - self.saved.indicator_ids) if self.saved else []

    @property
    def evidence_differs(self) -> bool:
        """The two wrote different words."""
        return self.saved is not None and _plain(self.saved.evidence) != _plain(self.entry.evidence)

    def _texts(self, indicator_ids: frozenset[int]) -> list[str]:
        return [
            indicator.text_th
            for level in self.item.levels
            for indicator in level.indicators
            if indicator.id in indicator_ids
        ]

    @property
    def top(self) -> int:
        """The highest level of the competency's ladder."""
        return max((level.number for level in self.item.levels), default=0)

    @property
    def rungs(self) -> list[tuple[int, LevelOnPage | None]]:
        """Every level from 1 to the top; None for one that the dictionary lacks."""
        levels = {level.number: level for level in self.item.levels}
        return [(number, levels.get(number)) for number in range(1, self.top + 1)]

    @property
    def differs(self) -> bool:
        """The two raters came to different levels."""
        own, other = self.item.self_rating, self.item.supervisor_rating
        if own is None or other is None or own.attained is None or other.attained is None:
            return False
        return own.attained != other.attained


def rating_cards(
    items: Sequence[ItemOnPage],
    kind: RaterKind,
    rule: PassRule,
    ladders: Mapping[int, CompetencyLadder],
    typed: Mapping[int, RatingEntry],
) -> tuple[Card, ...]:
    """The cards of that rater's view, in the order given."""
    return tuple(_card(item, kind, rule, ladders[item.competency_id], typed) for item in items)


def _card(
    item: ItemOnPage,
    kind: RaterKind,
    rule: PassRule,
    competency: CompetencyLadder,
    typed: Mapping[int, RatingEntry],
) -> Card:
    rating = item.self_rating if kind is RaterKind.SELF else item.supervisor_rating
    saved = _entry(rating)
    entry = typed.get(item.id, saved)
    ladder = read_entry(competency.ladder, competency.level_of, rule, entry.indicator_ids, entry.stated_level)
    if not _is_other(entry, saved):
        return Card(item, entry, ladder, None)
    theirs = read_entry(competency.ladder, competency.level_of, rule, saved.indicator_ids, saved.stated_level)
    return Card(item, entry, ladder, saved, theirs)


def _entry(rating: RatingOnPage | None) -> RatingEntry:
    if rating is None:
        return NOT_FILLED_IN
    return RatingEntry(rating.ticked, rating.stated, rating.evidence)


def _is_other(one: RatingEntry, other: RatingEntry) -> bool:
    if (one.indicator_ids, one.stated_level) != (other.indicator_ids, other.stated_level):
        return True
    return _plain(one.evidence) != _plain(other.evidence)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
