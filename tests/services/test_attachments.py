"""Files that people hand in: taken whole or not at all, kept with their row or not at all, given only to
those who may see what they are about."""

from __future__ import annotations

import io
import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from idp.adapters.storage import LocalFolder, StorageError, StoredFile
from idp.adapters.uploads import jpeg_is_whole
from idp.models import Attachment, HistoryEntry
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible
from idp.rules.terms import SubjectType
from idp.services import attachments
from idp.services.attachments import (
    FOLDER,
    LEFT_BEHIND,
    Upload,
    UploadDesk,
    attachments_of,
    keep_attachment,
    load_attachment,
    sweep_uploads,
)
from tests.factories import files, steps
from tests.factories.sample import Sample, at

DAY = date(2025, 10, 6)
NOW = at(DAY)


@pytest.fixture
def storage(tmp_path: Path) -> LocalFolder:
    return LocalFolder(tmp_path / "documents")


@pytest.fixture
def desk(storage: LocalFolder) -> UploadDesk:
    return UploadDesk(storage, 1)


def keep(
    session: Session, sample: Sample, desk: UploadDesk, name: str, content: bytes, **kwargs: str
) -> Attachment:
    return keep_attachment(
        session,
        desk,
        sample.cast.malee,
        Upload(name, io.BytesIO(content)),
        (SubjectType.ASSESSMENT, sample.assessment.id),
        sample.organisation.id,
        NOW,
        **kwargs,
    )


def kept_files(storage: LocalFolder) -> list[str]:
    return [path.name for path in storage.root.glob(f"*/{FOLDER}/*")]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        (files.THAI_NAME, files.pdf(), "application/pdf"),
        ("ภาพถ่าย.jpg", files.picture("JPEG"), "image/jpeg"),
        ("scan.PNG", files.picture("PNG"), "image/png"),
    ],
)
def test_a_sound_file_is_kept_as_it_was_sent(
    session: Session,
    sample: Sample,
    desk: UploadDesk,
    storage: LocalFolder,
    name: str,
    content: bytes,
    media_type: str,
) -> None:
    row = keep(session, sample, desk, name, content)
    session.commit()
    assert (row.filename, row.media_type, row.size) == (name, media_type, len(content))
    with storage.open_whole(row.storage_key, StoredFile(row.size, row.sha256)) as kept:
        assert kept.read() == content
    assert attachments_of(session, SubjectType.ASSESSMENT, [sample.assessment.id]) == {
        sample.assessment.id: (row,)
    }
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "attach_file")).one()
    assert entry.detail["sha256"] == row.sha256 and entry.actor_person_id == sample.cast.malee.person_id


@pytest.mark.parametrize("case", files.BROKEN)
def test_what_nobody_can_open_is_refused_and_leaves_nothing(
    session: Session, sample: Sample, desk: UploadDesk, storage: LocalFolder, case: str
) -> None:
    name, content, code = files.BROKEN[case]
    with pytest.raises(InvalidInput) as refused:
        keep(session, sample, desk, name, content, field="scan")
    assert (refused.value.field, refused.value.code) == ("scan", code)
    assert session.scalar(select(Attachment)) is None
    assert kept_files(storage) == [] and list(storage.drafts.iterdir()) == []


def test_a_file_of_the_largest_size_is_taken_and_one_byte_more_is_not(
    session: Session, sample: Sample, desk: UploadDesk
) -> None:
    largest = files.pdf()
    largest += b"\n" * (1024 * 1024 - len(largest))
    assert keep(session, sample, desk, "a.pdf", largest).size == 1024 * 1024
    with pytest.raises(InvalidInput) as refused:
        keep(session, sample, desk, "a.pdf", largest + b"\n")
    assert refused.value.code == "file_too_large" and refused.value.values == {"maximum": 1}


@pytest.mark.parametrize(("exit_code", "code"), [(0, None), (1, "infected"), (2, "not_scanned")])
def test_the_deployments_scanner_has_the_last_word(
    session: Session, sample: Sample, storage: LocalFolder, exit_code: int, code: str | None
) -> None:
    command = f'{sys.executable} -c "import sys; open(sys.argv[1]); sys.exit({exit_code})"'
    desk = UploadDesk(storage, 1, command)
    if code is None:
        assert keep(session, sample, desk, "a.pdf", files.pdf())
        return
    with pytest.raises(InvalidInput) as refused:
        keep(session, sample, desk, "a.pdf", files.pdf())
    assert refused.value.code == code and kept_files(storage) == []


def test_a_scanner_that_is_not_there_lets_nothing_in(
    session: Session, sample: Sample, storage: LocalFolder
) -> None:
    with pytest.raises(InvalidInput, match="not_scanned"):
        keep(session, sample, UploadDesk(storage, 1, "/no/such/scanner"), "a.pdf", files.pdf())


