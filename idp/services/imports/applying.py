"""Let in what the dry run showed: the good rows, chunk by chunk, each judged again just before.

A row that would by now do something else than was shown is left out and named. Each chunk is one transaction
with its rows' marks: whoever carries on after a process that died does nothing twice.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from idp.models import DataImport, DataImportRow, UserAccount
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, NotPermitted, RuleViolation, StaleVersion
from idp.rules.imports import LEFT_BEHIND, WRITES, ImportState, RowEffect
from idp.rules.relations import Actor
from idp.rules.terms import Permission
from idp.services.access import check_organisation
from idp.services.imports.intake import load_import, note
from idp.services.imports.kind import ImportKind, Judgement, Scope
from idp.services.imports.reading import is_as_shown, is_there_already, judge_rows, problem_data, scope_of
from idp.services.imports.registry import kind_of
from idp.services.saving import save

ORIGIN = "worker"


def confirm(
    session: Session, actor: Actor, import_id: int, now: datetime, expected_version: int | None = None
) -> bool:
    """The actor lets the good rows in; False when somebody did so before: nothing is done twice.

    Raises NotVisible, NotPermitted, StaleVersion, InvalidInput at `rows` (`nothing_to_let_in`).
    """
    handed = load_import(session, actor, import_id, now, locked=True)
    if handed.state in (ImportState.APPLYING, ImportState.APPLIED):
        return False
    if handed.state is not ImportState.CHECKED or expected_version not in (None, handed.version):
        raise StaleVersion
    count = _waiting_count(session, handed.id)
    if not count:
        raise InvalidInput("rows", "nothing_to_let_in")
    handed.state, handed.confirmed_by_person_id = ImportState.APPLYING, actor.person_id
    handed.claimed_until, handed.attempts = None, 0
    save(session)
    note(
        session,
        actor,
        handed,
        "confirm_import",
        now,
        (ImportState.CHECKED, ImportState.APPLYING),
        count=count,
    )
    return True


def abandon(
    session: Session, actor: Actor, import_id: int, now: datetime, expected_version: int | None = None
) -> None:
    """Give a file up of which nothing was let in. Raises NotVisible, NotPermitted, StaleVersion."""
    handed = load_import(session, actor, import_id, now, locked=True)
    if handed.state is ImportState.ABANDONED:
        return
    if handed.state not in LEFT_BEHIND or expected_version not in (None, handed.version):
        raise StaleVersion
    before, handed.state = handed.state, ImportState.ABANDONED
    handed.claimed_until = None
    save(session)
    note(session, actor, handed, "abandon_import", now, (before, ImportState.ABANDONED))


def apply_chunk(session: Session, handed: DataImport, now: datetime) -> bool:
    """Let the next rows in, in the name of who confirmed them; True when none is left. `handed` is locked."""
    kind = kind_of(handed.kind)
    waiting = _waiting(session, handed.id, kind.chunk)
    if not waiting:
        _finish(session, handed, now)
        return True
    actor = Actor(handed.confirmed_by_person_id, handed.organisation_id, ORIGIN)
    scope = scope_of(session, handed, handed.header, actor, now)
    if _may_still(session, scope, kind):
        _let_in(kind, scope, waiting)
        handed.attempts = 0
        save(session)
        return False
    leave_undone(session, handed, now, InvalidInput("", "not_permitted_any_more"))
    return True


def leave_undone(session: Session, handed: DataImport, now: datetime, why: InvalidInput) -> None:
    """End it without the rows that wait: they are named, and can be handed in again."""
    for row in _waiting(session, handed.id, None):
        _mark(row, why)
    session.flush()
    _finish(session, handed, now)


def _let_in(kind: ImportKind, scope: Scope, rows: Sequence[DataImportRow]) -> None:
    cells = {row.place: row.cells for row in rows}
    if kind.chunk is None:
        cells |= _cells_beside(scope.session, rows[0].import_id)
    judged = {each.place: each for each in judge_rows(kind, scope, dict(sorted(cells.items())))}
    chosen: list[tuple[DataImportRow, Judgement]] = []
    for row in rows:
        now_is = judged[row.place]
        if is_as_shown(row, now_is):
            chosen.append((row, now_is))
        elif is_there_already(row, now_is):
            row.is_done = True
        else:
            _mark(row, *now_is.problems or (InvalidInput("", "changed_since_check"),))
    if chosen and not _apply(kind, scope, chosen) and len(chosen) > 1 and kind.chunk is not None:
        for each in chosen:  # one of them is in the way: the others are not to wait for it
            _apply(kind, scope, [each])
    for row, _judgement in chosen:
        if row.is_done is None:
            _mark(row, InvalidInput("", "changed_since_check"))


def _apply(kind: ImportKind, scope: Scope, chosen: Sequence[tuple[DataImportRow, Judgement]]) -> bool:
    try:
        with scope.session.begin_nested():
            kind.apply(scope, [judgement for _row, judgement in chosen])
    except InvalidInput as refusal:
        if len(chosen) == 1:
            _mark(chosen[0][0], *getattr(refusal, "problems", (refusal,)))
        return False
    except (RuleViolation, StaleDataError):
        return False
    for row, _judgement in chosen:
        row.is_done = True
    return True


def _mark(row: DataImportRow, *problems: InvalidInput) -> None:
    row.is_done, row.problems = False, [problem_data(each) for each in problems]


def _waiting(session: Session, import_id: int, limit: int | None) -> Sequence[DataImportRow]:
    return session.scalars(
        select(DataImportRow)
        .where(
            DataImportRow.import_id == import_id,
            DataImportRow.effect.in_(WRITES),
            DataImportRow.is_done.is_(None),
        )
        .order_by(DataImportRow.place)
        .limit(limit)
    ).all()


def _cells_beside(session: Session, import_id: int) -> dict[int, dict[str, str]]:
    """By place those of the rows that change nothing: where rows belong together, the others may lean on
    them."""
    rows = session.execute(
        select(DataImportRow.place, DataImportRow.cells).where(
            DataImportRow.import_id == import_id, DataImportRow.effect == RowEffect.NOTHING
        )
    )
    return dict(iter(rows))


def _waiting_count(session: Session, import_id: int) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(DataImportRow)
            .where(
                DataImportRow.import_id == import_id,
                DataImportRow.effect.in_(WRITES),
                DataImportRow.is_done.is_(None),
            )
        )
        or 0
    )


def _may_still(session: Session, scope: Scope, kind: ImportKind) -> bool:
    """Whether who confirmed may still import there, and their log-in was not shut meanwhile."""
    shut = select(UserAccount.id).where(
        UserAccount.person_id == scope.actor.person_id, UserAccount.is_active.is_(False)
    )
    if session.scalar(select(shut.exists())):
        return False
    try:
        for permission in (Permission.IMPORT_RUN, kind.permission):
            check_organisation(session, scope.actor, permission, local_day(scope.now))
    except NotPermitted:
        return False
    return True


def _finish(session: Session, handed: DataImport, now: datetime) -> None:
    rows = session.execute(
        select(DataImportRow.is_done, func.count())
        .where(DataImportRow.import_id == handed.id, DataImportRow.effect.in_(WRITES))
        .group_by(DataImportRow.is_done)
    )
    counts: dict[bool | None, int] = dict(iter(rows))
    handed.state, handed.applied_at, handed.claimed_until = ImportState.APPLIED, now, None
    save(session)
    actor = Actor(handed.confirmed_by_person_id, handed.organisation_id, ORIGIN)
    note(
        session,
        actor,
        handed,
        "finish_import",
        now,
        (ImportState.APPLYING, ImportState.APPLIED),
        done=counts.get(True, 0),
        not_done=counts.get(False, 0),
    )
