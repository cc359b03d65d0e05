"""What helped, counted from the plans of 2568 and the results of 2569: Somchai's colleagues were expected
3, 3, 2 and had gaps in c1 and c2."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from idp.models import Cycle, DevelopmentAction, DevelopmentEffect, DevelopmentPlan, Employee, PlanItem
from idp.queries.development_actions import published_actions
from idp.queries.effects import effects_of, effects_page
from idp.rules.effects import Helped
from idp.rules.settings import OrganisationRules
from idp.rules.terms import (
    AssessmentState,
    CrosswalkRelation,
    DevelopmentMethod,
    EffectOf,
    PlanItemState,
    PlanState,
    VersionState,
)
from idp.services.effects import recount_effects, recount_everywhere
from idp.services.objection_decisions import CorrectedLevel, Decision, uphold_objection
from tests.factories import steps
from tests.factories.dictionary import Dictionary, make_dictionary
from tests.factories.rounds import earlier_cycle, released_result
from tests.factories.sample import Sample, add_colleague, at, make_cycle
from tests.queries.test_previous_levels import link
from tests.services.test_objections import A_DAY, lodged
from tests.services.test_suggestions import proposed

NOW = at(date(2026, 11, 20))
THEN = {"c1": 2, "c2": 1, "c3": 2}
TRAINING = DevelopmentMethod.TRAINING


@dataclass
class Team:
    """People with a released result of 2568 and an evaluated plan of it."""

    session: Session
    sample: Sample
    then: Cycle
    people: list[Employee]

    def line(self, person: Employee, code: str = "c1", target: int | None = 3, **columns: object) -> PlanItem:
        """A line of the person's plan; carried out unless `columns` say otherwise."""
        plan = self.session.scalars(
            select(DevelopmentPlan).where(DevelopmentPlan.employee_id == person.id)
        ).one()
        fields = {"method": TRAINING, "title": "อบรม", "state": PlanItemState.ACHIEVED} | columns
        item = PlanItem(
            plan_id=plan.id,
            sort_order=1,
            competency_id=self.sample.dictionary.competencies[code].id,
            target_level=target,
            **fields,
        )
        self.session.add(item)
        self.session.flush()
        return item

    def plan_of(self, person: Employee) -> DevelopmentPlan:
        return self.session.scalars(
            select(DevelopmentPlan).where(DevelopmentPlan.employee_id == person.id)
        ).one()

    def next_result(
        self, person: Employee, levels: Mapping[str, int], cycle: Cycle | None = None, **columns: object
    ) -> None:
        wanted = cycle or self.sample.cycle
        released_result(self.session, self.sample, wanted, levels, person, **columns)  # type: ignore[arg-type]

    def count(self) -> dict[tuple[EffectOf, str], Helped]:
        recount_effects(self.session, self.sample.organisation.id, NOW)
        return kept(self.session, self.sample)


def kept(session: Session, sample: Sample) -> dict[tuple[EffectOf, str], Helped]:
    """All that was counted, small groups too."""
    rows = session.scalars(
        select(DevelopmentEffect)
        .where(DevelopmentEffect.organisation_id == sample.organisation.id)
        .execution_options(populate_existing=True)
    )
    return {(row.effect_of, row.key): Helped(row.helped, row.tried) for row in rows}


BY_TRAINING = (EffectOf.METHOD, TRAINING.value)


@pytest.fixture
def team(session: Session, sample: Sample) -> Team:
    """Six people."""
    then = earlier_cycle(session, sample)
    people = [add_colleague(session, sample, str(number)) for number in range(1, 7)]
    for person in people:
        add_plan(session, sample, then, person)
    return Team(session, sample, then, people)


def add_plan(session: Session, sample: Sample, cycle: Cycle, person: Employee) -> DevelopmentPlan:
    before = released_result(session, sample, cycle, THEN, person)
    plan = DevelopmentPlan(
        organisation_id=cycle.organisation_id,
        employee_id=person.id,
        owner_person_id=person.person_id,
        fiscal_year=cycle.fiscal_year,
        assessment_id=before.id,
        state=PlanState.EVALUATED,
    )
    session.add(plan)
    session.flush()
    return plan


def test_those_helped_are_counted_of_those_who_carried_it_out(team: Team) -> None:
    action = team.sample.dictionary.actions["c1", 3][0]
    for place, person in enumerate(team.people):
        team.line(person, action_id=action.id)
        team.next_result(person, {"c1": 3 if place < 4 else 2})
    assert team.count() == {(EffectOf.ACTION, action.key): Helped(4, 6), BY_TRAINING: Helped(4, 6)}


@pytest.mark.parametrize(
    ("state", "counts"),
    [(state, state in (PlanItemState.ACHIEVED, PlanItemState.NEARLY_ACHIEVED)) for state in PlanItemState],
)
def test_only_what_was_carried_out_counts(team: Team, state: PlanItemState, counts: bool) -> None:
    person = team.people[0]
    team.line(person, state=state)
    team.next_result(person, {"c1": 3})
    assert team.count() == ({BY_TRAINING: Helped(1, 1)} if counts else {})


