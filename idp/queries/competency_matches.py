"""Which competency of another framework or version a competency corresponds to.

Source: the crosswalk of the library (this product's own comparison of the five dictionaries). An equivalent
competency carries its history over, level by level as the link's map says; a broader, narrower or related
one is for reference alone. A new version, and an organisation's framework derived from another, keep the
codes of what they were made from: the same code there is the same competency, and a level that both ladders
have is the same level.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from idp.models import Competency, CompetencyFramework, CrosswalkLink, FrameworkVersion, ProficiencyLevel
from idp.rules.crosswalk import LevelMap, aligned_level, inverse, same_numbers, within
from idp.rules.terms import CrosswalkRelation

INVERSE = {
    CrosswalkRelation.EQUIVALENT: CrosswalkRelation.EQUIVALENT,
    CrosswalkRelation.BROADER: CrosswalkRelation.NARROWER,
    CrosswalkRelation.NARROWER: CrosswalkRelation.BROADER,
    CrosswalkRelation.RELATED: CrosswalkRelation.RELATED,
}
"""What `from` is, seen from `to`: each pair of the crosswalk stands once and is read both ways."""

CLOSENESS = (
    None,
    CrosswalkRelation.EQUIVALENT,
    CrosswalkRelation.BROADER,
    CrosswalkRelation.NARROWER,
    CrosswalkRelation.RELATED,
)


@dataclass(frozen=True)
class CompetencyMatch:
    """What the other competency is, seen from the one asked for; `relation` None: the same.

    `levels`: of the other's levels those that they are here; None: both have the same ladder.
    """

    relation: CrosswalkRelation | None = None
    note_th: str = ""
    note_en: str = ""
    levels: LevelMap | None = None

    def aligned(self, level: Decimal | int) -> Decimal | None:
        """What `level` of the other competency is on the ladder of the one asked for; None: it must be
        assessed anew."""
        return Decimal(level) if self.levels is None else aligned_level(self.levels, level)

    @property
    def is_comparable(self) -> bool:
        """Some of its levels are levels here; which ones, `aligned` says."""
        return self.levels is None or any(each is not None for each in self.levels.values())

    @property
    def is_comparable_throughout(self) -> bool:
        """Every one of its levels is a level here: sums and means over many people may be compared too."""
        return self.levels is None or (bool(self.levels) and None not in self.levels.values())

    @property
    def distance(self) -> int:
        """0 for the same; the closer of two matches has the smaller one."""
        return CLOSENESS.index(self.relation)


THE_SAME = CompetencyMatch()


@dataclass(frozen=True)
class CompetencyMatches:
    """The matches between some competencies; `codes`: of each its framework's id and its own code;
    `ladders`: of each the numbers of its levels; `lines`: of each framework the codes of all that it is of
    one line with."""

    codes: Mapping[int, tuple[int, str]]
    ladders: Mapping[int, frozenset[int]]
    lines: Mapping[int, frozenset[str]]
    links: Mapping[tuple[str, str, str, str], CompetencyMatch]
    _known: dict[tuple[int, int], CompetencyMatch | None] = field(default_factory=dict)

    def match(self, wanted: int, other: int) -> CompetencyMatch | None:
        """What the competency `other` is, seen from `wanted`; None where they have nothing in common."""
        if wanted == other:
            return THE_SAME
        if (wanted, other) not in self._known:
            self._known[wanted, other] = self._match(wanted, other)
        return self._known[wanted, other]

    def _match(self, wanted: int, other: int) -> CompetencyMatch | None:
        framework, code = self.codes[wanted]
        other_framework, other_code = self.codes[other]
        line, other_line = self.lines[framework], self.lines[other_framework]
        ladder, other_ladder = self.ladders[wanted], self.ladders[other]
        if line & other_line:
            if code != other_code:
                return None
            is_same = ladder == other_ladder
            return THE_SAME if is_same else CompetencyMatch(levels=same_numbers(other_ladder, ladder))
        found = (self.links.get((one, code, another, other_code)) for one in line for another in other_line)
        closest = min((each for each in found if each), key=lambda each: each.distance, default=None)
        return closest and replace(closest, levels=within(closest.levels or {}, ladder))


def competency_matches(session: Session, competency_ids: Collection[int]) -> CompetencyMatches:
    """Between any two of these competencies; three statements."""
    codes: dict[int, tuple[int, str]] = {}
    ladders: dict[int, set[int]] = {}
    for competency_id, framework_id, code, number in session.execute(
        select(Competency.id, FrameworkVersion.framework_id, Competency.code, ProficiencyLevel.number)
        .join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
        .outerjoin(ProficiencyLevel, ProficiencyLevel.competency_id == Competency.id)
        .where(Competency.id.in_(competency_ids))
    ):
        codes[competency_id] = (framework_id, code)
        ladders.setdefault(competency_id, set()).update({number} if number else ())
    lines = _lines(session, {framework_id for framework_id, _code in codes.values()})
    numbers = {competency_id: frozenset(ladder) for competency_id, ladder in ladders.items()}
    return CompetencyMatches(codes, numbers, lines, _links(session, lines))


def _lines(session: Session, framework_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """By framework its own code and those of the frameworks that it was derived from, all the way up."""
    base = aliased(FrameworkVersion)
    rows = session.execute(
        select(CompetencyFramework.id, CompetencyFramework.code, base.framework_id)
        .outerjoin(FrameworkVersion, FrameworkVersion.framework_id == CompetencyFramework.id)
        .outerjoin(base, base.id == FrameworkVersion.based_on_version_id)
    )
    code_of: dict[int, str] = {}
    bases: dict[int, set[int]] = {}
    for framework_id, code, base_id in rows:
        code_of[framework_id] = code
        if base_id is not None:
            bases.setdefault(framework_id, set()).add(base_id)
    lines = {}
    for framework_id in framework_ids:
        line: set[int] = set()
        wanted = {framework_id}
        while wanted:
            line |= wanted
            wanted = {base_id for each in wanted for base_id in bases.get(each, ())} - line
        lines[framework_id] = frozenset(code_of[each] for each in line)
    return lines


def _links(
    session: Session, lines: Mapping[int, frozenset[str]]
) -> dict[tuple[str, str, str, str], CompetencyMatch]:
    """Read both ways: by the framework and code asked for, then those of the other."""
    codes = frozenset[str]().union(*lines.values())
    rows = session.scalars(
        select(CrosswalkLink).where(
            or_(CrosswalkLink.from_framework.in_(codes), CrosswalkLink.to_framework.in_(codes))
        )
    )
    links = {}
    for row in rows:
        one, other = (row.from_framework, row.from_competency), (row.to_framework, row.to_competency)
        notes = (row.note_th, row.note_en)
        levels = {int(level): target for level, target in row.level_map.items()}
        links[*one, *other] = CompetencyMatch(row.relation, *notes, inverse(levels))
        links[*other, *one] = CompetencyMatch(INVERSE[row.relation], *notes, levels)
    return links
