"""The table of what is expected: read on any day, typed in cell by cell, refused at the cell."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from idp.models import Competency, ExpectedLevel, LineOfWork, PositionProfile
from idp.rules.profiles import ProfileRow
from idp.rules.relations import SYSTEM
from idp.services.position_overrides import override_position
from idp.services.settings import set_rules
from tests.factories.office import Office
from tests.services.cycle_cast import DAY, NOW, Town, draft_cycle, open_cycle
from tests.services.profile_cast import (
    NUMBER,
    REASON,
    competency,
    fields,
    give_number,
    old_version,
    publish_second,
    replace_profile_rows,
)

INDEX = "/profiles/"
CORE, LINE = "/profiles/core", "/profiles/x-general"
EDIT, EDIT_LINE = f"{CORE}/edit", f"{LINE}/edit"


def ids(office: Office) -> dict[str, int]:
    with office.session() as session:
        found = {row.code: row.id for row in session.execute(select(Competency.code, Competency.id))}
    return found | {"level": office.town.level.id}


def cell(office: Office, code: str, kind: str = "level") -> str:
    known = ids(office)
    return f"{kind}-{known['level']}-{known[code]}"


def holds(office: Office, day: date, line_id: int | None = None) -> dict[str, tuple[int, str | None]]:
    """What is written for the level on the day, by the competency's code."""
    with office.session() as session:
        rows = session.execute(
            select(Competency.code, ExpectedLevel.level, ExpectedLevel.weight)
            .join(ExpectedLevel, ExpectedLevel.competency_id == Competency.id)
            .join(PositionProfile, PositionProfile.id == ExpectedLevel.profile_id)
            .where(
                PositionProfile.organisation_id == office.town.organisation.id,
                PositionProfile.line_of_work_id.is_(None)
                if line_id is None
                else PositionProfile.line_of_work_id == line_id,
                PositionProfile.from_on <= day,
                PositionProfile.until_on.is_(None) | (PositionProfile.until_on >= day),
            )
        )
        return {code: (level, None if weight is None else str(weight)) for code, level, weight in rows}


def test_the_index_shows_each_line_with_its_people_and_what_is_lacking(office: Office) -> None:
    page = office.sign_in("malee").get(INDEX).text
    assert 'href="/profiles/core"' in page and 'href="/profiles/x-general"' in page
    assert "6 คน" in page
    assert "หน่วยงานใช้เฉพาะสมรรถนะหลัก" in page and "ยังไม่มีมาตรฐานของกลุ่มนี้" not in page
    assert 'href="/profiles/"' in office.sign_in("malee").get("/").text


def test_the_table_shows_levels_people_weights_and_where_a_ladder_has_a_hole(office: Office) -> None:
    page = office.sign_in("malee").get(CORE).text
    for text in ("สมรรถนะที่ 1", "ชำนาญการ", "6 คน", "สมรรถนะนี้ไม่มีระดับ 2 จะใช้ระดับ 1"):
        assert text in page, text
    assert "น้ำหนักเท่ากัน 1 สายงาน" in page


def test_cells_are_set_from_a_day_and_the_day_can_be_looked_at(office: Office) -> None:
    malee = office.sign_in("malee")
    typed = {cell(office, "c1"): "๔", cell(office, "c2"): "", "from_on": "1/11/2569"}
    assert malee.post(EDIT, data=typed).status_code == 302
    assert holds(office, DAY) == {"c1": (2, None), "c2": (2, None), "c3": (2, None)}
    assert holds(office, date(2026, 11, 1)) == {"c1": (4, None), "c3": (2, None)}
    assert "จะเปลี่ยนตั้งแต่ 1 พ.ย. 2569" in malee.get(CORE).text
    later = malee.get(f"{CORE}?on=2026-11-01").text
    assert "ณ วันที่ 1 พฤศจิกายน 2569" in later and "จะใช้ระดับ 1" not in later
    assert malee.get(f"{CORE}?on=1/11/2569").text.count("ณ วันที่ 1 พฤศจิกายน 2569") >= 1
    assert "ระดับ 2 → ระดับ 4" in malee.get(f"{CORE}/history").text


