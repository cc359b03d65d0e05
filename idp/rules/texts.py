"""Texts that people type into forms: how long they may be, and what an e-mail address looks like."""

import re

from idp.rules.errors import InvalidInput

LONG_TEXT = 4000
NAME_TEXT = 200
EMAIL_LENGTH = 254

_EMAIL = re.compile(r"[^@\s<>\"',;\x00]+@[^@\s<>\"',;\x00]+\.[^@\s<>\"',;\x00]+")


def checked_text(field: str, text: str, longest: int = LONG_TEXT) -> str:
    """The text without space around it and with plain line ends. Raises InvalidInput `too_long` or
    `not_text`."""
    cleaned = text.replace("\r\n", "\n").strip()
    if "\x00" in cleaned:  # PostgreSQL keeps no such character
        raise InvalidInput(field, "not_text")
    if len(cleaned) > longest:
        raise InvalidInput(field, "too_long", maximum=longest)
    return cleaned


def required_text(field: str, text: str, longest: int = LONG_TEXT) -> str:
    """The same, for a field that must not be empty: InvalidInput `missing`."""
    cleaned = checked_text(field, text, longest)
    if not cleaned:
        raise InvalidInput(field, "missing")
    return cleaned


def checked_email(field: str, text: str) -> str:
    """The address without space around it; "" for none. Raises InvalidInput `too_long` or `not_an_email`."""
    address = text.strip()
    if len(address) > EMAIL_LENGTH:
        raise InvalidInput(field, "too_long", maximum=EMAIL_LENGTH)
    if address and _EMAIL.fullmatch(address) is None:
        raise InvalidInput(field, "not_an_email")
    return address
