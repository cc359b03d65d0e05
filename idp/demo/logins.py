"""The printed log-ins: who they are, and that each of them finds a next step to do."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.demo.casting import Pins, Stage
from idp.demo.population import ORIGIN, Member, Office
from idp.models import Person, UserAccount
from idp.rules.relations import Actor
from idp.services.passwords import hash_password
from idp.services.staff import create_account

HR_LOGIN = "hr"
PINNED_STAFF = (
    Stage.NOT_STARTED,  # employee: begins the self-assessment
    Stage.SELF_SUBMITTED,  # supervisor: rates
    Stage.SUBMITTED,  # supervisor: reviews a plan
    Stage.RATED,  # second level: agrees or differs
    Stage.RELEASED,  # planner: acknowledges, and drafts a plan
    Stage.SECOND_OPINION,  # HR: releases
    Stage.DRAFT,
)


@dataclass(frozen=True)
class Login:
    login: str
    role: str
    person_id: int


@dataclass(frozen=True)
class Team:
    """A unit at the bottom of the tree: those below the head who hold no office, and those above."""

    head: Member
    staff: tuple[Member, ...]


def chosen_team(office: Office) -> Team:
    """The first of the deepest units with somebody to lead: its members' log-ins can carry one person
    through the whole year."""
    heads = [member for member in office.members if member.post.is_head]
    heads.sort(key=lambda member: -member.post.depth)
    teams = [
        Team(
            head,
            tuple(
                member
                for member in office.members
                if member.post.boss == head.post.index and not member.post.is_head and not member.post.role
            ),
        )
        for head in heads
    ]
    return next((team for team in teams if len(team.staff) >= 4), teams[0])


def pins_of(office: Office) -> Pins:
    """Where those who log in, and those they answer for, stand in the current year."""
    by_person = {member.person_id: member for member in office.members}
    pins = Pins()
    pins.pin(office.members[0], Stage.SELF_SUBMITTED)  # the appraiser from outside rates the head
    pins.pin(by_person.get(office.hr[0]), Stage.SELF_ASSESSING)
    pins.pin(by_person.get(office.executive or 0), Stage.RELEASED)
    pins.pin(by_person.get(office.auditor or 0), Stage.RELEASED)
    for member, stage in zip(chosen_team(office).staff, PINNED_STAFF, strict=False):
        pins.pin(member, stage)
    return pins


def logins_of(office: Office, every: bool) -> list[Login]:
    """HR's log-in; with `every`, one for each other role too."""
    code = office.seed.code
    found = [Login(f"{HR_LOGIN}.{code}", "HR officer", office.hr[0])]
    if not every:
        return found
    team = chosen_team(office)
    others: list[tuple[str, str, int | None]] = [
        ("employee", "employee, self-assessment to begin", team.staff[0].person_id),
        ("planner", "employee, result to acknowledge", team.staff[min(4, len(team.staff) - 1)].person_id),
        ("supervisor", "supervisor of both", team.head.person_id),
        ("second", "second-level supervisor", team.head.supervisor_id),
        ("executive", "executive", office.executive),
        ("auditor", "auditor", office.auditor),
        ("committee", "member of the moderation committee", office.moderator),
        ("appraiser", "appraiser from outside", office.appraiser_id),
    ]
    taken = {office.hr[0]}
    for name, role, person_id in others:
        if person_id is not None and person_id not in taken:
            taken.add(person_id)
            found.append(Login(f"{name}.{code}", role, person_id))
    return found


def create_logins(
    session: Session, logins: list[Login], administrator_id: int, password: str, now: datetime
) -> None:
    """Give each of them the one demonstration password, hashed once."""
    password_hash = hash_password(password)
    actor = Actor(administrator_id, None, ORIGIN)
    for each in logins:
        create_account(session, actor, each.person_id, each.login, password_hash, now)


def login_lines(session: Session, password: str, logins: list[str]) -> list[str]:
    """What is printed: one line for each log-in that is there, and the password."""
    rows = session.execute(
        select(UserAccount.login, Person.display_name)
        .join(Person, Person.id == UserAccount.person_id)
        .where(UserAccount.login.in_(logins))
        .order_by(UserAccount.id)
    )
    return [*(f"  {login:<20} {name}" for login, name in rows), f"  password: {password}"]
