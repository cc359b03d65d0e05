"""Seals, their ledger, and the sets of a cycle: what is done to them is found too."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, HistorySeal, Rating
from idp.queries.audit import Tally, seals, verify_history
from idp.rules.audit_chain import SEALED_FIELDS
from idp.rules.audit_findings import Seal, Trouble
from idp.rules.terms import AssessmentState, EmployeeOpinion, RaterKind
from idp.services.closing import begin_closing, continue_closing
from idp.services.results import receive
from idp.services.sealing import seal_day, seal_history
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.services.cycle_cast import NOW, add_town, open_cycle
from tests.services.tampering import (
    MIDDLE,
    SEALED_AT,
    by_hand,
    chain,
    found,
    sealed_and_free,
    write_anew,
)


@pytest.fixture
def told(session: Session, sample: Sample) -> Sample:
    return sealed_and_free(session, sample)


def two_seals(session: Session, sample: Sample) -> list[Seal]:
    """A second seal, over what happened after the first; returns the ledger."""
    acknowledged(session, sample)
    assert seal_history(session, at(steps.RECEIPT_DAY)) == 1
    ledger = seals(session)
    assert len(ledger) == 2
    return ledger


def acknowledged(session: Session, sample: Sample) -> None:
    now = at(steps.RECEIPT_DAY)
    receive(session, sample.cast.somchai, sample.assessment.id, now, EmployeeOpinion.AGREES)


@pytest.mark.parametrize("column", SEALED_FIELDS)
def test_a_changed_seal_is_found(session: Session, told: Sample, column: str) -> None:
    value = {"digest": "'x'", "sealed_at": "'2026-01-01 00:00:00.000000'"}.get(column, f"{column} + 1")
    by_hand(session, told, f"UPDATE history_seal SET {column} = {value}")
    assert Trouble.SEAL_CHANGED in found(session)


def test_a_removed_seal_is_found_by_the_next_and_the_last_by_the_ledger(
    session: Session, told: Sample
) -> None:
    ledger = two_seals(session, told)
    by_hand(session, told, "DELETE FROM history_seal WHERE hash = :hash", hash=ledger[1].hash)
    assert found(session) == []
    assert found(session, ledger) == [Trouble.SEAL_REMOVED]
    by_hand(session, told, "DELETE FROM history_seal")
    assert found(session, ledger) == [Trouble.SEAL_REMOVED, Trouble.SEAL_REMOVED]


def test_the_first_seal_removed_is_found_without_a_ledger(session: Session, told: Sample) -> None:
    ledger = two_seals(session, told)
    by_hand(session, told, "DELETE FROM history_seal WHERE hash = :hash", hash=ledger[0].hash)
    assert Trouble.SEAL_REMOVED in found(session)


def test_history_and_seals_written_anew_together_are_found_by_the_ledger(
    session: Session, told: Sample
) -> None:
    ledger = seals(session)
    entry = chain(session, told)[-1]
    by_hand(session, told, "DELETE FROM history_entry WHERE id = :entry", entry=entry.id)
    write_anew(session, told)
    by_hand(session, told, "DELETE FROM history_seal")
    seal_history(session, SEALED_AT)
    assert found(session) == []
    assert found(session, ledger) == [Trouble.SEAL_REMOVED, Trouble.SEALED_REMOVED]


def test_a_ledger_that_was_changed_is_no_witness(session: Session, told: Sample) -> None:
    ledger = two_seals(session, told)
    forged = Seal(**{**ledger[0].__dict__, "entry_count": 1})
    assert Trouble.LEDGER_CHANGED in found(session, [forged, ledger[1]])
    assert Trouble.LEDGER_CHANGED in found(session, ledger[1:])


def test_what_was_expected_at_the_opening_cannot_be_changed_unseen(session: Session) -> None:
    town = add_town(session, staff=5)
    open_cycle(town)
    assert found(session) == []
    item = session.scalars(select(AssessmentItem)).all()[2]
    for change in (
        update(AssessmentItem).where(AssessmentItem.id == item.id).values(expected_level=5),
        update(Assessment).where(Assessment.id == item.assessment_id).values(last_name="อื่น"),
    ):
        with session.begin_nested() as savepoint:
            session.execute(change)
            assert found(session) == [Trouble.SET_CHANGED]
            savepoint.rollback()
    assert found(session) == []


def test_a_closed_result_cannot_be_changed_unseen(session: Session) -> None:
    town = add_town(session, staff=5)
    cycle = open_cycle(town)
    session.execute(update(Assessment).values(state=AssessmentState.RELEASED))
    items = session.scalars(select(AssessmentItem)).all()
    for item in items:
        rating = {"item_id": item.id, "rater_kind": RaterKind.SUPERVISOR, "updated_at": NOW, "evidence": "x"}
        session.add(Rating(**rating, attained_level=2))
    begin_closing(session, town.actor("malee"), cycle.id, NOW)
    while not continue_closing(session, cycle.id, NOW):
        pass
    assert found(session) == []
    for change in (
        update(Rating).where(Rating.item_id == items[0].id).values(attained_level=3),
        update(Assessment).where(Assessment.id == items[0].assessment_id).values(total_score=99),
    ):
        with session.begin_nested() as savepoint:
            session.execute(change)
            assert found(session) == [Trouble.SET_CHANGED]
            savepoint.rollback()


def test_one_organisation_is_verified_without_the_others(session: Session, told: Sample) -> None:
    town = add_town(session, staff=4)
    entry = chain(session, told)[MIDDLE - 1]
    by_hand(session, told, "UPDATE history_entry SET reason = 'อื่น' WHERE id = :entry", entry=entry.id)

    def of(organisation_id: int) -> list[Trouble]:
        looked_at = verify_history(session, Tally(), organisation_id=organisation_id)
        return [finding.trouble for finding in looked_at]

    assert of(town.organisation.id) == []
    assert of(told.organisation.id) == [Trouble.CHANGED]


def test_a_day_is_sealed_once_and_an_empty_one_not_at_all(session: Session, sample: Sample) -> None:
    assert seal_day(session, SEALED_AT) == 0
    steps.released(session, sample)
    assert seal_day(session, SEALED_AT) > 0
    acknowledged(session, sample)
    assert seal_day(session, SEALED_AT + timedelta(hours=1)) == 0
    assert seal_day(session, SEALED_AT + timedelta(days=1)) == 1
    assert seal_day(session, SEALED_AT + timedelta(days=2)) == 0
    assert [each.entry_count for each in session.scalars(select(HistorySeal).order_by(HistorySeal.id))][
        1
    ] == 1
    assert found(session) == []
