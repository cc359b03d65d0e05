"""The pages on which one competency is rated across a whole team."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp.models import (
    Assessment,
    AssessmentItem,
    Delegation,
    Look,
    Organisation,
    Rating,
)
from idp.queries.team_rating_rows import ROWS_AT_ONCE
from idp.rules.terms import AssessmentState, RaterKind
from tests.factories import steps
from tests.factories.rating_team import add_team, items_of
from tests.factories.sample import at
from tests.factories.website import Website
from tests.web.form_fields import filled, forms_of
from tests.web.reading import counted, words

EVIDENCE = "จัดทำรายงานประจำเดือนส่งก่อนกำหนดทุกครั้ง"
TYPED = "ข้อความยาวของอีกหน้าต่างหนึ่งซึ่งต้องไม่หาย"


def team(
    website: Website, numbers: range, state: AssessmentState = AssessmentState.RATING, code: str = "c1"
) -> list[int]:
    """The items of so many more people of Suda's, on the day of the rating."""
    website.clock.moment = at(steps.RATING_DAY)
    return website.do(
        lambda session, sample: items_of(sample, add_team(session, sample, numbers, state), code)
    )


def address(website: Website, code: str = "c1", part: int | None = None) -> str:
    competency = website.sample.dictionary.competencies[code].id
    found = f"/team/ratings/{website.sample.cycle.id}/{competency}"
    return found if part is None else f"{found}/{part}"


def drawn(page: TestResponse) -> dict[str, list[str]]:
    """The rating form of the page as a browser would send it."""
    (form,) = (each for each in forms_of(page.text) if each.action.startswith("/team/ratings/"))
    sent: dict[str, list[str]] = {}
    for control in form.controls:
        if control.kind in {"checkbox", "radio"} and not control.is_checked:
            continue
        if control.kind != "button":
            sent.setdefault(control.name, []).append(control.value)
    return sent


def rate(
    client: FlaskClient, website: Website, rows: dict[int, tuple[int, str]], code: str = "c1", **more: str
) -> TestResponse:
    """Send the page's form with these people's level and evidence, everything else as it was drawn."""
    sent = drawn(client.get(address(website, code)))
    for item, (level, evidence) in rows.items():
        ticks = website.sample.dictionary.up_to(code, level)
        sent |= {f"item-{item}-ticks": [str(each) for each in ticks], f"item-{item}-evidence": [evidence]}
    return client.post(address(website, code, 1), data=sent | {name: [text] for name, text in more.items()})


def levels(website: Website, items: list[int]) -> list[int | None]:
    with website.session() as session:
        rows = session.scalars(
            select(Rating).where(Rating.item_id.in_(items), Rating.rater_kind == RaterKind.SUPERVISOR)
        )
        found = {each.item_id: int(each.attained_level or 0) for each in rows}
    return [found.get(each) for each in items]


def test_the_overview_counts_by_competency_and_by_person(website: Website) -> None:
    items = team(website, range(1, 4))
    client = website.sign_in("suda")
    assert rate(client, website, {items[0]: (2, EVIDENCE), items[1]: (3, EVIDENCE)}).status_code == 303
    page = client.get("/team/ratings/")
    said = words(page)
    assert "การมุ่งผลสัมฤทธิ์ สมรรถนะหลัก 2 จาก 3 คน 1 คน" in said
    assert "นายคนที่1 เพิ่มเติม การมุ่งผลสัมฤทธิ์: ระดับ 2 คาดหวัง 3" in said
    assert "นายคนที่3 เพิ่มเติม การมุ่งผลสัมฤทธิ์: ยังไม่ได้ประเมิน คาดหวัง 3" in said
    assert f'href="{address(website, part=1)}#competency-{items[2]}"' in page.text


def test_the_ladder_stands_once_and_each_box_names_the_person_and_the_indicator(website: Website) -> None:
    items = team(website, range(1, 4))
    page = website.sign_in("suda").get(address(website))
    assert page.text.count("คำจำกัดความของการมุ่งผลสัมฤทธิ์") == 1
    labels = re.findall(r'<label for="item-\d+-tick-\d+">(.*?)</label>', page.text)
    assert len(labels) == 3 * 15 and len(set(labels)) == len(labels)
    assert all("เพิ่มเติม" in each for each in labels)
    for item in items:
        assert f'for="item-{item}-evidence"' in page.text
    legends = re.findall(r"<legend>(.*?)</legend>", page.text)
    assert len(legends) == 6 and all("เพิ่มเติม" in each for each in legends)


