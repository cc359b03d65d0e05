"""A reminder in somebody's own words reaches who owes the step, once a day, and nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, Mail, Notice
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, StaleVersion
from idp.rules.relations import Actor
from idp.rules.terms import PhaseKind, Relation, SubjectType
from idp.services.digests import gather_digests
from idp.services.reminders_by_hand import LONGEST_NOTE, remind_by_hand
from tests.factories import steps
from tests.factories.addresses import everything_written
from tests.factories.sample import Sample, at

NOTE = "ขอให้ส่งภายในวันศุกร์"


def notices(session: Session) -> list[Notice]:
    return list(session.scalars(select(Notice).where(Notice.event.startswith("reminder:"))))


def remind(session: Session, sample: Sample, name: str, day: object = steps.SELF_DAY, note: str = NOTE):
    return remind_by_hand(session, getattr(sample.cast, name), sample.assessment.id, note, at(day))  # type: ignore[arg-type]


def test_the_employee_is_reminded_of_the_self_assessment(session: Session, sample: Sample) -> None:
    done = remind(session, sample, "suda")
    assert (done.relation, done.phase) == (Relation.OWNER, PhaseKind.SELF_ASSESSMENT)
    (notice,) = notices(session)
    assert notice.recipient_person_id == sample.cast.somchai.person_id
    assert notice.event == "reminder:self_assessment"
    assert notice.detail == {"reason": NOTE}
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "remind_by_hand")).one()
    assert (entry.actor_person_id, entry.reason) == (sample.cast.suda.person_id, NOTE)


def test_whoever_owes_the_step_is_reminded_and_the_note_about_a_rating_is_theirs_alone(
    session: Session, sample: Sample
) -> None:
    steps.rating(session, sample)
    remind(session, sample, "malee", steps.RATING_DAY, "เร่งให้คะแนน")
    (notice,) = notices(session)
    assert notice.recipient_person_id == sample.cast.suda.person_id
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "remind_by_hand")).one()
    assert entry.reason == "", "the employee reads the history"


def test_of_a_plan_it_is_the_plan_that_is_spoken_of(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    remind(session, sample, "malee", steps.REVIEW_DAY)
    (notice,) = notices(session)
    assert (notice.subject_type, notice.subject_id) == (SubjectType.PLAN, plan.id)
    assert notice.recipient_person_id == sample.cast.suda.person_id


def test_it_goes_into_the_days_digest(session: Session, sample: Sample) -> None:
    remind(session, sample, "suda")
    gather_digests(session, steps.SELF_DAY, at(steps.SELF_DAY))
    (notice,) = notices(session)
    session.refresh(notice)
    mail = session.get_one(Mail, notice.mail_id)
    assert mail.recipient_person_id == sample.cast.somchai.person_id


def test_once_a_day_whoever_sends_it(session: Session, sample: Sample) -> None:
    remind(session, sample, "suda")
    for name in ("suda", "malee"):
        with session.begin_nested() as savepoint:
            with pytest.raises(InvalidInput) as refusal:
                remind(session, sample, name)
            savepoint.rollback()
        assert refusal.value.code == "reminded_today"
    assert len(notices(session)) == 1
    remind(session, sample, "malee", steps.SELF_DAY + timedelta(days=1))
    assert len(notices(session)) == 2


def test_nobody_reminds_themself(session: Session, sample: Sample) -> None:
    steps.rating(session, sample)
    with pytest.raises(InvalidInput) as refusal:
        remind(session, sample, "suda", steps.RATING_DAY)
    assert refusal.value.code == "only_oneself"
    assert notices(session) == []


def test_where_nothing_is_owed_nobody_is_reminded(session: Session, sample: Sample) -> None:
    steps.in_evaluation(session, sample)
    from idp.rules.terms import PlanState
    from idp.services.reminders_by_hand import plan_of

    plan = plan_of(session, sample.assessment)
    assert plan is not None
    plan.state = PlanState.EVALUATED
    with pytest.raises(InvalidInput) as refusal:
        remind(session, sample, "malee", steps.EVALUATION_DAY)
    assert refusal.value.code == "nothing_owed"


def test_only_the_supervisor_and_the_personnel_office_may(session: Session, sample: Sample) -> None:
    before = everything_written(session)
    for name in ("somchai", "prasit"):
        with pytest.raises(NotPermitted):
            remind(session, sample, name)
    for name in ("anong", "olan"):
        with pytest.raises(NotVisible):
            remind(session, sample, name)
    with pytest.raises(NotVisible):
        remind_by_hand(session, Actor(None), 999_999, "", at(steps.SELF_DAY))
    assert everything_written(session) == before


def test_a_record_read_before_it_changed_and_a_note_too_long_are_refused(
    session: Session, sample: Sample
) -> None:
    suda, assessment = sample.cast.suda, sample.assessment
    with pytest.raises(StaleVersion):
        remind_by_hand(
            session, suda, assessment.id, "", at(steps.SELF_DAY), expected_version=assessment.version + 1
        )
    with pytest.raises(InvalidInput) as refusal:
        remind(session, sample, "suda", note="ก" * (LONGEST_NOTE + 1))
    assert refusal.value.code == "too_long"
    assert notices(session) == []
