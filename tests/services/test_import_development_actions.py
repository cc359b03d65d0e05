"""A file of development actions: new ones, changed ones, what is wrong at its column, the same file twice."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from idp.adapters.spreadsheets import Cell, Sheet, TableFormat, write_csv, write_workbook
from idp.adapters.storage import LocalFolder
from idp.models import DataImport, DataImportRow, DevelopmentAction
from idp.rules.errors import NotPermitted
from idp.rules.imports import ImportState, RowEffect
from idp.rules.relations import SYSTEM, Actor
from idp.rules.terms import CompetencyCategory, DevelopmentMethod, VersionState
from idp.services.attachments import Upload, UploadDesk
from idp.services.catalogue import drafts, publishing
from idp.services.imports import tables
from idp.services.imports.applying import confirm
from idp.services.imports.development_action_texts import METHOD_NAMES
from idp.services.imports.intake import hand_in
from idp.services.imports.kind import Scope
from idp.services.imports.kinds.development_actions import DevelopmentActions, EverythingProposed
from idp.services.imports.work import continue_imports
from idp.services.settings import set_rules
from idp.web.labels import NAMES
from idp.web.messages import MESSAGES
from tests.factories.sample import CREATED, Sample
from tests.services.catalogue_cast import FILLED, NOW, events, indicators, own_draft, own_published, proposed

KEYS = (
    "key",
    "framework",
    "competency",
    "level",
    "indicators",
    "method",
    "title",
    "detail",
    "hours",
    "weeks",
    "cost_baht",
    "evidence",
    "measure",
)
ODD = 'ทำ "แบบบันทึก" เอง\nแล้วส่ง, ทุกเดือน; =1+1'


@dataclass
class Desk:
    session: Session
    sample: Sample
    storage: LocalFolder
    publish: str = "no"
    statements: list[str] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[Session]:
        yield self.session

    def checked(self, *rows: Sequence[Cell], raw: bytes | None = None, name: str = "ก.xlsx") -> DataImport:
        content = raw or write_workbook([Sheet("x", KEYS, rows)])
        handed = self.hand_in(self.sample.cast.malee, content, name)
        self.session.commit()
        self.work()
        return handed

    def hand_in(self, actor: Actor, content: bytes, name: str = "ก.xlsx") -> DataImport:
        upload, desk = Upload(name, io.BytesIO(content)), UploadDesk(self.storage, 10)
        typed = {"publish": self.publish}
        return hand_in(self.session, desk, actor, "development_actions", typed, upload, NOW)

    def let_in(self, handed: DataImport) -> None:
        confirm(self.session, self.sample.cast.malee, handed.id, NOW, handed.version)
        self.session.commit()
        self.work()
        assert handed.state is ImportState.APPLIED
        assert all(row.is_done is not False for row in self.rows(handed)), [
            row.problems for row in self.rows(handed)
        ]

    def work(self) -> None:
        continue_imports(self.open, self.storage, lambda: NOW)
        self.session.expire_all()

    def rows(self, handed: DataImport) -> list[DataImportRow]:
        statement = select(DataImportRow).where(DataImportRow.import_id == handed.id)
        return list(self.session.scalars(statement.order_by(DataImportRow.place)))

    def problems(self, handed: DataImport) -> list[list[tuple[str, str]]]:
        found = [[(each["field"], each["code"]) for each in row.problems] for row in self.rows(handed)]
        assert all(code in MESSAGES for row in found for _field, code in row)
        return found

    def effects(self, handed: DataImport) -> list[RowEffect]:
        return [row.effect for row in self.rows(handed)]

    def own(self) -> list[DevelopmentAction]:
        return list(
            self.session.scalars(
                select(DevelopmentAction)
                .where(DevelopmentAction.organisation_id == self.sample.organisation.id)
                .order_by(DevelopmentAction.id)
            )
        )

    def scope(self) -> Scope:
        malee, organisation_id = self.sample.cast.malee, self.sample.organisation.id
        return Scope(self.session, malee, organisation_id, {"publish": self.publish}, NOW)


@pytest.fixture
def desk(session: Session, sample: Sample, tmp_path: Path) -> Desk:
    uses = [{"code": "sample-core", "category": category.value} for category in CompetencyCategory]
    set_rules(session, SYSTEM, sample.organisation.id, {"frameworks": uses}, CREATED.date(), CREATED)
    return Desk(session, sample, LocalFolder(tmp_path))


def line(title: Cell = "ฝึกรับเรื่อง", **changes: Cell) -> tuple[Cell, ...]:
    cells: dict[str, Cell] = {
        "competency": "c1",
        "level": Decimal(2),
        "indicators": "1, 3",
        "method": "การสอนงาน",
        "title": title,
        "detail": "สัปดาห์ละครึ่งวัน",
        "hours": Decimal(12),
        "weeks": Decimal(6),
        "cost_baht": Decimal("1250.50"),
        "evidence": "บันทึก",
        "measure": "หัวหน้างานสังเกต",
    }
    cells.update(changes)
    return tuple(cells.get(key, "") for key in KEYS)


def test_rows_become_drafts_of_the_organisations_own(desk: Desk) -> None:
    handed = desk.checked(line(), line(ODD, method="coaching", indicators="", detail=ODD, level="๓"))
    assert desk.problems(handed) == [[], []] and desk.own() == []
    desk.let_in(handed)
    one, two = desk.own()
    assert (one.title_th, one.method, one.hours, one.weeks) == (
        "ฝึกรับเรื่อง",
        DevelopmentMethod.COACHING,
        12,
        6,
    )
    assert (one.state, one.number, one.cost_baht) == (VersionState.DRAFT, 1, Decimal("1250.50"))
    first, _second, third = desk.sample.dictionary.indicators["c1", 2]
    assert indicators(desk.session, one.id) == {first, third}
    assert (two.title_th, two.detail_th, two.level.number) == (ODD, ODD, 3)
    assert indicators(desk.session, two.id) == set()
    assert len({one.key, two.key}) == 2 and len({one.content_hash, two.content_hash}) == 2
    assert events(desk.session, one.id) == ["import_action"]


@pytest.mark.parametrize("publish", ["no", "yes"])
def test_the_same_file_twice_changes_nothing(desk: Desk, publish: str) -> None:
    desk.publish = publish
    rows = [line(f"กิจกรรมที่ {number}", level=Decimal(number)) for number in (1, 2, 3)]
    desk.let_in(desk.checked(*rows))
    before = [(each.id, each.version) for each in desk.own()]
    again = desk.checked(*rows)
    assert desk.effects(again) == [RowEffect.NOTHING] * 3
    assert [(each.id, each.version) for each in desk.own()] == before


def test_published_at_once_they_are_proposed(desk: Desk) -> None:
    desk.publish = "yes"
    desk.let_in(desk.checked(line()))
    (action,) = desk.own()
    assert (action.state, action.published_at) == (VersionState.PUBLISHED, NOW)
    assert action.id in proposed(desk.session, desk.sample)


def test_a_changed_row_is_a_next_version_and_the_former_is_retired(desk: Desk) -> None:
    desk.publish = "yes"
    first = own_published(desk.session, desk.sample)
    desk.session.commit()
    handed = desk.checked(line(key=first.key))
    (row,) = desk.rows(handed)
    assert row.effect is RowEffect.CHANGE
    assert row.before is not None and row.before["title"] == FILLED.title
    desk.let_in(handed)
    old, new = desk.own()
    assert (old.state, new.state, new.number, new.key) == (
        VersionState.RETIRED,
        VersionState.PUBLISHED,
        2,
        first.key,
    )
    assert events(desk.session, old.id)[-1] == "replace_action"


def test_as_a_draft_the_published_one_stays_and_the_draft_is_written_over(desk: Desk) -> None:
    first = own_published(desk.session, desk.sample)
    desk.session.commit()
    desk.let_in(desk.checked(line(key=first.key)))
    desk.let_in(desk.checked(line("อีกชื่อหนึ่ง", key=first.key)))
    old, new = desk.own()
    assert (old.state, new.state, new.title_th) == (
        VersionState.PUBLISHED,
        VersionState.DRAFT,
        "อีกชื่อหนึ่ง",
    )
    assert (old.number, new.number) == (1, 2)


def test_columns_that_the_file_does_not_have_stay_as_they_are(desk: Desk) -> None:
    first = own_draft(desk.session, desk.sample)
    desk.session.commit()
    header = ("key", "competency", "level", "method", "title")
    row: tuple[Cell, ...] = (first.key, "c1", Decimal(2), "coaching", "ชื่อใหม่")
    raw = write_workbook([Sheet("x", header, [row])])
    desk.let_in(desk.checked(raw=raw))
    (action,) = desk.own()
    assert (action.title_th, action.detail_th, action.hours) == ("ชื่อใหม่", FILLED.detail, FILLED.hours)
    assert action.cost_baht == FILLED.cost_baht


WRONG = [
    ({"title": ""}, [("title", "missing")]),
    ({"title": "ก" * 501}, [("title", "too_long")]),
    ({"method": ""}, [("method", "missing")]),
    ({"method": "ดูงาน"}, [("method", "unknown_code")]),
    ({"competency": ""}, [("competency", "required")]),
    ({"competency": "c9"}, [("competency", "unknown_code")]),
    ({"framework": "nowhere"}, [("framework", "unknown_code")]),
    ({"level": ""}, [("level", "required")]),
    ({"level": "สอง"}, [("level", "not_a_whole_number")]),
    ({"level": Decimal(9)}, [("level", "level_not_on_ladder")]),
    ({"level": Decimal(0)}, [("level", "level_not_on_ladder")]),
    ({"indicators": "1,4"}, [("indicators", "no_such_indicator")]),
    ({"indicators": "ข้อแรก"}, [("indicators", "not_a_list_of_numbers")]),
    ({"hours": "มาก"}, [("hours", "not_a_whole_number")]),
    ({"hours": Decimal(2001)}, [("hours", "out_of_range")]),
    ({"weeks": Decimal(0)}, [("weeks", "out_of_range")]),
    ({"cost_baht": "ฟรี"}, [("cost_baht", "not_a_number")]),
    ({"cost_baht": Decimal("0.005")}, [("cost_baht", "too_many_places")]),
    ({"cost_baht": Decimal(-1)}, [("cost_baht", "out_of_range")]),
    ({"key": "own/9/9"}, [("key", "unknown_action")]),
    (
        {"title": "", "method": "x", "hours": "x", "weeks": "-1"},
        [
            ("method", "unknown_code"),
            ("hours", "not_a_whole_number"),
            ("title", "missing"),
            ("weeks", "out_of_range"),
        ],
    ),
]


@pytest.mark.parametrize(("changes", "told"), WRONG)
def test_what_is_wrong_is_told_at_its_column(
    desk: Desk, changes: dict[str, Cell], told: list[tuple[str, str]]
) -> None:
    title = changes.pop("title") if "title" in changes else "ฝึกรับเรื่อง"
    handed = desk.checked(line(title, **changes), line("อีกเรื่อง"))
    wrong, right = desk.problems(handed)
    assert sorted(wrong) == sorted(told) and right == []
    changes["title"] = title


def test_what_is_missing_for_publishing_is_told_only_there(desk: Desk) -> None:
    empty = line(detail="", measure="", evidence="", hours="")
    assert desk.problems(desk.checked(empty)) == [[]]
    desk.publish = "yes"
    told = {field for field, _code in desk.problems(desk.checked(empty))[0]}
    assert told == {"detail", "measure", "evidence", "hours"}


def test_two_rows_of_one_action_are_both_refused(desk: Desk) -> None:
    handed = desk.checked(line(), line(detail="อื่น"), line("อีกเรื่อง"))
    assert desk.problems(handed) == [[("title", "twice_in_file")], [("title", "twice_in_file")], []]


def test_a_title_that_is_there_asks_for_its_key(desk: Desk) -> None:
    desk.let_in(desk.checked(line()))
    assert desk.problems(desk.checked(line(detail="เปลี่ยน"))) == [[("title", "title_there")]]


def test_a_key_of_another_level_or_another_organisation_is_no_key_here(desk: Desk) -> None:
    own = own_draft(desk.session, desk.sample, "c2", 3)
    other = own_draft(desk.session, desk.sample, "c1", 2)
    other.organisation_id, other.key = desk.sample.cast.olan.organisation_id, "own/2/1"
    desk.session.commit()
    handed = desk.checked(line(key=own.key), line("อีกเรื่อง", key=other.key))
    assert desk.problems(handed) == [[("key", "other_level")], [("key", "unknown_action")]]


def test_the_library_is_named_but_not_changed_by_a_file(desk: Desk) -> None:
    of_library = desk.sample.dictionary.actions["c1", 2][0]
    key = of_library.key
    handed = desk.checked(line(key=key))
    assert desk.problems(handed) == [[("key", "of_the_library")]]
    everything = list(EverythingProposed().present_rows(desk.scope()))
    assert len(everything) == 14 * 4
    raw = tables.export(EverythingProposed(), desk.scope(), TableFormat.XLSX, lambda thai, english: thai)
    assert set(desk.effects(desk.checked(raw=raw))) == {RowEffect.NOTHING}


def test_a_first_draft_adapted_from_the_library_is_published_on_its_page(desk: Desk) -> None:
    source = desk.sample.dictionary.actions["c1", 2][0]
    draft = drafts.adapt_action(desk.session, desk.sample.cast.malee, source.id, NOW)
    desk.session.commit()
    assert desk.problems(desk.checked(line(key=draft.key))) == [[]]
    desk.publish = "yes"
    assert desk.problems(desk.checked(line(key=draft.key))) == [[("key", "adapted_first")]]


@pytest.mark.parametrize("form", list(TableFormat))
@pytest.mark.parametrize("publish", ["no", "yes"])
def test_what_is_given_out_comes_back_unchanged(desk: Desk, form: TableFormat, publish: str) -> None:
    own_published(desk.session, desk.sample, indicator_ids=desk.sample.dictionary.indicators["c1", 2][1:])
    own_draft(desk.session, desk.sample, "c2", 3, title=ODD, detail="=SUM(A1)", measure="@x\n'y'")
    retired = own_published(desk.session, desk.sample, "c3", 6)
    publishing.retire_action(desk.session, desk.sample.cast.malee, retired.id, "เลิก", NOW)
    desk.session.commit()
    desk.publish = publish
    raw = tables.export(DevelopmentActions(), desk.scope(), form, lambda thai, english: thai)
    handed = desk.checked(raw=raw, name=f"ก.{form.value}")
    assert desk.effects(handed) == [RowEffect.NOTHING] * 2


def test_in_both_languages_the_header_is_understood(desk: Desk) -> None:
    own_draft(desk.session, desk.sample)
    desk.session.commit()
    raw = tables.export(DevelopmentActions(), desk.scope(), TableFormat.CSV, lambda thai, english: english)
    assert b"Indicators" in raw and b"coaching" not in raw
    assert desk.effects(desk.checked(raw=raw, name="a.csv")) == [RowEffect.NOTHING]


def test_methods_are_named_as_the_pages_name_them() -> None:
    assert {each: str(name) for each, name in NAMES[DevelopmentMethod].items()} == METHOD_NAMES


def test_only_the_personnel_office_of_the_organisation_imports(desk: Desk) -> None:
    raw = write_workbook([Sheet("x", KEYS, [line()])])
    for name in ("somchai", "suda", "anong"):
        with pytest.raises(NotPermitted):
            desk.hand_in(getattr(desk.sample.cast, name), raw)
    olan = desk.hand_in(desk.sample.cast.olan, raw)
    assert olan.organisation_id == desk.sample.cast.olan.organisation_id


def counted(desk: Desk, *rows: Sequence[Cell], let_in: bool) -> int:
    raw, seen = write_csv(KEYS, rows), list[str]()
    handed = desk.checked(raw=raw, name="x.csv") if let_in else None

    def listener(*given: object) -> None:
        seen.append(str(given[2]))

    engine = desk.session.connection().engine
    event.listen(engine, "before_cursor_execute", listener)
    try:
        if handed is None:
            handed = desk.checked(raw=raw, name="x.csv")
        else:
            desk.let_in(handed)
    finally:
        event.remove(engine, "before_cursor_execute", listener)
    assert handed.row_count == len(rows)
    assert set(desk.effects(handed)) == {RowEffect.ADD}
    return len(seen)


def test_ten_thousand_rows_are_tried_in_as_many_statements_as_one(desk: Desk) -> None:
    many = [line(f"กิจกรรมที่ {number}", level=Decimal(1 + number % 5)) for number in range(10_000)]
    taken = [counted(desk, *rows, let_in=False) for rows in (many[:1], many)]
    assert max(taken) - min(taken) <= 4, taken


@pytest.mark.parametrize("publish", ["no", "yes"])
def test_a_chunk_is_let_in_in_as_many_statements_as_a_row(desk: Desk, publish: str) -> None:
    desk.publish = publish
    some = [line(f"กิจกรรมที่ {number}") for number in range(60)]
    taken = [counted(desk, *rows, let_in=True) for rows in (some[:1], some[1:])]
    assert max(taken) - min(taken) <= 4, taken
    assert len(desk.own()) == 60
