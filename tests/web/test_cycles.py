"""The personnel officer's pages of cycles: create, check, open, extend; and those who may not."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from idp.models import Assessment, Cycle
from idp.rules.calendar import FiscalYear
from idp.rules.phases import default_phases
from idp.rules.terms import CycleState, PhaseKind
from idp.services.cycles import publish_cycle, update_phases
from idp.services.opening import begin_opening, continue_opening
from idp.web.forms.cycles import phase_fields
from tests.factories.office import STAFF, Office
from tests.services.cycle_cast import DAY, NOW, Town, draft_cycle, open_cycle

NAMES = {"fiscal_year": "2570", "code": "2570", "name_th": "รอบการประเมินประจำปีงบประมาณ พ.ศ. 2570"}


def dates(**typed: str) -> dict[str, str]:
    """The fields of step 2 with the proposed dates, some typed over."""
    written = {
        name: f"{day.day}/{day.month}/{day.year + 543}"
        for kind, days in default_phases(FiscalYear(2570)).items()
        for name, day in zip(phase_fields(kind), days, strict=True)
    }
    return written | {name.replace("__", "-"): text for name, text in typed.items()}


def drafted(office: Office) -> int:
    return office.do(lambda town: draft_cycle(town).id)


def published(office: Office) -> int:
    def act(town: Town) -> int:
        cycle = draft_cycle(town)
        publish_cycle(town.session, town.actor("malee"), cycle.id, NOW)
        return cycle.id

    return office.do(act)


def opened(office: Office) -> int:
    return office.do(lambda town: open_cycle(town).id)


def state_of(office: Office, cycle_id: int) -> CycleState:
    with office.session() as session:
        return session.get_one(Cycle, cycle_id).state


def version_of(office: Office, cycle_id: int) -> int:
    with office.session() as session:
        return session.get_one(Cycle, cycle_id).version


def send_event(office: Office, name: str, cycle_id: int, event: str, version: int | None = None) -> int:
    form = {"event": event, "version": str(version or version_of(office, cycle_id))}
    return office.sign_in(name).post(f"/cycles/{cycle_id}/events", data=form).status_code


def test_without_a_cycle_the_list_offers_to_make_one(office: Office) -> None:
    page = office.sign_in("malee").get("/cycles/").text
    assert "หน่วยงานยังไม่มีรอบการประเมิน" in page
    assert 'href="/cycles/new"' in page
    assert 'href="/cycles/new"' not in office.sign_in("wipa").get("/cycles/").text


def test_step_one_proposes_the_year_that_we_are_in(office: Office) -> None:
    page = office.sign_in("malee").get("/cycles/new").text
    assert re.search(r'<option value="2570" selected>', page)
    assert 'value="รอบการประเมินประจำปีงบประมาณ พ.ศ. 2570"' in page
    assert "กรอบสมรรถนะตัวอย่าง" in page and "แสดงพฤติกรรมเกินกึ่งหนึ่ง" in page


def test_step_one_proposes_the_next_year_where_this_one_has_its_cycle(office: Office) -> None:
    drafted(office)
    page = office.sign_in("malee").get("/cycles/new").text
    assert re.search(r'<option value="2571" selected>', page)
    assert 'name="code" type="text" value="2571"' in page


def test_another_year_brings_its_own_names_unless_they_were_written_by_hand(office: Office) -> None:
    client = office.sign_in("malee")
    changed = {**NAMES, "fiscal_year": "2571", "proposed_for": "2570"}
    page = client.get("/cycles/new/dates", query_string=changed).text
    assert "พ.ศ. 2571</strong>" in page
    assert 'value="1/10/2570"' in page  # the year 2571 begins in October 2570
    by_hand = client.get("/cycles/new/dates", query_string=changed | {"name_th": "รอบพิเศษ", "code": "S"}).text
    assert "<strong>รอบพิเศษ</strong>" in by_hand


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"fiscal_year": "69"}, "fiscal_year"),
        ({"fiscal_year": "0012"}, "fiscal_year"),
        ({"code": " "}, "code"),
        ({"name_th": ""}, "name_th"),
    ],
)
def test_step_one_refuses_at_the_field_and_loses_nothing(
    office: Office, typed: dict[str, str], field: str
) -> None:
    answer = office.sign_in("malee").get(
        "/cycles/new/dates", query_string={**NAMES, "name_en": "Kept", **typed}
    )
    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text
    assert 'value="Kept"' in answer.text


def test_a_code_that_is_taken_is_refused_in_both_steps(office: Office) -> None:
    drafted(office)
    client = office.sign_in("malee")
    assert client.get("/cycles/new/dates", query_string=NAMES).status_code == 422
    answer = client.post("/cycles/new/dates", data=NAMES | dates())
    assert answer.status_code == 422
    assert 'id="error-code"' in answer.text


def test_the_two_steps_make_a_draft_with_the_dates_as_people_write_them(office: Office) -> None:
    client = office.sign_in("malee")
    assert client.get("/cycles/new/dates", query_string=NAMES).status_code == 200
    typed = dates(
        self_assessment__opens_on="๑ ตุลาคม ๒๕๖๙",
        self_assessment__due_on="25 ต.ค. 2569",
        rating__due_on="2026-11-04",
    )
    answer = client.post("/cycles/new/dates", data=NAMES | typed, follow_redirects=True)
    assert answer.status_code == 200
    assert "1 - 25 ตุลาคม 2569" in answer.text
    with office.session() as session:
        assert session.scalars(select(Cycle.state)).all() == [CycleState.DRAFT]


def test_a_year_that_cannot_be_is_refused_by_step_two_as_well(office: Office) -> None:
    answer = office.sign_in("malee").post(
        "/cycles/new/dates", data={**NAMES, **dates(), "fiscal_year": "0012"}
    )
    assert answer.status_code == 422 and 'id="error-fiscal_year"' in answer.text


def test_every_wrong_date_is_told_at_its_field_and_nothing_typed_is_lost(office: Office) -> None:
    typed = dates(
        self_assessment__due_on="31/2/2570",
        rating__due_on="",
        release__due_on="พรุ่งนี้",
        receipt__due_on="2/12/2569",
    )
    answer = office.sign_in("malee").post("/cycles/new/dates", data=NAMES | typed)
    assert answer.status_code == 422
    for field in ("self_assessment-due_on", "rating-due_on", "release-due_on"):
        assert f'id="error-{field}"' in answer.text
    assert 'value="31/2/2570"' in answer.text and 'value="พรุ่งนี้"' in answer.text
    assert 'value="2/12/2569"' in answer.text and "2 ธันวาคม 2569" in answer.text
    with office.session() as session:
        assert session.scalar(select(func.count()).select_from(Cycle)) == 0


def test_what_cannot_be_read_does_not_hide_what_does_not_fit(office: Office) -> None:
    typed = dates(rating__due_on="พรุ่งนี้", self_assessment__opens_on="30/9/2569", release__due_on="1/10/2569")
    answer = office.sign_in("malee").post("/cycles/new/dates", data=NAMES | typed)
    for field in ("rating-due_on", "self_assessment-opens_on", "release-due_on"):
        assert f'id="error-{field}"' in answer.text


def test_several_dates_that_do_not_fit_the_year_are_told_at_once(office: Office) -> None:
    typed = dates(self_assessment__opens_on="30/9/2569", plan_evaluation__due_on="1/10/2570")
    answer = office.sign_in("malee").post("/cycles/new/dates", data=NAMES | typed)
    assert answer.status_code == 422
    assert 'id="error-self_assessment-opens_on"' in answer.text
    assert 'id="error-plan_evaluation-due_on"' in answer.text


def test_the_cycle_is_published_checked_opened_and_carried_on_by_the_worker(office: Office) -> None:
    cycle_id = drafted(office)
    assert send_event(office, "malee", cycle_id, "publish") == 302
    client = office.sign_in("malee")
    check = client.get(f"/cycles/{cycle_id}/preflight").text
    assert "พร้อมเปิดรอบ" in check and f"สำหรับ {STAFF} คน" in check
    assert send_event(office, "malee", cycle_id, "begin_opening") == 302
    assert state_of(office, cycle_id) is CycleState.OPENING
    office.do(lambda town: continue_opening(town.session, cycle_id, NOW, chunk=4))
    page = client.get(f"/cycles/{cycle_id}").text
    assert f'<progress value="4" max="{STAFF}"' in page
    assert 'http-equiv="refresh"' in page
    office.do(lambda town: [continue_opening(town.session, cycle_id, NOW, chunk=4) for _ in range(2)])
    assert state_of(office, cycle_id) is CycleState.OPEN
    assert 'http-equiv="refresh"' not in client.get(f"/cycles/{cycle_id}").text


def test_opening_shows_what_stops_it_and_changes_nothing(office: Office) -> None:
    office.do(lambda town: town.place("staff4", supervisor=None, second=None, from_on=DAY))
    cycle_id = published(office)
    form = {"event": "begin_opening", "version": str(version_of(office, cycle_id))}
    answer = office.sign_in("malee").post(f"/cycles/{cycle_id}/events", data=form)
    assert answer.status_code == 422
    assert "บุคลากรที่ยังไม่มีผู้ประเมิน" in answer.text and "00004 นายลำดับที่4 ใจดี" in answer.text
    assert f'href="/staff/{office.town.employees["staff4"].id}"' in answer.text
    assert state_of(office, cycle_id) is CycleState.PUBLISHED


def test_an_old_page_opens_nothing(office: Office) -> None:
    cycle_id = published(office)
    assert send_event(office, "malee", cycle_id, "begin_opening", version=1) == 409
    assert state_of(office, cycle_id) is CycleState.PUBLISHED


@pytest.mark.parametrize("event", ["finish_opening", "nonsense", ""])
def test_a_step_that_no_person_takes_is_a_wrong_request(office: Office, event: str) -> None:
    assert send_event(office, "malee", drafted(office), event) == 400


def test_a_step_out_of_turn_is_refused(office: Office) -> None:
    assert send_event(office, "malee", drafted(office), "archive") == 409


def test_an_extension_moves_an_open_cycle(office: Office) -> None:
    cycle_id = opened(office)
    typed = dates(self_assessment__due_on="31 ต.ค. 2569") | {"version": str(version_of(office, cycle_id))}
    answer = office.sign_in("malee").post(f"/cycles/{cycle_id}/dates", data=typed, follow_redirects=True)
    assert "1 - 31 ตุลาคม 2569" in answer.text


def test_an_extension_over_somebody_elses_is_a_conflict_that_keeps_the_text(office: Office) -> None:
    cycle_id = opened(office)
    version = version_of(office, cycle_id)

    def somebody_else(town: Town) -> None:
        phases = default_phases(FiscalYear(2570))
        opens_on, due_on = phases[PhaseKind.SELF_ASSESSMENT]
        changed = phases | {PhaseKind.SELF_ASSESSMENT: (opens_on, due_on.replace(day=28))}
        update_phases(town.session, town.actor("malee"), cycle_id, changed, NOW)

    office.do(somebody_else)
    typed = dates(self_assessment__due_on="31 ต.ค. 2569") | {"version": str(version)}
    client = office.sign_in("malee")
    answer = client.post(f"/cycles/{cycle_id}/dates", data=typed)
    assert answer.status_code == 409
    assert 'value="31 ต.ค. 2569"' in answer.text  # nothing typed is lost
    assert "28/10/2569" in answer.text  # what the other one wrote
    kept = re.search(r'name="version" value="(\d+)"', answer.text)
    assert kept is not None and int(kept[1]) > version
    assert client.post(f"/cycles/{cycle_id}/dates", data=typed | {"version": kept[1]}).status_code == 302


def test_a_form_refused_after_somebody_elses_change_still_notices_it(office: Office) -> None:
    cycle_id = opened(office)
    typed = dates(rating__due_on="x") | {"version": "1"}
    answer = office.sign_in("malee").post(f"/cycles/{cycle_id}/dates", data=typed)
    assert answer.status_code == 422
    assert 'name="version" value="1"' in answer.text


ASKED = ("", "/people", "/preflight", "/dates", "/release", "/closing")


@pytest.mark.parametrize("path", ASKED)
def test_the_officer_of_another_organisation_finds_nothing(office: Office, path: str) -> None:
    cycle_id = opened(office)
    assert office.sign_in("olan").get(f"/cycles/{cycle_id}{path}").status_code == 404
    assert office.sign_in("malee").get(f"/cycles/{cycle_id}{path}").status_code == 200


@pytest.mark.parametrize("name", ["suda", "staff4"])
def test_an_employee_reaches_no_page_of_cycles(office: Office, name: str) -> None:
    cycle_id, client = opened(office), office.sign_in(name)
    for path in ("/cycles/", "/cycles/new", *(f"/cycles/{cycle_id}{path}" for path in ASKED)):
        assert client.get(path).status_code in (403, 404), path
    assert client.post(f"/cycles/{cycle_id}/release").status_code in (403, 404)
    assert client.post("/cycles/new/dates", data=NAMES | dates()).status_code == 403


@pytest.mark.parametrize(("name", "status"), [("olan", 404), ("wipa", 403), ("prasit", 403), ("suda", 403)])
def test_only_the_officer_takes_the_steps(office: Office, name: str, status: int) -> None:
    cycle_id = published(office)
    assert send_event(office, name, cycle_id, "begin_opening") == status
    assert office.sign_in(name).post(f"/cycles/{cycle_id}/dates", data=dates()).status_code in (403, status)
    assert state_of(office, cycle_id) is CycleState.PUBLISHED


def test_an_executive_reads_figures_and_no_page_of_a_cycle(office: Office) -> None:
    """Its counts are of the smallest groups: what an executive reads is in `test_figures`."""
    cycle_id = opened(office)
    client = office.sign_in("prasit")
    assert client.get(f"/cycles/{cycle_id}").status_code == 403
    assert client.get("/cycles/").status_code == 403


def test_the_auditor_reads_and_has_no_button(office: Office) -> None:
    cycle_id = opened(office)
    page = office.sign_in("wipa").get(f"/cycles/{cycle_id}").text
    assert "สำนักปลัด" in page
    assert "/events" not in page and "/dates" not in page and "/closing" not in page


def test_opening_twice_makes_nobody_twice(office: Office) -> None:
    cycle_id = published(office)

    def act(town: Town) -> None:
        begin_opening(town.session, town.actor("malee"), cycle_id, NOW)
        for _ in range(6):
            continue_opening(town.session, cycle_id, NOW, chunk=4)

    office.do(act)
    with office.session() as session:
        assert session.scalar(select(func.count()).select_from(Assessment)) == STAFF


def test_the_pages_take_as_many_statements_for_sixty_people_as_for_six(office: Office) -> None:
    client = office.sign_in("malee")

    def statements() -> list[int]:
        opened_id = opened(office)
        draft_id = office.do(lambda town: draft_cycle(town, f"draft-{len(town.employees)}").id)
        addresses = (
            "/cycles/",
            f"/cycles/{opened_id}",
            f"/cycles/{opened_id}/people",
            f"/cycles/{opened_id}/release",
            f"/cycles/{opened_id}/closing",
            f"/cycles/{draft_id}/preflight",
            "/staff/",
        )
        return [office.statements(client, address) for address in addresses]

    client.get("/cycles/")  # the first request also notes that the session is in use
    few = statements()

    def grow(town: Town) -> None:
        for number in range(STAFF + 1, 61):
            town.add(f"staff{number}")
        for cycle in town.session.scalars(select(Cycle)):
            cycle.code += "-before"

    office.do(grow)
    assert statements() == few
