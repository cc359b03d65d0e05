"""Files as people hand them in: sound, and broken in each way."""

import io
import struct
import zipfile
import zlib

from PIL import Image
from pypdf import PdfWriter

THAI_NAME = "แบบประเมินตนเอง ปี ๒๕๖๙.pdf"


def pdf(pages: int = 1, password: str | None = None) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password)
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    kept = io.BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(kept, kind)
    return kept.getvalue()


def huge_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few bytes that say they unfold into gigabytes."""

    def part(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(b"\0" * 1000))
        + part(b"IEND", b"")
    )


PROGRAM = b"MZ\x90\x00" + b"\0" * 2000
BROKEN = {
    "a program named as a PDF": ("scan.pdf", PROGRAM, "wrong_file_type"),
    "a page of HTML": ("scan.pdf", b"<html><script>alert(1)</script>", "wrong_file_type"),
    "a PDF that is cut off": ("scan.pdf", pdf()[:60], "broken_file"),
    "a PDF of nothing but its name": ("scan.pdf", b"%PDF-1.7\n", "broken_file"),
    "a PDF with a password": ("scan.pdf", pdf(password="secret"), "encrypted_file"),
    "a PDF without pages": ("scan.pdf", pdf(0), "no_pages"),
    "a JPEG that is cut off": ("scan.jpg", picture("JPEG", (600, 400))[:4000], "broken_file"),
    "a JPEG whose last bytes are gone": ("scan.jpg", picture("JPEG", (600, 400))[:-2], "broken_file"),
    "a PNG that is cut off": ("scan.png", picture("PNG", (200, 200))[:-400], "broken_file"),
    "a PNG that unfolds without end": ("scan.png", huge_png(), "too_many_pixels"),
    "a picture in another format": ("scan.png", picture("GIF"), "wrong_file_type"),
    "an empty file": ("scan.pdf", b"", "empty_file"),
    "no file": ("", b"", "no_file"),
}
"""What is handed in, and the word of the refusal."""

MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation.main+xml"),
}


def office(kind: str = "docx", *, main_type: str = "", **parts: bytes) -> bytes:
    """A document of an office with its main part, and `parts` beside it (`word__vbaProject_bin`: __ stands
    for / and _ for a point)."""
    place, ending = MAIN[kind]
    media_type = main_type or f"application/vnd.openxmlformats-officedocument.{ending}"
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{place}" ContentType="{media_type}"/></Types>'
    )
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(place, "<document>ผลงาน</document>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return kept.getvalue()


def archive_of(name: str, content: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return kept.getvalue()


def locked(archive: bytes) -> bytes:
    """The same archive, its first part marked as one with a password."""
    place = archive.index(b"PK\x01\x02") + 8
    return archive[:place] + b"\x01" + archive[place + 1 :]


MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
DAMAGED = office().replace(b"PK\x03\x04", b"PK\x03\x05", 2)
BOMB = b"\0" * (64 * 1024 * 1024)
OLD_DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 500

REFUSED_EVIDENCE = {
    "a program": ("ผลงาน.docx", PROGRAM, "wrong_evidence_type"),
    "an archive of anything": ("ผลงาน.docx", archive_of("a.txt", b"a"), "wrong_evidence_type"),
    "an archive with the type of something else": (
        "ผลงาน.docx",
        office(main_type="application/vnd.oasis.opendocument.text"),
        "wrong_evidence_type",
    ),
    "a document with a macro": ("ผลงาน.docx", office(word__vbaProject_bin=b"x"), "has_macros"),
    "a macro under another case": ("a.xlsx", office("xlsx", xl__VBAPROJECT_BIN=b"x"), "has_macros"),
    "a document that says it has macros": ("ผลงาน.docm", office(main_type=MACROS), "has_macros"),
    "a control that runs": ("a.docx", office(word__activeX__activeX1_bin=b"x"), "has_macros"),
    "a document that unfolds without end": ("a.docx", office(word__media__a_png=BOMB), "unfolds_too_far"),
    "a document with a password": ("a.docx", locked(office()), "encrypted_file"),
    "a document that is cut off": ("a.docx", office()[:-40], "broken_file"),
    "a document damaged inside": (
        "a.docx",
        office().replace(b"PK\x03\x04", b"PK\x03\x05", 2),
        "wrong_evidence_type",
    ),
    "a document of before 2007": ("a.doc", OLD_DOC, "old_office_file"),
    "a telephone's own picture": ("IMG_1.HEIC", HEIC, "heic_picture"),
    "a picture in WebP cut off": ("a.webp", picture("WEBP", (200, 200))[:200], "broken_file"),
    "an empty file": ("a.pdf", b"", "empty_file"),
}
"""What is handed in as evidence, and the word of the refusal."""
