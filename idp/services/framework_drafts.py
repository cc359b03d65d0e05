"""An organisation's own dictionaries: derived from one that it sees, written from nothing, a next version
begun, its names changed, a draft discarded.

A framework's code begins with its organisation's ("bang-ban.core"), so that two of them may use the same word
and neither learns of the other's.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import CompetencyFramework, FrameworkVersion, Organisation
from idp.queries.framework_versions import visible_version
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible
from idp.rules.relations import Actor
from idp.rules.terms import Permission, SubjectType, VersionState
from idp.rules.texts import checked_text, required_text
from idp.services.access import check_organisation
from idp.services.framework_access import load_draft, load_own_version
from idp.services.framework_copying import copy_content, remove_content
from idp.services.history import record_history
from idp.services.organisations import CODE
from idp.services.saving import noticing_others, save

LONGEST_CODE = 19
"""Characters of the framework's own part: with the organisation's and the point it fits its column."""

LONGEST_NAME = 300


@dataclass(frozen=True)
class FrameworkFields:
    """What the head of a version says. `organisation_th`: who issues it, as printed under its name."""

    name_th: str
    name_en: str = ""
    organisation_th: str = ""
    source_note: str = ""

    def checked(self) -> "FrameworkFields":
        """The same without space around. Raises InvalidInputs at each field."""
        problems: list[InvalidInput] = []
        found: dict[str, str] = {}
        for name, longest in (("name_th", LONGEST_NAME), ("name_en", LONGEST_NAME), ("organisation_th", 300)):
            check = required_text if name == "name_th" else checked_text
            try:
                found[name] = check(name, getattr(self, name), longest)
            except InvalidInput as problem:
                problems.append(problem)
        try:
            found["source_note"] = checked_text("source_note", self.source_note)
        except InvalidInput as problem:
            problems.append(problem)
        if problems:
            raise InvalidInputs(problems)
        return FrameworkFields(**found)


def create_framework(
    session: Session,
    actor: Actor,
    code: str,
    fields: FrameworkFields,
    now: datetime,
    source_version_id: int | None = None,
) -> FrameworkVersion:
    """The draft number 1 of a new framework: a copy of a published version, or empty without one.

    `code` is the organisation's own part. Raises NotPermitted, InvalidInput(s) at `code`, `source` or a name.
    """
    check_organisation(session, actor, Permission.FRAMEWORK_EDIT, local_day(now))
    organisation = session.get(Organisation, actor.organisation_id or 0)
    if organisation is None:
        raise NotVisible
    problems: list[InvalidInput] = []
    whole = source = None
    try:
        whole = _free_code(session, organisation, code)
    except InvalidInput as problem:
        problems.append(problem)
    try:
        fields = fields.checked()
    except InvalidInputs as found:
        problems += found.problems
    try:
        source = _source(session, organisation.id, source_version_id)
    except InvalidInput as problem:
        problems.append(problem)
    if problems or whole is None:
        raise InvalidInputs(problems)
    framework = CompetencyFramework(code=whole, organisation_id=organisation.id)
    with noticing_others():
        session.add(framework)
        session.flush()
    return _draft(session, actor, framework, 1, fields, source, now)


def begin_next_version(session: Session, actor: Actor, version_id: int, now: datetime) -> FrameworkVersion:
    """A draft copied from the framework's latest published version; the one that is under way is the answer.

    Raises NotPermitted, NotVisible, InvalidInput at `version` where nothing is published: what was retired is
    not taken up again unnoticed.
    """
    framework = load_own_version(session, actor, version_id, local_day(now)).framework
    versions = session.scalars(
        select(FrameworkVersion)
        .where(FrameworkVersion.framework_id == framework.id, FrameworkVersion.number > 0)
        .order_by(FrameworkVersion.number.desc())
    ).all()
    draft = next((each for each in versions if each.state is VersionState.DRAFT), None)
    if draft is not None:
        return draft
    latest = next((each for each in versions if each.state is VersionState.PUBLISHED), None)
    if latest is None:
        raise InvalidInput("version", "nothing_published")
    fields = FrameworkFields(latest.name_th, latest.name_en, latest.organisation_th or "", latest.source_note)
    return _draft(session, actor, framework, versions[0].number + 1, fields, latest, now)


def update_head(
    session: Session,
    actor: Actor,
    version_id: int,
    fields: FrameworkFields,
    now: datetime,
    expected_version: int | None = None,
) -> FrameworkVersion:
    """Write the draft's names. Raises InvalidInputs at the fields, StaleVersion, TransitionNotAllowed."""
    version = load_draft(session, actor, version_id, "update_head", local_day(now), expected_version)
    fields = fields.checked()
    changed = {}
    for name in ("name_th", "name_en", "organisation_th", "source_note"):
        before, after = getattr(version, name) or "", getattr(fields, name)
        if before != after:
            setattr(version, name, after or None if name == "organisation_th" else after)
            changed[name] = [before, after]
    if changed:
        _record(session, actor, version, "edit_framework_head", now, detail=changed)
        save(session)
    return version


