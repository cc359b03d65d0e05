"""Whose result can be released, who cannot be yet and why, and how far a release of many is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from idp.models import Assessment, ReleaseRun
from idp.queries.cycles import is_in_unit
from idp.rules.assessment_workflow import UNRELEASED_STATES
from idp.rules.terms import AssessmentState
from idp.rules.thai import full_name

S = AssessmentState
BEFORE_THE_OPINION = (S.NOT_STARTED, S.SELF_ASSESSING, S.SELF_SUBMITTED, S.RATING)


@dataclass(frozen=True)
class Unready:
    """Somebody of the cycle whose result cannot be released: where they stand, or another reason in words of
    `services.releases`."""

    assessment_id: int
    number: str
    name: str
    reason: str


@dataclass(frozen=True)
class RunOnPage:
    """The latest release of many. `left_out`: the first of those who could not be released."""

    id: int
    asked_at: datetime
    done: int
    total: int
    is_under_way: bool
    left_out: tuple[Unready, ...]
    left_out_count: int


def ready_at_the_time(cycle_id: int, unit_id: int | None, moment: datetime) -> Select[Any]:
    """SELECT the ids of those who may be released and could be at `moment` already: what became ready later
    was not counted when the release was asked for."""
    no_second_level = Assessment.second_level_person_id.is_(None)
    before = or_(
        and_(
            Assessment.state.in_((S.SECOND_OPINION, S.MODERATED)),
            or_(Assessment.second_opinion_at.is_(None), Assessment.second_opinion_at <= moment),
        ),
        and_(
            Assessment.state == S.RATED,
            no_second_level,
            or_(Assessment.rated_at.is_(None), Assessment.rated_at <= moment),
        ),
    )
    statement = select(Assessment.id).where(Assessment.cycle_id == cycle_id, before)
    return statement if unit_id is None else statement.where(is_in_unit(unit_id))


def unready(
    session: Session,
    cycle_id: int,
    unit_id: int | None,
    limit: int,
    chosen: Collection[int] | None = None,
) -> tuple[tuple[Unready, ...], int]:
    """The first people, by number, whose result is neither released nor ready for it, and how many there
    are: of everybody, of a unit, or of the chosen ones; two statements."""
    waiting = and_(
        Assessment.cycle_id == cycle_id,
        or_(
            Assessment.state.in_(BEFORE_THE_OPINION),
            and_(Assessment.state == S.RATED, Assessment.second_level_person_id.is_not(None)),
        ),
    )
    assert set(BEFORE_THE_OPINION) < set(UNRELEASED_STATES)
    if unit_id is not None:
        waiting = and_(waiting, is_in_unit(unit_id))
    if chosen is not None:
        waiting = and_(waiting, Assessment.id.in_(chosen))
    count = session.scalar(select(func.count()).select_from(Assessment).where(waiting)) or 0
    rows = session.scalars(
        select(Assessment).where(waiting).order_by(Assessment.employee_number).limit(limit)
    )
    return tuple(_unready(each, each.state.value) for each in rows), count


def latest_run(session: Session, cycle_id: int, names: int) -> RunOnPage | None:
    """How far the latest release of many is; two statements."""
    run = session.scalar(
        select(ReleaseRun).where(ReleaseRun.cycle_id == cycle_id).order_by(ReleaseRun.id.desc()).limit(1)
    )
    if run is None:
        return None
    return RunOnPage(
        run.id,
        run.asked_at,
        run.done_count,
        run.total_count,
        run.finished_at is None,
        named(session, dict(run.left_out[:names])),
        len(run.left_out),
    )


def named(session: Session, reasons: dict[int, str]) -> tuple[Unready, ...]:
    """Those left out, with their names; one statement."""
    rows = session.scalars(
        select(Assessment).where(Assessment.id.in_(reasons)).order_by(Assessment.employee_number)
    )
    return tuple(_unready(each, reasons[each.id]) for each in rows)


def _unready(assessment: Assessment, reason: str) -> Unready:
    return Unready(
        assessment.id,
        assessment.employee_number,
        full_name(assessment.title_th, assessment.first_name, assessment.last_name),
        reason,
    )
