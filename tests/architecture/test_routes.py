"""Every route is guarded by the one permission table or is on the short list below, and the outsider is tried
on each of them.

New routes are covered as they appear: nothing here names one, but for those that are open to everybody.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from idp.models import Organisation
from idp.models.engine import reading
from idp.rules.permissions import allowed
from idp.rules.terms import Permission, Relation
from idp.web.guards import (
    STATIC_ENDPOINTS,
    guarded,
    is_of_the_organisation,
    permission_of,
    public,
    refuse_unguarded,
)
from tests.factories.addresses import Route, everything_written, populate, routes_of
from tests.factories.website import Website, make_website

PUBLIC = {
    ("auth.log_in", "GET"),
    ("auth.send_log_in", "POST"),
    ("auth.log_out", "POST"),
    ("health.healthz", "GET"),
    ("language.switch", "POST"),
}
"""What anybody may ask for without a log-in."""

FOR_EVERYBODY = (
    Permission.HOME_VIEW,
    Permission.ACCOUNT_EDIT,
    Permission.NOTIFICATION_VIEW,
    Permission.TEAM_VIEW,
)


@pytest.fixture
def website(sqlite_url: str, tmp_path: Path) -> Iterator[Website]:
    """On SQLite alone: what is refused, and how, does not depend on the database."""
    yield from make_website(sqlite_url, tmp_path)


def guarded_routes(website: Website, values: dict[str, int | str]) -> list[tuple[Route, Permission]]:
    found = []
    for route in routes_of(website.app, values):
        permission = permission_of(website.app.view_functions[route.endpoint])
        if permission is not None:
            found.append((route, permission))
    return found


def test_the_open_routes_are_these_and_no_others(website: Website) -> None:
    open_routes = {
        (route.endpoint, route.method)
        for route in routes_of(website.app, populate(website))
        if permission_of(website.app.view_functions[route.endpoint]) is None
    }
    assert open_routes == PUBLIC


def test_an_application_with_an_unguarded_route_does_not_start(tmp_path: Path) -> None:
    app = Flask("bare")
    app.add_url_rule("/open", "open", public(lambda: ""))
    app.add_url_rule("/guarded", "guarded", guarded(Permission.HOME_VIEW)(lambda: ""))
    refuse_unguarded(app)
    app.add_url_rule("/bare", "bare", lambda: "")
    with pytest.raises(RuntimeError, match="bare"):
        refuse_unguarded(app)


def test_no_route_answers_to_asking_and_to_changing_alike(website: Website) -> None:
    """A view for both would change something in a reading transaction, or ask in one that writes."""
    for rule in website.app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods in ({"GET"}, {"POST"}) or rule.endpoint in STATIC_ENDPOINTS, rule


@pytest.fixture
def website_on_each(database_url: str, tmp_path: Path) -> Iterator[Website]:
    yield from make_website(database_url, tmp_path)


def test_a_request_that_asks_cannot_write(website_on_each: Website) -> None:
    def write() -> str:
        from idp.database import db
        from idp.web.clock import now

        db.session.add(Organisation(code="x", name_th="x", name_en="x", family="bangkok", created_at=now()))
        db.session.commit()
        return "written"

    website_on_each.app.add_url_rule("/write", "write", write, methods=["GET", "POST"])
    client = website_on_each.anonymous()
    with pytest.raises(Exception, match=r"readonly|read-only"):
        client.get("/write")
    assert client.post("/write").text == "written"
    with pytest.raises(Exception, match=r"readonly|read-only"):
        client.get("/write")


def test_reading_ends_with_the_request(website: Website) -> None:
    website.anonymous().get("/login")
    with website.session() as session:
        organisation = session.scalars(select(Organisation)).first()
        assert organisation is not None
        organisation.name_en = "still writable"
    with website.session() as session, reading():
        assert session.scalars(select(Organisation.name_en)).first() == "still writable"


def test_nobody_without_a_log_in_gets_further_than_the_log_in_page(website: Website) -> None:
    values = populate(website)
    client = website.anonymous()
    for route, _permission in guarded_routes(website, values):
        response = client.open(route.address, method=route.method)
        assert response.status_code == 302, route
        wanted = "" if route.method == "POST" or route.address == "/" else f"?next={route.address}"
        assert response.headers["Location"] == f"/login{wanted}", route


def test_a_log_in_without_an_organisation_opens_nothing_of_any(website: Website) -> None:
    _refused_everywhere(website, "nobody", frozenset({Relation.SIGNED_IN}))


def test_a_colleague_without_any_duty_sees_no_record_of_another(website: Website) -> None:
    _refused_everywhere(website, "anong", frozenset({Relation.SIGNED_IN, Relation.MEMBER}), OF_ALL_COLLEAGUES)


OF_ALL_COLLEAGUES = frozenset({Permission.CATALOGUE_VIEW})
"""What everybody of the organisation reads, record by record: actions and courses."""


def test_hr_of_another_organisation_sees_no_record_of_this_one(website: Website) -> None:
    _refused_everywhere(
        website, "olan", frozenset({Relation.SIGNED_IN, Relation.MEMBER, Relation.HR_OFFICER})
    )


def _refused_everywhere(
    website: Website,
    name: str,
    relations: frozenset[Relation],
    but_for: frozenset[Permission] = frozenset(),
) -> None:
    """404 for every record of somebody else; 403 for what only an office may do; and nothing is written.
    `but_for`: what is everybody's to read."""
    values = populate(website)
    client = website.sign_in(name)
    missing = client.get("/no/such/page")
    with website.session() as session:
        before = everything_written(session)
    for route, permission in guarded_routes(website, values):
        if permission in but_for or (not route.records and allowed(permission, relations)):
            continue
        response = client.open(route.address, method=route.method)
        if is_of_the_organisation(permission) and not allowed(permission, relations):
            assert response.status_code == 403, f"{route} as {name}"
        elif route.records:
            assert response.status_code == 404, f"{route} as {name}"
            assert _body(response.text) == _body(missing.text), f"{route}: not the page of a missing one"
        else:
            assert response.status_code in (403, 404), f"{route} as {name}"
    with website.session() as session:
        assert everything_written(session) == before


def _body(page: str) -> str:
    """What the page says; the language switch returns to the address itself, and is left out."""
    return page.partition("<main")[2].partition("</main>")[0]


def test_a_guessed_id_answers_as_a_foreign_one_does(website: Website) -> None:
    """Also for who may see such records: HR asks for ids that are not there."""
    values = populate(website)
    absent = {name: 999_999 if isinstance(value, int) else value for name, value in values.items()}
    client = website.sign_in("malee")
    officer = {Relation.SIGNED_IN, Relation.MEMBER, Relation.HR_OFFICER}
    for route, permission in guarded_routes(website, absent):
        if route.records and not (is_of_the_organisation(permission) and not allowed(permission, officer)):
            assert client.open(route.address, method=route.method).status_code == 404, route


def test_permissions_for_everybody_are_few(website: Website) -> None:
    """A route that names one of these is open to every log-in: each new one is a decision."""
    assert {each for each in Permission if allowed(each, {Relation.SIGNED_IN})} == set(FOR_EVERYBODY)
