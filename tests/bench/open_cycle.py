"""Opening a cycle for everybody, against the bare INSERT ... SELECT of the very same rows in the same run."""

import resource
import time
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.orm import Session

from idp.models.engine import make_engine
from idp.services.cycles import create_cycle, publish_cycle
from idp.services.opening import begin_opening, continue_opening
from tests.bench.databases import each_database
from tests.bench.population import NOW, populate

TABLES = ("assessment", "assessment_item", "notice")
HEADS = ("database", "people", "preflight s", "open s", "bare s", "grown MiB", "ratio")
AGAINST = "a bare INSERT ... SELECT of the same rows"


def run(people: int) -> None:
    """Print a row for each database, then the worse ratio."""
    print(" ".join(f"{head:>12}" for head in HEADS))
    ratios = []
    with each_database() as databases:
        for name, url in databases:
            engine = make_engine(url)
            with Session(engine) as session:
                figures = _measure(session, people)
            engine.dispose()
            ratios.append(figures[1] / figures[2])
            print(
                " ".join(
                    [
                        f"{name:>12}",
                        f"{people:>12,}",
                        *(f"{each:>12.2f}" for each in figures),
                        f"{ratios[-1]:>12.2f}",
                    ]
                )
            )
    print(f"open_cycle: ratio {max(ratios):.2f} against {AGAINST}")


def _measure(session: Session, people: int) -> tuple[float, float, float, float]:
    """Seconds of pre-flight, of the opening, of the bare statements; MiB that the process grew in the
    first two."""
    crowd = populate(session, people)
    grown_from = _peak()
    cycle = create_cycle(session, crowd.officer, code="2570", name_th="รอบ", fiscal_year=2570, now=NOW)
    publish_cycle(session, crowd.officer, cycle.id, NOW)
    session.commit()
    checked = _seconds(lambda: begin_opening(session, crowd.officer, cycle.id, NOW))
    session.commit()
    opened = _seconds(lambda: _open(session, cycle.id))
    grown = _peak() - grown_from
    return checked, opened, _bare(session), grown


def _open(session: Session, cycle_id: int) -> None:
    finished = False
    while not finished:
        finished = continue_opening(session, cycle_id, NOW)
        session.commit()


def _bare(session: Session) -> float:
    """Seconds to put the opened rows back from copies of the tables: indexes and constraints as they are."""
    for table in TABLES:
        session.execute(text(f"CREATE TEMPORARY TABLE bare_{table} AS SELECT * FROM {table}"))
    for table in reversed(TABLES):
        session.execute(text(f"DELETE FROM {table}"))
    session.commit()

    def put_back() -> None:
        for table in TABLES:
            session.execute(text(f"INSERT INTO {table} SELECT * FROM bare_{table}"))
        session.commit()

    return _seconds(put_back)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
