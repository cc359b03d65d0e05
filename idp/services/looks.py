"""Write down who looked at whose ratings or plan: one row a viewer, record, kind and local day.

A look is the reader's act, not the record's: it is kept beside the history, not in it.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan, Look
from idp.queries.relations import standing_in_organisation, standing_on_record, standings_above
from idp.queries.team_plans import PlanOfTeam
from idp.rules.calendar import local_day
from idp.rules.looks import LookKind, looking_as
from idp.rules.relations import Actor
from idp.rules.terms import Relation, ReportKind, SubjectType
from idp.services.report_making import forms_of_cycle

ROWS_AT_ONCE = 500
RECORDS: dict[SubjectType, type[Assessment] | type[DevelopmentPlan]] = {
    SubjectType.ASSESSMENT: Assessment,
    SubjectType.PLAN: DevelopmentPlan,
}
OF_FORM = {
    ReportKind.ASSESSMENT_FORM: SubjectType.ASSESSMENT,
    ReportKind.PLAN_FORM: SubjectType.PLAN,
}


def record_look(
    session: Session,
    actor: Actor,
    subject_type: SubjectType,
    subject_id: int,
    kind: LookKind,
    now: datetime,
    seen_as: Relation | None = None,
) -> None:
    """The actor saw the record; that they may was checked when it was shown. Never for one's own record, nor
    for what is neither an assessment nor a plan.

    `seen_as`: the standing in which they were shown it, where it is none towards the record as it is now.
    """
    if actor.person_id is None or subject_type not in RECORDS:
        return
    model: type[Any] = RECORDS[subject_type]
    record: Assessment | DevelopmentPlan | None = session.get(model, subject_id)
    if record is None or record.owner_person_id == actor.person_id:
        return
    relation, represented = looking_as(standing_on_record(session, actor, record, local_day(now)))
    if relation is Relation.SIGNED_IN and seen_as is not None:
        relation = seen_as
    row = _row(actor.person_id, record.organisation_id, relation, represented, kind, now)
    _add(session, [row | _subject(subject_type, subject_id, record.owner_person_id)])


def record_team_looks(session: Session, actor: Actor, assessment_ids: Collection[int], now: datetime) -> None:
    """The actor saw ratings of all of these, whom they rate or have above themselves as a second level, on
    one page; for whom, where it is by an order. Four statements."""
    if actor.person_id is None or not assessment_ids:
        return
    standings = standings_above(session, actor, assessment_ids, local_day(now))
    rows = []
    for record_id, organisation_id, owner_id in session.execute(
        select(Assessment.id, Assessment.organisation_id, Assessment.owner_person_id).where(
            Assessment.id.in_(standings)
        )
    ):
        if owner_id != actor.person_id:
            relation, represented = looking_as(standings[record_id])
            row = _row(actor.person_id, organisation_id, relation, represented, LookKind.PAGE, now)
            rows.append(row | _subject(SubjectType.ASSESSMENT, record_id, owner_id))
    _add(session, rows)


def record_plan_looks(
    session: Session, actor: Actor, plans: Sequence[PlanOfTeam], kind: LookKind, now: datetime
) -> None:
    """The actor saw these plans of their team together; for whom, where it is by an order."""
    if actor.person_id is None or actor.organisation_id is None:
        return
    rows = [
        _row(actor.person_id, actor.organisation_id, plan.relation, plan.on_behalf_of, kind, now)
        | _subject(SubjectType.PLAN, plan.id, plan.owner_person_id)
        for plan in plans
    ]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        _add(session, rows[start : start + ROWS_AT_ONCE])


def record_committee_looks(
    session: Session, actor: Actor, assessment_ids: Collection[int], now: datetime
) -> None:
    """The actor saw the results of all of these in a list, by their office. Three statements."""
    if actor.person_id is None or not assessment_ids:
        return
    relation, represented = looking_as(
        standing_in_organisation(session, actor, actor.organisation_id, local_day(now))
    )
    assert actor.organisation_id is not None
    row = _row(actor.person_id, actor.organisation_id, relation, represented, LookKind.PAGE, now)
    owners = session.execute(
        select(Assessment.id, Assessment.owner_person_id).where(Assessment.id.in_(assessment_ids))
    )
    _add(
        session,
        [
            row | _subject(SubjectType.ASSESSMENT, record_id, owner_id)
            for record_id, owner_id in owners
            if owner_id != actor.person_id
        ],
    )


def record_archive_looks(
    session: Session, actor: Actor, cycle_id: int, names: Collection[str], now: datetime
) -> int:
    """The actor took the archive whose files are `names`: a look at each record inside; how many.

    Who has a form in it is told by the names, as the archive was made with them.
    """
    if actor.person_id is None:
        return 0
    inside = [
        (OF_FORM[kind], subject_id)
        for kind, subject_id, name in forms_of_cycle(session, cycle_id, actor.person_id)
        if name in names and kind in OF_FORM
    ]
    standing = standing_in_organisation(session, actor, actor.organisation_id, local_day(now))
    relation, represented = looking_as(standing)
    assert actor.organisation_id is not None
    row = _row(actor.person_id, actor.organisation_id, relation, represented, LookKind.ARCHIVE, now)
    count = 0
    for some in _with_owners(session, inside):
        found = [row | subject for subject in some if subject["owner_person_id"] != actor.person_id]
        _add(session, found)
        count += len(found)
    return count


def _with_owners(
    session: Session, inside: Sequence[tuple[SubjectType, int]]
) -> Iterator[list[dict[str, Any]]]:
    """The records and whose they are, so many at once as a statement may carry."""
    for subject_type, model in RECORDS.items():
        ids = [subject_id for kind, subject_id in inside if kind is subject_type]
        for start in range(0, len(ids), ROWS_AT_ONCE):
            some = ids[start : start + ROWS_AT_ONCE]
            owners = session.execute(select(model.id, model.owner_person_id).where(model.id.in_(some)))
            yield [_subject(subject_type, record_id, owner_id) for record_id, owner_id in owners]


def _row(
    viewer_id: int,
    organisation_id: int,
    relation: Relation,
    represented: int | None,
    kind: LookKind,
    now: datetime,
) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "viewer_person_id": viewer_id,
        "on_behalf_of_person_id": represented,
        "relation": relation,
        "what": kind,
        "local_day": local_day(now),
        "first_at": now,
        "last_at": now,
        "times": 1,
    }


def _subject(subject_type: SubjectType, subject_id: int, owner_id: int) -> dict[str, Any]:
    return {"subject_type": subject_type, "subject_id": subject_id, "owner_person_id": owner_id}


def _add(session: Session, rows: list[dict[str, Any]]) -> None:
    """Insert, or count one more: two at once are two."""
    if not rows:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Look).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["subject_type", "subject_id", "viewer_person_id", "what", "local_day"],
            set_={
                "times": Look.times + 1,
                "last_at": statement.excluded.last_at,
                "relation": statement.excluded.relation,
                "on_behalf_of_person_id": statement.excluded.on_behalf_of_person_id,
            },
        )
    )
