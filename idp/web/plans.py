"""Development plans: one's own, those that wait for one's word, the page of one plan and its steps."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from idp.database import db
from idp.queries.plan_totals import plan_totals
from idp.queries.plans import my_plans, plan_page, plans_to_review
from idp.rules.looks import LookKind
from idp.rules.relations import Actor
from idp.rules.terms import Permission, PlanEvent, SubjectType
from idp.rules.thai import full_name
from idp.services import plan_amendments, plan_progress, plans
from idp.services.plans import draft_plan
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.guards import current_actor, guarded
from idp.web.looking import note_look
from idp.web.numbers import record_number
from idp.web.plan_view import plan_context

blueprint = Blueprint("plans", __name__, url_prefix="/plans")

Step = Callable[[Session, Actor, int, datetime, int | None], object]


def _submit(session: Session, actor: Actor, plan_id: int, now: datetime, version: int | None) -> object:
    return plans.submit_plan(session, actor, plan_id, now, _text("note"), version)


def _return(session: Session, actor: Actor, plan_id: int, now: datetime, version: int | None) -> object:
    return plans.return_plan(
        session, actor, plan_id, _text("reason"), now, version, notes_of_lines(request.form)
    )


def _approve(session: Session, actor: Actor, plan_id: int, now: datetime, version: int | None) -> object:
    return plans.approve_plan(session, actor, plan_id, now, _text("comment"), version)


def _cancel(session: Session, actor: Actor, plan_id: int, now: datetime, version: int | None) -> object:
    return plans.cancel_plan(session, actor, plan_id, _text("reason"), now, version)


def _reinstate(session: Session, actor: Actor, plan_id: int, now: datetime, version: int | None) -> object:
    return plans.reinstate_plan(session, actor, plan_id, _text("reason"), now, version)


def _begin_evaluation(
    session: Session, actor: Actor, plan_id: int, now: datetime, version: int | None
) -> object:
    return plan_progress.begin_plan_evaluation(session, actor, plan_id, _text("reflection"), now, version)


def _evaluate(session: Session, actor: Actor, plan_id: int, now: datetime, version: int | None) -> object:
    return plan_progress.evaluate_plan(session, actor, plan_id, _text("comment"), now, version)


def _amend(session: Session, actor: Actor, plan_id: int, now: datetime, version: int | None) -> object:
    return plan_amendments.amend_plan(session, actor, plan_id, _text("reason"), now, version)


STEPS: dict[PlanEvent, Step] = {
    PlanEvent.SUBMIT: _submit,
    PlanEvent.WITHDRAW: plans.withdraw_plan,
    PlanEvent.RETURN: _return,
    PlanEvent.APPROVE: _approve,
    PlanEvent.START: plan_progress.start_plan,
    PlanEvent.BEGIN_EVALUATION: _begin_evaluation,
    PlanEvent.EVALUATE: _evaluate,
    PlanEvent.CANCEL: _cancel,
    PlanEvent.AMEND: _amend,
    PlanEvent.WITHDRAW_AMENDMENT: plan_amendments.withdraw_amendment,
    PlanEvent.ABANDON_AMENDMENT: plan_amendments.abandon_amendment,
    PlanEvent.REINSTATE: _reinstate,
}
"""Passing a plan on is approving it where another check follows."""

DONE: dict[PlanEvent, LazyString] = {
    PlanEvent.SUBMIT: _("เสนอแผนต่อผู้บังคับบัญชาแล้ว"),
    PlanEvent.WITHDRAW: _("ดึงแผนกลับมาแก้ไขแล้ว"),
    PlanEvent.RETURN: _("ส่งคืนแผนให้แก้ไขแล้ว"),
    PlanEvent.APPROVE: _("บันทึกความเห็นชอบแผนแล้ว"),
    PlanEvent.START: _("เริ่มดำเนินการตามแผนแล้ว"),
    PlanEvent.BEGIN_EVALUATION: _("เสนอผู้บังคับบัญชาประเมินผลตามแผนแล้ว"),
    PlanEvent.EVALUATE: _("บันทึกผลการประเมินตามแผนแล้ว"),
    PlanEvent.CANCEL: _("ยกเลิกแผนแล้ว"),
    PlanEvent.AMEND: _("เปิดให้ปรับปรุงแผนแล้ว แผนฉบับที่อนุมัติแล้วยังใช้อยู่จนกว่าฉบับปรับปรุงจะได้รับอนุมัติ"),
    PlanEvent.WITHDRAW_AMENDMENT: _("ดึงแผนฉบับปรับปรุงกลับมาแก้ไขแล้ว"),
    PlanEvent.ABANDON_AMENDMENT: _("ยกเลิกการปรับปรุงแล้ว กลับไปใช้แผนฉบับที่อนุมัติ"),
    PlanEvent.REINSTATE: _("นำแผนกลับมาใช้แล้ว เจ้าของแผนแก้ไขและเสนอใหม่ได้"),
}


@blueprint.get("/")
@guarded(Permission.HOME_VIEW)
def mine() -> str:
    """The plans of the person signed in, and those that wait for their word."""
    session, actor, day = db.session(), current_actor(), clock.today()
    rows = my_plans(session, actor, day)
    return render_template(
        "plans/mine.html",
        rows=rows,
        totals=plan_totals(session, [row.id for row in rows]),
        waiting=plans_to_review(session, actor, day),
        full_name=full_name,
    )


@blueprint.post("/from/<int:assessment_id>")
@guarded(Permission.SUGGESTION_ANSWER)
def create(assessment_id: int) -> Response:
    """Begin the plan of an assessment, or go on with the one that is there."""
    session = db.session()
    plan = draft_plan(session, current_actor(), assessment_id, clock.now())
    session.commit()
    return _to_plan(plan.id)


@blueprint.get("/<int:plan_id>")
@guarded(Permission.PLAN_VIEW)
def show(plan_id: int) -> Response:
    """The page of one plan, as its reader may see it."""
    return plan_response(plan_id)


@blueprint.post("/<int:plan_id>/steps/<event>")
@guarded(Permission.PLAN_VIEW)
def take(plan_id: int, event: str) -> Response:
    """Take the plan through `event`; the workflow's table says who may."""
    step = STEPS.get(PlanEvent(event)) if event in set(PlanEvent) else None
    if step is None:
        raise NotFound
    session = db.session()
    try:
        step(session, current_actor(), plan_id, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return plan_response(plan_id, attempt_of(refusal, event))
    flash(str(DONE[PlanEvent(event)]), "success")
    return _to_plan(plan_id)


def plan_response(plan_id: int, attempt: Attempt = NOTHING_SENT) -> Response:
    """The page; with an attempt that was refused, what was typed and why."""
    page = plan_page(db.session(), current_actor(), plan_id, clock.today())
    note_look(SubjectType.PLAN, plan_id, LookKind.PAGE)
    return make_response(render_template("plans/show.html", **plan_context(page, attempt)), attempt.status)


def _to_plan(plan_id: int) -> Response:
    return redirect(url_for("plans.show", plan_id=plan_id))  # type: ignore[return-value]


def notes_of_lines(form: MultiDict[str, str]) -> dict[int, str]:
    """What is to change in single lines: `note-ID`. A name that is no line stays one, to be refused."""
    notes = ((name.removeprefix("note-"), text) for name, text in form.items() if name.startswith("note-"))
    return {record_number(item_id) or 0: text for item_id, text in notes}


def _text(name: str) -> str:
    return request.form.get(name, "")