@pytest.mark.parametrize(
    ("code", "kind", "text"),
    [
        ("c1", "level", "สาม"),
        ("c1", "level", "0"),
        ("c1", "level", "10"),
        ("c1", "level", "2.5"),
        ("c1", "level", "9" * 30),
        ("c1", "level", ""),  # with a weight
        ("c2", "weight", "ก"),
        ("c2", "weight", "100.01"),
        ("c2", "weight", "-1"),
        ("c2", "weight", "33.333"),
    ],
)
def test_what_is_wrong_is_told_at_the_cell_and_everything_typed_is_kept(
    office: Office, code: str, kind: str, text: str
) -> None:
    name = cell(office, code, kind)
    typed = {
        cell(office, "c3"): "5",
        cell(office, "c1", "weight"): "40",
        "from_on": "7/10/2569",
        name: text,
    }
    answer = office.sign_in("malee").post(EDIT, data=typed)
    assert answer.status_code == 422
    assert f'id="error-{kind if text else "level"}-' in answer.text
    assert f'id="error-{name}"' in answer.text
    for field, written in typed.items():
        assert re.search(f'name="{field}"[^>]* value="{re.escape(written)}"', answer.text), field
    assert holds(office, DAY)["c3"] == (2, None)


def test_everything_that_is_wrong_is_told_at_once(office: Office) -> None:
    typed = {cell(office, "c1"): "สาม", cell(office, "c2"): "12", cell(office, "c3", "weight"): "101"}
    page = office.sign_in("malee").post(EDIT, data=typed | {"from_on": "4/10"}).text
    for name in (*typed, "from_on"):
        assert f'id="error-{name}"' in page, name


@pytest.mark.parametrize("day", ["4/10/2569", "", "พรุ่งนี้"])
def test_a_day_that_has_passed_or_is_none_is_refused_at_its_field(office: Office, day: str) -> None:
    answer = office.sign_in("malee").post(EDIT, data={cell(office, "c1"): "3", "from_on": day})
    assert answer.status_code == 422 and 'id="error-from_on"' in answer.text
    assert holds(office, DAY)["c1"] == (2, None)


def test_nothing_typed_otherwise_is_said_and_nothing_written(office: Office) -> None:
    answer = office.sign_in("malee").post(EDIT, data={"from_on": "6/10/2569"})
    assert answer.status_code == 422 and "ไม่มีค่าใดต่าง" in answer.text


def test_the_line_and_the_core_total_a_hundred_together_or_the_page_says_97(office: Office) -> None:
    malee = office.sign_in("malee")
    core = {
        cell(office, code, "weight"): weight for code, weight in (("c1", "40"), ("c2", "30"), ("c3", "27"))
    }
    assert malee.post(EDIT, data=core | {"from_on": "5/10/2569"}).status_code == 302
    assert "จัดการงานทั่วไป รวม 97 ไม่ครบ 100" in malee.get(CORE).text
    assert "น้ำหนักรวมไม่เท่ากับ 100 ใน 1 ตำแหน่ง" in malee.get(INDEX).text
    whole = {cell(office, "c3", "weight"): "30.00", "from_on": "5/10/2569"}
    assert malee.post(EDIT, data=whole).status_code == 302
    assert "รวม 100 แล้ว 1 สายงาน" in malee.get(CORE).text


def test_a_competency_of_the_line_of_work_is_added_to_its_table(office: Office) -> None:
    def use_for_functions(town: Town) -> None:
        town.session.execute(update(Competency).where(Competency.code == "c3").values(category="functional"))
        uses = [{"code": "example-core", "category": each} for each in ("core", "functional")]
        set_rules(town.session, SYSTEM, town.organisation.id, {"frameworks": uses}, DAY, NOW)

    office.do(use_for_functions)
    malee, column = office.sign_in("malee"), str(ids(office)["c3"])
    assert "ยังไม่มีมาตรฐานของกลุ่มนี้" in malee.get(INDEX).text
    assert "ยังไม่มีมาตรฐานสมรรถนะของกลุ่มนี้" in malee.get(LINE).text
    assert f'value="{column}"' in malee.get(EDIT_LINE).text
    page = malee.get(f"{EDIT_LINE}?column={column}").text
    assert f'name="{cell(office, "c3")}"' in page
    typed = {cell(office, "c3"): "4", "column": column, "from_on": "5/10/2569"}
    assert malee.post(EDIT_LINE, data=typed).status_code == 302
    assert holds(office, DAY, office.town.line.id) == {"c3": (4, None)}
    again = malee.get(f"{EDIT_LINE}?from_level={ids(office)['level']}&to_level={ids(office)['level']}")
    assert again.status_code == 200


