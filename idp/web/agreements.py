"""The agreement at the start of a round: what is expected, and the two signatures."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.models import Assessment
from idp.queries.assessments import assessment_page
from idp.rules.errors import NotVisible
from idp.rules.permissions import allowed
from idp.rules.terms import AssessmentState, CycleState, Permission, Relation
from idp.rules.thai import full_name, position_with_level
from idp.services.agreements import record_agreement_refusal, sign_agreement, write_agreement
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.guards import current_actor, guarded

blueprint = Blueprint("agreements", __name__, url_prefix="/agreements")


@blueprint.get("/<int:assessment_id>")
@guarded(Permission.AGREEMENT_VIEW)
def show(assessment_id: int) -> Response:
    """The agreement of one assessment; a round without one has no such page."""
    return _page(assessment_id)


@blueprint.post("/<int:assessment_id>")
@guarded(Permission.AGREEMENT_SIGN)
def save(assessment_id: int) -> Response:
    """Keep the words, and sign them when asked to: both or neither."""
    session, actor, now = db.session(), current_actor(), clock.now()
    signs = request.form.get("then") == "sign"
    try:
        text = request.form.get("expected_text", "")
        agreement = write_agreement(session, actor, assessment_id, text, now, sent_version())
        if signs:
            session.flush()
            sign_agreement(session, actor, assessment_id, now, agreement.version)
    except REFUSED as refusal:
        session.rollback()
        return _page(assessment_id, attempt_of(refusal, "save"))
    session.commit()
    flash(_("ลงนามข้อตกลงแล้ว") if signs else _("บันทึกข้อความแล้ว"), "success")
    return redirect(url_for("agreements.show", assessment_id=assessment_id))  # type: ignore[return-value]


@blueprint.post("/<int:assessment_id>/refusal")
@guarded(Permission.AGREEMENT_SIGN)
def refuse(assessment_id: int) -> Response:
    """The supervisor records that the employee will not sign."""
    session, reason = db.session(), request.form.get("reason", "")
    try:
        record_agreement_refusal(session, current_actor(), assessment_id, reason, clock.now(), sent_version())
    except REFUSED as refusal:
        session.rollback()
        return _page(assessment_id, attempt_of(refusal, "refusal"))
    session.commit()
    flash(_("บันทึกการไม่ลงนามแล้ว และแจ้งผู้รับการประเมินทราบแล้ว"), "success")
    return redirect(url_for("agreements.show", assessment_id=assessment_id))  # type: ignore[return-value]


def _page(assessment_id: int, attempt: Attempt = NOTHING_SENT) -> Response:
    session, day = db.session(), clock.today()
    page = assessment_page(session, current_actor(), assessment_id, day)
    agreement = page.agreement
    if agreement is None:
        raise NotVisible
    is_open = (
        page.header.state is AssessmentState.NOT_STARTED
        and agreement.opens_on <= day
        and session.get_one(Assessment, assessment_id).cycle.state is CycleState.OPEN
    )
    may_write = is_open and allowed(Permission.AGREEMENT_SIGN, page.relations)
    own = Relation.OWNER if Relation.OWNER in page.relations else Relation.SUPERVISOR
    has_signed = agreement.owner_signed_at if own is Relation.OWNER else agreement.supervisor_signed_at
    body = render_template(
        "agreements/show.html",
        page=page,
        header=page.header,
        items=page.items,
        agreement=agreement,
        attempt=attempt,
        may_write=may_write,
        may_sign=may_write and has_signed is None,
        may_record_refusal=may_write
        and own is Relation.SUPERVISOR
        and agreement.supervisor_signed_at is not None
        and Relation.OWNER in agreement.unsigned,
        full_name=full_name,
        position_with_level=position_with_level,
    )
    return make_response(body, attempt.status)
