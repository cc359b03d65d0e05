"""Executives read the figures of their units, and no single record; the office and auditors those of all."""

import pytest
from sqlalchemy import delete, select

from idp.models import Assessment, RoleGrant
from idp.rules.terms import Role
from tests.factories.office import Office
from tests.services.cycle_cast import Town, open_cycle
from tests.web.reading import words


def opened(office: Office) -> int:
    """With as many in the unit above as are needed to show either."""

    def act(town: Town) -> int:
        for number in range(5):
            town.add(f"above{number}", unit=town.top)
        return open_cycle(town).id

    return office.do(act)


def test_an_executive_reads_the_own_unit_and_no_names(office: Office) -> None:
    opened(office)
    page = words(office.sign_in("prasit").get("/figures/"))
    assert "งานบริหารทั่วไป" in page and "ผู้รับการประเมิน 5 คน" in page
    assert "สำนักปลัด" not in page and "ทั้งหน่วยงาน" not in page
    assert "สุดา" not in page and "มาลี" not in page


def test_a_unit_that_would_tell_of_a_smaller_group_is_not_shown(office: Office) -> None:
    """Five of six: the sixth would be known by subtraction."""
    office.do(lambda town: open_cycle(town).id)
    page = words(office.sign_in("prasit").get("/figures/"))
    assert "ไม่แสดงตัวเลขของหน่วยงานนี้" in page and "ผู้รับการประเมิน 5 คน" not in page


def test_a_unit_out_of_sight_is_as_good_as_missing(office: Office) -> None:
    opened(office)
    client = office.sign_in("prasit")
    for unit in (office.town.top.id, 0, 999_999, "x", ""):
        assert client.get(f"/figures/?unit={unit}").status_code == 404, unit
    assert client.get(f"/figures/?unit={office.town.section.id}").status_code == 200


def test_a_cycle_of_another_organisation_is_as_good_as_missing(office: Office) -> None:
    cycle_id = opened(office)
    assert office.sign_in("malee").get(f"/figures/?cycle={cycle_id}").status_code == 200
    assert office.sign_in("olan").get("/figures/").status_code == 200
    assert "ยังไม่มีรอบการประเมินที่เปิดแล้ว" in words(office.sign_in("olan").get("/figures/"))

    def also_there(town: Town) -> None:
        grant = town.session.scalars(select(RoleGrant).where(RoleGrant.role == Role.EXECUTIVE)).one()
        grant.unit_id = None

    office.do(also_there)
    assert office.sign_in("prasit").get("/figures/?cycle=999999").status_code == 404


@pytest.mark.parametrize("name", ["malee", "wipa"])
def test_the_office_and_the_auditor_read_the_whole_organisation(office: Office, name: str) -> None:
    opened(office)
    page = words(office.sign_in(name).get("/figures/"))
    assert "ทั้งหน่วยงาน" in page and "สำนักปลัด" in page and "ผู้รับการประเมิน 11 คน" in page


def test_an_executive_of_the_whole_organisation_reads_it(office: Office) -> None:
    opened(office)

    def unbound(town: Town) -> None:
        town.session.scalars(select(RoleGrant).where(RoleGrant.role == Role.EXECUTIVE)).one().unit_id = None

    office.do(unbound)
    assert "ทั้งหน่วยงาน" in words(office.sign_in("prasit").get("/figures/"))


def test_a_colleague_reads_no_figures(office: Office) -> None:
    opened(office)
    client = office.sign_in("staff4")
    assert client.get("/figures/").status_code == 403
    assert "/figures/" not in client.get("/").text


def test_an_executive_reaches_no_single_record(office: Office) -> None:
    """Of those whom they neither rate nor stand above."""
    opened(office)
    with office.session() as session:
        session.execute(
            delete(RoleGrant).where(
                RoleGrant.person_id == office.town.persons["staff4"].id, RoleGrant.role == Role.EXECUTIVE
            )
        )
        session.add(
            RoleGrant(
                organisation_id=office.town.organisation.id,
                person_id=office.town.persons["staff4"].id,
                role=Role.EXECUTIVE,
                from_on=office.town.employees["staff4"].hired_on,
            )
        )
        others = session.scalars(
            select(Assessment.id).where(Assessment.owner_person_id != office.town.persons["staff4"].id)
        ).all()
    client = office.sign_in("staff4")
    assert client.get("/figures/").status_code == 200
    for assessment_id in others:
        for page in (f"/assessments/{assessment_id}", f"/looks/assessments/{assessment_id}"):
            assert client.get(page).status_code == 404


def test_the_menu_leads_executives_to_the_figures(office: Office) -> None:
    page = office.sign_in("prasit").get("/").text
    assert 'href="/figures/"' in page and 'href="/cycles/"' not in page


def test_as_many_statements_on_every_unit(office: Office) -> None:
    opened(office)
    client = office.sign_in("malee")
    client.get("/figures/")
    asked = [office.statements(client, f"/figures/?unit={unit}") for unit in (0, office.town.section.id)]
    assert len(set(asked)) == 1
