"""One action of the catalogue: what it says, its versions, what it was made from, and where it was used."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from idp.models import (
    ActionExclusion,
    Assessment,
    AssessmentItem,
    DevelopmentAction,
    DevelopmentActionIndicator,
    DevelopmentPlan,
    Person,
    PlanItem,
    Suggestion,
)
from idp.queries.catalogue.places import LevelPlace, level_place
from idp.queries.catalogue.visible import visible_action
from idp.rules.catalogue import ActionStanding, standing_of
from idp.rules.errors import NotVisible
from idp.rules.terms import PlanItemState, SuggestionState, VersionState


@dataclass(frozen=True)
class ActionVersion:
    """One number of the action's key at its level."""

    id: int
    number: int
    state: VersionState
    title: str
    published_at: datetime | None
    retired_at: datetime | None


@dataclass(frozen=True)
class Related:
    """An action that this one was made from, or that was made from it."""

    id: int
    title: str
    state: VersionState
    is_own: bool
    level: int


@dataclass(frozen=True)
class Exclusion:
    """`reason` is empty where an own action took its place."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ActionUse:
    """Over all versions of the action, in this organisation. `lines` of plans, struck out ones apart."""

    suggestions: int = 0
    accepted: int = 0
    rejected: int = 0
    reasons: int = 0
    lines: int = 0
    achieved: int = 0


@dataclass(frozen=True)
class ActionPage:
    action: DevelopmentAction
    standing: ActionStanding
    place: LevelPlace
    indicator_ids: frozenset[int]
    versions: tuple[ActionVersion, ...]
    source: Related | None
    adapted: tuple[Related, ...]
    exclusion: Exclusion | None

    @property
    def is_own(self) -> bool:
        return self.action.organisation_id is not None

    @property
    def draft(self) -> ActionVersion | None:
        """The next version that is under way."""
        return next((each for each in self.versions if each.state is VersionState.DRAFT), None)


def action_page(session: Session, organisation_id: int, action_id: int, is_office: bool) -> ActionPage:
    """A number of statements that does not grow. Raises NotVisible."""
    action = visible_action(session, organisation_id, action_id, is_office)
    place = level_place(session, organisation_id, action.level_id)
    if place is None:
        raise NotVisible(action_id)
    develops = session.scalars(
        select(DevelopmentActionIndicator.indicator_id).where(
            DevelopmentActionIndicator.action_id == action_id
        )
    )
    exclusion = _exclusion(session, organisation_id, action) if action.organisation_id is None else None
    return ActionPage(
        action,
        standing_of(
            action.state,
            is_own=action.organisation_id is not None,
            is_adapted=action.based_on_action_id is not None,
            is_excluded=exclusion is not None,
        ),
        place,
        frozenset(develops),
        _versions(session, action, is_office),
        _related(session, DevelopmentAction.id == action.based_on_action_id)
        if is_office and action.based_on_action_id is not None
        else None,
        _made_from(session, organisation_id, action) if is_office else (),
        exclusion,
    )


def action_use(session: Session, organisation_id: int, key: str) -> ActionUse:
    """How often every version of the key was suggested and taken; two statements."""
    of_the_key = select(DevelopmentAction.id).where(DevelopmentAction.key == key)
    rejected = Suggestion.state == SuggestionState.REJECTED
    suggested = session.execute(
        select(
            func.count(),
            _sum(Suggestion.state == SuggestionState.ACCEPTED),
            _sum(rejected),
            _sum(and_(rejected, Suggestion.rejected_because != "")),
        )
        .select_from(Suggestion)
        .join(AssessmentItem, AssessmentItem.id == Suggestion.assessment_item_id)
        .join(Assessment, Assessment.id == AssessmentItem.assessment_id)
        .where(Suggestion.action_id.in_(of_the_key), Assessment.organisation_id == organisation_id)
    ).one()
    planned = session.execute(
        select(func.count(), _sum(PlanItem.state == PlanItemState.ACHIEVED))
        .select_from(PlanItem)
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .where(
            PlanItem.action_id.in_(of_the_key),
            PlanItem.state != PlanItemState.CANCELLED,
            DevelopmentPlan.organisation_id == organisation_id,
        )
    ).one()
    return ActionUse(*suggested, *planned)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _versions(session: Session, action: DevelopmentAction, is_office: bool) -> tuple[ActionVersion, ...]:
    """The newest first; who is not of the office learns of no others."""
    if not is_office:
        return ()
    rows = session.execute(
        select(
            DevelopmentAction.id,
            DevelopmentAction.number,
            DevelopmentAction.state,
            DevelopmentAction.title_th,
            DevelopmentAction.published_at,
            DevelopmentAction.retired_at,
        )
        .where(
            DevelopmentAction.key == action.key,
            DevelopmentAction.level_id == action.level_id,
            DevelopmentAction.number > 0,
        )
        .order_by(DevelopmentAction.number.desc())
    )
    return tuple(ActionVersion(*row) for row in rows)


def _related(session: Session, condition: ColumnElement[bool]) -> Related | None:
    action = session.scalar(select(DevelopmentAction).where(condition))
    return None if action is None else _as_related(action)


def _made_from(session: Session, organisation_id: int, action: DevelopmentAction) -> tuple[Related, ...]:
    """The organisation's own that were adapted from any version of it, retired ones apart."""
    of_the_key = select(DevelopmentAction.id).where(DevelopmentAction.key == action.key)
    found = session.scalars(
        select(DevelopmentAction)
        .where(
            DevelopmentAction.based_on_action_id.in_(of_the_key),
            DevelopmentAction.organisation_id == organisation_id,
            DevelopmentAction.state != VersionState.RETIRED,
            DevelopmentAction.number > 0,
        )
        .order_by(DevelopmentAction.id)
        .limit(MOST_RELATED)
    )
    return tuple(_as_related(each) for each in found)


MOST_RELATED = 10


def _as_related(action: DevelopmentAction) -> Related:
    is_own = action.organisation_id is not None
    return Related(action.id, action.title_th, action.state, is_own, action.level.number)


def _exclusion(session: Session, organisation_id: int, action: DevelopmentAction) -> Exclusion | None:
    row = session.execute(
        select(ActionExclusion.reason, Person.display_name, ActionExclusion.at)
        .join(Person, Person.id == ActionExclusion.by_person_id)
        .where(ActionExclusion.organisation_id == organisation_id, ActionExclusion.action_key == action.key)
    ).one_or_none()
    return None if row is None else Exclusion(*row)
