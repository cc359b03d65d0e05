"""The catalogue of development actions: the list, one action, and taking it into one's plan.

Every member reads what the organisation proposes; the personnel office and auditors also see drafts, what was
retired and what is left out.
"""

from typing import TypeVar

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.queries.catalogue.listing import ActionFilter, counts_by_standing, list_actions
from idp.queries.catalogue.places import CompetencyChoice, competency_choices, framework_choices
from idp.rules.catalogue import ActionStanding
from idp.rules.terms import DevelopmentMethod, Permission
from idp.services.plan_actions import add_from_action
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, attempt_of, sent_version
from idp.web.catalogue_view import action_response, asked_version, method_choices, organisation_id
from idp.web.frameworks import of_the_office
from idp.web.guards import current_actor, guarded
from idp.web.numbers import asked_number

blueprint = Blueprint("catalogue", __name__, url_prefix="/catalogue")

LONGEST_SEARCH = 100
W = TypeVar("W", DevelopmentMethod, ActionStanding)


@blueprint.get("/")
@guarded(Permission.CATALOGUE_VIEW)
def index() -> str:
    """The list; without being asked for a framework, of those in use. `?code=` names a competency by its code
    in the framework that was asked for."""
    session, is_office = db.session(), of_the_office()
    frameworks = framework_choices(session, organisation_id(), clock.today())
    used = tuple(each.version_id for each in frameworks if each.is_in_use)
    version_id = asked_version()
    versions = (version_id,) if version_id is not None else used
    competencies = competency_choices(session, versions)
    wanted = ActionFilter(
        version_ids=versions,
        competency_id=_competency_id(competencies),
        level=asked_number(request.args, "level"),
        method=_word(DevelopmentMethod, "method"),
        standing=_word(ActionStanding, "standing") if is_office else None,
        text=request.args.get("text", "")[:LONGEST_SEARCH],
    )
    after = request.args.get("after", "")
    page = list_actions(session, organisation_id(), is_office, wanted, after)
    asked = {name: text for name, text in request.args.items() if name != "after" and text}
    return render_template(
        "catalogue/index.html",
        page=page,
        wanted=wanted,
        version_id=version_id,
        frameworks=frameworks,
        competencies=competencies,
        levels=sorted({level.number for each in competencies for level in each.levels}),
        methods=method_choices(),
        standings=tuple(ActionStanding),
        counts=counts_by_standing(session, organisation_id(), versions) if is_office else {},
        is_office=is_office,
        is_filtered=bool(asked),
        asked=asked,
        first_address=url_for("catalogue.index", **asked) if after else None,  # type: ignore[arg-type]
        next_address=url_for("catalogue.index", **asked, after=page.following)  # type: ignore[arg-type]
        if page.following
        else None,
    )


@blueprint.get("/<int:action_id>")
@guarded(Permission.CATALOGUE_VIEW)
def show(action_id: int) -> Response:
    """One action, as its reader may see it."""
    return action_response(action_id, NOTHING_SENT)


@blueprint.post("/<int:action_id>/plans/<int:plan_id>")
@guarded(Permission.PLAN_EDIT)
def add_to_plan(action_id: int, plan_id: int) -> Response:
    """Make a line of one's own plan of it."""
    try:
        item = add_from_action(db.session(), current_actor(), plan_id, action_id, clock.now(), sent_version())
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return action_response(action_id, attempt_of(refusal, "add"))
    flash(_("เพิ่มกิจกรรมในแผนแล้ว โปรดตรวจสอบวันเริ่มและวันสิ้นสุด"), "success")
    return redirect(url_for("plans.show", plan_id=plan_id, _anchor=f"item-{item.id}"))  # type: ignore[return-value]


def _competency_id(competencies: tuple[CompetencyChoice, ...]) -> int | None:
    code = request.args.get("code", "")
    if code:
        return next((each.id for each in competencies if each.code == code), 0)
    return asked_number(request.args, "competency")


def _word(kind: type[W], name: str) -> W | None:
    text = request.args.get(name, "")
    return kind(text) if text in set(kind) else None