def test_saving_keeps_every_row_and_leads_on(website: Website) -> None:
    items = team(website, range(1, 4))
    client = website.sign_in("suda")
    answer = rate(client, website, dict.fromkeys(items, (2, EVIDENCE)), then="next")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{address(website, 'c2', 1)}#people"
    assert levels(website, items) == [2, 2, 2]
    assert "บันทึกแล้ว 3 คน" in words(client.get(answer.headers["Location"]))
    last = rate(client, website, {}, code="c3", then="next")
    assert last.headers["Location"] == f"/team/ratings/?cycle={website.sample.cycle.id}"


@pytest.mark.parametrize("name", ["somchai", "prasit", "malee", "anong", "olan"])
def test_it_is_nobody_elses_page(website: Website, name: str) -> None:
    items = team(website, range(1, 3))
    client = website.sign_in(name)
    assert client.get(address(website)).status_code == 404
    assert client.post(address(website, part=1), data={"item": items}).status_code == 404
    assert client.post(address(website, part=1), data={"item": items, "take": "1"}).status_code == 404
    assert client.post(f"/team/ratings/{website.sample.cycle.id}/start").status_code == 404
    assert "คนที่1" not in client.get("/team/ratings/").text
    key = {"form_key": address(website, part=1), "content": "[]"}
    assert client.post("/drafts", data=key).status_code == 404
    assert levels(website, items) == [None, None]


def test_what_nobody_is_expected_to_show_is_missing(website: Website) -> None:
    team(website, range(1, 3))
    client, cycle = website.sign_in("suda"), website.sample.cycle.id
    for path in (f"/team/ratings/{cycle}/999999", f"{address(website)}/2", f"{address(website)}/0"):
        assert client.get(path).status_code == 404
    assert client.get(address(website).replace(f"/{cycle}/", "/999999/")).status_code == 404
    assert client.get("/team/ratings/?cycle=999999").status_code == 404


@pytest.mark.parametrize("state", [AssessmentState.EXEMPTED, AssessmentState.RELEASED])
def test_who_is_exempted_or_has_a_result_is_in_neither_page(website: Website, state: AssessmentState) -> None:
    team(website, range(1, 2))
    team(website, range(2, 3), state)
    client = website.sign_in("suda")
    for path in ("/team/ratings/", address(website)):
        page = words(client.get(path))
        assert "คนที่1" in page and "คนที่2" not in page


def test_a_delegate_has_the_page_of_whom_they_represent(website: Website) -> None:
    items = team(website, range(1, 3))
    with website.session() as session:
        session.add(
            Delegation(
                organisation_id=website.sample.organisation.id,
                from_person_id=website.sample.cast.suda.person_id,
                to_person_id=website.sample.cast.anong.person_id,
                order_number="7/2568",
                from_on=steps.RATING_DAY,
                until_on=date(2025, 12, 31),
            )
        )
    client = website.sign_in("anong")
    assert "ปฏิบัติหน้าที่แทนนางสาวสุดา รักงาน" in words(client.get(address(website)))
    assert rate(client, website, {items[0]: (2, EVIDENCE)}).status_code == 303
    assert levels(website, items) == [2, None]


def test_the_start_names_who_can_and_who_cannot_and_why(website: Website) -> None:
    team(website, range(1, 3), AssessmentState.SELF_SUBMITTED)
    client = website.sign_in("suda")
    page = client.get("/team/ratings/")
    said = words(page)
    assert "เริ่มประเมินได้แล้ว 2 คน" in said
    assert "นายสมชาย ใจดี: ยังไม่พ้นกำหนดการประเมินตนเอง" in said
    (form,) = (each for each in forms_of(page.text) if each.action.endswith("/start"))
    sent: dict[str, list[str]] = {}
    for name, text in filled(form):
        sent.setdefault(name, []).append(text)
    with website.session() as session:
        numbers = sent["assessment"]
        session.get_one(Assessment, int(numbers[1])).state = AssessmentState.SELF_ASSESSING
    answer = client.post(form.action, data=sent)
    assert answer.status_code == 303
    said = words(client.get(answer.headers["Location"]))
    assert "เริ่มประเมินแล้ว 1 คน" in said
    assert "เริ่มประเมินนายคนที่2 เพิ่มเติมไม่ได้" in said


