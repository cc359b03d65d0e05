"""Which development actions of the version before still develop what the new version says.

An action comes along to the level of the same number of the same competency when at least one indicator that
it develops stands there word for word; one that develops no particular indicator, when the level's title or
one of its indicators does (this product's default: a suggestion must not claim to develop what was reworded).

Of an organisation's own actions only those of the organisation whose dictionary it is come along, and of the
library's only those that it has not excluded, except where the dictionary's own keys keep the exclusion.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from idp.models import (
    Competency,
    CompetencyFramework,
    DevelopmentAction,
    DevelopmentActionIndicator,
    FrameworkVersion,
    ProficiencyLevel,
)
from idp.queries.development_actions import is_proposed_by
from idp.queries.framework_contents import StoredCompetency, contents_of
from idp.rules.framework_differences import same_competencies
from idp.rules.terms import VersionState


@dataclass(frozen=True)
class CarriedAction:
    """An action and its new place. `indicator_ids`: those of the new level that it develops."""

    action: DevelopmentAction
    competency_code: str
    level: int
    level_id: int
    indicator_ids: tuple[int, ...]


@dataclass(frozen=True)
class LevelWithoutAction:
    """A level for which nothing will be suggested; `had_some`: the version before had actions for it."""

    competency: str
    level: int
    had_some: bool


@dataclass(frozen=True)
class Carrying:
    """`left_behind`: how many actions of the version before do not come along."""

    actions: tuple[CarriedAction, ...] = ()
    left_behind: int = 0
    levels_without: tuple[LevelWithoutAction, ...] = ()


@dataclass
class _Places:
    """Where each level of the version before is in the new one, with the texts that stand in both."""

    level_of: dict[int, tuple[str, int, int]] = field(default_factory=dict)
    indicator_of: dict[int, int] = field(default_factory=dict)
    stands: set[int] = field(default_factory=set)


def carrying(session: Session, from_version_id: int | None, to_version_id: int) -> Carrying:
    """What comes along from the one version to the other. Six statements, however many actions."""
    wanted = [to_version_id] if from_version_id is None else [from_version_id, to_version_id]
    contents = contents_of(session, wanted)
    new = contents[to_version_id]
    if from_version_id is None:
        return Carrying((), 0, _without(new, set(), set()))
    places = _places(contents[from_version_id], new)
    actions, develops = _actions(session, from_version_id, to_version_id)
    carried: list[CarriedAction] = []
    had: set[int] = set()
    for action in actions:
        place = places.level_of.get(action.level_id)
        if place is None:
            continue
        code, number, level_id = place
        had.add(level_id)
        kept = {places.indicator_of.get(each) for each in develops.get(action.id, ())}
        kept.discard(None)
        if kept or (action.id not in develops and action.level_id in places.stands):
            carried.append(
                CarriedAction(action, code, number, level_id, tuple(sorted(each for each in kept if each)))
            )
    has_some = {each.level_id for each in carried}
    return Carrying(tuple(carried), len(actions) - len(carried), _without(new, has_some, had))


def _places(before: Sequence[StoredCompetency], after: Sequence[StoredCompetency]) -> _Places:
    places = _Places()
    pairs = same_competencies([each.content for each in before], [each.content for each in after])
    for old, new in ((before[one], after[other]) for one, other in pairs):
        new_levels = {level.number: level for level in new.content.levels}
        for level in old.content.levels:
            now = new_levels.get(level.number)
            if now is None:
                continue
            level_id = old.level_ids[level.number]
            places.level_of[level_id] = (new.content.code, level.number, new.level_ids[level.number])
            now_ids = new.indicator_ids[level.number]
            texts = dict(zip(reversed(now.indicators), reversed(now_ids), strict=True))
            for indicator_id, text in zip(old.indicator_ids[level.number], level.indicators, strict=True):
                if text in texts:
                    places.indicator_of[indicator_id] = texts[text]
            if now.title == level.title or any(text in texts for text in level.indicators):
                places.stands.add(level_id)
    return places


def _actions(
    session: Session, version_id: int, to_version_id: int
) -> tuple[Sequence[DevelopmentAction], Mapping[int, Sequence[int]]]:
    """The actions of a version that the dictionary's organisation proposes, in the order of their entry, and
    the indicators each develops."""
    code, organisation_id = session.execute(
        select(CompetencyFramework.code, CompetencyFramework.organisation_id)
        .join(FrameworkVersion, FrameworkVersion.framework_id == CompetencyFramework.id)
        .where(FrameworkVersion.id == to_version_id)
    ).one()
    of_the_dictionary = and_(
        DevelopmentAction.organisation_id.is_(None),
        DevelopmentAction.key.startswith(f"{code}/", autoescape=True),
        DevelopmentAction.state == VersionState.PUBLISHED,
    )
    of_version = (
        select(DevelopmentAction.id)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(
            Competency.framework_version_id == version_id,
            or_(is_proposed_by(organisation_id or 0), of_the_dictionary),
        )
    )
    actions = session.scalars(
        select(DevelopmentAction)
        .where(DevelopmentAction.id.in_(of_version))
        .order_by(DevelopmentAction.level_id, DevelopmentAction.key, DevelopmentAction.id)
    ).all()
    develops: dict[int, list[int]] = {}
    for action_id, indicator_id in session.execute(
        select(DevelopmentActionIndicator.action_id, DevelopmentActionIndicator.indicator_id).where(
            DevelopmentActionIndicator.action_id.in_(of_version)
        )
    ):
        develops.setdefault(action_id, []).append(indicator_id)
    return actions, develops


def _without(
    competencies: Sequence[StoredCompetency], has_some: set[int], had: set[int]
) -> tuple[LevelWithoutAction, ...]:
    """The levels above 0 that no action develops."""
    return tuple(
        LevelWithoutAction(each.content.name_th, number, level_id in had)
        for each in competencies
        for number, level_id in each.level_ids.items()
        if number > 0 and level_id not in has_some
    )
