"""The printed assessment form, filled from the frozen snapshot.

The same record gives the same form years later.

The plan form is in `queries.plan_forms`; both are to be had from here.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from idp.models import (
    Assessment,
    AssessmentItem,
    BehaviouralIndicator,
    DevelopmentPlan,
    ProficiencyLevel,
    Rating,
)
from idp.queries import form_words as words
from idp.queries.calculation_lines import calculation_lines, range_text
from idp.queries.correction_forms import corrections_on_form
from idp.queries.form_people import employee_on_form, organisation_on_form, supervisor_on_form
from idp.queries.ladders import ladders_of
from idp.queries.plan_forms import plan_form
from idp.queries.signatures import (
    Entry,
    entries_of,
    owner_place,
    second_level_place,
    signature,
    signed_step,
    supervisor_place,
)
from idp.rules.assessment_workflow import SELF_RATING_SHARED_STATES
from idp.rules.errors import NotVisible
from idp.rules.forms import (
    AssessmentForm,
    AssessmentFormLine,
    BandOnForm,
    DevelopmentNeed,
    DocumentIdentity,
    Opinion,
    PersonOnForm,
    Receipt,
    ReceiptState,
    ScorePart,
    Signature,
)
from idp.rules.plan_workflow import SHARED_STATES
from idp.rules.scoring import band_ranges, method_of, printed
from idp.rules.settings import OrganisationRules, rules_from_json
from idp.rules.terms import (
    AssessmentEvent,
    EmployeeOpinion,
    PlanItemState,
    PlanState,
    RaterKind,
    SecondOpinion,
    SubjectType,
)

__all__ = ["assessment_form", "plan_form"]

HUNDRED = Decimal(100)


def assessment_form(session: Session, assessment_id: int, printed_on: date) -> AssessmentForm:
    """The form of one assessment; a constant number of statements. Raises NotVisible when there is none.

    It shows the ratings as they are: who may have it is asked by the caller. A self-assessment still being
    written stays out, as does a plan still being drafted.
    """
    assessment = session.scalar(
        select(Assessment)
        .where(Assessment.id == assessment_id)
        .options(
            joinedload(Assessment.cycle),
            selectinload(Assessment.items).joinedload(AssessmentItem.competency),
            selectinload(Assessment.items).selectinload(AssessmentItem.ratings).selectinload(Rating.ticks),
        )
    )
    if assessment is None:
        raise NotVisible
    rules = rules_from_json(assessment.cycle.settings)
    entries = entries_of(session, SubjectType.ASSESSMENT, assessment.id)
    employee = employee_on_form(assessment, organisation_on_form(session, assessment))
    cycle = assessment.cycle
    return AssessmentForm(
        identity=DocumentIdentity(
            f"CA-{cycle.code}-{assessment.employee_number}",
            words.EDITION.format(1),
            words.ASSESSMENT_STATES[assessment.state],
            printed_on,
            rules.thai_digits,
        ),
        fiscal_year=cycle.fiscal_year,
        period_name=words.HALF.format(cycle.half) if cycle.half else "",
        starts_on=cycle.starts_on,
        ends_on=cycle.ends_on,
        employee=employee,
        supervisor=supervisor_on_form(assessment),
        lines=_lines(session, assessment),
        competency_weight=assessment.competency_part,
        competency_score=assessment.competency_score,
        method_name=method_of(assessment.scoring_method).name_th,
        method_words=_method_words(assessment, rules),
        score_explanation=calculation_lines(assessment.score_explanation),
        parts=_parts(assessment),
        total=assessment.total_score,
        bands=_bands(assessment, rules),
        needs=_needs(session, assessment),
        receipt=_receipt(assessment, employee, entries),
        opinions=_opinions(assessment, entries),
        signatures=(
            signature(
                owner_place(assessment, words.ROLE_EMPLOYEE, employee.full_position),
                signed_step(entries, {AssessmentEvent.SUBMIT_SELF}),
            ),
            signature(
                supervisor_place(assessment, words.ROLE_SUPERVISOR),
                signed_step(entries, {AssessmentEvent.SUBMIT_RATING}),
            ),
        ),
        corrections=corrections_on_form(session, assessment),
    )


def _lines(session: Session, assessment: Assessment) -> tuple[AssessmentFormLine, ...]:
    scores = {item["id"]: item for item in (assessment.score_explanation or {}).get("items", ())}
    split = (assessment.score_explanation or {}).get("day_split", {}).get("items", ())
    weighted_by_days = {item["id"]: Decimal(item["attained"]) for item in split}
    missing = _missing_indicators(session, assessment.items)
    notes = _notes(session, assessment.items)
    ladders = ladders_of(session, {item.competency_id for item in assessment.items})
    weighted = method_of(assessment.scoring_method).uses_weights
    shows_self = assessment.state in SELF_RATING_SHARED_STATES
    lines = []
    for order, item in enumerate(assessment.items, start=1):
        rating = {each.rater_kind: each for each in item.ratings}
        own = rating.get(RaterKind.SELF) if shows_self else None
        given = rating.get(RaterKind.SUPERVISOR)
        score = scores.get(item.id, {})
        lines.append(
            AssessmentFormLine(
                order=order,
                competency_name=item.competency.name_th,
                category=words.CATEGORIES[item.competency.category],
                expected=item.expected_level,
                weight_percent=item.weight_percent if weighted else None,
                weight_points=printed(item.weight_percent * assessment.competency_part / 100)
                if weighted
                else None,
                self_level=own.attained_level if own else None,
                supervisor_level=weighted_by_days.get(item.id, given.attained_level if given else None),
                points=_number(score.get("points")),
                weighted_score=_number(score.get("part")),
                evidence=given.evidence if given else "",
                notes=tuple(notes.get(item.id, ())),
                broken=given is not None and given.blocked_by is not None,
                missing_indicators=tuple(missing.get(item.id, ())),
                top=max(ladders[item.competency_id].ladder.numbers, default=0),
            )
        )
    return tuple(lines)


def _missing_indicators(session: Session, items: Sequence[AssessmentItem]) -> Mapping[int, list[str]]:
    """The indicators not shown on the rung that broke each supervisor's ladder; at most one statement."""
    broken = {
        item.id: (item.competency_id, rating.blocked_by, {tick.indicator_id for tick in rating.ticks})
        for item in items
        for rating in item.ratings
        if rating.rater_kind is RaterKind.SUPERVISOR and rating.blocked_by is not None
    }
    if not broken:
        return {}
    rows = session.execute(
        select(
            ProficiencyLevel.competency_id,
            ProficiencyLevel.number,
            BehaviouralIndicator.id,
            BehaviouralIndicator.text_th,
        )
        .join(BehaviouralIndicator, BehaviouralIndicator.level_id == ProficiencyLevel.id)
        .where(ProficiencyLevel.competency_id.in_([rung[0] for rung in broken.values()]))
        .order_by(BehaviouralIndicator.sort_order)
    )
    on_rung = defaultdict(list)
    for competency_id, number, indicator_id, text in rows:
        on_rung[competency_id, number].append((indicator_id, text))
    return {
        item_id: [text for indicator_id, text in on_rung[competency_id, number] if indicator_id not in shown]
        for item_id, (competency_id, number, shown) in broken.items()
    }


