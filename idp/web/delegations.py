"""Orders to act for somebody: the personnel office's list, a new one, one of them, and its early end."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.database import db
from idp.queries.cycles import unit_choices
from idp.queries.delegations import order_list, order_page
from idp.queries.history import HistoryLine, history_of_delegation
from idp.queries.staff import appraiser_choices
from idp.rules.delegations import DelegationKind, DelegationScope, OrderStanding
from idp.rules.errors import NotVisible
from idp.rules.terms import Permission
from idp.services.delegations import correct_order_number, create_delegation, end_delegation
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.forms.cycles import written_date
from idp.web.forms.days import day_or_none
from idp.web.forms.orders import read_order
from idp.web.guards import current_actor, current_user, guarded
from idp.web.labels import label
from idp.web.numbers import asked_number
from idp.web.timeline import TimelineEntry

blueprint = Blueprint("delegations", __name__, url_prefix="/delegations")

EVENTS: dict[str, LazyString] = {
    "enter": _("บันทึกคำสั่ง"),
    "correct": _("แก้ไขเลขที่คำสั่ง"),
    "end": _("ยุติคำสั่งก่อนกำหนด"),
    "revoke": _("ยกเลิกคำสั่งก่อนเริ่มมีผล"),
}


@blueprint.get("/")
@guarded(Permission.AUTHORITY_VIEW)
def index() -> str:
    """The orders of the organisation, the latest entered first, fifty a page."""
    asked = request.args.get("standing", "")
    standing = OrderStanding(asked) if asked in set(OrderStanding) else None
    text = request.args.get("text", "").strip()[:100]
    before = asked_number(request.args, "before")
    found = order_list(db.session(), _organisation_id(), clock.today(), standing, text, before)
    chosen = {name: value for name, value in (("standing", asked), ("text", text)) if value}
    return render_template(
        "delegations/index.html",
        rows=found.rows,
        standings=[(each.value, label(each)) for each in OrderStanding],
        standing=asked,
        text=text,
        is_filtered=bool(chosen),
        is_further=before is not None,
        first_address=url_for("delegations.index", **chosen),  # type: ignore[arg-type]
        next_address=found.next_before and url_for("delegations.index", **chosen, before=found.next_before),  # type: ignore[arg-type]
    )


@blueprint.get("/new")
@guarded(Permission.AUTHORITY_EDIT)
def new() -> Response:
    """The form of an order."""
    return _form(NOTHING_SENT)


@blueprint.post("/new")
@guarded(Permission.AUTHORITY_EDIT)
def create() -> Response:
    """Enter the order; both persons are told."""
    try:
        order = create_delegation(db.session(), current_actor(), read_order(request.form), clock.now())
    except REFUSED as refusal:
        db.session.rollback()
        return _form(attempt_of(refusal, "create"))
    db.session.commit()
    flash(str(_("บันทึกคำสั่งแล้ว และแจ้งให้ทั้งสองคนทราบแล้ว")), "success")
    return redirect(url_for("delegations.show", delegation_id=order.id))  # type: ignore[return-value]


@blueprint.get("/<int:delegation_id>")
@guarded(Permission.AUTHORITY_VIEW)
def show(delegation_id: int) -> Response:
    """One order, what became of it, and the forms that end or correct it."""
    return _page(delegation_id, NOTHING_SENT)


@blueprint.post("/<int:delegation_id>/end")
@guarded(Permission.AUTHORITY_EDIT)
def end(delegation_id: int) -> Response:
    """End the order before its time, or revoke it."""
    try:
        end_delegation(
            db.session(),
            current_actor(),
            delegation_id,
            day_or_none(request.form, "last_on"),
            request.form.get("reason", ""),
            clock.now(),
            sent_version(),
        )
    except REFUSED as refusal:
        db.session.rollback()
        return _page(delegation_id, attempt_of(refusal, "end"))
    db.session.commit()
    flash(str(_("ยุติคำสั่งแล้ว และแจ้งให้ทั้งสองคนทราบแล้ว")), "success")
    return redirect(url_for("delegations.show", delegation_id=delegation_id))  # type: ignore[return-value]


@blueprint.post("/<int:delegation_id>/number")
@guarded(Permission.AUTHORITY_EDIT)
def correct_number(delegation_id: int) -> Response:
    """Mend a mistyped order number."""
    try:
        number = request.form.get("order_number", "")
        correct_order_number(
            db.session(), current_actor(), delegation_id, number, clock.now(), sent_version()
        )
    except REFUSED as refusal:
        db.session.rollback()
        return _page(delegation_id, attempt_of(refusal, "number"))
    db.session.commit()
    flash(str(_("แก้ไขเลขที่คำสั่งแล้ว")), "success")
    return redirect(url_for("delegations.show", delegation_id=delegation_id))  # type: ignore[return-value]


def _organisation_id() -> int:
    return current_user().organisation_id or 0


def _form(attempt: Attempt) -> Response:
    session, organisation_id = db.session(), _organisation_id()
    page = render_template(
        "delegations/new.html",
        attempt=attempt,
        kinds=[(each.value, label(each)) for each in DelegationKind],
        scopes=[(each.value, label(each)) for each in DelegationScope],
        units=unit_choices(session, organisation_id),
        people=[
            (each.as_typed, each.position)
            for each in appraiser_choices(session, organisation_id, clock.today())
        ],
        today_written=written_date(clock.today()),
    )
    return make_response(page, attempt.status)


def _page(delegation_id: int, attempt: Attempt) -> Response:
    session, day = db.session(), clock.today()
    order = order_page(session, _organisation_id(), delegation_id, day)
    if order is None:
        raise NotVisible
    page = render_template(
        "delegations/show.html",
        order=order,
        attempt=attempt,
        is_open=order.standing in (OrderStanding.IN_FORCE, OrderStanding.COMING),
        has_begun=order.standing is OrderStanding.IN_FORCE,
        today_written=written_date(day),
        entries=[_entry(line) for line in history_of_delegation(session, delegation_id)],
    )
    return make_response(page, attempt.status)


def _entry(line: HistoryLine) -> TimelineEntry:
    text = str(EVENTS[line.event]) if line.event in EVENTS else line.event
    changed: Any = line.detail.get("order_number")
    about = " → ".join(changed) if line.event == "correct" and isinstance(changed, list) else ""
    return TimelineEntry(
        text=text,
        who=line.actor_name,
        on_behalf_of=line.on_behalf_of,
        at=line.at,
        reason=line.reason,
        about=about,
    )
