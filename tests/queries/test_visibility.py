"""A list in SQL shows exactly what the permission table grants: over every state and a person of every
standing, signed in to either organisation."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan
from idp.queries.relations import standing_on_record
from idp.queries.visibility import visible_to
from idp.rules.permissions import GRANTS, allowed
from idp.rules.relations import SYSTEM, Actor, Standing
from idp.rules.terms import Permission, Relation
from tests.factories.fixtures import shared_engine
from tests.factories.population import TODAY, Population, make_population

__all__ = ["shared_engine"]


@pytest.fixture(scope="module")
def population(shared_engine: Engine) -> Iterator[Population]:
    """Made once: the tests of this file only read."""
    with Session(shared_engine) as session:
        yield make_population(session)


def unlike_permissions() -> list[Permission]:
    """One of all that are granted alike: the others would ask the same question again."""
    found: dict[frozenset[object], Permission] = {}
    for permission in Permission:
        grants = frozenset(
            (grant.relation, grant.states) for grant in GRANTS if grant.permission is permission
        )
        found.setdefault(grants, permission)
    return list(found.values())


@pytest.mark.parametrize("record", [Assessment, DevelopmentPlan])
def test_a_list_shows_what_the_permission_table_grants_and_nothing_else(
    population: Population, record: type[Assessment] | type[DevelopmentPlan]
) -> None:
    session = population.session
    rows: Sequence[Any] = session.scalars(select(record)).all()
    seen: set[tuple[str, int | None]] = set()
    for name, person in population.people.items():
        for organisation_id in (population.home.id, population.elsewhere.id):
            actor = Actor(person.id, organisation_id)
            known: dict[object, Standing] = {}
            standings = {row.id: _standing(session, actor, row, known) for row in rows}
            for permission in unlike_permissions():
                condition = visible_to(actor, record, permission, TODAY)
                listed = set(session.scalars(select(record.id).where(condition)))
                granted = {
                    row.id for row in rows if allowed(permission, standings[row.id].relations, row.state)
                }
                assert listed == granted, (name, organisation_id, permission)
                if listed:
                    seen.add((name, organisation_id))
    assert ("hr_of_both", population.home.id) in seen and ("hr_of_both", population.elsewhere.id) in seen
    assert ("employed_by_both", population.elsewhere.id) in seen


def _standing(session: Session, actor: Actor, row: Any, known: dict[object, Standing]) -> Standing:
    """Asked once for rows that name the same people in the same unit."""
    unit_id = row.unit_id if isinstance(row, Assessment) else row.assessment.unit_id
    holders = row.owner_person_id, row.supervisor_person_id, row.second_level_person_id
    key = row.organisation_id, unit_id, *holders
    if key not in known:
        known[key] = standing_on_record(session, actor, row, TODAY)
    return known[key]


NOBODY_ANY_MORE = (
    "outsider",
    "hr_elsewhere",
    "former_hr",
    "future_hr",
    "former_delegate",
    "coming_delegate",
    "revoked_delegate",
    "delegate_elsewhere",
    "delegate_in_another_unit",
    "delegate_of_the_delegate",
    "delegate_who_has_left",
    "left_supervisor",
    "former_appraiser",
    "former_supervisor",
    "deployment_admin",
)


@pytest.mark.parametrize("name", NOBODY_ANY_MORE)
def test_somebody_without_a_present_relation_is_shown_no_record(population: Population, name: str) -> None:
    actor = Actor(population.people[name].id, population.home.id)
    for record in (Assessment, DevelopmentPlan):
        for permission in unlike_permissions():
            condition = visible_to(actor, record, permission, TODAY)
            assert population.session.scalars(select(record.id).where(condition)).all() == []


def shown(
    population: Population,
    name: str,
    record: type[Assessment] | type[DevelopmentPlan],
    permission: Permission,
) -> list[int]:
    condition = visible_to(Actor(population.people[name].id, population.home.id), record, permission, TODAY)
    return list(population.session.scalars(select(record.id).where(condition).order_by(record.id)))


@pytest.mark.parametrize("name", ["delegate", "delegate_in_the_unit", "delegate_in_the_unit_above"])
def test_a_delegate_is_shown_what_the_represented_supervisor_sees(population: Population, name: str) -> None:
    for record, permission in (
        (Assessment, Permission.RESULT_VIEW),
        (DevelopmentPlan, Permission.PLAN_REVIEW),
    ):
        supervisors = shown(population, "supervisor", record, permission)
        assert shown(population, name, record, permission) == supervisors != []


def test_an_order_for_one_kind_of_record_shows_nothing_of_the_other(population: Population) -> None:
    assessments = (Assessment, Permission.ASSESSMENT_RATE)
    plans = (DevelopmentPlan, Permission.PLAN_REVIEW)
    assert shown(population, "delegate_of_the_assessments", *plans) == []
    assert shown(population, "delegate_of_the_plans", *assessments) == []
    assert shown(population, "delegate_of_the_assessments", *assessments) == shown(
        population, "supervisor", *assessments
    )
    assert shown(population, "delegate_of_the_plans", *plans) == shown(population, "supervisor", *plans)


def test_who_acts_for_both_stands_in_both_places_each_by_its_own_order(population: Population) -> None:
    assessment = population.session.scalars(select(Assessment).order_by(Assessment.id)).first()
    assert assessment is not None
    actor = Actor(population.people["delegate_of_both"].id, population.home.id)
    standing = standing_on_record(population.session, actor, assessment, TODAY)
    assert standing.relations == {Relation.SUPERVISOR, Relation.SECOND_LEVEL}
    for relation, represented in (
        (Relation.SUPERVISOR, "supervisor"),
        (Relation.SECOND_LEVEL, "second_level"),
    ):
        assert standing.represented_by(frozenset({relation})) == population.people[represented].id


def test_an_order_to_act_for_the_supervisor_does_not_reach_ones_own_record(population: Population) -> None:
    owner = Actor(population.people["owner"].id, population.home.id)
    condition = visible_to(owner, Assessment, Permission.ASSESSMENT_RATE, TODAY)
    assert population.session.scalars(select(Assessment.id).where(condition)).all() == []


def test_the_system_has_no_lists(population: Population) -> None:
    condition = visible_to(SYSTEM, Assessment, Permission.ASSESSMENT_VIEW, TODAY)
    assert population.session.scalars(select(Assessment.id).where(condition)).all() == []


def test_an_executive_and_people_of_elsewhere_are_shown_no_record_of_this_organisation(
    population: Population,
) -> None:
    views = (Permission.ASSESSMENT_VIEW, Permission.RESULT_VIEW, Permission.SELF_RATING_VIEW)
    for permission in (*views, Permission.HISTORY_VIEW, Permission.LOOK_VIEW):
        assert shown(population, "executive", Assessment, permission) == []
        assert shown(population, "hr_elsewhere", Assessment, permission) == []
    assert shown(population, "executive", DevelopmentPlan, Permission.PLAN_VIEW) == []


@pytest.mark.parametrize("name", ["hr_of_both", "employed_by_both"])
def test_who_serves_in_two_organisations_sees_one_at_a_time(population: Population, name: str) -> None:
    session = population.session
    home, elsewhere = (
        set(
            session.scalars(
                select(Assessment.organisation_id).where(
                    visible_to(Actor(population.people[name].id, here), Assessment, permission, TODAY)
                )
            )
        )
        for here in (population.home.id, population.elsewhere.id)
        for permission in (Permission.ASSESSMENT_VIEW,)
    )
    assert home == {population.home.id}
    assert elsewhere == {population.elsewhere.id}


def test_signed_in_to_no_organisation_only_the_own_records_are_shown(population: Population) -> None:
    for name in ("owner", "hr", "supervisor", "delegate", "auditor"):
        actor = Actor(population.people[name].id, None)
        condition = visible_to(actor, Assessment, Permission.ASSESSMENT_VIEW, TODAY)
        rows = population.session.scalars(select(Assessment.owner_person_id).where(condition)).all()
        assert set(rows) == ({actor.person_id} if name == "owner" else set())


def test_who_moved_keeps_the_own_history_and_the_new_organisation_sees_none_of_it(
    population: Population,
) -> None:
    session = population.session
    owner, hr = (Actor(population.people[name].id, population.home.id) for name in ("owner", "hr"))
    of_elsewhere = select(Assessment.id).where(
        Assessment.organisation_id == population.elsewhere.id,
        Assessment.owner_person_id == owner.person_id,
    )
    view = Permission.ASSESSMENT_VIEW
    assert len(session.scalars(of_elsewhere.where(visible_to(owner, Assessment, view, TODAY))).all()) == 1
    assert session.scalars(of_elsewhere.where(visible_to(hr, Assessment, view, TODAY))).all() == []
