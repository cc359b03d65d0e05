"""What shows that a line of a plan was carried out: files, and links such as to a certificate."""

from urllib.parse import urlsplit

from idp.rules.errors import InvalidInput

LONGEST_LINK = 2000
LONGEST_TITLE = 250
MOST_FILES = 10
"""Handed in at once; more can follow (this product's default)."""

SCHEMES = ("http", "https")


def checked_link(field: str, text: str) -> str:
    """The address as it was given, when it leads to a web site and hides nothing: no name and password before
    the host, no space, no control character. Raises InvalidInput `required`, `too_long` or `not_a_link`."""
    address = text.strip()
    if not address:
        raise InvalidInput(field, "required")
    if len(address) > LONGEST_LINK:
        raise InvalidInput(field, "too_long", maximum=LONGEST_LINK)
    try:
        parts = urlsplit(address)
        is_good = parts.scheme in SCHEMES and "." in (parts.hostname or "") and parts.username is None
        parts.port  # noqa: B018  (reading it is the check)
    except ValueError:
        is_good = False
    if not is_good or not address.isprintable() or any(sign in address for sign in " \\\"<>'"):
        raise InvalidInput(field, "not_a_link")
    return address


def host_of(address: str) -> str:
    """Where a link leads, as the reader is shown it before they follow it."""
    return urlsplit(address).hostname or ""
