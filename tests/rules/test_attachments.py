"""How files that people hand in are named."""

import pytest

from idp.rules.attachments import JPEG, LONGEST_NAME, NAMELESS, PDF, PNG, kept_name, kind_of


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("แบบประเมินตนเอง ปี ๒๕๖๙.pdf", "แบบประเมินตนเอง ปี ๒๕๖๙.pdf"),
        ("สำนักปลัด.PDF", "สำนักปลัด.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\malee\\scan.pdf", "scan.pdf"),
        ("a\x00b\nc\u202efdp.pdf", "abcfdp.pdf"),
        ("scan.exe", "scan.exe.pdf"),
        ("  .. ", f"{NAMELESS}.pdf"),
        ("", f"{NAMELESS}.pdf"),
        ("no suffix", "no suffix.pdf"),
    ],
)
def test_a_name_is_kept_as_given_but_for_what_could_do_harm(given: str, kept: str) -> None:
    assert kept_name(given, PDF) == kept


def test_a_long_name_is_shortened_before_its_suffix() -> None:
    name = kept_name("ก" * 500 + ".jpeg", JPEG)
    assert len(name) == LONGEST_NAME and name.endswith("ก.jpeg")


def test_the_kind_is_told_by_the_first_bytes() -> None:
    assert kind_of(b"%PDF-1.7") is PDF
    assert kind_of(b"\xff\xd8\xff\xe0") is JPEG
    assert kind_of(b"\x89PNG\r\n\x1a\n....") is PNG
    assert kind_of(b"GIF89a") is None and kind_of(b"") is None
