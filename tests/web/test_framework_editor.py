"""The office's pages of its own dictionaries: written without a script, compared, published, retired."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Assignment,
    Competency,
    CycleFramework,
    ExpectedLevel,
    FrameworkVersion,
    PositionLevel,
    PositionOverride,
    PositionProfile,
    TypedDraft,
)
from idp.queries.framework_contents import content_of
from idp.rules.framework_content import CompetencyContent
from idp.rules.settings import OrganisationRules
from idp.rules.terms import CompetencyCategory, CycleState, VersionState
from idp.services.framework_competencies import CompetencyFields, remove_competency, save_competency
from idp.services.framework_drafts import begin_next_version
from idp.services.framework_publishing import publish_version, retire_version
from idp.services.settings import set_rules
from tests.factories.sample import Sample, make_cycle
from tests.factories.website import A_DAY, Website
from tests.services.framework_cast import NOW, competency, derived, fields_of, published
from tests.web.form_fields import forms_of
from tests.web.reading import counted, words

LONG = "ข้อความยาวที่พิมพ์ไว้และต้องไม่หายไปไหน"


def address(version: FrameworkVersion, path: str = "") -> str:
    return f"/framework-versions/{version.id}{path}"


def of_c1(website: Website, version: FrameworkVersion, path: str = "") -> str:
    with website.session() as session:
        return address(version, f"/competencies/{competency(session, version, 'c1').id}{path}")


def contents(website: Website, version: FrameworkVersion) -> list[CompetencyContent]:
    with website.session() as session:
        return [each.content for each in content_of(session, version.id)]


def drawn(client: FlaskClient, page: str, action: str | None = None, text: str = "") -> dict[str, str]:
    """The fields of the form of `page` that goes to `action`, as they are drawn."""
    body = text or client.get(page).text
    for form in forms_of(body):
        if form.method == "post" and (form.action or page) == (action or page):
            return {
                each.name: each.value
                for each in form.controls
                if each.kind != "button" and each.name not in ("csrf_token", "drawn_at")
            }
    raise AssertionError(f"no form for {action or page}")


def state(website: Website, version: FrameworkVersion) -> VersionState:
    with website.session() as session:
        return session.get_one(FrameworkVersion, version.id).state


def test_a_dictionary_is_derived_edited_and_published_from_page_to_page(website: Website) -> None:
    client = website.sign_in("malee")
    source = website.sample.dictionary.version.id
    assert f"source={source}" in client.get("/frameworks/sample-core").text
    form = drawn(client, f"/framework-versions/new?source={source}", "/framework-versions/new")
    assert form["name_th"] == "พจนานุกรมสมรรถนะตัวอย่าง" and form["source"] == str(source)
    answer = client.post("/framework-versions/new", data=form | {"code": "own"})
    assert answer.status_code == 302
    page = answer.headers["Location"]
    edit = re.search(r'href="(/framework-versions/\d+/competencies/\d+)"', client.get(page).text)
    assert edit is not None
    typed = drawn(client, edit[1]) | {"name_th": "ชื่อที่แก้", "level-2-indicator-0": "ถ้อยคำที่แก้"}
    assert client.post(edit[1], data=typed).status_code == 302
    changes = words(client.get(f"{page}/changes"))
    assert "ชื่อที่แก้" in changes and "แก้ไข 1 รายการ" in changes
    preview = client.get("/frameworks/sample.own?version=1")
    assert "ตัวอย่างตามที่บุคลากรจะเห็น" in preview.text and "ถ้อยคำที่แก้" in preview.text
    assert website.sign_in("somchai").get("/frameworks/sample.own?version=1").status_code == 404
    form = drawn(client, f"{page}/publish")
    assert client.post(f"{page}/publish", data=form).status_code == 302
    assert "ถ้อยคำที่แก้" in website.sign_in("somchai").get("/frameworks/sample.own").text
    assert "/frameworks/sample.own" in website.sign_in("somchai").get("/frameworks/").text
    assert "/competencies/new" not in client.get(page).text


def test_rows_are_added_moved_and_taken_out_without_a_script_and_nothing_is_saved(website: Website) -> None:
    version = website.do(derived)
    client, page = website.sign_in("malee"), of_c1(website, version)
    before = contents(website, version)
    typed = drawn(client, page) | {"definition_th": LONG, "level-1-indicator-0": LONG}
    for asked, expected in (
        ("add-indicator 1", {"level-1-indicator-3": ""}),
        ("down 1 0", {"level-1-indicator-1": LONG}),
        ("up 1 1", {"level-1-indicator-0": LONG}),
        ("remove-indicator 1 1", {"level-1-indicator-2": ""}),
        ("add-level", {"level-6-number": "6"}),
        ("remove-level 0", {"level-0-indicator-0": LONG}),
    ):
        answer = client.post(page, data=typed | {"rows": asked})
        assert answer.status_code == 200, asked
        typed = drawn(client, page, text=answer.text)
        assert typed["definition_th"] == LONG
        assert {name: typed[name] for name in expected} == expected, asked
    assert contents(website, version) == before
    assert client.post(page, data=typed).status_code == 302
    ladder = contents(website, version)[0].levels
    assert [level.number for level in ladder] == [1, 2, 3, 4, 5, 6]
    assert ladder[0].indicators == (LONG, "การมุ่งผลสัมฤทธิ์ 1.3")


@pytest.mark.parametrize(
    "asked", ["", "x", "up", "up 99 0", "up 0 99", "add-indicator ก", "remove-level 9999999"]
)
def test_what_a_button_cannot_do_leaves_the_form_as_it_was(website: Website, asked: str) -> None:
    version = website.do(derived)
    client, page = website.sign_in("malee"), of_c1(website, version)
    typed = drawn(client, page)
    answer = client.post(page, data=typed | {"rows": asked})
    assert answer.status_code == 200 and drawn(client, page, text=answer.text) == typed


def test_each_problem_is_told_at_its_field_with_everything_kept(website: Website) -> None:
    version = website.do(derived)
    client, page = website.sign_in("malee"), of_c1(website, version)
    wrong = {"name_th": " ", "category": "x", "level-1-number": "ก", "definition_th": LONG}
    answer = client.post(page, data=drawn(client, page) | wrong)
    assert answer.status_code == 422
    for field in ("category", "level-1-number"):
        assert f'id="error-{field}"' in answer.text
    wrong |= {"category": "core", "level-1-number": "๒"}
    answer = client.post(page, data=drawn(client, page) | wrong)
    assert answer.status_code == 422 and LONG in answer.text
    for field in ("name_th", "level-2-number"):
        assert f'id="error-{field}"' in answer.text


def test_the_second_of_two_is_told_sees_both_and_loses_nothing(website: Website) -> None:
    version = website.do(derived)
    client, page = website.sign_in("malee"), of_c1(website, version)
    mine = drawn(client, page) | {"name_th": "ของฉัน", "level-1-indicator-0": LONG}

    def somebody(session: Session, sample: Sample) -> None:
        fields = CompetencyFields("", CompetencyCategory.CORE, "ของคนอื่น")
        c1 = competency(session, version, "c1").id
        save_competency(session, sample.cast.malee, version.id, c1, fields, NOW)

    website.do(somebody)
    answer = client.post(page, data=mine)
    assert answer.status_code == 409
    shown = unescape(answer.text)
    assert "ผู้อื่นบันทึกไว้เป็น: <strong>ของคนอื่น</strong>" in shown and LONG in shown
    again = drawn(client, page, text=answer.text)
    assert again["name_th"] == "ของฉัน" and again["version"] != mine["version"]
    assert client.post(page, data=again).status_code == 302
    assert contents(website, version)[0].name_th == "ของฉัน"


STEPS = {
    "head": ("", {"name_th": LONG}),
    "add": ("/competencies/new", {"name_th": LONG, "category": "core"}),
    "save": ("{c1}", {"name_th": LONG, "category": "core"}),
    "remove": ("{c1}/remove", {}),
    "move": ("{c1}/move", {"by": "down"}),
    "publish": ("/publish", {}),
    "discard": ("/discard", {}),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_form_drawn_before_somebody_else_saved_is_refused(website: Website, step: str) -> None:
    version = website.do(derived)
    path, typed = STEPS[step]
    page = of_c1(website, version, path.removeprefix("{c1}")) if "{c1}" in path else address(version, path)
    website.app.config["IDP_FORMS_CARRY_VERSION"] = True
    client = website.sign_in("malee")
    before = contents(website, version)
    answer = client.post(page, data={**typed, "version": str(version.version + 7)})
    assert answer.status_code == 409
    assert not typed.get("name_th") or LONG in answer.text
    assert contents(website, version) == before and state(website, version) is VersionState.DRAFT


def test_what_is_published_has_no_form_and_takes_none(website: Website) -> None:
    version = website.do(published)
    client = website.sign_in("malee")
    before = contents(website, version)
    assert "บันทึกสมรรถนะ" not in client.get(address(version)).text
    for page in (
        of_c1(website, version),
        address(version, "/competencies/new"),
        address(version, "/publish"),
    ):
        assert client.get(page).status_code == 404
    for path, typed in STEPS.values():
        page = (
            of_c1(website, version, path.removeprefix("{c1}")) if "{c1}" in path else address(version, path)
        )
        answer = client.post(page, data={"name_th": LONG, "category": "core", **typed})
        assert answer.status_code == 409, page
    assert contents(website, version) == before and state(website, version) is VersionState.PUBLISHED


def test_a_draft_that_lacks_something_names_it_with_a_link_to_its_place(website: Website) -> None:
    client = website.sign_in("malee")
    answer = client.post("/framework-versions/new", data={"code": "new", "name_th": "เขียนขึ้นใหม่"})
    page = answer.headers["Location"]
    assert "ยังไม่มีสมรรถนะ" in client.get(f"{page}/publish").text
    fields = {"name_th": "จริยธรรม", "category": "core", "level-0-number": "3"}
    edit = client.post(f"{page}/competencies/new", data=fields).headers["Location"]
    number = edit.rpartition("-")[2]
    publish = client.get(f"{page}/publish")
    assert f'href="{page}/competencies/{number}"' in publish.text
    assert "ระดับ 3 ยังไม่มีทั้งชื่อระดับและพฤติกรรมบ่งชี้" in publish.text
    refused = client.post(f"{page}/publish")
    assert refused.status_code == 422 and "ยังไม่พร้อมประกาศใช้" in refused.text


def test_a_version_in_use_is_not_retired_and_what_hinders_is_named(website: Website) -> None:
    version = website.do(published)
    client, page = website.sign_in("malee"), address(version, "/retire")

    def use(session: Session, sample: Sample) -> None:
        rules = {"frameworks": [{"code": "sample.own", "category": "core"}]}
        set_rules(session, sample.cast.malee, sample.organisation.id, rules, A_DAY, NOW)

    def take(session: Session, sample: Sample) -> int:
        cycle = make_cycle(
            session, sample.organisation, sample.dictionary, OrganisationRules(), CycleState.DRAFT, "2570"
        )
        session.add(
            CycleFramework(
                cycle_id=cycle.id, framework_version_id=version.id, category=CompetencyCategory.CORE
            )
        )
        return cycle.id

    website.do(use)
    cycle_id = website.do(take)
    text = client.get(page).text
    assert "ฉบับนี้เป็นฉบับล่าสุด" in text and f'href="/cycles/{cycle_id}"' in text and "<textarea" not in text
    refused = client.post(page, data={"reason": LONG})
    assert refused.status_code == 422 and LONG in refused.text
    assert state(website, version) is VersionState.PUBLISHED


def test_a_version_that_nobody_needs_is_retired_with_a_reason(website: Website) -> None:
    version = website.do(published)
    client, page = website.sign_in("malee"), address(version, "/retire")
    assert client.post(page, data={"reason": " "}).status_code == 422
    stale = client.post(page, data={"reason": LONG, "version": "99"})
    assert stale.status_code == 409 and LONG in stale.text
    assert client.post(page, data=drawn(client, page) | {"reason": LONG}).status_code == 302
    assert state(website, version) is VersionState.RETIRED
    assert LONG in client.get(address(version)).text
    assert "sample.own" not in website.sign_in("somchai").get("/frameworks/").text


def test_a_next_version_shows_whom_it_touches(website: Website) -> None:
    """Level 3 of c1 and the whole of c2 go: the three people at that position level lose both."""
    version = website.do(published)

    def change(session: Session, sample: Sample) -> tuple[FrameworkVersion, int]:
        malee, c1, c2 = sample.cast.malee, *(competency(session, version, each) for each in ("c1", "c2"))
        level_id = session.scalars(select(PositionLevel.id)).one()
        profile = PositionProfile(
            organisation_id=sample.organisation.id, position_level_id=level_id, from_on=A_DAY
        )
        profile.expected_levels = [
            ExpectedLevel(competency_id=each.id, level=level) for each, level in ((c1, 3), (c2, 1))
        ]
        cycle = make_cycle(
            session, sample.organisation, sample.dictionary, OrganisationRules(), CycleState.DRAFT, "2570"
        )
        use = CycleFramework(
            cycle_id=cycle.id, framework_version_id=version.id, category=CompetencyCategory.CORE
        )
        override = PositionOverride(
            organisation_id=sample.organisation.id,
            position_number="12",
            competency_id=c2.id,
            level=4,
            reason="ตามคำสั่ง",
            from_on=A_DAY,
            entered_at=NOW,
        )
        held = session.scalars(select(Assignment)).first()
        assert held is not None
        held.position_number = "12"
        session.add_all((profile, use, override))
        session.flush()
        draft = begin_next_version(session, malee, version.id, NOW)
        fields = fields_of(session, draft, "c1")
        kept = tuple(level for level in fields.levels if level.number != 3)
        new = competency(session, draft, "c1").id
        save_competency(session, malee, draft.id, new, replace(fields, levels=kept), NOW)
        remove_competency(session, malee, draft.id, competency(session, draft, "c2").id, NOW)
        return draft, cycle.id

    draft, cycle_id = website.do(change)
    answer = website.sign_in("malee").get(address(draft, "/changes"))
    said = words(answer)
    assert "มาตรฐานของตำแหน่งที่อ้างถึงฉบับเดิมมี 1 รายการ" in said
    assert "การมุ่งผลสัมฤทธิ์ ระดับที่คาดหวัง 3 (ไม่มีระดับนี้แล้ว จะเป็นระดับ 2)" in said
    assert "การทำงานเป็นทีม ระดับที่คาดหวัง 1 (ไม่มีแล้ว)" in said
    assert "เลขที่ตำแหน่ง 12 การทำงานเป็นทีม ระดับที่คาดหวัง 4 (ไม่มีแล้ว) 1" in said
    assert "รวมผู้ดำรงตำแหน่ง 3 คน" in said
    assert f'href="/cycles/{cycle_id}"' in answer.text
    assert website.sign_in("suda").get(address(draft, "/changes")).status_code == 404


def test_what_was_typed_and_kept_comes_back_with_all_its_rows(website: Website) -> None:
    version = website.do(derived)
    client, page = website.sign_in("malee"), of_c1(website, version)
    kept = drawn(client, page) | {f"level-1-indicator-{at}": f"{LONG} {at}" for at in range(6)}
    with website.session() as session:
        draft = TypedDraft(
            person_id=website.sample.cast.malee.person_id,
            form_key=page,
            content=[list(pair) for pair in kept.items()],
            based_on_version=version.version,
            updated_at=website.clock(),
        )
        session.add(draft)
        session.flush()
        draft_id = draft.id
    typed = drawn(client, page, text=client.get(f"{page}?draft={draft_id}").text)
    assert typed["level-1-indicator-5"] == f"{LONG} 5"


def test_the_auditor_and_the_office_read_drafts_and_only_the_office_writes(website: Website) -> None:
    version = website.do(derived)
    for name in ("somchai", "suda", "anong", "olan"):
        client = website.sign_in(name)
        assert client.get(address(version)).status_code == 404
        assert client.get(address(version, "/changes")).status_code == 404
        assert client.get("/frameworks/sample.own?version=1").status_code == 404
        expected = 404 if name == "olan" else 403
        assert client.post(address(version), data={"name_th": "x"}).status_code == expected
        assert client.get(of_c1(website, version)).status_code == expected
    assert "sample.own" not in website.sign_in("olan").get("/frameworks/").text


def test_the_library_is_read_and_never_written(website: Website) -> None:
    client = website.sign_in("malee")
    version = website.sample.dictionary.version
    assert client.get(address(version)).status_code == 200
    with website.session() as session:
        c1 = session.scalars(
            select(Competency.id).where(Competency.framework_version_id == version.id)
        ).first()
    for path in ("", "/next", "/publish", "/retire", "/discard", f"/competencies/{c1}", "/competencies/new"):
        assert client.post(address(version, path), data={"name_th": "x"}).status_code == 403, path


def test_pages_take_a_constant_number_of_statements(website: Website) -> None:
    version = website.do(derived)
    website.do(lambda session, sample: publish_version(session, sample.cast.malee, version.id, NOW))
    client = website.sign_in("malee")
    pages = ("/frameworks/", address(version), address(version, "/changes"), "/organisation/frameworks")

    def count() -> list[int]:
        counts = []
        for page in pages:
            client.get(page)
            with counted(website.app) as statements:
                assert client.get(page).status_code == 200
            counts.append(len(statements))
        return counts

    before = count()

    def more(session: Session, sample: Sample) -> None:
        for number in range(3):
            published(session, sample, f"more-{number}")

    website.do(more)
    with website.session() as session:
        session.add_all(
            Competency(
                framework_version_id=version.id,
                sort_order=100 + number,
                code=f"x{number}",
                code_is_official=False,
                category=CompetencyCategory.CORE,
                name_th=f"เพิ่ม {number}",
                definition_th="",
                source_marks=[],
            )
            for number in range(20)
        )
    assert count() == before


def test_without_a_published_version_the_page_says_why_there_is_no_next_one(website: Website) -> None:
    def retired(session: Session, sample: Sample) -> FrameworkVersion:
        version = published(session, sample)
        return retire_version(session, sample.cast.malee, version.id, "เลิกใช้", NOW)

    version = website.do(retired)
    answer = website.sign_in("malee").post(address(version, "/next"))
    assert answer.status_code == 422
    assert "ไม่มีฉบับที่ประกาศใช้อยู่ให้จัดทำฉบับใหม่ต่อ" in words(answer)
    assert 'href="#field-version"' in answer.text and 'id="field-version"' in answer.text
    assert website.sign_in("olan").post(address(version, "/next")).status_code == 404
    assert website.sign_in("suda").post(address(version, "/next")).status_code == 403
