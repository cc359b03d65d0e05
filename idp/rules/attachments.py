"""Files that people hand in: which kinds are taken, and how they may be named.

Kinds and limits are this product's default: what a scanner and a telephone's camera make, and as evidence of
what was done also what an office writes. A file with a program inside it is none of them.
"""

import unicodedata
from dataclasses import dataclass

LONGEST_NAME = 200
MOST_PIXELS = 80_000_000
"""A4 at 600 dpi has 35 million. More is no scan, and takes the memory of the server to look at."""

NAMELESS = "ไฟล์แนบ"


class UnacceptableFile(Exception):
    """`code` says why, as a word that the pages have a text for."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class FileKind:
    """A kind of file, known by its first bytes; `suffixes`: how its name may end, the usual one first."""

    media_type: str
    magic: bytes
    suffixes: tuple[str, ...]


PDF = FileKind("application/pdf", b"%PDF-", ("pdf",))
JPEG = FileKind("image/jpeg", b"\xff\xd8\xff", ("jpg", "jpeg", "jpe", "jfif"))
PNG = FileKind("image/png", b"\x89PNG\r\n\x1a\n", ("png",))
WEBP = FileKind("image/webp", b"RIFF", ("webp",))

ZIP = b"PK\x03\x04"
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
DOCX = FileKind(f"{_OPEN_XML}.wordprocessingml.document", ZIP, ("docx",))
XLSX = FileKind(f"{_OPEN_XML}.spreadsheetml.sheet", ZIP, ("xlsx",))
PPTX = FileKind(f"{_OPEN_XML}.presentationml.presentation", ZIP, ("pptx",))
OFFICE_KINDS = (DOCX, XLSX, PPTX)
"""Archives of parts: their first bytes say only that; the type of their main part says which."""

SCAN_KINDS = (PDF, JPEG, PNG)
"""What a signed paper is scanned to."""

EVIDENCE_KINDS = (*SCAN_KINDS, WEBP, *OFFICE_KINDS)

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins a document of Office before 2007, and one of today with a password."""

HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
LONGEST_MAGIC = 16


def kind_of(first_bytes: bytes) -> FileKind | None:
    """What the content is, whatever the name says; None for a kind that is not taken. Of an archive the
    first of `OFFICE_KINDS`: which of them is in its parts."""
    if first_bytes.startswith(WEBP.magic):
        return WEBP if first_bytes[8:12] == b"WEBP" else None
    return next((kind for kind in EVIDENCE_KINDS if first_bytes.startswith(kind.magic)), None)


def is_heic(first_bytes: bytes) -> bool:
    """A picture as some telephones keep it: no browser shows it."""
    return first_bytes[4:8] == b"ftyp" and first_bytes[8:12] in HEIC_BRANDS


def kept_name(given: str, kind: FileKind) -> str:
    """The name as it was given, Thai letters and all, without folders and without characters that nobody
    sees; it always ends as its kind does, so that no program is opened by a double click."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in name if not unicodedata.category(sign).startswith("C"))
    name = " ".join(name.split()).strip(". ") or NAMELESS
    stem, dot, suffix = name.rpartition(".")
    if not dot or suffix.lower() not in kind.suffixes:
        stem, suffix = name, kind.suffixes[0]
    return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
