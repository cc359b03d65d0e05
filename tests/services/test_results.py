"""Release: scores computed once, gaps written, the same for one as for many; then receipt or refusal."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Gap, Person, Rating
from idp.queries.forms import assessment_form
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, TransitionNotAllowed
from idp.rules.scoring import METHODS, ScoreParameters
from idp.rules.settings import OrganisationRules, ScoringRule, default_scoring
from idp.rules.terms import AssessmentState, EmployeeOpinion, PersonnelType, RaterKind
from idp.services import results
from idp.services.settings import rules_of_cycle
from tests.factories import steps
from tests.factories.sample import Sample, add_colleague, at, make_assessment, make_sample

NOW = at(steps.RELEASE_DAY)


@pytest.mark.parametrize(
    ("method", "score"),
    [
        # expected 3, 3, 2; attained 2, 1, 3; weights 40, 35, 25 %; W = 30
        ("bar", "20.00"),  # (2+1+3)/9 x 30
        ("hybrid", "22.50"),  # 6/8 x 30
        ("rating", "11.40"),  # 2x40%/5x30 + 1x35%/5x30 + 3x25%/5x30 = 4.80 + 2.10 + 4.50
        ("comparison_table", "18.90"),  # points 3, 2, 5: 7.20 + 4.20 + 7.50
    ],
)
def test_the_score_is_that_of_the_frozen_method(session: Session, method: str, score: str) -> None:
    sample = make_sample(session, method=method)
    steps.released(session, sample)
    assert sample.assessment.competency_score == Decimal(score)
    explanation = sample.assessment.score_explanation
    assert explanation is not None
    assert explanation["method"] == method
    assert explanation["total"] == score
    assert explanation["formula"].endswith(f"= {score}")
    assert [item["attained"] for item in explanation["items"]] == [2, 1, 3]
    assert [item["id"] for item in explanation["items"]] == [
        sample.items[code].id for code in ("c1", "c2", "c3")
    ]


OWN = ScoreParameters(
    bar_points=(4, 2, 0), comparison_table={1: (0, 10), 2: (1, 6, 10), 3: (0, 3, 7, 10)}, top_rating=10
)
"""An organisation's own points and table."""


@pytest.mark.parametrize(
    ("method", "score"),
    [
        # expected 3, 3, 2; attained 2, 1, 3; weights 40, 35, 25 %; W = 30
        ("bar", "15.00"),  # (2+0+4)/12 x 30
        ("rating", "5.70"),  # 2x40%/10x30 + 1x35%/10x30 + 3x25%/10x30 = 2.40 + 1.05 + 2.25
        ("comparison_table", "19.05"),  # points 7, 3, 10: 8.40 + 3.15 + 7.50
    ],
)
def test_the_organisations_own_tables_are_frozen_with_the_cycle_and_stand_on_the_form(
    session: Session, method: str, score: str
) -> None:
    rules = OrganisationRules(
        scoring=default_scoring() | {PersonnelType.LOCAL_OFFICER: ScoringRule(parameters=OWN)}
    )
    sample = make_sample(session, rules, method=method)
    steps.released(session, sample)
    assert sample.assessment.competency_score == Decimal(score)
    form = assessment_form(session, sample.assessment.id, date(2026, 1, 5))
    assert form.method_words == METHODS[method].words(OWN).thai
    assert any(line.endswith(f"= {score}") for line in form.score_explanation)


def test_a_cycle_frozen_before_there_were_tables_of_ones_own_has_the_default_ones(session: Session) -> None:
    sample = make_sample(session)
    scoring = sample.cycle.settings["scoring"]
    before = {kind: {k: v for k, v in rule.items() if k != "parameters"} for kind, rule in scoring.items()}
    sample.cycle.settings = {**sample.cycle.settings, "scoring": before}
    session.flush()
    assert rules_of_cycle(sample.cycle) == OrganisationRules()
    steps.released(session, sample)
    assert sample.assessment.competency_score == 20


