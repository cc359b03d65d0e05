"""Who does what out of the ordinary, and how far each person is in the year that is left in the middle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, IntEnum, auto
from random import Random
from typing import Any

from idp.demo.population import Member, Office
from idp.rules.settings import OrganisationRules


class Stage(IntEnum):
    """How far a person gets, in the order of the year; the names are those of the states."""

    NOT_STARTED = 0
    SELF_ASSESSING = 1
    SELF_SUBMITTED = 2
    RATING = 3
    RATED = 4
    SECOND_OPINION = 5
    MODERATED = 6
    RELEASED = 7
    REFUSED = 8
    RECEIVED = 9
    DRAFT = 10
    SUBMITTED = 11
    RETURNED = 12
    SECOND_LEVEL_CHECK = 13
    HR_CHECK = 14
    APPROVED = 15
    IN_PROGRESS = 16
    AMENDING = 17
    IN_EVALUATION = 18
    EVALUATED = 19
    CANCELLED = 20


class Objecting(Enum):
    """What becomes of an objection to the result."""

    DISMISSED = auto()
    UPHELD = auto()
    UNDER_WAY = auto()


@dataclass(frozen=True)
class Part:
    """What happens in one person's year besides the ordinary."""

    until: Stage
    no_self_assessment: bool = False
    on_paper: bool = False  # the self-assessment is signed by hand, and entered by HR
    self_returned: bool = False
    rating_returned: bool = False
    opinion_differs: bool = False
    moderated: bool = False
    reconsidered: bool = False  # the committee asks the rater to think again
    disagrees: bool = False
    refuses: bool = False
    rejects_suggestion: bool = False
    plan_returned: bool = False
    plan_withdrawn: bool = False
    plan_amended: bool = False
    objection: Objecting | None = None


SHARES: Mapping[str, float] = {
    "self_returned": 0.06,
    "rating_returned": 0.04,
    "opinion_differs": 0.08,
    "moderated": 0.3,
    "disagrees": 0.06,
    "rejects_suggestion": 0.3,
    "plan_returned": 0.15,
    "plan_withdrawn": 0.04,
    "plan_amended": 0.05,
}
"""The share of the people to whom each happens; at least one of an organisation, where it can happen at
all."""

NEEDS_SECOND_LEVEL = frozenset({"rating_returned", "opinion_differs", "moderated"})

CURRENT_WEIGHTS: Mapping[Stage, int] = {
    Stage.NOT_STARTED: 10,
    Stage.SELF_ASSESSING: 10,
    Stage.SELF_SUBMITTED: 12,
    Stage.RATING: 8,
    Stage.RATED: 8,
    Stage.SECOND_OPINION: 7,
    Stage.MODERATED: 3,
    Stage.RELEASED: 7,
    Stage.RECEIVED: 6,
    Stage.DRAFT: 8,
    Stage.SUBMITTED: 7,
    Stage.RETURNED: 3,
    Stage.SECOND_LEVEL_CHECK: 3,
    Stage.HR_CHECK: 3,
    Stage.APPROVED: 5,
    Stage.IN_PROGRESS: 6,
}
"""How many of the people of the current year stand where, beside the one of each stage."""

RARE_IN_CURRENT = (
    Stage.REFUSED,
    Stage.AMENDING,
    Stage.IN_EVALUATION,
    Stage.EVALUATED,
    Stage.CANCELLED,
)
"""Early in a year only single people get there: who refuses to sign, who asks to change the plan just agreed,
and who leaves the office and has the plan evaluated, or cancelled, beforehand."""


@dataclass
class Pins:
    """Stages given to particular people, so that whoever logs in has a next step to do."""

    stages: dict[int, Stage] = field(default_factory=dict)  # by the index of the post

    def pin(self, member: Member | None, stage: Stage) -> None:
        if member is not None:
            self.stages.setdefault(member.post.index, stage)


def cast_closed_year(office: Office, rng: Random, members: Sequence[Member]) -> dict[int, Part]:
    """The part of each member, by the index of the post, in the year that is over; exactly one refuses."""
    happenings = _draw(office, rng, members)
    late = [each for each in members if each.post.index in happenings["no_self_assessment"]]
    cancelled = rng.choice([each for each in members if not each.post.is_head])
    refuses = next(iter(happenings["refuses"]))
    parts = {}
    for member in members:
        index = member.post.index
        gone = office.seed.people > 100 and member is cancelled and index != refuses and member not in late
        until = Stage.CANCELLED if gone else Stage.EVALUATED
        parts[index] = Part(until, **_happening(happenings, index))
    objecting = [
        each
        for each in members
        if not each.post.is_head
        and each.post.index != refuses
        and each is not cancelled
        and office.hr_apart_from(each) is not None
    ]
    _object(objecting, parts, Objecting.DISMISSED, Objecting.UPHELD)
    return parts