def test_the_file_goes_with_the_transaction_that_failed(
    session: Session, sample: Sample, desk: UploadDesk, storage: LocalFolder
) -> None:
    session.commit()
    keep(session, sample, desk, "a.pdf", files.pdf())
    assert len(kept_files(storage)) == 1
    session.rollback()
    assert kept_files(storage) == []
    keep(session, sample, desk, "b.pdf", files.pdf())
    session.commit()
    session.rollback()
    assert len(kept_files(storage)) == 1


def test_what_a_killed_process_left_is_swept_and_nothing_else(
    session: Session, sample: Sample, desk: UploadDesk, storage: LocalFolder
) -> None:
    kept = keep(session, sample, desk, "a.pdf", files.pdf())
    session.commit()
    orphan, fresh = f"1/{FOLDER}/{'0' * 32}.pdf", f"1/{FOLDER}/{'1' * 32}.pdf"
    storage.put(orphan, files.pdf())
    storage.put(fresh, files.pdf())
    report = "1/report-1.pdf"
    storage.put(report, b"x")
    storage.draft().file.close()
    old = NOW.timestamp() - LEFT_BEHIND.total_seconds() - 60
    for path in (
        *(storage.path_of(key) for key in (kept.storage_key, orphan, report)),
        *storage.drafts.iterdir(),
    ):
        os.utime(path, (old, old))
    os.utime(storage.path_of(fresh), (NOW.timestamp(), NOW.timestamp()))
    assert sweep_uploads(session, storage, NOW) == 2
    assert sweep_uploads(session, storage, NOW) == 0
    for key in (kept.storage_key, fresh, report):
        storage.open(key).close()
    with pytest.raises(StorageError):
        storage.open(orphan)


def test_files_are_asked_for_some_at_a_time(
    session: Session,
    sample: Sample,
    desk: UploadDesk,
    storage: LocalFolder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attachments, "ASKED_AT_ONCE", 2)
    kept = [keep(session, sample, desk, f"{number}.pdf", files.pdf()).storage_key for number in range(3)]
    session.commit()
    orphans = [f"1/{FOLDER}/{str(number) * 32}.pdf" for number in range(4)]
    for key in orphans:
        storage.put(key, files.pdf())
    old = NOW.timestamp() - LEFT_BEHIND.total_seconds() - 60
    for key in (*kept, *orphans):
        os.utime(storage.path_of(key), (old, old))
    named: list[int] = []

    def note(_connection: Any, _cursor: Any, _statement: str, parameters: Any, *_more: Any) -> None:
        named.append(len(parameters))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        assert sweep_uploads(session, storage, NOW) == len(orphans)
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)
    assert [each for each in named if each] == [2, 2, 2, 1]
    for key in kept:
        storage.open(key).close()


def test_a_file_is_for_those_who_may_see_the_record(
    session: Session, sample: Sample, desk: UploadDesk
) -> None:
    row, cast = keep(session, sample, desk, "a.pdf", files.pdf()), sample.cast
    for actor in (cast.somchai, cast.suda, cast.prasit, cast.malee):
        assert load_attachment(session, actor, row.id, DAY) is row
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            load_attachment(session, actor, row.id, DAY)
    with pytest.raises(NotVisible):
        load_attachment(session, cast.malee, row.id + 1, DAY)


def test_the_file_of_a_plan_follows_the_plan(session: Session, sample: Sample, desk: UploadDesk) -> None:
    plan, cast = steps.drafted(session, sample), sample.cast
    row = keep_attachment(
        session,
        desk,
        cast.somchai,
        Upload("a.pdf", io.BytesIO(files.pdf())),
        (SubjectType.PLAN, plan.id),
        sample.organisation.id,
        NOW,
    )
    day = steps.PLAN_DAY + timedelta(days=1)
    assert load_attachment(session, cast.somchai, row.id, day) is row
    for actor in (cast.suda, cast.malee, *cast.outsiders):
        with pytest.raises((NotVisible, NotPermitted)):
            load_attachment(session, actor, row.id, day)


def test_a_jpeg_is_whole_only_up_to_its_end_marker() -> None:
    for size in ((8, 8), (600, 400)):
        whole = files.picture("JPEG", size)
        assert jpeg_is_whole(whole) and jpeg_is_whole(whole + b"trailer of a telephone")
        assert not any(jpeg_is_whole(whole[:length]) for length in range(2, len(whole) - 1, 97))
    progressive = io.BytesIO()
    Image.effect_noise((200, 150), 50).save(progressive, "JPEG", progressive=True)
    assert jpeg_is_whole(progressive.getvalue()) and not jpeg_is_whole(progressive.getvalue()[:-2])
