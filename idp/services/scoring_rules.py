"""What the personnel office sets about scores, from a day on: each personnel type's method, weight, bands and
tables, and when a level is passed.

Dated rows like the other settings (`services.settings.set_rules`). Cycles already open keep what was frozen
in them, and so do the results in them.
"""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import OrganisationSetting
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.relations import Actor
from idp.rules.scoring_settings import ScoringValues, pass_rule_problems, problems_of
from idp.rules.settings import scoring_json
from idp.rules.terms import PassRuleKind, Permission, PersonnelType
from idp.services.access import check_organisation
from idp.services.settings import rules_on, set_rules

PASS_RULE = ("pass_rule", "pass_percentage")


def change_scoring(
    session: Session,
    actor: Actor,
    personnel_type: PersonnelType,
    values: ScoringValues,
    from_on: date | None,
    now: datetime,
) -> None:
    """One personnel type is scored so from `from_on` on, until the next change that is already set for it.

    Other personnel types keep what they have on every day. Raises NotPermitted, InvalidInputs naming every
    wrong field at once (`nothing_changed` at `from_on`).
    """
    organisation_id = _checked(session, actor, from_on, now, problems_of(values))
    assert from_on is not None
    before = rules_on(session, organisation_id, from_on).scoring[personnel_type]
    rule = values.rule()
    if rule == before:
        raise InvalidInput("from_on", "nothing_changed")
    about = {"personnel_type": personnel_type.value, "was": before.as_json(), "is": rule.as_json()}
    for day in (from_on, *_days_after(session, organisation_id, from_on, "scoring")):
        scoring = rules_on(session, organisation_id, day).scoring
        if scoring[personnel_type] not in (before, rule):
            break  # from that day on another rule was set: it stays
        value = scoring_json({**scoring, personnel_type: rule})
        set_rules(session, actor, organisation_id, {"scoring": value}, day, now, about)


def change_pass_rule(
    session: Session,
    actor: Actor,
    kind: PassRuleKind | None,
    percentage: int | None,
    from_on: date | None,
    now: datetime,
) -> None:
    """A level is passed so from `from_on` on, until the next change that is already set. `percentage` counts
    with the kind of that name alone: the two are always set together. Raises as `change_scoring` does."""
    organisation_id = _checked(session, actor, from_on, now, pass_rule_problems(kind, percentage))
    assert from_on is not None and kind is not None
    kept = percentage if kind is PassRuleKind.PERCENTAGE else None
    days = (from_on, *_days_after(session, organisation_id, from_on, *PASS_RULE))
    then = [_pass_rule_on(session, organisation_id, day) for day in days]
    if then[0] == (kind, kept):
        raise InvalidInput("from_on", "nothing_changed")
    holds = (kind, kept)
    for day, had in zip(days, then, strict=True):
        if had != then[0]:
            holds = had  # another change was set for this day, and stays
        values = {"pass_rule": holds[0].value, "pass_percentage": holds[1]}
        set_rules(session, actor, organisation_id, values, day, now)


def _pass_rule_on(session: Session, organisation_id: int, day: date) -> tuple[PassRuleKind, int | None]:
    rules = rules_on(session, organisation_id, day)
    return rules.pass_rule, rules.pass_percentage


def _checked(
    session: Session, actor: Actor, from_on: date | None, now: datetime, found: Iterator[InvalidInput]
) -> int:
    """The organisation's id, after who asks, the values and the day were looked at."""
    day = local_day(now)
    check_organisation(session, actor, Permission.CYCLE_RUN, day)
    problems = list(found)
    if from_on is None:
        problems.append(InvalidInput("from_on", "required"))
    elif from_on < day:
        problems.append(InvalidInput("from_on", "before_today"))
    if actor.organisation_id is None:
        problems.append(InvalidInput("from_on", "wrong_value"))
    if problems or actor.organisation_id is None:
        raise InvalidInputs(problems)
    return actor.organisation_id


def _days_after(session: Session, organisation_id: int, day: date, *keys: str) -> list[date]:
    """The later days for which one of these settings is set already."""
    return list(
        session.scalars(
            select(OrganisationSetting.from_on)
            .distinct()
            .where(
                OrganisationSetting.organisation_id == organisation_id,
                OrganisationSetting.key.in_(keys),
                OrganisationSetting.from_on > day,
            )
            .order_by(OrganisationSetting.from_on)
        )
    )
