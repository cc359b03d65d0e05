"""Fill an empty database with the demonstration: the library, the people, and both years lived through."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from time import perf_counter

from sqlalchemy.orm import Session

from idp.adapters.storage import Storage
from idp.demo.beat import Beat
from idp.demo.casting import Part, Stage, cast_closed_year, cast_current_year
from idp.demo.clockwork import OFFICE_OPENS, Agenda, at, run_days
from idp.demo.letters import LetterWriter
from idp.demo.logins import Login, create_logins, logins_of, pins_of
from idp.demo.orders import order_story
from idp.demo.population import ORIGIN, Member, Office, make_builder, people_organisation
from idp.demo.seeds import CycleSeed, DemoSeeds, OrganisationSeed
from idp.demo.stories import YearPlan, cycle_story
from idp.demo.timetables import Timetable, closed_timetable, current_releases, current_timetable
from idp.rules.relations import Actor
from idp.rules.settings import OrganisationRules
from idp.rules.terms import Role
from idp.services.mail_sending import Post
from idp.services.seeding import load_seeds, read_seeds
from idp.services.staff import create_person, grant_role

CLOSED, CURRENT = 0, 1
ADMINISTRATOR = "administrator of the deployment"
Tick = Callable[[date], None]


@dataclass
class Building:
    """One building of the demonstration. `seconds` grows by step as it goes; those of the reminders and mails
    are also among those of the years."""

    session: Session
    seeds: DemoSeeds
    chosen: Sequence[OrganisationSeed]
    seed: int
    today: date
    mail_folder: Path
    post: Post
    storage: Storage
    offices: list[Office] = field(default_factory=list)
    logins: list[Login] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def first_day(self) -> date:
        """The day on which the clock begins."""
        return date.fromordinal(self.seeds.plan.cycles.closed.opens_on.toordinal() - 1)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Count the seconds of what is done within."""
        began = perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = self.seconds.get(step, 0.0) + perf_counter() - began

    def build(self, tick: Tick) -> None:
        """Everything but the printed forms; `tick` is called for every day lived through."""
        with self.timed("library"):
            now = at(self.first_day, time(8, 0))
            load_seeds(self.session, read_seeds(), now)
            self.session.commit()
        with self.timed("people"):
            administrator = self._people(now)
        self._live(tick)
        with self.timed("people"):
            create_logins(
                self.session,
                self.logins,
                administrator,
                self.seeds.plan.password,
                at(self.today, OFFICE_OPENS),
            )
            self.session.commit()

    def _people(self, now: datetime) -> int:
        seed = self.seeds.plan.deployment_administrator
        administrator = create_person(
            self.session, title_th=seed.title, first_name=seed.first_name, last_name=seed.last_name, now=now
        )
        actor = Actor(administrator.id, None, ORIGIN)
        role = Role.DEPLOYMENT_ADMIN
        grant_role(self.session, actor, None, administrator.id, role, from_on=self.first_day, now=now)
        builder = make_builder(self.session, self.seeds, self.seed, administrator.id)
        for chosen in self.chosen:
            self.offices.append(people_organisation(builder, chosen))
            self.session.commit()
        every = [office for office in self.offices if office.seed.every_login] or self.offices[-1:]
        for office in self.offices:
            self.logins += logins_of(office, office in every)
        self.logins.append(Login(seed.login, ADMINISTRATOR, administrator.id))
        return administrator.id

    def _live(self, tick: Tick) -> None:
        """Both years, day by day, of all organisations at once: the workers serve them together."""
        agenda = Agenda()
        for office in self.offices:
            agenda.add(order_story(self.session, office))
            agenda.add(cycle_story(self._closed_year(agenda, office)))
            agenda.add(cycle_story(self._current_year(agenda, office)))
        writer = LetterWriter(self.mail_folder)
        beat = Beat(self.session, writer, self.post)
        current = self.seeds.plan.cycles.current.opens_on
        beginning = perf_counter()

        def morning(day: date) -> None:
            with self.timed("reminders and mails"):
                beat.morning(day)

        def evening(day: date) -> None:
            self.session.commit()
            if day < current:
                self.seconds["closed year"] = perf_counter() - beginning
            tick(day)

        run_days(agenda, self.first_day, self.today, morning, evening)
        writer.finish()
        both = perf_counter() - beginning
        self.seconds["current year"] = both - self.seconds["closed year"]

    def _closed_year(self, agenda: Agenda, office: Office) -> YearPlan:
        cycle = self.seeds.plan.cycles.closed
        timetable = closed_timetable(cycle)
        closes_on = cycle.closes_on or self.today
        rng = Random(f"{self.seed}/{office.seed.code}/{cycle.code}/cast")

        def cast(cast_office: Office, _rules: OrganisationRules, members: list[Member]) -> dict[int, Part]:
            return cast_closed_year(cast_office, rng, members)

        return self._plan(
            agenda,
            office,
            cycle,
            CLOSED,
            at(closes_on, time(12, 0)),
            cast,
            lambda _: timetable,
            timetable.releases,
        )

    def _current_year(self, agenda: Agenda, office: Office) -> YearPlan:
        cycle = self.seeds.plan.cycles.current
        timetables = {stage: current_timetable(cycle, self.today, stage) for stage in Stage}
        rng = Random(f"{self.seed}/{office.seed.code}/{cycle.code}/cast")

        def cast(cast_office: Office, rules: OrganisationRules, members: list[Member]) -> dict[int, Part]:
            return cast_current_year(cast_office, rng, members, rules, pins_of(cast_office))

        return self._plan(
            agenda,
            office,
            cycle,
            CURRENT,
            at(self.today, time(8, 0)),
            cast,
            lambda part: timetables[part.until],
            current_releases(cycle),
        )

    def _plan(
        self,
        agenda: Agenda,
        office: Office,
        cycle: CycleSeed,
        year: int,
        until: datetime,
        cast: Callable[[Office, OrganisationRules, list[Member]], dict[int, Part]],
        timetable_of: Callable[[Part], Timetable],
        releases: tuple[date, ...],
    ) -> YearPlan:
        return YearPlan(
            session=self.session,
            agenda=agenda,
            office=office,
            texts=self.seeds.texts,
            development=self.seeds.development,
            cycle=cycle,
            year=year,
            seed=self.seed,
            until=until,
            cast=cast,
            timetable_of=timetable_of,
            releases=releases,
            storage=self.storage,
            due_shift=office.seed.due_shift if year == CURRENT else 0,
        )
