"""The agreement at the start of the round, in the organisation that asks for one."""

from idp.demo.casting import Stage
from idp.demo.clockwork import Story
from idp.demo.scene import Scene
from idp.services.agreements import sign_agreement, write_agreement


def agreement(scene: Scene) -> Story:
    """The supervisor writes what is expected and signs, the employee signs after it; of those who have not
    begun, some have still to sign."""
    if not scene.rules.agreement_at_start:
        return
    session, assessment_id = scene.session, scene.assessment_id
    yield scene.diary.between(*scene.timetable.agreement)
    write_agreement(session, scene.supervisor, assessment_id, scene.say(scene.texts.agreement), scene.now)
    sign_agreement(session, scene.supervisor, assessment_id, scene.now)
    if scene.part.until is Stage.NOT_STARTED and scene.member.post.index % 2:
        return
    yield scene.diary.after(0, 1)
    sign_agreement(session, scene.owner, assessment_id, scene.now)
