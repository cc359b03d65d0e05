"""The history of a record in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from idp.queries.history import HistoryLine
from idp.rules.history_sight import ABOUT_THE_EMPLOYEE, shows_contents
from idp.rules.terms import AssessmentEvent, PhaseKind, PlanEvent, SubjectType
from idp.web.timeline import OTHER_EVENTS, timeline

AT = datetime(2025, 11, 1, 3, 0, tzinfo=UTC)


def line(event: str, subject_type: SubjectType = SubjectType.ASSESSMENT, **more: object) -> HistoryLine:
    values: dict[str, object] = {
        "event": event,
        "subject_type": subject_type,
        "subject_id": 7,
        "from_state": None,
        "to_state": None,
        "actor_name": "นางสาวสุดา รักงาน",
        "on_behalf_of": "",
        "at": AT,
        "reason": "",
        "detail": {},
    }
    return HistoryLine(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("event", [*AssessmentEvent])
def test_every_event_of_an_assessment_has_a_name(bare_app: Flask, event: AssessmentEvent) -> None:
    with bare_app.test_request_context():
        (entry,) = timeline([line(event.value)])
    assert entry.text != event.value


@pytest.mark.parametrize("event", [*PlanEvent])
def test_every_event_of_a_plan_has_a_name(bare_app: Flask, event: PlanEvent) -> None:
    with bare_app.test_request_context():
        (entry,) = timeline([line(event.value, SubjectType.PLAN)])
    assert entry.text != event.value


def test_drafts_saved_one_after_another_are_told_once(bare_app: Flask) -> None:
    saved = [line("save_ratings", detail={"kind": "supervisor"}) for _time in range(3)]
    with bare_app.test_request_context():
        entries = timeline([*saved, line("start_rating"), saved[0]])
    assert [entry.count for entry in entries] == [3, 1, 1]
    assert entries[0].text == "บันทึกร่างผลการประเมิน"


def test_drafts_of_two_people_are_told_apart(bare_app: Flask) -> None:
    with bare_app.test_request_context():
        entries = timeline([line("save_ratings"), line("save_ratings", actor_name="นายประสิทธิ์ มั่นคง")])
    assert len(entries) == 2


def test_why_a_rating_was_returned_is_kept_from_those_who_may_not_see_it_yet(bare_app: Flask) -> None:
    returned = line("return_rating", reason="ระดับสูงเกินจริง")
    with bare_app.test_request_context():
        assert timeline([returned])[0].reason == "ระดับสูงเกินจริง"
        assert timeline([returned], shows_result=False)[0].reason == ""


def test_a_report_on_a_line_names_the_line_and_how_far_it_is(bare_app: Flask) -> None:
    reported = line("report_progress", SubjectType.PLAN_ITEM, detail={"percent": 60})
    with bare_app.test_request_context():
        (entry,) = timeline([reported], titles={7: "จัดทำคู่มือ"})
    assert (entry.about, entry.percent) == ("จัดทำคู่มือ", 60)


SECRET = "ความลับของผู้ประเมิน"


def telling(event: str) -> HistoryLine:
    """An entry whose reason and every content speak of the supervisor's rating."""
    after = {"attained": 1, "ticks": [1], "stated": None, "evidence": SECRET}
    detail = {
        "kind": "supervisor",
        "items": [{"item_id": 1, "before": None, "after": after}],
        "opinion": "differs" if event == "give_second_opinion" else "disagrees",
        "text": SECRET,
        "from": None,
        "to": {"opinion": "agrees", "text": SECRET} if event == "give_opinion" else "61.25",
        "phase": PhaseKind.RATING,
        "until_on": "2026-11-20",
    }
    return line(event, reason=SECRET, detail=detail)


@pytest.mark.parametrize("event", sorted({*AssessmentEvent, *OTHER_EVENTS, "save_ratings"}))
def test_before_the_release_the_employee_reads_nothing_about_the_rating(bare_app: Flask, event: str) -> None:
    with bare_app.test_request_context():
        (entry,) = timeline([telling(event)], shows_result=False, items={1: "การทำงานเป็นทีม"})
        (after,) = timeline([telling(event)], items={1: "การทำงานเป็นทีม"})
    assert after.reason == SECRET
    if event in ABOUT_THE_EMPLOYEE:  # by the rule: what is told to the employee, with its reason
        return
    assert (entry.reason, entry.changes) == ("", ())
    assert SECRET not in repr(entry)


