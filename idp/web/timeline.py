"""The history of a record in words: what happened, by whose hand, for whom, when and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.queries.history import HistoryLine
from idp.rules.audit_chain import SetEvent
from idp.rules.history_sight import shows_contents
from idp.rules.paper import permission_for_scan
from idp.rules.terms import AssessmentEvent, Permission, PhaseKind, PlanEvent, RaterKind, SubjectType
from idp.web.formats import show_date
from idp.web.labels import label
from idp.web.timeline_changes import NO_NAMES, Change, changes_of, together

OTHER_EVENTS: dict[str, LazyString] = {
    SetEvent.OPEN_ASSESSMENTS.value: _("เปิดรอบและจัดทำแบบประเมิน"),
    SetEvent.CLOSE_ASSESSMENTS.value: _("ปิดการประเมินพร้อมรอบการประเมิน"),
    "propose_full_path": _("ขอข้อเสนอแนะจนถึงระดับที่คาดหวัง"),
    "begin_suggestions": _("จัดทำข้อเสนอแนะการพัฒนาทั้งรอบการประเมิน"),
    "finish_suggestions": _("จัดทำข้อเสนอแนะการพัฒนาทั้งรอบการประเมินเสร็จแล้ว"),
    "restore_suggestion": _("นำข้อเสนอแนะที่ไม่เลือกกลับมาพิจารณา"),
    "attach_file": _("แนบไฟล์ประกอบ"),
    "create": _("สร้างรายการ"),
    "enter_results_score": _("บันทึกคะแนนผลสัมฤทธิ์ของงาน"),
    "reject_suggestion": _("ไม่เลือกข้อเสนอแนะการพัฒนา"),
    "give_opinion": _("แสดงความเห็นต่อผลการประเมิน"),
    "lodge_objection": _("ยื่นคำร้องทุกข์"),
    "withdraw_objection": _("ถอนคำร้องทุกข์"),
    "state_on_objection": _("ชี้แจงเกี่ยวกับคำร้องทุกข์"),
    "upheld_objection": _("บันทึกคำวินิจฉัย: คำร้องทุกข์ฟังขึ้น และแก้ไขผลการประเมิน"),
    "dismissed_objection": _("บันทึกคำวินิจฉัย: ยกคำร้องทุกข์"),
    "ask_extension": _("ขอขยายเวลา"),
    "withdraw_extension": _("ถอนคำขอขยายเวลา"),
    "grant_extension": _("อนุญาตให้ขยายเวลา"),
    "refuse_extension": _("ไม่อนุญาตให้ขยายเวลา"),
    "write_agreement": _("แก้ไขข้อตกลงต้นรอบการประเมิน"),
    "sign_agreement": _("ลงนามข้อตกลงต้นรอบการประเมิน"),
    "record_agreement_refusal": _("บันทึกการไม่ลงนามข้อตกลงต้นรอบการประเมิน"),
    "draft": _("เริ่มจัดทำแผนพัฒนา"),
    "accept_suggestion": _("เลือกข้อเสนอแนะเข้าแผน"),
    "accept_proposal": _("เพิ่มแผนที่ระบบเสนอเข้าแผนพัฒนา"),
    "add_item": _("เพิ่มรายการพัฒนา"),
    "add_course_line": _("เพิ่มหลักสูตรในแผน"),
    "carry_over": _("ยกรายการที่ยังไม่แล้วเสร็จมาจากแผนก่อน"),
    "decline_carry_over": _("ไม่ยกรายการที่ยังไม่แล้วเสร็จมาจากแผนก่อน"),
    "let_go_carry_over": _("ยกเลิกการเชื่อมโยงกับรายการของแผนก่อน"),
    "update_item": _("แก้ไขรายการพัฒนา"),
    "remove_item": _("นำรายการพัฒนาออกจากแผน"),
    "move_item": _("เปลี่ยนลำดับรายการพัฒนา"),
    "restore_item": _("นำรายการพัฒนากลับเข้าแผน"),
    "report_progress": _("รายงานความก้าวหน้า"),
    "evaluate_item": _("ประเมินผลรายการพัฒนา"),
    "add_link": _("เพิ่มลิงก์หลักฐาน"),
    "withdraw_evidence": _("ถอนหลักฐาน"),
    "write_follow_up": _("บันทึกการติดตามแผนครึ่งปี"),
    "submit_evidence": _("แจ้งว่าส่งหลักฐานครบแล้ว"),
    "ask_mentor": _("ขอให้เพื่อนร่วมงานเป็นพี่เลี้ยง"),
    "hand_over": _("เปลี่ยนผู้ประเมินระหว่างรอบ"),
    "change_second_level": _("เปลี่ยนผู้บังคับบัญชาเหนือขึ้นไป"),
    "state_handover": _("บันทึกส่งมอบการประเมิน"),
    "remind_by_hand": _("ส่งข้อความเตือนผู้ที่ต้องดำเนินการ"),
    "edit_framework_head": _("แก้ไขชื่อและที่มาของพจนานุกรม"),
    "add_competency": _("เพิ่มสมรรถนะ"),
    "edit_competency": _("แก้ไขสมรรถนะ"),
    "remove_competency": _("นำสมรรถนะออก"),
    "move_competency": _("เปลี่ยนลำดับสมรรถนะ"),
    "publish_version": _("ประกาศใช้ฉบับนี้"),
    "retire_version": _("เลิกใช้ฉบับนี้"),
    "discard_draft": _("ยกเลิกฉบับร่าง"),
}
SAVED = {
    RaterKind.SELF: _("บันทึกร่างผลประเมินตนเอง"),
    RaterKind.SUPERVISOR: _("บันทึกร่างผลการประเมิน"),
}
REPEATED = frozenset(
    {
        "save_ratings",
        "accept_suggestion",
        "reject_suggestion",
        "add_item",
        "update_item",
        "move_item",
        "edit_competency",
        "move_competency",
    }
)
"""Done many times over; one line tells of all of them."""

MOST_DIGITS = 9
"""Of an entry's id, as the databases hold it."""


