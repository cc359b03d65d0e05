"""Show what was done for a line of an approved plan: files and links, handed in by the plan's owner.

What was handed in by mistake is withdrawn with a reason; it stays in the record, and its file is given to its
owner alone from then on. A signed paper that shows it is entered with the report on paper
(`services.paper.enter_progress`).

The functions raise NotVisible, NotPermitted, StaleVersion, TransitionNotAllowed, InvalidInput.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from idp.models import Evidence, PlanItem
from idp.rules.attachments import EVIDENCE_KINDS
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible, TransitionNotAllowed
from idp.rules.evidence import LONGEST_TITLE, MOST_FILES, checked_link
from idp.rules.relations import Actor
from idp.rules.terms import EvidenceKind, PlanItemState, SubjectType
from idp.rules.texts import checked_text, required_text
from idp.services.attachments import Upload, UploadDesk, keep_attachment
from idp.services.plan_reporting import how_far, load_own_line, record_line
from idp.services.saving import count_as_changed, save


@dataclass(frozen=True)
class RefusedFile:
    """A file of several that was not taken, and why."""

    filename: str
    problem: InvalidInput


@dataclass(frozen=True)
class HandedIn:
    """What became of files that were sent together."""

    kept: tuple[Evidence, ...]
    refused: tuple[RefusedFile, ...]


def add_files(
    session: Session,
    desk: UploadDesk,
    actor: Actor,
    item_id: int,
    title: str,
    uploads: Sequence[Upload],
    now: datetime,
    expected_version: int | None = None,
) -> HandedIn:
    """Keep every file that can be kept; each of the others is named with its reason. Without a title a file's
    own name is it.

    Raises InvalidInput at `files` (`no_file`, `too_many_files`) and at `title`; nothing is kept then.
    """
    item, plan, _standing = load_own_line(session, actor, item_id, now, "add_evidence", expected_version)
    title = checked_text("title", title, LONGEST_TITLE)
    chosen = [upload for upload in uploads if upload.is_chosen]
    if not chosen:
        raise InvalidInput("files", "no_file")
    if len(chosen) > MOST_FILES:
        raise InvalidInput("files", "too_many_files", maximum=MOST_FILES)
    kept: list[Evidence] = []
    refused: list[RefusedFile] = []
    for upload in chosen:
        try:
            kept.append(_add_file(session, desk, actor, item, title, upload, now))
        except InvalidInput as problem:
            refused.append(RefusedFile(upload.filename, problem))
    if kept:
        count_as_changed(plan)
        save(session)
    return HandedIn(tuple(kept), tuple(refused))


def add_link(
    session: Session,
    actor: Actor,
    item_id: int,
    title: str,
    url: str,
    now: datetime,
    expected_version: int | None = None,
) -> Evidence:
    """Keep an address, such as of a certificate. Raises InvalidInputs at `link_title` and `url`."""
    item, _plan, standing = load_own_line(session, actor, item_id, now, "add_evidence", expected_version)
    problems: list[InvalidInput] = []
    try:
        title = required_text("link_title", title, LONGEST_TITLE)
    except InvalidInput as problem:
        problems.append(problem)
    try:
        url = checked_link("url", url)
    except InvalidInput as problem:
        problems.append(problem)
    if problems:
        raise InvalidInputs(problems)
    link = Evidence(
        item=item, kind=EvidenceKind.LINK, title=title, url=url, by_person_id=actor.speaks_for, at=now
    )
    session.add(link)
    save(session)
    detail = {"evidence_id": link.id, "title": title, "url": url}
    record_line(session, actor, standing, item, "add_link", now, detail)
    return link


def withdraw_evidence(
    session: Session,
    actor: Actor,
    evidence_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> Evidence:
    """Take back what was handed in by mistake, with a reason; once. A line of which it was said that all is
    there is in progress again when nothing is left."""
    evidence = session.get(Evidence, evidence_id)
    if evidence is None:
        raise NotVisible
    item_id = evidence.plan_item_id
    item, _plan, standing = load_own_line(session, actor, item_id, now, "withdraw_evidence", expected_version)
    if evidence.withdrawn_at is not None:
        raise TransitionNotAllowed("evidence", "withdrawn", "withdraw_evidence")
    evidence.withdrawn_because = required_text("reason", reason)
    evidence.withdrawn_at = now
    detail: dict[str, Any] = {"evidence_id": evidence.id, "title": evidence.title}
    is_left = any(each.withdrawn_at is None for each in item.evidence)
    if item.state is PlanItemState.EVIDENCE_SUBMITTED and not is_left:
        before = how_far(item)
        item.state = PlanItemState.IN_PROGRESS
        detail |= {"before": before, "after": how_far(item)}
    record_line(session, actor, standing, item, "withdraw_evidence", now, detail, evidence.withdrawn_because)
    return evidence


def _add_file(
    session: Session,
    desk: UploadDesk,
    actor: Actor,
    item: PlanItem,
    title: str,
    upload: Upload,
    now: datetime,
) -> Evidence:
    attachment = keep_attachment(
        session,
        desk,
        actor,
        upload,
        (SubjectType.PLAN_ITEM, item.id),
        item.plan.organisation_id,
        now,
        "files",
        about="evidence",
        kinds=EVIDENCE_KINDS,
    )
    evidence = Evidence(
        item=item,
        kind=EvidenceKind.FILE,
        title=title or attachment.filename.rpartition(".")[0][:LONGEST_TITLE],
        attachment=attachment,
        by_person_id=actor.speaks_for,
        at=now,
    )
    session.add(evidence)
    save(session)
    return evidence
