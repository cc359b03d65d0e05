"""Agreements at the start of a round: whether one is asked for, who has signed, what the page shows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from idp.models import Agreement, Assessment, Phase
from idp.rules.terms import PhaseKind, Relation


def is_asked_for(session: Session, cycle_id: int) -> bool:
    """Whether the round begins with an agreement: where its organisation asks for one, the cycle has the
    step with its dates."""
    asked = exists(select(Phase.id).where(Phase.cycle_id == cycle_id, Phase.kind == PhaseKind.AGREEMENT))
    return session.scalar(select(asked)) is True


def agreement_of(session: Session, assessment_id: int) -> Agreement | None:
    return session.get(Agreement, assessment_id)


def is_settled(agreement: Agreement | None) -> bool:
    """Signed by both, or by the supervisor with the employee's refusal on record."""
    if agreement is None or agreement.supervisor_signed_at is None:
        return False
    return agreement.owner_signed_at is not None or agreement.refusal_recorded_at is not None


def is_unsigned(relation: Relation) -> ColumnElement[bool]:
    """The condition that the record's agreement still lacks the signature of its employee (or the word that
    they refuse), or of its supervisor."""
    signed = (
        or_(Agreement.owner_signed_at.is_not(None), Agreement.refusal_recorded_at.is_not(None))
        if relation is Relation.OWNER
        else Agreement.supervisor_signed_at.is_not(None)
    )
    return ~exists(select(Agreement.assessment_id).where(Agreement.assessment_id == Assessment.id, signed))


def unsigned_by(session: Session, assessment_ids: Collection[int]) -> dict[int, frozenset[Relation]]:
    """Whose signature each record still lacks, for those whose round begins with an agreement; the others
    are not in it. One statement."""
    rows = session.execute(
        select(Assessment.id, is_unsigned(Relation.OWNER), is_unsigned(Relation.SUPERVISOR)).where(
            Assessment.id.in_(assessment_ids),
            exists(
                select(Phase.id).where(
                    Phase.cycle_id == Assessment.cycle_id, Phase.kind == PhaseKind.AGREEMENT
                )
            ),
        )
    )
    return {
        number: frozenset(
            relation
            for relation, lacks in ((Relation.OWNER, owner), (Relation.SUPERVISOR, supervisor))
            if lacks
        )
        for number, owner, supervisor in rows
    }


@dataclass(frozen=True)
class AgreementOnPage:
    """`version` 0: nothing is written yet. `opens_on`, `due_on`: the step's days for this record."""

    version: int
    text: str
    owner_signed_at: datetime | None
    supervisor_signed_at: datetime | None
    refusal_recorded_at: datetime | None
    refusal_reason: str
    opens_on: date
    due_on: date
    is_settled: bool

    @property
    def unsigned(self) -> frozenset[Relation]:
        """Whose signature, or recorded refusal, is still owed."""
        owed = set()
        if self.owner_signed_at is None and self.refusal_recorded_at is None:
            owed.add(Relation.OWNER)
        if self.supervisor_signed_at is None:
            owed.add(Relation.SUPERVISOR)
        return frozenset(owed)


def agreement_on_page(
    session: Session, assessment_id: int, days: tuple[date, date] | None
) -> AgreementOnPage | None:
    """What is written and signed; None where the round has no agreement (`days` None). One statement."""
    if days is None:
        return None
    agreement = agreement_of(session, assessment_id)
    if agreement is None:
        return AgreementOnPage(0, "", None, None, None, "", *days, is_settled=False)
    return AgreementOnPage(
        agreement.version,
        agreement.expected_text,
        agreement.owner_signed_at,
        agreement.supervisor_signed_at,
        agreement.refusal_recorded_at,
        agreement.refusal_reason,
        *days,
        is_settled=is_settled(agreement),
    )
