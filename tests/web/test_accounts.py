"""Log-ins and roles on the personnel office's pages: given, reset, shut, granted, ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from idp.models import Employee, ExternalAppraiser, HistoryEntry, RoleGrant, UserAccount, WebSession
from idp.rules.terms import PersonnelType, Role, SubjectType
from tests.factories.sample import add_colleague
from tests.factories.website import PASSWORD, Website

OWN = "three words of my own"


def address(website: Website, name: str, path: str = "") -> str:
    return f"/accounts/{getattr(website.sample.cast, name).person_id}{path}"


def handed_over(text: str) -> tuple[str, str]:
    """The log-in name and the password that the page shows this once."""
    login, password = re.findall(r'<code class="hand-over">([^<]+)</code>', text)
    return login, password


def account(website: Website, name: str) -> UserAccount:
    with website.session() as session:
        return session.get_one(UserAccount, website.accounts[name])


def log_in(website: Website, login: str, password: str):  # type: ignore[no-untyped-def]
    client = website.anonymous()
    return client, client.post("/login", data={"login": login, "password": password})


def test_a_log_in_is_given_and_its_password_good_for_choosing_another_alone(website: Website) -> None:
    def colleague(session, sample) -> int:  # type: ignore[no-untyped-def]
        return add_colleague(session, sample, "7").person_id

    person_id = website.do(colleague)
    officer = website.sign_in("malee")
    assert "ยังไม่มีบัญชีผู้ใช้" in officer.get(f"/accounts/{person_id}").text
    answer = officer.post(f"/accounts/{person_id}/create", data={"login": " Worker-7 "})
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    login, password = handed_over(answer.text)
    assert login == "worker-7"
    assert password not in officer.get(f"/accounts/{person_id}").text
    client, entered = log_in(website, login, password)
    assert entered.status_code == 302
    for wanted in ("/", "/assessments/", "/team/"):
        assert client.get(wanted).headers["Location"] == "/account/password", wanted
    assert "รหัสผ่านชั่วคราว" in client.get("/account/password").text
    same = {"old_password": password, "new_password": password, "new_password_again": password}
    assert client.post("/account/password", data=same).status_code == 422
    own = {"old_password": password, "new_password": OWN, "new_password_again": OWN}
    assert client.post("/account/password", data=own).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert log_in(website, login, password)[1].status_code == 422
    with website.session() as session:
        found = session.scalars(select(UserAccount).where(UserAccount.login == login)).one()
        events = session.scalars(
            select(HistoryEntry.event)
            .where(HistoryEntry.subject_type == SubjectType.ACCOUNT, HistoryEntry.subject_id == found.id)
            .order_by(HistoryEntry.id)
        ).all()
    assert events == ["create", "change_password"]


@pytest.mark.parametrize("login", ["", "  ", "two words", "somchai", "x" * 121])
def test_a_log_in_name_that_will_not_do_is_refused_at_its_field(website: Website, login: str) -> None:
    person_id = website.do(lambda session, sample: add_colleague(session, sample, "7").person_id)
    answer = website.sign_in("malee").post(f"/accounts/{person_id}/create", data={"login": login})
    assert answer.status_code == 422 and 'id="error-login"' in answer.text


def test_a_reset_ends_what_is_open_and_the_old_password(website: Website) -> None:
    somchai = website.sign_in("somchai")
    answer = website.sign_in("malee").post(address(website, "somchai", "/reset"))
    login, password = handed_over(answer.text)
    assert somchai.get("/").status_code == 302  # to the log-in page
    assert log_in(website, "somchai", PASSWORD)[1].status_code == 422
    assert log_in(website, login, password)[1].status_code == 302
    assert account(website, "somchai").must_change_password


def test_a_password_handed_over_lapses_after_a_fortnight(website: Website) -> None:
    answer = website.sign_in("malee").post(address(website, "somchai", "/reset"))
    login, password = handed_over(answer.text)
    website.clock.pass_time(timedelta(days=14, seconds=1))
    assert log_in(website, login, password)[1].status_code == 422


def test_a_log_in_is_shut_at_once_and_opened_again_with_its_password(website: Website) -> None:
    somchai = website.sign_in("somchai")
    officer = website.sign_in("malee")
    assert officer.post(address(website, "somchai", "/shut")).status_code == 302
    assert somchai.get("/").status_code == 302
    assert log_in(website, "somchai", PASSWORD)[1].status_code == 422
    assert "ปิดการใช้งาน" in officer.get(address(website, "somchai")).text
    assert "somchai" in officer.get("/accounts/?show=disabled").text
    assert officer.post(address(website, "somchai", "/open")).status_code == 302
    assert log_in(website, "somchai", PASSWORD)[1].status_code == 302


def test_ones_own_log_in_is_neither_reset_nor_shut_here(website: Website) -> None:
    officer = website.sign_in("malee")
    for path in ("/reset", "/shut"):
        assert officer.post(address(website, "malee", path)).status_code == 422
    assert "บัญชีของท่านเอง" in officer.get(address(website, "malee")).text
    assert account(website, "malee").is_active


def elsewhere(website: Website, how: str) -> None:
    other, somchai = website.sample.other_organisation.id, website.sample.cast.somchai.person_id
    rows: dict[str, Callable[[], Employee | ExternalAppraiser | RoleGrant]] = {
        "employed": lambda: Employee(
            organisation_id=other,
            person_id=somchai,
            number="9",
            personnel_type=PersonnelType.LOCAL_OFFICER,
            hired_on=date(2020, 1, 1),
        ),
        "appraiser": lambda: ExternalAppraiser(
            organisation_id=other, person_id=somchai, position_name="นายก"
        ),
        "role": lambda: RoleGrant(
            organisation_id=other, person_id=somchai, role=Role.AUDITOR, from_on=date(2020, 1, 1)
        ),
        "administrator": lambda: RoleGrant(
            organisation_id=None, person_id=somchai, role=Role.DEPLOYMENT_ADMIN, from_on=date(2020, 1, 1)
        ),
    }
    with website.session() as session:
        session.add(rows[how]())


@pytest.mark.parametrize("how", ["employed", "appraiser", "role", "administrator"])
def test_the_log_in_of_somebody_who_belongs_elsewhere_too_is_not_the_officers(
    website: Website, how: str
) -> None:
    elsewhere(website, how)
    officer = website.sign_in("malee")
    assert "หน่วยงานอื่นด้วย" in officer.get(address(website, "somchai")).text
    for path in ("/reset", "/shut"):
        answer = officer.post(address(website, "somchai", path))
        assert answer.status_code == 422 and "หน่วยงานอื่นด้วย" in answer.text
    assert account(website, "somchai").is_active
    assert log_in(website, "somchai", PASSWORD)[1].status_code == 302


def role(**typed: str) -> dict[str, str]:
    return {"role": "auditor", "unit_id": "", "from_on": "6/10/2568", "until_on": ""} | typed


def held(website: Website, name: str) -> list[RoleGrant]:
    person_id = getattr(website.sample.cast, name).person_id
    with website.session() as session:
        return list(session.scalars(select(RoleGrant).where(RoleGrant.person_id == person_id)))


def test_a_role_is_granted_with_its_dates_and_ended(website: Website) -> None:
    officer = website.sign_in("malee")
    sent = role(role="executive", unit_id=str(website.sample.unit.id))
    assert officer.post(address(website, "suda", "/roles"), data=sent).status_code == 302
    [bounded] = held(website, "suda")
    assert (bounded.role, bounded.unit_id) == (Role.EXECUTIVE, website.sample.unit.id)
    sent = role(until_on="30/9/2569")
    assert officer.post(address(website, "anong", "/roles"), data=sent).status_code == 302
    [grant] = held(website, "anong")
    assert (grant.role, grant.unit_id, grant.until_on) == (Role.AUDITOR, None, date(2026, 9, 30))
    assert website.sign_in("anong").get("/staff/").status_code == 200
    assert "นางสาวอนงค์ แสงทอง" in officer.get("/accounts/").text
    end = address(website, "anong", f"/roles/{grant.id}/end")
    assert officer.post(end, data={"last_on": "5/10/2568"}).status_code == 302
    assert website.sign_in("anong").get("/staff/").status_code == 403
    assert officer.post(end, data={"last_on": "5/10/2568"}).status_code == 409
    page = officer.get(address(website, "anong")).text
    assert "กำหนดบทบาท</strong>: ผู้ตรวจสอบ" in page and "ยุติบทบาท</strong>: ผู้ตรวจสอบ" in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"role": ""}, "role"),
        ({"role": "deployment_admin"}, "role"),
        ({"role": "king"}, "role"),
        ({"from_on": "วันนี้"}, "from_on"),
        ({"from_on": ""}, "from_on"),
        ({"from_on": "5/10/2568"}, "from_on"),
        ({"until_on": "5/10/2568"}, "until_on"),
        ({"until_on": "เมื่อไร"}, "until_on"),
        ({"unit_id": "99999"}, "unit_id"),
        ({"unit_id": "x"}, "unit_id"),
    ],
)
def test_a_wrong_role_is_refused_at_its_field_with_everything_kept(
    website: Website, typed: dict[str, str], field: str
) -> None:
    sent = role(**typed)
    answer = website.sign_in("malee").post(address(website, "anong", "/roles"), data=sent)
    assert answer.status_code == 422 and f'id="error-{field}"' in answer.text
    assert f'value="{sent["from_on"]}"' in answer.text
    assert held(website, "anong") == []


def test_a_unit_bounds_executives_alone_and_no_role_is_held_twice(website: Website) -> None:
    officer = website.sign_in("malee")
    unit = str(website.sample.unit.id)
    refused = officer.post(address(website, "anong", "/roles"), data=role(unit_id=unit))
    assert refused.status_code == 422 and 'id="error-unit_id"' in refused.text
    assert officer.post(address(website, "anong", "/roles"), data=role()).status_code == 302
    again = officer.post(address(website, "anong", "/roles"), data=role(from_on="7/10/2568"))
    assert again.status_code == 422 and 'id="error-role"' in again.text


def test_the_organisation_keeps_an_officer_who_can_log_in(website: Website) -> None:
    officer = website.sign_in("malee")
    [own] = held(website, "malee")
    end = address(website, "malee", f"/roles/{own.id}/end")
    refused = officer.post(end, data={"last_on": "6/10/2568"})
    assert refused.status_code == 422 and "อย่างน้อยหนึ่งคน" in refused.text
    assert officer.post(address(website, "anong", "/roles"), data=role(role="hr_officer")).status_code == 302
    other = website.sign_in("anong")
    assert other.post(address(website, "malee", "/shut")).status_code == 302
    assert other.post(address(website, "malee", "/open")).status_code == 302
    assert officer.get("/").status_code == 302
    officer = website.sign_in("malee")
    assert officer.post(address(website, "anong", "/shut")).status_code == 302
    # Anong's role no longer counts: she cannot log in.
    assert officer.post(end, data={"last_on": "6/10/2568"}).status_code == 422
    assert officer.post(address(website, "anong", "/open")).status_code == 302
    assert officer.post(end, data={"last_on": "6/10/2568"}).status_code == 302
    website.clock.pass_time(timedelta(days=1))
    assert website.sign_in("malee").get("/accounts/").status_code == 403


def test_a_role_of_somebody_else_or_of_another_organisation_is_not_ended_here(website: Website) -> None:
    [own] = held(website, "malee")
    [foreign] = held(website, "olan")
    officer = website.sign_in("malee")
    typed = {"last_on": "6/10/2568"}
    assert officer.post(address(website, "olan", f"/roles/{foreign.id}/end"), data=typed).status_code == 404
    assert officer.post(address(website, "anong", f"/roles/{foreign.id}/end"), data=typed).status_code == 404
    officer.post(address(website, "anong", "/roles"), data=role(role="hr_officer"))
    assert officer.post(address(website, "anong", f"/roles/{own.id}/end"), data=typed).status_code == 404
    assert held(website, "malee")[0].until_on is None


def test_who_may_not_manages_no_log_in_and_nobody_of_others(website: Website) -> None:
    for name in ("somchai", "suda", "prasit", "anong"):
        client = website.sign_in(name)
        assert client.get("/accounts/").status_code == 403
        assert client.get(address(website, "somchai")).status_code == 403
        for path in ("/create", "/reset", "/shut", "/open", "/roles"):
            assert client.post(address(website, "somchai", path)).status_code == 403
    olan = website.sign_in("olan")
    for path in ("", "/reset", "/shut", "/open", "/roles", "/create"):
        method = "GET" if not path else "POST"
        data = role() | {"login": "other"} if path else None
        answer = olan.open(address(website, "somchai", path), method=method, data=data)
        assert answer.status_code == 404, path
    assert "สมชาย" not in olan.get("/accounts/?show=all").text
    with website.session() as session:
        assert session.scalars(select(WebSession)).all()


def test_the_list_finds_by_words_and_says_who_has_no_log_in(website: Website) -> None:
    website.do(lambda session, sample: add_colleague(session, sample, "7").person_id)
    officer = website.sign_in("malee")
    assert "นายคนที่7 เพิ่มเติม" in officer.get("/accounts/?show=none").text
    assert "นายสมชาย ใจดี" not in officer.get("/accounts/?show=none").text
    assert "นายสมชาย ใจดี" in officer.get("/accounts/?show=all&text=สมชาย").text
    assert "นางมาลี ศรีสุข" in officer.get("/accounts/").text
    assert "ไม่พบรายชื่อ" in officer.get("/accounts/?text=ไม่มีใคร").text
