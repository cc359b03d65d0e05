"""Everybody may take a copy of their own data away: theirs alone, and nothing unreleased."""

import json
from typing import Any

from sqlalchemy.orm import Session

from idp.models import Evidence, MentorOffer, PlanFollowUp
from idp.rules.terms import EvidenceKind, Half
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.factories.website import Website


def data_of(website: Website, name: str) -> dict[str, Any]:
    response = website.sign_in(name).get("/account/data")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    found: dict[str, Any] = json.loads(response.get_data(as_text=True))
    return found


def test_a_person_gets_their_own_ratings_plan_and_who_looked(website: Website) -> None:
    website.do(lambda session, sample: steps.submitted(session, sample).id)
    website.sign_in("suda").get(f"/assessments/{website.sample.assessment.id}")
    found = data_of(website, "somchai")
    assert found["person"]["first_name"] == "สมชาย"
    (assessment,) = found["assessments"]
    assert {rating["rater_kind"] for rating in assessment["competencies"][0]["ratings"]} == {
        "self",
        "supervisor",
    }
    assert assessment["competency_score"] is not None
    assert found["plans"][0]["lines"]
    assert [look["viewer"] for look in found["looks"]] == ["นางสาวสุดา รักงาน"]
    assert found["employments"][0]["full_position"] == "นักทรัพยากรบุคคลชำนาญการ"
    assert "password" not in json.dumps(found)


def test_evidence_follow_ups_and_offers_are_among_them(website: Website) -> None:
    def prepare(session: Session, sample: Sample) -> None:
        plan = steps.approved(session, sample)
        person_id, moment = sample.cast.somchai.person_id, at(steps.PROGRESS_DAY)
        assert person_id is not None
        session.add_all(
            (
                Evidence(
                    plan_item_id=plan.items[0].id,
                    kind=EvidenceKind.LINK,
                    title="วุฒิบัตร",
                    url="https://example.org/certificate",
                    by_person_id=person_id,
                    at=moment,
                ),
                PlanFollowUp(plan_id=plan.id, half=Half.FIRST, employee_text="ทำแล้วครึ่งหนึ่ง"),
                MentorOffer(
                    organisation_id=sample.organisation.id,
                    employee_id=sample.employees["somchai"].id,
                    competency_id=sample.items["c3"].competency_id,
                    level=3,
                    note="สอนได้ทุกวันศุกร์",
                    offered_at=moment,
                ),
            )
        )

    website.do(prepare)
    found = data_of(website, "somchai")
    (plan,) = found["plans"]
    (evidence,) = plan["lines"][0]["evidence"]
    assert (evidence["title"], evidence["url"]) == ("วุฒิบัตร", "https://example.org/certificate")
    assert [each["employee_text"] for each in plan["follow_ups"]] == ["ทำแล้วครึ่งหนึ่ง"]
    (offer,) = found["mentor_offers"]
    assert (offer["competency"], offer["level"], offer["note"]) == ("บริการที่ดี", 3, "สอนได้ทุกวันศุกร์")
    assert data_of(website, "anong")["mentor_offers"] == []


def test_a_rating_that_is_not_released_is_not_among_them(website: Website) -> None:
    website.do(steps.rated)
    (assessment,) = data_of(website, "somchai")["assessments"]
    assert "competency_score" not in assessment and "band" not in assessment
    assert {rating["rater_kind"] for each in assessment["competencies"] for rating in each["ratings"]} == {
        "self"
    }


def test_nobody_elses_data_are_among_them(website: Website) -> None:
    website.do(lambda session, sample: steps.submitted(session, sample).id)
    for name in ("suda", "malee", "anong", "olan", "nobody"):
        found = data_of(website, name)
        assert found["assessments"] == [] and found["plans"] == [] and found["looks"] == []
        assert "สมชาย" not in json.dumps(found, ensure_ascii=False)
