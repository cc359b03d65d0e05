"""Numbers of records in addresses and forms: nine digits at most, which every database keeps as an integer.

PostgreSQL refuses a larger number than it can keep with an error of its own, SQLite's driver with another.
No record has one (this product's default), so that asking for it is asking for what does not exist.
"""

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter

LONGEST = 9
LARGEST = 10**LONGEST - 1


class RecordNumber(IntegerConverter):
    """`<int:...>` in an address; what no record can have is a missing page."""

    regex = rf"[0-9]{{1,{LONGEST}}}"


def init_numbers(app: Flask) -> None:
    """Before the blueprints: for every `<int:...>` of the application."""
    app.url_map.converters["int"] = RecordNumber


def record_number(text: str) -> int | None:
    """The number that a text names; None for every text that cannot be the number of a record."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None


def asked_number(values: MultiDict[str, str], name: str) -> int | None:
    """The number in a field or in an address' question; None where there is none."""
    return record_number(values.get(name, ""))
