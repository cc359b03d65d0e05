"""Plans of those whom a person rates or has above them: whose they are, and those that wait to be read."""

from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from idp.models import Delegation, DevelopmentPlan, Employee, PlanItem
from idp.queries.plan_reading import reading_list
from idp.queries.team_plans import plans_to_read, team_plans, years_of_team
from idp.rules.delegations import DelegationScope
from idp.rules.plan_differences import DifferenceKind
from idp.rules.relations import Actor
from idp.rules.terms import (
    DevelopmentMethod,
    MethodGroup,
    PlanItemState,
    PlanState,
    Relation,
)
from idp.services import plan_amendments, plan_items, plans
from idp.services.plan_fields import PlanItemFields
from tests.factories import steps
from tests.factories.fixtures import sample, session, shared_engine
from tests.factories.sample import Sample, at
from tests.services.bulk_cast import add_plan

__all__ = ["sample", "session", "shared_engine"]

DAY, YEAR = steps.REVIEW_DAY, 2569


def ids(session: Session, actor: Actor, day: date = DAY) -> list[int]:
    return [plan.id for plan in team_plans(session, actor, day, YEAR)]


def order(session: Session, sample: Sample, scope: DelegationScope = DelegationScope.EVERYTHING) -> None:
    """Anong acts for Suda on the day."""
    session.add(
        Delegation(
            organisation_id=sample.organisation.id,
            from_person_id=sample.cast.suda.person_id,
            to_person_id=sample.cast.anong.person_id,
            order_number="1/2568",
            scope=scope,
            from_on=DAY,
            until_on=DAY,
        )
    )
    session.flush()


