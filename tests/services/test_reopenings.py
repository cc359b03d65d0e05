"""A step done again for a while: what was handed in is kept, and holds again when nothing new comes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan, Extension, HistoryEntry, Notice, Person, Rating
from idp.rules.errors import (
    InvalidInput,
    NotPermitted,
    NotVisible,
    RequirementNotMet,
    TransitionNotAllowed,
)
from idp.rules.extensions import ExtensionState
from idp.rules.terms import AssessmentState as S
from idp.rules.terms import (
    PhaseKind,
    PlanItemState,
    PlanState,
    RaterKind,
    Requirement,
    SecondOpinion,
    SubjectType,
)
from idp.services import assessments, plan_progress, ratings, reopenings
from idp.services.exemptions import exempt, reinstate
from idp.services.kept_entries import entries_of
from idp.services.lapsing import lapse_reopenings
from tests.factories import steps
from tests.factories.sample import Sample, add_colleague, at, make_assessment, make_sample

SELF, RATING = PhaseKind.SELF_ASSESSMENT, PhaseKind.RATING
TODAY = date(2025, 10, 29)
LAST = date(2025, 11, 5)
REASON = "มีหลักฐานใหม่"
OTHER_LEVELS = {"c1": 1, "c2": 3, "c3": 0}


def reopen(session: Session, sample: Sample, kind: RaterKind, by: str = "malee", **changed: Any) -> Extension:
    act = reopenings.reopen_self if kind is RaterKind.SELF else reopenings.reopen_rating
    values = {"until_on": LAST, "reason": REASON, "now": at(TODAY)} | changed
    return act(session, getattr(sample.cast, by), sample.assessment.id, **values)


def lapse(session: Session, day: date, hour: int = 10) -> int:
    def open_session() -> AbstractContextManager[Session]:
        session.flush()
        return nullcontext(session)

    session.commit()
    count = lapse_reopenings(open_session, lambda: at(day, hour))
    session.expire_all()
    return count


def handed_in(session: Session, sample: Sample, kind: RaterKind) -> dict[str, Any]:
    """All that was handed in, but for the state."""
    session.flush()
    found = entries_of(session, sample.assessment, kind)
    return {name: value for name, value in found.items() if name != "state"}


def type_over(session: Session, sample: Sample, kind: RaterKind) -> None:
    actor = sample.cast.somchai if kind is RaterKind.SELF else sample.cast.suda
    form = steps.entries(sample, {"c1": 1, "c2": 3}, "พิมพ์ทับ")
    ratings.save_ratings(session, actor, sample.assessment.id, kind, form, at(TODAY))


STARTS: list[tuple[RaterKind, Callable[[Session, Sample], Any], S]] = [
    (RaterKind.SELF, steps.self_submitted, S.SELF_SUBMITTED),
    (RaterKind.SELF, steps.rating, S.SELF_SUBMITTED),
    (RaterKind.SUPERVISOR, steps.rated, S.RATED),
    (RaterKind.SUPERVISOR, steps.second_opinion, S.SECOND_OPINION),
]


@pytest.mark.parametrize(("kind", "bring", "holds_again"), STARTS)
def test_a_reopening_that_ran_out_unused_puts_everything_back_and_keeps_what_was_typed(
    session: Session,
    sample: Sample,
    kind: RaterKind,
    bring: Callable[[Session, Sample], Any],
    holds_again: S,
) -> None:
    bring(session, sample)
    before = handed_in(session, sample, kind)
    reopening = reopen(session, sample, kind)
    assert sample.assessment.second_opinion is None
    type_over(session, sample, kind)
    assert lapse(session, LAST) == 0  # the whole last day is theirs
    assert lapse(session, LAST + timedelta(days=1), 0) == 1
    assert sample.assessment.state is holds_again
    assert handed_in(session, sample, kind) == before
    assert reopening.state is ExtensionState.ENDED
    lapsed = select(HistoryEntry).where(HistoryEntry.event.startswith("lapse_")).order_by(HistoryEntry.id)
    line = session.scalars(lapsed).first()
    assert line is not None and line.actor_person_id is None
    typed = [each["evidence"] for each in line.detail["meanwhile"]["ratings"]]
    assert "พิมพ์ทับ" in typed
    assert lapse(session, LAST + timedelta(days=2)) == 0


@pytest.mark.parametrize("kind", list(RaterKind))
def test_handing_in_again_ends_it_and_the_new_entries_hold(
    session: Session, sample: Sample, kind: RaterKind
) -> None:
    steps.rated(session, sample) if kind is RaterKind.SUPERVISOR else steps.self_submitted(session, sample)
    reopening = reopen(session, sample, kind)
    type_over(session, sample, kind)
    new = handed_in(session, sample, kind)["ratings"]
    if kind is RaterKind.SELF:
        assessments.submit_self(session, sample.cast.somchai, sample.assessment.id, at(LAST))
    else:
        assessments.submit_rating(session, sample.cast.suda, sample.assessment.id, at(LAST))
    assert reopening.state is ExtensionState.ENDED and reopening.snapshot["ratings"] != new
    assert lapse(session, LAST + timedelta(days=1)) == 0
    assert handed_in(session, sample, kind)["ratings"] == new


def test_after_its_last_day_nothing_is_handed_in_even_before_the_workers_come(
    session: Session, sample: Sample
) -> None:
    steps.self_submitted(session, sample)
    reopen(session, sample, RaterKind.SELF)
    with pytest.raises(RequirementNotMet) as refused:
        assessments.submit_self(
            session, sample.cast.somchai, sample.assessment.id, at(LAST + timedelta(days=1), 0)
        )
    assert refused.value.missing == (Requirement.IN_TIME,)


def test_a_reopening_already_begun_as_a_rating_without_the_employee_lapses_all_the_same(
    session: Session, sample: Sample
) -> None:
    steps.self_submitted(session, sample)
    before = handed_in(session, sample, RaterKind.SELF)
    reopen(session, sample, RaterKind.SELF)
    type_over(session, sample, RaterKind.SELF)
    after = LAST + timedelta(days=1)
    assessments.start_rating(session, sample.cast.suda, sample.assessment.id, at(after, 0))
    assert lapse(session, after) == 1
    assert sample.assessment.state is S.RATING
    assert handed_in(session, sample, RaterKind.SELF) == before


@pytest.mark.parametrize(
    "bring", [steps.self_assessing, steps.released, steps.received], ids=lambda each: each.__name__
)
def test_what_was_not_handed_in_or_is_released_is_not_reopened(
    session: Session, sample: Sample, bring: Callable[[Session, Sample], Any]
) -> None:
    bring(session, sample)
    for kind in RaterKind:
        with pytest.raises(TransitionNotAllowed):
            reopen(session, sample, kind, now=at(steps.RECEIPT_DAY), until_on=date(2025, 12, 1))


def test_the_office_alone_reopens_and_outsiders_learn_nothing(session: Session, sample: Sample) -> None:
    steps.rated(session, sample)
    for name, refusal in (
        ("somchai", NotPermitted),
        ("suda", NotPermitted),
        ("prasit", NotPermitted),
        ("anong", NotVisible),
        ("olan", NotVisible),
    ):
        with pytest.raises(refusal):
            reopen(session, sample, RaterKind.SUPERVISOR, name)
    assert sample.assessment.state is S.RATED


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"until_on": TODAY - timedelta(days=1)}, "until_on", "before_today"),
        ({"until_on": date(2026, 10, 1)}, "until_on", "after_cycle"),
        ({"reason": "  "}, "reason", "missing"),
    ],
)
def test_a_reopening_needs_a_day_and_a_reason(
    session: Session, sample: Sample, changed: dict[str, Any], field: str, code: str
) -> None:
    steps.rated(session, sample)
    with pytest.raises(InvalidInput) as refused:
        reopen(session, sample, RaterKind.SUPERVISOR, **changed)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert sample.assessment.state is S.RATED


def test_the_employee_hears_nothing_of_a_rating_that_is_reopened(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    known = set(session.scalars(select(Notice.id)))
    reopen(session, sample, RaterKind.SUPERVISOR)
    lapse(session, LAST + timedelta(days=1))
    told = set(session.scalars(select(Notice.recipient_person_id).where(Notice.id.not_in(known))))
    assert told == {sample.cast.suda.person_id, sample.cast.prasit.person_id}


def test_a_second_opinion_is_given_again_on_what_was_rated_anew(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    reopening = reopen(session, sample, RaterKind.SUPERVISOR)
    assert reopening.snapshot["second_opinion"] == SecondOpinion.AGREES.value
    assessments.submit_rating(session, sample.cast.suda, sample.assessment.id, at(LAST))
    assert sample.assessment.state is S.RATED and sample.assessment.second_opinion is None


def test_the_evaluation_of_a_plan_is_reopened_and_lapses(session: Session, sample: Sample) -> None:
    plan = evaluated(session, sample)
    last = steps.EVALUATION_DAY + timedelta(days=4)
    reopenings.reopen_evaluation(session, sample.cast.malee, plan.id, last, REASON, at(steps.EVALUATION_DAY))
    item = plan.items[0]
    plan_progress.evaluate_item(
        session,
        sample.cast.suda,
        item.id,
        PlanItemState.NOT_ACHIEVED,
        10,
        "ขาดงบประมาณ",
        at(steps.EVALUATION_DAY),
    )
    assert lapse(session, last + timedelta(days=4)) == 1
    assert (plan.state, item.state, item.percent) == (PlanState.EVALUATED, PlanItemState.ACHIEVED, 100)
    assert plan.evaluated_at == at(steps.EVALUATION_DAY) and plan.evaluation_comment == "ดี"


def test_an_evaluation_is_not_closed_after_the_last_day_of_its_reopening(
    session: Session, sample: Sample
) -> None:
    plan = evaluated(session, sample)
    last = steps.EVALUATION_DAY + timedelta(days=4)
    now = at(steps.EVALUATION_DAY)
    reopenings.reopen_evaluation(session, sample.cast.malee, plan.id, last, REASON, now)
    working_day = session.query(Extension).one().until_on
    with pytest.raises(RequirementNotMet):
        plan_progress.evaluate_plan(
            session, sample.cast.suda, plan.id, "สาย", at(working_day + timedelta(days=1), 0)
        )


def evaluated(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = steps.in_evaluation(session, sample)
    for item in plan.items:
        plan_progress.evaluate_item(
            session, sample.cast.suda, item.id, PlanItemState.ACHIEVED, 100, "", at(steps.EVALUATION_DAY)
        )
    return plan_progress.evaluate_plan(session, sample.cast.suda, plan.id, "ดี", at(steps.EVALUATION_DAY))


def test_a_unit_is_reopened_person_by_person_and_one_refusal_stops_nobody(
    session: Session, sample: Sample
) -> None:
    steps.self_submitted(session, sample)
    other = make_assessment(
        session,
        sample.cycle,
        add_colleague(session, sample, "7"),
        sample.unit,
        sample.dictionary,
        supervisor=session.get_one(Person, sample.cast.suda.person_id),
        second_level=None,
    )
    found = reopenings.reopen_unit(
        session, sample.cast.malee, sample.cycle.id, sample.unit.id, SELF, LAST, REASON, at(TODAY)
    )
    refusals = {row.assessment_id: row.refusal for row in found}
    assert refusals[sample.assessment.id] is None
    assert isinstance(refusals[other.id], TransitionNotAllowed)
    assert (sample.assessment.state, other.state) == (S.SELF_ASSESSING, S.NOT_STARTED)
    with pytest.raises(NotVisible):
        reopenings.reopen_unit(
            session, sample.cast.olan, sample.cycle.id, sample.unit.id, SELF, LAST, REASON, at(TODAY)
        )
    with pytest.raises(InvalidInput, match="phase"):
        reopenings.reopen_unit(
            session,
            sample.cast.malee,
            sample.cycle.id,
            sample.unit.id,
            PhaseKind.RECEIPT,
            LAST,
            REASON,
            at(TODAY),
        )


def test_two_workers_at_once_end_each_reopening_once(own_engine: Engine) -> None:
    with Session(own_engine, expire_on_commit=False) as session:
        sample = make_sample(session)
        steps.rated(session, sample)
        reopen(session, sample, RaterKind.SUPERVISOR)
        type_over(session, sample, RaterKind.SUPERVISOR)
        session.commit()
        number = sample.assessment.id

    def work(_worker: int) -> int:
        now: datetime = at(LAST + timedelta(days=1))
        return lapse_reopenings(lambda: Session(own_engine), lambda: now)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    with Session(own_engine) as session:
        assert session.get_one(Assessment, number).state is S.RATED
        lines = select(func.count()).where(
            HistoryEntry.event == "lapse_rating", HistoryEntry.subject_type == SubjectType.ASSESSMENT
        )
        assert session.scalar(lines) == 1
        supervisor = select(func.count()).where(Rating.rater_kind == RaterKind.SUPERVISOR)
        assert session.scalar(supervisor) == len(sample.items)


@pytest.mark.parametrize("kind", list(RaterKind))
def test_a_reopening_ends_with_an_exemption_and_puts_nothing_back_after_the_return(
    session: Session, sample: Sample, kind: RaterKind
) -> None:
    bring = steps.self_submitted if kind is RaterKind.SELF else steps.rated
    bring(session, sample)
    reopening = reopen(session, sample, kind)
    type_over(session, sample, kind)
    malee, number = sample.cast.malee, sample.assessment.id
    exempt(session, malee, number, "ลาศึกษาต่อ", at(steps.SECOND_DAY))
    assert reopening.state is ExtensionState.ENDED
    reinstate(session, malee, number, "กลับมาแล้ว", at(steps.SECOND_DAY))
    assert lapse(session, LAST + timedelta(days=1)) == 0
    assert sample.assessment.state is S.NOT_STARTED and sample.assessment.self_submitted_at is None
    evidence = session.scalars(select(Rating.evidence).where(Rating.rater_kind == kind)).all()
    assert "พิมพ์ทับ" in evidence
