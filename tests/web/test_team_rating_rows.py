"""The rows of the page on which one competency is rated across a whole team: what is beside them, what is
refused, what somebody else saved."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from idp.models import (
    Assessment,
    AssessmentItem,
    Cycle,
    Gap,
    Organisation,
    Rating,
    RatingTick,
    TypedDraft,
)
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentState, CycleState, RaterKind
from idp.services.ratings import RatingEntry, save_ratings
from tests.factories import steps
from tests.factories.sample import Sample, at, make_cycle
from tests.factories.website import Website
from tests.web.reading import words
from tests.web.test_team_ratings import EVIDENCE, TYPED, address, drawn, levels, rate, team


def error_at(page: TestResponse, field: str) -> str:
    found = re.search(rf'id="error-{field}">([^<]*)<', page.text)
    return unescape(found[1]) if found else ""


def test_the_self_assessment_stands_beside_the_row(website: Website) -> None:
    website.do(steps.rating)
    website.clock.moment = at(steps.RATING_DAY)
    said = words(website.sign_in("suda").get(address(website)))
    assert "นายสมชาย ใจดี นักทรัพยากรบุคคลชำนาญการ คาดหวัง 3 ตนเอง 3 ที่ได้ –" in said
    assert "เหตุการณ์ที่ผู้รับการประเมินระบุ" in said


def test_a_ladder_with_a_hole_names_the_missing_level_and_offers_none(website: Website) -> None:
    items = team(website, range(1, 3), code="c2")
    client = website.sign_in("suda")
    page = client.get(address(website, "c2"))
    assert "ไม่มีระดับ 2" in words(page)
    assert f'id="item-{items[0]}-level-2"' not in page.text
    assert rate(client, website, {items[0]: (3, EVIDENCE)}, code="c2").status_code == 303
    assert levels(website, items) == [3, None]
    assert "ระดับที่ได้ 3" in words(client.get(address(website, "c2")))


def test_a_refused_row_comes_back_with_its_text_and_the_others_are_kept(website: Website) -> None:
    items = team(website, range(1, 4))
    client = website.sign_in("suda")
    rows = {items[0]: (2, EVIDENCE), items[1]: (1, TYPED), items[2]: (3, EVIDENCE)}
    answer = rate(client, website, rows, **{f"item-{items[1]}-level": "9"})
    assert answer.status_code == 422
    assert levels(website, items) == [2, None, 3]
    assert error_at(answer, f"item-{items[1]}-level")
    assert TYPED in answer.text and "บันทึกแล้ว 2 คน" in words(answer)
    assert f'<a href="#competency-{items[1]}">นายคนที่2 เพิ่มเติม</a>' in answer.text
    again = drawn(answer)
    again[f"item-{items[1]}-level"] = [""]
    assert client.post(address(website, part=1), data=again).status_code == 303
    assert levels(website, items) == [2, 1, 3]


def test_an_average_that_is_none_comes_back_as_it_was_typed(website: Website) -> None:
    items = team(website, range(1, 3))
    with website.session() as session:
        cycle = session.get_one(Cycle, website.sample.cycle.id)
        cycle.settings = {**cycle.settings, "takes_average_levels": True}
    client = website.sign_in("suda")
    field = f"item-{items[0]}-average"
    sent = drawn(client.get(address(website)))
    sent |= {field: ["สามกว่า"], f"item-{items[0]}-evidence": [EVIDENCE]}
    answer = client.post(address(website, part=1), data=sent)
    assert answer.status_code == 422
    assert error_at(answer, field) and drawn(answer)[field] == ["สามกว่า"]
    again = drawn(answer) | {field: ["3.25"]}
    assert client.post(address(website, part=1), data=again).status_code == 303
    page = client.get(address(website))
    assert drawn(page)[field] == ["3.25"]
    assert "ระดับเฉลี่ยจากผู้ประเมินหลายคน: ระดับ 3.25" in words(page)


def notes_of(website: Website, item: int) -> dict[int, str]:
    """By ticked indicator."""
    with website.session() as session:
        kept = session.execute(
            select(RatingTick.indicator_id, RatingTick.note).join(Rating).where(Rating.item_id == item)
        ).all()
    return {row.indicator_id: row.note for row in kept}


def with_notes(website: Website, item: int) -> dict[int, str]:
    """The person's first level ticked and noted on their own form; the notes by indicator."""
    ticks = sorted(website.sample.dictionary.up_to("c1", 1))
    notes = {each: f"เหตุการณ์ของข้อ {each}" for each in ticks}

    def rate_alone(session: Session, sample: Sample) -> None:
        assessment = session.get_one(AssessmentItem, item).assessment
        entry = RatingEntry(frozenset(ticks), None, EVIDENCE, notes)
        save_ratings(
            session, sample.cast.suda, assessment.id, RaterKind.SUPERVISOR, {item: entry}, website.clock()
        )

    website.do(rate_alone)
    return notes


