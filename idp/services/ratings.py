"""Rate competencies: tick behavioural indicators, or state a level, with the evidence in words.

The level is derived from the ticks by the organisation's frozen pass rule; a stated level, or the average of
several raters, goes before ticks. No ticks and no level is "not rated", which is not zero: that a competency
is not shown at all is stated as 0.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, Rating, RatingTick
from idp.queries.ladders import ladders_of
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted, NotVisible, TransitionNotAllowed
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, Permission, RaterKind, Relation, SubjectType
from idp.services.access import check_version, load_assessment
from idp.services.history import record_history
from idp.services.rating_entries import RatingEntry, RatingReading, as_json, read_entry, reading_of
from idp.services.saving import count_as_changed, noticing_others, save
from idp.services.settings import rules_of_cycle

RATER = {
    RaterKind.SELF: (Permission.ASSESSMENT_SELF_RATE, Relation.OWNER, AssessmentState.SELF_ASSESSING),
    RaterKind.SUPERVISOR: (Permission.ASSESSMENT_RATE, Relation.SUPERVISOR, AssessmentState.RATING),
}
"""For each kind of rating: the permission, the relation that has it, and the state in which it is written."""

EVENT = "save_ratings"


__all__ = ["EVENT", "RATER", "RatingEntry", "save_ratings"]


def save_ratings(
    session: Session,
    actor: Actor,
    assessment_id: int,
    kind: RaterKind,
    entries: Mapping[int, RatingEntry],
    now: datetime,
    expected_version: int | None = None,
) -> Assessment:
    """Keep what a rater filled in, for each item named in `entries` (by its id); items not named stay as they
    are.

    Unchanged content writes nothing. `expected_version` is the assessment's. Raises NotVisible, NotPermitted,
    TransitionNotAllowed (not the time for it), StaleVersion, and InvalidInputs at the fields that
    `services.rating_entries.read_entry` names, of every item at once.
    """
    permission, relation, state = RATER[kind]
    assessment, standing = load_assessment(session, actor, assessment_id, permission, local_day(now))
    if relation not in standing.relations:
        raise NotPermitted(permission)
    if assessment.state is not state:
        raise TransitionNotAllowed("assessment", assessment.state, EVENT)
    check_version(assessment, expected_version)
    items = {item.id: item for item in assessment.items}
    if not entries.keys() <= items.keys():
        raise NotVisible
    readings = _readings(session, assessment, items, entries)
    with session.no_autoflush:  # that somebody was quicker is for `save` to notice, and to name
        changes = _write(session, actor, items, kind, readings, now)
    if changes:
        count_as_changed(assessment)
        record_history(
            session,
            actor,
            (SubjectType.ASSESSMENT, assessment.id),
            EVENT,
            now,
            organisation_id=assessment.organisation_id,
            states=(state, state),
            on_behalf_of=standing.represented_by(frozenset({relation})),
            detail={"kind": kind.value, "items": changes},
        )
        save(session)
    return assessment


def _readings(
    session: Session,
    assessment: Assessment,
    items: Mapping[int, AssessmentItem],
    entries: Mapping[int, RatingEntry],
) -> dict[int, RatingReading]:
    rules = rules_of_cycle(assessment.cycle)
    ladders = ladders_of(session, {item.competency_id for item in items.values()})
    readings: dict[int, RatingReading] = {}
    problems: list[InvalidInput] = []
    for item_id, entry in entries.items():
        try:
            readings[item_id] = read_entry(item_id, entry, ladders[items[item_id].competency_id], rules)
        except InvalidInputs as refused:
            problems += refused.problems
    if problems:
        raise InvalidInputs(problems)
    return readings


def _write(
    session: Session,
    actor: Actor,
    items: Mapping[int, AssessmentItem],
    kind: RaterKind,
    readings: Mapping[int, RatingReading],
    now: datetime,
) -> list[dict[str, Any]]:
    """Write what differs from what is kept; the changes, as the history keeps them."""
    kept = {
        rating.item_id: rating
        for rating in session.scalars(
            select(Rating).where(Rating.item_id.in_(readings.keys()), Rating.rater_kind == kind)
        )
    }
    ticked = _ticks_of(session, [rating.id for rating in kept.values()])
    new: dict[int, RatingReading] = {}
    changes: list[dict[str, Any]] = []
    for item_id, reading in readings.items():
        rating = kept.get(item_id)
        if rating is None:
            if reading.is_empty:
                continue
            new[item_id] = reading
            changes.append({"item_id": item_id, "before": None, "after": as_json(reading)})
            continue
        before = reading_of(rating, ticked.get(rating.id, {}))
        if before == reading:
            continue
        _change(session, rating, before, reading, actor, now)
        changes.append({"item_id": item_id, "before": as_json(before), "after": as_json(reading)})
    _insert(session, actor, kind, new, now)
    for item_id in new:
        session.expire(items[item_id], ["ratings"])
    return changes


def _change(
    session: Session,
    rating: Rating,
    before: RatingReading,
    reading: RatingReading,
    actor: Actor,
    now: datetime,
) -> None:
    rating.stated_level = reading.stated
    rating.average_level = reading.average
    rating.attained_level = reading.attained
    rating.blocked_by = reading.blocked_by
    rating.evidence = reading.evidence
    rating.rated_by_person_id = actor.person_id
    rating.updated_at = now
    _change_ticks(session, rating.id, before.ticks, reading.ticks)
    for tick in rating.__dict__.get("ticks", ()):  # loaded before, and now another note or gone
        session.expunge(tick)
    session.expire(rating, ["ticks"])


def _change_ticks(
    session: Session, rating_id: int, before: Mapping[int, str], after: Mapping[int, str]
) -> None:
    tick = RatingTick.__table__
    gone = before.keys() - after.keys()
    added = [
        {"rating_id": rating_id, "indicator_id": indicator, "note": after[indicator]}
        for indicator in sorted(after.keys() - before.keys())
    ]
    reworded = [
        {"of_indicator": indicator, "note": after[indicator]}
        for indicator in sorted(after.keys() & before.keys())
        if after[indicator] != before[indicator]
    ]
    of_rating = tick.c.rating_id == rating_id
    if gone:
        session.execute(delete(tick).where(of_rating, tick.c.indicator_id.in_(gone)))  # type: ignore[arg-type]
    if added:
        session.execute(insert(tick), added)  # type: ignore[arg-type]
    if reworded:
        of_indicator = tick.c.indicator_id == bindparam("of_indicator")
        session.execute(update(tick).where(of_rating, of_indicator), reworded)  # type: ignore[arg-type]


def _insert(
    session: Session, actor: Actor, kind: RaterKind, readings: Mapping[int, RatingReading], now: datetime
) -> None:
    if not readings:
        return
    with noticing_others():  # the first draft of the same rating, sent from two tabs
        rows = session.execute(
            insert(Rating).returning(Rating.id, Rating.item_id),
            [
                {
                    "item_id": item_id,
                    "rater_kind": kind,
                    "stated_level": reading.stated,
                    "average_level": reading.average,
                    "attained_level": reading.attained,
                    "blocked_by": reading.blocked_by,
                    "evidence": reading.evidence,
                    "rated_by_person_id": actor.person_id,
                    "updated_at": now,
                    "version": 1,
                }
                for item_id, reading in readings.items()
            ],
        ).all()
    ticks = [
        {"rating_id": rating_id, "indicator_id": indicator, "note": note}
        for rating_id, item_id in rows
        for indicator, note in sorted(readings[item_id].ticks.items())
    ]
    if ticks:
        session.execute(insert(RatingTick.__table__), ticks)  # type: ignore[arg-type]


def _ticks_of(session: Session, rating_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """By rating the note of every ticked indicator."""
    ticks: dict[int, dict[int, str]] = {}
    if rating_ids:
        for rating_id, indicator_id, note in session.execute(
            select(RatingTick.rating_id, RatingTick.indicator_id, RatingTick.note).where(
                RatingTick.rating_id.in_(rating_ids)
            )
        ):
            ticks.setdefault(rating_id, {})[indicator_id] = note
    return ticks
