"""An organisation's own development actions: one row for each, new or changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from idp.adapters.spreadsheets import Cell
from idp.queries.catalogue.rows import (
    NamedLevel,
    StoredAction,
    latest_of_each,
    named_levels,
    own_actions,
    proposed_actions,
)
from idp.rules.relations import Actor
from idp.rules.terms import Permission, VersionState
from idp.services.catalogue.bulk_writing import write_actions
from idp.services.imports.development_action_rows import NO, PUBLISH, YES, judged_rows, shown, wanted_of
from idp.services.imports.development_action_texts import (
    COMPETENCY,
    COST,
    DETAIL,
    EVIDENCE,
    FRAMEWORK,
    HOURS,
    INDICATORS,
    KEY,
    LEVEL,
    MEASURE,
    METHOD,
    METHOD_NAMES,
    TITLE,
    WEEKS,
)
from idp.services.imports.kind import (
    AllowedValues,
    Choice,
    Column,
    ImportKind,
    Judgement,
    Parameter,
    RowRead,
    Scope,
)

COMPETENCY_NAME, STATE = "competency_name", "state"
STATES = {
    VersionState.DRAFT: "ร่าง",
    VersionState.PUBLISHED: "เผยแพร่แล้ว",
    VersionState.RETIRED: "เลิกใช้แล้ว",
}
FOR_THE_EYE = ("ไว้ให้อ่าน ระบบไม่นำเข้า", "To be read by people; not imported")
FIGURES = (HOURS, WEEKS, COST, LEVEL)


class DevelopmentActions(ImportKind):
    key = "development_actions"
    name_th = "กิจกรรมพัฒนาของหน่วยงาน"
    name_en = "Own development actions"
    help_th = (
        "กิจกรรมพัฒนาที่หน่วยงานจัดทำเอง หนึ่งแถวต่อหนึ่งกิจกรรม แถวที่ไม่มีรหัสเป็นกิจกรรมใหม่ "
        "แถวที่มีรหัสและเนื้อหาเปลี่ยนเป็นฉบับใหม่ของกิจกรรมนั้น แถวที่เนื้อหาไม่เปลี่ยนคงสถานะเดิม "
        "กิจกรรมที่ไม่มีในไฟล์คงไว้ตามเดิม"
    )
    help_en = (
        "Development actions of the organisation's own, one row each. A row without a key is a new action; "
        "with a key and another content, a next version of it. What is unchanged stays in the state it is "
        "in, and what the file does not name stays as it is."
    )
    permission = Permission.CATALOGUE_EDIT
    columns = (
        Column(
            KEY,
            "รหัสกิจกรรม",
            "Action key",
            "เว้นว่างหากเป็นกิจกรรมใหม่ ระบบกำหนดรหัสให้",
            "Empty for a new action: it is given one",
            is_required=False,
            width=16,
        ),
        Column(
            FRAMEWORK,
            "รหัสพจนานุกรม",
            "Framework",
            "รหัสหรือชื่อพจนานุกรมสมรรถนะ เว้นว่างได้หากเป็นพจนานุกรมที่หน่วยงานใช้และรหัสสมรรถนะไม่ซ้ำกัน",
            "Code or name; may be empty for a framework in use where the competency's code is the only one",
            is_required=False,
            width=24,
        ),
        Column(
            COMPETENCY,
            "รหัสสมรรถนะ",
            "Competency",
            "รหัสหรือชื่อสมรรถนะ",
            "Code or name",
            "c1",
            width=16,
        ),
        Column(
            COMPETENCY_NAME,
            "สมรรถนะ",
            "Name of the competency",
            *FOR_THE_EYE,
            is_required=False,
            is_for_the_eye=True,
            width=32,
        ),
        Column(LEVEL, "ระดับ", "Level", "ระดับที่กิจกรรมนี้พัฒนาไปถึง", "The level that it develops", Decimal(2)),
        Column(
            INDICATORS,
            "พฤติกรรมข้อที่",
            "Indicators",
            "ลำดับข้อของพฤติกรรมบ่งชี้ในระดับนั้น เช่น 1, 3 เว้นว่างหากพัฒนาทั้งระดับ",
            "Places of the indicators in the level, for example 1, 3; empty: the level as a whole",
            "1, 3",
            is_required=False,
            width=16,
        ),
        Column(METHOD, "วิธีการพัฒนา", "Method", "ชื่อหรือรหัสวิธีการพัฒนา", "Name or code", "การสอนงาน", width=28),
        Column(
            TITLE,
            "ชื่อกิจกรรม",
            "Title",
            "ไม่เกิน 500 ตัวอักษร",
            "500 characters at most",
            "ฝึกบันทึกเวลาทุกขั้นตอนของคำขอที่ดูแล",
            width=48,
        ),
        Column(
            DETAIL,
            "รายละเอียดการดำเนินการ",
            "Detail",
            "ทำอะไร กับใคร อย่างไร",
            "What to do, with whom",
            is_required=False,
            width=60,
        ),
        Column(
            HOURS,
            "จำนวนชั่วโมง",
            "Hours",
            "เวลาของผู้พัฒนา",
            "Of the employee's time",
            Decimal(24),
            is_required=False,
        ),
        Column(
            WEEKS,
            "ระยะเวลา (สัปดาห์)",
            "Weeks",
            "ตั้งแต่เริ่มจนเสร็จ",
            "From start to end",
            Decimal(8),
            is_required=False,
        ),
        Column(
            COST,
            "ค่าใช้จ่ายต่อคน (บาท)",
            "Cost (baht)",
            "เว้นว่างหากไม่มีค่าใช้จ่าย",
            "A person; empty for none",
            Decimal(0),
            is_required=False,
        ),
        Column(
            EVIDENCE,
            "หลักฐาน",
            "Evidence",
            "สิ่งที่แสดงว่าทำแล้ว",
            "What shows that it was done",
            is_required=False,
            width=40,
        ),
        Column(
            MEASURE,
            "วิธีวัดผล",
            "Measure",
            "ดูจากอะไรว่าพฤติกรรมเปลี่ยน",
            "How its effect is judged",
            is_required=False,
            width=40,
        ),
        Column(STATE, "สถานะ", "State", *FOR_THE_EYE, is_required=False, is_for_the_eye=True, width=14),
    )
    parameters = (Parameter(PUBLISH, "เมื่อนำเข้าแล้ว", "Once imported"),)

    def choices(self, session: Session, actor: Actor, day: date) -> Mapping[str, Sequence[Choice]]:
        return {
            PUBLISH: [
                Choice(NO, "เก็บเป็นร่าง ตรวจก่อนเผยแพร่", "Keep as drafts"),
                Choice(YES, "เผยแพร่ทันที", "Publish at once"),
            ]
        }

    def judge(self, scope: Scope, rows: Sequence[RowRead]) -> list[Judgement]:
        return judged_rows(scope, rows)

    def apply(self, scope: Scope, judged: Sequence[Judgement]) -> None:
        write_actions(
            scope.session,
            scope.actor,
            wanted_of(scope, judged),
            scope.now,
            publishes=scope.parameters.get(PUBLISH) == YES,
            import_id=scope.import_id,
        )

    def present_rows(self, scope: Scope) -> Iterable[Mapping[str, Cell]]:
        """The organisation's own of the frameworks as they stand now, the version under way of each; what was
        retired for good is left out."""
        levels = {
            each.level_id: each for each in named_levels(scope.session, scope.organisation_id, scope.day)
        }
        latest = latest_of_each(own_actions(scope.session, scope.organisation_id))
        places = {level_id: place for place, level_id in enumerate(levels)}
        standing = [
            each
            for each in latest.values()
            if each.state is not VersionState.RETIRED and each.level_id in levels
        ]
        for each in sorted(standing, key=lambda action: (places[action.level_id], action.id)):
            yield presented(each, levels[each.level_id])

    def allowed_values(self, scope: Scope) -> Sequence[AllowedValues]:
        levels = named_levels(scope.session, scope.organisation_id, scope.day)
        competencies = {each.competency_id: each for each in levels}.values()
        texts: dict[str, list[str]] = {
            FRAMEWORK: [each.framework_code for each in competencies],
            COMPETENCY: [each.competency_code for each in competencies],
            COMPETENCY_NAME: [each.competency_name for each in competencies],
            METHOD: list(METHOD_NAMES.values()),
        }
        return [
            AllowedValues(column.header_th, column.header_en, texts[column.key])
            for column in self.columns
            if column.key in texts
        ]


class EverythingProposed(DevelopmentActions):
    """The same columns with all that the organisation proposes for the frameworks in use: to be read; of the
    library's rows a file changes nothing."""

    def present_rows(self, scope: Scope) -> Iterable[Mapping[str, Cell]]:
        levels = named_levels(scope.session, scope.organisation_id, scope.day)
        in_use = {each.level_id: each for each in levels if each.is_in_use}
        places = {level_id: place for place, level_id in enumerate(in_use)}
        found = proposed_actions(scope.session, scope.organisation_id, in_use)
        for each in sorted(found, key=lambda action: (places[action.level_id], action.id)):
            yield presented(each, in_use[each.level_id])


def presented(action: StoredAction, level: NamedLevel) -> dict[str, Cell]:
    """A row of our files."""
    texts: dict[str, Any] = {
        KEY: action.key,
        FRAMEWORK: level.framework_code,
        COMPETENCY: level.competency_code,
        COMPETENCY_NAME: level.competency_name,
        LEVEL: str(level.number),
        STATE: STATES[action.state],
        **shown(action, level),
    }
    return {key: Decimal(text) if key in FIGURES else text for key, text in texts.items()}
