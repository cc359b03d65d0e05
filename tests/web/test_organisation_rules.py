"""The organisation's settings: what holds, what is coming, and setting one from a day on."""

from datetime import date

import pytest
from sqlalchemy import select

from idp.models import HistoryEntry, OrganisationSetting
from idp.services.settings import rules_of_cycle, rules_on
from tests.factories.office import Office
from tests.services.cycle_cast import DAY, open_cycle

PAGE = "/organisation/rules/"
LATE = {"takes_late_entries": "no", "from_on": "10/10/2569"}


def holds(office: Office, key: str, day: date) -> object:
    with office.session() as session:
        return getattr(rules_on(session, office.town.organisation.id, day), key)


def test_a_setting_holds_from_its_day_on_and_the_page_says_what_is_coming(office: Office) -> None:
    malee = office.sign_in("malee")
    assert "ค่าเริ่มต้นของระบบ" in malee.get(PAGE).text
    assert malee.post(f"{PAGE}takes_late_entries", data=LATE).status_code == 302
    assert holds(office, "takes_late_entries", date(2026, 10, 9)) is True
    assert holds(office, "takes_late_entries", date(2026, 10, 10)) is False
    assert "จะเป็น “ไม่ใช่” ตั้งแต่ 10 ตุลาคม 2569" in malee.get(PAGE).text
    with office.session() as session:
        line = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert line is not None and line.event == "set_rules"
    assert (line.detail["from_on"], line.detail["values"]) == ("2026-10-10", {"takes_late_entries": False})


def test_a_number_in_thai_digits_and_today_are_understood(office: Office) -> None:
    malee = office.sign_in("malee")
    answer = malee.post(
        f"{PAGE}remind_days_before", data={"remind_days_before": "๕", "from_on": "5 ต.ค. 2569"}
    )
    assert answer.status_code == 302
    assert holds(office, "remind_days_before", DAY) == 5


@pytest.mark.parametrize(
    ("setting", "typed", "holding"),
    [
        ("plan_priorities", "๒", 2),
        ("plan_hours", "80", 80),
        ("plan_baht", "12,000", 12000),
        ("hours_asked_a_year", "๖๐", 60),
    ],
)
def test_the_limits_of_a_proposed_plan_and_the_hours_asked_are_set_like_the_others(
    office: Office, setting: str, typed: str, holding: int
) -> None:
    malee = office.sign_in("malee")
    before = holds(office, setting, DAY)
    assert malee.post(f"{PAGE}{setting}", data={setting: typed, "from_on": "10/10/2569"}).status_code == 302
    assert holds(office, setting, date(2026, 10, 9)) == before
    assert holds(office, setting, date(2026, 10, 10)) == holding


def test_an_open_cycle_keeps_what_was_frozen_and_the_page_names_it(office: Office) -> None:
    cycle_id = office.do(lambda town: open_cycle(town).id)
    malee = office.sign_in("malee")
    malee.post(f"{PAGE}thai_digits", data={"thai_digits": "yes", "from_on": "5/10/2569"})
    page = malee.get(PAGE).text
    assert "ยังใช้ค่าเดิม" in page and f"/cycles/{cycle_id}" in page
    with office.session() as session:
        from idp.models import Cycle

        assert rules_of_cycle(session.get_one(Cycle, cycle_id)).thai_digits is False


@pytest.mark.parametrize(
    ("setting", "typed", "field"),
    [
        ("takes_late_entries", {"takes_late_entries": "no", "from_on": "4/10/2569"}, "from_on"),
        ("takes_late_entries", {"takes_late_entries": "no", "from_on": "พรุ่งนี้"}, "from_on"),
        ("takes_late_entries", {"takes_late_entries": "no", "from_on": ""}, "from_on"),
        ("takes_late_entries", {"takes_late_entries": "yes", "from_on": "6/10/2569"}, "from_on"),
        ("takes_late_entries", {"takes_late_entries": "", "from_on": "6/10/2569"}, "takes_late_entries"),
        ("takes_late_entries", {"takes_late_entries": "ไม่", "from_on": "6/10/2569"}, "takes_late_entries"),
        ("remind_days_before", {"remind_days_before": "31", "from_on": "6/10/2569"}, "remind_days_before"),
        ("remind_days_before", {"remind_days_before": "-1", "from_on": "6/10/2569"}, "remind_days_before"),
        (
            "remind_days_before",
            {"remind_days_before": "9999999", "from_on": "6/10/2569"},
            "remind_days_before",
        ),
        ("plan_priorities", {"plan_priorities": "0", "from_on": "6/10/2569"}, "plan_priorities"),
        ("plan_priorities", {"plan_priorities": "6", "from_on": "6/10/2569"}, "plan_priorities"),
        ("plan_hours", {"plan_hours": "0", "from_on": "6/10/2569"}, "plan_hours"),
        ("plan_baht", {"plan_baht": "5,000.50", "from_on": "6/10/2569"}, "plan_baht"),
        ("hours_asked_a_year", {"hours_asked_a_year": "2001", "from_on": "6/10/2569"}, "hours_asked_a_year"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_kept(
    office: Office, setting: str, typed: dict[str, str], field: str
) -> None:
    answer = office.sign_in("malee").post(f"{PAGE}{setting}", data=typed)
    assert answer.status_code == 422
    assert f'id="error-{"field-" if field == "from_on" else ""}{field}"' in answer.text
    assert f'value="{typed["from_on"]}"' in answer.text
    with office.session() as session:
        kept = select(OrganisationSetting.key).where(OrganisationSetting.key == setting)
        assert session.scalars(kept).all() == []


def test_only_the_office_of_the_organisation_reads_and_sets_them(office: Office) -> None:
    for name in ("suda", "staff4", "prasit", "wipa"):
        client = office.sign_in(name)
        assert client.get(PAGE).status_code == 403, name
        assert client.post(f"{PAGE}takes_late_entries", data=LATE).status_code == 403, name
    assert office.sign_in("olan").post(f"{PAGE}takes_late_entries", data=LATE).status_code == 302
    assert holds(office, "takes_late_entries", date(2026, 10, 10)) is True
    assert office.sign_in("malee").post(f"{PAGE}scoring", data=LATE).status_code == 404


def test_where_the_organisation_asks_for_an_agreement_new_cycles_have_the_step(office: Office) -> None:
    malee = office.sign_in("malee")
    malee.post(f"{PAGE}agreement_at_start", data={"agreement_at_start": "yes", "from_on": "5/10/2569"})
    names = {"fiscal_year": "2570", "code": "2570", "name_th": "รอบปี 2570"}
    page = malee.get("/cycles/new/dates", query_string=names).text
    assert "ข้อตกลงต้นรอบการประเมิน" in page and 'name="agreement-opens_on"' in page
