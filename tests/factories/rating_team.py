"""More people whom Suda rates, beside Somchai, at whatever step of their assessment."""

from sqlalchemy.orm import Session

from idp.models import Assessment, Competency, Cycle, Person, Unit
from idp.rules.terms import AssessmentState
from tests.factories.dictionary import Dictionary
from tests.factories.sample import Sample, add_colleague, make_assessment


def add_team(
    session: Session, sample: Sample, numbers: range, state: AssessmentState = AssessmentState.RATING
) -> list[Assessment]:
    """So many people in that state, with an item for every competency of the sample and nothing filled in."""
    dictionary = Dictionary(
        sample.dictionary.version,
        {code: session.get_one(Competency, each.id) for code, each in sample.dictionary.competencies.items()},
        sample.dictionary.indicators,
        sample.dictionary.actions,
    )
    return [
        make_assessment(
            session,
            session.get_one(Cycle, sample.cycle.id),
            add_colleague(session, sample, str(number)),
            session.get_one(Unit, sample.unit.id),
            dictionary,
            supervisor=session.get_one(Person, sample.cast.suda.person_id),
            second_level=session.get_one(Person, sample.cast.prasit.person_id),
            state=state,
        )
        for number in numbers
    ]


def items_of(sample: Sample, assessments: list[Assessment], code: str) -> list[int]:
    """The item of that competency of each of them."""
    competency_id = sample.dictionary.competencies[code].id
    return [item.id for each in assessments for item in each.items if item.competency_id == competency_id]
