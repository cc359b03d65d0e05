"""What no page of ours sends: answered as a wrong request or at the field, on both databases, never as a
failure."""

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from tests.factories.website import PASSWORD, Website

NULL = "ก\x00ข"


@pytest.fixture
def officer(website: Website) -> FlaskClient:
    return website.sign_in("malee")


@pytest.mark.parametrize("name", ["text", "after", "unit", "state", "code", NULL])
def test_a_null_character_in_an_address_is_a_wrong_request(officer: FlaskClient, name: str) -> None:
    for path in ("/staff/", "/cycles/new/dates", "/team/", "/login"):
        assert officer.get(f"{path}?{urlencode({name: NULL})}").status_code == 400
    assert officer.get("/frameworks/%00").status_code == 400


def test_a_null_character_in_a_login_is_a_wrong_login(website: Website) -> None:
    typed = {"login": f"somchai{NULL}", "password": PASSWORD}
    assert website.anonymous().post("/login", data=typed).status_code == 422


def test_a_null_character_in_a_form_is_refused_at_its_field(website: Website, officer: FlaskClient) -> None:
    staff = f"/staff/{website.sample.employees['somchai'].id}"
    answer = officer.post(f"{staff}/email", data={"email": f"{NULL}@example.go.th"})
    assert answer.status_code == 422 and 'id="error-email"' in answer.text
    for field in ("supervisor", "second_level"):
        typed = {"supervisor": "2", "second_level": "", "from_on": "1/10/2569", field: NULL}
        answer = officer.post(f"{staff}/supervisors", data=typed)
        assert answer.status_code == 422 and 'id="error-' in answer.text
    page = officer.get("/cycles/new/dates?fiscal_year=2571&code=x&name_th=x").text
    assert 'name="code"' in page
    for field in ("code", "name_th", "name_en"):
        typed = {"fiscal_year": "2571", "code": "c", "name_th": "n", "name_en": "", field: NULL}
        answer = officer.post("/cycles/new/dates", data=typed | _dates())
        assert answer.status_code == 422, field


def _dates() -> dict[str, str]:
    from idp.rules.calendar import FiscalYear
    from idp.rules.phases import default_phases
    from idp.web.forms.cycles import phase_fields

    return {
        name: f"{day.day}/{day.month}/{day.year + 543}"
        for kind, days in default_phases(FiscalYear(2571)).items()
        for name, day in zip(phase_fields(kind), days, strict=True)
    }


def test_a_wrong_method_names_the_right_ones(officer: FlaskClient) -> None:
    answer = officer.post("/team/")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
