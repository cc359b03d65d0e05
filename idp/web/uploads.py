"""Receive files: the form that brings too large a one comes back with all that was typed in it.

A request with a file may be larger than others. What exceeds the largest file is read and thrown away instead
of being kept: so the fields behind it still arrive, and the server's disk fills with nothing.
"""

import io
import tempfile
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, Request, current_app, request

from idp.adapters.storage_choice import storage_for
from idp.config import Settings
from idp.services.attachments import MEGABYTE, Upload, UploadDesk

View = TypeVar("View", bound=Callable[..., Any])

MOST_BYTES_SENT = 256 * MEGABYTE
"""Above this a request with a file is cut off like any other that is too large."""

IN_MEMORY = 512 * 1024


class CappedFile(tempfile.SpooledTemporaryFile[bytes]):
    """Keeps one byte more than the largest file taken: enough to see that it was too large."""

    def __init__(self, most: int) -> None:
        super().__init__(max_size=IN_MEMORY, mode="w+b")
        self._room = most + 1

    def write(self, chunk: bytes) -> int:  # type: ignore[override]
        kept = chunk[: self._room]
        self._room -= len(kept)
        super().write(kept)
        return len(chunk)


class UploadRequest(Request):
    """Flask's request, whose files are capped as they arrive."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> Any:
        settings: Settings = current_app.extensions["settings"]
        return CappedFile(settings.upload_megabytes * MEGABYTE)


def init_uploads(app: Flask) -> None:
    """Must be registered before whatever reads the form."""
    app.request_class = UploadRequest
    app.before_request(_allow_files)


def takes_files(view: View) -> View:
    """The view reads a form with a file. Goes below `guarded`."""
    cast(Any, view).takes_files = True
    return view


def _allow_files() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_files", False):
        request.max_content_length = MOST_BYTES_SENT


def sent_file(field: str) -> Upload:
    """The file of that field; one without a name where none was chosen."""
    sent = request.files.get(field)
    if sent is None:
        return Upload("", io.BytesIO())
    return Upload(sent.filename or "", cast(Any, sent.stream))


def sent_files(field: str, most: int) -> list[Upload]:
    """The files of a field that takes several; what is beyond `most` of them is not there."""
    sent = [each for each in request.files.getlist(field) if each.filename]
    return [Upload(each.filename or "", cast(Any, each.stream)) for each in sent[:most]]


def upload_desk() -> UploadDesk:
    """The deployment's storage, limit and scanner."""
    settings: Settings = current_app.extensions["settings"]
    return UploadDesk(storage_for(settings), settings.upload_megabytes, settings.antivirus_command)
