"""What the two forms say, and how their pages hold together."""

import dataclasses
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from weasyprint import HTML
from weasyprint.formatting_structure.boxes import TableCellBox

from idp.adapters.pdf.fonts import font_configuration, locked_fetcher
from idp.adapters.pdf.forms import (
    assessment_form_html,
    assessment_form_pdf,
    plan_form_html,
    plan_form_pdf,
)
from idp.adapters.pdf.render import style_sheets
from idp.rules.forms import (
    AssessmentForm,
    BandOnForm,
    PersonOnForm,
    PlanForm,
    Receipt,
    ReceiptState,
    Signature,
)

Read = Callable[[bytes], list[str]]
HOSTILE = "<b>&\"'</b><script>"


def flat(text: str) -> str:
    return "".join(text.split())


def changed(form: Any, **more: object) -> Any:
    return dataclasses.replace(form, **more)


def in_thai_digits(form: Any) -> Any:
    return changed(form, identity=changed(form.identity, thai_digits=True))


def boxes_of(form: PlanForm) -> list[Any]:
    """Every box of the laid-out plan."""
    page = HTML(string=plan_form_html(form), url_fetcher=locked_fetcher())
    laid_out = page.render(font_config=font_configuration(), stylesheets=list(style_sheets()))
    return [box for sheet in laid_out.pages for box in sheet._page_box.descendants()]


def as_text(html: str) -> str:
    """The page's words without marks of the layout; fails when the page is not well-formed."""
    root = ElementTree.fromstring(html.replace("<!DOCTYPE html>", ""))
    return flat("".join(root.itertext()))


def test_both_forms_are_well_formed_and_carry_no_style(
    assessment_form: AssessmentForm, plan_form: PlanForm
) -> None:
    for html in (assessment_form_html(assessment_form), plan_form_html(plan_form)):
        as_text(html)
        assert "style=" not in html
        assert "<style" not in html


def test_the_summary_has_its_five_parts(assessment_form: AssessmentForm) -> None:
    parts = re.findall(r"ส่วนที่ (\d)", assessment_form_html(assessment_form))
    assert parts == ["1", "2", "3", "4", "5"]


def test_the_competency_form_has_every_column(assessment_form: AssessmentForm, page_texts: Read) -> None:
    text = page_texts(assessment_form_pdf(assessment_form))[2]
    for column in (
        "สมรรถนะ",
        "ระดับที่คาดหวัง",
        "น้ำหนัก",
        "ตนเอง",
        "ผู้ประเมิน",
        "คะแนนถ่วงน้ำหนัก",
        "เหตุการณ์/พฤติกรรมที่แสดงออก",
    ):
        assert column in text


def test_the_plan_has_every_column(plan_form: PlanForm, page_texts: Read) -> None:
    text = page_texts(plan_form_pdf(plan_form))[0]
    for column in (
        "สมรรถนะที่พัฒนา",
        "วิธีการพัฒนา",
        "ช่วงเวลา",
        "ชั่วโมง",
        "งบประมาณ",
        "วิธีการวัดผล",
        "หลักฐาน",
        "ความก้าวหน้า",
        "ผลการพัฒนา",
    ):
        assert column in text


def test_an_unrated_competency_prints_a_dash_and_never_a_zero(assessment_form: AssessmentForm) -> None:
    unrated = changed(assessment_form, lines=assessment_form.lines[-1:])
    row = assessment_form_html(unrated).partition("ความเข้าใจผู้อื่น")[2].partition("</tr>")[0]
    assert re.findall(r'class="figure">([^<]*)<', row) == ["3", "20", "-", "-", "-", "-"]


def test_level_zero_is_printed_as_zero(assessment_form: AssessmentForm) -> None:
    line = changed(assessment_form.lines[0], supervisor_level=0, points=0, weighted_score=Decimal(0))
    row = assessment_form_html(changed(assessment_form, lines=(line,))).partition("1. การมุ่งมั่น")[2]
    assert re.findall(r'class="figure">([^<]*)<', row.partition("</tr>")[0])[3:] == ["0", "0", "0.00"]


def test_a_broken_ladder_is_shown_with_what_is_missing(assessment_form: AssessmentForm) -> None:
    sound, broken = assessment_form.lines[0], assessment_form.lines[2]
    assert "แสดงสมรรถนะไม่ต่อเนื่อง" in assessment_form_html(changed(assessment_form, lines=(broken,)))
    assert broken.missing_indicators[0] in assessment_form_html(assessment_form)
    assert "แสดงสมรรถนะไม่ต่อเนื่อง" not in assessment_form_html(changed(assessment_form, lines=(sound,)))


