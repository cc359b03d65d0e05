"""How pages write dates, times, digits and amounts: the reader's language, the organisation's digits.

Thai pages write the Buddhist Era; digits are Thai where the organisation's rules say so. English pages
write the Christian Era and Arabic digits.
"""

from datetime import date, datetime
from decimal import Decimal

from flask import Flask, g, has_request_context

from idp.database import db
from idp.rules import thai
from idp.services.settings import rules_on
from idp.web import clock
from idp.web.language import in_thai, name_of
from idp.web.session import signed_in

NOTHING = "–"
"""Shown where there is no date or number."""


def init_formats(app: Flask) -> None:
    """Filters of the templates."""
    app.jinja_env.filters.update(
        show_date=show_date,
        show_datetime=show_datetime,
        show_period=show_period,
        show_month=show_month,
        digits=digits,
        baht=baht,
        number=number,
        fiscal_year=fiscal_year,
    )
    app.jinja_env.globals.update(name_of=name_of, days_until=days_until, today=clock.today)


def uses_thai_digits() -> bool:
    """Whether this page writes Thai digits; asked of the organisation's rules once a request."""
    if not in_thai() or not has_request_context():
        return False
    if "thai_digits" not in g:
        user = signed_in()
        organisation_id = user.organisation_id if user else None
        g.thai_digits = (
            organisation_id is not None and rules_on(db.session(), organisation_id, clock.today()).thai_digits
        )
    chosen: bool = g.thai_digits
    return chosen


def show_date(day: date | None, month: thai.MonthForm = "long") -> str:
    """ "1 ตุลาคม 2568" or "1 October 2025"; `month` "short" for narrow columns."""
    if day is None:
        return NOTHING
    return (
        thai.thai_date(day, thai_digits=uses_thai_digits(), month=month)
        if in_thai()
        else thai.english_date(day)
    )


def show_datetime(moment: datetime | None, month: thai.MonthForm = "long") -> str:
    """ "1 ตุลาคม 2568 เวลา 14.30 น." on the clock of Bangkok."""
    if moment is None:
        return NOTHING
    if in_thai():
        return thai.thai_datetime(moment, thai_digits=uses_thai_digits(), month=month)
    return thai.english_datetime(moment)


def show_period(start: date | None, end: date | None, month: thai.MonthForm = "long") -> str:
    """ "1 - 15 ตุลาคม 2568"; with one end missing, the other alone."""
    if start is None or end is None:
        return show_date(start or end, month)
    if in_thai():
        return thai.thai_period(start, end, thai_digits=uses_thai_digits(), month=month)
    return f"{thai.english_date(start)} – {thai.english_date(end)}"


def show_month(day: date | None, month: thai.MonthForm = "long") -> str:
    """ "ตุลาคม 2568" or "October 2025"."""
    if day is None:
        return NOTHING
    if in_thai():
        return thai.thai_month(day, thai_digits=uses_thai_digits(), month=month)
    return thai.english_date(day).split(" ", 1)[1]


def fiscal_year(buddhist_year: int) -> str:
    """The year of a cycle or plan, kept in the Buddhist Era: "2569", "๒๕๖๙", or "2026" in English."""
    return digits(buddhist_year if in_thai() else buddhist_year - thai.BUDDHIST_ERA_OFFSET)


def digits(value: object) -> str:
    """The text with the page's digits."""
    text = NOTHING if value is None else str(value)
    return thai.to_thai_digits(text) if uses_thai_digits() else text


def number(value: Decimal | int | None, places: int | None = None) -> str:
    """ "1,234.50" with the page's digits; without `places`, no more of them than there are."""
    if value is None:
        return NOTHING
    if places is not None:
        return digits(f"{value:,.{places}f}")
    exact = Decimal(value)
    return digits(f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact.normalize():,f}")


def baht(amount: Decimal | int | None) -> str:
    """ "1,500 บาท", or "1,500 baht" on an English page."""
    if amount is None:
        return NOTHING
    text = thai.baht(amount, thai_digits=uses_thai_digits())
    return text if in_thai() else text.replace("บาท", "baht")


def days_until(day: date) -> int:
    """Days left until the day: 0 today, negative when it is past."""
    return (day - clock.today()).days
