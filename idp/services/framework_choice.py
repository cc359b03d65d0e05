"""From which dictionary the organisation takes its core and its functional competencies, from a day on; and
the latest versions for a cycle that is not open yet."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Competency, Cycle, CycleFramework
from idp.queries.framework_library import list_frameworks
from idp.queries.frameworks import latest_version
from idp.rules.calendar import local_day
from idp.rules.cycle_workflow import UNOPENED_STATES
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible, TransitionNotAllowed
from idp.rules.relations import Actor
from idp.rules.settings import FrameworkUse
from idp.rules.terms import CompetencyCategory, Permission, SubjectType
from idp.services.access import check_organisation, check_version, load_cycle
from idp.services.history import record_history
from idp.services.settings import rules_on, set_rules

Chosen = Mapping[CompetencyCategory, Collection[str]]
"""The codes of the frameworks for each category of competency."""


def framework_choices(session: Session, organisation_id: int) -> dict[CompetencyCategory, list[str]]:
    """For each category the codes of the frameworks that the organisation sees and whose latest published
    version has competencies of it; its own ones first."""
    versions = {each.version_id: each.code for each in list_frameworks(session, organisation_id)}
    codes = list(versions.values())
    has = {
        (versions[version_id], category)
        for version_id, category in session.execute(
            select(Competency.framework_version_id, Competency.category)
            .where(Competency.framework_version_id.in_(versions))
            .distinct()
        )
    }
    return {category: [code for code in codes if (code, category) in has] for category in CompetencyCategory}


def choose_frameworks(
    session: Session, actor: Actor, chosen: Chosen, from_on: date, now: datetime
) -> tuple[FrameworkUse, ...]:
    """Set them from that day on; cycles made before keep theirs until somebody asks for the latest.

    Raises NotPermitted, InvalidInput(s) at `core`, `functional`, `from_on`.
    """
    day = local_day(now)
    check_organisation(session, actor, Permission.FRAMEWORK_EDIT, day)
    if actor.organisation_id is None:
        raise NotVisible
    offered = framework_choices(session, actor.organisation_id)
    problems = [
        InvalidInput(category.value, "unknown_choice")
        for category, codes in chosen.items()
        if not set(offered[category]).issuperset(codes)
    ]
    if not chosen.get(CompetencyCategory.CORE):
        problems.append(InvalidInput(CompetencyCategory.CORE.value, "required"))
    if from_on < day:
        problems.append(InvalidInput("from_on", "before_today"))
    if problems:
        raise InvalidInputs(problems)
    uses = tuple(
        FrameworkUse(code, category)
        for category in CompetencyCategory
        for code in offered[category]
        if code in chosen.get(category, ())
    )
    if set(uses) == set(rules_on(session, actor.organisation_id, from_on).frameworks):
        raise InvalidInput("from_on", "nothing_changed")
    value = [{"code": use.code, "category": use.category.value} for use in uses]
    set_rules(session, actor, actor.organisation_id, {"frameworks": value}, from_on, now)
    return uses


def cycle_frameworks(
    session: Session, organisation_id: int, day: date
) -> set[tuple[int, CompetencyCategory]]:
    """What a cycle made on `day` would take: ids of versions with their category."""
    return {
        (latest_version(session, use.code, organisation_id).id, use.category)
        for use in rules_on(session, organisation_id, day).frameworks
    }


def has_newer_frameworks(session: Session, cycle: Cycle, day: date) -> bool:
    """Whether a cycle that is not open yet has other versions than it would get today."""
    if cycle.state not in UNOPENED_STATES:
        return False
    has = {(each.framework_version_id, each.category) for each in cycle.frameworks}
    try:
        return has != cycle_frameworks(session, cycle.organisation_id, day)
    except NotVisible:
        return False  # the rules name what is not there any more: nothing newer to take


def take_latest_frameworks(
    session: Session, actor: Actor, cycle_id: int, now: datetime, expected_version: int | None = None
) -> Cycle:
    """Give a cycle that is not open yet the versions that the rules of today name.

    Raises NotPermitted, NotVisible, StaleVersion, TransitionNotAllowed once it is opening.
    """
    day = local_day(now)
    cycle, _ = load_cycle(session, actor, cycle_id, Permission.CYCLE_RUN, day)
    check_version(cycle, expected_version)
    if cycle.state not in UNOPENED_STATES:
        raise TransitionNotAllowed("cycle", cycle.state, "take_latest_frameworks")
    wanted = cycle_frameworks(session, cycle.organisation_id, day)
    has = {(each.framework_version_id, each.category): each for each in cycle.frameworks}
    if wanted == has.keys():
        return cycle
    for place, row in has.items():
        if place not in wanted:
            session.delete(row)
    session.add_all(
        CycleFramework(cycle_id=cycle.id, framework_version_id=version_id, category=category)
        for version_id, category in sorted(wanted - has.keys())
    )
    cycle.version += 1
    record_history(
        session,
        actor,
        (SubjectType.CYCLE, cycle.id),
        "take_latest_frameworks",
        now,
        organisation_id=cycle.organisation_id,
        detail={"before": _said(has.keys()), "after": _said(wanted)},
    )
    session.flush()
    session.expire(cycle, ["frameworks"])
    return cycle


def _said(versions: Collection[tuple[int, CompetencyCategory]]) -> list[list[object]]:
    return [[version_id, category.value] for version_id, category in sorted(versions)]
