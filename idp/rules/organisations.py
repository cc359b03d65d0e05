"""Kinds of public body: which position levels and example expectations apply."""

from enum import StrEnum


class Family(StrEnum):
    """Source: the position classifications of the civil service, of Bangkok and of local government."""

    CIVIL_SERVICE = "civil-service"
    BANGKOK = "bangkok"
    LOCAL_GOVERNMENT = "local-government"
