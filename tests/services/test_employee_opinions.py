"""The employee's opinion on the result, apart from its receipt."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry
from idp.rules.errors import (
    InvalidInput,
    NotPermitted,
    NotVisible,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.terms import (
    AssessmentState,
    EmployeeOpinion,
)
from idp.services import results
from idp.services.employee_opinions import give_opinion
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.services.test_objections import A_DAY, refused_to_sign


def test_the_opinion_is_apart_from_the_receipt_and_what_was_said_before_stays_in_the_history(
    session: Session, sample: Sample
) -> None:
    steps.released(session, sample)
    cast, number, now = sample.cast, sample.assessment.id, at(steps.RECEIPT_DAY)
    with pytest.raises(TransitionNotAllowed):
        give_opinion(session, cast.somchai, number, EmployeeOpinion.AGREES, "", now)
    results.receive(session, cast.somchai, number, now)
    assert sample.assessment.employee_opinion is None
    with pytest.raises(InvalidInput):
        give_opinion(session, cast.somchai, number, EmployeeOpinion.DISAGREES, " ", now)
    give_opinion(session, cast.somchai, number, EmployeeOpinion.AGREES, "", now)
    give_opinion(session, cast.somchai, number, EmployeeOpinion.DISAGREES, "ต่ำไป", now)
    give_opinion(session, cast.somchai, number, EmployeeOpinion.DISAGREES, "ต่ำไป", now)  # says nothing new
    said = session.scalars(
        select(HistoryEntry.detail).where(HistoryEntry.event == "give_opinion").order_by(HistoryEntry.id)
    ).all()
    assert [(each["from"]["opinion"], each["to"]["opinion"]) for each in said] == [
        (None, "agrees"),
        ("agrees", "disagrees"),
    ]
    for actor in (cast.suda, cast.prasit, cast.malee):
        with pytest.raises(NotPermitted):
            give_opinion(session, actor, number, EmployeeOpinion.AGREES, "", now)
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            give_opinion(session, actor, number, EmployeeOpinion.AGREES, "", now)
    with pytest.raises(StaleVersion):
        give_opinion(
            session, cast.somchai, number, EmployeeOpinion.AGREES, "", now, sample.assessment.version - 1
        )


def test_who_refused_to_sign_may_still_give_an_opinion(session: Session, sample: Sample) -> None:
    refused_to_sign(session, sample)
    give_opinion(
        session,
        sample.cast.somchai,
        sample.assessment.id,
        EmployeeOpinion.DISAGREES,
        "ไม่เป็นธรรม",
        at(A_DAY),
    )
    assert sample.assessment.employee_opinion_text == "ไม่เป็นธรรม"
    assert sample.assessment.state is AssessmentState.REFUSED
