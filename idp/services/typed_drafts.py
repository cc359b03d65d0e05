"""Keep what somebody has typed and not sent: no text is lost by an expired log-in, a closed tab, a lost
connection.

A draft is its typist's alone: no office reads it, and it stands in no history. It goes when the form has been
sent, when the typist throws it away, or after thirty days (this product's default).
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from idp.models import TypedDraft
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible
from idp.rules.relations import Actor

KEPT_FOR = timedelta(days=30)
LARGEST = 200_000
"""Characters of one draft: a rating form of forty competencies, each with a page of evidence."""

MOST_FIELDS = 5_000
LONGEST_KEY = 200
NAMED = "#"
"""Between a form's address and its own name, where several forms of a page are sent to one address."""


def keep_draft(
    session: Session,
    actor: Actor,
    form_key: str,
    content: Sequence[tuple[str, str]],
    based_on_version: int | None,
    now: datetime,
) -> TypedDraft:
    """Keep the fields of a form as they stand, in place of what was kept of it before.

    Raises InvalidInput at `content`: `too_long`, `not_text`; at `form_key`: `too_long`.
    """
    if actor.person_id is None:
        raise NotPermitted("the system types nothing")
    _check(form_key, content)
    values = {
        "content": [list(pair) for pair in content],
        "based_on_version": based_on_version,
        "updated_at": now,
    }
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    draft_id = session.execute(
        insert(TypedDraft)
        .values(person_id=actor.person_id, form_key=form_key, **values)
        .on_conflict_do_update(index_elements=["person_id", "form_key"], set_=values)
        .returning(TypedDraft.id)
    ).scalar_one()
    return session.get_one(TypedDraft, draft_id, populate_existing=True)


def draft_of(session: Session, actor: Actor, draft_id: int) -> TypedDraft:
    """One of the actor's own drafts. Raises NotVisible for everybody else's, exactly as for a missing one."""
    draft = session.get(TypedDraft, draft_id)
    if draft is None or actor.person_id is None or draft.person_id != actor.person_id:
        raise NotVisible
    return draft


def drafts_of(session: Session, actor: Actor, form_keys: Collection[str]) -> dict[str, TypedDraft]:
    """The actor's drafts of these forms, by the form. One statement."""
    rows = session.scalars(
        select(TypedDraft).where(TypedDraft.person_id == actor.person_id, TypedDraft.form_key.in_(form_keys))
    )
    return {draft.form_key: draft for draft in rows}


def throw_away(session: Session, actor: Actor, draft_id: int) -> None:
    """The typist does not want it any more. Raises NotVisible."""
    session.delete(draft_of(session, actor, draft_id))
    session.flush()


def discard_draft(session: Session, actor: Actor, address: str) -> int:
    """The form at `address` was sent: what was kept of it, under whatever name, goes; how many drafts."""
    named = TypedDraft.form_key.startswith(f"{address}{NAMED}", autoescape=True)
    result = session.execute(
        delete(TypedDraft)
        .where(TypedDraft.person_id == actor.person_id, or_(TypedDraft.form_key == address, named))
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def sweep_drafts(session: Session, now: datetime) -> int:
    """Forget what nobody came back to; how many drafts went."""
    result = session.execute(delete(TypedDraft).where(TypedDraft.updated_at < now - KEPT_FOR))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def _check(form_key: str, content: Sequence[tuple[str, str]]) -> None:
    if len(form_key) > LONGEST_KEY:
        raise InvalidInput("form_key", "too_long", maximum=LONGEST_KEY)
    if len(content) > MOST_FIELDS:
        raise InvalidInput("content", "too_long", maximum=MOST_FIELDS)
    if sum(len(name) + len(text) for name, text in content) > LARGEST:
        raise InvalidInput("content", "too_long", maximum=LARGEST)
    for pair in (form_key, *(part for each in content for part in each)):
        # Neither database keeps these, and a person types none of them.
        if "\x00" in pair or any("\ud800" <= character <= "\udfff" for character in pair):
            raise InvalidInput("content", "not_text")
