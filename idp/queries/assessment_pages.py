"""What the page of one assessment shows: as values, and only what its reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from idp.queries.agreements import AgreementOnPage
from idp.queries.phases import PhaseDates
from idp.rules.levels import Reading
from idp.rules.terms import (
    AssessmentEvent,
    AssessmentState,
    CompetencyCategory,
    EmployeeOpinion,
    PersonnelType,
    Relation,
    Requirement,
    SecondOpinion,
    Standing,
)


@dataclass(frozen=True)
class IndicatorOnPage:
    """`marks`: what the source document lacks or garbles here."""

    id: int
    text_th: str
    marks: tuple[Any, ...] = ()


@dataclass(frozen=True)
class LevelOnPage:
    number: int
    title_th: str
    indicators: tuple[IndicatorOnPage, ...]
    marks: tuple[Any, ...] = ()


@dataclass(frozen=True)
class RatingOnPage:
    """One rater's view. `reading` explains a level derived from ticks: what is passed, what breaks the
    ladder, how much is missing; None for a level given in their stead (`stated`, `average`) and for what is
    not rated (`attained` None: not zero). `notes`: of the ticked indicators that have one."""

    attained: Decimal | None
    stated: int | None
    blocked_by: int | None
    evidence: str
    ticked: frozenset[int]
    reading: Reading | None
    updated_at: datetime
    average: Decimal | None = None
    notes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ItemOnPage:
    """One competency. A rating is None when nothing was filled in or when the reader may not see it; `gap` is
    there once released, `standing` where the reader sees the supervisor's rating. `result_level` is the
    level that counts: the supervisor's, once released of all who supervised weighted by days."""

    id: int
    competency_id: int
    code: str
    name_th: str
    name_en: str | None
    category: CompetencyCategory
    definition_th: str
    expected: int
    weight_percent: Decimal
    levels: tuple[LevelOnPage, ...]
    self_rating: RatingOnPage | None
    supervisor_rating: RatingOnPage | None
    gap: Decimal | None
    standing: Standing | None
    result_level: Decimal | None = None


@dataclass(frozen=True)
class AssessmentHeader:
    """Who, what, when: from the frozen snapshot. The result and the second opinion are None or empty where
    the reader may not see them yet."""

    id: int
    version: int
    state: AssessmentState
    cycle_id: int
    cycle_code: str
    cycle_name_th: str
    cycle_name_en: str
    fiscal_year: int
    half: int | None
    employee_id: int
    owner_person_id: int
    title_th: str
    first_name: str
    last_name: str
    employee_number: str
    personnel_type: PersonnelType
    position_name: str
    position_number: str
    position_type_name: str
    position_level_name: str
    line_of_work_name: str
    unit_path_name: str
    supervisor_name: str
    supervisor_position: str
    second_level_name: str
    second_level_position: str
    has_second_level: bool
    scoring_method: str
    competency_part: Decimal
    results_score: Decimal | None
    competency_score: Decimal | None
    total_score: Decimal | None
    band: str | None
    score_explanation: Mapping[str, Any] | None
    self_submitted_at: datetime | None
    rated_at: datetime | None
    second_opinion_at: datetime | None
    released_at: datetime | None
    acknowledged_at: datetime | None
    second_opinion: SecondOpinion | None
    second_opinion_text: str
    employee_opinion: EmployeeOpinion | None
    employee_opinion_text: str
    refused_on: date | None
    witness_name: str
    witness_position: str


@dataclass(frozen=True)
class EventOnPage:
    """A step that the reader may take from here; `waits_for`: what the calendar or the record still forbids,
    so that the page can say so instead of offering it."""

    event: AssessmentEvent
    waits_for: frozenset[Requirement] = frozenset()

    @property
    def is_open(self) -> bool:
        return not self.waits_for


@dataclass(frozen=True)
class AssessmentPage:
    """`may_self_rate`, `may_rate`: the reader may fill the form in now."""

    header: AssessmentHeader
    items: tuple[ItemOnPage, ...]
    phases: PhaseDates
    relations: frozenset[Relation]
    events: tuple[EventOnPage, ...]
    shows_self_rating: bool
    shows_result: bool
    may_self_rate: bool
    may_rate: bool
    plan_id: int | None
    agreement: AgreementOnPage | None = None  # where the round begins with one

    @property
    def unsigned(self) -> frozenset[Relation]:
        """Whose signature the agreement still lacks."""
        return frozenset() if self.agreement is None else self.agreement.unsigned

    @property
    def unrated(self) -> int:
        """How many competencies the rater at work (the employee, then the supervisor) has not rated yet."""
        own = self.header.state in (AssessmentState.NOT_STARTED, AssessmentState.SELF_ASSESSING)
        ratings = (item.self_rating if own else item.supervisor_rating for item in self.items)
        return sum(rating is None or rating.attained is None for rating in ratings)

    def may(self, event: AssessmentEvent) -> bool:
        """Whether the reader may take this step now."""
        return any(each.event is event and each.is_open for each in self.events)
