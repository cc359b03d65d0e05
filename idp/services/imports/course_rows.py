"""Judge the rows of a file of courses: one row for each run, the course said again on each of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from idp.models import Course, CourseRun
from idp.queries.expected_rows import named_in_files
from idp.queries.form_words import METHODS
from idp.queries.training.course_levels import levels_to_choose
from idp.rules.errors import InvalidInput
from idp.rules.imports import RowEffect, plain_header
from idp.rules.terms import DevelopmentMethod
from idp.rules.thai import parse_thai_date, to_arabic_digits
from idp.rules.training import COURSE_METHODS
from idp.services.imports.course_cells import (
    CODE,
    DETAIL,
    ENDS,
    EVIDENCE,
    HOURS,
    LEVELS,
    MEASURE,
    METHOD,
    OF_COURSE,
    OF_RUN,
    PLACE,
    PRICE,
    PROVIDER,
    RUN_PRICE,
    SEATS,
    STARTS,
    TITLE,
    CourseOfFile,
    KnownLevels,
    RunKey,
    kept_course,
    kept_run,
    shown_course,
    shown_fields,
    shown_run,
    shown_run_fields,
)
from idp.services.imports.kind import Judgement, RowRead, Scope
from idp.services.training.course_fields import CourseFields, RunFields, course_problems, run_problems


def known_levels(scope: Scope) -> KnownLevels:
    """Of the dictionaries in use: "c1:2", or "framework/c1:2" where two have the code."""
    frameworks = {
        each.id: each.framework_code
        for each in named_in_files(scope.session, scope.organisation_id, scope.day).competencies
    }
    found: dict[str, list[int]] = {}
    names: dict[int, tuple[str, str]] = {}
    for competency in levels_to_choose(scope.session, scope.organisation_id, scope.day):
        framework = frameworks.get(competency.id, "")
        for level_id, number, _title in competency.levels:
            short = f"{competency.code}:{number}"
            names[level_id] = (short, f"{framework}/{short}")
            for text in names[level_id]:
                found.setdefault(text.casefold(), []).append(level_id)
    by_text = {text: ids[0] for text, ids in found.items() if len(ids) == 1}
    written = {
        level_id: short if by_text.get(short.casefold()) == level_id else full
        for level_id, (short, full) in names.items()
    }
    return KnownLevels(by_text, written)


def courses_by_code(scope: Scope, codes: set[str] | None = None) -> dict[str, Course]:
    """Those of the organisation with their levels and runs, by their code; three statements."""
    statement = (
        select(Course)
        .where(Course.organisation_id == scope.organisation_id)
        .options(selectinload(Course.levels), selectinload(Course.runs))
        .order_by(Course.code)
        .execution_options(populate_existing=True)
    )
    if codes is not None:
        statement = statement.where(Course.code.in_(sorted(codes)))
    return {course.code: course for course in scope.session.scalars(statement)}


def judged_rows(scope: Scope, rows: Sequence[RowRead]) -> list[Judgement]:
    """A constant number of statements."""
    levels = known_levels(scope)
    stored = courses_by_code(scope, {row.texts[CODE].strip() for row in rows})
    first: dict[str, RowRead] = {}
    places: dict[tuple[str, RunKey | None], list[int]] = {}
    read: dict[int, CourseOfFile | list[InvalidInput]] = {}
    for row in rows:
        code = row.texts[CODE].strip()
        head = first.setdefault(code, row)
        found = read[row.place] = _read(scope, row, head, stored.get(code), levels)
        if isinstance(found, CourseOfFile):
            places.setdefault((code, _key(found.run)), []).append(row.place)
    judged = []
    for row in rows:
        found = read[row.place]
        if isinstance(found, list):
            judged.append(Judgement.refused(row.place, *found))
            continue
        code = found.course.code
        others = [place for place in places[code, _key(found.run)] if place != row.place]
        if others:
            text = ", ".join(map(str, others))
            judged.append(Judgement.refused(row.place, InvalidInput(STARTS, "twice_in_file", places=text)))
        else:
            judged.append(_judged(row.place, found, stored.get(code), levels))
    return judged


def run_like(course: Course, run: RunFields) -> CourseRun | None:
    """The run of the course with the same days and place that takes place."""
    return next(
        (
            each
            for each in course.runs
            if each.cancelled_at is None and (each.starts_on, each.ends_on, each.place_th) == _key(run)
        ),
        None,
    )


def _read(
    scope: Scope, row: RowRead, head: RowRead, stored: Course | None, levels: KnownLevels
) -> CourseOfFile | list[InvalidInput]:
    """Cells of the course may be left empty below its first row."""
    texts = dict(row.texts)
    problems: list[InvalidInput] = []
    if head is not row:
        for name in OF_COURSE[1:]:
            if not texts[name]:
                texts[name] = head.texts[name]
            elif plain_header(texts[name]) != plain_header(head.texts[name]):
                problems.append(InvalidInput(name, "differs_from_row", place=head.place))
    reading = _Reading(texts, problems)
    course = reading.course(stored, scope.columns, levels)
    allowed = course.level_ids | frozenset(levels.written)
    unread = {problem.field for problem in problems}
    problems += [each for each in course_problems(course, allowed) if each.field not in unread]
    run = reading.run() if any(texts[name] for name in OF_RUN) else None
    if run is not None:
        unread = {problem.field for problem in problems}
        wrong = [_at_column(each) for each in run_problems(run)]
        problems += [each for each in wrong if each.field not in unread]
    return problems or CourseOfFile(course, run)


def _at_column(problem: InvalidInput) -> InvalidInput:
    name = RUN_PRICE if problem.field == PRICE else problem.field
    return InvalidInput(name, problem.code, **problem.values)


class _Reading:
    """The texts of one row as values; what cannot be read is gathered."""

    def __init__(self, texts: Mapping[str, str], problems: list[InvalidInput]) -> None:
        self.texts, self.problems = texts, problems

    def course(self, stored: Course | None, columns: frozenset[str], levels: KnownLevels) -> CourseFields:
        """A column that the file has not leaves the course as it is."""
        has = columns.__contains__ if stored is not None else lambda _name: True
        there = frozenset(level.level_id for level in stored.levels) if stored else frozenset()
        unknown = there - levels.written.keys()  # of a dictionary that is not in use any more
        kept = there if not has(LEVELS) else self._levels(levels) | unknown
        price = self._baht(PRICE) if has(PRICE) or stored is None else stored.price_baht
        return CourseFields(
            code=self.texts[CODE].strip(),
            title=self.texts[TITLE],
            method=self._method(),
            hours=self._whole(HOURS),
            price_baht=price or Decimal(0),
            provider=self.texts[PROVIDER] if has(PROVIDER) or stored is None else stored.provider_th,
            detail=self.texts[DETAIL] if has(DETAIL) or stored is None else stored.detail_th,
            measure=self.texts[MEASURE] if has(MEASURE) or stored is None else stored.measure_th,
            evidence=self.texts[EVIDENCE] if has(EVIDENCE) or stored is None else stored.evidence_th,
            level_ids=kept,
        )

    def run(self) -> RunFields:
        return RunFields(
            self._day(STARTS), self._day(ENDS), self._whole(SEATS), self._baht(RUN_PRICE), self.texts[PLACE]
        )

    def _refuse(self, name: str, code: str, **values: object) -> None:
        self.problems.append(InvalidInput(name, code, **values))

    def _method(self) -> DevelopmentMethod | None:
        text = plain_header(self.texts[METHOD])
        for method in COURSE_METHODS:
            if text in (method.value, plain_header(METHODS[method])):
                return method
        if text:
            self._refuse(METHOD, "unknown_code", written=self.texts[METHOD])
        return None

    def _levels(self, levels: KnownLevels) -> frozenset[int]:
        found = set()
        for part in to_arabic_digits(self.texts[LEVELS]).replace(";", ",").split(","):
            text = "".join(part.split()).casefold()
            if text and text not in levels.by_text:
                self._refuse(LEVELS, "unknown_code", written=part.strip())
            elif text:
                found.add(levels.by_text[text])
        return frozenset(found)

    def _whole(self, name: str) -> int | None:
        value = self._baht(name, "not_a_whole_number")
        if value is not None and value != value.to_integral_value():
            self._refuse(name, "not_a_whole_number")
            return None
        return None if value is None else int(value)

    def _baht(self, name: str, code: str = "not_a_number") -> Decimal | None:
        text = to_arabic_digits(self.texts[name]).replace(",", "").replace(" ", "")
        if not text:
            return None
        try:
            value = Decimal(text) if len(text) <= 20 else Decimal("NaN")
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) >= Decimal(10) ** 12:
            self._refuse(name, code)
            return None
        return value

    def _day(self, name: str) -> date | None:
        if not self.texts[name]:
            return None
        try:
            return parse_thai_date(self.texts[name])
        except ValueError:
            self._refuse(name, "not_a_date")
            return None


def _key(run: RunFields | None) -> RunKey | None:
    if run is None or run.starts_on is None or run.ends_on is None:
        return None
    return run.starts_on, run.ends_on, run.place.strip()


def _judged(place: int, found: CourseOfFile, stored: Course | None, levels: KnownLevels) -> Judgement:
    after = shown_fields(found.course, levels) | (shown_run_fields(found.run) if found.run else {})
    target = {"course": kept_course(found.course), "run": kept_run(found.run)}
    if stored is None:
        return Judgement(place, RowEffect.ADD, None, after, target)
    same = run_like(stored, found.run) if found.run else None
    before = shown_course(stored, levels) | (shown_run(same) if same else {})
    if found.run is not None and same is None:
        return Judgement(place, RowEffect.ADD, before, after, target)
    effect = RowEffect.NOTHING if before == after else RowEffect.CHANGE
    return Judgement(place, effect, before, after, target)
