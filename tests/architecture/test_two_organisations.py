"""Nothing of one organisation is seen, searched, counted, printed, mailed or notified in another, also by
somebody who serves in both and is signed in to one at a time."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from idp.models import (
    Assessment,
    Employee,
    ExternalAppraiser,
    Mail,
    Notice,
    RoleGrant,
    TypedDraft,
    UserAccount,
)
from idp.rules.calendar import local_day
from idp.services.digests import gather_digests
from idp.services.mails import claim_mails
from idp.services.web_sessions import start_session
from tests.factories.addresses import populate, routes_of
from tests.factories.look_alike import MARK, LookAlike, add_look_alike
from tests.factories.prepared import workshop
from tests.factories.website import Website, make_website, website
from tests.web.reading import all_text, words

__all__ = ["website", "workshop"]

OF_HERE = ("ใจดี", "รักงาน", "องค์การบริหารส่วนตำบลตัวอย่าง")
"""Names that only the sample organisation has."""
BOTH = frozenset({"account.organisations"})
"""Where somebody who serves in both chooses one."""


Place = tuple[Website, dict[str, int | str], LookAlike]


@pytest.fixture
def place(website: Website) -> Iterator[Place]:
    values = populate(website)
    with website.session() as session:
        there = add_look_alike(session, website.sample, website.clock())
    yield website, values, there


@pytest.fixture(scope="module")
def walked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Made once, on SQLite alone, for the walks through all pages, which change nothing but looks."""
    folder = tmp_path_factory.mktemp("two")
    path = folder / "site.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    for site in make_website(f"sqlite:///{path}", folder):
        values = populate(site)
        with site.session() as session:
            there = add_look_alike(session, site.sample, site.clock())
        yield site, values, there


def signed_in(website: Website, name: str, organisation_id: int) -> FlaskClient:
    with website.session() as session:
        token = start_session(
            session,
            session.get_one(UserAccount, website.accounts[name]),
            website.clock(),
            idle=timedelta(hours=8),
            organisation_id=organisation_id,
        )
    client = website.app.test_client()
    client.set_cookie(website.app.config["IDP_SESSION_COOKIE"], token)
    return client


def traces(
    website: Website, client: FlaskClient, values: dict[str, int | str], of: tuple[str, ...]
) -> list[str]:
    """The pages on which any of the words stands: each list also searched by a first name of both."""
    found = []
    for route in routes_of(website.app, values):
        if route.method != "GET" or route.endpoint in BOTH:
            continue
        questions = [""] if route.records else ["", *(f"?{name}=สมชาย" for name in ("text", "name"))]
        for question in questions:
            page = all_text(client.get(route.address + question))
            found += [f"{route}{question}: {word}" for word in of if word in page]
    return found


def test_the_officer_of_both_sees_nothing_of_the_other_while_signed_in_to_one(walked: Place) -> None:
    website, values, there = walked
    client = signed_in(website, "malee", website.sample.organisation.id)
    assert traces(website, client, values, (MARK,)) == []
    assert traces(website, client, values | there.values, (MARK,)) == []


def test_and_nothing_of_this_one_while_signed_in_to_the_other(walked: Place) -> None:
    website, values, there = walked
    client = signed_in(website, "malee", there.organisation.id)
    assert traces(website, client, values | there.values, OF_HERE) == []
    assert traces(website, client, values, OF_HERE) == []


def test_there_is_something_to_be_found(walked: Place) -> None:
    """What is looked for above is shown to the same officer where it belongs."""
    website, values, there = walked
    client = signed_in(website, "malee", there.organisation.id)
    pages = {
        trace.split(" (")[0].split("?")[0]
        for trace in traces(website, client, values | there.values, (MARK,))
    }
    for page in ("/staff/", "/cycles/", "/notifications/", "/reports/", "/mails/", "/team/", "/"):
        assert f"GET {page}" in pages


@pytest.mark.parametrize("name", ["olan", "anong", "somchai", "suda"])
def test_nobody_else_sees_anything_of_an_organisation_that_is_not_theirs(walked: Place, name: str) -> None:
    website, values, there = walked
    is_of_other = name == "olan"
    client = website.sign_in(name)
    asked = values if is_of_other else values | there.values
    assert traces(website, client, asked, OF_HERE if is_of_other else (MARK,)) == []


def test_counts_are_of_one_organisation(place: Place) -> None:
    """The menu's unread notices, the to-do list, the numbers of a cycle and of the team."""
    website, _values, there = place
    with website.session() as session:
        session.execute(delete(Notice).where(Notice.organisation_id == website.sample.organisation.id))
    here = signed_in(website, "malee", website.sample.organisation.id).get("/").text
    elsewhere = signed_in(website, "malee", there.organisation.id).get("/").text
    assert "menu-count" not in here
    assert "menu-count" in elsewhere


def test_reading_all_notices_of_one_leaves_those_of_the_other_unread(place: Place) -> None:
    website, _values, there = place
    client = signed_in(website, "malee", website.sample.organisation.id)
    assert client.post("/notifications/read").status_code == 303
    with website.session() as session:
        notice = session.get_one(Notice, there.values["notice_id"])
        assert notice.read_at is None
    assert client.post(f"/notifications/{there.values['notice_id']}/read").status_code == 404


