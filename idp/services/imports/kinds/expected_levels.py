"""What is expected of a line of work at a position level: one row for each competency of a profile.

A row says what is expected of its competency from a day on; competencies of the same profile that no row
names stay as they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from idp.adapters.spreadsheets import Cell
from idp.queries.expected_rows import ExpectedRow, Key, expected_rows, named_in_files
from idp.queries.profile_rows import written_rows
from idp.rules.calendar import local_day
from idp.rules.profiles import Expected, Slot
from idp.rules.terms import Permission
from idp.rules.thai import parse_thai_date
from idp.services.access import check_organisation
from idp.services.imports.expected_level_rows import (
    COMPETENCY,
    FRAMEWORK,
    FROM_ON,
    LEVEL,
    LINE,
    NOT_EXPECTED,
    POSITION,
    WEIGHT,
    first_day,
    judged_rows,
)
from idp.services.imports.kind import AllowedValues, Column, ImportKind, Judgement, RowRead, Scope
from idp.services.profile_changes import check_first_day, hold_profiles, write_profiles

LINE_NAME, POSITION_NAME, COMPETENCY_NAME = "line_name", "position_name", "competency_name"


class ExpectedLevels(ImportKind):
    key = "expected_levels"
    name_th = "ระดับที่คาดหวัง"
    name_en = "Expected levels"
    help_th = (
        "ระดับที่คาดหวังและน้ำหนักของแต่ละสายงานและระดับตำแหน่ง หนึ่งแถวต่อหนึ่งสมรรถนะ "
        "สมรรถนะที่ไม่มีในไฟล์คงไว้ตามเดิม รอบการประเมินที่เปิดแล้วไม่เปลี่ยนแปลง"
    )
    help_en = (
        "The level and weight that are expected of a line of work at a position level, one row for each "
        "competency. What the file does not name stays as it is; cycles already open do not change."
    )
    permission = Permission.PROFILE_EDIT
    chunk = None
    columns = (
        Column(
            LINE,
            "รหัสสายงาน",
            "Line of work",
            "รหัสหรือชื่อสายงาน เว้นว่างหากเป็นสมรรถนะหลักของทุกสายงาน",
            "Code or name; empty for the core competencies of every line of work",
            "human-resource-officer",
            width=24,
        ),
        Column(
            LINE_NAME,
            "สายงาน",
            "Name of the line of work",
            "ไว้ให้อ่าน ระบบไม่นำเข้า",
            "To be read by people; not imported",
            is_required=False,
            is_for_the_eye=True,
            width=32,
        ),
        Column(
            POSITION,
            "รหัสระดับตำแหน่ง",
            "Position level",
            "รหัสหรือชื่อระดับตำแหน่ง เช่น K2 หรือ วิชาการ ชำนาญการ",
            "Code or name, for example K2",
            "K2",
            width=16,
        ),
        Column(
            POSITION_NAME,
            "ระดับตำแหน่ง",
            "Name of the position level",
            "ไว้ให้อ่าน ระบบไม่นำเข้า",
            "To be read by people; not imported",
            is_required=False,
            is_for_the_eye=True,
            width=28,
        ),
        Column(
            FRAMEWORK,
            "รหัสพจนานุกรม",
            "Framework",
            "รหัสพจนานุกรมสมรรถนะที่หน่วยงานใช้ เว้นว่างได้หากรหัสสมรรถนะไม่ซ้ำกัน",
            "Code of the framework in use; may be empty where the competency's code is the only one",
            is_required=False,
            width=24,
        ),
        Column(
            COMPETENCY,
            "รหัสสมรรถนะ",
            "Competency",
            "รหัสหรือชื่อสมรรถนะในพจนานุกรมที่ใช้อยู่",
            "Code or name, of the version in use",
            "c1",
            width=16,
        ),
        Column(
            COMPETENCY_NAME,
            "สมรรถนะ",
            "Name of the competency",
            "ไว้ให้อ่าน ระบบไม่นำเข้า",
            "To be read by people; not imported",
            is_required=False,
            is_for_the_eye=True,
            width=40,
        ),
        Column(
            LEVEL,
            "ระดับที่คาดหวัง",
            "Expected level",
            "จำนวนเต็ม กรอกเครื่องหมาย - เพื่อไม่คาดหวังสมรรถนะนี้อีก",
            "A whole number; a hyphen takes the competency out of the profile",
            Decimal(3),
        ),
        Column(
            WEIGHT,
            "น้ำหนัก (ร้อยละ)",
            "Weight (percent)",
            "เว้นว่างหากไม่กำหนดน้ำหนักเอง หากไม่มีคอลัมน์นี้ น้ำหนักคงเดิม",
            "Empty where no weight is set; without this column weights stay as they are",
            is_required=False,
        ),
        Column(
            FROM_ON,
            "ใช้ตั้งแต่วันที่",
            "Effective from",
            "วัน/เดือน/ปี พ.ศ. ไม่ก่อนวันนี้ เว้นว่างหากใช้ตั้งแต่วันที่นำเข้า",
            "Day/month/year, not before today; empty: from the day on which it is imported",
            is_required=False,
            width=16,
        ),
    )

    def judge(self, scope: Scope, rows: Sequence[RowRead]) -> list[Judgement]:
        return judged_rows(scope, rows)

    def apply(self, scope: Scope, judged: Sequence[Judgement]) -> None:
        check_organisation(scope.session, scope.actor, Permission.PROFILE_EDIT, local_day(scope.now))
        hold_profiles(scope.session, scope.organisation_id)
        by_day: dict[date, list[Judgement]] = {}
        for each in judged:
            written = (each.after or {}).get(FROM_ON)
            day = parse_thai_date(written) if written else first_day(scope)
            by_day.setdefault(day, []).append(each)
        for day, group in sorted(by_day.items()):
            check_first_day(scope.session, scope.organisation_id, day, scope.now)
            write_profiles(
                scope.session,
                scope.actor,
                scope.organisation_id,
                _with_rows(expected_rows(scope.session, scope.organisation_id, day), group),
                day,
                scope.now,
            )

    def present_rows(self, scope: Scope) -> Iterable[Mapping[str, Cell]]:
        for row in written_rows(scope.session, scope.organisation_id, scope.day):
            yield {
                LINE: row.line_code,
                LINE_NAME: row.line_name,
                POSITION: row.level_code,
                POSITION_NAME: row.level_name,
                FRAMEWORK: row.framework_code,
                COMPETENCY: row.competency_code,
                COMPETENCY_NAME: row.competency_name,
                LEVEL: Decimal(row.level),
                WEIGHT: "" if row.weight is None else row.weight,
            }

    def allowed_values(self, scope: Scope) -> Sequence[AllowedValues]:
        named = named_in_files(scope.session, scope.organisation_id, scope.day)
        texts = {
            LINE: [each.code for each in named.lines],
            LINE_NAME: [each.name for each in named.lines],
            POSITION: [each.code for each in named.levels],
            POSITION_NAME: [each.name for each in named.levels],
            FRAMEWORK: [each.framework_code for each in named.competencies],
            COMPETENCY: [each.code for each in named.competencies],
            COMPETENCY_NAME: [each.name for each in named.competencies],
        }
        return [
            AllowedValues(column.header_th, column.header_en, texts[column.key])
            for column in self.columns
            if column.key in texts
        ]


def _with_rows(
    content: Mapping[Slot, Mapping[Key, ExpectedRow]], judged: Sequence[Judgement]
) -> dict[Slot, list[Expected]]:
    """What the profiles that the rows name expect then: what they did, with the rows' own in its place."""
    wanted: dict[Slot, dict[Key, Expected]] = {}
    for each in judged:
        target, after = each.target or {}, each.after or {}
        slot: Slot = (target["line_of_work_id"], target["position_level_id"])
        key: Key = (target["framework"], target["competency"])
        if slot not in wanted:
            wanted[slot] = {
                known: Expected(row.competency_id, row.level, row.weight)
                for known, row in content.get(slot, {}).items()
            }
        wanted[slot].pop(key, None)
        if after[LEVEL] != NOT_EXPECTED:
            weight = Decimal(after[WEIGHT]) if after[WEIGHT] else None
            wanted[slot][key] = Expected(target["competency_id"], int(after[LEVEL]), weight)
    return {slot: list(expected.values()) for slot, expected in wanted.items()}
