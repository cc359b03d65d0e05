"""The list of those whom one rates or has above oneself by one level."""

from enum import StrEnum

from flask import Blueprint, render_template, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.database import db
from idp.queries.assessments import TeamRow, team_list
from idp.rules.bulk import OF_SUPERVISORS
from idp.rules.permissions import allowed
from idp.rules.terms import AssessmentState, Permission, Relation
from idp.rules.thai import full_name, position_with_level
from idp.web import clock
from idp.web.acting import represented_names
from idp.web.guards import current_actor, guarded

blueprint = Blueprint("team", __name__, url_prefix="/team")


class Choice(StrEnum):
    """What the list is narrowed to."""

    ALL = "all"
    MINE = "mine"
    OVERDUE = "overdue"
    SELF = "self"
    DONE = "done"


CHOICES: dict[Choice, LazyString] = {
    Choice.ALL: _("ทั้งหมด"),
    Choice.MINE: _("รอท่านดำเนินการ"),
    Choice.OVERDUE: _("เกินกำหนด"),
    Choice.SELF: _("รอผลประเมินตนเอง"),
    Choice.DONE: _("ดำเนินการครบแล้ว"),
}


@blueprint.get("/")
@guarded(Permission.TEAM_VIEW)
def index() -> str:
    """Two tables: those rated by the reader, and those rated by somebody below them."""
    rows = team_list(db.session(), current_actor(), clock.today())
    asked = request.args.get("show", "")
    choice = Choice(asked) if asked in set(Choice) else Choice.ALL
    words = request.args.get("name", "").strip()
    chosen = [row for row in rows if _is_chosen(row, choice) and words in _name(row)]
    return render_template(
        "team/index.html",
        rated=[row for row in chosen if row.relation is Relation.SUPERVISOR],
        above=[row for row in chosen if row.relation is Relation.SECOND_LEVEL],
        has_team=bool(rows),
        choices=[
            (each.value, text, sum(_is_chosen(row, each) for row in rows)) for each, text in CHOICES.items()
        ],
        choice=choice.value,
        words=words,
        full_name=full_name,
        position_with_level=position_with_level,
        may_open_plan=_may_open_plan,
        represented_names=represented_names(row.on_behalf_of for row in rows),
        bulk_actions=OF_SUPERVISORS,
    )


def _is_chosen(row: TeamRow, choice: Choice) -> bool:
    match choice:
        case Choice.ALL:
            return True
        case Choice.MINE:
            return row.is_mine
        case Choice.OVERDUE:
            return row.is_overdue
        case Choice.SELF:
            unassessed = (AssessmentState.NOT_STARTED, AssessmentState.SELF_ASSESSING)
            return row.sees_assessment and row.state in unassessed
        case Choice.DONE:
            return row.next_step is None


def _name(row: TeamRow) -> str:
    return full_name(row.title_th, row.first_name, row.last_name)


def _may_open_plan(row: TeamRow) -> bool:
    """The plan is shown to those above once it was handed in."""
    return row.plan_state is not None and allowed(Permission.PLAN_VIEW, {row.relation}, row.plan_state)
