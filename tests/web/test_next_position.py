"""The page of the way to a next position: who reads it, what may be chosen, and lines for the plan."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import AssessmentItem, Assignment, Competency, DevelopmentPlan, FrameworkVersion, PlanItem
from idp.queries.next_position import Post
from tests.factories import steps
from tests.factories.dictionary import Dictionary
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.services.test_next_position import prepare
from tests.web.reading import words

THERE = "วิชาการ ชำนาญการพิเศษ"


def written(session: Session, sample: Sample) -> Post:
    """The profile of K3, and Somchai in the line of work."""
    own = sample.dictionary
    used = Dictionary(
        session.get_one(FrameworkVersion, own.version.id),
        {code: session.get_one(Competency, each.id) for code, each in own.competencies.items()},
        own.indicators,
        own.actions,
    )
    post = prepare(session, sample, used)
    somchai = sample.employees["somchai"].id
    assignment = session.scalars(select(Assignment).where(Assignment.employee_id == somchai)).one()
    assignment.line_of_work_id = post.line_of_work_id
    session.flush()
    return post


@pytest.fixture
def post(website: Website) -> Post:
    found = website.do(written)
    website.do(steps.received)
    website.clock.moment = at(steps.PLAN_DAY)
    return found


def page_of(website: Website) -> str:
    return f"/assessments/{website.sample.assessment.id}/next-position"


def sent(website: Website, post: Post, **others: object) -> dict[str, object]:
    action = website.sample.dictionary.actions["c1", 3][0].id
    return {"action": action, "level": post.position_level_id, "line": post.line_of_work_id} | others


def lines(website: Website) -> list[PlanItem]:
    with website.session() as session:
        return list(session.scalars(select(PlanItem)))


def test_the_next_level_of_ones_line_is_shown_first(website: Website, post: Post) -> None:
    client = website.sign_in("somchai")
    assert page_of(website) in client.get(f"/assessments/{website.sample.assessment.id}").text
    page = words(client.get(page_of(website)))
    assert f"นักทรัพยากรบุคคล {THERE}" in page
    assert "ต่ำกว่าที่คาดหวัง 3 สมรรถนะ" in page and "เพิ่มในแผน" in page


def test_what_was_never_rated_gets_no_proposal_and_the_page_says_why(website: Website, post: Post) -> None:
    def unrate(session: Session, sample: Sample) -> None:
        session.delete(session.get_one(AssessmentItem, sample.items["c3"].id).gap)

    website.do(unrate)
    response = website.sign_in("somchai").get(page_of(website))
    page, number = words(response), website.sample.dictionary.competencies["c3"].id
    assert "ยังไม่ได้ประเมิน 1 สมรรถนะ" in page
    assert "ต้องได้รับการประเมินสมรรถนะเหล่านี้ก่อน" in page and "สู่ระดับ 1" not in page
    assert f'href="/catalogue/?competency={number}"' in response.text
    assert website.sign_in("somchai").get(f"/catalogue/?competency={number}").status_code == 200


@pytest.mark.parametrize("name", ["suda", "prasit", "malee"])
def test_who_may_see_the_result_looks_and_adds_nothing(website: Website, post: Post, name: str) -> None:
    client = website.sign_in(name)
    page = words(client.get(page_of(website)))
    assert THERE in page and "เพิ่มในแผน" not in page
    assert client.post(f"{page_of(website)}/lines", data=sent(website, post)).status_code == 403
    assert lines(website) == []


@pytest.mark.parametrize("name", ["anong", "olan"])
def test_nobody_else_knows_of_it(website: Website, post: Post, name: str) -> None:
    client = website.sign_in(name)
    assert client.get(page_of(website)).status_code == 404
    assert client.post(f"{page_of(website)}/lines", data=sent(website, post)).status_code == 404


def test_before_the_release_there_is_nothing(website: Website) -> None:
    post = website.do(written)
    website.do(steps.second_opinion)
    for name in ("somchai", "suda", "malee"):
        assert website.sign_in(name).get(page_of(website)).status_code in (403, 404)
    answer = website.sign_in("somchai").post(f"{page_of(website)}/lines", data=sent(website, post))
    assert answer.status_code in (404, 409) and lines(website) == []


def test_an_action_becomes_a_line_once(website: Website, post: Post) -> None:
    client = website.sign_in("somchai")
    for _again in range(2):
        assert client.post(f"{page_of(website)}/lines", data=sent(website, post)).status_code == 302
    (line,) = lines(website)
    assert (line.from_level, line.target_level) == (2, 3)
    assert "ดูรายการนี้ในแผน" in words(client.get(page_of(website)))


def test_a_plan_that_somebody_changed_is_told_and_let_be(website: Website, post: Post) -> None:
    client = website.sign_in("somchai")
    client.post(f"{page_of(website)}/lines", data=sent(website, post))
    with website.session() as session:
        version = session.scalars(select(DevelopmentPlan.version)).one()
    other = website.sample.dictionary.actions["c1", 3][1].id
    stale = sent(website, post, action=other, version=version - 1)
    assert client.post(f"{page_of(website)}/lines", data=stale).status_code == 409
    assert len(lines(website)) == 1
    fresh = stale | {"version": version}
    assert client.post(f"{page_of(website)}/lines", data=fresh).status_code == 302


def test_what_there_is_not_is_as_good_as_missing(website: Website, post: Post) -> None:
    client = website.sign_in("somchai")
    for query in ("level=999999", "level=x", "level=", f"level={post.position_level_id}&line=999999"):
        assert client.get(f"{page_of(website)}?{query}").status_code == 404, query
    for wrong in ({"action": ""}, {"action": 10**6}, {"level": "x"}, {"level": 10**6}, {"line": 10**6}):
        answer = client.post(f"{page_of(website)}/lines", data=sent(website, post, **wrong))
        assert answer.status_code == 404, wrong
    assert lines(website) == []


def test_a_post_without_a_profile_says_so(website: Website, post: Post) -> None:
    client = website.sign_in("somchai")
    with website.session() as session:
        somchai = website.sample.employees["somchai"].id
        k2 = session.scalars(
            select(Assignment.position_level_id).where(Assignment.employee_id == somchai)
        ).one()
    page = words(client.get(f"{page_of(website)}?level={k2}&line="))
    assert "ยังไม่มีมาตรฐานสมรรถนะของตำแหน่งนี้" in page
