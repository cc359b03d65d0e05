"""How many statements, and how much time, every page takes that somebody of the cast may open."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from tests.factories.addresses import routes_of
from tests.factories.website import Website
from tests.web.reading import counted

READERS = ("somchai", "suda", "prasit", "malee", "anong")
OK = 200


@dataclass(frozen=True)
class Page:
    """One address as one of the cast reads it."""

    endpoint: str
    address: str
    reader: str

    def __str__(self) -> str:
        return f"{self.endpoint} ({self.reader})"


@dataclass(frozen=True)
class Cost:
    """Of one reading, the page having been read before."""

    statements: int
    seconds: float


def costs(website: Website, values: dict[str, int | str]) -> dict[Page, Cost]:
    """Every page of HTML that opens; files and redirections are left out."""
    found = {}
    routes = [route for route in routes_of(website.app, values) if route.method == "GET"]
    for reader in READERS:
        client = website.sign_in(reader)
        for route in routes:
            if (
                client.get(route.address).status_code != OK
            ):  # also notes the look, which is written once a day
                continue
            with counted(website.app) as statements:
                began = perf_counter()
                response = client.get(route.address)
                seconds = perf_counter() - began
            if response.mimetype == "text/html":
                found[Page(route.endpoint, route.address, reader)] = Cost(len(statements), seconds)
    return found
