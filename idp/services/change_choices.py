"""What HR chose for each record that a change touches, checked against what the preview offers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from idp.queries.change_pages import PersonBelow, Preview, RecordUnderWay
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.staff_changes import ENDING, Consequence
from idp.services.change_posts import Move
from idp.services.staff_corrections import appraiser_meant

NOBODY = "-"
"""Typed where nobody stands above the new supervisor; an empty field keeps who stands there."""


@dataclass(frozen=True)
class RecordChoice:
    """What HR chose for one record; `consequence` None: the usual one."""

    consequence: Consequence | None = None
    reason: str = ""
    cancels_plan: bool = False


@dataclass(frozen=True)
class Choices:
    """`records` by assessment id; `supervisors` and `second_levels` by employee id, before those for all
    (`supervisor`, `second_level`: a number or a whole name). `order_ids`, `role_ids`: what ends."""

    records: Mapping[int, RecordChoice] = field(default_factory=dict)
    supervisor: str = ""
    second_level: str = ""
    supervisors: Mapping[int, str] = field(default_factory=dict)
    second_levels: Mapping[int, str] = field(default_factory=dict)
    order_ids: frozenset[int] = frozenset()
    role_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Above:
    """Who stands above one person below from now on; None: as it is. `is_alone`: nobody above the
    supervisor."""

    supervisor_id: int | None
    second_level_id: int | None
    is_alone: bool


def chosen(record: RecordUnderWay, choices: Choices) -> RecordChoice:
    """What holds for one record: the usual consequence where nothing else was chosen."""
    choice = choices.records.get(record.assessment_id, RecordChoice())
    if choice.consequence is None and record.choices:
        return RecordChoice(record.choices[0], choice.reason, choice.cancels_plan)
    return choice


def check_choices(session: Session, move: Move, shown: Preview, choices: Choices) -> dict[int, Above]:
    """Every choice is one of those offered, exemptions have a reason, everybody who needs one has a new
    supervisor; who that is, by employee id."""
    problems: list[InvalidInput] = []
    for record in (*shown.own, *shown.records_below):
        choice = chosen(record, choices)
        if choice.consequence not in record.choices:
            problems.append(InvalidInput(f"choice-{record.assessment_id}", "unknown_choice"))
        if choice.consequence is Consequence.EXEMPT and not (choice.reason.strip() or move.reason):
            problems.append(InvalidInput(f"reason-{record.assessment_id}", "required"))
    above = {person.employee_id: _above(session, move, person, choices, problems) for person in shown.below}
    if problems:
        unique = {(problem.field, problem.code): problem for problem in problems}
        raise InvalidInputs(tuple(unique.values()))
    return above


def _above(
    session: Session, move: Move, person: PersonBelow, choices: Choices, problems: list[InvalidInput]
) -> Above:
    employee_id, leaver = person.employee_id, move.employee.person_id
    own_supervisor = choices.supervisors.get(employee_id, "").strip()
    own_second = choices.second_levels.get(employee_id, "").strip()
    supervisor_field = f"supervisor-{employee_id}" if own_supervisor else "team_supervisor"
    second_field = f"second-{employee_id}" if own_second else "team_second"
    supervisor = _meant(
        session, move, person, supervisor_field, own_supervisor or choices.supervisor, problems
    )
    second_text = own_second or choices.second_level.strip()
    is_alone = second_text == NOBODY
    second = None if is_alone else _meant(session, move, person, second_field, second_text, problems)
    stays = any(
        chosen(record, choices).consequence in (Consequence.HAND_OVER, Consequence.SPLIT_BY_DAYS)
        for record in person.records
    )
    must_go = stays or (person.assignment_id is not None and move.kind in ENDING)
    if person.is_direct and must_go and supervisor is None and not _is_noted(problems, supervisor_field):
        problems.append(InvalidInput("team_supervisor", "required"))
    if not person.is_direct:
        # The person who goes stands a level further up: the successor takes that place.
        successor = second or supervisor
        if must_go and successor is None and not is_alone:
            problems.append(InvalidInput("team_supervisor", "required"))
        return Above(None, successor, is_alone)
    if leaver == second:
        problems.append(InvalidInput(second_field, "the_one_who_goes"))
    if supervisor is not None and supervisor == second:
        problems.append(InvalidInput(second_field, "same_as_supervisor"))
    if supervisor is not None and second is None and not is_alone and _stays_above(person, supervisor):
        problems.append(InvalidInput(second_field, "same_as_supervisor"))
    return Above(supervisor, second, is_alone)


def _is_noted(problems: list[InvalidInput], name: str) -> bool:
    return any(problem.field == name for problem in problems)


def _stays_above(person: PersonBelow, supervisor_id: int) -> bool:
    """The new supervisor is the one who stood above the old: then the place above needs somebody else."""
    return any(record.second_level_person_id == supervisor_id for record in person.records)


def _meant(
    session: Session, move: Move, person: PersonBelow, name: str, text: str, problems: list[InvalidInput]
) -> int | None:
    try:
        found = appraiser_meant(session, move.employee.organisation_id, name, text, move.effective_on)
    except InvalidInput as problem:
        problems.append(problem)
        return None
    if found is not None and found == person.person_id:
        # One of them takes over for all: this one needs somebody else.
        kind = "second" if name.startswith(("second", "team_second")) else "supervisor"
        problems.append(InvalidInput(f"{kind}-{person.employee_id}", "self"))
        return None
    if found is not None and found == move.employee.person_id:
        problems.append(InvalidInput(name, "the_one_who_goes"))
        return None
    return found
