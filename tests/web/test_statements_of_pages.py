"""Every page asks the database as often for many rows as for few, whoever reads it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from idp.models import RoleGrant
from idp.rules.terms import Role
from tests.factories.addresses import populate
from tests.factories.committee import seat
from tests.factories.crowd import LONG_AGO, add_crowd
from tests.factories.sample import Sample
from tests.factories.website import Website
from tests.web.statements import costs

FEW, MANY = 10, 300
EXPECTED_PAGES = {
    "assessments.mine",
    "assessments.show",
    "catalogue.index",
    "catalogue.show",
    "catalogue_figures.coverage_page",
    "catalogue_figures.use_page",
    "budgets.ceilings",
    "budgets.index",
    "courses.index",
    "courses.show",
    "cycles.index",
    "cycles.people",
    "cycles.try_out",
    "effects.index",
    "figures.index",
    "follow_ups.index",
    "gap_figures.index",
    "home.index",
    "imports.index",
    "imports.show",
    "mails.index",
    "mentors.index",
    "moderation.index",
    "moderation.people",
    "next_position.index",
    "notifications.index",
    "plans.mine",
    "plan_proposal.show",
    "position_overrides.index",
    "position_overrides.show",
    "profiles.index",
    "profiles.show",
    "reports.index",
    "staff.index",
    "team.index",
    "training.index",
    "training.people",
    "training.plans",
    "training_demand.index",
    "training_hours.index",
    "training_hours.people",
    "team_gaps.index",
    "team_plans.index",
    "team_plans.reading",
    "team_ratings.index",
    "team_ratings.show",
}
"""The lists that must be among those measured."""


@pytest.mark.slow
def test_no_page_asks_more_for_many_rows_than_for_few(website: Website) -> None:
    values = populate(website)
    website.do(let_prasit_read_figures)
    website.do(let_anong_sit_in_the_committee)
    website.do(lambda session, sample: add_crowd(session, sample, 1, FEW))
    few = costs(website, values)
    website.do(lambda session, sample: add_crowd(session, sample, FEW + 1, MANY))
    many = costs(website, values)
    assert few.keys() == many.keys()
    assert {page.endpoint for page in many} >= EXPECTED_PAGES
    grown = {str(page): (few[page].statements, many[page].statements) for page in few}
    assert not {page: pair for page, pair in grown.items() if pair[1] > pair[0]}


def let_anong_sit_in_the_committee(session: Session, sample: Sample) -> None:
    """Anong is a plain member: what she sees of people, she sees as one."""
    seat(session, sample)


def let_prasit_read_figures(session: Session, sample: Sample) -> None:
    """Prasit reads the figures as an executive, too."""
    session.add(
        RoleGrant(
            organisation_id=sample.organisation.id,
            person_id=sample.cast.prasit.person_id,
            role=Role.EXECUTIVE,
            from_on=LONG_AGO,
        )
    )
