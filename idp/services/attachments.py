"""Take in the files that people hand in about a record, and give them to those who may see it.

The file is written whole before its row; a transaction that fails takes the file away with it, and what a
killed process left is swept. Whoever hands a file in has been let in by the caller: `keep_attachment` asks no
permission of its own.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import BinaryIO

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from idp.adapters.storage import CHUNK, DraftFile, Storage, StorageError, kept_or_discarded
from idp.adapters.uploads import inspect, scan_for_viruses
from idp.models import Attachment, Evidence, PaperForm, PlanItem
from idp.rules.attachments import SCAN_KINDS, FileKind, UnacceptableFile, kept_name
from idp.rules.errors import InvalidInput, NotVisible
from idp.rules.paper import permission_for_scan
from idp.rules.plan_workflow import is_the_owners_alone
from idp.rules.relations import Actor
from idp.rules.terms import Permission, Relation, SubjectType
from idp.services.access import load_assessment, load_plan
from idp.services.history import record_history

FOLDER = "uploads"
LEFT_BEHIND = timedelta(hours=6)
"""A file without a row is no longer somebody's transaction after this long."""

ASKED_AT_ONCE = 1_000
"""Keys that one statement names: every file that was ever handed in may be there."""

MEGABYTE = 1024 * 1024
WAITING = "files of the transaction"


@dataclass(frozen=True)
class Upload:
    """A file as it was sent: what it is called there, and its content. No name: no file was chosen."""

    filename: str
    content: BinaryIO

    @property
    def is_chosen(self) -> bool:
        return bool(self.filename)


@dataclass(frozen=True)
class UploadDesk:
    """Where files are taken in: the storage, the largest that is taken, the deployment's virus scanner."""

    storage: Storage
    most_megabytes: int
    antivirus_command: str = ""


def keep_attachment(
    session: Session,
    desk: UploadDesk,
    actor: Actor,
    upload: Upload,
    subject: tuple[SubjectType, int],
    organisation_id: int,
    now: datetime,
    field: str = "file",
    about: str = "",
    kinds: tuple[FileKind, ...] = SCAN_KINDS,
) -> Attachment:
    """Check the file and keep it with its row and a line in the subject's history; `about`: the step that the
    file belongs to, for the history; `kinds`: what is taken.

    Raises InvalidInput at `field`: `no_file`, `empty_file`, `file_too_large`, what `inspect` and
    `scan_for_viruses` refuse with, or `not_stored` where the storage cannot be reached.
    """
    if not upload.is_chosen:
        raise InvalidInput(field, "no_file")
    with kept_or_discarded(desk.storage) as draft:
        copy_upload(upload.content, draft, desk.most_megabytes, field)
        try:
            kind = inspect(draft.file, kinds)
            scan_for_viruses(draft.path, desk.antivirus_command)
        except UnacceptableFile as error:
            raise InvalidInput(field, error.code) from error
        key = f"{organisation_id}/{FOLDER}/{token_hex(16)}.{kind.suffixes[0]}"
        remove_if_undone(session, desk.storage, key)
        try:
            stored = draft.keep(key)
        except StorageError as error:
            raise InvalidInput(field, "not_stored") from error
    attachment = Attachment(
        organisation_id=organisation_id,
        subject_type=subject[0],
        subject_id=subject[1],
        filename=kept_name(upload.filename, kind),
        media_type=kind.media_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=key,
        uploaded_by_person_id=actor.person_id,
        uploaded_at=now,
    )
    session.add(attachment)
    session.flush()
    detail = {"attachment_id": attachment.id, "filename": attachment.filename, "sha256": stored.sha256}
    if about:
        detail["about"] = about
    record_history(
        session, actor, subject, "attach_file", now, organisation_id=organisation_id, detail=detail
    )
    return attachment


