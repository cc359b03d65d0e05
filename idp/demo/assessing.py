"""The story of an assessment: self-assessment, rating, second opinion, release, receipt or refusal."""

from datetime import time, timedelta
from decimal import Decimal

from idp.demo.ability import entry_for
from idp.demo.casting import Stage
from idp.demo.clockwork import Story
from idp.demo.paper import enter_on_paper
from idp.demo.scene import Scene
from idp.rules.calendar import local_day
from idp.rules.terms import EmployeeOpinion, RaterKind, SecondOpinion
from idp.services.assessments import (
    give_second_opinion,
    moderate,
    return_rating,
    return_self,
    start_rating,
    start_self,
    submit_rating,
    submit_self,
)
from idp.services.ratings import RatingEntry, save_ratings
from idp.services.reconsiderations import DAYS_TO_ANSWER, ask_reconsideration
from idp.services.results import receive, record_refusal, release_assessment
from idp.services.results_part import enter_results_score

RELEASE_TIME = time(16, 40)
RESULTS_FROM, RESULTS_TO = 0.72, 0.97
"""Shares of the results part that people reach."""


def self_assessment(scene: Scene) -> Story:
    """The employee rates themself; now and then the supervisor gives it back once."""
    scene.reached(Stage.NOT_STARTED)
    if scene.part.no_self_assessment:
        return
    session, assessment_id = scene.session, scene.assessment_id
    yield scene.diary.between(*scene.timetable.self_assessment)
    if scene.part.on_paper:
        entries, signed_on = entries_of(scene, RaterKind.SELF), scene.diary.day
        yield scene.diary.after(0, 3)
        enter_on_paper(scene, entries, signed_on)
        scene.reached(Stage.SELF_SUBMITTED)
        return
    start_self(session, scene.owner, assessment_id, scene.now)
    entries = entries_of(scene, RaterKind.SELF)
    if scene.part.until is Stage.SELF_ASSESSING:
        entries = dict(list(entries.items())[: len(entries) // 2])
    save_ratings(session, scene.owner, assessment_id, RaterKind.SELF, entries, scene.now)
    scene.reached(Stage.SELF_ASSESSING)
    yield scene.diary.after(0, 3)
    submit_self(session, scene.owner, assessment_id, scene.now)
    if scene.part.self_returned:
        yield scene.diary.after(1, 4)
        reason = scene.say(scene.texts.return_assessment)
        return_self(session, scene.supervisor, assessment_id, reason, scene.now)
        yield scene.diary.after(1, 3)
        again = entries_of(scene, RaterKind.SELF)
        save_ratings(session, scene.owner, assessment_id, RaterKind.SELF, again, scene.now)
        submit_self(session, scene.owner, assessment_id, scene.now)
    scene.reached(Stage.SELF_SUBMITTED)


def rating(scene: Scene) -> Story:
    """The supervisor rates with evidence and enters the points of the results part."""
    session, assessment_id = scene.session, scene.assessment_id
    first, last = scene.timetable.rating
    if scene.part.no_self_assessment:  # only once the phase of the self-assessment is over
        first = max(first, scene.timetable.self_assessment[1] + timedelta(days=1))
    yield scene.diary.between(first, last)
    start_rating(session, scene.supervisor, assessment_id, scene.now)
    _rate(scene)
    scene.reached(Stage.RATING)
    yield scene.diary.after(0, 4)
    submit_rating(session, scene.supervisor, assessment_id, scene.now)
    if scene.part.rating_returned:
        yield scene.diary.after(1, 4)
        reason = scene.say(scene.texts.return_assessment)
        return_rating(session, scene.second_level, assessment_id, reason, scene.now)
        yield scene.diary.after(1, 3)
        _rate(scene)
        submit_rating(session, scene.supervisor, assessment_id, scene.now)
    scene.reached(Stage.RATED)


def second_opinion(scene: Scene) -> Story:
    """The second level agrees or differs; for some the committee looks at it too."""
    if scene.member.second_level_id is None:
        return
    session, assessment_id, texts = scene.session, scene.assessment_id, scene.texts
    yield scene.diary.between(*scene.timetable.second_opinion)
    differs = scene.part.opinion_differs
    opinion = SecondOpinion.DIFFERS if differs else SecondOpinion.AGREES
    words = scene.say(texts.opinion_differs if differs else texts.opinion_agrees)
    give_second_opinion(session, scene.second_level, assessment_id, opinion, words, scene.now)
    scene.reached(Stage.SECOND_OPINION)
    if scene.part.reconsidered:
        yield from _reconsideration(scene)
    if scene.part.moderated or scene.part.until is Stage.MODERATED:
        yield scene.diary.after(0, 2)
        moderate(session, scene.committee, assessment_id, scene.now)
    scene.reached(Stage.MODERATED)


def _reconsideration(scene: Scene) -> Story:
    """The committee asks, the supervisor rates again, the second level speaks anew."""
    session, assessment_id = scene.session, scene.assessment_id
    yield scene.diary.after(0, 1)
    reason, until_on = scene.say(scene.texts.reconsider), scene.diary.day + timedelta(days=DAYS_TO_ANSWER)
    ask_reconsideration(session, scene.moderator, assessment_id, reason, until_on, scene.now)
    yield scene.diary.after(0, 1)
    _rate(scene)
    submit_rating(session, scene.supervisor, assessment_id, scene.now)
    yield scene.diary.after(0, 1)
    words = scene.say(scene.texts.opinion_agrees)
    give_second_opinion(session, scene.second_level, assessment_id, SecondOpinion.AGREES, words, scene.now)


def release(scene: Scene) -> Story:
    """HR releases on its days, everybody who is ready at once; late results one by one."""
    day = scene.timetable.next_release(scene.diary.day)
    if day is None:
        yield scene.diary.after(0, 2)
        release_assessment(scene.session, scene.hr, scene.assessment_id, scene.now)
    else:
        scene.to_release.add(scene.hr, scene.assessment_id)
        yield scene.diary.between(day + timedelta(days=1), day + timedelta(days=1))
    scene.reached(Stage.RELEASED)


def receipt(scene: Scene) -> Story:
    """The employee acknowledges the result, and agrees or disagrees; one does not sign."""
    session, assessment_id = scene.session, scene.assessment_id
    yield scene.diary.between(*scene.timetable.receipt)
    if scene.part.refuses:
        witnesses = [each for each in scene.office.members if _may_witness(scene, each.person_id)]
        witness = scene.rng.choice(witnesses)
        position = scene.say(scene.texts.witness_positions)
        today = local_day(scene.now)
        record_refusal(session, scene.supervisor, assessment_id, scene.now, today, witness.name, position)
        scene.reached(Stage.REFUSED)
        return
    disagrees = scene.part.disagrees
    opinion = EmployeeOpinion.DISAGREES if disagrees else EmployeeOpinion.AGREES
    words = scene.say(scene.texts.disagreement) if disagrees else ""
    receive(session, scene.owner, assessment_id, scene.now, opinion, words)
    if scene.part.objection is None:
        scene.reached(Stage.RECEIVED)


def entries_of(scene: Scene, kind: RaterKind) -> dict[int, RatingEntry]:
    texts = scene.texts.self_evidence if kind is RaterKind.SELF else scene.texts.evidence
    return {
        item.item_id: entry_for(scene.rng, item, scene.levels[item.item_id], kind, scene.pass_rule, texts)
        for item in scene.items
    }


def _rate(scene: Scene) -> None:
    session, assessment_id = scene.session, scene.assessment_id
    entries = entries_of(scene, RaterKind.SUPERVISOR)
    if scene.part.until is Stage.RATING:
        entries = dict(list(entries.items())[: (len(entries) + 1) // 2])
    save_ratings(session, scene.supervisor, assessment_id, RaterKind.SUPERVISOR, entries, scene.now)
    part = scene.rules.scoring[scene.member.post.personnel_type].competency_part
    most = int((100 - part) * 100)
    points = Decimal(scene.rng.randint(int(most * RESULTS_FROM), int(most * RESULTS_TO))) / 100
    enter_results_score(session, scene.supervisor, assessment_id, points, scene.now)


def _may_witness(scene: Scene, person_id: int) -> bool:
    return person_id not in (scene.member.person_id, scene.member.supervisor_id)
