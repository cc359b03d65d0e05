"""Everything that somebody can try on the sample's records, as one table: random years draw from it.

A deed names the service it calls; the record is Somchai's assessment or his plan, whatever their states. What
it needs besides (a text, a level, a witness) is drawn at random too, sometimes missing or wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan, Extension, Objection, Person, Suggestion
from idp.rules.calendar import local_day
from idp.rules.delegations import DelegationKind, DelegationScope
from idp.rules.errors import NotVisible
from idp.rules.extensions import ExtensionKind, ExtensionState
from idp.rules.relations import Actor
from idp.rules.terms import EmployeeOpinion, PhaseKind, PlanItemState, RaterKind, Relation, SecondOpinion
from idp.services import (
    assessments,
    delegations,
    exemptions,
    extensions,
    objections,
    plan_amendments,
    plan_items,
    plan_progress,
    plans,
    ratings,
    reconsiderations,
    reopenings,
    results,
)
from idp.services.lapsing import lapse
from tests.factories import steps
from tests.factories.sample import Sample


@dataclass(frozen=True)
class World:
    """One database's copy of the sample, in the middle of a random year."""

    session: Session
    sample: Sample

    @property
    def assessment(self) -> Assessment:
        return self.session.get_one(Assessment, self.sample.assessment.id)

    @property
    def plan(self) -> DevelopmentPlan | None:
        return self.session.scalar(
            select(DevelopmentPlan).where(DevelopmentPlan.assessment_id == self.sample.assessment.id)
        )

    def plan_id(self) -> int:
        """Raises NotVisible before there is one, as the services do for a number that is missing."""
        plan = self.plan
        if plan is None:
            raise NotVisible
        return plan.id


@dataclass(frozen=True)
class Draw:
    """What chance gave this deed: a text (often empty), small numbers, whether to be complete."""

    text: str
    number: int
    complete: bool
    fresh: bool  # the version asked for is the present one

    def version(self, record: Assessment | DevelopmentPlan) -> int | None:
        return record.version if self.fresh else record.version - 1


Try = Callable[[World, Actor, datetime, Draw], object]


