"""Plans approved at once: a head looks through all that wait, and agrees to them in one step."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from idp.demo.clockwork import Story, at
from idp.demo.population import Office
from idp.demo.scene import Pile
from idp.demo.seeds import TextsFile
from idp.rules.bulk import BulkAction
from idp.rules.relations import Actor
from idp.services.bulk import begin_run, carry_out, keep_run, previews

APPROVAL_TIME = time(10, 30)
LOOKED_THROUGH_IN = timedelta(minutes=20)


def approval_story(session: Session, office: Office, texts: TextsFile, pile: Pile, day: date) -> Story:
    """On that day whoever has plans on the pile is shown what will come of them, and confirms."""
    now = at(day, APPROVAL_TIME)
    yield now
    for person_id, assessment_ids in pile.take():
        _approve(session, office.actor(person_id, day), assessment_ids, texts.approval_comment[0], now)


def _approve(session: Session, actor: Actor, assessment_ids: list[int], text: str, now: datetime) -> None:
    action = BulkAction.APPROVE_PLANS
    run = keep_run(session, actor, action, previews(session, actor, action, assessment_ids, now), now)
    now += LOOKED_THROUGH_IN
    begin_run(session, actor, run.id, text, None, now)
    for _ in carry_out(session, actor, run.id, now):
        pass
