"""What the preview of a change needs besides its query: the words typed so far, sentences, choices."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from idp.queries.change_pages import Preview, RecordUnderWay
from idp.rules.assessment_workflow import UNRELEASED_STATES
from idp.rules.staff_changes import ENDING, WITH_A_NEW_POST
from idp.services.change_posts import Move
from idp.web.attempts import Attempt
from idp.web.formats import number
from idp.web.forms.changes import typed_change
from idp.web.labels import label


def preview_context(move: Move, shown: Preview, attempt: Attempt, form: Mapping[str, str]) -> dict[str, Any]:
    """The names that `changes/preview.html` uses. `days_of` says a record's days as "120 + 245"."""
    return {
        "move": move,
        "shown": shown,
        "attempt": attempt,
        "form": form,
        "is_first": "seen" not in form,
        "sent": [(name, text) for name, text in typed_change(form).items() if text],
        "last_day": move.effective_on - timedelta(days=1),
        "is_ending": move.kind in ENDING,
        "has_new_post": move.kind in WITH_A_NEW_POST,
        "choices_of": choices_of,
        "days_of": days_of,
        "unreleased_states": UNRELEASED_STATES,
    }


def choices_of(record: RecordUnderWay) -> list[tuple[str, str]]:
    """The consequences offered for a record, as a list to choose from."""
    return [(each.value, label(each)) for each in record.choices]


def days_of(record: RecordUnderWay) -> str:
    """The days of each supervisor, in their order."""
    return " + ".join(number(days) for days in record.days)
