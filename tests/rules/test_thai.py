"""Thai dates, digits, names, amounts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.rules import thai

DAY = date(2025, 10, 1)


def test_a_date_is_written_in_the_buddhist_era() -> None:
    assert thai.buddhist_year(DAY) == 2568
    assert thai.thai_date(DAY) == "1 ตุลาคม 2568"
    assert thai.thai_date(DAY, thai_digits=True) == "๑ ตุลาคม ๒๕๖๘"
    assert thai.thai_date(DAY, month="short") == "1 ต.ค. 2568"
    assert thai.thai_month(DAY) == "ตุลาคม 2568"


def test_a_moment_is_not_taken_for_a_day() -> None:
    with pytest.raises(TypeError):
        thai.thai_date(datetime(2025, 10, 1, tzinfo=UTC))


def test_a_moment_is_shown_on_the_clock_of_bangkok() -> None:
    assert thai.thai_datetime(datetime(2025, 10, 1, 7, 30, tzinfo=UTC)) == "1 ตุลาคม 2568 เวลา 14.30 น."
    late = datetime(2025, 12, 31, 17, 5, tzinfo=UTC)
    assert thai.thai_datetime(late, thai_digits=True, month="short") == "๑ ม.ค. ๒๕๖๙ เวลา ๐๐.๐๕ น."
    assert thai.english_datetime(late) == "1 January 2026, 00:05"


def test_a_moment_without_a_zone_is_refused() -> None:
    for write in (thai.thai_datetime, thai.english_datetime):
        with pytest.raises(ValueError, match="zone"):
            write(datetime(2025, 10, 1, 7, 30))


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (DAY, date(2026, 3, 31), "1 ตุลาคม 2568 - 31 มีนาคม 2569"),
        (DAY, date(2025, 12, 31), "1 ตุลาคม - 31 ธันวาคม 2568"),
        (DAY, date(2025, 10, 15), "1 - 15 ตุลาคม 2568"),
        (DAY, DAY, "1 ตุลาคม 2568"),
        (date(2024, 10, 1), DAY, "1 ตุลาคม 2567 - 1 ตุลาคม 2568"),
    ],
)
def test_a_period_says_once_what_both_ends_share(start: date, end: date, text: str) -> None:
    assert thai.thai_period(start, end) == text
    assert thai.thai_period(start, end, thai_digits=True) == thai.to_thai_digits(text)


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        thai.thai_period(DAY, date(2025, 9, 30))


def test_the_english_pages_use_the_christian_era() -> None:
    assert thai.english_date(DAY) == "1 October 2025"


@pytest.mark.parametrize(
    ("title", "first", "last", "text"),
    [
        ("นาย", "สมชาย", "ใจดี", "นายสมชาย ใจดี"),
        ("น.ส.", "สุดา", "ใจดี", "น.ส.สุดา ใจดี"),
        ("ดร.", "สุดา", "ใจดี", "ดร.สุดา ใจดี"),
        ("ว่าที่ร้อยตรี", "สมชาย", "ใจดี", "ว่าที่ร้อยตรีสมชาย ใจดี"),
        ("ว่าที่ ร.ต.", "สมชาย", "ใจดี", "ว่าที่ ร.ต. สมชาย ใจดี"),
        ("พันตำรวจโท", "สมชาย", "ใจดี", "พันตำรวจโท สมชาย ใจดี"),
        ("ร้อยตรีหญิง", "สุดา", "ใจดี", "ร้อยตรีหญิง สุดา ใจดี"),
        ("รองศาสตราจารย์ ร้อยเอก", "สมชาย", "ใจดี", "รองศาสตราจารย์ ร้อยเอก สมชาย ใจดี"),
        ("รองศาสตราจารย์ พันโท ดร.", "สุดา", "ใจดี", "รองศาสตราจารย์ พันโท ดร.สุดา ใจดี"),
        ("นายแพทย์", "สมชาย", "ใจดี", "นายแพทย์สมชาย ใจดี"),
        ("นาย", " สมชาย ", " ณ  อยุธยา", "นายสมชาย ณ อยุธยา"),
        ("", "สมชาย", "ใจดี", "สมชาย ใจดี"),
        (None, "สมชาย", "", "สมชาย"),
        ("Mr.", "John", "Smith", "Mr. John Smith"),
        ("นาย", "John", "Smith", "นาย John Smith"),
    ],
)
def test_a_title_joins_the_first_name_and_a_rank_stands_apart(
    title: str | None, first: str, last: str, text: str
) -> None:
    assert thai.full_name(title, first, last) == text


RANKS = [
    "พลเอก",
    "พลเรือเอก",
    "พลอากาศโท",
    "พลตำรวจตรี",
    "พลจัตวา",
    "พันเอก",
    "พันเอกพิเศษ",
    "พันตำรวจเอก",
    "ร้อยโท",
    "ร้อยตำรวจตรี",
    "นาวาเอก",
    "นาวาอากาศตรี",
    "เรือโท",
    "เรืออากาศเอก",
    "จ่าสิบเอก",
    "จ่าสิบตำรวจ",
    "ดาบตำรวจ",
    "สิบโท",
    "สิบตำรวจตรี",
    "พันจ่าเอก",
    "พันจ่าอากาศโท",
    "จ่าตรี",
    "จ่าอากาศเอก",
    "พล.อ.",
    "พล.ต.อ.",
    "พล.ร.อ.",
    "พล.อ.ท.",
    "พ.อ.",
    "พ.ต.ท.",
    "ร.อ.",
    "ร.ต.อ.",
    "ร.ต.อ.หญิง",
    "น.ท.",
    "จ.ส.อ.",
    "จ.ส.ต.",
    "ส.อ.",
    "ส.ต.ต.",
    "ด.ต.",
    "จ.อ.",
]


@pytest.mark.parametrize("rank", RANKS)
def test_every_rank_stands_apart_from_the_name(rank: str) -> None:
    assert thai.full_name(rank, "สมชาย", "ใจดี") == f"{rank} สมชาย ใจดี"


@pytest.mark.parametrize(
    "title",
    [
        "นาย",
        "นาง",
        "นางสาว",
        "น.ส.",
        "ดร.",
        "อ.",
        "ผศ.",
        "รศ.",
        "ศ.",
        "นพ.",
        "พญ.",
        "ม.ร.ว.",
        "ม.ล.",
        "พระครู",
        "หม่อมหลวง",
    ],
)
def test_every_other_title_joins_the_name(title: str) -> None:
    assert thai.full_name(title, "สมชาย", "ใจดี") == f"{title}สมชาย ใจดี"


@pytest.mark.parametrize(
    ("position", "level", "text"),
    [
        ("นักทรัพยากรบุคคล", "ชำนาญการ", "นักทรัพยากรบุคคลชำนาญการ"),
        ("นักทรัพยากรบุคคลชำนาญการ", "ชำนาญการ", "นักทรัพยากรบุคคลชำนาญการ"),
        ("นักบริหารงานท้องถิ่น", "กลาง", "นักบริหารงานท้องถิ่น ระดับกลาง"),
        ("นักบริหารงานท้องถิ่น", "ระดับกลาง", "นักบริหารงานท้องถิ่น ระดับกลาง"),
        ("พนักงานขับรถยนต์", None, "พนักงานขับรถยนต์"),
        ("พนักงานขับรถยนต์", "", "พนักงานขับรถยนต์"),
    ],
)
def test_position_and_level_are_printed_together(position: str, level: str | None, text: str) -> None:
    assert thai.position_with_level(position, level) == text


def test_an_amount_shows_satang_only_where_there_are_some() -> None:
    assert thai.baht(1500) == "1,500 บาท"
    assert thai.baht(Decimal("1500.00"), thai_digits=True) == "๑,๕๐๐ บาท"
    assert thai.baht(Decimal("1234567.505")) == "1,234,567.51 บาท"
    assert thai.baht(0) == "0 บาท"


@pytest.mark.parametrize(
    "text",
    [
        "1/10/2568", "01/10/2568", "1-10-2568", "1.10.2568", "๑/๑๐/๒๕๖๘", "1/10/2025", "2025-10-01",
        "2568-10-01",
        "1 ต.ค. 2568", "1 ต.ค.2568", "1 ตค 2568", "1 ตุลาคม 2568", "๑ ตุลาคม ๒๕๖๘", "1 ตุลาคม พ.ศ. 2568",
        " 1  ตุลาคม  2568 ",
    ],
)  # fmt: skip
def test_every_usual_way_to_type_a_date_is_read(text: str) -> None:
    assert thai.parse_thai_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["", "1/10/68", "31/2/2568", "1/13/2568", "0/1/2568", "1 ตุล 2568", "1 2568", "10/2568", "พรุ่งนี้",
     "1/10/3000",
     "1/10/1800", "2568-10-01T00:00", "1/10/2568 x"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        thai.parse_thai_date(text)


@given(
    st.dates(date(1901, 1, 1), date(2150, 1, 1)),
    st.booleans(),
    st.sampled_from(["long", "short"]),
)
def test_a_written_date_reads_back_as_itself(day: date, thai_digits: bool, month: thai.MonthForm) -> None:
    assert thai.parse_thai_date(thai.thai_date(day, thai_digits=thai_digits, month=month)) == day


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="๐๑๒๓๔๕๖๗๘๙")))
def test_thai_digits_can_be_taken_back(text: str) -> None:
    assert thai.to_arabic_digits(thai.to_thai_digits(text)) == text
