"""Take a file in: kept as it was sent, to be read by a worker. Nothing else is written."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.adapters.spreadsheets import TableFormat, UnreadableTable, format_of
from idp.adapters.storage import Storage, StorageError, kept_or_discarded
from idp.adapters.uploads import scan_for_viruses
from idp.models import DataImport
from idp.rules.attachments import FileKind, UnacceptableFile, kept_name
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted, NotVisible
from idp.rules.imports import MOST_BYTES, ImportState
from idp.rules.relations import Actor
from idp.rules.terms import Permission, SubjectType
from idp.services.access import check_organisation
from idp.services.attachments import MEGABYTE, Upload, UploadDesk, copy_upload, remove_if_undone
from idp.services.history import record_history
from idp.services.imports.registry import kind_of

FOLDER = "imports"
ORPHANED_AFTER = timedelta(hours=6)

FILE_KINDS = {
    TableFormat.XLSX: FileKind(TableFormat.XLSX.media_type, b"PK", ("xlsx", "xlsm")),
    TableFormat.CSV: FileKind(TableFormat.CSV.media_type, b"", ("csv", "txt")),
}


def hand_in(
    session: Session,
    desk: UploadDesk,
    actor: Actor,
    kind_key: str,
    typed: Mapping[str, str],
    upload: Upload,
    now: datetime,
) -> DataImport:
    """Keep the file and its row, for a worker to read. `typed`: what was chosen for the kind's parameters.

    Raises NotVisible, NotPermitted, and InvalidInputs at the parameters and at `file`: `no_file`,
    `empty_file`, `table_too_large`, `not_a_table`, `old_workbook`, `locked_workbook`, `unfolds_too_far`,
    `infected`, `not_scanned`.
    """
    day = local_day(now)
    check_organisation(session, actor, Permission.IMPORT_RUN, day)
    kind = kind_of(kind_key)
    check_organisation(session, actor, kind.permission, day)
    if actor.person_id is None or actor.organisation_id is None:
        raise NotPermitted(Permission.IMPORT_RUN)
    problems: list[InvalidInput] = []
    parameters = {}
    try:
        parameters = kind.checked_parameters(session, actor, typed, day)
    except InvalidInput as error:
        problems.append(error)
    with kept_or_discarded(desk.storage) as draft:
        try:
            most = min(desk.most_megabytes, MOST_BYTES // MEGABYTE)
            if not upload.is_chosen:
                raise InvalidInput("file", "no_file")
            try:
                copy_upload(upload.content, draft, most, "file")
            except InvalidInput as error:
                if error.code == "file_too_large":
                    raise InvalidInput("file", "table_too_large", maximum=most) from error
                raise
            file_kind = FILE_KINDS[format_of(draft.file)]
            scan_for_viruses(draft.path, desk.antivirus_command)
        except InvalidInput as error:
            problems.append(error)
        except UnreadableTable as error:
            problems.append(InvalidInput("file", error.code, **error.values))
        except UnacceptableFile as error:
            problems.append(InvalidInput("file", error.code))
        if problems:
            raise InvalidInputs(problems)
        key = f"{actor.organisation_id}/{FOLDER}/{token_hex(16)}.{file_kind.suffixes[0]}"
        remove_if_undone(session, desk.storage, key)
        try:
            stored = draft.keep(key)
        except StorageError as error:
            raise InvalidInput("file", "not_stored") from error
    handed = DataImport(
        organisation_id=actor.organisation_id,
        kind=kind.key,
        state=ImportState.UPLOADED,
        parameters=parameters,
        filename=kept_name(upload.filename, file_kind),
        sha256=stored.sha256,
        storage_key=key,
        person_id=actor.person_id,
        created_at=now,
    )
    session.add(handed)
    session.flush()
    note(session, actor, handed, "hand_in_file", now, (None, ImportState.UPLOADED))
    return handed


def load_import(
    session: Session, actor: Actor, import_id: int, now: datetime, *, locked: bool = False
) -> DataImport:
    """One of the organisation signed in to. Raises NotVisible, NotPermitted."""
    handed = session.get(DataImport, import_id, with_for_update=locked, populate_existing=locked)
    if handed is None or handed.organisation_id != actor.organisation_id:
        raise NotVisible
    check_organisation(session, actor, Permission.IMPORT_RUN, local_day(now))
    check_organisation(session, actor, kind_of(handed.kind).permission, local_day(now))
    return handed


def note(
    session: Session,
    actor: Actor,
    handed: DataImport,
    event: str,
    now: datetime,
    states: tuple[ImportState | None, ImportState | None],
    **detail: object,
) -> None:
    """A line in the history of the file."""
    about = {"kind": handed.kind, "filename": handed.filename, "sha256": handed.sha256}
    record_history(
        session,
        actor,
        (SubjectType.IMPORT, handed.id),
        event,
        now,
        organisation_id=handed.organisation_id,
        states=states,
        detail={**about, **detail},
    )


def sweep_files(session: Session, storage: Storage, now: datetime) -> int:
    """Remove files that have no row, left by processes that died between the two; how many."""
    left = list(storage.keys_before(FOLDER, now - ORPHANED_AFTER))
    known = set(session.scalars(select(DataImport.storage_key).where(DataImport.storage_key.in_(left))))
    for key in left:
        if key not in known:
            storage.remove(key)
    return sum(key not in known for key in left)
