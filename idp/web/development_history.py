"""The pages of a person's development over the years: one's own, and that of somebody whose record the reader
may see."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from idp.charts import Words, YearPoint, levels_over_years
from idp.database import db
from idp.queries.development_history import history_of_employee, own_history
from idp.queries.development_history_lines import CompetencyHistory, DevelopmentHistory
from idp.rules.looks import LookKind
from idp.rules.terms import Permission, Relation, SubjectType
from idp.rules.thai import full_name
from idp.services.access import load_assessment
from idp.web import clock
from idp.web.formats import fiscal_year, number
from idp.web.guards import current_actor, guarded
from idp.web.looking import note_look

blueprint = Blueprint("development_history", __name__)

FEWEST_POINTS = 2
"""A drawing of one year says no more than its number."""


@blueprint.get("/development-history")
@guarded(Permission.HOME_VIEW)
def mine() -> str:
    """All that is one's own, also from an organisation that one has left."""
    found = own_history(db.session(), current_actor(), clock.today())
    return _page(found, None, (url_for("plans.mine"), _("แผนพัฒนาของฉัน")))


@blueprint.get("/assessments/<int:assessment_id>/development-history")
@guarded(Permission.ASSESSMENT_VIEW)
def of_person(assessment_id: int) -> str | Response:
    """That of the person assessed, as far as the reader may see each record; to oneself, one's own."""
    session, actor, day = db.session(), current_actor(), clock.today()
    assessment, standing = load_assessment(session, actor, assessment_id, Permission.ASSESSMENT_VIEW, day)
    if Relation.OWNER in standing.relations:
        return redirect(url_for("development_history.mine"))
    found = history_of_employee(session, actor, assessment.employee_id, day)
    for shown in {level.assessment_id for level in found.levels}:
        note_look(SubjectType.ASSESSMENT, shown, LookKind.PAGE)
    for shown in {line.plan_id for line in found.lines}:
        note_look(SubjectType.PLAN, shown, LookKind.PAGE)
    name = full_name(assessment.title_th, assessment.first_name, assessment.last_name)
    back = (url_for("assessments.show", assessment_id=assessment_id), _("การประเมินสมรรถนะ"))
    return _page(found, name, back)


def _page(found: DevelopmentHistory, name: str | None, back: tuple[str, str]) -> str:
    return render_template(
        "development_history/show.html",
        found=found,
        name=name,
        back=back,
        charts={each.competency_id: _chart(each) for each in found.competencies},
        organisations=len({year.organisation_id for year in found.years}),
    )


def _chart(each: CompetencyHistory) -> Markup | None:
    points = [
        YearPoint(fiscal_year(level.fiscal_year), level.aligned, level.expected_aligned)
        for level in each.levels
    ]
    if sum(point.attained is not None for point in points) < FEWEST_POINTS:
        return None
    words = Words(_("แผนภาพระดับสมรรถนะรายปี"), _("ตารางข้างแผนภาพแสดงตัวเลขเดียวกัน"))
    return Markup(levels_over_years(points, each.top, words, number))
