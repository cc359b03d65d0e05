"""Open a cycle: freeze who everybody is, who rates them and what is expected, by sets and in chunks.

The state `opening` carries the work: each call of `continue_opening` handles the next chunk of employees,
its entry point commits, and a call that was cut off is simply made again. Rows are made by INSERT ...
SELECT on both databases.
"""

from datetime import date, datetime

from sqlalchemy import (
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    Cycle,
    Delegation,
    Employee,
    Notice,
    Organisation,
    Person,
)
from idp.queries.acting import order_covers
from idp.queries.preflight import employed_on, preflight
from idp.rules.audit_chain import SetEvent
from idp.rules.calendar import local_day
from idp.rules.errors import RequirementNotMet
from idp.rules.relations import SYSTEM, Actor, Standing
from idp.rules.terms import (
    AssessmentState,
    CycleEvent,
    CycleState,
    Permission,
    Relation,
    Requirement,
    SubjectType,
)
from idp.services.access import check_version, load_cycle
from idp.services.history import record_set
from idp.services.opening_rows import insert_assessments, insert_items
from idp.services.profile_changes import hold_profiles
from idp.services.settings import rules_of_cycle, rules_on
from idp.services.transitions import Circumstances, move_cycle

CHUNK = 10_000
NAMES_SHOWN = 10


def begin_opening(
    session: Session, actor: Actor, cycle_id: int, now: datetime, expected_version: int | None = None
) -> Cycle:
    """Freeze the organisation's rules and let the workers make the assessments.

    Who changes a profile at the same moment comes before the check or finds the cycle opened. Held in the
    order of everybody: the cycle, then the profiles.
    Raises RequirementNotMet with the names of those whom pre-flight stops, NotPermitted,
    TransitionNotAllowed.
    """
    day = local_day(now)
    cycle, standing = load_cycle(session, actor, cycle_id, Permission.CYCLE_RUN, day)
    session.refresh(cycle, with_for_update=True)
    check_version(cycle, expected_version)
    hold_profiles(session, cycle.organisation_id)
    found = preflight(session, cycle, day)
    met = {Requirement.PRE_FLIGHT_PASSED} if found.passed else set()
    blocking = [problem for problem in found.problems if problem.blocks]
    names = [problem.name or problem.kind.value for problem in blocking[:NAMES_SHOWN]]
    # Forms of this year keep the name, whatever the organisation is called later (`queries.form_people`).
    frozen = {"organisation_name_th": session.get_one(Organisation, cycle.organisation_id).name_th}
    given = Circumstances(met, names, detail=frozen)
    move_cycle(session, actor, standing, cycle, CycleEvent.BEGIN_OPENING, now, given)
    cycle.settings = rules_on(session, cycle.organisation_id, day).as_json()
    cycle.opened_at = now
    session.flush()
    return cycle


def continue_opening(session: Session, cycle_id: int, now: datetime, chunk: int = CHUNK) -> bool:
    """Make the next `chunk` assessments of a cycle in the state opening; whether nothing is left to be made.

    The last call finishes it; a call for a cycle that is no longer opening changes nothing. Raises
    RequirementNotMet when somebody is left without any competency (a profile was changed under way).
    """
    cycle = session.get_one(Cycle, cycle_id)
    if cycle.state is not CycleState.OPENING or cycle.opened_at is None:
        return True
    day = local_day(cycle.opened_at)
    bounds = _next_chunk(session, cycle, day, chunk)
    if bounds is None:
        _finish(session, cycle, now)
        return True
    session.execute(insert_assessments(cycle, rules_of_cycle(cycle), day, bounds))
    session.execute(insert_items(cycle, day, bounds))
    _record_chunk(session, cycle, bounds, now)
    session.flush()
    return False


def _record_chunk(session: Session, cycle: Cycle, employees: tuple[int, int], now: datetime) -> None:
    """One entry of the cycle for all assessments just made."""
    first, last, count = session.execute(
        select(func.min(Assessment.id), func.max(Assessment.id), func.count()).where(
            Assessment.cycle_id == cycle.id, Assessment.employee_id.between(*employees)
        )
    ).one()
    event = SetEvent.OPEN_ASSESSMENTS
    record_set(session, cycle, event, (first, last), count, AssessmentState.NOT_STARTED, now)


def _next_chunk(session: Session, cycle: Cycle, day: date, chunk: int) -> tuple[int, int] | None:
    """The ids of the first and last employee of the next chunk; chunks are made in the order of ids."""
    last_made = (
        session.scalar(select(func.max(Assessment.employee_id)).where(Assessment.cycle_id == cycle.id)) or 0
    )
    following = (
        select(Employee.id)
        .where(employed_on(cycle.organisation_id, day), Employee.id > last_made)
        .order_by(Employee.id)
        .limit(chunk)
        .subquery()
    )
    first, last = session.execute(select(func.min(following.c.id), func.max(following.c.id))).one()
    return None if first is None else (first, last)


def _finish(session: Session, cycle: Cycle, now: datetime) -> None:
    without = session.scalars(
        select(Person.display_name)
        .join(Assessment, Assessment.owner_person_id == Person.id)
        .outerjoin(AssessmentItem, AssessmentItem.assessment_id == Assessment.id)
        .where(Assessment.cycle_id == cycle.id, AssessmentItem.id.is_(None))
        .limit(NAMES_SHOWN)
    ).all()
    if without:
        raise RequirementNotMet({Requirement.PRE_FLIGHT_PASSED}, without)
    standing = Standing(frozenset({Relation.SYSTEM}))
    move_cycle(session, SYSTEM, standing, cycle, CycleEvent.FINISH_OPENING, now)
    _tell_everybody(session, cycle, now)
    session.flush()


def _tell_everybody(session: Session, cycle: Cycle, now: datetime) -> None:
    """One notice for each who is assessed, and one for each who rates or acts for somebody who does."""
    day = local_day(now)
    in_cycle, rates = Assessment.cycle_id == cycle.id, Assessment.supervisor_person_id
    said = (
        literal({}, Notice.detail.type),
        literal(now, Notice.created_at.type),
    )
    about = (
        literal(cycle.organisation_id),
        literal(SubjectType.CYCLE, Notice.subject_type.type),
        literal(cycle.id),
    )
    to_owners = select(*about, literal("cycle:opened_for_owner"), Assessment.owner_person_id, *said)
    to_raters = select(*about, literal("cycle:opened_for_rater"), rates, *said).where(rates.is_not(None))
    to_delegates = (
        select(*about, literal("cycle:opened_for_rater"), Delegation.to_person_id, *said)
        .select_from(Assessment)
        .join(Delegation, order_covers(Assessment, rates, day))
        .where(Delegation.to_person_id.not_in(select(rates).where(in_cycle, rates.is_not(None))))
    )
    for rows in (to_owners, to_raters, to_delegates):
        session.execute(
            insert(Notice).from_select(
                [
                    "organisation_id",
                    "subject_type",
                    "subject_id",
                    "event",
                    "recipient_person_id",
                    "detail",
                    "created_at",
                ],
                rows.where(in_cycle).distinct(),
                include_defaults=False,
            )
        )