def test_the_score_is_explained_with_its_own_numbers(assessment_form: AssessmentForm) -> None:
    assert "4.80 + 6.00 + 4.80 + 4.80 = 20.40" in assessment_form_html(assessment_form)
    assert "๔.๘๐ + ๖.๐๐ + ๔.๘๐ + ๔.๘๐ = ๒๐.๔๐" in assessment_form_html(in_thai_digits(assessment_form))


def test_only_the_chosen_band_is_ticked(assessment_form: AssessmentForm) -> None:
    for chosen in range(5):
        bands = tuple(BandOnForm(f"ผล{n}", str(n), chosen=n == chosen) for n in range(5))
        text = as_text(assessment_form_html(changed(assessment_form, bands=bands)))
        assert [n for n in range(5) if f"√ผล{n}(" in text] == [chosen]


def test_a_receipt_ticks_what_happened(assessment_form: AssessmentForm) -> None:
    text = as_text(assessment_form_html(assessment_form))
    assert "√ได้รับทราบผลการประเมิน" in text
    assert "√ได้แจ้งผลการประเมินและผู้รับการประเมินได้ลงนามรับทราบแล้ว" in text
    assert "√เห็นด้วย" in text
    assert "√ไม่เห็นด้วย" not in text


def test_a_refusal_names_the_day_and_the_witness(assessment_form: AssessmentForm) -> None:
    day = date(2026, 10, 6)
    witness = Signature("พยาน", "นางมาลี ศรีสุข", "นักทรัพยากรบุคคลปฏิบัติการ", day)
    employee = Signature("ผู้รับการประเมิน", "นายสมชาย ใจดี")
    supervisor = assessment_form.receipt.supervisor
    refused = Receipt(ReceiptState.REFUSED, employee, supervisor, told_on=day, witness=witness)
    text = as_text(assessment_form_html(changed(assessment_form, receipt=refused)))
    assert flat("√ได้แจ้งผลการประเมินเมื่อวันที่ 6 ตุลาคม 2569 แต่ผู้รับการประเมินไม่ลงนามรับทราบ") in text
    assert flat("โดยมี นางมาลี ศรีสุข เป็นพยาน") in text
    assert flat("ลงชื่อ นางมาลี ศรีสุข พยาน") in text
    assert "√ได้รับทราบ" not in text


def test_a_second_opinion_prints_what_differs(assessment_form: AssessmentForm) -> None:
    text = as_text(assessment_form_html(assessment_form))
    assert "√มีความเห็นต่างดังนี้" + flat(assessment_form.opinions[0].text) in text


SIGNATURES = {
    "unsigned, nobody known": (
        Signature("ผู้ประเมิน"),
        ["ลงชื่อ...", "(...", "ตำแหน่ง...", "เดือน..."],
        ["ลงนามในระบบ"],
    ),
    "unsigned, name known": (Signature("ผู้ประเมิน", "นางสุดา ใจดี"), ["ลงชื่อ...", "(นางสุดาใจดี)"], ["ลงนามในระบบ"]),
    "signed on paper": (
        Signature("ผู้ประเมิน", "นางสุดา ใจดี", "ปลัด", date(2026, 1, 2), recorded_by="นางมาลี ศรีสุข"),
        ["ลงชื่อนางสุดาใจดี", "วันที่2มกราคม2569", "ลงนามในแบบกระดาษบันทึกโดยนางมาลีศรีสุข"],
        ["ลงนามในระบบ", "เดือน..."],
    ),
    "signed for somebody": (
        Signature("ผู้ประเมิน", "นางสุดา ใจดี", "ปลัด", date(2026, 1, 2), on_behalf_of="นายอำนวย ศรี"),
        ["ลงชื่อนางสุดาใจดี", "ปฏิบัติหน้าที่แทนนายอำนวยศรี"],
        ["เดือน...", "ตามคำสั่งที่"],
    ),
    "signed for somebody by an order": (
        Signature(
            "ผู้ประเมิน",
            "นางสุดา ใจดี",
            "นิติกรชำนาญการ",
            date(2026, 1, 2),
            on_behalf_of="นายอำนวย ศรี",
            acting_words="รักษาราชการแทน",
            acting_position="ปลัดเทศบาล",
            order_number="152/2569",
        ),
        ["ลงชื่อนางสุดาใจดี", "ตำแหน่งนิติกรชำนาญการรักษาราชการแทนปลัดเทศบาล", "แทนนายอำนวยศรีตามคำสั่งที่152/2569"],
        ["เดือน...", "ปฏิบัติหน้าที่แทน"],
    ),
}


