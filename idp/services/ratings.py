"""Rate competencies: tick behavioural indicators, or state a level, with the evidence in words.

The level is derived from the ticks by the organisation's frozen pass rule; a stated level goes before ticks.
No ticks and no stated level is "not rated", which is not zero: that a competency is not shown at all is
stated as 0.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, Rating, RatingTick
from idp.queries.ladders import CompetencyLadder, ladders_of
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, TransitionNotAllowed
from idp.rules.levels import LevelNotOnLadder, PassRule, count_shown, read_ladder, stated_level
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, Permission, RaterKind, Relation, SubjectType
from idp.rules.texts import checked_text
from idp.services.access import check_version, load_assessment
from idp.services.history import record_history
from idp.services.saving import count_as_changed, noticing_others, save
from idp.services.settings import rules_of_cycle

RATER = {
    RaterKind.SELF: (Permission.ASSESSMENT_SELF_RATE, Relation.OWNER, AssessmentState.SELF_ASSESSING),
    RaterKind.SUPERVISOR: (Permission.ASSESSMENT_RATE, Relation.SUPERVISOR, AssessmentState.RATING),
}
"""For each kind of rating: the permission, the relation that has it, and the state in which it is written."""

EVENT = "save_ratings"


@dataclass(frozen=True)
class RatingEntry:
    """What a rater filled in for one competency."""

    indicator_ids: frozenset[int] = frozenset()
    stated_level: int | None = None
    evidence: str = ""


@dataclass(frozen=True)
class _Reading:
    """An entry, checked, with the level that it gives (None: not rated)."""

    ticks: frozenset[int]
    stated: int | None
    attained: int | None
    blocked_by: int | None
    evidence: str


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
    TransitionNotAllowed (not the time for it), StaleVersion, and InvalidInput whose field is `item-ID-ticks`,
    `item-ID-level` or `item-ID-evidence`.
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


def save_rating(
    session: Session,
    actor: Actor,
    item_id: int,
    kind: RaterKind,
    *,
    indicator_ids: Collection[int],
    stated_level: int | None,
    evidence: str,
    now: datetime,
    expected_version: int | None = None,
) -> Rating | None:
    """The same for one item; the rating as it is kept, or None when nothing was filled in."""
    item = session.get(AssessmentItem, item_id)
    if item is None:
        raise NotVisible
    entry = RatingEntry(frozenset(indicator_ids), stated_level, evidence)
    save_ratings(session, actor, item.assessment_id, kind, {item_id: entry}, now, expected_version)
    return session.scalar(select(Rating).where(Rating.item_id == item_id, Rating.rater_kind == kind))


def _readings(
    session: Session,
    assessment: Assessment,
    items: Mapping[int, AssessmentItem],
    entries: Mapping[int, RatingEntry],
) -> dict[int, _Reading]:
    rules = rules_of_cycle(assessment.cycle)
    pass_rule = PassRule(rules.pass_rule, rules.pass_percentage)
    ladders = ladders_of(session, {item.competency_id for item in items.values()})
    return {
        item_id: _read(item_id, entry, ladders[items[item_id].competency_id], pass_rule)
        for item_id, entry in entries.items()
    }


def _read(item_id: int, entry: RatingEntry, competency: CompetencyLadder, pass_rule: PassRule) -> _Reading:
    if not entry.indicator_ids <= competency.level_of.keys():
        raise InvalidInput(f"item-{item_id}-ticks", "unknown")
    evidence = checked_text(f"item-{item_id}-evidence", entry.evidence)
    ticks = frozenset(entry.indicator_ids)
    if entry.stated_level is not None:
        try:
            level = stated_level(competency.ladder, entry.stated_level)
        except LevelNotOnLadder as error:
            levels = ", ".join(str(number) for number in error.levels)
            raise InvalidInput(f"item-{item_id}-level", "level_not_on_ladder", levels=levels) from error
        return _Reading(ticks, level, level, None, evidence)
    if not ticks:
        return _Reading(ticks, None, None, None, evidence)
    shown = count_shown(competency.ladder, [competency.level_of[indicator] for indicator in ticks])
    reading = read_ladder(competency.ladder, shown, pass_rule)
    return _Reading(ticks, None, reading.attained, reading.blocked_by, evidence)


def _write(
    session: Session,
    actor: Actor,
    items: Mapping[int, AssessmentItem],
    kind: RaterKind,
    readings: Mapping[int, _Reading],
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
    new: dict[int, _Reading] = {}
    changes: list[dict[str, Any]] = []
    for item_id, reading in readings.items():
        rating = kept.get(item_id)
        if rating is None:
            if reading == _Reading(frozenset(), None, None, None, ""):
                continue
            new[item_id] = reading
            changes.append({"item_id": item_id, "before": None, "after": _as_json(reading)})
            continue
        before = _reading_of(rating, ticked.get(rating.id, frozenset()))
        if before == reading:
            continue
        _change(session, rating, before, reading, actor, now)
        changes.append({"item_id": item_id, "before": _as_json(before), "after": _as_json(reading)})
    _insert(session, actor, kind, new, now)
    for item_id in new:
        session.expire(items[item_id], ["ratings"])
    return changes


def _change(
    session: Session, rating: Rating, before: _Reading, reading: _Reading, actor: Actor, now: datetime
) -> None:
    rating.stated_level = reading.stated
    rating.attained_level = None if reading.attained is None else Decimal(reading.attained)
    rating.blocked_by = reading.blocked_by
    rating.evidence = reading.evidence
    rating.rated_by_person_id = actor.person_id
    rating.updated_at = now
    gone, added = before.ticks - reading.ticks, reading.ticks - before.ticks
    if gone:
        session.execute(
            delete(RatingTick)
            .where(RatingTick.rating_id == rating.id, RatingTick.indicator_id.in_(gone))
            .execution_options(synchronize_session=False)
        )
    if added:
        rows = [{"rating_id": rating.id, "indicator_id": indicator} for indicator in sorted(added)]
        session.execute(insert(RatingTick.__table__), rows)  # type: ignore[arg-type]
    session.expire(rating, ["ticks"])


def _insert(
    session: Session, actor: Actor, kind: RaterKind, readings: Mapping[int, _Reading], now: datetime
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
        {"rating_id": rating_id, "indicator_id": indicator}
        for rating_id, item_id in rows
        for indicator in sorted(readings[item_id].ticks)
    ]
    if ticks:
        session.execute(insert(RatingTick.__table__), ticks)  # type: ignore[arg-type]


def _ticks_of(session: Session, rating_ids: Collection[int]) -> dict[int, frozenset[int]]:
    ticks: dict[int, set[int]] = {}
    if rating_ids:
        for rating_id, indicator_id in session.execute(
            select(RatingTick.rating_id, RatingTick.indicator_id).where(RatingTick.rating_id.in_(rating_ids))
        ):
            ticks.setdefault(rating_id, set()).add(indicator_id)
    return {rating_id: frozenset(indicators) for rating_id, indicators in ticks.items()}


def _reading_of(rating: Rating, ticks: frozenset[int]) -> _Reading:
    attained = None if rating.attained_level is None else int(rating.attained_level)
    return _Reading(ticks, rating.stated_level, attained, rating.blocked_by, rating.evidence)


def _as_json(reading: _Reading) -> dict[str, Any]:
    """For the audit: who answers for an assessment must be able to say what stood there before."""
    return {
        "ticks": sorted(reading.ticks),
        "stated": reading.stated,
        "attained": reading.attained,
        "evidence": reading.evidence,
    }
