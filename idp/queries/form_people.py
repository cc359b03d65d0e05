"""The people on the printed forms, as they were when the cycle opened."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, HistoryEntry, Organisation
from idp.rules.forms import PersonOnForm
from idp.rules.terms import CycleEvent, SubjectType


def organisation_on_form(session: Session, assessment: Assessment) -> str:
    """The name that the organisation had when the cycle opened, as its history keeps it; one statement."""
    opened = session.scalar(
        select(HistoryEntry.detail)
        .where(
            HistoryEntry.subject_type == SubjectType.CYCLE,
            HistoryEntry.subject_id == assessment.cycle_id,
            HistoryEntry.event == CycleEvent.BEGIN_OPENING.value,
        )
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    )
    frozen = (opened or {}).get("organisation_name_th")
    return str(frozen or session.get_one(Organisation, assessment.organisation_id).name_th)


def employee_on_form(assessment: Assessment, organisation_name: str) -> PersonOnForm:
    """The employee as they were when the cycle opened."""
    return PersonOnForm(
        title=assessment.title_th,
        first_name=assessment.first_name,
        last_name=assessment.last_name,
        position=assessment.position_name,
        number=assessment.employee_number,
        position_type=assessment.position_type_name,
        level_name=assessment.position_level_name,
        unit_path=(assessment.unit_path_name,) if assessment.unit_path_name else (),
        organisation=organisation_name,
    )


def supervisor_on_form(assessment: Assessment) -> PersonOnForm | None:
    """The snapshot keeps the appraiser's name in one piece, title and all."""
    if not assessment.supervisor_name:
        return None
    return PersonOnForm("", assessment.supervisor_name, "", assessment.supervisor_position)
