"""Random deeds by random people at random times, on both databases in step: nothing leaves the tables.

Whatever is tried, in whatever order: a state changes only along a row of its table and by a relation of that
row; the history says how each state came about, loses nothing and keeps its chain; nobody sees what the
permission table does not give; and both databases answer alike.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan, HistoryEntry, Person
from idp.models.engine import make_engine
from idp.queries.assessments import assessment_page
from idp.queries.relations import standing_on_record
from idp.queries.visibility import visible_to
from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW, RELEASED_STATES
from idp.rules.audit_chain import BEGINNING
from idp.rules.calendar import local_day
from idp.rules.errors import NotVisible, RuleViolation
from idp.rules.permissions import allowed
from idp.rules.plan_workflow import PLAN_WORKFLOW
from idp.rules.relations import Actor
from idp.rules.terms import Permission, PlanState, Relation, SubjectType
from idp.rules.workflow import Transition, Workflow
from tests.conftest import migrate
from tests.factories.sample import at, make_sample
from tests.properties.deeds import DAYS, DEEDS, HOLDERS, USUAL, Draw, World, plain

CAST = ("somchai", "suda", "prasit", "malee", "anong", "olan")
WORKFLOWS: dict[SubjectType, Workflow[Any, Any]] = {
    SubjectType.ASSESSMENT: ASSESSMENT_WORKFLOW,
    SubjectType.PLAN: PLAN_WORKFLOW,
}
YEARS = int(os.environ.get("IDP_TEST_YEARS", "8"))
"""How many years are tried: a few with the other tests, hundreds by `IDP_TEST_YEARS=300 pytest
tests/properties`."""

FULL = "เหตุการณ์ที่แสดง"
DRAWS = st.builds(
    Draw,
    text=st.sampled_from(("", " ", "เหตุผลที่ระบุ", "ก" * 5_001)),
    number=st.integers(0, 4),
    complete=st.booleans(),
    fresh=st.booleans(),
)
States = dict[SubjectType, str | None]


@dataclass(frozen=True)
class Line:
    """One history entry without the numbers that differ from database to database."""

    subject_type: str
    event: str
    from_state: str | None
    to_state: str | None
    actor: str
    on_behalf_of: str
    reason: str
    sequence: int


class RandomYear(RuleBasedStateMachine):
    """One year of Somchai's records, on each of the two databases."""

    engines: tuple[Engine, ...]

    @initialize(pushes=st.integers(0, 13), number=st.integers(0, 4))
    def begin(self, pushes: int, number: int) -> None:
        """The year is as far as chance has it."""
        self.stack = ExitStack()
        self.worlds = [self._world(engine) for engine in self.engines]
        self.lines: list[list[Line]] = [[], []]
        self.day = DAYS[0]
        for _ in range(pushes):
            self._go_on(number, far=pushes > 9)

    def _world(self, engine: Engine) -> World:
        connection = self.stack.enter_context(engine.connect())
        transaction = connection.begin()
        self.stack.callback(transaction.rollback)
        session = self.stack.enter_context(Session(connection, join_transaction_mode="create_savepoint"))
        sample = make_sample(session)
        session.commit()
        return World(session, sample)

    @rule(day=st.sampled_from(DAYS))
    def let_time_pass(self, day: date) -> None:
        self.day = max(self.day, day)

    @rule(deed=st.sampled_from(sorted(DEEDS)), who=st.sampled_from(CAST), draw=DRAWS)
    def try_anything(self, deed: str, who: str, draw: Draw) -> None:
        self._try(deed, who, draw)

    @rule(number=st.integers(1, 4), far=st.booleans())
    def go_on_as_usual(self, number: int, far: bool) -> None:
        self._go_on(number, far=far)

    @rule(choice=st.integers(0, 99), of_plan=st.booleans(), number=st.integers(0, 4))
    def take_a_row(self, choice: int, of_plan: bool, number: int) -> None:
        """A step that the table offers from here, by somebody who may take it."""
        plan_state = self._plan_state()
        if of_plan and plan_state is not None:
            rows = [(f"plan:{row.event}", row) for row in rows_from(PLAN_WORKFLOW, plan_state)]
        else:
            state = self.worlds[0].assessment.state
            rows = [(str(row.event), row) for row in rows_from(ASSESSMENT_WORKFLOW, state)]
        offered = [
            (deed, HOLDERS[relation])
            for deed, row in rows
            for relation in sorted(row.by & HOLDERS.keys())
            if deed in DEEDS
        ]
        if offered:
            deed, who = offered[choice % len(offered)]
            self._try(deed, who, Draw(FULL, number, complete=True, fresh=True))

    def _go_on(self, number: int, *, far: bool) -> None:
        """The usual next step, so that every state is come by."""
        plan_state = self._plan_state()
        self.day = max(self.day, DAYS[2] if far and plan_state is not None else DAYS[1])
        state = plan_state if plan_state not in (None, PlanState.DRAFT) else self.worlds[0].assessment.state
        for deed, who in USUAL.get(str(state), ()):
            self._try(deed, who, Draw(FULL, number, complete=True, fresh=True))

    def _plan_state(self) -> PlanState | None:
        plan = self.worlds[0].plan
        return plan.state if plan else None

    def _try(self, deed: str, who: str, draw: Draw) -> None:
        now = at(self.day)
        outcomes = [attempt(world, deed, who, draw, now) for world in self.worlds]
        assert outcomes[0] == outcomes[1], (deed, who, outcomes)

    @invariant()
    def everything_holds(self) -> None:
        if not hasattr(self, "worlds"):
            return
        told = [history(world) for world in self.worlds]
        assert told[0] == told[1], "the two databases tell different stories"
        for place, world in enumerate(self.worlds):
            assert told[place][: len(self.lines[place])] == self.lines[place], "something was lost"
            self.lines[place] = told[place]
            chain_holds(world)
            states_are_told(world, told[place])
            nobody_sees_too_much(world, at(self.day))

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()


