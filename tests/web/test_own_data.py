"""Everybody may take a copy of their own data away: theirs alone, and nothing unreleased."""

import json
from typing import Any

from tests.factories import steps
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
