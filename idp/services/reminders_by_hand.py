"""Remind somebody of a step that they owe, with a note in one's own words.

The notice is shown at once and goes into the day's digest with everything else: nobody gets more than one
reminder by hand for one record on one day, whoever sends it (this product's default).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan, Notice
from idp.queries.deadlines import days_of_records
from idp.queries.team import next_step
from idp.rules.calendar import BANGKOK, local_day
from idp.rules.errors import InvalidInput, StaleVersion
from idp.rules.relations import Actor
from idp.rules.terms import Permission, PhaseKind, Relation, SubjectType
from idp.rules.texts import checked_text
from idp.services.access import load_assessment
from idp.services.history import record_history
from idp.services.telling import told

EVENT = "reminder:"
"""Before the step that is owed, so that the sentence can name it."""

LONGEST_NOTE = 500


@dataclass(frozen=True)
class Reminded:
    """Who was told of which step."""

    relation: Relation
    phase: PhaseKind
    person_ids: tuple[int, ...]


def remind_by_hand(
    session: Session,
    actor: Actor,
    assessment_id: int,
    note: str,
    now: datetime,
    expected_version: int | None = None,
) -> Reminded:
    """Tell whoever owes the next step on the assessment, or on the plan drawn from it.

    `expected_version` is the assessment's. Raises NotVisible, NotPermitted, StaleVersion, and InvalidInput at
    `recipient`: `nothing_owed`, `only_oneself` (the step is the actor's own), `reminded_today`.
    """
    note = checked_text("note", note, LONGEST_NOTE)
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.REMIND_BY_HAND, local_day(now)
    )
    if expected_version is not None and assessment.version != expected_version:
        raise StaleVersion
    plan = plan_of(session, assessment)
    day = local_day(now)
    record: Assessment | DevelopmentPlan = assessment if plan is None else plan
    days = days_of_records(session, [assessment])[assessment.id]
    step = next_step(record.state, record.second_level_person_id is not None, days, day)
    if step is None:
        raise InvalidInput("recipient", "nothing_owed")
    recipients = told(session, actor, record, frozenset({step.relation}), now)
    if not recipients:
        raise InvalidInput("recipient", "only_oneself")
    subject = (SubjectType.ASSESSMENT if plan is None else SubjectType.PLAN, record.id)
    # The entry comes first: it holds the record's chain, so that of two at once the second finds the notices.
    record_history(
        session,
        actor,
        subject,
        "remind_by_hand",
        now,
        organisation_id=record.organisation_id,
        on_behalf_of=standing.represented_by(frozenset({Relation.SUPERVISOR, Relation.HR_OFFICER})),
        # The owner reads the history: what is said to those above about a rating is for them alone.
        reason=note if step.relation is Relation.OWNER else "",
        detail={"relation": step.relation.value, "phase": step.phase.value},
    )
    waiting = [each for each in recipients if each not in _reminded(session, subject, day)]
    if not waiting:
        raise InvalidInput("recipient", "reminded_today")
    session.add_all(
        Notice(
            organisation_id=record.organisation_id,
            subject_type=subject[0],
            subject_id=subject[1],
            event=f"{EVENT}{step.phase}",
            recipient_person_id=person_id,
            detail=_detail(note, recipients[person_id]),
            created_at=now,
        )
        for person_id in waiting
    )
    session.flush()
    return Reminded(step.relation, step.phase, tuple(waiting))


def plan_of(session: Session, assessment: Assessment) -> DevelopmentPlan | None:
    """The employee's plan for the assessment's fiscal year."""
    return session.scalar(
        select(DevelopmentPlan).where(
            DevelopmentPlan.employee_id == assessment.employee_id,
            DevelopmentPlan.fiscal_year == assessment.cycle.fiscal_year,
        )
    )


def _reminded(session: Session, subject: tuple[SubjectType, int], day: date) -> set[int]:
    """Who has been reminded of the record by hand on the local day."""
    begins = datetime.combine(day, time(), BANGKOK)
    return set(
        session.scalars(
            select(Notice.recipient_person_id).where(
                Notice.subject_type == subject[0],
                Notice.subject_id == subject[1],
                Notice.event.startswith(EVENT),
                Notice.created_at >= begins,
                Notice.created_at < begins + timedelta(days=1),
            )
        )
    )


def _detail(note: str, represented: str) -> dict[str, str]:
    said = {"reason": note, "represented": represented}
    return {name: text for name, text in said.items() if text}
