"""The kept versions of a plan, and the lines that an amendment struck out."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from idp.database import db
from idp.queries.plan_amendments import kept_version, lines_now
from idp.queries.plans import PlanPage, plan_page
from idp.rules.errors import NotVisible
from idp.rules.plan_differences import EMPTY, differences
from idp.rules.plan_workflow import EDITABLE_STATES
from idp.rules.terms import Permission, SubjectType
from idp.rules.thai import full_name
from idp.services.plan_items import restore_item
from idp.web import clock
from idp.web.assessment_view import report_address
from idp.web.attempts import REFUSED, attempt_of, sent_version
from idp.web.formats import digits, show_datetime
from idp.web.guards import current_actor, guarded
from idp.web.labels import label
from idp.web.looking import note_look
from idp.web.names.plan_lines import FIELD_NAMES
from idp.web.numbers import asked_number
from idp.web.plan_lines import in_words, shown
from idp.web.plans import plan_response

blueprint = Blueprint("plan_amendments", __name__, url_prefix="/plans/<int:plan_id>")


NOW = 0
"""The choice of the plan as it is now, beside the numbers of its versions."""


@blueprint.get("/versions/<int:number>")
@guarded(Permission.PLAN_VIEW)
def version(plan_id: int, number: int) -> str:
    """The plan as it was handed in or approved."""
    session = db.session()
    page = _readable(plan_id)
    kept = kept_version(session, plan_id, number)
    note_look(SubjectType.PLAN, plan_id)
    lines = [
        (
            line["title"],
            [
                (str(FIELD_NAMES[name]), shown(name, line[name]))
                for name in FIELD_NAMES
                if line.get(name) not in EMPTY
            ],
            line.get("return_note", ""),
        )
        for line in kept.content["items"]
        if line["state"] != "cancelled"
    ]
    person = kept.content["person"]
    return render_template(
        "plans/version.html",
        page=page,
        kept=kept,
        lines=lines,
        name=full_name(person["title_th"], person["first_name"], person["last_name"]),
        person=person,
        report_address=report_address(),
    )


@blueprint.get("/versions/compare")
@guarded(Permission.PLAN_VIEW)
def compare(plan_id: int) -> str:
    """How a later version differs from an earlier one: `?before=`, `?after=`, numbers of versions, 0 for the
    plan as it is now; without them the latest version and now while the lines may be changed, else the last
    two."""
    session, page = db.session(), _readable(plan_id)
    numbers = [each.number for each in page.versions]
    if not numbers:
        raise NotVisible
    asked = [asked_number(request.args, name) for name in ("before", "after")]
    before, after = (each if each in (NOW, *numbers) else None for each in asked)
    may_differ = page.header.state in EDITABLE_STATES or len(numbers) == 1
    before = before or (numbers[-1] if may_differ else numbers[-2])
    after = (NOW if may_differ else numbers[-1]) if after is None else after
    if after != NOW and after < before:
        before, after = after, before
    note_look(SubjectType.PLAN, plan_id)
    earlier, later = (_lines(session, plan_id, each) for each in (before, after))
    return render_template(
        "plans/compare.html",
        page=page,
        before=before,
        after=after,
        choices=[
            (
                each.number,
                _(
                    "ฉบับที่ %(number)s %(event)s %(when)s",
                    number=digits(each.number),
                    event=label(each.event),
                    when=show_datetime(each.created_at, "short"),
                ),
            )
            for each in page.versions
        ],
        differences=in_words(differences(earlier, later)),
    )


def _lines(session: Session, plan_id: int, number: int) -> Sequence[Mapping[str, Any]]:
    if number == NOW:
        return lines_now(session, plan_id)
    lines: Sequence[Mapping[str, Any]] = kept_version(session, plan_id, number).content["items"]
    return lines


def _readable(plan_id: int) -> PlanPage:
    """Raises NotVisible, also for the versions of a plan whose lines are its owner's alone."""
    page = plan_page(db.session(), current_actor(), plan_id, clock.today())
    if page.hides_content:
        raise NotVisible
    return page


@blueprint.post("/items/<int:item_id>/restore")
@guarded(Permission.PLAN_EDIT)
def restore(plan_id: int, item_id: int) -> Response:
    """Put a line back that the amendment struck out."""
    session = db.session()
    page = plan_page(session, current_actor(), plan_id, clock.today())
    if all(item.id != item_id for item in page.items):
        raise NotVisible
    try:
        restore_item(session, current_actor(), item_id, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return plan_response(plan_id, attempt_of(refusal, "restore"))
    flash(_("นำรายการกลับเข้าแผนแล้ว"), "success")
    return redirect(url_for("plans.show", plan_id=plan_id, _anchor=f"item-{item_id}"))  # type: ignore[return-value]
