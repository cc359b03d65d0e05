"""What the personnel office may set for its organisation by itself, from a day on.

Dated rows (`services.settings.set_rules`): what held before stays readable, cycles already open keep what was
frozen in them. Nothing is set for a day that has passed.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.plan_proposal import MOST_PRIORITIES
from idp.rules.relations import Actor
from idp.rules.terms import Permission
from idp.services.access import check_organisation
from idp.services.plan_fields import MOST_HOURS
from idp.services.settings import rules_on, set_rules

SWITCHES = (
    "takes_late_entries",
    "agreement_at_start",
    "count_working_days",
    "evidence_at_expected",
    "takes_average_levels",
    "second_level_checks_plan",
    "hr_checks_plan",
    "thai_digits",
)
NUMBERS: Mapping[str, tuple[int, int]] = {
    "remind_days_before": (0, 30),
    "remind_every_days_overdue": (0, 60),
    "plan_priorities": (1, MOST_PRIORITIES),
    "plan_hours": (1, MOST_HOURS),
    "plan_baht": (0, 999_999),
    "hours_asked_a_year": (0, MOST_HOURS),
}
"""Least and most; 0 turns a reminder off, and asks for no hours."""


def change_rules(
    session: Session, actor: Actor, values: Mapping[str, Any], from_on: date, now: datetime
) -> dict[str, Any]:
    """Set what differs from the rules of that day; what was set.

    Raises NotPermitted, InvalidInput(s) at `from_on` or the setting's name; `nothing_changed` at `from_on`.
    """
    day = local_day(now)
    check_organisation(session, actor, Permission.CYCLE_RUN, day)
    organisation_id = actor.organisation_id
    if organisation_id is None:
        raise InvalidInput("from_on", "wrong_value")
    problems = [InvalidInput("from_on", "before_today")] if from_on < day else []
    problems += [each for each in (_problem(key, value) for key, value in values.items()) if each]
    if problems:
        raise InvalidInputs(problems)
    then = rules_on(session, organisation_id, from_on)
    changed = {key: value for key, value in values.items() if getattr(then, key) != value}
    if not changed:
        raise InvalidInput("from_on", "nothing_changed")
    set_rules(session, actor, organisation_id, changed, from_on, now)
    return changed


def _problem(key: str, value: object) -> InvalidInput | None:
    if key in SWITCHES:
        return None if isinstance(value, bool) else InvalidInput(key, "wrong_value")
    if key not in NUMBERS:
        return InvalidInput(key, "unknown")
    least, most = NUMBERS[key]
    if not isinstance(value, int) or isinstance(value, bool):
        return InvalidInput(key, "not_a_number")
    if value < least:
        return InvalidInput(key, "too_small", minimum=least)
    return InvalidInput(key, "too_large", maximum=most) if value > most else None
