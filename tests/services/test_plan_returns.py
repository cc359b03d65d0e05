"""A plan goes back as a whole or because of single lines, and what was asked stays known."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, Notice, PlanVersion
from idp.queries.plan_amendments import kept_version
from idp.rules.errors import InvalidInputs, NotPermitted, NotVisible, RequirementNotMet, StaleVersion
from idp.rules.settings import OrganisationRules
from idp.rules.terms import PlanState
from idp.services import plan_items, plans
from idp.services.plan_amendments import abandon_amendment, amend_plan
from tests.factories import steps
from tests.factories.sample import Sample, at, make_sample

NOW = at(steps.REVIEW_DAY)
NOTE = "ขอให้ลดชั่วโมงลงครึ่งหนึ่ง"


def test_one_line_is_enough_and_only_it_carries_the_note(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    first, second = plan.items[:2]
    plans.return_plan(
        session, sample.cast.suda, plan.id, "", NOW, notes={first.id: f" {NOTE} ", second.id: " "}
    )
    assert (plan.state, plan.return_reason) == (PlanState.RETURNED, "")
    assert (first.return_note, second.return_note) == (NOTE, "")
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "return")).one()
    assert entry.reason == f"{first.title}: {NOTE}"
    assert entry.detail["notes"] == {str(first.id): NOTE}
    told = session.scalars(select(Notice).where(Notice.event == "plan:return")).one()
    assert told.recipient_person_id == sample.cast.somchai.person_id
    assert NOTE in told.detail["reason"]


def test_the_whole_and_lines_go_together(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    plans.return_plan(session, sample.cast.suda, plan.id, "มากเกินไป", NOW, notes={plan.items[1].id: NOTE})
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "return")).one()
    assert entry.reason == f"มากเกินไป\n{plan.items[1].title}: {NOTE}"
    assert plan.return_reason == "มากเกินไป"


def test_nothing_said_at_all_is_refused(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    for notes in (None, {}, {plan.items[0].id: "  "}):
        with pytest.raises(RequirementNotMet):
            plans.return_plan(session, sample.cast.suda, plan.id, " ", NOW, notes=notes)
    assert plan.state is PlanState.SUBMITTED


def test_a_line_of_another_plan_and_one_struck_out_are_refused(session: Session, sample: Sample) -> None:
    plan = steps.approved(session, sample)
    struck_out = plan.items[0]
    amend_plan(session, sample.cast.somchai, plan.id, "งานเปลี่ยน", NOW)
    plan_items.remove_item(session, sample.cast.somchai, struck_out.id, NOW)
    plans.submit_plan(session, sample.cast.somchai, plan.id, NOW)
    for number in (99_999, struck_out.id):
        with pytest.raises(InvalidInputs) as refusal:
            plans.return_plan(session, sample.cast.suda, plan.id, "แก้", NOW, notes={number: NOTE})
        assert [(each.field, each.code) for each in refusal.value.problems] == [("notes", "unknown")]
    assert plan.state is PlanState.SUBMITTED


def test_a_note_too_long_is_named_by_its_line(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    number = plan.items[1].id
    with pytest.raises(InvalidInputs) as refusal:
        plans.return_plan(session, sample.cast.suda, plan.id, "", NOW, notes={number: "ก" * 1001})
    assert [(each.field, each.code) for each in refusal.value.problems] == [(f"note-{number}", "too_long")]


def test_handing_in_again_clears_the_notes_and_its_version_keeps_them(
    session: Session, sample: Sample
) -> None:
    plan = steps.submitted(session, sample)
    item = plan.items[0]
    plans.return_plan(session, sample.cast.suda, plan.id, "ทั้งแผน", NOW, notes={item.id: NOTE})
    plans.submit_plan(session, sample.cast.somchai, plan.id, NOW)
    assert item.return_note == ""
    latest = session.scalars(select(PlanVersion.number).order_by(PlanVersion.number.desc())).first()
    content = kept_version(session, plan.id, latest or 0).content
    assert (content["items"][0]["return_note"], content["return_reason"]) == (NOTE, "ทั้งแผน")
    plans.return_plan(session, sample.cast.suda, plan.id, "", NOW, notes={plan.items[1].id: "อีกเรื่อง"})
    assert (item.return_note, plan.items[1].return_note, plan.return_reason) == ("", "อีกเรื่อง", "")


def test_giving_a_returned_amendment_up_ends_what_was_asked(session: Session, sample: Sample) -> None:
    plan = steps.approved(session, sample)
    amend_plan(session, sample.cast.somchai, plan.id, "งานเปลี่ยน", NOW)
    plans.submit_plan(session, sample.cast.somchai, plan.id, NOW)
    plans.return_plan(session, sample.cast.suda, plan.id, "", NOW, notes={plan.items[0].id: NOTE})
    abandon_amendment(session, sample.cast.somchai, plan.id, NOW)
    assert plan.items[0].return_note == ""


def test_the_second_level_and_hr_name_lines_too(session: Session) -> None:
    rules = replace(OrganisationRules(), second_level_checks_plan=True, hr_checks_plan=True)
    sample = make_sample(session, rules)
    plan, cast = steps.submitted(session, sample), sample.cast
    plans.approve_plan(session, cast.suda, plan.id, NOW)
    for reviewer in (cast.prasit, cast.malee):
        plans.return_plan(session, reviewer, plan.id, "", NOW, notes={plan.items[1].id: NOTE})
        assert plan.items[1].return_note == NOTE
        plans.submit_plan(session, cast.somchai, plan.id, NOW)
        for earlier in (cast.suda, cast.prasit):
            plans.approve_plan(session, earlier, plan.id, NOW)
    assert plan.state is PlanState.HR_CHECK


def test_nobody_else_names_lines(session: Session, sample: Sample) -> None:
    plan, cast = steps.submitted(session, sample), sample.cast
    notes = {plan.items[0].id: NOTE}
    for actor in (cast.somchai, cast.prasit, cast.malee):
        with pytest.raises(NotPermitted):
            plans.return_plan(session, actor, plan.id, "", NOW, notes=notes)
    for outsider in cast.outsiders:
        with pytest.raises(NotVisible):
            plans.return_plan(session, outsider, plan.id, "", NOW, notes=notes)
    with pytest.raises(StaleVersion):
        plans.return_plan(session, cast.suda, plan.id, "", NOW, plan.version - 1, notes)
    assert plan.items[0].return_note == ""
