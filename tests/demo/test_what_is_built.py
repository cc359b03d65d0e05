"""A small demonstration: a whole closed year, a current one with people at every state."""

import json
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.adapters.storage import LocalFolder, StoredFile
from idp.demo import demo_is_there, run_demo
from idp.demo.logins import PINNED_STAFF
from idp.demo.seeds import DemoSeeds
from idp.models import (
    Cycle,
    HistoryEntry,
    Mail,
    Organisation,
    PaperForm,
    Person,
    PlanItem,
    StaffChange,
    Suggestion,
    UserAccount,
)
from idp.rules.calendar import local_day
from idp.rules.errors import NotVisible
from idp.rules.relations import Actor
from idp.rules.staff_changes import HandoverState
from idp.rules.terms import (
    AssessmentState,
    EmployeeOpinion,
    MailState,
    Permission,
    PlanItemState,
    PlanState,
    SecondOpinion,
    SuggestionState,
)
from idp.services.access import load_cycle
from idp.services.passwords import verify_password
from tests.demo.conftest import CHOSEN, Built, assessments_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demonstration")]  # built once, by one process

OFFICE, DISTRICT = CHOSEN


def cycles_of(built: Built, code: str) -> tuple[dict[str, Any], dict[str, Any]]:
    found = next(each for each in built.summary["organisations"] if each["code"] == code)
    closed, current = found["cycles"]
    return closed, current


@pytest.mark.parametrize("code", CHOSEN)
def test_the_closed_year_ran_to_its_end(built: Built, code: str) -> None:
    closed, _ = cycles_of(built, code)
    assert closed["state"] == "closed"
    assert set(closed["assessments"]) == {"closed"}
    assert set(closed["plans"]) == {"evaluated"}
    assert sum(closed["plans"].values()) == sum(closed["assessments"].values())
    for name in ("ratings", "indicator_ticks", "gaps", "suggestions", "documents"):
        assert closed[name] > 0, name
    assert closed["reminders"]["sent"] > 0
    assert closed["mails"]["sent"] > 0


@pytest.mark.parametrize("code", CHOSEN)
def test_exactly_one_person_refused_to_sign_before_a_witness(session: Session, code: str) -> None:
    refused = [each for each in assessments_of(session, code, "2569") if each.refused_on]
    assert len(refused) == 1
    assert refused[0].witness_name and refused[0].witness_position
    assert refused[0].acknowledged_at is None


@pytest.mark.parametrize("code", CHOSEN)
def test_some_differ_and_some_disagree_with_reasons(session: Session, code: str) -> None:
    assessments = assessments_of(session, code, "2569")
    differing = [each for each in assessments if each.second_opinion is SecondOpinion.DIFFERS]
    disagreeing = [each for each in assessments if each.employee_opinion is EmployeeOpinion.DISAGREES]
    assert differing and all(each.second_opinion_text for each in differing)
    assert disagreeing and all(each.employee_opinion_text for each in disagreeing)


def test_everybody_has_a_score_and_a_band_in_the_closed_year(session: Session) -> None:
    for code in CHOSEN:
        for assessment in assessments_of(session, code, "2569"):
            assert assessment.total_score is not None
            assert assessment.band


def test_the_current_year_has_people_at_every_state(built: Built) -> None:
    _, current = cycles_of(built, DISTRICT)
    assert current["state"] == "open"
    assert set(current["assessments"]) == {state.value for state in AssessmentState} - {"closed"}
    assert set(current["plans"]) == {state.value for state in PlanState}


def test_in_the_current_year_somebody_was_transferred_and_somebody_exempted(session: Session) -> None:
    changes = session.scalars(
        select(StaffChange)
        .join(Organisation, Organisation.id == StaffChange.organisation_id)
        .where(Organisation.code == DISTRICT)
        .order_by(StaffChange.id)
    ).all()
    assert [change.kind.value for change in changes] == ["transfer", "leave"]
    transfer, leave = changes
    (handover,) = transfer.handovers
    assert handover.state is HandoverState.AWAITING_STATEMENT
    assert handover.assessment.supervisor_person_id == handover.to_person_id != handover.from_person_id
    assert handover.kept_rating
    assert [each.assessment.state for each in leave.handovers] == [AssessmentState.EXEMPTED]


def test_plan_lines_came_to_every_result(session: Session) -> None:
    states = set(session.scalars(select(PlanItem.state).distinct()))
    assert {PlanItemState.PLANNED, PlanItemState.IN_PROGRESS, PlanItemState.ACHIEVED} <= states
    assert {PlanItemState.NEARLY_ACHIEVED, PlanItemState.NOT_ACHIEVED} <= states


def test_suggestions_were_turned_down_with_a_reason(session: Session) -> None:
    rejected = session.scalars(select(Suggestion).where(Suggestion.state == SuggestionState.REJECTED)).all()
    assert rejected
    assert all(each.rejected_because for each in rejected)


def test_plans_went_back_and_were_handed_in_again(session: Session) -> None:
    events = Counter(session.scalars(select(HistoryEntry.event)))
    assert events["return"] > 0
    assert events["return_self"] > 0
    assert events["return_rating"] > 0
    assert events["ask_reconsideration"] > 0
    assert events["submit"] > events["approve"] > 0


def test_somebody_acted_for_somebody_else_by_an_order(session: Session) -> None:
    statement = select(func.count()).where(HistoryEntry.on_behalf_of_person_id.is_not(None))
    assert session.scalar(statement)