@pytest.mark.parametrize(("place", "said", "unsaid"), SIGNATURES.values(), ids=SIGNATURES)
def test_a_place_to_sign_is_dotted_until_it_is_signed(
    place: Signature, said: list[str], unsaid: list[str], plan_form: PlanForm
) -> None:
    text = as_text(plan_form_html(changed(plan_form, start_signatures=(), end_signatures=(place,))))
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


def test_a_signature_in_the_system_shows_bangkok_time(plan_form: PlanForm) -> None:
    assert "ลงนามในระบบเมื่อ 20 ตุลาคม 2568 เวลา 14.30 น." in plan_form_html(plan_form)
    assert "ลงนามในระบบเมื่อ ๒๐ ตุลาคม ๒๕๖๘ เวลา ๑๔.๓๐ น." in plan_form_html(in_thai_digits(plan_form))


def test_digits_follow_the_switch_and_written_texts_stay(plan_form: PlanForm, page_texts: Read) -> None:
    arabic, thai = plan_form_html(plan_form), plan_form_html(in_thai_digits(plan_form))
    assert "1 ตุลาคม 2568" in arabic
    assert "๑ ตุลาคม ๒๕๖๘" in thai
    assert "1,500" in arabic
    assert "๑,๕๐๐" in thai
    written = plan_form.lines[0].measure
    assert written in arabic
    assert written in thai
    assert plan_form.identity.number in thai
    pages = page_texts(plan_form_pdf(in_thai_digits(plan_form)))
    assert all(re.search(f"หน้า[๐-๙]+/{'๐๑๒๓๔๕๖๗๘๙'[len(pages)]}", page) for page in pages)


def test_the_foot_says_which_page_of_how_many_and_which_document(
    assessment_form: AssessmentForm, page_texts: Read
) -> None:
    pages = page_texts(assessment_form_pdf(assessment_form))
    for number, page in enumerate(pages, start=1):
        assert f"หน้า{number}/{len(pages)}" in page
        assert assessment_form.identity.number in page
        assert flat(assessment_form.employee.name) in page


def test_a_long_plan_repeats_its_heads_and_loses_no_line(plan_form: PlanForm, page_texts: Read) -> None:
    lines = tuple(changed(plan_form.lines[0], order=n, title=f"งานที่{n}จบ") for n in range(1, 61))
    pages = page_texts(plan_form_pdf(changed(plan_form, lines=lines)))
    with_lines = [page for page in pages if "จากระดับ" in page]
    assert len(with_lines) > 15
    assert all("วิธีการวัดผล" in page and "ผลการพัฒนา" in page for page in with_lines)
    found = [int(n) for n in re.findall(r"งานที่(\d+)จบ", "".join(pages))]
    assert found == list(range(1, 61))


def test_a_row_longer_than_a_page_still_prints_to_its_end(
    assessment_form: AssessmentForm, page_texts: Read
) -> None:
    evidence = "\n".join(f"เหตุการณ์ที่{n}จบ" for n in range(1, 201))
    form = changed(assessment_form, lines=(changed(assessment_form.lines[0], evidence=evidence),))
    text = "".join(page_texts(assessment_form_pdf(form)))
    assert [int(n) for n in re.findall(r"เหตุการณ์ที่(\d+)จบ", text)] == list(range(1, 201))


def test_a_signature_block_stays_on_one_page(plan_form: PlanForm, page_texts: Read) -> None:
    for count in range(1, 8):
        form = changed(plan_form, lines=plan_form.lines[:1] * count)
        page = next(page for page in page_texts(plan_form_pdf(form)) if "การประเมินผลการพัฒนา(สิ้นปี" in page)
        block = page.partition("การประเมินผลการพัฒนา(สิ้นปี")[2]
        assert block.count("ลงชื่อ") == 2
        assert block.count("พ.ศ.") == 2


