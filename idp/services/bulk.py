"""Take one step for many records: show first what would come of each, then do what was shown.

Pure orchestration: every row goes through the service of a single record, by the actor's own right, and is
tried in a savepoint of its own. The preview takes the very same steps and undoes them, so that it cannot say
anything else than what then happens. A record whose version is another than the one shown is left out.

The entry point ends the transaction between rows: one that fails costs no other, and nobody waits long.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from idp.models import Assessment, BulkRow, BulkRun
from idp.rules.bulk import MOST_ROWS, NEED_DAY, NEED_REASON, BulkAction
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible, RuleViolation
from idp.rules.relations import Actor
from idp.rules.terms import Permission
from idp.rules.texts import LONG_TEXT, checked_text
from idp.services.access import load_assessment
from idp.services.bulk_refusals import explained
from idp.services.bulk_steps import STEPS, Given, Subject, placeholder, subject_of
from idp.services.reminders_by_hand import LONGEST_NOTE

RESUMED_AFTER = timedelta(minutes=5)
"""A run whose process died may be carried on by its owner after this long."""

NOTHING_READ: Mapping[int, int] = MappingProxyType({})

LEFT_TO_THE_FORM = frozenset({"reason", "until_on", "note"})
"""What the preview does not know yet: it is asked for on its page."""


@dataclass(frozen=True)
class Preview:
    """What would come of one record. `obstacle`: why nothing can (see `explained`), else None."""

    assessment_id: int
    subject_id: int | None = None
    state: str = ""
    version: int | None = None
    effect: dict[str, Any] = field(default_factory=dict)
    obstacle: dict[str, Any] | None = None


def previews(
    session: Session,
    actor: Actor,
    action: BulkAction,
    assessment_ids: Collection[int],
    now: datetime,
    read: Mapping[int, int] = NOTHING_READ,
) -> Iterator[Preview]:
    """Try the step on each record and undo it; those that the actor may not see are left out as if missing.

    `read`: by assessment the version of the record that was read in full; with another it is not offered.
    Raises InvalidInput at `assessment`: `no_rows`, `too_many_rows`.
    """
    ids = list(dict.fromkeys(assessment_ids))
    if not ids:
        raise InvalidInput("assessment", "no_rows")
    if len(ids) > MOST_ROWS:
        raise InvalidInput("assessment", "too_many_rows", maximum=MOST_ROWS)
    for assessment_id in ids:
        found = _preview(session, actor, action, assessment_id, now, read.get(assessment_id))
        if found is not None:
            yield found


def keep_run(
    session: Session,
    actor: Actor,
    action: BulkAction,
    shown: Iterable[Preview],
    now: datetime,
    came_from: str = "",
) -> BulkRun:
    """Keep what the preview shows: nothing else will be done. Raises InvalidInput when there is nothing."""
    rows = list(shown)
    if not rows or actor.person_id is None or actor.organisation_id is None:
        raise InvalidInput("assessment", "no_rows")
    run = BulkRun(
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        action=action,
        came_from=came_from,
        created_at=now,
    )
    session.add(run)
    session.flush()
    session.add_all(
        BulkRow(
            run_id=run.id,
            place=place,
            assessment_id=row.assessment_id,
            subject_id=row.subject_id,
            state=row.state,
            version=row.version,
            effect=row.effect,
            obstacle=row.obstacle,
        )
        for place, row in enumerate(rows, start=1)
    )
    session.flush()
    return run


def load_run(session: Session, actor: Actor, run_id: int) -> BulkRun:
    """One of the actor's own runs in the organisation signed in to. Raises NotVisible."""
    run = session.get(BulkRun, run_id)
    if run is None or (run.person_id, run.organisation_id) != (actor.person_id, actor.organisation_id):
        raise NotVisible
    return run


