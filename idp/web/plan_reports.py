"""How far the lines of a plan are, and what became of them: one form for all of its lines."""

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.queries.plans import plan_page
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.terms import Permission
from idp.services.plan_progress import evaluate_item, report_progress
from idp.web import clock
from idp.web.attempts import REFUSED, attempt_of, sent_version
from idp.web.forms.plan_reports import named, part_of, read_report, read_result, says_something
from idp.web.guards import current_actor, guarded
from idp.web.plans import plan_response

blueprint = Blueprint("plan_reports", __name__, url_prefix="/plans/<int:plan_id>/items")


@blueprint.post("/progress")
@guarded(Permission.PLAN_PROGRESS)
def progress(plan_id: int) -> Response:
    """Report on every line of which something new was said; all of the form or none of it."""
    session, actor, now = db.session(), current_actor(), clock.now()
    page = plan_page(session, actor, plan_id, clock.today())
    problems: list[InvalidInput] = []
    count, version = 0, sent_version()
    try:
        for item in page.items:
            form = part_of(request.form, item.id)
            if not says_something(item, form):
                continue
            count += 1
            try:
                said = read_report(form)
                submitted = said.evidence_submitted
                report_progress(
                    session, actor, item.id, said.percent, said.note, now, submitted, version, said.used
                )
                version = None  # from here on this form's own lines change the plan
            except InvalidInput as problem:
                problems += named(item.id, problem)
        if problems:
            raise InvalidInputs(problems)
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return plan_response(plan_id, attempt_of(refusal, "progress"))
    if count:
        flash(_("บันทึกความก้าวหน้าแล้ว"), "success")
    else:
        flash(_("ยังไม่มีความก้าวหน้าใหม่ให้บันทึก"), "message")
    return _to_plan(plan_id)


@blueprint.post("/evaluation")
@guarded(Permission.PLAN_EVALUATE)
def evaluation(plan_id: int) -> Response:
    """Write the result of every line for which one was chosen; all of the form or none of it. A percent or a
    reason without a result is no result yet: the form comes back with it."""
    session, actor, now = db.session(), current_actor(), clock.now()
    page = plan_page(session, actor, plan_id, clock.today())
    problems: list[InvalidInput] = []
    count, version = 0, sent_version()
    try:
        for item in page.items:
            form = part_of(request.form, item.id)
            if not any(form.get(name, "").strip() for name in ("state", "percent", "reason")):
                continue
            count += 1
            try:
                if not form.get("state"):
                    raise InvalidInput("state", "result_missing")
                state, percent, reason = read_result(form)
                evaluate_item(session, actor, item.id, state, percent, reason, now, version)
                version = None
            except InvalidInput as problem:
                problems += named(item.id, problem)
        if problems:
            raise InvalidInputs(problems)
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return plan_response(plan_id, attempt_of(refusal, "evaluation"))
    if count:
        flash(_("บันทึกผลรายการพัฒนาแล้ว"), "success")
    else:
        flash(_("ยังไม่ได้เลือกผลของรายการใด"), "message")
    return _to_plan(plan_id)


def _to_plan(plan_id: int) -> Response:
    return redirect(url_for("plans.show", plan_id=plan_id, _anchor="items"))  # type: ignore[return-value]
