"""What was handed in, as data: taken when a step is reopened, put back in force when nothing came of it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from idp.models import Assessment, AssessmentItem, DevelopmentPlan, Rating, RatingTick
from idp.rules.terms import PlanItemState, RaterKind, SecondOpinion
from idp.services.rating_entries import rating_as_json

Kept = dict[str, Any]


def entries_of(session: Session, assessment: Assessment, kind: RaterKind) -> Kept:
    """One rater's whole view of an assessment: every rating with its ticks, words and hand, and the facts
    beside the state that speak of it."""
    kept: Kept = {
        "state": assessment.state.value,
        "ratings": [_rating(each) for each in _ratings(session, assessment, kind)],
    }
    if kind is RaterKind.SELF:
        return kept | {"self_submitted_at": _moment(assessment.self_submitted_at)}
    opinion = assessment.second_opinion
    return kept | {
        "rated_at": _moment(assessment.rated_at),
        "results_score": None if assessment.results_score is None else str(assessment.results_score),
        "second_opinion": opinion.value if opinion else None,
        "second_opinion_text": assessment.second_opinion_text,
        "second_opinion_at": _moment(assessment.second_opinion_at),
    }


def put_entries_back(
    session: Session, assessment: Assessment, kind: RaterKind, kept: Mapping[str, Any]
) -> None:
    """Make the assessment say again what it said when `kept` was taken, but for its state."""
    before = {each["item_id"]: each for each in kept["ratings"]}
    for rating in _ratings(session, assessment, kind):
        entry = before.pop(rating.item_id, None)
        if entry is None:
            session.delete(rating)
        else:
            _write(rating, entry)
    for entry in before.values():
        rating = Rating(item_id=entry["item_id"], rater_kind=kind)
        _write(rating, entry)
        session.add(rating)
    if kind is RaterKind.SELF:
        assessment.self_submitted_at = _read(kept["self_submitted_at"])
        return
    assessment.rated_at = _read(kept["rated_at"])
    assessment.results_score = _decimal(kept["results_score"])
    opinion = kept["second_opinion"]
    assessment.second_opinion = None if opinion is None else SecondOpinion(opinion)
    assessment.second_opinion_text = kept["second_opinion_text"]
    assessment.second_opinion_at = _read(kept["second_opinion_at"])


def evaluation_of(plan: DevelopmentPlan) -> Kept:
    """What the supervisor said of a plan and of each of its lines."""
    return {
        "state": plan.state.value,
        "evaluated_at": _moment(plan.evaluated_at),
        "evaluation_comment": plan.evaluation_comment,
        "reflection": plan.reflection,
        "items": [
            {
                "item_id": item.id,
                "state": item.state.value,
                "percent": item.percent,
                "result_reason": item.result_reason,
            }
            for item in plan.items
        ],
    }


def put_evaluation_back(plan: DevelopmentPlan, kept: Mapping[str, Any]) -> None:
    """Make the plan say again what it said when `kept` was taken, but for its state."""
    plan.evaluated_at = _read(kept["evaluated_at"])
    plan.evaluation_comment = kept["evaluation_comment"]
    plan.reflection = kept["reflection"]
    items = {item.id: item for item in plan.items}
    for entry in kept["items"]:
        item = items[entry["item_id"]]
        item.state = PlanItemState(entry["state"])
        item.percent = entry["percent"]
        item.result_reason = entry["result_reason"]


def _ratings(session: Session, assessment: Assessment, kind: RaterKind) -> list[Rating]:
    found = session.scalars(
        select(Rating)
        .join(AssessmentItem, AssessmentItem.id == Rating.item_id)
        .where(AssessmentItem.assessment_id == assessment.id, Rating.rater_kind == kind)
        .order_by(AssessmentItem.sort_order, Rating.id)
        .options(selectinload(Rating.ticks))
        .execution_options(populate_existing=True)
    )
    return list(found)


def _rating(rating: Rating) -> dict[str, Any]:
    return {
        "item_id": rating.item_id,
        **rating_as_json(rating),
        "blocked_by": rating.blocked_by,
        "rated_by": rating.rated_by_person_id,
        "updated_at": _moment(rating.updated_at),
    }


def _write(rating: Rating, entry: Mapping[str, Any]) -> None:
    rating.stated_level = entry["stated"]
    rating.average_level = _decimal(entry.get("average"))
    rating.attained_level = _decimal(entry["attained"])
    rating.blocked_by = entry["blocked_by"]
    rating.evidence = entry["evidence"]
    rating.rated_by_person_id = entry["rated_by"]
    rating.updated_at = datetime.fromisoformat(entry["updated_at"])
    wanted = set(entry["ticks"])
    rating.ticks = [tick for tick in rating.ticks if tick.indicator_id in wanted]
    known = {tick.indicator_id for tick in rating.ticks}
    rating.ticks += [RatingTick(indicator_id=each) for each in sorted(wanted - known)]
    notes = entry.get("notes", {})
    for tick in rating.ticks:
        tick.note = notes.get(str(tick.indicator_id), "")


def _moment(value: datetime | date | None) -> str | None:
    return None if value is None else value.isoformat()


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _decimal(number: int | str | None) -> Decimal | None:
    return None if number is None else Decimal(number)