def discard_draft_version(
    session: Session, actor: Actor, version_id: int, now: datetime, expected_version: int | None = None
) -> None:
    """Throw a draft away with all that it says. Its row stays for its history under a number that nobody
    sees, so that its number, and where nothing else was ever made of it the framework's code, are free
    again."""
    version = load_draft(session, actor, version_id, "discard_draft", local_day(now), expected_version)
    detail = {"number": version.number, "code": version.framework.code}
    remove_content(session, version.id)
    session.expire(version, ["competencies"])
    version.state, version.retired_at, version.number = VersionState.RETIRED, now, -version.id
    others = select(func.count()).where(
        FrameworkVersion.framework_id == version.framework_id, FrameworkVersion.number > 0
    )
    with session.no_autoflush:
        is_alone = session.scalar(others.where(FrameworkVersion.id != version.id)) == 0
    if is_alone:
        version.framework.code = f"~{version.framework_id}"
    _record(
        session, actor, version, "discard_draft", now, VersionState.DRAFT, VersionState.RETIRED, detail=detail
    )
    save(session)


def _draft(
    session: Session,
    actor: Actor,
    framework: CompetencyFramework,
    number: int,
    fields: FrameworkFields,
    source: FrameworkVersion | None,
    now: datetime,
) -> FrameworkVersion:
    version = FrameworkVersion(
        framework=framework,
        number=number,
        state=VersionState.DRAFT,
        name_th=fields.name_th,
        name_en=fields.name_en,
        organisation_th=fields.organisation_th or None,
        source_note=fields.source_note,
        source_marks=source.source_marks if source is not None else [],
        errata=[],
        content_hash="",
        based_on_version_id=source.id if source is not None else None,
    )
    session.add(version)
    save(session)
    detail: dict[str, object] = {"code": framework.code, "number": number}
    if source is not None:
        copy_content(session, source.id, version.id)
        detail["based_on"] = f"{source.framework.code}/{source.number}"
    _record(session, actor, version, "create", now, None, VersionState.DRAFT, detail=detail)
    return version


def _free_code(session: Session, organisation: Organisation, text: str) -> str:
    code = required_text("code", text, LONGEST_CODE)
    if CODE.fullmatch(code) is None:
        raise InvalidInput("code", "not_a_code")
    whole = f"{organisation.code}.{code}"
    if session.scalar(select(CompetencyFramework.id).where(CompetencyFramework.code == whole)) is not None:
        raise InvalidInput("code", "taken", value=code)
    return whole


def _source(session: Session, organisation_id: int, version_id: int | None) -> FrameworkVersion | None:
    """What is copied: published, of the library or the organisation's own."""
    if version_id is None:
        return None
    try:
        version = visible_version(session, organisation_id, version_id)
    except NotVisible as error:
        raise InvalidInput("source", "unknown_choice") from error
    if version.state is not VersionState.PUBLISHED:
        raise InvalidInput("source", "unknown_choice")
    return version


def _record(
    session: Session,
    actor: Actor,
    version: FrameworkVersion,
    event: str,
    now: datetime,
    *states: VersionState | None,
    detail: dict[str, object] | dict[str, list[str]],
) -> None:
    record_history(
        session,
        actor,
        (SubjectType.FRAMEWORK, version.id),
        event,
        now,
        organisation_id=version.framework.organisation_id,
        states=(states[0], states[1]) if states else (None, None),
        detail=detail,
    )
