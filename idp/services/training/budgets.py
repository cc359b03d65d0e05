"""What the units may spend on development in a fiscal year: set by the personnel office, unit by unit.

The history of ceilings is the unit's (SubjectType.BUDGET), whatever the year: nothing of them changes without
an entry, and so its length is their version.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import BudgetCeiling, Unit
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInputs, NotPermitted, NotVisible
from idp.rules.relations import Actor
from idp.rules.terms import Permission, SubjectType
from idp.services.access import check_organisation
from idp.services.history import Deed, check_chain, record_history, record_history_many
from idp.services.saving import save
from idp.services.training.course_fields import price_problems

MOST_BAHT = Decimal(10_000_000_000)
"""Of one unit with all below it in a year (this product's default): more is a mistake in typing."""


def set_ceiling(
    session: Session,
    actor: Actor,
    fiscal_year: int,
    unit_id: int,
    baht: Decimal | None,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """The unit with all below it may spend so much in the year; None: nothing is set any more.

    The same as before writes nothing. Raises InvalidInputs at `baht`, NotVisible for a unit that is not the
    organisation's, NotPermitted, StaleVersion (`expected_version` is the length of the unit's history).
    """
    organisation_id = _organisation(session, actor, now)
    unit = session.get(Unit, unit_id)
    if unit is None or unit.organisation_id != organisation_id:
        raise NotVisible
    check_chain(session, (SubjectType.BUDGET, unit_id), expected_version)
    problems = price_problems("baht", baht, MOST_BAHT)
    if problems:
        raise InvalidInputs(problems)
    ceiling = session.scalar(
        select(BudgetCeiling).where(
            BudgetCeiling.organisation_id == organisation_id,
            BudgetCeiling.fiscal_year == fiscal_year,
            BudgetCeiling.unit_id == unit_id,
        )
    )
    before = None if ceiling is None else ceiling.baht
    if before == baht:
        return
    if ceiling is None:
        ceiling = BudgetCeiling(organisation_id=organisation_id, fiscal_year=fiscal_year, unit_id=unit_id)
        session.add(ceiling)
    if baht is None:
        session.delete(ceiling)
    else:
        ceiling.baht = baht
    save(session)
    record_history(
        session,
        actor,
        (SubjectType.BUDGET, unit_id),
        "set_ceiling",
        now,
        organisation_id=organisation_id,
        detail={"fiscal_year": fiscal_year, "from": _written(before), "to": _written(baht)},
    )
    save(session)


def copy_ceilings(session: Session, actor: Actor, fiscal_year: int, now: datetime) -> int:
    """The ceilings of the year before for every unit that has none in this one; how many. Asking twice adds
    nothing. Raises NotPermitted, StaleVersion."""
    organisation_id = _organisation(session, actor, now)
    rows = session.execute(
        select(BudgetCeiling.fiscal_year, BudgetCeiling.unit_id, BudgetCeiling.baht).where(
            BudgetCeiling.organisation_id == organisation_id,
            BudgetCeiling.fiscal_year.in_((fiscal_year - 1, fiscal_year)),
        )
    ).all()
    there = {unit_id for year, unit_id, _baht in rows if year == fiscal_year}
    wanted = sorted((unit_id, baht) for year, unit_id, baht in rows if year != fiscal_year)
    wanted = [(unit_id, baht) for unit_id, baht in wanted if unit_id not in there]
    if not wanted:
        return 0
    session.add_all(
        BudgetCeiling(organisation_id=organisation_id, fiscal_year=fiscal_year, unit_id=unit_id, baht=baht)
        for unit_id, baht in wanted
    )
    save(session)
    deeds = [
        Deed(unit_id, detail={"fiscal_year": fiscal_year, "from": None, "to": _written(baht)})
        for unit_id, baht in wanted
    ]
    record_history_many(
        session, actor, SubjectType.BUDGET, "copy_ceiling", now, deeds, organisation_id=organisation_id
    )
    save(session)
    return len(wanted)


def _organisation(session: Session, actor: Actor, now: datetime) -> int:
    check_organisation(session, actor, Permission.BUDGET_EDIT, local_day(now))
    if actor.organisation_id is None:
        raise NotPermitted(Permission.BUDGET_EDIT)
    return actor.organisation_id


def _written(baht: Decimal | None) -> str | None:
    return None if baht is None else f"{baht:.2f}"
