"""The states of an assessment gathered into the few stages that a table of progress has room for.

This product's own grouping: by whose turn it is.
"""

from collections.abc import Mapping
from enum import StrEnum

from idp.rules.terms import AssessmentState as S


class Stage(StrEnum):
    NOT_STARTED = "not_started"
    SELF_ASSESSMENT = "self_assessment"
    RATING = "rating"
    BEFORE_RELEASE = "before_release"
    RELEASED = "released"
    ACKNOWLEDGED = "acknowledged"
    EXEMPTED = "exempted"


STAGE_OF: Mapping[S, Stage] = {
    S.NOT_STARTED: Stage.NOT_STARTED,
    S.SELF_ASSESSING: Stage.SELF_ASSESSMENT,
    S.SELF_SUBMITTED: Stage.RATING,
    S.RATING: Stage.RATING,
    S.RATED: Stage.BEFORE_RELEASE,
    S.SECOND_OPINION: Stage.BEFORE_RELEASE,
    S.MODERATED: Stage.BEFORE_RELEASE,
    S.RELEASED: Stage.RELEASED,
    S.RECEIVED: Stage.ACKNOWLEDGED,
    S.REFUSED: Stage.ACKNOWLEDGED,
    S.CLOSED: Stage.ACKNOWLEDGED,
    S.EXEMPTED: Stage.EXEMPTED,
}


def by_stage(counts: Mapping[S, int]) -> dict[Stage, int]:
    """The counts of the states added up to stages; every stage is there."""
    totals = dict.fromkeys(Stage, 0)
    for state, count in counts.items():
        totals[STAGE_OF[state]] += count
    return totals
