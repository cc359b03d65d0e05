"""Decide an objection: dismissed, or upheld with a correction beside the old result.

A correction is reckoned by the very rules frozen with the result, from the levels that were released, with
those decided on in their place; the released columns are never written again. Of several corrections the
latest holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from idp.models import Assessment, Objection, ResultCorrection
from idp.queries.corrections import current_correction, current_levels
from idp.queries.ladders import ladders_of
from idp.queries.objections import has_judged
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted
from idp.rules.objections import ObjectionState
from idp.rules.relations import Actor
from idp.rules.terms import Permission, Relation
from idp.rules.texts import checked_text, required_text
from idp.services.objections import CONCERNED, end, load_objection, record
from idp.services.result_scores import compute
from idp.services.results import item_rows
from idp.services.results_part import check_score
from idp.services.saving import count_as_changed, save
from idp.services.settings import rules_of_cycle
from idp.services.suggestions import make_suggestions
from idp.services.transitions import tell

NUMBER_TEXT = 100
TOLD = CONCERNED | {Relation.OWNER}


@dataclass(frozen=True)
class Decision:
    """The written decision: its number, its day, what it says."""

    number: str
    decided_on: date
    text: str


@dataclass(frozen=True)
class CorrectedLevel:
    """The level that one competency shall have, and why."""

    level: int
    reason: str


def dismiss_objection(
    session: Session,
    actor: Actor,
    objection_id: int,
    decision: Decision,
    now: datetime,
    expected_version: int | None = None,
) -> Objection:
    """HR records that the objection was dismissed; never their own, nor one against a rating or an opinion of
    their own. Raises InvalidInputs."""
    return _decide(session, actor, objection_id, ObjectionState.DISMISSED, decision, now, expected_version)[0]


def uphold_objection(
    session: Session,
    actor: Actor,
    objection_id: int,
    decision: Decision,
    levels: Mapping[int, CorrectedLevel],
    results_score: Decimal | None,
    now: datetime,
    expected_version: int | None = None,
) -> ResultCorrection:
    """HR records that it was upheld, with the corrected result: new levels by item id, each with its reason,
    or the points of the results part (None: as they are), or both.

    Raises InvalidInputs: `nothing_corrected` at `correction`; at `item-<id>-level` `level_not_on_ladder` or
    `unchanged`, at `item-<id>-reason` `missing`; at `results_score` as `services.results_part` does.
    """
    objection, assessment = _decide(
        session, actor, objection_id, ObjectionState.UPHELD, decision, now, expected_version
    )
    before = current_correction(session, assessment.id)
    score = assessment.results_score if before is None else before.results_score
    known = current_levels(session, assessment.id)
    _check_levels(session, assessment, levels, known)
    if results_score is not None:
        check_score(assessment, results_score)
    if not levels and results_score in (None, score):
        raise InvalidInputs([InvalidInput("correction", "nothing_corrected")])
    score = score if results_score is None else results_score
    items = [
        replace(item, attained=Decimal(levels[item.id].level) if item.id in levels else known.get(item.id))
        for item in item_rows(session, [assessment.id])[assessment.id]
    ]
    result = compute(assessment, items, rules_of_cycle(assessment.cycle), score)
    correction = ResultCorrection(
        organisation_id=assessment.organisation_id,
        objection=objection,
        assessment_id=assessment.id,
        decided_on=decision.decided_on,
        levels={
            str(item_id): {
                "from": None if known.get(item_id) is None else f"{known[item_id].normalize():f}",
                "to": each.level,
                "reason": each.reason.strip(),
            }
            for item_id, each in sorted(levels.items())
        },
        results_score=score,
        competency_score=result.competency_score,
        total_score=result.total_score,
        band=result.band,
        score_explanation=result.explanation,
        created_at=now,
    )
    session.add(correction)
    save(session)
    make_suggestions(session, [assessment.id])
    return correction


def _decide(
    session: Session,
    actor: Actor,
    objection_id: int,
    state: ObjectionState,
    decision: Decision,
    now: datetime,
    expected_version: int | None,
) -> tuple[Objection, Assessment]:
    objection, assessment, standing = load_objection(
        session, actor, objection_id, Permission.OBJECTION_DECIDE, now, expected_version
    )
    if has_judged(session, actor, standing.relations, assessment.id):
        raise NotPermitted("nobody decides an objection against their own rating")
    event = f"{state}_objection"
    end(objection, state, event)
    checked = _checked(objection, decision, local_day(now))
    objection.decision_number, objection.decision_text = checked.number, checked.text
    objection.decided_on, objection.decided_at = checked.decided_on, now
    objection.decided_by_person_id = actor.person_id
    count_as_changed(assessment)
    save(session)
    detail = {"number": checked.number, "decided_on": checked.decided_on.isoformat()}
    record(session, actor, standing, assessment, objection, event, now, checked.text, **detail)
    tell(session, actor, assessment, "objection:decide", TOLD, now)
    return objection, assessment


def _checked(objection: Objection, decision: Decision, today: date) -> Decision:
    problems: list[InvalidInput] = []
    texts = {}
    for name, text, longest in (
        ("decision_number", decision.number, NUMBER_TEXT),
        ("decision_text", decision.text, None),
    ):
        try:
            texts[name] = required_text(name, text, *([longest] if longest else []))
        except InvalidInput as problem:
            problems.append(problem)
    if decision.decided_on > today:
        problems.append(InvalidInput("decided_on", "in_the_future"))
    elif decision.decided_on < objection.lodged_on:
        problems.append(InvalidInput("decided_on", "before_objection", day=objection.lodged_on))
    if problems:
        raise InvalidInputs(problems)
    return Decision(texts["decision_number"], decision.decided_on, texts["decision_text"])


def _check_levels(
    session: Session,
    assessment: Assessment,
    levels: Mapping[int, CorrectedLevel],
    known: Mapping[int, Decimal],
) -> None:
    items = {item.id: item for item in assessment.items}
    ladders = ladders_of(session, {item.competency_id for item in assessment.items})
    problems: list[InvalidInput] = []
    for item_id, each in levels.items():
        if item_id not in items:
            raise InvalidInput("correction", "unknown")
        numbers = (0, *ladders[items[item_id].competency_id].ladder.numbers)
        if each.level not in numbers:
            shown = ", ".join(str(number) for number in numbers)
            problems.append(InvalidInput(f"item-{item_id}-level", "level_not_on_ladder", levels=shown))
        elif known.get(item_id) == each.level:
            problems.append(InvalidInput(f"item-{item_id}-level", "unchanged"))
        try:
            if not checked_text(f"item-{item_id}-reason", each.reason):
                problems.append(InvalidInput(f"item-{item_id}-reason", "missing"))
        except InvalidInput as problem:
            problems.append(problem)
    if problems:
        raise InvalidInputs(problems)
