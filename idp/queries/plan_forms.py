"""The printed plan form: the plan as it is, or as one of its kept versions was."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from idp.models import Assessment, DevelopmentPlan, PlanItem, PlanVersion
from idp.queries import form_words as words
from idp.queries.form_people import employee_on_form, organisation_on_form, supervisor_on_form
from idp.queries.plan_form_lines import (
    follow_ups_as_kept,
    follow_ups_on_form,
    lines_now,
    lines_of_version,
)
from idp.queries.signatures import (
    Entry,
    Place,
    entries_of,
    owner_place,
    second_level_place,
    signature,
    signed_step,
    supervisor_place,
    without_abandoned,
)
from idp.rules.calendar import FiscalYear, local_day
from idp.rules.errors import NotVisible
from idp.rules.forms import (
    DocumentIdentity,
    FollowUpOnForm,
    PersonOnForm,
    PlanForm,
    PlanFormLine,
    Signature,
)
from idp.rules.settings import rules_from_json
from idp.rules.suggestions import METHOD_GROUPS
from idp.rules.terms import PlanEvent, PlanState, SubjectType

STATE_WHEN_KEPT = {
    PlanEvent.SUBMIT: PlanState.SUBMITTED,
    PlanEvent.APPROVE: PlanState.APPROVED,
    PlanEvent.AMEND: PlanState.AMENDING,
}
"""By the event that kept a version: what its print says of it."""


@dataclass(frozen=True)
class _Facts:
    """The texts of one plan form that are not in its columns."""

    lines: tuple[PlanFormLine, ...]
    edition: str
    comments: tuple[str, str, str]  # of the employee, the supervisor, the second level
    end_comments: tuple[str, str]  # of the employee and the supervisor, at the year's end
    people: Assessment  # whose snapshot says who they were
    organisation: str
    follow_ups: tuple[FollowUpOnForm, ...]
    state: PlanState | None = None  # of a kept version, when it was kept
    kept_at: datetime | None = None


def plan_form(session: Session, plan_id: int, printed_on: date, version: int | None = None) -> PlanForm:
    """The form of one plan; `version` asks for a kept snapshot instead of the plan as it is now: with the
    people, texts and signatures of its day, and the same whenever it is printed.

    A constant number of statements. Raises NotVisible when the plan or that version does not exist.
    """
    plan = session.scalar(
        select(DevelopmentPlan)
        .where(DevelopmentPlan.id == plan_id)
        .options(
            joinedload(DevelopmentPlan.assessment).joinedload(Assessment.cycle),
            selectinload(DevelopmentPlan.items).selectinload(PlanItem.progress),
            selectinload(DevelopmentPlan.items).selectinload(PlanItem.evidence),
        )
    )
    if plan is None:
        raise NotVisible
    facts = _current(session, plan) if version is None else _kept(session, plan, version)
    assessment, year = plan.assessment, FiscalYear(plan.fiscal_year)
    employee = employee_on_form(facts.people, facts.organisation)
    entries = entries_of(session, SubjectType.PLAN, plan.id)
    if facts.kept_at is not None:  # signed as it was then, whatever was given up later
        entries = tuple(entry for entry in entries if entry.at <= facts.kept_at)
    entries = without_abandoned(entries)
    counted = [line for line in facts.lines if not line.is_cancelled]
    return PlanForm(
        identity=DocumentIdentity(
            f"IDP-{plan.fiscal_year}-{assessment.employee_number}",
            facts.edition,
            words.PLAN_STATES[plan.state if facts.state is None else facts.state],
            printed_on,
            rules_from_json(assessment.cycle.settings).thai_digits,
            None if facts.kept_at is None else local_day(facts.kept_at),
        ),
        fiscal_year=plan.fiscal_year,
        starts_on=year.start,
        ends_on=year.end,
        employee=employee,
        supervisor=supervisor_on_form(facts.people),
        lines=facts.lines,
        start_signatures=_start_signatures(facts.people, employee, entries, facts.comments),
        end_signatures=_end_signatures(facts, employee, entries),
        total_hours=sum(int(line.hours or 0) for line in counted),
        total_cost_baht=sum((Decimal(line.cost_baht or 0) for line in counted), Decimal(0)),
        explanation=_shares(counted),
        follow_ups=facts.follow_ups,
    )


def _current(session: Session, plan: DevelopmentPlan) -> _Facts:
    latest = session.scalar(select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == plan.id))
    return _Facts(
        lines=lines_now(session, plan),
        edition=words.EDITION.format(latest) if latest else words.DRAFT_EDITION,
        comments=(plan.employee_note, plan.supervisor_comment, plan.second_level_comment),
        end_comments=(plan.reflection, plan.evaluation_comment),
        people=plan.assessment,
        organisation=organisation_on_form(session, plan.assessment),
        follow_ups=follow_ups_on_form(follow_ups_as_kept(session, plan.id)),
    )


def _kept(session: Session, plan: DevelopmentPlan, version: int) -> _Facts:
    kept = session.scalar(
        select(PlanVersion).where(PlanVersion.plan_id == plan.id, PlanVersion.number == version)
    )
    if kept is None:
        raise NotVisible
    content = kept.content
    return _Facts(
        lines=lines_of_version(content, plan.fiscal_year),
        edition=words.EDITION.format(version),
        comments=(content["employee_note"], content["supervisor_comment"], content["second_level_comment"]),
        end_comments=("", ""),
        people=_people_then(plan.assessment, content["person"]),
        organisation=content.get("organisation") or organisation_on_form(session, plan.assessment),
        follow_ups=follow_ups_on_form(content.get("follow_ups", ())),
        state=STATE_WHEN_KEPT[PlanEvent(kept.event)],
        kept_at=kept.created_at,
    )


def _people_then(assessment: Assessment, person: Mapping[str, Any]) -> Assessment:
    """The snapshot of who the people were, as the version has it, outside every session; a version from
    before it kept who they are by their numbers takes those of today."""
    numbers = ("owner_person_id", "supervisor_person_id", "second_level_person_id")
    today = {name: getattr(assessment, name) for name in numbers}
    return Assessment(**{**today, **person})


def _shares(lines: Iterable[PlanFormLine]) -> tuple[str, ...]:
    """How the hours are divided among the kinds of method, in whole percent, when there are any hours."""
    kinds = {words.METHODS[method]: group for method, group in METHOD_GROUPS.items()}
    hours: dict[str, int] = defaultdict(int)
    for line in lines:
        hours[words.METHOD_GROUPS[kinds[line.methods[0]]]] += int(line.hours or 0)
    total = sum(hours.values())
    if not total:
        return ()
    shares = [
        words.SHARE.format(name, (hours[name] * 200 + total) // (total * 2))
        for name in words.METHOD_GROUPS.values()
    ]
    return (words.SHARE_OF_HOURS.format(" ".join(shares)),)


def _start_signatures(
    assessment: Assessment, employee: PersonOnForm, entries: Sequence[Entry], comments: tuple[str, str, str]
) -> tuple[Signature, ...]:
    """Employee, supervisor, second level where there is one, HR's checker."""
    passes = {PlanEvent.APPROVE, PlanEvent.PASS_TO_SECOND_LEVEL, PlanEvent.PASS_TO_HR}
    by_supervisor = signed_step(entries, passes, PlanState.SUBMITTED)
    by_second_level = signed_step(entries, passes, PlanState.SECOND_LEVEL_CHECK)
    by_hr = signed_step(entries, passes, PlanState.HR_CHECK)
    places = [
        signature(
            owner_place(assessment, words.ROLE_EMPLOYEE, employee.full_position),
            signed_step(entries, {PlanEvent.SUBMIT}),
            comments[0],
        ),
        signature(
            supervisor_place(assessment, words.ROLE_PLAN_SUPERVISOR, asks_comment=True),
            by_supervisor,
            comments[1],
        ),
    ]
    if assessment.second_level_person_id is not None:
        second = second_level_place(assessment, words.ROLE_SECOND_LEVEL, asks_comment=True)
        places.append(signature(second, by_second_level, comments[2]))
    hr_comment = by_hr.comment if by_hr else ""
    places.append(signature(Place(words.ROLE_HR, None, "", ""), by_hr, hr_comment))
    return tuple(places)


def _end_signatures(facts: _Facts, employee: PersonOnForm, entries: Sequence[Entry]) -> tuple[Signature, ...]:
    assessment = facts.people
    return (
        signature(
            owner_place(assessment, words.ROLE_EMPLOYEE, employee.full_position),
            signed_step(entries, {PlanEvent.BEGIN_EVALUATION}),
            facts.end_comments[0],
        ),
        signature(
            supervisor_place(assessment, words.ROLE_PLAN_SUPERVISOR, asks_comment=True),
            signed_step(entries, {PlanEvent.EVALUATE}),
            facts.end_comments[1],
        ),
    )
