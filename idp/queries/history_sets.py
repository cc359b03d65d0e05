"""The rows that the hash of a set covers: what nothing may change once a cycle opened, or closed.

Who rates somebody may change inside a round, and is no part of the set of the opening; each change of it is
an entry of its own.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, SQLColumnExpression, String, select, type_coerce
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, Gap, Rating
from idp.rules.audit_chain import ROWS_AT_ONCE, SetEvent

Rows = Iterator[Sequence[Any]]


def rows_of_set(
    session: Session, event: SetEvent, cycle_id: int, first_id: int, last_id: int, without: Sequence[int] = ()
) -> Rows:
    """The rows of a cycle's assessments from the first id to the last, `without` some: first one row for each
    assessment, then one for each competency; each in the order of ids, streamed."""
    chosen = (Assessment.cycle_id == cycle_id) & Assessment.id.between(first_id, last_id)
    if without:
        chosen &= Assessment.id.not_in(without)
    if event is SetEvent.OPEN_ASSESSMENTS:
        return chain(_bare(session, _opened(chosen)), _bare(session, _expected(chosen)))
    return chain(_streamed(session, _closed(chosen)), _streamed(session, _rated(chosen)))


def _streamed(session: Session, statement: Select[*tuple[Any, ...]]) -> Rows:
    return iter(session.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)))


def _bare(session: Session, statement: Select[*tuple[Any, ...]]) -> Rows:
    """The driver's own rows: for statements of whole numbers and texts alone, which need no reading. Opening
    a cycle for 100,000 people passes 900,000 rows here, and this is three times as fast.

    Not streamed: SQLAlchemy would keep the first rows to itself. A set is a chunk of people, so that its rows
    are few enough to be held by the driver.
    """
    with session.connection().execute(statement) as result:
        while block := result.cursor.fetchmany(ROWS_AT_ONCE):
            yield from block


def _opened(chosen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Who was assessed, by the frozen name and position, and how the score is made."""
    return (
        select(
            Assessment.id,
            Assessment.employee_id,
            Assessment.owner_person_id,
            Assessment.employee_number,
            _word(Assessment.personnel_type),
            Assessment.title_th,
            Assessment.first_name,
            Assessment.last_name,
            Assessment.position_name,
            Assessment.position_number,
            Assessment.position_level_code,
            Assessment.unit_path_name,
            _word(Assessment.scoring_method),
            _hundredths(Assessment.competency_part),
        )
        .where(chosen)
        .order_by(Assessment.id)
    )


def _expected(chosen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """What is expected of each, and its weight."""
    return (
        select(
            AssessmentItem.assessment_id,
            AssessmentItem.competency_id,
            AssessmentItem.sort_order,
            AssessmentItem.expected_level,
            _hundredths(AssessmentItem.weight_percent),
        )
        .join(Assessment, Assessment.id == AssessmentItem.assessment_id)
        .where(chosen)
        .order_by(AssessmentItem.assessment_id, AssessmentItem.competency_id)
    )


def _closed(chosen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The result as it stands for ever: scores, opinions, receipt or refusal."""
    return (
        select(
            Assessment.id,
            Assessment.employee_id,
            _hundredths(Assessment.results_score),
            _hundredths(Assessment.competency_score),
            _hundredths(Assessment.total_score),
            Assessment.band,
            _word(Assessment.second_opinion),
            Assessment.second_opinion_text,
            _word(Assessment.employee_opinion),
            Assessment.employee_opinion_text,
            Assessment.released_at,
            Assessment.acknowledged_at,
            Assessment.refused_on,
            Assessment.witness_name,
            Assessment.witness_position,
        )
        .where(chosen)
        .order_by(Assessment.id)
    )


def _rated(chosen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Every rater's level and evidence of each competency, and the gap; one row without either if unrated."""
    return (
        select(
            AssessmentItem.assessment_id,
            AssessmentItem.competency_id,
            AssessmentItem.expected_level,
            _hundredths(AssessmentItem.weight_percent),
            _hundredths(Gap.gap),
            _word(Rating.rater_kind),
            Rating.stated_level,
            _hundredths(Rating.attained_level),
            Rating.evidence,
        )
        .join(Assessment, Assessment.id == AssessmentItem.assessment_id)
        .outerjoin(Rating, Rating.item_id == AssessmentItem.id)
        .outerjoin(Gap, Gap.item_id == AssessmentItem.id)
        .where(chosen)
        .order_by(AssessmentItem.assessment_id, AssessmentItem.competency_id, Rating.id)
    )


def _hundredths(column: SQLColumnExpression[Any]) -> ColumnElement[int]:
    """As it is stored: fewer objects for each of very many rows."""
    return type_coerce(column, Integer)


def _word(column: SQLColumnExpression[Any]) -> ColumnElement[str]:
    return type_coerce(column, String)