def test_empty_lists_say_so(assessment_form: AssessmentForm, plan_form: PlanForm) -> None:
    empty = changed(assessment_form, lines=(), parts=(), bands=(), needs=(), opinions=(), total=None)
    assert assessment_form_html(empty).count("ไม่มีรายการ") == 5
    assert plan_form_html(changed(plan_form, lines=())).count("ไม่มีรายการ") == 1
    assert assessment_form_pdf(empty).startswith(b"%PDF-")
    assert plan_form_pdf(changed(plan_form, lines=())).startswith(b"%PDF-")


def test_an_appraiser_who_is_not_known_prints_a_dash(plan_form: PlanForm) -> None:
    assert "ผู้บังคับบัญชา</td><td>-</td>" in plan_form_html(changed(plan_form, supervisor=None))


def test_a_hostile_name_is_printed_as_it_was_typed(
    assessment_form: AssessmentForm, plan_form: PlanForm, page_texts: Read
) -> None:
    person = PersonOnForm("นาย", HOSTILE, "{{ 7*7 }}", position="<img src='file:///etc/passwd'/>")
    for made in (
        plan_form_pdf(changed(plan_form, employee=person)),
        assessment_form_pdf(changed(assessment_form, employee=person)),
    ):
        text = "".join(page_texts(made))
        assert f"นาย{HOSTILE}{{{{7*7}}}}" in text
        assert "<imgsrc='file:///etc/passwd'/>" in text


def test_control_characters_in_a_text_do_no_harm(plan_form: PlanForm, page_texts: Read) -> None:
    line = changed(plan_form.lines[0], title="ก่อน\x00\x0b\x1fหลัง", detail="บรรทัดหนึ่ง\r\nบรรทัดสอง")
    text = "".join(page_texts(plan_form_pdf(changed(plan_form, lines=(line,)))))
    assert "ก่อนหลังบรรทัดหนึ่งบรรทัดสอง" in text


def test_a_long_word_does_not_leave_its_column(plan_form: PlanForm) -> None:
    address = "https://example.go.th/" + "x" * 150
    line = changed(plan_form.lines[0], measure=address, indicators=(address,), result_reason=address)
    cells = [box for box in boxes_of(changed(plan_form, lines=(line,))) if isinstance(box, TableCellBox)]
    words = [
        (cell, word) for cell in cells for word in cell.descendants() if "xxx" in getattr(word, "text", "")
    ]
    assert len(words) > 6
    for cell, word in words:
        assert word.position_x + word.width <= cell.position_x + cell.border_width()


def test_and_so_on_is_never_broken(plan_form: PlanForm) -> None:
    texts = [f"{'ก' * n} ประชุม ฯลฯ และอบรม ฯลฯ" for n in range(1, 25)]
    lines = tuple(changed(plan_form.lines[0], title=text, detail=text, measure=text) for text in texts)
    printed = [
        text for box in boxes_of(changed(plan_form, lines=lines)) if "ฯ" in (text := getattr(box, "text", ""))
    ]
    assert printed.count("ฯลฯ") == len(printed) == 24 * 3 * 2


@pytest.mark.parametrize("thai_digits", [False, True])
def test_the_same_form_gives_the_same_bytes(
    thai_digits: bool, assessment_form: AssessmentForm, plan_form: PlanForm
) -> None:
    for make, form in ((assessment_form_pdf, assessment_form), (plan_form_pdf, plan_form)):
        form = changed(form, identity=changed(form.identity, thai_digits=thai_digits))
        assert make(form) == make(form)  # type: ignore[operator]


def test_the_note_of_an_indicator_stands_beside_the_evidence(assessment_form: AssessmentForm) -> None:
    line = changed(assessment_form.lines[0], evidence="", notes=(("บริการด้วยความเต็มใจ", "เปิดเคาน์เตอร์พักเที่ยง"),))
    html = assessment_form_html(changed(assessment_form, lines=(line,)))
    assert "บริการด้วยความเต็มใจ: <b>เปิดเคาน์เตอร์พักเที่ยง</b>" in html


def test_an_average_level_is_printed_with_its_places(assessment_form: AssessmentForm) -> None:
    line = changed(assessment_form.lines[0], supervisor_level=Decimal("3.25"))
    html = assessment_form_html(changed(assessment_form, lines=(line,)))
    row = html.partition("1. การมุ่งมั่น")[2].partition("</tr>")[0]
    assert re.findall(r'class="figure">([^<]*)<', row)[3] == "3.25"
