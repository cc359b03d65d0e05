"""The rating form's line of evidence under each ticked indicator, and the average level: drawn, refused at
the field, compared, and shown to whoever reads the rating."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from idp.models import Assessment, Cycle, Rating, RatingTick
from idp.queries.forms import assessment_form
from idp.queries.whole_record import whole_record
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentState, RaterKind, SecondOpinion
from idp.services import assessments, ratings, results
from idp.services.ratings import RatingEntry
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.web.reading import value_of, words
from tests.web.test_assessment_self import address, form, state

NOTE = "จัดคิวออนไลน์ ลดเวลารอเหลือ 10 นาที"


def takes_averages(session: Session, sample: Sample) -> None:
    cycle = session.get_one(Cycle, sample.cycle.id)
    cycle.settings = OrganisationRules(takes_average_levels=True).as_json()


def rating(website: Website) -> FlaskClient:
    website.do(steps.rating)
    website.clock.moment = at(steps.RATING_DAY)
    return website.sign_in("suda")


def save(client: FlaskClient, website: Website, sent: dict[str, object], then: str = "save") -> TestResponse:
    return client.post(f"{address(website)}/rating", data={"then": then, **sent})


def note_field(website: Website, code: str, level: int, place: int) -> str:
    indicator = website.sample.dictionary.indicators[code, level][place - 1]
    return f"item-{website.sample.items[code].id}-note-{indicator}"


def test_a_note_is_kept_beside_its_tick_and_stands_in_the_form_again(website: Website) -> None:
    client, name = rating(website), note_field(website, "c1", 1, 2)
    assert save(client, website, form(website, {"c1": 1}) | {name: f" {NOTE} "}).status_code == 302
    page = client.get(address(website))
    assert value_of(page, name) == NOTE
    kept = website.do(lambda session, _sample: session.scalars(select(RatingTick.note)).all())
    assert sorted(kept)[-1] == NOTE
    assert "หลักฐาน/เหตุการณ์ของข้อ 1.2" in words(page)
    assert "การมุ่งผลสัมฤทธิ์: หลักฐานของข้อ 1.2" in words(page)  # from -> to, in the history


def test_a_note_without_its_tick_is_refused_at_the_field_with_the_text_kept(website: Website) -> None:
    client, name = rating(website), note_field(website, "c1", 2, 1)
    answer = save(client, website, form(website, {"c1": 1}) | {name: NOTE})
    assert answer.status_code == 422
    assert value_of(answer, name) == NOTE
    said = answer.text.partition(f'id="error-{name}">')[2].partition("<")[0]
    assert "มีบันทึกแต่ยังไม่ได้เลือก" in said
    assert f'href="#{name}"' in answer.text  # the list at the head leads there
    assert (
        website.do(lambda session, _sample: session.scalars(select(RatingTick.note)).all()).count(NOTE) == 0
    )


def test_a_note_at_the_attained_level_is_evidence_enough_to_hand_in(website: Website) -> None:
    client = rating(website)
    levels = {"c1": 3, "c2": 1, "c3": 3}
    sent = form(website, levels, "")
    refused = save(client, website, sent, "submit")
    assert refused.status_code == 422
    assert refused.text.count("data-evidence-lacking>") == 2  # c1 and c3; c2 lies below what is expected
    sent |= {note_field(website, "c1", 3, 1): NOTE, note_field(website, "c3", 3, 3): NOTE}
    assert save(client, website, sent, "submit").status_code == 302
    assert state(website) is AssessmentState.RATED


def test_two_raters_see_each_others_notes(website: Website) -> None:
    client, name = rating(website), note_field(website, "c1", 1, 1)
    read = website.do(lambda session, sample: session.get_one(Assessment, sample.assessment.id).version)
    assert save(client, website, form(website, {"c1": 1}) | {"version": read, name: NOTE}).status_code == 302
    other = form(website, {"c1": 1}) | {"version": read, name: "อีกเหตุการณ์หนึ่ง"}
    answer = save(client, website, other)
    assert answer.status_code == 409
    assert answer.text.count('class="beside conflict"') == 1
    conflict = answer.text.partition('class="beside conflict"')[2].partition("</button>")[0]
    assert f"หลักฐานของข้อ 1.1 ที่ผู้อื่นบันทึก: {NOTE}" in conflict and "อีกเหตุการณ์หนึ่ง" in conflict
    assert value_of(answer, name) == "อีกเหตุการณ์หนึ่ง"


def rated_with_notes(session: Session, sample: Sample) -> None:
    steps.rating(session, sample)
    entries = steps.entries(sample, steps.SUPERVISOR_LEVELS)
    item, first = sample.items["c1"].id, sample.dictionary.indicators["c1", 2][0]
    entries[item] = RatingEntry(entries[item].indicator_ids, None, "", {first: NOTE})
    number, suda = sample.assessment.id, sample.cast.suda
    ratings.save_ratings(session, suda, number, RaterKind.SUPERVISOR, entries, at(steps.RATING_DAY))
    assessments.submit_rating(session, suda, number, at(steps.RATING_DAY))


def released_with_notes(session: Session, sample: Sample) -> None:
    rated_with_notes(session, sample)
    number, cast = sample.assessment.id, sample.cast
    agrees = SecondOpinion.AGREES
    assessments.give_second_opinion(session, cast.prasit, number, agrees, "", at(steps.SECOND_DAY))
    results.release_assessment(session, cast.malee, number, at(steps.RELEASE_DAY))


def test_readers_see_the_notes_and_the_employee_only_once_the_result_is_released(website: Website) -> None:
    website.do(rated_with_notes)
    assert NOTE in website.sign_in("prasit").get(address(website)).text
    assert NOTE not in website.sign_in("somchai").get(address(website)).text
    own_data = website.sign_in("somchai").get("/account/data")
    assert own_data.status_code == 200 and NOTE not in own_data.text


def test_the_notes_are_in_the_exports_and_on_the_form(website: Website) -> None:
    website.do(released_with_notes)
    somchai = website.sign_in("somchai")
    assert f"ข้อ 2.1: {NOTE}" in words(somchai.get(address(website)))
    assert NOTE in str(somchai.get("/account/data").get_json(force=True))
    found = website.do(printed)
    assert found["form"] == (("การมุ่งผลสัมฤทธิ์ 2.1", NOTE),)
    assert NOTE in str(found["record"])


def printed(session: Session, sample: Sample) -> dict[str, object]:
    number = sample.assessment.id
    lines = assessment_form(session, number, steps.RECEIPT_DAY).lines
    return {"form": lines[0].notes, "record": str(whole_record(session, number, at(steps.RECEIPT_DAY)))}


def average_of(website: Website, code: str) -> str:
    return f"item-{website.sample.items[code].id}-average"


def test_without_the_switch_there_is_no_field_for_an_average(website: Website) -> None:
    client = rating(website)
    assert "data-average" not in client.get(address(website)).text
    answer = save(client, website, form(website, {"c1": 1}) | {average_of(website, "c1"): "3.25"})
    assert answer.status_code == 422
    assert "หน่วยงานไม่ได้ใช้ระดับเฉลี่ย" in words(answer)


@pytest.mark.parametrize("typed", ["3.25", "๓.๒๕", " 3.250 "])
def test_an_average_is_taken_in_either_digits_and_shown_as_such(website: Website, typed: str) -> None:
    website.do(takes_averages)
    client, name = rating(website), average_of(website, "c1")
    assert save(client, website, form(website, {"c1": 1}) | {name: typed}).status_code == 302
    page = client.get(address(website))
    assert value_of(page, name) == "3.25"
    said = "ระดับเฉลี่ยจากผู้ประเมินหลายคน: ระดับ 3.25 · ใช้แทนพฤติกรรมที่เลือกไว้ ซึ่งคิดได้ระดับ 1"
    assert said in words(page)
    assert "ต่างจากผลประเมินตนเอง 0.25 ระดับ" in words(page)
    kept = website.do(
        lambda session, sample: session.scalar(
            select(Rating.attained_level).where(
                Rating.item_id == sample.items["c1"].id, Rating.rater_kind == RaterKind.SUPERVISOR
            )
        )
    )
    assert kept == Decimal("3.25")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("มาก", "โปรดกรอกเป็นตัวเลข"),
        ("1e3", "โปรดกรอกเป็นตัวเลข"),
        ("5.01", "ต้องอยู่ระหว่าง 0 ถึง 5"),
        ("-1", "ต้องอยู่ระหว่าง 0 ถึง 5"),
        ("3.255", "ใส่ทศนิยมได้ไม่เกินสองตำแหน่ง"),
    ],
)
def test_what_is_no_average_is_told_at_its_field_and_stays_there(
    website: Website, typed: str, said: str
) -> None:
    website.do(takes_averages)
    client, name = rating(website), average_of(website, "c1")
    answer = save(client, website, form(website, {"c1": 1}) | {name: typed})
    assert answer.status_code == 422
    assert value_of(answer, name) == typed
    assert answer.text.partition(f'id="error-{name}">')[2].startswith(said)
    field = re.search(rf'<input[^>]*id="{name}"[^>]*>', answer.text)
    assert field is not None and 'aria-invalid="true"' in field[0] and f"error-{name}" in field[0]


def test_an_average_goes_through_to_the_result_as_it_stands(website: Website) -> None:
    website.do(takes_averages)
    client = rating(website)
    sent = form(website, {"c1": 0, "c2": 1, "c3": 3}) | {average_of(website, "c1"): "2.25"}
    assert save(client, website, sent, "submit").status_code == 302
    number, cast = website.sample.assessment.id, website.sample.cast

    def release(session: Session, _sample: Sample) -> None:
        agrees = SecondOpinion.AGREES
        assessments.give_second_opinion(session, cast.prasit, number, agrees, "", at(steps.SECOND_DAY))
        results.release_assessment(session, cast.malee, number, at(steps.RELEASE_DAY))

    website.do(release)
    page = words(website.sign_in("somchai").get(address(website)))
    assert "ระดับเฉลี่ยจากผู้ประเมินหลายคน: ระดับ 2.25" in page
    assert "ต่ำกว่าที่คาดหวัง 0.75 ระดับ" in page
    line = website.do(lambda session, _sample: assessment_form(session, number, steps.RECEIPT_DAY).lines[0])
    assert line.supervisor_level == Decimal("2.25")
