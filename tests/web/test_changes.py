"""The change desk in the browser: preview first, everything kept when refused, nothing entered twice."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp.models import Assessment, Assignment, Handover, StaffChange
from idp.rules.staff_changes import Consequence
from idp.rules.terms import AssessmentState
from tests.factories.office import Office
from tests.factories.sample import at
from tests.services.cycle_cast import DAY, open_cycle
from tests.web.reading import words

DAY_TYPED = "5/10/2569"


def typed(**fields: str) -> dict[str, str]:
    """staff4 comes under Malee, with Prasit above her."""
    usual = {
        "kind": "supervisor_change",
        "effective_on": DAY_TYPED,
        "order_number": "152/2569",
        "supervisor": "00003",
        "second_level": "00001",
    }
    return usual | fields


def address(office: Office, name: str, step: str = "") -> str:
    return f"/changes/new/{office.town.employees[name].id}{step}"


def preview(client: FlaskClient, office: Office, name: str, **fields: str) -> TestResponse:
    return client.post(address(office, name, "/preview"), data=typed(**fields))


def seen_on(page: TestResponse) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page.text)
    assert found is not None
    return found[1]


def assessment_of(office: Office, name: str) -> Assessment:
    with office.session() as session:
        return session.scalars(
            select(Assessment).where(Assessment.employee_id == office.town.employees[name].id)
        ).one()


@pytest.fixture
def opened(office: Office) -> Office:
    office.do(open_cycle)
    return office


def test_the_journey_from_the_person_to_the_done_page(opened: Office) -> None:
    client = opened.sign_in("malee")
    assert address(opened, "staff4") in client.get(f"/staff/{opened.town.employees['staff4'].id}").text
    found = client.get("/changes/?person=00004")
    assert found.status_code == 302 and found.location.endswith(address(opened, "staff4"))
    form = client.get(address(opened, "staff4"))
    assert form.status_code == 200 and 'value="นายสุดา ใจดี"' in form.text
    shown = preview(client, opened, "staff4")
    text = words(shown)
    assert shown.status_code == 200 and "ผู้ประเมินปัจจุบัน: นายสุดา ใจดี" in text
    assert "รอบที่เปิดแล้วยังใช้ตำแหน่ง สังกัด และระดับที่คาดหวังตามวันเปิดรอบ" in text
    with opened.session() as session:
        assert session.scalars(select(StaffChange)).all() == []
    assessment = assessment_of(opened, "staff4")
    sent = typed(seen=seen_on(shown), **{f"choice-{assessment.id}": "hand_over"})
    done = client.post(address(opened, "staff4"), data=sent)
    assert done.status_code == 302
    page = words(client.get(done.location))
    assert "จากนายสุดา ใจดี เป็นนายมาลี ใจดี" in page and "รอบันทึกส่งมอบของผู้ประเมินเดิม" in page
    assert "รอบันทึกส่งมอบ 1 รายการ" in words(client.get("/changes/?awaited=1"))


def test_a_second_click_leads_to_the_change_that_is_there(opened: Office) -> None:
    client = opened.sign_in("malee")
    sent = typed(seen=seen_on(preview(client, opened, "staff4")))
    first, second = (client.post(address(opened, "staff4"), data=sent) for _click in range(2))
    assert first.status_code == second.status_code == 302
    assert first.location == second.location
    with opened.session() as session:
        assert len(session.scalars(select(StaffChange)).all()) == 1


def test_what_moved_meanwhile_answers_409_with_every_choice_kept(opened: Office) -> None:
    client = opened.sign_in("malee")
    seen = seen_on(preview(client, opened, "staff4"))
    assessment = assessment_of(opened, "staff4")
    with opened.session() as session:
        session.get_one(Assessment, assessment.id).state = AssessmentState.SELF_SUBMITTED
    choices = {f"choice-{assessment.id}": "exempt", f"reason-{assessment.id}": "เหตุผลเฉพาะราย"}
    answer = client.post(address(opened, "staff4"), data=typed(seen=seen, **choices))
    assert answer.status_code == 409
    assert "มีผู้บันทึกข้อมูลนี้ก่อนท่าน" in words(answer)
    assert 'value="เหตุผลเฉพาะราย"' in answer.text and 'value="exempt" selected' in answer.text
    assert seen_on(answer) != seen
    again = client.post(address(opened, "staff4"), data=typed(seen=seen_on(answer), **choices))
    assert again.status_code == 302
    assert assessment_of(opened, "staff4").state is AssessmentState.EXEMPTED


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "flight"}, "kind"),
        ({"effective_on": "เมื่อวาน"}, "effective_on"),
        ({"effective_on": ""}, "effective_on"),
        ({"effective_on": "6/10/2569"}, "effective_on"),
        ({"effective_on": "1/10/2563"}, "effective_on"),
        ({"supervisor": ""}, "supervisor"),
        ({"supervisor": "00004"}, "supervisor"),
        ({"second_level": "00003"}, "second_level"),
        ({"kind": "transfer", "unit_id": "x"}, "unit_id"),
        ({"kind": "transfer", "unit_id": ""}, "position_name"),
        ({"kind": "leave", "until_on": "4/10/2569"}, "until_on"),
        ({"order_number": "๑" * 101}, "order_number"),
    ],
)
def test_a_wrong_field_comes_back_with_everything_typed(
    opened: Office, fields: dict[str, str], wrong: str
) -> None:
    answer = preview(opened.sign_in("malee"), opened, "staff4", reason="บันทึกไว้", **fields)
    assert answer.status_code == 422
    assert f'id="error-{wrong}"' in answer.text
    assert "บันทึกไว้" in answer.text


def test_a_supervisor_who_leaves_hands_the_whole_team_over(opened: Office) -> None:
    client = opened.sign_in("malee")
    fields = {"kind": "resignation", "reason": "ลาออก"}
    shown = preview(client, opened, "suda", **fields)
    assert "ผู้ใต้บังคับบัญชา 3 คน" in words(shown)
    sent = typed(seen=seen_on(shown), **fields)
    refused = client.post(address(opened, "suda"), data=sent)
    assert refused.status_code == 422 and 'id="error-team_supervisor"' in refused.text
    sent["team_supervisor"] = "00001"
    refused = client.post(address(opened, "suda"), data=sent)
    assert refused.status_code == 422, "Prasit stands above them already"
    assert 'id="error-team_second"' in refused.text and 'value="00001"' in refused.text
    sent |= {"team_second": "นายนายก มั่นคง", f"choice-{assessment_of(opened, 'staff5').id}": "bogus"}
    done = client.post(address(opened, "suda"), data=sent)
    assert done.status_code == 422, "not one of the consequences"
    sent.pop(f"choice-{assessment_of(opened, 'staff5').id}")
    sent[f"supervisor-{opened.town.employees['staff6'].id}"] = "00003"
    assert client.post(address(opened, "suda"), data=sent).status_code == 302
    prasit, malee = opened.town.persons["prasit"].id, opened.town.persons["malee"].id
    assert assessment_of(opened, "staff4").supervisor_person_id == prasit
    assert assessment_of(opened, "staff6").supervisor_person_id == malee
    assert assessment_of(opened, "suda").state is AssessmentState.EXEMPTED
    page = client.get(f"/changes/{_only_change(opened)}")
    assert "บัญชีผู้ใช้ของผู้นี้ยังเปิดอยู่" in page.text


def _only_change(office: Office) -> int:
    with office.session() as session:
        return session.scalars(select(StaffChange.id)).one()


def test_fifty_people_below_take_as_many_statements_as_three(office: Office) -> None:
    office.do(open_cycle)
    client = office.sign_in("malee")

    def statements() -> int:
        from sqlalchemy import event

        from idp.database import db

        seen: list[str] = []

        def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        with office.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", count)
        try:
            assert preview(client, office, "suda", kind="death").status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(seen)

    few = statements()

    def fifty(town: object) -> None:
        for number in range(7, 57):
            town.add(f"staff{number}")  # type: ignore[attr-defined]

    office.do(fifty)
    assert statements() <= few
    shown = preview(client, office, "suda", kind="death")
    sent = typed(kind="death", seen=seen_on(shown), team_supervisor="00003", reason="ถึงแก่กรรม")
    assert client.post(address(office, "suda"), data=sent).status_code == 302
    malee = office.town.persons["malee"].id
    with office.session() as session:
        open_posts = select(Assignment).where(
            Assignment.until_on.is_(None), Assignment.supervisor_person_id == malee
        )
        assert len(session.scalars(open_posts).all()) == 53
        assert {each.consequence for each in session.scalars(select(Handover)) if each.from_person_id} == {
            Consequence.HAND_OVER
        }


def test_the_head_of_nobody_and_a_day_later_is_a_plain_page(opened: Office) -> None:
    opened.clock.moment = at(DAY)
    shown = preview(opened.sign_in("malee"), opened, "staff6", kind="leave")
    assert "ผู้ใต้บังคับบัญชา" not in words(shown).replace("เปลี่ยนเฉพาะผู้บังคับบัญชา", "")


def test_who_may_not_neither_reads_nor_enters(opened: Office) -> None:
    for name, reads, enters in (
        ("olan", 200, 404),
        ("wipa", 200, 403),
        ("prasit", 403, 403),
        ("suda", 403, 403),
        ("staff4", 403, 403),
    ):
        client = opened.sign_in(name)
        assert client.get("/changes/").status_code == reads, name
        assert client.get(address(opened, "staff4")).status_code == enters, name
        assert preview(client, opened, "staff4").status_code == enters, name
        sent = typed(seen="0" * 32)
        assert client.post(address(opened, "staff4"), data=sent).status_code == enters, name
    with opened.session() as session:
        assert session.scalars(select(StaffChange)).all() == []


def test_a_change_of_another_organisation_is_as_good_as_missing(opened: Office) -> None:
    client = opened.sign_in("malee")
    client.post(address(opened, "staff4"), data=typed(seen=seen_on(preview(client, opened, "staff4"))))
    change_id = _only_change(opened)
    assert client.get(f"/changes/{change_id}").status_code == 200
    assert opened.sign_in("wipa").get(f"/changes/{change_id}").status_code == 200
    olan = opened.sign_in("olan")
    missing = olan.get("/changes/99999")
    answer = olan.get(f"/changes/{change_id}")
    assert answer.status_code == missing.status_code == 404
    assert answer.text.replace(f"/changes/{change_id}", "") == missing.text.replace("/changes/99999", "")
