"""The hash of a set covers every row of it, and the columns as they stand."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, HistoryEntry
from idp.queries.audit import Tally, verify_history
from idp.queries.history_sets import rows_of_set
from idp.rules.audit_chain import SetEvent
from idp.rules.audit_findings import Trouble
from tests.factories.fixtures import session, shared_engine
from tests.services.cycle_cast import add_town, open_cycle

__all__ = ["session", "shared_engine"]

OPENED = SetEvent.OPEN_ASSESSMENTS


def bounds(session: Session, cycle_id: int) -> tuple[int, int, int]:
    chosen = select(func.min(Assessment.id), func.max(Assessment.id), func.count())
    first, last, count = session.execute(chosen.where(Assessment.cycle_id == cycle_id)).one()
    return first, last, count


def test_there_is_a_row_for_each_assessment_and_each_competency(session: Session) -> None:
    cycle = open_cycle(add_town(session, staff=6))
    first, last, count = bounds(session, cycle.id)
    rows = [tuple(row) for row in rows_of_set(session, OPENED, cycle.id, first, last)]
    kept = session.scalars(
        select(Assessment).where(Assessment.cycle_id == cycle.id).order_by(Assessment.id)
    ).all()
    assert len(kept) == count == 6
    assert [(row[0], row[3], row[4], row[6], row[13]) for row in rows[:6]] == [
        (each.id, each.employee_number, "local_officer", each.first_name, int(each.competency_part * 100))
        for each in kept
    ]
    items = session.scalars(
        select(AssessmentItem)
        .join(Assessment)
        .where(Assessment.cycle_id == cycle.id)
        .order_by(AssessmentItem.assessment_id, AssessmentItem.competency_id)
    )
    assert rows[6:] == [
        (each.assessment_id, each.competency_id, each.sort_order, each.expected_level, weight)
        for each in items
        for weight in [int(each.weight_percent * 100)]
    ]


def test_a_change_of_any_of_them_is_found_also_of_the_first_and_the_last(session: Session) -> None:
    cycle = open_cycle(add_town(session, staff=6))
    first, last, _count = bounds(session, cycle.id)
    chosen = select(func.min(AssessmentItem.id), func.max(AssessmentItem.id)).join(Assessment)
    items = session.execute(chosen.where(Assessment.cycle_id == cycle.id)).one()
    for table, ids in ((Assessment, (first, last)), (AssessmentItem, tuple(items))):
        column = "first_name" if table is Assessment else "expected_level"
        for number in ids:
            before = session.scalar(select(getattr(table, column)).where(table.id == number))
            for value in (9 if column == "expected_level" else "ใครอื่น", before):
                session.execute(update(table).where(table.id == number).values({column: value}))
                session.expire_all()
                found = [each.trouble for each in verify_history(session, Tally(), ledger=[])]
                assert found == ([] if value == before else [Trouble.SET_CHANGED])
    assert session.scalar(select(func.count()).select_from(HistoryEntry)) != 0