def cast_current_year(
    office: Office, rng: Random, members: Sequence[Member], rules: OrganisationRules, pins: Pins
) -> dict[int, Part]:
    """The part of each member in the year left in the middle: every stage is there where people suffice."""
    happenings = _draw(office, rng, members)
    stages = dict(pins.stages)
    weights = {stage: weight for stage, weight in CURRENT_WEIGHTS.items() if _happens(stage, rules)}
    wanted = [*weights, *RARE_IN_CURRENT] if office.seed.people >= 20 else [Stage.REFUSED, *weights]
    missing = [stage for stage in wanted if stage not in stages.values()]
    free = [each for each in members if each.post.index not in stages and each.second_level_id is not None]
    rng.shuffle(free)
    for member, stage in zip(free, missing, strict=False):
        stages[member.post.index] = stage
    parts = {}
    for member in members:
        index = member.post.index
        drawn = rng.choices(list(weights), list(weights.values()))[0]
        stage = stages.get(index, drawn)
        chosen = _happening(happenings, index)
        chosen |= {"refuses": stage is Stage.REFUSED, "no_self_assessment": False, "plan_amended": False}
        parts[index] = Part(_possible(member, stage), **chosen)
    _one_on_paper(members, parts)
    _one_reconsidered(office, [each for each in members if each.post.index not in pins.stages], parts)
    received = [each for each in members if parts[each.post.index].until is Stage.RECEIVED]
    _object([each for each in received if each.post.index not in pins.stages], parts, Objecting.UNDER_WAY)
    return parts


def _happening(happenings: Mapping[str, frozenset[int]], index: int) -> dict[str, Any]:
    return {name: index in holders for name, holders in happenings.items()}


def _object(members: Sequence[Member], parts: dict[int, Part], *outcomes: Objecting) -> None:
    """The first of these people do not accept their result, one for each outcome."""
    for member, outcome in zip(members, outcomes, strict=False):
        index = member.post.index
        parts[index] = replace(parts[index], disagrees=True, objection=outcome)


def _one_on_paper(members: Sequence[Member], parts: dict[int, Part]) -> None:
    """The first without an address who gets so far hands in a signed form."""
    for member in members:
        part = parts[member.post.index]
        if not member.has_email and part.until > Stage.SELF_ASSESSING and not part.self_returned:
            parts[member.post.index] = replace(part, on_paper=True)
            return


def _one_reconsidered(office: Office, members: Sequence[Member], parts: dict[int, Part]) -> None:
    """The committee asks about one whom its member does not rate: whose result it has just looked at, before
    those who have theirs already."""
    possible = [
        each
        for each in members
        if parts[each.post.index].until >= Stage.MODERATED
        and each.second_level_id is not None
        and office.moderator not in (None, each.person_id, each.supervisor_id)
    ]
    for member in sorted(possible, key=lambda each: parts[each.post.index].until)[:1]:
        parts[member.post.index] = replace(parts[member.post.index], reconsidered=True)


def _happens(stage: Stage, rules: OrganisationRules) -> bool:
    if stage is Stage.SECOND_LEVEL_CHECK:
        return rules.second_level_checks_plan
    return rules.hr_checks_plan if stage is Stage.HR_CHECK else True


def _possible(member: Member, stage: Stage) -> Stage:
    """Whoever leads the organisation has nobody above the appraiser."""
    if member.second_level_id is None:
        return {
            Stage.SECOND_OPINION: Stage.RATED,
            Stage.MODERATED: Stage.RATED,
            Stage.SECOND_LEVEL_CHECK: Stage.SUBMITTED,
        }.get(stage, stage)
    return stage


def _draw(office: Office, rng: Random, members: Sequence[Member]) -> dict[str, frozenset[int]]:
    """For each happening, the posts to which it happens."""
    below = [each for each in members if each.second_level_id is not None]
    happenings = {}
    for name, share in SHARES.items():
        among = below if name in NEEDS_SECOND_LEVEL else list(members)
        happenings[name] = _some(rng, among, share)
    manual = [each for each in members if each.is_manual and not each.has_email]
    happenings["no_self_assessment"] = _some(rng, manual, 0.4) if manual else frozenset()
    staff = [each for each in below if not each.post.is_head and each.post.role is None]
    happenings["refuses"] = frozenset({rng.choice(staff).post.index})
    return happenings


def _some(rng: Random, members: Iterable[Member], share: float) -> frozenset[int]:
    among = [each.post.index for each in members]
    return frozenset(rng.sample(among, max(round(len(among) * share), 1)))
