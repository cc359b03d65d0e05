"""Everything about one assessment as plain data, for an objection: each table's rows with all their columns,
the names of everybody concerned, and the history with its hashes.

Left out are where files lie on the disk, a plan that its owner alone reads yet, and where a link led that was
withdrawn: the hash of the entry that told of it is the one of the whole entry. Numbers of levels and scores
are texts, days and moments in ISO 8601.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from idp.models import (
    Agreement,
    Assessment,
    AssessmentItem,
    Attachment,
    Base,
    BehaviouralIndicator,
    Competency,
    DevelopmentPlan,
    Evidence,
    Extension,
    Gap,
    Handover,
    HistoryEntry,
    Objection,
    PaperForm,
    Person,
    Phase,
    PlanFollowUp,
    PlanItem,
    PlanVersion,
    ProficiencyLevel,
    ProgressEntry,
    Rating,
    RatingTick,
    ResultCorrection,
    StaffChange,
    Suggestion,
)
from idp.rules.errors import NotVisible
from idp.rules.plan_workflow import is_the_owners_alone
from idp.rules.terms import PlanState, SubjectType

FORMAT = "idp-whole-record/1"
HIDDEN = frozenset({"storage_key"})

Row = dict[str, Any]


def whole_record(session: Session, assessment_id: int, until: datetime) -> Row:
    """The record, its history up to `until`; a constant number of statements. Raises NotVisible when there is
    none. Who may have it is asked by the caller."""
    assessment = session.get(Assessment, assessment_id)
    if assessment is None:
        raise NotVisible
    items = _rows(session, AssessmentItem, AssessmentItem.assessment_id == assessment_id)
    item_ids = [item["id"] for item in items]
    plans = _rows(session, DevelopmentPlan, (DevelopmentPlan.assessment_id == assessment_id) & _is_shared())
    lines = _rows(session, PlanItem, PlanItem.plan_id.in_([plan["id"] for plan in plans]))
    handovers = _rows(session, Handover, Handover.assessment_id == assessment_id)
    subjects = _subjects(assessment_id, plans, lines)
    in_cycle = Extension.cycle_id == assessment.cycle_id
    record: Row = {
        "format": FORMAT,
        "until": until.isoformat(),
        "cycle": _row(assessment.cycle)
        | {"phases": _rows(session, Phase, Phase.cycle_id == assessment.cycle_id)},
        "assessment": _row(assessment),
        "items": _with_ratings(session, items, item_ids),
        "suggestions": _rows(session, Suggestion, Suggestion.assessment_item_id.in_(item_ids)),
        "agreement": _rows(session, Agreement, Agreement.assessment_id == assessment_id),
        "staff_changes": _rows(session, StaffChange, StaffChange.id.in_(_each(handovers, "change_id"))),
        "handovers": handovers,
        "extensions": _rows(
            session,
            Extension,
            in_cycle & or_(Extension.assessment_id == assessment_id, Extension.assessment_id.is_(None)),
        ),
        "plans": plans,
        "plan_items": lines,
        "plan_progress": _rows(session, ProgressEntry, ProgressEntry.plan_item_id.in_(_each(lines, "id"))),
        "plan_evidence": _rows(session, Evidence, Evidence.plan_item_id.in_(_each(lines, "id"))),
        "plan_follow_ups": _rows(session, PlanFollowUp, PlanFollowUp.plan_id.in_(_each(plans, "id"))),
        "plan_versions": _rows(session, PlanVersion, PlanVersion.plan_id.in_(_each(plans, "id"))),
        "objections": _rows(session, Objection, Objection.assessment_id == assessment_id),
        "corrections": _rows(session, ResultCorrection, ResultCorrection.assessment_id == assessment_id),
        "paper_forms": _rows(session, PaperForm, _about(PaperForm, subjects)),
        "attachments": _rows(session, Attachment, _about(Attachment, subjects)),
        "history": _rows(session, HistoryEntry, _about(HistoryEntry, subjects) & (HistoryEntry.at <= until)),
    }
    _close_withdrawn_links(record)
    record["people"] = _people(session, record)
    return record


def attachments_of(session: Session, record: Row) -> list[tuple[int, str, str]]:
    """(id, storage key, file name) of the record's attachments; a file of evidence that was withdrawn is its
    owner's alone."""
    withdrawn = {row["attachment_id"] for row in record["plan_evidence"] if row["withdrawn_at"] is not None}
    ids = [number for number in _each(record["attachments"], "id") if number not in withdrawn]
    rows = session.execute(
        select(Attachment.id, Attachment.storage_key, Attachment.filename)
        .where(Attachment.id.in_(ids))
        .order_by(Attachment.id)
    )
    return [(number, key, name) for number, key, name in rows]


