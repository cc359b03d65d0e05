"""The team's plans side by side, as files, and read one after another before they are approved together."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, Look, PlanItem
from idp.rules.looks import LookKind
from idp.rules.terms import DevelopmentMethod, PlanState, SubjectType
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.services.bulk_cast import add_plan
from tests.web.reading import all_text

PAGE, READING = "/team/plans/", "/team/plans/reading"


def add_three(session: Session, sample: Sample) -> dict[str, list[int]]:
    """Three plans that wait for Suda: two of the same course in the same week."""
    made = [add_plan(session, sample, number) for number in (1, 2, 3)]
    for plan in made[:2]:
        plan.items.append(
            PlanItem(
                title="การเขียนหนังสือราชการ",
                method=DevelopmentMethod.TRAINING,
                competency_id=sample.dictionary.competencies["c1"].id,
                starts_on=date(2026, 1, 12),
                ends_on=date(2026, 1, 16),
                hours=12,
                measure="ทดสอบ",
                sort_order=2,
            )
        )
    session.flush()
    return {"plans": [each.id for each in made], "ids": [each.assessment_id for each in made]}


@pytest.fixture
def team(website: Website) -> dict[str, list[int]]:
    website.clock.moment = at(steps.REVIEW_DAY)
    return website.do(add_three)


def states(website: Website, team: dict[str, list[int]]) -> list[PlanState]:
    with website.session() as session:
        return [session.get_one(DevelopmentPlan, each).state for each in team["plans"]]


def looks(website: Website, kind: LookKind) -> set[int]:
    with website.session() as session:
        rows = select(Look.subject_id).where(Look.subject_type == SubjectType.PLAN, Look.what == kind)
        return set(session.scalars(rows))


def ticked(text: str, *ids: int) -> dict[str, Any]:
    """The reading list's form with some plans ticked as read."""
    read = dict(re.findall(r'name="(read-\d+)" value="(\d+)"', text))
    return {**read, "assessment": [str(each) for each in ids], "action": "approve_plans", "back": READING}


def test_side_by_side_with_sums_and_what_several_have(website: Website, team: dict[str, list[int]]) -> None:
    text = website.sign_in("suda").get(PAGE).text
    assert "รายคน 3 แผน" in text and "นายคนที่1" in text
    assert "กิจกรรมหรือหลักสูตรเดียวกัน" in text and "สมรรถนะเดียวกัน" in text
    assert "12 - 16 ม.ค. 2569" in text
    for plan_id in team["plans"]:
        assert f'href="/plans/{plan_id}"' in text
    assert looks(website, LookKind.PAGE) == set(team["plans"])
    prasit = website.sign_in("prasit").get(PAGE).text
    assert "ท่านเป็นผู้บังคับบัญชาเหนือขึ้นไป" in prasit


def test_year_and_state_narrow_it(website: Website, team: dict[str, list[int]]) -> None:
    suda = website.sign_in("suda")
    assert "ไม่มีแผนตามที่เลือก" in suda.get(PAGE, query_string={"state": "approved"}).text
    assert "รายคน 3 แผน" in suda.get(PAGE, query_string={"year": "2569", "state": "submitted"}).text
    assert "รายคน 3 แผน" in suda.get(PAGE, query_string={"state": "draft", "part": "x"}).text
    for year in ("2570", "x", ""):
        assert suda.get(PAGE, query_string={"year": year}).status_code == 404


def test_who_has_no_team_is_told_so_and_gets_no_file(website: Website, team: dict[str, list[int]]) -> None:
    for name in ("malee", "anong", "olan"):
        client = website.sign_in(name)
        assert "ยังไม่มีแผนพัฒนาที่เสนอ" in client.get(PAGE).text, name
        assert "ไม่มีแผนที่รอท่านพิจารณา" in client.get(READING).text, name
        answer = client.get(f"{PAGE}file")
        assert answer.status_code == 302 and answer.headers["Location"] == PAGE, name


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_file_has_every_line(website: Website, team: dict[str, list[int]], form: str) -> None:
    suda = website.sign_in("suda")
    answer = suda.get(f"{PAGE}file", query_string={"format": form})
    assert answer.status_code == 200 and f"team-plans-2569.{form}" in answer.headers["Content-Disposition"]
    text = all_text(answer)
    assert text.count("สอนงาน") >= 1 and "การเขียนหนังสือราชการ" in text and "คนที่3" in text
    assert looks(website, LookKind.EXPORT) == set(team["plans"])
    assert suda.get(f"{PAGE}file", query_string={"format": "pdf"}).status_code == 404


