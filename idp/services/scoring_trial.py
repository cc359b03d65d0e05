"""A trial calculation: what a person with these levels would get by rules not set yet. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.scoring import (
    Band,
    NothingToScore,
    NotInTable,
    ScoreInput,
    UnratedItem,
    WeightsNotHundred,
    band,
    method_of,
    overall,
    score_competencies,
)
from idp.rules.settings import ScoringRule
from idp.services.result_explanation import explanation
from idp.services.results_part import check_points

HIGHEST_LEVEL = 9


@dataclass(frozen=True)
class TrialItem:
    """One line of the trial; `row` counts from 1 and names its fields: trial_expected-N, trial_attained-N,
    trial_weight-N."""

    row: int
    expected: int | None
    attained: Decimal | None
    weight: Decimal | None


def try_scoring(
    rule: ScoringRule, items: Sequence[TrialItem], results_score: Decimal | None
) -> dict[str, Any]:
    """The explanation that a result of these levels would be kept with, labels the rows' numbers.

    Raises InvalidInputs at the fields of the rows, and at `trial_results`.
    """
    problems = _problems(rule, items, results_score)
    if problems:
        raise InvalidInputs(problems)
    given = [
        ScoreInput(item.expected or 0, item.attained, item.weight or Decimal(0), str(item.row))
        for item in items
    ]
    try:
        score = score_competencies(rule.method, given, rule.competency_part, rule.parameters)
    except WeightsNotHundred as error:
        field = f"trial_weight-{items[-1].row}"
        raise InvalidInput(field, "weights_not_hundred", total=error.total) from error
    except NotInTable as error:
        row = next(item.row for item in items if item.expected == error.expected)
        raise InvalidInput(f"trial_expected-{row}", "not_in_table", level=error.expected) from error
    except (NothingToScore, UnratedItem) as error:
        raise InvalidInput("trial_expected-1", "required") from error
    bands = tuple(Band(code, at_least) for code, at_least in rule.bands)
    total = None if results_score is None else overall(results_score, score.total)
    kept = explanation(score, [item.row for item in items], results_score, total, bands)
    return kept | {"band": None if total is None else band(total, bands).code}


def _problems(
    rule: ScoringRule, items: Sequence[TrialItem], results_score: Decimal | None
) -> list[InvalidInput]:
    problems = []
    weighs = method_of(rule.method).uses_weights
    for item in items:
        asked: list[tuple[str, Decimal | int | None, int]] = [
            (f"trial_expected-{item.row}", item.expected, HIGHEST_LEVEL),
            (f"trial_attained-{item.row}", item.attained, HIGHEST_LEVEL),
        ]
        if weighs:
            asked.append((f"trial_weight-{item.row}", item.weight, 100))
        for field, number, most in asked:
            if number is None:
                problems.append(InvalidInput(field, "required"))
            elif not 0 <= number <= most:
                problems.append(InvalidInput(field, "out_of_range", minimum=0, maximum=most))
    if not items:
        problems.append(InvalidInput("trial_expected-1", "required"))
    if results_score is not None:
        try:
            check_points(results_score, rule.competency_part, "trial_results")
        except InvalidInput as error:
            problems.append(error)
    return problems
