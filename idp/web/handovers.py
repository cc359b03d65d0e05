"""The page of a handover: the old supervisor's statement, and what they had rated; nothing else of it."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.queries.handover_pages import handover_page
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.terms import Permission, Relation, SubjectType
from idp.services.handover_statements import give_statement, load_handover
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.guards import current_actor, guarded
from idp.web.looking import note_look
from idp.web.numbers import record_number

blueprint = Blueprint("handovers", __name__, url_prefix="/handovers")

EVENT = "state"


@blueprint.get("/<int:handover_id>")
@guarded(Permission.HANDOVER_STATE)
def show(handover_id: int) -> Response:
    """For the supervisor who gave the record away, and for HR."""
    return _page(handover_id, NOTHING_SENT)


@blueprint.post("/<int:handover_id>/statement")
@guarded(Permission.HANDOVER_STATE)
def state(handover_id: int) -> Response:
    """Give the statement; refused, it comes back as it was typed."""
    session, form = db.session(), request.form
    try:
        levels = _levels()
        give_statement(
            session,
            current_actor(),
            handover_id,
            form.get("statement", ""),
            levels,
            clock.now(),
            sent_version(),
            form.get("reason", ""),
        )
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _page(handover_id, attempt_of(refusal, EVENT))
    flash(_("บันทึกส่งมอบแล้ว ขอบคุณที่ดำเนินการ"), "success")
    return redirect(url_for("handovers.show", handover_id=handover_id))  # type: ignore[return-value]


def _page(handover_id: int, attempt: Attempt) -> Response:
    handover, relation = load_handover(db.session(), current_actor(), handover_id, clock.now())
    page = handover_page(db.session(), handover, relation)
    note_look(SubjectType.ASSESSMENT, handover.assessment_id, seen_as=relation)
    body = render_template(
        "handovers/show.html",
        page=page,
        labels={
            "statement": _("บันทึกส่งมอบ"),
            "reason": _("เหตุผลที่บันทึกแทน"),
            **{f"level-{item.id}": item.name_th for item in page.items},
        },
        attempt=attempt,
        is_office=relation is Relation.HR_OFFICER,
    )
    return make_response(body, attempt.status)


def _levels() -> dict[int, int | None]:
    """The levels stated, by item id. Raises InvalidInputs for what is no number."""
    levels: dict[int, int | None] = {}
    problems = []
    for name, text in request.form.items():
        prefix, _dash, item = name.partition("-")
        item_id = record_number(item)
        if prefix != "level" or item_id is None:
            continue
        levels[item_id] = record_number(text)
        if text and levels[item_id] is None:
            problems.append(InvalidInput(name, "not_a_whole_number"))
    if problems:
        raise InvalidInputs(problems)
    return levels
