"""The personnel office keeps the courses of the organisation: a new one, a change, one no longer offered.

Who may: CATALOGUE_EDIT. A course of another organisation is as good as missing. Every function raises
NotVisible, NotPermitted, StaleVersion, and InvalidInputs naming every wrong field at once.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from idp.models import Competency, Course, CourseLevel, ProficiencyLevel
from idp.queries.profile_versions import of_versions, versions_in_use
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted, NotVisible, StaleVersion
from idp.rules.relations import Actor
from idp.rules.terms import Permission, SubjectType
from idp.rules.texts import required_text
from idp.services.access import check_organisation
from idp.services.history import record_history
from idp.services.saving import save
from idp.services.training.course_fields import CourseFields, changed, course_problems, course_values


def create_course(
    session: Session, actor: Actor, typed: CourseFields, now: datetime, *, import_id: int | None = None
) -> Course:
    """A course that is on offer from now on."""
    check_organisation(session, actor, Permission.CATALOGUE_EDIT, local_day(now))
    if actor.organisation_id is None:
        raise NotPermitted(Permission.CATALOGUE_EDIT)
    in_use = levels_in_use(session, actor.organisation_id, now)
    return begin_course(session, actor, typed, in_use, now, import_id)


def begin_course(
    session: Session,
    actor: Actor,
    typed: CourseFields,
    in_use: Collection[int],
    now: datetime,
    import_id: int | None = None,
) -> Course:
    """As `create_course`, for one of many: who may was checked a moment ago, and the ids of the levels in
    use were read (`levels_in_use`)."""
    course = Course(organisation_id=actor.organisation_id)
    _check(session, course, typed, in_use)
    _write(course, typed)
    session.add(course)
    save(session)
    detail = {"from": None, "to": course_values(course), **_imported(import_id)}
    record_course(session, actor, course, "create_course", now, detail)
    return course


def edit_course(
    session: Session,
    actor: Actor,
    course_id: int,
    typed: CourseFields,
    now: datetime,
    expected_version: int | None = None,
    *,
    import_id: int | None = None,
) -> Course:
    """Change it; plans keep what they took from it. Unchanged content writes nothing."""
    course = load_course(session, actor, course_id, now, expected_version)
    in_use = levels_in_use(session, course.organisation_id, now)
    return rewrite_course(session, actor, course, typed, in_use, now, import_id)


def rewrite_course(
    session: Session,
    actor: Actor,
    course: Course,
    typed: CourseFields,
    in_use: Collection[int],
    now: datetime,
    import_id: int | None = None,
) -> Course:
    """As `edit_course`, for one of many: it was loaded and checked a moment ago, as in `begin_course`."""
    before = course_values(course)
    _check(session, course, typed, in_use)
    _write(course, typed)
    after = course_values(course)
    if after != before:
        count_as_changed(course)
        detail = changed(before, after) | _imported(import_id)
        record_course(session, actor, course, "edit_course", now, detail)
    save(session)
    return course


def retire_course(
    session: Session,
    actor: Actor,
    course_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> Course:
    """Offer it no longer. Runs that are planned for stay until they are cancelled, each with its reason."""
    course = load_course(session, actor, course_id, now, expected_version)
    reason = required_text("reason", reason)
    if course.retired_at is None:
        course.retired_at = now
        count_as_changed(course)
        record_course(session, actor, course, "retire_course", now, {}, reason)
    save(session)
    return course


def offer_course_again(
    session: Session, actor: Actor, course_id: int, now: datetime, expected_version: int | None = None
) -> Course:
    """Take a retired course back among those on offer."""
    course = load_course(session, actor, course_id, now, expected_version)
    if course.retired_at is not None:
        course.retired_at = None
        count_as_changed(course)
        record_course(session, actor, course, "offer_course_again", now, {})
    save(session)
    return course


def load_course(
    session: Session, actor: Actor, course_id: int, now: datetime, expected_version: int | None = None
) -> Course:
    """The course, for the personnel office to change."""
    check_organisation(session, actor, Permission.CATALOGUE_EDIT, local_day(now))
    course = session.get(Course, course_id)
    if course is None or course.organisation_id != actor.organisation_id:
        raise NotVisible
    if expected_version is not None and course.version != expected_version:
        raise StaleVersion
    return course


def count_as_changed(course: Course) -> None:
    """A new version, although perhaps only its levels or runs change: two open forms cannot overwrite each
    other."""
    flag_modified(course, "code")


def record_course(
    session: Session,
    actor: Actor,
    course: Course,
    event: str,
    now: datetime,
    detail: Mapping[str, Any],
    reason: str = "",
) -> None:
    """One entry of the course's history."""
    record_history(
        session,
        actor,
        (SubjectType.COURSE, course.id),
        event,
        now,
        organisation_id=course.organisation_id,
        reason=reason,
        detail=detail,
    )
    save(session)


def levels_in_use(session: Session, organisation_id: int, now: datetime) -> frozenset[int]:
    """The ids of the levels that a course may be said to develop: of the dictionaries in use."""
    uses = versions_in_use(session, organisation_id, local_day(now))
    return frozenset(
        session.scalars(
            select(ProficiencyLevel.id)
            .join(Competency, Competency.id == ProficiencyLevel.competency_id)
            .where(of_versions(uses))
        )
    )


def _check(session: Session, course: Course, typed: CourseFields, in_use: Collection[int]) -> None:
    with session.no_autoflush:
        known = {*in_use, *(level.level_id for level in course.levels)}
        problems = course_problems(typed, known)
        is_asked = typed.code.strip() != course.code and not any(each.field == "code" for each in problems)
        if is_asked and _is_taken(session, course, typed.code.strip()):
            problems.append(InvalidInput("code", "taken"))
    if problems:
        raise InvalidInputs(problems)


def _is_taken(session: Session, course: Course, code: str) -> bool:
    of_another = select(Course.id).where(
        Course.organisation_id == course.organisation_id, Course.code == code, Course.id != (course.id or 0)
    )
    return session.scalar(of_another) is not None


def _write(course: Course, typed: CourseFields) -> None:
    assert typed.method is not None and typed.hours is not None  # checked
    course.code, course.title_th = typed.code.strip(), typed.title.strip()
    course.provider_th = typed.provider.strip()
    for column, text in (
        ("detail_th", typed.detail),
        ("measure_th", typed.measure),
        ("evidence_th", typed.evidence),
    ):
        setattr(course, column, text.replace("\r\n", "\n").strip())
    course.method, course.hours = typed.method, typed.hours
    course.price_baht = typed.price_baht or Decimal(0)
    there = {level.level_id: level for level in course.levels}
    for level_id in there.keys() - typed.level_ids:
        course.levels.remove(there[level_id])
    for level_id in sorted(typed.level_ids - there.keys()):
        course.levels.append(CourseLevel(level_id=level_id))


def _imported(import_id: int | None) -> dict[str, Any]:
    return {} if import_id is None else {"import_id": import_id}
