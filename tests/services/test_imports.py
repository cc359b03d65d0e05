"""Files of rows: kept, tried without writing, let in on a second click; nothing is lost or done twice."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from idp.adapters.spreadsheets import Cell, Sheet, TableFormat, write_csv, write_workbook
from idp.adapters.storage import LocalFolder
from idp.models import Assessment, DataImport, DataImportRow, HistoryEntry, RoleGrant, UserAccount
from idp.queries.imports import rows_to_mend
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted, NotVisible, StaleVersion
from idp.rules.imports import ImportState, RowEffect
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, CycleState, Permission, SubjectType
from idp.services.attachments import Upload, UploadDesk
from idp.services.imports import tables, work
from idp.services.imports.applying import abandon, confirm
from idp.services.imports.intake import hand_in, load_import, sweep_files
from idp.services.imports.kind import Scope
from idp.services.imports.kinds.results import ResultsPart
from idp.services.imports.registry import all_kinds, kind_of
from idp.web.messages import MESSAGES
from tests.factories import steps
from tests.factories.clock import SettableClock
from tests.factories.sample import Sample, add_colleague, at, make_assessment

HEADER = ("เลขประจำตัว", "ชื่อและนามสกุล", "คะแนนผลสัมฤทธิ์ของงาน")
SOMCHAI = "นายสมชาย ใจดี"


@dataclass
class Desk:
    """The session of the test for everybody, the folder of files, the clock, Malee as a rule."""

    session: Session
    sample: Sample
    storage: LocalFolder
    clock: SettableClock

    @contextmanager
    def open(self) -> Iterator[Session]:
        yield self.session

    def hand_in(
        self,
        *rows: Sequence[Cell],
        header: Sequence[str] = HEADER,
        who: Actor | None = None,
        raw: bytes | None = None,
        name: str = "คะแนน.xlsx",
    ) -> DataImport:
        content = write_workbook([Sheet("x", header, rows)]) if raw is None else raw
        handed = hand_in(
            self.session,
            UploadDesk(self.storage, 10),
            who or self.sample.cast.malee,
            "results",
            {"cycle": str(self.sample.cycle.id)},
            Upload(name, io.BytesIO(content)),
            self.clock(),
        )
        self.session.commit()
        return handed

    def checked(self, *rows: Sequence[Cell], **how: object) -> DataImport:
        handed = self.hand_in(*rows, **how)  # type: ignore[arg-type]
        self.work()
        return handed

    def let_in(self, handed: DataImport, who: Actor | None = None) -> None:
        confirm(self.session, who or self.sample.cast.malee, handed.id, self.clock(), handed.version)
        self.session.commit()
        self.work()

    def work(self) -> int:
        taken = work.continue_imports(self.open, self.storage, self.clock)
        self.session.expire_all()
        return taken

    def rows(self, handed: DataImport) -> list[DataImportRow]:
        return list(
            self.session.scalars(
                select(DataImportRow)
                .where(DataImportRow.import_id == handed.id)
                .order_by(DataImportRow.place)
            )
        )

    def problems(self, handed: DataImport) -> list[list[tuple[str, str]]]:
        return [[(each["field"], each["code"]) for each in row.problems] for row in self.rows(handed)]

    def score(self) -> Decimal | None:
        return self.session.scalar(
            select(Assessment.results_score).where(Assessment.id == self.sample.assessment.id)
        )

    def scope(self, import_id: int | None = None) -> Scope:
        parameters = {"cycle": str(self.sample.cycle.id)}
        malee, organisation_id = self.sample.cast.malee, self.sample.organisation.id
        return Scope(self.session, malee, organisation_id, parameters, self.clock(), import_id)

    def events(self, subject: SubjectType) -> list[str]:
        return list(
            self.session.scalars(
                select(HistoryEntry.event)
                .where(HistoryEntry.subject_type == subject)
                .order_by(HistoryEntry.id)
            )
        )


@pytest.fixture
def desk(session: Session, sample: Sample, tmp_path: Path) -> Desk:
    """Suda is rating Somchai."""
    steps.rating(session, sample)
    session.commit()
    return Desk(session, sample, LocalFolder(tmp_path), SettableClock(at(steps.RATING_DAY)))


def colleagues(desk: Desk, count: int) -> list[str]:
    """More people whom Suda is rating; their numbers."""
    numbers = []
    suda = desk.sample.employees["suda"].person
    for number in range(1, count + 1):
        employee = add_colleague(desk.session, desk.sample, f"{number}")
        numbers.append(employee.number)
        make_assessment(
            desk.session,
            desk.sample.cycle,
            employee,
            desk.sample.unit,
            desk.sample.dictionary,
            supervisor=suda,
            second_level=None,
            state=AssessmentState.RATING,
        )
    desk.session.commit()
    return numbers


def test_a_file_is_tried_without_writing_and_let_in_on_the_second_click(desk: Desk) -> None:
    handed = desk.hand_in(("0001", SOMCHAI, Decimal("56.25")))
    assert handed.state is ImportState.UPLOADED
    assert desk.work() == 1
    assert handed.state is ImportState.CHECKED and handed.row_count == 1
    (row,) = desk.rows(handed)
    assert (row.place, row.effect, row.before, row.after) == (2, RowEffect.ADD, None, {"score": "56.25"})
    assert desk.score() is None
    desk.let_in(handed)
    assert handed.state is ImportState.APPLIED
    assert desk.score() == Decimal("56.25")
    assert desk.rows(handed)[0].is_done is True
    assert desk.events(SubjectType.IMPORT) == ["hand_in_file", "confirm_import", "finish_import"]
    entry = desk.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).all()[1]
    assert entry.event == "enter_results_score"
    assert entry.actor_person_id == desk.sample.cast.malee.person_id
    assert entry.detail == {"from": None, "to": "56.25", "import_id": handed.id}


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    desk.let_in(desk.checked(("0001", SOMCHAI, Decimal(60))))
    again = desk.checked(("0001", SOMCHAI, Decimal(60)))
    assert [row.effect for row in desk.rows(again)] == [RowEffect.NOTHING]
    with pytest.raises(InvalidInput) as refused:
        confirm(desk.session, desk.sample.cast.malee, again.id, desk.clock())
    assert refused.value.code == "nothing_to_let_in"


def test_another_figure_is_a_change_and_says_from_what(desk: Desk) -> None:
    desk.let_in(desk.checked(("0001", "", Decimal(60))))
    (row,) = desk.rows(desk.checked(("๐๐๐๑", "", "๖๑.๕")))
    assert (row.effect, row.before, row.after) == (
        RowEffect.CHANGE,
        {"score": "60.00"},
        {"score": "61.50"},
    )


@pytest.mark.parametrize("number", ["0001", "1", "๐๐๐๑", "๑", " 0001 ", Decimal(1), "01"])
def test_a_number_is_known_without_its_zeros_and_in_thai_digits(desk: Desk, number: Cell) -> None:
    assert desk.problems(desk.checked((number, "", Decimal(5)))) == [[]]


@pytest.mark.parametrize("name", [SOMCHAI, "สมชาย ใจดี", "สมชาย  ใจดี", "นาย สมชาย ใจดี", ""])
def test_a_name_may_be_written_in_any_usual_way(desk: Desk, name: str) -> None:
    assert desk.problems(desk.checked(("0001", name, Decimal(5)))) == [[]]


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        (("", "", Decimal(5)), [("employee_number", "required")]),
        (("0999", "", Decimal(5)), [("employee_number", "nobody_in_cycle")]),
        (("0001", "นายสมชาย ใจร้าย", Decimal(5)), [("name", "other_name")]),
        (("0001", "", Decimal("70.01")), [("score", "out_of_range")]),
        (("0001", "", Decimal(-1)), [("score", "out_of_range")]),
        (("0001", "", Decimal("5.001")), [("score", "too_many_places")]),
        (("0001", "", "ห้าสิบ"), [("score", "not_a_number")]),
        (("0001", "", "1e3"), [("score", "not_a_number")]),
        (("0001", "ใครอื่น", "x"), [("name", "other_name"), ("score", "not_a_number")]),
        (("0001", "", "=?"), [("score", "formula_without_value")]),
        (("0001", "ก" * 5000, Decimal(5)), [("name", "too_long")]),
    ],
)
def test_everything_wrong_with_a_row_is_told_at_its_column(
    desk: Desk, row: tuple[Cell, ...], problems: list[tuple[str, str]]
) -> None:
    handed = desk.checked(row)
    assert desk.problems(handed) == [problems]
    assert desk.rows(handed)[0].effect is RowEffect.REFUSED
    assert {code for _field, code in problems} <= set(MESSAGES)


def test_an_empty_figure_leaves_what_stands_there(desk: Desk) -> None:
    desk.let_in(desk.checked(("0001", "", Decimal(60))))
    assert [row.effect for row in desk.rows(desk.checked(("0001", SOMCHAI, "")))] == [RowEffect.NOTHING]


def test_two_rows_about_one_person_are_both_refused_and_name_each_other(desk: Desk) -> None:
    handed = desk.checked(("0001", "", Decimal(5)), ("1", "", Decimal(6)))
    assert desk.problems(handed) == [[("employee_number", "twice_in_file")]] * 2
    assert [row.problems[0]["values"] for row in desk.rows(handed)] == [{"places": "3"}, {"places": "2"}]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (AssessmentState.NOT_STARTED, "rating_not_begun"),
        (AssessmentState.SELF_SUBMITTED, "rating_not_begun"),
        (AssessmentState.RATING, None),
        (AssessmentState.RATED, None),
        (AssessmentState.SECOND_OPINION, None),
        (AssessmentState.MODERATED, None),
        (AssessmentState.RELEASED, "released_already"),
        (AssessmentState.CLOSED, "released_already"),
        (AssessmentState.EXEMPTED, "not_assessed"),
    ],
)
def test_points_are_taken_from_the_rating_until_the_release(
    desk: Desk, state: AssessmentState, code: str | None
) -> None:
    desk.session.execute(update(Assessment).values(state=state))
    (problems,) = desk.problems(desk.checked(("0001", "", Decimal(5))))
    assert [each[1] for each in problems] == ([code] if code else [])


def test_what_is_released_after_the_check_is_left_out_and_named(desk: Desk) -> None:
    handed = desk.checked(("0001", "", Decimal(5)))
    desk.session.execute(update(Assessment).values(state=AssessmentState.RELEASED))
    desk.let_in(handed)
    assert (handed.state, desk.score()) == (ImportState.APPLIED, None)
    assert desk.rows(handed)[0].is_done is False
    assert desk.problems(handed) == [[("score", "released_already")]]


def test_what_somebody_else_wrote_after_the_check_is_not_overwritten(desk: Desk) -> None:
    handed = desk.checked(("0001", "", Decimal(5)))
    desk.session.execute(update(Assessment).values(results_score=Decimal(9)))
    desk.let_in(handed)
    assert desk.score() == Decimal(9)
    assert desk.problems(handed) == [[("", "changed_since_check")]]


def test_what_stands_there_already_when_it_is_let_in_is_done(desk: Desk) -> None:
    handed = desk.checked(("0001", "", Decimal(5)))
    desk.session.execute(update(Assessment).values(results_score=Decimal(5)))
    desk.let_in(handed)
    assert [row.is_done for row in desk.rows(handed)] == [True]
    assert "enter_results_score" not in desk.events(SubjectType.ASSESSMENT)


def test_nobody_imports_their_own_points_nor_reads_them_in_the_export(desk: Desk) -> None:
    cast = desk.sample.cast
    desk.session.execute(update(Assessment).values(owner_person_id=cast.malee.person_id))
    assert desk.problems(desk.checked(("0001", "", Decimal(5)))) == [[("employee_number", "ones_own_score")]]
    assert list(kind_of("results").present_rows(desk.scope())) == []


def test_a_second_click_does_nothing_and_an_old_page_is_stale(desk: Desk) -> None:
    handed, malee = desk.checked(("0001", "", Decimal(5))), desk.sample.cast.malee
    version = handed.version
    with pytest.raises(StaleVersion):
        confirm(desk.session, malee, handed.id, desk.clock(), version + 1)
    assert confirm(desk.session, malee, handed.id, desk.clock(), version) is True
    assert confirm(desk.session, malee, handed.id, desk.clock(), version) is False
    desk.work()
    assert confirm(desk.session, malee, handed.id, desk.clock(), version) is False
    assert desk.events(SubjectType.ASSESSMENT).count("enter_results_score") == 1
    with pytest.raises(StaleVersion):
        abandon(desk.session, malee, handed.id, desk.clock())


def test_a_file_given_up_is_let_in_by_nobody(desk: Desk) -> None:
    handed, malee = desk.checked(("0001", "", Decimal(5))), desk.sample.cast.malee
    abandon(desk.session, malee, handed.id, desk.clock(), handed.version)
    desk.session.commit()
    with pytest.raises(StaleVersion):
        confirm(desk.session, malee, handed.id, desk.clock())
    assert desk.work() == 0 and desk.score() is None
    assert desk.events(SubjectType.IMPORT)[-1] == "abandon_import"


def test_a_file_given_up_before_it_was_read_is_not_read(desk: Desk) -> None:
    handed = desk.hand_in(("0001", "", Decimal(5)))
    abandon(desk.session, desk.sample.cast.malee, handed.id, desk.clock())
    desk.session.commit()
    assert desk.work() == 0 and desk.rows(handed) == []


@pytest.mark.parametrize("who", ["somchai", "suda", "prasit", "anong"])
def test_only_the_personnel_office_imports(desk: Desk, who: str) -> None:
    handed, actor = desk.checked(("0001", "", Decimal(5))), getattr(desk.sample.cast, who)
    for act in (confirm, abandon, load_import):
        with pytest.raises(NotPermitted):
            act(desk.session, actor, handed.id, desk.clock())
    with pytest.raises(NotPermitted):
        desk.hand_in(("0001", "", Decimal(5)), who=actor)


def test_an_officer_of_another_organisation_finds_nothing(desk: Desk) -> None:
    handed, olan = desk.checked(("0001", "", Decimal(5))), desk.sample.cast.olan
    for act in (confirm, abandon, load_import):
        with pytest.raises(NotVisible):
            act(desk.session, olan, handed.id, desk.clock())
    with pytest.raises(InvalidInputs) as refused:
        desk.hand_in(("0001", "", Decimal(5)), who=olan)
    assert [(each.field, each.code) for each in refused.value.problems] == [("cycle", "unknown_choice")]


def test_only_an_open_cycle_can_be_chosen(desk: Desk) -> None:
    desk.session.execute(update(type(desk.sample.cycle)).values(state=CycleState.CLOSED))
    with pytest.raises(InvalidInputs) as refused:
        desk.hand_in(("0001", "", Decimal(5)), raw=b"")
    assert [(each.field, each.code) for each in refused.value.problems] == [
        ("cycle", "unknown_choice"),
        ("file", "empty_file"),
    ]


@pytest.mark.parametrize(
    ("raw", "name", "code"),
    [
        (b"%PDF-1.7", "x.xlsx", "not_a_table"),
        (b"", "x.csv", "empty_file"),
        (b"x", "", "no_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "x.xls", "old_workbook"),
        (b"a" * (11 * 1024 * 1024), "x.csv", "table_too_large"),
    ],
)
def test_what_is_no_table_is_refused_at_once_and_leaves_no_file(
    desk: Desk, raw: bytes, name: str, code: str
) -> None:
    with pytest.raises(InvalidInputs) as refused:
        desk.hand_in(raw=raw, name=name)
    assert [(each.field, each.code) for each in refused.value.problems] == [("file", code)]
    assert code in MESSAGES
    assert [path for path in desk.storage.root.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("header", "rows", "code", "columns"),
    [
        (("ก", "ข"), [("1", "2")], "no_header", ["employee_number", "score"]),
        (("เลขประจำตัว", "ข"), [("1", "2")], "missing_columns", ["score"]),
        ((*HEADER, "Results score"), [("1", "", "2", "3")], "same_column_twice", ["score"]),
        (HEADER, [], "no_lines", None),
    ],
)
def test_a_table_that_cannot_be_used_says_which_columns(
    desk: Desk, header: tuple[str, ...], rows: list[tuple[Cell, ...]], code: str, columns: list[str] | None
) -> None:
    handed = desk.checked(*rows, header=header)
    assert handed.state is ImportState.FAILED and handed.failure is not None
    assert (handed.failure["code"], handed.failure["values"].get("columns")) == (code, columns)
    assert code in MESSAGES


def test_columns_stand_in_any_order_and_language_and_others_are_kept_unread(desk: Desk) -> None:
    header = ("หมายเหตุ", " RESULTS  score*", "Employee number", "คะแนนเต็ม")
    handed = desk.checked(("ฝากด้วย", Decimal(5), "0001", Decimal(70)), header=header)
    assert desk.problems(handed) == [[]]
    assert [key for _text, key in handed.header] == [None, "score", "employee_number", "most"]
    assert desk.rows(handed)[0].cells["1: หมายเหตุ"] == "ฝากด้วย"


def test_the_office_of_old_excel_hands_in_csv(desk: Desk) -> None:
    raw = "เลขประจำตัว;คะแนนผลสัมฤทธิ์ของงาน\r\n๑;๕๐.๕\r\n".encode("cp874")
    assert desk.rows(desk.checked(raw=raw, name="คะแนน.csv"))[0].after == {"score": "50.50"}


def test_the_template_hands_in_nothing_of_its_own(desk: Desk) -> None:
    words = tables.Words(lambda thai, _english: thai, "ก", "ข", "ค", "ง", "จ", "ฉ", "ช")
    content = tables.template(ResultsPart(), desk.scope(), words)
    book = load_workbook(io.BytesIO(content))
    assert [sheet.title for sheet in book] == ["คะแนนผลสัมฤทธิ์ของงาน", "ก"]
    handed = desk.checked(raw=content)
    assert handed.failure == {"code": "no_lines", "values": {}}


@pytest.mark.parametrize("form", TableFormat)
@pytest.mark.parametrize("english", [False, True])
def test_what_is_exported_and_handed_in_again_changes_nothing(
    desk: Desk, form: TableFormat, english: bool
) -> None:
    colleagues(desk, 3)
    desk.let_in(desk.checked(("0001", "", Decimal("12.30"))))
    content = tables.export(ResultsPart(), desk.scope(), form, lambda thai, en: en if english else thai)
    handed = desk.checked(raw=content, name=f"x.{form.value}")
    assert [row.effect for row in desk.rows(handed)] == [RowEffect.NOTHING] * 4


def test_rows_to_mend_come_back_as_written_and_can_be_handed_in_again(desk: Desk) -> None:
    handed = desk.checked(
        ("ฝากด้วย", "0001", "ชื่อผิด คนอื่น", Decimal(5)),
        ("=1+1", "0999", "", Decimal(5)),
        header=("หมายเหตุ", *HEADER),
    )
    rows = rows_to_mend(desk.session, handed.id, 0)
    content = tables.rows_to_mend(ResultsPart(), handed.header, rows, lambda row: "ผิด", lambda thai, _e: thai)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert lines == [
        ["หมายเหตุ", *HEADER, "ข้อผิดพลาด"],
        ["ฝากด้วย", "0001", "ชื่อผิด คนอื่น", "5", "ผิด"],
        ["=1+1", "0999", None, "5", "ผิด"],
    ]
    again = desk.checked(raw=content)
    assert desk.problems(again) == desk.problems(handed)


def test_a_row_about_the_reader_is_not_among_the_rows_to_mend(desk: Desk) -> None:
    handed = desk.checked(("0001", "ผิด", Decimal(5)))
    somchai = desk.sample.cast.somchai.person_id or 0
    assert list(rows_to_mend(desk.session, handed.id, somchai)) == []
    assert len(list(rows_to_mend(desk.session, handed.id, 0))) == 1


def test_the_good_rows_are_let_in_and_the_others_stay_named(desk: Desk) -> None:
    numbers = colleagues(desk, 3)
    handed = desk.checked(*((number, "", Decimal(9)) for number in numbers), ("0001", "", "x"))
    desk.let_in(handed)
    assert [row.is_done for row in desk.rows(handed)] == [True, True, True, None]
    assert desk.score() is None
    entry = desk.session.scalars(select(HistoryEntry).where(HistoryEntry.event == "finish_import")).one()
    assert (entry.detail["done"], entry.detail["not_done"]) == (3, 0)


def test_a_worker_that_dies_between_two_chunks_is_carried_on_and_nothing_is_done_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = colleagues(desk, 5)
    handed = desk.checked(*((number, "", Decimal(9)) for number in numbers))
    monkeypatch.setattr(ResultsPart, "chunk", 2)
    really = ResultsPart.apply
    calls = []

    def die_at_the_second(self: ResultsPart, scope: Scope, judged: Sequence[object]) -> None:
        calls.append(len(judged))
        really(self, scope, judged)  # type: ignore[arg-type]
        if len(calls) == 2:
            raise MemoryError("killed")

    monkeypatch.setattr(ResultsPart, "apply", die_at_the_second)
    with monkeypatch.context() as patched:
        patched.setattr(desk, "open", rolling_back(desk))
        desk.let_in(handed)
    assert handed.state is ImportState.APPLYING
    assert [row.is_done for row in desk.rows(handed)] == [True, True, None, None, None]
    assert desk.work() == 0, "held until the time of the retry"
    desk.clock.pass_time(work.RETRY_AFTER + timedelta(seconds=1))
    assert desk.work() == 1
    assert [row.is_done for row in desk.rows(handed)] == [True] * 5
    assert handed.state is ImportState.APPLIED
    assert desk.events(SubjectType.ASSESSMENT).count("enter_results_score") == 5


def rolling_back(desk: Desk):  # type: ignore[no-untyped-def]
    @contextmanager
    def open_session() -> Iterator[Session]:
        try:
            yield desk.session
        except BaseException:
            desk.session.rollback()
            raise

    return open_session


def test_an_import_that_kills_its_worker_each_time_is_given_up_with_a_word(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_given: object) -> None:
        raise MemoryError

    handed = desk.hand_in(("0001", "", Decimal(5)))
    with monkeypatch.context() as patched:
        patched.setattr(work, "read_file", die)
        for _ in range(work.MOST_ATTEMPTS + 1):
            desk.work()
            desk.clock.pass_time(work.LEASE)
    assert handed.failure == {"code": "not_read_in_time", "values": {}}
    handed = desk.checked(("0001", "", Decimal(5)))
    with monkeypatch.context() as patched:
        patched.setattr(ResultsPart, "judge", die)
        desk.let_in(handed)
        for _ in range(work.MOST_ATTEMPTS):
            desk.clock.pass_time(work.LEASE)
            desk.work()
    assert handed.state is ImportState.APPLIED
    assert desk.problems(handed) == [[("", "fault_while_letting_in")]]


@pytest.mark.parametrize("loss", ["role", "account"])
def test_nothing_is_done_in_the_name_of_who_may_no_longer(desk: Desk, loss: str) -> None:
    handed, malee = desk.checked(("0001", "", Decimal(5))), desk.sample.cast.malee
    confirm(desk.session, malee, handed.id, desk.clock(), handed.version)
    if loss == "role":
        desk.session.execute(update(RoleGrant).values(until_on=steps.SELF_DAY))
    else:
        desk.session.add(
            UserAccount(
                person_id=malee.person_id,
                login="malee",
                password_hash="x",
                password_changed_at=desk.clock(),
                is_active=False,
            )
        )
    desk.work()
    assert desk.score() is None
    assert desk.problems(handed) == [[("", "not_permitted_any_more")]]


def test_files_without_a_row_are_swept(desk: Desk) -> None:
    handed = desk.hand_in(("0001", "", Decimal(5)))
    desk.storage.put(f"{desk.sample.organisation.id}/imports/lost.xlsx", b"x")
    later = at(steps.RATING_DAY) + timedelta(days=365 * 100)
    assert sweep_files(desk.session, desk.storage, later) == 1
    assert desk.storage.path_of(handed.storage_key).exists()


def test_a_file_that_is_gone_from_the_disk_is_said(desk: Desk) -> None:
    handed = desk.hand_in(("0001", "", Decimal(5)))
    desk.storage.remove(handed.storage_key)
    desk.work()
    assert handed.failure == {"code": "file_is_gone", "values": {}}


def test_every_kind_says_all_that_its_pages_need() -> None:
    assert "results" in {kind.key for kind in all_kinds()}
    for kind in all_kinds():
        assert kind.name_th and kind.name_en and kind.help_th and kind.help_en
        assert isinstance(kind.permission, Permission)
        names = [name for each in kind.columns for name in {each.key, each.header_th, each.header_en}]
        assert len(names) == len(set(names)), kind.key
        assert all(each.help_th and each.help_en for each in kind.columns)
        assert all(each.example != "" for each in kind.columns if each.is_required)


def test_csv_is_written_for_the_office_too(desk: Desk) -> None:
    raw = write_csv(HEADER, [("0001", SOMCHAI, Decimal(5))])
    assert desk.problems(desk.checked(raw=raw, name="x.csv")) == [[]]


def test_ten_thousand_rows_are_tried_in_as_many_statements_as_one(desk: Desk) -> None:
    def counted(*rows: Sequence[Cell]) -> int:
        raw, seen = write_csv(HEADER, rows), list[str]()
        engine = desk.session.connection().engine
        listener = lambda *given: seen.append(given[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        assert desk.checked(raw=raw, name="x.csv").row_count == len(rows)
        event.remove(engine, "before_cursor_execute", listener)
        return len(seen)

    known = set(colleagues(desk, 20))
    many = [(f"{number:04}", "", Decimal(9)) for number in range(1, 10_001)]
    assert known < {row[0] for row in many}
    taken = [counted(*rows) for rows in (many[:1], many, many[:1], many)]
    assert max(taken) - min(taken) <= 4, taken


def test_a_chunk_is_let_in_in_as_many_statements_as_a_row(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = colleagues(desk, 60)
    taken = []
    for some in (numbers[:1], numbers[1:]):
        handed, seen = desk.checked(*((number, "", Decimal(9)) for number in some)), list[str]()
        engine = desk.session.connection().engine
        listener = lambda *given, seen=seen: seen.append(given[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        desk.let_in(handed)
        event.remove(engine, "before_cursor_execute", listener)
        assert all(row.is_done for row in desk.rows(handed))
        taken.append(len(seen))
    assert abs(taken[0] - taken[1]) <= 4, taken
