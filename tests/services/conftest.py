"""Every test of a service acts in the sample organisation, on both databases."""

from tests.factories.fixtures import sample, session

__all__ = ["sample", "session"]
