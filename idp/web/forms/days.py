"""A day as people write it into a field."""

from collections.abc import Mapping
from datetime import date

from idp.rules.errors import InvalidInput
from idp.rules.thai import parse_thai_date


def typed_day(form: Mapping[str, str], field: str) -> date:
    """The day in the field. Raises InvalidInput `required` or `not_a_date`."""
    day = day_or_none(form, field)
    if day is None:
        raise InvalidInput(field, "required")
    return day


def day_or_none(form: Mapping[str, str], field: str) -> date | None:
    """The day in the field, None for an empty one. Raises InvalidInput `not_a_date`."""
    text = form.get(field, "").strip()
    if not text:
        return None
    try:
        return parse_thai_date(text)
    except ValueError as error:
        raise InvalidInput(field, "not_a_date") from error
