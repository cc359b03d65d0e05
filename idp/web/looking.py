"""Note that somebody looked at somebody else's ratings: once for each page or file that shows them.

A page that is asked for runs in a transaction that only reads, and a refused form's page in one that may
write. The look is therefore written after the page is made, in a short transaction of its own, and what may
happen to it never costs the reader their page.
"""

import zipfile
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, BinaryIO

from flask import after_this_request, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from idp.database import db
from idp.models import StoredDocument
from idp.models.engine import writing
from idp.queries.team_plans import PlanOfTeam
from idp.rules.looks import LookKind
from idp.rules.terms import Relation, ReportKind, SubjectType
from idp.services.looks import (
    record_archive_looks,
    record_committee_looks,
    record_look,
    record_plan_looks,
    record_team_looks,
)
from idp.web import clock
from idp.web.guards import current_actor

SHOWN_BY = {
    ReportKind.ASSESSMENT_FORM: LookKind.DOCUMENT,
    ReportKind.PLAN_FORM: LookKind.DOCUMENT,
    ReportKind.WHOLE_RECORD: LookKind.EXPORT,
}
"""The documents that show ratings or a plan; an empty form is no look."""


def note_look(
    subject_type: SubjectType,
    subject_id: int,
    kind: LookKind = LookKind.PAGE,
    seen_as: Relation | None = None,
) -> None:
    """The response that is being made shows the record to the person signed in."""
    actor, now = current_actor(), clock.now()
    _write_later(lambda session: record_look(session, actor, subject_type, subject_id, kind, now, seen_as))


def note_team_look(assessment_ids: Collection[int]) -> None:
    """The response shows ratings of all of these to the person signed in, who rates them or is their second
    level."""
    actor, now, ids = current_actor(), clock.now(), tuple(assessment_ids)
    _write_later(lambda session: record_team_looks(session, actor, ids, now))


def note_plan_looks(plans: Sequence[PlanOfTeam], kind: LookKind = LookKind.PAGE) -> None:
    """The response shows these plans of the reader's team together."""
    actor, now = current_actor(), clock.now()
    _write_later(lambda session: record_plan_looks(session, actor, plans, kind, now))


def note_committee_look(assessment_ids: Collection[int]) -> None:
    """The response shows results of all of these to the person signed in, who reads them by their office: the
    moderation committee, the personnel office."""
    actor, now, ids = current_actor(), clock.now(), tuple(assessment_ids)
    _write_later(lambda session: record_committee_looks(session, actor, ids, now))


def note_document(document: StoredDocument, file: BinaryIO) -> None:
    """The response hands out the document; of an archive, a look at each record inside."""
    if document.kind is ReportKind.UNIT_FORMS:
        with zipfile.ZipFile(file) as archive:
            names = frozenset(archive.namelist())
        file.seek(0)
        actor, cycle_id, now = current_actor(), document.subject_id, clock.now()
        _write_later(lambda session: record_archive_looks(session, actor, cycle_id, names, now))
        return
    if document.kind is ReportKind.BLANK_FORM:
        return  # it shows no rating
    kind = SHOWN_BY.get(document.kind)
    if kind is not None:
        note_look(document.subject_type, document.subject_id, kind)


def _write_later(act: Callable[[Session], object]) -> None:
    after_this_request(partial(_write, act))


def _write(act: Callable[[Session], object], response: Any) -> Any:
    db.session.rollback()  # the page is made: what it read by must not keep this from writing
    try:
        with writing(), Session(db.engine) as session:
            act(session)
            session.commit()
    except SQLAlchemyError:
        current_app.logger.exception("a look was not written down")
    return response
