"""The page where HR tries other expectations before a cycle opens: its fields, its figures, its outsiders."""

from __future__ import annotations

import pytest

from tests.factories.office import Office
from tests.web.test_cycles import drafted, opened

WHAT_IF = "/cycles/{}/what-if"


def competency_of(office: Office) -> int:
    with office.session() as session:
        from sqlalchemy import select

        from idp.models import Competency

        return session.scalars(select(Competency.id).order_by(Competency.id)).first() or 0


def test_the_form_is_there_and_nothing_is_reckoned_until_something_is_chosen(office: Office) -> None:
    page = office.sign_in("malee").get(WHAT_IF.format(drafted(office)))
    assert page.status_code == 200
    assert "ทดลองปรับมาตรฐานก่อนเปิดรอบ" in page.text and "ผลโดยรวม" not in page.text


def test_without_an_earlier_result_it_says_that_there_is_nothing_to_reckon_with(office: Office) -> None:
    query = f"?competency1={competency_of(office)}&to1=up"
    page = office.sign_in("malee").get(WHAT_IF.format(drafted(office)) + query)
    assert page.status_code == 200 and "ยังไม่มีผลการประเมินที่นำมาคำนวณได้" in page.text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("competency1=1x", "competency1"),
        ("competency1=999999999", "competency1"),
        ("competency1={}", "to1"),
        ("to2=up", "competency2"),
        ("competency1={}&to1=sideways", "to1"),
        ("competency1={}&to1=99", "to1"),
        ("competency1={}&to1=0", "to1"),
        ("competency1={}&to1=up&level1=77777", "level1"),
        ("pass_rule=some", "pass_rule"),
        ("pass_rule=percentage", "percentage"),
        ("pass_rule=percentage&percentage=ครึ่ง", "percentage"),
        ("pass_rule=percentage&percentage=101", "percentage"),
        ("pass_rule=percentage&percentage=50.5", "percentage"),
        ("weight=30", "weight_of"),
        ("weight_of={}", "weight"),
        ("weight_of={}&weight=NaN", "weight"),
        ("weight_of={}&weight=101", "weight"),
        ("weight_of={}&weight=1.005", "weight"),
    ],
)
def test_a_wrong_choice_is_told_at_its_field_and_what_was_typed_stays(
    office: Office, query: str, field: str
) -> None:
    address = WHAT_IF.format(drafted(office)) + "?" + query.format(competency_of(office))
    page = office.sign_in("malee").get(address)
    assert page.status_code == 422
    assert f'id="error-{field}"' in page.text and "ผลโดยรวม" not in page.text
    if "percentage=" in query:
        assert f'value="{query.rpartition("=")[2]}"' in page.text


def test_thai_digits_are_numbers_too(office: Office) -> None:
    query = f"?pass_rule=percentage&percentage=๖๐&weight_of={competency_of(office)}&weight=๓๐.๕๐"
    assert office.sign_in("malee").get(WHAT_IF.format(drafted(office)) + query).status_code == 200


def test_level_0_is_not_offered(office: Office) -> None:
    page = office.sign_in("malee").get(WHAT_IF.format(drafted(office))).text
    assert '<option value="1"' in page and '<option value="0"' not in page


def test_an_open_cycle_is_frozen_and_says_so(office: Office) -> None:
    page = office.sign_in("malee").get(WHAT_IF.format(opened(office)))
    assert (
        page.status_code == 200
        and "รอบการประเมินนี้เปิดแล้ว" in page.text
        and '<form method="get"' not in page.text
    )


def test_only_the_personnel_office_of_the_organisation_tries_things_out(office: Office) -> None:
    address = WHAT_IF.format(drafted(office))
    assert {office.sign_in(name).get(address).status_code for name in ("staff4", "suda", "prasit")} <= {
        403,
        404,
    }
    assert office.sign_in("olan").get(address).status_code == 404
