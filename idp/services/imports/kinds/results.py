"""The results part (ผลสัมฤทธิ์ของงาน) of a cycle: one figure for each person, from the agreements on work that
the office keeps elsewhere."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from idp.adapters.spreadsheets import Cell
from idp.models import Assessment, Cycle
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.errors import InvalidInput
from idp.rules.imports import RowEffect, plain_name
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, CycleState
from idp.rules.thai import full_name, to_arabic_digits
from idp.services.imports.kind import Choice, Column, ImportKind, Judgement, Parameter, RowRead, Scope
from idp.services.results_part import (
    TAKES_IMPORTED_SCORE,
    WHOLE,
    ImportedScore,
    check_points,
    import_results_scores,
)

FIGURE = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,9})?")
NUMBER, NAME, UNIT, MOST, SCORE = "employee_number", "name", "unit", "most", "score"


@dataclass(frozen=True)
class _Person:
    """One assessment of the cycle, as far as a row may speak of it."""

    id: int
    number: str
    owner_person_id: int
    title: str
    first_name: str
    last_name: str
    unit: str
    state: AssessmentState
    competency_part: Decimal
    score: Decimal | None

    @property
    def name(self) -> str:
        return full_name(self.title, self.first_name, self.last_name)

    def is_named(self, text: str) -> bool:
        """With or without the title, whatever the spaces; no name at all names nobody else."""
        names = (self.name, f"{self.first_name} {self.last_name}")
        return not text or plain_name(text) in {plain_name(name) for name in names}


class ResultsPart(ImportKind):
    key = "results"
    name_th = "คะแนนผลสัมฤทธิ์ของงาน"
    name_en = "Results part"
    help_th = (
        "คะแนนองค์ประกอบผลสัมฤทธิ์ของงานของบุคลากรในรอบการประเมิน "
        "นำเข้าได้ตั้งแต่ผู้ประเมินเริ่มประเมินจนถึงก่อนแจ้งผล ผู้ประเมินจะเห็นคะแนนและผู้ที่นำเข้าในหน้าการประเมิน"
    )
    help_en = (
        "The points of the results part of a cycle, from the start of the rating until the release. "
        "The supervisor sees them and who imported them."
    )
    columns = (
        Column(
            NUMBER,
            "เลขประจำตัว",
            "Employee number",
            "ตามทะเบียนบุคลากร ใช้เลขไทยได้ และเว้นเลขศูนย์ข้างหน้าได้",
            "As in the register; Thai digits and missing leading zeros are understood",
            "0001",
            width=16,
        ),
        Column(
            NAME,
            "ชื่อและนามสกุล",
            "Name",
            "ไม่บังคับ หากกรอก ระบบจะตรวจว่าตรงกับเลขประจำตัว",
            "Optional; where given it must be the name that belongs to the number",
            "นายตัวอย่าง ทดลองกรอก",
            is_required=False,
            width=32,
        ),
        Column(
            UNIT,
            "หน่วยงาน",
            "Unit",
            "ไว้ให้อ่าน ระบบไม่นำเข้า",
            "To be read by people; not imported",
            is_required=False,
            is_for_the_eye=True,
            width=40,
        ),
        Column(
            MOST,
            "คะแนนเต็ม",
            "Full marks",
            "ไว้ให้อ่าน ระบบไม่นำเข้า",
            "To be read by people; not imported",
            is_required=False,
            is_for_the_eye=True,
        ),
        Column(
            SCORE,
            "คะแนนผลสัมฤทธิ์ของงาน",
            "Results score",
            "คะแนนที่ได้ ไม่เกินคะแนนเต็มของผู้นั้น ทศนิยมไม่เกินสองตำแหน่ง แถวที่เว้นว่างจะไม่เปลี่ยนแปลงคะแนนเดิม",
            "Points, up to the person's full marks, two decimals at most; an empty cell changes nothing",
            Decimal("56.25"),
        ),
    )
    parameters = (Parameter("cycle", "รอบการประเมิน", "Cycle"),)

    def choices(self, session: Session, actor: Actor, day: date) -> Mapping[str, Sequence[Choice]]:
        rows = session.execute(
            select(Cycle.id, Cycle.name_th, Cycle.name_en)
            .where(Cycle.organisation_id == actor.organisation_id, Cycle.state == CycleState.OPEN)
            .order_by(Cycle.fiscal_year.desc(), Cycle.id.desc())
        )
        return {"cycle": [Choice(str(id_), thai, english or thai) for id_, thai, english in rows]}

    def judge(self, scope: Scope, rows: Sequence[RowRead]) -> list[Judgement]:
        read = {row.place: _digits(row.texts[NUMBER]) for row in rows}
        people = _by_number(_people(scope, {_short(number) for number in read.values() if number}))
        places: dict[int, list[int]] = {}
        found: dict[int, _Person | InvalidInput] = {}
        for row in rows:
            person = found[row.place] = _meant(read[row.place], people)
            if isinstance(person, _Person):
                places.setdefault(person.id, []).append(row.place)
        return [_judged(scope, row, found[row.place], places) for row in rows]

    def apply(self, scope: Scope, judged: Sequence[Judgement]) -> None:
        scores = [
            ImportedScore(
                (each.target or {})["assessment_id"],
                Decimal(each.before[SCORE]) if each.before else None,
                Decimal((each.after or {})[SCORE]),
            )
            for each in judged
        ]
        import_results_scores(scope.session, scope.actor, scope.import_id, scores, scope.now)

    def present_rows(self, scope: Scope) -> Iterable[Mapping[str, Cell]]:
        """Everybody who is assessed; not oneself before the release, whose score is still to be told."""
        for person in _people(scope, None):
            is_own = person.owner_person_id == scope.actor.person_id
            if person.state is AssessmentState.EXEMPTED or (is_own and person.state not in RELEASED_STATES):
                continue
            yield {
                NUMBER: person.number,
                NAME: person.name,
                UNIT: person.unit,
                MOST: WHOLE - person.competency_part,
                SCORE: "" if person.score is None else person.score,
            }


def _judged(
    scope: Scope, row: RowRead, person: _Person | InvalidInput, places: Mapping[int, Sequence[int]]
) -> Judgement:
    score, problem = _score(row.texts[SCORE])
    problems = [problem] if problem else []
    if isinstance(person, InvalidInput):
        return Judgement.refused(row.place, person, *problems)
    target: dict[str, Any] = {"assessment_id": person.id, "person_id": person.owner_person_id}
    others = [place for place in places[person.id] if place != row.place]
    if others:
        problems.insert(0, InvalidInput(NUMBER, "twice_in_file", places=", ".join(map(str, others))))
    if not person.is_named(row.texts[NAME]):
        problems.insert(0, InvalidInput(NAME, "other_name", recorded=person.name, written=row.texts[NAME]))
    if problems:
        return Judgement.refused(row.place, *problems, target=target)
    if person.owner_person_id == scope.actor.person_id:
        return Judgement.refused(row.place, InvalidInput(NUMBER, "ones_own_score"), target=target)
    before = None if person.score is None else {SCORE: f"{person.score:.2f}"}
    if score is None or score == person.score:
        return Judgement(row.place, RowEffect.NOTHING, before, before, target)
    refusal = _state_refusal(person.state) or _range_refusal(score, person)
    if refusal:
        return Judgement.refused(row.place, refusal, target=target)
    effect = RowEffect.ADD if before is None else RowEffect.CHANGE
    return Judgement(row.place, effect, before, {SCORE: f"{score:.2f}"}, target)


def _state_refusal(state: AssessmentState) -> InvalidInput | None:
    if state in TAKES_IMPORTED_SCORE:
        return None
    if state in RELEASED_STATES:
        return InvalidInput(SCORE, "released_already")
    if state is AssessmentState.EXEMPTED:
        return InvalidInput(NUMBER, "not_assessed")
    return InvalidInput(NUMBER, "rating_not_begun")


def _range_refusal(score: Decimal, person: _Person) -> InvalidInput | None:
    try:
        check_points(score, person.competency_part, SCORE)
    except InvalidInput as error:
        return error
    return None


def _score(text: str) -> tuple[Decimal | None, InvalidInput | None]:
    plain = to_arabic_digits(text).replace(" ", "")
    if not plain:
        return None, None
    if not FIGURE.fullmatch(plain):
        return None, InvalidInput(SCORE, "not_a_number")
    return Decimal(plain), None


def _digits(text: str) -> str:
    return "".join(to_arabic_digits(text).split())


def _short(number: str) -> str:
    """The number as a spreadsheet leaves it that took it for a figure."""
    return number.lstrip("0")


def _meant(number: str, people: Mapping[str, Sequence[_Person]]) -> _Person | InvalidInput:
    """The one with that very number, else the only one who has it but for the zeros before it."""
    if not number:
        return InvalidInput(NUMBER, "required")
    alike = people.get(_short(number), ())
    found = [person for person in alike if person.number == number] or list(alike)
    if not found:
        return InvalidInput(NUMBER, "nobody_in_cycle", number=number)
    if len(found) > 1:
        return InvalidInput(NUMBER, "several_numbers", numbers=", ".join(each.number for each in found))
    return found[0]


def _by_number(people: Iterable[_Person]) -> dict[str, list[_Person]]:
    found: dict[str, list[_Person]] = {}
    for person in people:
        found.setdefault(_short(_digits(person.number)), []).append(person)
    return found


def _people(scope: Scope, numbers: set[str] | None) -> Iterable[_Person]:
    """Those of the cycle, by number; with `numbers` only who has one of these. One statement."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            Assessment.id,
            Assessment.employee_number,
            Assessment.owner_person_id,
            Assessment.title_th,
            Assessment.first_name,
            Assessment.last_name,
            Assessment.unit_path_name,
            Assessment.state,
            Assessment.competency_part,
            Assessment.results_score,
        )
        .where(
            Assessment.cycle_id == int(scope.parameters["cycle"]),
            Assessment.organisation_id == scope.organisation_id,
        )
        .order_by(Assessment.employee_number, Assessment.id)
    )
    if numbers is not None:
        statement = statement.where(func.ltrim(Assessment.employee_number, "0").in_(sorted(numbers)))
    for row in scope.session.execute(statement):
        yield _Person(*row)