def _close_withdrawn_links(record: Row) -> None:
    withdrawn = [row for row in record["plan_evidence"] if row["withdrawn_at"] is not None]
    for row in withdrawn:
        row["url"] = ""
    ids = set(_each(withdrawn, "id"))
    for entry in record["history"]:
        if entry["event"] == "add_link" and entry["detail"]["evidence_id"] in ids:
            entry["detail"] = entry["detail"] | {"url": ""}  # of the copy: the history itself stays


def _with_ratings(session: Session, items: list[Row], item_ids: list[int]) -> list[Row]:
    """Each item with its competency, its gap, and both ratings with the ticked indicators in words,
    and the note of each."""
    competencies = _by(session, Competency, Competency.id.in_(_each(items, "competency_id")), "id")
    ratings = _rows(session, Rating, Rating.item_id.in_(item_ids))
    ticks = session.execute(
        select(
            RatingTick.rating_id,
            RatingTick.indicator_id,
            ProficiencyLevel.number,
            BehaviouralIndicator.text_th,
            RatingTick.note,
        )
        .join(BehaviouralIndicator, BehaviouralIndicator.id == RatingTick.indicator_id)
        .join(ProficiencyLevel, ProficiencyLevel.id == BehaviouralIndicator.level_id)
        .where(RatingTick.rating_id.in_(_each(ratings, "id")))
        .order_by(RatingTick.rating_id, ProficiencyLevel.number, RatingTick.indicator_id)
    )
    shown: dict[int, list[Row]] = {}
    for rating_id, indicator_id, level, text, note in ticks:
        tick = {"indicator_id": indicator_id, "level": level, "text": text, "note": note}
        shown.setdefault(rating_id, []).append(tick)
    gaps = _by(session, Gap, Gap.item_id.in_(item_ids), "item_id")
    for item in items:
        item["competency"] = competencies[item["competency_id"]]
        item["gap"] = gaps.get(item["id"])
        item["ratings"] = [
            rating | {"ticks": shown.get(rating["id"], [])}
            for rating in ratings
            if rating["item_id"] == item["id"]
        ]
    return sorted(items, key=lambda item: (item["sort_order"], item["id"]))


def _is_shared() -> ColumnElement[bool]:
    """Not a plan that its owner alone reads: the office has this record too."""
    plan = DevelopmentPlan
    was_handed_in = plan.submitted_at.is_not(None) | plan.approved_at.is_not(None)
    return plan.state.in_(_shared(False)) | (was_handed_in & plan.state.in_(_shared(True)))


def _shared(was_handed_in: bool) -> list[PlanState]:
    return [state for state in PlanState if not is_the_owners_alone(state, was_handed_in=was_handed_in)]


def _subjects(assessment_id: int, plans: list[Row], lines: list[Row]) -> dict[SubjectType, list[int]]:
    return {
        SubjectType.ASSESSMENT: [assessment_id],
        SubjectType.PLAN: _each(plans, "id"),
        SubjectType.PLAN_ITEM: _each(lines, "id"),
    }


def _about(model: Any, subjects: dict[SubjectType, list[int]]) -> ColumnElement[bool]:
    return or_(*((model.subject_type == kind) & model.subject_id.in_(ids) for kind, ids in subjects.items()))


def _people(session: Session, record: Row) -> dict[str, str]:
    """The names of everybody whose id stands anywhere in it, by the id as text."""
    ids = set(_person_ids(record))
    rows = session.execute(
        select(Person.id, Person.display_name).where(Person.id.in_(ids)).order_by(Person.id)
    )
    return {str(number): name for number, name in rows}


def _person_ids(value: Any) -> Iterable[int]:
    if isinstance(value, dict):
        for name, each in value.items():
            if isinstance(each, int) and name.endswith("person_id"):
                yield each
            else:
                yield from _person_ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _person_ids(each)


def _by(session: Session, model: type[Base], condition: ColumnElement[bool], key: str) -> dict[int, Row]:
    return {row[key]: row for row in _rows(session, model, condition)}


def _each(rows: list[Row], column: str) -> list[int]:
    return [row[column] for row in rows]


def _rows(session: Session, model: type[Base], condition: ColumnElement[bool]) -> list[Row]:
    order = model.__table__.primary_key
    return [_row(each) for each in session.scalars(select(model).where(condition).order_by(*order))]


def _row(record: Base) -> Row:
    return {
        attribute.key: _plain(getattr(record, attribute.key))
        for attribute in record.__mapper__.column_attrs
        if attribute.key not in HIDDEN
    }


def _plain(value: Any) -> Any:
    """JSON's own types."""
    match value:
        case Enum():
            return value.value
        case Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            return value
