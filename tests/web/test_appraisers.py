"""Appraisers from outside: named, with a log-in, rating the head of the organisation, and gone again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from idp.models import Assessment, ExternalAppraiser, HistoryEntry, Person
from idp.rules.terms import AssessmentState, RaterKind
from idp.services import assessments, ratings
from idp.services.ratings import RatingEntry
from tests.factories.office import Office
from tests.services.cycle_cast import NOW, Town, draft_cycle, open_cycle

OWN = "three words of my own"
RATING = NOW + timedelta(days=10)
"""The rating's phase is open: 15 October 2569."""


def typed(**unlike: str) -> dict[str, str]:
    return {
        "title_th": "นาย",
        "first_name": "ผู้ว่า",
        "last_name": "คนใหม่",
        "position_name": "ผู้ว่าราชการจังหวัด",
        "email": "",
    } | unlike


def named(office: Office, name: str = "ผู้ว่า") -> ExternalAppraiser | None:
    with office.session() as session:
        return session.scalars(
            select(ExternalAppraiser)
            .join(Person, Person.id == ExternalAppraiser.person_id)
            .where(Person.first_name == name)
            .order_by(ExternalAppraiser.id)
        ).first()


def test_an_appraiser_is_named_with_position_and_written_down(office: Office) -> None:
    client = office.sign_in("malee")
    answer = client.post("/appraisers/", data=typed())
    found = named(office)
    assert found is not None and answer.headers["Location"] == f"/appraisers/{found.id}"
    assert "ผู้ว่าราชการจังหวัด" in client.get("/appraisers/").text
    with office.session() as session:
        events = session.scalars(select(HistoryEntry.event).where(HistoryEntry.event == "name_appraiser"))
        assert events.all() == ["name_appraiser"]


