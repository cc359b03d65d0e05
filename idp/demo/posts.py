"""An organisation's posts: its tree of units laid out flat, with who rates whom."""

from dataclasses import dataclass

from idp.demo.seeds import Head, OrganisationSeed, StaffGroup, UnitSeed
from idp.rules.terms import PersonnelType, Role

PERSONNEL_TYPES = {
    "O": PersonnelType.CIVIL_SERVANT,
    "K": PersonnelType.CIVIL_SERVANT,
    "D": PersonnelType.CIVIL_SERVANT,
    "M": PersonnelType.CIVIL_SERVANT,
    "LO": PersonnelType.LOCAL_OFFICER,
    "LK": PersonnelType.LOCAL_OFFICER,
    "LD": PersonnelType.LOCAL_OFFICER,
    "LM": PersonnelType.LOCAL_OFFICER,
    "GE": PersonnelType.GOVERNMENT_EMPLOYEE,
    "PE": PersonnelType.PERMANENT_EMPLOYEE,
    "EM": PersonnelType.CONTRACT_EMPLOYEE,
    "EG": PersonnelType.CONTRACT_EMPLOYEE,
}
SPACED = frozenset({"D", "M", "LD", "LM"})
"""Types whose level is printed apart from the name of the position."""


@dataclass(frozen=True)
class Post:
    """A post of an organisation. `boss` and `boss_above` are the indexes of the posts that rate it; a boss of
    None is the appraiser from outside."""

    index: int
    unit_code: str
    depth: int
    line: str
    level: str
    position: str  # "" for the name of the line of work
    role: Role | None
    is_head: bool
    boss: int | None
    boss_above: int | None

    @property
    def level_type(self) -> str:
        """K of K2, LD of LD1."""
        return self.level.rstrip("0123456789")

    @property
    def personnel_type(self) -> PersonnelType:
        return PERSONNEL_TYPES[self.level_type]


def posts_of(organisation: OrganisationSeed) -> list[Post]:
    """Every post, heads before those they lead."""
    posts: list[Post] = []
    for unit in organisation.units:
        _lay_out(posts, unit, depth=0, above=None)
    return posts


def _lay_out(posts: list[Post], unit: UnitSeed, depth: int, above: Post | None) -> None:
    head = _add(posts, unit, depth, unit.head, unit.head.level, unit.head.role, above)
    for group in unit.staff:
        role = group.role
        for level, count in group.levels.items():
            for _ in range(count):
                _add(posts, unit, depth, group, level, role, head, is_head=False)
                role = None
    for lower in unit.units:
        _lay_out(posts, lower, depth + 1, head)


def _add(
    posts: list[Post],
    unit: UnitSeed,
    depth: int,
    seed: Head | StaffGroup,
    level: str,
    role: Role | None,
    boss: Post | None,
    *,
    is_head: bool = True,
) -> Post:
    post = Post(
        index=len(posts),
        unit_code=unit.code,
        depth=depth,
        line=seed.line,
        level=level,
        position=seed.position,
        role=role,
        is_head=is_head,
        boss=boss.index if boss else None,
        boss_above=boss.boss if boss else None,
    )
    posts.append(post)
    return post
