"""What the page of one plan shows, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from idp.queries.phases import PhaseDates
from idp.rules.terms import (
    DevelopmentMethod,
    MethodGroup,
    PlanEvent,
    PlanItemState,
    PlanState,
    Relation,
)


@dataclass(frozen=True)
class ProgressOnPage:
    percent: int
    note: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class RunOnPage:
    """A run of a course."""

    starts_on: date
    ends_on: date
    place_th: str


@dataclass(frozen=True)
class PlanItemOnPage:
    """One line. `competency_name_th` is empty for a free line; `goes_on_to`: the fiscal year that it ends in
    where that is a later one than the plan's; `lacks`: the names of fields still needed before the plan can
    be handed in."""

    id: int
    competency_id: int | None
    competency_name_th: str
    competency_name_en: str | None
    suggestion_id: int | None
    from_level: int | None
    target_level: int | None
    indicator_ids: tuple[int, ...]
    indicators: tuple[str, ...]
    method: DevelopmentMethod
    group: MethodGroup
    title: str
    detail: str
    starts_on: date | None
    ends_on: date | None
    hours: int
    cost_baht: Decimal
    measure: str
    evidence_expected: str
    responsible: str
    other_methods: tuple[DevelopmentMethod, ...]
    mentor_person_id: int | None
    mentor_name: str
    course_id: int | None
    course_title: str
    course_run_id: int | None
    course_run: RunOnPage | None
    goes_on_to: int | None
    action_id: int | None
    carried_from_item_id: int | None
    return_note: str
    state: PlanItemState
    percent: int
    result_reason: str
    hours_done: int | None
    spent_baht: Decimal | None
    progress: tuple[ProgressOnPage, ...]

    @property
    def lacks(self) -> tuple[str, ...]:
        return tuple(name for name in ("starts_on", "ends_on", "measure") if not getattr(self, name))


@dataclass(frozen=True)
class PlanVersionOnPage:
    id: int
    number: int
    event: PlanEvent
    created_at: datetime


@dataclass(frozen=True)
class PlanHeader:
    """Who the people are is read from the assessment's snapshot."""

    id: int
    version: int
    state: PlanState
    fiscal_year: int
    organisation_id: int
    assessment_id: int
    employee_id: int
    owner_person_id: int
    cycle_id: int
    cycle_code: str
    cycle_name_th: str
    cycle_name_en: str
    title_th: str
    first_name: str
    last_name: str
    employee_number: str
    position_name: str
    position_type_name: str
    position_level_name: str
    unit_path_name: str
    supervisor_name: str
    supervisor_position: str
    second_level_name: str
    second_level_position: str
    employee_note: str
    supervisor_comment: str
    second_level_comment: str
    return_reason: str
    reflection: str
    evaluation_comment: str
    submitted_at: datetime | None
    approved_at: datetime | None
    evaluated_at: datetime | None


@dataclass(frozen=True)
class PlanLimits:
    """What a sensible plan keeps to in this organisation: competencies, hours and baht. For information
    alone; 0: none is set."""

    priorities: int
    hours: int
    baht: int


@dataclass(frozen=True)
class PlanPage:
    """`events`: the steps that the reader may take; agreeing to the plan is one step, whatever check comes
    next.

    `hides_content`: it ended before it was handed in, and its lines are its owner's alone. `hours_by_group`
    gives the 70:20:10 mix; cancelled lines do not count in the totals."""

    header: PlanHeader
    hides_content: bool
    items: tuple[PlanItemOnPage, ...]
    versions: tuple[PlanVersionOnPage, ...]
    phases: PhaseDates
    relations: frozenset[Relation]
    events: tuple[PlanEvent, ...]
    may_edit: bool
    may_report: bool
    may_evaluate: bool
    limits: PlanLimits
    total_hours: int
    total_cost_baht: Decimal
    hours_by_group: Mapping[MethodGroup, int]

    @property
    def live(self) -> tuple[PlanItemOnPage, ...]:
        """The lines that are not struck out."""
        return tuple(item for item in self.items if item.state is not PlanItemState.CANCELLED)

    @property
    def incomplete(self) -> tuple[PlanItemOnPage, ...]:
        """The lines that keep the plan from being handed in."""
        return tuple(item for item in self.live if item.lacks)

    @property
    def asked_to_change(self) -> tuple[PlanItemOnPage, ...]:
        """The lines of which the latest return says what to change."""
        return tuple(item for item in self.live if item.return_note)

    @property
    def priorities(self) -> int:
        """How many competencies the plan develops."""
        return len({item.competency_id for item in self.live if item.competency_id})

    @property
    def unevaluated(self) -> tuple[PlanItemOnPage, ...]:
        waiting = (PlanItemState.PLANNED, PlanItemState.IN_PROGRESS, PlanItemState.EVIDENCE_SUBMITTED)
        return tuple(item for item in self.items if item.state in waiting)