def test_a_plan_that_is_not_evaluated_says_nothing(team: Team) -> None:
    person = team.people[0]
    team.line(person)
    team.next_result(person, {"c1": 3})
    team.session.get_one(DevelopmentPlan, team.plan_of(person).id).state = PlanState.IN_EVALUATION
    assert team.count() == {}


def test_a_line_without_a_gap_or_without_a_level_aimed_for_says_nothing(team: Team) -> None:
    person = team.people[0]
    team.line(person, "c3", 3)  # expected 2 and attained 2: for another position
    team.line(person, "c1", None)
    team.next_result(person, {"c1": 5, "c2": 5, "c3": 5})
    assert team.count() == {}


def test_who_left_or_is_not_released_or_not_rated_in_it_any_more_is_not_counted(team: Team) -> None:
    gone, waiting, unrated, *_ = team.people
    for person in (gone, waiting, unrated):
        team.line(person)
    team.next_result(waiting, {"c1": 5}, state=AssessmentState.MODERATED)
    team.next_result(unrated, {"c2": 5})
    assert team.count() == {}


def cycle_of(team: Team, year: int, dictionary: Dictionary) -> Cycle:
    cycle = make_cycle(
        team.session, team.sample.organisation, dictionary, OrganisationRules(), code=str(year)
    )
    cycle.fiscal_year = year
    later = timedelta(days=365 * (year - 2569))
    cycle.starts_on, cycle.ends_on = cycle.starts_on + later, cycle.ends_on + later
    team.session.flush()
    return cycle


def test_the_next_result_judges_and_no_later_one(team: Team) -> None:
    first, second, *_ = team.people
    later = cycle_of(team, 2570, team.sample.dictionary)
    for person in (first, second):
        team.line(person)
        team.next_result(person, {"c1": 3}, later)
    team.next_result(first, {"c1": 2})
    # The first had not reached it a year later; the second was away that year.
    assert team.count() == {BY_TRAINING: Helped(1, 2)}


def test_a_later_round_of_the_same_year_is_not_the_next_result(team: Team) -> None:
    person = team.people[0]
    again = cycle_of(team, 2570, team.sample.dictionary)
    again.fiscal_year, again.starts_on = 2568, team.then.starts_on + timedelta(days=180)
    team.line(person)
    team.next_result(person, {"c1": 3}, again)
    assert team.count() == {}


def test_the_level_that_holds_after_an_objection_counts(session: Session, sample: Sample, team: Team) -> None:
    objection = lodged(session, sample)  # Somchai attained 2 in c1
    decision = Decision("ที่ 5/2569", A_DAY + timedelta(days=20), "ฟังขึ้น")
    somchai = sample.employees["somchai"]
    add_plan(session, sample, team.then, somchai)
    team.line(somchai)
    assert team.count() == {BY_TRAINING: Helped(0, 1)}
    changed = {sample.items["c1"].id: CorrectedLevel(4, "มีเหตุการณ์รองรับ")}
    uphold_objection(session, sample.cast.malee, objection.id, decision, changed, None, NOW)
    assert team.count() == {BY_TRAINING: Helped(1, 1)}


@pytest.mark.parametrize("is_same_line", [True, False])
def test_a_new_dictionary_judges_by_what_the_competency_is_there(team: Team, is_same_line: bool) -> None:
    session, sample = team.session, team.sample
    other = make_dictionary(session, "new-core")
    if is_same_line:
        other.version.based_on_version_id = sample.dictionary.version.id
    else:
        link(session, "sample-core/c1", "new-core/c3", CrosswalkRelation.EQUIVALENT, {2: 2, 3: 4})
    session.flush()
    cycle = cycle_of(team, 2570, other)
    here = Sample(**{**vars(sample), "dictionary": other})
    for person, level in zip(team.people, (3, 4, 2), strict=False):
        team.line(person)
        released_result(session, here, cycle, {"c1" if is_same_line else "c3": level}, person)
    # By the crosswalk level 4 of there is level 3 of here, and 3 of there says nothing.
    assert team.count() == {BY_TRAINING: Helped(2, 3) if is_same_line else Helped(1, 2)}


def test_a_related_competency_judges_nothing(team: Team) -> None:
    session, sample = team.session, team.sample
    other = make_dictionary(session, "new-core")
    link(session, "sample-core/c1", "new-core/c1", CrosswalkRelation.RELATED)
    here = Sample(**{**vars(sample), "dictionary": other})
    team.line(team.people[0])
    released_result(session, here, cycle_of(team, 2570, other), {"c1": 5}, team.people[0])
    assert team.count() == {}


def test_versions_of_an_action_count_together(team: Team) -> None:
    first = team.sample.dictionary.actions["c1", 3][0]
    second = DevelopmentAction(
        **{
            column.key: getattr(first, column.key)
            for column in DevelopmentAction.__mapper__.column_attrs
            if column.key not in ("id", "version", "number")
        },
        number=2,
    )
    first.state = VersionState.RETIRED
    team.session.add(second)
    team.session.flush()
    for person, action in zip(team.people, (first, second), strict=False):
        team.line(person, action_id=action.id)
        team.next_result(person, {"c1": 3})
    assert team.count()[EffectOf.ACTION, first.key] == Helped(2, 2)


