"""Read and change an organisation's dated rules."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Cycle, OrganisationSetting
from idp.rules.errors import InvalidInput
from idp.rules.relations import Actor
from idp.rules.settings import SETTING_KEYS, OrganisationRules, rules_from_json
from idp.rules.terms import SubjectType
from idp.services.history import record_history


def rules_on(session: Session, organisation_id: int, day: date) -> OrganisationRules:
    """The organisation's rules on `day`: for each setting the latest row not after it."""
    rows = session.execute(
        select(OrganisationSetting.key, OrganisationSetting.value)
        .where(OrganisationSetting.organisation_id == organisation_id, OrganisationSetting.from_on <= day)
        .order_by(OrganisationSetting.from_on)
    )
    return rules_from_json({row.key: row.value for row in rows})  # the latest of a key wins


def rules_of_cycle(cycle: Cycle) -> OrganisationRules:
    """The rules frozen when the cycle opened."""
    return rules_from_json(cycle.settings)


def set_rules(
    session: Session,
    actor: Actor,
    organisation_id: int,
    values: Mapping[str, Any],
    from_on: date,
    now: datetime,
    about: Mapping[str, Any] | None = None,
) -> None:
    """Write settings (as JSON data) that hold from `from_on` on; cycles already open keep theirs.

    What is set so already writes nothing. `about` goes into the history beside what was set. Raises
    InvalidInput naming the setting.
    """
    before: dict[str, Any] = {}  # None: nothing was set for that day
    for key, value in values.items():
        if key not in SETTING_KEYS:
            raise InvalidInput(key, "unknown")
        try:
            rules_from_json({key: value})
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidInput(key, "wrong_value") from error
        row = session.scalar(
            select(OrganisationSetting).where(
                OrganisationSetting.organisation_id == organisation_id,
                OrganisationSetting.key == key,
                OrganisationSetting.from_on == from_on,
            )
        )
        if row is None:
            session.add(
                OrganisationSetting(organisation_id=organisation_id, key=key, from_on=from_on, value=value)
            )
            before[key] = None
        elif row.value != value:
            before[key], row.value = row.value, value
    if not before:
        return
    record_history(
        session,
        actor,
        (SubjectType.ORGANISATION, organisation_id),
        "set_rules",
        now,
        organisation_id=organisation_id,
        detail={
            "from_on": from_on.isoformat(),
            "before": before,
            "values": {key: values[key] for key in before},
            **(about or {}),
        },
    )
    session.flush()
