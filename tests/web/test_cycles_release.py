"""The list of a cycle's people, release with its preview, and closing."""

from __future__ import annotations

import re
from decimal import Decimal

from sqlalchemy import select

from idp.models import Assessment, AssessmentItem, Cycle, Rating
from idp.rules.terms import AssessmentState, CycleState, RaterKind
from idp.services.closing import continue_closing
from tests.factories.office import STAFF, Office
from tests.services.cycle_cast import NOW, Town, open_cycle


def rated(office: Office, states: dict[str, AssessmentState]) -> int:
    """An open cycle, everything rated by the supervisors, those named in these states."""

    def act(town: Town) -> int:
        cycle, session = open_cycle(town), town.session
        for item in session.scalars(select(AssessmentItem)):
            session.add(
                Rating(
                    item_id=item.id,
                    rater_kind=RaterKind.SUPERVISOR,
                    stated_level=None,
                    attained_level=Decimal(1),
                    evidence="เหตุการณ์",
                    updated_at=NOW,
                )
            )
        for assessment in session.scalars(select(Assessment)):
            name = next(name for name, each in town.employees.items() if each.id == assessment.employee_id)
            assessment.state = states.get(name, AssessmentState.RATING)
        session.flush()
        return cycle.id

    return office.do(act)


def ids_by_name(office: Office) -> dict[str, int]:
    with office.session() as session:
        rows = dict(session.execute(select(Assessment.employee_id, Assessment.id)).all())
    return {name: rows[employee.id] for name, employee in office.town.employees.items()}


def states(office: Office) -> dict[str, AssessmentState]:
    with office.session() as session:
        found = dict(session.execute(select(Assessment.id, Assessment.state)).all())
    return {name: found[assessment_id] for name, assessment_id in ids_by_name(office).items()}


READY = {"staff4": AssessmentState.SECOND_OPINION, "staff6": AssessmentState.MODERATED}


def test_the_list_links_each_person_and_offers_the_office_alone_to_tick(office: Office) -> None:
    cycle_id = rated(office, READY)
    ids = ids_by_name(office)
    page = office.sign_in("malee").get(f"/cycles/{cycle_id}/people").text
    for assessment_id in ids.values():
        assert f'href="/assessments/{assessment_id}"' in page
    ticks = re.findall(r'name="assessment" value="(\d+)"', page)
    assert {int(tick) for tick in ticks} == set(ids.values())
    assert 'name="assessment"' not in office.sign_in("wipa").get(f"/cycles/{cycle_id}/people").text


def test_a_filter_that_finds_nobody_says_so(office: Office) -> None:
    cycle_id = rated(office, {})
    page = office.sign_in("malee").get(f"/cycles/{cycle_id}/people?text=ไม่มีชื่อนี้").text
    assert "ไม่พบรายชื่อตามเงื่อนไข" in page and 'value="ไม่มีชื่อนี้"' in page


def test_the_pages_of_people_follow_each_other_with_the_filter_kept(office: Office) -> None:
    def act(town: Town) -> int:
        for number in range(7, 61):
            town.add(f"staff{number}")
        return open_cycle(town).id

    cycle_id, client = office.do(act), office.sign_in("malee")
    first = client.get(f"/cycles/{cycle_id}/people?state=not_started").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    address = following[1].replace("&amp;", "&")
    assert "state=not_started" in address and "after=00050" in address
    second = client.get(address).text
    assert ">00060<" in second and ">00050<" not in second and 'rel="next"' not in second


def test_one_unit_is_previewed_and_released_and_nobody_else(office: Office) -> None:
    cycle_id = rated(office, READY | {"prasit": AssessmentState.RATED})
    client, unit = office.sign_in("malee"), office.town.section.id
    assert "พร้อมแจ้งผล 2 คน" in client.get(f"/cycles/{cycle_id}/release?unit={unit}").text
    answer = client.post(f"/cycles/{cycle_id}/release", data={"unit": unit}, follow_redirects=True)
    assert "แจ้งผลการประเมินแล้ว 2 คน" in answer.text
    after = states(office)
    assert after["staff4"] is after["staff6"] is AssessmentState.RELEASED
    assert after["prasit"] is AssessmentState.RATED and after["suda"] is AssessmentState.RATING


def test_the_chosen_are_released_and_an_unready_one_among_them_is_left_out(office: Office) -> None:
    cycle_id = rated(office, READY)
    ids, client = ids_by_name(office), office.sign_in("malee")
    chosen = {"scope": "chosen", "assessment": [str(ids["staff4"]), str(ids["suda"])]}
    assert "พร้อมแจ้งผล 1 คน" in client.get(f"/cycles/{cycle_id}/release", query_string=chosen).text
    answer = client.post(f"/cycles/{cycle_id}/release", data=chosen, follow_redirects=True)
    assert "แจ้งผลการประเมินแล้ว 1 คน" in answer.text
    after = states(office)
    assert after["staff4"] is AssessmentState.RELEASED
    assert after["suda"] is AssessmentState.RATING and after["staff6"] is AssessmentState.MODERATED


