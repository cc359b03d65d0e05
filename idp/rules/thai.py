"""Dates, digits, names and amounts as Thai official documents write them.

Sources: the Buddhist Era and the forms' way of writing dates (พ.ศ. = ค.ศ. + 543; "๑ ตุลาคม ๒๕๖๘"); the
Royal Society's rules of spacing for titles and ranks; where nothing is cited, this product's default.
Nothing here knows the organisation: whether digits are Thai is an argument.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from idp.rules.calendar import BANGKOK

MonthForm = Literal["long", "short"]

BUDDHIST_ERA_OFFSET = 543

_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_ARABIC_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

_MONTHS: dict[MonthForm, tuple[str, ...]] = {
    "long": (
        "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
        "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
    ),
    "short": (
        "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
        "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
    ),
}  # fmt: skip
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH_NUMBERS = {
    name.replace(".", ""): number for names in _MONTHS.values() for number, name in enumerate(names, start=1)
}

# Ranks (ยศ) of the armed forces and the police. Unlike other titles they stand apart from the name.
_RANK = re.compile(
    r"(?:พล(?:เรือ|อากาศ|ตำรวจ)?|พัน(?:ตำรวจ|จ่า(?:อากาศ)?)?|ร้อย(?:ตำรวจ)?|นาวา(?:อากาศ)?|เรือ(?:อากาศ)?"
    r"|จ่าสิบ|สิบ(?:ตำรวจ)?|จ่า(?:อากาศ)?)(?:เอก|โท|ตรี|จัตวา)(?:พิเศษ|หญิง)?"
    r"|(?:จ่าสิบ|ดาบ)ตำรวจ(?:หญิง)?"
    r"|(?:พล|พ|ร)\.(?:ต\.)?[อทตจ]\.(?:หญิง)?|(?:พล\.ร|พล\.อ|น|ร)\.[อทต]\.(?:หญิง)?"
    r"|พล\.อ\.[อทต]\.|จ\.ส\.[อทต]\.|ส\.(?:ต\.)?[อทต]\.|จ\.ส\.ต\.|ด\.ต\.(?:หญิง)?|จ\.[อทต]\."
)
_DIRECTING_LEVELS = frozenset({"ต้น", "กลาง", "สูง"})

_NUMERIC_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDED_DATE = re.compile(r"(\d{1,2})\s*([ก-๙.]+?)\s*(?:พ\.?\s?ศ\.?\s*)?(\d{4})")
# The Buddhist Era is told from the Christian by size: no record of this product is older than A.D. 1900 or
# later than B.E. 2700, so that the two ranges never meet (this product's default).
_BUDDHIST_YEARS = range(2443, 2701)
_CHRISTIAN_YEARS = range(1900, 2158)


def to_thai_digits(text: str) -> str:
    """`text` with every Arabic digit written as a Thai one; everything else untouched."""
    return text.translate(_THAI_DIGITS)


def to_arabic_digits(text: str) -> str:
    """`text` with every Thai digit written as an Arabic one; the way back of `to_thai_digits`."""
    return text.translate(_ARABIC_DIGITS)


def _digits(text: str, thai_digits: bool) -> str:
    return to_thai_digits(text) if thai_digits else text


def buddhist_year(day: date) -> int:
    """The year พ.ศ. of a day: the Christian year and 543."""
    return day.year + BUDDHIST_ERA_OFFSET


def thai_date(day: date, *, thai_digits: bool = False, month: MonthForm = "long") -> str:
    """Writes "1 ตุลาคม 2568", "๑ ตุลาคม ๒๕๖๘" or "1 ต.ค. 2568".

    Raises TypeError for a datetime, whose day depends on the zone: use `thai_datetime`, or
    `calendar.local_day`.
    """
    if isinstance(day, datetime):
        raise TypeError("a date is expected, not a moment: take its local day first")
    return _digits(f"{day.day} {_MONTHS[month][day.month - 1]} {buddhist_year(day)}", thai_digits)


def thai_month(day: date, *, thai_digits: bool = False, month: MonthForm = "long") -> str:
    """Writes "ตุลาคม 2568": a month of a year, as plans speak of time."""
    return _digits(f"{_MONTHS[month][day.month - 1]} {buddhist_year(day)}", thai_digits)


def thai_datetime(moment: datetime, *, thai_digits: bool = False, month: MonthForm = "long") -> str:
    """Writes "1 ตุลาคม 2568 เวลา 14.30 น." on the clock of Bangkok. Raises ValueError without a zone."""
    local = _in_bangkok(moment)
    text = f"{thai_date(local.date(), month=month)} เวลา {local:%H.%M} น."
    return _digits(text, thai_digits)


def thai_period(start: date, end: date, *, thai_digits: bool = False, month: MonthForm = "long") -> str:
    """Writes "1 ตุลาคม 2568 - 31 มีนาคม 2569"; what both ends share is said once ("1 - 15 ตุลาคม 2568").

    Raises ValueError when the period ends before it starts.
    """
    if end < start:
        raise ValueError(f"the period ends ({end}) before it starts ({start})")
    last = thai_date(end, month=month)
    if start == end:
        text = last
    elif (start.year, start.month) == (end.year, end.month):
        text = f"{start.day} - {last}"
    elif start.year == end.year:
        text = f"{start.day} {_MONTHS[month][start.month - 1]} - {last}"
    else:
        text = f"{thai_date(start, month=month)} - {last}"
    return _digits(text, thai_digits)


def english_date(day: date) -> str:
    """Writes "1 October 2025", in the Christian era, on machines of every locale."""
    return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"


def english_datetime(moment: datetime) -> str:
    """Writes "1 October 2025, 14:30" on the clock of Bangkok. Raises ValueError without a zone."""
    local = _in_bangkok(moment)
    return f"{english_date(local.date())}, {local:%H:%M}"


def _in_bangkok(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a moment without a time zone cannot be shown")
    return moment.astimezone(BANGKOK)


def full_name(title: str | None, first: str, last: str) -> str:
    """A person's name for a document: "นายสมชาย ใจดี", "ดร.สุดา ใจดี", "ว่าที่ร้อยตรีสมชาย ใจดี".

    The title joins the first name without a space (the forms). By the Royal Society's rules of spacing
    only a rank of the armed forces or the police stands apart: "พันตำรวจโท สมชาย ใจดี", also after another
    title ("รองศาสตราจารย์ ร้อยเอก สมชาย ใจดี"); ว่าที่ with a rank is a title like any other (this
    product's default). Names in Latin letters keep their space ("Mr. John Smith"). Missing parts leave no
    stray space.
    """
    title, first, last = (" ".join((part or "").split()) for part in (title, first, last))
    joins = bool(title) and _is_thai(title) and _is_thai(first) and not _RANK.fullmatch(title.split()[-1])
    named = f"{title}{first}" if joins else f"{title} {first}".strip()
    return f"{named} {last}".strip()


def _is_thai(text: str) -> bool:
    return any("\u0e01" <= character <= "\u0e5b" for character in text)


def position_with_level(position: str, level_name: str | None) -> str:
    """Position and level as one expression: "นักทรัพยากรบุคคลชำนาญการ" (the forms print them together).

    The directing and managing levels (ต้น, กลาง, สูง) are said with their word: "นักบริหารงานท้องถิ่น
    ระดับกลาง". Without a level, or when the position already ends with it, the position alone.
    """
    position, level = position.strip(), (level_name or "").strip()
    if level in _DIRECTING_LEVELS:
        level = f"ระดับ{level}"
    if not level or position.endswith(level):
        return position
    return f"{position} {level}" if level.startswith("ระดับ") else f"{position}{level}"


def baht(amount: Decimal | int, thai_digits: bool = False) -> str:
    """Writes "1,500 บาท"; satang only where there are some ("1,500.50 บาท"), rounded once, half up."""
    exact = Decimal(amount).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    figure = f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact:,.2f}"
    return _digits(f"{figure} บาท", thai_digits)


def parse_thai_date(text: str) -> date:
    """The day that a person typed: "1/10/2568", "1 ต.ค. 2568", "๑ ตุลาคม พ.ศ. ๒๕๖๘", "2025-10-01".

    Day before month, except in the ISO form; the year in full, Buddhist or Christian, told apart by its
    size. Raises ValueError for everything else, a two-digit year and a day that does not exist included.
    """
    plain = to_arabic_digits(unicodedata.normalize("NFC", text).strip())
    if found := _ISO_DATE.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := _NUMERIC_DATE.fullmatch(plain):
        day, month, year = (int(part) for part in found.groups())
    elif found := _WORDED_DATE.fullmatch(plain):
        day, month, year = int(found[1]), _MONTH_NUMBERS.get(found[2].replace(".", ""), 0), int(found[3])
    else:
        raise ValueError(f"not a date: {text!r}")
    return date(_christian_year(year), month, day)


def is_buddhist_year(year: int) -> bool:
    """Whether a year of this product's records is one of the Buddhist era: told by its size."""
    return year in _BUDDHIST_YEARS


def _christian_year(year: int) -> int:
    if is_buddhist_year(year):
        return year - BUDDHIST_ERA_OFFSET
    if year in _CHRISTIAN_YEARS:
        return year
    raise ValueError(f"not a year of this product's records: {year}")
