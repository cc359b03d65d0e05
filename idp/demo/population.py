"""People an organisation: units, persons, employments, assignments, supervisors, roles, rules, profiles.

Through the services that HR's pages use. What a person is, is drawn from the seed and the organisation's code
alone, so that a run with fewer organisations makes the same people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.demo.clockwork import at
from idp.demo.names import NameDrawer
from idp.demo.posts import SPACED, Post, posts_of
from idp.demo.seeds import DemoSeeds, OrganisationSeed, Outsider, UnitSeed
from idp.models import LineOfWork, PositionLevel
from idp.rules.relations import Actor
from idp.rules.terms import Role
from idp.services.example_profiles import build_example_profiles
from idp.services.settings import rules_on, set_rules
from idp.services.staff import (
    assign,
    create_organisation,
    create_person,
    create_unit,
    grant_role,
    hire,
    name_external_appraiser,
)

ORIGIN = "demo"
MANUAL_LINES = frozenset({"driver", "general-worker"})
"""Lines of work whose people often have neither e-mail nor computer."""

PROMOTED_TO = {"O1": "O2", "K1": "K2", "LO1": "LO2", "LK1": "LK2"}
LARGE = 40  # people, from which somebody joins during the year and somebody is promoted


@dataclass
class Member:
    """One employee, with those who rate them in this demonstration."""

    post: Post
    person_id: int
    employee_id: int
    number: str
    name: str
    has_email: bool
    hired_on: date
    supervisor_id: int = 0
    second_level_id: int | None = None

    @property
    def is_manual(self) -> bool:
        return self.post.line in MANUAL_LINES


@dataclass
class Office:
    """A peopled organisation. `hr` are persons, those of the personnel line first; `acting`: who acts for
    whom from one day to another."""

    seed: OrganisationSeed
    organisation_id: int
    appraiser_id: int
    members: list[Member]
    hr: list[int] = field(default_factory=list)
    executive: int | None = None
    auditor: int | None = None
    moderator: int | None = None
    acting: list[tuple[int, int, date, date]] = field(default_factory=list)

    def actor(self, person_id: int, day: date | None = None) -> Actor:
        """The person at work, or on that day whoever acts for them."""
        for absent, substitute, first, last in self.acting:
            if day is not None and absent == person_id and first <= day <= last:
                person_id = substitute
        return Actor(person_id, self.organisation_id, ORIGIN)

    def hr_other_than(self, person_id: int) -> int:
        """An HR officer who does not decide on their own record."""
        return next(each for each in self.hr if each != person_id)

    def hr_apart_from(self, member: Member) -> int | None:
        """An HR officer who neither is the member nor judged them, nor acts for somebody who did."""
        concerned = {member.person_id, member.supervisor_id, member.second_level_id}
        concerned |= {substitute for absent, substitute, _, _ in self.acting if absent in concerned}
        return next((each for each in self.hr if each not in concerned), None)


@dataclass(frozen=True)
class Builder:
    """What peopling every organisation shares."""

    session: Session
    seeds: DemoSeeds
    seed: int
    administrator_id: int
    levels: Mapping[str, PositionLevel]
    lines: Mapping[str, LineOfWork]

    @property
    def starts_on(self) -> date:
        """The people are there some weeks before the first cycle opens."""
        return self.seeds.plan.cycles.closed.opens_on - timedelta(days=30)

    @property
    def now(self) -> datetime:
        return at(self.starts_on, time(9, 0))


def make_builder(session: Session, seeds: DemoSeeds, seed: int, administrator_id: int) -> Builder:
    """Reads the position levels and lines of work once."""
    levels = {level.code: level for level in session.scalars(select(PositionLevel))}
    lines = {line.code: line for line in session.scalars(select(LineOfWork))}
    return Builder(session, seeds, seed, administrator_id, levels, lines)


def people_organisation(builder: Builder, seed: OrganisationSeed) -> Office:
    """The organisation with everybody in place, ready for its first cycle."""
    rng = Random(f"{builder.seed}/{seed.code}/people")
    drawer = NameDrawer(builder.seeds.names, rng)
    session, now = builder.session, builder.now
    administrator = Actor(builder.administrator_id, None, ORIGIN)
    organisation = create_organisation(
        session,
        administrator,
        code=seed.code,
        name_th=seed.name_th,
        name_en=seed.name_en,
        family=seed.family,
        now=now,
    )
    units = _units(builder, organisation.id, seed)
    appraiser_id = _outsider(builder, drawer, seed.appraiser)
    name_external_appraiser(session, organisation.id, appraiser_id, seed.appraiser.position)
    office = Office(seed, organisation.id, appraiser_id, [])
    actor = Actor(builder.administrator_id, organisation.id, ORIGIN)
    for post in posts_of(seed):
        office.members.append(_employ(builder, office, drawer, post))
    for member in office.members:
        _place(builder, office, member, units, builder.starts_on)
    _give_roles(builder, office, drawer, actor)
    _set_rules(builder, office, actor)
    _promote(builder, office, units)
    return office


def _units(builder: Builder, organisation_id: int, seed: OrganisationSeed) -> dict[str, int]:
    ids: dict[str, int] = {}

    def add(unit: UnitSeed, parent_id: int | None) -> None:
        made = create_unit(
            builder.session,
            organisation_id,
            code=unit.code,
            name_th=unit.name_th,
            name_en=unit.name_en,
            parent_id=parent_id,
        )
        ids[unit.code] = made.id
        for lower in unit.units:
            add(lower, made.id)

    for management in seed.units:
        add(management.model_copy(update={"units": []}), None)
        for top in management.units:  # the organisation itself is the root: its name ends every path already
            add(top, None)
    return ids


def _outsider(builder: Builder, drawer: NameDrawer, seed: Outsider) -> int:
    title, first, last = drawer.draw(seed.title)
    person = create_person(
        builder.session, title_th=title, first_name=first, last_name=last, email=None, now=builder.now
    )
    return person.id


def _employ(builder: Builder, office: Office, drawer: NameDrawer, post: Post) -> Member:
    title, first, last = drawer.draw()
    seed, rng = office.seed, drawer.rng
    number = f"{seed.number_prefix}{post.index + 1:04d}"
    has_email = rng.random() >= (0.6 if post.line in MANUAL_LINES else 0.03) or post.is_head
    email = f"{number.lower()}@{seed.code}.example.com" if has_email else None
    person = create_person(
        builder.session, title_th=title, first_name=first, last_name=last, email=email, now=builder.now
    )
    hired_on = date(rng.randint(2002, 2024), rng.choice((1, 4, 6, 10)), 1)
    joins_late = seed.people >= LARGE and not post.is_head and post.role is None and rng.random() < 0.02
    if joins_late:
        hired_on = date(2026, 4, 1)
    employee = hire(
        builder.session,
        Actor(builder.administrator_id, office.organisation_id, ORIGIN),
        office.organisation_id,
        person.id,
        number=number,
        personnel_type=post.personnel_type,
        hired_on=hired_on,
        now=builder.now,
    )
    return Member(post, person.id, employee.id, number, person.display_name, has_email, hired_on)


def _place(builder: Builder, office: Office, member: Member, units: Mapping[str, int], from_on: date) -> None:
    post = member.post
    person_of = {each.post.index: each.person_id for each in office.members}
    member.supervisor_id = office.appraiser_id if post.boss is None else person_of[post.boss]
    if post.boss is not None:
        above = post.boss_above
        member.second_level_id = office.appraiser_id if above is None else person_of[above]
    _assign(builder, office, member, units, post.level, max(from_on, member.hired_on))


def _assign(
    builder: Builder, office: Office, member: Member, units: Mapping[str, int], level: str, from_on: date
) -> None:
    post = member.post
    line = builder.lines[post.line]
    name = post.position or line.name_th
    if post.level_type in SPACED:
        name += builder.seeds.plan.level_join + builder.levels[level].name_th
    assign(
        builder.session,
        Actor(builder.administrator_id, office.organisation_id, ORIGIN),
        member.employee_id,
        unit_id=units[post.unit_code],
        position_name=name,
        position_number=f"{post.unit_code}-{post.index + 1:03d}",
        line_of_work_id=line.id,
        position_level_id=builder.levels[level].id,
        supervisor_person_id=member.supervisor_id,
        second_level_person_id=member.second_level_id,
        from_on=from_on,
        now=builder.now,
    )


def _give_roles(builder: Builder, office: Office, drawer: NameDrawer, actor: Actor) -> None:
    holders = [(member.post.role, member.person_id) for member in office.members if member.post.role]
    for outsider in office.seed.outsiders:
        if outsider.role:
            holders.append((outsider.role, _outsider(builder, drawer, outsider)))
    for role, person_id in holders:
        grant_role(
            builder.session,
            actor,
            office.organisation_id,
            person_id,
            role,
            from_on=builder.starts_on,
            now=builder.now,
        )
        if role is Role.HR_OFFICER:
            office.hr.append(person_id)
        elif role is Role.EXECUTIVE:
            office.executive = person_id
        elif role is Role.MODERATOR:
            office.moderator = person_id
        else:
            office.auditor = person_id
    personnel = {each.person_id for each in office.members if each.post.line == "human-resource-officer"}
    office.hr.sort(key=lambda person_id: person_id not in personnel)


def _set_rules(builder: Builder, office: Office, actor: Actor) -> None:
    for dated in office.seed.settings:
        set_rules(
            builder.session, actor, office.organisation_id, dated.as_values(), dated.from_on, builder.now
        )
    opens_on = builder.seeds.plan.cycles.closed.opens_on
    rules = rules_on(builder.session, office.organisation_id, opens_on)
    build_example_profiles(builder.session, office.organisation_id, rules, builder.starts_on)


def _promote(builder: Builder, office: Office, units: Mapping[str, int]) -> None:
    """Some are a level higher in the current year: the closed year's forms must not change by it."""
    if office.seed.people < LARGE:
        return
    rng = Random(f"{builder.seed}/{office.seed.code}/promotions")
    may = [each for each in office.members if each.post.level in PROMOTED_TO and not each.post.is_head]
    from_on = builder.seeds.plan.cycles.current.opens_on
    for member in rng.sample(may, max(len(may) // 20, 1)):
        if member.hired_on < from_on:
            _assign(builder, office, member, units, PROMOTED_TO[member.post.level], from_on)
