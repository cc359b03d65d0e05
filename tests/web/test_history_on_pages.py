"""The history at the end of a record's page: what changed, page after page, and nothing before its time."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from idp.rules.relations import SYSTEM
from idp.rules.terms import DevelopmentMethod, PlanState, RaterKind, SecondOpinion, SubjectType
from idp.services import assessments, ratings, results_part
from idp.services.history import record_history
from idp.services.plan_fields import PlanItemFields
from idp.services.plan_items import add_item, update_item
from tests.factories import steps
from tests.factories.sample import CREATED, Sample, at
from tests.factories.website import Website
from tests.web.reading import words
from tests.web.test_assessment_self import address

SECRETS = ("หลักฐานลับ", "เหตุผลลับ", "ความเห็นลับ", "61.25")


def full_of_secrets(session: Session, sample: Sample) -> None:
    """Rated, returned, rated anew, and with a second opinion that differs."""
    cast, number = sample.cast, sample.assessment.id
    evidence, reason, opinion, points = SECRETS
    steps.rating(session, sample)
    form = steps.entries(sample, steps.SUPERVISOR_LEVELS, evidence)
    now, second = at(steps.RATING_DAY), at(steps.SECOND_DAY)
    ratings.save_ratings(session, cast.suda, number, RaterKind.SUPERVISOR, form, now)
    results_part.enter_results_score(session, cast.suda, number, Decimal(points), now)
    assessments.submit_rating(session, cast.suda, number, now)
    assessments.return_rating(session, cast.prasit, number, reason, second)
    form = steps.entries(sample, {**steps.SUPERVISOR_LEVELS, "c1": 3}, evidence)
    ratings.save_ratings(session, cast.suda, number, RaterKind.SUPERVISOR, form, second)
    assessments.submit_rating(session, cast.suda, number, second)
    assessments.give_second_opinion(session, cast.prasit, number, SecondOpinion.DIFFERS, opinion, second)


def test_the_employee_reads_nothing_of_the_rating_before_the_release_and_all_after(website: Website) -> None:
    website.do(full_of_secrets)
    seen = words(website.sign_in("somchai").get(address(website)))
    assert "บันทึกร่างผลการประเมิน" in seen  # that somebody is at work is no secret
    for secret in SECRETS:
        assert secret not in seen
    for name in ("suda", "prasit", "malee"):
        seen = words(website.sign_in(name).get(address(website)))
        for secret in SECRETS:
            assert secret in seen, (name, secret)
    assert website.sign_in("olan").get(address(website)).status_code == 404


def test_the_supervisor_reads_no_draft_of_the_self_assessment(website: Website) -> None:
    def drafted(session: Session, sample: Sample) -> None:
        steps.self_assessing(session, sample)
        form = steps.entries(sample, steps.SELF_LEVELS, "ร่างของตน")
        now = at(steps.SELF_DAY)
        ratings.save_ratings(session, sample.cast.somchai, sample.assessment.id, RaterKind.SELF, form, now)

    website.do(drafted)
    assert "ร่างของตน" in words(website.sign_in("somchai").get(address(website)))
    assert "ร่างของตน" not in words(website.sign_in("suda").get(address(website)))


def test_a_changed_rating_tells_from_which_level_to_which(website: Website) -> None:
    website.do(full_of_secrets)
    seen = words(website.sign_in("suda").get(address(website)))
    assert "จาก ระดับ 2 เป็น ระดับ 3" in seen


def long_history(session: Session, sample: Sample) -> None:
    steps.approved(session, sample)
    for number in range(230):
        subject = (SubjectType.ASSESSMENT, sample.assessment.id)
        when = CREATED
        record_history(
            session, SYSTEM, subject, "attach_file", when, organisation_id=None, reason=f"ครั้งที่-{number}-"
        )


def test_a_long_history_is_read_to_its_beginning(website: Website) -> None:
    website.do(long_history)
    client = website.sign_in("suda")
    page, seen, text = address(website), "", ""
    for _pages in range(10):
        text = client.get(page).get_data(as_text=True)
        seen += text
        older = re.search(r'href="([^"]+)">รายการก่อนหน้านี้', text)
        if older is None:
            break
        page = older[1]
    assert "รายการล่าสุด" in text
    assert "เริ่มประเมินตนเอง" in text
    for number in range(230):
        assert seen.count(f"ครั้งที่-{number}-") == 1


@pytest.mark.parametrize("asked", ["x", "-1", "1.5", "99999999999999999999", "๑", ""])
def test_an_address_that_means_no_page_shows_the_latest(website: Website, asked: str) -> None:
    website.do(steps.self_submitted)
    answer = website.sign_in("somchai").get(f"{address(website)}?history={asked}")
    assert answer.status_code == 200
    assert "ส่งผลประเมินตนเอง" in words(answer)


def test_the_history_of_a_plan_that_is_its_owners_alone_says_nothing_of_its_lines(website: Website) -> None:
    def cancelled(session: Session, sample: Sample) -> int:
        """Before it was ever handed in."""
        plan = steps.drafted(session, sample)
        written = PlanItemFields("หัวข้อที่เขียนไว้กับตัวเอง", DevelopmentMethod.ON_THE_JOB, hours=3)
        item = add_item(session, sample.cast.somchai, plan.id, written, at(steps.PLAN_DAY))
        again = replace(written, title="หัวข้อที่แก้ไขแล้ว")
        update_item(session, sample.cast.somchai, item.id, again, at(steps.PLAN_DAY))
        plan.state = PlanState.CANCELLED
        session.flush()
        return plan.id

    address = f"/plans/{website.do(cancelled)}"
    website.clock.moment = at(steps.REVIEW_DAY)
    owner = website.sign_in("somchai").get(address).text
    assert "หัวข้อที่เขียนไว้กับตัวเอง" in owner and "หัวข้อที่แก้ไขแล้ว" in owner
    for name in ("suda", "prasit", "malee"):
        page = website.sign_in(name).get(address)
        assert page.status_code == 200 and "แก้ไขรายการพัฒนา" in page.text
        assert "หัวข้อที่" not in page.text
    assert website.sign_in("olan").get(address).status_code == 404
