"""A ring of supervisors is found with everybody in it, and nobody else."""

from hypothesis import given
from hypothesis import strategies as st

from idp.rules.rings import rings_of

SOMCHAI, SUDA, PRASIT, MALEE, MAYOR = range(5)


def test_a_line_that_ends_above_has_no_ring() -> None:
    assert rings_of({SOMCHAI: SUDA, SUDA: PRASIT, PRASIT: MAYOR}) == {}


def test_two_who_rate_one_another_are_a_ring_and_who_is_below_them_is_not() -> None:
    assert rings_of({SOMCHAI: SUDA, SUDA: PRASIT, PRASIT: SUDA}) == {
        SUDA: (SUDA, PRASIT),
        PRASIT: (PRASIT, SUDA),
    }


def test_who_rates_themself_is_a_ring_of_one() -> None:
    assert rings_of({MALEE: MALEE, SOMCHAI: MALEE}) == {MALEE: (MALEE,)}


def test_the_ring_is_told_from_each_one_upwards() -> None:
    assert rings_of({SOMCHAI: SUDA, SUDA: PRASIT, PRASIT: SOMCHAI})[PRASIT] == (PRASIT, SOMCHAI, SUDA)


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12)))
def test_it_agrees_with_walking_up_from_everybody(above: dict[int, int]) -> None:
    def way_up(person: int) -> list[int]:
        way, at = [person], above.get(person)
        while at is not None and at not in way:
            way.append(at)
            at = above.get(at)
        return way if at == person else []

    assert rings_of(above) == {person: tuple(way_up(person)) for person in above if way_up(person)}
