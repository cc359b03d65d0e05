"""Two realistic forms, filled as an office would; tests change what they look at with `dataclasses.replace`.

Also the readers: what a person gets who searches or copies from the PDF, in two programs.
"""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pypdf
import pypdfium2
import pytest

from idp.rules.forms import (
    AssessmentForm,
    AssessmentFormLine,
    BandOnForm,
    DevelopmentNeed,
    DocumentIdentity,
    Opinion,
    PersonOnForm,
    PlanForm,
    PlanFormLine,
    Receipt,
    ReceiptState,
    ScorePart,
    Signature,
)

START, END = date(2025, 10, 1), date(2026, 9, 30)
IDENTITY = DocumentIdentity("IDP-2569-000123", "ฉบับที่ 2", "อนุมัติแล้ว", date(2026, 11, 21))
SOMCHAI = PersonOnForm(
    title="นาย",
    first_name="สมชาย",
    last_name="ใจดี",
    number="1042",
    position="นักทรัพยากรบุคคล",
    position_type="วิชาการ",
    level_name="ชำนาญการ",
    unit_path=("ฝ่ายสรรหาและพัฒนาบุคลากร", "กองการเจ้าหน้าที่"),
    organisation="องค์การบริหารส่วนตำบลคลองตัวอย่าง",
)
SUDA = PersonOnForm(
    title="นางสาว",
    first_name="สุดา",
    last_name="รักษ์ถิ่น",
    position="ผู้อำนวยการกองการเจ้าหน้าที่",
    level_name="ต้น",
)


def signed(role: str, name: str, position: str, day: date, **more: object) -> Signature:
    """A signature given in the system at half past two in the afternoon of Bangkok."""
    moment = datetime(day.year, day.month, day.day, 7, 30, tzinfo=UTC)
    return Signature(role, name, position, day, moment, **more)  # type: ignore[arg-type]


def unsigned(role: str, name: str = "", position: str = "", **more: object) -> Signature:
    return Signature(role, name, position, **more)  # type: ignore[arg-type]


def competency_line(
    order: int, name: str, category: str = "สมรรถนะหลัก", **more: object
) -> AssessmentFormLine:
    values: dict[str, object] = {
        "expected": 3,
        "weight_percent": Decimal(20),
        "weight_points": Decimal("6.00"),
        "self_level": 3,
        "supervisor_level": 2,
        "points": 4,
        "weighted_score": Decimal("4.80"),
        "evidence": "จัดทำทะเบียนกำหนดส่งงานของฝ่ายและติดตามงานค้างทุกสัปดาห์ งานใหม่ส่งทันกำหนดร้อยละ 92 "
        "แต่ยังไม่ได้เสนอแนวทางปรับปรุงขั้นตอนที่ซ้ำซ้อน",
    }
    return AssessmentFormLine(order, name, category, **{**values, **more})  # type: ignore[arg-type]


