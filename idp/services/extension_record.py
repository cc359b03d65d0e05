"""The history of more time and of reopenings, and who is told."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, Extension, Notice, RoleGrant, Unit
from idp.queries.relations import role_holds
from idp.rules.calendar import local_day
from idp.rules.extensions import ExtensionState
from idp.rules.history_sight import shows_why_more_time
from idp.rules.permissions import allowed, relations_with
from idp.rules.relations import Actor, Standing
from idp.rules.terms import Permission, Relation, Role, SubjectType
from idp.services.history import record_history

TELLS_HR = frozenset({"ask_extension", "withdraw_extension"})
NOTICE_COLUMNS = (
    "organisation_id",
    "subject_type",
    "subject_id",
    "event",
    "recipient_person_id",
    "detail",
    "created_at",
)


def record_and_tell(
    session: Session,
    actor: Actor,
    standing: Standing,
    assessment: Assessment,
    extension: Extension,
    event: str,
    now: datetime,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """One line on the assessment and one on the request itself; a notice to the office, or to who asked, the
    employee and the supervisor. Nobody is told what they did themselves, nor the employee why more time is
    needed for the rating before they see it."""
    said = {**_facts(extension), **(detail or {})}
    record_history(
        session,
        actor,
        (SubjectType.ASSESSMENT, assessment.id),
        event,
        now,
        organisation_id=extension.organisation_id,
        on_behalf_of=standing.represented_by(relations_with(Permission.EXTENSION_ASK)),
        reason=reason,
        detail=said,
    )
    record_extension(session, actor, extension, event, now, reason)
    if event in TELLS_HR:
        recipients = set(_officers(session, extension.organisation_id, now)) - {assessment.owner_person_id}
    else:
        concerned = (
            extension.asked_by_person_id,
            assessment.owner_person_id,
            assessment.supervisor_person_id,
        )
        recipients = {each for each in concerned if each is not None}
    recipients -= {actor.person_id}
    shows_result = allowed(Permission.RESULT_VIEW, frozenset({Relation.OWNER}), assessment.state)
    if not shows_why_more_time(extension.phase, shows_result=shows_result):
        uninformed = recipients & {assessment.owner_person_id}
        _tell(session, assessment, event, uninformed, "", said, now)
        recipients -= uninformed
    _tell(session, assessment, event, recipients, reason, said, now)


def record_extension(
    session: Session, actor: Actor, extension: Extension, event: str, now: datetime, reason: str = ""
) -> None:
    """The line of the request or the reopening itself."""
    record_history(
        session,
        actor,
        (SubjectType.EXTENSION, extension.id),
        event,
        now,
        organisation_id=extension.organisation_id,
        states=(_before(extension), extension.state),
        reason=reason,
        detail=_facts(extension),
    )


def record_for_unit(
    session: Session, actor: Actor, cycle: Cycle, unit: Unit, extension: Extension, now: datetime
) -> None:
    """On the cycle and on the grant; one notice for each who is assessed in the unit and for each who rates
    there."""
    record_history(
        session,
        actor,
        (SubjectType.CYCLE, cycle.id),
        "grant_extension",
        now,
        organisation_id=cycle.organisation_id,
        reason=extension.reason,
        detail={**_facts(extension), "unit": unit.name_th},
    )
    record_extension(session, actor, extension, "grant_extension", now, extension.reason)
    for column in (Assessment.owner_person_id, Assessment.supervisor_person_id):
        rows = (
            select(
                literal(cycle.organisation_id),
                literal(SubjectType.CYCLE, Notice.subject_type.type),
                literal(cycle.id),
                literal(
                    "cycle:extended_for_owner"
                    if column is Assessment.owner_person_id
                    else "cycle:extended_for_rater"
                ),
                column,
                literal({**_facts(extension), "reason": extension.reason}, Notice.detail.type),
                literal(now, Notice.created_at.type),
            )
            .join(Unit, Unit.id == Assessment.unit_id)
            .where(
                Assessment.cycle_id == cycle.id,
                Unit.path.startswith(unit.path),
                column.is_not(None),
                column != (actor.person_id or 0),
            )
            .group_by(column)
        )
        session.execute(insert(Notice).from_select(list(NOTICE_COLUMNS), rows, include_defaults=False))


def _before(extension: Extension) -> ExtensionState | None:
    """The state that the line leads from; None for the first line."""
    if extension.state is ExtensionState.ASKED:
        return None
    if extension.state is ExtensionState.ENDED:
        return ExtensionState.GRANTED
    return ExtensionState.ASKED if extension.asked_by_person_id is not None else None


def _facts(extension: Extension) -> dict[str, Any]:
    return {
        "extension_id": extension.id,
        "phase": extension.phase.value,
        "until_on": extension.until_on.isoformat(),
    }


def _tell(
    session: Session,
    assessment: Assessment,
    event: str,
    recipients: Collection[int | None],
    reason: str,
    detail: Mapping[str, Any],
    now: datetime,
) -> None:
    for person_id in sorted(each for each in recipients if each is not None):
        session.add(
            Notice(
                organisation_id=assessment.organisation_id,
                subject_type=SubjectType.ASSESSMENT,
                subject_id=assessment.id,
                event=f"extension:{event.removesuffix('_extension')}",
                recipient_person_id=person_id,
                detail={**detail, "reason": reason} if reason else dict(detail),
                created_at=now,
            )
        )
    session.flush()


def _officers(session: Session, organisation_id: int, now: datetime) -> list[int]:
    return list(
        session.scalars(
            select(RoleGrant.person_id).where(
                RoleGrant.organisation_id == organisation_id,
                RoleGrant.role == Role.HR_OFFICER,
                role_holds(local_day(now)),
            )
        )
    )