def test_two_who_edit_one_table_the_second_is_told_and_keeps_the_text(office: Office) -> None:
    malee = office.sign_in("malee")
    office.app.config["IDP_FORMS_CARRY_VERSION"] = True
    drawn = re.search(r'name="version" value="(\d+)"', malee.get(EDIT).text)
    assert drawn is not None
    first = {cell(office, "c1"): "3", "from_on": "6/10/2569", "version": drawn[1]}
    assert malee.post(EDIT, data=first).status_code == 302
    second = {cell(office, "c2"): "3", "from_on": "8/10/2569", "version": drawn[1]}
    answer = malee.post(EDIT, data=second)
    assert answer.status_code == 409 and 'value="8/10/2569"' in answer.text
    assert holds(office, date(2026, 10, 9))["c2"] == (2, None)


def test_a_row_without_anything_ends_the_profile(office: Office) -> None:
    typed = {cell(office, code): "" for code in ("c1", "c2", "c3")} | {"from_on": "1/12/2569"}
    assert office.sign_in("malee").post(EDIT, data=typed).status_code == 302
    assert holds(office, date(2026, 11, 30)) and not holds(office, date(2026, 12, 1))


def test_a_round_that_is_open_keeps_its_levels_and_the_page_names_it(office: Office) -> None:
    cycle_id = office.do(lambda town: open_cycle(town).id)
    malee = office.sign_in("malee")
    assert f"/cycles/{cycle_id}" in malee.get(EDIT).text
    typed = {cell(office, "c1"): "5", "from_on": "5/10/2569"}
    refused = malee.post(EDIT, data=typed)
    assert refused.status_code == 422 and "โปรดกำหนดตั้งแต่วันถัดไป" in refused.text
    assert malee.post(EDIT, data=typed | {"from_on": "6/10/2569"}).status_code == 302


def test_one_position_is_expected_otherwise_and_the_list_names_who_serves_there(office: Office) -> None:
    office.do(give_number)
    malee = office.sign_in("malee")
    typed = {
        "position_number": NUMBER,
        "competency_id": str(ids(office)["c2"]),
        "level": "2",
        "weight": "",
        "reason": REASON,
        "from_on": "5/10/2569",
        "until_on": "",
    }
    for field, wrong in (
        ("position_number", "99"),
        ("competency_id", "0"),
        ("level", "0"),
        ("weight", "101"),
        ("reason", " "),
        ("from_on", "4/10/2569"),
        ("until_on", "1/1/2569"),
    ):
        answer = malee.post("/position-overrides/new", data=typed | {field: wrong})
        assert answer.status_code == 422 and f'id="error-{field}"' in answer.text, field
    answer = malee.post("/position-overrides/new", data=typed)
    assert answer.status_code == 302
    listed = malee.get("/position-overrides/").text
    for text in (NUMBER, "นายลำดับที่4 ใจดี", REASON, "จะใช้ระดับ 1"):
        assert text in listed, text
    cycle_id = office.do(lambda town: draft_cycle(town).id)
    before_opening = malee.get(f"/cycles/{cycle_id}/preflight").text
    assert f"ตำแหน่งเลขที่ {NUMBER}" in before_opening and REASON in before_opening
    page = answer.headers["Location"]
    assert "กำหนดระดับที่คาดหวังเฉพาะตำแหน่ง" in malee.get(page).text
    assert malee.post(f"{page}/end", data={"until_on": "5/10/2569", "reason": ""}).status_code == 422
    ended = malee.post(f"{page}/end", data={"until_on": "5/10/2569", "reason": "สิ้นสุดโครงการ"})
    assert ended.status_code == 302 and "สิ้นสุดโครงการ" in malee.get(page).text
    for name, status in (("olan", 404), ("wipa", 200), ("suda", 403), ("prasit", 403), ("staff4", 403)):
        assert office.sign_in(name).get(page).status_code == status, name


