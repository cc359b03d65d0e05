"""The story of an objection to the result: lodged, answered, decided; the record is frozen meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from sqlalchemy.orm import Session

from idp.demo.casting import Objecting
from idp.demo.clockwork import Story
from idp.demo.scene import Scene, StageReached
from idp.models import Objection
from idp.queries.corrections import current_levels
from idp.services.objection_decisions import CorrectedLevel, Decision, dismiss_objection, uphold_objection
from idp.services.objections import lodge_objection, state_on_objection
from idp.services.reports import run_report

NUMBER = "{}/2569"


def objection(scene: Scene) -> Story:
    """The employee objects within the thirty days, the supervisor answers, HR enters the decision; one is
    left under way."""
    outcome = scene.part.objection
    if outcome is None:
        return
    session, texts = scene.session, scene.texts
    yield scene.diary.after(1, 4)
    lodged = lodge_objection(session, scene.owner, scene.assessment_id, scene.say(texts.objection), scene.now)
    _export(scene, lodged)
    yield scene.diary.after(1, 3)
    words = scene.say(texts.objection_statement)
    state_on_objection(session, scene.supervisor, lodged.id, words, scene.now)
    if outcome is Objecting.UNDER_WAY:
        raise StageReached
    yield scene.diary.after(4, 9)
    officer = scene.office.hr_apart_from(scene.member)
    assert officer is not None
    hr = scene.office.actor(officer)
    number = NUMBER.format(scene.rng.randint(20, 90))
    if outcome is Objecting.DISMISSED:
        decision = Decision(number, scene.diary.day, scene.say(texts.objection_dismissed))
        dismiss_objection(session, hr, lodged.id, decision, scene.now)
    else:
        decision = Decision(number, scene.diary.day, scene.say(texts.objection_upheld))
        uphold_objection(session, hr, lodged.id, decision, _corrected(scene), None, scene.now)


def _corrected(scene: Scene) -> dict[int, CorrectedLevel]:
    """The first competency with a level above the attained one gets it; at the top of every ladder the first
    is brought down."""
    known = current_levels(scene.session, scene.assessment_id)
    reason = scene.say(scene.texts.corrected_level)
    for item in scene.items:
        numbers = item.ladder.ladder.numbers
        higher = [number for number in numbers if number > known.get(item.item_id, Decimal(0))]
        if higher:
            return {item.item_id: CorrectedLevel(higher[0], reason)}
    return {scene.items[0].item_id: CorrectedLevel(0, reason)}


def _export(scene: Scene, lodged: Objection) -> None:
    """The whole record as a file, as a worker makes it, on the same day."""
    scene.session.commit()

    @contextmanager
    def open_session() -> Iterator[Session]:
        yield scene.session
        scene.session.commit()  # ends the transaction, and forgets nothing of what is at hand

    assert lodged.export_job_id is not None
    run_report(open_session, scene.storage, lambda: scene.now, lodged.export_job_id)
