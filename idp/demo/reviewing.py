"""The story of a plan's review: given back, agreed to alone or with others, changed again once approved."""

from dataclasses import replace
from datetime import timedelta

from idp.demo.casting import Stage
from idp.demo.clockwork import Story
from idp.demo.logins import chosen_team
from idp.demo.scene import Scene
from idp.models import PlanItem
from idp.rules.relations import Actor
from idp.rules.terms import PlanState
from idp.services.plan_amendments import amend_plan
from idp.services.plan_fields import fields_of
from idp.services.plan_items import update_item
from idp.services.plans import approve_plan, return_plan, submit_plan


def review(scene: Scene) -> Story:
    """The supervisor, and whoever the organisation asks besides, agree; some plans go back once."""
    session, plan_id = scene.session, scene.plan_id
    if scene.part.plan_returned or scene.part.until is Stage.RETURNED:
        yield scene.diary.between(*scene.timetable.plan_review)
        return_plan(session, scene.supervisor, plan_id, scene.say(scene.texts.return_plan), scene.now)
        scene.reached(Stage.RETURNED)
        yield scene.diary.after(1, 4)
        _improve(scene)
        submit_plan(session, scene.owner, plan_id, scene.now, scene.say(scene.texts.employee_note))
    scene.reached(Stage.SUBMITTED)
    day = scene.timetable.approval_day
    if day is not None and day > scene.diary.day and scene.member in chosen_team(scene.office).staff:
        scene.to_approve.add(scene.supervisor, scene.assessment_id)
        yield scene.diary.between(day + timedelta(days=1), day + timedelta(days=1))
    else:
        yield scene.diary.between(*scene.timetable.plan_review)
    if _state(scene) is PlanState.SUBMITTED:
        _agree(scene, scene.supervisor)
    yield from _others_agree(scene)
    scene.reached(Stage.APPROVED)


def amendment(scene: Scene) -> Story:
    """The employee asks to change the approved plan, changes a line, and everybody agrees again."""
    session, plan_id = scene.session, scene.plan_id
    yield scene.diary.after(0, 2)
    amend_plan(session, scene.owner, plan_id, scene.say(scene.texts.amendment), scene.now)
    scene.reached(Stage.AMENDING)
    yield scene.diary.after(0, 3)
    _improve(scene)
    submit_plan(session, scene.owner, plan_id, scene.now, scene.say(scene.texts.employee_note))
    yield scene.diary.after(1, 4)
    _agree(scene, scene.supervisor)
    yield from _others_agree(scene)


def _others_agree(scene: Scene) -> Story:
    """The second level and HR, where the organisation has them check plans."""
    if _state(scene) is PlanState.SECOND_LEVEL_CHECK:
        scene.reached(Stage.SECOND_LEVEL_CHECK)
        yield scene.diary.after(1, 4)
        _agree(scene, scene.second_level)
    if _state(scene) is PlanState.HR_CHECK:
        scene.reached(Stage.HR_CHECK)
        yield scene.diary.after(0, 3)
        _agree(scene, scene.hr)


def _improve(scene: Scene) -> None:
    """What a returned plan asks for: the first line gets fewer hours and clearer evidence."""
    item = items_of(scene)[0]
    free = scene.rng.choice(scene.texts.free_lines)
    improved = replace(fields_of(item), hours=max(item.hours - 2, 1), evidence_expected=free.evidence)
    update_item(scene.session, scene.owner, item.id, improved, scene.now)


def _agree(scene: Scene, reviewer: Actor) -> None:
    approve_plan(scene.session, reviewer, scene.plan_id, scene.now, scene.say(scene.texts.approval_comment))


def _state(scene: Scene) -> PlanState:
    assert scene.plan is not None
    return scene.plan.state


def items_of(scene: Scene) -> list[PlanItem]:
    assert scene.plan is not None
    return scene.plan.items