def begin_run(
    session: Session, actor: Actor, run_id: int, text: str, until_on: date | None, now: datetime
) -> bool:
    """The actor confirms what was shown; False when they did so before: nothing is done twice.

    Raises NotVisible, and InvalidInputs at `reason` and `until_on`.
    """
    run = load_run(session, actor, run_id)
    text = _checked(run.action, text, until_on, now)
    stands_still = and_(BulkRun.finished_at.is_(None), BulkRun.begun_at <= now - RESUMED_AFTER)
    result = session.execute(
        update(BulkRun)
        .where(BulkRun.id == run.id, or_(BulkRun.begun_at.is_(None), stands_still))
        .values(begun_at=now, text=text, until_on=until_on)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    session.expire(run)
    return bool(result.rowcount)


def carry_out(session: Session, actor: Actor, run_id: int, now: datetime) -> Iterator[bool]:
    """Take the rows that can be done, one at a time; yields after each whether it was done.

    The entry point commits between them.
    """
    run = load_run(session, actor, run_id)
    action, given = run.action, Given(run.text, run.until_on)
    waiting = select(BulkRow.place).where(BulkRow.run_id == run_id, BulkRow.is_done.is_(None))
    for place in session.scalars(waiting.order_by(BulkRow.place)).all():
        row = session.get_one(BulkRow, (run_id, place))
        if row.obstacle is None:
            row.refusal = _take(session, actor, action, row, given, now)
            row.is_done = row.refusal is None
            session.flush()
            yield row.is_done
    session.get_one(BulkRun, run_id).finished_at = now
    session.flush()


def leave_undone(session: Session, run_id: int, now: datetime) -> None:
    """End a run whose owner may act no more: the rows that wait are refused."""
    waiting = select(BulkRow).where(BulkRow.run_id == run_id, BulkRow.is_done.is_(None))
    for row in session.scalars(waiting):
        if row.obstacle is None:
            row.is_done, row.refusal = False, {"kind": "not_permitted"}
    session.get_one(BulkRun, run_id).finished_at = now
    session.flush()


def leave_to_workers(session: Session, run_id: int, now: datetime) -> None:
    """The rest of a long run is for the workers: it counts as standing still at once."""
    session.get_one(BulkRun, run_id).begun_at = now - RESUMED_AFTER
    session.flush()


def resume_run(session: Session, now: datetime) -> BulkRun | None:
    """Take one run that stands still, its owner having confirmed it; None when there is none."""
    waiting = select(BulkRun.id).where(BulkRun.finished_at.is_(None), BulkRun.begun_at <= now - RESUMED_AFTER)
    for run_id in session.scalars(waiting.order_by(BulkRun.id)).all():
        result = session.execute(
            update(BulkRun)
            .where(BulkRun.id == run_id, BulkRun.begun_at <= now - RESUMED_AFTER)
            .values(begun_at=now)
            .execution_options(synchronize_session=False)
        )
        assert isinstance(result, CursorResult)
        if result.rowcount:
            session.expire_all()
            return session.get_one(BulkRun, run_id)
    return None


def _preview(
    session: Session, actor: Actor, action: BulkAction, assessment_id: int, now: datetime, read: int | None
) -> Preview | None:
    try:
        assessment, _ = load_assessment(
            session, actor, assessment_id, Permission.ASSESSMENT_VIEW, local_day(now)
        )
    except NotVisible:
        return None
    subject = subject_of(session, actor, action, assessment, now)
    if subject is None:
        return Preview(assessment_id, state=assessment.state.value, obstacle={"kind": "no_plan"})
    shown = (assessment_id, subject.id, subject.state, subject.version)
    if read is not None and read != subject.version:
        return Preview(*shown, obstacle={"kind": "changed_since_read"})
    given = placeholder(action, assessment, now)
    effect: dict[str, Any] = {}
    obstacle = _try(session, actor, action, subject, given, now, effect)
    if obstacle is not None and _is_left_to_the_form(obstacle):
        obstacle = None
    return Preview(*shown, subject.effect | effect, obstacle)


def _is_left_to_the_form(obstacle: dict[str, Any]) -> bool:
    return obstacle["kind"] == "input" and obstacle["field"] in LEFT_TO_THE_FORM


def _take(
    session: Session, actor: Actor, action: BulkAction, row: BulkRow, given: Given, now: datetime
) -> dict[str, Any] | None:
    assessment = session.get_one(Assessment, row.assessment_id)
    subject = subject_of(session, actor, action, assessment, now)
    if subject is None or (subject.id, subject.version) != (row.subject_id, row.version):
        return {"kind": "changed"}
    return _try(session, actor, action, subject, given, now, {}, shown=row.effect)


def _try(
    session: Session,
    actor: Actor,
    action: BulkAction,
    subject: Subject,
    given: Given,
    now: datetime,
    effect: dict[str, Any],
    *,
    shown: dict[str, Any] | None = None,
) -> dict[str, Any] | None:
    """Take the step in a savepoint; what stood in the way, or None. `effect` gets what came of it.

    The savepoint is kept only where that is what was `shown`: the step may lead elsewhere by now, or concern
    somebody else, although the record is the same.
    """
    savepoint = session.begin_nested()
    try:
        effect.update(STEPS[action](session, actor, subject, given, now))
    except (RuleViolation, StaleDataError) as refusal:
        savepoint.rollback()
        return explained(refusal)
    if shown is not None and subject.effect | effect == shown:
        savepoint.commit()
        return None
    savepoint.rollback()
    return None if shown is None else {"kind": "changed"}


def _checked(action: BulkAction, text: str, until_on: date | None, now: datetime) -> str:
    problems: list[InvalidInput] = []
    try:
        longest = LONGEST_NOTE if action is BulkAction.REMIND else LONG_TEXT
        text = checked_text("reason", text, longest)
    except InvalidInput as error:
        problems.append(error)
    if action in NEED_REASON and not text.strip():
        problems.append(InvalidInput("reason", "required"))
    if action in NEED_DAY and until_on is None:
        problems.append(InvalidInput("until_on", "required"))
    elif until_on is not None and until_on < local_day(now):
        problems.append(InvalidInput("until_on", "before_today"))
    if problems:
        raise InvalidInputs(problems)
    return text
