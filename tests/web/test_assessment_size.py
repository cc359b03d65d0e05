"""The pages of one record ask the database as often for few competencies and lines as for many."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    AssessmentItem,
    BehaviouralIndicator,
    Competency,
    DevelopmentPlan,
    ProficiencyLevel,
    Suggestion,
)
from idp.rules.terms import CompetencyCategory
from idp.services import plan_items
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.web.reading import counted

LEVELS = range(1, 4)


def add_competencies(session: Session, sample: Sample, places: range) -> None:
    """So many more competencies to be rated."""
    for place in places:
        competency = Competency(
            framework_version_id=sample.dictionary.version.id,
            sort_order=place,
            code=f"c{place}",
            code_is_official=False,
            category=CompetencyCategory.FUNCTIONAL,
            name_th=f"สมรรถนะที่ {place}",
            definition_th="",
            levels=[
                ProficiencyLevel(
                    number=number,
                    title_th=f"ระดับที่ {number}",
                    cumulative=False,
                    indicators=[BehaviouralIndicator(sort_order=1, text_th=f"พฤติกรรม {number}")],
                )
                for number in LEVELS
            ],
        )
        session.add(competency)
        session.flush()
        session.add(
            AssessmentItem(
                assessment_id=sample.assessment.id,
                competency_id=competency.id,
                sort_order=place,
                expected_level=2,
                weight_percent=Decimal(0),
            )
        )


def statements_for(website: Website, name: str, address: str) -> int:
    client = website.sign_in(name)
    with counted(website.app) as statements:
        assert client.get(address).status_code == 200
    return len(statements)


def test_the_form_asks_as_much_for_five_competencies_as_for_thirty(website: Website) -> None:
    website.do(steps.rating)
    website.do(lambda session, sample: add_competencies(session, sample, range(4, 6)))
    website.clock.moment = at(steps.RATING_DAY)
    address = f"/assessments/{website.sample.assessment.id}"
    of_five = [statements_for(website, name, address) for name in ("somchai", "suda", "malee")]
    website.do(lambda session, sample: add_competencies(session, sample, range(6, 31)))
    of_thirty = [statements_for(website, name, address) for name in ("somchai", "suda", "malee")]
    assert of_five == of_thirty


def test_the_plan_and_the_suggestions_ask_no_more_for_many_lines_than_for_few(website: Website) -> None:
    """Less, even: a page without a form left looks for no text typed into one."""
    website.do(steps.drafted)
    plan_id = website.do(lambda session, _sample: session.scalars(select(DevelopmentPlan.id)).one())
    addresses = (f"/plans/{plan_id}", f"/assessments/{website.sample.assessment.id}/suggestions")
    of_few = [statements_for(website, "somchai", address) for address in addresses]
    website.do(accept_all)
    of_many = [statements_for(website, "somchai", address) for address in addresses]
    assert all(many <= few for few, many in zip(of_few, of_many, strict=True)), (of_few, of_many)


def accept_all(session: Session, sample: Sample) -> None:
    plan_id = session.scalars(select(DevelopmentPlan.id)).one()
    for suggestion_id in session.scalars(select(Suggestion.id)).all():
        plan_items.accept_suggestion(session, sample.cast.somchai, plan_id, suggestion_id, at(steps.PLAN_DAY))
