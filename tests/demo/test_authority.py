"""What the demonstration shows of acting for others, objections, more time, amendments, and looks."""

from collections import Counter
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.adapters.storage import LocalFolder
from idp.demo.seeds import DemoSeeds
from idp.models import (
    BulkRow,
    BulkRun,
    Delegation,
    DevelopmentPlan,
    Extension,
    HistoryEntry,
    Look,
    Objection,
    Organisation,
    ReportJob,
    ResultCorrection,
    StoredDocument,
)
from idp.queries.audit import Tally, verify_history
from idp.rules.bulk import BulkAction
from idp.rules.delegations import DelegationKind, OrderStanding, standing_on
from idp.rules.extensions import ExtensionKind, ExtensionState
from idp.rules.objections import ObjectionState
from idp.rules.terms import JobState, PlanState, Relation
from tests.demo.conftest import CHOSEN, Built, assessments_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demonstration")]  # built once, by one process

DISTRICT = CHOSEN[1]


@pytest.mark.parametrize("code", CHOSEN)
def test_orders_of_both_kinds_are_past_in_force_and_coming(
    session: Session, seeds: DemoSeeds, code: str
) -> None:
    orders = session.scalars(
        select(Delegation)
        .join(Organisation, Organisation.id == Delegation.organisation_id)
        .where(Organisation.code == code)
        .order_by(Delegation.from_on)
    ).all()
    assert [
        standing_on(each.from_on, each.until_on, each.is_revoked, seeds.plan.today) for each in orders
    ] == [OrderStanding.PAST, OrderStanding.IN_FORCE, OrderStanding.COMING]
    assert {each.kind for each in orders} == set(DelegationKind)
    for order in orders[:2]:
        acts = select(func.count()).where(
            HistoryEntry.on_behalf_of_person_id == order.from_person_id,
            HistoryEntry.actor_person_id == order.to_person_id,
            HistoryEntry.at >= datetime.combine(order.from_on, time(), UTC),
        )
        assert session.scalar(acts), order.order_number


@pytest.mark.parametrize("code", CHOSEN)
def test_of_two_objections_one_was_dismissed_and_one_led_to_a_correction(session: Session, code: str) -> None:
    found = {
        each: session.scalar(
            select(Objection).where(
                Objection.assessment_id.in_([one.id for one in assessments_of(session, code, "2569")]),
                Objection.state == each,
            )
        )
        for each in (ObjectionState.DISMISSED, ObjectionState.UPHELD)
    }
    assert all(found.values())
    upheld = found[ObjectionState.UPHELD]
    assert upheld is not None
    correction = session.scalars(
        select(ResultCorrection).where(ResultCorrection.objection_id == upheld.id)
    ).one()
    assert len(correction.levels) == 1
    assert correction.total_score is not None


def test_an_objection_is_under_way_with_its_whole_record_as_a_file(built: Built, session: Session) -> None:
    chosen = {each.id for each in assessments_of(session, DISTRICT, "2570")}
    (lodged,) = session.scalars(
        select(Objection).where(Objection.state == ObjectionState.LODGED, Objection.assessment_id.in_(chosen))
    )
    job = session.get_one(ReportJob, lodged.export_job_id)
    assert job.state is JobState.DONE
    document = session.get_one(StoredDocument, job.document_id)
    with LocalFolder(built.settings.storage_dir).open(document.storage_key) as file:
        assert file.read(2) == b"PK"


def test_more_time_was_granted_asked_for_and_a_reopening_used(session: Session) -> None:
    chosen = {each.id for each in assessments_of(session, DISTRICT, "2570")}
    found = session.scalars(select(Extension).where(Extension.assessment_id.in_(chosen))).all()
    assert {(each.kind, each.state) for each in found} == {
        (ExtensionKind.EXTEND, ExtensionState.GRANTED),
        (ExtensionKind.EXTEND, ExtensionState.ASKED),
        (ExtensionKind.REOPEN, ExtensionState.ENDED),
    }


def test_a_plan_was_amended_and_approved_again_another_is_being_amended(session: Session) -> None:
    events = Counter(session.scalars(select(HistoryEntry.event)))
    assert events["amend"] > 1
    amending = select(DevelopmentPlan).where(DevelopmentPlan.state == PlanState.AMENDING)
    assert len(session.scalars(amending).all()) == 1


@pytest.mark.parametrize("code", CHOSEN)
def test_some_plans_were_approved_many_at_once(session: Session, code: str) -> None:
    rows = session.scalars(
        select(BulkRow)
        .join(BulkRun, BulkRun.id == BulkRow.run_id)
        .join(Organisation, Organisation.id == BulkRun.organisation_id)
        .where(Organisation.code == code, BulkRun.action == BulkAction.APPROVE_PLANS)
    ).all()
    assert rows
    assert all(each.is_done for each in rows)


def test_hr_and_the_auditor_looked_and_no_look_is_of_the_own_record(session: Session) -> None:
    looks = session.scalars(select(Look)).all()
    assert {Relation.HR_OFFICER, Relation.AUDITOR} <= {each.relation for each in looks}
    assert all(each.viewer_person_id != each.owner_person_id for each in looks)


def test_every_chain_of_the_history_is_whole(session: Session) -> None:
    assert list(verify_history(session, Tally())) == []
