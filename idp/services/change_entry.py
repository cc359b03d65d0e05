"""Write a change of post in one piece, with what HR chose for every record that it touches.

All or nothing: when anything that was shown has changed since, StaleVersion, and the choices are tried again
on what is there now.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan, Employee, Handover, StaffChange
from idp.queries.change_pages import PersonBelow, Preview, RecordUnderWay
from idp.queries.supervisors import SupervisorName, supervisor_names
from idp.rules.calendar import local_day
from idp.rules.errors import StaleVersion
from idp.rules.relations import Actor
from idp.rules.staff_changes import ENDING, Consequence, HandoverState
from idp.rules.terms import Relation, SubjectType
from idp.services.change_choices import Above, Choices, check_choices, chosen
from idp.services.change_posts import Move, change_post, current_assignment, end_roles, place_under
from idp.services.change_refusals import refuse_to_end_the_last_officer
from idp.services.delegations import end_delegation
from idp.services.exemptions import cancel_unread, exempt
from idp.services.handovers import Successors, hand_over
from idp.services.history import record_history
from idp.services.saving import save
from idp.services.staff_changes import ChangeFields, preview_change


def enter_change(
    session: Session,
    actor: Actor,
    employee_id: int,
    typed: ChangeFields,
    choices: Choices,
    seen: str,
    now: datetime,
) -> StaffChange:
    """Write it all. Raises StaleVersion when the preview `seen` no longer holds, InvalidInputs at the fields
    of the change, at `team_supervisor`, `supervisor-EMPLOYEE`, `second-EMPLOYEE`, `choice-ASSESSMENT` and
    `reason-ASSESSMENT`, NotVisible, NotPermitted.
    """
    session.get(Employee, employee_id, with_for_update=True)  # a second click comes after the first
    move, shown = preview_change(session, actor, employee_id, typed, now)
    if shown.seen != seen:
        raise StaleVersion
    above = check_choices(session, move, shown, choices)
    change = _enter(session, actor, move, now)
    names = _names(session, move, above)
    for record in shown.own:
        successors = _own_successors(move, names)
        _apply(session, actor, change, record, choices, successors, now)
    for person in shown.below:
        _apply_below(session, actor, change, move, person, above[person.employee_id], choices, names, now)
    _end_what_hangs_on_it(session, actor, move, shown, choices, now)
    save(session)
    return change


def _enter(session: Session, actor: Actor, move: Move, now: datetime) -> StaffChange:
    led_to = change_post(session, actor, move, now)
    change = StaffChange(
        organisation_id=move.employee.organisation_id,
        employee_id=move.employee.id,
        kind=move.kind,
        effective_on=move.effective_on,
        until_on=move.until_on,
        order_number=move.order_number,
        reason=move.reason,
        assignment_id=led_to.id if led_to else None,
        entered_by_person_id=actor.person_id,
        entered_at=now,
    )
    change.employee = move.employee
    session.add(change)
    save(session)
    record_history(
        session,
        actor,
        (SubjectType.EMPLOYEE, move.employee.id),
        "staff_change",
        now,
        organisation_id=change.organisation_id,
        reason=move.reason,
        detail={
            "change_id": change.id,
            "kind": move.kind.value,
            "effective_on": move.effective_on.isoformat(),
            "until_on": move.until_on.isoformat() if move.until_on else None,
            "order_number": move.order_number,
            "assignment_id": change.assignment_id,
        },
    )
    return change


def _names(session: Session, move: Move, above: Mapping[int, Above]) -> dict[int, SupervisorName]:
    wanted = {move.supervisor_id, move.second_level_id}
    for each in above.values():
        wanted |= {each.supervisor_id, each.second_level_id}
    ids = [person_id for person_id in wanted if person_id is not None]
    return supervisor_names(session, move.employee.organisation_id, ids, move.effective_on)


def _own_successors(move: Move, names: Mapping[int, SupervisorName]) -> Successors:
    second = names.get(move.second_level_id) if move.second_level_id is not None else None
    supervisor = names.get(move.supervisor_id) if move.supervisor_id is not None else None
    return Successors(supervisor, second)


def _apply(
    session: Session,
    actor: Actor,
    change: StaffChange,
    record: RecordUnderWay,
    choices: Choices,
    successors: Successors,
    now: datetime,
) -> None:
    choice = chosen(record, choices)
    assessment = session.get_one(Assessment, record.assessment_id)
    plan = None if record.plan_id is None else session.get_one(DevelopmentPlan, record.plan_id)
    reason = choice.reason.strip() or change.reason
    consequence = choice.consequence
    if consequence is Consequence.EXEMPT:
        exempt(session, actor, assessment.id, reason, now)
    elif consequence in (Consequence.HAND_OVER, Consequence.SPLIT_BY_DAYS):
        hand_over(session, actor, change, assessment, plan, consequence, successors, record.days, now)
    if consequence in (Consequence.KEEP, Consequence.EXEMPT):
        _note_down(session, change, record, consequence)
    if choice.cancels_plan and plan is not None and record.may_cancel_plan:
        cancel_unread(session, actor, plan, reason or change.kind.value, now)


def _note_down(
    session: Session, change: StaffChange, record: RecordUnderWay, consequence: Consequence
) -> None:
    """That nothing changed hands was a decision too: the page of the change shows it."""
    session.add(
        Handover(
            organisation_id=change.organisation_id,
            change_id=change.id,
            assessment_id=record.assessment_id,
            consequence=consequence,
            state=HandoverState.STATED,
        )
    )


def _apply_below(
    session: Session,
    actor: Actor,
    change: StaffChange,
    move: Move,
    person: PersonBelow,
    above: Above,
    choices: Choices,
    names: Mapping[int, SupervisorName],
    now: datetime,
) -> None:
    if person.assignment_id is not None:
        _place(session, actor, move, person, above, now)
    supervisor = names.get(above.supervisor_id) if above.supervisor_id is not None else None
    second = names.get(above.second_level_id) if above.second_level_id is not None else None
    for record in person.records:
        is_supervisor = record.relation is Relation.SUPERVISOR
        further_up = second or (None if is_supervisor or above.is_alone else supervisor)
        successors = Successors(
            supervisor,
            further_up,
            changes_supervisor=is_supervisor,
            changes_second_level=further_up is not None or above.is_alone,
        )
        _apply(session, actor, change, record, choices, successors, now)


def _place(
    session: Session, actor: Actor, move: Move, person: PersonBelow, above: Above, now: datetime
) -> None:
    """The person's post goes on under the new supervisors."""
    current = current_assignment(session, person.employee_id, move.effective_on)
    if current is None:
        return
    leaver = move.employee.person_id
    supervisor_id, second_id = current.supervisor_person_id, current.second_level_person_id
    if supervisor_id == leaver and above.supervisor_id is not None:
        supervisor_id = above.supervisor_id
    if above.is_alone:
        second_id = None
    elif above.second_level_id is not None:
        second_id = above.second_level_id
    if second_id == supervisor_id or (second_id == leaver and move.kind in ENDING):
        second_id = None
    if (supervisor_id, second_id) != (current.supervisor_person_id, current.second_level_person_id):
        place_under(session, actor, current, (supervisor_id, second_id), move.effective_on, now)


def _end_what_hangs_on_it(
    session: Session, actor: Actor, move: Move, shown: Preview, choices: Choices, now: datetime
) -> None:
    """Orders that were ticked, and roles: all of them where the employment ends."""
    last_on = move.effective_on - timedelta(days=1)
    reason = move.reason or move.order_number or move.kind.value
    for order in shown.orders:
        if order.id in choices.order_ids:
            end_delegation(session, actor, order.id, _last_day_of_order(last_on, now), reason, now)
    ended = {role.id for role in shown.roles if move.kind in ENDING or role.id in choices.role_ids}
    if ended:
        field = f"end_role-{min(ended)}"
        refuse_to_end_the_last_officer(session, move.employee, ended, field, local_day(now))
        end_roles(session, actor, move.employee, tuple(sorted(ended)), last_on, now)


def _last_day_of_order(last_on: date, now: datetime) -> date:
    """What was done under an order until today stays covered by it."""
    return max(last_on, local_day(now) - timedelta(days=1))