def test_what_the_employee_may_read_is_named_and_nothing_else(bare_app: Flask) -> None:
    about_the_rating = {
        AssessmentEvent.START_RATING,
        AssessmentEvent.SUBMIT_RATING,
        AssessmentEvent.WITHDRAW_RATING,
        AssessmentEvent.RETURN_RATING,
        AssessmentEvent.GIVE_SECOND_OPINION,
        AssessmentEvent.MODERATE,
        AssessmentEvent.REOPEN_RATING,
        AssessmentEvent.LAPSE_RATING,
    }
    assert not about_the_rating & ABOUT_THE_EMPLOYEE
    assert not shows_contents("an event of tomorrow", {}, shows_self_rating=True, shows_result=False)


@pytest.mark.parametrize(
    ("phase", "shown"), [(PhaseKind.SELF_ASSESSMENT, True), (PhaseKind.RATING, False), (None, False)]
)
def test_why_more_time_was_asked_for_is_read_where_it_was_for_the_employee(
    phase: PhaseKind | None, shown: bool
) -> None:
    detail = {"phase": phase.value} if phase else {"phase": PhaseKind.SECOND_OPINION.value}
    sees = shows_contents("ask_extension", detail, shows_self_rating=True, shows_result=False)
    assert sees is shown


def saved(
    before: dict[str, object] | None, after: dict[str, object], kind: str = "supervisor"
) -> HistoryLine:
    changed = {"item_id": 1, "before": before, "after": after}
    return line("save_ratings", detail={"kind": kind, "items": [changed]})


def rated(level: int | None, evidence: str = "") -> dict[str, object]:
    return {"attained": level, "ticks": [], "stated": level, "evidence": evidence}


def test_a_changed_rating_says_which_competency_from_which_level_to_which(bare_app: Flask) -> None:
    with bare_app.test_request_context():
        (entry,) = timeline([saved(rated(1), rated(3))], items={1: "การทำงานเป็นทีม"})
    assert [(each.name, each.before, each.after) for each in entry.changes] == [
        ("การทำงานเป็นทีม", "ระดับ 1", "ระดับ 3")
    ]


def test_drafts_told_once_say_what_all_of_them_changed(bare_app: Flask) -> None:
    latest_first = [saved(rated(2), rated(3, "ก")), saved(rated(1), rated(2)), saved(None, rated(1))]
    with bare_app.test_request_context():
        (entry,) = timeline(latest_first, items={1: "บริการที่ดี"})
        undone = timeline([saved(rated(2), rated(1)), saved(rated(1), rated(2))])
    assert [(each.name, each.before, each.after) for each in entry.changes] == [
        ("บริการที่ดี", "ยังไม่ประเมิน", "ระดับ 3"),
        ("บริการที่ดี: เหตุการณ์หรือพฤติกรรม", "", "ก"),
    ]
    assert undone[0].changes == ()


def test_nobody_else_reads_a_self_assessment_that_is_being_written(bare_app: Flask) -> None:
    draft = saved(None, rated(2, SECRET), kind="self")
    with bare_app.test_request_context():
        assert timeline([draft], shows_self_rating=False)[0].changes == ()
        assert timeline([draft], shows_result=False)[0].changes != ()


def test_a_changed_line_of_a_plan_says_what_stood_there(bare_app: Flask) -> None:
    detail = {
        "item_id": 7,
        "changed": ["hours", "starts_on", "competency_id"],
        "before": {"hours": 6, "starts_on": None, "competency_id": 3, "cost_baht": "0"},
        "after": {"hours": 12, "starts_on": "2026-01-05", "competency_id": 4, "cost_baht": "1200.00"},
    }
    with bare_app.test_request_context():
        (entry,) = timeline(
            [line("update_item", SubjectType.PLAN, detail=detail)],
            titles={7: "จัดทำคู่มือ"},
            competencies={3: "บริการที่ดี", 4: "จริยธรรม"},
        )
    told = {each.name: (each.before, each.after) for each in entry.changes}
    assert told["จำนวนชั่วโมง"] == ("6", "12")
    assert told["สมรรถนะที่พัฒนา"] == ("บริการที่ดี", "จริยธรรม")
    assert told["วันเริ่ม"] == ("–", "5 มกราคม 2569")


def test_a_line_of_another_organisation_that_was_declined_has_no_name(bare_app: Flask) -> None:
    with bare_app.test_request_context():
        own, theirs = timeline(
            [
                line("decline_carry_over", SubjectType.PLAN, detail={"title": "จัดทำคู่มือ"}),
                line("decline_carry_over", SubjectType.PLAN, detail={"carried_from_item_id": 3}),
            ]
        )
    assert (own.about, theirs.about) == ("จัดทำคู่มือ", "รายการจากหน่วยงานเดิม")
