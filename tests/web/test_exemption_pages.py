"""An exempted person, and a plan that ended as a draft, on the pages of everybody concerned."""

from __future__ import annotations

from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan
from idp.rules.terms import AssessmentState, PlanState, RaterKind
from idp.services import ratings
from idp.services.exemptions import cancel_unread, exempt
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.web.reading import words

TYPED = "เหตุการณ์ที่ยังไม่ได้ส่ง"


def half_written(session: Session, sample: Sample) -> None:
    """Exempted while the self-assessment was still being written."""
    steps.self_assessing(session, sample)
    form = steps.entries(sample, steps.SELF_LEVELS, TYPED)
    number = sample.assessment.id
    ratings.save_ratings(session, sample.cast.somchai, number, RaterKind.SELF, form, at(steps.SELF_DAY))
    exempt(session, sample.cast.malee, number, "ลาคลอดบุตร", at(steps.SELF_DAY))


def cancelled_draft(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = steps.drafted(session, sample)
    return cancel_unread(session, sample.cast.malee, plan, "ถึงแก่กรรม", at(steps.PLAN_DAY))


def address(website: Website, step: str = "") -> str:
    return f"/assessments/{website.sample.assessment.id}{step}"


def state(website: Website) -> AssessmentState:
    with website.session() as session:
        return session.get_one(type(website.sample.assessment), website.sample.assessment.id).state


def test_the_officer_exempts_on_the_page_with_a_reason_and_takes_back(website: Website) -> None:
    client = website.sign_in("malee")
    refused = client.post(address(website, "/steps/exempt"), data={"reason": " "})
    assert refused.status_code == 422 and "ต้องระบุเหตุผล" in words(refused)
    sent = {"reason": "ลาศึกษาต่อ", "version": "99"}
    stale = client.post(address(website, "/steps/exempt"), data=sent)
    assert stale.status_code == 409 and "ลาศึกษาต่อ" in stale.text
    assert client.post(address(website, "/steps/exempt"), data={"reason": "ลาศึกษาต่อ"}).status_code == 302
    assert state(website) is AssessmentState.EXEMPTED
    owner = words(website.sign_in("somchai").get(address(website)))
    assert "ท่านได้รับการยกเว้นการประเมินในรอบนี้" in owner and "ลาศึกษาต่อ" in owner
    home = website.sign_in("somchai").get("/")
    assert home.status_code == 200
    assert "ยกเว้นการประเมินในรอบนี้" in words(client.get(f"/cycles/{website.sample.cycle.id}/people"))
    assert client.post(address(website, "/steps/reinstate"), data={"reason": "กลับมา"}).status_code == 302
    assert state(website) is AssessmentState.NOT_STARTED


def test_nobody_but_the_officer_is_offered_or_may(website: Website) -> None:
    for name, status in (("somchai", 403), ("suda", 403), ("prasit", 403), ("anong", 404), ("olan", 404)):
        client = website.sign_in(name)
        answer = client.post(address(website, "/steps/exempt"), data={"reason": "x"})
        assert answer.status_code == status, name
        assert "/steps/exempt" not in client.get(address(website)).text
    assert state(website) is AssessmentState.NOT_STARTED


def test_a_self_assessment_never_handed_in_stays_its_writers_alone(website: Website) -> None:
    website.do(half_written)
    assert TYPED in words(website.sign_in("somchai").get(address(website)))
    for name in ("suda", "prasit", "malee"):
        page = website.sign_in(name).get(address(website))
        assert page.status_code == 200 and TYPED not in page.text, name


def test_a_plan_that_ended_as_a_draft_shows_its_lines_to_its_owner_only(website: Website) -> None:
    plan = website.do(cancelled_draft)
    with website.session() as session:
        title = session.get_one(DevelopmentPlan, plan.id).items[0].title
    assert title in website.sign_in("somchai").get(f"/plans/{plan.id}").text
    for name in ("suda", "prasit", "malee"):
        page = website.sign_in(name).get(f"/plans/{plan.id}")
        assert page.status_code == 200 and title not in page.text, name
    asked = {"kind": "plan", "subject_type": "plan", "subject_id": str(plan.id)}
    assert website.sign_in("suda").post("/reports/", data=asked).status_code in (403, 404, 405)


def test_the_officer_brings_a_cancelled_plan_back_with_a_reason(website: Website) -> None:
    plan = website.do(cancelled_draft)
    client = website.sign_in("malee")
    assert "นำแผนที่ยกเลิกกลับมาใช้" in words(client.get(f"/plans/{plan.id}"))
    refused = client.post(f"/plans/{plan.id}/steps/reinstate", data={"reason": ""})
    assert refused.status_code == 422
    for name, status in (("somchai", 403), ("suda", 403), ("anong", 404), ("olan", 404)):
        answer = website.sign_in(name).post(f"/plans/{plan.id}/steps/reinstate", data={"reason": "x"})
        assert answer.status_code == status, name
    done = client.post(f"/plans/{plan.id}/steps/reinstate", data={"reason": "บันทึกผิดคน"})
    assert done.status_code == 302
    with website.session() as session:
        assert session.get_one(DevelopmentPlan, plan.id).state is PlanState.RETURNED
    assert "บันทึกผิดคน" in words(website.sign_in("somchai").get(f"/plans/{plan.id}"))