def test_nothing_happened_after_the_day_of_the_demonstration(session: Session, seeds: DemoSeeds) -> None:
    latest = session.scalar(select(func.max(HistoryEntry.at)))
    assert latest is not None
    assert latest.date() <= seeds.plan.today


def test_only_the_printed_log_ins_have_an_account(session: Session, seeds: DemoSeeds) -> None:
    accounts = {each.login: each for each in session.scalars(select(UserAccount))}
    roles = (
        "hr",
        "employee",
        "planner",
        "supervisor",
        "second",
        "executive",
        "auditor",
        "appraiser",
        "committee",
    )
    assert set(accounts) == {f"{role}.{DISTRICT}" for role in roles} | {f"hr.{OFFICE}", "admin"}
    assert len({each.password_hash for each in accounts.values()}) == 1, "hashed once"
    assert verify_password(accounts["admin"].password_hash, seeds.plan.password)


def test_the_printed_log_ins_have_a_next_step(session: Session) -> None:
    person = dict(session.execute(select(UserAccount.login, UserAccount.person_id)).all())
    current = assessments_of(session, DISTRICT, "2570")

    def states(**columns: int) -> set[AssessmentState]:
        wanted = list(columns.items())
        return {each.state for each in current if all(getattr(each, name) == value for name, value in wanted)}

    supervisor, second = person[f"supervisor.{DISTRICT}"], person[f"second.{DISTRICT}"]
    employee = next(each for each in current if each.owner_person_id == person[f"employee.{DISTRICT}"])
    assert employee.state is AssessmentState.NOT_STARTED
    assert employee.supervisor_person_id == supervisor
    assert employee.second_level_person_id == second
    assert AssessmentState.SELF_SUBMITTED in states(supervisor_person_id=supervisor)
    assert AssessmentState.RATED in states(second_level_person_id=second)
    assert states(owner_person_id=person[f"planner.{DISTRICT}"]) == {AssessmentState.RELEASED}
    assert states(supervisor_person_id=person[f"appraiser.{DISTRICT}"]) == {AssessmentState.SELF_SUBMITTED}
    assert len(PINNED_STAFF) >= 5


def test_hr_of_one_organisation_cannot_see_the_cycle_of_another(session: Session, seeds: DemoSeeds) -> None:
    organisations = {each.code: each.id for each in session.scalars(select(Organisation))}
    person = dict(session.execute(select(UserAccount.login, UserAccount.person_id)).all())
    cycles = session.scalars(select(Cycle)).all()
    hr = person[f"hr.{OFFICE}"]
    for cycle in cycles:
        own = cycle.organisation_id == organisations[OFFICE]
        for signed_in_to in organisations.values():
            actor = Actor(hr, signed_in_to)
            if own and signed_in_to == cycle.organisation_id:
                load_cycle(session, actor, cycle.id, Permission.CYCLE_RUN, seeds.plan.today)
            else:
                with pytest.raises(NotVisible):
                    load_cycle(session, actor, cycle.id, Permission.CYCLE_VIEW, seeds.plan.today)


def test_forms_mails_and_the_summary_lie_in_the_folder(built: Built, session: Session) -> None:
    forms = sorted(path.name for path in built.out.glob("*.pdf"))
    assert len(forms) == 2 * len(CHOSEN)
    assert {name.split("-")[0] for name in forms} == set(CHOSEN)
    assert {name.rsplit("-", 1)[1] for name in forms} == {"plan.pdf", "assessment.pdf"}
    assert all((built.out / name).read_bytes().startswith(b"%PDF-") for name in forms)
    sent = session.scalar(select(func.count()).where(Mail.state == MailState.SENT))
    assert len(list((built.out / "mail").glob("*.eml"))) == sent
    assert json.loads((built.out / "summary.json").read_text(encoding="utf-8")) == built.summary


def test_the_summary_has_the_promised_shape(built: Built) -> None:
    assert list(built.summary) == ["seed", "organisations", "seconds"]
    for organisation in built.summary["organisations"]:
        assert list(organisation) == ["code", "framework", "employees", "cycles"]
        for cycle in organisation["cycles"]:
            assert list(cycle) == [
                "code",
                "state",
                "assessments",
                "ratings",
                "indicator_ticks",
                "gaps",
                "suggestions",
                "plans",
                "plan_items",
                "reminders",
                "mails",
                "documents",
            ]
    assert all(isinstance(seconds, float) for seconds in built.summary["seconds"].values())


def test_where_it_is_built_already_nothing_is_done(built: Built, session: Session, seeds: DemoSeeds) -> None:
    url = built.settings.database_url
    assert demo_is_there(url, [each.code for each in seeds.plan.organisations])
    before = session.scalar(select(func.count()).select_from(HistoryEntry))
    assert run_demo(built.settings, out=built.out, if_missing=True, quiet=True) == {}
    assert session.scalar(select(func.count()).select_from(HistoryEntry)) == before


def test_one_self_assessment_of_each_organisation_came_on_paper(built: Built, session: Session) -> None:
    rows = session.execute(
        select(Organisation.code, PaperForm, Person.email)
        .join(Organisation, Organisation.id == PaperForm.organisation_id)
        .join(Person, Person.id == PaperForm.signer_person_id)
    ).all()
    assert sorted(code for code, _, _ in rows) == sorted(CHOSEN)
    storage = LocalFolder(built.settings.storage_dir)
    for _, form, email in rows:
        assert (form.event, email) == ("submit_self", None)
        assert form.signed_on <= local_day(form.entered_at)
        scan = form.attachment
        storage.open_whole(scan.storage_key, StoredFile(scan.size, scan.sha256)).close()
