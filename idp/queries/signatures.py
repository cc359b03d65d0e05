"""Who signed what, read from the history: the places to sign on the printed forms.

A typed name inside the authenticated system is accepted as a signature; a step that was withdrawn or returned
afterwards is no longer signed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, HistoryEntry, Person
from idp.queries import form_words as words
from idp.rules.calendar import local_day
from idp.rules.forms import Signature
from idp.rules.terms import AssessmentEvent, PlanEvent, PlanState, SubjectType
from idp.rules.thai import full_name

E, P = AssessmentEvent, PlanEvent

UNDONE_BY: Mapping[str, frozenset[str]] = {
    E.SUBMIT_SELF: frozenset({E.WITHDRAW_SELF, E.RETURN_SELF}),
    E.SUBMIT_RATING: frozenset({E.WITHDRAW_RATING, E.RETURN_RATING, E.ASK_RECONSIDERATION}),
    E.GIVE_SECOND_OPINION: frozenset({E.RETURN_RATING, E.ASK_RECONSIDERATION}),
    P.SUBMIT: frozenset({P.WITHDRAW, P.RETURN, P.AMEND, P.WITHDRAW_AMENDMENT}),
    P.PASS_TO_SECOND_LEVEL: frozenset({P.RETURN, P.AMEND, P.WITHDRAW_AMENDMENT}),
    P.PASS_TO_HR: frozenset({P.RETURN, P.AMEND, P.WITHDRAW_AMENDMENT}),
    P.APPROVE: frozenset({P.RETURN, P.AMEND}),
}


@dataclass(frozen=True)
class Entry:
    """One step of the history with the names of those concerned."""

    event: str
    from_state: str | None
    at: Any
    actor_id: int | None
    actor_name: str
    represented_id: int | None
    represented_name: str
    comment: str
    signed_on: date | None = None
    """The day on the paper that the step was entered from; None for a step taken in the system."""
    actor_position: str = ""
    """As what the actor served then; kept of steps under an order to act."""
    delegation_kind: str = ""
    order_number: str = ""


@dataclass(frozen=True)
class Place:
    """A place on a form: who is expected to sign there, as frozen when the cycle opened."""

    role: str
    person_id: int | None
    name: str
    position: str
    asks_comment: bool = False


def entries_of(session: Session, subject_type: SubjectType, subject_id: int) -> tuple[Entry, ...]:
    """The history of one record, oldest first, with the names that people had then; two statements."""
    rows = session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.subject_type == subject_type, HistoryEntry.subject_id == subject_id)
        .order_by(HistoryEntry.id)
    ).all()
    ids = {row.actor_person_id for row in rows} | {row.on_behalf_of_person_id for row in rows}
    names = {
        person.id: full_name(person.title_th, person.first_name, person.last_name)
        for person in session.scalars(select(Person).where(Person.id.in_(ids - {None})))
    }
    return tuple(
        Entry(
            row.event,
            row.from_state,
            row.at,
            row.actor_person_id,
            row.detail.get("signed_as") or names.get(row.actor_person_id or 0, ""),
            row.on_behalf_of_person_id,
            row.detail.get("signed_for") or names.get(row.on_behalf_of_person_id or 0, ""),
            str(row.detail.get("comment", "")),
            date.fromisoformat(row.detail["signed_on"]) if "paper_form_id" in row.detail else None,
            str(row.detail.get("signed_position", "")),
            str(row.detail.get("delegation_kind", "")),
            str(row.detail.get("order_number", "")),
        )
        for row in rows
    )


def without_abandoned(entries: Collection[Entry]) -> tuple[Entry, ...]:
    """The entries without those of amendments that were given up: what was signed before them holds."""
    kept: list[Entry] = []
    begun = 0
    for entry in entries:
        if entry.event == P.AMEND:
            begun = len(kept)
        kept.append(entry)
        if entry.event == P.ABANDON_AMENDMENT:
            del kept[begun:]
    return tuple(kept)


def signed_step(
    entries: Collection[Entry], events: Collection[str], from_state: PlanState | None = None
) -> Entry | None:
    """The latest of these steps that nothing has undone since; `from_state` narrows who did it."""
    found: Entry | None = None
    for entry in entries:
        if entry.event in events and (from_state is None or entry.from_state == from_state):
            found = entry
        elif found is not None and entry.event in UNDONE_BY.get(found.event, frozenset()):
            found = None
    return found


def signature(place: Place, entry: Entry | None, comment: str = "") -> Signature:
    """The place, signed by `entry`; dotted without one. The holder's name is the frozen one."""
    if entry is None:
        return Signature(place.role, place.name, place.position, asks_comment=place.asks_comment)
    if entry.signed_on is not None:
        return _on_paper(place, entry, entry.signed_on, comment)
    is_holder = entry.actor_id == place.person_id
    for_holder = entry.represented_id is not None and entry.represented_id == place.person_id
    return Signature(
        place.role,
        place.name if is_holder else entry.actor_name,
        place.position if is_holder or place.person_id is None else entry.actor_position,
        local_day(entry.at),
        entry.at,
        on_behalf_of=entry.represented_name or None,
        acting_words=words.DELEGATION_KINDS.get(entry.delegation_kind, ""),
        acting_position=place.position if for_holder else "",
        order_number=entry.order_number,
        comment=comment or None,
        asks_comment=place.asks_comment,
    )


def _on_paper(place: Place, entry: Entry, signed_on: date, comment: str) -> Signature:
    """Signed by hand: the signer's name and the day on the paper, with who brought it into the system."""
    is_holder = entry.represented_id == place.person_id
    return Signature(
        place.role,
        place.name if is_holder else entry.represented_name,
        place.position if is_holder else "",
        signed_on,
        recorded_by=entry.actor_name,
        comment=comment or None,
        asks_comment=place.asks_comment,
    )


def owner_place(assessment: Assessment, role: str, position: str, *, asks_comment: bool = False) -> Place:
    name = full_name(assessment.title_th, assessment.first_name, assessment.last_name)
    return Place(role, assessment.owner_person_id, name, position, asks_comment)


def supervisor_place(assessment: Assessment, role: str, *, asks_comment: bool = False) -> Place:
    return Place(
        role,
        assessment.supervisor_person_id,
        assessment.supervisor_name,
        assessment.supervisor_position,
        asks_comment,
    )


def second_level_place(assessment: Assessment, role: str, *, asks_comment: bool = False) -> Place:
    return Place(
        role,
        assessment.second_level_person_id,
        assessment.second_level_name,
        assessment.second_level_position,
        asks_comment,
    )
