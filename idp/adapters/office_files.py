"""Look into a document of Word, Excel or PowerPoint (Office Open XML): which it is, without unpacking more
than it may hold.

The archive's own directory is believed for nothing but refusing: a part is never read beyond the size that
the directory gives, and a directory that promises too much is refused before anything is unpacked.
"""

import zipfile
from collections.abc import Iterable
from typing import BinaryIO

from defusedxml.ElementTree import fromstring

from idp.rules.attachments import DOCX, PPTX, XLSX, FileKind, UnacceptableFile

CONTENT_TYPES = "[Content_Types].xml"
NAMESPACE = "{http://schemas.openxmlformats.org/package/2006/content-types}"
MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": PPTX,
}

MOST_PARTS = 5_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_TIMES_LARGER = 200
"""Text packs to about a twentieth, an empty sheet to a hundredth; what unfolds further was made for it."""

SMALL = 5 * 1024 * 1024
"""Below this nobody is hurt, however well it was packed."""

MOST_OF_CONTENT_TYPES = 4 * 1024 * 1024
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
PROGRAMS = ("vbaproject.bin", "vbadata.xml")
PROGRAM_FOLDERS = ("/activex/", "/macrosheets/")


def office_kind(file: BinaryIO) -> FileKind | None:
    """Which document it is; None for an archive that is none. Raises UnacceptableFile `broken_file`,
    `encrypted_file`, `unfolds_too_far` or `has_macros`."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _check_sizes(parts, file.seek(0, 2))
            if CONTENT_TYPES not in archive.namelist():
                return None
            _check_programs(part.filename for part in parts)
            kind = _kind(archive)
            if kind is not None and archive.testzip() is not None:  # every part is there and has its sum
                raise UnacceptableFile("broken_file")
            return kind
    except UnacceptableFile:
        raise
    except Exception as error:  # a broken archive or broken XML, in whatever way the libraries stumble
        raise UnacceptableFile("broken_file") from error


def _check_sizes(parts: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or unpacked > MOST_UNPACKED
        or (unpacked > SMALL and unpacked > MOST_TIMES_LARGER * packed)
    ):
        raise UnacceptableFile("unfolds_too_far")
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise UnacceptableFile("encrypted_file")
    if any(part.compress_type not in METHODS for part in parts):
        raise UnacceptableFile("broken_file")


def _check_programs(names: Iterable[str]) -> None:
    for name in names:
        place = "/" + name.lower().replace("\\", "/")
        if place.endswith(PROGRAMS) or any(folder in place for folder in PROGRAM_FOLDERS):
            raise UnacceptableFile("has_macros")


def _kind(archive: zipfile.ZipFile) -> FileKind | None:
    if archive.getinfo(CONTENT_TYPES).file_size > MOST_OF_CONTENT_TYPES:
        raise UnacceptableFile("unfolds_too_far")
    types = fromstring(archive.read(CONTENT_TYPES), forbid_dtd=True)
    names = set(archive.namelist())
    found = set()
    for part in types.iter(f"{NAMESPACE}Override"):
        media_type = part.get("ContentType", "")
        if "macroEnabled" in media_type or "vbaProject" in media_type:
            raise UnacceptableFile("has_macros")
        if media_type in MAIN_PARTS and part.get("PartName", "").lstrip("/") in names:
            found.add(MAIN_PARTS[media_type])
    return found.pop() if len(found) == 1 else None
