"""Whatever is done to the entries with the database's own means, verifying them finds it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from idp.models import HistoryEntry
from idp.queries.audit import Tally, seals, verify_history
from idp.rules.audit_findings import Trouble
from idp.services.sealing import seal_history
from tests.factories import steps
from tests.factories.sample import Sample
from tests.services.tampering import (
    MIDDLE,
    OF_THE_RECORD,
    SEALED_AT,
    by_hand,
    chain,
    forge,
    found,
    sealed_and_free,
    write_anew,
)


@pytest.fixture
def told(session: Session, sample: Sample) -> Sample:
    return sealed_and_free(session, sample)


def test_an_untouched_history_is_whole(session: Session, sample: Sample) -> None:
    steps.approved(session, sample)
    tally = Tally()
    assert list(verify_history(session, tally)) == []
    assert tally.entries == len(session.scalars(select(HistoryEntry.id)).all()) > 10
    assert seal_history(session, SEALED_AT) == tally.entries
    assert found(session, seals(session)) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("event", "release"),
        ("from_state", "rated"),
        ("to_state", None),
        ("actor_person_id", None),
        ("on_behalf_of_person_id", "actor_person_id"),
        ("at", timedelta(microseconds=1)),
        ("origin", "elsewhere"),
        ("reason", "เหตุผลอื่น"),
        ("detail", {"kind": "self", "forged": True}),
        ("organisation_id", None),
    ],
)
def test_a_changed_field_is_found(session: Session, told: Sample, column: str, value: object) -> None:
    entry = chain(session, told)[MIDDLE - 1]
    if isinstance(value, timedelta):
        value = getattr(entry, column) + value
    if value == "actor_person_id":
        value = entry.actor_person_id
    assert getattr(entry, column) != value
    session.execute(
        update(HistoryEntry)
        .where(HistoryEntry.id == entry.id)
        .values({column: value})
        .execution_options(synchronize_session=False)
    )
    assert found(session) == [Trouble.CHANGED]


def test_an_entry_given_to_another_record_is_missed_here_and_found_there(
    session: Session, told: Sample
) -> None:
    entry = chain(session, told)[MIDDLE - 1]
    by_hand(session, told, "UPDATE history_entry SET subject_id = 999 WHERE id = :entry", entry=entry.id)
    assert set(found(session)) >= {Trouble.REMOVED, Trouble.CHANGED}


def test_a_removed_entry_is_found(session: Session, told: Sample) -> None:
    by_hand(
        session, told, f"DELETE FROM history_entry WHERE {OF_THE_RECORD} AND sequence = :place", place=MIDDLE
    )
    assert found(session) == [Trouble.REMOVED, Trouble.SEALED_REMOVED]


def test_the_first_removed_is_found(session: Session, told: Sample) -> None:
    by_hand(session, told, f"DELETE FROM history_entry WHERE {OF_THE_RECORD} AND sequence = 1")
    assert found(session) == [Trouble.REMOVED, Trouble.SEALED_REMOVED]


def test_the_last_removed_is_found_by_the_head(session: Session, told: Sample) -> None:
    last = chain(session, told)[-1]
    by_hand(session, told, "DELETE FROM history_entry WHERE id = :last", last=last.id)
    assert found(session) == [Trouble.REMOVED, Trouble.SEALED_REMOVED]


def test_the_last_removed_with_the_head_set_back_is_found_by_the_seal(session: Session, told: Sample) -> None:
    *_, before, last = chain(session, told)
    by_hand(session, told, "DELETE FROM history_entry WHERE id = :last", last=last.id)
    by_hand(
        session,
        told,
        f"UPDATE history_head SET sequence = :sequence, hash = :hash WHERE {OF_THE_RECORD}",
        sequence=before.sequence,
        hash=before.hash,
    )
    assert found(session) == [Trouble.SEALED_REMOVED]


@pytest.mark.parametrize("head_too", [False, True])
def test_a_record_without_any_entry_left_is_found(session: Session, told: Sample, head_too: bool) -> None:
    by_hand(session, told, f"DELETE FROM history_entry WHERE {OF_THE_RECORD}")
    if head_too:
        by_hand(session, told, f"DELETE FROM history_head WHERE {OF_THE_RECORD}")
    assert found(session) == ([] if head_too else [Trouble.REMOVED]) + [Trouble.SEALED_REMOVED]


def test_an_entry_put_in_at_the_end_is_found(session: Session, told: Sample) -> None:
    last = chain(session, told)[-1]
    forge(session, told, last.sequence + 1, last.hash, number=99_999)
    assert found(session) == [Trouble.INSERTED]


def test_an_entry_put_in_between_is_found(session: Session, told: Sample) -> None:
    for entry in reversed(chain(session, told)[MIDDLE:]):
        by_hand(
            session,
            told,
            "UPDATE history_entry SET sequence = sequence + 1 WHERE id = :entry",
            entry=entry.id,
        )
    forge(session, told, MIDDLE + 1, chain(session, told)[MIDDLE - 1].hash, number=99_999)
    assert set(found(session)) >= {Trouble.REORDERED, Trouble.INSERTED}


def test_two_entries_in_each_others_place_are_found(session: Session, told: Sample) -> None:
    one, other = chain(session, told)[MIDDLE - 1 : MIDDLE + 1]
    put = "UPDATE history_entry SET sequence = :place WHERE id = :entry"
    for entry, place in ((one, 999), (other, MIDDLE), (one, MIDDLE + 1)):
        by_hand(session, told, put, entry=entry.id, place=place)
    assert set(found(session)) >= {Trouble.REORDERED}


def test_two_entries_with_each_others_number_are_found(session: Session, told: Sample) -> None:
    one, other = chain(session, told)[MIDDLE - 1 : MIDDLE + 1]
    for old, new in ((one.id, 99_999), (other.id, one.id), (99_999, other.id)):
        by_hand(session, told, "UPDATE history_entry SET id = :new WHERE id = :old", old=old, new=new)
    assert found(session) == [Trouble.REORDERED, Trouble.SEALED_CHANGED]


def test_a_record_written_anew_with_right_hashes_is_found_by_the_seal(session: Session, told: Sample) -> None:
    entry = chain(session, told)[MIDDLE - 1]
    by_hand(session, told, "UPDATE history_entry SET reason = 'อื่น' WHERE id = :entry", entry=entry.id)
    write_anew(session, told)
    assert found(session) == [Trouble.SEALED_CHANGED]


def test_an_entry_written_anew_alone_breaks_the_next(session: Session, told: Sample) -> None:
    entry, before = chain(session, told)[MIDDLE - 1], chain(session, told)[MIDDLE - 2]
    by_hand(session, told, "DELETE FROM history_entry WHERE id = :entry", entry=entry.id)
    session.expunge_all()
    forge(session, told, MIDDLE, before.hash, number=entry.id)
    assert found(session) == [Trouble.INSERTED, Trouble.SEALED_CHANGED]


@pytest.mark.parametrize("change", ["sequence = sequence - 1", "hash = 'x'"])
def test_a_head_that_does_not_fit_is_found(session: Session, told: Sample, change: str) -> None:
    by_hand(session, told, f"UPDATE history_head SET {change} WHERE {OF_THE_RECORD}")
    assert found(session) == [Trouble.INSERTED if "sequence" in change else Trouble.HEAD_CHANGED]


def test_a_removed_head_is_found(session: Session, told: Sample) -> None:
    by_hand(session, told, f"DELETE FROM history_head WHERE {OF_THE_RECORD}")
    assert found(session) == [Trouble.HEAD_CHANGED]
