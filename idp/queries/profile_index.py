"""The lines of work of an organisation, the state of their profiles, and what a profile may start from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Competency,
    CompetencyFramework,
    Cycle,
    ExpectedLevelDefault,
    FrameworkVersion,
    LineOfWork,
    LineOfWorkCompetency,
    Organisation,
    PositionProfile,
)
from idp.queries.expectations import NO_LINE_OF_WORK, profile_holds
from idp.queries.organisation_rules import FROZEN
from idp.queries.post_weights import (
    PostWeights,
    WeightStanding,
    people_by_post,
    weights_by_post,
    written_posts,
)
from idp.queries.profile_versions import VersionInUse, of_versions, versions_in_use
from idp.queries.profiles import CORE, Group
from idp.rules.terms import CompetencyCategory


@dataclass(frozen=True)
class GroupRow:
    """A line of work (or core, of everybody). `levels`: position levels with a profile; `examples`: how many
    of those are this product's example; `without`: people in posts of which nothing is expected; `wrong`:
    posts whose weights do not total 100."""

    key: str
    name_th: str
    name_en: str
    people: int
    levels: int
    examples: int
    without: int
    wrong: int


@dataclass(frozen=True)
class ProfileIndex:
    """`core` first, then the lines of work in which somebody serves or for which a profile is written;
    `others`: (code, Thai name, English name) of those without; `has_functional`: a framework is used for
    functional competencies."""

    core: GroupRow
    lines: tuple[GroupRow, ...]
    others: tuple[tuple[str, str, str], ...]
    people_without_line: int
    has_functional: bool


@dataclass(frozen=True)
class FrozenCycle:
    """A round under way: it keeps what it froze."""

    cycle_id: int
    name_th: str
    name_en: str


def profile_index(session: Session, organisation_id: int, day: date) -> ProfileIndex:
    """A constant number of statements."""
    uses = versions_in_use(session, organisation_id, day)
    people = people_by_post(session, organisation_id, day)
    weights = weights_by_post(session, organisation_id, day, written_posts(organisation_id, None, day), uses)
    profiles: dict[int, list[str]] = {}
    for line_id, label in session.execute(
        select(PositionProfile.line_of_work_id, PositionProfile.label_th).where(
            profile_holds(organisation_id, day), PositionProfile.expected_levels.any()
        )
    ):
        profiles.setdefault(line_id or NO_LINE_OF_WORK, []).append(label)
    served = {line_id for _, line_id in people}
    found, others = [], []
    for line in session.execute(
        select(LineOfWork.id, LineOfWork.code, LineOfWork.name_th, LineOfWork.name_en).order_by(
            LineOfWork.name_th
        )
    ):
        if line.id in served or line.id in profiles:
            its_own = {key: count for key, count in people.items() if key[1] == line.id}
            posts = [each for each in weights if each.line_of_work_id == line.id]
            labels = profiles.get(line.id, [])
            found.append(_row(line.code, line.name_th, line.name_en, its_own, posts, labels))
        else:
            others.append((line.code, line.name_th, line.name_en))
    core = _row(CORE, "", "", people, list(weights), profiles.get(NO_LINE_OF_WORK, []))
    without_line = sum(count for (_, line_id), count in people.items() if line_id == NO_LINE_OF_WORK)
    has_functional = any(use.category is CompetencyCategory.FUNCTIONAL for use in uses)
    return ProfileIndex(core, tuple(found), tuple(others), without_line, has_functional)


def _row(
    key: str,
    name_th: str,
    name_en: str,
    people: dict[tuple[int, int], int],
    posts: list[PostWeights],
    labels: list[str],
) -> GroupRow:
    nothing = {
        (each.position_level_id, each.line_of_work_id or NO_LINE_OF_WORK)
        for each in posts
        if each.standing is WeightStanding.NOTHING
    }
    return GroupRow(
        key,
        name_th,
        name_en,
        sum(people.values()),
        len(labels),
        sum(bool(label) for label in labels),
        sum(count for post, count in people.items() if post in nothing),
        sum(each.standing is WeightStanding.WRONG for each in posts),
    )


def example_levels(
    session: Session, organisation_id: int, group: Group, uses: Collection[VersionInUse]
) -> dict[tuple[int, int], int]:
    """By position level and competency: the level that this product's example expects, as the seeded tables
    have it; two statements."""
    expected = session.execute(
        select(ExpectedLevelDefault.position_level_id, ExpectedLevelDefault.level).where(
            ExpectedLevelDefault.family
            == select(Organisation.family).where(Organisation.id == organisation_id).scalar_subquery(),
            ExpectedLevelDefault.category == group.category,
        )
    ).all()
    competencies = (
        select(Competency.id)
        .where(of_versions(uses), Competency.category == group.category)
        .order_by(Competency.id)
    )
    if group.line_of_work_id is not None:
        competencies = (
            competencies.join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
            .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
            .join(
                LineOfWorkCompetency,
                (LineOfWorkCompetency.framework_code == CompetencyFramework.code)
                & (LineOfWorkCompetency.competency_code == Competency.code),
            )
            .where(LineOfWorkCompetency.line_of_work_id == group.line_of_work_id)
        )
    found = session.scalars(competencies).all()
    return {(level_id, each): level for level_id, level in expected for each in found}


def frozen_by_cycles(session: Session, organisation_id: int) -> tuple[FrozenCycle, ...]:
    """The rounds under way, the first to begin first; one statement."""
    rows = session.execute(
        select(Cycle.id, Cycle.name_th, Cycle.name_en)
        .where(Cycle.organisation_id == organisation_id, Cycle.state.in_(FROZEN))
        .order_by(Cycle.starts_on, Cycle.id)
    )
    return tuple(FrozenCycle(*row) for row in rows)
