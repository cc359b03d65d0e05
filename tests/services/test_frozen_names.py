"""A form of a year gone by is the same form, whatever people and their organisation are called since."""

from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from idp.models import Assessment, Organisation, Person, Unit
from idp.queries.forms import assessment_form, plan_form
from idp.rules.settings import OrganisationRules
from idp.rules.terms import PlanState
from idp.services.plans import approve_plan
from tests.factories import steps
from tests.factories.sample import at, make_sample
from tests.services.cycle_cast import DAY, add_town, open_cycle


def rename_everything(session: Session) -> None:
    session.execute(update(Person).values(first_name="เปลี่ยน", last_name="แล้ว", display_name="นายเปลี่ยน แล้ว"))
    session.execute(update(Organisation).values(name_th="เทศบาลที่เปลี่ยนชื่อ"))
    session.execute(update(Unit).values(name_th="หน่วยงานที่เปลี่ยนชื่อ"))
    session.commit()
    session.expire_all()


def test_signatures_keep_the_names_of_those_who_signed(session: Session) -> None:
    sample = make_sample(session, replace(OrganisationRules(), hr_checks_plan=True))
    plan = steps.submitted(session, sample)
    for actor in (sample.cast.suda, sample.cast.malee):
        approve_plan(session, actor, plan.id, at(steps.REVIEW_DAY))
    assert plan.state is PlanState.APPROVED
    before = plan_form(session, plan.id, DAY)
    rating = assessment_form(session, sample.assessment.id, DAY)
    signed = [each.name for each in before.start_signatures if each.signed_on]
    assert signed == ["นายสมชาย ใจดี", "นางสาวสุดา รักงาน", "นางมาลี ศรีสุข"]
    rename_everything(session)
    after = plan_form(session, plan.id, DAY)
    assert (after.start_signatures, after.end_signatures) == (before.start_signatures, before.end_signatures)
    assert assessment_form(session, sample.assessment.id, DAY).signatures == rating.signatures


def test_the_form_keeps_the_name_that_the_organisation_had_when_the_cycle_opened(session: Session) -> None:
    town = add_town(session, staff=3)
    cycle = open_cycle(town)
    assessment_id = session.scalars(select(Assessment.id).where(Assessment.cycle_id == cycle.id)).first()
    assert assessment_id is not None
    before = assessment_form(session, assessment_id, DAY)
    assert before.employee.organisation == town.organisation.name_th
    rename_everything(session)
    assert assessment_form(session, assessment_id, DAY) == before
