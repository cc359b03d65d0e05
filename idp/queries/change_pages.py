"""What the pages of the change desk show before a change is entered: as values, states alone, no content."""

from dataclasses import dataclass
from datetime import date

from idp.rules.plan_workflow import CANCELLABLE
from idp.rules.staff_changes import Consequence
from idp.rules.terms import AssessmentState, PlanState, Relation, Role


@dataclass(frozen=True)
class RecordUnderWay:
    """One assessment, with its plan, that a change touches. `relation`: what the person who changes is to it.

    `days`: how many of the round's days each supervisor so far would answer for and how many the next one,
    empty where the day does not divide the round; `choices` the usual one first. States alone are shown, no
    content.
    """

    assessment_id: int
    state: AssessmentState
    employee_id: int
    owner_person_id: int
    owner_name: str
    cycle_name_th: str
    cycle_name_en: str
    relation: Relation
    supervisor_name: str
    second_level_name: str
    supervisor_person_id: int | None
    second_level_person_id: int | None
    plan_id: int | None
    plan_state: PlanState | None
    days: tuple[int, ...]
    choices: tuple[Consequence, ...]
    is_actors: bool
    mark: str

    @property
    def may_cancel_plan(self) -> bool:
        return self.plan_state in CANCELLABLE and not self.is_actors


@dataclass(frozen=True)
class PersonBelow:
    """Somebody whom the person supervises, by their post of today or in a round under way."""

    employee_id: int
    person_id: int
    number: str
    name: str
    position: str
    assignment_id: int | None
    is_direct: bool
    records: tuple[RecordUnderWay, ...]


@dataclass(frozen=True)
class OrderOnPage:
    id: int
    order_number: str
    from_name: str
    to_name: str
    until_on: date


@dataclass(frozen=True)
class RoleOnPage:
    id: int
    role: Role


@dataclass(frozen=True)
class Preview:
    """`seen` stands for all that is shown: whoever confirms sends it back, and when anything of it has
    changed in the meantime nothing is written."""

    own: tuple[RecordUnderWay, ...]
    below: tuple[PersonBelow, ...]
    orders: tuple[OrderOnPage, ...]
    roles: tuple[RoleOnPage, ...]
    account_id: int | None
    seen: str

    @property
    def records_below(self) -> tuple[RecordUnderWay, ...]:
        return tuple(record for person in self.below for record in person.records)
