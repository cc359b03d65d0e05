"""Importing on pages: hand in, look, confirm, mend; refused uploads come back with what was chosen."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from idp.adapters.spreadsheets import Cell, Sheet, write_workbook
from idp.adapters.storage import LocalFolder
from idp.models import Assessment, DataImport, Person, RoleGrant
from idp.rules.imports import ImportState
from idp.rules.terms import AssessmentState, Role
from idp.services.imports.work import continue_imports
from tests.factories import steps
from tests.factories.sample import add_colleague, make_assessment
from tests.factories.website import Website

HEADER = ("เลขประจำตัว", "ชื่อและนามสกุล", "คะแนนผลสัมฤทธิ์ของงาน")
NEW = "/imports/new/results"


@pytest.fixture
def site(website: Website) -> Website:
    """Suda is rating Somchai."""
    website.do(steps.rating)
    return website


def workbook(*rows: Sequence[Cell], header: Sequence[str] = HEADER) -> bytes:
    return write_workbook([Sheet("x", header, rows)])


def send(
    site: Website, content: bytes, who: str = "malee", name: str = "คะแนน.xlsx", **form: str
) -> TestResponse:
    data = {"cycle": str(site.sample.cycle.id), **form, "file": (io.BytesIO(content), name)}
    return site.sign_in(who).post(NEW, data=data)


def work(site: Website) -> None:
    storage = LocalFolder(site.app.extensions["settings"].storage_dir)
    continue_imports(site.session, storage, site.clock)


def checked(site: Website, *rows: Sequence[Cell]) -> str:
    answer = send(site, workbook(*rows))
    assert answer.status_code == 303
    work(site)
    return answer.headers["Location"]


def score(site: Website) -> Decimal | None:
    with site.session() as session:
        return session.get_one(Assessment, site.sample.assessment.id).results_score


def version(site: Website) -> int:
    with site.session() as session:
        return session.scalars(select(DataImport).order_by(DataImport.id.desc())).first().version


def test_the_page_leads_from_the_file_to_the_result(site: Website) -> None:
    client, cycle = site.sign_in("malee"), site.sample.cycle.id
    assert 'href="/imports/new/results"' in client.get("/imports/").text
    assert f'href="/imports/new/results?cycle={cycle}"' in client.get(f"/cycles/{cycle}").text
    assert re.search(rf'<option value="{cycle}" selected', client.get(f"{NEW}?cycle={cycle}").text)
    answer = send(site, workbook(("0001", "", Decimal("56.25")), ("0999", "", Decimal(5))))
    address = answer.headers["Location"]
    waiting = client.get(address)
    assert waiting.headers["Refresh"] == "2" and "รับไฟล์แล้ว" in waiting.text
    work(site)
    page = client.get(address)
    assert "Refresh" not in page.headers
    assert "นำเข้าแถวที่ถูกต้อง 1 แถว" in page.text
    assert "ไม่มีเลขประจำตัว 0999 ในรอบการประเมินนี้" in page.text
    assert page.text.index("0999") < page.text.index("56.25"), "what is wrong comes first"
    assert score(site) is None
    assert client.post(f"{address}/confirm", data={"version": version(site)}).status_code == 303
    assert client.get(address).headers["Refresh"] == "2"
    work(site)
    done = client.get(address).text
    assert "นำเข้าแล้ว 1 แถว" in done and "ไม่ได้นำเข้า 1 แถว" in done
    assert score(site) == Decimal("56.25")
    assert "นำเข้าแล้ว 1 แถว" in client.get("/imports/").text
    assert client.post(f"{address}/confirm", data={"version": version(site)}).status_code == 303


def test_a_refused_upload_comes_back_with_what_was_chosen(site: Website) -> None:
    answer = send(site, b"%PDF-1.7 scan", name="scan.pdf")
    assert answer.status_code == 422
    assert 'id="error-file"' in answer.text and "อ่านไฟล์นี้เป็นตารางไม่ได้" in answer.text
    assert re.search(rf'<option value="{site.sample.cycle.id}" selected', answer.text)
    answer = send(site, workbook(("0001", "", Decimal(5))), cycle="999")
    assert answer.status_code == 422 and 'id="error-cycle"' in answer.text
    assert "โปรดเลือกไฟล์อีกครั้ง" in answer.text
    answer = site.sign_in("malee").post(NEW, data={"cycle": str(site.sample.cycle.id)})
    assert answer.status_code == 422 and "โปรดเลือกไฟล์" in answer.text


def test_a_file_that_cannot_be_read_says_which_columns_it_lacks(site: Website) -> None:
    address = send(site, workbook(("1", "2"), header=("เลขประจำตัว", "ข"))).headers["Location"]
    work(site)
    page = site.sign_in("malee").get(address).text
    assert "ไฟล์นี้ไม่มีคอลัมน์ คะแนนผลสัมฤทธิ์ของงาน" in page
    assert "ไม่มีข้อมูลใดเปลี่ยนแปลง" in page


def test_an_old_page_is_told_and_a_file_given_up_is_not_let_in(site: Website) -> None:
    address, client = checked(site, ("0001", "", Decimal(5))), site.sign_in("malee")
    answer = client.post(f"{address}/confirm", data={"version": version(site) - 1})
    assert answer.status_code == 409 and "มีผู้ดำเนินการกับไฟล์นี้ก่อนท่าน" in answer.text
    assert client.post(f"{address}/abandon", data={"version": version(site) - 1}).status_code == 409
    assert client.post(f"{address}/abandon", data={"version": version(site)}).status_code == 303
    assert client.post(f"{address}/confirm", data={"version": version(site)}).status_code == 409
    assert "ถูกยกเลิก" in client.get(address).text
    assert score(site) is None


def test_a_file_without_a_good_row_offers_no_button_and_refuses_the_click(site: Website) -> None:
    address, client = checked(site, ("0999", "", Decimal(5))), site.sign_in("malee")
    assert "/confirm" not in client.get(address).text
    assert client.post(f"{address}/confirm", data={"version": version(site)}).status_code == 422


def test_the_same_file_is_known_again(site: Website) -> None:
    content = workbook(("0001", "", Decimal(5)))
    send(site, content)
    work(site)
    address = send(site, content).headers["Location"]
    work(site)
    assert "ไฟล์เดียวกันนี้ นางมาลี ศรีสุข ส่งไว้แล้ว" in site.sign_in("malee").get(address).text


def test_rows_to_mend_are_a_workbook_with_what_is_wrong(site: Website) -> None:
    address = checked(site, ("0001", "ใครอื่น", Decimal(80)))
    answer = site.sign_in("malee").get(f"{address}/refused", buffered=True)
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [*HEADER, "ข้อผิดพลาด"]
    assert sheet["C2"].value == "80"
    assert "ชื่อและนามสกุล: ชื่อไม่ตรง" in str(sheet["D2"].value)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_files_to_begin_with(site: Website) -> None:
    client = site.sign_in("malee")
    template = client.get("/imports/templates/results", buffered=True)
    assert load_workbook(io.BytesIO(template.data)).sheetnames[0] == "คะแนนผลสัมฤทธิ์ของงาน"
    cycle = site.sample.cycle.id
    export = client.get(f"/imports/export/results?cycle={cycle}&format=csv", buffered=True)
    assert export.mimetype == "text/csv" and "นายสมชาย ใจดี" in export.text
    assert client.get("/imports/export/results?cycle=999").status_code == 422
    assert client.get("/imports/export/nothing").status_code == 404
    assert client.get("/imports/new/nothing").status_code == 404


def test_the_file_as_it_was_is_for_who_handed_it_in(site: Website) -> None:
    content = workbook(("0001", "", Decimal(5)))
    address = send(site, content).headers["Location"]
    assert site.sign_in("malee").get(f"{address}/file", buffered=True).data == content
    give_role(site, "somchai")
    assert site.sign_in("somchai").get(f"{address}/file").status_code == 404


def give_role(site: Website, name: str) -> None:
    with site.session() as session:
        session.add(
            RoleGrant(
                organisation_id=site.sample.organisation.id,
                person_id=getattr(site.sample.cast, name).person_id,
                role=Role.HR_OFFICER,
                from_on=steps.SELF_DAY,
            )
        )


def test_an_officer_does_not_read_their_own_points_in_a_colleagues_file(site: Website) -> None:
    give_role(site, "somchai")
    address = checked(site, ("0001", "", Decimal("43.21")))
    assert "43.21" in site.sign_in("malee").get(address).text
    client = site.sign_in("somchai")
    page = client.get(address).text
    assert "43.21" not in page and "เป็นข้อมูลของท่านเอง" in page
    export = client.get(f"/imports/export/results?cycle={site.sample.cycle.id}&format=csv", buffered=True)
    assert "สมชาย" not in export.text


@pytest.mark.parametrize("who", ["somchai", "suda", "anong"])
def test_who_is_not_of_the_personnel_office_gets_nothing(site: Website, who: str) -> None:
    address = checked(site, ("0001", "", Decimal(5)))
    client = site.sign_in(who)
    for path in ("/imports/", NEW, address, f"{address}/refused", "/imports/templates/results"):
        assert client.get(path).status_code == 403, path
    assert client.post(f"{address}/confirm", data={"version": 1}).status_code == 403
    assert send(site, workbook(("0001", "", Decimal(5))), who).status_code == 403


def test_an_officer_of_another_organisation_finds_no_file(site: Website) -> None:
    address = checked(site, ("0001", "", Decimal(5)))
    client = site.sign_in("olan")
    for path in (address, f"{address}/refused", f"{address}/file"):
        assert client.get(path).status_code == 404, path
    for act in ("confirm", "abandon"):
        assert client.post(f"{address}/{act}", data={"version": 1}).status_code == 404
    assert "คะแนน.xlsx" not in client.get("/imports/").text


def many(site: Website, count: int) -> list[str]:
    numbers = []
    with site.session() as session:
        suda = session.get_one(Person, site.sample.cast.suda.person_id)
        for number in range(1, count + 1):
            employee = add_colleague(session, site.sample, f"{number}")
            numbers.append(employee.number)
            make_assessment(
                session,
                site.sample.cycle,
                employee,
                site.sample.unit,
                site.sample.dictionary,
                supervisor=suda,
                second_level=None,
                state=AssessmentState.RATING,
            )
    return numbers


def statements(site: Website, address: str) -> int:
    from idp.database import db

    seen: list[str] = []
    client = site.sign_in("malee")
    client.get(address)
    with site.app.app_context():
        engine = db.engine
    listener = lambda *given: seen.append(given[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    assert client.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", listener)
    return len(seen)


def test_a_page_asks_the_database_the_same_number_of_times_however_long_the_file(site: Website) -> None:
    short = checked(site, ("0001", "", Decimal(5)))
    numbers = many(site, 120)
    long = checked(site, *((number, "", Decimal(5)) for number in numbers))
    assert statements(site, short) == statements(site, long)
    assert statements(site, "/imports/") < 30
    client = site.sign_in("malee")
    page = client.get(long).text
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    last = client.get(following[1].replace("&amp;", "&")).text
    assert numbers[0] in page and numbers[60] in last and numbers[0] not in last


def test_the_list_of_files_goes_on_over_pages(site: Website) -> None:
    with site.session() as session:
        for number in range(60):
            session.add(
                DataImport(
                    organisation_id=site.sample.organisation.id,
                    kind="results",
                    state=ImportState.ABANDONED,
                    filename=f"แฟ้ม {number}.xlsx",
                    sha256="0" * 64,
                    storage_key=f"1/imports/{number}.xlsx",
                    person_id=site.sample.cast.malee.person_id or 0,
                    created_at=site.clock(),
                )
            )
    client = site.sign_in("malee")
    page = client.get("/imports/").text
    assert "แฟ้ม 59.xlsx" in page and "แฟ้ม 9.xlsx" not in page
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None and "แฟ้ม 9.xlsx" in client.get(following[1]).text


def test_in_english_the_columns_and_files_are_english(site: Website) -> None:
    client = site.sign_in("malee")
    client.post("/language", data={"language": "en", "next": "/"})
    address = checked(site, ("0999", "", Decimal(5)))
    assert "Employee number" in client.get(address).text
    sheet = load_workbook(
        io.BytesIO(client.get("/imports/templates/results", buffered=True).data)
    ).worksheets[0]
    assert sheet["A1"].value == "Employee number"
    with site.session() as session:
        assert session.scalar(select(func.count()).select_from(DataImport)) == 1


def test_the_supervisor_is_told_whose_points_stand_there_and_may_change_them(site: Website) -> None:
    address = f"/assessments/{site.sample.assessment.id}"
    words = "นำเข้าโดยงานการเจ้าหน้าที่ (นางมาลี ศรีสุข)"
    suda = site.sign_in("suda")
    assert words not in suda.get(address).text
    place = checked(site, ("0001", "", Decimal("56.25")))
    site.sign_in("malee").post(f"{place}/confirm", data={"version": version(site)})
    work(site)
    page = suda.get(address).text
    assert words in page and 'value="56.25"' in page
    assert "นำเข้าคะแนนผลสัมฤทธิ์ของงานจากไฟล์" in page
    somchai = site.sign_in("somchai").get(address).text
    assert words not in somchai and "56.25" not in somchai
    assert suda.post(f"{address}/rating", data={"results_score": "50", "then": "save"}).status_code == 302
    assert score(site) == Decimal(50)
    assert words not in suda.get(address).text


def test_expected_levels_are_handed_in_and_out_by_the_same_pages(site: Website) -> None:
    client = site.sign_in("malee")
    assert "ระดับที่คาดหวัง" in client.get("/imports/").text
    page = client.get("/imports/new/expected_levels").text
    assert "ระดับที่คาดหวัง" in page and "รหัสสายงาน" in page
    book = load_workbook(io.BytesIO(client.get("/imports/templates/expected_levels", buffered=True).data))
    assert book.sheetnames == ["ระดับที่คาดหวัง", "คำอธิบาย", "ค่าที่ใช้ได้"]
    assert client.get("/imports/export/expected_levels?format=csv").status_code == 200
    header = ("รหัสสายงาน", "รหัสระดับตำแหน่ง", "รหัสสมรรถนะ", "ระดับที่คาดหวัง")
    file = (io.BytesIO(workbook(("", "K2", "c1", Decimal(3)), header=header)), "ระดับ.xlsx")
    answer = client.post("/imports/new/expected_levels", data={"file": file})
    assert answer.status_code == 303
    work(site)
    assert "ตรวจสอบแล้ว 1 แถว" in client.get(answer.headers["Location"]).text
