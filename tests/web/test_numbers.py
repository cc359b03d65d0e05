"""A number that no record can have is as good as missing, on every route and on both databases."""

import pytest
from werkzeug.datastructures import MultiDict

from idp.web.forms.plan_items import read_plan_item
from idp.web.numbers import LARGEST, asked_number, record_number
from tests.factories.addresses import populate, routes_of
from tests.factories.website import Website

TOO_LARGE = (LARGEST + 1, 2**31, 2**63, 10**30)


def test_a_number_too_large_in_an_address_is_a_missing_page(website: Website) -> None:
    values = populate(website)
    client = website.sign_in("malee")
    tried = 0
    for number in TOO_LARGE:
        absent = {name: number if isinstance(value, int) else value for name, value in values.items()}
        for route in routes_of(website.app, absent):
            if route.records:
                assert client.open(route.address, method=route.method).status_code == 404, route
                tried += 1
    assert tried > 60


def test_the_largest_number_is_asked_for_and_not_found(website: Website) -> None:
    client = website.sign_in("malee")
    for address in ("/assessments/{}", "/cycles/{}/people", "/staff/{}", "/documents/{}"):
        assert client.get(address.format(LARGEST)).status_code == 404


@pytest.mark.parametrize("number", [*TOO_LARGE, -1, "x", "9" * 5000, "²"])
def test_a_number_too_large_in_a_question_asks_for_nothing(website: Website, number: object) -> None:
    client = website.sign_in("malee")
    cycle = f"/cycles/{website.sample.cycle.id}"
    for address in (
        f"/mails/?before={number}",
        f"/notifications/?before={number}",
        f"/staff/?unit={number}",
        f"{cycle}/people?unit={number}",
        f"{cycle}/release?assessment={number}",
        f"/frameworks/?version={number}",
    ):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("007", 7),
        (str(LARGEST), LARGEST),
        (str(LARGEST + 1), None),
        *[(each, None) for each in ("", "-1", "๗", "²", " 7", "1_0", "1.0", "9" * 5000)],
    ],
)
def test_what_can_be_the_number_of_a_record(text: str, number: int | None) -> None:
    assert record_number(text) == number
    assert asked_number(MultiDict({"before": text}), "before") == number


def test_an_indicator_that_no_record_can_be_is_left_out() -> None:
    form = MultiDict([("indicators_of", ""), ("indicator_ids", "9" * 5000), ("indicator_ids", "3")])
    assert read_plan_item(form).indicator_ids == (3,)
