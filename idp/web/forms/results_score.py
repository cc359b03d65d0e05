"""The points of the results part on a rating form. The rater is not the only one who writes them: the
personnel office may import them while the form is open.

Names of its fields: `results_score`, and `results_score_drawn`: what stood in it when the form was drawn.
"""

from dataclasses import dataclass
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from idp.rules.errors import InvalidInput
from idp.web.attempts import Attempt
from idp.web.forms.ratings import read_score

FIELD = "results_score"
DRAWN = "results_score_drawn"


@dataclass(frozen=True)
class ScoreShown:
    """`text` stands in the field; `drawn` goes along with it; `theirs`: what somebody else saved, where the
    rater typed something else; `is_newer`: the field was left alone, and shows what was saved meanwhile."""

    text: str
    drawn: str
    theirs: str | None = None
    is_newer: bool = False


def is_as_drawn(form: MultiDict[str, str]) -> bool:
    """The rater left the field alone: whatever stands there by now is not theirs to change."""
    return DRAWN in form and _is_same(form.get(FIELD, ""), form[DRAWN])


def score_shown(saved: Decimal | None, attempt: Attempt) -> ScoreShown:
    """The field of a form drawn now, be it drawn again with what was typed."""
    kept = "" if saved is None else str(saved)
    if attempt.event != "ratings" or FIELD not in attempt.form:
        return ScoreShown(kept, kept)
    typed = attempt.form[FIELD]
    if is_as_drawn(attempt.form):
        return ScoreShown(kept, kept, is_newer=not _is_same(typed, kept))
    if attempt.compares or attempt.is_saved:
        differs = attempt.compares and not _is_same(typed, kept)
        return ScoreShown(typed, kept, theirs=kept if differs else None)
    return ScoreShown(typed, attempt.form.get(DRAWN, kept))


def _is_same(one: str, other: str) -> bool:
    """The same points, however they are written."""
    try:
        return read_score(one) == read_score(other)
    except InvalidInput:
        return one.strip() == other.strip()
