"""A form that was refused: what was typed and why, for the page that comes back with all of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from flask import current_app, g, request
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from idp.rules.errors import (
    InvalidInput,
    RequirementNotMet,
    RuleViolation,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.services.ratings import RatingEntry
from idp.web import clock
from idp.web.labels import label
from idp.web.messages import message_of
from idp.web.numbers import record_number

REFUSED = (InvalidInput, RequirementNotMet, StaleVersion, StaleDataError, TransitionNotAllowed)
"""What brings the page back with the text that was typed, instead of a page about the error."""


class HappenedAt(Protocol):
    """An entry of a record's history in words."""

    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True)
class Attempt:
    """`event`: which form of the page. `errors`: texts by field; `problems`: what else stands in the way;
    `missing`: names of what is lacking; `is_stale`: somebody else was first; `is_saved`: a draft was kept all
    the same; `entries`: a rating form, by the item's id; `item_id`: the line of a plan that was meant;
    `is_choosing`: the reader is choosing between their own text and what somebody else saved."""

    event: str = ""
    form: MultiDict[str, str] = field(default_factory=MultiDict)
    entries: Mapping[int, RatingEntry] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    is_stale: bool = False
    is_saved: bool = False
    is_choosing: bool = False
    item_id: int | None = None

    @property
    def is_refused(self) -> bool:
        return bool(self.errors or self.problems or self.is_stale)

    @property
    def status(self) -> int:
        """409 when another was first, 422 for anything else that was refused."""
        if not self.is_refused:
            return 200
        return 409 if self.is_stale else 422

    @property
    def compares(self) -> bool:
        """The page shows what somebody else saved beside what was typed."""
        return self.is_stale or self.is_choosing

    @property
    def texts(self) -> list[str]:
        """What was typed, to be read and copied where its form is not drawn any more."""
        return typed_texts() if self.is_stale else []

    def happened(self, history: Iterable[HappenedAt]) -> list[HappenedAt]:
        """What was done to the record since the form was drawn, the latest first; without a sign of that
        moment, the last thing alone."""
        entries = list(history)
        try:
            drawn = datetime.fromisoformat(self.form.get("drawn_at", ""))
            return [entry for entry in entries if entry.at >= drawn][:MOST_HAPPENED]
        except (TypeError, ValueError):
            return entries[:1]

    def theirs(self, name: str, event: str, saved: object) -> str | None:
        """What somebody else saved in a field of the form of that event, where it differs from what was
        typed."""
        if not self.compares or self.event != event or name not in self.form:
            return None
        text = "" if saved is None else str(saved)
        return None if _plain(self.form.get(name, "")) == _plain(text) else text

    def typed(self, name: str, event: str, otherwise: object = "") -> object:
        """What was typed in the form of that event, else what the record has."""
        return self.form.get(name, "") if self.event == event and self.form else otherwise

    def error(self, name: str, event: str) -> str | None:
        """What is wrong with a field of the form of that event."""
        return self.errors.get(name) if self.event == event else None


NOTHING_SENT = Attempt()
MOST_HAPPENED = 5


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def drawn_at() -> str:
    """The moment at which a form is drawn: it goes along, so that a refusal can tell what happened since."""
    return clock.now().isoformat()


def drawn_version(current: int) -> int:
    """The record's version for a form. One that came back because of what was typed keeps the version that
    its reader saw: what somebody else saved meanwhile has not been shown to them yet."""
    kept: int | None = g.get("drawn_version")
    return current if kept is None else kept


NO_VERSION = -1
"""What no record has: a form without a version that can be read is as good as one drawn long ago."""


def sent_version() -> int | None:
    """The version of the record that the form was drawn from, NO_VERSION where it cannot be read.

    None, which stands for any version, only where a test sends forms without theirs
    (`IDP_FORMS_CARRY_VERSION`), as it sends them without the token against forgery.
    """
    text = request.form.get("version")
    if text is None and not current_app.config.get("IDP_FORMS_CARRY_VERSION", True):
        return None
    number = record_number(text or "")
    return NO_VERSION if number is None else number


NOT_TYPED = frozenset(
    {
        "csrf_token",
        "version",
        "drawn_at",
        "event",
        "then",
        "take",
        "next",
        "confirmed",
        "kept_in_browser",
        "item",
    }
)
"""Fields of our forms in which nobody types."""


def typed_texts() -> list[str]:
    """The texts of the form that was sent, longest first: what must not be lost when it cannot be drawn
    again. Numbers and dates are not among them, nor passwords."""
    texts = {
        text.strip()
        for name, text in request.form.items(multi=True)
        if name not in NOT_TYPED and "password" not in name and len(text.strip()) >= SHORTEST_TEXT
    }
    return sorted(texts, key=len, reverse=True)


SHORTEST_TEXT = 12
"""Characters: what is shorter is typed again as fast as it is copied."""


def attempt_of(
    refusal: RuleViolation | StaleDataError,
    event: str,
    *,
    entries: Mapping[int, RatingEntry] | None = None,
    is_saved: bool = False,
    item_id: int | None = None,
) -> Attempt:
    """The refusal in words, with what was sent."""
    errors: dict[str, str] = {}
    if isinstance(refusal, InvalidInput) and not is_saved:
        g.drawn_version = sent_version()
    problems: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    if isinstance(refusal, InvalidInput):
        errors = {each.field: message_of(each) for each in getattr(refusal, "problems", (refusal,))}
    elif isinstance(refusal, RequirementNotMet):
        problems, missing = tuple(label(each) for each in refusal.missing), refusal.details
    elif isinstance(refusal, TransitionNotAllowed):
        problems = (_("สถานะปัจจุบันของเรื่องนี้ไม่รองรับการดำเนินการที่เลือก"),)
    return Attempt(
        event=event,
        form=request.form,
        entries=entries or {},
        errors=errors,
        problems=problems,
        missing=missing,
        is_stale=isinstance(refusal, (StaleVersion, StaleDataError, TransitionNotAllowed)),
        is_saved=is_saved,
        item_id=item_id,
    )
