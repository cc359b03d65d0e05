"""Documents in an object storage that speaks S3: Amazon's, MinIO, Ceph, and what government clouds offer.

What is uploaded is signed with its hash, so that the server itself refuses what came across changed; it is a
whole object or none. What is read is first brought here whole: a document that breaks off on the way is an
error and never half a document. The library (boto3) is loaded when a storage is opened for the first time.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, cast

from idp.adapters.storage import (
    CHUNK,
    DraftFile,
    DraftFolder,
    StorageError,
    StoredFile,
    checked_key,
    checked_whole,
    put_by_draft,
)

CONNECT_SECONDS, READ_SECONDS, TRIES = 5, 30, 3
IN_MEMORY = 1 << 20
HASH = "sha256"
GONE = frozenset({"NoSuchKey", "404", "NotFound"})


@dataclass(frozen=True)
class Bucket:
    """Where it is, and who we are there."""

    endpoint: str
    name: str
    region: str
    key_id: str
    secret: str = field(repr=False)


class ObjectStorage:
    """Documents as objects of one bucket; `drafts`: a folder of this machine for what is being written."""

    def __init__(self, bucket: Bucket, drafts: Path) -> None:
        self.bucket, self._drafts = bucket, DraftFolder(drafts)

    def put(self, key: str, content: bytes | Iterable[bytes]) -> StoredFile:
        return put_by_draft(self, key, content)

    def open(self, key: str) -> BinaryIO:
        name = checked_key(key)
        here = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (the caller closes it)
        try:
            with _as_storage_error(f"document {key}"):
                answer = self._client.get_object(Bucket=self.bucket.name, Key=name)
                with closing(answer["Body"]) as body:  # which counts what it reads, unlike what `with` gives
                    while chunk := body.read(CHUNK):
                        here.write(chunk)
        except StorageError:
            here.close()
            raise
        here.seek(0)
        return cast(BinaryIO, here)

    def open_whole(self, key: str, expected: StoredFile) -> BinaryIO:
        return checked_whole(self.open(key), key, expected)

    def draft(self) -> DraftFile:
        return DraftFile(self._drafts.path, self._upload)

    def remove(self, key: str) -> None:
        with _as_storage_error(f"document {key}"):
            self._client.delete_object(Bucket=self.bucket.name, Key=checked_key(key))

    def keys_before(self, folder: str, moment: datetime) -> Iterator[str]:
        """By prefix, page by page: first the organisations, then the folder of each."""
        for owner in self._listed("CommonPrefixes", Prefix="", Delimiter="/"):
            for each in self._listed("Contents", Prefix=f"{owner['Prefix']}{folder}/"):
                if each["LastModified"] < moment:
                    yield each["Key"]

    def remove_drafts_before(self, moment: datetime) -> int:
        return self._drafts.remove_before(moment)

    def _upload(self, draft: Path, key: str, written: StoredFile) -> None:
        with _as_storage_error(f"document {key}"), draft.open("rb") as content:
            self._client.put_object(
                Bucket=self.bucket.name,
                Key=key,
                Body=content,
                ContentLength=written.size,
                Metadata={HASH: written.sha256},
            )
            kept = self._client.head_object(Bucket=self.bucket.name, Key=key)
        if (kept["ContentLength"], kept["Metadata"].get(HASH)) != (written.size, written.sha256):
            raise StorageError(f"document {key} was not kept as it was sent")

    def _listed(self, part: str, **asked: str) -> Iterator[dict[str, Any]]:
        with _as_storage_error("the list of documents"):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket.name, **asked)
            for page in pages:
                yield from page.get(part, ())

    @cached_property
    def _client(self) -> Any:
        try:
            import boto3
            from botocore.config import Config
        except ImportError as error:
            raise StorageError("the package boto3 is missing: install idp[s3]") from error
        session = boto3.session.Session()  # of its own: nothing is read from another program's settings
        return session.client(
            "s3",
            endpoint_url=self.bucket.endpoint,
            region_name=self.bucket.region,
            aws_access_key_id=self.bucket.key_id,
            aws_secret_access_key=self.bucket.secret,
            config=Config(
                signature_version="s3v4",
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
                # The bucket in the path and the hash in the signature: what every such server understands.
                s3={"addressing_style": "path", "payload_signing_enabled": True},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )


@contextmanager
def _as_storage_error(what: str) -> Iterator[None]:
    """Whatever goes wrong on the way becomes a StorageError without the addresses and the keys of the
    request."""
    try:
        yield
    except StorageError:
        raise
    except OSError as error:
        raise StorageError(f"{what}: {error.strerror or type(error).__name__}") from error
    except Exception as error:
        if not type(error).__module__.startswith(("boto", "urllib3")):
            raise
        code = getattr(error, "response", {}).get("Error", {}).get("Code", type(error).__name__)
        raise StorageError(f"no {what}" if code in GONE else f"{what}: {code}") from error
