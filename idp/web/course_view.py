"""What the pages of courses need besides their queries: words of the history, choices."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.queries.history import HistoryLine
from idp.rules.terms import DevelopmentMethod
from idp.rules.training import CoursesShown
from idp.web.formats import NOTHING, baht, digits, number, show_date
from idp.web.labels import label
from idp.web.timeline import TimelineEntry
from idp.web.timeline_changes import Change

EVENTS: dict[str, LazyString] = {
    "create_course": _("เพิ่มหลักสูตร"),
    "edit_course": _("แก้ไขหลักสูตร"),
    "retire_course": _("เลิกเปิดรับหลักสูตร"),
    "offer_course_again": _("เปิดรับหลักสูตรอีกครั้ง"),
    "add_run": _("เพิ่มรุ่น"),
    "change_run": _("แก้ไขรุ่น"),
    "cancel_run": _("ยกเลิกรุ่น"),
}
FIELDS: dict[str, LazyString] = {
    "code": _("รหัสหลักสูตร"),
    "title": _("ชื่อหลักสูตร"),
    "provider": _("หน่วยงานผู้จัด"),
    "method": _("วิธีการพัฒนา"),
    "hours": _("จำนวนชั่วโมง"),
    "price_baht": _("ค่าใช้จ่ายต่อคน (บาท)"),
    "detail": _("รายละเอียด"),
    "measure": _("วิธีวัดผล"),
    "evidence": _("หลักฐานที่จะแสดง"),
    "level_ids": _("ระดับสมรรถนะที่พัฒนา"),
    "starts_on": _("วันแรก"),
    "ends_on": _("วันสุดท้าย"),
    "seats": _("จำนวนที่นั่ง"),
    "place": _("สถานที่"),
    "reason": _("เหตุผล"),
    "run_id": _("รุ่นที่เลือก"),
    "level_id": _("สมรรถนะและระดับ"),
}
SHOWN: dict[CoursesShown, LazyString] = {
    CoursesShown.OFFERED: _("หลักสูตรที่เปิดรับ"),
    CoursesShown.UPCOMING: _("มีรุ่นที่กำลังจะจัด"),
    CoursesShown.FULL: _("มีรุ่นที่ที่นั่งเต็ม"),
    CoursesShown.RETIRED: _("เลิกเปิดรับแล้ว"),
}


def entries(
    lines: Iterator[HistoryLine] | tuple[HistoryLine, ...], levels: Mapping[int, str]
) -> list[TimelineEntry]:
    """The history of a course; `levels`: words for the levels by their ids."""
    return [_entry(line, levels) for line in lines]


def _entry(line: HistoryLine, levels: Mapping[int, str]) -> TimelineEntry:
    run = line.detail.get("run") or {}
    about = show_date(date.fromisoformat(run["starts_on"]), "short") if run else ""
    return TimelineEntry(
        text=str(EVENTS.get(line.event, line.event))
        + (" " + str(_("(นำเข้าจากไฟล์)")) if "import_id" in line.detail else ""),
        who=line.actor_name,
        on_behalf_of=line.on_behalf_of,
        at=line.at,
        reason=line.reason,
        about=about,
        changes=tuple(_changes(line, levels)),
    )


def _changes(line: HistoryLine, levels: Mapping[int, str]) -> Iterator[Change]:
    before, after = line.detail.get("from") or {}, line.detail.get("to") or {}
    for name, value in after.items():
        if name in FIELDS and (before or value not in ("", None, [])):
            was = _shown(name, before.get(name), levels) if before else ""
            yield Change((line.event, name), str(FIELDS[name]), was, _shown(name, value, levels))


def _shown(name: str, value: Any, levels: Mapping[int, str]) -> str:
    if value in ("", None, []):
        return NOTHING
    match name:
        case "method":
            return label(DevelopmentMethod(value))
        case "price_baht":
            return baht(Decimal(value))
        case "starts_on" | "ends_on":
            return show_date(date.fromisoformat(value), "short")
        case "hours" | "seats":
            return number(value)
        case "level_ids":
            return ", ".join(levels.get(each, NOTHING) for each in value)
        case "code":
            return digits(value)
    return str(value)
