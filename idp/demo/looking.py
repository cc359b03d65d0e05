"""Who looked: the personnel office and the auditor read some records, and the people can see that."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from idp.demo.clockwork import Story, at
from idp.demo.logins import chosen_team
from idp.demo.scene import Scene
from idp.rules.calendar import local_day
from idp.rules.looks import LookKind
from idp.rules.terms import SubjectType
from idp.services.looks import record_look


def looking_story(scenes: Sequence[Scene], until: datetime) -> Story:
    """Of the team whose log-ins are printed: HR two days before the demonstration's day, the auditor on the
    day before."""
    day = local_day(until)
    yield (now := at(day - timedelta(days=2), time(15, 0)))
    team = [scene for scene in scenes if scene.member in chosen_team(scene.office).staff]
    for scene in team[:3]:
        _look(scene, scene.office.hr_other_than(scene.member.person_id), LookKind.PAGE, now)
    yield (now := at(day - timedelta(days=1), time(11, 0)))
    for scene in team:
        auditor = scene.office.auditor
        if auditor is not None and scene.member.person_id != auditor:
            _look(scene, auditor, LookKind.PAGE, now)
            if scene.plan is not None:
                record_look(
                    scene.session,
                    scene.office.actor(auditor),
                    SubjectType.PLAN,
                    scene.plan_id,
                    LookKind.DOCUMENT,
                    now,
                )


def _look(scene: Scene, person_id: int, kind: LookKind, now: datetime) -> None:
    actor = scene.office.actor(person_id)
    record_look(scene.session, actor, SubjectType.ASSESSMENT, scene.assessment_id, kind, now)
