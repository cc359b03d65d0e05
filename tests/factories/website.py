"""The application over the sample organisation, with the cast signed in at will.

Everything is committed, and no session of the test is left open: on SQLite it would keep the application from
writing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from idp.app import create_app
from idp.config import load_settings
from idp.database import db
from idp.models import Person, UserAccount
from idp.models.engine import make_engine
from idp.services.passwords import hash_password
from idp.services.web_sessions import start_session
from tests.factories.clock import SettableClock
from tests.factories.prepared import Workshop
from tests.factories.sample import Sample, at, make_sample

PASSWORD = "a password of the cast"
A_DAY = date(2025, 10, 6)
"""The self-assessment's phase is open; the rating's is not."""

T = TypeVar("T")


@cache
def cast_password_hash() -> str:
    """Hashed once: hashing is slow on purpose."""
    return hash_password(PASSWORD)


@dataclass
class Website:
    """The application, its clock, the sample in its database, and the ids of everybody's account by name.

    `sample`'s objects are detached: their columns can be read, their relationships cannot.
    """

    app: Flask
    clock: SettableClock
    engine: Engine
    sample: Sample
    accounts: dict[str, int]

    @property
    def url(self) -> str:
        return self.engine.url.render_as_string(hide_password=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session of the test's own, committed at its end."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    def do(self, act: Callable[[Session, Sample], T]) -> T:
        """Run a step of `tests.factories.steps` and commit it; what it returns is detached."""
        with self.session() as session:
            return act(session, self.sample)

    def anonymous(self) -> FlaskClient:
        """A browser that is not signed in."""
        return self.app.test_client()

    def sign_in(self, name: str) -> FlaskClient:
        """A browser signed in as one of the cast, in their organisation."""
        with self.session() as session:
            account = session.get_one(UserAccount, self.accounts[name])
            token = start_session(
                session,
                account,
                self.clock(),
                idle=timedelta(hours=8),
                organisation_id=getattr(self.sample.cast, name).organisation_id if name != "nobody" else None,
            )
        client = self.app.test_client()
        client.set_cookie(self.app.config["IDP_SESSION_COOKIE"], token)
        return client


@pytest.fixture(params=["sqlite", "postgresql"])
def website(workshop: Workshop, request: pytest.FixtureRequest) -> Website:
    """The application on each of the two databases in turn, forms without their CSRF token and version.

    `nobody` has a log-in and no organisation.
    """
    prepared = workshop.prepared(request, request.param, at(A_DAY), fill_with_sample)
    sample, accounts = prepared.afresh()
    return Website(prepared.app, prepared.clock, prepared.engine, sample, accounts)


def make_website(url: str, folder: Path) -> Iterator[Website]:
    """An application of the test's own, on the database at `url`, which holds nothing yet."""
    clock = SettableClock(at(A_DAY))
    settings = load_settings({}, database_url=url, data_dir=str(folder / "data"))
    app = create_app(settings, clock=clock, testing=True)
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["IDP_FORMS_CARRY_VERSION"] = False
    engine = make_engine(url)
    with Session(engine, expire_on_commit=False) as session:
        sample, accounts = fill_with_sample(session)
        session.commit()
    yield Website(app, clock, engine, sample, accounts)
    engine.dispose()
    with app.app_context():
        db.engine.dispose()


def fill_with_sample(session: Session) -> tuple[Sample, dict[str, int]]:
    """The sample and the ids of everybody's account by name."""
    sample = make_sample(session)
    people = {name: getattr(sample.cast, name).person_id for name in type(sample.cast).__dataclass_fields__}
    nobody = Person(
        title_th="นาย",
        first_name="ไร้สังกัด",
        last_name="ทดสอบ",
        created_at=datetime(2025, 1, 1, tzinfo=UTC),
    )
    session.add(nobody)
    session.flush()
    accounts = {
        name: UserAccount(
            person_id=person_id,
            login=name,
            password_hash=cast_password_hash(),
            password_changed_at=at(A_DAY),
        )
        for name, person_id in {**people, "nobody": nobody.id}.items()
    }
    session.add_all(accounts.values())
    session.flush()
    return sample, {name: account.id for name, account in accounts.items()}
