"""Files that people hand in: which kinds are taken, and how they may be named.

Kinds and limits are this product's default: what a scanner and a telephone's camera make.
"""

import unicodedata
from dataclasses import dataclass

LONGEST_NAME = 200
MOST_PIXELS = 80_000_000
"""A4 at 600 dpi has 35 million. More is no scan, and takes the memory of the server to look at."""

NAMELESS = "ไฟล์แนบ"


@dataclass(frozen=True)
class FileKind:
    """A kind of file, known by its first bytes; `suffixes`: how its name may end, the usual one first."""

    media_type: str
    magic: bytes
    suffixes: tuple[str, ...]


PDF = FileKind("application/pdf", b"%PDF-", ("pdf",))
JPEG = FileKind("image/jpeg", b"\xff\xd8\xff", ("jpg", "jpeg", "jpe", "jfif"))
PNG = FileKind("image/png", b"\x89PNG\r\n\x1a\n", ("png",))
KINDS = (PDF, JPEG, PNG)
LONGEST_MAGIC = max(len(kind.magic) for kind in KINDS)


def kind_of(first_bytes: bytes) -> FileKind | None:
    """What the content is, whatever the name says; None for a kind that is not taken."""
    return next((kind for kind in KINDS if first_bytes.startswith(kind.magic)), None)


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
