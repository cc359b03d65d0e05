"""Load a record and check that the actor may: the first two steps of every service and page.

What the actor may not see is answered exactly as a missing record; what they see but may not do is
refused.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, DevelopmentPlan
from idp.queries.relations import standing_in_organisation, standing_on_record
from idp.rules.errors import NotPermitted, NotVisible, StaleVersion
from idp.rules.objections import FROZEN_PERMISSIONS, OBJECTIONABLE_STATES
from idp.rules.paper import may_bring
from idp.rules.permissions import allowed
from idp.rules.relations import Actor, Standing, relations_of_person
from idp.rules.terms import Permission
from idp.services.freezing import refuse_while_frozen


def load_assessment(
    session: Session, actor: Actor, assessment_id: int, permission: Permission, day: date
) -> tuple[Assessment, Standing]:
    """The assessment and what the actor is to it. Raises NotVisible or NotPermitted, and RequirementNotMet
    for a permission to change it while an objection is under way."""
    assessment = session.get(Assessment, assessment_id)
    if assessment is None:
        raise NotVisible
    standing = _standing(session, actor, assessment, day)
    _check(standing, assessment.state, Permission.ASSESSMENT_VIEW, permission, actor)
    if permission in FROZEN_PERMISSIONS and assessment.state in OBJECTIONABLE_STATES:
        refuse_while_frozen(session, assessment.id)
    return assessment, standing


def load_plan(
    session: Session, actor: Actor, plan_id: int, permission: Permission, day: date
) -> tuple[DevelopmentPlan, Standing]:
    """The plan and what the actor is to it. Raises NotVisible or NotPermitted."""
    plan = session.get(DevelopmentPlan, plan_id)
    if plan is None:
        raise NotVisible
    standing = _standing(session, actor, plan, day)
    _check(standing, plan.state, Permission.PLAN_VIEW, permission, actor)
    return plan, standing


def load_cycle(
    session: Session, actor: Actor, cycle_id: int, permission: Permission, day: date
) -> tuple[Cycle, Standing]:
    """The cycle and what the actor is to its organisation. Raises NotVisible or NotPermitted.

    HR acts inside the organisation signed in to: a cycle of another one is as good as missing.
    """
    cycle = session.get(Cycle, cycle_id)
    if cycle is None or not (actor.is_system or cycle.organisation_id == actor.organisation_id):
        raise NotVisible
    standing = standing_in_organisation(session, actor, cycle.organisation_id, day)
    _check(standing, cycle.state, Permission.CYCLE_VIEW, permission, actor)
    return cycle, standing


def check_organisation(session: Session, actor: Actor, permission: Permission, day: date) -> Standing:
    """What the actor is to the organisation they are signed in to. Raises NotPermitted."""
    standing = standing_in_organisation(session, actor, actor.organisation_id, day)
    if not (actor.is_system or allowed(permission, standing.relations)):
        raise NotPermitted(permission)
    return standing


def check_version(record: Assessment | DevelopmentPlan | Cycle, expected_version: int | None) -> None:
    """Raises StaleVersion when somebody changed the record since the actor read version
    `expected_version`."""
    if expected_version is not None and record.version != expected_version:
        raise StaleVersion


def _standing(session: Session, actor: Actor, record: Assessment | DevelopmentPlan, day: date) -> Standing:
    """What the actor is of themself; entering a signed paper, the signer's one relation instead.

    Only who may enter papers on this record, only for whom the record names, never for oneself.
    """
    own = standing_on_record(session, actor, record, day)
    paper = actor.paper
    if paper is None:
        return own
    if not allowed(Permission.ASSESSMENT_VIEW, own.relations):
        raise NotVisible
    holders = (record.owner_person_id, record.supervisor_person_id, record.second_level_person_id)
    is_held = paper.relation in relations_of_person(paper.signer_id, *holders)
    if not is_held or paper.signer_id == actor.person_id or not may_bring(own.relations, paper.relation):
        raise NotPermitted(Permission.PAPER_ENTER)
    return Standing(frozenset({paper.relation}), paper=paper)


def _check(
    standing: Standing, state: StrEnum, view: Permission, permission: Permission, actor: Actor
) -> None:
    if actor.is_system:
        return
    if not allowed(view, standing.relations, state):
        raise NotVisible
    if not allowed(permission, standing.relations, state):
        raise NotPermitted(permission)
