"""A line of a plan: every column, indicators without a script, its place, and what a reviewer asks of it."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from idp.models import DevelopmentPlan, PlanItem
from idp.rules.terms import PlanState
from idp.services.plan_lines import new_line
from tests.factories import steps
from tests.factories.sample import at
from tests.factories.website import Website
from tests.services.test_plan_columns import a_course, a_mentor
from tests.web.reading import value_of, version_on, words

FILLED = {
    "title": "ฝึกร่างหนังสือราชการ",
    "method": "project",
    "starts_on": "1/12/2568",
    "ends_on": "31/3/2569",
    "hours": "๑๒",
    "measure": "หัวหน้าตรวจหนังสือ",
}
NOTE = "ขอให้ระบุวิธีวัดผลให้ชัดเจน"


def plan_of(website: Website) -> DevelopmentPlan:
    return website.do(lambda session, _sample: session.scalars(select(DevelopmentPlan)).one())


def address(website: Website) -> str:
    return f"/plans/{plan_of(website).id}"


def lines(website: Website) -> list[PlanItem]:
    order = (PlanItem.sort_order, PlanItem.id)
    return website.do(lambda session, _sample: list(session.scalars(select(PlanItem).order_by(*order))))


def drafted(website: Website) -> FlaskClient:
    website.do(steps.drafted)
    website.clock.moment = at(steps.PLAN_DAY)
    return website.sign_in("somchai")


def send(client: FlaskClient, path: str, **sent: object) -> TestResponse:
    return client.post(path, data=MultiDict({**FILLED, **sent}))


def test_every_column_is_filled_in_and_shown(website: Website) -> None:
    client = drafted(website)
    run = website.do(a_course)
    run_id, course_id = run.id, run.course_id
    mentor = website.do(a_mentor)
    c1 = website.sample.dictionary.competencies["c1"].id
    indicator = website.sample.dictionary.indicators["c1", 3][0]
    sent = {
        "competency_id": str(c1),
        "target_level": "๓",
        "indicators_of": str(c1),
        "indicator_ids": str(indicator),
        "other_methods": ["training", "project", "coaching"],
        "course": f"{course_id}.{run_id}",
        "mentor_person_id": str(mentor),
        "responsible": "หัวหน้าฝ่ายอำนวยการ",
    }
    assert send(client, f"{address(website)}/items/new", **sent).status_code == 302
    line = lines(website)[-1]
    assert line.other_methods == ["coaching", "training"]  # each once, without the main one
    assert (line.course_id, line.course_run_id, line.mentor_person_id) == (course_id, run_id, mentor)
    assert (line.target_level, line.indicator_ids, line.hours) == (3, [indicator], 12)
    page = words(client.get(address(website)))
    for text in (
        "การสอนงาน",
        "การเขียนหนังสือราชการ",
        "4 - 5 พ.ค. 2569",
        "ศาลากลาง",
        "พี่เลี้ยง",
        "หัวหน้าฝ่ายอำนวยการ",
    ):
        assert text in page
    form = client.get(f"{address(website)}/items/{line.id}/edit")
    assert value_of(form, "responsible") == "หัวหน้าฝ่ายอำนวยการ"
    assert f'value="{course_id}.{run_id}" selected' in form.text
    assert f'id="indicator-{indicator}" value="{indicator}" checked' in form.text


def test_the_indicators_of_a_level_are_shown_by_a_button_without_saving(website: Website) -> None:
    client = drafted(website)
    before = len(lines(website))
    c2 = website.sample.dictionary.competencies["c2"].id
    sent = {"competency_id": str(c2), "target_level": "3", "show": "level", "starts_on": "31/2/2569"}
    answer = send(client, f"{address(website)}/items/new", **sent)
    assert answer.status_code == 200
    assert len(lines(website)) == before
    for indicator in website.sample.dictionary.indicators["c2", 3]:
        assert f'id="indicator-{indicator}"' in answer.text
    assert "ยังไม่แสดง" in words(answer)
    assert value_of(answer, "starts_on") == "31/2/2569"  # nothing is judged yet
    assert value_of(answer, "title") == FILLED["title"]
    assert value_of(answer, "indicators_of") == str(c2)


def test_a_level_that_the_ladder_lacks_shows_no_indicators_and_is_refused(website: Website) -> None:
    client = drafted(website)
    c2 = website.sample.dictionary.competencies["c2"].id
    path = f"{address(website)}/items/new"
    answer = send(client, path, competency_id=str(c2), target_level="2", show="level")
    assert "สมรรถนะนี้ไม่มีระดับดังกล่าว" in words(answer)
    assert send(client, path, competency_id=str(c2), target_level="2").status_code == 422


def test_ticks_of_another_competency_are_left_behind(website: Website) -> None:
    client = drafted(website)
    dictionary = website.sample.dictionary
    c1, c2 = dictionary.competencies["c1"].id, dictionary.competencies["c2"].id
    sent = {
        "competency_id": str(c1),
        "target_level": "3",
        "indicators_of": str(c2),
        "indicator_ids": str(dictionary.indicators["c2", 3][0]),
    }
    assert send(client, f"{address(website)}/items/new", **sent).status_code == 302
    assert lines(website)[-1].indicator_ids == []


def test_what_is_not_offered_is_refused_at_its_field_and_the_text_is_kept(website: Website) -> None:
    client = drafted(website)
    path = f"{address(website)}/items/new"
    somchai = website.sample.cast.somchai.person_id
    wrong = {
        "other_methods": ("telepathy", "ไม่มีค่านี้ในรายการ"),
        "course": ("99999", "ไม่มีค่านี้ในรายการ"),
        "mentor_person_id": (str(somchai), "ไม่ได้แจ้งความประสงค์เป็นพี่เลี้ยง"),
        "starts_on": ("30/9/2568", "ต้องไม่อยู่ก่อนวันเริ่มปีงบประมาณ"),
        "ends_on": ("30/9/2659", "ต้องไม่อยู่หลัง"),
    }
    for name, (text, message) in wrong.items():
        answer = send(client, path, **{name: text})
        assert answer.status_code == 422, name
        assert message in words(answer), name
        assert value_of(answer, "title") == FILLED["title"]
    website.do(lambda session, sample: a_mentor(session, sample, "olan", "c1"))
    other = website.sample.employees["olan"].person_id
    c1 = website.sample.dictionary.competencies["c1"].id
    answer = send(client, path, competency_id=str(c1), mentor_person_id=str(other))
    assert answer.status_code == 422


def test_a_course_of_another_organisation_does_not_exist(website: Website) -> None:
    client = drafted(website)

    def elsewhere(session: object, sample: object) -> int:
        run = a_course(session, sample)  # type: ignore[arg-type]
        run.course.organisation_id = website.sample.other_organisation.id
        session.flush()  # type: ignore[attr-defined]
        return run.course_id

    course_id = website.do(elsewhere)
    assert send(client, f"{address(website)}/items/new", course=str(course_id)).status_code == 422


def test_a_line_may_go_on_beyond_the_year_and_says_so(website: Website) -> None:
    client = drafted(website)
    assert send(client, f"{address(website)}/items/new", ends_on="31/12/2569").status_code == 302
    assert "ต่อเนื่องถึงปีงบประมาณ พ.ศ. 2570" in words(client.get(address(website)))


def test_lines_are_moved_up_and_down_and_no_further(website: Website) -> None:
    client = drafted(website)
    first, second = lines(website)[:2]
    move = f"{address(website)}/items/{second.id}/move"
    assert client.post(move, data={"direction": "up"}).status_code == 302
    assert [line.id for line in lines(website)] == [second.id, first.id]
    version = plan_of(website).version
    assert client.post(move, data={"direction": "up"}).status_code == 302  # it is the first already
    assert plan_of(website).version == version
    assert client.post(move, data={"direction": "down"}).status_code == 302
    assert [line.id for line in lines(website)] == [first.id, second.id]
    assert "เปลี่ยนลำดับรายการพัฒนา" in words(client.get(address(website)))
    stale = client.post(move, data={"direction": "up", "version": str(version)})
    assert stale.status_code == 409
    assert website.sign_in("suda").post(move, data={"direction": "up"}).status_code in (403, 404)
    for name in ("anong", "olan"):
        assert website.sign_in(name).post(move, data={"direction": "up"}).status_code == 404


def test_a_line_of_another_plan_is_not_moved(website: Website) -> None:
    client = drafted(website)
    assert client.post(f"{address(website)}/items/99999/move", data={"direction": "up"}).status_code == 404


def test_the_reviewer_writes_at_the_lines_and_the_owner_finds_it_there(website: Website) -> None:
    website.do(steps.submitted)
    website.clock.moment = at(steps.REVIEW_DAY)
    suda, path = website.sign_in("suda"), f"{address(website)}/steps/return"
    first, second = lines(website)[:2]
    page = suda.get(address(website))
    assert f'name="note-{first.id}" form="return-form"' in page.text
    refused = suda.post(path, data={"reason": "", f"note-{first.id}": " "})
    assert refused.status_code == 422
    unknown = suda.post(path, data={f"note-{second.id}": NOTE, "note-99999": "อื่น"})
    assert unknown.status_code == 422
    assert value_of(unknown, f"note-{second.id}") == NOTE
    long = suda.post(path, data={f"note-{first.id}": "ก" * 1001})
    assert long.status_code == 422 and "ยาวเกินไป" in words(long)
    stale = suda.post(path, data={f"note-{first.id}": NOTE, "version": "0"})
    assert stale.status_code == 409 and value_of(stale, f"note-{first.id}") == NOTE
    version = version_on(suda.get(address(website)))
    assert suda.post(path, data={f"note-{first.id}": NOTE, "version": version}).status_code == 302
    assert plan_of(website).state is PlanState.RETURNED
    owner = website.sign_in("somchai")
    text = owner.get(address(website)).text
    assert f'<a href="#item-{first.id}">{first.title}</a>: {NOTE}' in text
    assert text.count(f"<p>{NOTE}</p>") >= 1
    assert f'name="note-{first.id}"' not in text
    assert owner.post(f"{address(website)}/steps/submit", data={}).status_code == 302
    assert f"<p>{NOTE}</p>" not in owner.get(address(website)).text.split('id="history"')[0]
    latest = owner.get(f"{address(website)}/versions/2")
    assert NOTE in words(latest)


def test_any_two_versions_are_compared_and_so_is_the_plan_as_it_is(website: Website) -> None:
    website.do(steps.submitted)
    website.clock.moment = at(steps.REVIEW_DAY)
    suda, owner = website.sign_in("suda"), website.sign_in("somchai")
    first = lines(website)[0]
    suda.post(f"{address(website)}/steps/return", data={"reason": "แก้"})
    compare = f"{address(website)}/versions/compare"
    assert "สองฉบับนี้ไม่ต่างกัน" in words(owner.get(compare))
    assert send(owner, f"{address(website)}/items/{first.id}/edit", title="ชื่อใหม่").status_code == 302
    assert "ชื่อใหม่" in words(owner.get(compare))  # the latest version and now
    assert owner.post(f"{address(website)}/steps/submit", data={}).status_code == 302
    for question in ("before=1&after=2", "before=2&after=1"):
        page = suda.get(f"{compare}?{question}").text
        assert f'<del><span class="visually-hidden">เดิม </span>{first.title}</del>' in page
        assert "ชื่อใหม่</ins>" in page
    assert "สองฉบับนี้ไม่ต่างกัน" in words(suda.get(f"{compare}?before=2&after=2"))
    assert suda.get(f"{compare}?before=99&after=x").status_code == 200
    for name in ("anong", "olan"):
        assert website.sign_in(name).get(compare).status_code == 404


def test_versions_of_a_plan_that_is_its_owners_alone_again_are_not_read_by_others(website: Website) -> None:
    website.do(steps.submitted)
    website.clock.moment = at(steps.REVIEW_DAY)
    owner = website.sign_in("somchai")
    assert owner.post(f"{address(website)}/steps/withdraw").status_code == 302
    for path in (f"{address(website)}/versions/1", f"{address(website)}/versions/compare"):
        assert owner.get(path).status_code == 200
        for name in ("suda", "malee"):
            assert website.sign_in(name).get(path).status_code == 404


def test_a_plan_never_handed_in_has_no_versions_to_compare(website: Website) -> None:
    client = drafted(website)
    assert client.get(f"{address(website)}/versions/compare").status_code == 404


def test_limits_are_told_and_stop_nobody(website: Website) -> None:
    client = drafted(website)
    send(client, f"{address(website)}/items/new", hours="500", cost_baht="90000")
    page = client.get(address(website)).text
    assert page.count("is-over") == 2
    assert client.post(f"{address(website)}/steps/submit", data={}).status_code == 302


def test_a_line_from_elsewhere_keeps_its_competency_on_the_form(website: Website) -> None:
    """A line made from the catalogue may be for a competency that nobody was rated on."""
    client = drafted(website)

    def elsewhere(session: object, sample: object) -> int:
        plan = session.scalars(select(DevelopmentPlan)).one()  # type: ignore[attr-defined]
        item = sample.items["c3"]  # type: ignore[attr-defined]
        line = new_line(
            plan, title="เรื่องอื่น", method="coaching", competency_id=item.competency_id, target_level=3
        )
        session.add(line)  # type: ignore[attr-defined]
        session.flush()  # type: ignore[attr-defined]
        return line.id

    number = website.do(elsewhere)
    path = f"{address(website)}/items/{number}/edit"
    c3 = website.sample.dictionary.competencies["c3"].id
    assert f'<option value="{c3}" selected>' in client.get(path).text
