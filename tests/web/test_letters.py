"""Those without an e-mail address are told on paper: printed, handed over, ticked off with the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from idp.models import Mail, Person
from idp.rules.terms import MailState
from idp.services.digests import gather_digests
from tests.factories import steps
from tests.factories.sample import at
from tests.factories.website import Website
from tests.web.reading import counted, words

DAY = steps.RELEASE_DAY
PATH = "/letters/"


def gather(website: Website, day: date) -> None:
    website.do(lambda session, _sample: gather_digests(session, day, at(day)))
    website.clock.moment = at(day)


@pytest.fixture
def waiting(website: Website) -> Website:
    """Somchai, Suda and the others have no address; each waits for a letter about the year so far."""
    website.do(steps.released)
    with website.session() as session:
        session.get_one(Person, website.sample.cast.prasit.person_id).email = "prasit@example.go.th"
    gather(website, DAY)
    return website


def mails_of(website: Website, name: str) -> list[Mail]:
    person_id = getattr(website.sample.cast, name).person_id
    with website.session() as session:
        statement = select(Mail).where(Mail.recipient_person_id == person_id).order_by(Mail.id)
        return list(session.scalars(statement))


def value(website: Website, name: str) -> str:
    mail = mails_of(website, name)[-1]
    return f"{mail.recipient_person_id}-{mail.id}"


def test_one_sheet_a_person_says_what_concerns_them(waiting: Website) -> None:
    page = waiting.sign_in("malee").get(PATH)
    assert page.text.count('class="panel letter"') == 2
    text = words(page)
    assert "เรียน นายสมชาย ใจดี" in text and "แจ้งผลการประเมินสมรรถนะของท่านแล้ว" in text
    assert "เรียน นางสาวสุดา รักงาน" in text and "เรียน นายประสิทธิ์" not in text


def test_what_was_handed_over_is_ticked_off_with_the_day_and_who_did_it(waiting: Website) -> None:
    client = waiting.sign_in("malee")
    sent = {"letter": [value(waiting, "somchai")], "handed_over_on": "10/11/2568"}
    assert client.post(f"{PATH}handed-over", data=sent).status_code == 302
    (mail,) = mails_of(waiting, "somchai")
    assert (mail.state, mail.handed_over_on) == (MailState.HANDED_OVER, DAY)
    assert mail.handed_over_by_person_id == waiting.sample.cast.malee.person_id
    assert mails_of(waiting, "suda")[-1].state is MailState.NO_ADDRESS
    page = words(client.get(PATH))
    assert "เรียน นายสมชาย" not in page and "เรียน นางสาวสุดา" in page
    again = client.post(f"{PATH}handed-over", data=sent | {"handed_over_on": "9/11/2568"})
    assert again.status_code == 302 and mails_of(waiting, "somchai")[-1].handed_over_on == DAY


def test_what_came_after_the_letter_was_printed_waits_for_the_next_one(waiting: Website) -> None:
    printed = value(waiting, "suda")
    waiting.do(
        lambda session, sample: steps.results.receive(
            session, sample.cast.somchai, sample.assessment.id, at(DAY), steps.EmployeeOpinion.AGREES
        )
    )
    gather(waiting, DAY + timedelta(days=1))
    client = waiting.sign_in("malee")
    client.post(f"{PATH}handed-over", data={"letter": [printed], "handed_over_on": "10/11/2568"})
    before, after = mails_of(waiting, "suda")
    assert (before.state, after.state) == (MailState.HANDED_OVER, MailState.NO_ADDRESS)
    assert "ลงนามรับทราบผลการประเมินแล้ว" in words(client.get(PATH))


@pytest.mark.parametrize(
    ("day", "chosen", "field"),
    [
        ("", True, "handed_over_on"),
        ("วันนี้", True, "handed_over_on"),
        ("11/11/2568", True, "handed_over_on"),
        ("10/11/2568", False, None),
    ],
)
def test_what_cannot_be_ticked_off_is_said_and_changes_nothing(
    waiting: Website, day: str, chosen: bool, field: str | None
) -> None:
    sent = {"handed_over_on": day, "letter": [value(waiting, "somchai")] if chosen else ["x-y", ""]}
    answer = waiting.sign_in("malee").post(f"{PATH}handed-over", data=sent)
    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text if field else "โปรดเลือกอย่างน้อยหนึ่งราย" in answer.text
    assert mails_of(waiting, "somchai")[-1].state is MailState.NO_ADDRESS


def test_nobody_but_the_personnel_office_prints_or_ticks_off(waiting: Website) -> None:
    sent = {"letter": [value(waiting, "somchai")], "handed_over_on": "10/11/2568"}
    for name in ("somchai", "suda", "prasit", "anong"):
        client = waiting.sign_in(name)
        assert client.get(PATH).status_code == 403
        assert client.post(f"{PATH}handed-over", data=sent).status_code == 403
    stranger = waiting.sign_in("olan")
    assert "ไม่มีหนังสือแจ้งที่รอส่งมอบ" in words(stranger.get(PATH))
    stranger.post(f"{PATH}handed-over", data=sent)
    assert mails_of(waiting, "somchai")[-1].state is MailState.NO_ADDRESS


def test_the_reason_about_a_rating_is_not_on_the_letter(website: Website) -> None:
    website.do(steps.rated)
    website.do(
        lambda session, sample: steps.assessments.return_rating(
            session, sample.cast.prasit, sample.assessment.id, "คะแนนสูงเกินไป", at(steps.SECOND_DAY)
        )
    )
    gather(website, steps.SECOND_DAY)
    page = words(website.sign_in("malee").get(PATH))
    assert "ถูกส่งคืนให้ท่านทบทวน" in page and "คะแนนสูงเกินไป" not in page


def test_the_page_takes_as_many_statements_for_two_as_for_one(waiting: Website) -> None:
    client = waiting.sign_in("malee")
    with counted(waiting.app) as of_two:
        client.get(PATH)
    sent = {"letter": [value(waiting, "somchai")], "handed_over_on": "10/11/2568"}
    client.post(f"{PATH}handed-over", data=sent)
    client.get(PATH)  # says what was done
    with counted(waiting.app) as of_one:
        client.get(PATH)
    assert len(of_two) == len(of_one)