def test_a_mail_speaks_of_one_organisation(place: Place) -> None:
    website, values, there = place
    with website.session() as session:
        malee, here = website.sample.cast.malee.person_id, website.sample.organisation.id
        session.execute(delete(Mail))
        notice = session.get_one(Notice, values["notice_id"])
        notice.recipient_person_id = malee or 0
        malees = session.scalars(select(Employee).where(Employee.person_id == malee)).first()
        assert malees is not None
        malees.person.email = "malee@example.go.th"
        session.flush()
        now = website.clock()
        gather_digests(session, local_day(now), now)
        session.flush()
        mails = claim_mails(session, now, base_url="https://idp.example", message_host="idp.example")
        texts = {
            session.get_one(Mail, mail.id).organisation_id: mail.subject + mail.text + mail.html
            for mail in mails
            if session.get_one(Mail, mail.id).recipient_person_id == malee
        }
    assert set(texts) == {here, there.organisation.id}
    assert MARK not in texts[here] and MARK in texts[there.organisation.id]
    assert not any(word in texts[there.organisation.id] for word in OF_HERE)


def moved(website: Website, there: LookAlike) -> FlaskClient:
    """The look-alike's Somchai has left it, and serves in the sample organisation since."""
    with website.session() as session:
        left = session.scalars(
            select(Employee).where(
                Employee.person_id == there.owner.id, Employee.organisation_id == there.organisation.id
            )
        ).one()
        left.left_on = website.clock().date() - timedelta(days=3)
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == there.owner.id))
        session.execute(delete(ExternalAppraiser).where(ExternalAppraiser.person_id == there.owner.id))
        session.add(
            Employee(
                organisation_id=website.sample.organisation.id,
                person_id=there.owner.id,
                number="9001",
                personnel_type=left.personnel_type,
                hired_on=website.clock().date() - timedelta(days=2),
            )
        )
        account = UserAccount(
            person_id=there.owner.id, login="moved", password_hash="x", password_changed_at=website.clock()
        )
        session.add(account)
        session.flush()
        website.accounts["moved"] = account.id
    return signed_in(website, "moved", website.sample.organisation.id)


def test_who_moves_keeps_the_own_history_under_the_former_organisations_name(place: Place) -> None:
    website, _values, there = place
    client = moved(website, there)
    for page in ("/assessments/", "/plans/"):
        assert f"หน่วยงานเดิม: เทศบาล{MARK}" in words(client.get(page))
    assert client.get(f"/assessments/{there.values['assessment_id']}").status_code == 200
    assert client.get(f"/plans/{there.values['plan_id']}").status_code == 200
    assert "มาลี" in words(client.get("/looks/"))


def test_who_has_left_every_organisation_still_finds_the_own_history(place: Place) -> None:
    website, _values, there = place
    moved(website, there)
    with website.session() as session:
        session.execute(
            update(Employee)
            .where(Employee.person_id == there.owner.id)
            .values(left_on=website.clock().date() - timedelta(days=1))
        )
    with website.session() as session:
        token = start_session(
            session,
            session.get_one(UserAccount, website.accounts["moved"]),
            website.clock(),
            idle=timedelta(hours=8),
        )
    client = website.app.test_client()
    client.set_cookie(website.app.config["IDP_SESSION_COOKIE"], token)
    assert 'href="/assessments/"' in client.get("/").text
    assert f"รอบการประเมิน {MARK}" in client.get("/assessments/").text
    assert client.get(f"/assessments/{there.values['assessment_id']}").status_code == 200


def test_the_new_organisation_sees_none_of_it(place: Place) -> None:
    """The person's name goes with them; not what they were rated, planned, or who looked at it."""
    website, _values, there = place
    moved(website, there)
    with website.session() as session:
        session.execute(delete(TypedDraft))
    for name in ("malee", "suda", "prasit", "anong"):
        client = signed_in(website, name, website.sample.organisation.id)
        for page in (
            f"/assessments/{there.values['assessment_id']}",
            f"/plans/{there.values['plan_id']}",
            f"/looks/assessments/{there.values['assessment_id']}",
        ):
            assert client.get(page).status_code == 404, (name, page)
    page = words(signed_in(website, "malee", website.sample.organisation.id).get("/staff/?text=9001"))
    assert "9001" in page and f"สำนักปลัด{MARK}" not in page and f"รอบการประเมิน {MARK}" not in page


def test_what_one_owns_in_two_organisations_is_listed_in_each_alone(place: Place) -> None:
    website, _values, there = place
    with website.session() as session:
        owned = session.scalars(
            select(Assessment.organisation_id).where(
                Assessment.owner_person_id == website.sample.cast.malee.person_id
            )
        ).all()
    assert owned == [there.organisation.id]
    assert MARK not in signed_in(website, "malee", website.sample.organisation.id).get("/assessments/").text
    assert MARK in signed_in(website, "malee", there.organisation.id).get("/assessments/").text
