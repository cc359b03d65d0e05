"""Creating, dating and publishing a cycle."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import Cycle, HistoryEntry
from idp.rules.calendar import FiscalYear
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, StaleVersion, TransitionNotAllowed
from idp.rules.phases import default_phases
from idp.rules.terms import CycleState, PhaseKind, SubjectType
from idp.services.cycles import archive_cycle, create_cycle, publish_cycle, unpublish_cycle, update_phases
from tests.services.cycle_cast import NOW, Town, add_town, draft_cycle, open_cycle

PHASES = default_phases(FiscalYear(2570))


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session, staff=4)


def test_a_new_cycle_is_a_draft_of_the_whole_fiscal_year_with_every_phase(town: Town) -> None:
    cycle = draft_cycle(town)
    assert cycle.state is CycleState.DRAFT
    assert (cycle.starts_on, cycle.ends_on) == (date(2026, 10, 1), date(2027, 9, 30))
    assert {phase.kind: (phase.opens_on, phase.due_on) for phase in cycle.phases} == PHASES
    assert [use.framework_version.name_th for use in cycle.frameworks] == ["กรอบสมรรถนะตัวอย่าง"]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"code": "  "}, "code", "required"),
        ({"code": "x" * 41}, "code", "too_long"),
        ({"name_th": ""}, "name_th", "required"),
        ({"name_th": "ก" * 201}, "name_th", "too_long"),
        ({"name_en": "x" * 201}, "name_en", "too_long"),
        ({"code": "2569"}, "code", "taken"),
        ({"fiscal_year": 12}, "fiscal_year", "not_a_buddhist_year"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(
    town: Town, changes: dict[str, object], field: str, code: str
) -> None:
    draft_cycle(town, "2569")
    values: dict[str, object] = {"code": "2570", "name_th": "รอบ", "fiscal_year": 2570} | changes
    with pytest.raises(InvalidInput) as refused:
        create_cycle(town.session, town.actor("malee"), now=NOW, **values)  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.code) == (field, code)


@pytest.mark.parametrize(
    ("kind", "moved", "field", "code"),
    [
        (PhaseKind.RATING, (date(2026, 12, 1), date(2026, 11, 30)), "rating-due_on", "due_before_opening"),
        (
            PhaseKind.SELF_ASSESSMENT,
            (date(2026, 9, 30), date(2026, 10, 21)),
            "self_assessment-opens_on",
            "before_cycle",
        ),
        (
            PhaseKind.PLAN_EVALUATION,
            (date(2027, 9, 1), date(2027, 10, 1)),
            "plan_evaluation-due_on",
            "after_cycle",
        ),
    ],
)
def test_a_phase_that_does_not_fit_the_year_is_refused_at_its_field(
    town: Town, kind: PhaseKind, moved: tuple[date, date], field: str, code: str
) -> None:
    cycle = draft_cycle(town)
    with pytest.raises(InvalidInput) as refused:
        update_phases(town.session, town.actor("malee"), cycle.id, PHASES | {kind: moved}, NOW)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_the_same_code_may_stand_in_two_organisations(town: Town) -> None:
    neighbour = add_town(town.session, "neighbour", staff=3)
    assert draft_cycle(town).id != draft_cycle(neighbour).id


@pytest.mark.parametrize("name", ["suda", "prasit", "staff4", "mayor"])
def test_only_the_personnel_officer_creates_a_cycle(town: Town, name: str) -> None:
    with pytest.raises(NotPermitted):
        create_cycle(town.session, town.actor(name), code="x", name_th="x", fiscal_year=2570, now=NOW)


def test_an_outsider_finds_no_cycle(town: Town) -> None:
    neighbour = add_town(town.session, "neighbour", staff=3)
    cycle = draft_cycle(town)
    with pytest.raises(NotVisible):
        publish_cycle(town.session, neighbour.actor("malee"), cycle.id, NOW)
    # Naming the other organisation as one's own gives no role in it.
    pretending = replace(neighbour.actor("malee"), organisation_id=town.organisation.id)
    with pytest.raises(NotVisible):
        publish_cycle(town.session, pretending, cycle.id, NOW)


def test_publishing_can_be_taken_back_until_it_opens(town: Town) -> None:
    cycle, malee = draft_cycle(town), town.actor("malee")
    assert publish_cycle(town.session, malee, cycle.id, NOW).state is CycleState.PUBLISHED
    assert unpublish_cycle(town.session, malee, cycle.id, NOW).state is CycleState.DRAFT
    opened = open_cycle(town, "2570-2")
    with pytest.raises(TransitionNotAllowed):
        unpublish_cycle(town.session, malee, opened.id, NOW)
    with pytest.raises(TransitionNotAllowed):
        archive_cycle(town.session, malee, opened.id, NOW)


def test_an_extension_moves_the_dates_of_an_open_cycle_and_stands_in_the_history(town: Town) -> None:
    cycle = open_cycle(town)
    version = cycle.version
    opens_on, due_on = PHASES[PhaseKind.SELF_ASSESSMENT]
    later = PHASES | {PhaseKind.SELF_ASSESSMENT: (opens_on, due_on + timedelta(days=7))}
    update_phases(town.session, town.actor("malee"), cycle.id, later, NOW, expected_version=version)
    town.session.expire_all()
    assert {phase.kind: phase.due_on for phase in cycle.phases}[
        PhaseKind.SELF_ASSESSMENT
    ] == due_on + timedelta(days=7)
    entry = town.session.scalars(
        select(HistoryEntry).where(
            HistoryEntry.subject_type == SubjectType.CYCLE, HistoryEntry.event == "update_phases"
        )
    ).one()
    assert set(entry.detail) == {"self_assessment"}


def test_dates_read_before_somebody_else_changed_them_are_not_written(town: Town) -> None:
    cycle, malee = draft_cycle(town), town.actor("malee")
    version = cycle.version
    opens_on, due_on = PHASES[PhaseKind.RATING]
    first = PHASES | {PhaseKind.RATING: (opens_on, due_on + timedelta(days=1))}
    update_phases(town.session, malee, cycle.id, first, NOW, expected_version=version)
    second = PHASES | {PhaseKind.RATING: (opens_on, due_on + timedelta(days=2))}
    with pytest.raises(StaleVersion):
        update_phases(town.session, malee, cycle.id, second, NOW, expected_version=version)
    town.session.expire_all()
    assert {phase.kind: phase.due_on for phase in cycle.phases}[PhaseKind.RATING] == due_on + timedelta(
        days=1
    )


def test_unchanged_dates_leave_no_trace(town: Town) -> None:
    cycle = draft_cycle(town)
    version = cycle.version
    update_phases(town.session, town.actor("malee"), cycle.id, PHASES, NOW)
    assert cycle.version == version
    count = select(func.count()).select_from(HistoryEntry).where(HistoryEntry.event == "update_phases")
    assert town.session.scalar(count) == 0


def test_a_closed_cycle_keeps_its_dates(town: Town) -> None:
    cycle = draft_cycle(town)
    town.session.get_one(Cycle, cycle.id).state = CycleState.CLOSED
    town.session.flush()
    with pytest.raises(TransitionNotAllowed):
        update_phases(town.session, town.actor("malee"), cycle.id, PHASES, NOW)
