"""More time: who asks, who decides, what is refused at which field, what is written down, who hears."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Extension, HistoryEntry, Notice, RoleGrant, Unit
from idp.queries.deadlines import day_of_record
from idp.rules.errors import (
    InvalidInput,
    InvalidInputs,
    NotPermitted,
    NotVisible,
    RequirementNotMet,
    StaleVersion,
)
from idp.rules.extensions import ExtensionState
from idp.rules.settings import OrganisationRules
from idp.rules.terms import CycleState, PhaseKind, RaterKind, Requirement, Role, SubjectType
from idp.services import assessments, extensions, plans, ratings
from idp.services.unit_extensions import grant_time_to_unit
from tests.factories import steps
from tests.factories.sample import PHASES, Sample, at, make_sample

SELF, RATING = PhaseKind.SELF_ASSESSMENT, PhaseKind.RATING
NOW = at(steps.SELF_DAY)
DUE = PHASES[SELF][1]
WANTED = date(2025, 10, 27)
REASON = "ไปราชการต่างจังหวัด"
STRICT = OrganisationRules(takes_late_entries=False)


def ask(session: Session, sample: Sample, by: str = "somchai", **changed: Any) -> Extension:
    values = {"phase": SELF, "until_on": WANTED, "reason": REASON, "now": NOW} | changed
    return extensions.ask_for_time(session, getattr(sample.cast, by), sample.assessment.id, **values)


def due(session: Session, sample: Sample, phase: PhaseKind = SELF) -> date | None:
    return day_of_record(session, sample.assessment, phase)


def told(session: Session, event: str) -> set[int]:
    return set(session.scalars(select(Notice.recipient_person_id).where(Notice.event == event)))


def events(session: Session, subject_type: SubjectType) -> list[str]:
    rows = select(HistoryEntry.event).where(HistoryEntry.subject_type == subject_type)
    return list(session.scalars(rows.order_by(HistoryEntry.id)))


def persons(sample: Sample, *names: str) -> set[int | None]:
    return {getattr(sample.cast, name).person_id for name in names}


def fields_of(refusal: InvalidInput) -> dict[str, str]:
    return {each.field: each.code for each in getattr(refusal, "problems", (refusal,))}


@pytest.mark.parametrize("by", ["somchai", "suda", "prasit"])
def test_a_request_reaches_the_office_and_changes_nothing_yet(
    session: Session, sample: Sample, by: str
) -> None:
    extension = ask(session, sample, by)
    assert (extension.state, extension.until_on) == (ExtensionState.ASKED, WANTED)
    assert due(session, sample) == DUE
    assert told(session, "extension:ask") == persons(sample, "malee")
    assert events(session, SubjectType.ASSESSMENT) == events(session, SubjectType.EXTENSION)
    assert events(session, SubjectType.EXTENSION) == ["ask_extension"]


def test_outsiders_learn_nothing_and_the_office_alone_decides(session: Session, sample: Sample) -> None:
    for name in ("anong", "olan"):
        with pytest.raises(NotVisible):
            ask(session, sample, name)
    extension = ask(session, sample)
    for name in ("somchai", "suda", "prasit"):
        for act in decisions(extension.id):
            with pytest.raises(NotPermitted):
                act(session, getattr(sample.cast, name))
    for name in ("anong", "olan"):
        for act in (*decisions(extension.id), withdrawing(extension.id)):
            with pytest.raises(NotVisible):
                act(session, getattr(sample.cast, name))
    with pytest.raises(NotVisible):
        extensions.grant_request(session, sample.cast.malee, 99_999, NOW)
    assert extension.state is ExtensionState.ASKED


def decisions(number: int) -> tuple[Callable[..., Any], ...]:
    return (
        lambda session, actor: extensions.grant_request(session, actor, number, NOW),
        lambda session, actor: extensions.refuse_request(session, actor, number, "ไม่ได้", NOW),
    )


def withdrawing(number: int) -> Callable[..., Any]:
    return lambda session, actor: extensions.withdraw_request(session, actor, number, NOW)


@pytest.mark.parametrize("granted", [None, date(2025, 10, 30)])
def test_granted_to_the_day_asked_for_or_another_and_all_concerned_hear(
    session: Session, sample: Sample, granted: date | None
) -> None:
    extension = ask(session, sample)
    extensions.grant_request(session, sample.cast.malee, extension.id, NOW, granted)
    assert extension.state is ExtensionState.GRANTED
    assert due(session, sample) == (granted or WANTED)
    assert due(session, sample, RATING) == PHASES[RATING][1]
    assert told(session, "extension:grant") == persons(sample, "somchai", "suda")
    assert events(session, SubjectType.ASSESSMENT) == ["ask_extension", "grant_extension"]


def test_refused_with_a_reason_that_who_asked_the_owner_and_the_supervisor_read(
    session: Session, sample: Sample
) -> None:
    extension = ask(session, sample, "prasit")
    with pytest.raises(InvalidInput, match="reason: missing"):
        extensions.refuse_request(session, sample.cast.malee, extension.id, "  ", NOW)
    extensions.refuse_request(session, sample.cast.malee, extension.id, "ยังเหลือเวลา", NOW)
    assert due(session, sample) == DUE
    assert told(session, "extension:refuse") == persons(sample, "somchai", "suda", "prasit")
    assert {each.detail.get("reason") for each in session.query(Notice)} >= {"ยังเหลือเวลา"}


def test_only_who_asked_withdraws_and_only_before_the_decision(session: Session, sample: Sample) -> None:
    extension = ask(session, sample)
    with pytest.raises(NotPermitted):
        extensions.withdraw_request(session, sample.cast.suda, extension.id, NOW)
    extensions.withdraw_request(session, sample.cast.somchai, extension.id, NOW)
    assert extension.state is ExtensionState.WITHDRAWN
    assert told(session, "extension:withdraw") == persons(sample, "malee")
    for act in decisions(extension.id):
        with pytest.raises(StaleVersion):
            act(session, sample.cast.malee)
    ask(session, sample)  # and it may be asked again


def test_a_version_read_too_early_is_refused(session: Session, sample: Sample) -> None:
    extension = ask(session, sample)
    with pytest.raises(StaleVersion):
        extensions.grant_request(
            session, sample.cast.malee, extension.id, NOW, None, "", extension.version - 1
        )
    with pytest.raises(StaleVersion):
        ask(session, sample, phase=RATING, by="suda", expected_version=sample.assessment.version - 1)


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"until_on": date(2025, 10, 5)}, "until_on", "before_today"),
        ({"until_on": date(2025, 10, 6)}, "until_on", "not_later_than_due"),
        ({"until_on": DUE}, "until_on", "not_later_than_due"),
        ({"until_on": date(2026, 10, 1)}, "until_on", "after_cycle"),
        ({"reason": " \n "}, "reason", "missing"),
        ({"reason": "ก" * 4001}, "reason", "too_long"),
        ({"phase": PhaseKind.RELEASE}, "phase", "unknown_choice"),
        ({"phase": RATING}, "phase", "unknown_choice"),  # the employee's own steps alone
        ({"phase": PhaseKind.AGREEMENT}, "phase", "unknown_choice"),  # this cycle has none
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(
    session: Session, sample: Sample, changed: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(session, sample, **changed)
    assert fields_of(refused.value) == {field: code}
    assert session.scalars(select(Extension)).all() == []


def test_every_wrong_field_is_named_at_once(session: Session, sample: Sample) -> None:
    with pytest.raises(InvalidInputs) as refused:
        ask(session, sample, until_on=date(2025, 10, 1), reason="")
    assert fields_of(refused.value) == {"until_on": "before_today", "reason": "missing"}


def test_a_second_request_for_the_same_step_is_refused_while_the_first_is_open(
    session: Session, sample: Sample
) -> None:
    ask(session, sample)
    with pytest.raises(InvalidInput, match="asked_already"):
        ask(session, sample, "suda", until_on=date(2025, 10, 28))
    ask(session, sample, "suda", phase=RATING, until_on=date(2025, 11, 10))


def test_a_step_already_done_needs_no_more_time(session: Session, sample: Sample) -> None:
    extension = ask(session, sample)
    steps.self_submitted(session, sample)
    with pytest.raises(InvalidInput, match="step_done"):
        ask(session, sample, "suda")
    with pytest.raises(InvalidInput, match="step_done"):
        extensions.grant_request(session, sample.cast.malee, extension.id, NOW)


@pytest.mark.parametrize("state", [each for each in CycleState if each is not CycleState.OPEN])
def test_a_cycle_that_is_not_open_gives_no_time_for_an_assessment(
    session: Session, sample: Sample, state: CycleState
) -> None:
    sample.cycle.state = state
    session.flush()
    with pytest.raises(InvalidInput, match="step_not_running"):
        ask(session, sample)


def test_a_day_on_a_holiday_is_granted_to_the_next_working_day(session: Session, sample: Sample) -> None:
    extension = ask(session, sample, until_on=date(2025, 10, 25))
    assert extension.until_on == date(2025, 10, 27)


def test_nobody_in_the_office_decides_on_their_own(session: Session, sample: Sample) -> None:
    own = ask(session, sample, "malee")
    for act in decisions(own.id):
        with pytest.raises(NotPermitted):
            act(session, sample.cast.malee)
    sample.assessment.supervisor_person_id = sample.cast.prasit.person_id
    session.add(
        RoleGrant(
            organisation_id=sample.organisation.id,
            person_id=sample.cast.somchai.person_id,
            role=Role.HR_OFFICER,
            from_on=date(2025, 1, 1),
        )
    )
    session.flush()
    for act in decisions(own.id):
        with pytest.raises(NotPermitted):
            act(session, sample.cast.somchai)
    with pytest.raises(NotPermitted):
        extensions.grant_time(session, sample.cast.somchai, sample.assessment.id, SELF, WANTED, REASON, NOW)


def test_the_office_gives_time_unasked_and_grants_an_open_request_with_it(
    session: Session, sample: Sample
) -> None:
    extension = ask(session, sample)
    granted = extensions.grant_time(
        session, sample.cast.malee, sample.assessment.id, SELF, date(2025, 10, 30), REASON, NOW
    )
    assert granted is extension and due(session, sample) == date(2025, 10, 30)
    unasked = extensions.grant_time(
        session, sample.cast.malee, sample.assessment.id, RATING, date(2025, 11, 10), REASON, NOW
    )
    assert unasked.asked_by_person_id is None and due(session, sample, RATING) == date(2025, 11, 10)
    with pytest.raises(NotPermitted):
        extensions.grant_time(session, sample.cast.suda, sample.assessment.id, SELF, WANTED, REASON, NOW)


def test_time_for_a_unit_holds_for_those_below_and_is_on_the_cycle(session: Session, sample: Sample) -> None:
    below = Unit(
        organisation_id=sample.organisation.id, code="U2", name_th="งานย่อย", parent_id=sample.unit.id
    )
    session.add(below)
    session.flush()
    below.path = f"{sample.unit.path}{below.id}/"
    sample.assessment.unit_id = below.id
    session.flush()
    grant_to_unit(session, sample, "malee")
    assert due(session, sample) == WANTED
    assert events(session, SubjectType.CYCLE) == ["grant_extension"]
    assert told(session, "cycle:extended_for_owner") == persons(sample, "somchai")
    assert told(session, "cycle:extended_for_rater") == persons(sample, "suda")
    with pytest.raises(InvalidInput, match="not_later_than_due"):
        grant_to_unit(session, sample, "malee")
    for name, refusal in (("suda", NotVisible), ("anong", NotVisible), ("olan", NotVisible)):
        with pytest.raises(refusal):
            grant_to_unit(session, sample, name)


def test_a_unit_of_another_organisation_is_unknown(session: Session, sample: Sample) -> None:
    foreign = Unit(organisation_id=sample.other_organisation.id, code="X", name_th="อื่น", path="/99/")
    session.add(foreign)
    session.flush()
    with pytest.raises(InvalidInput, match="unit: unknown_choice"):
        grant_to_unit(session, sample, "malee", foreign.id)


def grant_to_unit(session: Session, sample: Sample, by: str, unit_id: int | None = None) -> Extension:
    return grant_time_to_unit(
        session,
        getattr(sample.cast, by),
        sample.cycle.id,
        unit_id or sample.unit.id,
        SELF,
        WANTED,
        REASON,
        NOW,
    )


def self_filled(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    form = steps.entries(sample, steps.SELF_LEVELS)
    ratings.save_ratings(session, sample.cast.somchai, sample.assessment.id, RaterKind.SELF, form, NOW)


def hand_in(session: Session, sample: Sample, day: date, hour: int = 10) -> None:
    assessments.submit_self(session, sample.cast.somchai, sample.assessment.id, at(day, hour))


@pytest.mark.parametrize("granted", [None, WANTED])
def test_the_last_minute_of_the_last_day_in_bangkok_is_in_time_and_the_next_is_not(
    session: Session, granted: date | None
) -> None:
    sample = make_sample(session, STRICT)
    self_filled(session, sample)
    if granted:
        extensions.grant_time(session, sample.cast.malee, sample.assessment.id, SELF, granted, REASON, NOW)
    last = granted or DUE
    midnight = at(last + timedelta(days=1), 0)
    with pytest.raises(RequirementNotMet) as refused:
        assessments.submit_self(session, sample.cast.somchai, sample.assessment.id, midnight)
    assert refused.value.missing == (Requirement.IN_TIME,)
    before = midnight - timedelta(seconds=1)
    assessments.submit_self(session, sample.cast.somchai, sample.assessment.id, before)


def test_an_organisation_that_takes_late_entries_takes_them(session: Session, sample: Sample) -> None:
    self_filled(session, sample)
    hand_in(session, sample, DUE + timedelta(days=30))


def test_what_the_supervisor_and_the_plan_hand_in_late_is_refused_alike(session: Session) -> None:
    sample = make_sample(session, STRICT)
    steps.rating(session, sample)
    form = steps.entries(sample, steps.SUPERVISOR_LEVELS)
    day = at(PHASES[RATING][1] + timedelta(days=1))
    suda, number = sample.cast.suda, sample.assessment.id
    ratings.save_ratings(session, suda, number, RaterKind.SUPERVISOR, form, day)  # a draft is always kept
    with pytest.raises(RequirementNotMet) as refused:
        assessments.submit_rating(session, suda, number, day)
    assert refused.value.missing == (Requirement.IN_TIME,)


def test_a_plan_drawn_up_late_waits_for_more_time(session: Session) -> None:
    sample = make_sample(session, STRICT)
    plan = steps.drafted(session, sample)
    late = at(PHASES[PhaseKind.PLAN_DRAFTING][1] + timedelta(days=1))
    with pytest.raises(RequirementNotMet) as refused:
        plans.submit_plan(session, sample.cast.somchai, plan.id, late)
    assert refused.value.missing == (Requirement.IN_TIME,)
    until = date(2025, 12, 22)
    extensions.grant_time(
        session, sample.cast.malee, sample.assessment.id, PhaseKind.PLAN_DRAFTING, until, REASON, late
    )
    plans.submit_plan(session, sample.cast.somchai, plan.id, late)


def test_the_supervisor_does_not_begin_without_the_employee_while_more_time_runs(
    session: Session, sample: Sample
) -> None:
    extensions.grant_time(session, sample.cast.malee, sample.assessment.id, SELF, WANTED, REASON, NOW)
    with pytest.raises(RequirementNotMet):
        assessments.start_rating(session, sample.cast.suda, sample.assessment.id, at(WANTED))
    assessments.start_rating(session, sample.cast.suda, sample.assessment.id, at(WANTED + timedelta(days=1)))
