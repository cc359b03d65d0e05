"""The way to a next position: one's result beside what another post expects, and lines for one's plan."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from idp.charts import LevelRow, level_bar
from idp.database import db
from idp.queries.next_position import ExpectedThere, Post, PostChoices, post_choices, way_to_post
from idp.queries.plan_of_year import plan_of_year
from idp.queries.position_levels import LevelRow as PositionLevelRow
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.errors import NotVisible
from idp.rules.looks import LookKind
from idp.rules.plan_workflow import EDITABLE_STATES
from idp.rules.terms import Permission, Relation, Standing, SubjectType
from idp.rules.thai import full_name
from idp.services.access import load_assessment
from idp.services.next_position import add_for_position
from idp.services.settings import rules_of_cycle
from idp.web import clock
from idp.web.attempts import sent_version
from idp.web.guards import current_actor, guarded
from idp.web.language import name_of
from idp.web.looking import note_look
from idp.web.numbers import record_number

blueprint = Blueprint("next_position", __name__, url_prefix="/assessments/<int:assessment_id>/next-position")


@blueprint.get("")
@guarded(Permission.RESULT_VIEW)
def index(assessment_id: int) -> str:
    """The next position level in the same line of work, or the post that was chosen."""
    session, day = db.session(), clock.today()
    assessment, standing = load_assessment(
        session, current_actor(), assessment_id, Permission.RESULT_VIEW, day
    )
    if assessment.state not in RELEASED_STATES:
        raise NotVisible
    note_look(SubjectType.ASSESSMENT, assessment_id, LookKind.PAGE)
    choices = post_choices(session, assessment.organisation_id, assessment.employee_id, day)
    post = _chosen(choices)
    limit = rules_of_cycle(assessment.cycle).suggestions_per_gap
    found = way_to_post(session, assessment, post, day, limit) if post else ()
    plan = plan_of_year(session, assessment_id) if Relation.OWNER in standing.relations else None
    return render_template(
        "next_position/index.html",
        assessment=assessment,
        name=full_name(assessment.title_th, assessment.first_name, assessment.last_name),
        choices=choices,
        post=post,
        post_name=_name_of(choices, post),
        found=found,
        counts={each: sum(line.standing is each for line in found) for each in Standing},
        bars=_bars(found),
        plan=plan,
        may_add=Relation.OWNER in standing.relations and (plan is None or plan.state in EDITABLE_STATES),
        in_plan={item.action_id: item.id for item in plan.items if item.action_id} if plan else {},
        level_name=_level_name,
    )


@blueprint.post("/lines")
@guarded(Permission.SUGGESTION_ANSWER)
def add(assessment_id: int) -> Response:
    """Make a line of the plan from one action; the first one begins the plan."""
    session, form = db.session(), request.form
    action_id, level_id = record_number(form.get("action", "")), record_number(form.get("level", ""))
    if action_id is None or level_id is None:
        raise NotVisible
    post = Post(level_id, record_number(form.get("line", "")))
    begun = plan_of_year(session, assessment_id)
    drawn = sent_version() if begun else None  # the first line of a plan has no version to carry
    item = add_for_position(session, current_actor(), assessment_id, post, action_id, clock.now(), drawn)
    session.commit()
    flash(_("เพิ่มกิจกรรมเข้าแผนพัฒนาแล้ว ท่านปรับวันที่และรายละเอียดได้ในแผน"), "success")
    return redirect(  # type: ignore[return-value]
        url_for(
            "next_position.index",
            assessment_id=assessment_id,
            level=post.position_level_id,
            line=post.line_of_work_id or "",
            _anchor=f"action-{item.action_id}",
        )
    )


def _chosen(choices: PostChoices) -> Post | None:
    """The post in the address, else the proposed one. Raises NotVisible for one that there is not."""
    if "level" not in request.args:
        return choices.next
    level, line = (record_number(request.args.get(name, "")) for name in ("level", "line"))
    if level is None or (line is None and request.args.get("line")):
        raise NotVisible
    post = Post(level, line)
    if not choices.has(post):
        raise NotVisible
    return post


def _level_name(level: PositionLevelRow) -> str:
    """Type and level."""
    thai = f"{level.type_name_th} {level.name_th}".strip()
    return name_of(thai, f"{level.type_name_en} {level.name_en}".strip())


def _name_of(choices: PostChoices, post: Post | None) -> str:
    if post is None:
        return ""
    level = next(each for each in choices.levels if each.id == post.position_level_id)
    line = next((each for each in choices.lines if each.id == post.line_of_work_id), None)
    named = name_of(line.name_th, line.name_en) if line else ""
    return f"{named} {_level_name(level)}".strip()


def _bars(found: tuple[ExpectedThere, ...]) -> dict[int, Markup]:
    scale = max((each.top for each in found), default=0)
    return {
        each.competency_id: Markup(level_bar(LevelRow(each.top, each.expected, each.attained), scale))
        for each in found
    }
