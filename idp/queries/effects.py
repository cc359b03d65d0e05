"""What helped to close gaps in an organisation: by development action and by method, no small groups."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from idp.models import Competency, DevelopmentAction, DevelopmentEffect, ProficiencyLevel
from idp.rules.effects import Effects, Helped, Key, shown
from idp.rules.terms import DevelopmentMethod, EffectOf


def effects_of(session: Session, organisation_id: int) -> Effects:
    """What may be shown to everybody there and used to rank; two statements."""
    return shown(counts_kept(session, organisation_id), methods_of_actions(session, organisation_id))


@dataclass(frozen=True)
class EffectOfAction:
    """One action in its latest version. `competency` and `level`: what it is for."""

    key: str
    title_th: str
    method: DevelopmentMethod
    competency_name_th: str
    competency_name_en: str | None
    level: int
    helped: Helped


@dataclass(frozen=True)
class EffectsOnPage:
    """`methods`, `actions`: those that helped the largest share first. `hidden_actions`: tried by too few.
    `reckoned_at` None: nothing was counted yet."""

    methods: tuple[tuple[DevelopmentMethod, Helped], ...]
    actions: tuple[EffectOfAction, ...]
    hidden_actions: int
    reckoned_at: datetime | None


def effects_page(session: Session, organisation_id: int) -> EffectsOnPage:
    """For executives, the personnel office and auditors; four statements."""
    found = effects_of(session, organisation_id)
    reckoned_at = session.scalar(
        select(func.max(DevelopmentEffect.reckoned_at)).where(
            DevelopmentEffect.organisation_id == organisation_id
        )
    )
    methods = sorted(found.methods.items(), key=lambda each: (_best_first(each[1]), each[0].value))
    actions = sorted(
        _actions(session, organisation_id, found), key=lambda each: (_best_first(each.helped), each.key)
    )
    return EffectsOnPage(tuple(methods), tuple(actions), found.hidden_actions, reckoned_at)


def _best_first(helped: Helped) -> tuple[object, ...]:
    return -helped.share, -helped.tried


def _may_be_known_to(organisation_id: int) -> ColumnElement[bool]:
    """An action of the library, or the organisation's own."""
    return or_(
        DevelopmentAction.organisation_id.is_(None), DevelopmentAction.organisation_id == organisation_id
    )


def _actions(session: Session, organisation_id: int, found: Effects) -> list[EffectOfAction]:
    rows = session.execute(
        select(DevelopmentAction, ProficiencyLevel.number, Competency.name_th, Competency.name_en)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(DevelopmentAction.key.in_(found.actions), _may_be_known_to(organisation_id))
        .order_by(DevelopmentAction.number, DevelopmentAction.id)
    )
    latest = {
        action.key: EffectOfAction(
            action.key, action.title_th, action.method, name_th, name_en, level, found.actions[action.key]
        )
        for action, level, name_th, name_en in rows
    }
    return list(latest.values())


def counts_kept(session: Session, organisation_id: int) -> dict[Key, Helped]:
    """Small groups too: not to be shown as they are."""
    rows = session.execute(
        select(
            DevelopmentEffect.effect_of,
            DevelopmentEffect.key,
            DevelopmentEffect.helped,
            DevelopmentEffect.tried,
        ).where(DevelopmentEffect.organisation_id == organisation_id, DevelopmentEffect.tried > 0)
    )
    return {(effect_of, key): Helped(helped, tried) for effect_of, key, helped, tried in rows}


def methods_of_actions(session: Session, organisation_id: int) -> dict[str, DevelopmentMethod]:
    """Of the actions that were counted, by key, as the latest version has it."""
    rows = session.execute(
        select(DevelopmentAction.key, DevelopmentAction.method)
        .join(DevelopmentEffect, DevelopmentEffect.key == DevelopmentAction.key)
        .where(
            DevelopmentEffect.organisation_id == organisation_id,
            DevelopmentEffect.effect_of == EffectOf.ACTION,
            _may_be_known_to(organisation_id),
        )
        .order_by(DevelopmentAction.number, DevelopmentAction.id)
    )
    return {row.key: row.method for row in rows}
