"""The scoring settings: what holds for whom from which day on, what is refused where, and the trial."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from idp.models import Cycle, ExpectedLevel, HistoryEntry, OrganisationSetting
from idp.rules.levels import PassRule
from idp.rules.scoring import METHODS
from idp.rules.settings import ScoringRule, scoring_json
from idp.rules.terms import PassRuleKind, PersonnelType
from idp.services.settings import rules_of_cycle, rules_on, set_rules
from idp.web.forms.scoring_rules import written
from tests.factories.office import Office
from tests.services.cycle_cast import DAY, NOW, Town, open_cycle

PAGE = "/organisation/scoring/"
KIND = PersonnelType.LOCAL_OFFICER
FORM = f"{PAGE}{KIND.value}"
LATER = date(2026, 11, 1)


def fields(**changed: str) -> dict[str, str]:
    """The form as the page draws it for the default rule, with what was typed over it."""
    names = {name.replace("__", "-"): value for name, value in changed.items()}
    return {**written(ScoringRule()), "from_on": "10/10/2569", **names}


def rule(office: Office, day: date, kind: PersonnelType = KIND) -> ScoringRule:
    with office.session() as session:
        return rules_on(session, office.town.organisation.id, day).scoring[kind]


def pass_rule(office: Office, day: date) -> PassRule:
    with office.session() as session:
        rules = rules_on(session, office.town.organisation.id, day)
    return PassRule(rules.pass_rule, rules.pass_percentage)


def test_a_method_weight_bands_and_tables_hold_from_their_day_on(office: Office) -> None:
    malee = office.sign_in("malee")
    typed = fields(
        method="comparison_table",
        competency_part="๒๕.๕",
        band_least__1="95",
        band_name__2="ดีเยี่ยม",
        bar_points__1="4",
        table__3__2="4",
    )
    answer = malee.post(FORM, data=typed)
    assert answer.status_code == 302
    assert rule(office, date(2026, 10, 9)) == ScoringRule()
    kept = rule(office, date(2026, 10, 10))
    assert (kept.method, kept.competency_part) == ("comparison_table", Decimal("25.5"))
    assert kept.bands[:3] == (("excellent", 95), ("ดีเยี่ยม", 80), ("good", 70))
    assert kept.parameters.bar_points == (4, 2, 1, 0)
    assert kept.parameters.comparison_table[3] == (0, 2, 4, 4, 5, 5)
    assert rule(office, date(2026, 10, 10), PersonnelType.CIVIL_SERVANT) == ScoringRule()
    page = malee.get(PAGE).text
    assert "ตั้งแต่ 10 ตุลาคม 2569: ตารางเปรียบเทียบ" in page
    assert "มาลี" in page[page.index('id="changes"') :]
    with office.session() as session:
        line = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert line is not None and line.event == "set_rules"
    assert (line.detail["personnel_type"], line.detail["from_on"]) == (KIND.value, "2026-10-10")
    assert (line.detail["was"]["method"], line.detail["is"]["method"]) == ("bar", "comparison_table")


def test_what_is_set_for_a_later_day_stays_and_others_are_not_undone(office: Office) -> None:
    malee = office.sign_in("malee")
    civil = f"{PAGE}{PersonnelType.CIVIL_SERVANT.value}"
    assert malee.post(civil, data=fields(method="hybrid", from_on="1/11/2569")).status_code == 302
    assert malee.post(FORM, data=fields(method="rating")).status_code == 302
    assert malee.post(civil, data=fields(method="rating")).status_code == 302
    assert rule(office, LATER).method == "rating"  # no change of theirs was set for November
    assert rule(office, date(2026, 10, 10), PersonnelType.CIVIL_SERVANT).method == "rating"
    assert rule(office, LATER, PersonnelType.CIVIL_SERVANT).method == "hybrid"
    assert "กำหนดไว้แล้วว่าตั้งแต่ 1 พฤศจิกายน 2569" in malee.get(civil).text


def test_an_open_cycle_keeps_its_scoring_and_the_page_names_it(office: Office) -> None:
    cycle_id = office.do(lambda town: open_cycle(town).id)
    malee = office.sign_in("malee")
    malee.post(FORM, data=fields(method="hybrid", from_on="5/10/2569"))
    page = malee.get(PAGE).text
    assert "ยังใช้ค่าเดิม" in page and f"/cycles/{cycle_id}" in page
    with office.session() as session:
        assert rules_of_cycle(session.get_one(Cycle, cycle_id)).scoring[KIND].method == "bar"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"method": ""}, "method"),
        ({"method": "dice"}, "method"),
        ({"competency_part": ""}, "competency_part"),
        ({"competency_part": "100.01"}, "competency_part"),
        ({"competency_part": "-1"}, "competency_part"),
        ({"competency_part": "30.125"}, "competency_part"),
        ({"competency_part": "สามสิบ"}, "competency_part"),
        ({"competency_part": "1e9"}, "competency_part"),
        ({"band_least-2": "90"}, "band_least-2"),
        ({"band_least-1": "101"}, "band_least-1"),
        ({"band_least-5": "5"}, "band_least-5"),
        ({"band_least-3": ""}, "band_least-3"),
        ({"band_least-3": "7o"}, "band_least-3"),
        ({"band_name-3": ""}, "band_name-3"),
        ({"band_name-3": "ดี\x00"}, "band_name-3"),
        ({"competency_part": "1e400"}, "competency_part"),
        ({"band_name-3": "ดีมาก"}, "band_name-3"),
        ({"band_name-3": "ก" * 41}, "band_name-3"),
        ({"bar_points-1": "0"}, "bar_points-1"),
        ({"bar_points-3": "3"}, "bar_points-3"),
        ({"bar_points-2": ""}, "bar_points-2"),
        ({"top_rating": ""}, "top_rating"),
        ({"top_rating": "0"}, "top_rating"),
        ({"table-2-3": "6"}, "table-2-3"),
        ({"table-2-3": "1"}, "table-2-3"),
        ({"table-2-3": ""}, "table-2-3"),
        ({"table-6-2": "1"}, "table-6-0"),
        ({"from_on": "4/10/2569"}, "from_on"),
        ({"from_on": ""}, "from_on"),
        ({"from_on": "เร็ว ๆ นี้"}, "from_on"),
        ({}, "from_on"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_kept(
    office: Office, typed: dict[str, str], field: str
) -> None:
    sent = fields() | typed
    answer = office.sign_in("malee").post(FORM, data=sent)
    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text
    for name, value in sent.items():
        if name != "method" and value and "\x00" not in value:
            assert f'name="{name}" value="{value}"' in answer.text, name
    with office.session() as session:
        kept = select(OrganisationSetting.key).where(OrganisationSetting.key == "scoring")
        assert session.scalars(kept).all() == []


def test_every_wrong_field_is_named_at_once(office: Office) -> None:
    typed = fields(competency_part="x", band_least__2="95", table__1__1="9", from_on="")
    answer = office.sign_in("malee").post(FORM, data=typed)
    for field in ("competency_part", "band_least-2", "table-1-1", "from_on"):
        assert f'id="error-{field}"' in answer.text


def trial(**changed: str) -> dict[str, str]:
    rows = {
        "trial_expected-1": "3",
        "trial_attained-1": "3",
        "trial_weight-1": "60",
        "trial_expected-2": "2",
        "trial_attained-2": "1.5",
        "trial_weight-2": "40",
        "trial_results": "60",
    }
    return {**fields(method="rating", from_on=""), **rows, **changed}


def test_the_page_works_out_the_methods_own_example(office: Office) -> None:
    page = office.sign_in("malee").get(FORM).text
    assert "(3+3+3+2+3+2+1+0) ÷ (3×8) × 30 = 21.25" in page
    assert "56.00 + 21.25 = 77.25" in page


def test_ones_own_numbers_are_tried_with_the_rule_as_it_is_typed_and_nothing_is_kept(office: Office) -> None:
    answer = office.sign_in("malee").post(f"{FORM}/trial", data=trial())
    assert answer.status_code == 200
    for line in (
        "1: 3 × 60% ÷ 5 × 30 = 10.80",
        "2: 1.5 × 40% ÷ 5 × 30 = 3.60",
        "10.80 + 3.60 = 14.40",
        "60.00 + 14.40 = 74.40",
        "74.40 อยู่ในช่วง 70.00 ขึ้นไป แต่ไม่ถึง 80.00 คือ ดี",
    ):
        assert line in answer.text, line
    with office.session() as session:
        assert session.scalars(select(OrganisationSetting.key)).all().count("scoring") == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"trial_weight-2": "37"}, "trial_weight-2"),
        ({"trial_weight-2": ""}, "trial_weight-2"),
        ({"trial_attained-2": ""}, "trial_attained-2"),
        ({"trial_expected-1": "12"}, "trial_expected-1"),
        ({"trial_results": "70.01"}, "trial_results"),
        ({"trial_results": "มาก"}, "trial_results"),
        ({"method": "comparison_table", "trial_expected-1": "0"}, "trial_expected-1"),
        ({"band_least-2": "95"}, "band_least-2"),
    ],
)
def test_a_trial_that_cannot_be_worked_out_says_where(
    office: Office, typed: dict[str, str], field: str
) -> None:
    answer = office.sign_in("malee").post(f"{FORM}/trial", data=trial(**typed))
    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text
    assert 'id="trial-result"' not in answer.text


def test_the_pass_rule_holds_from_its_day_on_with_its_percentage(office: Office) -> None:
    malee = office.sign_in("malee")
    by_share = {"pass_rule": "percentage", "pass_percentage": "๗๐", "from_on": "1/11/2569"}
    assert malee.post(f"{PAGE}pass-rule", data=by_share).status_code == 302
    everything = {"pass_rule": "all", "pass_percentage": "", "from_on": "10/10/2569"}
    assert malee.post(f"{PAGE}pass-rule", data=everything).status_code == 302
    assert pass_rule(office, DAY) == PassRule()
    assert pass_rule(office, date(2026, 10, 10)) == PassRule(PassRuleKind.ALL)
    assert pass_rule(office, LATER) == PassRule(PassRuleKind.PERCENTAGE, 70)
    assert "ร้อยละ 70" in malee.get(PAGE).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"pass_rule": ""}, "pass_rule"),
        ({"pass_rule": "some"}, "pass_rule"),
        ({"pass_rule": "percentage", "pass_percentage": ""}, "pass_percentage"),
        ({"pass_rule": "percentage", "pass_percentage": "0"}, "pass_percentage"),
        ({"pass_rule": "percentage", "pass_percentage": "101"}, "pass_percentage"),
        ({"pass_rule": "percentage", "pass_percentage": "มาก"}, "pass_percentage"),
        ({"pass_rule": "all", "from_on": "1/1/2569"}, "from_on"),
        ({"pass_rule": "more_than_half"}, "from_on"),
    ],
)
def test_a_pass_rule_that_cannot_be_is_refused_at_its_field(
    office: Office, typed: Mapping[str, str], field: str
) -> None:
    sent = {"pass_percentage": "", "from_on": "10/10/2569", **typed}
    answer = office.sign_in("malee").post(f"{PAGE}pass-rule", data=sent)
    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text


def test_a_profile_whose_weights_are_97_is_told_where_weights_count(office: Office) -> None:
    def weigh(town: Town) -> None:
        for level in town.session.scalars(select(ExpectedLevel)):
            level.weight = Decimal(97)

    office.do(weigh)
    malee = office.sign_in("malee")
    assert "รวมไม่ได้ร้อยละ 100" not in malee.get(PAGE).text  # the bar method counts no weights
    scoring = scoring_json({kind: ScoringRule(method="rating") for kind in PersonnelType})
    office.do(
        lambda town: set_rules(
            town.session, town.actor("malee"), town.organisation.id, {"scoring": scoring}, DAY, NOW
        )
    )
    assert (
        "1 ตำแหน่งที่น้ำหนักในมาตรฐานสมรรถนะของตำแหน่งรวมไม่ได้ร้อยละ 100 จะเปิดรอบการประเมินไม่ได้"
        in malee.get(PAGE).text
    )


def test_only_the_office_of_the_organisation_reads_and_sets_them(office: Office) -> None:
    for name in ("suda", "staff4", "prasit", "wipa"):
        client = office.sign_in(name)
        for address in (PAGE, FORM):
            assert client.get(address).status_code == 403, name
        assert client.post(FORM, data=fields(method="hybrid")).status_code == 403, name
        for address in (f"{PAGE}pass-rule", f"{FORM}/trial"):
            assert client.post(address, data={}).status_code == 403, name
    assert office.sign_in("olan").post(FORM, data=fields(method="hybrid")).status_code == 302
    assert rule(office, date(2026, 10, 10)) == ScoringRule()
    assert office.sign_in("malee").get(f"{PAGE}nobody").status_code == 404


def test_every_method_can_be_chosen(office: Office) -> None:
    page = office.sign_in("malee").get(FORM).text
    for method in METHODS.values():
        assert f'id="method-{method.key}"' in page and method.name_th in page
