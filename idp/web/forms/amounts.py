"""Numbers as people write them into a field: with commas, in Thai digits, in baht."""

from decimal import Decimal, InvalidOperation

from idp.rules.errors import InvalidInput
from idp.rules.thai import to_arabic_digits

LONGEST_NUMBER = 20


def typed_whole(field: str, text: str) -> int | None:
    """A whole number, None for an empty field. Raises InvalidInput `not_a_whole_number`."""
    plain = _plain(text)
    if not plain:
        return None
    if len(plain) > LONGEST_NUMBER or not (plain.isascii() and plain.isdigit()):
        raise InvalidInput(field, "not_a_whole_number")
    return int(plain)


def typed_baht(field: str, text: str) -> Decimal | None:
    """An amount, None for an empty field; its range is the service's. Raises InvalidInput `not_a_number`."""
    plain = _plain(text)
    if not plain:
        return None
    try:
        amount = Decimal(plain) if len(plain) <= LONGEST_NUMBER else Decimal("NaN")
    except InvalidOperation as error:
        raise InvalidInput(field, "not_a_number") from error
    if not amount.is_finite():
        raise InvalidInput(field, "not_a_number")
    return amount


def written_baht(amount: Decimal | None) -> str:
    """As a field offers it and `typed_baht` reads it back: "1500" or "1500.50"."""
    if amount is None:
        return ""
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


def _plain(text: str) -> str:
    return to_arabic_digits(text).replace(",", "").replace(" ", "").strip()
