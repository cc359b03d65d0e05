"""The places where documents are kept: a folder and an object storage promise the same."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from idp.adapters import object_storage
from idp.adapters.object_storage import Bucket, ObjectStorage
from idp.adapters.storage import LocalFolder, Storage, StorageError, StoredFile, kept_or_discarded
from idp.adapters.storage_choice import storage_for
from idp.config import load_settings
from tests.servers.object_storage import BUCKET, KEY_ID, REGION, SECRET, ObjectServer

KEY = "7/uploads/0123abcd.pdf"
CONTENT = b"%PDF-1.7 \xe0\xb9\x81\xe0\xb8\x9c\xe0\xb8\x99" * 5000


@pytest.fixture(autouse=True)
def without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[ObjectServer]:
    with ObjectServer() as running:
        yield running


def remote(server: ObjectServer, folder: Path, **changes: str) -> ObjectStorage:
    given = {"name": BUCKET, "key_id": KEY_ID, "secret": SECRET} | changes
    return ObjectStorage(Bucket(server.endpoint, region=REGION, **given), folder)


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return LocalFolder(tmp_path)
    return remote(request.getfixturevalue("server"), tmp_path)


def drafts(folder: Path) -> list[Path]:
    return list((folder / ".drafts").iterdir())


class TestEveryStorage:
    def test_what_is_put_is_there_whole(self, storage: Storage, tmp_path: Path) -> None:
        written = storage.put(KEY, CONTENT)
        assert written.size == len(CONTENT)
        with storage.open(KEY) as file:
            assert file.read(9) == CONTENT[:9]
            file.seek(0)
            assert file.read() == CONTENT
        with storage.open_whole(KEY, written) as file:
            assert file.read() == CONTENT
        assert drafts(tmp_path) == []

    def test_it_may_come_in_pieces_and_replace_what_was_there(self, storage: Storage) -> None:
        storage.put(KEY, b"before")
        written = storage.put(KEY, iter([b"one ", b"two"]))
        with storage.open_whole(KEY, written) as file:
            assert file.read() == b"one two"

    def test_a_draft_is_kept_or_gone(self, storage: Storage, tmp_path: Path) -> None:
        with kept_or_discarded(storage) as draft:
            draft.file.write(b"half")
            draft.file.flush()
            assert draft.path.read_bytes() == b"half"
        assert drafts(tmp_path) == []
        with pytest.raises(StorageError):
            storage.open(KEY)
        with kept_or_discarded(storage) as draft:
            draft.file.write(b"whole")
            assert draft.keep(KEY).size == 5
        assert drafts(tmp_path) == []

    def test_another_content_than_expected_is_an_error(self, storage: Storage) -> None:
        written = storage.put(KEY, CONTENT)
        for wrong in (StoredFile(written.size, "0" * 64), StoredFile(written.size + 1, written.sha256)):
            with pytest.raises(StorageError):
                storage.open_whole(KEY, wrong)

    def test_removing_is_harmless_when_there_is_nothing(self, storage: Storage) -> None:
        storage.put(KEY, CONTENT)
        for _ in range(2):
            storage.remove(KEY)
        with pytest.raises(StorageError, match="no document"):
            storage.open(KEY)

    @pytest.mark.parametrize("key", ["../x.pdf", "/etc/passwd", "a/../b.pdf", "a//b.pdf", "ก.pdf", "x", ""])
    def test_a_key_names_no_place_outside(self, storage: Storage, key: str) -> None:
        with pytest.raises(StorageError):
            storage.put(key, b"x")
        for act in (storage.open, storage.remove):
            with pytest.raises(StorageError):
                act(key)

    def test_keys_are_listed_by_folder_and_age(self, storage: Storage) -> None:
        keys = [f"{owner}/uploads/{number}.pdf" for owner in (1, 2, 3, 4) for number in range(3)]
        for key in (*keys, "1/imports/0.xlsx", "1/report-1.pdf"):
            storage.put(key, b"x")
        soon = datetime.now(UTC) + timedelta(hours=1)
        assert sorted(storage.keys_before("uploads", soon)) == keys
        assert list(storage.keys_before("uploads", soon - timedelta(hours=2))) == []
        assert list(storage.keys_before("imports", soon)) == ["1/imports/0.xlsx"]

    def test_old_drafts_are_thrown_away(self, storage: Storage, tmp_path: Path) -> None:
        for _ in range(2):
            storage.draft().file.close()
        old, _ = drafts(tmp_path)
        os.utime(old, (1, 1))
        assert storage.remove_drafts_before(datetime.now(UTC) - timedelta(hours=1)) == 1
        assert len(drafts(tmp_path)) == 1


def test_a_server_that_is_down_is_an_error_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_storage, "TRIES", 1)
    with ObjectServer() as server:
        storage = remote(server, tmp_path)
    for act in (
        lambda: storage.put(KEY, CONTENT),
        lambda: storage.open(KEY),
        lambda: storage.remove(KEY),
        lambda: list(storage.keys_before("uploads", datetime.now(UTC))),
    ):
        with pytest.raises(StorageError) as refused:
            act()
        assert SECRET not in str(refused.value) and KEY_ID not in str(refused.value)
    assert drafts(tmp_path) == []


@pytest.mark.parametrize("changes", [{"secret": "another-one-altogether"}, {"name": "no-such-bucket"}])
def test_who_is_not_let_in_is_told_so(server: ObjectServer, tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(StorageError, match=r"SignatureDoesNotMatch|NoSuchBucket"):
        remote(server, tmp_path, **changes).put(KEY, CONTENT)
    assert server.objects == {}


def test_a_busy_server_is_an_error(
    server: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_storage, "TRIES", 1)
    server.refuses = True
    with pytest.raises(StorageError, match="SlowDown"):
        remote(server, tmp_path).put(KEY, CONTENT)


def test_a_document_that_breaks_off_on_the_way_is_an_error(
    server: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_storage, "TRIES", 1)
    storage = remote(server, tmp_path)
    storage.put(KEY, CONTENT)
    server.breaks = True
    with pytest.raises(StorageError):
        storage.open(KEY)


def test_the_settings_choose_the_storage(server: ObjectServer, tmp_path: Path) -> None:
    local = load_settings({"IDP_DATA_DIR": str(tmp_path)})
    assert isinstance(storage_for(local), LocalFolder)
    named = {
        "IDP_S3_ENDPOINT": server.endpoint,
        "IDP_S3_BUCKET": BUCKET,
        "IDP_S3_KEY_ID": KEY_ID,
        "IDP_S3_SECRET": SECRET,
    }
    settings = load_settings({"IDP_DATA_DIR": str(tmp_path), **named})
    chosen = storage_for(settings)
    assert isinstance(chosen, ObjectStorage) and storage_for(settings) is chosen
    chosen.put(KEY, io.BytesIO(CONTENT).read())
    assert server.objects[KEY].content == CONTENT
    assert SECRET not in repr(settings) and SECRET not in repr(chosen.bucket)
