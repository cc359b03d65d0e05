"""Count anew what helped to close gaps."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from idp.models import DevelopmentEffect, Organisation
from idp.queries.effect_trials import trials_of
from idp.queries.effects import counts_kept, methods_of_actions
from idp.rules.effects import add_up, sum_of, to_be_kept

OpenSession = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]

AT_ONCE = 1000


def recount_effects(session: Session, organisation_id: int, now: datetime) -> int:
    """Over all rounds of the organisation; how many actions and methods were tried.

    Running it again, or twice at once, changes nothing but the time. A count that may have been shown is
    replaced once five or more people came to it or left it (`rules.effects.to_be_kept`). The counts hold
    small groups too: what may be shown is decided where they are read (`queries.effects`).
    """
    counted = sum_of(add_up(trials) for trials in trials_of(session, organisation_id))
    before = counts_kept(session, organisation_id)
    counts = to_be_kept(before, counted, methods_of_actions(session, organisation_id))
    rows = [
        {
            "organisation_id": organisation_id,
            "effect_of": effect_of,
            "key": key,
            "tried": each.tried,
            "helped": each.helped,
            "reckoned_at": now,
        }
        for (effect_of, key), each in sorted(counts.items())
    ]
    _forget_others(session, organisation_id, set(counts))
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for start in range(0, len(rows), AT_ONCE):
        statement = insert(DevelopmentEffect).values(rows[start : start + AT_ONCE])
        new = statement.excluded
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["organisation_id", "effect_of", "key"],
                set_={"tried": new.tried, "helped": new.helped, "reckoned_at": new.reckoned_at},
            )
        )
    return len(rows)


def recount_everywhere(open_session: OpenSession, clock: Clock) -> int:
    """Every organisation, each for itself; how many."""
    with open_session() as session:
        ids = session.scalars(select(Organisation.id).order_by(Organisation.id)).all()
    for organisation_id in ids:
        with open_session() as session:
            recount_effects(session, organisation_id, clock())
            session.commit()
    return len(ids)


def _forget_others(session: Session, organisation_id: int, kept: set[tuple[object, str]]) -> None:
    """What was counted before and is not any more: a result was corrected, a plan opened again."""
    own = DevelopmentEffect.organisation_id == organisation_id
    known = session.execute(select(DevelopmentEffect.effect_of, DevelopmentEffect.key).where(own))
    gone = [(row.effect_of, row.key) for row in known if (row.effect_of, row.key) not in kept]
    for start in range(0, len(gone), AT_ONCE):
        these = tuple_(DevelopmentEffect.effect_of, DevelopmentEffect.key).in_(gone[start : start + AT_ONCE])
        session.execute(delete(DevelopmentEffect).where(own, these))
