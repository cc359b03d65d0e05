"""The register of staff: found, read, and mended by the officer so that pre-flight passes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from idp.models import Assignment, HistoryEntry, Person
from idp.rules.terms import SubjectType
from tests.factories.office import Office
from tests.services.cycle_cast import DAY, Town, draft_cycle, open_cycle


def current(office: Office, name: str) -> Assignment:
    with office.session() as session:
        return session.scalars(
            select(Assignment).where(
                Assignment.employee_id == office.town.employees[name].id, Assignment.until_on.is_(None)
            )
        ).one()


def address(office: Office, name: str, path: str = "") -> str:
    return f"/staff/{office.town.employees[name].id}{path}"


def line(**typed: str) -> dict[str, str]:
    return {"supervisor": "00001", "second_level": "", "from_on": "5/10/2569"} | typed


def test_the_list_shows_who_serves_with_position_supervisor_and_account(office: Office) -> None:
    page = office.sign_in("malee").get("/staff/").text
    assert "นายสุดา ใจดี" in page and "นักจัดการงานทั่วไปชำนาญการ" in page
    assert 'href="/cycles/new"' not in page
    assert "00006" in page and "neighbour" not in page


def test_the_list_finds_by_name_unit_and_what_is_lacking(office: Office) -> None:
    def act(town: Town) -> None:
        town.persons["staff6"].email = None
        town.place("staff4", supervisor=None, second=None, from_on=DAY)

    office.do(act)
    client = office.sign_in("malee")
    for query, found in (
        ("text=สุดา", {"00002"}),
        ("without=email", {"00006"}),
        ("without=supervisor", {"00004"}),
        (f"unit={office.town.section.id}&text=0000", {"00002", "00003", "00004", "00005", "00006"}),
        ("text=ไม่มี", set()),
    ):
        page = client.get(f"/staff/?{query}").text
        assert {number for number in (f"0000{n}" for n in range(1, 7)) if f">{number}<" in page} == found, (
            query
        )


def test_the_page_of_one_shows_the_history_of_positions_and_the_roles(office: Office) -> None:
    office.do(lambda town: town.place("staff4", supervisor="prasit", from_on=DAY))
    client = office.sign_in("malee")
    page = client.get(address(office, "staff4")).text
    assert "1 ต.ค. 2563 - 4 ต.ค. 2569" in page and "ตั้งแต่ 5 ต.ค. 2569" in page
    assert "ผู้รับผิดชอบงานการเจ้าหน้าที่" in client.get(address(office, "malee")).text


@pytest.mark.parametrize("typed", ["somchai@example.go.th", "  a.b@c.go.th ", ""])
def test_an_address_is_written_trimmed_or_taken_away(office: Office, typed: str) -> None:
    answer = office.sign_in("malee").post(address(office, "staff4", "/email"), data={"email": typed})
    assert answer.status_code == 302
    with office.session() as session:
        assert session.get_one(Person, office.town.persons["staff4"].id).email == (typed.strip() or None)
        entry = select(HistoryEntry.event).where(
            HistoryEntry.subject_type == SubjectType.EMPLOYEE, HistoryEntry.event == "correct_email"
        )
        assert session.scalars(entry).all() == ["correct_email"]


@pytest.mark.parametrize(
    "typed", ["somchai", "a@b", "a b@c.th", "a@b@c.th", "a@" + "x" * 260 + ".th", "a@b.th,c@d.th"]
)
def test_what_is_no_address_is_refused_at_the_field_and_kept(office: Office, typed: str) -> None:
    answer = office.sign_in("malee").post(address(office, "staff4", "/email"), data={"email": typed})
    assert answer.status_code == 422
    assert 'id="error-email"' in answer.text and f'value="{typed}"' in answer.text


def test_a_new_supervisor_begins_a_new_assignment_from_the_day_typed(office: Office) -> None:
    typed = line(second_level="นายนายก มั่นคง", from_on="5 ต.ค. 2569")
    assert (
        office.sign_in("malee").post(address(office, "staff4", "/supervisors"), data=typed).status_code == 302
    )
    now = current(office, "staff4")
    assert now.from_on == DAY
    assert now.supervisor_person_id == office.town.persons["prasit"].id
    assert now.second_level_person_id == office.town.persons["mayor"].id
    assert now.unit_id == office.town.section.id


def test_a_choice_from_the_list_is_understood_as_it_is_written_there(office: Office) -> None:
    client = office.sign_in("malee")
    assert '<option value="00002 นายสุดา ใจดี">' in client.get(address(office, "staff4")).text
    client.post(address(office, "staff4", "/supervisors"), data=line(supervisor="00002 นายสุดา ใจดี"))
    assert current(office, "staff4").supervisor_person_id == office.town.persons["suda"].id


def test_the_same_day_again_corrects_the_assignment_instead_of_adding_one(office: Office) -> None:
    client = office.sign_in("malee")
    for supervisor in ("00001", "00002"):
        assert (
            client.post(
                address(office, "staff4", "/supervisors"), data=line(supervisor=supervisor)
            ).status_code
            == 302
        )
    with office.session() as session:
        rows = session.scalars(
            select(Assignment).where(Assignment.employee_id == office.town.employees["staff4"].id)
        ).all()
    assert len(rows) == 2
    assert current(office, "staff4").supervisor_person_id == office.town.persons["suda"].id


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"supervisor": "99999"}, "supervisor"),
        ({"supervisor": "นายไม่มี ใครรู้จัก"}, "supervisor"),
        ({"supervisor": ""}, "supervisor"),
        ({"supervisor": "00004"}, "supervisor"),
        ({"second_level": "00001"}, "second_level"),
        ({"second_level": "00004"}, "second_level"),
        ({"from_on": "พรุ่งนี้"}, "from_on"),
        ({"from_on": ""}, "from_on"),
        ({"from_on": "30/9/2563"}, "from_on"),
    ],
)
def test_a_wrong_line_of_supervision_is_refused_at_its_field_with_everything_kept(
    office: Office, typed: dict[str, str], field: str
) -> None:
    form = line(**typed)
    answer = office.sign_in("malee").post(address(office, "staff4", "/supervisors"), data=form)
    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text
    for text in form.values():
        assert f'value="{text}"' in answer.text
    assert current(office, "staff4").supervisor_person_id == office.town.persons["suda"].id


def test_two_of_one_name_are_told_apart_by_number(office: Office) -> None:
    def act(town: Town) -> None:
        town.persons["staff6"].display_name = town.persons["staff5"].display_name

    office.do(act)
    client = office.sign_in("malee")
    refused = client.post(address(office, "staff4", "/supervisors"), data=line(supervisor="นายลำดับที่5 ใจดี"))
    assert refused.status_code == 422 and "โปรดกรอกเลขประจำตัว" in refused.text


def test_what_pre_flight_finds_is_mended_here(office: Office) -> None:
    def act(town: Town) -> int:
        town.place("staff4", supervisor=None, second=None, from_on=DAY)
        return draft_cycle(town).id

    cycle_id, client = office.do(act), office.sign_in("malee")
    assert "ยังเปิดรอบไม่ได้" in client.get(f"/cycles/{cycle_id}/preflight").text
    client.post(address(office, "staff4", "/supervisors"), data=line())
    assert "พร้อมเปิดรอบ" in client.get(f"/cycles/{cycle_id}/preflight").text


def test_a_cycle_already_open_keeps_whom_it_froze(office: Office) -> None:
    cycle_id = office.do(lambda town: open_cycle(town).id)
    client = office.sign_in("malee")
    client.post(address(office, "staff4", "/supervisors"), data=line(from_on="6/10/2569"))
    page = client.get(f"/cycles/{cycle_id}/people?text=00004").text
    assert "นายสุดา ใจดี" in page and "นายประสิทธิ์ ใจดี" not in page


def test_who_may_not_neither_reads_nor_mends(office: Office) -> None:
    person = address(office, "staff4")
    for name, reads, mends in (
        ("olan", 404, 404),
        ("wipa", 200, 403),
        ("prasit", 403, 403),
        ("suda", 403, 403),
        ("staff4", 403, 403),
    ):
        client = office.sign_in(name)
        assert client.get(person).status_code == reads, name
        assert client.post(f"{person}/email", data={"email": "x@y.go.th"}).status_code == mends, name
        assert client.post(f"{person}/supervisors", data=line()).status_code == mends, name
    with office.session() as session:
        assert session.get_one(Person, office.town.persons["staff4"].id).email != "x@y.go.th"
    assert "/email" not in office.sign_in("wipa").get(person).text
