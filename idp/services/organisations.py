"""What the deployment's administrator does: found an organisation with its first personnel officer, or name
another officer where none is left. They see no staff and no ratings."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import CompetencyFramework, FrameworkVersion, Organisation, UserAccount
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible
from idp.rules.organisations import Family
from idp.rules.relations import Actor
from idp.rules.settings import family_scoring, scoring_json
from idp.rules.terms import CompetencyCategory, Permission, Role, VersionState
from idp.rules.texts import NAME_TEXT, checked_email, checked_text, required_text
from idp.services.access import check_organisation
from idp.services.accounts import LONGEST_LOGIN, normalised_login
from idp.services.example_profiles import build_example_profiles
from idp.services.settings import rules_on, set_rules
from idp.services.staff import (
    LONGEST_NAME,
    LONGEST_TITLE,
    create_account,
    create_organisation,
    create_person,
    grant_role,
)

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_CODE = 40


@dataclass(frozen=True)
class OfficerFields:
    """A personnel officer as typed; the title and the e-mail address may be empty."""

    title_th: str
    first_name: str
    last_name: str
    email: str
    login: str


@dataclass(frozen=True)
class OrganisationFields:
    """An organisation as typed. `core`, `functional`: codes of the frameworks that each category is taken
    from; `with_profiles`: with this product's example profiles, marked as such."""

    code: str
    name_th: str
    name_en: str
    family: str
    core: tuple[str, ...]
    functional: tuple[str, ...]
    with_profiles: bool = False


def found_organisation(
    session: Session,
    actor: Actor,
    typed: OrganisationFields,
    officer: OfficerFields,
    password_hash: str,
    now: datetime,
) -> Organisation:
    """A new organisation and its first officer, whose password is one to hand over. Raises InvalidInputs
    naming every wrong field at once, NotPermitted."""
    check_organisation(session, actor, Permission.ORGANISATION_CREATE, local_day(now))
    problems = [*_problems(session, typed), *_officer_problems(session, officer)]
    if problems:
        raise InvalidInputs(problems)
    organisation = create_organisation(
        session,
        actor,
        code=typed.code.strip(),
        name_th=typed.name_th.strip(),
        name_en=typed.name_en.strip(),
        family=typed.family,
        now=now,
    )
    uses = [
        {"code": code, "category": category.value}
        for category, codes in (
            (CompetencyCategory.CORE, typed.core),
            (CompetencyCategory.FUNCTIONAL, typed.functional),
        )
        for code in codes
    ]
    scoring = scoring_json(family_scoring(Family(typed.family)))
    set_rules(session, actor, organisation.id, {"frameworks": uses, "scoring": scoring}, local_day(now), now)
    if typed.with_profiles:
        day = local_day(now)
        build_example_profiles(session, organisation.id, rules_on(session, organisation.id, day), day)
    _appoint(session, actor, organisation.id, officer, password_hash, now)
    return organisation


def appoint_officer(
    session: Session,
    actor: Actor,
    organisation_id: int,
    officer: OfficerFields,
    password_hash: str,
    now: datetime,
) -> Organisation:
    """Another personnel officer, for an organisation that has lost its own. Raises InvalidInputs, NotVisible,
    NotPermitted."""
    check_organisation(session, actor, Permission.ORGANISATION_CREATE, local_day(now))
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotVisible
    problems = _officer_problems(session, officer)
    if problems:
        raise InvalidInputs(problems)
    _appoint(session, actor, organisation.id, officer, password_hash, now)
    return organisation


def _appoint(
    session: Session,
    actor: Actor,
    organisation_id: int,
    officer: OfficerFields,
    password_hash: str,
    now: datetime,
) -> None:
    person = create_person(
        session,
        title_th=officer.title_th,
        first_name=officer.first_name,
        last_name=officer.last_name,
        email=officer.email,
        now=now,
    )
    within = Actor(actor.person_id, organisation_id, actor.origin)
    account = create_account(session, within, person.id, officer.login, password_hash, now)
    account.must_change_password = True
    grant_role(session, within, organisation_id, person.id, Role.HR_OFFICER, from_on=local_day(now), now=now)
    session.flush()


def _noting(problems: list[InvalidInput], check: Callable[[], object]) -> None:
    try:
        check()
    except InvalidInput as problem:
        problems.append(problem)


def _problems(session: Session, typed: OrganisationFields) -> list[InvalidInput]:
    problems: list[InvalidInput] = []
    _noting(problems, lambda: _check_code(session, typed.code))
    _noting(problems, lambda: required_text("name_th", typed.name_th, NAME_TEXT))
    _noting(problems, lambda: required_text("name_en", typed.name_en, NAME_TEXT))
    if typed.family not in set(Family):
        problems.append(InvalidInput("family", "unknown_choice" if typed.family else "required"))
    known = set(
        session.scalars(
            select(CompetencyFramework.code)
            .join(FrameworkVersion, FrameworkVersion.framework_id == CompetencyFramework.id)
            .where(
                FrameworkVersion.state == VersionState.PUBLISHED,
                CompetencyFramework.organisation_id.is_(None),  # a new one has none of its own yet
            )
        )
    )
    if not typed.core:
        problems.append(InvalidInput("core", "required"))
    for field, codes in (("core", typed.core), ("functional", typed.functional)):
        if not known.issuperset(codes):
            problems.append(InvalidInput(field, "unknown_choice"))
    return problems


def _check_code(session: Session, text: str) -> None:
    code = required_text("code", text, LONGEST_CODE)
    if CODE.fullmatch(code) is None:
        raise InvalidInput("code", "not_a_code")
    if session.scalar(select(Organisation.id).where(Organisation.code == code)) is not None:
        raise InvalidInput("code", "taken", value=code)


def _officer_problems(session: Session, officer: OfficerFields) -> list[InvalidInput]:
    problems: list[InvalidInput] = []
    _noting(problems, lambda: checked_text("title_th", officer.title_th, LONGEST_TITLE))
    _noting(problems, lambda: required_text("first_name", officer.first_name, LONGEST_NAME))
    _noting(problems, lambda: required_text("last_name", officer.last_name, LONGEST_NAME))
    _noting(problems, lambda: checked_email("email", officer.email))
    _noting(problems, lambda: _check_login(session, officer.login))
    return problems


def _check_login(session: Session, text: str) -> None:
    login = required_text("login", normalised_login(text), LONGEST_LOGIN)
    if not login.isprintable() or login.split() != [login]:
        raise InvalidInput("login", "wrong_value")
    if session.scalar(select(UserAccount.id).where(UserAccount.login == login)) is not None:
        raise InvalidInput("login", "taken", value=login)
