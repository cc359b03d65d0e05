"""The lines proposed to go on from the plans before, as pages and services take them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from idp.models import PlanItem
from idp.queries.ladders import CompetencyLadder
from idp.rules.carry_over import Aim
from idp.rules.terms import CrosswalkRelation


class Answer(StrEnum):
    """What the employee has said to the proposal."""

    WAITING = "waiting"
    CARRIED = "carried"
    DECLINED = "declined"


@dataclass(frozen=True)
class NewCompetency:
    """A competency of the new plan, with what the assessment says of it; `attained` None: not rated."""

    id: int
    name_th: str
    name_en: str | None
    attained: Decimal | None
    ladder: CompetencyLadder


@dataclass(frozen=True)
class Unfinished:
    """One line with something left to do, and what it would be in the new plan.

    `then`: the line of the plan before. `competency`: that of now; None for a free line. `relation`: what the
    competency of then is, seen from it. Hours are those left, as whole ones; days are of the new year.
    `new_item_id`: the line that it became; `is_struck_out`: that one was taken out by an amendment and can be
    put back.
    """

    then: PlanItem
    fiscal_year: int
    organisation_id: int
    organisation_name_th: str
    aim: Aim
    competency: NewCompetency | None
    relation: CrosswalkRelation | None
    target_level: int | None
    hours: int
    cost_baht: Decimal
    starts_on: date | None
    ends_on: date | None
    is_of_another_organisation: bool
    answer: Answer = Answer.WAITING
    new_item_id: int | None = None
    is_struck_out: bool = False
    declined_because: str = ""

    @property
    def from_level(self) -> int | None:
        """A line begins from a whole level."""
        attained = self.competency.attained if self.competency else None
        return None if attained is None else int(attained)


@dataclass(frozen=True)
class CarryOverPanel:
    """`plan_id` None: the first answer begins the plan."""

    assessment_id: int
    plan_id: int | None
    version: int | None
    lines: tuple[Unfinished, ...] = ()

    def answered(self, answer: Answer) -> tuple[Unfinished, ...]:
        return tuple(line for line in self.lines if line.answer is answer)

    @property
    def waiting(self) -> tuple[Unfinished, ...]:
        return self.answered(Answer.WAITING)

    @property
    def carried(self) -> tuple[Unfinished, ...]:
        return self.answered(Answer.CARRIED)

    @property
    def declined(self) -> tuple[Unfinished, ...]:
        return self.answered(Answer.DECLINED)

    def line(self, item_id: int) -> Unfinished | None:
        return next((line for line in self.lines if line.then.id == item_id), None)