def test_the_second_who_ends_one_override_is_told(office: Office) -> None:
    def prepare(town: Town) -> int:
        give_number(town)
        return override_position(town.session, town.actor("malee"), fields(town), NOW).id

    page, malee = f"/position-overrides/{office.do(prepare)}", office.sign_in("malee")
    office.app.config["IDP_FORMS_CARRY_VERSION"] = True
    drawn = re.search(r'name="version" value="(\d+)"', malee.get(page).text)
    assert drawn is not None
    typed = {"until_on": "6/10/2569", "reason": "คำสั่งสิ้นสุดลงแล้วตามหนังสือ", "version": drawn[1]}
    assert malee.post(f"{page}/end", data=typed).status_code == 302
    answer = malee.post(f"{page}/end", data=typed | {"until_on": "5/10/2569"})
    assert answer.status_code == 409 and "คำสั่งสิ้นสุดลงแล้วตามหนังสือ" in answer.text


def test_a_second_one_of_the_same_day_leads_to_the_page_of_the_first(office: Office) -> None:
    def prepare(town: Town) -> int:
        give_number(town)
        return override_position(town.session, town.actor("malee"), fields(town), NOW).id

    page, malee = f"/position-overrides/{office.do(prepare)}", office.sign_in("malee")
    typed = {
        "position_number": NUMBER,
        "competency_id": str(ids(office)["c1"]),
        "level": "3",
        "reason": "ข้อความที่พิมพ์ไว้",
        "from_on": "5/10/2569",
    }
    refused = malee.post("/position-overrides/new", data=typed)
    assert refused.status_code == 422 and 'id="error-from_on"' in refused.text
    for text in ("ซึ่งเริ่มใช้วันเดียวกันอยู่แล้ว (ระดับ 4)", f'href="{page}"', "ข้อความที่พิมพ์ไว้"):
        assert text in refused.text, text
    assert f'href="{page}/change"' in malee.get(page).text
    office.app.config["IDP_FORMS_CARRY_VERSION"] = True
    drawn = re.search(r'name="version" value="(\d+)"', malee.get(f"{page}/change").text)
    assert drawn is not None
    sent = {"level": "3", "weight": "", "until_on": "", "reason": "แก้ไขตามคำสั่ง", "version": drawn[1]}
    for field, wrong in (("level", "x"), ("weight", "101"), ("until_on", "1/1/2569"), ("reason", " ")):
        answer = malee.post(f"{page}/change", data=sent | {field: wrong})
        assert answer.status_code == 422 and f'id="error-{field}"' in answer.text, field
    assert malee.post(f"{page}/change", data=sent).status_code == 302
    assert "แก้ไขตามคำสั่ง" in malee.get(page).text
    stale = malee.post(f"{page}/change", data=sent | {"level": "5", "reason": "พิมพ์ช้ากว่า"})
    assert stale.status_code == 409 and "พิมพ์ช้ากว่า" in stale.text and "แก้ไขตามคำสั่ง" in stale.text
    for name, status in (("olan", 404), ("wipa", 403), ("suda", 403), ("staff4", 403)):
        client = office.sign_in(name)
        assert client.get(f"{page}/change").status_code == status, name
        assert client.post(f"{page}/change", data=sent).status_code == status, name


