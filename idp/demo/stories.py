"""The year as stories: HR's, which opens and closes a cycle, and everybody else's in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from idp.adapters.storage import Storage
from idp.demo.ability import true_levels
from idp.demo.agreeing import agreement
from idp.demo.assessing import RELEASE_TIME, rating, receipt, release, second_opinion, self_assessment
from idp.demo.casting import Part
from idp.demo.changes import change_story
from idp.demo.clockwork import Agenda, Diary, Story, at
from idp.demo.developing import prepare_development
from idp.demo.looking import looking_story
from idp.demo.more_time import more_time_story
from idp.demo.objecting import objection
from idp.demo.planning import carrying_out, drafting, evaluation
from idp.demo.population import Member, Office
from idp.demo.reviewing import review
from idp.demo.scene import Pile, Scene, StageReached, items_of_cycle
from idp.demo.seeds import CycleSeed, DevelopmentFile, TextsFile
from idp.demo.timetables import Timetable
from idp.demo.together import approval_story
from idp.models import Cycle
from idp.rules.settings import OrganisationRules
from idp.rules.terms import PhaseKind
from idp.services.closing import begin_closing, continue_closing
from idp.services.cycles import create_cycle, publish_cycle
from idp.services.effects import recount_effects
from idp.services.opening import begin_opening, continue_opening
from idp.services.results import release_many
from idp.services.settings import rules_of_cycle, rules_on

CHAPTERS = (
    agreement,
    self_assessment,
    rating,
    second_opinion,
    release,
    receipt,
    objection,
    drafting,
    review,
    carrying_out,
    evaluation,
)

Casting = Callable[[Office, OrganisationRules, list[Member]], dict[int, Part]]


@dataclass
class YearPlan:
    """How one organisation lives through one cycle. `year` 0 is the closed one, 1 the current."""

    session: Session
    agenda: Agenda
    office: Office
    texts: TextsFile
    development: DevelopmentFile
    cycle: CycleSeed
    year: int
    seed: int
    until: datetime
    cast: Casting
    timetable_of: Callable[[Part], Timetable]
    releases: tuple[date, ...]
    storage: Storage
    due_shift: int = 0

    def rng(self, *names: str) -> Random:
        return Random("/".join((str(self.seed), self.office.seed.code, *names)))

    def phases(self) -> dict[PhaseKind, tuple[date, date]]:
        """The cycle's phases, the due days of the assessment moved by the organisation's shift; the agreement
        where the organisation asks for one."""
        shift = timedelta(days=self.due_shift)
        rules = rules_on(self.session, self.office.organisation_id, self.cycle.opens_on)
        return {
            kind: (opens_on, max(due_on + shift, opens_on))
            for kind, (opens_on, due_on) in self.cycle.phases.items()
            if kind is not PhaseKind.AGREEMENT or rules.agreement_at_start
        }


def cycle_story(plan: YearPlan) -> Story:
    """HR prepares, publishes and opens the cycle, releases on its days, and closes it where it is to be
    closed."""
    session, office = plan.session, plan.office
    hr = office.actor(office.hr[0])
    opens_on = plan.cycle.opens_on
    yield at(opens_on - timedelta(days=1), time(9, 0))
    now = at(opens_on - timedelta(days=1), time(9, 0))
    cycle = _create(plan, now)
    publish_cycle(session, hr, cycle.id, now)
    session.commit()
    yield (now := at(opens_on, time(7, 0)))
    begin_opening(session, hr, cycle.id, now)
    session.commit()
    while not continue_opening(session, cycle.id, now):
        session.commit()
    session.commit()
    prepare_development(session, office, plan.cycle, plan.development, is_first=not plan.year)
    session.commit()
    to_release = Pile()
    _begin_stories(plan, cycle, to_release)
    for day in plan.releases:
        yield (now := at(day, RELEASE_TIME))
        for officer, assessment_ids in to_release.take():
            release_many(session, office.actor(officer), cycle.id, assessment_ids, now)
        recount_effects(session, office.organisation_id, now)  # what a night's worker would count
    if plan.cycle.closes_on is None:
        return
    yield (now := at(plan.cycle.closes_on, time(16, 0)))
    begin_closing(session, hr, cycle.id, now)
    session.commit()
    while not continue_closing(session, cycle.id, now):
        session.commit()


def _create(plan: YearPlan, now: datetime) -> Cycle:
    seed = plan.cycle
    return create_cycle(
        plan.session,
        plan.office.actor(plan.office.hr[0]),
        code=seed.code,
        name_th=seed.name_th,
        name_en=seed.name_en,
        fiscal_year=seed.fiscal_year,
        phases=plan.phases(),
        now=now,
    )


def _begin_stories(plan: YearPlan, cycle: Cycle, to_release: Pile) -> None:
    to_approve = Pile()
    rules = rules_of_cycle(cycle)
    there = items_of_cycle(plan.session, cycle.id)
    members = [member for member in plan.office.members if member.employee_id in there]
    parts = plan.cast(plan.office, rules, members)
    scenes: list[Scene] = []
    for member in members:
        assessment, items = there[member.employee_id]
        part = parts[member.post.index]
        scene = Scene(
            session=plan.session,
            office=plan.office,
            member=member,
            assessment=assessment,
            part=part,
            diary=Diary(
                plan.rng(plan.cycle.code, member.number), at(plan.cycle.opens_on, time(8, 0)), plan.until
            ),
            timetable=plan.timetable_of(part),
            texts=plan.texts,
            development=plan.development,
            rules=rules,
            items=items,
            levels=true_levels(plan.rng(member.number), items, plan.year),
            to_release=to_release,
            to_approve=to_approve,
            storage=plan.storage,
        )
        plan.agenda.add(member_story(scene))
        scenes.append(scene)
    days = {scene.timetable.approval_day for scene in scenes} - {None}
    for day in sorted(day for day in days if day is not None):
        plan.agenda.add(approval_story(plan.session, plan.office, plan.texts, to_approve, day))
    if plan.year:
        for story in (more_time_story, change_story, looking_story):
            plan.agenda.add(story(scenes, plan.until))


def member_story(scene: Scene) -> Story:
    """One person's year, as far as it goes."""
    try:
        for chapter in CHAPTERS:
            yield from chapter(scene)
    except StageReached:
        return
