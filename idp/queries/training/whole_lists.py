"""A list of people to its end, for a file: read page after page by its key, so that neither the database nor
the server holds all of it at once."""

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

AT_ONCE = 10_000
"""So many rows in one statement."""

Row_co = TypeVar("Row_co", covariant=True)
Key_co = TypeVar("Key_co", str, int, covariant=True)
Row = TypeVar("Row")
Key = TypeVar("Key", str, int)


class Page(Protocol[Row_co, Key_co]):
    """Some rows, and what the following page is asked for with; None on the last one."""

    @property
    def rows(self) -> tuple[Row_co, ...]: ...

    @property
    def next_after(self) -> Key_co | None: ...


def every_row(read: Callable[[Key], Page[Row, Key]], first: Key) -> Iterator[Row]:
    """The rows of all pages; `read` takes the key that a page begins after."""
    after: Key | None = first
    while after is not None:
        page = read(after)
        yield from page.rows
        after = page.next_after
