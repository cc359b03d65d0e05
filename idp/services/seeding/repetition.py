"""Finding what stands more than once."""

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import TypeVar

Value = TypeVar("Value", bound=Hashable)


def twice(values: Iterable[Value]) -> list[Value]:
    """The values that stand more than once, each named once, in the order of their first standing."""
    return [value for value, count in Counter(values).items() if count > 1]
