"""The frame around every page: who sees which link, in which language, with which figures."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask_babel import force_locale

from idp.models import Notice, OrganisationSetting
from idp.rules.terms import SubjectType
from idp.web import formats
from tests.factories.website import Website

FRAMEWORKS, STAFF, CYCLES = "/frameworks/", "/staff", "/cycles"


def links(website: Website, name: str) -> str:
    return website.sign_in(name).get("/account/password").text.partition("<main")[0]


def test_links_are_shown_to_those_who_may_follow_them(website: Website) -> None:
    assert f'href="{FRAMEWORKS}"' in links(website, "somchai")
    assert f'href="{FRAMEWORKS}"' not in links(website, "nobody")


def test_every_link_that_is_shown_opens(website: Website) -> None:
    import re

    for name in website.accounts:
        client = website.sign_in(name)
        head = client.get("/account/password").text.partition("<main")[0]
        for address in re.findall(r'<a href="([^"]+)"', head):
            assert client.get(address, follow_redirects=True).status_code == 200, (name, address)


def test_nobody_signed_in_sees_no_menu(website: Website) -> None:
    assert "site-menu" not in website.anonymous().get("/login").text


def test_the_page_that_is_open_is_marked_in_the_menu(website: Website) -> None:
    page = website.sign_in("somchai").get(FRAMEWORKS).text
    assert f'href="{FRAMEWORKS}" aria-current="page"' in page


def test_unread_notices_are_counted_for_their_reader_alone(website: Website) -> None:
    if "notifications.index" not in website.app.view_functions:
        pytest.skip("no page of notices yet")
    somchai = website.sample.cast.somchai
    with website.session() as session:
        for event in ("plan:return", "plan:approve"):
            session.add(
                Notice(
                    organisation_id=website.sample.organisation.id,
                    subject_type=SubjectType.PLAN,
                    subject_id=1,
                    event=event,
                    recipient_person_id=somchai.person_id,
                    created_at=website.clock(),
                )
            )
    assert '<span class="menu-count">2<' in links(website, "somchai")
    assert "menu-count" not in links(website, "suda")


def test_names_are_escaped(website: Website) -> None:
    with website.session() as session:
        from idp.models import Organisation

        session.get_one(Organisation, website.sample.organisation.id).name_th = "<script>alert(1)</script>"
    assert "<script>alert" not in website.sign_in("somchai").get("/account/password").text


def test_digits_follow_the_organisation_and_the_language(website: Website) -> None:
    with website.session() as session:
        session.add(
            OrganisationSetting(
                organisation_id=website.sample.organisation.id,
                key="thai_digits",
                from_on=date(2025, 1, 1),
                value=True,
            )
        )
    client = website.sign_in("somchai")
    assert "อย่างน้อย ๘ ตัวอักษร" in client.get("/account/password").text
    assert "อย่างน้อย 8 ตัวอักษร" in website.sign_in("olan").get("/account/password").text
    client.post("/language", data={"language": "en"})
    assert "๘" not in client.get("/account/password").text


DAY = date(2025, 10, 1)
MOMENT = datetime(2025, 10, 1, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("write", "thai", "english"),
    [
        (lambda: formats.show_date(DAY), "1 ตุลาคม 2568", "1 October 2025"),
        (lambda: formats.show_date(DAY, "short"), "1 ต.ค. 2568", "1 October 2025"),
        (lambda: formats.show_date(None), "–", "–"),
        (lambda: formats.show_datetime(MOMENT), "1 ตุลาคม 2568 เวลา 14.30 น.", "1 October 2025, 14:30"),
        (
            lambda: formats.show_period(DAY, date(2025, 10, 15)),
            "1 - 15 ตุลาคม 2568",
            "1 October 2025 – 15 October 2025",
        ),
        (lambda: formats.show_period(DAY, None), "1 ตุลาคม 2568", "1 October 2025"),
        (lambda: formats.show_month(DAY), "ตุลาคม 2568", "October 2025"),
        (lambda: formats.fiscal_year(2569), "2569", "2026"),
        (lambda: formats.baht(Decimal("1500")), "1,500 บาท", "1,500 baht"),
        (lambda: formats.number(Decimal("21.25")), "21.25", "21.25"),
        (lambda: formats.number(Decimal("24.00")), "24", "24"),
        (lambda: formats.number(Decimal("24"), 2), "24.00", "24.00"),
        (lambda: formats.number(12000), "12,000", "12,000"),
        (lambda: formats.number(Decimal("100")), "100", "100"),
        (lambda: formats.number(None), "–", "–"),
        (lambda: formats.digits(0), "0", "0"),
    ],
)
def test_dates_and_figures_are_written_in_the_language_of_the_page(
    write, thai: str, english: str, bare_app
) -> None:  # type: ignore[no-untyped-def]
    with bare_app.test_request_context():
        with force_locale("th"):
            assert write() == thai
        with force_locale("en"):
            assert write() == english


def test_days_left_are_counted_in_bangkok(website: Website) -> None:
    website.clock.moment = datetime(2025, 10, 5, 18, 0, tzinfo=UTC)  # already the 6th there
    with website.app.test_request_context():
        assert formats.days_until(date(2025, 10, 6)) == 0
        assert formats.days_until(date(2025, 10, 16)) == 10
        assert formats.days_until(date(2025, 10, 3)) == -3
