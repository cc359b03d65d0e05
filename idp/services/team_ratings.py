"""Rate one competency of a whole team, and start the rating of many: each person on their own.

What hinders one costs no other: every row goes through the service of a single record, by the actor's own
right, in a savepoint of its own.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload
from sqlalchemy.orm.exc import StaleDataError

from idp.models import Assessment, AssessmentItem, Cycle, Rating
from idp.queries.ladders import ladders_of
from idp.queries.team_rating_rows import NOT_RATED_YET
from idp.queries.team_ratings import rated_by
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, NotVisible, RuleViolation, StaleVersion
from idp.rules.relations import Actor
from idp.rules.terms import RaterKind
from idp.services.assessments import start_rating
from idp.services.rating_entries import RatingEntry, read_entry, reading_of
from idp.services.ratings import save_ratings
from idp.services.settings import rules_of_cycle

Refusal = RuleViolation | StaleDataError


@dataclass(frozen=True)
class TeamEntry:
    """What was filled in for one person. `version`: of the rating of this competency as the rater saw it
    (NOT_RATED_YET: there was none); None stands for any."""

    entry: RatingEntry
    version: int | None = None


@dataclass
class Outcome:
    """By id (an item's, or an assessment's): what was done, and what was not and why. What needed nothing is
    in neither."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, Refusal] = field(default_factory=dict)


def save_team_ratings(
    session: Session,
    actor: Actor,
    cycle_id: int,
    competency_id: int,
    entries: Mapping[int, TeamEntry],
    now: datetime,
) -> Outcome:
    """Keep what the supervisor filled in for each item of one competency, by the item's id.

    A row whose rating somebody changed since it was drawn is refused with StaleVersion, unless both wrote the
    same; the other competencies of the person do not matter. Raises NotVisible where the actor rates nobody
    in the cycle who is expected to show the competency; every other refusal is in the outcome.
    """
    items = _items_of_team(session, actor, cycle_id, competency_id, now)
    ratings = _ratings(session, [item_id for item_id in entries if item_id in items])
    outcome = Outcome()
    for item_id, row in entries.items():
        item, kept = items.get(item_id), ratings.get(item_id)
        if item is None:
            outcome.refused[item_id] = NotVisible()
        elif not _is_kept_already(session, item, kept, row.entry):
            _try(session, outcome, item_id, partial(_save, session, actor, item, kept, row, now))
    return outcome


def start_team_ratings(
    session: Session,
    actor: Actor,
    cycle_id: int,
    versions: Mapping[int, int],
    now: datetime,
) -> Outcome:
    """Start the rating of each of these assessments of the cycle; `versions`: as they were shown, by id.

    Raises NotVisible where the actor rates nobody in the cycle.
    """
    own = check_rates_in(session, actor, cycle_id, local_day(now))
    outcome = Outcome()
    for assessment_id, version in versions.items():
        if assessment_id in own:
            start = partial(start_rating, session, actor, assessment_id, now, version)
            _try(session, outcome, assessment_id, start)
        else:
            outcome.refused[assessment_id] = NotVisible()
    return outcome


def check_rates_in(session: Session, actor: Actor, cycle_id: int, day: date) -> frozenset[int]:
    """The assessments of the cycle that the actor rates, whatever their state. Raises NotVisible for none."""
    statement = select(Assessment.id).where(rated_by(actor, day), Assessment.cycle_id == cycle_id)
    found = frozenset(session.scalars(statement))
    if not found:
        raise NotVisible
    return found


def _items_of_team(
    session: Session, actor: Actor, cycle_id: int, competency_id: int, now: datetime
) -> dict[int, AssessmentItem]:
    """Of everybody whom the actor rates, in whatever state: what was handed in meanwhile is refused by name.
    Raises NotVisible where there is nobody."""
    items = session.scalars(
        select(AssessmentItem)
        .join(AssessmentItem.assessment)
        .where(
            rated_by(actor, local_day(now)),
            Assessment.cycle_id == cycle_id,
            AssessmentItem.competency_id == competency_id,
        )
        .options(contains_eager(AssessmentItem.assessment))
    )
    found = {item.id: item for item in items}
    if not found:
        raise NotVisible
    return found


def _ratings(session: Session, item_ids: Collection[int]) -> dict[int, Rating]:
    rows = session.scalars(
        select(Rating)
        .where(Rating.item_id.in_(item_ids), Rating.rater_kind == RaterKind.SUPERVISOR)
        .options(selectinload(Rating.ticks))
    )
    return {rating.item_id: rating for rating in rows}


def _try(session: Session, outcome: Outcome, number: int, act: Callable[[], object]) -> None:
    savepoint = session.begin_nested()
    try:
        act()
        session.flush()
    except (RuleViolation, StaleDataError) as refusal:
        savepoint.rollback()
        outcome.refused[number] = refusal
    else:
        savepoint.commit()
        outcome.done.append(number)


def _save(
    session: Session,
    actor: Actor,
    item: AssessmentItem,
    kept: Rating | None,
    row: TeamEntry,
    now: datetime,
) -> None:
    """The version of the assessment is that of this moment: what the rater saw is this competency."""
    seen = NOT_RATED_YET if kept is None else kept.version
    if row.version is not None and row.version != seen:
        raise StaleVersion
    assessment = session.get_one(Assessment, item.assessment_id)
    save_ratings(
        session,
        actor,
        assessment.id,
        RaterKind.SUPERVISOR,
        {item.id: row.entry},
        now,
        assessment.version,
    )


def _is_kept_already(session: Session, item: AssessmentItem, kept: Rating | None, entry: RatingEntry) -> bool:
    """Whether it says what stands there, or is empty where nothing does; what cannot be read does not."""
    rules = rules_of_cycle(session.get_one(Cycle, item.assessment.cycle_id))
    ladder = ladders_of(session, {item.competency_id})[item.competency_id]
    try:
        reading = read_entry(item.id, entry, ladder, rules)
    except InvalidInput:
        return False
    if kept is None:
        return reading.is_empty
    return reading == reading_of(kept, {tick.indicator_id: tick.note for tick in kept.ticks})
