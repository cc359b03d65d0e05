"""The history of a record in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from idp.queries.history import HistoryLine
from idp.rules.terms import AssessmentEvent, PlanEvent, SubjectType
from idp.web.timeline import timeline

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
