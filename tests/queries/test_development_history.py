"""A person's development over the years, for themself and for those who may read the single records."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from idp.models import CrosswalkLink, Evidence, Person, PlanItem
from idp.queries.carry_over import carry_over_panel
from idp.queries.development_history import history_of_employee, own_history
from idp.queries.development_history_lines import CompetencyHistory, DevelopmentHistory
from idp.rules.terms import (
    AssessmentState,
    CrosswalkRelation,
    EvidenceKind,
    PlanItemState,
    PlanState,
)
from tests.factories import steps
from tests.factories.dictionary import make_dictionary
from tests.factories.fixtures import sample, session, shared_engine
from tests.factories.sample import Sample
from tests.services.carry_over_cast import NEXT_DAY, evaluated, lines, next_result, transferred

__all__ = ["sample", "session", "shared_engine"]


def own(session: Session, sample: Sample) -> DevelopmentHistory:
    return own_history(session, sample.cast.somchai, NEXT_DAY)


def named(found: DevelopmentHistory, competency_id: int) -> CompetencyHistory:
    return next(each for each in found.competencies if each.competency_id == competency_id)


def test_levels_and_lines_of_every_year_stand_under_their_competency(
    session: Session, sample: Sample
) -> None:
    plan = evaluated(session, sample)
    session.add(
        Evidence(
            plan_item_id=lines(plan)["c1"].id,
            kind=EvidenceKind.LINK,
            title="ภาพถ่าย",
            url="https://example.org/1",
            by_person_id=sample.cast.somchai.person_id,
            at=datetime(2026, 3, 1, tzinfo=UTC),
        )
    )
    next_result(session, sample, sample.dictionary)
    found = own(session, sample)
    c1 = named(found, sample.items["c1"].competency_id)
    assert [(each.fiscal_year, each.level, each.aligned) for each in c1.levels] == [
        (2569, 2, 2),
        (2570, 2, 2),
    ]
    [line] = c1.lines
    assert (line.state, line.hours_done, line.evidence, line.is_evaluated) == (
        PlanItemState.CARRIED_OVER,
        4,
        1,
        True,
    )
    assert line.result_reason == "งานประจำมาก"
    assert [each.title for each in found.free_lines] == ["ดูแลรถยนต์ส่วนกลาง"]
    [now, then] = found.years
    assert (now.fiscal_year, now.lines, now.hours_done) == (2570, (), None)
    assert (then.fiscal_year, len(then.lines), then.achieved, then.evidence) == (2569, 3, 1, 1)
    assert then.hours_done == 4


@pytest.mark.parametrize(
    ("relation", "levels", "aligned"),
    [
        (CrosswalkRelation.EQUIVALENT, {"1": 2, "2": 3, "3": 4}, 3),
        (CrosswalkRelation.EQUIVALENT, {"1": 1, "2": None, "3": 3}, None),
        (CrosswalkRelation.BROADER, {"1": None}, None),
    ],
)
def test_another_dictionary_is_aligned_with_that_of_the_latest_year_or_assessed_anew(
    session: Session,
    sample: Sample,
    relation: CrosswalkRelation,
    levels: dict[str, int | None],
    aligned: int | None,
) -> None:
    evaluated(session, sample)
    newer = make_dictionary(session, "other-core")
    session.add(
        CrosswalkLink(
            from_framework="sample-core",
            from_competency="c1",
            to_framework="other-core",
            to_competency="c3",
            relation=relation,
            note_en="",
            level_map=levels,
        )
    )
    next_result(session, sample, newer)
    found = own(session, sample)
    under = named(found, newer.competencies["c3"].id)
    then, now = under.levels
    assert (then.level, then.aligned, then.is_of_before) == (2, aligned, True)
    assert (now.aligned, now.is_of_before) == (3, False)
    assert [line.competency_name_th for line in under.lines] == ["การมุ่งผลสัมฤทธิ์"]
    assert under.name_th == "บริการที่ดี" and under.top == 6


def test_what_has_no_counterpart_stands_by_itself(session: Session, sample: Sample) -> None:
    evaluated(session, sample)
    newer = make_dictionary(session, "other-core")
    next_result(session, sample, newer)
    found = own(session, sample)
    ids = [each.competency_id for each in found.competencies]
    assert ids[:3] == [each.id for each in newer.competencies.values()]  # the latest year first
    assert set(ids[3:]) == {item.competency_id for item in sample.items.values()}


def test_nothing_unreleased_and_no_plan_that_was_never_agreed(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    assert own(session, sample).years == ()


def test_a_plan_that_is_only_drafted_is_no_history_yet(session: Session, sample: Sample) -> None:
    steps.submitted(session, sample)
    found = own(session, sample)
    assert found.lines == () and len(found.levels) == 3


def test_a_cancelled_plan_and_a_dropped_line_are_missing(session: Session, sample: Sample) -> None:
    plan = steps.approved(session, sample)
    plan.items[0].state = PlanItemState.CANCELLED
    session.flush()
    assert len(own(session, sample).lines) == len(plan.items) - 1
    record = plan
    record.state = PlanState.CANCELLED
    session.flush()
    assert own(session, sample).lines == ()


def test_who_was_transferred_reads_both_organisations_and_nobody_else_does(
    session: Session, sample: Sample
) -> None:
    evaluated(session, sample)
    somchai, result = transferred(session, sample, sample.dictionary)
    found = own_history(session, somchai, NEXT_DAY)
    assert [year.organisation_name_th for year in found.years] == [
        sample.other_organisation.name_th,
        sample.organisation.name_th,
    ]
    olan = sample.cast.olan  # the personnel office there, and his supervisor
    there = history_of_employee(session, olan, result.employee_id, NEXT_DAY)
    assert {level.fiscal_year for level in there.levels} == {2570} and there.lines == ()
    before = sample.employees["somchai"].id
    assert history_of_employee(session, olan, before, NEXT_DAY).years == ()
    malee = history_of_employee(session, sample.cast.malee, before, NEXT_DAY)
    assert {level.fiscal_year for level in malee.levels} == {2569} and len(malee.lines) == 3
    assert history_of_employee(session, sample.cast.malee, result.employee_id, NEXT_DAY).years == ()


def test_while_they_serve_in_both_each_organisation_shows_its_own(session: Session, sample: Sample) -> None:
    evaluated(session, sample)
    somchai, _result = transferred(session, sample, sample.dictionary)
    sample.employees["somchai"].left_on = None
    session.flush()
    assert {year.organisation_id for year in own_history(session, somchai, NEXT_DAY).years} == {
        sample.other_organisation.id
    }
    assert {year.organisation_id for year in own(session, sample).years} == {sample.organisation.id}


def test_a_supervisor_reads_the_years_in_which_the_record_is_theirs(session: Session, sample: Sample) -> None:
    evaluated(session, sample)
    result = next_result(session, sample, sample.dictionary)
    employee = sample.employees["somchai"].id
    suda = history_of_employee(session, sample.cast.suda, employee, NEXT_DAY)
    assert {level.fiscal_year for level in suda.levels} == {2569, 2570}
    anong = session.get_one(Person, sample.cast.anong.person_id)
    result.supervisor_person_id = anong.id
    session.flush()
    new = history_of_employee(session, sample.cast.anong, employee, NEXT_DAY)
    assert {level.fiscal_year for level in new.levels} == {2570} and new.lines == ()
    former = history_of_employee(session, sample.cast.suda, employee, NEXT_DAY)
    assert {level.fiscal_year for level in former.levels} == {2569}


def test_the_outsider_reads_nothing(session: Session, sample: Sample) -> None:
    evaluated(session, sample)
    next_result(session, sample, sample.dictionary)
    for actor in sample.cast.outsiders:
        assert history_of_employee(session, actor, sample.employees["somchai"].id, NEXT_DAY).years == ()


def test_the_level_that_holds_counts_and_what_was_not_rated_is_missing(
    session: Session, sample: Sample
) -> None:
    result = next_result(session, sample, sample.dictionary, levels={"c1": 4})
    assert result.state is AssessmentState.RELEASED
    found = own(session, sample)
    assert [(each.level, each.expected) for each in found.levels] == [(Decimal(4), 3)]


def test_the_number_of_statements_is_the_same_for_one_line_and_for_many(
    session: Session, sample: Sample
) -> None:
    plan = evaluated(session, sample)
    result = next_result(session, sample, sample.dictionary)
    few = _statements(session, sample, result.id)
    first = lines(plan)["c1"]
    for place in range(40):
        of = list(sample.items.values())[place % 3].competency_id
        session.add(
            PlanItem(
                plan=plan,
                sort_order=10 + place,
                competency_id=of,
                method=first.method,
                title=f"รายการที่ {place}",
                state=PlanItemState.NOT_ACHIEVED,
                target_level=3,
            )
        )
    session.flush()
    assert _statements(session, sample, result.id) == few


def _statements(session: Session, sample: Sample, assessment_id: int) -> tuple[int, int]:
    """Of one's own history, and of the lines proposed for the plan of the assessment."""
    counts = []
    for ask in (
        lambda: own_history(session, sample.cast.somchai, NEXT_DAY),
        lambda: carry_over_panel(session, sample.cast.somchai, assessment_id, NEXT_DAY),
    ):
        session.expire_all()
        session.info.clear()  # ladders are kept in the session
        asked: list[object] = []

        def one_more(*given: object, asked: list[object] = asked) -> None:
            asked.append(given[2])

        bind = session.get_bind()
        event.listen(bind, "before_cursor_execute", one_more)
        try:
            ask()
        finally:
            event.remove(bind, "before_cursor_execute", one_more)
        counts.append(len(asked))
    return counts[0], counts[1]
