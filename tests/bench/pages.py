"""Every page at 10, 1,000 and 10,000 rows: its statements, which must stay the same, and its milliseconds.

Suda rates sixty of the people, the largest team that an office has, with Prasit above; Malee sees all.
Notices, mails, orders to print and the history of one record grow with the people.
"""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.databases import each_database
from tests.factories.addresses import populate
from tests.factories.committee import seat
from tests.factories.crowd import add_crowd
from tests.factories.website import Website, make_website
from tests.web.statements import Cost, Page, costs

SIZES = (10, 1_000, 10_000)
TEAM = 60
SLOW_SECONDS = 0.05
"""A page faster than this is as fast as need be: noise makes ratios of it."""


def run(people: int) -> None:
    """Print a table for each database, then the worst ratio of all."""
    logging.disable(logging.ERROR)  # the sample's files are rows without content
    sizes = [size for size in SIZES if size <= people]
    worst = 1.0, "no page", sizes[0]
    with each_database() as databases:
        for name, url in databases:
            print(f"{name}: statements and milliseconds of every page, at {', '.join(map(str, sizes))} rows")
            with opened(url) as website:
                measured = measure(website, sizes)
            _print(measured, sizes)
            worst = max(worst, _worst(measured, sizes))
    ratio, page, _size = worst
    print(f"pages: ratio {ratio:.1f} against the same page at {sizes[0]} rows ({page}, {sizes[-1]} rows)")


@contextmanager
def opened(url: str) -> Iterator[Website]:
    """The application over the sample organisation."""
    with tempfile.TemporaryDirectory(prefix="idp-bench-") as folder:
        yield from make_website(url, Path(folder))


def measure(website: Website, sizes: list[int]) -> dict[int, dict[Page, Cost]]:
    """By size what every page costs."""
    values, there, found = populate(website), 0, {}
    website.do(seat)
    for size in sizes:
        with website.session() as session:
            add_crowd(session, website.sample, there + 1, size, TEAM)
        there, found[size] = size, costs(website, values)
    return found


def _print(measured: dict[int, dict[Page, Cost]], sizes: list[int]) -> None:
    for page in measured[sizes[0]]:
        each = [measured[size].get(page) for size in sizes]
        statements = [cost.statements if cost else None for cost in each]
        times = " ".join(f"{cost.seconds * 1000:8.1f}" if cost else "       -" for cost in each)
        grown = "  MORE STATEMENTS" if len(set(statements)) > 1 else ""
        print(f"  {page!s:52.52} {statements[0]:4} {times}{grown} {statements if grown else ''}".rstrip())


def _worst(measured: dict[int, dict[Page, Cost]], sizes: list[int]) -> tuple[float, str, int]:
    few, many = measured[sizes[0]], measured[sizes[-1]]
    ratios = [
        (many[page].seconds / max(few[page].seconds, SLOW_SECONDS), str(page), sizes[-1])
        for page in few
        if page in many
    ]
    return max(ratios)