def test_counting_again_changes_nothing_and_forgets_what_is_no_more(team: Team) -> None:
    person = team.people[0]
    line = team.line(person, action_id=team.sample.dictionary.actions["c1", 3][0].id)
    team.next_result(person, {"c1": 3})
    before = team.count()
    assert len(before) == 2
    assert team.count() == before
    line.action_id = None
    assert team.count() == {BY_TRAINING: Helped(1, 1)}
    team.plan_of(person).state = PlanState.IN_EVALUATION
    assert team.count() == {}


def test_the_statements_do_not_grow_with_the_people(team: Team) -> None:
    def statements(people: Sequence[Employee]) -> int:
        for person in people:
            team.line(person)
            team.next_result(person, {"c1": 3})
        seen: list[str] = []
        connection = team.session.connection()

        def note(*arguments: object) -> None:
            seen.append(str(arguments[2]))

        event.listen(connection, "before_cursor_execute", note)
        team.count()
        event.remove(connection, "before_cursor_execute", note)
        return len(seen)

    assert statements(team.people[:1]) == statements(team.people[1:])


def test_no_organisation_counts_the_people_of_another(team: Team) -> None:
    for person in team.people:
        team.line(person)
        team.next_result(person, {"c1": 3})
    team.count()
    other = team.sample.other_organisation.id
    assert recount_effects(team.session, other, NOW) == 0
    assert effects_of(team.session, team.sample.organisation.id).methods == {TRAINING: Helped(6, 6)}
    assert effects_of(team.session, other).methods == {}


def test_one_late_result_does_not_tell_what_became_of_its_person(team: Team) -> None:
    for person in team.people:
        team.line(person)
    *early, late = team.people
    for person in early:
        team.next_result(person, {"c1": 3})
    assert team.count() == {BY_TRAINING: Helped(5, 5)}
    team.next_result(late, {"c1": 2})
    assert team.count() == {BY_TRAINING: Helped(5, 5)}
    team.plan_of(early[0]).state = team.plan_of(early[1]).state = PlanState.IN_EVALUATION
    assert team.count() == {BY_TRAINING: Helped(3, 4)}


def test_too_few_are_neither_shown_nor_used(team: Team) -> None:
    action = team.sample.dictionary.actions["c1", 3][2]
    for person in team.people[:4]:
        team.line(person, action_id=action.id)
        team.next_result(person, {"c1": 3})
    team.count()
    organisation_id = team.sample.organisation.id
    page = effects_page(team.session, organisation_id)
    assert (page.methods, page.actions, page.hidden_actions) == ((), (), 1)
    competency_id = team.sample.dictionary.competencies["c1"].id
    candidates = published_actions(team.session, [competency_id], organisation_id)[competency_id]
    assert {(each.tried, each.known.share) for each in candidates} == {(0, None)}


def test_what_is_known_stands_with_the_action_and_on_the_page(team: Team) -> None:
    action = team.sample.dictionary.actions["c1", 3][2]
    for place, person in enumerate(team.people):
        team.line(person, action_id=action.id)
        team.next_result(person, {"c1": 3 if place else 2})
    team.count()
    organisation_id = team.sample.organisation.id
    competency_id = team.sample.dictionary.competencies["c1"].id
    candidates = published_actions(team.session, [competency_id], organisation_id)[competency_id]
    (known,) = [each for each in candidates if each.action_id == action.id]
    assert (known.helped, known.tried, known.known.effect_of) == (5, 6, EffectOf.ACTION)
    page = effects_page(team.session, organisation_id)
    assert page.methods == ((TRAINING, Helped(5, 6)),)
    (shown,) = page.actions
    assert (shown.title_th, shown.level, shown.helped) == (action.title_th, 3, Helped(5, 6))
    assert page.reckoned_at is not None


def test_the_worker_counts_every_organisation(team: Team) -> None:
    @contextmanager
    def open_session() -> Iterator[Session]:
        yield team.session

    team.line(team.people[0])
    team.next_result(team.people[0], {"c1": 3})
    assert recount_everywhere(open_session, lambda: NOW) == 2
    assert kept(team.session, team.sample) == {BY_TRAINING: Helped(1, 1)}


def test_what_helped_more_often_is_proposed_first_and_says_so(team: Team) -> None:
    by_project, by_coaching, by_training = team.sample.dictionary.actions["c1", 3][:3]
    for person in team.people:
        team.line(person, action_id=by_training.id)
        team.line(person, "c2", 5, action_id=by_project.id, method=by_project.method)
        team.next_result(person, {"c1": 3, "c2": 3})
    team.count()
    steps.released(team.session, team.sample)
    ranked = proposed(team.session, team.sample, "c1")
    # Each develops one of the indicators not shown; six of six, unknown and so as usual, none of six.
    assert [each.action_id for each in ranked] == [by_training.id, by_coaching.id, by_project.id]
    known = [(each.reason.get("helped"), each.reason.get("tried")) for each in ranked]
    assert known == [(6, 6), (None, None), (0, 6)]
