"""Log-in, log-out, sessions that end."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from idp.models import UserAccount, WebSession
from idp.rules.relations import Actor
from idp.services.accounts import disable_account
from tests.factories.website import PASSWORD, Website

COOKIE = "session"


def try_log_in(website: Website, client, **fields: str):  # type: ignore[no-untyped-def]
    return client.post("/login", data={"login": "somchai", "password": PASSWORD, **fields})


def test_a_right_password_signs_in_and_leads_to_the_page_asked_for(website: Website) -> None:
    client = website.anonymous()
    response = try_log_in(website, client, next="/account/password?x=1")
    assert response.status_code == 302
    assert response.headers["Location"] == "/account/password?x=1"
    assert client.get("/account/password").status_code == 200


def test_the_login_is_found_whatever_its_case_and_the_spaces_around_it(website: Website) -> None:
    assert try_log_in(website, website.anonymous(), login="  SomChai ").status_code == 302


def test_the_cookie_is_hidden_from_scripts_and_the_table_holds_only_its_hash(website: Website) -> None:
    client = website.anonymous()
    set_cookie = try_log_in(website, client).headers["Set-Cookie"]
    token = client.get_cookie(COOKIE)
    assert token is not None and "HttpOnly" in set_cookie and "SameSite=Lax" in set_cookie
    with website.session() as session:
        assert session.scalars(select(WebSession.token_hash)).all() != [token.value]
        assert session.scalar(select(WebSession.origin)) == "127.0.0.1"


@pytest.mark.parametrize(
    "fields", [{"password": "wrong"}, {"login": "no-such-person"}, {"password": ""}, {"login": ""}]
)
def test_a_wrong_password_and_an_unknown_login_read_the_same(
    website: Website, fields: dict[str, str]
) -> None:
    response = try_log_in(website, website.anonymous(), **fields)
    assert response.status_code == 422
    assert "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง" in response.text
    assert website.anonymous().get("/").status_code == 302


def test_an_unknown_login_is_hashed_too(website: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = []
    monkeypatch.setattr(
        "idp.web.auth.verify_password", lambda known, given: hashes.append((known, given)) or False
    )
    try_log_in(website, website.anonymous(), login="no-such-person")
    assert hashes == [(None, PASSWORD)]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\tevil",
        "/\n/evil.example",
        "account/password",
        "/logout",
        "",
    ],
)
def test_only_a_local_path_is_followed_after_log_in(website: Website, target: str) -> None:
    assert try_log_in(website, website.anonymous(), next=target).headers["Location"] == "/"


def test_log_out_ends_the_session_for_good(website: Website) -> None:
    client = website.anonymous()
    try_log_in(website, client)
    kept = client.get_cookie(COOKIE)
    assert kept is not None
    assert client.post("/logout").status_code == 302
    thief = website.anonymous()
    thief.set_cookie(COOKIE, kept.value)
    assert thief.get("/account/password").status_code == 302
    with website.session() as session:
        assert session.scalars(select(WebSession)).all() == []


def test_log_in_gives_a_new_token_and_ends_the_old_one(website: Website) -> None:
    client = website.sign_in("somchai")
    before = client.get_cookie(COOKIE)
    try_log_in(website, client)
    after = client.get_cookie(COOKIE)
    assert before is not None and after is not None and before.value != after.value
    thief = website.anonymous()
    thief.set_cookie(COOKIE, before.value)
    assert thief.get("/").status_code == 302


def test_what_the_page_cookie_held_before_is_gone_after_log_in_and_log_out(website: Website) -> None:
    website.app.config["WTF_CSRF_ENABLED"] = True
    client = website.anonymous()
    client.get("/login")
    with client.session_transaction() as held:
        token, held["left"] = held["csrf_token"], "over"
    website.app.config["WTF_CSRF_ENABLED"] = False
    try_log_in(website, client)
    with client.session_transaction() as held:
        assert "left" not in held and held.get("csrf_token") != token


def test_an_idle_session_ends(website: Website) -> None:
    client = website.sign_in("somchai")
    website.clock.pass_time(timedelta(hours=7, minutes=59))
    assert client.get("/account/password").status_code == 200
    website.clock.pass_time(timedelta(hours=7, minutes=59))
    assert client.get("/account/password").status_code == 200, "the visit in between counts"
    website.clock.pass_time(timedelta(hours=8))
    assert client.get("/account/password").status_code == 302


def test_a_busy_session_ends_too(website: Website) -> None:
    client = website.sign_in("somchai")
    for _hour in range(23):
        website.clock.pass_time(timedelta(hours=1))
        assert client.get("/account/password").status_code == 200
    website.clock.pass_time(timedelta(hours=1))
    assert client.get("/account/password").status_code == 302


def test_a_visit_is_noted_no_more_often_than_every_five_minutes(website: Website) -> None:
    client = website.sign_in("somchai")
    began = website.clock()

    def seen_at():  # type: ignore[no-untyped-def]
        with website.session() as session:
            return session.scalar(select(WebSession.seen_at))

    website.clock.pass_time(timedelta(minutes=4, seconds=59))
    client.get("/account/password")
    assert seen_at() == began
    website.clock.pass_time(timedelta(seconds=1))
    client.get("/account/password")
    assert seen_at() == began + timedelta(minutes=5)


def test_disabling_an_account_ends_its_sessions_and_its_log_in(website: Website) -> None:
    client = website.sign_in("somchai")
    with website.session() as session:
        account = session.get_one(UserAccount, website.accounts["somchai"])
        disable_account(session, Actor(None), account, website.clock())
    assert client.get("/account/password").status_code == 302
    assert try_log_in(website, website.anonymous()).status_code == 422


def test_guessing_one_account_is_throttled_and_others_still_sign_in(website: Website) -> None:
    client = website.anonymous()
    for _try in range(10):
        assert try_log_in(website, client, password="guess").status_code == 422
    assert try_log_in(website, client, password=PASSWORD).status_code == 429
    assert try_log_in(website, client, login="suda").status_code == 302


def test_guessing_many_accounts_from_one_address_is_throttled(website: Website) -> None:
    client = website.anonymous()
    statuses = [try_log_in(website, client, login=f"guess-{n}").status_code for n in range(61)]
    assert statuses == [422] * 60 + [429]


def test_log_ins_that_succeed_do_not_count_against_an_office_behind_one_address(website: Website) -> None:
    for _person in range(12):
        assert try_log_in(website, website.anonymous()).status_code == 302


def test_who_is_signed_in_is_led_on_from_the_log_in_page(website: Website) -> None:
    response = website.sign_in("somchai").get("/login?next=/account/password")
    assert response.headers["Location"] == "/account/password"


def test_a_form_without_its_token_is_refused(website: Website) -> None:
    website.app.config["WTF_CSRF_ENABLED"] = True
    client = website.sign_in("somchai")
    assert client.post("/logout").status_code == 400
    assert client.get("/account/password").status_code == 200


def test_a_form_sent_after_the_log_in_ended_leads_to_the_log_in_page_whatever_else_it_lacks(
    website: Website,
) -> None:
    website.app.config["WTF_CSRF_ENABLED"] = True
    client = website.sign_in("somchai")
    website.clock.pass_time(timedelta(hours=9))
    response = client.post(f"/assessments/{website.sample.assessment.id}/self-rating")
    assert (response.status_code, response.headers["Location"]) == (302, "/login")
