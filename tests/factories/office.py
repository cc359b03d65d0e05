"""The application over a town that is ready to open a cycle, with the personnel officer and others signed in.

Malee is the personnel officer, Prasit reads the section's figures as an executive, Wipa is the auditor, Suda
and staff4 are employees, Olan is the personnel officer of the neighbouring town.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from idp.models import UserAccount
from idp.rules.relations import SYSTEM
from idp.rules.terms import Role
from idp.services.staff import create_account, grant_role
from idp.services.web_sessions import start_session
from tests.factories.clock import SettableClock
from tests.factories.prepared import Workshop
from tests.services.cycle_cast import HIRED_ON, NOW, Town, add_town

STAFF = 6

T = TypeVar("T")


@dataclass
class Office:
    """`town` is detached: the columns of its rows can be read. `accounts` are ids by name."""

    app: Flask
    clock: SettableClock
    engine: Engine
    town: Town
    accounts: dict[str, int]
    neighbour_id: int

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session of the test's own, committed at its end; the town's rows belong to it meanwhile."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    def do(self, act: Callable[[Town], T]) -> T:
        """Act on the town in a session of its own, and commit."""
        with self.session() as session:
            town = Town(
                session,
                *(session.merge(each) for each in (self.town.organisation, self.town.top, self.town.section)),
                session.merge(self.town.level),
                session.merge(self.town.line),
                session.merge(self.town.profile),
                {name: session.merge(person) for name, person in self.town.persons.items()},
                {name: session.merge(employee) for name, employee in self.town.employees.items()},
            )
            return act(town)

    def sign_in(self, name: str) -> FlaskClient:
        """A browser signed in, in the person's own organisation."""
        with self.session() as session:
            token = start_session(
                session,
                session.get_one(UserAccount, self.accounts[name]),
                self.clock(),
                idle=timedelta(hours=8),
                organisation_id=self.neighbour_id if name == "olan" else self.town.organisation.id,
            )
        client = self.app.test_client()
        client.set_cookie(self.app.config["IDP_SESSION_COOKIE"], token)
        return client

    def statements(self, client: FlaskClient, address: str) -> int:
        """How many statements the page takes."""
        from idp.database import db

        seen: list[str] = []

        def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", count)
        try:
            assert client.get(address).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(seen)


@pytest.fixture(params=["sqlite", "postgresql"])
def office(workshop: Workshop, request: pytest.FixtureRequest) -> Office:
    """The town of six on each of the two databases in turn, forms without their CSRF token."""
    prepared = workshop.prepared(request, request.param, NOW, fill_with_towns)
    town, accounts, neighbour_id = prepared.afresh()
    return Office(prepared.app, prepared.clock, prepared.engine, town, accounts, neighbour_id)


def fill_with_towns(session: Session) -> tuple[Town, dict[str, int], int]:
    """The town without its session, the ids of the accounts by name, the id of the neighbouring town."""
    town = add_town(session, staff=STAFF)
    neighbour = add_town(session, "neighbour", staff=3)
    for name, role, unit in (
        ("prasit", Role.EXECUTIVE, town.section.id),
        ("staff5", Role.AUDITOR, None),
    ):
        grant_role(
            session,
            SYSTEM,
            town.organisation.id,
            town.persons[name].id,
            role,
            from_on=HIRED_ON,
            now=NOW,
            unit_id=unit,
        )
    people = {name: town.persons[name].id for name in ("malee", "suda", "prasit", "staff4")}
    people |= {"wipa": town.persons["staff5"].id, "olan": neighbour.persons["malee"].id}
    accounts = {
        name: create_account(session, SYSTEM, person_id, name, "x", NOW).id
        for name, person_id in people.items()
    }
    del town.session
    return town, accounts, neighbour.organisation.id
