"""Tests of services act in the sample organisation, on both databases."""

from tests.factories.fixtures import sample, session, shared_engine

__all__ = ["sample", "session", "shared_engine"]