def test_choosing_nobody_releases_nobody(office: Office) -> None:
    cycle_id = rated(office, READY)
    client = office.sign_in("malee")
    assert "ไม่มีผู้ที่พร้อมแจ้งผล" in client.get(f"/cycles/{cycle_id}/release?scope=chosen").text
    client.post(f"/cycles/{cycle_id}/release", data={"scope": "chosen"})
    assert AssessmentState.RELEASED not in states(office).values()


def test_everybody_ready_is_released_at_once_with_the_score_written(office: Office) -> None:
    cycle_id = rated(office, READY | {"prasit": AssessmentState.RATED})
    answer = office.sign_in("malee").post(f"/cycles/{cycle_id}/release", follow_redirects=True)
    assert "แจ้งผลการประเมินแล้ว 3 คน" in answer.text
    with office.session() as session:
        scores = session.scalars(
            select(Assessment.competency_score).where(Assessment.state == AssessmentState.RELEASED)
        ).all()
    assert len(scores) == 3 and None not in scores


def test_a_unit_of_the_neighbour_is_missing(office: Office) -> None:
    cycle_id, client = rated(office, READY), office.sign_in("malee")
    for unit in ("999999", "x"):
        assert client.get(f"/cycles/{cycle_id}/release?unit={unit}").status_code == 404
        assert client.post(f"/cycles/{cycle_id}/release", data={"unit": unit}).status_code == 404
    assert AssessmentState.RELEASED not in states(office).values()


def test_the_neighbours_officer_and_the_auditor_release_nothing(office: Office) -> None:
    cycle_id = rated(office, READY)
    for name, status in (("olan", 404), ("wipa", 403), ("prasit", 403), ("suda", 403)):
        assert office.sign_in(name).post(f"/cycles/{cycle_id}/release").status_code == status
    assert AssessmentState.RELEASED not in states(office).values()


def test_closing_lists_who_is_missing_and_then_closes(office: Office) -> None:
    everybody = dict.fromkeys(office.town.employees, AssessmentState.RECEIVED)
    cycle_id = rated(office, everybody | {"staff4": AssessmentState.RATED})
    client = office.sign_in("malee")
    page = client.get(f"/cycles/{cycle_id}/closing").text
    assert "นายลำดับที่4 ใจดี" in page and "นายลำดับที่5 ใจดี" not in page
    assert 'value="begin_closing"' not in page
    with office.session() as session:
        version = str(session.get_one(Cycle, cycle_id).version)
    form = {"event": "begin_closing", "version": version}
    refused = client.post(f"/cycles/{cycle_id}/events", data=form)
    assert refused.status_code == 302 and refused.location.endswith("/closing")
    with office.session() as session:
        session.get_one(Assessment, ids_by_name(office)["staff4"]).state = AssessmentState.REFUSED
    assert 'value="begin_closing"' in client.get(f"/cycles/{cycle_id}/closing").text
    assert client.post(f"/cycles/{cycle_id}/events", data=form).status_code == 302
    office.do(lambda town: continue_closing(town.session, cycle_id, NOW, chunk=4))
    assert f'<progress value="4" max="{STAFF}"' in client.get(f"/cycles/{cycle_id}").text
    office.do(lambda town: [continue_closing(town.session, cycle_id, NOW) for _ in range(2)])
    with office.session() as session:
        assert session.get_one(Cycle, cycle_id).state is CycleState.CLOSED
    assert 'value="archive"' in client.get(f"/cycles/{cycle_id}").text


def test_forms_of_a_unit_are_asked_for_from_the_page_of_the_cycle(office: Office) -> None:
    cycle_id, client = rated(office, READY), office.sign_in("malee")
    page = client.get(f"/cycles/{cycle_id}").text
    form = re.search(r'action="(/reports/)">.*?</form>', page, re.DOTALL)
    assert form is not None and 'name="unit_id"' in form[0]
    fields = dict(re.findall(r'type="hidden" name="(kind|subject_id)" value="([^"]+)"', form[0]))
    answer = client.post(form[1], data=fields | {"unit_id": str(office.town.section.id)})
    assert answer.status_code == 303
    assert "/reports/" not in office.sign_in("prasit").get(f"/cycles/{cycle_id}").text.replace(
        'href="/reports/"', ""
    )


def test_every_column_of_the_progress_table_has_its_whole_name(office: Office) -> None:
    page = office.sign_in("malee").get(f"/cycles/{rated(office, READY)}").text
    head = re.search(r"progress-table.*?</thead>", page, re.DOTALL)
    assert head is not None
    for text in ("หน่วยงาน", "ยังไม่เริ่ม", "รอผู้ประเมิน", "รอแจ้งผล", "รอรับทราบ", "เกินกำหนด"):
        assert f">{text}</th>" in head[0]