def _notes(session: Session, items: Sequence[AssessmentItem]) -> Mapping[int, list[tuple[str, str]]]:
    """By item the supervisor's notes beside the indicators they belong to; at most one statement."""
    noted = {
        (item.id, tick.indicator_id): tick.note
        for item in items
        for rating in item.ratings
        if rating.rater_kind is RaterKind.SUPERVISOR
        for tick in rating.ticks
        if tick.note
    }
    if not noted:
        return {}
    rows = session.execute(
        select(BehaviouralIndicator.id, BehaviouralIndicator.text_th)
        .join(ProficiencyLevel, ProficiencyLevel.id == BehaviouralIndicator.level_id)
        .where(BehaviouralIndicator.id.in_({indicator_id for _item, indicator_id in noted}))
        .order_by(ProficiencyLevel.number, BehaviouralIndicator.sort_order, BehaviouralIndicator.id)
    )
    items_with = {indicator_id: item_id for item_id, indicator_id in noted}
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for indicator_id, text in rows:
        item_id = items_with[indicator_id]  # a competency stands on a form once
        found[item_id].append((text, noted[item_id, indicator_id]))
    return found


def _number(value: int | str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _method_words(assessment: Assessment, rules: OrganisationRules) -> tuple[str, ...]:
    """How the method scores, with the points and tables frozen in the cycle."""
    parameters = rules.scoring[assessment.personnel_type].parameters
    return method_of(assessment.scoring_method).words(parameters).thai


def _parts(assessment: Assessment) -> tuple[ScorePart, ...]:
    """The two components: each already in points of its weight, and the same of 100."""
    weight = assessment.competency_part
    results = (words.RESULTS_PART, HUNDRED - weight, assessment.results_score)
    competency = (words.COMPETENCY_PART, weight, assessment.competency_score)
    return tuple(
        ScorePart(label, None if score is None or not share else score * 100 / share, share, score)
        for label, share, score in (results, competency)
        if share or score is not None
    )


def _bands(assessment: Assessment, rules: OrganisationRules) -> tuple[BandOnForm, ...]:
    """The tick boxes, highest first, each a half-open interval."""
    stored = (assessment.score_explanation or {}).get("bands")
    bands = stored or rules.scoring[assessment.personnel_type].bands
    return tuple(
        BandOnForm(words.BANDS.get(each.code, each.code), range_text(each), each.code == assessment.band)
        for each in band_ranges((code, Decimal(at_least)) for code, at_least in bands)
    )


def _needs(session: Session, assessment: Assessment) -> tuple[DevelopmentNeed, ...]:
    """What the plan says must be developed, once the employee has handed it in."""
    plan = session.scalar(
        select(DevelopmentPlan)
        .where(
            DevelopmentPlan.assessment_id == assessment.id,
            DevelopmentPlan.state.in_(SHARED_STATES - {PlanState.CANCELLED}),
        )
        .options(selectinload(DevelopmentPlan.items))
    )
    if plan is None:
        return ()
    names = {item.competency_id: item.competency.name_th for item in assessment.items}
    return tuple(
        DevelopmentNeed(
            names.get(item.competency_id or 0, item.title),
            f"{words.METHODS[item.method]}: {item.title}",
            item.starts_on,
            item.ends_on,
        )
        for item in plan.items
        if item.state is not PlanItemState.CANCELLED
    )


def _receipt(assessment: Assessment, employee: PersonOnForm, entries: Sequence[Entry]) -> Receipt:
    received = signed_step(entries, {AssessmentEvent.RECEIVE})
    refused = signed_step(entries, {AssessmentEvent.RECORD_REFUSAL})
    state = ReceiptState.REFUSED if refused else ReceiptState.RECEIVED if received else ReceiptState.PENDING
    employee_signs = signature(owner_place(assessment, words.ROLE_EMPLOYEE, employee.full_position), received)
    agrees = assessment.employee_opinion
    return Receipt(
        state=state,
        employee=employee_signs,
        supervisor=signature(supervisor_place(assessment, words.ROLE_SUPERVISOR), refused),
        told_on=assessment.refused_on if refused else employee_signs.signed_on,
        witness=Signature(
            words.ROLE_WITNESS,
            assessment.witness_name,
            assessment.witness_position,
            assessment.refused_on,
        )
        if refused
        else None,
        agrees=None if agrees is None else agrees is EmployeeOpinion.AGREES,
        reasons=assessment.employee_opinion_text,
    )


def _opinions(assessment: Assessment, entries: Sequence[Entry]) -> tuple[Opinion, ...]:
    given = signed_step(entries, {AssessmentEvent.GIVE_SECOND_OPINION})
    opinion = assessment.second_opinion if given else None
    first = Opinion(
        words.HEADING_SECOND_LEVEL,
        signature(second_level_place(assessment, words.ROLE_SECOND_LEVEL), given),
        None if opinion is None else opinion is SecondOpinion.AGREES,
        assessment.second_opinion_text if given else "",
    )
    return first, Opinion(words.HEADING_ABOVE, Signature(words.ROLE_SECOND_LEVEL))
