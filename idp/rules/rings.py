"""Rings of supervisors: going up from one to the next, somebody comes upon themself.

Nobody in such a ring is rated by anybody above them; the civil service's rules know no appraisal of oneself
or of one another (this product's default is to refuse it before a cycle opens).
"""

from collections.abc import Mapping


def rings_of(above: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
    """For each who is in a ring, the ring from themself upwards; `above`: by person their supervisor.

    Who merely stands below a ring is not in it. Each person is passed once.
    """
    rings: dict[int, tuple[int, ...]] = {}
    seen: set[int] = set()
    for start in above:
        way: list[int] = []
        place: dict[int, int] = {}
        person: int | None = start
        while person is not None and person not in seen:
            seen.add(person)
            place[person] = len(way)
            way.append(person)
            person = above.get(person)
        if person is not None and person in place:
            ring = way[place[person] :]
            rings |= {each: (*ring[turn:], *ring[:turn]) for turn, each in enumerate(ring)}
    return rings
