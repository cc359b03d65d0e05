"""Whatever is done to the history with the database's own means, verifying it finds it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, HistoryEntry, HistorySeal, Rating
from idp.models.append_only import APPEND_ONLY_TABLES
from idp.queries.audit import Tally, seals, verify_history
from idp.rules.audit_chain import CHAINED_FIELDS, SEALED_FIELDS, chained_hash
from idp.rules.audit_findings import Seal, Trouble
from idp.rules.terms import AssessmentState, EmployeeOpinion, RaterKind, SubjectType
from idp.services.closing import begin_closing, continue_closing
from idp.services.results import receive
from idp.services.sealing import seal_day, seal_history
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.services.cycle_cast import NOW, add_town, open_cycle

SEALED_AT = at(steps.RELEASE_DAY)
MIDDLE = 3
OF_THE_RECORD = "subject_type = 'assessment' AND subject_id = :id"


@pytest.fixture
def told(session: Session, sample: Sample) -> Sample:
    """A released assessment with its entries, sealed, and the hand at the keyboard free to change them."""
    steps.released(session, sample)
    assert seal_history(session, SEALED_AT) > MIDDLE
    drop_the_triggers(session)
    return sample


def drop_the_triggers(session: Session) -> None:
    session.flush()
    for table in APPEND_ONLY_TABLES:
        if session.get_bind().dialect.name == "sqlite":
            for deed in ("update", "delete", "replace"):
                session.execute(text(f"DROP TRIGGER {table}_refuses_{deed}"))
        else:
            session.execute(text(f"DROP TRIGGER {table}_is_append_only ON {table}"))


def found(session: Session, ledger: list[Seal] | None = None) -> list[Trouble]:
    session.expire_all()
    return [finding.trouble for finding in verify_history(session, Tally(), ledger=ledger or [])]


def by_hand(session: Session, sample: Sample, statement: str, **values: object) -> None:
    session.execute(text(statement), {"id": sample.assessment.id, **values})


def chain(session: Session, sample: Sample) -> list[HistoryEntry]:
    session.expire_all()
    return list(
        session.scalars(
            select(HistoryEntry)
            .where(
                HistoryEntry.subject_type == SubjectType.ASSESSMENT,
                HistoryEntry.subject_id == sample.assessment.id,
            )
            .order_by(HistoryEntry.sequence)
        )
    )


def write_anew(session: Session, sample: Sample, *, head: bool = True) -> None:
    """As somebody who knows the rule: every hash of the record computed again, and its head."""
    previous = "0" * 64
    for entry in chain(session, sample):
        fields = {name: getattr(entry, name) for name in CHAINED_FIELDS}
        own = chained_hash(previous, fields)
        session.execute(
            update(HistoryEntry)
            .where(HistoryEntry.id == entry.id)
            .values(previous_hash=previous, hash=own)
            .execution_options(synchronize_session=False)
        )
        previous = own
        if head:
            by_hand(
                session,
                sample,
                f"UPDATE history_head SET sequence = :sequence, hash = :hash WHERE {OF_THE_RECORD}",
                sequence=entry.sequence,
                hash=own,
            )


def forge(session: Session, sample: Sample, place: int, previous_hash: str, number: int) -> None:
    """An entry that fits its place in the chain."""
    fields = {name: getattr(chain(session, sample)[0], name) for name in CHAINED_FIELDS}
    fields |= {"sequence": place, "event": "release", "reason": "ปลอม"}
    entry_hash = chained_hash(previous_hash, fields)
    session.add(HistoryEntry(id=number, **fields, previous_hash=previous_hash, hash=entry_hash))
    session.flush()


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