def test_the_pages_ask_as_much_for_three_people_as_for_sixty(website: Website) -> None:
    team(website, range(1, 4))
    team(website, range(4, 6), AssessmentState.SELF_SUBMITTED)
    client, counts = website.sign_in("suda"), []
    for further in (range(0), range(6, 63)):
        team(website, further)
        for path in ("/team/ratings/", address(website)):
            with counted(website.app) as statements:
                assert client.get(path).status_code == 200
            counts.append(len(statements))
    assert counts[:2] == counts[2:]


def test_a_large_team_is_divided_and_each_part_is_saved(website: Website) -> None:
    items = team(website, range(1, 2 * ROWS_AT_ONCE + 1))
    client = website.sign_in("suda")
    first = client.get(address(website))
    assert first.text.count("data-competency ") == ROWS_AT_ONCE
    second = drawn(client.get(address(website, part=2)))
    assert second["item"] == [str(each) for each in items[ROWS_AT_ONCE:]]
    second[f"item-{items[-1]}-evidence"] = [EVIDENCE]
    second[f"item-{items[-1]}-level"] = ["0"]
    assert client.post(address(website, part=2), data=second).status_code == 303
    assert levels(website, items[-1:]) == [0]
    answer = client.post(address(website, part=1), data=drawn(first) | {"then": ["next"]})
    assert answer.headers["Location"] == f"{address(website, part=2)}#people"


def test_a_look_at_each_person_is_written_down(website: Website) -> None:
    team(website, range(1, 4))
    client = website.sign_in("suda")
    client.get(address(website))
    client.get("/team/ratings/")
    with website.session() as session:
        looks = session.scalars(select(Look)).all()
        assert len(looks) == 3 and {each.times for each in looks} == {2}


def test_nothing_of_another_organisation_is_shown_there(website: Website) -> None:
    """The rater's own people, while signed in elsewhere."""
    items = team(website, range(1, 3))
    with website.session() as session:
        other = session.get_one(Organisation, website.sample.other_organisation.id)
        for record in session.scalars(select(Assessment)):
            record.organisation_id = other.id
    client = website.sign_in("suda")
    assert client.get(address(website)).status_code == 404
    assert "คนที่1" not in client.get("/team/ratings/").text
    assert client.post(address(website, part=1), data={"item": items}).status_code == 404


def test_who_is_complete_is_handed_in_after_a_look_at_each(website: Website) -> None:
    items = team(website, range(1, 3))
    client = website.sign_in("suda")
    for code, level in (("c1", 2), ("c2", 1), ("c3", 1)):
        with website.session() as session:
            competency = website.sample.dictionary.competencies[code].id
            own = select(AssessmentItem.id).where(AssessmentItem.competency_id == competency)
            mine = session.scalars(own.order_by(AssessmentItem.assessment_id.desc())).all()
        assert rate(client, website, {mine[1]: (level, EVIDENCE)}, code).status_code == 303
    assert levels(website, items) == [2, None]
    page = client.get("/team/ratings/")
    (form,) = (each for each in forms_of(page.text) if each.action == "/bulk/")
    assert "ประเมินครบทุกสมรรถนะแล้ว 1 คน" in words(page)
    preview = client.post(form.action, data=dict(filled(form)))
    assert preview.status_code == 303
    shown = words(client.get(preview.headers["Location"]))
    assert "นายคนที่1 เพิ่มเติม" in shown and "คนที่2" not in shown


def test_the_form_of_one_person_leads_to_the_competency_of_all(website: Website) -> None:
    website.do(steps.rating)
    website.clock.moment = at(steps.RATING_DAY)
    client = website.sign_in("suda")
    page = client.get(f"/assessments/{website.sample.assessment.id}").text
    for code in ("c1", "c2", "c3"):
        assert f'href="{address(website, code)}"' in page
        assert client.get(address(website, code)).status_code == 200


def test_the_list_of_the_team_leads_there(website: Website) -> None:
    team(website, range(1, 2))
    assert 'href="/team/ratings/"' in website.sign_in("suda").get("/team/").text
    page = words(website.sign_in("anong").get("/team/ratings/"))
    assert "ไม่มีผู้ที่รอท่านประเมินในรอบที่เปิดอยู่" in page
