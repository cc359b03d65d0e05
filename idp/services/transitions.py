"""The only code that assigns a state: it asks the workflow's table, writes the history and the notices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, func, not_, select, update
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, DevelopmentPlan, Notice, Person
from idp.queries.delegations import position_of
from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW
from idp.rules.audit_chain import SetEvent
from idp.rules.calendar import local_day
from idp.rules.cycle_workflow import CYCLE_WORKFLOW
from idp.rules.delegations import Order
from idp.rules.objections import OBJECTIONABLE_STATES
from idp.rules.plan_workflow import PLAN_WORKFLOW
from idp.rules.relations import Actor, Standing
from idp.rules.terms import (
    AssessmentEvent,
    AssessmentState,
    CycleEvent,
    PlanEvent,
    Relation,
    Requirement,
    SubjectType,
)
from idp.rules.workflow import Transition, Workflow
from idp.services.freezing import refuse_while_frozen
from idp.services.history import Deed, record_history_many, record_set
from idp.services.saving import noticing_others
from idp.services.telling import told_each


@dataclass(frozen=True)
class Circumstances:
    """What holds when an event is asked for: the requirements met, the names of what is missing, the
    reason given."""

    met: Collection[Requirement] = ()
    missing_names: Collection[str] = ()
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


NOTHING_SPECIAL = Circumstances()


def move_assessment(
    session: Session,
    actor: Actor,
    standing: Standing,
    assessment: Assessment,
    event: AssessmentEvent,
    now: datetime,
    given: Circumstances = NOTHING_SPECIAL,
) -> None:
    """Take the assessment through one event. Raises what `Workflow.decide` raises."""
    move_each_assessment(session, actor, standing, [(assessment, given)], event, now)


def move_each_assessment(
    session: Session,
    actor: Actor,
    standing: Standing,
    chosen: Sequence[tuple[Assessment, Circumstances]],
    event: AssessmentEvent,
    now: datetime,
) -> None:
    """Take assessments of one organisation through an event, each in its own circumstances: as many reading
    statements for all as for one. Raises what `Workflow.decide` raises, or StaleVersion when somebody else
    was quicker, and then the caller rolls back."""
    kind = SubjectType.ASSESSMENT
    for assessment, _given in chosen:
        if assessment.state in OBJECTIONABLE_STATES:
            refuse_while_frozen(session, assessment.id)
    with noticing_others():  # whatever is read on the way sends the new states first
        rows = _move_each(session, actor, standing, chosen, kind, ASSESSMENT_WORKFLOW, event, now)
    told = [(record, row.tells, given.reason) for (record, given), row in zip(chosen, rows, strict=True)]
    _tell(session, actor, kind, f"assessment:{event}", told, now)


def move_plan(
    session: Session,
    actor: Actor,
    standing: Standing,
    plan: DevelopmentPlan,
    event: PlanEvent,
    now: datetime,
    given: Circumstances = NOTHING_SPECIAL,
) -> None:
    """Take the plan through one event. Raises what `Workflow.decide` raises."""
    kind = SubjectType.PLAN
    with noticing_others():
        (row,) = _move_each(session, actor, standing, [(plan, given)], kind, PLAN_WORKFLOW, event, now)
    _tell(session, actor, kind, f"plan:{event}", [(plan, row.tells, given.reason)], now)


def move_cycle(
    session: Session,
    actor: Actor,
    standing: Standing,
    cycle: Cycle,
    event: CycleEvent,
    now: datetime,
    given: Circumstances = NOTHING_SPECIAL,
) -> None:
    """Take the cycle through one event. Notices to everybody concerned are written by sets
    (`services.opening`)."""
    kind = SubjectType.CYCLE
    with noticing_others():
        _move_each(session, actor, standing, [(cycle, given)], kind, CYCLE_WORKFLOW, event, now)


def tell(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    event: str,
    tells: frozenset[Relation],
    now: datetime,
) -> None:
    """Notices about something that happened to an assessment beside its states ("objection:lodge")."""
    _tell(session, actor, SubjectType.ASSESSMENT, event, [(assessment, tells, "")], now)


def tell_of_plan(
    session: Session,
    actor: Actor,
    plan: DevelopmentPlan,
    event: str,
    tells: frozenset[Relation],
    now: datetime,
) -> None:
    """Notices about something that happened to a plan beside its states ("plan:follow_up")."""
    _tell(session, actor, SubjectType.PLAN, event, [(plan, tells, "")], now)


def move_assessments(
    session: Session,
    cycle: Cycle,
    chosen: ColumnElement[bool],
    event: AssessmentEvent,
    written_as: SetEvent,
    now: datetime,
) -> int:
    """Take every chosen assessment of the cycle through an event of the system, by sets; how many moved.

    Those whose state has no such event for the system stay as they are. The history gets one entry, of the
    cycle, with the hash of the set. Nobody is told: for that the caller knows a better word than one notice a
    record.
    """
    rows = [
        row
        for row in ASSESSMENT_WORKFLOW.transitions
        if row.event is event and Relation.SYSTEM in row.by and not row.requires
    ]
    chosen = and_(Assessment.cycle_id == cycle.id, chosen)
    movable = chosen & Assessment.state.in_([row.source for row in rows])
    first = session.scalar(select(func.min(Assessment.id)).where(movable))
    last = session.scalar(select(func.max(Assessment.id)).where(movable))
    if first is None or last is None:
        return 0
    staying = _staying(session, cycle, chosen, (first, last), {row.source for row in rows})
    moved: dict[str, int] = {}
    for row in rows:
        result = session.execute(
            update(Assessment)
            .where(chosen, Assessment.state == row.source)
            .values(state=row.target, version=Assessment.version + 1)
            .execution_options(synchronize_session=False)
        )
        moved[row.source] = cast(CursorResult[Any], result).rowcount
    session.expire_all()
    record_set(
        session,
        cycle,
        written_as,
        (first, last),
        sum(moved.values()),
        rows[0].target,
        now,
        without=staying,
        detail={"from_states": {state: count for state, count in moved.items() if count}},
    )
    return sum(moved.values())


def _staying(
    session: Session,
    cycle: Cycle,
    chosen: ColumnElement[bool],
    bounds: tuple[int, int],
    sources: Collection[AssessmentState],
) -> list[int]:
    """The ids within the bounds that the set leaves out: those exempted, as a rule a handful."""
    return list(
        session.scalars(
            select(Assessment.id)
            .where(Assessment.cycle_id == cycle.id, Assessment.id.between(*bounds))
            .where(not_(and_(chosen, Assessment.state.in_(sources))))
            .order_by(Assessment.id)
        )
    )


def _with_reason(given: Circumstances) -> frozenset[Requirement]:
    reason_given = {Requirement.REASON_GIVEN} if given.reason.strip() else set()
    return frozenset(given.met) | reason_given


def _move_each(
    session: Session,
    actor: Actor,
    standing: Standing,
    chosen: Sequence[tuple[Assessment | DevelopmentPlan | Cycle, Circumstances]],
    kind: SubjectType,
    workflow: Workflow[Any, Any],
    event: AssessmentEvent | PlanEvent | CycleEvent,
    now: datetime,
) -> list[Transition[Any, Any]]:
    """Ask the table, assign the states, write the history; returns the row that applied to each."""
    rows: list[Transition[Any, Any]] = []
    deeds: list[Deed] = []
    signings: dict[Order | None, dict[str, str]] = {}  # the same for every record under the same order
    for record, given in chosen:
        row = workflow.decide(
            record.state, event, standing.relations, _with_reason(given), given.missing_names
        )
        before, record.state = record.state, row.target
        order = standing.order_for(row.by)
        represented_id = None if order is None else order.from_person_id
        if order not in signings:
            signings[order] = _signing(session, actor, record, order, now)
        detail = {**given.detail, **signings[order]}
        deeds.append(Deed(record.id, (before, row.target), represented_id, given.reason, detail))
        rows.append(row)
    if chosen:
        organisation_id = chosen[0][0].organisation_id
        record_history_many(session, actor, kind, event, now, deeds, organisation_id=organisation_id)
    return rows


def _signing(
    session: Session,
    actor: Actor,
    record: Assessment | DevelopmentPlan | Cycle,
    order: Order | None,
    now: datetime,
) -> dict[str, str]:
    """Who signs with this step, by the name that they have today: a form printed after they changed it shows
    the same signature. Under an order also for whom, in which words, and as what the delegate serves."""
    if actor.person_id is None:
        return {}
    signing = {"signed_as": session.get_one(Person, actor.person_id).display_name}
    if order is not None:
        signing |= {
            "signed_for": session.get_one(Person, order.from_person_id).display_name,
            "signed_position": position_of(session, actor.person_id, record.organisation_id, local_day(now)),
            "delegation_kind": order.kind.value,
            "order_number": order.order_number,
        }
    return signing


def _tell(
    session: Session,
    actor: Actor,
    kind: SubjectType,
    event: str,
    chosen: Sequence[tuple[Assessment | DevelopmentPlan, frozenset[Relation], str]],
    now: datetime,
) -> None:
    """About each record, with the reason given, a notice for each person that the table names, and for who
    acts for them."""
    told = told_each(session, actor, [(record, tells) for record, tells, _ in chosen], now)
    for (record, _, reason), recipients in zip(chosen, told, strict=True):
        why = {"reason": reason} if reason else {}
        for person_id, represented in recipients.items():
            session.add(
                Notice(
                    organisation_id=record.organisation_id,
                    subject_type=kind,
                    subject_id=record.id,
                    event=event,
                    recipient_person_id=person_id,
                    detail=why | ({"represented": represented} if represented else {}),
                    created_at=now,
                )
            )
