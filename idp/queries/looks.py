"""Who looked at a person's ratings and plans, the latest first."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from idp.models import (
    Assessment,
    Assignment,
    Cycle,
    DevelopmentPlan,
    Employee,
    ExternalAppraiser,
    Look,
    Organisation,
    Person,
)
from idp.queries.own_records import of_here_or_left
from idp.rules.looks import LookKind
from idp.rules.relations import Actor
from idp.rules.terms import Relation, SubjectType

PAGE = 50


@dataclass(frozen=True)
class LookRow:
    """One viewer's looks at one record on one day. `viewer_position` is as on that day, "" when unknown;
    `represented_name` "" when they looked for themself; `cycle_name_th` "" for a plan, which has its
    `fiscal_year`."""

    viewer_name: str
    viewer_position: str
    represented_name: str
    relation: Relation
    what: LookKind
    subject_type: SubjectType
    subject_id: int
    organisation_name_th: str
    organisation_name_en: str
    cycle_name_th: str
    cycle_name_en: str
    fiscal_year: int | None
    day: date
    first_at: datetime
    last_at: datetime
    times: int


@dataclass(frozen=True)
class LookList:
    """`next_before`: the number of the look to ask the following page with, None on the last one."""

    rows: tuple[LookRow, ...]
    next_before: int | None


def my_looks(
    session: Session, actor: Actor, day: date, before: int | None = None, limit: int = PAGE
) -> LookList:
    """At what the actor owns, in the organisation signed in to and in those they have left; one statement."""
    is_own = Look.owner_person_id == actor.person_id
    return _looks(session, is_own & of_here_or_left(Look.organisation_id, actor, day), before, limit)


def looks_at_record(
    session: Session, subject_type: SubjectType, subject_id: int, before: int | None = None, limit: int = PAGE
) -> LookList:
    """At one assessment or plan; one statement."""
    of_record = and_(Look.subject_type == subject_type, Look.subject_id == subject_id)
    return _looks(session, of_record, before, limit)


def _looks(session: Session, condition: ColumnElement[bool], before: int | None, limit: int) -> LookList:
    represented = aliased(Person)
    statement = (
        select(
            Look,
            Person.display_name,
            _position_then(),
            represented.display_name,
            Organisation,
            Cycle.name_th,
            Cycle.name_en,
            DevelopmentPlan.fiscal_year,
        )
        .join(Person, Person.id == Look.viewer_person_id)
        .join(Organisation, Organisation.id == Look.organisation_id)
        .outerjoin(represented, represented.id == Look.on_behalf_of_person_id)
        .outerjoin(
            Assessment,
            and_(Look.subject_type == SubjectType.ASSESSMENT, Assessment.id == Look.subject_id),
        )
        .outerjoin(Cycle, Cycle.id == Assessment.cycle_id)
        .outerjoin(
            DevelopmentPlan,
            and_(Look.subject_type == SubjectType.PLAN, DevelopmentPlan.id == Look.subject_id),
        )
        .where(condition)
        .order_by(Look.last_at.desc(), Look.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        statement = statement.where(_comes_after(before))
    found = session.execute(statement).all()
    rows = tuple(_row(*each) for each in found[:limit])
    return LookList(rows, found[limit - 1][0].id if len(found) > limit else None)


def _comes_after(look_id: int) -> ColumnElement[bool]:
    """Older than that look; where it is gone or unknown, nothing."""
    last = select(Look.last_at).where(Look.id == look_id).scalar_subquery()
    return or_(Look.last_at < last, and_(Look.last_at == last, Look.id < look_id))


def _position_then() -> ColumnElement[str]:
    """The viewer's position on the day of the look, as an employee or as an appraiser from outside."""
    as_employee = (
        select(Assignment.full_position)
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(
            Employee.person_id == Look.viewer_person_id,
            Employee.organisation_id == Look.organisation_id,
            Assignment.from_on <= Look.local_day,
            or_(Assignment.until_on.is_(None), Assignment.until_on >= Look.local_day),
        )
        .limit(1)
        .correlate(Look)
        .scalar_subquery()
    )
    from_outside = (
        select(ExternalAppraiser.position_name)
        .where(
            ExternalAppraiser.person_id == Look.viewer_person_id,
            ExternalAppraiser.organisation_id == Look.organisation_id,
        )
        .limit(1)
        .correlate(Look)
        .scalar_subquery()
    )
    return func.coalesce(as_employee, from_outside, "")


def _row(
    look: Look,
    viewer: str,
    position: str,
    represented: str | None,
    organisation: Organisation,
    cycle_name_th: str | None,
    cycle_name_en: str | None,
    fiscal_year: int | None,
) -> LookRow:
    return LookRow(
        viewer_name=viewer,
        viewer_position=position,
        represented_name=represented or "",
        relation=look.relation,
        what=look.what,
        subject_type=look.subject_type,
        subject_id=look.subject_id,
        organisation_name_th=organisation.name_th,
        organisation_name_en=organisation.name_en,
        cycle_name_th=cycle_name_th or "",
        cycle_name_en=cycle_name_en or "",
        fiscal_year=fiscal_year,
        day=look.local_day,
        first_at=look.first_at,
        last_at=look.last_at,
        times=look.times,
    )
