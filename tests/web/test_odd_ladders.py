"""The ladders of the five dictionaries on the rating form: every rung of all 42 competencies, one without a
level 2, two with a level 6, in every pass rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.orm import Session

from idp.models import AssessmentItem, BehaviouralIndicator, Competency, ProficiencyLevel
from idp.rules.levels import Ladder, PassRule
from idp.rules.terms import CompetencyCategory, PassRuleKind
from idp.web.forms.ratings import places_of, read_entry
from tests.factories.sample import Sample
from tests.factories.website import Website
from tests.web.reading import words
from tests.web.test_assessment_self import address, begin, save

FOLDER = Path(__file__).parents[2] / "seeds" / "frameworks"
RULES = (
    PassRule(),
    PassRule(PassRuleKind.ALL),
    PassRule(PassRuleKind.PERCENTAGE, 60),
)
ODD = (("bangkok-core", "c2"), ("civil-service-core", "c2"), ("civil-service-core", "c3"))


def competencies() -> dict[tuple[str, str], dict[str, Any]]:
    """By framework and code, as the dictionaries have them."""
    found = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        if not file.name.endswith(".errata.yaml"):
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
            for place, each in enumerate(content["competencies"], start=1):
                found[file.stem, each.get("code") or f"c{place}"] = each
    return found


ALL = competencies()


def numbered(competency: dict[str, Any]) -> tuple[Ladder, dict[int, int]]:
    """Its ladder, and the level of every indicator by a number of ours."""
    counts = {each["number"]: len(each.get("behaviours") or ()) for each in competency["levels"]}
    level_of = {level * 100 + place: level for level, count in counts.items() for place in range(count)}
    return Ladder.of(counts), level_of


def test_there_are_42_of_them_and_three_are_odd() -> None:
    odd = [key for key, each in ALL.items() if list(numbered(each)[0].numbers) != [1, 2, 3, 4, 5]]
    assert len(ALL) == 42
    assert tuple(odd) == ODD
    assert 2 not in numbered(ALL["civil-service-core", "c3"])[0].numbers


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind.value)
def test_every_rung_is_said_and_what_the_next_one_lacks_is_named(website: Website, rule: PassRule) -> None:
    with website.app.test_request_context():
        say = website.app.jinja_env.get_template("assessments/ladder.html").module
        for key, competency in ALL.items():
            ladder, level_of = numbered(competency)
            for level in ladder.numbers:
                ticks = {each for each in level_of if level_of[each] <= level}
                shown = read_entry(ladder, level_of, rule, ticks, None)
                said = str(say.sentence(shown)).strip()  # type: ignore[attr-defined]
                assert (shown.level, said) == (level, expected_sentence(ladder, level_of, rule, level)), key


def expected_sentence(ladder: Ladder, level_of: dict[int, int], rule: PassRule, level: int) -> str:
    reached = f"ระดับที่ได้ {level}: แสดงพฤติกรรมครบเกณฑ์ถึงระดับ {level}"
    above = [number for number in ladder.numbers if number > level]
    if not above:
        return f"{reached} · ครบทุกระดับของสมรรถนะนี้"
    places = places_of(level_of)
    lacking = [places[each] for each in level_of if level_of[each] == above[0]]
    needed = rule.needed(len(lacking))
    return f"{reached} · ระดับ {above[0]} ยังขาดอีก {needed} ข้อ จากข้อที่ยังไม่ได้เลือก ({', '.join(lacking)})"


def add_odd(session: Session, sample: Sample) -> dict[tuple[str, str], tuple[int, dict[int, int]]]:
    """The odd ones on Somchai's form: the item of each, and the level of its indicators."""
    found = {}
    for place, key in enumerate(ODD, start=10):
        competency = Competency(
            framework_version_id=sample.dictionary.version.id,
            sort_order=place,
            code=f"odd{place}",
            code_is_official=False,
            category=CompetencyCategory.CORE,
            name_th=ALL[key]["name_th"],
            definition_th="",
            levels=[
                ProficiencyLevel(
                    number=level["number"],
                    title_th=level["title_th"],
                    cumulative=level["cumulative"],
                    indicators=[
                        BehaviouralIndicator(sort_order=order, text_th=text)
                        for order, text in enumerate(level.get("behaviours") or (), start=1)
                    ],
                )
                for level in ALL[key]["levels"]
            ],
        )
        session.add(competency)
        session.flush()
        item = AssessmentItem(
            assessment_id=sample.assessment.id,
            competency_id=competency.id,
            sort_order=place,
            expected_level=3,
            weight_percent=0,
        )
        session.add(item)
        session.flush()
        level_of = {each.id: level.number for level in competency.levels for each in level.indicators}
        found[key] = (item.id, level_of)
    return found


def test_the_form_takes_every_rung_of_the_odd_ones(website: Website) -> None:
    odd = website.do(add_odd)
    client = begin(website)
    for key, (item, level_of) in odd.items():
        for level in sorted(set(level_of.values())):
            ticks = [str(each) for each in level_of if level_of[each] <= level]
            sent = {"item": [str(item)], f"item-{item}-ticks": ticks}
            assert save(client, website, "save", **sent).status_code == 302
            page = client.get(address(website)).text
            card = page.partition(f'id="competency-{item}"')[2].partition("data-next-card")[0]
            assert f"ระดับที่ได้ {level}: " in card, key
            assert f"<b data-level-badge>{level}</b>" in card
    hole = website_card(client.get(address(website)).text, odd["civil-service-core", "c3"][0])
    assert "ไม่มีระดับ 2 ระบบนับต่อจากระดับก่อนหน้าโดยตรง" in hole
    assert f'id="item-{odd["civil-service-core", "c3"][0]}-level-2"' not in hole
    six = website_card(client.get(address(website)).text, odd["bangkok-core", "c2"][0])
    assert f'id="item-{odd["bangkok-core", "c2"][0]}-level-6"' in six


def website_card(page: str, item: int) -> str:
    return page.partition(f'id="competency-{item}"')[2].partition("data-next-card")[0]


def test_a_ladder_broken_at_the_hole_is_drawn_so(website: Website) -> None:
    """Levels 1 and 4 shown, 3 not, and there is no 2: level 1 counts, and 3 is what stops it."""
    odd = website.do(add_odd)
    client = begin(website)
    item, level_of = odd["civil-service-core", "c3"]
    ticks = [str(each) for each in level_of if level_of[each] in (1, 4)]
    save(client, website, "save", **{"item": [str(item)], f"item-{item}-ticks": ticks})
    page = client.get(address(website))
    card = website_card(page.text, item)
    assert 'class="rung is-held" data-rung="4"' in card
    assert 'class="rung is-blocking" data-rung="3"' in card
    said = "ระดับไม่ต่อเนื่อง: ระดับ 4 ครบเกณฑ์ แต่ระดับ 3 ยังไม่ครบ จึงนับได้เพียงระดับ 1"
    assert said in words(page)
