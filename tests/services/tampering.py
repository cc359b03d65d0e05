"""What a hand at the keyboard of the database can do to the history, and what verifying then finds."""

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from idp.models import HistoryEntry
from idp.models.append_only import APPEND_ONLY_TABLES
from idp.queries.audit import Tally, verify_history
from idp.rules.audit_chain import CHAINED_FIELDS, chained_hash
from idp.rules.audit_findings import Seal, Trouble
from idp.rules.terms import SubjectType
from idp.services.sealing import seal_history
from tests.factories import steps
from tests.factories.sample import Sample, at

SEALED_AT = at(steps.RELEASE_DAY)
MIDDLE = 3
OF_THE_RECORD = "subject_type = 'assessment' AND subject_id = :id"


def sealed_and_free(session: Session, sample: Sample) -> Sample:
    """A released assessment with its entries, sealed, and nothing in the way of changing them."""
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
