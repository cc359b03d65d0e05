"""Persons with their log-in, employees with their dated assignments, appraisers from outside, roles,
delegations."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.base import Base, OrganisationOwned, Versioned, enum_type
from idp.rules.delegations import DelegationKind, DelegationScope
from idp.rules.terms import PersonnelType, Role
from idp.rules.thai import full_name


def _display_name(context: Any) -> str:
    row = context.get_current_parameters()
    return full_name(row["title_th"], row["first_name"], row["last_name"])


class Person(Base):
    """Somebody, once in the whole deployment, whatever organisations they work for."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    title_th: Mapped[str] = mapped_column(String(40))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    # Title and names joined by the rules of Thai documents, so that statements over sets can copy it.
    display_name: Mapped[str] = mapped_column(String(250), default=_display_name)
    email: Mapped[str | None] = mapped_column(String(254))
    created_at: Mapped[datetime]


class UserAccount(Base):
    """A person's log-in; the name need not be an e-mail address."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    login: Mapped[str] = mapped_column(String(120), unique=True)  # lower case
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    # The password is one that HR handed over: good for one log-in, which asks for another.
    must_change_password: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(5), default="th")
    password_changed_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class WebSession(Base):
    """A signed-in browser. The cookie holds a random token, the table only its hash: log-out ends it for
    good."""

    __tablename__ = "web_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_account_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    origin: Mapped[str] = mapped_column(String(60), default="")


class Employee(OrganisationOwned, Base):
    """A person's employment in one organisation."""

    __tablename__ = "employee"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        UniqueConstraint("organisation_id", "person_id"),
        Index("ix_employee_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str] = mapped_column(String(40))
    personnel_type: Mapped[PersonnelType] = mapped_column(enum_type(PersonnelType, "personnel_type"))
    hired_on: Mapped[date]
    left_on: Mapped[date | None]
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class ExternalAppraiser(OrganisationOwned, Base):
    """Somebody who rates without being staff (a mayor, a provincial governor), until the day when their term
    ends (`until_on` included, or open)."""

    __tablename__ = "external_appraiser"
    __table_args__ = (UniqueConstraint("organisation_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    position_name: Mapped[str] = mapped_column(String(200))
    until_on: Mapped[date | None]
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Assignment(OrganisationOwned, Base):
    """Where an employee serves, as what, under whom, from one day to another (`until_on` included, or
    open).

    The supervisors are persons, not employees: an external appraiser can be one.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
        Index(
            "uq_assignment_open",
            "employee_id",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    position_name: Mapped[str] = mapped_column(String(200))
    full_position: Mapped[str] = mapped_column(String(250))  # with its level: rules.thai.position_with_level
    position_number: Mapped[str] = mapped_column(String(40), default="")
    line_of_work_id: Mapped[int | None] = mapped_column(ForeignKey("line_of_work.id"), index=True)
    position_level_id: Mapped[int] = mapped_column(ForeignKey("position_level.id"), index=True)
    supervisor_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    second_level_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    employee: Mapped[Employee] = relationship()


class RoleGrant(Base):
    """A role of a person in an organisation (none for the deployment's administrator), from one day to
    another.

    An executive's `unit_id` bounds what they read to that unit and those below it.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("(role = 'deployment_admin') = (organisation_id IS NULL)", name="organisation_named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class Delegation(OrganisationOwned, Versioned, Base):
    """An order by which one person acts for another (รักษาราชการแทน / ปฏิบัติราชการแทน), for a time.

    `unit_id` bounds it to those of the unit and below. An order ended early has the day as its `until_on`
    and `ended_at` says when that was entered; one revoked before it began is never in force.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="ends_after_start"),
        CheckConstraint("from_person_id <> to_person_id", name="to_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    to_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    order_number: Mapped[str] = mapped_column(String(100))
    kind: Mapped[DelegationKind] = mapped_column(
        enum_type(DelegationKind, "kind"), default=DelegationKind.ACTING
    )
    scope: Mapped[DelegationScope] = mapped_column(
        enum_type(DelegationScope, "scope"), default=DelegationScope.EVERYTHING
    )
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    is_revoked: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"version_id_col": Versioned.version}
