"""The hybrid method of the civil service: all that was attained against all that was expected."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from idp.rules.scoring.exact import Number, exact, plain, printed
from idp.rules.scoring.parts import (
    CompetencyScore,
    ItemScore,
    NothingToScore,
    RatedItem,
    ScoreParameters,
    Words,
)
from idp.rules.scoring.vectors import Vector, unweighted


class HybridMethod:
    """score = sum(attained) / sum(expected) x W, rounded once; no item weights.

    A surplus makes up for a gap, and a surplus in all gives more than W: the score says when the first
    happens, and the formula is not bent. An average counts as it is. Raises NothingToScore when nothing is
    expected.
    """

    key: ClassVar[str] = "hybrid"
    name_th: ClassVar[str] = "ผลรวมระดับที่ประเมินได้ต่อผลรวมระดับที่คาดหวัง"
    name_en: ClassVar[str] = "Sum of attained levels to sum of expected levels (hybrid)"
    place: ClassVar[int] = 3
    uses_weights: ClassVar[bool] = False
    parameters_used: ClassVar[frozenset[str]] = frozenset()
    vectors: ClassVar[tuple[Vector, ...]] = (
        Vector(
            items=unweighted([3, 3, 3], [1, 4, 3]),
            part_weight=30,
            points=(1, 4, 3),
            steps=("(1+4+3) ÷ (3+3+3) × 30 = 26.67",),
            total="26.67",
            shows_th="ระดับ 4 ของสมรรถนะที่สองชดเชยช่องว่างของสมรรถนะแรกไปหนึ่งระดับ แบบประเมินจึงระบุข้อนี้ไว้",
            shows_en="Level 4 of the second makes up for one level of the first one's gap; the form says so",
        ),
        Vector(
            items=unweighted([2, 4], [Decimal("2.50"), 4]),
            part_weight=Decimal("20.0"),
            points=(Decimal("2.5"), 4),
            steps=("(2.5+4) ÷ (2+4) × 20 = 21.67",),
            total="21.67",
            shows_th="ระดับเฉลี่ยคิดตามที่เป็น ผู้ที่ได้สูงกว่าที่คาดหวังโดยรวมได้คะแนนเกินน้ำหนัก",
            shows_en="An average counts as it is; whoever is above in all gets more than the weight",
        ),
        Vector(
            items=unweighted([3, 2, 2, 1], [3, 2, 1, 1]),
            part_weight=30,
            points=(3, 2, 1, 1),
            steps=("(3+2+1+1) ÷ (3+2+2+1) × 30 = 26.25",),
            total="26.25",
            shows_th="ต่ำกว่าที่คาดหวังหนึ่งระดับในหนึ่งสมรรถนะ ได้ 7 จาก 8 ส่วน",
            shows_en="One level below in one competency: 7 of 8 parts",
        ),
    )

    def score(
        self, items: Sequence[RatedItem], part_weight: Number, parameters: ScoreParameters
    ) -> CompetencyScore:
        expected = sum(item.expected for item in items)
        if expected == 0:
            raise NothingToScore("nothing is expected of any competency")
        attained = sum((exact(item.attained) for item in items), Fraction(0))
        total = printed(attained / expected * exact(part_weight))
        shown = "+".join(plain(item.attained) for item in items)
        wanted = "+".join(str(item.expected) for item in items)
        return CompetencyScore(
            method=self.key,
            items=tuple(
                ItemScore(item.label, item.expected, item.attained, item.attained, item.expected)
                for item in items
            ),
            part_weight=part_weight,
            total=total,
            formula=f"({shown}) ÷ ({wanted}) × {plain(part_weight)} = {total}",
            surplus_hides_gap=any(item.attained > item.expected for item in items)
            and any(item.attained < item.expected for item in items),
        )

    def words(self, parameters: ScoreParameters) -> Words:
        return Words(
            (
                "คะแนนสมรรถนะ = ผลรวมระดับที่ประเมินได้ ÷ ผลรวมระดับที่คาดหวัง × น้ำหนักขององค์ประกอบสมรรถนะ",
                "ระดับที่สูงกว่าความคาดหวังของสมรรถนะหนึ่งชดเชยช่องว่างของอีกสมรรถนะหนึ่งได้"
                " คะแนนจึงอาจไม่แสดงช่องว่าง และอาจเกินน้ำหนัก",
                "ระดับเฉลี่ยที่มีเศษ: คิดตามค่าเฉลี่ยนั้น",
            ),
            (
                "Competency score = sum of attained levels ÷ sum of expected levels"
                " × weight of the competency part",
                "A level above the expected one makes up for a gap elsewhere: the score may hide a gap,"
                " and may pass the weight",
                "Averages count as they are",
            ),
        )
