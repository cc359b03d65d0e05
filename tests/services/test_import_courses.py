"""A file of courses and their runs: one row for each run; what stands there comes back unchanged."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from idp.adapters.spreadsheets import Cell, Sheet, TableFormat, write_workbook
from idp.adapters.storage import LocalFolder
from idp.models import Course, CourseRun, DataImport, DataImportRow, HistoryEntry
from idp.rules.errors import NotPermitted
from idp.rules.imports import RowEffect
from idp.rules.terms import DevelopmentMethod, SubjectType
from idp.services.attachments import Upload, UploadDesk
from idp.services.imports import tables
from idp.services.imports.applying import confirm
from idp.services.imports.intake import hand_in
from idp.services.imports.kind import Scope
from idp.services.imports.kinds.courses import Courses
from idp.services.imports.work import continue_imports
from idp.services.training.course_runs import cancel_run
from idp.services.training.courses import create_course, retire_course
from tests.factories.sample import Sample
from tests.services.training_cast import COURSE, NOW, level_id, make_course, make_run, use_dictionary

HEADER = tuple(column.header_th for column in Courses.columns)
FIRST: tuple[Cell, ...] = (
    "HR-01", "บริหารบุคคล", "ฝึกอบรม", Decimal(18), Decimal("3500.50"), "สถาบัน", "", "ผ่านการทดสอบ", "ใบรับรอง",
    "c1:2, c1:3",
    "๒/๒/๒๕๖๙", "4/2/2569", Decimal(30), "", "ห้องประชุม",
)  # fmt: skip
SECOND: tuple[Cell, ...] = (
    "HR-01",
    *([""] * 9),
    "5/5/2569",
    "6/5/2569",
    "๒๐",
    Decimal(900),
    "",
)
A, C, N, R = RowEffect.ADD, RowEffect.CHANGE, RowEffect.NOTHING, RowEffect.REFUSED


@dataclass
class Office:
    session: Session
    sample: Sample
    storage: LocalFolder

    @contextmanager
    def open(self) -> Iterator[Session]:
        yield self.session

    def checked(
        self, *rows: Sequence[Cell], header: Sequence[str] = HEADER, raw: bytes | None = None
    ) -> DataImport:
        content = raw or write_workbook([Sheet("x", header, rows)])
        upload, desk = Upload("หลักสูตร.xlsx", io.BytesIO(content)), UploadDesk(self.storage, 10)
        handed = hand_in(self.session, desk, self.sample.cast.malee, "courses", {}, upload, NOW)
        self.session.commit()
        self.work()
        return handed

    def let_in(self, handed: DataImport) -> None:
        confirm(self.session, self.sample.cast.malee, handed.id, NOW, handed.version)
        self.session.commit()
        self.work()

    def work(self) -> None:
        continue_imports(self.open, self.storage, lambda: NOW)
        self.session.expire_all()

    def rows(self, handed: DataImport) -> list[DataImportRow]:
        statement = select(DataImportRow).where(DataImportRow.import_id == handed.id)
        return list(self.session.scalars(statement.order_by(DataImportRow.place)))

    def effects(self, handed: DataImport) -> list[RowEffect]:
        return [row.effect for row in self.rows(handed)]

    def problems(self, handed: DataImport) -> list[list[tuple[str, str]]]:
        return [[(each["field"], each["code"]) for each in row.problems] for row in self.rows(handed)]

    def scope(self) -> Scope:
        malee = self.sample.cast.malee
        return Scope(self.session, malee, self.sample.organisation.id, {}, NOW)

    def present(self) -> bytes:
        return tables.export(Courses(), self.scope(), TableFormat.XLSX, lambda thai, _english: thai)

    def course(self) -> Course:
        return self.session.scalars(select(Course)).one()


@pytest.fixture
def office(session: Session, sample: Sample, tmp_path: Path) -> Office:
    use_dictionary(session, sample)
    return Office(session, sample, LocalFolder(tmp_path))


def test_a_course_comes_in_with_its_runs(office: Office) -> None:
    handed = office.checked(FIRST, SECOND)
    assert office.effects(handed) == [A, A]
    assert office.session.scalar(select(Course.id)) is None
    office.let_in(handed)
    course = office.course()
    assert (course.title_th, course.method, course.hours) == ("บริหารบุคคล", DevelopmentMethod.TRAINING, 18)
    levels = {level_id(office.session, office.sample, "c1", number) for number in (2, 3)}
    assert {each.level_id for each in course.levels} == levels
    assert [(run.starts_on, run.seats, run.price_baht, run.place_th) for run in course.runs] == [
        (date(2026, 2, 2), 30, None, "ห้องประชุม"),
        (date(2026, 5, 5), 20, Decimal(900), ""),
    ]
    entries = office.session.scalars(
        select(HistoryEntry).where(HistoryEntry.subject_type == SubjectType.COURSE).order_by(HistoryEntry.id)
    ).all()
    assert [each.event for each in entries] == ["create_course", "add_run", "add_run"]
    assert {each.detail["import_id"] for each in entries} == {handed.id}


def test_who_may_and_which_levels_there_are_is_read_once_a_file(office: Office) -> None:
    """A course with a run: its four rows, its code, two entries of its history and their chain."""

    def statements(count: int) -> list[str]:
        rows = [(f"N{count}-{number}", *FIRST[1:]) for number in range(count)]
        handed, seen = office.checked(*rows), []
        connection = office.session.connection()

        def note(*arguments: object) -> None:
            seen.append(str(arguments[2]))

        event.listen(connection, "before_cursor_execute", note)
        office.let_in(handed)
        event.remove(connection, "before_cursor_execute", note)
        assert {row.is_done for row in office.rows(handed)} == {True}
        return seen

    one, five = statements(1), statements(5)
    for table in ("role_grant", "organisation_setting", "competency_framework", "FROM proficiency_level"):
        assert 0 < sum(table in each for each in one) == sum(table in each for each in five), table
    assert len(five) - len(one) <= 4 * 13


def test_what_stands_there_comes_back_and_changes_nothing(office: Office) -> None:
    office.let_in(office.checked(FIRST, SECOND))
    without = make_course(office.session, office.sample, code="Z-09")
    retired = make_course(office.session, office.sample, code="OLD")
    retire_course(office.session, office.sample.cast.malee, retired.id, "เลิกจัด", NOW)
    cancelled = make_run(office.session, office.sample, without)
    cancel_run(office.session, office.sample.cast.malee, without.id, cancelled.id, "ยกเลิก", NOW)
    handed = office.checked(raw=office.present())
    assert office.effects(handed) == [N, N, N]


def test_seats_and_the_course_change_where_another_day_is_another_run(office: Office) -> None:
    office.let_in(office.checked(FIRST))
    more = (*FIRST[:12], Decimal(40), *FIRST[13:])
    moved: tuple[Cell, ...] = ("HR-01", *[""] * 9, "9/2/2569", "10/2/2569", Decimal(5), "", "")
    handed = office.checked((*more[:3], Decimal(12), *more[4:]), moved)
    assert office.effects(handed) == [C, A]
    office.let_in(handed)
    course = office.course()
    assert course.hours == 12 and sorted(run.seats for run in course.runs) == [5, 40]


def test_a_run_is_added_below_a_row_that_changes_nothing(office: Office) -> None:
    """Its cells of the course are empty: they are on the row above, which is not written."""
    office.let_in(office.checked(FIRST))
    handed = office.checked(FIRST, SECOND)
    assert office.effects(handed) == [N, A]
    office.let_in(handed)
    assert [row.is_done for row in office.rows(handed)] == [None, True]
    assert len(office.course().runs) == 2


def test_a_course_alone_needs_no_run(office: Office) -> None:
    handed = office.checked((*FIRST[:10], "", "", "", "", ""))
    assert office.effects(handed) == [A]
    office.let_in(handed)
    assert office.course().runs == []


def test_columns_that_the_file_has_not_leave_the_course_as_it_is(office: Office) -> None:
    office.let_in(office.checked(FIRST))
    handed = office.checked(("HR-01", "บริหารบุคคล", "ฝึกอบรม", Decimal(20)), header=HEADER[:4])
    office.let_in(handed)
    course = office.course()
    assert (course.hours, course.price_baht, course.provider_th) == (20, Decimal("3500.50"), "สถาบัน")
    assert (course.measure_th, course.evidence_th) == ("ผ่านการทดสอบ", "ใบรับรอง")
    assert len(course.levels) == 2 and len(course.runs) == 1


def test_everything_wrong_with_a_row_is_told_at_its_columns(office: Office) -> None:
    wrong = (
        "", "", "ไม่รู้จัก", "สิบ", "-5", "", "", "", "", "c9:1", "31/2/2569", "", "0", "แพง", "",
    )  # fmt: skip
    (found,) = office.problems(office.checked(wrong))
    assert {field for field, _code in found} == {
        "code", "title", "method", "hours", "price_baht", "level_ids", "starts_on", "ends_on", "seats",
        "run_price",
    }  # fmt: skip


def test_rows_of_one_course_agree_and_a_run_stands_once(office: Office) -> None:
    other_title = ("HR-01", "อีกชื่อหนึ่ง", *SECOND[2:])
    assert office.problems(office.checked(FIRST, other_title))[1] == [("title", "differs_from_row")]
    assert office.effects(office.checked(FIRST, FIRST)) == [R, R]


def test_another_organisations_course_is_not_touched(office: Office) -> None:

    foreign = create_course(office.session, office.sample.cast.olan, COURSE, NOW)
    office.let_in(office.checked(FIRST))
    assert foreign.title_th == COURSE.title and not foreign.runs
    assert office.session.scalar(select(CourseRun.course_id)) != foreign.id


def test_only_who_keeps_courses_hands_in_a_file(office: Office) -> None:
    content = write_workbook([Sheet("x", HEADER, [FIRST])])
    upload, desk = Upload("หลักสูตร.xlsx", io.BytesIO(content)), UploadDesk(office.storage, 10)
    with pytest.raises(NotPermitted):
        hand_in(office.session, desk, office.sample.cast.suda, "courses", {}, upload, NOW)
