"""The assessment form for pen and paper: who, what is expected, every behaviour to tick; no rating at all."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from idp.models import Assessment
from idp.queries import form_words as words
from idp.queries.form_people import employee_on_form, organisation_on_form, supervisor_on_form
from idp.queries.rated_items import items_on_page
from idp.queries.signatures import owner_place, signature, supervisor_place
from idp.rules.errors import NotVisible
from idp.rules.forms import BlankCompetency, BlankForm, BlankLevel, DocumentIdentity
from idp.rules.levels import PassRule
from idp.rules.settings import rules_from_json


def blank_form(session: Session, assessment_id: int, printed_on: date) -> BlankForm:
    """A constant number of statements. Raises NotVisible when there is no such assessment."""
    assessment = session.scalar(
        select(Assessment).where(Assessment.id == assessment_id).options(joinedload(Assessment.cycle))
    )
    if assessment is None:
        raise NotVisible
    cycle = assessment.cycle
    rules = rules_from_json(cycle.settings)
    items = items_on_page(session, assessment_id, PassRule(rules.pass_rule, rules.pass_percentage), ())
    employee = employee_on_form(assessment, organisation_on_form(session, assessment))
    return BlankForm(
        identity=DocumentIdentity(
            f"CA-{cycle.code}-{assessment.employee_number}",
            words.BLANK_EDITION,
            words.BLANK_STATUS,
            printed_on,
            rules.thai_digits,
        ),
        fiscal_year=cycle.fiscal_year,
        period_name=words.HALF.format(cycle.half) if cycle.half else "",
        starts_on=cycle.starts_on,
        ends_on=cycle.ends_on,
        employee=employee,
        supervisor=supervisor_on_form(assessment),
        competencies=tuple(
            BlankCompetency(
                order,
                item.name_th,
                words.CATEGORIES[item.category],
                item.definition_th,
                item.expected,
                tuple(
                    BlankLevel(
                        level.number,
                        level.title_th,
                        tuple(indicator.text_th for indicator in level.indicators),
                    )
                    for level in item.levels
                    if level.number > 0
                ),
            )
            for order, item in enumerate(items, start=1)
        ),
        signatures=(
            signature(owner_place(assessment, words.ROLE_EMPLOYEE, employee.full_position), None),
            signature(supervisor_place(assessment, words.ROLE_SUPERVISOR), None),
        ),
    )
