"""What of an entry of a record's history a reader may see, beyond that it happened and who did it.

Reasons and contents follow what the reader may see of the record itself: until the result is released the
employee reads nothing about the supervisor's rating, and while the self-assessment is being written
nobody else reads that. What is not named here is kept back: a new event is not seen by oversight.
"""

from collections.abc import Mapping
from typing import Any

from idp.rules.terms import AssessmentEvent as E
from idp.rules.terms import PhaseKind, RaterKind

ABOUT_THE_EMPLOYEE = frozenset(
    {
        E.START_SELF,
        E.SUBMIT_SELF,
        E.WITHDRAW_SELF,
        E.RETURN_SELF,
        E.REOPEN_SELF,
        E.LAPSE_SELF,
        E.EXEMPT,
        E.REINSTATE,
        "write_agreement",
        "sign_agreement",
        "record_agreement_refusal",
        "hand_over",
        "change_second_level",
        "remind_by_hand",
        "attach_file",
    }
)
"""Events of an assessment whose reason and contents concern the employee before the result is known."""

PHASES_OF_THE_RATING = frozenset({PhaseKind.RATING, PhaseKind.SECOND_OPINION, PhaseKind.RELEASE})
EXTENSION = "_extension"


def shows_contents(
    event: str, detail: Mapping[str, Any], *, shows_self_rating: bool, shows_result: bool
) -> bool:
    """Whether the reason and the contents of an entry about an assessment are the reader's to see."""
    if event == "save_ratings":
        return shows_self_rating if detail.get("kind") == RaterKind.SELF else shows_result
    if shows_result or event in ABOUT_THE_EMPLOYEE:
        return True
    return event.endswith(EXTENSION) and shows_why_more_time(detail.get("phase"), shows_result=shows_result)


def shows_why_more_time(phase: str | None, *, shows_result: bool) -> bool:
    """Whether the reader may see why more time was asked for or given for a step, or why it was reopened:
    what is said about the rating is kept from the employee like the rating itself."""
    return shows_result or phase not in PHASES_OF_THE_RATING
