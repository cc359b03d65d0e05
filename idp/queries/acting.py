"""Orders to act in SQL: over which rows of a list an order reaches."""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from idp.models import Assessment, Delegation, DevelopmentPlan, Employee, ExternalAppraiser, Unit
from idp.queries.relations import appraiser_holds, delegation_holds
from idp.rules.delegations import scopes_covering
from idp.rules.terms import SubjectType

Record = type[Assessment] | type[DevelopmentPlan]
Holder = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


def acts_for(person_id: int, record: Record, holder: Holder, day: date) -> ColumnElement[bool]:
    """Whether the person acts on that day for the one whom the column `holder` of `record` names, by an order
    of the record's organisation that reaches the record; the same as `standing_on_record` says of one."""
    return exists(
        select(Delegation.id)
        .where(order_covers(record, holder, day), Delegation.to_person_id == person_id)
        .correlate(record)
    )


def order_covers(record: Record, holder: Holder, day: date) -> ColumnElement[bool]:
    """For rows of Delegation beside those of `record`: the order is in force, is of the one whom `holder`
    names, and hands over records of this kind. It never reaches the delegate's own record."""
    subject_type = SubjectType.ASSESSMENT if record is Assessment else SubjectType.PLAN
    return and_(
        Delegation.organisation_id == record.organisation_id,
        Delegation.from_person_id == holder,
        Delegation.to_person_id != record.owner_person_id,
        Delegation.scope.in_(scopes_covering(subject_type)),
        delegation_holds(day),
        or_(Delegation.unit_id.is_(None), _is_within_the_unit(record)),
        _delegate_serves(day),
    )


def _delegate_serves(day: date) -> ColumnElement[bool]:
    """Who has left the organisation acts for nobody there."""
    employed = select(Employee.id).where(
        Employee.person_id == Delegation.to_person_id,
        Employee.organisation_id == Delegation.organisation_id,
        or_(Employee.left_on.is_(None), Employee.left_on >= day),
    )
    appraising = select(ExternalAppraiser.id).where(
        ExternalAppraiser.person_id == Delegation.to_person_id,
        ExternalAppraiser.organisation_id == Delegation.organisation_id,
        appraiser_holds(day),
    )
    return or_(exists(employed.correlate(Delegation)), exists(appraising.correlate(Delegation)))


def _is_within_the_unit(record: Record) -> ColumnElement[bool]:
    """The record's unit, as frozen when the cycle opened, is the order's or stands below it."""
    of_record, of_order, assessment = aliased(Unit), aliased(Unit), aliased(Assessment)
    found = select(of_record.id).where(
        of_order.id == Delegation.unit_id, of_record.path.startswith(of_order.path)
    )
    if record is Assessment:
        found = found.where(of_record.id == Assessment.unit_id)
    else:
        found = found.where(
            of_record.id == assessment.unit_id, assessment.id == DevelopmentPlan.assessment_id
        )
    return exists(found.correlate(Delegation, record))
