"""The competencies of an assessment as their cards are drawn: what is saved, typed, and what it gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from idp.queries.assessment_pages import ItemOnPage, LevelOnPage, RatingOnPage
from idp.queries.ladders import CompetencyLadder
from idp.queries.previous_levels import NO_BACKGROUND, Background, DevelopmentSince, PreviousLevel
from idp.rules.levels import PassRule
from idp.rules.rating_evidence import GivenRating, lacks_evidence
from idp.rules.settings import OrganisationRules
from idp.rules.terms import RaterKind
from idp.services.rating_entries import NOTHING_FILLED_IN, RatingEntry
from idp.web.forms.ratings import LadderShown, places_of, read_entry


@dataclass(frozen=True)
class Difference:
    """How one rater's view differs from the other's: by so many levels, and at these indicators ("3.2")."""

    levels: Decimal
    places: tuple[str, ...]


@dataclass(frozen=True)
class NoteDifference:
    """Two notes at one indicator."""

    place: str
    theirs: str
    yours: str


@dataclass(frozen=True)
class Card:
    """One competency. `entry` fills the form: what was typed, else what is saved; `ladder` is read from it.

    `saved` is what somebody else has saved meanwhile, when it differs from what was typed, and `theirs` what
    that gives; else None. `places` names the indicators ("3.2"). `previous` and `development`: the level
    before and what was done since, where the reader may see them.
    """

    item: ItemOnPage
    entry: RatingEntry
    ladder: LadderShown
    saved: RatingEntry | None
    theirs: LadderShown | None = None
    places: Mapping[int, str] = field(default_factory=dict)
    takes_average: bool = False
    asks_evidence: bool = False  # at the expected level and above
    previous: PreviousLevel | None = None
    development: tuple[DevelopmentSince, ...] = ()
    following: ItemOnPage | None = None  # the next one that is not rated, round to the first again

    @property
    def lacks_evidence(self) -> bool:
        """As a supervisor's rating it could not be handed in yet for want of words."""
        level = self.ladder.level
        if level is None:
            return False
        notes = _notes(self.entry)
        of_level = [each.indicators for each in self.item.levels if each.number == level]
        rating = GivenRating(
            attained=Decimal(level),
            expected=self.item.expected,
            is_derived=self.ladder.reading is not None,
            evidence=_plain(self.entry.evidence),
            noted_at_level=any(
                indicator.id in notes and indicator.id in self.entry.indicator_ids
                for indicators in of_level
                for indicator in indicators
            ),
        )
        return lacks_evidence(rating, at_expected=self.asks_evidence)

    def has_error_in(self, errors: Mapping[str, str]) -> bool:
        """One of its fields was refused."""
        return any(name.startswith(f"item-{self.item.id}-") for name in errors)

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

    @property
    def note_differences(self) -> list[NoteDifference]:
        """The notes that the two wrote differently, in the order of the ladder."""
        if self.saved is None:
            return []
        theirs, yours = _notes(self.saved), _notes(self.entry)
        return [
            NoteDifference(place, theirs.get(indicator, ""), yours.get(indicator, ""))
            for indicator, place in self.places.items()
            if theirs.get(indicator, "") != yours.get(indicator, "")
        ]

    def _texts(self, indicator_ids: frozenset[int]) -> list[str]:
        return [
            f"{self.places[indicator.id]} {indicator.text_th}"
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
    def difference(self) -> Difference | None:
        """Between the self-assessment and the supervisor's rating as they are saved; None where one of them
        is not rated, or they say the same."""
        own, other = self.item.self_rating, self.item.supervisor_rating
        if own is None or other is None or own.attained is None or other.attained is None:
            return None
        return self._apart(own, other.attained, other.ticked)

    @property
    def difference_from_self(self) -> Difference | None:
        """Between the self-assessment and what stands in the supervisor's form."""
        own, level = self.item.self_rating, self.ladder.level
        if own is None or own.attained is None or level is None:
            return None
        return self._apart(own, Decimal(level), self.entry.indicator_ids)

    def _apart(self, own: RatingOnPage, level: Decimal, ticked: frozenset[int]) -> Difference | None:
        assert own.attained is not None
        between = own.ticked ^ ticked if own.ticked and ticked else frozenset()
        places = tuple(place for indicator, place in self.places.items() if indicator in between)
        levels = abs(own.attained - level)
        return Difference(levels, places) if levels or places else None


def rating_cards(
    items: Sequence[ItemOnPage],
    kind: RaterKind,
    rules: OrganisationRules,
    ladders: Mapping[int, CompetencyLadder],
    typed: Mapping[int, RatingEntry],
    background: Background = NO_BACKGROUND,
) -> tuple[Card, ...]:
    """The cards of that rater's view, in the order given."""
    cards = [_card(item, kind, rules, ladders[item.competency_id], typed, background) for item in items]
    unrated = [place for place, card in enumerate(cards) if card.ladder.level is None]
    return tuple(
        replace(card, following=cards[_next(place, unrated)].item) if set(unrated) - {place} else card
        for place, card in enumerate(cards)
    )


def _next(place: int, unrated: Sequence[int]) -> int:
    """The first unrated one after that place, else the first of all; never itself."""
    others = [each for each in unrated if each != place]
    return next((each for each in others if each > place), others[0])


def _card(
    item: ItemOnPage,
    kind: RaterKind,
    rules: OrganisationRules,
    competency: CompetencyLadder,
    typed: Mapping[int, RatingEntry],
    background: Background,
) -> Card:
    rating = item.self_rating if kind is RaterKind.SELF else item.supervisor_rating
    saved = _entry(rating)
    entry = typed.get(item.id, saved)
    is_other = _is_other(entry, saved)
    return Card(
        item=item,
        entry=entry,
        ladder=_read(competency, rules, entry),
        saved=saved if is_other else None,
        theirs=_read(competency, rules, saved) if is_other else None,
        places=places_of(competency.level_of),
        takes_average=rules.takes_average_levels,
        asks_evidence=rules.evidence_at_expected,
        previous=background.levels.get(item.competency_id),
        development=background.development.get(item.competency_id, ()),
    )


def _read(competency: CompetencyLadder, rules: OrganisationRules, entry: RatingEntry) -> LadderShown:
    rule = PassRule(rules.pass_rule, rules.pass_percentage)
    return read_entry(
        competency.ladder,
        competency.level_of,
        rule,
        entry.indicator_ids,
        entry.stated_level,
        entry.average_level,
    )


def _entry(rating: RatingOnPage | None) -> RatingEntry:
    if rating is None:
        return NOTHING_FILLED_IN
    return RatingEntry(rating.ticked, rating.stated, rating.evidence, rating.notes, rating.average)


def _is_other(one: RatingEntry, other: RatingEntry) -> bool:
    levels = [(each.indicator_ids, each.stated_level, _level(each)) for each in (one, other)]
    if levels[0] != levels[1] or _notes(one) != _notes(other):
        return True
    return _plain(one.evidence) != _plain(other.evidence)


def _level(entry: RatingEntry) -> Decimal | str | None:
    """What is no number differs from every number and from none."""
    average = entry.average_level
    return average if average is None or average.is_finite() else "unreadable"


def _notes(entry: RatingEntry) -> dict[int, str]:
    """Those that say something."""
    plain = {indicator: _plain(text) for indicator, text in entry.notes.items()}
    return {indicator: text for indicator, text in plain.items() if text}


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
