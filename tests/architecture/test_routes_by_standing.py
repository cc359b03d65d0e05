"""Who gets what of every route: a person of every standing asks for each, and the answer is the permission
table's.

404 for the record that they may not see, exactly as if it were missing; 403 for what they see and may not do;
the page for the rest. Nothing here names a route: new ones are covered as they appear. What is allowed is
asked for (GET); what is not is also sent (POST), and changes nothing.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from idp.models import Assessment, DevelopmentPlan
from idp.queries.relations import standing_in_organisation, standing_on_record
from idp.rules.permissions import allowed
from idp.rules.terms import Permission, Relation
from idp.web.guards import is_of_the_organisation, permission_of
from tests.factories.addresses import Route, everything_written, populate, routes_of
from tests.factories.standings import Visitor, visitors
from tests.factories.website import Website, make_website
from tests.web.reading import all_text

OF_SOMCHAI = {
    "assessment_id": Permission.ASSESSMENT_VIEW,
    "plan_id": Permission.PLAN_VIEW,
}
"""Parameters of his records, by the permission without which they are as good as missing."""


NARROWER = {
    "agreements.show": "only where the organisation asks for an agreement",
    "objections.new": "the form is for whom the workflow's table lets lodge one",
}
"""Routes that show less than their permission allows, and why."""


class Place:
    """The website with everybody signed in, made once."""

    def __init__(self, website: Website) -> None:
        self.website = website
        self.values = populate(website)
        self.visitors = visitors(website)
        self.routes = [
            (route, permission)
            for route in routes_of(website.app, self.values)
            if (permission := permission_of(website.app.view_functions[route.endpoint])) is not None
        ]

    def expected(self, visitor: Visitor, route: Route, permission: Permission) -> frozenset[int]:
        """The statuses that the table leaves to the route for this visitor."""
        day = self.website.clock().date()
        actor = visitor.actor
        with self.website.session() as session:
            at_large = standing_in_organisation(session, actor, actor.organisation_id, day).relations
            if is_of_the_organisation(permission) and not allowed(permission, at_large):
                return frozenset({403})
            for name, view in OF_SOMCHAI.items():
                if name not in route.parameters:
                    continue
                record: Assessment | DevelopmentPlan = (
                    session.get_one(Assessment, self.values[name])
                    if name == "assessment_id"
                    else session.get_one(DevelopmentPlan, self.values[name])
                )
                relations = standing_on_record(session, actor, record, day).relations
                if not allowed(view, relations, record.state):
                    return frozenset({404})
                if not is_of_the_organisation(permission) and not allowed(
                    permission, relations, record.state
                ):
                    return frozenset({403, 404} if route.method == "GET" else {403})
                if route.endpoint in NARROWER or route.parameters != {name}:
                    return DONE | {403, 404}
                return DONE
        if route.records:
            return DONE | {404, 403}
        return DONE | {403}


DONE = frozenset({200, 302, 303, 400, 409, 422})

FILE_IS_GONE = "เปิดไฟล์นี้ไม่ได้"
"""The records of these tests have no files: whoever may read one is told so, and nobody else is."""

MAY_READ_FILES = frozenset({"owner", "supervisor", "second level", "HR", "auditor", "delegate", "moderator"})


@pytest.fixture(scope="module")
def place(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """On SQLite alone: what is refused, and how, does not depend on the database."""
    folder = tmp_path_factory.mktemp("standings")
    path = folder / "site.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    for website in make_website(f"sqlite:///{path}", folder):
        yield Place(website)


STANDINGS = (
    "owner",
    "supervisor",
    "second level",
    "HR",
    "member",
    "HR of another organisation",
    "executive",
    "auditor",
    "moderator",
    "delegate before",
    "delegate",
    "delegate after",
    "former supervisor",
    "former HR",
    "administrator",
)


@pytest.mark.parametrize("standing", STANDINGS)
def test_every_route_answers_each_standing_as_the_table_says(place: Place, standing: str) -> None:
    visitor, wrong = place.visitors[standing], []
    with place.website.session() as session:
        before = without_looks(everything_written(session))
    for route, permission in place.routes:
        expected = place.expected(visitor, route, permission)
        if route.method == "POST" and expected & DONE:
            continue
        status = visitor.client.open(route.address, method=route.method).status_code
        if status not in expected:
            wrong.append(f"{route}: {status}, not {sorted(expected)}")
    assert not wrong, "\n".join(wrong)
    with place.website.session() as session:
        assert without_looks(everything_written(session)) == before


def without_looks(rows: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    return {name: found for name, found in rows.items() if name != "look"}


SEES_NOTHING = (
    "member",
    "HR of another organisation",
    "executive",
    "delegate before",
    "delegate after",
    "former supervisor",
    "former HR",
    "administrator",
)


@pytest.mark.parametrize("standing", SEES_NOTHING)
def test_who_is_nothing_to_the_record_gets_no_page_that_names_its_owner(place: Place, standing: str) -> None:
    """Whatever route they ask for; the register and the choices of an office are not open to them."""
    client = place.visitors[standing].client
    for route, _permission in place.routes:
        if route.method == "GET":
            response = client.get(route.address)
            assert "สมชาย ใจดี" not in all_text(response), f"{route} as {standing}"


def test_a_delegate_of_today_gets_what_the_supervisor_gets(place: Place) -> None:
    for route, permission in place.routes:
        if route.method == "GET" and set(OF_SOMCHAI) & route.parameters:
            expected = place.expected(place.visitors["supervisor"], route, permission)
            assert place.expected(place.visitors["delegate"], route, permission) == expected, route


def test_a_disabled_account_is_led_to_the_log_in_page_at_once(place: Place) -> None:
    """Its browser was signed in before; whatever it asks for or sends."""
    client = place.visitors["disabled HR"].client
    for route, _permission in place.routes:
        response = client.open(route.address, method=route.method)
        assert response.status_code == 302, route
        assert response.headers["Location"].startswith("/login"), route


@pytest.mark.parametrize("standing", ["member", "HR of another organisation", "HR", "administrator"])
def test_a_guessed_number_answers_exactly_as_a_missing_one(place: Place, standing: str) -> None:
    """The same status, page and headers: but for the number of the request, and the address that was asked
    for, to which the language switch returns."""
    client = place.visitors[standing].client
    absent = {name: 999_999_999 if isinstance(value, int) else value for name, value in place.values.items()}
    missing = {(each.endpoint, each.method): each for each in routes_of(place.website.app, absent)}
    tried = 0
    for route, permission in place.routes:
        if not route.records or 404 not in place.expected(place.visitors[standing], route, permission):
            continue
        if route.method == "POST" and DONE & place.expected(place.visitors[standing], route, permission):
            continue
        there = client.open(route.address, method=route.method)
        if there.status_code != 404:
            continue
        if FILE_IS_GONE in there.get_data(as_text=True):
            assert standing in MAY_READ_FILES, route
            continue
        guessed = missing[route.endpoint, route.method]
        tried += 1
        assert plain(there, route.address) == plain(
            client.open(guessed.address, method=route.method), guessed.address
        ), route
    assert tried or standing == "HR"


def plain(response: TestResponse, address: str) -> tuple[int, str, dict[str, str]]:
    """What the reader can tell apart."""
    body = response.get_data(as_text=True).replace(address, "ADDRESS")
    number = response.headers.get("X-Request-ID", "")
    headers = {
        name: re.sub(r"nonce-[^']+", "nonce", value)
        for name, value in response.headers.items()
        if name not in ("X-Request-ID", "Content-Length", "Set-Cookie", "Date")
    }
    body = body.replace(number, "NUMBER") if number else body
    body = re.sub(r'name="csrf_token" value="[^"]*"', "", body)
    return response.status_code, re.sub(r'nonce="[^"]*"', "", body), headers


def test_every_relation_of_a_person_is_tried() -> None:
    """A relation that the table knows and nobody here has would go untested."""
    untried = set(Relation) - {
        Relation.OWNER,
        Relation.SUPERVISOR,
        Relation.SECOND_LEVEL,
        Relation.FORMER_SUPERVISOR,
        Relation.HR_OFFICER,
        Relation.EXECUTIVE,
        Relation.AUDITOR,
        Relation.MODERATOR,
        Relation.MEMBER,
        Relation.SIGNED_IN,
        Relation.DEPLOYMENT_ADMIN,
    }
    assert untried == {Relation.SYSTEM}
