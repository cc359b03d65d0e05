"""More time asked for and granted, asked for and not yet answered, and a step opened again and used."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from idp.demo.assessing import entries_of
from idp.demo.casting import Stage
from idp.demo.clockwork import Story, at, working_day_from
from idp.demo.logins import chosen_team
from idp.demo.scene import Scene
from idp.queries.deadlines import day_of_record
from idp.rules.calendar import local_day
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, PhaseKind, RaterKind
from idp.services.assessments import submit_self
from idp.services.extensions import ask_for_time, grant_request
from idp.services.ratings import save_ratings
from idp.services.reopenings import reopen_self

BEGINS_BEFORE = timedelta(days=4)
MORE = timedelta(days=7)
STATES = {
    Stage.SELF_ASSESSING: AssessmentState.SELF_ASSESSING,
    Stage.SELF_SUBMITTED: AssessmentState.SELF_SUBMITTED,
}


def more_time_story(scenes: Sequence[Scene], until: datetime) -> Story:
    """In the last days before the demonstration's day. Where nobody fits, nothing happens."""
    first = working_day_from(local_day(until) - BEGINS_BEFORE)
    yield (now := at(first, time(10, 0)))
    asking = _standing_at(scenes, Stage.SELF_ASSESSING)
    asked = _ask(asking, asking.owner, PhaseKind.SELF_ASSESSMENT, now) if asking else None
    submitted = _standing_at(scenes, Stage.SELF_SUBMITTED)
    if submitted is not None:
        reason = submitted.say(submitted.texts.reopening)
        session, until_on = submitted.session, local_day(until) + MORE
        reopen_self(session, submitted.hr, submitted.assessment_id, until_on, reason, now)
    yield (now := at(first + timedelta(days=1), time(11, 0)))
    if asking is not None and asked is not None:
        grant_request(asking.session, asking.hr, asked, now)
    if submitted is not None:
        _hand_in_again(submitted, now)
        supervisor = submitted.office.actor(submitted.member.supervisor_id, local_day(now))
        _ask(submitted, supervisor, PhaseKind.RATING, now)


def _standing_at(scenes: Sequence[Scene], stage: Stage) -> Scene | None:
    """Somebody who stays there, not of the team whose log-ins are printed unless there is nobody else."""
    found = [
        scene
        for scene in scenes
        if scene.part.until is stage
        and scene.assessment.state is STATES[stage]
        and not scene.part.on_paper
        and scene.member.supervisor_id != scene.office.appraiser_id
    ]
    team = chosen_team(scenes[0].office).staff if scenes else ()
    found.sort(key=lambda scene: scene.member in team)
    return next(iter(found), None)


def _ask(scene: Scene, actor: Actor, phase: PhaseKind, now: datetime) -> int:
    due_on = day_of_record(scene.session, scene.assessment, phase)
    assert due_on is not None
    until_on = max(due_on, local_day(now)) + MORE
    reason = scene.say(scene.texts.more_time)
    return ask_for_time(scene.session, actor, scene.assessment_id, phase, until_on, reason, now).id


def _hand_in_again(scene: Scene, now: datetime) -> None:
    session, assessment_id = scene.session, scene.assessment_id
    save_ratings(session, scene.owner, assessment_id, RaterKind.SELF, entries_of(scene, RaterKind.SELF), now)
    submit_self(session, scene.owner, assessment_id, now)
