"""The score of one result by the rules frozen with it: at its release, and once more for a correction."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from idp.models import Assessment
from idp.rules.scoring import (
    Band,
    CompetencyScore,
    NothingToScore,
    ScoreInput,
    ScoreParameters,
    band,
    overall,
    score_competencies,
)
from idp.rules.settings import OrganisationRules
from idp.services.result_explanation import explanation


@dataclass(frozen=True)
class ItemToScore:
    """What a score needs of one competency."""

    id: int
    name: str
    expected: int
    attained: Decimal | None
    weight: Decimal


@dataclass(frozen=True)
class Result:
    """Scores are None where nothing is expected, the total and its band also without a results part."""

    competency_score: Decimal | None
    total_score: Decimal | None
    band: str | None
    explanation: dict[str, Any]


def compute(
    assessment: Assessment,
    items: Sequence[ItemToScore],
    rules: OrganisationRules,
    results_score: Decimal | None,
) -> Result:
    """The result of these levels; writes nothing. `rules` are those frozen when the cycle opened."""
    rule = rules.scoring[assessment.personnel_type]
    bands = tuple(Band(code, at_least) for code, at_least in rule.bands)
    score = _competency_score(assessment, items, rule.parameters)
    total = None if score is None or results_score is None else overall(results_score, score.total)
    explained = explanation(score, [item.id for item in items], results_score, total, bands)
    return Result(
        None if score is None else score.total,
        total,
        None if total is None else band(total, bands).code,
        explained,
    )


def _competency_score(
    assessment: Assessment, items: Sequence[ItemToScore], parameters: ScoreParameters
) -> CompetencyScore | None:
    """None where nothing is expected of any competency: then there is nothing to score."""
    inputs = [ScoreInput(item.expected, item.attained, item.weight, item.name) for item in items]
    try:
        return score_competencies(assessment.scoring_method, inputs, assessment.competency_part, parameters)
    except NothingToScore:
        return None
