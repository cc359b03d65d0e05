"""Release results: compute the scores once, write the gaps, propose what to do; then receipt or refusal.

A released result is never computed again. Scores use what was frozen when the cycle opened: the assessment's
method and weight of the competency part, the cycle's bands.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, Competency, Gap, Rating
from idp.queries.handovers import awaited_from, parts_of
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, NotVisible
from idp.rules.gaps import gap
from idp.rules.relations import Actor, Standing
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentEvent, EmployeeOpinion, Permission, RaterKind, Requirement
from idp.rules.texts import NAME_TEXT, checked_text
from idp.services.access import check_version, load_assessment, load_cycle
from idp.services.day_splits import split_by_days
from idp.services.result_scores import ItemToScore, compute
from idp.services.saving import save
from idp.services.settings import rules_of_cycle
from idp.services.suggestions import make_suggestions
from idp.services.transitions import Circumstances, move_assessment, move_each_assessment

CHUNK = 1000


def release_assessment(
    session: Session, actor: Actor, assessment_id: int, now: datetime, expected_version: int | None = None
) -> Assessment:
    """Release one result. Raises as the transitions do; a second release is TransitionNotAllowed."""
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.ASSESSMENT_RELEASE, local_day(now)
    )
    check_version(assessment, expected_version)
    release_loaded(session, actor, standing, [assessment], rules_of_cycle(assessment.cycle), now)
    return assessment


def release_many(
    session: Session, actor: Actor, cycle_id: int, assessment_ids: Collection[int], now: datetime
) -> int:
    """Release these results of one cycle, all or none; how many.

    A constant number of statements for every thousand people, beside one update each. Raises NotVisible for
    an assessment that is not of this cycle, else what `release_assessment` raises.
    """
    cycle, standing = load_cycle(session, actor, cycle_id, Permission.CYCLE_RUN, local_day(now))
    rules = rules_of_cycle(cycle)
    ids = sorted(set(assessment_ids))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        assessments = session.scalars(
            select(Assessment)
            .where(Assessment.cycle_id == cycle_id, Assessment.id.in_(chunk))
            .order_by(Assessment.id)
        ).all()
        if len(assessments) != len(chunk):
            raise NotVisible
        release_loaded(session, actor, standing, assessments, rules, now)
    return len(ids)


def receive(
    session: Session,
    actor: Actor,
    assessment_id: int,
    now: datetime,
    opinion: EmployeeOpinion | None = None,
    text: str = "",
    expected_version: int | None = None,
) -> Assessment:
    """The employee acknowledges the result, and apart from that may say at once whether they agree; to
    disagree takes reasons. Without an opinion they may give it later (`services.employee_opinions`)."""
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.ASSESSMENT_RECEIVE, local_day(now)
    )
    check_version(assessment, expected_version)
    text = checked_text("employee_opinion_text", text)
    if opinion is EmployeeOpinion.DISAGREES and not text:
        raise InvalidInput("employee_opinion_text", "missing")
    given = Circumstances(detail={} if opinion is None else {"opinion": opinion.value, "text": text})
    move_assessment(session, actor, standing, assessment, AssessmentEvent.RECEIVE, now, given)
    assessment.acknowledged_at = now
    assessment.employee_opinion = opinion
    assessment.employee_opinion_text = text if opinion else ""
    save(session)
    return assessment


def record_refusal(
    session: Session,
    actor: Actor,
    assessment_id: int,
    now: datetime,
    refused_on: date,
    witness_name: str,
    witness_position: str,
    expected_version: int | None = None,
) -> Assessment:
    """The supervisor records that the employee was told and would not sign, with a witness.

    Raises InvalidInput for a day before the release or after today.
    """
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.ASSESSMENT_RECORD_REFUSAL, local_day(now)
    )
    check_version(assessment, expected_version)
    name = checked_text("witness_name", witness_name, NAME_TEXT)
    position = checked_text("witness_position", witness_position, NAME_TEXT)
    if refused_on > local_day(now):
        raise InvalidInput("refused_on", "in_the_future")
    if assessment.released_at is not None and refused_on < local_day(assessment.released_at):
        raise InvalidInput("refused_on", "before_release")
    given = Circumstances(
        met={Requirement.WITNESS_NAMED} if name and position else set(),
        detail={"refused_on": refused_on.isoformat(), "witness_name": name, "witness_position": position},
    )
    with session.no_autoflush:  # that somebody was quicker is for `save` to notice, and to name
        move_assessment(session, actor, standing, assessment, AssessmentEvent.RECORD_REFUSAL, now, given)
    assessment.refused_on = refused_on
    assessment.witness_name = name
    assessment.witness_position = position
    save(session)
    return assessment


def release_loaded(
    session: Session,
    actor: Actor,
    standing: Standing,
    assessments: Sequence[Assessment],
    rules: OrganisationRules,
    now: datetime,
) -> None:
    """Release these assessments of one cycle, all or none: a constant number of reading statements. The
    caller has checked who asks; raises what the transitions raise."""
    ids = [assessment.id for assessment in assessments]
    rows = item_rows(session, ids)
    parts, awaited = parts_of(session, ids), awaited_from(session, ids)
    gaps: list[dict[str, Any]] = []
    chosen = [(assessment, _circumstances(assessment, awaited)) for assessment in assessments]
    move_each_assessment(session, actor, standing, chosen, AssessmentEvent.RELEASE, now)
    for assessment in assessments:
        rated = rows.get(assessment.id, [])
        levels, split = split_by_days(
            parts.get(assessment.id, ()), {item.id: item.attained for item in rated}
        )
        items = [replace(item, attained=levels[item.id]) for item in rated]
        _score(assessment, items, rules)
        if split and assessment.score_explanation is not None:
            assessment.score_explanation = assessment.score_explanation | {"day_split": split}
        assessment.released_at = now
        gaps.extend(_gap_row(item) for item in items if item.attained is not None)
    save(session)
    if gaps:
        session.execute(insert(Gap.__table__), gaps)  # type: ignore[arg-type]
        _forget_loaded_gaps(session, [row["item_id"] for row in gaps])
    make_suggestions(session, [assessment.id for assessment in assessments])


def item_rows(session: Session, assessment_ids: Sequence[int]) -> dict[int, list[ItemToScore]]:
    """Of each assessment its competencies with the supervisor's level; one statement."""
    rows = session.execute(
        select(
            AssessmentItem.assessment_id,
            AssessmentItem.id,
            Competency.name_th,
            AssessmentItem.expected_level,
            Rating.attained_level,
            AssessmentItem.weight_percent,
        )
        .select_from(AssessmentItem)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .outerjoin(
            Rating, (Rating.item_id == AssessmentItem.id) & (Rating.rater_kind == RaterKind.SUPERVISOR)
        )
        .where(AssessmentItem.assessment_id.in_(assessment_ids))
        .order_by(AssessmentItem.assessment_id, AssessmentItem.sort_order, AssessmentItem.id)
    )
    items: dict[int, list[ItemToScore]] = {}
    for assessment_id, item_id, name, expected, attained, weight in rows:
        items.setdefault(assessment_id, []).append(ItemToScore(item_id, name, expected, attained, weight))
    return items


