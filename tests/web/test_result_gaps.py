"""Gaps and strengths on the page of a released result: lists, charts, and a table of the same numbers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from idp.rules.terms import EmployeeOpinion
from idp.services import results
from idp.services.objection_decisions import CorrectedLevel, Decision, uphold_objection
from idp.services.objections import lodge_objection
from tests.factories import rounds, steps
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.web.reading import words

EARLIER = {"c1": 1, "c2": 2, "c3": 3}
"""Against the sample's 2, 1, 3: one up, one down, one as before."""


def page_of(website: Website, name: str) -> str:
    website.clock.moment = at(steps.PLAN_DAY)
    return website.sign_in(name).get(f"/assessments/{website.sample.assessment.id}").text


def section(page: str) -> str:
    """The words of the section alone, without what is drawn."""
    found = re.search(r'<section class="section" id="gaps".*?</section>', page, re.DOTALL)
    assert found, "no section of gaps"
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", found[0], flags=re.DOTALL).split())


def row(page: str, name: str) -> list[str]:
    """The cells of the table's row."""
    found = re.search(rf"<tr>(?:(?!</tr>).)*?{name}</a>.*?</tr>", page[page.index('id="gaps"') :], re.DOTALL)
    assert found, name
    cells = re.findall(r"<td[^>]*>(.*?)</td>", found[0], re.DOTALL)
    return [" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", cell, flags=re.DOTALL).split()) for cell in cells]


@pytest.mark.parametrize("name", ["somchai", "suda", "prasit", "malee"])
def test_gaps_and_strengths_stand_apart_beside_charts_and_their_table(website: Website, name: str) -> None:
    website.do(steps.released)
    page = page_of(website, name)
    gaps, strengths = section(page).split("จุดแข็ง")[1:3]
    assert "ช่องว่างและ" in section(page) and "ต่ำกว่าที่คาดหวัง 2 ระดับ" in gaps
    assert "สูงกว่าที่คาดหวัง 1 ระดับ" in strengths
    assert page.count("chart-radar") == 1 and page.count('class="chart-bar"') == 3
    assert row(page, "การมุ่งผลสัมฤทธิ์") == ["3", "3", "2", "", "ต่ำกว่าที่คาดหวัง 1 ระดับ"]
    assert "ไม่มีผลการประเมินของรอบก่อน" in section(page)


def test_the_largest_gap_is_the_first_of_its_list(website: Website) -> None:
    website.do(steps.released)
    said = section(page_of(website, "somchai"))
    assert said.index("ต่ำกว่าที่คาดหวัง 2 ระดับ") < said.index("ต่ำกว่าที่คาดหวัง 1 ระดับ")


def test_before_the_release_nobody_is_shown_gaps(website: Website) -> None:
    website.do(steps.second_opinion)
    for name in ("somchai", "suda", "prasit", "malee"):
        assert 'id="gaps"' not in page_of(website, name), name


@pytest.mark.parametrize("name", ["anong", "olan"])
def test_an_outsider_finds_no_such_page(website: Website, name: str) -> None:
    website.do(steps.released)
    client = website.sign_in(name)
    assert client.get(f"/assessments/{website.sample.assessment.id}").status_code == 404


def test_the_round_before_stands_beside_with_what_has_changed(website: Website) -> None:
    def act(session: Session, sample: Sample) -> None:
        rounds.earlier_round(session, sample, EARLIER)
        steps.released(session, sample)

    website.do(act)
    page = page_of(website, "somchai")
    assert "พ.ศ. 2568" in section(page)
    changes = [row(page, each)[3:5] for each in names(website)]
    assert changes == [["1", "▲ เพิ่มขึ้น 1"], ["2", "▼ ลดลง 1"], ["3", "เท่าเดิม"]]
    assert page.count("ระดับในรอบก่อน") == 2  # in both legends


def names(website: Website) -> list[str]:
    return [website.sample.dictionary.competencies[code].name_th for code in ("c1", "c2", "c3")]


def test_a_competency_that_was_not_rated_then_has_no_change(website: Website) -> None:
    def act(session: Session, sample: Sample) -> None:
        rounds.earlier_round(session, sample, {"c1": 0})
        steps.released(session, sample)

    website.do(act)
    page = page_of(website, "somchai")
    assert [row(page, each)[3:5] for each in names(website)] == [["0", "▲ เพิ่มขึ้น 2"], ["–", "–"], ["–", "–"]]


def upheld(session: Session, sample: Sample) -> None:
    """Released, objected to, and c2 raised to the expected 3 by the decision."""
    steps.released(session, sample)
    day, cast = steps.RECEIPT_DAY, sample.cast
    results.receive(session, cast.somchai, sample.assessment.id, at(day), EmployeeOpinion.DISAGREES, "ไม่")
    objection = lodge_objection(
        session, cast.somchai, sample.assessment.id, "ผลงานไม่ได้นำมาพิจารณา", at(day + timedelta(days=3))
    )
    decided_on = day + timedelta(days=7)
    decision = Decision("ที่ 5/2569", decided_on, "มีเหตุตามที่ร้อง")
    changed = {sample.items["c2"].id: CorrectedLevel(3, "มีหลักฐานเพิ่ม")}
    uphold_objection(session, cast.malee, objection.id, decision, changed, None, at(decided_on), None)


def test_after_a_decision_the_levels_that_hold_are_shown(website: Website) -> None:
    website.do(upheld)
    page = page_of(website, "somchai")
    assert row(page, names(website)[1])[2:] == ["3", "", "เป็นไปตามที่คาดหวัง"]
    assert "ใช้ระดับปัจจุบันที่แก้ไขตามคำวินิจฉัย" in section(page)
    assert "ต่ำกว่าที่คาดหวัง 2 ระดับ" not in section(page)


def test_the_charts_carry_nothing_that_the_content_policy_refuses(website: Website) -> None:
    website.do(steps.released)
    page = page_of(website, "somchai")
    assert " style=" not in page and "<style" not in page
    assert words(website.sign_in("somchai").get(f"/assessments/{website.sample.assessment.id}"))
