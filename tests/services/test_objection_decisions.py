"""The decision on an objection, and the correction that a successful one leaves beside the old result."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Notice, ResultCorrection, RoleGrant
from idp.queries.corrections import current_levels, holding
from idp.queries.gaps import suggestions_for
from idp.queries.objections import objection_page
from idp.rules.errors import (
    InvalidInput,
    NotPermitted,
    NotVisible,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.objections import ObjectionState
from idp.rules.terms import Role
from idp.services import plan_items, plans
from idp.services.objection_decisions import (
    CorrectedLevel,
    Decision,
    dismiss_objection,
    uphold_objection,
)
from tests.factories.sample import Sample, at
from tests.services.test_objections import A_DAY, lodged
from tests.services.test_results import crowd

DECISION = Decision("ที่ 5/2569", A_DAY + timedelta(days=20), "เห็นว่ามีเหตุตามที่ร้อง")
DECIDED_AT = at(A_DAY + timedelta(days=20))

Decide = Callable[[Session, Any, int, int | None], Any]


def dismiss(session: Session, actor: Any, number: int, version: int | None) -> Any:
    return dismiss_objection(session, actor, number, DECISION, DECIDED_AT, version)


def uphold(session: Session, actor: Any, number: int, version: int | None) -> Any:
    return uphold_objection(session, actor, number, DECISION, {}, Decimal("61.5"), DECIDED_AT, version)


@pytest.mark.parametrize("decide", [dismiss, uphold], ids=["dismiss", "uphold"])
def test_hr_alone_decides_once_and_of_the_version_that_they_read(
    session: Session, sample: Sample, decide: Decide
) -> None:
    objection = lodged(session, sample)
    for name in ("somchai", "suda", "prasit"):
        with pytest.raises(NotPermitted):
            decide(session, getattr(sample.cast, name), objection.id, None)
    for outsider in sample.cast.outsiders:
        with pytest.raises(NotVisible):
            decide(session, outsider, objection.id, None)
    with pytest.raises(StaleVersion):
        decide(session, sample.cast.malee, objection.id, objection.version - 1)
    decide(session, sample.cast.malee, objection.id, objection.version)
    with pytest.raises(TransitionNotAllowed):
        decide(session, sample.cast.malee, objection.id, None)
    assert objection.decision_number == "ที่ 5/2569"
    told = session.scalars(select(Notice.recipient_person_id).where(Notice.event == "objection:decide")).all()
    assert set(told) == {getattr(sample.cast, name).person_id for name in ("somchai", "suda", "prasit")}


def test_hr_never_decides_on_their_own_result(session: Session, sample: Sample) -> None:
    objection = lodged(session, sample)
    assert sample.cast.malee.person_id is not None
    sample.assessment.owner_person_id = sample.cast.malee.person_id
    session.flush()
    with pytest.raises(NotPermitted):
        dismiss(session, sample.cast.malee, objection.id, None)
    with pytest.raises(NotPermitted):
        uphold(session, sample.cast.malee, objection.id, None)


def make_officer(session: Session, sample: Sample, name: str) -> None:
    session.add(
        RoleGrant(
            organisation_id=sample.organisation.id,
            person_id=getattr(sample.cast, name).person_id,
            role=Role.HR_OFFICER,
            from_on=date(2025, 1, 1),
        )
    )
    session.flush()


@pytest.mark.parametrize("name", ["suda", "prasit"])
@pytest.mark.parametrize("decide", [dismiss, uphold], ids=["dismiss", "uphold"])
def test_an_officer_does_not_decide_an_objection_against_their_own_judgement(
    session: Session, sample: Sample, decide: Decide, name: str
) -> None:
    objection = lodged(session, sample)
    make_officer(session, sample, name)
    actor = getattr(sample.cast, name)
    with pytest.raises(NotPermitted):
        decide(session, actor, objection.id, None)
    page = objection_page(session, actor, objection.id, DECISION.decided_on)
    assert page.is_for_another_officer and not page.may_decide
    sample.assessment.supervisor_person_id = sample.assessment.second_level_person_id = None
    session.flush()
    with pytest.raises(NotPermitted):  # what they handed in stays theirs when somebody else stands there
        decide(session, actor, objection.id, None)
    decide(session, sample.cast.malee, objection.id, None)


def test_a_decision_needs_its_number_its_text_and_a_day_between(session: Session, sample: Sample) -> None:
    objection = lodged(session, sample)
    for day, code in ((date(2027, 1, 1), "in_the_future"), (A_DAY - timedelta(days=1), "before_objection")):
        with pytest.raises(InvalidInput) as refusal:
            dismiss_objection(session, sample.cast.malee, objection.id, Decision(" ", day, ""), DECIDED_AT)
        problems = [(each.field, each.code) for each in refusal.value.problems]  # type: ignore[attr-defined]
        assert problems == [
            ("decision_number", "missing"),
            ("decision_text", "missing"),
            ("decided_on", code),
        ]
        session.refresh(objection)


def test_a_successful_one_adds_a_corrected_result_and_leaves_the_old_one(
    session: Session, sample: Sample
) -> None:
    objection = lodged(session, sample)
    assessment = sample.assessment
    old = (
        assessment.competency_score,
        assessment.total_score,
        assessment.band,
        assessment.score_explanation,
    )
    c2 = sample.items["c2"].id
    correction = uphold_objection(
        session,
        sample.cast.malee,
        objection.id,
        DECISION,
        {c2: CorrectedLevel(3, "มีหลักฐานการแสดงพฤติกรรมครบ")},
        Decimal("60.00"),
        DECIDED_AT,
    )
    # Points of the released levels 2, 1, 3 against 3, 3, 2: 2 + 1 + 3 of 9; corrected 2 + 3 + 3 of 9.
    assert old[0] == Decimal("20.00")
    assert correction.competency_score == Decimal("26.67")
    assert correction.total_score == Decimal("86.67") and correction.band == "very_good"
    assert correction.levels == {str(c2): {"from": "1", "to": 3, "reason": "มีหลักฐานการแสดงพฤติกรรมครบ"}}
    session.refresh(assessment)
    assert old == (
        assessment.competency_score,
        assessment.total_score,
        assessment.band,
        assessment.score_explanation,
    )
    assert objection.state is ObjectionState.UPHELD
    (other,) = crowd(session, sample, range(1))
    shown = session.execute(
        select(Assessment.id, holding(Assessment.total_score, ResultCorrection.total_score))
    ).all()
    assert dict(shown) == {assessment.id: Decimal("86.67"), other: None}


def test_suggestions_and_lines_of_the_plan_go_by_the_corrected_levels(
    session: Session, sample: Sample
) -> None:
    objection = lodged(session, sample)
    c1, c2 = sample.items["c1"].id, sample.items["c2"].id
    assert {gap.item_id for gap in suggestions_for(session, sample.assessment.id)} == {c1, c2}
    uphold_objection(
        session,
        sample.cast.malee,
        objection.id,
        DECISION,
        {c1: CorrectedLevel(3, "ครบ"), c2: CorrectedLevel(0, "ไม่ปรากฏพฤติกรรม")},
        None,
        DECIDED_AT,
    )
    (gap,) = suggestions_for(session, sample.assessment.id)
    assert (gap.item_id, gap.attained, gap.gap) == (c2, Decimal(0), Decimal(3))
    assert current_levels(session, sample.assessment.id)[c1] == 3
    plan = plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, DECIDED_AT)
    item = plan_items.accept_suggestion(session, sample.cast.somchai, plan.id, gap.cards[0].id, DECIDED_AT)
    assert item.from_level == 0


def test_a_correction_is_of_levels_on_the_ladder_each_with_a_reason_and_something_changes(
    session: Session, sample: Sample
) -> None:
    objection = lodged(session, sample)
    c1, c2, malee = sample.items["c1"].id, sample.items["c2"].id, sample.cast.malee

    def refused(levels: dict[int, CorrectedLevel], score: Decimal | None = None) -> list[tuple[str, str]]:
        with session.begin_nested() as point, pytest.raises(InvalidInput) as refusal:
            uphold_objection(session, malee, objection.id, DECISION, levels, score, DECIDED_AT)
        if point.is_active:
            point.rollback()
        session.refresh(objection)
        objection.state = ObjectionState.LODGED
        session.flush()
        return [(each.field, each.code) for each in getattr(refusal.value, "problems", (refusal.value,))]

    assert refused({}) == [("correction", "nothing_corrected")]
    assert refused({c1: CorrectedLevel(2, "ครบ")}) == [(f"item-{c1}-level", "unchanged")]
    assert refused({c2: CorrectedLevel(2, " ")}) == [
        (f"item-{c2}-level", "level_not_on_ladder"),
        (f"item-{c2}-reason", "missing"),
    ]
    assert refused({99_999: CorrectedLevel(1, "ครบ")}) == [("correction", "unknown")]
    assert refused({}, Decimal("70.01")) == [("results_score", "out_of_range")]
    assert refused({}, Decimal("1.001")) == [("results_score", "too_many_places")]
    assert session.scalar(select(ResultCorrection.id)) is None
