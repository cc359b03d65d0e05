"""Decide an objection: the form, what the decision would change, and the decision itself."""

from flask import Blueprint, Response, flash, make_response, render_template, request
from flask_babel import gettext as _

from idp.database import db
from idp.models import ResultCorrection
from idp.queries.correction_pages import levels_to_correct
from idp.queries.objections import ObjectionPage, objection_page
from idp.rules.errors import NotPermitted, TransitionNotAllowed
from idp.rules.objections import ObjectionState
from idp.rules.terms import Permission, SubjectType
from idp.services.objection_decisions import dismiss_objection, uphold_objection
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.forms.objection_decisions import OUTCOMES, DecisionForm, read_decision
from idp.web.guards import current_actor, guarded
from idp.web.labels import label
from idp.web.looking import note_look
from idp.web.names.bands import band_name
from idp.web.objections import to_objection

blueprint = Blueprint("objection_decisions", __name__, url_prefix="/objections")


@blueprint.get("/<int:objection_id>/decision")
@guarded(Permission.OBJECTION_DECIDE)
def decide(objection_id: int) -> Response:
    """The form of the decision."""
    page = _page(objection_id)
    if page.is_for_another_officer:
        raise NotPermitted(Permission.OBJECTION_DECIDE)
    if not page.may_decide:
        raise TransitionNotAllowed("objection", page.state, "decide")
    return _form(page)


@blueprint.post("/<int:objection_id>/decision")
@guarded(Permission.OBJECTION_DECIDE)
def record(objection_id: int) -> Response:
    """Try the decision, show what it changes, and only when that was confirmed keep it."""
    session = db.session()
    page = _page(objection_id)
    try:
        form = read_decision(request.form, levels_to_correct(session, page.assessment_id))
        correction = _carry_out(objection_id, form)
    except REFUSED as refusal:
        session.rollback()
        return _form(_page(objection_id), attempt_of(refusal, "decision"))
    if request.form.get("confirmed") == "yes":
        session.commit()
        flash(_("บันทึกคำวินิจฉัยแล้ว"), "success")
        return to_objection(objection_id)
    return _ask_again(objection_id, form, correction)


def _carry_out(objection_id: int, form: DecisionForm) -> ResultCorrection | None:
    session, actor, now, version = db.session(), current_actor(), clock.now(), sent_version()
    if form.outcome is ObjectionState.DISMISSED:
        dismiss_objection(session, actor, objection_id, form.decision, now, version)
        return None
    return uphold_objection(
        session, actor, objection_id, form.decision, form.levels, form.results_score, now, version
    )


def _ask_again(objection_id: int, form: DecisionForm, correction: ResultCorrection | None) -> Response:
    """What was tried, undone, and shown once more before it is done."""
    session = db.session()
    tried = objection_page(session, current_actor(), objection_id, clock.today())
    session.rollback()
    page = _page(objection_id)
    note_look(SubjectType.ASSESSMENT, page.assessment_id)
    sent = [(name, text) for name, text in request.form.items() if name not in ("csrf_token", "confirmed")]
    body = render_template(
        "objections/confirm.html",
        page=page,
        form=form,
        correction=tried.correction if correction is not None else None,
        sent=sent,
        band_name_of=band_name,
    )
    return make_response(body)


def _page(objection_id: int) -> ObjectionPage:
    return objection_page(db.session(), current_actor(), objection_id, clock.today())


def _form(page: ObjectionPage, attempt: Attempt = NOTHING_SENT) -> Response:
    choices = levels_to_correct(db.session(), page.assessment_id)
    note_look(SubjectType.ASSESSMENT, page.assessment_id)
    names = {
        f"item-{choice.item_id}-{part}": f"field-item-{choice.item_id}-{part}"
        for choice in choices
        for part in ("level", "reason")
    }
    body = render_template(
        "objections/decision.html",
        page=page,
        choices=choices,
        outcomes=[(each.value, label(each)) for each in OUTCOMES],
        attempt=attempt,
        anchors=names | {"correction": "correction"},
    )
    return make_response(body, attempt.status)
