"""A file of expected levels: by codes or names, from a day on; what no row names stays as it is."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from idp.adapters.spreadsheets import Cell, Sheet, TableFormat, write_workbook
from idp.adapters.storage import LocalFolder
from idp.models import DataImport, DataImportRow, HistoryEntry, RoleGrant
from idp.rules.errors import NotPermitted
from idp.rules.imports import ImportState, RowEffect
from idp.rules.terms import SubjectType
from idp.services.attachments import Upload, UploadDesk
from idp.services.imports import tables
from idp.services.imports.applying import confirm
from idp.services.imports.intake import hand_in
from idp.services.imports.kind import Scope
from idp.services.imports.kinds.expected_levels import ExpectedLevels
from idp.services.imports.work import continue_imports
from idp.web.messages import MESSAGES
from tests.services.cycle_cast import DAY, FRAMEWORK, NOW, Town, add_town, open_cycle
from tests.services.profile_cast import LATER, put, row, spans

HEADER = ("รหัสสายงาน", "รหัสระดับตำแหน่ง", "รหัสพจนานุกรม", "รหัสสมรรถนะ", "ระดับที่คาดหวัง", "น้ำหนัก (ร้อยละ)")
DATED = (*HEADER, "ใช้ตั้งแต่วันที่")


@dataclass
class Office:
    town: Town
    storage: LocalFolder

    @property
    def session(self) -> Session:
        return self.town.session

    @contextmanager
    def open(self) -> Iterator[Session]:
        yield self.session

    def checked(
        self, *rows: Sequence[Cell], header: Sequence[str] = HEADER, raw: bytes | None = None
    ) -> DataImport:
        content = raw or write_workbook([Sheet("x", header, rows)])
        upload = Upload("ระดับ.xlsx", io.BytesIO(content))
        desk = UploadDesk(self.storage, 10)
        malee = self.town.actor("malee")
        handed = hand_in(self.session, desk, malee, "expected_levels", {}, upload, NOW)
        self.session.commit()
        self.work()
        return handed

    def let_in(self, handed: DataImport) -> None:
        confirm(self.session, self.town.actor("malee"), handed.id, NOW, handed.version)
        self.session.commit()
        self.work()

    def work(self) -> None:
        continue_imports(self.open, self.storage, lambda: NOW)
        self.session.expire_all()

    def rows(self, handed: DataImport) -> list[DataImportRow]:
        statement = select(DataImportRow).where(DataImportRow.import_id == handed.id)
        return list(self.session.scalars(statement.order_by(DataImportRow.place)))

    def problems(self, handed: DataImport) -> list[list[tuple[str, str]]]:
        return [[(each["field"], each["code"]) for each in row.problems] for row in self.rows(handed)]

    def effects(self, handed: DataImport) -> list[RowEffect]:
        return [row.effect for row in self.rows(handed)]

    def scope(self) -> Scope:
        return Scope(self.session, self.town.actor("malee"), self.town.organisation.id, {}, NOW)


@pytest.fixture
def office(session: Session, tmp_path: Path) -> Office:
    """The core profile of X2 expects level 2 of c1, c2 and c3."""
    return Office(add_town(session, staff=4), LocalFolder(tmp_path))


def line(
    competency: str, level: Cell, weight: Cell = "", work: str = "", post: str = "X2"
) -> tuple[Cell, ...]:
    return (work, post, FRAMEWORK, competency, level, weight)


def test_a_row_changes_its_competency_and_the_others_stay(office: Office) -> None:
    handed = office.checked(line("c1", Decimal(3), Decimal("40.5")), line("c2", Decimal(2)))
    assert office.effects(handed) == [RowEffect.CHANGE, RowEffect.NOTHING]
    assert office.rows(handed)[0].before == {"level": "2", "weight": ""}
    assert office.rows(handed)[0].after == {"level": "3", "weight": "40.50"}
    office.let_in(handed)
    assert handed.state is ImportState.APPLIED
    assert [row.is_done for row in office.rows(handed)] == [True, None]
    assert spans(office.town)[-1] == (DAY, None, {"c1": 3, "c2": 2, "c3": 2})
    events = office.session.scalars(
        select(HistoryEntry.event).where(HistoryEntry.subject_type == SubjectType.PROFILE)
    ).all()
    assert set(events) == {"set_profile", "end_profile"}


def test_a_line_of_work_gets_a_profile_of_its_own_from_a_later_day(office: Office) -> None:
    day = f"{LATER.day}/{LATER.month}/{LATER.year + 543}"
    handed = office.checked((*line("c3", Decimal(4), work="x-general"), day), header=DATED)
    assert office.effects(handed) == [RowEffect.ADD]
    assert office.rows(handed)[0].after == {"level": "4", "weight": "", "from_on": day}
    office.let_in(handed)
    assert spans(office.town, office.town.line.id) == [(LATER, None, {"c3": 4})]


def test_a_hyphen_takes_the_competency_out(office: Office) -> None:
    handed = office.checked(line("c1", "-"), line("c2", "–"), line("c3", "-"))
    assert office.effects(handed) == [RowEffect.CHANGE] * 3
    office.let_in(handed)
    assert [each[1] for each in spans(office.town)] == [DAY - timedelta(days=1)]
    assert office.effects(office.checked(line("c1", "-"))) == [RowEffect.NOTHING]


def test_names_do_as_well_as_codes_and_a_framework_may_go_unsaid(office: Office) -> None:
    name = office.town.level.type_name_th + " " + office.town.level.name_th
    handed = office.checked(("", name, "", "C1", "๓", ""))
    assert office.problems(handed) == [[]]


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        (line("c1", Decimal(3), post=""), [("position_level", "required")]),
        (line("c1", Decimal(3), post="Z9"), [("position_level", "unknown_code")]),
        (line("c1", Decimal(3), work="none"), [("line_of_work", "unknown_code")]),
        (line("c9", Decimal(3)), [("competency", "unknown_code")]),
        (line("", Decimal(3)), [("competency", "required")]),
        (("", "X2", "other", "c1", Decimal(3), ""), [("framework", "unknown_code")]),
        (line("c1", ""), [("level", "required")]),
        (line("c1", "สาม"), [("level", "not_a_whole_number")]),
        (line("c1", Decimal("2.5")), [("level", "not_a_whole_number")]),
        (line("c1", Decimal(0)), [("level", "out_of_range")]),
        (line("c1", Decimal(3), Decimal(101)), [("weight", "out_of_range")]),
        (line("c1", Decimal(3), Decimal("1.001")), [("weight", "too_many_places")]),
        (line("c1", Decimal(3), "มาก"), [("weight", "not_a_number")]),
        (
            line("c9", "x", "y", post="Z9"),
            [
                ("position_level", "unknown_code"),
                ("competency", "unknown_code"),
                ("level", "not_a_whole_number"),
                ("weight", "not_a_number"),
            ],
        ),
    ],
)
def test_everything_wrong_with_a_row_is_told_at_its_column(
    office: Office, given: tuple[Cell, ...], problems: list[tuple[str, str]]
) -> None:
    assert office.problems(office.checked(given)) == [problems]
    assert {code for _field, code in problems} <= set(MESSAGES)


@pytest.mark.parametrize(
    ("day", "code"),
    [("1/1/2560", "before_today"), ("พรุ่งนี้", "not_a_date"), (date(2020, 1, 1), "before_today")],
)
def test_a_day_that_cannot_be_is_told_at_the_row(office: Office, day: Cell, code: str) -> None:
    handed = office.checked((*line("c1", Decimal(3)), day), line("c2", Decimal(4)), header=DATED)
    assert office.problems(handed) == [[("from_on", code)], []]


def test_a_file_has_few_first_days(office: Office) -> None:
    rows = [(*line("c1", Decimal(3)), f"{day}/1/2580") for day in range(1, 13)]
    assert (
        office.problems(office.checked(*rows, header=DATED))
        == [[]] * 10 + [[("from_on", "too_many_days")]] * 2
    )


def test_two_rows_about_the_same_are_both_refused(office: Office) -> None:
    handed = office.checked(line("c1", Decimal(3)), line("C1", Decimal(4)), line("c2", Decimal(4)))
    assert office.problems(handed) == [[("competency", "twice_in_file")]] * 2 + [[]]


def test_a_file_without_weights_leaves_them(office: Office) -> None:
    put(office.town, row(office.town, "c1", 2, "60"), row(office.town, "c2", 2, "40"))
    handed = office.checked(("", "X2", "c1", Decimal(3)), header=(*HEADER[:2], HEADER[3], HEADER[4]))
    assert office.rows(handed)[0].after == {"level": "3", "weight": "60.00"}
    handed = office.checked(line("c1", Decimal(3)))
    assert office.rows(handed)[0].after == {"level": "3", "weight": ""}


@pytest.mark.parametrize("form", TableFormat)
def test_what_is_exported_and_handed_in_again_changes_nothing(office: Office, form: TableFormat) -> None:
    put(office.town, row(office.town, "c3", 4, "33.33", line=True))
    content = tables.export(ExpectedLevels(), office.scope(), form, lambda thai, _english: thai)
    handed = office.checked(raw=content)
    assert office.effects(handed) == [RowEffect.NOTHING] * 4


def test_the_template_names_what_may_be_written(office: Office) -> None:
    allowed = {each.header_en: each.values for each in ExpectedLevels().allowed_values(office.scope())}
    assert "X2" in allowed["Position level"]
    assert "x-general" in allowed["Line of work"]
    assert {"c1", "c2", "c3"} <= set(allowed["Competency"])


def test_the_day_after_a_round_opened_is_the_first_that_can_be(office: Office) -> None:
    open_cycle(office.town)
    handed = office.checked(line("c1", Decimal(3)))
    office.let_in(handed)
    assert [row.is_done for row in office.rows(handed)] == [True]
    assert spans(office.town)[-1][0] > DAY


def test_who_may_not_edit_profiles_imports_none(office: Office) -> None:
    office.session.execute(update(RoleGrant).values(until_on=date(2000, 1, 1)))
    with pytest.raises(NotPermitted):
        office.checked(line("c1", Decimal(3)))


def test_statements_do_not_grow_with_the_rows(office: Office) -> None:
    def counted(*rows: Sequence[Cell]) -> int:
        seen: list[str] = []
        listener = lambda *given: seen.append(given[2])  # noqa: E731
        connection = office.session.connection().engine
        event.listen(connection, "before_cursor_execute", listener)
        office.checked(*rows)
        event.remove(connection, "before_cursor_execute", listener)
        return len(seen)

    few = [line("c1", Decimal(3))]
    many = [line(f"d{number}", Decimal(3)) for number in range(2000)]
    taken = [counted(*rows) for rows in (few, many, few, many)]
    assert max(taken) - min(taken) <= 4, taken
