"""Read the decision on an objection from its form."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from idp.queries.correction_pages import LevelChoice
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.objections import ObjectionState
from idp.rules.thai import parse_thai_date
from idp.services.objection_decisions import CorrectedLevel, Decision
from idp.web.forms.ratings import read_score

OUTCOMES = (ObjectionState.DISMISSED, ObjectionState.UPHELD)


@dataclass(frozen=True)
class DecisionForm:
    """What was chosen. `levels`, `results_score`: only of an objection upheld."""

    outcome: ObjectionState
    decision: Decision
    levels: dict[int, CorrectedLevel]
    results_score: Decimal | None


def read_decision(form: MultiDict[str, str], choices: Iterable[LevelChoice]) -> DecisionForm:
    """Raises InvalidInputs naming every field that cannot be read."""
    problems: list[InvalidInput] = []
    outcome = next((each for each in OUTCOMES if each.value == form.get("outcome")), None)
    if outcome is None:
        problems.append(InvalidInput("outcome", "missing"))
    day = None
    try:
        day = parse_thai_date(form.get("decided_on", "").strip())
    except ValueError:
        problems.append(InvalidInput("decided_on", "not_a_date"))
    levels: dict[int, CorrectedLevel] = {}
    score = None
    if outcome is ObjectionState.UPHELD:
        levels = _levels(form, choices, problems)
        try:
            score = read_score(form.get("results_score", ""))
        except InvalidInput as problem:
            problems.append(problem)
    for name in ("decision_number", "decision_text"):
        if not form.get(name, "").strip():
            problems.append(InvalidInput(name, "missing"))
    if problems or outcome is None or day is None:
        raise InvalidInputs(problems)
    decision = Decision(form["decision_number"], day, form["decision_text"])
    return DecisionForm(outcome, decision, levels, score)


def _levels(
    form: MultiDict[str, str], choices: Iterable[LevelChoice], problems: list[InvalidInput]
) -> dict[int, CorrectedLevel]:
    levels = {}
    for choice in choices:
        name = f"item-{choice.item_id}"
        typed = form.get(f"{name}-level", "").strip()
        if not typed:
            continue
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 2):
            problems.append(InvalidInput(f"{name}-level", "unknown_choice"))
            continue
        levels[choice.item_id] = CorrectedLevel(int(typed), form.get(f"{name}-reason", ""))
    return levels
