"""The rating method of the civil service: ratings from 1 to 5, weighted."""

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar

from idp.rules.scoring.exact import Number
from idp.rules.scoring.parts import CompetencyScore, RatedItem, ScoreParameters, Words
from idp.rules.scoring.vectors import Vector
from idp.rules.scoring.weighted import weighted_item, weighted_score

THIRD = Decimal("33.33")


class RatingMethod:
    """score = sum(rating x weight %) / 5 x W, each item's part printed.

    A rating above the highest counts as the highest, level 0 gives no points (this product's default: ladders
    go from 0, and some up to 6). An average counts as it is.
    """

    key: ClassVar[str] = "rating"
    name_th: ClassVar[str] = "ให้คะแนนตามระดับที่ประเมินได้ ถ่วงน้ำหนัก"
    name_en: ClassVar[str] = "Weighted rating"
    place: ClassVar[int] = 2
    uses_weights: ClassVar[bool] = True
    parameters_used: ClassVar[frozenset[str]] = frozenset({"top_rating"})
    vectors: ClassVar[tuple[Vector, ...]] = (
        Vector(
            items=((3, 5, 20), (3, 4, 20), (3, 4, 20), (3, 3, 20), (3, 4, 20)),
            part_weight=30,
            points=(5, 4, 4, 3, 4),
            steps=(
                "5 × 20% ÷ 5 × 30 = 6.00",
                "4 × 20% ÷ 5 × 30 = 4.80",
                "4 × 20% ÷ 5 × 30 = 4.80",
                "3 × 20% ÷ 5 × 30 = 3.60",
                "4 × 20% ÷ 5 × 30 = 4.80",
                "6.00 + 4.80 + 4.80 + 3.60 + 4.80 = 24.00",
            ),
            total="24.00",
            shows_th="ห้าสมรรถนะ น้ำหนักเท่ากัน ร้อยละ 20",
            shows_en="Five competencies of equal weight, 20% each",
            is_documented=True,
        ),
        Vector(
            items=((3, 6, Decimal("62.5")), (3, 0, Decimal("37.50"))),
            part_weight=30,
            points=(5, 0),
            steps=("5 × 62.5% ÷ 5 × 30 = 18.75", "0 × 37.5% ÷ 5 × 30 = 0.00", "18.75 + 0.00 = 18.75"),
            total="18.75",
            shows_th="ระดับ 6 นับเป็น 5 คะแนน ระดับ 0 ไม่มีคะแนน",
            shows_en="Level 6 counts as 5 points, level 0 has none",
        ),
        Vector(
            items=((3, Decimal("3.67"), Decimal("33.34")), (3, 4, THIRD), (3, 2, THIRD)),
            part_weight=30,
            points=(Decimal("3.67"), 4, 2),
            steps=(
                "3.67 × 33.34% ÷ 5 × 30 = 7.34",
                "4 × 33.33% ÷ 5 × 30 = 8.00",
                "2 × 33.33% ÷ 5 × 30 = 4.00",
                "7.34 + 8.00 + 4.00 = 19.34",
            ),
            total="19.34",
            shows_th="ระดับเฉลี่ย 3.67 คิดคะแนนตามที่เป็น แต่ละรายการปัดเศษครั้งเดียวแล้วจึงรวม",
            shows_en="An average of 3.67 counts as it is; each part is rounded once, then added",
        ),
    )

    def score(
        self, items: Sequence[RatedItem], part_weight: Number, parameters: ScoreParameters
    ) -> CompetencyScore:
        top = parameters.top_rating
        scored = [weighted_item(item, min(item.attained, top), top, part_weight) for item in items]
        return weighted_score(self.key, scored, part_weight)

    def words(self, parameters: ScoreParameters) -> Words:
        top = parameters.top_rating
        return Words(
            (
                f"คะแนนของแต่ละสมรรถนะคือระดับที่ประเมินได้ สูงสุด {top} คะแนน ระดับ 0 ไม่มีคะแนน",
                f"คะแนนถ่วงน้ำหนักของแต่ละสมรรถนะ = คะแนน × น้ำหนักร้อยละ ÷ {top} × น้ำหนักขององค์ประกอบสมรรถนะ",
                "คะแนนสมรรถนะ = ผลรวมของคะแนนถ่วงน้ำหนักที่ปัดเศษแล้ว",
                "ระดับเฉลี่ยที่มีเศษ: คิดคะแนนตามค่าเฉลี่ยนั้น",
            ),
            (
                f"Points of each competency: its attained level, {top} at most; level 0 has none",
                f"Weighted score of each = points × weight in percent ÷ {top} × weight of the part",
                "Competency score = sum of the weighted scores as printed",
                "Averages count as they are",
            ),
        )
