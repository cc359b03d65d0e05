"""Appraisers who are not staff (a mayor, a provincial governor): named, corrected, ended.

Somebody who already has a log-in elsewhere is named as a new person all the same: nothing of one organisation
is found out in another (this product's default).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import ExternalAppraiser, Person
from idp.queries.relations import appraiser_holds
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible, StaleVersion
from idp.rules.relations import Actor
from idp.rules.terms import Permission, SubjectType
from idp.rules.texts import NAME_TEXT, checked_email, checked_text, required_text
from idp.rules.thai import full_name
from idp.services.access import check_organisation
from idp.services.history import record_history
from idp.services.staff import LONGEST_NAME, LONGEST_TITLE, create_person, name_external_appraiser


@dataclass(frozen=True)
class AppraiserFields:
    """An appraiser as typed; the e-mail address may be empty."""

    title_th: str
    first_name: str
    last_name: str
    position_name: str
    email: str


def name_appraiser(
    session: Session, actor: Actor, typed: AppraiserFields, now: datetime
) -> ExternalAppraiser:
    """A new person as an appraiser of the actor's organisation. Raises InvalidInputs naming every wrong field
    at once, NotPermitted."""
    day = local_day(now)
    check_organisation(session, actor, Permission.AUTHORITY_EDIT, day)
    organisation_id = actor.organisation_id or 0
    position = _checked(typed)
    name = full_name(typed.title_th.strip(), typed.first_name.strip(), typed.last_name.strip())
    known = (
        select(ExternalAppraiser.id)
        .join(Person, Person.id == ExternalAppraiser.person_id)
        .where(
            ExternalAppraiser.organisation_id == organisation_id,
            Person.display_name == name,
            appraiser_holds(day),
        )
    )
    if session.scalar(known) is not None:
        raise InvalidInput("first_name", "named_already")
    person = create_person(
        session,
        title_th=typed.title_th,
        first_name=typed.first_name,
        last_name=typed.last_name,
        email=typed.email,
        now=now,
    )
    appraiser = name_external_appraiser(session, organisation_id, person.id, position)
    _record(session, actor, appraiser, "name_appraiser", now, {"position_name": position})
    return appraiser


def correct_appraiser(
    session: Session, actor: Actor, appraiser_id: int, position_name: str, email: str, now: datetime
) -> ExternalAppraiser:
    """Another position or address; cycles already open keep what they froze. Raises InvalidInput at
    `position_name` or `email`, NotVisible, NotPermitted."""
    appraiser = _load(session, actor, appraiser_id, local_day(now))
    position = required_text("position_name", position_name, NAME_TEXT)
    address = checked_email("email", email)
    before = appraiser.position_name
    appraiser.position_name = position
    appraiser.person.email = address or None
    _record(session, actor, appraiser, "correct_appraiser", now, {"position_name": [before, position]})
    session.flush()
    return appraiser


def end_appraiser(
    session: Session, actor: Actor, appraiser_id: int, last_on: date, now: datetime
) -> ExternalAppraiser:
    """The term ends with `last_on` (yesterday: at once): from the day after on they see nothing any more.

    Raises InvalidInput at `last_on`, StaleVersion when it is over already, NotVisible, NotPermitted.
    """
    day = local_day(now)
    appraiser = _load(session, actor, appraiser_id, day)
    if appraiser.until_on is not None and appraiser.until_on < day:
        raise StaleVersion
    if last_on < day - timedelta(days=1):
        raise InvalidInput("last_on", "not_further_back")
    appraiser.until_on = last_on
    _record(session, actor, appraiser, "end_appraiser", now, {"until_on": last_on.isoformat()})
    session.flush()
    return appraiser


def _checked(typed: AppraiserFields) -> str:
    """The position. Raises InvalidInputs."""
    problems = []
    position = ""
    for field, longest, is_required in (
        ("title_th", LONGEST_TITLE, False),
        ("first_name", LONGEST_NAME, True),
        ("last_name", LONGEST_NAME, True),
        ("position_name", NAME_TEXT, True),
    ):
        try:
            read = required_text if is_required else checked_text
            position = read(field, getattr(typed, field), longest)
        except InvalidInput as problem:
            problems.append(problem)
    try:
        checked_email("email", typed.email)
    except InvalidInput as problem:
        problems.append(problem)
    if problems:
        raise InvalidInputs(problems)
    return position


def _load(session: Session, actor: Actor, appraiser_id: int, day: date) -> ExternalAppraiser:
    check_organisation(session, actor, Permission.AUTHORITY_EDIT, day)
    appraiser = session.get(ExternalAppraiser, appraiser_id)
    if appraiser is None or appraiser.organisation_id != actor.organisation_id:
        raise NotVisible
    return appraiser


def _record(
    session: Session,
    actor: Actor,
    appraiser: ExternalAppraiser,
    event: str,
    now: datetime,
    detail: dict[str, object],
) -> None:
    """In the organisation's history: an appraiser from outside has no record of their own there."""
    record_history(
        session,
        actor,
        (SubjectType.ORGANISATION, appraiser.organisation_id),
        event,
        now,
        organisation_id=appraiser.organisation_id,
        detail={"person_id": appraiser.person_id, **detail},
    )
