"""Tests of services act in the sample organisation, on both databases."""

from tests.factories.fixtures import sample, session, shared_engine
from tests.factories.prepared import own_engine, workshop

__all__ = ["own_engine", "sample", "session", "shared_engine", "workshop"]
