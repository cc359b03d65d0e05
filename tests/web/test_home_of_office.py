"""What waits for the personnel office on its home page, and the names of rounds there."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, Extension, RoleGrant
from idp.rules.terms import PhaseKind, Role
from idp.services.extensions import ask_for_time
from idp.services.objections import lodge_objection, withdraw_objection
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.factories.website import A_DAY, Website
from tests.web.reading import counted, words

HEADING = "เรื่องที่รอการพิจารณาของงานการเจ้าหน้าที่"
LODGED_ON = steps.RECEIPT_DAY + timedelta(days=10)


def lodge(session: Session, sample: Sample) -> int:
    steps.received(session, sample)
    return lodge_objection(
        session, sample.cast.somchai, sample.assessment.id, "ไม่ได้นำผลงานมาพิจารณา", at(LODGED_ON)
    ).id


def ask(session: Session, sample: Sample) -> Extension:
    """Somchai asks on the first day of the tests."""
    return ask_for_time(
        session,
        sample.cast.somchai,
        sample.assessment.id,
        PhaseKind.SELF_ASSESSMENT,
        date(2025, 10, 27),
        "ไปราชการ",
        at(A_DAY),
    )


def make_olan_hr(session: Session, sample: Sample) -> None:
    olan = sample.cast.olan
    held = select(RoleGrant.id).where(
        RoleGrant.person_id == olan.person_id, RoleGrant.role == Role.HR_OFFICER
    )
    if session.scalar(held) is None:
        session.add(
            RoleGrant(
                organisation_id=olan.organisation_id,
                person_id=olan.person_id,
                role=Role.HR_OFFICER,
                from_on=date(2025, 1, 1),
            )
        )


def home(website: Website, name: str) -> str:
    return words(website.sign_in(name).get("/"))


def test_hr_sees_how_many_objections_wait_and_for_how_long(website: Website) -> None:
    website.do(lodge)
    website.clock.moment = at(LODGED_ON + timedelta(days=4))
    answer = website.sign_in("malee").get("/")
    page = words(answer)
    assert f"{HEADING} เรื่องร้องทุกข์ที่อยู่ระหว่างการพิจารณา 1 เรื่อง รอนานที่สุด 4 วัน" in page
    assert answer.text.split("<main")[1].count('href="/objections/"') == 1
    assert "คำขอขยายเวลาที่รอการพิจารณา" not in page


def test_hr_sees_how_many_requests_for_more_time_wait(website: Website) -> None:
    website.do(ask)
    website.clock.moment = at(A_DAY + timedelta(days=2))
    answer = website.sign_in("malee").get("/")
    page = words(answer)
    assert f"{HEADING} คำขอขยายเวลาที่รอการพิจารณา 1 เรื่อง รอนานที่สุด 2 วัน" in page
    assert answer.text.split("<main")[1].count('href="/extensions/"') == 1
    assert "วันนี้ไม่มีเรื่องที่ท่านต้องดำเนินการ" not in page


def test_nobody_else_sees_what_waits_nor_the_officer_of_another_organisation(website: Website) -> None:
    website.do(lodge)
    website.do(make_olan_hr)
    website.clock.moment = at(LODGED_ON + timedelta(days=4))
    for name in ("somchai", "suda", "prasit", "anong", "olan"):
        assert HEADING not in home(website, name), name


def test_an_officer_does_not_wait_for_their_own_decision(website: Website) -> None:
    website.do(ask)

    def hand_to_malee(session: Session, sample: Sample) -> None:
        session.get_one(Assessment, sample.assessment.id).owner_person_id = sample.cast.malee.person_id  # type: ignore[assignment]

    website.do(hand_to_malee)
    assert HEADING not in home(website, "malee")


def test_what_is_over_waits_no_longer(website: Website) -> None:
    number = website.do(lodge)
    website.do(
        lambda session, sample: withdraw_objection(
            session, sample.cast.somchai, number, at(LODGED_ON + timedelta(days=1))
        )
    )
    website.clock.moment = at(LODGED_ON + timedelta(days=4))
    assert HEADING not in home(website, "malee")


def test_what_waits_is_one_statement_and_only_for_the_office(website: Website) -> None:
    website.do(ask)
    found = {}
    for name in ("malee", "somchai"):
        client = website.sign_in(name)
        with counted(website.app) as statements:
            client.get("/")
        found[name] = sum("extension.asked_at" in text for text in statements.texts)
    assert found == {"malee": 1, "somchai": 0}


def test_an_english_page_names_the_round_in_english_where_it_has_such_a_name(website: Website) -> None:
    client = website.sign_in("somchai")
    client.post("/language", data={"language": "en"})
    thai = website.sample.cycle.name_th

    def todos() -> str:
        return client.get("/").text.partition('<ul class="todo-list">')[2].partition("</ul>")[0]

    assert thai in todos()
    with website.session() as session:
        session.get_one(Cycle, website.sample.cycle.id).name_en = "The round of 2026"
    assert "The round of 2026" in todos() and thai not in todos()
