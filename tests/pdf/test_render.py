"""The promise of `render_pdf`: our fonts only, the same bytes, a clear error, no leak, safe across forks."""

import gc
import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pypdf
import pytest

from idp.adapters.pdf import PdfError, assert_ready, render_pdf, warm_up
from idp.adapters.pdf import render as render_module
from idp.adapters.pdf.fonts import FACES, FontFace, font_configuration

PAGE = "<html><body><h1>แผนพัฒนา</h1><p>น้ำใจ <b>ผู้กำกับ</b> abc 123 ๑๒๓</p></body></html>"


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Name of each font -> whether its file is embedded."""
    found = {}
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for reference in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font = reference.get_object()
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            found[font["/BaseFont"]] = "/FontFile2" in descriptor
    return found


def test_only_embedded_subsets_of_our_fonts_are_used() -> None:
    fonts = fonts_of(render_pdf(PAGE, title="ทดสอบ"))
    assert sorted(name.partition("+")[2] for name in fonts) == ["Sarabun-Plan", "Sarabun-Plan-Bold"]
    assert all(fonts.values())
    assert all(len(name.partition("+")[0]) == len("/ABCDEF") for name in fonts)


def test_a_subset_is_much_smaller_than_the_fonts() -> None:
    assert len(render_pdf(PAGE, title="")) < sum(face.path.stat().st_size for face in FACES) / 10


def test_title_and_language_are_in_the_properties() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(PAGE, title="แผนพัฒนา <สมชาย>")))
    assert reader.metadata is not None
    assert reader.metadata.title == "แผนพัฒนา <สมชาย>"
    assert reader.root_object["/Lang"] == "th"


def test_no_date_and_no_chance_are_in_the_document() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(PAGE, title="")))
    assert reader.metadata is not None
    assert "/CreationDate" not in reader.metadata
    assert "/ModDate" not in reader.metadata
    assert reader.trailer["/ID"]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert render_pdf(PAGE, title="ก") == render_pdf(PAGE, title="ก")
    assert render_pdf(PAGE, title="ก") != render_pdf(PAGE, title="ข")


def test_another_process_gives_the_same_bytes() -> None:
    program = (
        "import sys; from idp.adapters.pdf import render_pdf;"
        f"sys.stdout.buffer.write(render_pdf({PAGE!r}, title='ก'))"
    )
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
    }
    made = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert made.stdout == render_pdf(PAGE, title="ก")


def test_documents_made_at_once_by_several_threads_are_the_same() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: render_pdf(PAGE, title=""), range(8)))
    assert len(made) == 1


@pytest.mark.parametrize("tag", ["div", "span", "b"])
def test_deep_nesting_is_an_error_of_ours(tag: str) -> None:
    depth = 3000
    with pytest.raises(PdfError, match="nested too deeply"):
        render_pdf(f"<html><body>{f'<{tag}>' * depth}x{f'</{tag}>' * depth}</body></html>", title="")
    assert render_pdf(PAGE, title="").startswith(b"%PDF-")


def test_the_collector_is_as_it_was_afterwards() -> None:
    assert gc.isenabled()
    render_pdf(PAGE, title="")
    assert gc.isenabled()
    gc.disable()
    try:
        render_pdf(PAGE, title="")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_documents_do_not_pile_up_in_memory() -> None:
    render_pdf(PAGE, title="")
    before = len(gc.get_objects())
    for _ in range(5):
        render_pdf(PAGE, title="")
    assert len(gc.get_objects()) < before + 1000


def test_a_worker_that_ends_leaves_the_fonts_to_its_siblings() -> None:
    program = (
        "import os, sys; from idp.adapters.pdf import render_pdf, warm_up; warm_up();"
        "child = os.fork();\n"
        "if not child: sys.exit(0)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        f"sys.stdout.buffer.write(render_pdf({PAGE!r}, title='ก'))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    made = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert made.stdout == render_pdf(PAGE, title="ก")


def test_warming_up_takes_what_is_loaded_out_of_the_collectors_sight() -> None:
    try:
        warm_up()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_this_machine_is_ready() -> None:
    assert_ready()


def test_a_missing_font_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = FontFace("Gone", False, FACES[0].path.with_name("Gone.ttf"))
    monkeypatch.setattr(render_module, "FACES", (*FACES, gone))
    with pytest.raises(PdfError, match=r"font files missing: Gone\.ttf"):
        assert_ready()


def test_a_missing_subsetter_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_module.ffi, "harfbuzz_subset", None)
    with pytest.raises(PdfError, match="libharfbuzz-subset"):
        assert_ready()


def test_a_pango_without_thai_words_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_module.line_break, "can_break_text", lambda text, language: False)
    with pytest.raises(PdfError, match="Thai words"):
        assert_ready()


def test_the_font_configuration_is_one() -> None:
    assert font_configuration() is font_configuration()
