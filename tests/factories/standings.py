"""A person of every standing towards Somchai's records, each with a log-in: for tests over all routes."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from idp.models import Delegation, Employee, Person, RoleGrant, UserAccount
from idp.rules.relations import Actor
from idp.rules.terms import PersonnelType, Role
from idp.services.accounts import disable_account
from idp.services.web_sessions import start_session
from tests.factories.website import Website, cast_password_hash

LONG_AGO = date(2020, 10, 1)


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser signed in; None in place of it where it was ended at once."""

    actor: Actor
    client: FlaskClient


def visitors(website: Website) -> dict[str, Visitor]:
    """By standing: Somchai's own people, and those added here, on the day of the website's clock."""
    sample, day = website.sample, website.clock().date()
    yesterday, tomorrow = day - timedelta(days=1), day + timedelta(days=1)
    found = {
        standing: Visitor(getattr(sample.cast, name), website.sign_in(name))
        for standing, name in (
            ("owner", "somchai"),
            ("supervisor", "suda"),
            ("second level", "prasit"),
            ("HR", "malee"),
            ("member", "anong"),
            ("HR of another organisation", "olan"),
        )
    }
    with website.session() as session:
        added = {
            standing: _person(session, website, standing, is_staff=standing != "administrator")
            for standing in (
                "executive",
                "auditor",
                "moderator",
                "delegate before",
                "delegate",
                "delegate after",
                "former supervisor",
                "former HR",
                "disabled HR",
                "administrator",
            )
        }
        for standing, role, until_on in (
            ("executive", Role.EXECUTIVE, None),
            ("auditor", Role.AUDITOR, None),
            ("moderator", Role.MODERATOR, None),
            ("former HR", Role.HR_OFFICER, yesterday),
            ("disabled HR", Role.HR_OFFICER, None),
            ("administrator", Role.DEPLOYMENT_ADMIN, None),
        ):
            session.add(
                RoleGrant(
                    organisation_id=None if role is Role.DEPLOYMENT_ADMIN else sample.organisation.id,
                    person_id=added[standing].person_id,
                    role=role,
                    from_on=LONG_AGO,
                    until_on=until_on,
                )
            )
        for standing, from_on, until_on in (
            ("delegate before", tomorrow, tomorrow),
            ("delegate", day, day),
            ("delegate after", yesterday, yesterday),
        ):
            session.add(
                Delegation(
                    organisation_id=sample.organisation.id,
                    from_person_id=sample.cast.suda.person_id,
                    to_person_id=added[standing].person_id,
                    order_number=standing,
                    from_on=from_on,
                    until_on=until_on,
                )
            )
    for standing, account in added.items():
        organisation_id = None if standing == "administrator" else sample.organisation.id
        client = _signed_in(website, account.id, organisation_id)
        found[standing] = Visitor(Actor(account.person_id, organisation_id, "127.0.0.1"), client)
    with website.session() as session:
        account = session.get_one(UserAccount, added["disabled HR"].id)
        disable_account(session, sample.cast.malee, account, website.clock())
    return found


def _person(session: Session, website: Website, standing: str, *, is_staff: bool) -> UserAccount:
    person = Person(title_th="นาย", first_name=standing, last_name="ทดสอบ", created_at=website.clock())
    session.add(person)
    session.flush()
    account = UserAccount(
        person_id=person.id,
        login=standing,
        password_hash=cast_password_hash(),
        password_changed_at=website.clock(),
    )
    session.add(account)
    if is_staff:
        session.add(
            Employee(
                organisation_id=website.sample.organisation.id,
                person_id=person.id,
                number=standing,
                personnel_type=PersonnelType.LOCAL_OFFICER,
                hired_on=LONG_AGO,
            )
        )
    session.flush()
    return account


def _signed_in(website: Website, account_id: int, organisation_id: int | None) -> FlaskClient:
    with website.session() as session:
        token = start_session(
            session,
            session.get_one(UserAccount, account_id),
            website.clock(),
            idle=timedelta(hours=8),
            organisation_id=organisation_id,
        )
    client = website.app.test_client()
    client.set_cookie(website.app.config["IDP_SESSION_COOKIE"], token)
    return client
