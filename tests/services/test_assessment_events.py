"""Every step of an assessment: the right person takes it and it is written down; nobody else can."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, Notice
from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW
from idp.rules.errors import NotPermitted, NotVisible, StaleVersion, TransitionNotAllowed
from idp.rules.terms import AssessmentEvent, SubjectType
from tests.factories.sample import Sample
from tests.services.assessment_events import CASES, Case

EVERYBODY = ("somchai", "suda", "prasit", "malee", "anong", "olan")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_right_person_moves_it_and_history_and_notices_say_so(
    session: Session, sample: Sample, case: Case
) -> None:
    case.bring(session, sample)
    before = sample.assessment.state
    known = set(session.scalars(select(HistoryEntry.id)))
    told_before = set(session.scalars(select(Notice.id)))
    actor = getattr(sample.cast, case.by)

    case.ask(session, actor, sample.assessment.id, sample.assessment.version)

    assert sample.assessment.state is case.target
    about = HistoryEntry.subject_type != SubjectType.EXTENSION  # a reopening has lines of its own
    lines = session.scalars(select(HistoryEntry).where(HistoryEntry.id.not_in(known), about)).all()
    assert [
        (line.event, line.from_state, line.to_state, line.actor_person_id, line.subject_type)
        for line in lines
    ] == [(case.event, before, case.target, actor.person_id, SubjectType.ASSESSMENT)]
    assert lines[0].origin == "127.0.0.1"
    notices = session.scalars(select(Notice).where(Notice.id.not_in(told_before))).all()
    told = {getattr(sample.cast, name).person_id for name in case.told}
    assert {notice.recipient_person_id for notice in notices} == told
    assert {notice.event for notice in notices} <= {f"assessment:{case.event}"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nobody_else_may_and_outsiders_do_not_learn_that_it_exists(
    session: Session, sample: Sample, case: Case
) -> None:
    case.bring(session, sample)
    before = sample.assessment.state
    for name in EVERYBODY:
        if name == case.by:
            continue
        outside = getattr(sample.cast, name) in sample.cast.outsiders
        with pytest.raises(NotVisible if outside else NotPermitted):
            case.ask(session, getattr(sample.cast, name), sample.assessment.id, None)
    assert sample.assessment.state is before


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_version_read_too_early_is_refused(session: Session, sample: Sample, case: Case) -> None:
    case.bring(session, sample)
    before = sample.assessment.state
    with pytest.raises(StaleVersion):
        case.ask(session, getattr(sample.cast, case.by), sample.assessment.id, sample.assessment.version - 1)
    assert sample.assessment.state is before


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_step_already_taken_is_not_taken_again(session: Session, sample: Sample, case: Case) -> None:
    case.bring(session, sample)
    actor = getattr(sample.cast, case.by)
    case.ask(session, actor, sample.assessment.id, None)
    with pytest.raises((TransitionNotAllowed, NotPermitted)):
        case.ask(session, actor, sample.assessment.id, None)
    assert sample.assessment.state is case.target


def test_a_missing_assessment_answers_as_one_that_may_not_be_seen(session: Session, sample: Sample) -> None:
    for case in CASES:
        with pytest.raises(NotVisible):
            case.ask(session, getattr(sample.cast, case.by), 99_999, None)


OF_THE_WORKERS = {
    AssessmentEvent.CLOSE,
    AssessmentEvent.LAPSE_SELF,
    AssessmentEvent.LAPSE_RATING,
    AssessmentEvent.LAPSE_OPINION,
}
"""Tried with the closing of cycles, and with the reopenings that ran out."""


def test_every_event_of_the_table_is_tried_but_those_of_the_workers(session: Session) -> None:
    tried = {case.event for case in CASES}
    assert tried | OF_THE_WORKERS == {row.event for row in ASSESSMENT_WORKFLOW.transitions}
