"""A database with rows from before the chain: every entry gets its place, and verifying finds nothing."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from idp.migration import downgrade, upgrade
from idp.models import Delegation, HistoryEntry, HistoryHead, UserAccount
from idp.models.engine import make_engine
from idp.queries.audit import Tally, verify_history
from idp.rules.delegations import DelegationKind, DelegationScope
from idp.rules.relations import SYSTEM
from idp.rules.terms import SubjectType
from idp.services.history import record_history

AT = datetime(2026, 3, 1, 7, 0, 0, 123, tzinfo=UTC)
TABLES = MetaData()
STRINGS = ("subject_type", "event", "from_state", "to_state", "origin", "reason")
INTEGERS = ("id", "organisation_id", "subject_id", "actor_person_id", "on_behalf_of_person_id")
ENTRY = Table(
    "history_entry",
    TABLES,
    *(Column(name, String) for name in STRINGS),
    *(Column(name, Integer) for name in INTEGERS),
    Column("at", DateTime(timezone=True)),
    Column("detail", JSON().with_variant(JSONB(), "postgresql")),
)
DELEGATION = Table(
    "delegation",
    TABLES,
    *(Column(name, Integer) for name in ("id", "organisation_id", "from_person_id", "to_person_id")),
    Column("order_number", String),
    Column("from_on", Date),
    Column("until_on", Date),
)
MANY = 5_003
"""More than are chained at once, over several records."""


def written(number: int) -> dict[str, object]:
    return {
        "id": number,
        "organisation_id": 1,
        "subject_type": ("plan", "cycle", "assessment")[number % 3],
        "subject_id": number % 7,
        "event": "save_ratings",
        "from_state": None if number % 2 else "rating",
        "to_state": "rating",
        "actor_person_id": 1 if number % 5 else None,
        "on_behalf_of_person_id": 2 if number % 11 == 0 else None,
        "at": AT + timedelta(microseconds=number),
        "origin": "๑๐.๐.๐.๑",
        "reason": 'เหตุผล\nบรรทัดที่สอง "อ้าง" 😀',
        "detail": {"items": [{"z": None, "a": [1, 2.5, True], "ข้อ": "ก"}], "kind": "self", "n": number},
    }


def test_the_history_of_before_is_chained_and_goes_on(blank_database_url: str) -> None:
    upgrade(blank_database_url, "0001_first_tables")
    engine = make_engine(blank_database_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO organisation (id, code, name_th, name_en, family, created_at)"
                " VALUES (1, 'town', 'เทศบาล', 'Town', 'local-government', '2026-01-01')"
            )
        )
        for number in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO person (id, title_th, first_name, last_name, display_name, created_at)"
                    " VALUES (:id, 'นาย', 'ก', 'ข', 'นายก ข', '2026-01-01')"
                ),
                {"id": number},
            )
        connection.execute(
            text(
                "INSERT INTO user_account"
                " (id, person_id, login, password_hash, is_active, language, password_changed_at)"
                " VALUES (1, 1, 'somchai', 'x', true, 'th', '2026-01-01')"
            )
        )
        day = AT.date()
        order = {
            "id": 1,
            "organisation_id": 1,
            "from_person_id": 1,
            "to_person_id": 2,
            "order_number": "๑/๒๕๖๙",
        }
        connection.execute(insert(DELEGATION).values(**order, from_on=day, until_on=day))
        sqlite = engine.dialect.name == "sqlite"
        rows = [written(number) for number in range(1, MANY + 1)]
        if sqlite:  # as this product kept times: UTC without a zone
            rows = [{**row, "at": row["at"].replace(tzinfo=None)} for row in rows]  # type: ignore[attr-defined]
        connection.execute(insert(ENTRY), rows)
    upgrade(blank_database_url)
    with Session(engine) as session:
        tally = Tally()
        assert list(verify_history(session, tally)) == []
        assert tally.entries == MANY
        assert len(session.scalars(select(HistoryHead)).all()) == 21
        sequences = session.execute(
            select(HistoryEntry.sequence, HistoryEntry.id)
            .where(HistoryEntry.subject_type == SubjectType.PLAN, HistoryEntry.subject_id == 3)
            .order_by(HistoryEntry.id)
        ).all()
        assert [row.sequence for row in sequences] == list(range(1, len(sequences) + 1))
        assert session.get_one(UserAccount, 1).must_change_password is False
        kept = session.get_one(Delegation, 1)
        assert (kept.kind, kept.scope) == (DelegationKind.ACTING, DelegationScope.EVERYTHING)
        assert (kept.is_revoked, kept.end_reason) == (False, "")
        if not sqlite:  # ids were given by hand above
            session.execute(text("SELECT setval('history_entry_id_seq', :last)"), {"last": MANY})
        record_history(session, SYSTEM, (SubjectType.PLAN, 3), "submit", AT, organisation_id=1)
        session.commit()
        assert list(verify_history(session, Tally())) == []
    downgrade(blank_database_url, "0001_first_tables")
    upgrade(blank_database_url)
    with Session(engine) as session:
        tally = Tally()
        assert list(verify_history(session, tally)) == []
        assert tally.entries == MANY + 1
    engine.dispose()
