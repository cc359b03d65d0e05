"""The printed plan form: the plan as it is, or as one of its kept versions was."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from idp.models import Assessment, BehaviouralIndicator, DevelopmentPlan, PlanItem, PlanVersion
from idp.queries import form_words as words
from idp.queries.form_people import employee_on_form, organisation_on_form, supervisor_on_form
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
from idp.rules.calendar import FiscalYear
from idp.rules.errors import NotVisible
from idp.rules.forms import DocumentIdentity, PersonOnForm, PlanForm, PlanFormLine, Signature
from idp.rules.settings import rules_from_json
from idp.rules.suggestions import METHOD_GROUPS
from idp.rules.terms import DevelopmentMethod, PlanEvent, PlanItemState, PlanState, SubjectType

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
    state: PlanState | None = None  # of a kept version, when it was kept
    kept_at: datetime | None = None


def plan_form(session: Session, plan_id: int, printed_on: date, version: int | None = None) -> PlanForm:
    """The form of one plan; `version` asks for a kept snapshot instead of the plan as it is now.

    A constant number of statements. Raises NotVisible when the plan or that version does not exist.
    """
    plan = session.scalar(
        select(DevelopmentPlan)
        .where(DevelopmentPlan.id == plan_id)
        .options(
            joinedload(DevelopmentPlan.assessment).joinedload(Assessment.cycle),
            selectinload(DevelopmentPlan.items).joinedload(PlanItem.competency),
            selectinload(DevelopmentPlan.items).selectinload(PlanItem.progress),
        )
    )
    if plan is None:
        raise NotVisible
    facts = _current(session, plan) if version is None else _kept(session, plan, version)
    assessment, year = plan.assessment, FiscalYear(plan.fiscal_year)
    employee = employee_on_form(assessment, organisation_on_form(session, assessment))
    entries = without_abandoned(entries_of(session, SubjectType.PLAN, plan.id))
    if facts.kept_at is not None:  # signed as it was then
        entries = tuple(entry for entry in entries if entry.at <= facts.kept_at)
    return PlanForm(
        identity=DocumentIdentity(
            f"IDP-{plan.fiscal_year}-{assessment.employee_number}",
            facts.edition,
            words.PLAN_STATES[plan.state if facts.state is None else facts.state],
            printed_on,
            rules_from_json(assessment.cycle.settings).thai_digits,
        ),
        fiscal_year=plan.fiscal_year,
        starts_on=year.start,
        ends_on=year.end,
        employee=employee,
        supervisor=supervisor_on_form(assessment),
        lines=facts.lines,
        start_signatures=_start_signatures(plan, employee, entries, facts.comments),
        end_signatures=_end_signatures(plan, employee, entries),
        total_hours=sum(int(line.hours or 0) for line in facts.lines),
        total_cost_baht=sum((Decimal(line.cost_baht or 0) for line in facts.lines), Decimal(0)),
        explanation=_shares(facts.lines),
    )


def _current(session: Session, plan: DevelopmentPlan) -> _Facts:
    latest = session.scalar(select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == plan.id))
    ids = {indicator for item in plan.items for indicator in item.indicator_ids}
    texts = {
        row.id: row.text_th
        for row in session.execute(
            select(BehaviouralIndicator.id, BehaviouralIndicator.text_th).where(
                BehaviouralIndicator.id.in_(ids)
            )
        )
    }
    return _Facts(
        tuple(_line(order, item, texts, plan.fiscal_year) for order, item in enumerate(plan.items, start=1)),
        words.EDITION.format(latest) if latest else words.DRAFT_EDITION,
        (plan.employee_note, plan.supervisor_comment, plan.second_level_comment),
    )


def _line(order: int, item: PlanItem, indicators: Mapping[int, str], fiscal_year: int) -> PlanFormLine:
    latest = item.progress[-1] if item.progress else None
    return PlanFormLine(
        order=order,
        competency_name=item.competency.name_th if item.competency else item.title,
        from_level=item.from_level,
        target_level=item.target_level,
        indicators=tuple(indicators[each] for each in item.indicator_ids if each in indicators),
        methods=(words.METHODS[item.method],),
        title=item.title,
        detail=item.detail,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        quarters=quarters(item.starts_on, item.ends_on, fiscal_year),
        hours=item.hours or None,
        cost_baht=item.cost_baht or None,
        measure=item.measure,
        evidence=item.evidence_expected,
        responsible=item.responsible,
        percent=item.percent if latest or item.percent else None,
        progress_note=latest.note if latest else "",
        result=words.ITEM_RESULTS.get(item.state, ""),
        result_reason=item.result_reason,
    )


def _kept(session: Session, plan: DevelopmentPlan, version: int) -> _Facts:
    kept = session.scalar(
        select(PlanVersion).where(PlanVersion.plan_id == plan.id, PlanVersion.number == version)
    )
    if kept is None:
        raise NotVisible
    content = kept.content
    live = [item for item in content["items"] if item["state"] != PlanItemState.CANCELLED]
    return _Facts(
        tuple(_kept_line(order, item, plan.fiscal_year) for order, item in enumerate(live, start=1)),
        words.EDITION.format(version),
        (content["employee_note"], content["supervisor_comment"], content["second_level_comment"]),
        STATE_WHEN_KEPT[PlanEvent(kept.event)],
        kept.created_at,
    )


def _kept_line(order: int, item: Mapping[str, Any], fiscal_year: int) -> PlanFormLine:
    starts_on, ends_on = _day(item["starts_on"]), _day(item["ends_on"])
    return PlanFormLine(
        order=order,
        competency_name=item["competency"] or item["title"],
        from_level=item["from_level"],
        target_level=item["target_level"],
        indicators=tuple(item["indicators"]),
        methods=(words.METHODS[DevelopmentMethod(item["method"])],),
        title=item["title"],
        detail=item["detail"],
        starts_on=starts_on,
        ends_on=ends_on,
        quarters=quarters(starts_on, ends_on, fiscal_year),
        hours=item["hours"] or None,
        cost_baht=Decimal(item["cost_baht"]) or None,
        measure=item["measure"],
        evidence=item["evidence_expected"],
        responsible=item["responsible"],
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def quarters(starts_on: date | None, ends_on: date | None, fiscal_year: int) -> tuple[int, ...]:
    """The quarters of the fiscal year that a period touches; none for a period outside it."""
    year = FiscalYear(fiscal_year)
    first, last = starts_on or ends_on, ends_on or starts_on
    if first is None or last is None or last < year.start or first > year.end:
        return ()
    return tuple(range(year.quarter_of(max(first, year.start)), year.quarter_of(min(last, year.end)) + 1))


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
    plan: DevelopmentPlan, employee: PersonOnForm, entries: Sequence[Entry], comments: tuple[str, str, str]
) -> tuple[Signature, ...]:
    """Employee, supervisor, second level where there is one, HR's checker."""
    assessment = plan.assessment
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


def _end_signatures(
    plan: DevelopmentPlan, employee: PersonOnForm, entries: Sequence[Entry]
) -> tuple[Signature, ...]:
    assessment = plan.assessment
    return (
        signature(
            owner_place(assessment, words.ROLE_EMPLOYEE, employee.full_position),
            signed_step(entries, {PlanEvent.BEGIN_EVALUATION}),
            plan.reflection,
        ),
        signature(
            supervisor_place(assessment, words.ROLE_PLAN_SUPERVISOR, asks_comment=True),
            signed_step(entries, {PlanEvent.EVALUATE}),
            plan.evaluation_comment,
        ),
    )
