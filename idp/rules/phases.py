"""The default dates of a cycle's phases.

Source: the order of the steps is the civil service's; the dates are this product's default, drawn from a
fiscal year whose results are assessed near its start and whose plan is carried out until its end. HR
changes any of them.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from idp.rules.calendar import FiscalYear
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.terms import PhaseKind

PHASE_DAYS: Mapping[PhaseKind, tuple[int, int]] = {
    PhaseKind.AGREEMENT: (0, 10),
    PhaseKind.SELF_ASSESSMENT: (0, 20),
    PhaseKind.RATING: (7, 34),
    PhaseKind.SECOND_OPINION: (21, 44),
    PhaseKind.RELEASE: (31, 51),
    PhaseKind.RECEIPT: (31, 61),
    PhaseKind.PLAN_DRAFTING: (31, 76),
    PhaseKind.PLAN_REVIEW: (38, 91),
}
"""Days after the start of the fiscal year: opens, due."""

OPTIONAL = frozenset({PhaseKind.AGREEMENT})
"""Phases that a cycle has only where its organisation asks for them."""

ALWAYS = tuple(kind for kind in PhaseKind if kind not in OPTIONAL)


def kinds_of(*, with_agreement: bool) -> tuple[PhaseKind, ...]:
    """The phases of a cycle, in their order."""
    return tuple(PhaseKind) if with_agreement else ALWAYS


EVALUATION_DAYS = 30
"""Days before the end of the year from which the plans are evaluated."""


def default_phases(year: FiscalYear, *, with_agreement: bool = False) -> dict[PhaseKind, tuple[date, date]]:
    """(opens on, due on) of every phase of a whole-year cycle."""
    phases = {
        kind: (year.start + timedelta(days=opens), year.start + timedelta(days=due))
        for kind, (opens, due) in PHASE_DAYS.items()
        if with_agreement or kind not in OPTIONAL
    }
    phases[PhaseKind.PROGRESS] = (
        phases[PhaseKind.PLAN_REVIEW][0],
        year.end - timedelta(days=EVALUATION_DAYS),
    )
    phases[PhaseKind.PLAN_EVALUATION] = (year.end - timedelta(days=EVALUATION_DAYS), year.end)
    return phases


def check_phases(phases: Mapping[PhaseKind, tuple[date, date]], starts_on: date, ends_on: date) -> None:
    """Every phase is there, ends after it opens and lies in the cycle. Raises InvalidInputs naming every
    date that does not fit."""
    problems = tuple(phase_problems(phases, starts_on, ends_on))
    if problems:
        raise InvalidInputs(problems)


def phase_problems(
    phases: Mapping[PhaseKind, tuple[date, date]], starts_on: date, ends_on: date
) -> Iterator[InvalidInput]:
    """What is wrong with the dates, one answer a phase, named as the fields of the form are."""
    for kind in PhaseKind:
        if kind not in phases and kind in OPTIONAL:
            continue
        if kind not in phases:
            yield InvalidInput(f"{kind}-opens_on", "required")
            continue
        opens_on, due_on = phases[kind]
        if opens_on < starts_on:
            yield InvalidInput(f"{kind}-opens_on", "before_cycle")
        elif due_on > ends_on:
            yield InvalidInput(f"{kind}-due_on", "after_cycle")
        elif due_on < opens_on:
            yield InvalidInput(f"{kind}-due_on", "due_before_opening")
