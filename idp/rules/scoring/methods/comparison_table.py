"""The comparison table of Bangkok, whose shape local government uses too: points looked up, weighted."""

from collections.abc import Sequence
from decimal import Decimal
from math import floor
from typing import ClassVar

from idp.rules.scoring.exact import Number
from idp.rules.scoring.parts import (
    ComparisonTable,
    CompetencyScore,
    NotInTable,
    RatedItem,
    ScoreParameters,
    Words,
)
from idp.rules.scoring.vectors import Vector
from idp.rules.scoring.weighted import weighted_item, weighted_score

THIRDS = (Decimal("33.34"), Decimal("33.33"), Decimal("33.33"))


class ComparisonTableMethod:
    """points = table[expected][attained]; score = sum(points x weight %) / 5 x W, each item's part printed.

    An attained level beyond the row counts as its last one (Bangkok: above 5 counts as 5), so does an
    expected level above the table's last row; an average counts as the whole level reached (both this
    product's default). Raises NotInTable for an expected level that is otherwise missing.
    """

    key: ClassVar[str] = "comparison_table"
    name_th: ClassVar[str] = "ตารางเปรียบเทียบระดับที่คาดหวังกับระดับที่ประเมินได้"
    name_en: ClassVar[str] = "Comparison table of expected and attained levels"
    place: ClassVar[int] = 4
    uses_weights: ClassVar[bool] = True
    parameters_used: ClassVar[frozenset[str]] = frozenset({"comparison_table", "top_rating"})
    vectors: ClassVar[tuple[Vector, ...]] = (
        Vector(
            items=((2, 1, 20), (2, 2, 20), (2, 3, 20), (2, 2, 20), (2, 2, 20)),
            part_weight=30,
            points=(3, 4, 5, 4, 4),
            steps=(
                "3 × 20% ÷ 5 × 30 = 3.60",
                "4 × 20% ÷ 5 × 30 = 4.80",
                "5 × 20% ÷ 5 × 30 = 6.00",
                "4 × 20% ÷ 5 × 30 = 4.80",
                "4 × 20% ÷ 5 × 30 = 4.80",
                "3.60 + 4.80 + 6.00 + 4.80 + 4.80 = 24.00",
            ),
            total="24.00",
            shows_th="คาดหวังระดับ 2 ทุกสมรรถนะ น้ำหนักเท่ากัน ร้อยละ 20 (สมรรถนะละ 6 คะแนน)",
            shows_en="Level 2 expected of each, 20% each (6 points of the part each)",
            is_documented=True,
        ),
        Vector(
            items=tuple((1, 1, third) for third in THIRDS),
            part_weight=20,
            points=(4, 4, 4),
            steps=(
                "4 × 33.34% ÷ 5 × 20 = 5.33",
                "4 × 33.33% ÷ 5 × 20 = 5.33",
                "4 × 33.33% ÷ 5 × 20 = 5.33",
                "5.33 + 5.33 + 5.33 = 15.99",
            ),
            total="15.99",
            shows_th="แต่ละรายการปัดเศษครั้งเดียว คะแนนรวมคือผลบวกของตัวเลขที่พิมพ์ ไม่ใช่ 16.00",
            shows_en="Each part is rounded once; the total is what the printed column adds up to, not 16.00",
        ),
        Vector(
            items=((3, Decimal("2.99"), 50), (6, 6, 50)),
            part_weight=30,
            points=(3, 4),
            steps=("3 × 50% ÷ 5 × 30 = 9.00", "4 × 50% ÷ 5 × 30 = 12.00", "9.00 + 12.00 = 21.00"),
            total="21.00",
            shows_th="ระดับเฉลี่ย 2.99 นับเป็นระดับ 2 ระดับที่เกินตารางนับเป็นระดับสุดท้ายของตาราง",
            shows_en="An average of 2.99 counts as level 2; what is beyond the table as its last level",
        ),
        Vector(
            items=((2, 1, 50), (1, 1, 50)),
            part_weight=30,
            points=(6, 10),
            steps=("6 × 50% ÷ 10 × 30 = 9.00", "10 × 50% ÷ 10 × 30 = 15.00", "9.00 + 15.00 = 24.00"),
            total="24.00",
            shows_th="หน่วยงานที่มีตารางของตนเอง คะแนนเต็ม 10",
            shows_en="An organisation with a table of its own, full marks 10",
            parameters=ScoreParameters(comparison_table={1: (0, 10), 2: (1, 6, 10)}, top_rating=10),
        ),
    )

    def score(
        self, items: Sequence[RatedItem], part_weight: Number, parameters: ScoreParameters
    ) -> CompetencyScore:
        scored = [
            weighted_item(
                item, self._points(item, parameters.comparison_table), parameters.top_rating, part_weight
            )
            for item in items
        ]
        return weighted_score(self.key, scored, part_weight)

    def words(self, parameters: ScoreParameters) -> Words:
        top = parameters.top_rating
        rows = sorted(parameters.comparison_table.items())
        shown = [f"{expected}: {' '.join(map(str, points))}" for expected, points in rows]
        return Words(
            (
                "คะแนนของแต่ละสมรรถนะอ่านจากตารางตามระดับที่คาดหวังและระดับที่ประเมินได้",
                f"ตาราง (ระดับที่คาดหวัง: คะแนนเมื่อได้ระดับ 0, 1, 2 ตามลำดับ) {' | '.join(shown)}",
                f"คะแนนถ่วงน้ำหนักของแต่ละสมรรถนะ = คะแนน × น้ำหนักร้อยละ ÷ {top} × น้ำหนักขององค์ประกอบสมรรถนะ",
                "คะแนนสมรรถนะ = ผลรวมของคะแนนถ่วงน้ำหนักที่ปัดเศษแล้ว",
                "ระดับเฉลี่ยที่มีเศษ: นับเป็นระดับเต็มที่ถึงแล้ว ระดับที่เกินตารางนับเป็นระดับสุดท้ายของตาราง",
            ),
            (
                "Points of each competency are read from the table by expected and attained level",
                f"Table (expected level: points for attained 0, 1, 2 and so on) {' | '.join(shown)}",
                f"Weighted score of each = points × weight in percent ÷ {top} × weight of the part",
                "Competency score = sum of the weighted scores as printed",
                "Averages count as the whole level reached; levels beyond the table as its last",
            ),
        )

    @staticmethod
    def _points(item: RatedItem, table: ComparisonTable) -> int:
        row = table.get(min(item.expected, max(table)))
        if row is None:
            raise NotInTable(item.expected)
        return row[min(floor(item.attained), len(row) - 1)]
