"""How far the proposals for everybody of a cycle are, and when they were asked for before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Person, SuggestionRun
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.thai import full_name


@dataclass(frozen=True)
class RunOnPage:
    """One request. `new`: proposals that were not there before."""

    id: int
    asked_at: datetime
    asked_by: str
    done: int
    total: int
    new: int
    finished_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        return self.finished_at is None


def latest_runs(session: Session, cycle_id: int, limit: int) -> tuple[RunOnPage, ...]:
    """The latest first; one statement."""
    rows = session.execute(
        select(SuggestionRun, Person)
        .join(Person, Person.id == SuggestionRun.asked_by_person_id)
        .where(SuggestionRun.cycle_id == cycle_id)
        .order_by(SuggestionRun.id.desc())
        .limit(limit)
    )
    return tuple(
        RunOnPage(
            run.id,
            run.asked_at,
            full_name(person.title_th, person.first_name, person.last_name),
            run.done_count,
            run.total_count,
            run.new_count,
            run.finished_at,
        )
        for run, person in rows
    )


def people_with_result(session: Session, cycle_id: int) -> int:
    """How many a request now would be for; one statement."""
    of_these = (Assessment.cycle_id == cycle_id, Assessment.state.in_(RELEASED_STATES))
    return session.scalar(select(func.count()).select_from(Assessment).where(*of_these)) or 0
