"""What a line of a plan can come to at the end, and how far it then is, in percent.

A result and its percent must say the same: achieved is the whole of it, nearly achieved is less and says how
much, and what was not achieved, dropped or carried over is not whole either. Who means another result chooses
it; nothing is guessed but the whole of what was achieved (this product's default; the results and the reason
for what was not achieved are those of the plan's own form).
"""

from idp.rules.errors import InvalidInput
from idp.rules.terms import PlanItemState

WHOLE = 100

RESULTS = (
    PlanItemState.ACHIEVED,
    PlanItemState.NEARLY_ACHIEVED,
    PlanItemState.NOT_ACHIEVED,
    PlanItemState.CANCELLED,
    PlanItemState.CARRIED_OVER,
)
"""What a line can come to; the evaluation of a plan needs one of them for each."""

NEED_REASON = frozenset({PlanItemState.NOT_ACHIEVED, PlanItemState.CANCELLED, PlanItemState.CARRIED_OVER})


def percent_of_result(result: PlanItemState, given: int | None, reported: int) -> int:
    """The percent that goes with a result: as given, else the whole for what was achieved, else how far the
    employee had reported it.

    Raises InvalidInput at `percent`: `required` (nearly achieved says how nearly), `out_of_range`,
    `achieved_in_part`, `not_wholly_achieved`.
    """
    percent = given
    if percent is None and result is PlanItemState.ACHIEVED:
        percent = WHOLE
    elif percent is None and result is not PlanItemState.NEARLY_ACHIEVED:
        percent = reported
    if percent is None:
        raise InvalidInput("percent", "required")
    check_percent(percent)
    if result is PlanItemState.ACHIEVED and percent < WHOLE:
        raise InvalidInput("percent", "achieved_in_part")
    if result is not PlanItemState.ACHIEVED and percent == WHOLE:
        raise InvalidInput("percent", "not_wholly_achieved")
    if result is PlanItemState.NEARLY_ACHIEVED and percent == 0:
        raise InvalidInput("percent", "out_of_range", minimum=1, maximum=WHOLE - 1)
    return percent


def check_percent(percent: int) -> None:
    """Raises InvalidInput `out_of_range` at `percent`."""
    if not 0 <= percent <= WHOLE:
        raise InvalidInput("percent", "out_of_range", minimum=0, maximum=WHOLE)
