"""The page of what helped: who reads it, what is hidden, and the same in the file to download."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from idp.adapters.spreadsheets import read_table
from idp.models import DevelopmentEffect
from idp.rules.terms import DevelopmentMethod, EffectOf
from tests.factories.office import Office
from tests.factories.sample import at
from tests.services.cycle_cast import Town
from tests.web.reading import words

PAGE = "/figures/effects/"
NOTHING = "ยังไม่มีตัวเลขที่แสดงได้"


def counted(office: Office, helped: int, tried: int) -> None:
    def act(town: Town) -> None:
        town.session.add(
            DevelopmentEffect(
                organisation_id=town.organisation.id,
                effect_of=EffectOf.METHOD,
                key=DevelopmentMethod.COACHING.value,
                tried=tried,
                helped=helped,
                reckoned_at=at(date(2026, 1, 5)),
            )
        )

    office.do(act)


def rows_of(office: Office, name: str, form: str) -> list[list[str]]:
    answer = office.sign_in(name).get(f"{PAGE}file?format={form}")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    with read_table(BytesIO(answer.data)) as table:
        return [[str(cell) for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize("name", ["malee", "prasit", "wipa"])
def test_the_office_executives_and_auditors_read_it(office: Office, name: str) -> None:
    assert NOTHING in words(office.sign_in(name).get(PAGE))
    counted(office, 14, 19)
    page = words(office.sign_in(name).get(PAGE))
    assert "การสอนงาน" in page and "19 คน" in page and "14 คน (ร้อยละ 73)" in page


def test_an_employee_does_not(office: Office) -> None:
    for address in (PAGE, f"{PAGE}file?format=csv"):
        assert office.sign_in("suda").get(address).status_code in (403, 404)


def test_too_few_are_on_neither_the_page_nor_the_file(office: Office) -> None:
    counted(office, 4, 4)
    assert NOTHING in words(office.sign_in("malee").get(PAGE))
    assert rows_of(office, "malee", "csv") == []


def test_the_other_organisation_has_nothing_of_it(office: Office) -> None:
    counted(office, 14, 19)
    assert NOTHING in words(office.sign_in("olan").get(PAGE))
    assert rows_of(office, "olan", "csv") == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_has_what_the_page_has(office: Office, form: str) -> None:
    counted(office, 14, 19)
    (row,) = rows_of(office, "malee", form)
    assert [Decimal(each) for each in row[4:]] == [19, 14, 73]
    assert office.sign_in("malee").get(f"{PAGE}file?format=pdf").status_code == 404