def load_attachment(session: Session, actor: Actor, attachment_id: int, day: date) -> Attachment:
    """The file's row, if the actor may see today what it is about. Raises NotVisible: what exists and may not
    be seen is as good as missing.

    A scan shows what was signed: the scan of a rating is for those who may see the rating.
    """
    attachment = session.get(Attachment, attachment_id)
    if attachment is None:
        raise NotVisible
    form_event = session.scalar(select(PaperForm.event).where(PaperForm.attachment_id == attachment_id))
    needed = permission_for_scan(attachment.subject_type, form_event)
    if attachment.subject_type is SubjectType.ASSESSMENT:
        load_assessment(session, actor, attachment.subject_id, needed, day)
    elif attachment.subject_type is SubjectType.PLAN:
        load_plan(session, actor, attachment.subject_id, Permission.PLAN_VIEW, day)
    elif attachment.subject_type is SubjectType.PLAN_ITEM:
        _check_evidence(session, actor, attachment, day)
    else:
        raise NotVisible
    return attachment


def record_of(session: Session, attachment: Attachment) -> tuple[SubjectType, int]:
    """The assessment or the plan that the file is part of."""
    if attachment.subject_type is SubjectType.PLAN_ITEM:
        return SubjectType.PLAN, session.get_one(PlanItem, attachment.subject_id).plan_id
    return attachment.subject_type, attachment.subject_id


def _check_evidence(session: Session, actor: Actor, attachment: Attachment, day: date) -> None:
    """For those who read the lines of the plan; what was withdrawn, for its owner alone."""
    item = session.get(PlanItem, attachment.subject_id)
    evidence = session.scalar(select(Evidence).where(Evidence.attachment_id == attachment.id))
    if item is None or evidence is None:
        raise NotVisible
    plan, standing = load_plan(session, actor, item.plan_id, Permission.PLAN_VIEW, day)
    if Relation.OWNER in standing.relations:
        return
    was_handed_in = plan.submitted_at is not None or plan.approved_at is not None
    if evidence.withdrawn_at is not None or is_the_owners_alone(plan.state, was_handed_in=was_handed_in):
        raise NotVisible


def attachments_of(
    session: Session, subject_type: SubjectType, subject_ids: Collection[int]
) -> dict[int, tuple[Attachment, ...]]:
    """The files of each record, oldest first; one statement. Whether the reader may see the records is asked
    by the caller."""
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.subject_type == subject_type, Attachment.subject_id.in_(subject_ids))
        .order_by(Attachment.id)
    ).all()
    return {
        subject_id: tuple(row for row in rows if row.subject_id == subject_id) for subject_id in subject_ids
    }


def sweep_uploads(session: Session, storage: Storage, now: datetime) -> int:
    """Remove files that have no row, left by processes that died between the two; how many."""
    before = now - LEFT_BEHIND
    left = list(storage.keys_before(FOLDER, before))
    swept = 0
    for first in range(0, len(left), ASKED_AT_ONCE):
        keys = left[first : first + ASKED_AT_ONCE]
        known = set(session.scalars(select(Attachment.storage_key).where(Attachment.storage_key.in_(keys))))
        for key in keys:
            if key not in known:
                storage.remove(key)
                swept += 1
    return swept + storage.remove_drafts_before(before)


def copy_upload(content: BinaryIO, draft: DraftFile, most_megabytes: int, field: str) -> None:
    """Write what was sent into the draft. Raises InvalidInput at `field`: `empty_file`, `file_too_large`."""
    size = 0
    while chunk := content.read(CHUNK):
        size += len(chunk)
        if size > most_megabytes * MEGABYTE:
            raise InvalidInput(field, "file_too_large", maximum=most_megabytes)
        draft.file.write(chunk)
    if size == 0:
        raise InvalidInput(field, "empty_file")
    draft.file.flush()


def remove_if_undone(session: Session, storage: Storage, key: str) -> None:
    """Take the file away when the transaction is rolled back. The listeners are the session's own, once."""
    waiting: list[tuple[Storage, str]] | None = session.info.get(WAITING)
    if waiting is None:
        waiting = session.info[WAITING] = []
        event.listen(session, "after_commit", _forget)
        event.listen(session, "after_soft_rollback", _undo)
    waiting.append((storage, key))


def _forget(session: Session) -> None:
    session.info[WAITING].clear()


def _undo(session: Session, undone: SessionTransaction) -> None:
    if not undone.nested:
        for storage, key in session.info[WAITING]:
            with suppress(StorageError):  # it cannot be reached: the file is swept when it can
                storage.remove(key)
        session.info[WAITING].clear()
