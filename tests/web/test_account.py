"""One's own password, language and organisation."""

from datetime import date

import pytest
from sqlalchemy import select

from idp.models import ExternalAppraiser, UserAccount, WebSession
from idp.services.passwords import verify_password
from tests.factories.website import PASSWORD, Website

NEW = "three short words more"


def change(website: Website, client, **fields: str):  # type: ignore[no-untyped-def]
    form = {"old_password": PASSWORD, "new_password": NEW, "new_password_again": NEW, **fields}
    return client.post("/account/password", data=form)


def hash_of(website: Website, name: str) -> str:
    with website.session() as session:
        return session.get_one(UserAccount, website.accounts[name]).password_hash


def test_a_new_password_ends_every_other_session_of_the_account(website: Website) -> None:
    here, elsewhere, another = website.sign_in("somchai"), website.sign_in("somchai"), website.sign_in("suda")
    assert change(website, here).status_code == 302
    assert verify_password(hash_of(website, "somchai"), NEW)
    assert here.get("/account/password").status_code == 200
    assert elsewhere.get("/account/password").status_code == 302
    assert another.get("/account/password").status_code == 200


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"old_password": "wrong"}, "รหัสผ่านปัจจุบันไม่ถูกต้อง"),
        ({"new_password_again": "another one entirely"}, "รหัสผ่านใหม่ทั้งสองช่องไม่ตรงกัน"),
        ({"new_password": "seven77", "new_password_again": "seven77"}, "อย่างน้อย 8 ตัวอักษร"),
        ({"new_password": "x" * 129, "new_password_again": "x" * 129}, "ไม่เกิน 128 ตัวอักษร"),
        ({"new_password": "Password123", "new_password_again": "Password123"}, "คาดเดาได้ง่าย"),
        ({"new_password": "", "new_password_again": ""}, "อย่างน้อย 8 ตัวอักษร"),
    ],
)
def test_a_password_that_will_not_do_is_refused_at_its_field(
    website: Website, fields: dict[str, str], message: str
) -> None:
    before = hash_of(website, "somchai")
    response = change(website, website.sign_in("somchai"), **fields)
    assert response.status_code == 422
    assert message in response.text
    assert hash_of(website, "somchai") == before


def test_a_password_may_have_128_characters_and_no_rule_of_composition(website: Website) -> None:
    long = "ก" * 128
    client = website.sign_in("somchai")
    assert change(website, client, new_password=long, new_password_again=long).status_code == 302


def test_the_old_password_cannot_be_guessed_from_an_open_browser(website: Website) -> None:
    client = website.sign_in("somchai")
    for _try in range(10):
        assert change(website, client, old_password="guess").status_code == 422
    assert change(website, client).status_code == 429


def test_english_is_kept_in_the_account_and_in_the_browser(website: Website) -> None:
    client = website.sign_in("somchai")
    response = client.post("/language", data={"language": "en", "next": "/account/password"})
    assert response.headers["Location"] == "/account/password"
    assert '<html lang="en">' in client.get("/account/password").text
    assert '<html lang="en">' in website.sign_in("somchai").get("/account/password").text
    assert '<html lang="th">' in website.sign_in("suda").get("/account/password").text
    client.delete_cookie("session")
    assert '<html lang="en">' in client.get("/login").text


@pytest.mark.parametrize("language", ["", "xx", "../en"])
def test_an_unknown_language_changes_nothing(website: Website, language: str) -> None:
    client = website.anonymous()
    assert client.post("/language", data={"language": language}).status_code == 302
    assert '<html lang="th">' in client.get("/login").text


def test_who_works_in_two_organisations_chooses_one_after_log_in(website: Website) -> None:
    somchai, other = website.sample.cast.somchai.person_id, website.sample.other_organisation
    with website.session() as session:
        session.add(ExternalAppraiser(organisation_id=other.id, person_id=somchai, position_name="นายก"))
    client = website.anonymous()
    response = client.post("/login", data={"login": "somchai", "password": PASSWORD})
    assert response.headers["Location"] == "/account/organisations?next=/"
    assert other.name_th in client.get("/account/organisations").text
    assert client.post("/account/organisations", data={"organisation_id": other.id}).status_code == 302
    with website.session() as session:
        assert session.scalar(select(WebSession.organisation_id)) == other.id


@pytest.mark.parametrize("wanted", ["other", "0", "", "x"])
def test_an_organisation_of_others_cannot_be_chosen(website: Website, wanted: str) -> None:
    chosen = str(website.sample.other_organisation.id) if wanted == "other" else wanted
    client = website.sign_in("somchai")
    assert client.post("/account/organisations", data={"organisation_id": chosen}).status_code == 404
    with website.session() as session:
        assert session.scalar(select(WebSession.organisation_id)) == website.sample.organisation.id


def test_who_left_an_organisation_is_not_offered_it(website: Website) -> None:
    with website.session() as session:
        employee = session.merge(website.sample.employees["somchai"])
        employee.left_on = date(2025, 10, 5)
    response = website.anonymous().post("/login", data={"login": "somchai", "password": PASSWORD})
    assert response.status_code == 302
    with website.session() as session:
        assert session.scalar(select(WebSession.organisation_id)) is None
