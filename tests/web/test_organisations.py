"""The deployment's administrator: organisations are founded with their first officer, and nothing of them is
seen."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from idp.models import HistoryEntry, Organisation, OrganisationSetting, RoleGrant, UserAccount
from idp.rules.terms import Role
from tests.factories.website import PASSWORD, Website


@pytest.fixture
def administrator(website: Website):  # type: ignore[no-untyped-def]
    """`nobody` has a log-in and no organisation: here they look after the deployment."""
    with website.session() as session:
        person_id = session.get_one(UserAccount, website.accounts["nobody"]).person_id
        session.add(
            RoleGrant(
                organisation_id=None,
                person_id=person_id,
                role=Role.DEPLOYMENT_ADMIN,
                from_on=date(2025, 1, 1),
            )
        )
    return website.sign_in("nobody")


def typed(**unlike: object) -> dict[str, object]:
    return {
        "code": "bang-ban",
        "name_th": "เทศบาลตำบลบางบาล",
        "name_en": "Bang Ban Subdistrict Municipality",
        "family": "local-government",
        "core": ["sample-core"],
        "functional": [],
        "title_th": "นาง",
        "first_name": "วิไล",
        "last_name": "คนแรก",
        "email": "",
        "login": "wilai",
    } | unlike


def founded(website: Website) -> Organisation | None:
    with website.session() as session:
        return session.scalars(select(Organisation).where(Organisation.code == "bang-ban")).first()


def test_an_organisation_is_founded_with_an_officer_who_can_begin(website: Website, administrator) -> None:  # type: ignore[no-untyped-def]
    answer = administrator.post("/organisations/new", data=typed())
    assert answer.status_code == 200
    login, password = re.findall(r'<code class="hand-over">([^<]+)</code>', answer.text)
    organisation = founded(website)
    assert organisation is not None and organisation.family == "local-government"
    with website.session() as session:
        setting = session.scalars(
            select(OrganisationSetting).where(
                OrganisationSetting.organisation_id == organisation.id,
                OrganisationSetting.key == "frameworks",
            )
        ).one()
        events = session.scalars(
            select(HistoryEntry.event).where(HistoryEntry.organisation_id == organisation.id)
        ).all()
    assert (setting.key, setting.value) == ("frameworks", [{"code": "sample-core", "category": "core"}])
    assert set(events) == {"create", "set_rules", "grant_role"}
    officer = website.anonymous()
    assert officer.post("/login", data={"login": login, "password": password}).status_code == 302
    own = {"old_password": password, "new_password": PASSWORD, "new_password_again": PASSWORD}
    assert officer.post("/account/password", data=own).status_code == 302
    assert "ยังไม่มีบุคลากรในทะเบียน" in officer.get("/staff/").text
    assert "นางวิไล คนแรก" in officer.get("/accounts/").text
    assert "มาลี" not in officer.get("/accounts/?show=all").text


@pytest.mark.parametrize(
    ("unlike", "fields"),
    [
        ({"code": ""}, ["code"]),
        ({"code": "บางบาล"}, ["code"]),
        ({"code": "Bang Ban"}, ["code"]),
        ({"code": "sample"}, ["code"]),
        ({"code": "x" * 41}, ["code"]),
        ({"name_th": "", "name_en": ""}, ["name_th", "name_en"]),
        ({"family": "kingdom"}, ["family"]),
        ({"core": []}, ["core"]),
        ({"core": ["unknown"]}, ["core"]),
        ({"functional": ["unknown"]}, ["functional"]),
        ({"first_name": "", "login": "somchai"}, ["first_name", "login"]),
        ({"login": "two words"}, ["login"]),
        ({"email": "x"}, ["email"]),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_founded(  # type: ignore[no-untyped-def]
    website: Website, administrator, unlike: dict[str, object], fields: list[str]
) -> None:
    sent = typed(**unlike)
    answer = administrator.post("/organisations/new", data=sent)
    assert answer.status_code == 422
    for field in fields:
        assert f'id="error-{field}"' in answer.text
    assert f'value="{sent["last_name"]}"' in answer.text
    assert founded(website) is None
    with website.session() as session:
        assert session.scalars(select(UserAccount.login).where(UserAccount.login == "wilai")).first() is None


def test_the_administrator_sees_organisations_and_nothing_of_their_people(  # type: ignore[no-untyped-def]
    website: Website, administrator
) -> None:
    page = administrator.get("/organisations/").text
    assert "องค์การบริหารส่วนตำบลตัวอย่าง" in page and "เทศบาลอื่น" in page
    assert 'href="/organisations/"' in administrator.get("/").text
    for name in ("มาลี", "สมชาย", "โอฬาร"):
        assert name not in page
    sample = website.sample
    for refused in (
        "/staff/",
        "/accounts/",
        "/delegations/",
        "/appraisers/",
        "/cycles/",
        f"/accounts/{sample.cast.somchai.person_id}",
        f"/appraisers/{sample.unit.id}",
    ):
        assert administrator.get(refused).status_code == 403, refused
    assert administrator.get(f"/assessments/{sample.assessment.id}").status_code == 404


def test_an_organisation_without_an_officer_is_given_another(website: Website, administrator) -> None:  # type: ignore[no-untyped-def]
    other = website.sample.other_organisation.id
    with website.session() as session:
        grant = session.scalars(select(RoleGrant).where(RoleGrant.organisation_id == other)).one()
        grant.until_on = date(2025, 2, 1)
    assert "ไม่มีผู้ที่เข้าสู่ระบบได้" in administrator.get(f"/organisations/{other}").text
    officer = {name: typed()[name] for name in ("title_th", "first_name", "last_name", "email", "login")}
    refused = administrator.post(f"/organisations/{other}/officer", data=officer | {"first_name": ""})
    assert refused.status_code == 422 and 'id="error-first_name"' in refused.text
    assert administrator.post(f"/organisations/{other}/officer", data=officer).status_code == 200
    assert "มีผู้รับผิดชอบ" in administrator.get(f"/organisations/{other}").text
    assert administrator.post("/organisations/99999/officer", data=officer).status_code == 404


@pytest.mark.parametrize("name", ["malee", "olan", "somchai"])
def test_nobody_else_sees_or_founds_organisations(website: Website, name: str) -> None:
    client = website.sign_in(name)
    assert client.get("/organisations/").status_code == 403
    assert client.get("/organisations/new").status_code == 403
    assert client.post("/organisations/new", data=typed()).status_code == 403
    assert client.get(f"/organisations/{website.sample.organisation.id}").status_code == 403
    assert founded(website) is None
    assert "/organisations/" not in client.get("/").text