def on_assessment(service: Callable[..., object], *more: Callable[[Draw], object]) -> Try:
    """A service that takes (session, actor, assessment's id, ..., now, version)."""

    def attempt(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
        arguments = [value(draw) for value in more]
        record = world.assessment
        return service(world.session, actor, record.id, *arguments, now, draw.version(record))

    return attempt


def on_plan(service: Callable[..., object], *more: Callable[[Draw], object]) -> Try:
    """A service that takes (session, actor, plan's id, ..., now, expected_version=)."""

    def attempt(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
        arguments = [value(draw) for value in more]
        plan_id = world.plan_id()
        plan = world.session.get_one(DevelopmentPlan, plan_id)
        version = draw.version(plan)
        return service(world.session, actor, plan_id, *arguments, now, expected_version=version)

    return attempt


def text(draw: Draw) -> str:
    return draw.text


def second_opinion(draw: Draw) -> SecondOpinion:
    return list(SecondOpinion)[draw.number % 2]


def rate(kind: RaterKind) -> Try:
    def attempt(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
        codes = ("c1", "c2", "c3") if draw.complete else ("c1", "c2")
        form = steps.entries(world.sample, dict.fromkeys(codes, draw.number % 3 + 1), draw.text)
        return ratings.save_ratings(world.session, actor, world.assessment.id, kind, form, now)

    return attempt


def receive(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
    opinion = list(EmployeeOpinion)[draw.number % 2]
    return results.receive(
        world.session, actor, world.assessment.id, now, opinion, draw.text, draw.version(world.assessment)
    )


def refuse(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
    return results.record_refusal(
        world.session,
        actor,
        world.assessment.id,
        now,
        refused_on=steps.RECEIPT_DAY,
        witness_name=draw.text,
        witness_position=draw.text,
    )


def draft(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
    return plans.draft_plan(world.session, actor, world.assessment.id, now)


def accept(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
    first = select(Suggestion.id).order_by(Suggestion.assessment_item_id, Suggestion.rank).limit(1)
    suggestion_id = world.session.scalar(first)
    if suggestion_id is None:
        raise NotVisible
    return plan_items.accept_suggestion(world.session, actor, world.plan_id(), suggestion_id, now)


def item_id(world: World) -> int:
    plan = world.session.get_one(DevelopmentPlan, world.plan_id())
    if not plan.items:
        raise NotVisible
    return plan.items[0].id


def report(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
    percent = draw.number * 25
    return plan_progress.report_progress(world.session, actor, item_id(world), percent, draw.text, now)


def evaluate_item(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
    outcome = (PlanItemState.ACHIEVED, PlanItemState.NOT_ACHIEVED)[draw.number % 2]
    return plan_progress.evaluate_item(world.session, actor, item_id(world), outcome, None, draw.text, now)


def reopen(service: Callable[..., object], *, of_plan: bool = False) -> Try:
    """Until some days from now, sometimes days ago."""

    def attempt(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
        until = local_day(now) + timedelta(days=5 * (draw.number - 1))
        record_id = world.plan_id() if of_plan else world.assessment.id
        return service(world.session, actor, record_id, until, draw.text, now)

    return attempt


def lapse_what_ran_out(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
    """The clock's deed, whoever's turn it is."""
    over = select(Extension).where(
        Extension.kind == ExtensionKind.REOPEN,
        Extension.state == ExtensionState.GRANTED,
        Extension.until_on < local_day(now),
    )
    for extension in world.session.scalars(over).all():
        lapse(world.session, extension, now)
    return None


def ask_for_time(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
    phase = (PhaseKind.SELF_ASSESSMENT, PhaseKind.RATING, PhaseKind.PLAN_DRAFTING)[draw.number % 3]
    until = local_day(now) + timedelta(days=40)
    return extensions.ask_for_time(world.session, actor, world.assessment.id, phase, until, draw.text, now)


def objection_id(world: World) -> int:
    found = world.session.scalar(select(Objection.id).order_by(Objection.id.desc()).limit(1))
    if found is None:
        raise NotVisible
    return found


def withdraw_objection(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
    return objections.withdraw_objection(world.session, actor, objection_id(world), now)


def delegate(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
    """An order for Anong to act for Suda, a week long."""
    names = [
        world.session.get_one(Person, person.person_id).display_name
        for person in (world.sample.cast.suda, world.sample.cast.anong)
    ]
    order = delegations.OrderFields(
        represented=names[0],
        delegate=names[1],
        order_number=draw.text,
        kind=list(DelegationKind)[draw.number % 2],
        scope=list(DelegationScope)[draw.number % 3],
        unit_id=None,
        from_on=local_day(now),
        until_on=local_day(now) + timedelta(days=7),
    )
    return delegations.create_delegation(world.session, actor, order, now)


def ask_reconsideration(world: World, actor: Actor, now: datetime, draw: Draw) -> object:
    until_on = local_day(now) + timedelta(days=draw.number % 10)
    return reconsiderations.ask_reconsideration(
        world.session, actor, world.sample.assessment.id, draw.text, until_on, now
    )


DEEDS: Mapping[str, Try] = {
    "start_self": on_assessment(assessments.start_self),
    "rate_self": rate(RaterKind.SELF),
    "submit_self": on_assessment(assessments.submit_self),
    "withdraw_self": on_assessment(assessments.withdraw_self),
    "return_self": on_assessment(assessments.return_self, text),
    "start_rating": on_assessment(assessments.start_rating),
    "rate": rate(RaterKind.SUPERVISOR),
    "submit_rating": on_assessment(assessments.submit_rating),
    "withdraw_rating": on_assessment(assessments.withdraw_rating),
    "return_rating": on_assessment(assessments.return_rating, text),
    "give_second_opinion": on_assessment(assessments.give_second_opinion, second_opinion, text),
    "moderate": on_assessment(assessments.moderate),
    "ask_reconsideration": ask_reconsideration,
    "release": on_assessment(results.release_assessment),
    "receive": receive,
    "record_refusal": refuse,
    "exempt": on_assessment(exemptions.exempt, text),
    "reinstate": on_assessment(exemptions.reinstate, text),
    "reopen_self": reopen(reopenings.reopen_self),
    "reopen_rating": reopen(reopenings.reopen_rating),
    "lapse": lapse_what_ran_out,
    "ask_for_time": ask_for_time,
    "lodge_objection": on_assessment(objections.lodge_objection, text),
    "withdraw_objection": withdraw_objection,
    "delegate": delegate,
    "draft_plan": draft,
    "accept_suggestion": accept,
    "plan:amend": on_plan(plan_amendments.amend_plan, text),
    "plan:withdraw_amendment": on_plan(plan_amendments.withdraw_amendment),
    "plan:abandon_amendment": on_plan(plan_amendments.abandon_amendment),
    "plan:reinstate": on_plan(plans.reinstate_plan, text),
    "plan:reopen_evaluation": reopen(reopenings.reopen_evaluation, of_plan=True),
    "plan:start": on_plan(plan_progress.start_plan),
    "plan:submit": on_plan(lambda s, a, i, now, **k: plans.submit_plan(s, a, i, now, "", **k)),
    "plan:withdraw": on_plan(plans.withdraw_plan),
    "plan:return": on_plan(plans.return_plan, text),
    "plan:approve": on_plan(lambda s, a, i, now, **k: plans.approve_plan(s, a, i, now, "", **k)),
    "plan:cancel": on_plan(plans.cancel_plan, text),
    "report_progress": report,
    "plan:begin_evaluation": on_plan(plan_progress.begin_plan_evaluation, text),
    "evaluate_item": evaluate_item,
    "plan:evaluate": on_plan(plan_progress.evaluate_plan, text),
}
"""Every deed by its name: that of the event for an assessment, "plan:" and the event for a plan."""

USUAL: Mapping[str, tuple[tuple[str, str], ...]] = {
    "not_started": (("start_self", "somchai"),),
    "self_assessing": (("rate_self", "somchai"), ("submit_self", "somchai")),
    "self_submitted": (("start_rating", "suda"),),
    "rating": (("rate", "suda"), ("submit_rating", "suda")),
    "rated": (("give_second_opinion", "prasit"),),
    "second_opinion": (("release", "malee"),),
    "moderated": (("release", "malee"),),
    "released": (("receive", "somchai"),),
    "received": (("draft_plan", "somchai"), ("accept_suggestion", "somchai"), ("plan:submit", "somchai")),
    "submitted": (("plan:approve", "suda"),),
    "approved": (("report_progress", "somchai"),),
    "in_progress": (("plan:begin_evaluation", "somchai"),),
    "in_evaluation": (("evaluate_item", "suda"), ("plan:evaluate", "suda")),
}
"""How the record usually goes on from a state: without a push a random year would rarely leave its first
week."""

HOLDERS: Mapping[Relation, str] = {
    Relation.OWNER: "somchai",
    Relation.SUPERVISOR: "suda",
    Relation.SECOND_LEVEL: "prasit",
    Relation.HR_OFFICER: "malee",
}
"""Who of the cast stands in which relation to Somchai's records."""

DAYS = (date(2025, 10, 6), date(2025, 11, 10), date(2026, 9, 10))


def plain(refusal: Any) -> tuple[str, ...]:
    """A refusal as both databases must give it: its kind, the field or requirements, no numbers of rows."""
    kind = type(refusal).__name__
    if hasattr(refusal, "missing"):
        return (kind, *refusal.missing, *refusal.details)
    if hasattr(refusal, "field"):
        return (kind, refusal.field, refusal.code)
    return (kind,)
