"""How each personnel type is scored, on the days before, today and to come, as the page of the settings shows
it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assignment, Cycle, Employee, HistoryEntry, OrganisationSetting, Person
from idp.queries.expectations import expected_of, filled_posts, in_post, weights_are_whole
from idp.queries.organisation_rules import FROZEN
from idp.queries.preflight import employed_on
from idp.queries.profile_versions import of_versions, versions_in_use
from idp.queries.relations import assignment_holds
from idp.rules.levels import PassRule
from idp.rules.settings import OrganisationRules, ScoringRule, rules_from_json
from idp.rules.terms import PersonnelType, SubjectType

KEYS = ("scoring", "pass_rule", "pass_percentage")
LATEST = 20
"""Changes shown, the latest first."""

T = TypeVar("T")


@dataclass(frozen=True)
class Dated(Generic[T]):
    """`today` holds since `since` (None: the product's default, never set). `coming` and `past`: (from the
    day, what holds then); the next first, the latest first. A past one without a day held before any."""

    today: T
    since: date | None
    coming: tuple[tuple[date, T], ...]
    past: tuple[tuple[date | None, T], ...]


@dataclass(frozen=True)
class ScoringPage:
    """Of each personnel type its rule, and the pass rule."""

    scoring: dict[PersonnelType, Dated[ScoringRule]]
    pass_rule: Dated[PassRule]


@dataclass(frozen=True)
class KeptByCycle:
    """A cycle under way that scores these personnel types otherwise than the rules of today."""

    cycle_id: int
    name_th: str
    name_en: str
    scoring: tuple[tuple[PersonnelType, ScoringRule], ...]
    pass_rule: PassRule | None


@dataclass(frozen=True)
class Change:
    """What was set when and by whom; `was` and `kept` are the rules, as they are stored."""

    at: datetime
    by: str
    from_on: date
    personnel_type: PersonnelType
    was: ScoringRule
    kept: ScoringRule


def scoring_page(session: Session, organisation_id: int, day: date) -> ScoringPage:
    """Everything that is set, on every day; one statement."""
    steps = [(None, OrganisationRules()), *_rules_by_day(session, organisation_id)]
    return ScoringPage(
        scoring={
            kind: _dated([(from_on, rules.scoring[kind]) for from_on, rules in steps], day)
            for kind in PersonnelType
        },
        pass_rule=_dated([(from_on, pass_rule_of(rules)) for from_on, rules in steps], day),
    )


def pass_rule_of(rules: OrganisationRules) -> PassRule:
    return PassRule(rules.pass_rule, rules.pass_percentage)


def _rules_by_day(session: Session, organisation_id: int) -> Iterator[tuple[date, OrganisationRules]]:
    """The rules from each day on which one of the settings changes."""
    rows = session.execute(
        select(OrganisationSetting.from_on, OrganisationSetting.key, OrganisationSetting.value)
        .where(OrganisationSetting.organisation_id == organisation_id, OrganisationSetting.key.in_(KEYS))
        .order_by(OrganisationSetting.from_on)
    ).all()
    data: dict[str, Any] = {}
    for day in sorted({row.from_on for row in rows}):
        data |= {row.key: row.value for row in rows if row.from_on == day}
        yield day, rules_from_json(data)


def _dated(steps: Sequence[tuple[date | None, T]], day: date) -> Dated[T]:
    """The days on which the value is another than before; the first step is the default."""
    changes = [steps[0]]
    for from_on, value in steps[1:]:
        if value != changes[-1][1]:
            changes.append((from_on, value))
    past = [each for each in changes if each[0] is None or each[0] <= day]
    coming = tuple((from_on, value) for from_on, value in changes if from_on is not None and from_on > day)
    return Dated(past[-1][1], past[-1][0], coming, tuple(reversed(past[:-1])))


def cycles_that_keep(session: Session, organisation_id: int, page: ScoringPage) -> tuple[KeptByCycle, ...]:
    """The cycles under way whose frozen rules are others than those of today; one statement."""
    cycles = session.execute(
        select(Cycle.id, Cycle.name_th, Cycle.name_en, Cycle.settings)
        .where(Cycle.organisation_id == organisation_id, Cycle.state.in_(FROZEN))
        .order_by(Cycle.starts_on, Cycle.id)
    )
    found = []
    for row in cycles:
        rules = rules_from_json(row.settings)
        differing = tuple(
            (kind, rules.scoring[kind])
            for kind, dated in page.scoring.items()
            if rules.scoring[kind] != dated.today
        )
        kept = pass_rule_of(rules)
        passes = None if kept == page.pass_rule.today else kept
        if differing or passes:
            found.append(KeptByCycle(row.id, row.name_th, row.name_en, differing, passes))
    return tuple(found)


def posts_without_whole_weights(
    session: Session, organisation_id: int, day: date
) -> dict[PersonnelType, int]:
    """Of each personnel type in how many posts the weights of the profile do not total 100, although some are
    set: there pre-flight stops the opening of a method that counts them. Three statements."""
    versions = of_versions(versions_in_use(session, organisation_id, day))
    posts = filled_posts(organisation_id, day).subquery()
    expected = expected_of(posts, versions, organisation_id, day)
    rows = session.execute(
        select(
            Employee.personnel_type,
            expected.c.position_level_id,
            expected.c.line_key,
            expected.c.position_key,
        )
        .distinct()
        .select_from(Employee)
        .join(Assignment, (Assignment.employee_id == Employee.id) & assignment_holds(day))
        .join(expected, in_post(expected, organisation_id, day))
        .where(
            employed_on(organisation_id, day),
            expected.c.weighted > 0,
            ~weights_are_whole(expected),
        )
    )
    return Counter(row.personnel_type for row in rows)


def changes_of_scoring(session: Session, organisation_id: int) -> tuple[Change, ...]:
    """Who changed the scoring of whom, the latest first; one statement."""
    detail = HistoryEntry.detail
    rows = session.execute(
        select(HistoryEntry.at, HistoryEntry.detail, Person.display_name)
        .outerjoin(Person, Person.id == HistoryEntry.actor_person_id)
        .where(
            HistoryEntry.subject_type == SubjectType.ORGANISATION,
            HistoryEntry.subject_id == organisation_id,
            HistoryEntry.event == "set_rules",
            detail["personnel_type"].as_string().is_not(None),
        )
        .order_by(HistoryEntry.id.desc())
        .limit(LATEST)
    )
    return tuple(
        Change(
            at,
            by or "",
            date.fromisoformat(kept["from_on"]),
            PersonnelType(kept["personnel_type"]),
            ScoringRule.from_json(kept["was"]),
            ScoringRule.from_json(kept["is"]),
        )
        for at, kept, by in rows
    )