def test_the_form_shows_every_number_from_the_weight_to_the_band(session: Session) -> None:
    sample = make_sample(session, method="comparison_table")
    steps.second_opinion(session, sample)
    sample.assessment.results_score = Decimal("61.10")
    results.release_assessment(session, sample.cast.malee, sample.assessment.id, NOW)
    form = assessment_form(session, sample.assessment.id, date(2026, 1, 5))
    assert [str(line.weight_points) for line in form.lines] == ["12.00", "10.50", "7.50"]
    assert sum(line.weighted_score or 0 for line in form.lines) == form.competency_score
    names = [line.competency_name for line in form.lines]
    assert form.score_explanation == (
        f"สมรรถนะที่ 1 {names[0]}: 3 × 40% ÷ 5 × 30 = 7.20",
        f"สมรรถนะที่ 2 {names[1]}: 2 × 35% ÷ 5 × 30 = 4.20",
        f"สมรรถนะที่ 3 {names[2]}: 5 × 25% ÷ 5 × 30 = 7.50",
        "คะแนนสมรรถนะ: 7.20 + 4.20 + 7.50 = 18.90",
        "คะแนนรวม = ผลสัมฤทธิ์ของงาน + สมรรถนะ: 61.10 + 18.90 = 80.00",
        "ระดับผลการประเมิน: 80.00 อยู่ในช่วง 80.00 ขึ้นไป แต่ไม่ถึง 90.00 คือ ดีมาก",
    )
    (chosen,) = (each for each in form.bands if each.chosen)
    assert (chosen.label, chosen.range_text) == ("ดีมาก", "80.00 ขึ้นไป แต่ไม่ถึง 90.00")


def test_the_hybrid_form_says_that_a_surplus_hides_a_gap(session: Session) -> None:
    sample = make_sample(session, method="hybrid")
    steps.released(session, sample)
    form = assessment_form(session, sample.assessment.id, date(2026, 1, 5))
    assert any("ชดเชยช่องว่าง" in line for line in form.score_explanation)
    assert "ยังไม่มีคะแนนผลสัมฤทธิ์ของงาน จึงไม่มีคะแนนรวมและระดับผลการประเมิน" in form.score_explanation


