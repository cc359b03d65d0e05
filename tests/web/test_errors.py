"""Each refusal becomes one status and one page, in the reader's language."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from idp.models import Employee
from idp.rules.errors import (
    InvalidInput,
    NotPermitted,
    NotVisible,
    RequirementNotMet,
    RuleViolation,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.terms import PersonnelType, Requirement
from idp.web.guards import public
from tests.factories.sample import Sample
from tests.factories.website import Website, make_website

REFUSALS: list[tuple[Callable[[], Exception], int, str]] = [
    (lambda: NotVisible("secret"), 404, "ไม่พบหน้าที่ต้องการ"),
    (lambda: NotPermitted("secret"), 403, "ท่านไม่มีสิทธิทำรายการนี้"),
    (lambda: TransitionNotAllowed("plan", "draft", "approve"), 409, "สถานะปัจจุบันของเรื่องนี้ไม่รองรับ"),
    (StaleVersion, 409, "ข้อมูลเปลี่ยนไปแล้ว"),
    (lambda: StaleDataError("row"), 409, "ข้อมูลเปลี่ยนไปแล้ว"),
    (lambda: RequirementNotMet([Requirement.REASON_GIVEN], ["บริการที่ดี"]), 422, "ต้องระบุเหตุผล"),
    (lambda: InvalidInput("hours", "too_large", maximum=99), 422, "ต้องไม่เกิน 99"),
    (lambda: InvalidInput("hours", "a_code_without_a_text"), 422, "ข้อมูลในช่องนี้ไม่ถูกต้อง"),
    (lambda: InvalidInput("hours", "too_large"), 422, "ข้อมูลในช่องนี้ไม่ถูกต้อง"),
]


@pytest.fixture
def website_of_its_own(database_url: str, tmp_path: Path) -> Iterator[Website]:
    """For the tests that add a route."""
    yield from make_website(database_url, tmp_path)


@pytest.fixture
def raising(website_of_its_own: Website) -> Iterator[Callable[[Exception], Website]]:
    """The website with a page that raises what it is given."""
    held: list[Exception] = []

    def view() -> str:
        raise held[0]

    website = website_of_its_own
    website.app.add_url_rule("/raise", "raise", public(view), methods=["GET", "POST"])

    def give(error: Exception) -> Website:
        held[:] = [error]
        return website

    yield give


@pytest.mark.parametrize(("make", "status", "text"), REFUSALS)
def test_a_refusal_has_its_status_and_says_why(
    raising: Callable[[Exception], Website], make: Callable[[], Exception], status: int, text: str
) -> None:
    for method in ("GET", "POST"):
        response = raising(make()).anonymous().open("/raise", method=method)
        assert response.status_code == status
        assert text in response.text
        assert "secret" not in response.text


def test_every_refusal_of_the_rules_is_mapped() -> None:
    assert {type(make()) for make, _status, _text in REFUSALS} >= set(RuleViolation.__subclasses__())


def test_requirements_are_listed_with_the_records_concerned(raising: Callable[[Exception], Website]) -> None:
    error = RequirementNotMet([Requirement.EVERY_COMPETENCY_RATED], ["บริการที่ดี", "<b>x</b>"])
    page = raising(error).anonymous().get("/raise").text
    assert "ต้องประเมินให้ครบทุกสมรรถนะ" in page and "บริการที่ดี" in page
    assert "<b>x</b>" not in page and "&lt;b&gt;x&lt;/b&gt;" in page


def test_what_may_not_be_seen_reads_exactly_as_what_does_not_exist(
    raising: Callable[[Exception], Website],
) -> None:
    client = raising(NotVisible("secret")).anonymous()
    hidden, missing = client.get("/raise").text, client.get("/nothing").text
    assert hidden.replace("/raise", "/nothing").partition("<main")[2] == missing.partition("<main")[2]


def test_who_belongs_to_two_organisations_is_led_to_the_choice_from_every_missing_page(
    website: Website,
) -> None:
    def employ(session: Session, sample: Sample) -> tuple[int, int]:
        person_id, organisation_id = sample.cast.anong.person_id, sample.other_organisation.id
        assert person_id is not None
        session.add(
            Employee(
                organisation_id=organisation_id,
                person_id=person_id,
                number="0900",
                personnel_type=PersonnelType.LOCAL_OFFICER,
                hired_on=date(2020, 10, 1),
            )
        )
        return sample.assessment.id, organisation_id

    number, _other = website.do(employ)
    choice = "/account/organisations?next=/assessments/"
    client = website.sign_in("anong")
    for address in (str(number), "999999"):
        response = client.get(f"/assessments/{address}")
        assert response.status_code == 404
        assert f"{choice}{address}" in response.text, "the same for what exists and what does not"
    assert choice not in website.sign_in("olan").get(f"/assessments/{number}").text


def test_a_failure_is_logged_with_the_name_of_the_request_and_shows_nothing_of_itself(
    raising: Callable[[Exception], Website], caplog: pytest.LogCaptureFixture
) -> None:
    website = raising(ValueError("a secret detail"))
    website.app.testing = False
    response = website.sign_in("somchai").get("/raise")
    assert response.status_code == 500
    assert "ระบบขัดข้อง" in response.text and "a secret detail" not in response.text
    assert response.headers["X-Request-ID"] in response.text
    assert response.headers["X-Request-ID"] in caplog.text


def test_a_failure_of_the_database_still_has_a_page(
    raising: Callable[[Exception], Website], monkeypatch: pytest.MonkeyPatch
) -> None:
    website = raising(ValueError())
    website.app.testing = False
    monkeypatch.setattr("idp.web.navigation.main_links", lambda: 1 / 0)
    assert website.sign_in("somchai").get("/raise").status_code == 500


def test_what_failed_leaves_nothing_behind(website_of_its_own: Website) -> None:
    from idp.database import db
    from idp.models import Organisation

    website = website_of_its_own

    def view() -> str:
        db.session.add(
            Organisation(code="half", name_th="x", name_en="x", family="bangkok", created_at=website.clock())
        )
        db.session.flush()
        raise StaleVersion

    website.app.add_url_rule("/half", "half", public(view), methods=["POST"])
    assert website.anonymous().post("/half").status_code == 409
    with website.session() as session:
        assert session.query(Organisation).filter_by(code="half").count() == 0


def test_a_missing_page_reads_english_by_switch(website: Website) -> None:
    client = website.anonymous()
    client.set_cookie("language", "en")
    assert '<html lang="en">' in client.get("/nothing").text


def test_a_request_that_is_too_large_is_refused(website: Website) -> None:
    response = website.anonymous().post("/login", data=b"x" * (17 * 1024 * 1024))
    assert response.status_code == 413


def test_a_wrong_method_is_named_as_such(website: Website) -> None:
    assert website.anonymous().get("/logout").status_code == 405
