"""What a unit may spend in a year: set by the personnel office, with its history, and copied."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import BudgetCeiling, HistoryEntry
from idp.queries.training.budget import budget
from idp.rules.errors import InvalidInputs, NotPermitted, NotVisible, StaleVersion
from idp.rules.terms import SubjectType
from idp.services.training.budgets import copy_ceilings, set_ceiling
from tests.factories.sample import Sample
from tests.services.training_cast import NOW, make_unit


def ceilings(session: Session) -> dict[tuple[int, int], Decimal]:
    return {(row.fiscal_year, row.unit_id): row.baht for row in session.scalars(select(BudgetCeiling))}


def details(session: Session) -> list[tuple[str, int, object, object]]:
    rows = session.scalars(
        select(HistoryEntry).where(HistoryEntry.subject_type == SubjectType.BUDGET).order_by(HistoryEntry.id)
    )
    return [(row.event, row.detail["fiscal_year"], row.detail["from"], row.detail["to"]) for row in rows]


def test_a_ceiling_is_set_changed_and_taken_away(session: Session, sample: Sample) -> None:
    unit, malee = sample.unit.id, sample.cast.malee
    for amount in (Decimal(30_000_000), Decimal(30_000_000), Decimal("250.50"), None, None):
        set_ceiling(session, malee, 2569, unit, amount, NOW)
    assert not ceilings(session)
    assert details(session) == [
        ("set_ceiling", 2569, None, "30000000.00"),
        ("set_ceiling", 2569, "30000000.00", "250.50"),
        ("set_ceiling", 2569, "250.50", None),
    ]


def test_nothing_at_all_may_be_a_ceiling(session: Session, sample: Sample) -> None:
    set_ceiling(session, sample.cast.malee, 2569, sample.unit.id, Decimal(0), NOW)
    assert ceilings(session) == {(2569, sample.unit.id): Decimal(0)}


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal("0.001"), Decimal("NaN"), Decimal(10) ** 11])
def test_a_wrong_amount_is_refused(session: Session, sample: Sample, amount: Decimal) -> None:
    with pytest.raises(InvalidInputs, match="baht"):
        set_ceiling(session, sample.cast.malee, 2569, sample.unit.id, amount, NOW)
    assert not ceilings(session)


def test_a_stale_form_is_refused(session: Session, sample: Sample) -> None:
    set_ceiling(session, sample.cast.malee, 2569, sample.unit.id, Decimal(5), NOW, 0)
    version = budget(session, sample.organisation.id, 2569).versions[sample.unit.id]
    with pytest.raises(StaleVersion):
        set_ceiling(session, sample.cast.malee, 2569, sample.unit.id, Decimal(6), NOW, 0)
    set_ceiling(session, sample.cast.malee, 2569, sample.unit.id, Decimal(6), NOW, version)
    assert ceilings(session) == {(2569, sample.unit.id): Decimal(6)}


@pytest.mark.parametrize("who", ["somchai", "suda", "prasit", "anong"])
def test_nobody_but_the_personnel_office_sets_one(session: Session, sample: Sample, who: str) -> None:
    actor = getattr(sample.cast, who)
    with pytest.raises(NotPermitted):
        set_ceiling(session, actor, 2569, sample.unit.id, Decimal(5), NOW)
    with pytest.raises(NotPermitted):
        copy_ceilings(session, actor, 2569, NOW)


def test_a_unit_of_another_organisation_is_as_good_as_missing(session: Session, sample: Sample) -> None:
    for unit_id in (sample.unit.id, 0):
        with pytest.raises(NotVisible):
            set_ceiling(session, sample.cast.olan, 2569, unit_id, Decimal(5), NOW)


def test_the_year_before_is_copied_where_there_is_none(session: Session, sample: Sample) -> None:
    other, third = make_unit(session, sample, "U2"), make_unit(session, sample, "U3")
    malee = sample.cast.malee
    set_ceiling(session, malee, 2568, sample.unit.id, Decimal(100), NOW)
    set_ceiling(session, malee, 2568, other.id, Decimal(200), NOW)
    set_ceiling(session, malee, 2569, other.id, Decimal(999), NOW)
    set_ceiling(session, malee, 2567, third.id, Decimal(300), NOW)
    assert copy_ceilings(session, sample.cast.olan, 2569, NOW) == 0
    assert copy_ceilings(session, malee, 2569, NOW) == 1
    assert copy_ceilings(session, malee, 2569, NOW) == 0
    this_year = {unit: baht for (year, unit), baht in ceilings(session).items() if year == 2569}
    assert this_year == {sample.unit.id: Decimal(100), other.id: Decimal(999)}
    assert details(session)[-1] == ("copy_ceiling", 2569, None, "100.00")