@dataclass(frozen=True)
class TimelineEntry:
    """`who` is empty for the clock and the workers; `about` names the line of a plan, if it was about one;
    `changes`: what it was before and after, as far as the reader may see it."""

    text: str
    who: str
    on_behalf_of: str
    at: datetime
    reason: str
    percent: int | None = None
    count: int = 1
    about: str = ""
    attachment_id: int | None = None  # a file that was handed in, where the reader may open it
    signed_on: date | None = None  # the day on the paper that it was entered from
    changes: tuple[Change, ...] = ()


def timeline(
    lines: Iterable[HistoryLine],
    *,
    shows_result: bool = True,
    shows_self_rating: bool = True,
    shows_lines: bool = True,
    titles: Mapping[int, str] = NO_NAMES,
    items: Mapping[int, str] = NO_NAMES,
    competencies: Mapping[int, str] = NO_NAMES,
    indicators: Mapping[int, str] = NO_NAMES,
) -> list[TimelineEntry]:
    """The lines in words, those about a line of a plan with its title of `titles` (by its id); `items`,
    `indicators` and `competencies` name what was rated and planned for. Without `shows_lines` it is told that
    something happened to a line, and nothing of the line.

    What one person did several times in a row is told once, as the latest of them, with how many times and
    what all of them changed.
    """
    entries: list[TimelineEntry] = []
    for line in lines:
        if line.subject_type is SubjectType.ASSESSMENT:
            shows = shows_contents(
                line.event, line.detail, shows_self_rating=shows_self_rating, shows_result=shows_result
            )
        else:
            shows = shows_lines or not _is_about_a_line(line)
        entry = TimelineEntry(
            text=_text(line),
            who=line.actor_name,
            on_behalf_of=line.on_behalf_of,
            at=line.at,
            reason=line.reason if shows else "",
            percent=line.detail.get("percent")
            if shows and line.subject_type is SubjectType.PLAN_ITEM
            else None,
            about=_about(line, titles) if shows or line.subject_type is SubjectType.ASSESSMENT else "",
            attachment_id=_attachment(line, shows_self_rating, shows_result),
            signed_on=date.fromisoformat(line.detail["signed_on"])
            if "paper_form_id" in line.detail
            else None,
            changes=changes_of(line, items, competencies, indicators) if shows else (),
        )
        if line.event in REPEATED and entries and _is_the_same(entries[-1], entry):
            changes = together(entries[-1].changes, entry.changes)
            entries[-1] = replace(entries[-1], count=entries[-1].count + 1, about="", changes=changes)
        else:
            entries.append(entry)
    return entries


def older_than() -> int | None:
    """Where the page of the history begins that the reader asked for: `?history=`; None for the latest."""
    asked = request.args.get("history", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS else None


def _attachment(line: HistoryLine, shows_self_rating: bool, shows_result: bool) -> int | None:
    """The scan of a rating is for those who may see the rating. Evidence is opened from its list, which knows
    what was withdrawn."""
    if line.subject_type is SubjectType.PLAN_ITEM:
        return None
    needed = permission_for_scan(line.subject_type, line.detail.get("about"))
    shows = {Permission.SELF_RATING_VIEW: shows_self_rating, Permission.RESULT_VIEW: shows_result}
    return line.detail.get("attachment_id") if shows.get(needed, True) else None


def _about(line: HistoryLine, titles: Mapping[int, str]) -> str:
    if line.event.endswith("_extension"):
        until_on = date.fromisoformat(line.detail["until_on"])
        step = label(PhaseKind(line.detail["phase"]))
        return str(_("%(step)s ถึง %(day)s", step=step, day=show_date(until_on)))
    if line.subject_type is SubjectType.FRAMEWORK:
        return str(line.detail.get("name", ""))  # of the competency
    if line.event == "decline_carry_over":
        return str(line.detail.get("title") or _("รายการจากหน่วยงานเดิม"))  # the line of the plan before
    item_id = line.subject_id if line.subject_type is SubjectType.PLAN_ITEM else line.detail.get("item_id")
    return titles.get(item_id, "") if item_id else ""


def _is_about_a_line(line: HistoryLine) -> bool:
    """Of what is written into a plan's history, the steps of its workflow alone are about the whole plan."""
    if line.subject_type is SubjectType.PLAN:
        return line.event not in set(PlanEvent)
    return line.subject_type is SubjectType.PLAN_ITEM


def _is_the_same(one: TimelineEntry, other: TimelineEntry) -> bool:
    return (one.text, one.who, one.on_behalf_of) == (other.text, other.who, other.on_behalf_of)


def _text(line: HistoryLine) -> str:
    if line.event == "save_ratings":
        return str(SAVED[RaterKind(line.detail.get("kind", RaterKind.SELF))])
    if line.event == "enter_results_score" and "import_id" in line.detail:
        return str(_("นำเข้าคะแนนผลสัมฤทธิ์ของงานจากไฟล์"))
    if line.event in OTHER_EVENTS:
        return str(OTHER_EVENTS[line.event])
    kind = AssessmentEvent if line.subject_type is SubjectType.ASSESSMENT else PlanEvent
    return label(kind(line.event)) if line.event in set(kind) else line.event
