"""The people on the printed forms, as they were when the cycle opened."""

from idp.models import Assessment, Organisation
from idp.rules.forms import PersonOnForm


def employee_on_form(assessment: Assessment, organisation: Organisation) -> PersonOnForm:
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
        organisation=organisation.name_th,
    )


def supervisor_on_form(assessment: Assessment) -> PersonOnForm | None:
    """The snapshot keeps the appraiser's name in one piece, title and all."""
    if not assessment.supervisor_name:
        return None
    return PersonOnForm("", assessment.supervisor_name, "", assessment.supervisor_position)
