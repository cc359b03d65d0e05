"""From a derived dictionary to a suggestion: profile, cycle, rating, gap, and the actions that came along."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    Competency,
    DevelopmentAction,
    ExpectedLevel,
    ProficiencyLevel,
    Suggestion,
)
from idp.queries.framework_contents import content_of
from idp.rules.terms import CompetencyCategory, RaterKind, SecondOpinion
from idp.services import assessments, ratings, results
from idp.services.framework_drafts import FrameworkFields, create_framework
from idp.services.framework_publishing import publish_version
from idp.services.ratings import RatingEntry
from idp.services.settings import set_rules
from tests.factories.dictionary import make_dictionary
from tests.factories.sample import at
from tests.services.cycle_cast import HIRED_ON, NOW, add_town, open_cycle

SELF_DAY, RATING_DAY = date(2026, 10, 6), date(2026, 10, 15)
SECOND_DAY, RELEASE_DAY = date(2026, 11, 4), date(2026, 11, 12)


def test_a_gap_on_an_own_dictionary_is_offered_the_actions_of_the_one_it_came_from(session: Session) -> None:
    town = add_town(session, staff=4)
    malee = town.actor("malee")
    source = make_dictionary(session).version.id
    version = create_framework(session, malee, "own", FrameworkFields("ของเรา"), NOW, source)
    publish_version(session, malee, version.id, NOW)
    c1 = next(each for each in content_of(session, version.id) if each.content.code == "c1")
    town.profile.expected_levels.append(ExpectedLevel(competency_id=c1.id, level=2))
    rules = {"frameworks": [{"code": "khlong.own", "category": CompetencyCategory.CORE.value}]}
    set_rules(session, malee, town.organisation.id, rules, HIRED_ON, NOW)
    session.flush()
    cycle = open_cycle(town)
    person_id = town.persons["staff4"].id
    assessment = session.scalars(
        select(Assessment).where(Assessment.cycle_id == cycle.id, Assessment.owner_person_id == person_id)
    ).one()
    (item,) = assessment.items
    assert (item.competency_id, item.expected_level) == (c1.id, 2)

    def form(level: int) -> dict[int, RatingEntry]:
        ticks = {each for number in range(1, level + 1) for each in c1.indicator_ids[number]}
        return {item.id: RatingEntry(frozenset(ticks), None, "เหตุการณ์ที่แสดง")}

    owner, suda, prasit = (town.actor(name) for name in ("staff4", "suda", "prasit"))
    assessments.start_self(session, owner, assessment.id, at(SELF_DAY))
    ratings.save_ratings(session, owner, assessment.id, RaterKind.SELF, form(2), at(SELF_DAY))
    assessments.submit_self(session, owner, assessment.id, at(SELF_DAY))
    assessments.start_rating(session, suda, assessment.id, at(RATING_DAY))
    ratings.save_ratings(session, suda, assessment.id, RaterKind.SUPERVISOR, form(1), at(RATING_DAY))
    assessments.submit_rating(session, suda, assessment.id, at(RATING_DAY))
    agrees = SecondOpinion.AGREES
    assessments.give_second_opinion(session, prasit, assessment.id, agrees, "", at(SECOND_DAY))
    results.release_assessment(session, malee, assessment.id, at(RELEASE_DAY))
    offered = session.execute(
        select(DevelopmentAction.key, Competency.framework_version_id, Suggestion.reason)
        .join(Suggestion, Suggestion.action_id == DevelopmentAction.id)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(Suggestion.assessment_item_id == item.id)
    ).all()
    assert offered
    assert all(row.key.startswith("khlong.own/c1/2/") for row in offered)
    assert {row.framework_version_id for row in offered} == {version.id}
    assert all(row.reason["framework"] == "khlong.own/1" for row in offered)
