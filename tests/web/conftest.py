"""Every test of a page has the application over the sample organisation, on both databases."""

from tests.factories.website import website

__all__ = ["website"]
