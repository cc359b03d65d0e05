"""Texts that people type into forms: how long they may be."""

from idp.rules.errors import InvalidInput

LONG_TEXT = 4000
NAME_TEXT = 200


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
