"""Create, date and publish a cycle. Opening, release and closing have files of their own."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from idp.models import Cycle, CycleFramework, Phase
from idp.queries.frameworks import latest_version
from idp.rules.calendar import FiscalYear, local_day
from idp.rules.errors import InvalidInput, TransitionNotAllowed
from idp.rules.phases import check_phases, default_phases
from idp.rules.relations import Actor
from idp.rules.terms import CycleEvent, CycleState, Permission, PhaseKind, SubjectType
from idp.rules.texts import checked_text
from idp.services.access import check_organisation, check_version, load_cycle
from idp.services.history import record_history
from idp.services.saving import is_there_already
from idp.services.settings import rules_on
from idp.services.transitions import move_cycle

PhaseDates = Mapping[PhaseKind, tuple[date, date]]

DATED_STATES = frozenset({CycleState.DRAFT, CycleState.PUBLISHED, CycleState.OPEN})
"""Where HR may still move the dates (an extension for everybody)."""

CODE_LENGTH = 40
NAME_LENGTH = 200


def create_cycle(
    session: Session,
    actor: Actor,
    *,
    code: str,
    name_th: str,
    fiscal_year: int,
    now: datetime,
    name_en: str = "",
    half: int | None = None,
    phases: PhaseDates | None = None,
) -> Cycle:
    """A draft cycle of the organisation signed in to, with the frameworks that its rules name today.

    Raises InvalidInput naming the field, NotPermitted.
    """
    day = local_day(now)
    check_organisation(session, actor, Permission.CYCLE_RUN, day)
    if actor.organisation_id is None:
        raise InvalidInput("organisation_id", "required")
    code, name_th = code.strip(), name_th.strip()
    _check_names(session, actor.organisation_id, code, name_th, name_en)
    try:
        year = FiscalYear(fiscal_year)
    except ValueError as error:
        raise InvalidInput("fiscal_year", "not_a_buddhist_year") from error
    with_agreement = rules_on(session, actor.organisation_id, day).agreement_at_start
    phases = phases or default_phases(year, with_agreement=with_agreement)
    check_phases(phases, year.start, year.end)
    cycle = Cycle(
        organisation_id=actor.organisation_id,
        code=code,
        name_th=name_th,
        name_en=name_en.strip(),
        fiscal_year=fiscal_year,
        half=half,
        starts_on=year.start,
        ends_on=year.end,
        phases=[Phase(kind=kind, opens_on=dates[0], due_on=dates[1]) for kind, dates in phases.items()],
        frameworks=_frameworks(session, actor.organisation_id, day),
    )
    session.add(cycle)
    try:
        session.flush()
    except IntegrityError as error:
        if not is_there_already(error):
            raise
        raise InvalidInput("code", "taken", value=code) from error
    subject = (SubjectType.CYCLE, cycle.id)
    record_history(session, actor, subject, "create", now, organisation_id=cycle.organisation_id)
    return cycle


def update_phases(
    session: Session,
    actor: Actor,
    cycle_id: int,
    phases: PhaseDates,
    now: datetime,
    expected_version: int | None = None,
) -> Cycle:
    """Give every phase its dates. Raises InvalidInput naming the phase, StaleVersion,
    TransitionNotAllowed."""
    cycle, _ = load_cycle(session, actor, cycle_id, Permission.CYCLE_RUN, local_day(now))
    check_version(cycle, expected_version)
    if cycle.state not in DATED_STATES:
        raise TransitionNotAllowed("cycle", cycle.state, "update_phases")
    check_phases(phases, cycle.starts_on, cycle.ends_on)
    changed = _with_or_without_agreement(session, cycle, phases)
    for phase in cycle.phases:
        before = (phase.opens_on, phase.due_on)
        phase.opens_on, phase.due_on = phases[phase.kind]
        if before != phases[phase.kind]:
            changed[phase.kind.value] = [each.isoformat() for each in (*before, *phases[phase.kind])]
    if changed:
        cycle.version += 1
        record_history(
            session,
            actor,
            (SubjectType.CYCLE, cycle.id),
            "update_phases",
            now,
            organisation_id=cycle.organisation_id,
            detail=changed,
        )
    session.flush()
    return cycle


def _with_or_without_agreement(session: Session, cycle: Cycle, phases: PhaseDates) -> dict[str, list[str]]:
    """Until the cycle opens, the optional step comes and goes with the rules of the day; what changed."""
    kind = PhaseKind.AGREEMENT
    known = next((each for each in cycle.phases if each.kind is kind), None)
    if (known is not None) is (kind in phases):
        return {}
    if cycle.opened_at is not None:
        raise InvalidInput(f"{kind}-opens_on", "step_not_running")
    if known is not None:
        session.delete(known)
        session.flush()
        session.expire(cycle, ["phases"])
        return {kind.value: []}
    cycle.phases.append(Phase(kind=kind, opens_on=phases[kind][0], due_on=phases[kind][1]))
    session.flush()
    return {kind.value: [day.isoformat() for day in phases[kind]]}


def publish_cycle(
    session: Session, actor: Actor, cycle_id: int, now: datetime, expected_version: int | None = None
) -> Cycle:
    """Make the criteria known; nothing is frozen yet."""
    return _simple_event(session, actor, cycle_id, CycleEvent.PUBLISH, now, expected_version)


def unpublish_cycle(
    session: Session, actor: Actor, cycle_id: int, now: datetime, expected_version: int | None = None
) -> Cycle:
    return _simple_event(session, actor, cycle_id, CycleEvent.UNPUBLISH, now, expected_version)


def archive_cycle(
    session: Session, actor: Actor, cycle_id: int, now: datetime, expected_version: int | None = None
) -> Cycle:
    return _simple_event(session, actor, cycle_id, CycleEvent.ARCHIVE, now, expected_version)


def _simple_event(
    session: Session,
    actor: Actor,
    cycle_id: int,
    event: CycleEvent,
    now: datetime,
    expected_version: int | None,
) -> Cycle:
    cycle, standing = load_cycle(session, actor, cycle_id, Permission.CYCLE_RUN, local_day(now))
    check_version(cycle, expected_version)
    move_cycle(session, actor, standing, cycle, event, now)
    session.flush()
    return cycle


def _check_names(session: Session, organisation_id: int, code: str, name_th: str, name_en: str) -> None:
    for field, text, length in (("code", code, CODE_LENGTH), ("name_th", name_th, NAME_LENGTH)):
        if not checked_text(field, text, length):
            raise InvalidInput(field, "required")
    checked_text("name_en", name_en, NAME_LENGTH)
    taken = select(Cycle.id).where(Cycle.organisation_id == organisation_id, Cycle.code == code)
    if session.scalar(taken) is not None:
        raise InvalidInput("code", "taken", value=code)


def _frameworks(session: Session, organisation_id: int, day: date) -> list[CycleFramework]:
    return [
        CycleFramework(
            framework_version=latest_version(session, use.code, organisation_id), category=use.category
        )
        for use in rules_on(session, organisation_id, day).frameworks
    ]
