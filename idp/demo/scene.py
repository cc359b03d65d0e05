"""What a person's story needs at hand in one cycle, and who acts in it."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from idp.adapters.storage import Storage
from idp.demo.ability import AssessedItem
from idp.demo.casting import Part, Stage
from idp.demo.clockwork import Diary
from idp.demo.population import Member, Office
from idp.demo.seeds import DevelopmentFile, TextsFile
from idp.demo.timetables import Timetable
from idp.models import Assessment, DevelopmentPlan
from idp.queries.ladders import ladders_of
from idp.rules.levels import PassRule
from idp.rules.relations import Actor
from idp.rules.settings import OrganisationRules


@dataclass
class Pile:
    """The records that wait for a day on which somebody deals with them at once, by that person."""

    waiting: dict[int, list[int]] = field(default_factory=dict)

    def add(self, actor: Actor, assessment_id: int) -> None:
        assert actor.person_id is not None
        self.waiting.setdefault(actor.person_id, []).append(assessment_id)

    def take(self) -> list[tuple[int, list[int]]]:
        """Everything that waits, once."""
        waiting, self.waiting = sorted(self.waiting.items()), {}
        return waiting


class StageReached(Exception):
    """The person's year ends here."""


@dataclass
class Scene:
    """One member in one cycle."""

    session: Session
    office: Office
    member: Member
    assessment: Assessment
    part: Part
    diary: Diary
    timetable: Timetable
    texts: TextsFile
    development: DevelopmentFile
    rules: OrganisationRules
    items: list[AssessedItem]
    levels: dict[int, int]
    to_release: Pile
    to_approve: Pile
    storage: Storage
    plan: DevelopmentPlan | None = None

    # The records are held, not only their ids: what the session has at hand it need not read again.

    @property
    def assessment_id(self) -> int:
        return self.assessment.id

    @property
    def plan_id(self) -> int:
        assert self.plan is not None
        return self.plan.id

    @property
    def rng(self) -> Random:
        return self.diary.rng

    @property
    def now(self) -> datetime:
        return self.diary.now

    @property
    def pass_rule(self) -> PassRule:
        return PassRule(self.rules.pass_rule, self.rules.pass_percentage)

    @property
    def owner(self) -> Actor:
        return self.office.actor(self.member.person_id)

    @property
    def supervisor(self) -> Actor:
        return self.office.actor(self.member.supervisor_id, self.diary.day)

    @property
    def second_level(self) -> Actor:
        assert self.member.second_level_id is not None
        return self.office.actor(self.member.second_level_id, self.diary.day)

    @property
    def hr(self) -> Actor:
        return self.office.actor(self.office.hr_other_than(self.member.person_id))

    @property
    def moderator(self) -> Actor:
        assert self.office.moderator is not None
        return self.office.actor(self.office.moderator)

    @property
    def committee(self) -> Actor:
        """Its member; the personnel office for those whom the member rates, and for the member."""
        concerned = (self.member.person_id, self.member.supervisor_id)
        return self.hr if self.office.moderator in (None, *concerned) else self.moderator

    def reached(self, stage: Stage) -> None:
        """Raises StageReached when this is as far as the person gets."""
        if self.part.until is stage:
            raise StageReached

    def say(self, choices: list[str]) -> str:
        return self.rng.choice(choices)


def items_of_cycle(session: Session, cycle_id: int) -> dict[int, tuple[Assessment, list[AssessedItem]]]:
    """By employee: their assessment and its items in their order."""
    assessments = session.scalars(
        select(Assessment)
        .where(Assessment.cycle_id == cycle_id)
        .order_by(Assessment.id)
        .options(selectinload(Assessment.items))
    ).all()
    ladders = ladders_of(
        session, {item.competency_id for assessment in assessments for item in assessment.items}
    )
    return {
        assessment.employee_id: (
            assessment,
            [
                AssessedItem(item.id, item.expected_level, ladders[item.competency_id])
                for item in assessment.items
            ],
        )
        for assessment in assessments
    }