def test_what_was_read_is_approved_together(website: Website, team: dict[str, list[int]]) -> None:
    suda = website.sign_in("suda")
    text = suda.get(READING).text
    assert "แผนที่ 1 ถึง 3 จาก 3 แผน" in text and "การเขียนหนังสือราชการ" in text and "ทดสอบ" in text
    assert looks(website, LookKind.PAGE) == set(team["plans"])
    answer = suda.post("/bulk/", data=ticked(text, *team["ids"][:2]))
    assert answer.status_code == 303
    preview = suda.get(answer.headers["Location"]).text
    assert "จะดำเนินการ 2 รายการ" in preview and "นายคนที่3" not in preview
    address = f"{answer.headers['Location']}/carry-out"
    for _click in range(2):
        assert suda.post(address, data={"reason": ""}).status_code == 303
    assert states(website, team) == [PlanState.APPROVED, PlanState.APPROVED, PlanState.SUBMITTED]
    assert "แผนที่ 1 ถึง 1 จาก 1 แผน" in suda.get(READING).text


def test_a_plan_changed_since_it_was_read_is_refused_by_name(
    website: Website, team: dict[str, list[int]]
) -> None:
    suda = website.sign_in("suda")
    form = ticked(suda.get(READING).text, *team["ids"])
    with website.session() as session:
        session.get_one(DevelopmentPlan, team["plans"][1]).employee_note = "แก้ไขแล้ว"
    answer = suda.post("/bulk/", data=form)
    preview = suda.get(answer.headers["Location"]).text
    assert "จะดำเนินการ 2 รายการ" in preview and "ดำเนินการไม่ได้ 1 รายการ" in preview
    refused = preview[preview.index("<h2>ดำเนินการไม่ได้") :]
    assert "นายคนที่2" in refused and "มีการแก้ไขหลังจากที่ท่านอ่าน" in refused
    suda.post(f"{answer.headers['Location']}/carry-out", data={"reason": ""})
    assert states(website, team) == [PlanState.APPROVED, PlanState.SUBMITTED, PlanState.APPROVED]


def test_a_version_that_cannot_be_read_is_as_good_as_another(
    website: Website, team: dict[str, list[int]]
) -> None:
    suda = website.sign_in("suda")
    number = team["ids"][0]
    form = ticked(suda.get(READING).text, number) | {f"read-{number}": "x", "read-y": "1"}
    preview = suda.get(suda.post("/bulk/", data=form).headers["Location"]).text
    assert "มีการแก้ไขหลังจากที่ท่านอ่าน" in preview


def test_nothing_ticked_keeps_what_was_read(website: Website, team: dict[str, list[int]]) -> None:
    suda = website.sign_in("suda")
    answer = suda.post("/bulk/", data=ticked(suda.get(READING).text) | {"action": ""})
    assert answer.status_code == 422
    assert f'name="read-{team["ids"][0]}"' in answer.text


def test_the_list_comes_ten_at_a_time(website: Website) -> None:
    website.clock.moment = at(steps.REVIEW_DAY)
    website.do(lambda session, sample: [add_plan(session, sample, number).id for number in range(1, 13)])
    suda = website.sign_in("suda")
    first = suda.get(READING).text
    assert first.count('class="panel reading-plan"') == 10 and 'rel="next"' in first
    second = suda.get(f"{READING}?part=2").text
    assert second.count('class="panel reading-plan"') == 2 and 'rel="prev"' in second
    assert "แผนที่ 11 ถึง 12 จาก 12 แผน" in second and 'value="/team/plans/reading?part=2"' in second
    assert "ไม่มีแผนในหน้านี้แล้ว" in suda.get(f"{READING}?part=9").text
