"""Every event of a plan that has a service: where it starts, how to ask for it, who may, who hears."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan
from idp.rules.relations import Actor
from idp.rules.settings import OrganisationRules
from idp.rules.terms import PlanEvent as E
from idp.rules.terms import PlanItemState
from idp.rules.terms import PlanState as S
from idp.services import plan_amendments, plan_progress, plans, reopenings
from tests.factories import steps
from tests.factories.sample import Sample, at

PLAIN = OrganisationRules()
SECOND = OrganisationRules(second_level_checks_plan=True)
OFFICE = OrganisationRules(hr_checks_plan=True)
BOTH = OrganisationRules(second_level_checks_plan=True, hr_checks_plan=True)

Ask = Callable[[Session, Actor, int, int | None], Any]


@dataclass(frozen=True)
class Case:
    """`rules` are those of the cycle; `hides`: who inside does not see the plan where it starts."""

    event: E
    bring: Callable[[Session, Sample], DevelopmentPlan]
    ask: Ask
    by: str
    target: S
    told: tuple[str, ...] = ()
    rules: OrganisationRules = PLAIN
    hides: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # who may as well

    def __str__(self) -> str:
        return f"{self.event}-by-{self.by}-to-{self.target}"


def before_second_level(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = steps.submitted(session, sample)
    return plans.approve_plan(session, sample.cast.suda, plan.id, at(steps.REVIEW_DAY))


def before_hr(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = before_second_level(session, sample)
    if plan.state is S.SECOND_LEVEL_CHECK:
        plans.approve_plan(session, sample.cast.prasit, plan.id, at(steps.REVIEW_DAY))
    return plan


def returned(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = steps.submitted(session, sample)
    return plans.return_plan(session, sample.cast.suda, plan.id, "เพิ่มตัวชี้วัด", at(steps.REVIEW_DAY))


def started(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = steps.approved(session, sample)
    return plan_progress.start_plan(session, sample.cast.somchai, plan.id, at(steps.PROGRESS_DAY))


def evaluated_items(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = steps.in_evaluation(session, sample)
    for item in plan.items:
        plan_progress.evaluate_item(
            session, sample.cast.suda, item.id, PlanItemState.ACHIEVED, 100, "", at(steps.EVALUATION_DAY)
        )
    return plan


def submit(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return plans.submit_plan(session, actor, number, at(steps.PLAN_DAY), "เสนอ", version)


def withdraw(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return plans.withdraw_plan(session, actor, number, at(steps.PLAN_DAY), version)


def give_back(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return plans.return_plan(session, actor, number, "เพิ่มตัวชี้วัด", at(steps.REVIEW_DAY), version)


def approve(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return plans.approve_plan(session, actor, number, at(steps.REVIEW_DAY), "เห็นชอบ", version)


def start(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return plan_progress.start_plan(session, actor, number, at(steps.PROGRESS_DAY), version)


def begin_evaluation(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    now = at(steps.EVALUATION_DAY)
    return plan_progress.begin_plan_evaluation(session, actor, number, "ได้เรียนรู้", now, version)


def evaluate(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return plan_progress.evaluate_plan(session, actor, number, "ดีมาก", at(steps.EVALUATION_DAY), version)


def cancelled(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = steps.approved(session, sample)
    cancel(session, sample.cast.malee, plan.id, None)
    return plan


def reinstate(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return plans.reinstate_plan(session, actor, number, "ไม่ได้โอนย้ายแล้ว", at(steps.REVIEW_DAY), version)


def cancel(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return plans.cancel_plan(session, actor, number, "โอนย้าย", at(steps.REVIEW_DAY), version)


def amending(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = steps.approved(session, sample)
    return plan_amendments.amend_plan(session, sample.cast.somchai, plan.id, REASON, at(steps.REVIEW_DAY))


def amended(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = amending(session, sample)
    return plans.submit_plan(session, sample.cast.somchai, plan.id, at(steps.REVIEW_DAY), "ฉบับปรับปรุง")


def amendment_returned(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = amended(session, sample)
    return plans.return_plan(session, sample.cast.suda, plan.id, "ยังไม่ชัดเจน", at(steps.REVIEW_DAY))


def amend(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return plan_amendments.amend_plan(session, actor, number, REASON, at(steps.PROGRESS_DAY), version)


def withdraw_amendment(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return plan_amendments.withdraw_amendment(session, actor, number, at(steps.PROGRESS_DAY), version)


def abandon(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    return plan_amendments.abandon_amendment(session, actor, number, at(steps.PROGRESS_DAY), version)


REASON = "งานเปลี่ยนไปตามคำสั่งใหม่"


def evaluated(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = evaluated_items(session, sample)
    return plan_progress.evaluate_plan(session, sample.cast.suda, plan.id, "ดี", at(steps.EVALUATION_DAY))


def reopen(session: Session, actor: Actor, number: int, version: int | None) -> Any:
    until_on, now = date(2026, 9, 30), at(steps.EVALUATION_DAY)
    return reopenings.reopen_evaluation(session, actor, number, until_on, "มีผลงานเพิ่ม", now, version)


ABOVE = ("suda", "prasit", "malee")
OWNER_AND_SUPERVISOR = ("somchai", "suda")

CASES = (
    Case(E.SUBMIT, steps.drafted, submit, "somchai", S.SUBMITTED, ("suda",), hides=ABOVE),
    Case(E.SUBMIT, returned, submit, "somchai", S.SUBMITTED, ("suda",)),
    Case(E.WITHDRAW, steps.submitted, withdraw, "somchai", S.DRAFT, ("suda",)),
    Case(E.RETURN, steps.submitted, give_back, "suda", S.RETURNED, ("somchai",)),
    Case(E.APPROVE, steps.submitted, approve, "suda", S.APPROVED, ("somchai",)),
    Case(E.PASS_TO_SECOND_LEVEL, steps.submitted, approve, "suda", S.SECOND_LEVEL_CHECK, ("prasit",), SECOND),
    Case(E.PASS_TO_HR, steps.submitted, approve, "suda", S.HR_CHECK, ("malee",), OFFICE),
    Case(E.RETURN, before_second_level, give_back, "prasit", S.RETURNED, OWNER_AND_SUPERVISOR, SECOND),
    Case(E.APPROVE, before_second_level, approve, "prasit", S.APPROVED, OWNER_AND_SUPERVISOR, SECOND),
    Case(E.PASS_TO_HR, before_second_level, approve, "prasit", S.HR_CHECK, ("malee",), BOTH),
    Case(E.RETURN, before_hr, give_back, "malee", S.RETURNED, OWNER_AND_SUPERVISOR, BOTH),
    Case(E.APPROVE, before_hr, approve, "malee", S.APPROVED, OWNER_AND_SUPERVISOR, BOTH),
    Case(E.START, steps.approved, start, "somchai", S.IN_PROGRESS),
    Case(E.BEGIN_EVALUATION, started, begin_evaluation, "somchai", S.IN_EVALUATION, ("suda",)),
    Case(E.EVALUATE, evaluated_items, evaluate, "suda", S.EVALUATED, ("somchai",)),
    *(
        Case(E.CANCEL, bring, cancel, "malee", S.CANCELLED, OWNER_AND_SUPERVISOR)
        for bring in (steps.submitted, returned, steps.approved, started, amending)
    ),
    *(
        Case(E.AMEND, bring, amend, by, S.AMENDING, (told,), also=(told,))
        for bring in (steps.approved, started)
        for by, told in (OWNER_AND_SUPERVISOR, OWNER_AND_SUPERVISOR[::-1])
    ),
    Case(E.SUBMIT, amending, submit, "somchai", S.SUBMITTED, ("suda",)),
    Case(E.APPROVE, amended, approve, "suda", S.APPROVED, ("somchai",)),
    Case(E.WITHDRAW_AMENDMENT, amended, withdraw_amendment, "somchai", S.AMENDING, ("suda",)),
    *(
        Case(E.ABANDON_AMENDMENT, bring, abandon, "somchai", S.APPROVED, ("suda",))
        for bring in (amending, amendment_returned)
    ),
    Case(E.REOPEN_EVALUATION, evaluated, reopen, "malee", S.IN_EVALUATION, OWNER_AND_SUPERVISOR),
    Case(E.REINSTATE, cancelled, reinstate, "malee", S.RETURNED, OWNER_AND_SUPERVISOR),
)
