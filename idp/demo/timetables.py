"""From when to when each step of a story may fall."""

from dataclasses import dataclass
from datetime import date, timedelta

from idp.demo.casting import Stage
from idp.demo.clockwork import working_day_from
from idp.demo.seeds import CycleSeed
from idp.rules.terms import PhaseKind

Span = tuple[date, date]


@dataclass(frozen=True)
class Timetable:
    """A later step never comes before an earlier one, whatever the spans say. `releases`: the days on which
    HR releases results; `reports`: of progress, for each line of the plan; `approval_day`: on which a head
    approves all plans that wait, at once."""

    agreement: Span
    self_assessment: Span
    rating: Span
    second_opinion: Span
    releases: tuple[date, ...]
    receipt: Span
    plan_drafting: Span
    plan_review: Span
    line_starts: Span
    progress: Span
    plan_evaluation: Span
    reports: int
    approval_day: date | None = None

    def next_release(self, day: date) -> date | None:
        """HR's next release after `day`."""
        return next((each for each in self.releases if each > day), None)


def closed_timetable(cycle: CycleSeed) -> Timetable:
    """The year that is over: each step within its phase."""
    phases = cycle.phases
    first, last = phases[PhaseKind.RELEASE]
    progress = phases[PhaseKind.PROGRESS]
    return Timetable(
        agreement=phases[PhaseKind.AGREEMENT],
        self_assessment=phases[PhaseKind.SELF_ASSESSMENT],
        rating=phases[PhaseKind.RATING],
        second_opinion=phases[PhaseKind.SECOND_OPINION],
        releases=(working_day_from(first), working_day_from(last)),
        receipt=phases[PhaseKind.RECEIPT],
        plan_drafting=phases[PhaseKind.PLAN_DRAFTING],
        plan_review=phases[PhaseKind.PLAN_REVIEW],
        line_starts=(progress[0], progress[1] - timedelta(days=90)),
        progress=progress,
        plan_evaluation=phases[PhaseKind.PLAN_EVALUATION],
        reports=2,
        approval_day=working_day_from(phases[PhaseKind.PLAN_REVIEW][1] - timedelta(days=14)),
    )


def current_timetable(cycle: CycleSeed, today: date, until: Stage) -> Timetable:
    """The year left in the middle: who is to be far by `today` began early, the others are spread over the
    weeks before it."""
    start = cycle.opens_on

    def days(first: int, last: int) -> Span:
        return start + timedelta(days=first), start + timedelta(days=last)

    length = (today - start).days
    early = until >= Stage.RELEASED
    return Timetable(
        agreement=days(0, 1) if early else days(0, 12),
        self_assessment=days(0, 6) if early else days(2, length - 14),
        rating=days(7, 15) if early else days(12, length - 5),
        second_opinion=days(13, 19) if early else days(16, length - 2),
        releases=current_releases(cycle),
        receipt=days(21, length - 4),
        plan_drafting=days(25, 36),
        plan_review=days(30, 42),
        line_starts=(today + timedelta(days=10), today + timedelta(days=150)),
        progress=days(32, length - 3),
        plan_evaluation=days(40, length - 1),
        reports=1,
    )


def current_releases(cycle: CycleSeed) -> tuple[date, ...]:
    return tuple(working_day_from(cycle.opens_on + timedelta(days=days)) for days in (20, 29, 40))
