"""Proposing actions for everybody's gaps, against the bare INSERT ... SELECT of the very same rows, each the
best of three in turn: both are short enough for a neighbour on the machine to be felt."""

import resource
import time
from collections.abc import Callable

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from idp.models.engine import make_engine
from idp.services.cycles import create_cycle, publish_cycle
from idp.services.opening import begin_opening, continue_opening
from idp.services.suggestion_runs import begin_suggestions, continue_suggestions
from tests.bench.databases import each_database
from tests.bench.population import NOW, Crowd, populate

HEADS = ("database", "people", "gaps", "rows", "make s", "again s", "bare s", "grown MiB", "ratio")
TIMES = 3
AGAINST = "a bare INSERT ... SELECT of the same rows"

RATE = (
    "UPDATE assessment_item SET expected_level = 2 + competency_id % 2",
    # Of the levels 0 to 3 few are low, and a third of the raters state the level and tick nothing.
    """INSERT INTO rating (item_id, rater_kind, attained_level, stated_level, evidence, updated_at, version)
       SELECT id, 'supervisor', 100 * level, CASE WHEN id % 3 = 0 THEN level END, '', :now, 1
       FROM (SELECT id, CASE WHEN place < 4 THEN 0 WHEN place < 18 THEN 1
                             WHEN place < 60 THEN 2 ELSE 3 END AS level
             FROM (SELECT id, (id % 10007 * 79 + id / 13) % 100 AS place FROM assessment_item) p) rated""",
    # All of the levels attained, and about a quarter of the others.
    """INSERT INTO rating_tick (rating_id, indicator_id, note)
       SELECT r.id, b.id, '' FROM rating r
       JOIN assessment_item i ON i.id = r.item_id
       JOIN proficiency_level l ON l.competency_id = i.competency_id AND l.number BETWEEN 1 AND 3
       JOIN behavioural_indicator b ON b.level_id = l.id
       WHERE r.stated_level IS NULL
         AND (100 * l.number <= r.attained_level OR (r.id * 31 + b.id * 17) % 97 < 24)""",
    """INSERT INTO gap (item_id, expected_level, attained_level, gap)
       SELECT i.id, i.expected_level, r.attained_level, 100 * i.expected_level - r.attained_level
       FROM rating r JOIN assessment_item i ON i.id = r.item_id""",
    "UPDATE assessment SET state = 'received', released_at = :now, acknowledged_at = :now",
)


def run(people: int) -> None:
    """Print a row for each database, then the worse ratio."""
    print(" ".join(f"{head:>11}" for head in HEADS))
    ratios = []
    with each_database() as databases:
        for name, url in databases:
            engine = make_engine(url)
            with Session(engine) as session:
                gaps, rows, made, again, bare, grown = _measure(session, people)
            engine.dispose()
            ratios.append(made / bare)
            counts = " ".join(f"{each:>11,}" for each in (people, gaps, rows))
            figures = " ".join(f"{each:>11.2f}" for each in (made, again, bare, grown, ratios[-1]))
            print(f"{name:>11} {counts} {figures}")
    print(f"suggestions: ratio {max(ratios):.2f} against {AGAINST}")


def _measure(session: Session, people: int) -> tuple[int, int, float, float, float, float]:
    """Gaps, proposals; seconds to make them, to find that they are all there, to put them back bare; MiB that
    the process grew by making them."""
    crowd = populate(session, people)
    cycle_id = _rated_cycle(session, crowd)
    grown_from = _peak()
    made = [_seconds(lambda: _make(session, crowd, cycle_id))]
    grown = _peak() - grown_from
    gaps = session.scalar(text("SELECT count(*) FROM gap WHERE gap > 0")) or 0
    rows = session.scalar(text("SELECT count(*) FROM suggestion")) or 0
    session.commit()
    again = _seconds(lambda: _make(session, crowd, cycle_id))
    assert session.scalar(text("SELECT count(*) FROM suggestion")) == rows
    session.execute(text("CREATE TEMPORARY TABLE bare_suggestion AS SELECT * FROM suggestion ORDER BY id"))
    bare = []
    for _again in range(TIMES - 1):
        bare.append(_bare(session))
        _clear(session)
        made.append(_seconds(lambda: _make(session, crowd, cycle_id)))
    bare.append(_bare(session))
    return gaps, rows, min(made), again, min(bare), grown


def _rated_cycle(session: Session, crowd: Crowd) -> int:
    """Open for everybody, rated and released: a good third of all items has a gap."""
    cycle = create_cycle(session, crowd.officer, code="2570", name_th="รอบ", fiscal_year=2570, now=NOW)
    publish_cycle(session, crowd.officer, cycle.id, NOW)
    begin_opening(session, crowd.officer, cycle.id, NOW)
    session.commit()
    while not continue_opening(session, cycle.id, NOW):
        session.commit()
    session.commit()
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if is_postgresql:  # the keys fit: they come from the tables themselves
        session.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in RATE:
        session.execute(text(statement), {"now": NOW.replace(tzinfo=None)} if ":now" in statement else {})
    session.commit()
    if is_postgresql:
        session.execute(text("ANALYZE"))
        session.commit()
    return cycle.id


def _make(session: Session, crowd: Crowd, cycle_id: int) -> None:
    run = begin_suggestions(session, crowd.officer, cycle_id, NOW)
    session.commit()
    finished = False
    while not finished:
        finished = continue_suggestions(session, run.id, NOW)
        session.commit()


def _bare(session: Session) -> float:
    """Seconds to put the rows back from the copy: indexes and constraints as they are."""
    _clear(session)

    def put_back() -> None:
        session.execute(text("INSERT INTO suggestion SELECT * FROM bare_suggestion"))
        session.commit()

    return _seconds(put_back)


def _clear(session: Session) -> None:
    session.execute(text("DELETE FROM suggestion"))
    session.commit()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    if engine.dialect.name == "postgresql":  # or dead rows would slow down what comes next
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM suggestion"))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
