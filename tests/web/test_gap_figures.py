"""The gaps of units: who reads which, what is hidden, and the same in the file to download."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import select

from idp.adapters.spreadsheets import read_table
from idp.models import Assessment, Gap, RoleGrant
from idp.rules.terms import AssessmentState, Role
from tests.factories.office import Office
from tests.services.cycle_cast import Town, open_cycle
from tests.web.reading import words

NOTHING = "ยังไม่มีตัวเลขที่แสดงได้"
PAGE = "/figures/gaps/"


def released(office: Office, few_gaps: bool = False) -> int:
    """Everybody's result is released: with a gap in the first competency, or only two of the section."""

    def act(town: Town) -> int:
        for number in range(6):
            town.add(f"above{number}", unit=town.top)
        cycle = open_cycle(town)
        rows = town.session.scalars(select(Assessment).order_by(Assessment.id)).all()
        seen = 0
        for assessment in rows:
            assessment.state = AssessmentState.RELEASED
            seen += assessment.unit_id == town.section.id
            is_short = assessment.unit_id != town.section.id or seen <= 2 if few_gaps else True
            item, attained = assessment.items[0], assessment.items[0].expected_level - int(is_short)
            town.session.add(
                Gap(
                    item=item,
                    expected_level=item.expected_level,
                    attained_level=Decimal(attained),
                    gap=Decimal(int(is_short)),
                )
            )
        return cycle.id

    return office.do(act)


def test_before_any_release_there_is_nothing_to_show(office: Office) -> None:
    assert "ยังไม่มีรอบการประเมินที่เปิดแล้ว" in words(office.sign_in("malee").get(PAGE))
    office.do(lambda town: open_cycle(town).id)
    assert NOTHING in words(office.sign_in("malee").get(PAGE))


def test_an_executive_reads_their_unit_and_no_names(office: Office) -> None:
    released(office)
    page = words(office.sign_in("prasit").get(PAGE))
    assert "งานบริหารทั่วไป" in page and "ร้อยละ 100" in page
    assert "ทั้งหน่วยงาน ช่องว่าง" not in page and "สำนักปลัด" not in page
    assert "สุดา" not in page and "มาลี" not in page


def test_a_unit_out_of_sight_is_as_good_as_missing(office: Office) -> None:
    released(office)
    client = office.sign_in("prasit")
    for unit in (office.town.top.id, 0, 999_999, "x", ""):
        assert client.get(f"{PAGE}?unit={unit}").status_code == 404, unit
        assert client.get(f"{PAGE}file?format=csv&unit={unit}").status_code == 404, unit


@pytest.mark.parametrize("name", ["malee", "wipa"])
def test_the_office_and_the_auditor_read_the_whole_organisation(office: Office, name: str) -> None:
    released(office)
    page = words(office.sign_in(name).get(PAGE))
    assert "ทั้งหน่วยงาน" in page and "หน่วยงานในสังกัด" in page and "สำนักปลัด" in page


def test_few_gaps_of_a_unit_are_hidden_on_the_page_and_in_the_file(office: Office) -> None:
    """Two of the section have one; all above: the whole alone may be told."""
    released(office, few_gaps=True)
    assert NOTHING in words(office.sign_in("prasit").get(PAGE))
    rows = rows_of(office, "prasit", "csv")
    assert len(rows) == 0


def test_the_other_organisation_has_nothing_of_it(office: Office) -> None:
    cycle_id = released(office)
    client = office.sign_in("olan")
    assert "ยังไม่มีรอบการประเมินที่เปิดแล้ว" in words(client.get(PAGE))
    answers = [client.get(f"{PAGE}file?format=csv&cycle={each}") for each in (cycle_id, cycle_id + 999)]
    assert [(each.status_code, each.location) for each in answers] == [(302, PAGE)] * 2


def test_a_colleague_reads_no_figures(office: Office) -> None:
    released(office)
    client = office.sign_in("staff4")
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}file?format=csv").status_code == 403


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_says_what_the_page_says(office: Office, form: str) -> None:
    released(office)
    rows = rows_of(office, "malee", form)
    assert [row[1] for row in rows][:2] == ["ทั้งหน่วยงาน", "สำนักปลัด"]
    assert all(row[2] == row[3] for row in rows)


def rows_of(office: Office, name: str, form: str) -> list[tuple[object, ...]]:
    response = office.sign_in(name).get(f"{PAGE}file?format={form}")
    assert response.status_code == 200 and "attachment" in response.headers["Content-Disposition"]
    with read_table(BytesIO(response.data)) as table:
        return [tuple(row.cells) for row in table.rows]


def test_an_unknown_format_is_as_good_as_missing(office: Office) -> None:
    released(office)
    assert office.sign_in("malee").get(f"{PAGE}file?format=pdf").status_code == 404
    assert office.sign_in("malee").get(f"{PAGE}file").mimetype.endswith("spreadsheetml.sheet")


def test_an_executive_without_a_unit_any_more_reads_nothing(office: Office) -> None:
    released(office)

    def ended(town: Town) -> None:
        grant = town.session.scalars(select(RoleGrant).where(RoleGrant.role == Role.EXECUTIVE)).one()
        town.session.delete(grant)

    office.do(ended)
    assert office.sign_in("prasit").get(PAGE).status_code == 403


def test_as_many_statements_on_every_unit(office: Office) -> None:
    released(office)
    client = office.sign_in("malee")
    client.get(PAGE)
    units = (office.town.top.id, office.town.section.id)
    assert len({office.statements(client, f"{PAGE}?unit={unit}") for unit in units}) == 1


def test_the_figures_lead_to_the_gaps(office: Office) -> None:
    released(office)
    assert PAGE in office.sign_in("prasit").get("/figures/").text
