"""Two people at once: the second is told, and nothing of theirs is written.

On PostgreSQL alone: on SQLite the second transaction begins only when the first has ended.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, DevelopmentPlan, HistoryEntry, PlanItem, Suggestion
from idp.models.engine import make_engine
from idp.rules.errors import InvalidInput, StaleVersion
from idp.rules.terms import AssessmentState, PlanState, RaterKind
from idp.services import assessments, plans, ratings
from idp.services.cycles import create_cycle
from idp.services.plan_items import accept_suggestion
from idp.services.ratings import RatingEntry
from tests.factories import steps
from tests.factories.sample import at, make_sample


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(postgres_url)
    yield engine
    engine.dispose()


def test_the_second_review_of_one_plan_is_refused(engine: Engine) -> None:
    with Session(engine, expire_on_commit=False) as first, Session(engine) as second:
        sample = make_sample(first)
        number = steps.submitted(first, sample).id
        first.commit()
        now = at(steps.REVIEW_DAY)
        read_before = second.get_one(DevelopmentPlan, number)
        assert read_before.state is PlanState.SUBMITTED
        plans.return_plan(first, sample.cast.suda, number, "เพิ่มตัวชี้วัด", now)
        first.commit()
        with pytest.raises(StaleVersion):
            plans.approve_plan(second, sample.cast.suda, number, now)
        second.rollback()
        assert second.scalar(select(func.count()).where(HistoryEntry.event == "approve")) == 0


def test_an_employee_does_not_write_into_a_rating_that_has_begun(engine: Engine) -> None:
    with Session(engine, expire_on_commit=False) as first, Session(engine) as second:
        sample = make_sample(first)
        steps.self_assessing(first, sample)
        first.commit()
        number, item = sample.assessment.id, sample.items["c1"].id
        read_before = second.get_one(Assessment, number)
        assert read_before.state is AssessmentState.SELF_ASSESSING
        assessments.start_rating(first, sample.cast.suda, number, at(steps.SECOND_DAY))
        first.commit()
        with pytest.raises(StaleVersion):
            form = {item: RatingEntry(stated_level=1)}
            ratings.save_ratings(
                second, sample.cast.somchai, number, RaterKind.SELF, form, at(steps.SECOND_DAY)
            )
        second.rollback()
        assert second.scalar(select(func.count()).where(HistoryEntry.event == "save_ratings")) == 0


def test_one_form_for_a_new_cycle_sent_twice_at_once_makes_one_cycle(engine: Engine) -> None:
    with Session(engine, expire_on_commit=False) as first, Session(engine) as second:
        sample = make_sample(first)
        first.commit()

        def create(session: Session) -> Cycle:
            return create_cycle(
                session,
                sample.cast.malee,
                code="twice",
                name_th="รอบ",
                fiscal_year=2575,
                now=at(steps.SELF_DAY),
            )

        create(first)
        with ThreadPoolExecutor(1) as other:
            waiting = other.submit(create, second)
            _wait_until_blocked(engine)
            first.commit()
            with pytest.raises(InvalidInput) as refused:
                waiting.result()
        assert (refused.value.field, refused.value.code) == ("code", "taken")
        second.rollback()
        assert second.scalar(select(func.count()).where(Cycle.code == "twice")) == 1


def test_a_first_draft_sent_from_two_tabs_at_once_is_kept_once(engine: Engine) -> None:
    with Session(engine, expire_on_commit=False) as first, Session(engine) as second:
        sample = make_sample(first)
        steps.self_assessing(first, sample)
        first.commit()
        number, item = sample.assessment.id, sample.items["c1"].id

        def draft(session: Session) -> Assessment:
            form = {item: RatingEntry(stated_level=1)}
            now = at(steps.SELF_DAY)
            return ratings.save_ratings(session, sample.cast.somchai, number, RaterKind.SELF, form, now)

        draft(first)
        with ThreadPoolExecutor(1) as other:
            waiting = other.submit(draft, second)
            _wait_until_blocked(engine)
            first.commit()
            with pytest.raises(StaleVersion):
                waiting.result()


def test_a_suggestion_accepted_in_two_tabs_at_once_is_one_line(engine: Engine) -> None:
    with Session(engine, expire_on_commit=False) as first, Session(engine) as second:
        sample = make_sample(first)
        steps.received(first, sample)
        now = at(steps.PLAN_DAY)
        plan_id = plans.draft_plan(first, sample.cast.somchai, sample.assessment.id, now).id
        suggestion_id = first.scalars(select(Suggestion.id)).first()
        assert suggestion_id is not None
        first.commit()

        def accept(session: Session) -> PlanItem:
            return accept_suggestion(session, sample.cast.somchai, plan_id, suggestion_id, now)

        accept(first)
        with ThreadPoolExecutor(1) as other:
            waiting = other.submit(accept, second)
            _wait_until_blocked(engine)
            first.commit()
            with pytest.raises(StaleVersion):
                waiting.result()
        second.rollback()
        assert second.scalar(select(func.count()).select_from(PlanItem)) == 1


def _wait_until_blocked(engine: Engine) -> None:
    """Until some transaction of this database waits for another."""
    with engine.connect() as connection:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()"
        )
        while not connection.scalar(waiting):
            connection.rollback()
