"""A person's data as they may take them away: what the organisation signed in to keeps about them, and those
they have left.

Source: the data protection law's right to a copy of one's data. A rating that is not released yet is not
among them, as on every page.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from idp.models import (
    Assessment,
    AssessmentItem,
    Assignment,
    BehaviouralIndicator,
    Competency,
    Cycle,
    DevelopmentPlan,
    Employee,
    MentorOffer,
    Organisation,
    Person,
    PlanFollowUp,
    PlanItem,
    ProficiencyLevel,
    Rating,
    RatingTick,
    Unit,
    UserAccount,
)
from idp.queries.looks import my_looks
from idp.queries.own_records import of_here_or_left
from idp.rules.permissions import allowed
from idp.rules.relations import Actor
from idp.rules.terms import Permission, RaterKind, Relation

LATEST_LOOKS = 1000
OWNER = frozenset({Relation.OWNER})
FROZEN = (
    "title_th",
    "first_name",
    "last_name",
    "employee_number",
    "personnel_type",
    "position_name",
    "position_level_name",
    "unit_path_name",
    "supervisor_name",
    "second_level_name",
)
RESULT = ("competency_score", "results_score", "total_score", "band", "second_opinion", "second_opinion_text")
OWN = ("self_submitted_at", "released_at", "acknowledged_at", "employee_opinion", "employee_opinion_text")
RATING = ("rater_kind", "stated_level", "average_level", "attained_level", "evidence", "updated_at")
PLAN_LINE = (
    "title",
    "detail",
    "method",
    "from_level",
    "target_level",
    "starts_on",
    "ends_on",
    "hours",
    "cost_baht",
    "measure",
    "evidence_expected",
    "responsible",
    "other_methods",
    "state",
    "percent",
    "result_reason",
    "hours_done",
    "spent_baht",
)
EVIDENCE = ("kind", "title", "url", "at", "withdrawn_at", "withdrawn_because")
FOLLOW_UP = ("half", "employee_text", "employee_at", "supervisor_text", "supervisor_at")
OFFER = ("level", "most_mentees", "note", "offered_at", "withdrawn_at")


def own_data(session: Session, actor: Actor, day: date) -> dict[str, Any]:
    """Plain data, ready for JSON but for dates, times and exact numbers; a constant number of statements."""
    assert actor.person_id is not None
    person = session.get_one(Person, actor.person_id)
    account = session.scalar(select(UserAccount).where(UserAccount.person_id == person.id))
    return {
        "person": _columns(person, ("title_th", "first_name", "last_name", "email", "created_at")),
        "account": _columns(account, ("login", "language", "is_active")) if account else None,
        "employments": _employments(session, actor, day),
        "assessments": _assessments(session, actor, day),
        "plans": _plans(session, actor, day),
        "mentor_offers": _mentor_offers(session, actor, day),
        "looks": [
            {
                "viewer": row.viewer_name,
                "position": row.viewer_position,
                "as": row.relation,
                "on_behalf_of": row.represented_name,
                "seen_by": row.what,
                "record": [row.subject_type, row.subject_id],
                "first_at": row.first_at,
                "last_at": row.last_at,
                "times": row.times,
            }
            for row in my_looks(session, actor, day, limit=LATEST_LOOKS).rows
        ],
    }


def _employments(session: Session, actor: Actor, day: date) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Employee, Assignment, Unit.name_th, Organisation.name_th)
        .join(Organisation, Organisation.id == Employee.organisation_id)
        .outerjoin(Assignment, Assignment.employee_id == Employee.id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(Employee.person_id == actor.person_id, of_here_or_left(Employee.organisation_id, actor, day))
        .order_by(Employee.hired_on, Employee.id, Assignment.from_on)
    )
    return [
        {
            "organisation": organisation,
            **_columns(employee, ("number", "personnel_type", "hired_on", "left_on")),
            "unit": unit,
            **(_columns(assignment, ("full_position", "from_on", "until_on")) if assignment else {}),
        }
        for employee, assignment, unit, organisation in rows
    ]


def _assessments(session: Session, actor: Actor, day: date) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Assessment, Cycle.name_th, Organisation.name_th)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Organisation, Organisation.id == Assessment.organisation_id)
        .where(
            Assessment.owner_person_id == actor.person_id,
            of_here_or_left(Assessment.organisation_id, actor, day),
        )
        .options(
            selectinload(Assessment.items).selectinload(AssessmentItem.ratings),
            selectinload(Assessment.items).joinedload(AssessmentItem.competency),
        )
        .order_by(Cycle.starts_on, Assessment.id)
    )
    found = rows.all()
    ids = [rating.id for each in found for item in each[0].items for rating in item.ratings]
    ticks = _ticks(session, ids)
    return [
        {"organisation": organisation, "cycle": cycle, **_assessment(assessment, ticks)}
        for assessment, cycle, organisation in found
    ]


def _ticks(session: Session, rating_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """By rating the indicators that were ticked, in words, each with its note."""
    rows = session.execute(
        select(
            RatingTick.rating_id,
            ProficiencyLevel.number,
            BehaviouralIndicator.text_th,
            RatingTick.note,
        )
        .join(BehaviouralIndicator, BehaviouralIndicator.id == RatingTick.indicator_id)
        .join(ProficiencyLevel, ProficiencyLevel.id == BehaviouralIndicator.level_id)
        .where(RatingTick.rating_id.in_(rating_ids))
        .order_by(RatingTick.rating_id, ProficiencyLevel.number, BehaviouralIndicator.sort_order)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for rating_id, level, text, note in rows:
        found.setdefault(rating_id, []).append({"level": level, "text": text, "note": note})
    return found


def _assessment(assessment: Assessment, ticks: Mapping[int, list[dict[str, Any]]]) -> dict[str, Any]:
    shows_result = allowed(Permission.RESULT_VIEW, OWNER, assessment.state)
    found = {"id": assessment.id, "state": assessment.state, **_columns(assessment, (*FROZEN, *OWN))}
    if shows_result:
        found |= _columns(assessment, RESULT)
    found["competencies"] = [
        {
            "name": item.competency.name_th,
            **_columns(item, ("expected_level", "weight_percent")),
            "ratings": [
                _rating(rating) | {"indicators": ticks.get(rating.id, [])}
                for rating in item.ratings
                if rating.rater_kind is RaterKind.SELF or shows_result
            ],
        }
        for item in assessment.items
    ]
    return found


def _rating(rating: Rating) -> dict[str, Any]:
    return _columns(rating, RATING)


def _plans(session: Session, actor: Actor, day: date) -> list[dict[str, Any]]:
    plans = session.scalars(
        select(DevelopmentPlan)
        .where(
            DevelopmentPlan.owner_person_id == actor.person_id,
            of_here_or_left(DevelopmentPlan.organisation_id, actor, day),
        )
        .options(
            selectinload(DevelopmentPlan.items).selectinload(PlanItem.progress),
            selectinload(DevelopmentPlan.items).selectinload(PlanItem.evidence),
        )
        .order_by(DevelopmentPlan.fiscal_year, DevelopmentPlan.id)
    ).all()
    follow_ups: dict[int, list[dict[str, Any]]] = {}
    for each in session.scalars(
        select(PlanFollowUp)
        .where(PlanFollowUp.plan_id.in_([plan.id for plan in plans]))
        .order_by(PlanFollowUp.plan_id, PlanFollowUp.half)
    ):
        follow_ups.setdefault(each.plan_id, []).append(_columns(each, FOLLOW_UP))
    return [
        {
            "id": plan.id,
            **_columns(plan, ("fiscal_year", "state", "reflection", "submitted_at", "approved_at")),
            "lines": [
                {
                    **_columns(item, PLAN_LINE),
                    "progress": [_columns(entry, ("at", "percent", "note")) for entry in item.progress],
                    "evidence": [_columns(each, EVIDENCE) for each in item.evidence],
                }
                for item in plan.items
            ],
            "follow_ups": follow_ups.get(plan.id, []),
        }
        for plan in plans
    ]


def _mentor_offers(session: Session, actor: Actor, day: date) -> list[dict[str, Any]]:
    """What the person offered to colleagues, those withdrawn among it."""
    rows = session.execute(
        select(MentorOffer, Competency.name_th, Organisation.name_th)
        .join(Employee, Employee.id == MentorOffer.employee_id)
        .join(Competency, Competency.id == MentorOffer.competency_id)
        .join(Organisation, Organisation.id == MentorOffer.organisation_id)
        .where(
            Employee.person_id == actor.person_id, of_here_or_left(MentorOffer.organisation_id, actor, day)
        )
        .order_by(MentorOffer.offered_at, MentorOffer.id)
    )
    return [
        {"organisation": organisation, "competency": competency, **_columns(offer, OFFER)}
        for offer, competency, organisation in rows
    ]


def _columns(record: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}
