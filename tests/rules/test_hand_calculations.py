"""A hand calculation of every method, printed for people: `hand_calculations.md` beside this file.

The sheet is made from the methods' own files and compared with the one that is kept, so that nobody changes a
score without changing the sheet that a personnel officer reads. To write it anew:

    IDP_WRITE_SHEET=1 pytest tests/rules/test_hand_calculations.py
"""

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from idp.rules.scoring import METHODS, Band, Method, Vector, band, band_ranges, overall
from idp.rules.scoring.exact import plain
from idp.rules.settings import COMMON_BANDS

SHEET = Path(__file__).with_name("hand_calculations.md")
RESULTS_SCORE = Decimal("60.25")

HEAD = """# ตัวอย่างการคำนวณคะแนนสมรรถนะด้วยมือ

เอกสารนี้สร้างจากวิธีคิดคะแนนแต่ละวิธีในระบบ และใช้ตรวจสอบระบบทุกครั้งที่มีการแก้ไขโปรแกรม
ผู้ที่มีเครื่องคิดเลขตรวจตามได้ทุกบรรทัด

- W คือน้ำหนักขององค์ประกอบสมรรถนะ เช่น 30 จากคะแนนเต็ม 100
- คำนวณอย่างแม่นยำ ตัวเลขที่พิมพ์แต่ละรายการปัดเศษครั้งเดียวเป็นทศนิยมสองตำแหน่ง ตั้งแต่ครึ่งขึ้นไปปัดขึ้น
- คะแนนรวมคือผลบวกของตัวเลขที่พิมพ์ และระดับผลการประเมินใช้คะแนนรวมนั้น
"""


def sheet() -> str:
    return "\n".join([HEAD, *(line for method in METHODS.values() for line in _method(method))]) + "\n"


def _method(method: Method) -> Iterator[str]:
    yield f"## {method.name_th}\n"
    yield from (f"- {line}" for line in method.words(method.vectors[0].parameters).thai)
    for number, vector in enumerate(method.vectors, start=1):
        yield f"\n### ตัวอย่างที่ {number}: {vector.shows_th}\n"
        yield from _vector(method, vector)
    yield "\n### จากคะแนนสมรรถนะของตัวอย่างที่ 1 ถึงระดับผลการประเมิน\n"
    yield from _whole_result(method.vectors[0])
    yield ""


def _vector(method: Method, vector: Vector) -> Iterator[str]:
    score = method.score(vector.rated, vector.part_weight, vector.parameters)
    if vector.parameters != method.vectors[0].parameters:
        yield from (f"- {line}" for line in method.words(vector.parameters).thai)
        yield ""
    names = ["สมรรถนะที่", "คาดหวัง", "ประเมินได้"]
    names += ["น้ำหนัก (ร้อยละ)", "คะแนน", "คะแนนถ่วงน้ำหนัก"] if method.uses_weights else ["คะแนน"]
    yield _row(names)
    yield _row(["---:"] * len(names))
    for order, (item, (_expected, _attained, weight)) in enumerate(
        zip(score.items, vector.items, strict=True), start=1
    ):
        cells = [str(order), str(item.expected), plain(item.attained)]
        cells += [plain(weight)] if method.uses_weights else []
        yield _row([*cells, plain(item.points), *([str(item.part)] if method.uses_weights else [])])
    yield f"\nW = {plain(vector.part_weight)}\n"
    yield from (f"    {step}" for step in score.steps)
    source = "ตัวอย่างตามหลักเกณฑ์ของทางราชการ" if vector.is_documented else "ตัวอย่างของระบบ"
    yield f"\nคะแนนสมรรถนะ **{score.total}** จาก {plain(vector.part_weight)} ({source})"
    if score.surplus_hides_gap:
        yield "\nหมายเหตุ ระดับที่สูงกว่าความคาดหวังในบางสมรรถนะชดเชยช่องว่างของสมรรถนะอื่นในตัวอย่างนี้"


def _whole_result(vector: Vector) -> Iterator[str]:
    competency = Decimal(vector.total)
    total = overall(RESULTS_SCORE, competency)
    reached = band(total, [Band(code, least) for code, least in COMMON_BANDS])
    (inside,) = (each for each in band_ranges(COMMON_BANDS) if each.code == reached.code)
    below = "" if inside.below is None else f" แต่ไม่ถึง {inside.below}.00"
    yield f"    ผลสัมฤทธิ์ของงาน {RESULTS_SCORE} + สมรรถนะ {competency} = {total}"
    yield f"    {total} อยู่ในช่วง {inside.at_least}.00 ขึ้นไป{below}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def test_the_sheet_of_hand_calculations_is_what_the_methods_say() -> None:
    if os.environ.get("IDP_WRITE_SHEET"):
        SHEET.write_text(sheet(), encoding="utf-8")
    assert SHEET.read_text(encoding="utf-8") == sheet()


def test_every_method_is_on_the_sheet_with_every_one_of_its_numbers() -> None:
    kept = SHEET.read_text(encoding="utf-8")
    for method in METHODS.values():
        assert f"## {method.name_th}\n" in kept
        for vector in method.vectors:
            assert all(f"    {step}\n" in kept for step in vector.steps)
