"""What a list of a cycle's people was narrowed to: by its address, or by a form that acts on all of it."""

from werkzeug.datastructures import MultiDict

from idp.queries.cycle_people import PeopleFilter
from idp.rules.terms import AssessmentState
from idp.web.numbers import asked_number

LONGEST_WORDS = 100


def people_filter(asked: MultiDict[str, str]) -> PeopleFilter:
    """Unknown words narrow nothing."""
    state = asked.get("state", "")
    return PeopleFilter(
        unit_id=asked_number(asked, "unit"),
        state=AssessmentState(state) if state in set(AssessmentState) else None,
        only_overdue=asked.get("overdue") == "1",
        without_access=asked.get("access") == "none",
        text=asked.get("text", "").strip()[:LONGEST_WORDS],
    )
