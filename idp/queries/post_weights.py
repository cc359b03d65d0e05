"""What the weights of each post total: of all that is expected of somebody there, core and functional."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CompoundSelect, func, literal, select, type_coerce, union
from sqlalchemy.orm import Session

from idp.models import Assignment, LineOfWork, PositionProfile
from idp.models.base import Hundredths
from idp.queries.expectations import (
    NO_LINE_OF_WORK,
    NO_OVERRIDES,
    expected_of,
    line_key,
    profile_holds,
)
from idp.queries.profile_versions import VersionInUse, of_versions
from idp.queries.relations import assignment_holds
from idp.rules.scoring.weights import are_whole


class WeightStanding(StrEnum):
    """How the weights of a post stand to what an opening needs."""

    NOTHING = "nothing"  # no competency is expected at all: pre-flight stops the opening
    EQUAL = "equal"  # nobody set a weight: equal ones are taken
    WHOLE = "whole"  # each has a weight, exactly 100 together
    WRONG = "wrong"  # not 100 together, or some are missing: pre-flight stops a method that counts them


@dataclass(frozen=True)
class PostWeights:
    """One post. `line_of_work_id` None: no line of work. `own`: competencies with a weight of their own;
    `total`: their sum in percent."""

    position_level_id: int
    line_of_work_id: int | None
    line_name_th: str
    competencies: int
    own: int
    total: Decimal

    @property
    def standing(self) -> WeightStanding:
        if not self.competencies:
            return WeightStanding.NOTHING
        if not self.own:
            return WeightStanding.EQUAL
        if are_whole(self.own, self.competencies, self.total):
            return WeightStanding.WHOLE
        return WeightStanding.WRONG


def written_posts(organisation_id: int, line_of_work_id: int | None, day: date) -> CompoundSelect[Any]:
    """(position_level_id, line_key, position_key) of the line's posts, those filled on the day and those that
    a profile is written for; None: of every line. What single positions are expected besides is left out."""
    profiles = select(
        PositionProfile.position_level_id,
        func.coalesce(PositionProfile.line_of_work_id, NO_LINE_OF_WORK).label("line_key"),
        literal(NO_OVERRIDES).label("position_key"),
    ).where(profile_holds(organisation_id, day), PositionProfile.line_of_work_id.is_not(None))
    people = select(
        Assignment.position_level_id,
        line_key().label("line_key"),
        literal(NO_OVERRIDES).label("position_key"),
    ).where(Assignment.organisation_id == organisation_id, assignment_holds(day))
    if line_of_work_id is not None:
        profiles = profiles.where(PositionProfile.line_of_work_id == line_of_work_id)
        people = people.where(Assignment.line_of_work_id == line_of_work_id)
    return union(profiles, people)


def weights_by_post(
    session: Session,
    organisation_id: int,
    day: date,
    posts: CompoundSelect[Any],
    uses: Collection[VersionInUse],
) -> tuple[PostWeights, ...]:
    """Each of the posts, those that expect nothing too, by line of work; one statement."""
    wanted = posts.subquery()
    expected = expected_of(wanted, of_versions(uses), organisation_id, day)
    rows = session.execute(
        select(
            wanted.c.position_level_id,
            LineOfWork.id,
            func.coalesce(LineOfWork.name_th, "").label("line_name"),
            func.coalesce(expected.c.competencies, 0).label("competencies"),
            func.coalesce(expected.c.weighted, 0).label("weighted"),
            type_coerce(func.coalesce(expected.c.total_weight, 0), Hundredths).label("total"),
        )
        .outerjoin(
            expected,
            (expected.c.position_level_id == wanted.c.position_level_id)
            & (expected.c.line_key == wanted.c.line_key)
            & (expected.c.place == 1),
        )
        .outerjoin(LineOfWork, LineOfWork.id == wanted.c.line_key)
        .order_by(LineOfWork.name_th, wanted.c.position_level_id)
    )
    return tuple(PostWeights(*row) for row in rows)


def people_by_post(session: Session, organisation_id: int, day: date) -> dict[tuple[int, int], int]:
    """How many serve on the day, by position level and line of work (0 without one); one statement."""
    rows = session.execute(
        select(Assignment.position_level_id, Assignment.line_of_work_id, func.count())
        .where(Assignment.organisation_id == organisation_id, assignment_holds(day))
        .group_by(Assignment.position_level_id, Assignment.line_of_work_id)
    )
    return {(level_id, line_id or NO_LINE_OF_WORK): count for level_id, line_id, count in rows}
