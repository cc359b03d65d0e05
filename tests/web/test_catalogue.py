"""The pages of the catalogue: who sees what of it, an action from draft to retired, what is typed is kept."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from idp.models import ActionExclusion, DevelopmentAction, DevelopmentPlan, PlanItem, RoleGrant
from idp.rules.relations import SYSTEM
from idp.rules.terms import CompetencyCategory, Role, VersionState
from idp.services.catalogue import drafts, exclusions, publishing
from idp.services.settings import set_rules
from tests.factories import steps
from tests.factories.dictionary import make_dictionary
from tests.factories.sample import CREATED, Sample, at
from tests.factories.website import Website
from tests.services.catalogue_cast import NOW, level_id, own_draft, own_published
from tests.web.form_fields import forms_of
from tests.web.reading import counted, value_of, words

LONG = "ข้อความยาวที่พิมพ์ไว้และต้องไม่หายไปไหน"
FORM = {
    "title": "ฝึกรับเรื่องที่จุดบริการ",
    "method": "on_the_job",
    "detail": LONG,
    "hours": "๑๒",
    "weeks": "6",
    "cost_baht": "1,250.50",
    "evidence": "บันทึกการรับเรื่อง",
    "measure": "หัวหน้างานสังเกต",
}


def uses_the_sample(session: Session, sample: Sample) -> None:
    """The organisation's rules name the sample's framework for both categories."""
    uses = [{"code": "sample-core", "category": category.value} for category in CompetencyCategory]
    values = {"frameworks": uses}
    set_rules(session, SYSTEM, sample.organisation.id, values, CREATED.date(), CREATED)


@pytest.fixture
def site(website: Website) -> Website:
    website.do(uses_the_sample)
    website.clock.moment = NOW
    return website


def drawn(client: FlaskClient, page: str, action: str | None = None) -> dict[str, str]:
    """The fields of the form of `page` that goes to `action`, as they are drawn."""
    for form in forms_of(client.get(page).text):
        if form.method == "post" and (form.action or page) == (action or page):
            return {
                each.name: each.value
                for each in form.controls
                if each.kind not in ("button", "checkbox") and each.name not in ("csrf_token", "drawn_at")
            }
    raise AssertionError(f"no form for {action or page}")


def row(site: Website, action_id: int) -> DevelopmentAction:
    with site.session() as session:
        return session.get_one(DevelopmentAction, action_id)


def id_in(answer: TestResponse) -> int:
    found = re.search(r"/catalogue/(\d+)", answer.headers["Location"])
    assert found is not None
    return int(found[1])


def make(site: Website, what: str) -> int:
    """An action in that standing."""
    return int(site.do(MAKERS[what]).id)


def _excluded(session: Session, sample: Sample) -> DevelopmentAction:
    action = sample.dictionary.actions["c1", 2][1]
    exclusions.exclude_action(session, sample.cast.malee, action.id, "ไม่มีงานลักษณะนี้", NOW)
    return action


def _retired(session: Session, sample: Sample) -> DevelopmentAction:
    own = own_published(session, sample)
    return publishing.retire_action(session, sample.cast.malee, own.id, "ไม่มีผู้สอน", NOW)


MAKERS: dict[str, Callable[[Session, Sample], DevelopmentAction]] = {
    "own": own_published,
    "draft": own_draft,
    "retired": _retired,
    "library": lambda session, sample: sample.dictionary.actions["c1", 2][0],
    "excluded": _excluded,
}
SEEN_BY_ALL = {"own": 200, "library": 200, "draft": 404, "retired": 404, "excluded": 404}


@pytest.mark.parametrize("what", SEEN_BY_ALL)
def test_members_see_what_is_proposed_and_the_office_everything(site: Website, what: str) -> None:
    address = f"/catalogue/{make(site, what)}"
    for name in ("somchai", "suda", "anong"):
        assert site.sign_in(name).get(address).status_code == SEEN_BY_ALL[what]
    assert site.sign_in("malee").get(address).status_code == 200
    outside = site.sign_in("olan").get(address).status_code
    assert outside == (200 if what in ("library", "excluded") else 404)


def test_the_list_marks_where_each_comes_from(site: Website) -> None:
    for what in ("own", "draft", "retired", "excluded"):
        make(site, what)
    adapted = site.do(
        lambda session, sample: (
            drafts.adapt_action(session, sample.cast.malee, sample.dictionary.actions["c2", 3][0].id, NOW).id
        )
    )
    site.do(lambda session, sample: publishing.publish_action(session, sample.cast.malee, adapted, NOW))
    client = site.sign_in("malee")
    for standing, word, count in (
        ("own", "ของหน่วยงาน", 1),
        ("adapted", "หน่วยงานปรับจากคลัง", 1),
        ("draft", "ร่าง", 1),
        ("retired", "เลิกใช้แล้ว", 14 + 1),  # each level of the library has one, too
    ):
        page = client.get(f"/catalogue/?standing={standing}").text
        assert page.count(f"standing-{standing}") == count and word in page
    assert client.get("/catalogue/?standing=excluded").text.count("standing-excluded") == 2
    seen = site.sign_in("somchai").get("/catalogue/?standing=draft").text
    assert "standing-draft" not in seen and "standing-library" in seen


def test_the_list_is_searched_and_filtered_and_paged(site: Website) -> None:
    make(site, "own")
    client = site.sign_in("somchai")
    page = client.get("/catalogue/?text=หน้าเคาน์เตอร์").text
    assert page.count("standing-") == 1 and "หมุนเวียนไปช่วยงานบริการหน้าเคาน์เตอร์" in page
    assert "ไม่พบกิจกรรมตามเงื่อนไข" in client.get("/catalogue/?text=100%25_").text
    with site.session():
        c2 = site.sample.dictionary.competencies["c2"].id
    assert client.get(f"/catalogue/?competency={c2}&level=3").text.count("standing-") == 4
    assert client.get(f"/catalogue/?competency={c2}&level=2").text.count("standing-") == 0
    assert client.get(f"/catalogue/?competency={c2}&level=3&method=coaching").text.count("standing-") == 1
    version = site.sample.dictionary.version.id
    by_code = client.get(f"/catalogue/?version={version}&code=c2&level=3").text
    assert by_code.count("standing-") == 4
    seen, address, pages = list[str](), "/catalogue/", 0
    while address and pages < 10:
        text = client.get(address).text
        seen += re.findall(r'<a href="/catalogue/(\d+)">', text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address, pages = following[1].replace("&amp;", "&") if following else "", pages + 1
    # Every level but level 4 of c1 has four; one more is the organisation's own.
    assert len(seen) == len(set(seen)) == 14 * 4 + 1 and pages == 2
    assert client.get("/catalogue/?after=1.2.x").status_code == 200


def test_an_action_goes_from_a_draft_to_retired_page_by_page(site: Website) -> None:
    client = site.sign_in("malee")
    level = level_of(site, "c1", 4)
    assert "กรอกกิจกรรมของระดับนี้" in client.get("/catalogue/new").text
    page = f"/catalogue/new?level={level}"
    typed = drawn(client, page, "/catalogue/new") | FORM
    answer = client.post("/catalogue/new", data=typed)
    action_id = id_in(answer)
    action = row(site, action_id)
    assert (action.state, action.hours, str(action.cost_baht)) == (VersionState.DRAFT, 12, "1250.5")
    edit, publish = f"/catalogue/{action_id}/edit", f"/catalogue/{action_id}/publish"
    answer = client.post(edit, data=drawn(client, edit) | FORM | {"title": "ชื่อใหม่", "then": "publish"})
    assert answer.headers["Location"].endswith(publish)
    assert client.post(publish, data=drawn(client, publish)).status_code == 302
    assert row(site, action_id).state is VersionState.PUBLISHED
    assert site.sign_in("somchai").get(f"/catalogue/{action_id}").status_code == 200
    shown = f"/catalogue/{action_id}"
    following = client.post(f"{shown}/next", data=drawn(client, shown, f"{shown}/next"))
    second = id_in(following)
    assert row(site, second).number == 2 and "แก้ไขร่างฉบับถัดไป" in client.get(shown).text
    discard = f"/catalogue/{second}/discard"
    assert client.post(discard, data=drawn(client, f"/catalogue/{second}", discard)).status_code == 302
    assert client.get(f"/catalogue/{second}").status_code == 404
    retire = f"{shown}/retire"
    refused = client.post(retire, data=drawn(client, retire) | {"reason": " "})
    assert refused.status_code == 422 and "โปรดกรอกข้อมูลในช่องนี้" in refused.text
    assert client.post(retire, data=drawn(client, retire) | {"reason": "ไม่มีผู้สอน"}).status_code == 302
    page_of_it = words(client.get(shown))
    assert "เลิกใช้แล้ว" in page_of_it and "ไม่มีผู้สอน" in page_of_it and "จาก ฝึกรับเรื่อง" in page_of_it


def level_of(site: Website, code: str, number: int) -> int:
    return int(site.do(lambda session, sample: level_id(sample, code, number)))


def test_everything_wrong_is_told_at_its_field_and_what_was_typed_is_kept(site: Website) -> None:
    client, level = site.sign_in("malee"), level_of(site, "c1", 2)
    wrong = {"title": "", "method": "no-method", "hours": "สิบ", "weeks": "0", "cost_baht": "-1"}
    answer = client.post("/catalogue/new", data=FORM | wrong | {"level_id": str(level)})
    assert answer.status_code == 422
    for field in wrong:
        assert f'id="error-{field}"' in answer.text
    assert value_of(answer, "hours") == "สิบ" and value_of(answer, "detail") == LONG
    nowhere = client.post("/catalogue/new", data=FORM | {"level_id": "999999"})
    assert nowhere.status_code == 422 and 'id="error-level_id"' in nowhere.text


def test_a_colleagues_words_stand_beside_ones_own(site: Website) -> None:
    client = site.sign_in("malee")
    draft = make(site, "draft")
    edit = f"/catalogue/{draft}/edit"
    first = drawn(client, edit)
    assert client.post(edit, data=first | FORM | {"title": "ของคนแรก"}).status_code == 302
    answer = client.post(edit, data=first | FORM | {"title": "ของคนที่สอง", "measure": LONG})
    assert answer.status_code == 409
    assert value_of(answer, "title") == "ของคนที่สอง" and value_of(answer, "measure") == LONG
    assert "ผู้อื่นบันทึกไว้เป็น: <strong>ของคนแรก</strong>" in answer.text
    assert row(site, draft).title_th == "ของคนแรก"


@pytest.mark.parametrize(
    ("what", "path"),
    [
        ("draft", "publish"),
        ("draft", "discard"),
        ("own", "retire"),
        ("own", "next"),
        ("library", "exclude"),
        ("excluded", "include"),
    ],
)
def test_a_form_drawn_before_a_colleagues_change_changes_nothing(site: Website, what: str, path: str) -> None:
    client, action_id = site.sign_in("malee"), make(site, what)
    address = f"/catalogue/{action_id}/{path}"
    page = f"/catalogue/{action_id}" if path in ("discard", "next") else address
    typed = drawn(client, page, address)
    stale = str(int(typed["version"]) + 1)
    before = row(site, action_id).state
    answer = client.post(address, data=typed | {"version": stale, "reason": LONG})
    assert answer.status_code == 409 and "มีผู้บันทึกข้อมูลนี้ก่อนท่าน" in answer.text
    assert row(site, action_id).state is before
    if path in ("retire", "exclude", "include"):
        assert LONG in answer.text
    assert client.post(address, data=typed | {"reason": LONG}).status_code == 302


def test_what_is_still_missing_is_said_before_publishing(site: Website) -> None:
    draft = site.do(lambda session, sample: own_draft(session, sample, measure="", evidence="").id)
    client = site.sign_in("malee")
    page = client.get(f"/catalogue/{draft}/publish")
    assert "ยังเผยแพร่ไม่ได้" in page.text and "ยืนยันเผยแพร่" not in page.text
    answer = client.post(f"/catalogue/{draft}/publish", data={"version": str(row(site, draft).version)})
    assert answer.status_code == 422 and row(site, draft).state is VersionState.DRAFT


def test_adapting_says_whose_place_it_takes_and_both_may_be_kept(site: Website) -> None:
    client, of_library = site.sign_in("malee"), make(site, "library")
    for keeps_both in (True, False):
        draft = id_in(client.post(f"/catalogue/{of_library}/adapt"))
        publish = f"/catalogue/{draft}/publish"
        page = client.get(publish).text
        assert "เสนอทั้งกิจกรรมนี้และกิจกรรมของคลังกลาง" in page
        chosen = {"keeps_both": "1"} if keeps_both else {}
        assert client.post(publish, data=drawn(client, publish) | chosen).status_code == 302
        with site.session() as session:
            assert (session.scalar(select(ActionExclusion.id)) is None) is keeps_both
    assert "ใช้กิจกรรมที่หน่วยงานปรับแทน" in client.get(f"/catalogue/{of_library}").text
    other = client.post(f"/catalogue/{of_library}/adapt", data={"level_id": str(level_of(site, "c1", 4))})
    assert row(site, id_in(other)).level_id == level_of(site, "c1", 4)
    nowhere = client.post(f"/catalogue/{of_library}/adapt", data={"level_id": "999999"})
    assert nowhere.status_code == 422 and 'id="error-level_id"' in nowhere.text


EDITS = ("/catalogue/new", "/catalogue/{}/edit", "/catalogue/{}/publish", "/catalogue/{}/retire")


@pytest.mark.parametrize("address", EDITS)
def test_only_the_personnel_office_edits(site: Website, address: str) -> None:
    site.do(let_anong_audit)
    path = address.format(make(site, "own" if "retire" in address else "draft"))
    for name in ("somchai", "suda", "anong"):
        client = site.sign_in(name)
        assert client.get(path).status_code == client.post(path).status_code == 403
    if "{}" in address:
        outsider = site.sign_in("olan")
        assert outsider.get(path).status_code == outsider.post(path).status_code == 404
    assert site.sign_in("malee").get(path).status_code == 200


def let_anong_audit(session: Session, sample: Sample) -> None:
    session.add(
        RoleGrant(
            organisation_id=sample.organisation.id,
            person_id=sample.cast.anong.person_id,
            role=Role.AUDITOR,
            from_on=CREATED.date(),
        )
    )


def test_an_auditor_reads_drafts_and_figures_and_is_offered_no_change(site: Website) -> None:
    site.do(let_anong_audit)
    draft, client = make(site, "draft"), site.sign_in("anong")
    page = client.get(f"/catalogue/{draft}")
    assert page.status_code == 200 and "ตรวจและเผยแพร่" not in page.text
    assert client.get("/catalogue/use").status_code == 200
    assert "เพิ่มกิจกรรม" not in client.get("/catalogue/").text
    assert site.sign_in("somchai").get("/catalogue/use").status_code == 403


def test_what_is_lacking_is_in_the_matrix_with_a_way_to_add_it(site: Website) -> None:
    client, level = site.sign_in("malee"), level_of(site, "c1", 4)
    page = client.get("/catalogue/coverage")
    assert "ไม่มีกิจกรรม" in page.text and f'href="/catalogue/new?level={level}"' in page.text
    assert "ระดับที่ไม่มีกิจกรรม 1" in words(page)
    assert "/catalogue/new" not in site.sign_in("somchai").get("/catalogue/coverage").text
    with counted(site.app) as before:
        client.get("/catalogue/coverage")
    for _ in range(3):
        site.do(lambda session, sample: own_published(session, sample, "c1", 4))
    with counted(site.app) as after:
        again = client.get("/catalogue/coverage").text
    assert f"/catalogue/new?level={level}" in again and "วิธีการกลุ่มเดียว" in again
    assert len(after.texts) == len(before.texts)


def test_the_dictionary_links_each_level_to_its_actions(site: Website) -> None:
    page = site.sign_in("somchai").get("/frameworks/sample-core").text
    version = site.sample.dictionary.version.id
    assert f"/catalogue/?version={version}&amp;code=c2&amp;level=3" in page
    assert f"/catalogue/?version={version}&amp;code=c1&amp;level=4" not in page


def test_an_action_is_taken_into_the_plan_from_its_page(site: Website) -> None:
    plan_id = site.do(lambda session, sample: steps.drafted(session, sample).id)
    site.clock.moment = at(steps.PLAN_DAY)
    action = make(site, "own")
    client = site.sign_in("somchai")
    page, address = f"/catalogue/{action}", f"/catalogue/{action}/plans/{plan_id}"
    typed = drawn(client, page, address)
    stale = client.post(address, data=typed | {"version": str(int(typed["version"]) + 1)})
    assert stale.status_code == 409
    assert client.post(address, data=typed).status_code == 302
    with site.session() as session:
        assert session.scalars(select(PlanItem).where(PlanItem.action_id == action)).one()
    assert "กิจกรรมนี้อยู่ในแผนแล้ว" in client.get(page).text
    for name, status in (("suda", 404), ("anong", 404), ("olan", 404)):
        assert site.sign_in(name).post(address, data=typed).status_code == status
    site.do(lambda session, sample: publishing.retire_action(session, sample.cast.malee, action, LONG, NOW))
    with site.session() as session:
        assert session.get_one(DevelopmentPlan, plan_id).items


def test_use_counts_what_people_did_with_it(site: Website) -> None:
    site.do(steps.drafted)
    client = site.sign_in("malee")
    page = words(client.get("/catalogue/use"))
    assert "ใช้มากที่สุด" in page and "ยังไม่เคยใช้" in page
    with site.session() as session:
        used = session.scalars(select(PlanItem.action_id).where(PlanItem.action_id.is_not(None))).first()
    shown = words(client.get(f"/catalogue/{used}"))
    assert "รายการในแผน 1" in shown and "การใช้ในหน่วยงาน" in shown
    assert "การใช้ในหน่วยงาน" not in words(site.sign_in("somchai").get(f"/catalogue/{used}"))


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_all_that_is_proposed_is_given_out_as_a_file(site: Website, form: str) -> None:
    make(site, "own")
    answer = site.sign_in("malee").get(f"/catalogue/export?format={form}")
    assert answer.status_code == 200 and len(answer.data) > 1000
    assert site.sign_in("somchai").get("/catalogue/export").status_code == 403


@pytest.mark.parametrize("state", [VersionState.DRAFT, VersionState.PUBLISHED])
def test_the_dictionary_of_another_organisation_is_not_read_by_its_number(
    site: Website, state: VersionState
) -> None:
    def theirs(session: Session, sample: Sample) -> int:
        made = make_dictionary(session, "their-core")
        made.version.framework.organisation_id = sample.other_organisation.id
        made.version.state = state
        session.flush()
        return made.version.id

    number = site.do(theirs)
    own = make(site, "own")
    for address in ("/catalogue/", "/catalogue/new", f"/catalogue/{own}/adapt"):
        client = site.sign_in("malee")
        assert client.get(f"{address}?version={number}").status_code == 404
        assert client.get(f"{address}?version=999999").status_code == 404
        assert client.get(f"{address}?version={site.sample.dictionary.version.id}").status_code == 200
    assert site.sign_in("somchai").get(f"/catalogue/?version={number}").status_code == 404
    seen = 404 if state is VersionState.DRAFT else 200
    assert site.sign_in("olan").get(f"/catalogue/?version={number}").status_code == seen
