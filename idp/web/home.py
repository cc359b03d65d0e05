"""The page after log-in: what to do next and by when, in each of one's roles."""

from collections import Counter

from flask import Blueprint, current_app, render_template, url_for

from idp.database import db
from idp.queries.assessments import TeamRow, team_list
from idp.queries.current_year import current_year
from idp.queries.delegations import own_orders
from idp.queries.follow_ups import follow_ups_owed
from idp.queries.handovers import statements_owed
from idp.queries.home import todo_list
from idp.queries.inbox import latest_unread
from idp.queries.office_waiting import office_waiting
from idp.rules.terms import AssessmentState, Permission, SubjectType
from idp.web import clock
from idp.web.guards import current_actor, current_user, guarded, may
from idp.web.progress import steps
from idp.web.todos import address, grouped, verb

blueprint = Blueprint("home", __name__)

NOTICES_SHOWN = 5
TODOS_SHOWN = 6
"""Of one role; the others are folded away."""


@blueprint.get("/")
@guarded(Permission.HOME_VIEW)
def index() -> str:
    """Where everybody begins."""
    session, user, actor, day = db.session(), current_user(), current_actor(), clock.today()
    if user.organisation_id is None:
        is_administrator = may(Permission.ORGANISATION_CREATE)
        return render_template("home/without_organisation.html", is_administrator=is_administrator)
    orders = own_orders(session, user.person_id, user.organisation_id, day)
    year = current_year(session, user.person_id, user.organisation_id)
    return render_template(
        "home/index.html",
        follow_ups=follow_ups_owed(session, actor, day),
        groups=grouped(todo_list(session, actor, day)),
        todos_shown=TODOS_SHOWN,
        orders=orders,
        represented_names={order.from_person_id: order.from_name for order in orders.acting_for},
        verb=verb,
        address=address,
        statements=statements_owed(session, user.person_id, user.organisation_id, day),
        office=office_waiting(session, actor, day) if may(Permission.MODERATION_ASK) else None,
        year=year,
        steps=steps(year.assessment_state, year.plan_state, year.phases) if year else (),
        team=_team_counts(team_list(session, actor, day)),
        notices=latest_unread(session, user.person_id, user.organisation_id, NOTICES_SHOWN),
        subject_address=subject_address,
        cycles_address=_address("cycles.index") if may(Permission.CYCLE_VIEW) else None,
        figures_address=_address("figures.index") if may(Permission.FIGURES_VIEW) else None,
        notices_address=_address("notifications.index"),
    )


def _team_counts(rows: tuple[TeamRow, ...]) -> dict[str, int]:
    """How many of the team stand where; empty without a team."""
    if not rows:
        return {}
    counts = Counter(row.state for row in rows)
    own = counts[AssessmentState.NOT_STARTED] + counts[AssessmentState.SELF_ASSESSING]
    return {
        "all": len(rows),
        "self": own,
        "mine": sum(row.is_mine for row in rows),
        "overdue": sum(row.is_overdue for row in rows),
        "plans": sum(row.plan_id is not None for row in rows),
    }


def subject_address(subject_type: SubjectType, subject_id: int) -> str | None:
    """The page of what a notice speaks of."""
    endpoint, name = {
        SubjectType.ASSESSMENT: ("assessments.show", "assessment_id"),
        SubjectType.PLAN: ("plans.show", "plan_id"),
        SubjectType.HANDOVER: ("handovers.show", "handover_id"),
    }.get(subject_type, ("", ""))
    return url_for(endpoint, **{name: subject_id}) if endpoint else None  # type: ignore[arg-type]


def _address(endpoint: str) -> str | None:
    return url_for(endpoint) if endpoint in current_app.view_functions else None