def plan_line(order: int, **more: object) -> PlanFormLine:
    values: dict[str, object] = {
        "competency_name": "การมุ่งมั่นสู่ความสำเร็จ",
        "from_level": 2,
        "target_level": 3,
        "indicators": (
            "สามารถวิเคราะห์และค้นหาสาเหตุของปัญหาที่เกิดขึ้นในการทำงานเพื่อปรับปรุงพัฒนางานให้ดีขึ้น",
            "เสนอข้อคิดเห็นในการปรับปรุงพัฒนาแก่เพื่อนร่วมงาน เพื่อให้การทำงานได้มีประสิทธิภาพกว่าเดิม",
        ),
        "methods": ("การมอบหมายงาน",),
        "title": "คุมทะเบียนกำหนดส่งงานของตนและสะสางงานค้างให้หมดภายในรอบ",
        "detail": "บันทึกงานที่ได้รับทุกเรื่องพร้อมวันครบกำหนดลงในทะเบียน จัดลำดับงานทุกเช้าวันจันทร์ "
        "สะสางงานค้างเดิมอย่างน้อยสัปดาห์ละหนึ่งเรื่องจนหมด",
        "starts_on": date(2025, 11, 1),
        "ends_on": date(2026, 2, 28),
        "quarters": (1, 2),
        "hours": 24,
        "cost_baht": Decimal("1500"),
        "measure": "งานใหม่ส่งทันกำหนดไม่น้อยกว่าร้อยละ 90 งานค้างเดิมปิดได้ครบ และงานที่ล่าช้าทุกเรื่องมีการแจ้งล่วงหน้า",
        "evidence": "ทะเบียนกำหนดส่งงานที่แสดงวันครบกำหนด วันส่งจริง และสถานะงานค้าง",
        "responsible": "หัวหน้าฝ่ายสรรหาและพัฒนาบุคลากร",
        "percent": 80,
        "progress_note": "ปิดงานค้างได้ 11 จาก 14 เรื่อง",
        "result": "เกือบสำเร็จ",
        "result_reason": "เหลือ 3 เรื่องที่รอหน่วยงานอื่น",
    }
    return PlanFormLine(order, **{**values, **more})  # type: ignore[arg-type]


@pytest.fixture
def assessment_form() -> AssessmentForm:
    """Signed, received, agreed; one line with a broken ladder and one unrated."""
    day = date(2026, 10, 5)
    employee = signed("ผู้รับการประเมิน", SOMCHAI.name, SOMCHAI.full_position, day)
    supervisor = signed("ผู้ประเมิน", SUDA.name, SUDA.full_position, day)
    return AssessmentForm(
        identity=IDENTITY,
        fiscal_year=2569,
        period_name="รอบที่ 2",
        starts_on=date(2026, 4, 1),
        ends_on=END,
        employee=SOMCHAI,
        supervisor=SUDA,
        lines=(
            competency_line(1, "การมุ่งมั่นสู่ความสำเร็จ"),
            competency_line(
                2, "การบริการเป็นเลิศ", supervisor_level=3, points=5, weighted_score=Decimal("6.00")
            ),
            competency_line(
                3,
                "การยึดมั่นในความถูกต้องและจริยธรรม",
                broken=True,
                missing_indicators=("รักษาวาจา มีสัจจะเชื่อถือได้ และเป็นไปตามหลักการและจรรยาบรรณ",),
            ),
            competency_line(4, "การคิดวิเคราะห์", "สมรรถนะประจำสายงาน", self_level=Decimal("2.67")),
            competency_line(
                5,
                "ความเข้าใจผู้อื่นและตอบสนองอย่างสร้างสรรค์",
                "สมรรถนะประจำสายงาน",
                self_level=None,
                supervisor_level=None,
                points=None,
                weighted_score=None,
                evidence="",
            ),
        ),
        competency_weight=Decimal(30),
        competency_score=Decimal("20.40"),
        method_name="ตารางเปรียบเทียบระดับที่คาดหวังกับระดับที่ประเมินได้",
        method_words=("คะแนนของแต่ละสมรรถนะอ่านจากตาราง",),
        score_explanation=(
            "คะแนนถ่วงน้ำหนักแต่ละรายการ = น้ำหนัก x 30 / 100 x คะแนน / 5 เช่น 20 x 30 / 100 x 4 / 5 = 4.80",
            "คะแนนสมรรถนะ = 4.80 + 6.00 + 4.80 + 4.80 = 20.40 จาก 30",
        ),
        parts=(
            ScorePart("องค์ประกอบที่ 1: ผลสัมฤทธิ์ของงาน", Decimal("88.5"), Decimal(70), Decimal("61.95")),
            ScorePart(
                "องค์ประกอบที่ 2: พฤติกรรมการปฏิบัติราชการ (สมรรถนะ)", Decimal(68), Decimal(30), Decimal("20.40")
            ),
        ),
        total=Decimal("82.35"),
        bands=(
            BandOnForm("ดีเด่น", "90 - 100"),
            BandOnForm("ดีมาก", "80 - 89.99", chosen=True),
            BandOnForm("ดี", "70 - 79.99"),
            BandOnForm("พอใช้", "60 - 69.99"),
            BandOnForm("ต้องปรับปรุง", "ต่ำกว่า 60"),
        ),
        needs=(DevelopmentNeed("การมุ่งมั่นสู่ความสำเร็จ ระดับ 3", "การมอบหมายงาน: คุมทะเบียนกำหนดส่งงาน", START, END),),
        receipt=Receipt(ReceiptState.RECEIVED, employee, supervisor, told_on=day, agrees=True),
        opinions=(
            Opinion(
                "ผู้บังคับบัญชาเหนือขึ้นไป",
                signed("ผู้บังคับบัญชาเหนือขึ้นไป", "นายประสิทธิ์ มั่นคง", "ปลัดองค์การบริหารส่วนตำบล", day),
                agrees=False,
                text="เห็นควรปรับคะแนนการบริการเป็นเลิศ เนื่องจากมีหนังสือชมเชยจากประชาชน 2 ฉบับ",
            ),
            Opinion("ผู้บังคับบัญชาเหนือขึ้นไปอีกชั้นหนึ่ง (ถ้ามี)", unsigned("ผู้บังคับบัญชาเหนือขึ้นไปอีกชั้นหนึ่ง")),
        ),
        signatures=(employee, supervisor),
    )


