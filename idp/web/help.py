"""Help drawn from the tables themselves: who may do what and when, and by which rules results come."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.database import db
from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW
from idp.rules.cycle_workflow import CYCLE_WORKFLOW
from idp.rules.permissions import GRANTS, relations_with
from idp.rules.phases import ALWAYS, EVALUATION_DAYS, PHASE_DAYS
from idp.rules.plan_workflow import PLAN_WORKFLOW
from idp.rules.scoring.parts import DEFAULT_BAR_POINTS, DEFAULT_COMPARISON_TABLE
from idp.rules.settings import OrganisationRules, ScoringRule
from idp.rules.terms import Permission, PersonnelType, Relation, ScoringMethod
from idp.rules.workflow import Workflow
from idp.services.settings import rules_on
from idp.web import clock
from idp.web.diagrams import state_diagram
from idp.web.guards import current_user, guarded
from idp.web.labels import label
from idp.web.names.bands import BANDS
from idp.web.names.conditions import CONDITIONS

blueprint = Blueprint("help", __name__, url_prefix="/help")

WORKFLOWS: tuple[tuple[LazyString, Workflow[Any, Any]], ...] = (
    (_("รอบการประเมิน"), CYCLE_WORKFLOW),
    (_("การประเมินสมรรถนะของแต่ละคน"), ASSESSMENT_WORKFLOW),
    (_("แผนพัฒนารายบุคคล"), PLAN_WORKFLOW),
)


@dataclass(frozen=True)
class PermissionRow:
    """Who has a permission; `bound`: those who have it only in some states of the record."""

    permission: Permission
    relations: frozenset[Relation]
    bound: frozenset[Relation]


@blueprint.get("/permissions")
@guarded(Permission.HOME_VIEW)
def permissions() -> str:
    """Who may do what, and when: the permission table and the three workflows as they are enforced."""
    drawn = [(title, workflow, state_diagram(workflow, label, str(title))) for title, workflow in WORKFLOWS]
    relations = [relation for relation in Relation if relation is not Relation.SYSTEM]
    return render_template(
        "help/permissions.html",
        workflows=drawn,
        rows=permission_rows(),
        relations=relations,
        conditions=CONDITIONS,
    )


@blueprint.get("/rules")
@guarded(Permission.HOME_VIEW)
def rules() -> str:
    """How levels, gaps, scores and bands come about, with the rules of the reader's organisation today."""
    organisation_id = current_user().organisation_id
    current = (
        OrganisationRules()
        if organisation_id is None
        else rules_on(db.session(), organisation_id, clock.today())
    )
    return render_template(
        "help/rules.html",
        rules=current,
        bar_points=DEFAULT_BAR_POINTS,
        comparison_table=DEFAULT_COMPARISON_TABLE,
        bands=BANDS,
        groups=_alike(current),
        ScoringMethod=ScoringMethod,
        phase_days=PHASE_DAYS,
        evaluation_days=EVALUATION_DAYS,
        kinds=ALWAYS,
    )


def permission_rows() -> tuple[PermissionRow, ...]:
    """The permission table, a row a permission."""
    rows = []
    for permission in Permission:
        always = {
            grant.relation for grant in GRANTS if grant.permission is permission and grant.states is None
        }
        rows.append(
            PermissionRow(
                permission,
                relations_with(permission),
                relations_with(permission) - always,
            )
        )
    return tuple(rows)


def _alike(rules: OrganisationRules) -> list[tuple[ScoringRule, list[PersonnelType]]]:
    """Each way of scoring that is in force, with the personnel types scored so."""
    groups: list[tuple[ScoringRule, list[PersonnelType]]] = []
    for personnel_type, rule in rules.scoring.items():
        for known, members in groups:
            if known == rule:
                members.append(personnel_type)
                break
        else:
            groups.append((rule, [personnel_type]))
    return groups