def rows_from(workflow: Workflow[Any, Any], state: Any) -> list[Transition[Any, Any]]:
    return [row for row in workflow.transitions if row.source is state]


def attempt(world: World, deed: str, who: str, draw: Draw, now: datetime) -> tuple[str, ...]:
    """What came of it; a refusal is rolled back, as the entry points do."""
    actor: Actor = getattr(world.sample.cast, who)
    told, before = len(entries(world)), states(world)
    relations = relations_to(world, actor, now)
    try:
        DEEDS[deed](world, actor, now, draw)
        world.session.commit()
    except RuleViolation as refusal:
        world.session.rollback()
        assert states(world) == before
        return plain(refusal)
    for entry in entries(world)[told:]:
        follows_the_table(entry, relations.get(entry.subject_type, frozenset()), f"{deed} by {who}")
    return ("done",)


def follows_the_table(entry: HistoryEntry, relations: frozenset[Relation], deed: str) -> None:
    """A step that the history tells is a row of its table, taken by somebody of that row; a step without an
    actor is the system's own."""
    workflow = WORKFLOWS.get(entry.subject_type)
    if workflow is None or entry.from_state is None or entry.from_state == entry.to_state:
        return  # another kind of record, its beginning, or a change of its content alone
    rows = [
        row
        for row in workflow.transitions
        if (row.source, row.event, row.target) == (entry.from_state, entry.event, entry.to_state)
    ]
    assert rows, f"{deed}: {entry.from_state} -{entry.event}-> {entry.to_state} is in no row"
    held = relations if entry.actor_person_id is not None else frozenset({Relation.SYSTEM})
    assert rows[0].by & held, f"{deed}: {entry.event} is not theirs"


def states(world: World) -> States:
    world.session.expire_all()
    plan = world.plan
    return {
        SubjectType.ASSESSMENT: world.assessment.state.value,
        SubjectType.PLAN: plan.state.value if plan else None,
    }


def relations_to(world: World, actor: Actor, now: datetime) -> dict[SubjectType, frozenset[Relation]]:
    day, plan = local_day(now), world.plan
    assessed = standing_on_record(world.session, actor, world.assessment, day).relations
    planned = standing_on_record(world.session, actor, plan, day).relations if plan else frozenset()
    return {SubjectType.ASSESSMENT: assessed, SubjectType.PLAN: planned}


