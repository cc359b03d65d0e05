"""Two people, or two clicks, at the very same moment: one of them was first, the other is told, and
nothing is done twice.

On PostgreSQL alone: on SQLite the second transaction begins only when the first has ended.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    Cycle,
    Delegation,
    Extension,
    HistoryEntry,
    Objection,
    ResultCorrection,
    RoleGrant,
    StaffChange,
    UserAccount,
)
from idp.models.engine import make_engine
from idp.rules.delegations import DelegationKind, DelegationScope
from idp.rules.errors import InvalidInput, RuleViolation, StaleVersion
from idp.rules.staff_changes import ChangeKind
from idp.rules.terms import AssessmentState, CycleState, PhaseKind, RaterKind, Role
from idp.services import assessments, closing, exemptions, extensions, objections, plans, reopenings, results
from idp.services.delegations import OrderFields, create_delegation
from idp.services.objection_decisions import Decision, dismiss_objection, uphold_objection
from idp.services.plan_amendments import amend_plan
from idp.services.plan_progress import begin_plan_evaluation, start_plan
from idp.services.ratings import save_ratings
from tests.factories import steps
from tests.factories.sample import Sample, at, make_sample
from tests.services.change_cast import enter, fields

Act = Callable[[Session], Any]


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture
def prepared(engine: Engine) -> Iterator[tuple[Session, Sample]]:
    with Session(engine, expire_on_commit=False) as session:
        yield session, make_sample(session)


def race(engine: Engine, first: Session, one: Act, other: Act) -> Any:
    """Both at once: `one` has written and not committed when `other` begins. Returns what the other got: its
    refusal, or None."""
    one(first)
    with Session(engine) as second, ThreadPoolExecutor(1) as pool:

        def go() -> None:
            other(second)
            second.commit()

        waiting = pool.submit(go)
        _wait_until_blocked(engine, waiting)
        first.commit()
        error = waiting.exception()
    if error is not None and not isinstance(error, RuleViolation):
        raise error
    return error


def _wait_until_blocked(engine: Engine, other: Future[None]) -> None:
    with engine.connect() as connection:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()"
        )
        while not connection.scalar(waiting) and not other.done():
            connection.rollback()


def events(session: Session, *names: str) -> list[str]:
    session.rollback()
    rows = session.scalars(
        select(HistoryEntry.event).where(HistoryEntry.event.in_(names)).order_by(HistoryEntry.id)
    )
    return list(rows)


def test_approved_and_returned(engine: Engine, prepared: tuple[Session, Sample]) -> None:
    first, sample = prepared
    number = steps.submitted(first, sample).id
    first.commit()
    now = at(steps.REVIEW_DAY)
    refusal = race(
        engine,
        first,
        lambda session: plans.approve_plan(session, sample.cast.suda, number, now),
        lambda session: plans.return_plan(session, sample.cast.suda, number, "แก้", now),
    )
    assert isinstance(refusal, StaleVersion)
    assert "return" not in events(first, "return", "approve", "pass_to_second_level")


def test_released_and_opened_again(engine: Engine, prepared: tuple[Session, Sample]) -> None:
    first, sample = prepared
    steps.second_opinion(first, sample)
    first.commit()
    number, now = sample.assessment.id, at(steps.RELEASE_DAY)
    refusal = race(
        engine,
        first,
        lambda session: results.release_assessment(session, sample.cast.malee, number, now),
        lambda session: reopenings.reopen_rating(
            session, sample.cast.malee, number, steps.RELEASE_DAY + timedelta(days=3), "เหตุ", now
        ),
    )
    assert isinstance(refusal, StaleVersion)
    assert events(first, "release", "reopen_rating") == ["release"]
    assert first.scalar(select(func.count()).select_from(Extension)) == 0


@pytest.mark.parametrize("closes_first", [True, False])
def test_an_objection_and_the_closing_of_the_cycle(
    engine: Engine, prepared: tuple[Session, Sample], closes_first: bool
) -> None:
    first, sample = prepared
    steps.received(first, sample)
    first.commit()
    number, cycle_id, now = sample.assessment.id, sample.cycle.id, at(steps.PLAN_DAY)
    acts: list[Act] = [
        lambda session: closing.begin_closing(session, sample.cast.malee, cycle_id, now),
        lambda session: objections.lodge_objection(session, sample.cast.somchai, number, "เหตุ", now),
    ]
    if not closes_first:
        acts.reverse()
    assert race(engine, first, *acts) is not None
    assert len(events(first, "begin_closing", "lodge_objection")) == 1


@pytest.mark.parametrize("closes_first", [True, False])
def test_a_return_from_exemption_and_the_closing_of_the_cycle(
    engine: Engine, prepared: tuple[Session, Sample], closes_first: bool
) -> None:
    first, sample = prepared
    exemptions.exempt(first, sample.cast.malee, sample.assessment.id, "ลา", at(steps.SELF_DAY))
    first.commit()
    number, cycle_id, now = sample.assessment.id, sample.cycle.id, at(steps.PLAN_DAY)
    acts: list[Act] = [
        lambda session: closing.begin_closing(session, sample.cast.malee, cycle_id, now),
        lambda session: exemptions.reinstate(session, sample.cast.malee, number, "กลับ", now),
    ]
    if not closes_first:
        acts.reverse()
    assert race(engine, first, *acts) is not None
    assert len(events(first, "begin_closing", "reinstate")) == 1


@pytest.mark.parametrize("rates_first", [True, False])
def test_a_rating_handed_in_and_the_record_handed_over(
    engine: Engine, prepared: tuple[Session, Sample], rates_first: bool
) -> None:
    first, sample = prepared
    steps.rating(first, sample)
    now, rated = at(steps.RATING_DAY), steps.entries(sample, steps.SUPERVISOR_LEVELS)
    save_ratings(first, sample.cast.suda, sample.assessment.id, RaterKind.SUPERVISOR, rated, now)
    first.commit()
    number = sample.assessment.id
    acts: list[Act] = [
        lambda session: assessments.submit_rating(session, sample.cast.suda, number, at(steps.RATING_DAY)),
        lambda session: enter(session, sample, fields()),
    ]
    if not rates_first:
        acts.reverse()
    refusal = race(engine, first, *acts)
    assert refusal is not None
    first.expire_all()
    handed_over = first.scalar(select(func.count()).select_from(StaffChange))
    is_rated = first.get_one(Assessment, number).state is not AssessmentState.RATING
    assert (bool(handed_over), is_rated) == (not rates_first, rates_first)


@pytest.mark.parametrize("opens_first", [True, False])
def test_a_change_entered_and_a_cycle_that_begins_to_open(
    engine: Engine, prepared: tuple[Session, Sample], opens_first: bool
) -> None:
    first, sample = prepared
    first.commit()

    def begin(session: Session) -> None:
        session.execute(update(Cycle).where(Cycle.id == sample.cycle.id).values(state=CycleState.OPENING))

    acts: list[Act] = [begin, lambda session: enter(session, sample, fields())]
    if not opens_first:
        acts.reverse()
    refusal = race(engine, first, *acts)
    entered = first.scalar(select(func.count()).select_from(StaffChange))
    if opens_first:
        assert isinstance(refusal, InvalidInput) and refusal.code == "cycle_is_moving" and entered == 0
    else:
        assert refusal is None and entered == 1


def test_two_officers_who_leave_at_once_leave_one(engine: Engine, prepared: tuple[Session, Sample]) -> None:
    first, sample = prepared
    day = date(2025, 1, 1)
    for name in ("malee", "anong"):
        person_id = getattr(sample.cast, name).person_id
        first.add(UserAccount(person_id=person_id, login=name, password_hash="", password_changed_at=at(day)))
    first.add(
        RoleGrant(
            organisation_id=sample.organisation.id,
            person_id=sample.cast.anong.person_id,
            role=Role.HR_OFFICER,
            from_on=day,
        )
    )
    first.commit()
    typed = fields(ChangeKind.RESIGNATION)
    refusal = race(
        engine,
        first,
        lambda session: enter(session, sample, typed, who="malee"),
        lambda session: enter(session, sample, typed, who="anong", actor=sample.cast.anong),
    )
    assert isinstance(refusal, InvalidInput) and refusal.code == "last_officer"
    assert first.scalar(select(func.count()).select_from(StaffChange)) == 1


def test_the_same_order_entered_twice(engine: Engine, prepared: tuple[Session, Sample]) -> None:
    first, sample = prepared
    first.commit()
    day = steps.SELF_DAY
    typed = OrderFields(
        "0002",
        "0005",
        "1/2569",
        DelegationKind.PERFORMING,
        DelegationScope.EVERYTHING,
        None,
        day,
        day + timedelta(days=30),
    )

    def act(session: Session) -> None:
        create_delegation(session, sample.cast.malee, typed, at(day))

    refusal = race(engine, first, act, act)
    assert isinstance(refusal, InvalidInput) and refusal.code == "another_order"
    assert first.scalar(select(func.count()).select_from(Delegation)) == 1


@pytest.mark.parametrize("grants_first", [True, False])
def test_a_request_granted_and_withdrawn(
    engine: Engine, prepared: tuple[Session, Sample], grants_first: bool
) -> None:
    first, sample = prepared
    now = at(steps.SELF_DAY)
    until_on = steps.SELF_DAY + timedelta(days=40)
    asked = extensions.ask_for_time(
        first,
        sample.cast.somchai,
        sample.assessment.id,
        PhaseKind.SELF_ASSESSMENT,
        until_on,
        "ป่วย",
        now,
    )
    first.commit()
    number = asked.id
    acts: list[Act] = [
        lambda session: extensions.grant_request(session, sample.cast.malee, number, now),
        lambda session: extensions.withdraw_request(session, sample.cast.somchai, number, now),
    ]
    if not grants_first:
        acts.reverse()
    assert isinstance(race(engine, first, *acts), StaleVersion)
    assert len(set(events(first, "grant_extension", "withdraw_extension"))) == 1


def test_more_time_given_by_two_officers(engine: Engine, prepared: tuple[Session, Sample]) -> None:
    first, sample = prepared
    first.commit()
    now, until_on = at(steps.SELF_DAY), steps.SELF_DAY + timedelta(days=40)

    def act(session: Session) -> None:
        extensions.grant_time(
            session,
            sample.cast.malee,
            sample.assessment.id,
            PhaseKind.SELF_ASSESSMENT,
            until_on,
            "ป่วย",
            now,
        )

    assert race(engine, first, act, act) is not None
    assert first.scalar(select(func.count()).select_from(Extension)) == 1


def test_an_objection_decided_both_ways(engine: Engine, prepared: tuple[Session, Sample]) -> None:
    first, sample = prepared
    steps.received(first, sample)
    now = at(steps.PLAN_DAY)
    number = objections.lodge_objection(first, sample.cast.somchai, sample.assessment.id, "เหตุ", now).id
    first.commit()
    decision = Decision("1/2569", steps.PLAN_DAY, "เห็นว่า")
    refusal = race(
        engine,
        first,
        lambda session: dismiss_objection(session, sample.cast.malee, number, decision, now),
        lambda session: uphold_objection(session, sample.cast.malee, number, decision, {}, Decimal(61), now),
    )
    assert isinstance(refusal, StaleVersion)
    assert first.scalar(select(func.count()).select_from(ResultCorrection)) == 0


def test_an_objection_decided_and_taken_back(engine: Engine, prepared: tuple[Session, Sample]) -> None:
    first, sample = prepared
    steps.received(first, sample)
    now = at(steps.PLAN_DAY)
    number = objections.lodge_objection(first, sample.cast.somchai, sample.assessment.id, "เหตุ", now).id
    first.commit()
    decision = Decision("1/2569", steps.PLAN_DAY, "เห็นว่า")
    refusal = race(
        engine,
        first,
        lambda session: objections.withdraw_objection(session, sample.cast.somchai, number, now),
        lambda session: dismiss_objection(session, sample.cast.malee, number, decision, now),
    )
    assert isinstance(refusal, StaleVersion)
    assert first.get_one(Objection, number).state == "withdrawn"


def test_a_plan_amended_while_its_evaluation_begins(engine: Engine, prepared: tuple[Session, Sample]) -> None:
    first, sample = prepared
    number = steps.approved(first, sample).id
    start_plan(first, sample.cast.somchai, number, at(steps.PROGRESS_DAY))
    first.commit()
    now = at(steps.EVALUATION_DAY)
    refusal = race(
        engine,
        first,
        lambda session: begin_plan_evaluation(session, sample.cast.somchai, number, "สะท้อน", now),
        lambda session: amend_plan(session, sample.cast.somchai, number, "แก้", now),
    )
    assert isinstance(refusal, StaleVersion)
