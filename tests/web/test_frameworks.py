"""The dictionaries: read by everybody of an organisation, their source marks by the personnel office."""

import pytest
from sqlalchemy import event, select

from idp.models import BehaviouralIndicator, CompetencyFramework, FrameworkVersion
from idp.rules.terms import VersionState
from tests.factories.website import Website

MARK = "ต้นฉบับขาดข้อความต่อจากนี้"


@pytest.fixture
def marked(website: Website) -> Website:
    """One indicator bears a mark of its source, the version an erratum."""
    with website.session() as session:
        indicator = session.scalars(select(BehaviouralIndicator)).first()
        version = session.scalars(select(FrameworkVersion)).first()
        assert indicator is not None and version is not None
        indicator.source_marks = [
            {"kind": "cut_off", "field": "text_th", "note_th": MARK, "note_en": "cut off"}
        ]
        version.errata = [
            {
                "where": "c1/L1/b1",
                "read": "ชวนขวย",
                "corrected": "ขวนขวาย",
                "kind": "ocr",
                "certainty": "certain",
            }
        ]
    return website


def test_an_employee_reads_competencies_levels_and_indicators(marked: Website) -> None:
    client = marked.sign_in("somchai")
    assert 'href="/frameworks/sample-core"' in client.get("/frameworks/").text
    page = client.get("/frameworks/sample-core").text
    for text in ("การมุ่งผลสัมฤทธิ์", "บริการที่ดี", "ระดับที่ 6"):
        assert text in page


def test_marks_and_errata_are_for_the_personnel_office(marked: Website) -> None:
    office, employee = (
        marked.sign_in(name).get("/frameworks/sample-core").text for name in ("malee", "somchai")
    )
    assert MARK in office and "ขวนขวาย" in office
    assert MARK not in employee and "ขวนขวาย" not in employee


@pytest.mark.parametrize("address", ["/frameworks/none", "/frameworks/sample-core?version=99"])
def test_a_framework_or_version_that_is_not_there_is_missing(website: Website, address: str) -> None:
    assert website.sign_in("somchai").get(address).status_code == 404


def test_a_draft_is_not_shown(website: Website) -> None:
    with website.session() as session:
        framework = CompetencyFramework(code="new")
        session.add(framework)
        session.flush()
        session.add(
            FrameworkVersion(
                framework_id=framework.id,
                number=1,
                state=VersionState.DRAFT,
                name_th="ร่าง",
                name_en="Draft",
                source_note="",
                content_hash="",
            )
        )
    client = website.sign_in("malee")
    assert client.get("/frameworks/new").status_code == 404
    assert "/frameworks/new" not in client.get("/frameworks/").text


def test_the_number_of_statements_does_not_grow_with_the_dictionary(website: Website) -> None:
    from idp.database import db
    from idp.models import Competency

    counted: list[str] = []
    with website.app.app_context():
        engine = db.engine

    def count(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        counted.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    client = website.sign_in("somchai")
    client.get("/frameworks/sample-core")  # a new connection is prepared once
    counted.clear()
    client.get("/frameworks/sample-core")
    before = len(counted)
    with website.session() as session:
        first = session.scalars(select(Competency)).first()
        assert first is not None
        for number in range(30):
            session.add(
                Competency(
                    framework_version_id=first.framework_version_id,
                    sort_order=100 + number,
                    code=f"x{number}",
                    code_is_official=False,
                    category=first.category,
                    name_th="เพิ่ม",
                    definition_th="เพิ่ม",
                )
            )
    counted.clear()
    client.get("/frameworks/sample-core")
    event.remove(engine, "before_cursor_execute", count)
    assert len(counted) == before