@pytest.fixture
def plan_form() -> PlanForm:
    """Three lines; the plan is signed, the end of the year is not."""
    day = date(2025, 10, 20)
    return PlanForm(
        identity=IDENTITY,
        fiscal_year=2569,
        starts_on=START,
        ends_on=END,
        employee=SOMCHAI,
        supervisor=SUDA,
        lines=tuple(plan_line(order) for order in (1, 2, 3)),
        start_signatures=(
            signed("ผู้รับการพัฒนา", SOMCHAI.name, SOMCHAI.full_position, day),
            signed(
                "ผู้บังคับบัญชา",
                SUDA.name,
                SUDA.full_position,
                day,
                asks_comment=True,
                comment="เห็นชอบ ขอให้เริ่มเรื่องทะเบียนงานก่อน",
            ),
            unsigned("ผู้บังคับบัญชาเหนือขึ้นไป", "นายประสิทธิ์ มั่นคง", asks_comment=True),
            signed("ผู้ตรวจสอบ (งานการเจ้าหน้าที่)", "นางมาลี ศรีสุข", "นักทรัพยากรบุคคลปฏิบัติการ", day),
        ),
        end_signatures=(
            unsigned("ผู้รับการพัฒนา", SOMCHAI.name, SOMCHAI.full_position),
            unsigned("ผู้บังคับบัญชา", SUDA.name, SUDA.full_position),
        ),
        total_hours=72,
        total_cost_baht=Decimal(4500),
        explanation=("สัดส่วนชั่วโมงตามวิธีการพัฒนา: ประสบการณ์ 70 สังคม 20 ทางการ 10",),
    )


def without_space(text: str) -> str:
    """Readers guess spaces from the layout; what is compared is every other character."""
    return "".join(text.split())


def _read_with_pdfium(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        # PDFium says U+FFFE for a hyphen at the end of a line: its guess that the word was hyphenated.
        return [page.get_textpage().get_text_range().replace("\ufffe", "-") for page in document]
    finally:
        document.close()


def _read_with_pypdf(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@pytest.fixture(params=[_read_with_pdfium, _read_with_pypdf], ids=["pdfium", "pypdf"])
def read_pages(request: pytest.FixtureRequest) -> Callable[[bytes], list[str]]:
    """Each reader in turn: the pages of a PDF as texts without white space."""
    return lambda pdf: [without_space(page) for page in request.param(pdf)]


@pytest.fixture
def page_texts() -> Callable[[bytes], list[str]]:
    """One reader, for the tests that are not about reading."""
    return lambda pdf: [without_space(page) for page in _read_with_pdfium(pdf)]
