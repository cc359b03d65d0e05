"""The competencies of a draft: added, rewritten with their whole ladder, moved, taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from idp.models import Competency, FrameworkVersion
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible
from idp.rules.relations import Actor
from idp.rules.terms import CompetencyCategory, SubjectType
from idp.rules.texts import checked_text, required_text
from idp.services.framework_access import count_as_changed, load_draft
from idp.services.framework_copying import remove_ladder
from idp.services.framework_ladders import LevelFields, marks_of_texts, write_ladder
from idp.services.history import record_history
from idp.services.saving import save

LONGEST_CODE = 20
LONGEST_NAME = 300
HIGHEST_LEVEL = 9
OWN_KEY = "c"
"""Our keys for competencies without an official code are c1, c2, ..."""


@dataclass(frozen=True)
class CompetencyFields:
    """A competency as typed; `code` is the official one, "" for a key of ours. Blank levels are left out."""

    code: str
    category: CompetencyCategory
    name_th: str
    name_en: str = ""
    definition_th: str = ""
    levels: tuple[LevelFields, ...] = ()


def add_competency(
    session: Session,
    actor: Actor,
    version_id: int,
    fields: CompetencyFields,
    now: datetime,
    expected_version: int | None = None,
) -> Competency:
    """A competency at the end of the draft. Raises as `save_competency` does."""
    version = load_draft(session, actor, version_id, "add_competency", local_day(now), expected_version)
    checked = _checked(session, version, None, fields)
    known = _of(session, version)
    competency = Competency(
        framework_version_id=version.id,
        sort_order=max((each.sort_order for each in known), default=0) + 1,
        source_marks=[],
        **_columns(checked, _own_key(session, version)),
    )
    session.add(competency)
    session.flush()
    write_ladder(session, competency.id, checked.levels, {})
    _note(session, actor, version, "add_competency", competency.name_th, now)
    return competency


def save_competency(
    session: Session,
    actor: Actor,
    version_id: int,
    competency_id: int,
    fields: CompetencyFields,
    now: datetime,
    expected_version: int | None = None,
) -> Competency:
    """Write a competency and its ladder as they stand in the form.

    Raises NotPermitted, NotVisible, StaleVersion, TransitionNotAllowed, and InvalidInputs at `code`,
    `name_th`, ..., `level-0-number`, `level-0-indicator-0`: the places of the rows in `fields`.
    """
    version = load_draft(session, actor, version_id, "edit_competency", local_day(now), expected_version)
    competency = load_competency(session, version, competency_id)
    checked = _checked(session, version, competency, fields)
    for name, value in _columns(checked, competency.code).items():
        setattr(competency, name, value)
    marks = marks_of_texts(session, competency.id)
    remove_ladder(session, competency.id)
    write_ladder(session, competency.id, checked.levels, marks)
    session.expire(competency, ["levels"])
    _note(session, actor, version, "edit_competency", competency.name_th, now)
    return competency


def remove_competency(
    session: Session,
    actor: Actor,
    version_id: int,
    competency_id: int,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Take a competency out of the draft. Raises as above."""
    version = load_draft(session, actor, version_id, "remove_competency", local_day(now), expected_version)
    competency = load_competency(session, version, competency_id)
    name = competency.name_th
    remove_ladder(session, competency.id)
    session.expire(competency, ["levels"])
    session.delete(competency)
    _note(session, actor, version, "remove_competency", name, now)