def test_those_above_see_the_plan_and_nobody_else_has_it_in_a_team(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    [of_suda] = team_plans(session, sample.cast.suda, DAY, YEAR)
    assert (of_suda.id, of_suda.relation, of_suda.on_behalf_of) == (plan.id, Relation.SUPERVISOR, None)
    [of_prasit] = team_plans(session, sample.cast.prasit, DAY, YEAR)
    assert of_prasit.relation is Relation.SECOND_LEVEL
    for name in ("somchai", "malee", "anong", "olan"):
        assert ids(session, getattr(sample.cast, name)) == [], name
    elsewhere = Actor(sample.cast.suda.person_id, sample.other_organisation.id)
    assert ids(session, elsewhere) == [] and years_of_team(session, elsewhere, DAY) == []
    assert years_of_team(session, sample.cast.suda, DAY) == [YEAR]


def test_what_a_plan_comes_to(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    [found] = team_plans(session, sample.cast.suda, DAY, YEAR)
    assert (found.name, len(found.lines), found.version) == ("นายสมชาย ใจดี", 2, plan.version)
    assert found.hours == sum(item.hours for item in plan.items) == sum(found.hours_by_group.values())
    assert found.baht == sum(item.cost_baht for item in plan.items)
    assert {name for name, _english in found.competencies} == {"การมุ่งผลสัมฤทธิ์", "การทำงานเป็นทีม"}
    plan.items[0].state = PlanItemState.CANCELLED
    session.flush()
    [struck] = team_plans(session, sample.cast.suda, DAY, YEAR)
    assert len(struck.lines) == 1 and struck.hours_by_group[MethodGroup.EXPERIENCE] == struck.hours


def test_an_order_shows_the_plans_of_whom_one_represents_while_it_lasts(
    session: Session, sample: Sample
) -> None:
    steps.submitted(session, sample)
    order(session, sample)
    [found] = team_plans(session, sample.cast.anong, DAY, YEAR)
    assert (found.relation, found.on_behalf_of) == (Relation.SUPERVISOR, sample.cast.suda.person_id)
    assert ids(session, sample.cast.anong, date(2025, 12, 2)) == []


def test_an_order_about_assessments_alone_shows_no_plan(session: Session, sample: Sample) -> None:
    steps.submitted(session, sample)
    order(session, sample, DelegationScope.ASSESSMENTS)
    assert ids(session, sample.cast.anong) == []


def test_who_has_left_the_organisation_has_no_team_there(session: Session, sample: Sample) -> None:
    steps.submitted(session, sample)
    session.get_one(Employee, sample.employees["suda"].id).left_on = date(2025, 11, 30)
    session.flush()
    assert ids(session, sample.cast.suda) == []


def test_a_plan_still_written_or_never_handed_in_is_its_owners_alone(
    session: Session, sample: Sample
) -> None:
    plan = steps.drafted(session, sample)
    assert ids(session, sample.cast.suda) == []
    plan.state = PlanState.CANCELLED
    session.flush()
    assert ids(session, sample.cast.suda) == []


def test_one_state_can_be_asked_for(session: Session, sample: Sample) -> None:
    submitted, approved = (add_plan(session, sample, 1), add_plan(session, sample, 2, PlanState.APPROVED))
    suda = sample.cast.suda
    assert ids(session, suda) == [submitted.id, approved.id]
    assert [each.id for each in team_plans(session, suda, DAY, YEAR, PlanState.APPROVED)] == [approved.id]
    assert team_plans(session, suda, DAY, YEAR - 1) == ()


def test_what_waits_for_each_to_read(session: Session, sample: Sample) -> None:
    suda, prasit = sample.cast.suda, sample.cast.prasit
    first, second = add_plan(session, sample, 1), add_plan(session, sample, 2, PlanState.SECOND_LEVEL_CHECK)
    add_plan(session, sample, 3, PlanState.APPROVED)
    for actor, plan in ((suda, first), (prasit, second)):
        found, count = plans_to_read(session, actor, DAY, 0, 10)
        assert ([each.id for each in found], count) == ([plan.id], 1)
    for actor in (sample.cast.somchai, sample.cast.malee, *sample.cast.outsiders):
        assert plans_to_read(session, actor, DAY, 0, 10) == ((), 0)


def test_the_reading_list_comes_in_parts(session: Session, sample: Sample) -> None:
    made = [add_plan(session, sample, number).id for number in range(1, 6)]
    parts = [plans_to_read(session, sample.cast.suda, DAY, start, 2) for start in (0, 2, 4, 6)]
    assert [[each.id for each in found] for found, _count in parts] == [made[:2], made[2:4], made[4:], []]
    assert {count for _found, count in parts} == {5}


def test_every_line_is_read_in_full(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    [found], count = reading_list(session, sample.cast.suda, DAY, 0, 10)
    assert count == 1 and found.employee_note == "ขอความเห็นชอบ" and found.differences == ()
    assert [line["title"] for line in found.lines] == [item.title for item in plan.items]
    assert all(line["measure"] and line["competency"] and line["indicators"] for line in found.lines)


def test_an_amendment_is_read_with_what_it_changes_and_why(session: Session, sample: Sample) -> None:
    plan = steps.approved(session, sample)
    somchai, now = sample.cast.somchai, at(steps.PROGRESS_DAY)
    plan_amendments.amend_plan(session, somchai, plan.id, "งบประมาณถูกปรับลด", now)
    fields = PlanItemFields(
        "อบรมเพิ่ม",
        DevelopmentMethod.TRAINING,
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 4, 2),
        measure="ทดสอบ",
    )
    plan_items.add_item(session, somchai, plan.id, fields, now)
    removed = plan.items[0].id
    plan_items.remove_item(session, somchai, removed, now)
    plans.submit_plan(session, somchai, plan.id, now)
    [found], _count = reading_list(session, sample.cast.suda, steps.PROGRESS_DAY, 0, 10)
    assert found.reason == "งบประมาณถูกปรับลด" and found.approved_at is not None
    kinds = {each.kind for each in found.differences}
    assert kinds == {DifferenceKind.ADDED, DifferenceKind.REMOVED}
    assert removed not in {line["id"] for line in found.lines}


@pytest.mark.parametrize("listed", ["side by side", "to read"])
def test_more_people_and_lines_take_no_more_statements(session: Session, sample: Sample, listed: str) -> None:
    def read() -> int:
        session.expire_all()
        statements = []
        engine = session.get_bind()

        def note(*given: object) -> None:
            statements.append(given[2])

        event.listen(engine, "before_cursor_execute", note)
        try:
            if listed == "to read":
                reading_list(session, sample.cast.suda, DAY, 0, 10)
            else:
                team_plans(session, sample.cast.suda, DAY, YEAR)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    add_plan(session, sample, 1)
    few = read()
    for number in range(2, 8):
        plan: DevelopmentPlan = add_plan(session, sample, number)
        plan.items += [
            PlanItem(title=f"อบรม {each}", method=DevelopmentMethod.TRAINING, sort_order=each)
            for each in (2, 3)
        ]
    session.flush()
    assert read() == few