def test_the_notes_of_the_persons_own_form_are_read_and_changed_here(website: Website) -> None:
    (item,) = team(website, range(1, 2))
    notes = with_notes(website, item)
    client = website.sign_in("suda")
    sent = drawn(client.get(address(website)))
    fields = {each: f"item-{item}-note-{each}" for each in notes}
    assert {each: sent[name] for each, name in fields.items()} == {
        each: [text] for each, text in notes.items()
    }
    first = min(notes)
    sent[fields[first]] = ["เหตุการณ์ที่แก้ไขแล้ว"]
    assert client.post(address(website, part=1), data=sent).status_code == 303
    assert notes_of(website, item) == notes | {first: "เหตุการณ์ที่แก้ไขแล้ว"}


def test_a_note_is_not_lost_with_its_tick(website: Website) -> None:
    """The row is refused with the note in sight: it is ticked again, or the note is taken away by hand."""
    (item,) = team(website, range(1, 2))
    notes = with_notes(website, item)
    client = website.sign_in("suda")
    first = min(notes)
    name = f"item-{item}-note-{first}"
    sent = drawn(client.get(address(website)))
    sent[f"item-{item}-ticks"].remove(str(first))
    refused = client.post(address(website, part=1), data=sent)
    assert refused.status_code == 422 and error_at(refused, name)
    assert notes_of(website, item) == notes
    again = drawn(refused)
    assert again[name] == [notes[first]] and str(first) not in again[f"item-{item}-ticks"]
    assert client.post(address(website, part=1), data=again | {name: [""]}).status_code == 303
    assert notes_of(website, item) == {each: text for each, text in notes.items() if each != first}


def test_the_round_before_stands_beside_the_row(website: Website) -> None:
    team(website, range(1, 3))

    def rate_before(session: Session, sample: Sample) -> None:
        now = session.scalars(select(Assessment).where(Assessment.first_name == "คนที่1")).one()
        organisation = session.get_one(Organisation, sample.organisation.id)
        cycle = make_cycle(
            session, organisation, sample.dictionary, OrganisationRules(), CycleState.CLOSED, code="2568"
        )
        cycle.starts_on, cycle.ends_on = date(2024, 10, 1), date(2025, 9, 30)
        before = Assessment(
            **{
                column.key: getattr(now, column.key)
                for column in Assessment.__table__.columns
                if column.key not in {"id", "cycle_id", "state", "version"}
            },
            cycle_id=cycle.id,
            state=AssessmentState.RELEASED,
        )
        session.add(before)
        session.flush()
        item = AssessmentItem(
            assessment_id=before.id,
            competency_id=sample.dictionary.competencies["c1"].id,
            sort_order=1,
            expected_level=3,
            weight_percent=100,
        )
        session.add(item)
        session.flush()
        session.add(Gap(item_id=item.id, expected_level=3, attained_level=2, gap=1))

    website.do(rate_before)
    said = words(website.sign_in("suda").get(address(website)))
    assert "คาดหวัง 3 ตนเอง – รอบก่อน 2 ที่ได้ –" in said
    assert said.count("รอบก่อน: ระดับ 2 (คาดหวัง 3)") == 1


