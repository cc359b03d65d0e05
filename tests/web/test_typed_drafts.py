"""Text that was typed and not sent: kept by the page's script, offered by the server without one."""

import json
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from idp.models import Assessment, TypedDraft
from idp.web.forms.kept_forms import fill, kept_forms
from tests.factories import steps
from tests.factories.sample import at
from tests.factories.website import Website

JSON = {"Accept": "application/json"}


@pytest.fixture
def rating(website: Website) -> str:
    """Somchai assesses himself: the address of the page."""
    website.do(steps.self_assessing)
    website.clock.moment = at(steps.SELF_DAY)
    return f"/assessments/{website.sample.assessment.id}"


def keep(client: FlaskClient, key: str, content: list[list[str]], version: int | None = None):
    data = {"form_key": key, "content": json.dumps(content)}
    if version is not None:
        data["version"] = str(version)
    return client.post("/drafts", data=data, headers=JSON)


def drafts(website: Website) -> list[TypedDraft]:
    with website.session() as session:
        return list(session.scalars(select(TypedDraft)))


def version(website: Website) -> int:
    with website.session() as session:
        return session.get_one(Assessment, website.sample.assessment.id).version


def evidence(website: Website) -> str:
    return f"item-{website.sample.items['c1'].id}-evidence"


def test_it_is_kept_and_the_answer_says_when(website: Website, rating: str) -> None:
    answer = keep(website.sign_in("somchai"), f"{rating}/self-rating", [[evidence(website), "พิมพ์ไว้"]], 2)
    assert answer.status_code == 200
    assert answer.json["said"] == "บันทึกร่างอัตโนมัติเมื่อ 10.00 น."
    (draft,) = drafts(website)
    assert draft.content == [[evidence(website), "พิมพ์ไว้"]]
    assert draft.based_on_version == 2


def test_the_page_offers_it_without_a_script(website: Website, rating: str) -> None:
    client, name = website.sign_in("somchai"), evidence(website)
    tick = str(min(website.sample.dictionary.up_to("c1", 1)))
    ticks = f"item-{website.sample.items['c1'].id}-ticks"
    content = [[ticks, tick], [name, "บรรทัดแรก\n<b>& “สอง”</b>"]]
    keep(client, f"{rating}/self-rating", content, version(website))
    page = client.get(rating).text
    assert "มีข้อความที่พิมพ์ค้างไว้เมื่อ 6 ตุลาคม 2568 เวลา 10.00 น." in page
    assert "บรรทัดแรก" not in page.partition("data-ladders")[2], "nothing is put back unasked"
    (draft,) = drafts(website)
    assert f'href="{rating}?draft={draft.id}"' in page
    filled = client.get(f"{rating}?draft={draft.id}").text
    assert unescape(filled).count("บรรทัดแรก\n<b>& “สอง”</b></textarea>") == 1
    assert f'name="{ticks}" value="{tick}"' in filled and filled.count(" checked>") >= 1
    assert "รายการนี้มีการเปลี่ยนแปลงหลังจากที่ท่านพิมพ์" not in filled
    assert drafts(website), "putting it back does not forget it: it is not sent yet"


def test_a_record_that_changed_since_is_named_and_cannot_be_written_over(
    website: Website, rating: str
) -> None:
    client = website.sign_in("somchai")
    keep(client, f"{rating}/self-rating", [[evidence(website), "เดิม"]], 1)
    (draft,) = drafts(website)
    assert version(website) != 1
    page = client.get(f"{rating}?draft={draft.id}").text
    assert "รายการนี้มีการเปลี่ยนแปลงหลังจากที่ท่านพิมพ์" in page
    form = next(each for each in kept_forms(page, rating) if each.key.endswith("/self-rating"))
    assert form.version == 1


def test_sending_the_form_forgets_it(website: Website, rating: str) -> None:
    client, name = website.sign_in("somchai"), evidence(website)
    item = website.sample.items["c1"].id
    keep(client, f"{rating}/self-rating", [[name, "พิมพ์ไว้"]], 1)
    form = {"item": item, name: "พิมพ์ไว้", "version": version(website) + 5}
    assert client.post(f"{rating}/self-rating", data=form).status_code == 409
    assert len(drafts(website)) == 1, "a form that was refused is not sent"
    form |= {"version": version(website), "then": "submit"}
    assert client.post(f"{rating}/self-rating", data=form).status_code == 422
    assert drafts(website) == [], "the draft of the record holds it now"
    keep(client, f"{rating}/self-rating", [[name, "พิมพ์อีก"]], 1)
    form |= {"version": version(website), "then": "save", "kept_in_browser": "yes"}
    assert client.post(f"{rating}/self-rating", data=form).status_code == 302
    assert drafts(website) == []
    assert f'data-sent="{rating}/self-rating"' in client.get(rating).text
    assert 'data-sent=""' in client.get(rating).text, "told once"


def test_its_typist_throws_it_away(website: Website, rating: str) -> None:
    client = website.sign_in("somchai")
    keep(client, f"{rating}/self-rating", [["a", "ก"]])
    (draft,) = drafts(website)
    for name in ("suda", "malee", "olan"):
        assert website.sign_in(name).post(f"/drafts/{draft.id}/discard").status_code == 404
    answer = client.post(f"/drafts/{draft.id}/discard", data={"next": rating})
    assert answer.headers["Location"] == rating
    assert drafts(website) == []


