"""What an entry of a history changed, from what to what, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _

from idp.queries.history import HistoryLine
from idp.rules.evidence import host_of
from idp.rules.terms import EmployeeOpinion, Half, PlanItemState, SecondOpinion, SubjectType
from idp.web.formats import NOTHING, baht, digits, number, show_date
from idp.web.labels import label
from idp.web.names.plan_lines import FIELD_NAMES
from idp.web.plan_lines import shown

NO_NAMES: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True)
class Change:
    """One thing, by its name; `before` and `after` as the page writes them ("" before: it was nothing yet).

    `key` is the same for the same thing in another entry.
    """

    key: tuple[Any, ...]
    name: str
    before: str
    after: str


def changes_of(
    line: HistoryLine,
    items: Mapping[int, str] = NO_NAMES,
    competencies: Mapping[int, str] = NO_NAMES,
    indicators: Mapping[int, str] = NO_NAMES,
) -> tuple[Change, ...]:
    """`items`: names of the assessment's competencies by the id of the item, `competencies` by their own;
    `indicators`: their places ("3.2")."""
    detail = line.detail
    match line.event:
        case "save_ratings":
            return tuple(_ratings(detail, items, indicators))
        case "enter_results_score":
            was = "" if detail.get("from") is None else _points(detail["from"])
            return (Change((line.event,), _("คะแนน"), was, _points(detail.get("to"))),)
        case "give_opinion":
            return tuple(_opinion(line, detail.get("from") or {}, detail.get("to") or {}))
        case "give_second_opinion" | "receive":
            return tuple(_opinion(line, {}, detail))
        case "ask_reconsideration" if detail.get("until_on"):
            day = date.fromisoformat(detail["until_on"])
            return (Change((line.event, "until_on"), _("ขอคำตอบภายใน"), "", show_date(day)),)
        case "begin_evaluation" | "evaluate" if detail.get("text"):
            return (Change((line.event, "text"), _("ข้อความ"), "", detail["text"]),)
        case "report_progress" | "evaluate_item" | "submit_evidence":
            return tuple(_results(line))
        case "attach_file" if line.subject_type is SubjectType.PLAN_ITEM:
            return (Change((line.event, detail["attachment_id"]), _("หลักฐาน"), "", detail["filename"]),)
        case "add_link" | "withdraw_evidence" if detail.get("title"):
            # Where a link leads is read from the list of evidence, which knows what was withdrawn.
            shown_as = f"{detail['title']} {host_of(detail.get('url', ''))}".strip()
            told = Change((line.event, detail.get("evidence_id")), _("หลักฐาน"), "", shown_as)
            return (told, *_results(line))
        case "write_follow_up" if detail.get("half"):
            half = label(Half(detail["half"]))
            return (Change((line.event, half), half, detail.get("before", ""), detail.get("after", "")),)
        case "update_item":
            return tuple(_fields(line, competencies))
    return ()


def together(later: tuple[Change, ...], earlier: tuple[Change, ...]) -> tuple[Change, ...]:
    """Both as one: from what it was before the earlier to what the later made of it."""
    first = {change.key: change.before for change in earlier}
    known = {change.key for change in later}
    joined = [replace(change, before=first.get(change.key, change.before)) for change in later]
    joined += [change for change in earlier if change.key not in known]
    return tuple(change for change in joined if change.before != change.after)


def _ratings(
    detail: Mapping[str, Any], items: Mapping[int, str], indicators: Mapping[int, str]
) -> Iterator[Change]:
    for each in detail.get("items", ()):
        number_, name = each["item_id"], items.get(each["item_id"], "")
        before, after = each["before"] or {}, each["after"] or {}
        for part, title, shows in (
            ("attained", name, _level),
            ("ticks", _("%(name)s: พฤติกรรมที่แสดง", name=name), _ticks),
            ("evidence", _("%(name)s: เหตุการณ์หรือพฤติกรรม", name=name), _text),
        ):
            was, now = (side.get(part, "" if part == "evidence" else None) for side in (before, after))
            if part == "ticks":
                was, now = was or [], now or []
            if was != now:
                shown_before = shows(was) if was or part == "attained" else ""
                yield Change((number_, part), title, shown_before, shows(now))
        yield from _notes(number_, name, [side.get("notes", {}) for side in (before, after)], indicators)


def _notes(
    item_id: int, name: str, sides: list[Mapping[str, str]], indicators: Mapping[int, str]
) -> Iterator[Change]:
    """Entries from before there were notes have none."""
    was, now = sides
    for indicator in sorted(was.keys() | now.keys(), key=int):
        if was.get(indicator) == now.get(indicator):
            continue
        place = digits(indicators.get(int(indicator), ""))
        title = _("%(name)s: หลักฐานของข้อ %(place)s", name=name, place=place)
        before = _text(was[indicator]) if indicator in was else ""
        yield Change((item_id, "note", indicator), title, before, _text(now.get(indicator)))


def _opinion(line: HistoryLine, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    kind = SecondOpinion if line.event == "give_second_opinion" else EmployeeOpinion
    said = [label(kind(each["opinion"])) if each.get("opinion") else "" for each in (before, after)]
    if said[0] != said[1]:
        yield Change(("opinion",), _("ความเห็น"), said[0], said[1])
    if before.get("text", "") != after.get("text", ""):
        yield Change(("text",), _("เหตุผลหรือข้อคิดเห็น"), before.get("text", ""), after.get("text", ""))


def _results(line: HistoryLine) -> Iterator[Change]:
    before, after = line.detail.get("before") or {}, line.detail.get("after") or {}
    if before.get("state") != after.get("state"):
        states = [label(PlanItemState(each["state"])) for each in (before, after)]
        yield Change((line.subject_id, "state"), _("สถานะ"), states[0], states[1])
    if before.get("percent") != after.get("percent"):
        far = [_("ร้อยละ %(percent)s", percent=digits(each["percent"])) for each in (before, after)]
        yield Change((line.subject_id, "percent"), _("ความก้าวหน้า"), far[0], far[1])
    for name, title, shows in (
        ("hours_done", _("ชั่วโมงที่ใช้แล้ว"), number),
        ("spent_baht", _("งบประมาณที่ใช้แล้ว"), baht),
    ):
        was, now = (each.get(name) for each in (before, after))
        if was != now:
            said = ["" if each is None else shows(Decimal(each)) for each in (was, now)]
            yield Change((line.subject_id, name), title, said[0], said[1] or NOTHING)
    reasons = [each.get("result_reason", "") for each in (before, after)]
    if reasons[0] not in ("", reasons[1]):  # a first one stands in the entry itself
        yield Change((line.subject_id, "result_reason"), _("เหตุผล"), reasons[0], _text(reasons[1]))
    if after.get("note"):
        yield Change((line.subject_id, "note"), _("บันทึก"), "", after["note"])


def _fields(line: HistoryLine, competencies: Mapping[int, str]) -> Iterator[Change]:
    before, after = line.detail.get("before") or {}, line.detail.get("after") or {}
    item_id = line.detail.get("item_id")
    for name, value in after.items():
        was = before.get(name)
        if name == "competency_id":
            said = [competencies.get(each, NOTHING) if each else NOTHING for each in (was, value)]
            yield Change((item_id, name), str(FIELD_NAMES["competency"]), said[0], said[1])
        elif name == "indicator_ids":
            yield Change((item_id, name), str(FIELD_NAMES["indicators"]), _ticks(was), _ticks(value))
        elif name in FIELD_NAMES:
            yield Change((item_id, name), str(FIELD_NAMES[name]), shown(name, was), shown(name, value))


def _level(level: int | None) -> str:
    return str(_("ยังไม่ประเมิน") if level is None else _("ระดับ %(level)s", level=digits(level)))


def _ticks(ticks: list[int] | None) -> str:
    return str(_("%(count)s ข้อ", count=digits(len(ticks or ()))))


def _text(text: str | None) -> str:
    return text or NOTHING


def _points(points: str | None) -> str:
    return NOTHING if points is None else number(Decimal(points))