def test_without_a_results_score_there_is_no_total_and_no_band(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    assert (sample.assessment.total_score, sample.assessment.band) == (None, None)
    assert sample.assessment.released_at == NOW


@pytest.mark.parametrize(
    ("results_score", "total", "place"),
    [("70.00", "90.00", 0), ("69.99", "89.99", 1), ("10.00", "30.00", -1)],
)
def test_the_band_is_that_of_the_printed_total(
    session: Session, sample: Sample, results_score: str, total: str, place: int
) -> None:
    steps.second_opinion(session, sample)
    sample.assessment.results_score = Decimal(results_score)
    results.release_assessment(session, sample.cast.malee, sample.assessment.id, NOW)
    assert sample.assessment.total_score == Decimal(total)
    bands = OrganisationRules().scoring[sample.assessment.personnel_type].bands  # highest first
    assert sample.assessment.band == bands[place][0]


def test_gaps_are_expected_minus_attained_strengths_included(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    gaps = {
        gap.item_id: (gap.expected_level, int(gap.attained_level), int(gap.gap))
        for gap in session.scalars(select(Gap))
    }
    assert gaps == {
        sample.items["c1"].id: (3, 2, 1),
        sample.items["c2"].id: (3, 1, 2),
        sample.items["c3"].id: (2, 3, -1),
    }


def test_a_released_result_is_never_computed_again(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    score, explanation = sample.assessment.competency_score, sample.assessment.score_explanation
    for rating in session.scalars(select(Rating).where(Rating.rater_kind == RaterKind.SUPERVISOR)):
        rating.attained_level = Decimal(0)
    sample.cycle.settings = {**sample.cycle.settings, "pass_rule": "all"}
    session.flush()
    for ask in (
        lambda: results.release_assessment(session, sample.cast.malee, sample.assessment.id, NOW),
        lambda: results.release_many(
            session, sample.cast.malee, sample.cycle.id, [sample.assessment.id], NOW
        ),
    ):
        with pytest.raises(TransitionNotAllowed):
            ask()
    assert sample.assessment.competency_score == score
    assert sample.assessment.score_explanation == explanation
    assert session.get_one(Gap, sample.items["c1"].id).attained_level == 2


def crowd(session: Session, sample: Sample, numbers: range) -> list[int]:
    """More people whose ratings wait for release, written as rows: level 1 in everything."""
    suda, prasit = (
        session.get_one(Person, each.person_id) for each in (sample.cast.suda, sample.cast.prasit)
    )
    ids = []
    for number in numbers:
        assessment = make_assessment(
            session,
            sample.cycle,
            add_colleague(session, sample, str(number)),
            sample.unit,
            sample.dictionary,
            supervisor=suda,
            second_level=prasit,
            state=AssessmentState.SECOND_OPINION,
        )
        session.add_all(
            Rating(
                item_id=item.id,
                rater_kind=RaterKind.SUPERVISOR,
                attained_level=Decimal(1),
                stated_level=1,
                evidence="",
                updated_at=NOW,
            )
            for item in assessment.items
        )
        ids.append(assessment.id)
    session.flush()
    return ids


def test_many_are_released_with_as_many_reading_statements_as_two(session: Session, sample: Sample) -> None:
    crowds = [crowd(session, sample, numbers) for numbers in (range(2), range(2, 14))]
    counts = []
    for ids in crowds:
        reads: list[str] = []
        connection = session.connection()

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement.startswith("SELECT"):
                reads.append(statement)  # noqa: B023

        event.listen(connection, "before_cursor_execute", note)
        assert results.release_many(session, sample.cast.malee, sample.cycle.id, ids, NOW) == len(ids)
        event.remove(connection, "before_cursor_execute", note)
        counts.append(len(reads))
    assert counts[1] <= counts[0]
    chosen = select(Assessment).where(Assessment.id.in_(crowds[0] + crowds[1]))
    released = session.scalars(chosen).all()
    assert {each.state for each in released} == {AssessmentState.RELEASED}
    assert {each.competency_score for each in released} == {Decimal("13.33")}  # (1+1+2)/9 x 30
    gaps = session.scalars(select(Gap.gap)).all()
    assert sorted(gaps) == sorted([2, 2, 1] * len(released))


def test_many_are_released_all_or_none_and_only_of_the_cycle_named(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    cast, cycle = sample.cast, sample.cycle
    with pytest.raises(NotVisible):
        results.release_many(session, cast.malee, cycle.id, [sample.assessment.id, 99_999], NOW)
    with pytest.raises(NotVisible):
        results.release_many(session, cast.olan, cycle.id, [sample.assessment.id], NOW)
    for actor in (cast.somchai, cast.suda, cast.prasit, cast.anong):
        with pytest.raises((NotPermitted, NotVisible)):
            results.release_many(session, actor, cycle.id, [sample.assessment.id], NOW)
    assert sample.assessment.state is AssessmentState.SECOND_OPINION


def test_to_disagree_takes_reasons(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    number, now = sample.assessment.id, at(steps.RECEIPT_DAY)
    with pytest.raises(InvalidInput) as refusal:
        results.receive(session, sample.cast.somchai, number, now, EmployeeOpinion.DISAGREES, "  ")
    assert refusal.value.field == "employee_opinion_text"
    results.receive(session, sample.cast.somchai, number, now, EmployeeOpinion.DISAGREES, "ประเมินต่ำไป")
    assert sample.assessment.acknowledged_at == now
    assert sample.assessment.employee_opinion_text == "ประเมินต่ำไป"


@pytest.mark.parametrize(
    "day", [steps.RELEASE_DAY - timedelta(days=1), steps.RECEIPT_DAY + timedelta(days=1)]
)
def test_a_refusal_lies_between_the_release_and_today(session: Session, sample: Sample, day: date) -> None:
    steps.released(session, sample)
    with pytest.raises(InvalidInput) as refusal:
        results.record_refusal(
            session, sample.cast.suda, sample.assessment.id, at(steps.RECEIPT_DAY), day, "นายพยาน", "นิติกร"
        )
    assert refusal.value.field == "refused_on"
