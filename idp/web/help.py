"""Help drawn from the tables themselves: who may do what and when, and by which rules results come."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.database import db
from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW
from idp.rules.cycle_workflow import CYCLE_WORKFLOW
from idp.rules.phases import ALWAYS, EVALUATION_DAYS, PHASE_DAYS
from idp.rules.plan_workflow import PLAN_WORKFLOW
from idp.rules.scoring import DEFAULT_PARAMETERS, METHODS, band_ranges, method_of
from idp.rules.settings import OrganisationRules, ScoringRule
from idp.rules.suppression import LEAST
from idp.rules.terms import Permission, PersonnelType, Relation
from idp.rules.workflow import Workflow
from idp.services.settings import rules_on
from idp.web import clock
from idp.web.diagrams import state_diagram
from idp.web.guards import current_user, guarded
from idp.web.help_tables import by_feature, paper_rows, permission_rows, step_rows
from idp.web.labels import label
from idp.web.names.bands import band_name
from idp.web.names.conditions import CONDITIONS
from idp.web.names.help import FEATURES, RELATIONS
from idp.web.names.paper import PAPERS
from idp.web.names.scoring import in_words

blueprint = Blueprint("help", __name__, url_prefix="/help")

WORKFLOWS: tuple[tuple[LazyString, Workflow[Any, Any]], ...] = (
    (_("รอบการประเมิน"), CYCLE_WORKFLOW),
    (_("การประเมินสมรรถนะของแต่ละคน"), ASSESSMENT_WORKFLOW),
    (_("แผนพัฒนารายบุคคล"), PLAN_WORKFLOW),
)


@blueprint.get("/permissions")
@guarded(Permission.HOME_VIEW)
def permissions() -> str:
    """Who may do what, and when: the permission table and the three workflows as they are enforced; for one
    relation alone where that is asked for."""
    asked = request.args.get("as", "")
    relation = Relation(asked) if asked in set(Relation) else None
    drawn = [
        (title, workflow, state_diagram(workflow, label, str(title)), step_rows(workflow, relation))
        for title, workflow in WORKFLOWS
    ]
    return render_template(
        "help/permissions.html",
        workflows=drawn,
        groups=by_feature(permission_rows(relation)),
        papers=[(PAPERS[step.key], step) for step in paper_rows(relation)],
        features=FEATURES,
        relations=RELATIONS,
        relation=relation,
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
        groups=_alike(current),
        methods=METHODS.values(),
        parameters=DEFAULT_PARAMETERS,
        method_of=method_of,
        in_words=in_words,
        band_ranges=band_ranges,
        band_name=band_name,
        phase_days=PHASE_DAYS,
        evaluation_days=EVALUATION_DAYS,
        kinds=ALWAYS,
        least=LEAST,
    )


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
