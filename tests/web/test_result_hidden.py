"""Until its release the employee learns nothing of the result: on no page, in no list, document, notice or
mail."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Mail, Notice, Rating
from idp.rules.calendar import local_day
from idp.rules.terms import RaterKind, SecondOpinion
from idp.services import assessments, ratings
from idp.services.digests import gather_digests
from idp.services.results_part import enter_results_score
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.factories.website import Website

SECRETS = ("ความลับของผู้ประเมิน", "ความลับของผู้บังคับบัญชาเหนือขึ้นไป", "เหตุลับที่ส่งคืน", "61.25")
PAGES = ("/", "/assessments/", "/plans/", "/team/", "/notifications/", "/reports/")


def decided(session: Session, sample: Sample) -> None:
    """Rated, returned with a reason, rated again, and seen by the second level."""
    steps.rating(session, sample)
    cast, number = sample.cast, sample.assessment.id
    form = steps.entries(sample, steps.SUPERVISOR_LEVELS, SECRETS[0])
    ratings.save_ratings(session, cast.suda, number, RaterKind.SUPERVISOR, form, at(steps.RATING_DAY))
    enter_results_score(session, cast.suda, number, Decimal(SECRETS[3]), at(steps.RATING_DAY))
    assessments.submit_rating(session, cast.suda, number, at(steps.RATING_DAY))
    assessments.return_rating(session, cast.prasit, number, SECRETS[2], at(steps.SECOND_DAY))
    assessments.submit_rating(session, cast.suda, number, at(steps.SECOND_DAY))
    assessments.give_second_opinion(
        session, cast.prasit, number, SecondOpinion.DIFFERS, SECRETS[1], at(steps.SECOND_DAY)
    )


def pages(website: Website) -> tuple[str, ...]:
    number = website.sample.assessment.id
    return (*PAGES, f"/assessments/{number}", f"/assessments/{number}/suggestions")


def test_nothing_of_it_stands_on_any_page_of_the_employee(website: Website) -> None:
    website.do(decided)
    website.clock.moment = at(steps.SECOND_DAY)
    client = website.sign_in("somchai")
    for address in pages(website):
        text = client.get(address).get_data(as_text=True)
        for secret in SECRETS:
            assert secret not in text, (address, secret)
    seen = website.sign_in("suda").get(f"/assessments/{website.sample.assessment.id}").text
    assert all(secret in seen for secret in SECRETS)


def test_neither_does_an_officer_see_their_own(website: Website) -> None:
    def give_to_malee(session: Session, sample: Sample) -> None:
        decided(session, sample)
        assessment = session.get_one(Assessment, sample.assessment.id)
        assert sample.cast.malee.person_id is not None
        assessment.owner_person_id = sample.cast.malee.person_id

    website.do(give_to_malee)
    website.clock.moment = at(steps.SECOND_DAY)
    client, cycle_id = website.sign_in("malee"), website.sample.cycle.id
    more = (f"/cycles/{cycle_id}/people", f"/cycles/{cycle_id}/release", "/objections/")
    for address in (*pages(website), *more):
        text = client.get(address).get_data(as_text=True)
        for secret in SECRETS:
            assert secret not in text, (address, secret)


def test_no_document_of_it_is_to_be_had_and_no_objection(website: Website) -> None:
    website.do(decided)
    website.clock.moment = at(steps.SECOND_DAY)
    client, number = website.sign_in("somchai"), str(website.sample.assessment.id)
    for kind in ("assessment", "whole_record"):
        answer = client.post("/reports/", data={"kind": kind, "subject_id": number})
        assert answer.status_code in (403, 404)
    assert client.get(f"/objections/of/{number}").status_code == 409
    assert client.post(f"/assessments/{number}/opinion", data={"opinion": "agrees"}).status_code == 409


def test_no_notice_and_no_mail_tells_it(website: Website) -> None:
    def gather(session: Session, sample: Sample) -> list[str]:
        decided(session, sample)
        now = at(steps.SECOND_DAY, hour=8)
        gather_digests(session, local_day(now), now)
        mails = session.scalars(
            select(Mail).where(Mail.recipient_person_id == sample.cast.somchai.person_id)
        ).all()
        told = session.scalars(
            select(Notice.detail).where(Notice.recipient_person_id == sample.cast.somchai.person_id)
        ).all()
        return [
            *(f"{mail.subject} {mail.text_body} {mail.html_body}" for mail in mails),
            *(str(detail) for detail in told),
        ]

    texts = website.do(gather)
    assert not any(secret in text for text in texts for secret in SECRETS)
    assert website.do(lambda session, _s: session.scalar(select(Rating.id))) is not None
