"""The points of the results part on the rater's form, while the personnel office imports them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from idp.models import Assessment
from idp.services.results_part import ImportedScore, import_results_scores
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.web.form_fields import forms_of
from tests.web.reading import words
from tests.web.test_assessment_self import address

NEWER = "ช่องนี้แสดงคะแนนล่าสุดที่บันทึกไว้"
THEIRS = "ผู้อื่นบันทึกไว้เป็น"


def open_form(website: Website) -> tuple[FlaskClient, dict[str, list[str]]]:
    """Suda's form as it was drawn, before anybody entered points."""
    website.do(steps.rating)
    website.clock.moment = at(steps.RATING_DAY)
    client = website.sign_in("suda")
    return client, drawn(client.get(address(website)))


def drawn(page: TestResponse) -> dict[str, list[str]]:
    """The rating form of the page as a browser would send it."""
    (form,) = (each for each in forms_of(page.text) if each.action.endswith("/rating"))
    sent: dict[str, list[str]] = {}
    for control in form.controls:
        if control.kind in {"checkbox", "radio"} and not control.is_checked:
            continue
        if control.kind != "button":
            sent.setdefault(control.name, []).append(control.value)
    return sent


def points(website: Website) -> Decimal | None:
    return website.do(lambda session, sample: session.get_one(Assessment, sample.assessment.id).results_score)


def import_points(website: Website, text: str) -> None:
    before = points(website)

    def act(session: Session, sample: Sample) -> None:
        score = ImportedScore(sample.assessment.id, before, Decimal(text))
        import_results_scores(session, sample.cast.malee, None, [score], website.clock())

    website.do(act)


def send(client: FlaskClient, website: Website, sent: dict[str, list[str]]) -> TestResponse:
    return client.post(f"{address(website)}/rating", data={"then": ["save"], **sent})


def test_points_imported_while_the_form_was_open_outlast_both_savings(website: Website) -> None:
    client, sent = open_form(website)
    import_points(website, "56.25")
    answer = send(client, website, sent)
    assert answer.status_code == 409 and NEWER in words(answer)
    again = drawn(answer)
    assert again["results_score"] == ["56.25"]
    assert send(client, website, again).status_code == 302
    assert points(website) == Decimal("56.25")


@pytest.mark.parametrize(("typed", "kept"), [("40", "40"), ("๔๐.๕", "40.5")])
def test_who_typed_other_points_is_shown_both_and_decides(website: Website, typed: str, kept: str) -> None:
    client, sent = open_form(website)
    import_points(website, "56.25")
    answer = send(client, website, sent | {"results_score": [typed]})
    assert answer.status_code == 409
    assert f"{THEIRS}: 56.25" in words(answer) and NEWER not in words(answer)
    again = drawn(answer)
    assert again["results_score"] == [typed]
    assert send(client, website, again).status_code == 302
    assert points(website) == Decimal(kept)


def test_points_are_taken_away_by_who_saw_them(website: Website) -> None:
    client, _sent = open_form(website)
    import_points(website, "56.25")
    sent = drawn(client.get(address(website)))
    assert send(client, website, sent | {"results_score": [""]}).status_code == 302
    assert points(website) is None


def test_the_same_points_written_otherwise_are_nobodys_conflict(website: Website) -> None:
    client, sent = open_form(website)
    import_points(website, "56.25")
    answer = send(client, website, sent | {"results_score": ["๕๖.๒๕"]})
    assert answer.status_code == 409 and THEIRS not in words(answer) and NEWER not in words(answer)


def test_points_that_are_none_stay_typed_until_they_are_some(website: Website) -> None:
    client, sent = open_form(website)
    refused = send(client, website, sent | {"results_score": ["หกสิบ"]})
    assert refused.status_code == 422
    again = drawn(refused)
    assert (again["results_score"], again["results_score_drawn"]) == (["หกสิบ"], [""])
    assert send(client, website, again).status_code == 422
    assert send(client, website, again | {"results_score": ["60"]}).status_code == 302
    assert points(website) == 60


@pytest.mark.parametrize("name", ["anong", "olan", "nobody"])
def test_an_outsider_writes_no_points(website: Website, name: str) -> None:
    _client, sent = open_form(website)
    outsider = website.sign_in(name)
    assert send(outsider, website, sent | {"results_score": ["70"]}).status_code == 404
    assert points(website) is None


def test_the_enter_key_saves_and_takes_nothing(website: Website) -> None:
    """It presses the first button of the form, also where a conflict draws a button of its own above."""
    client, sent = open_form(website)
    import_points(website, "56.25")
    item = website.sample.items["c1"].id
    for page in (
        client.get(address(website)),
        send(client, website, sent | {f"item-{item}-evidence": ["อีกข้อความหนึ่ง"]}),
    ):
        (form,) = (each for each in forms_of(page.text) if each.action.endswith("/rating"))
        first = next(each for each in form.controls if each.kind == "button")
        assert (first.name, first.value) == ("then", "save")