def move_competency(
    session: Session,
    actor: Actor,
    version_id: int,
    competency_id: int,
    by: int,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Move a competency up (`by` -1) or down (1) by one place; at the end of the list it stays."""
    version = load_draft(session, actor, version_id, "move_competency", local_day(now), expected_version)
    competency = load_competency(session, version, competency_id)
    order = list(_of(session, version))
    place = order.index(competency)
    order.insert(min(max(place + by, 0), len(order) - 1), order.pop(place))
    for number, each in enumerate(order, start=1):
        each.sort_order = number
    _note(session, actor, version, "move_competency", competency.name_th, now)


def load_competency(session: Session, version: FrameworkVersion, competency_id: int) -> Competency:
    """A competency of that version. Raises NotVisible."""
    competency = session.get(Competency, competency_id)
    if competency is None or competency.framework_version_id != version.id:
        raise NotVisible
    return competency


def _of(session: Session, version: FrameworkVersion) -> Sequence[Competency]:
    return session.scalars(
        select(Competency)
        .where(Competency.framework_version_id == version.id)
        .order_by(Competency.sort_order, Competency.id)
    ).all()


def _checked(
    session: Session, version: FrameworkVersion, competency: Competency | None, fields: CompetencyFields
) -> CompetencyFields:
    """Without space around and blank rows, the levels by number. Raises InvalidInputs."""
    problems: list[InvalidInput] = []

    def read(name: str, value: str, longest: int = 4000, *, is_required: bool = False) -> str:
        try:
            return (required_text if is_required else checked_text)(name, value, longest)
        except InvalidInput as problem:
            problems.append(problem)
            return ""

    code = read("code", fields.code, LONGEST_CODE)
    if code and (not code.isprintable() or code.split() != [code] or "/" in code):
        problems.append(InvalidInput("code", "no_space_in_code"))
    elif code and any(each.code == code and each is not competency for each in _of(session, version)):
        problems.append(InvalidInput("code", "taken", value=code))
    levels: list[LevelFields] = []
    for row, level in enumerate(fields.levels):
        if level.is_blank:
            continue
        name = f"level-{row}"
        problem = _number_problem(f"{name}-number", level.number, levels)
        problems += [problem] if problem else []
        indicators = [read(f"{name}-indicator-{at}", each) for at, each in enumerate(level.indicators)]
        title = read(f"{name}-title", level.title)
        levels.append(LevelFields(level.number, title, tuple(each for each in indicators if each)))
    checked = CompetencyFields(
        code=code,
        category=fields.category,
        name_th=read("name_th", fields.name_th, LONGEST_NAME, is_required=True),
        name_en=read("name_en", fields.name_en, LONGEST_NAME),
        definition_th=read("definition_th", fields.definition_th),
        levels=tuple(sorted(levels, key=lambda level: level.number or 0)),
    )
    if problems:
        raise InvalidInputs(problems)
    return checked


def _number_problem(field: str, number: int | None, before: Sequence[LevelFields]) -> InvalidInput | None:
    if number is None:
        return InvalidInput(field, "required")
    if not 0 <= number <= HIGHEST_LEVEL:
        return InvalidInput(field, "out_of_range", minimum=0, maximum=HIGHEST_LEVEL)
    if any(level.number == number for level in before):
        return InvalidInput(field, "level_twice")
    return None


def _columns(fields: CompetencyFields, key: str) -> dict[str, Any]:
    """`key`: the competency's own key where it has no official code."""
    return {
        "code": fields.code or key,
        "code_is_official": bool(fields.code),
        "category": fields.category,
        "name_th": fields.name_th,
        "name_en": fields.name_en or None,
        "definition_th": fields.definition_th,
    }


def _own_key(session: Session, version: FrameworkVersion) -> str:
    """The next of c1, c2, ... that no version of the framework nor what it was made from has used: a key
    never means another competency than before."""
    used = (
        select(Competency.code)
        .join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
        .where(
            or_(
                FrameworkVersion.framework_id == version.framework_id,
                FrameworkVersion.id == version.based_on_version_id,
            )
        )
    )
    numbers = [
        int(code[len(OWN_KEY) :])
        for code in session.scalars(used)
        if code.startswith(OWN_KEY) and code[len(OWN_KEY) :].isascii() and code[len(OWN_KEY) :].isdigit()
    ]
    return f"{OWN_KEY}{max(numbers, default=0) + 1}"


def _note(
    session: Session, actor: Actor, version: FrameworkVersion, event: str, name: str, now: datetime
) -> None:
    count_as_changed(version)
    record_history(
        session,
        actor,
        (SubjectType.FRAMEWORK, version.id),
        event,
        now,
        organisation_id=version.framework.organisation_id,
        detail={"name": name},
    )
    save(session)
