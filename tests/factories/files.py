"""Files as people hand them in: sound, and broken in each way."""

import io
import struct
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