def test_of_two_tabs_the_second_sees_what_stands_there_and_loses_nothing(website: Website) -> None:
    items = team(website, range(1, 4))
    client = website.sign_in("suda")
    first, second = (drawn(client.get(address(website))) for _tab in range(2))
    first[f"item-{items[0]}-ticks"] = [str(each) for each in website.sample.dictionary.up_to("c1", 1)]
    first[f"item-{items[0]}-evidence"] = [EVIDENCE]
    assert client.post(address(website, part=1), data=first).status_code == 303
    for item in items[:2]:
        second[f"item-{item}-ticks"] = [str(each) for each in website.sample.dictionary.up_to("c1", 3)]
        second[f"item-{item}-evidence"] = [TYPED]
    answer = client.post(address(website, part=1), data=second)
    assert answer.status_code == 409
    assert levels(website, items) == [1, 3, None]
    said = words(answer)
    assert "ข้อมูลที่มีผู้บันทึกไว้ก่อนหน้า: ระดับ 1" in said and EVIDENCE in said
    assert answer.text.count("ข้อมูลที่มีผู้บันทึกไว้ก่อนหน้า") == 1
    assert "ใช้ข้อมูลที่ผู้อื่นบันทึกแทน นายคนที่1 เพิ่มเติม" in said
    again = drawn(answer)
    assert again[f"item-{items[0]}-evidence"] == [TYPED]
    taken = client.post(address(website, part=1), data=again | {"take": [str(items[0])]})
    assert taken.status_code == 200
    assert drawn(taken)[f"item-{items[0]}-evidence"] == [EVIDENCE]
    assert client.post(address(website, part=1), data=again).status_code == 303
    assert levels(website, items) == [3, 3, None]


def test_a_version_that_cannot_be_read_is_as_good_as_an_old_one(website: Website) -> None:
    website.app.config["IDP_FORMS_CARRY_VERSION"] = True
    items = team(website, range(1, 2))
    client = website.sign_in("suda")
    for version in ("", "x", "99"):
        sent = drawn(client.get(address(website))) | {f"item-{items[0]}-version": [version]}
        sent[f"item-{items[0]}-evidence"] = [TYPED]
        answer = client.post(address(website, part=1), data=sent)
        assert answer.status_code == 409 and TYPED in answer.text
    sent.pop(f"item-{items[0]}-version")
    assert client.post(address(website, part=1), data=sent).status_code == 409
    website.app.config["IDP_FORMS_CARRY_VERSION"] = False


def test_what_was_typed_for_who_was_handed_in_meanwhile_is_given_back(website: Website) -> None:
    items = team(website, range(1, 3))
    client = website.sign_in("suda")
    sent = drawn(client.get(address(website)))
    for item in items:
        sent[f"item-{item}-evidence"] = [f"{TYPED} {item}"]

    def hand_in(numbers: list[int]) -> None:
        with website.session() as session:
            for number in numbers:
                session.get_one(Assessment, number).state = AssessmentState.RATED

    with website.session() as session:
        ids = list(session.scalars(select(Assessment.id).where(Assessment.state == AssessmentState.RATING)))
    hand_in(ids[:1])
    answer = client.post(address(website, part=1), data=sent)
    assert answer.status_code == 409
    assert f"{TYPED} {items[0]}" in answer.text and "สถานะของการประเมินเปลี่ยนไปแล้ว" in answer.text
    hand_in(ids)
    sent[f"item-{items[1]}-evidence"] = [f"{TYPED} อีกครั้ง"]
    answer = client.post(address(website, part=1), data=sent)
    assert answer.status_code == 409 and f"{TYPED} อีกครั้ง" in answer.text
    assert client.get(address(website)).status_code == 404


def test_what_is_typed_is_kept_with_the_versions_it_was_typed_on(website: Website) -> None:
    items = team(website, range(1, 3))
    client = website.sign_in("suda")
    sent = drawn(client.get(address(website)))
    sent[f"item-{items[0]}-evidence"] = [TYPED]
    pairs = [[name, text] for name, texts in sent.items() for text in texts if name != "csrf_token"]
    key = {"form_key": address(website, part=1), "content": json.dumps(pairs)}
    assert client.post("/drafts", data=key).status_code == 200
    assert rate(client, website, {items[0]: (2, EVIDENCE)}).status_code == 303
    client.post("/drafts", data=key)
    with website.session() as session:
        draft = session.scalars(select(TypedDraft.id)).one()
    page = client.get(f"{address(website)}?draft={draft}")
    assert TYPED in page.text
    assert client.post(address(website, part=1), data=drawn(page)).status_code == 409
