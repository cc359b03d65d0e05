"""The form of one competency for a whole team: the rating form's fields, once for each person.

Beside those of `forms.ratings`: `item-ID-version`, the version of the rating that the row was drawn from, and
`compared` (once for each row that shows what somebody else saved). Of the start of the rating: `assessment`
(once for each person) and `assessment-ID-version`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import current_app
from werkzeug.datastructures import MultiDict

from idp.rules.errors import InvalidInput, StaleVersion
from idp.services.team_ratings import Refusal, TeamEntry
from idp.web.attempts import NO_VERSION
from idp.web.forms.ratings import read_ratings
from idp.web.messages import message_of
from idp.web.numbers import record_number


@dataclass(frozen=True)
class TeamAttempt:
    """`entries`: what is typed and not saved, by the item's id; `refused`: why not; `saved`: how many people
    were. `compared`: the rows that show what somebody else saved; `is_choosing`: the reader takes it; `form`:
    as it was sent."""

    entries: Mapping[int, TeamEntry] = field(default_factory=dict)
    refused: Mapping[int, Refusal] = field(default_factory=dict)
    saved: int = 0
    compared: frozenset[int] = frozenset()
    is_choosing: bool = False
    form: MultiDict[str, str] = field(default_factory=MultiDict)

    def typed_average(self, item_id: int, otherwise: str) -> str:
        """What was typed as an average, be it a number or not."""
        return self.form.get(f"item-{item_id}-average", otherwise) if item_id in self.entries else otherwise

    @property
    def status(self) -> int:
        """409 when somebody else was first in any row, 422 for anything else that was refused."""
        if not self.refused:
            return 200
        return 422 if all(isinstance(each, InvalidInput) for each in self.refused.values()) else 409

    @property
    def errors(self) -> dict[str, str]:
        """The texts at the fields, of every row."""
        return {
            problem.field: message_of(problem)
            for each in self.refused.values()
            if isinstance(each, InvalidInput)
            for problem in getattr(each, "problems", (each,))
        }

    def is_out_of_date(self, item_id: int) -> bool:
        """Somebody else was first in this row."""
        return isinstance(self.refused.get(item_id), StaleVersion)


NOTHING_SENT = TeamAttempt()


def read_team_entries(form: MultiDict[str, str]) -> dict[int, TeamEntry]:
    """What was filled in, by the item's id."""
    return {
        item_id: TeamEntry(entry, _version(form, f"item-{item_id}-version"))
        for item_id, entry in read_ratings(form).items()
    }


def read_compared(form: MultiDict[str, str]) -> frozenset[int]:
    """The rows that were drawn with what somebody else saved beside them."""
    numbers = (record_number(text) for text in form.getlist("compared"))
    return frozenset(number for number in numbers if number is not None)


def read_versions(form: MultiDict[str, str]) -> dict[int, int]:
    """The assessments to start, with the version that each was shown in."""
    numbers = (record_number(text) for text in form.getlist("assessment"))
    return {
        number: NO_VERSION if version is None else version
        for number in numbers
        if number is not None
        for version in [record_number(form.get(f"assessment-{number}-version", ""))]
    }


def _version(form: MultiDict[str, str], name: str) -> int | None:
    """NO_VERSION where it cannot be read; None only where a test sends forms without theirs."""
    text = form.get(name)
    if text is None and not current_app.config.get("IDP_FORMS_CARRY_VERSION", True):
        return None
    number = record_number(text or "")
    return NO_VERSION if number is None else number