@pytest.mark.parametrize(
    ("unlike", "fields"),
    [
        ({"first_name": ""}, ["first_name"]),
        ({"last_name": " ", "position_name": ""}, ["last_name", "position_name"]),
        ({"title_th": "ก" * 41}, ["title_th"]),
        ({"first_name": "ก" * 101}, ["first_name"]),
        ({"position_name": "ก" * 201}, ["position_name"]),
        ({"email": "ไม่ใช่อีเมล"}, ["email"]),
        ({"first_name": "นายก", "last_name": "มั่นคง"}, ["first_name"]),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_kept(
    office: Office, unlike: dict[str, str], fields: list[str]
) -> None:
    sent = typed(**unlike)
    answer = office.sign_in("malee").post("/appraisers/", data=sent)
    assert answer.status_code == 422
    for field in fields:
        assert f'id="error-{field}"' in answer.text
    assert f'value="{sent["position_name"]}"' in answer.text
    assert named(office) is None


def test_the_head_passes_pre_flight_under_an_appraiser_and_not_after_their_term(office: Office) -> None:
    cycle_id, client = office.do(lambda town: draft_cycle(town).id), office.sign_in("malee")
    assert "พร้อมเปิดรอบ" in client.get(f"/cycles/{cycle_id}/preflight").text
    mayor = named(office, "นายก")
    assert mayor is not None
    assert client.post(f"/appraisers/{mayor.id}/end", data={"last_on": "4/10/2569"}).status_code == 302
    page = client.get(f"/cycles/{cycle_id}/preflight").text
    assert "ยังเปิดรอบไม่ได้" in page and "00001" in page
    assert "กำหนดผู้ประเมินคนใหม่" in client.get(f"/appraisers/{mayor.id}").text
    prasit = office.town.employees["prasit"].id
    line = {"supervisor": "นายผู้ว่า คนใหม่", "second_level": "", "from_on": "5/10/2569"}
    assert client.post(f"/staff/{prasit}/supervisors", data=line).status_code == 422
    client.post("/appraisers/", data=typed())
    assert client.post(f"/staff/{prasit}/supervisors", data=line).status_code == 302
    for name in ("suda", "malee"):  # the former mayor was their second level
        number = office.town.employees[name].id
        line = {"supervisor": "00001", "second_level": "นายผู้ว่า คนใหม่", "from_on": "5/10/2569"}
        assert client.post(f"/staff/{number}/supervisors", data=line).status_code == 302
    assert "พร้อมเปิดรอบ" in client.get(f"/cycles/{cycle_id}/preflight").text


def self_rated(town: Town) -> int:
    """The clerk's own assessment, handed in; returns its id."""
    session = town.session
    open_cycle(town)
    assessment = session.scalars(
        select(Assessment).where(Assessment.owner_person_id == town.persons["prasit"].id)
    ).one()
    actor = town.actor("prasit")
    assessments.start_self(session, actor, assessment.id, NOW)
    entries = {item.id: RatingEntry(frozenset(), 1, "งานที่ทำ") for item in assessment.items}
    ratings.save_ratings(session, actor, assessment.id, RaterKind.SELF, entries, NOW)
    assessments.submit_self(session, actor, assessment.id, NOW)
    return assessment.id


def test_the_mayor_logs_in_sees_the_clerk_and_rates_until_the_term_ends(office: Office) -> None:
    assessment_id = office.do(self_rated)
    office.clock.moment = RATING
    officer = office.sign_in("malee")
    mayor = office.town.persons["mayor"].id
    handed = officer.post(f"/accounts/{mayor}/create", data={"login": "mayor"}).text
    login, password = re.findall(r'<code class="hand-over">([^<]+)</code>', handed)
    client = office.app.test_client()
    assert client.post("/login", data={"login": login, "password": password}).status_code == 302
    own = {"old_password": password, "new_password": OWN, "new_password_again": OWN}
    assert client.post("/account/password", data=own).status_code == 302
    assert "นายประสิทธิ์ ใจดี" in client.get("/team/").text
    assert "00004" not in client.get("/team/").text
    record = f"/assessments/{assessment_id}"
    assert client.get(record).status_code == 200
    assert client.post(f"{record}/steps/start_rating", data={}).status_code == 302

    def hand_in(town: Town) -> AssessmentState:
        assessment = town.session.get_one(Assessment, assessment_id)
        actor = town.actor("mayor")
        entries = {item.id: RatingEntry(frozenset(), 1, "เหตุการณ์") for item in assessment.items}
        ratings.save_ratings(town.session, actor, assessment_id, RaterKind.SUPERVISOR, entries, RATING)
        return assessments.submit_rating(town.session, actor, assessment_id, RATING).state

    assert office.do(hand_in) is AssessmentState.RATED
    appraiser = named(office, "นายก")
    assert appraiser is not None
    ended = officer.post(f"/appraisers/{appraiser.id}/end", data={"last_on": "14/10/2569"})
    assert ended.status_code == 302
    assert client.get(record).status_code == 404
    assert "ยังไม่ได้ผูกกับหน่วยงานใด" in client.get("/").text
    assert "ประสิทธิ์" not in client.get("/team/").text
    again = officer.post(f"/appraisers/{appraiser.id}/end", data={"last_on": "15/10/2569"})
    assert again.status_code == 409


@pytest.mark.parametrize("last_on", ["", "วันนี้", "3/10/2569"])
def test_an_end_needs_a_day_from_yesterday_on(office: Office, last_on: str) -> None:
    mayor = named(office, "นายก")
    assert mayor is not None
    answer = office.sign_in("malee").post(f"/appraisers/{mayor.id}/end", data={"last_on": last_on})
    assert answer.status_code == 422 and 'id="error-last_on"' in answer.text


def test_a_position_is_corrected_for_what_is_opened_later(office: Office) -> None:
    mayor = named(office, "นายก")
    assert mayor is not None
    client = office.sign_in("malee")
    sent = {"position_name": "นายกเทศมนตรีเมือง", "email": "mayor@example.go.th"}
    assert client.post(f"/appraisers/{mayor.id}/correct", data=sent).status_code == 302
    page = client.get(f"/appraisers/{mayor.id}").text
    assert "นายกเทศมนตรีเมือง" in page and "mayor@example.go.th" in page
    refused = client.post(f"/appraisers/{mayor.id}/correct", data={"position_name": "", "email": "x"})
    assert refused.status_code == 422 and 'id="error-position_name"' in refused.text


def test_who_may_not_names_nobody(office: Office) -> None:
    mayor = named(office, "นายก")
    assert mayor is not None
    for name, reads, writes in (("olan", 404, 404), ("wipa", 200, 403), ("suda", 403, 403)):
        client = office.sign_in(name)
        assert client.get(f"/appraisers/{mayor.id}").status_code == reads, name
        for path, data in (("end", {"last_on": "5/10/2569"}), ("correct", {"position_name": "x"})):
            answer = client.post(f"/appraisers/{mayor.id}/{path}", data=data)
            assert answer.status_code == writes, (name, path)
    assert office.sign_in("suda").post("/appraisers/", data=typed()).status_code == 403
