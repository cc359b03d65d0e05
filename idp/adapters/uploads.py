"""Look into a file that somebody handed in: by its content alone, without trusting it.

A picture is never unpacked whole: a few kilobytes can unfold into gigabytes.
"""

import shlex
import subprocess
from pathlib import Path
from typing import BinaryIO

from PIL import Image
from pypdf import PdfReader

from idp.adapters.office_files import office_kind
from idp.rules.attachments import (
    JPEG,
    LONGEST_MAGIC,
    MOST_PIXELS,
    OFFICE_KINDS,
    OLD_OFFICE,
    PDF,
    PNG,
    SCAN_KINDS,
    WEBP,
    FileKind,
    UnacceptableFile,
    is_heic,
    kind_of,
)

SCAN_SECONDS = 60
CLEAN, INFECTED = 0, 1
"""The exit codes that scanners have in common; any other means that the scan did not succeed."""

GLANCE = (256, 256)
"""A picture in JPEG is read at about this size: to its end, in little memory."""


MARKER, START_OF_SCAN, END_OF_PICTURE = 0xFF, 0xDA, 0xD9
WITHIN_SCAN = frozenset({0x00, *range(0xD0, 0xD8)})
"""What may follow 0xFF inside the picture's data."""


PICTURES = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
"""As the decoder calls them."""


def inspect(file: BinaryIO, taken: tuple[FileKind, ...] = SCAN_KINDS) -> FileKind:
    """The file's kind, when it is one of those `taken` and can be opened by whoever has to read it.

    Raises UnacceptableFile `wrong_file_type` (`wrong_evidence_type` where more than scans are taken),
    `heic_picture`, `old_office_file`, `broken_file`, `encrypted_file`, `no_pages`, `too_many_pixels`,
    `has_macros` or `unfolds_too_far`. Leaves the file at its beginning.
    """
    file.seek(0)
    first = file.read(LONGEST_MAGIC)
    kind = kind_of(first)
    if kind in OFFICE_KINDS and any(each in taken for each in OFFICE_KINDS):
        kind = office_kind(file)
    if kind is None or kind not in taken:
        raise UnacceptableFile(_why_not_taken(first, taken))
    try:
        file.seek(0)
        if kind in OFFICE_KINDS:
            return kind
        if kind is PDF:
            _look_at_pdf(file)
        else:
            _look_at_picture(file, kind)
    except UnacceptableFile:
        raise
    except Exception as error:  # the libraries raise whatever a broken file makes them stumble over
        raise UnacceptableFile("broken_file") from error
    finally:
        file.seek(0)
    return kind


def _why_not_taken(first_bytes: bytes, taken: tuple[FileKind, ...]) -> str:
    if is_heic(first_bytes):
        return "heic_picture"
    if taken == SCAN_KINDS:
        return "wrong_file_type"
    return "old_office_file" if first_bytes.startswith(OLD_OFFICE) else "wrong_evidence_type"


def scan_for_viruses(path: Path, command: str) -> None:
    """Have the deployment's scanner look at the file; without a command nothing is done.

    The path is the command's last word, as clamdscan has it. Raises UnacceptableFile `infected` or
    `not_scanned`.
    """
    if not command:
        return
    try:
        done = subprocess.run(
            [*shlex.split(command), str(path)], check=False, capture_output=True, timeout=SCAN_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnacceptableFile("not_scanned") from error
    if done.returncode == INFECTED:
        raise UnacceptableFile("infected")
    if done.returncode != CLEAN:
        raise UnacceptableFile("not_scanned")


def jpeg_is_whole(content: bytes) -> bool:
    """Whether the picture comes to its end marker. The decoder cannot be asked: another library of the same
    process may have told it to be content with less."""
    place = 2
    while place + 4 <= len(content) and content[place] == MARKER:
        kind = content[place + 1]
        if kind == END_OF_PICTURE:
            return True
        if kind == MARKER:  # a filler before the marker proper
            place += 1
            continue
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if kind == START_OF_SCAN:
            place = _after_scan(content, place)
    return content[place : place + 2] == bytes((MARKER, END_OF_PICTURE))


def _after_scan(content: bytes, place: int) -> int:
    """Where the marker stands that ends the scan; the end of the content when there is none."""
    while (place := content.find(MARKER, place)) >= 0 and place + 1 < len(content):
        if content[place + 1] not in WITHIN_SCAN:
            return place
        place += 2
    return len(content)


def _look_at_pdf(file: BinaryIO) -> None:
    reader = PdfReader(file, strict=False)
    if reader.is_encrypted:
        raise UnacceptableFile("encrypted_file")
    if len(reader.pages) == 0:
        raise UnacceptableFile("no_pages")
    assert reader.pages[0] is not None  # the first page is really there


def _look_at_picture(file: BinaryIO, kind: FileKind) -> None:
    try:
        picture = Image.open(file, formats=(PICTURES[kind],))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnacceptableFile("too_many_pixels") from error
    with picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise UnacceptableFile("too_many_pixels")
        if kind is JPEG:
            picture.draft("L", GLANCE)
            picture.load()
            file.seek(0)
            if not jpeg_is_whole(file.read()):
                raise UnacceptableFile("broken_file")
        elif kind is WEBP:
            _check_length_of_webp(file)
        else:
            picture.verify()  # every part of the file is there and has its check sum; nothing is unpacked


def _check_length_of_webp(file: BinaryIO) -> None:
    """The container says how long it is; a file cut off is shorter."""
    file.seek(4)
    said = int.from_bytes(file.read(4), "little") + 8
    if file.seek(0, 2) < said:
        raise UnacceptableFile("broken_file")
