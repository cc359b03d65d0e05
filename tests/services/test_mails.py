"""The outbox: one digest a day, at most once, none lost, whoever refuses, hangs or dies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from idp.adapters.mail import FolderMailer, Mailer, SmtpMailer, mailer_for
from idp.models import Mail, Notice, Person, Reminder
from idp.rules.terms import AssessmentState, MailState, PhaseKind, PlanState, SubjectType
from idp.services import mails
from idp.services.digests import gather_digests
from idp.services.mail_sending import Post, send_due_mails
from idp.services.reminders import plan_reminders
from tests.services.outbox_cast import DAY, NOW, Cast, add_cast

POST = Post("idp@example.go.th", "https://idp.example.go.th")


@dataclass
class World:
    """A database with the cast, and a clock that tests move."""

    engine: Engine
    now: datetime = NOW
    cast: Cast = field(init=False)

    def __post_init__(self) -> None:
        self.session = Session(self.engine)
        self.cast = add_cast(self.session)

    @contextmanager
    def open_session(self) -> Iterator[Session]:
        self.session.commit()  # on SQLite one writer at a time: let go first
        with Session(self.engine) as session:
            yield session

    def clock(self) -> datetime:
        return self.now

    def send(self, mailer: Mailer) -> Counter[MailState]:
        return send_due_mails(self.open_session, mailer, self.clock, POST)

    def gather(self) -> int:
        new = gather_digests(self.session, DAY, self.now)
        self.session.commit()
        return new

    def mails(self) -> list[Mail]:
        self.session.expire_all()
        rows = list(self.session.scalars(select(Mail).order_by(Mail.id)))
        self.session.commit()
        for row in rows:
            self.session.refresh(row)
        self.session.commit()
        return rows

    def states(self) -> list[MailState]:
        self.session.expire_all()
        states = list(self.session.scalars(select(Mail.state).order_by(Mail.id)))
        self.session.commit()
        return states

    def notice(self, to: str, event: str, reason: str = "") -> None:
        self.session.add(
            Notice(
                organisation_id=self.cast.organisation.id,
                subject_type=SubjectType.ASSESSMENT,
                subject_id=self.cast.assessment.id,
                event=event,
                recipient_person_id=self.cast.persons[to].id,
                detail={"reason": reason} if reason else {},
                created_at=self.now,
            )
        )
        self.session.commit()

    def close(self) -> None:
        self.session.close()
        self.engine.dispose()


@pytest.fixture
def world(own_engine: Engine) -> Iterator[World]:
    world = World(own_engine)
    yield world
    world.close()


@pytest.fixture
def reminded(world: World) -> World:
    """Somchai and Suda each have a mail waiting."""
    world.cast.due(PhaseKind.SELF_ASSESSMENT, DAY)
    plan_reminders(world.session, DAY, NOW, lambda _day: False)
    world.notice("suda", "assessment:return_rating", "ขอให้ทบทวนหลักฐาน")
    assert world.gather() == 2
    return world


@pytest.fixture
def smtp(smtp_server) -> Iterator[SmtpMailer]:
    mailer = SmtpMailer(smtp_server.host, smtp_server.port, timeout=2.0)
    yield mailer
    mailer.close()


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_gathering_twice_makes_no_second_mail(reminded):
    assert reminded.gather() == 0
    assert len(reminded.mails()) == 2


def test_every_reminder_and_notice_is_on_its_recipients_mail(reminded):
    mail_of = {mail.recipient_person_id: mail.id for mail in reminded.mails()}
    for source in (Reminder, Notice):
        for row in reminded.session.scalars(select(source)):
            assert row.mail_id == mail_of[row.recipient_person_id]


def test_what_comes_after_the_mail_was_claimed_waits_for_the_next_day(reminded, tmp_path):
    reminded.send(FolderMailer(tmp_path))
    reminded.notice("somchai", "plan:return", "เพิ่มวิธีการวัดผล")
    assert reminded.gather() == 0
    tomorrow = DAY + timedelta(days=1)
    assert gather_digests(reminded.session, tomorrow, NOW + timedelta(days=1)) == 1


def test_what_comes_before_the_mail_is_claimed_joins_it(reminded, tmp_path):
    reminded.notice("somchai", "plan:return", "เพิ่มวิธีการวัดผล")
    assert reminded.gather() == 0
    reminded.send(FolderMailer(tmp_path))
    texts = [mail.text_body for mail in reminded.mails()]
    assert sum("เพิ่มวิธีการวัดผล" in text for text in texts) == 1


def test_a_notice_read_in_the_app_is_not_mailed(world):
    world.notice("suda", "assessment:submit_self")
    world.session.scalars(select(Notice)).one().read_at = NOW
    world.session.commit()
    assert world.gather() == 0


def test_somebody_without_an_address_is_seen_and_not_sent_to(world, tmp_path):
    world.cast.persons["suda"].email = "  "
    world.notice("suda", "assessment:submit_self")
    world.gather()
    assert world.states() == [MailState.NO_ADDRESS]
    assert world.send(FolderMailer(tmp_path / "mail")) == {}
    assert not (tmp_path / "mail").exists()


def test_the_mail_names_what_is_due_when_and_why_and_no_rating(reminded, smtp, smtp_server):
    assert reminded.send(smtp) == {MailState.SENT: 2}
    received = {each.recipients[0]: each.message for each in smtp_server.received}
    to_owner = received["somchai@khlong.example.go.th"]
    assert "มีงานที่ต้องดำเนินการ 1 เรื่อง" in to_owner["Subject"]
    for kind in ("plain", "html"):
        text = body(to_owner, kind)
        assert "เรียน นายสมชาย ใจดี" in text
        assert "ประเมินสมรรถนะของตนเอง" in text
        assert "16 พฤศจิกายน 2569" in text
        assert f"https://idp.example.go.th/assessments/{reminded.cast.assessment.id}" in text
    to_supervisor = received["suda@khlong.example.go.th"]
    assert "ขอให้ทบทวนหลักฐาน" in body(to_supervisor, "plain")
    assert "นายสมชาย ใจดี" in body(to_supervisor, "html")
    ids = {f"<digest-20261116-{mail.id}@example.go.th>" for mail in reminded.mails()}
    assert {to_owner["Message-ID"], to_supervisor["Message-ID"]} == ids
    assert [mail.error for mail in reminded.mails()] == ["", ""]


def test_a_reason_cannot_write_html_into_the_mail(world, tmp_path):
    world.notice("suda", "assessment:return_rating", "<script>alert(1)</script>")
    world.gather()
    world.send(FolderMailer(tmp_path))
    (mail,) = world.mails()
    assert "<script>" not in mail.html_body
    assert "&lt;script&gt;" in mail.html_body


@pytest.mark.parametrize("stage", ["connect", "mail", "rcpt", "data"])
def test_a_temporary_refusal_is_tried_again_later_and_sent_once(reminded, smtp, smtp_server, stage):
    smtp_server.refuse(stage, "451 Try again later")
    reminded.send(smtp)
    assert reminded.states() == [MailState.PENDING] * 2
    assert all(mail.next_at > NOW for mail in reminded.mails())
    assert any("451" in mail.error for mail in reminded.mails())
    assert reminded.send(smtp) == {}  # not before its time
    smtp_server.behave()
    reminded.now = NOW + timedelta(hours=2)
    assert reminded.send(smtp) == {MailState.SENT: 2}
    assert len(smtp_server.received) == 2


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_a_permanent_refusal_fails_with_its_reason(reminded, smtp, smtp_server, stage):
    smtp_server.refuse(stage, "550 No such person", times=1)
    reminded.send(smtp)
    assert sorted(reminded.states()) == [MailState.FAILED, MailState.SENT]
    assert [mail.error for mail in reminded.mails() if mail.state is MailState.FAILED] == [
        "550 No such person"
    ]


@pytest.mark.parametrize("stage", ["mail", "rcpt"])
def test_a_server_that_hangs_before_the_text_costs_nothing(reminded, smtp, smtp_server, stage):
    smtp_server.hang(stage, times=1)
    smtp.timeout = 0.3
    reminded.send(smtp)
    assert reminded.states() == [MailState.PENDING] * 2
    reminded.now = NOW + timedelta(hours=2)
    assert reminded.send(smtp) == {MailState.SENT: 2}


def test_a_server_that_hangs_after_the_text_leaves_it_uncertain_for_ever(reminded, smtp, smtp_server):
    smtp_server.hang("data", times=1)
    smtp.timeout = 0.3
    reminded.send(smtp)
    assert sorted(reminded.states()) == [MailState.SENT, MailState.UNCERTAIN]
    reminded.now = NOW + timedelta(days=1)
    assert reminded.send(smtp) == {}


def test_a_server_that_is_not_there_costs_one_attempt_of_one_mail(reminded):
    nowhere = SmtpMailer("127.0.0.1", 9, timeout=1.0)
    reminded.send(nowhere)
    assert sorted(mail.attempts for mail in reminded.mails()) == [0, 1]
    assert reminded.states() == [MailState.PENDING] * 2


def test_a_mail_is_given_up_after_its_last_attempt(reminded, smtp, smtp_server):
    smtp_server.refuse("rcpt", "450 Mailbox busy")
    for _ in range(mails.MOST_ATTEMPTS):
        reminded.send(smtp)
        reminded.now += timedelta(hours=2)
    assert reminded.states() == [MailState.FAILED] * 2
    assert {mail.error for mail in reminded.mails()} == {"450 Mailbox busy"}


def test_an_address_that_is_none_fails_alone(reminded, smtp):
    reminded.cast.persons["suda"].email = "suda@@example\r\nBcc: all@example.go.th"
    reminded.session.commit()
    assert reminded.send(smtp) == {MailState.SENT: 1, MailState.FAILED: 1}


def claim(world: World) -> list[mails.ClaimedMail]:
    claimed = mails.claim_mails(world.session, world.now, base_url=POST.base_url, message_host=POST.host)
    world.session.commit()
    return claimed


def test_two_workers_never_hold_the_same_mail(reminded):
    assert len(claim(reminded)) == 2
    assert claim(reminded) == []


def test_a_worker_claims_no_more_than_it_asks_for(world):
    for _ in range(3):
        add_notice_for_somebody_new(world)
    world.gather()
    claimed = mails.claim_mails(world.session, NOW, base_url=POST.base_url, message_host=POST.host, limit=2)
    assert len(claimed) == 2
    assert sorted(world.states()) == [MailState.CLAIMED, MailState.CLAIMED, MailState.PENDING]


def add_notice_for_somebody_new(world: World) -> None:
    person = Person(title_th="นาย", first_name="ก", last_name="ข", email="k@example.go.th", created_at=NOW)
    world.session.add(person)
    world.session.flush()
    world.cast.persons["new"] = person
    world.notice("new", "assessment:submit_self")


def test_a_worker_killed_with_its_claims_loses_nothing(reminded, smtp, smtp_server):
    claim(reminded)
    reminded.now = NOW + mails.LEASE
    assert mails.sweep_mails(reminded.session, reminded.now) == (2, 0)
    reminded.session.commit()
    assert reminded.send(smtp) == {MailState.SENT: 2}


def test_a_worker_killed_in_the_hand_over_leaves_it_uncertain_and_unsent(reminded, smtp, smtp_server):
    first, _second = claim(reminded)
    assert mails.mark_handing_off(reminded.session, first, reminded.now)
    reminded.session.commit()
    reminded.now = NOW + mails.LEASE
    assert mails.sweep_mails(reminded.session, reminded.now) == (1, 1)
    reminded.session.commit()
    reminded.send(smtp)
    assert sorted(reminded.states()) == [MailState.SENT, MailState.UNCERTAIN]
    assert len(smtp_server.received) == 1


def test_a_slow_worker_does_not_hand_over_what_it_no_longer_holds(reminded):
    first, _second = claim(reminded)
    late = NOW + mails.LEASE
    assert not mails.mark_handing_off(reminded.session, first, late)
    mails.sweep_mails(reminded.session, late)
    claim_again = mails.claim_mails(reminded.session, late, base_url=POST.base_url, message_host=POST.host)
    assert not mails.mark_handing_off(reminded.session, first, late)
    assert mails.mark_handing_off(reminded.session, claim_again[0], late)


def test_a_slow_hand_over_that_succeeded_after_all_is_told_as_sent(reminded):
    first, _second = claim(reminded)
    mails.mark_handing_off(reminded.session, first, NOW)
    mails.sweep_mails(reminded.session, NOW + mails.LEASE)
    assert mails.mark_sent(reminded.session, first, NOW + mails.LEASE)


def test_the_folder_gets_whole_files_whose_names_repeat(reminded, tmp_path):
    reminded.send(mailer_for(f"folder:{tmp_path / 'mail'}"))
    names = sorted(path.name for path in (tmp_path / "mail").iterdir())
    ids = sorted(mail.id for mail in reminded.mails())
    assert names == sorted(f"digest-20261116-{mail_id}@example.go.th.eml" for mail_id in ids)
    for path in (tmp_path / "mail").iterdir():
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        assert "เรียน" in body(message, "plain")


def test_a_folder_that_cannot_be_written_keeps_the_mails_waiting(reminded, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    reminded.send(FolderMailer(blocked / "mail"))
    assert reminded.states() == [MailState.PENDING] * 2


def test_plans_and_cycles_have_their_sentences_too(world, tmp_path):
    world.cast.put(AssessmentState.RECEIVED)
    world.cast.plan(PlanState.HR_CHECK)
    world.cast.due(PhaseKind.PLAN_REVIEW, DAY)
    plan_reminders(world.session, DAY, NOW, lambda _day: False)
    world.gather()
    world.send(FolderMailer(tmp_path))
    (mail,) = world.mails()
    assert "ตรวจสอบแผนพัฒนารายบุคคลที่รอการตรวจสอบ" in mail.text_body
    assert f"/cycles/{world.cast.cycle.id}" in mail.text_body
