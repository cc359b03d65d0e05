"""Which actions of the catalogue an organisation sees at all."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from idp.models import Competency, CompetencyFramework, DevelopmentAction, FrameworkVersion, ProficiencyLevel
from idp.queries.development_actions import is_proposed_by
from idp.queries.frameworks import seen_by
from idp.rules.errors import NotVisible
from idp.rules.terms import VersionState


def is_seen_by(organisation_id: int, is_office: bool) -> ColumnElement[bool]:
    """Of a query that joins the action's framework and version. The office sees the library and the
    organisation's own in every state, everybody else what the organisation proposes."""
    places = and_(
        seen_by(organisation_id),
        FrameworkVersion.number > 0,
        FrameworkVersion.state != VersionState.DRAFT,
        DevelopmentAction.number > 0,  # else a discarded draft
    )
    if not is_office:
        return and_(places, is_proposed_by(organisation_id))
    is_own = DevelopmentAction.organisation_id == organisation_id
    is_of_library = and_(
        DevelopmentAction.organisation_id.is_(None), DevelopmentAction.state != VersionState.DRAFT
    )
    return and_(places, or_(is_own, is_of_library))


def visible_action(
    session: Session, organisation_id: int | None, action_id: int, is_office: bool = True
) -> DevelopmentAction:
    """The action. Raises NotVisible."""
    action = None
    if organisation_id is not None:
        action = session.scalar(
            select(DevelopmentAction)
            .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
            .join(Competency, Competency.id == ProficiencyLevel.competency_id)
            .join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
            .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
            .where(DevelopmentAction.id == action_id, is_seen_by(organisation_id, is_office))
        )
    if action is None:
        raise NotVisible(action_id)
    return action