def _score(assessment: Assessment, items: Sequence[ItemToScore], rules: OrganisationRules) -> None:
    result = compute(assessment, items, rules, assessment.results_score)
    assessment.competency_score = result.competency_score
    assessment.total_score = result.total_score
    assessment.band = result.band
    assessment.score_explanation = result.explanation


def _gap_row(item: ItemToScore) -> dict[str, Any]:
    return {
        "item_id": item.id,
        "expected_level": item.expected,
        "attained_level": item.attained,
        "gap": gap(item.expected, item.attained),
    }


def _forget_loaded_gaps(session: Session, item_ids: Collection[int]) -> None:
    """Items already in memory read their new gap when next asked."""
    for item_id in item_ids:
        item = session.identity_map.get(session.identity_key(AssessmentItem, item_id))
        if item is not None:
            session.expire(item, ["gap"])


def _circumstances(assessment: Assessment, awaited: Mapping[int, Collection[str]]) -> Circumstances:
    """`awaited`: by assessment, the names of those who have not yet stated what they saw."""
    met = {Requirement.NO_SECOND_LEVEL} if assessment.second_level_person_id is None else set()
    if assessment.id not in awaited:
        met.add(Requirement.HANDOVER_STATED)
    return Circumstances(met, awaited.get(assessment.id, ()))
