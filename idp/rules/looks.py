"""What counts as a look at somebody's ratings or plan.

Source: the data protection law's right to know who had one's data; that looks are gathered by viewer, record
and day is this product's own.
"""

from enum import StrEnum

from idp.rules.relations import Standing
from idp.rules.terms import Relation


class LookKind(StrEnum):
    """By what the ratings or the plan were seen. Lists that show neither are no looks."""

    PAGE = "page"
    DOCUMENT = "document"  # the printed form of this one record
    ARCHIVE = "archive"  # the forms of many, this record's among them
    EXPORT = "export"  # the whole record, for an objection
    ATTACHMENT = "attachment"  # a file handed in with it


STANDINGS: tuple[Relation, ...] = (
    Relation.SUPERVISOR,
    Relation.SECOND_LEVEL,
    Relation.FORMER_SUPERVISOR,
    Relation.HR_OFFICER,
    Relation.AUDITOR,
    Relation.MODERATOR,
)
"""In which standing somebody looks who holds several: the nearest to the record."""


def looking_as(standing: Standing) -> tuple[Relation, int | None]:
    """The standing that a look is written down in, and the person represented.

    One's own standing goes before one that is held for somebody else.
    """
    held = [relation for relation in STANDINGS if relation in standing.relations]
    represented = {relation: standing.represented_by(frozenset({relation})) for relation in held}
    first = next((each for each in held if represented[each] is None), None) or next(iter(held), None)
    return (first, represented[first]) if first else (Relation.SIGNED_IN, None)
