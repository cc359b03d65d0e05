"""What a reviewer asks to be changed in single lines of a plan that goes back."""

from collections.abc import Mapping

from idp.models import DevelopmentPlan
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.terms import PlanItemState
from idp.rules.texts import checked_text

LONGEST_NOTE = 1000


def checked_notes(plan: DevelopmentPlan, notes: Mapping[int, str]) -> dict[int, str]:
    """By line what is to change in it, in the order of the plan, without empty ones. Raises InvalidInputs:
    `unknown` at `notes` for a line that the plan does not have or that is struck out, `too_long` at
    `note-ID`."""
    live = [item.id for item in plan.items if item.state is not PlanItemState.CANCELLED]
    problems = [] if set(notes) <= set(live) else [InvalidInput("notes", "unknown")]
    checked: dict[int, str] = {}
    for item_id in live:
        try:
            text = checked_text(f"note-{item_id}", notes.get(item_id, ""), LONGEST_NOTE)
        except InvalidInput as problem:
            problems.append(problem)
            continue
        if text:
            checked[item_id] = text
    if problems:
        raise InvalidInputs(problems)
    return checked


def whole_reason(plan: DevelopmentPlan, reason: str, notes: Mapping[int, str]) -> str:
    """The reason for the whole and what is said of lines as one text: for the history and for notices."""
    of_lines = [f"{item.title}: {notes[item.id]}" for item in plan.items if item.id in notes]
    return "\n".join(text for text in (reason, *of_lines) if text)


def write_notes(plan: DevelopmentPlan, notes: Mapping[int, str]) -> None:
    """These alone hold: what an earlier return asked for is over."""
    for item in plan.items:
        item.return_note = notes.get(item.id, "")