def test_profiles_are_carried_over_after_a_look_at_what_would_be_lost(
    office: Office,
) -> None:
    new_id, old_id = office.do(lambda town: (publish_second(town).id, old_version(town).id))
    malee, address = office.sign_in("malee"), f"/profile-carry-over/?from={old_id}&to={new_id}"
    assert address.replace("&", "&amp;") in malee.get(INDEX).text
    assert address.replace("&", "&amp;") in malee.get("/profile-carry-over/").text
    page = malee.get(address).text
    assert "จะนำออกจากมาตรฐาน" in page and "สมรรถนะที่ 3" in page
    drawn = re.search(r'name="version" value="(\d+)"', page)
    assert drawn is not None
    typed = {"from_version": str(old_id), "to_version": str(new_id), "from_on": "6/10/2569"}
    office.app.config["IDP_FORMS_CARRY_VERSION"] = True
    stale = malee.post("/profile-carry-over/", data=typed | {"version": "999"})
    assert stale.status_code == 409
    refused = malee.post("/profile-carry-over/", data=typed | {"from_on": "1/10/2569", "version": drawn[1]})
    assert refused.status_code == 422 and 'id="error-from_on"' in refused.text
    for field in ("from_version", "to_version"):
        missing = malee.post("/profile-carry-over/", data=typed | {field: "999999", "version": drawn[1]})
        assert missing.status_code == 404
    assert malee.post("/profile-carry-over/", data=typed | {"version": drawn[1]}).status_code == 302
    assert set(holds(office, date(2026, 10, 6))) == {"c1", "c2"}
    assert address.replace("&", "&amp;") not in malee.get(INDEX).text


def test_only_the_office_writes_and_only_the_auditor_reads_besides(office: Office) -> None:
    for name, reads, writes in (
        ("wipa", 200, 403),
        ("prasit", 403, 403),
        ("suda", 403, 403),
        ("staff4", 403, 403),
    ):
        client = office.sign_in(name)
        for address in (INDEX, CORE, LINE, f"{CORE}/history", "/position-overrides/"):
            assert client.get(address).status_code == reads, (name, address)
        for address in (EDIT, "/position-overrides/new", "/profile-carry-over/"):
            assert client.get(address).status_code == writes, (name, address)
            assert client.post(address, data={"from_on": "6/10/2569"}).status_code == writes, (name, address)
    assert "/edit" not in office.sign_in("wipa").get(CORE).text


def test_the_neighbour_sees_and_writes_only_at_home(office: Office) -> None:
    olan = office.sign_in("olan")
    assert olan.post(EDIT, data={cell(office, "c1"): "5", "from_on": "6/10/2569"}).status_code == 302
    assert holds(office, date(2026, 10, 6))["c1"] == (2, None)


def test_a_line_of_work_that_there_is_not_is_missing(office: Office) -> None:
    malee = office.sign_in("malee")
    for key in ("none", "x" * 200):
        assert malee.get(f"/profiles/{key}").status_code == 404
        assert malee.get(f"/profiles/{key}/edit").status_code == 404


def test_the_pages_take_as_many_statements_with_hundreds_of_posts(office: Office) -> None:
    malee = office.sign_in("malee")
    addresses = (INDEX, CORE, LINE, EDIT, f"{CORE}/history")
    malee.get(INDEX)  # the first page notes that the browser is there
    few = {address: office.statements(malee, address) for address in addresses}

    def fill(town: Town) -> None:
        lines = [LineOfWork(code=f"line-{n}", name_th=f"สายงาน {n}", name_en="") for n in range(250)]
        town.session.add_all(lines)
        town.session.flush()
        rows = [
            ProfileRow(line.id, town.level.id, competency(town, code), 3)
            for line in lines
            for code in ("c1", "c3")
        ]
        replace_profile_rows(town.session, town.actor("malee"), rows, DAY, NOW)

    office.do(fill)
    many = {address: office.statements(malee, address) for address in addresses}
    assert many == few and max(few.values()) < 40, (few, many)


def test_what_was_before_can_be_looked_at_too(office: Office) -> None:
    malee = office.sign_in("malee")
    malee.post(EDIT, data={cell(office, "c1"): "5", "from_on": "5/10/2569"})
    yesterday = (DAY - timedelta(days=1)).isoformat()
    assert '<span class="profile-level">5</span>' not in malee.get(f"{CORE}?on={yesterday}").text
    assert '<span class="profile-level">5</span>' in malee.get(CORE).text