def test_nobody_else_is_offered_it(website: Website) -> None:
    website.do(steps.rating)
    website.clock.moment = at(steps.RATING_DAY)
    address = f"/assessments/{website.sample.assessment.id}"
    keep(website.sign_in("suda"), f"{address}/rating", [[evidence(website), "ความเห็นลับ"]])
    (draft,) = drafts(website)
    for name in ("somchai", "prasit", "malee"):
        page = website.sign_in(name).get(f"{address}?draft={draft.id}").text
        assert "ความเห็นลับ" not in page and "data-draft-note" not in page, name
    assert "ความเห็นลับ" in website.sign_in("suda").get(address).text


@pytest.mark.parametrize(
    ("name", "address", "status"),
    [
        ("somchai", "/assessments/{assessment}/self-rating", 200),
        ("anong", "/assessments/{assessment}/self-rating", 404),
        ("olan", "/assessments/{assessment}/self-rating", 404),
        ("somchai", "/assessments/999999/self-rating", 404),
        ("malee", "/staff/{employee}/email", 200),
        ("somchai", "/staff/{employee}/email", 403),
        ("somchai", "/account/password", 404),
        ("somchai", "/login", 404),
        ("somchai", "/drafts", 404),
        ("somchai", "/no/such/form", 404),
        ("somchai", "/team/", 404),
        ("somchai", "https://elsewhere.example/", 404),
        ("somchai", "", 404),
    ],
)
def test_only_a_form_that_the_person_may_open_is_kept(
    website: Website, rating: str, name: str, address: str, status: int
) -> None:
    address = address.format(
        assessment=website.sample.assessment.id, employee=website.sample.employees["somchai"].id
    )
    assert keep(website.sign_in(name), address, [["a", "ก"]]).status_code == status
    assert len(drafts(website)) == (1 if status == 200 else 0)


@pytest.mark.parametrize(
    "content", ["", "no json", "{}", '[["a"]]', '[["a", 1]]', '["ab"]', "null", '[["a", "\\u0000"]]']
)
def test_what_the_script_never_sends_is_refused(website: Website, rating: str, content: str) -> None:
    client = website.sign_in("somchai")
    answer = client.post("/drafts", data={"form_key": f"{rating}/self-rating", "content": content})
    assert answer.status_code == 422
    assert drafts(website) == []


def test_no_password_is_kept(website: Website, rating: str) -> None:
    keep(website.sign_in("somchai"), f"{rating}/self-rating", [["new_password", "x"], ["a", "ก"]])
    assert drafts(website)[0].content == [["a", "ก"]]


def test_a_script_without_a_log_in_is_told_so(website: Website, rating: str) -> None:
    answer = keep(website.anonymous(), f"{rating}/self-rating", [["a", "ก"]])
    assert answer.status_code == 401 and answer.json == {"log_in": "/login"}
    assert website.anonymous().get("/drafts/token", headers=JSON).status_code == 401
    told = website.sign_in("somchai").get("/drafts/token", headers=JSON)
    assert told.json["person"] == website.sample.cast.somchai.person_id and told.json["csrf_token"]


def test_a_form_that_cannot_be_drawn_again_shows_what_was_typed(website: Website, rating: str) -> None:
    client = website.sign_in("somchai")
    text = "ข้อความยาวที่พิมพ์ไว้ทั้งบ่าย"
    answer = client.post("/plans/999999/items/new", data={"title": text, "old_password": "รหัสผ่านที่ยาวมาก"})
    assert answer.status_code == 404
    assert text in answer.text and "รหัสผ่าน" not in answer.text.partition("<main")[2]


PAGE = """<main id="content"><details><summary>x</summary><details open>
<form method="post" action="/one?x=1"><input type="hidden" name="version" value="7">
<input name="t" value="old"><input type="checkbox" name="c" value="1" checked>
<input type="checkbox" name="c" value="2">
<select name="s"><option value="">-</option><option value="b" selected>b</option>
<option value="c">c</option></select><input type="radio" name="r" value="x">
<textarea name="long" rows="2">old &amp; text</textarea>&nbsp;<b>&#3585;</b></form>
</details></details><form method="get"><textarea name="q"></textarea></form>
<form method="post" data-no-autosave><textarea name="q"></textarea></form>
<form method="post" action="/two"><input name="a"></form>
<form method="post" data-autosave="named"><input name="a"></form></main>"""


def test_the_forms_of_a_page_that_are_kept_are_found() -> None:
    found = {form.key: form.version for form in kept_forms(PAGE, "/here")}
    assert found == {"/one": 7, "/here#named": None}


def test_a_form_is_filled_as_it_was_typed_and_nothing_else_changes() -> None:
    form = next(kept_forms(PAGE, "/here"))
    content = [("t", 'a "b"'), ("c", "2"), ("s", "c"), ("long", "<x> & y"), ("gone", "z")]
    filled = fill(PAGE, form, content, 3)
    assert '<input type="hidden" name="version" value="3">' in filled
    assert '<input name="t" value="a &quot;b&quot;">' in filled
    assert '<input type="checkbox" name="c" value="1">' in filled
    assert '<input type="checkbox" name="c" value="2" checked>' in filled
    assert '<option value="b">b</option>\n<option value="c" selected>c</option>' in filled
    assert '<textarea name="long" rows="2">&lt;x&gt; &amp; y</textarea>&nbsp;<b>&#3585;</b>' in filled
    assert filled.startswith('<main id="content"><details open><summary>x</summary><details open>')
    assert filled.partition("</form>")[2] == PAGE.partition("</form>")[2]
