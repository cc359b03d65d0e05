"""What the personnel officer enters in the middle of the current year: a transfer, and a long leave."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from idp.demo.casting import Stage
from idp.demo.clockwork import Story, at
from idp.demo.logins import chosen_team
from idp.demo.population import Member
from idp.demo.scene import Scene
from idp.models import Assignment
from idp.rules.calendar import local_day
from idp.rules.staff_changes import ChangeKind, Consequence
from idp.services.change_choices import Choices, RecordChoice
from idp.services.change_entry import enter_change
from idp.services.change_posts import current_assignment
from idp.services.staff_changes import ChangeFields, preview_change

ENTERED_BEFORE = timedelta(days=2)
"""How long before the demonstration's day the changes take effect: what follows from them is still open."""


def change_story(scenes: Sequence[Scene], until: datetime) -> Story:
    """Somebody whose rating was begun moves under another head, who goes on with it; the old one owes a
    statement. Somebody who had not begun is exempted for a long leave. Where nobody fits, nothing happens."""
    day = local_day(until) - ENTERED_BEFORE
    yield at(day, time(14, 0))
    now = at(day, time(14, 0))
    moving = _moving(scenes)
    if moving is not None:
        _transfer(*moving, day, now)
    resting = [scene for scene in scenes if scene.part.until is Stage.NOT_STARTED and _is_unnamed(scene)]
    if resting:
        _leave(resting[-1], day, now)


def _moving(scenes: Sequence[Scene]) -> tuple[Scene, Member] | None:
    """The first whose rating is going on, those of the chosen team before others, with the head beside their
    own."""
    if not scenes:
        return None
    head = chosen_team(scenes[0].office).head
    going_on = [scene for scene in scenes if scene.part.until is Stage.RATING]
    going_on.sort(key=lambda scene: scene.member.supervisor_id != head.person_id)
    for scene in going_on:
        member = scene.member
        for other in scene.office.members:
            if (
                other.post.is_head
                and other.person_id not in (member.person_id, member.supervisor_id, member.second_level_id)
                and other.supervisor_id == member.second_level_id
            ):
                return scene, other
    return None


def _is_unnamed(scene: Scene) -> bool:
    """Not of the team whose log-ins are printed: there everybody has a step to do."""
    return scene.member not in chosen_team(scene.office).staff


def _transfer(scene: Scene, head: Member, day: date, now: datetime) -> None:
    member, session = scene.member, scene.session
    own, heads = (_post(session, each.employee_id, day) for each in (member, head))
    if own is None or heads is None:
        return
    typed = ChangeFields(
        ChangeKind.TRANSFER,
        day,
        order_number="412/2569",
        reason="ย้ายไปปฏิบัติหน้าที่แทนตำแหน่งที่ว่าง",
        unit_id=heads.unit_id,
        position_name=own.position_name,
        position_number=own.position_number,
        position_level_id=own.position_level_id,
        line_of_work_id=own.line_of_work_id,
        supervisor=head.number,
        second_level=_number_of(scene, member.second_level_id),
    )
    _enter(scene, typed, Choices(), now)


def _leave(scene: Scene, day: date, now: datetime) -> None:
    typed = ChangeFields(
        ChangeKind.LEAVE,
        day,
        until_on=date(day.year + 1, 9, 30),
        order_number="415/2569",
        reason="ลาไปศึกษาต่อเต็มเวลาจนสิ้นรอบการประเมิน",
    )
    exempted = RecordChoice(Consequence.EXEMPT)
    _enter(scene, typed, Choices(records={scene.assessment_id: exempted}), now)


def _enter(scene: Scene, typed: ChangeFields, choices: Choices, now: datetime) -> None:
    session, officer, employee_id = scene.session, scene.hr, scene.member.employee_id
    _move, shown = preview_change(session, officer, employee_id, typed, now)
    enter_change(session, officer, employee_id, typed, choices, shown.seen, now)


def _post(session: Session, employee_id: int, day: date) -> Assignment | None:
    return current_assignment(session, employee_id, day)


def _number_of(scene: Scene, person_id: int | None) -> str:
    """As the form takes them; "" for an appraiser from outside, who is found by name alone."""
    found = next((each for each in scene.office.members if each.person_id == person_id), None)
    return found.number if found else ""
