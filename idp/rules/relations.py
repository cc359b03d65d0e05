"""Who is what to whom: the actor of a request, and what they are to one record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from idp.rules.delegations import Order
from idp.rules.paper import PaperSigning
from idp.rules.terms import Relation

DELEGABLE = frozenset({Relation.SUPERVISOR, Relation.SECOND_LEVEL})
"""What an order to act for somebody hands over: their duties towards others, never their own record or an
office."""


@dataclass(frozen=True)
class Actor:
    """Who acts: a person signed in to an organisation, or the system (`person_id` None).

    `origin` is where the request came from (an address, "cli", "worker"): it goes into the history.
    `paper`: the signed form that the actor enters for somebody else; every entry of the history names it.
    """

    person_id: int | None
    organisation_id: int | None = None
    origin: str = ""
    paper: PaperSigning | None = None

    @property
    def speaks_for(self) -> int | None:
        """The person whose words these are: the signer of the paper, else the actor."""
        return self.person_id if self.paper is None else self.paper.signer_id

    @property
    def is_system(self) -> bool:
        return self.person_id is None


SYSTEM = Actor(None, origin="worker")


@dataclass(frozen=True)
class Standing:
    """What an actor is to one record: relations, and for those held by an order, the order; `paper`: held by
    a paper that somebody else signed, and nothing else is held beside it."""

    relations: frozenset[Relation]
    by_order: Mapping[Relation, Order] = field(default_factory=lambda: MappingProxyType({}))
    paper: PaperSigning | None = None

    def order_for(self, relations: frozenset[Relation]) -> Order | None:
        """The order by which the actor uses one of `relations`; None when any of them is their own."""
        usable = self.relations & relations
        if not usable or any(relation not in self.by_order for relation in usable):
            return None
        return self.by_order[min(usable)]

    def represented_by(self, relations: frozenset[Relation]) -> int | None:
        """The person on whose behalf the actor uses one of `relations`; None when any of them is their
        own."""
        if self.paper is not None:
            return self.paper.signer_id
        order = self.order_for(relations)
        return None if order is None else order.from_person_id


def relations_of_person(
    person_id: int, owner_id: int | None, supervisor_id: int | None, second_level_id: int | None
) -> frozenset[Relation]:
    """The relations that a record's own columns give to a person."""
    return frozenset(
        relation
        for relation, holder in (
            (Relation.OWNER, owner_id),
            (Relation.SUPERVISOR, supervisor_id),
            (Relation.SECOND_LEVEL, second_level_id),
        )
        if holder == person_id
    )
