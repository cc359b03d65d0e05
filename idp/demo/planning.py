"""The story of a development plan: drafted from suggestions, carried out, evaluated, or cancelled; how it is
reviewed is in `reviewing`."""

from datetime import date, timedelta

from sqlalchemy import select

from idp.demo.casting import Stage
from idp.demo.clockwork import Story
from idp.demo.developing import ask_mentor_for, take_up
from idp.demo.following import follow_up, hand_in_evidence, used_so_far
from idp.demo.reviewing import amendment, items_of
from idp.demo.scene import Scene
from idp.models import AssessmentItem, Gap, Suggestion
from idp.rules.relations import Actor
from idp.rules.terms import Half, PlanItemState, SuggestionState
from idp.services.plan_fields import PlanItemFields
from idp.services.plan_items import accept_suggestion, add_item
from idp.services.plan_progress import (
    begin_plan_evaluation,
    evaluate_item,
    evaluate_plan,
    report_progress,
)
from idp.services.plans import cancel_plan, draft_plan, submit_plan, withdraw_plan
from idp.services.suggestions import reject_suggestion

PRIORITIES = 3
SECOND_ACTION = 0.2
FREE_LINE = 0.12
FREE_LINE_DAYS = 60

OUTCOMES = (
    PlanItemState.ACHIEVED,
    PlanItemState.NEARLY_ACHIEVED,
    PlanItemState.NOT_ACHIEVED,
    PlanItemState.CARRIED_OVER,
    PlanItemState.CANCELLED,
)
OUTCOME_WEIGHTS = (66, 20, 8, 4, 2)
OUTCOME_PERCENT = {
    PlanItemState.ACHIEVED: (100, 100),
    PlanItemState.NEARLY_ACHIEVED: (75, 95),
    PlanItemState.NOT_ACHIEVED: (10, 50),
    PlanItemState.CARRIED_OVER: (20, 60),
    PlanItemState.CANCELLED: (0, 20),
}


def drafting(scene: Scene) -> Story:
    """The employee drafts from the suggestions, turns some down, adds lines of their own, hands it in."""
    session, owner = scene.session, scene.owner
    yield scene.diary.between(*scene.timetable.plan_drafting)
    scene.plan = draft_plan(session, owner, scene.assessment_id, scene.now)
    take_up(scene)
    _fill(scene)
    scene.reached(Stage.DRAFT)
    yield scene.diary.after(1, 6)
    submit_plan(session, owner, scene.plan_id, scene.now, scene.say(scene.texts.employee_note))
    if scene.part.plan_withdrawn:
        yield scene.diary.after(0, 1)
        withdraw_plan(session, owner, scene.plan_id, scene.now)
        submit_plan(session, owner, scene.plan_id, scene.now, scene.say(scene.texts.employee_note))


def carrying_out(scene: Scene) -> Story:
    """Progress is reported line by line, over the year; a plan that has lost its owner is cancelled."""
    session, texts, timetable = scene.session, scene.texts, scene.timetable
    first, last = timetable.progress
    reports = timetable.reports
    for number in range(1, reports + 1):
        step = (last - first) / reports
        yield scene.diary.between(first + step * (number - 1), first + step * number)
        is_last = number == reports and reports > 1
        for item in list(items_of(scene)):
            percent = scene.rng.randrange(80, 101, 5) if is_last else scene.rng.randrange(10, 65, 5)
            handed_in = is_last and scene.rng.random() < 0.7
            if handed_in:
                hand_in_evidence(scene, item.id)
            words, used = scene.say(texts.progress), used_so_far(scene, item, percent)
            report_progress(session, scene.owner, item.id, percent, words, scene.now, handed_in, used=used)
        if number == 1 and scene.part.until is Stage.CANCELLED:
            yield scene.diary.after(1, 10)
            cancel_plan(session, scene.hr, scene.plan_id, scene.say(texts.cancel_plan), scene.now)
            scene.reached(Stage.CANCELLED)
        if number == 1 and (scene.part.plan_amended or scene.part.until is Stage.AMENDING):
            yield from amendment(scene)
        yield from follow_up(scene, Half.FIRST if number == 1 else Half.SECOND)
    scene.reached(Stage.IN_PROGRESS)


def evaluation(scene: Scene) -> Story:
    """The employee looks back, the supervisor says what became of each line and closes the plan."""
    session, texts, plan_id = scene.session, scene.texts, scene.plan_id
    yield scene.diary.between(*scene.timetable.plan_evaluation)
    begin_plan_evaluation(session, scene.owner, plan_id, scene.say(texts.reflection), scene.now)
    scene.reached(Stage.IN_EVALUATION)
    yield scene.diary.after(1, 8)
    for item_id in _open_items(scene):
        outcome = scene.rng.choices(OUTCOMES, OUTCOME_WEIGHTS)[0]
        percent = scene.rng.randint(*OUTCOME_PERCENT[outcome])
        reason = "" if outcome is PlanItemState.ACHIEVED else scene.say(texts.result_reason)
        evaluate_item(session, scene.supervisor, item_id, outcome, percent, reason, scene.now)
    evaluate_plan(session, scene.supervisor, plan_id, scene.say(texts.evaluation_comment), scene.now)
    scene.reached(Stage.EVALUATED)


def _fill(scene: Scene) -> None:
    session, owner, rng = scene.session, scene.owner, scene.rng
    by_gap: dict[int, list[int]] = {}
    for item_id, suggestion_id in session.execute(
        select(AssessmentItem.id, Suggestion.id)
        .join(Suggestion, Suggestion.assessment_item_id == AssessmentItem.id)
        .join(Gap, Gap.item_id == AssessmentItem.id)
        .where(
            AssessmentItem.assessment_id == scene.assessment_id,
            Suggestion.state == SuggestionState.PROPOSED,
        )
        .order_by(Gap.gap.desc(), AssessmentItem.sort_order, Suggestion.rank)
    ):
        by_gap.setdefault(item_id, []).append(suggestion_id)
    for proposed in list(by_gap.values())[:PRIORITIES]:
        if scene.part.rejects_suggestion and len(proposed) > 1:
            reason = scene.say(scene.texts.reject_suggestion)
            reject_suggestion(session, owner, proposed.pop(0), reason, scene.now)
        taken = 2 if len(proposed) > 1 and rng.random() < SECOND_ACTION else 1
        for suggestion_id in proposed[:taken]:
            starts_on = _line_start(scene)
            item = accept_suggestion(
                session, owner, scene.plan_id, suggestion_id, scene.now, starts_on=starts_on
            )
            ask_mentor_for(scene, item)
    for _ in range(int(rng.random() < FREE_LINE) if by_gap else rng.randint(1, 2)):
        _add_free_line(scene, owner)


def _add_free_line(scene: Scene, owner: Actor) -> None:
    line = scene.rng.choice(scene.texts.free_lines)
    starts_on = _line_start(scene)
    fields = PlanItemFields(
        title=line.title,
        method=line.method,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=FREE_LINE_DAYS),
        hours=line.hours,
        measure=line.measure,
        evidence_expected=line.evidence,
    )
    add_item(scene.session, owner, scene.plan_id, fields, scene.now)


def _line_start(scene: Scene) -> date:
    """A line of a plan still to come starts later in the year, one that is being carried out at once."""
    if scene.part.until > Stage.APPROVED and scene.timetable.reports == 1:
        return scene.diary.day
    first, last = scene.timetable.line_starts
    return first + timedelta(days=scene.rng.randint(0, (last - first).days))


def _open_items(scene: Scene) -> list[int]:
    return [item.id for item in items_of(scene)]
