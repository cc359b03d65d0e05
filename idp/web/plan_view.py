"""What the page of one plan needs besides its query: words, choices, sums, addresses."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from idp.database import db
from idp.models import DevelopmentPlan
from idp.queries.carried_lines import carried_lines
from idp.queries.evidence import evidence_of_plan
from idp.queries.follow_ups import halves_of_plan
from idp.queries.history import HistoryLines, history_of_plan
from idp.queries.plan_amendments import amendment_of
from idp.queries.plans import PlanPage
from idp.queries.team import next_step
from idp.rules.permissions import allowed
from idp.rules.plan_results import RESULTS
from idp.rules.terms import Permission, PlanItemState, Relation
from idp.rules.thai import full_name, position_with_level
from idp.services.plan_reporting import REPORTING_STATES
from idp.web import clock
from idp.web.acting import acting_orders
from idp.web.assessment_view import report_address
from idp.web.attempts import Attempt
from idp.web.carry_over import panel_on_page
from idp.web.extension_view import extension_panel
from idp.web.forms.plan_reports import REPORT_FIELDS, RESULT_FIELDS
from idp.web.labels import label
from idp.web.mix import shares_of
from idp.web.names.plan_steps import next_of_plan
from idp.web.plan_lines import in_words
from idp.web.timeline import older_than, timeline


def plan_context(page: PlanPage, attempt: Attempt) -> dict[str, Any]:
    """The names that `plans/show.html` uses."""
    header = page.header
    step = next_step(header.state, bool(header.second_level_name), page.phases, clock.today())
    reads_history = allowed(Permission.HISTORY_VIEW, page.relations, header.state)
    history = history_of_plan(db.session(), header.id, older_than()) if reads_history else HistoryLines()
    amendment = amendment_of(db.session(), page)
    return {
        "page": page,
        "header": header,
        "attempt": attempt,
        "is_owner": Relation.OWNER in page.relations,
        "due_on": step.due_on if step else None,
        "due_label": label(step.phase) if step else "",
        "next_text": next_of_plan(header.state, page.relations),
        "shares": shares_of(page.hours_by_group),
        "amendment": amendment,
        "evidence": {}
        if page.hides_content
        else evidence_of_plan(db.session(), header.id, is_owner=Relation.OWNER in page.relations),
        **_follow_up(page),
        "differences": in_words(amendment.differences) if amendment else [],
        "results": [(each.value, label(each)) for each in RESULTS],
        "final_states": RESULTS,
        "history": timeline(
            history,
            shows_lines=not page.hides_content,
            titles={item.id: item.title for item in page.items},
            competencies={
                item.competency_id: item.competency_name_th for item in page.items if item.competency_id
            },
        ),
        "history_page": history,
        "anchors": _anchors(page, attempt),
        "report_address": report_address(),
        "acting_orders": acting_orders(DevelopmentPlan, header.id),
        "sees_looks": allowed(Permission.LOOK_VIEW, page.relations, header.state),
        "back": back_to_list(page),
        "extension": extension_panel(
            header.assessment_id, page.relations, page.phases, plan=(header.id, header.version, header.state)
        ),
        "full_name": full_name,
        "position_with_level": position_with_level,
        "carry_over": panel_on_page(header.assessment_id, may_answer=page.may_edit),
        "then": "plan",
        "carried": carried_lines(db.session(), header.id, is_owner=Relation.OWNER in page.relations),
        "is_carried_out": any(item.state is not PlanItemState.PLANNED for item in page.items),
    }


def _follow_up(page: PlanPage) -> dict[str, Any]:
    """The half-years of an approved plan, and whose part of them the reader may write ("" for none)."""
    header = page.header
    if header.approved_at is None or page.hides_content:
        return {"follow_ups": (), "follow_up_as": ""}
    side = "owner" if Relation.OWNER in page.relations else "supervisor"
    may = header.state in REPORTING_STATES and allowed(
        Permission.PLAN_FOLLOW_UP, page.relations, header.state
    )
    return {
        "follow_ups": halves_of_plan(db.session(), header.id, header.fiscal_year, clock.today()),
        "follow_up_as": side if may else "",
    }


def back_to_list(page: PlanPage) -> tuple[str, str]:
    """The list that the reader came from."""
    if Relation.OWNER in page.relations:
        return url_for("plans.mine"), _("แผนพัฒนาของฉัน")
    return url_for("team.index"), _("ผู้ใต้บังคับบัญชา")


def _anchors(page: PlanPage, attempt: Attempt) -> dict[str, str]:
    """Where a refusal's links lead: by the line's title, and by the names of its fields."""
    found = {item.title: f"item-{item.id}" for item in page.items} | {"reason": f"reason-{attempt.event}"}
    for item in page.items:
        found |= {f"item-{item.id}-{part}": f"item-{item.id}" for part in (*REPORT_FIELDS, *RESULT_FIELDS)}
        found[f"note-{item.id}"] = f"note-{item.id}"
    return found
