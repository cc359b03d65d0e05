"""Who looked: at one's own data, and, for the personnel office and auditors, at one record."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.queries.looks import LookList, looks_at_record, my_looks
from idp.rules.terms import Permission, SubjectType
from idp.services.access import load_assessment, load_plan
from idp.web import clock
from idp.web.guards import current_actor, guarded
from idp.web.numbers import asked_number

blueprint = Blueprint("looks", __name__, url_prefix="/looks")


@blueprint.get("/")
@guarded(Permission.HOME_VIEW)
def mine() -> Response:
    """Who looked at the data of the person signed in."""
    before = asked_number(request.args, "before")
    found = my_looks(db.session(), current_actor(), clock.today(), before)
    return _page(found, _("ใครเปิดดูข้อมูลของฉัน"), url_for("looks.mine"))


@blueprint.get("/assessments/<int:assessment_id>")
@guarded(Permission.LOOK_VIEW)
def of_assessment(assessment_id: int) -> Response:
    """Who looked at one assessment."""
    session = db.session()
    load_assessment(session, current_actor(), assessment_id, Permission.LOOK_VIEW, clock.today())
    before = asked_number(request.args, "before")
    found = looks_at_record(session, SubjectType.ASSESSMENT, assessment_id, before)
    here = url_for("looks.of_assessment", assessment_id=assessment_id)
    back = url_for("assessments.show", assessment_id=assessment_id), _("การประเมินสมรรถนะ")
    return _page(found, _("ผู้เปิดดูการประเมินนี้"), here, back)


@blueprint.get("/plans/<int:plan_id>")
@guarded(Permission.LOOK_VIEW)
def of_plan(plan_id: int) -> Response:
    """Who looked at one plan."""
    session = db.session()
    load_plan(session, current_actor(), plan_id, Permission.LOOK_VIEW, clock.today())
    found = looks_at_record(session, SubjectType.PLAN, plan_id, asked_number(request.args, "before"))
    here = url_for("looks.of_plan", plan_id=plan_id)
    back = url_for("plans.show", plan_id=plan_id), _("แผนพัฒนารายบุคคล")
    return _page(found, _("ผู้เปิดดูแผนพัฒนานี้"), here, back)


def _page(found: LookList, title: str, here: str, back: tuple[str, str] | None = None) -> Response:
    is_further = "before" in request.args
    page = render_template(
        "looks/index.html",
        rows=found.rows,
        title=title,
        back=back,
        is_mine=back is None,
        several=len({row.organisation_name_th for row in found.rows}) > 1,
        next_address=f"{here}?before={found.next_before}" if found.next_before else None,
        first_address=here if is_further else None,
    )
    return make_response(page)
