"""A division and a finer one of the same people: gaps, and strengths apart where that may be shown."""

from hypothesis import example, given, settings

from idp.rules.suppression import Group, is_small, protect, protect_within
from tests.rules.test_suppression import K, base_cells, counted_in, known_counts, tree, trees


def coarser(group: Group) -> Group:
    """The last two categories as one."""
    counts = (*group.counts[:-2], group.counts[-2] + group.counts[-1])
    return Group(group.key, counts, tuple(coarser(part) for part in group.parts))


@settings(max_examples=250, deadline=None)
@given(trees(9, 3))
@example(tree([[2, 2, 1], [2, 0, 2], [2, 2, 2]]))
def test_no_small_group_follows_from_the_two_together(fine: Group) -> None:
    """The finer one is shown only where the coarser one is."""
    totals = {key for key, each in protect(coarser(fine), least=K).items() if each.total is not None}
    coarse_keys = protect_within(coarser(fine), totals, K)
    fine_keys = protect_within(fine, totals, K) & coarse_keys
    cells = base_cells(fine)
    numbers = [counted_in(key, (), cells) for key in totals]
    numbers += [counted_in(key, places, cells) for key in coarse_keys for places in ((0,), (1, 2))]
    numbers += [counted_in(key, (place,), cells) for key in fine_keys for place in range(3)]
    assert not {count for count in known_counts(cells, numbers) if is_small(count, K)}
