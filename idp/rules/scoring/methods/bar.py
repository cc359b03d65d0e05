"""The count (bar) method of the civil service: points by how far a level is below the expected one."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import ClassVar

from idp.rules.scoring.exact import Number, exact, plain, printed
from idp.rules.scoring.parts import CompetencyScore, ItemScore, RatedItem, ScoreParameters, Words
from idp.rules.scoring.vectors import Vector, unweighted


class BarMethod:
    """score = sum of points / (full points x number of items) x W, rounded once; no item weights.

    A part of a level below counts as a whole one (this product's default for averages of several raters).
    """

    key: ClassVar[str] = "bar"
    name_th: ClassVar[str] = "นับจำนวนสมรรถนะตามระดับที่คาดหวัง"
    name_en: ClassVar[str] = "Count of competencies against the expected level (bar)"
    place: ClassVar[int] = 1
    uses_weights: ClassVar[bool] = False
    parameters_used: ClassVar[frozenset[str]] = frozenset({"bar_points"})
    vectors: ClassVar[tuple[Vector, ...]] = (
        Vector(
            items=unweighted([3] * 8, [3, 3, 4, 2, 3, 2, 1, 0]),
            part_weight=30,
            points=(3, 3, 3, 2, 3, 2, 1, 0),
            steps=("(3+3+3+2+3+2+1+0) ÷ (3×8) × 30 = 21.25",),
            total="21.25",
            shows_th="แปดสมรรถนะ คาดหวังระดับ 3 ทุกสมรรถนะ ได้ 17 จาก 24 คะแนน",
            shows_en="Eight competencies, level 3 expected of each: 17 of 24 points",
            is_documented=True,
        ),
        Vector(
            items=unweighted([5, 1], [0, 0]),
            part_weight=30,
            points=(0, 2),
            steps=("(0+2) ÷ (3×2) × 30 = 10.00",),
            total="10.00",
            shows_th="ระดับ 0 เป็นผลการประเมิน คะแนนขึ้นกับว่าต่ำกว่าที่คาดหวังกี่ระดับ",
            shows_en="Level 0 is a rating; its points depend on how many levels it is below",
        ),
        Vector(
            items=unweighted([3, 3], [Decimal("2.50"), Decimal("3.25")]),
            part_weight=30,
            points=(2, 3),
            steps=("(2+3) ÷ (3×2) × 30 = 25.00",),
            total="25.00",
            shows_th="ระดับเฉลี่ย 2.5 ต่ำกว่าที่คาดหวังไม่ถึงหนึ่งระดับ นับเป็นต่ำกว่าหนึ่งระดับ",
            shows_en="An average of 2.5 is less than a level below, and counts as one level below",
        ),
        Vector(
            items=unweighted([2] * 7, [2] * 7),
            part_weight=30,
            points=(3,) * 7,
            steps=("(3+3+3+3+3+3+3) ÷ (3×7) × 30 = 30.00",),
            total="30.00",
            shows_th="รวมคะแนนก่อนแล้วหารครั้งเดียว ผู้ที่ได้เต็มทุกสมรรถนะจึงได้เต็มน้ำหนัก",
            shows_en="Points are added first and divided once, so that full marks are the whole weight",
        ),
        Vector(
            items=unweighted([3, 3, 3], [3, 2, 0]),
            part_weight=20,
            points=(4, 2, 0),
            steps=("(4+2+0) ÷ (4×3) × 20 = 10.00",),
            total="10.00",
            shows_th="หน่วยงานที่กำหนดคะแนนเองเป็น 4, 2, 0",
            shows_en="An organisation whose own points are 4, 2, 0",
            parameters=ScoreParameters(bar_points=(4, 2, 0)),
        ),
    )

    def score(
        self, items: Sequence[RatedItem], part_weight: Number, parameters: ScoreParameters
    ) -> CompetencyScore:
        table = parameters.bar_points
        scored = tuple(
            ItemScore(item.label, item.expected, item.attained, self._points(item, table), table[0])
            for item in items
        )
        points = [int(item.points) for item in scored]
        total = printed(Fraction(sum(points), table[0] * len(points)) * exact(part_weight))
        added = "+".join(map(str, points))
        formula = f"({added}) ÷ ({table[0]}×{len(points)}) × {plain(part_weight)} = {total}"
        return CompetencyScore(self.key, scored, part_weight, total, formula)

    def words(self, parameters: ScoreParameters) -> Words:
        first, *below = parameters.bar_points
        last = len(below)
        thai = [f"ได้ตามระดับที่คาดหวังหรือสูงกว่า {first} คะแนน"]
        english = [f"{first} at or above the expected level"]
        for levels, points in enumerate(below, start=1):
            thai.append(f"ต่ำกว่า {levels} ระดับ{'ขึ้นไป' if levels == last else ''} {points} คะแนน")
            english.append(f"{points} when {levels}{' or more' if levels == last else ''} below")
        return Words(
            (
                f"คะแนนของแต่ละสมรรถนะ: {' '.join(thai)}",
                f"คะแนนสมรรถนะ = ผลรวมคะแนน ÷ ({first} × จำนวนสมรรถนะ) × น้ำหนักขององค์ประกอบสมรรถนะ",
                "ระดับเฉลี่ยที่มีเศษ: ส่วนที่ต่ำกว่าระดับที่คาดหวังแม้ไม่ถึงหนึ่งระดับ นับเป็นต่ำกว่าหนึ่งระดับ",
            ),
            (
                f"Points of each competency: {', '.join(english)}",
                f"Competency score = sum of points ÷ ({first} × number of competencies)"
                " × weight of the competency part",
                "Averages: a part of a level below the expected one counts as a whole level below",
            ),
        )

    @staticmethod
    def _points(item: RatedItem, table: tuple[int, ...]) -> int:
        below = max(0, ceil(item.expected - item.attained))
        return table[min(below, len(table) - 1)]