def entries(world: World) -> list[HistoryEntry]:
    return list(world.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id)))


def history(world: World) -> list[Line]:
    names = {person.id: person.first_name for person in world.session.scalars(select(Person))}
    return [
        Line(
            entry.subject_type,
            entry.event,
            entry.from_state,
            entry.to_state,
            names.get(entry.actor_person_id or 0, ""),
            names.get(entry.on_behalf_of_person_id or 0, ""),
            entry.reason,
            entry.sequence,
        )
        for entry in entries(world)
    ]


def chain_holds(world: World) -> None:
    """Each entry names the hash of the one before it on its record, without a hole."""
    ends: dict[tuple[str, int], tuple[int, str]] = {}
    for entry in entries(world):
        key = (entry.subject_type.value, entry.subject_id)
        assert (entry.sequence - 1, entry.previous_hash) == ends.get(key, (0, BEGINNING))
        ends[key] = (entry.sequence, entry.hash)


def states_are_told(world: World, lines: list[Line]) -> None:
    """Each change of a state begins where the one before ended, and the last one ends at the present."""
    now = states(world)
    for kind in WORKFLOWS:
        told = [line for line in lines if line.subject_type == kind and line.to_state is not None]
        for earlier, later in pairwise(told):
            assert later.from_state == earlier.to_state, (earlier, later)
        if told:
            assert told[-1].to_state == now[kind]


def nobody_sees_too_much(world: World, now: datetime) -> None:
    day = local_day(now)
    for who in CAST:
        listed_as_granted(world, getattr(world.sample.cast, who), day)
    page = assessment_page(world.session, world.sample.cast.somchai, world.assessment.id, day)
    assert page.shows_result is (world.assessment.state in RELEASED_STATES)
    if not page.shows_result:
        assert page.header.total_score is None
    for outsider in world.sample.cast.outsiders:
        if standing_on_record(world.session, outsider, world.assessment, day).relations:
            continue  # an order lets Anong act for Suda this week
        with pytest.raises(NotVisible):
            assessment_page(world.session, outsider, world.assessment.id, day)


def listed_as_granted(world: World, actor: Actor, day: date) -> None:
    """The lists hold what the permission table gives on each record, and nothing else."""
    session, assessment, plan = world.session, world.assessment, world.plan
    results = select(Assessment.id).where(visible_to(actor, Assessment, Permission.RESULT_VIEW, day))
    relations = standing_on_record(session, actor, assessment, day).relations
    shown = assessment.id in set(session.scalars(results))
    assert shown is allowed(Permission.RESULT_VIEW, relations, assessment.state)
    if plan is not None:
        plans = select(DevelopmentPlan.id).where(
            visible_to(actor, DevelopmentPlan, Permission.PLAN_VIEW, day)
        )
        relations = standing_on_record(session, actor, plan, day).relations
        assert (plan.id in set(session.scalars(plans))) is allowed(
            Permission.PLAN_VIEW, relations, plan.state
        )


@pytest.fixture(scope="module")
def engines(
    sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory, postgres_server: Any
) -> Iterator[tuple[Engine, ...]]:
    path = tmp_path_factory.mktemp("years") / "years.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    made = (make_engine(f"sqlite:///{path}"), make_engine(postgres_server.migrated(migrate)))
    yield made
    for engine in made:
        engine.dispose()


def test_every_event_of_the_tables_is_among_the_deeds() -> None:
    """But the closing, which is of a whole cycle, and what one deed does on the way of another."""
    on_the_way = {"close", "plan:pass_to_second_level", "plan:pass_to_hr"}
    events = {str(row.event) for row in ASSESSMENT_WORKFLOW.transitions}
    events |= {f"plan:{row.event}" for row in PLAN_WORKFLOW.transitions}
    lapses = {event for event in events if "lapse" in event}
    assert events - on_the_way - lapses <= DEEDS.keys()


def test_whatever_is_tried_nothing_leaves_the_tables(engines: tuple[Engine, ...]) -> None:
    machine: Any = type("RandomYearOnBoth", (RandomYear,), {"engines": engines})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=YEARS,
            stateful_step_count=12,
            deadline=None,
            derandomize="IDP_TEST_YEARS" not in os.environ,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
