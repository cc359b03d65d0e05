"""`idp user`: a first log-in, where nobody can give one in the browser yet, and the log-ins of those who
belong to several organisations, whose officers may not touch them."""

import sys
from datetime import date

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.adapters.clock import utc_now
from idp.commands.database import database_option, session_for
from idp.models import Organisation, UserAccount
from idp.rules.calendar import local_day
from idp.rules.relations import Actor
from idp.rules.terms import Role
from idp.services.accounts import (
    disable_account,
    enable_account,
    find_account,
    hand_over_password,
    normalised_login,
)
from idp.services.passwords import check_new_password, hash_password, one_time_password
from idp.services.staff import create_account, create_person, grant_role

COMMAND = Actor(None, origin="cli")


@click.group()
def user() -> None:
    """Log-ins."""


@user.command("add")
@click.option("--login", required=True, help="The log-in name; need not be an e-mail address.")
@click.option("--title", default="", help="The title that joins the first name (นาย, นางสาว ...).")
@click.option("--first-name", required=True)
@click.option("--last-name", required=True)
@click.option("--email", help="Where mails go; without it notices are shown in the application alone.")
@click.option("--organisation", metavar="CODE", help="The organisation in which the role holds.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="A role from today on.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, not by asking.")
@database_option
def add(
    login: str,
    title: str,
    first_name: str,
    last_name: str,
    email: str | None,
    organisation: str | None,
    role: str | None,
    password_stdin: bool,
    database: str | None,
) -> None:
    """Add a person with a log-in and, if named, a role."""
    if (organisation is None) is not (role in (None, Role.DEPLOYMENT_ADMIN.value)):
        raise click.UsageError("a role in an organisation needs both --organisation and --role")
    password = _password(password_stdin)
    check_new_password(password, normalised_login(login))
    hashed, now = hash_password(password), utc_now()
    with session_for(database) as session:
        organisation_id = _organisation_id(session, organisation)
        actor = Actor(None, organisation_id, origin="cli")
        person = create_person(
            session, title_th=title, first_name=first_name, last_name=last_name, email=email, now=now
        )
        create_account(session, actor, person.id, login, hashed, now)
        if role is not None:
            day: date = local_day(now)
            grant_role(session, actor, organisation_id, person.id, Role(role), from_on=day, now=now)
        session.commit()
    click.echo(f"added {normalised_login(login)}")


@user.command("reset-password")
@click.argument("login")
@database_option
def reset_password(login: str, database: str | None) -> None:
    """Print a one-time password for LOGIN; whoever is signed in with it is signed out."""
    password, now = one_time_password(), utc_now()
    hashed = hash_password(password)
    with session_for(database) as session:
        hand_over_password(session, COMMAND, _account(session, login), hashed, now)
        session.commit()
    click.echo(password)


@user.command("disable")
@click.argument("login")
@database_option
def disable(login: str, database: str | None) -> None:
    """Refuse LOGIN from now on; what is open ends."""
    with session_for(database) as session:
        disable_account(session, COMMAND, _account(session, login), utc_now())
        session.commit()
    click.echo(f"disabled {normalised_login(login)}")


@user.command("enable")
@click.argument("login")
@database_option
def enable(login: str, database: str | None) -> None:
    """Allow LOGIN again, with the password that it had."""
    with session_for(database) as session:
        enable_account(session, COMMAND, _account(session, login), utc_now())
        session.commit()
    click.echo(f"enabled {normalised_login(login)}")


def _account(session: Session, login: str) -> UserAccount:
    found = find_account(session, login)
    if found is None:
        raise click.ClickException(f"no log-in {login!r}")
    return found


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def _organisation_id(session: Session, code: str | None) -> int | None:
    if code is None:
        return None
    found = session.scalar(select(Organisation.id).where(Organisation.code == code))
    if found is None:
        raise click.ClickException(f"no organisation {code!r}")
    return found
