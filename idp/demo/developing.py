"""What the personnel office prepares for development in each year: courses with their runs, an action of its
own, the ceiling of the budget; and what people take up of it in their plans."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from idp.demo.clockwork import at
from idp.demo.population import Office
from idp.demo.reviewing import items_of
from idp.demo.scene import Scene
from idp.demo.seeds import CourseSeed, CycleSeed, DevelopmentFile
from idp.models import (
    AssessmentItem,
    Assignment,
    Competency,
    Course,
    CourseLevel,
    CourseRun,
    Gap,
    PlanItem,
    ProficiencyLevel,
    Unit,
)
from idp.queries.mentoring import mentor_choices, own_offers
from idp.queries.profile_versions import of_versions, versions_in_use
from idp.queries.strengths import strengths_of
from idp.rules.relations import Actor
from idp.rules.terms import CompetencyCategory, DevelopmentMethod
from idp.services.carry_over import carry_over_all
from idp.services.catalogue.action_fields import ActionFields
from idp.services.catalogue.drafts import create_action
from idp.services.catalogue.publishing import publish_action
from idp.services.mentoring import OfferFields, ask_mentor, offer_mentoring
from idp.services.training.budgets import copy_ceilings, set_ceiling
from idp.services.training.course_fields import CourseFields, RunFields
from idp.services.training.course_lines import add_course_line
from idp.services.training.course_runs import add_run
from idp.services.training.courses import create_course

PREPARED_AT = time(10, 0)
"""On the day of the opening."""

TAKES_COURSE = 0.35
OFFERS_STRENGTH = 0.4
TAUGHT = (DevelopmentMethod.COACHING, DevelopmentMethod.MENTORING, DevelopmentMethod.SHADOWING)
PLACE = "ห้องประชุมของหน่วยงาน"


def prepare_development(
    session: Session, office: Office, cycle: CycleSeed, seeds: DevelopmentFile, *, is_first: bool
) -> None:
    """In the first year everything is set up; in the next the courses run again and the ceiling is copied."""
    hr = office.actor(office.hr[0])
    now = at(cycle.opens_on, PREPARED_AT)
    if is_first:
        core = _core_competencies(session, office, cycle.opens_on)
        for seed in seeds.courses:
            _create_course(session, office, hr, seed, core, now)
        _write_own_action(session, hr, seeds, core[0], now)
        _set_ceilings(session, office, cycle, seeds.ceiling_a_person, now)
    else:
        copy_ceilings(session, hr, cycle.fiscal_year, now)
    courses = {each.code: each for each in session.scalars(select(Course).where(_is_of(office)))}
    for seed in seeds.courses:
        for begins, length, seats in seed.runs:
            starts_on = cycle.opens_on + timedelta(days=begins)
            ends_on = starts_on + timedelta(days=length - 1)
            run = RunFields(starts_on, ends_on, seats, place="" if seed.method == "elearning" else PLACE)
            add_run(session, hr, courses[_code(office, seed)].id, run, now)


def _set_ceilings(
    session: Session, office: Office, cycle: CycleSeed, baht_a_person: int, now: datetime
) -> None:
    """For each unit at the top, by how many serve in it and below."""
    top, unit = aliased(Unit), aliased(Unit)
    people = session.execute(
        select(top.id, func.count(Assignment.id))
        .join(unit, unit.path.startswith(top.path))
        .join(Assignment, Assignment.unit_id == unit.id)
        .where(top.organisation_id == office.organisation_id, top.parent_id.is_(None))
        .where(Assignment.from_on <= cycle.opens_on, Assignment.until_on.is_(None))
        .group_by(top.id)
        .order_by(top.id)
    )
    for unit_id, count in people:
        baht = Decimal(baht_a_person * count)
        set_ceiling(session, office.actor(office.hr[0]), cycle.fiscal_year, unit_id, baht, now)


def take_up(scene: Scene) -> None:
    """What was left from the year before first; then perhaps a course for one of the gaps. Some let
    colleagues know of a strength."""
    _offer_strength(scene)
    carry_over_all(scene.session, scene.owner, scene.plan_id, scene.now)
    if scene.rng.random() >= TAKES_COURSE:
        return
    chosen = scene.session.execute(
        select(CourseRun, ProficiencyLevel.id)
        .join(Course, Course.id == CourseRun.course_id)
        .join(CourseLevel, CourseLevel.course_id == Course.id)
        .join(ProficiencyLevel, ProficiencyLevel.id == CourseLevel.level_id)
        .join(AssessmentItem, AssessmentItem.competency_id == ProficiencyLevel.competency_id)
        .join(Gap, Gap.item_id == AssessmentItem.id)
        .where(
            AssessmentItem.assessment_id == scene.assessment_id,
            _is_of(scene.office),
            Gap.gap > 0,
            ProficiencyLevel.number == AssessmentItem.expected_level,
            CourseRun.starts_on > scene.diary.day,
            Course.id.not_in(_taken(scene)),
        )
        .order_by(Gap.gap.desc(), CourseRun.starts_on, CourseRun.id)
    ).first()
    if chosen is not None:
        run, level_id = chosen
        add_course_line(
            scene.session, scene.owner, scene.plan_id, run.course_id, run.id, scene.now, level_id=level_id
        )


def _taken(scene: Scene) -> set[int]:
    """The courses that the plan has already: carried over from the year before."""
    return {item.course_id for item in items_of(scene) if item.course_id is not None}


def ask_mentor_for(scene: Scene, item: PlanItem) -> None:
    """The first colleague who offers, for a line that somebody has to teach."""
    if item.method not in TAUGHT or scene.plan is None:
        return
    offers = mentor_choices(scene.session, scene.plan, item.competency_id, item.target_level, scene.diary.day)
    if offers:
        ask_mentor(scene.session, scene.owner, item.id, offers[0].person_id, scene.now)


def _offer_strength(scene: Scene) -> None:
    if scene.rng.random() >= OFFERS_STRENGTH:
        return
    offered = {
        each.competency_id
        for each in own_offers(
            scene.session, scene.office.organisation_id, scene.member.person_id, scene.diary.day
        )
    }
    strengths = strengths_of(scene.session, scene.member.employee_id)
    for strength in strengths[:1]:
        if strength.competency_id not in offered:
            note = scene.say(scene.development.mentor_notes)
            fields = OfferFields(int(strength.attained), note=note)
            offer_mentoring(scene.session, scene.owner, strength.item_id, fields, scene.now)


def _is_of(office: Office) -> ColumnElement[bool]:
    return Course.organisation_id == office.organisation_id


def _core_competencies(session: Session, office: Office, day: date) -> list[int]:
    uses = versions_in_use(session, office.organisation_id, day)
    return list(
        session.scalars(
            select(Competency.id)
            .where(of_versions(uses), Competency.category == CompetencyCategory.CORE)
            .order_by(Competency.sort_order, Competency.id)
        )
    )


def _code(office: Office, seed: CourseSeed) -> str:
    return f"{office.seed.number_prefix}-{seed.code}"


def _create_course(
    session: Session, office: Office, hr: Actor, seed: CourseSeed, core: list[int], now: datetime
) -> None:
    served = core[min(seed.serves, len(core)) - 1]
    levels = session.scalars(
        select(ProficiencyLevel.id).where(
            ProficiencyLevel.competency_id == served, ProficiencyLevel.number.between(1, 3)
        )
    )
    fields = CourseFields(
        code=_code(office, seed),
        title=seed.title,
        method=seed.method,
        hours=seed.hours,
        price_baht=Decimal(seed.price),
        provider=seed.provider,
        measure=seed.measure,
        evidence=seed.evidence,
        level_ids=frozenset(levels),
    )
    create_course(session, hr, fields, now)


def _write_own_action(
    session: Session, hr: Actor, seeds: DevelopmentFile, competency_id: int, now: datetime
) -> None:
    """For the lowest level that somebody may have to reach."""
    level_id = session.scalars(
        select(ProficiencyLevel.id)
        .where(ProficiencyLevel.competency_id == competency_id, ProficiencyLevel.number > 0)
        .order_by(ProficiencyLevel.number)
    ).first()
    seed = seeds.own_action
    fields = ActionFields(
        title=seed.title,
        method=seed.method,
        detail=seed.detail,
        hours=seed.hours,
        weeks=seed.weeks,
        cost_baht=Decimal(seed.cost),
        evidence=seed.evidence,
        measure=seed.measure,
    )
    action = create_action(session, hr, level_id, fields, now)
    publish_action(session, hr, action.id, now)
