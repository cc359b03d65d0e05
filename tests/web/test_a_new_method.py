"""A new method of scoring is one file: dropped in, it is chosen, frozen, scored with, shown, printed and
explained, and nothing else was changed."""

import importlib
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.adapters.pdf.forms import assessment_form_html
from idp.models import Assessment
from idp.queries.forms import assessment_form
from idp.rules.scoring import METHODS, methods
from idp.rules.scoring.methods import BrokenMethod
from idp.rules.settings import ScoringRule
from idp.services.settings import rules_on
from idp.web.forms.scoring_rules import written
from tests.factories import steps
from tests.factories.office import Office
from tests.factories.sample import Sample
from tests.factories.website import Website
from tests.services.cycle_cast import open_cycle

KEY = "share_met"
NAME = "สัดส่วนสมรรถนะที่ถึงระดับที่คาดหวัง"

THE_FILE = '''
"""The share of competencies that reach their expected level."""

from fractions import Fraction

from idp.rules.scoring.exact import exact, plain, printed
from idp.rules.scoring.parts import CompetencyScore, ItemScore, Words
from idp.rules.scoring.vectors import Vector, unweighted


class ShareMetMethod:
    key = "share_met"
    name_th = "สัดส่วนสมรรถนะที่ถึงระดับที่คาดหวัง"
    name_en = "Share of competencies met"
    place = 9
    uses_weights = False
    parameters_used = frozenset()
    vectors = (
        Vector(
            items=unweighted([3, 3, 2], [3, 2, 4]),
            part_weight=30,
            points=(1, 0, 1),
            steps=("2 ÷ 3 × 30 = 20.00",),
            total="20.00",
            shows_th="ถึงระดับที่คาดหวังสองในสาม",
            shows_en="Two of three are met",
        ),
    )

    def score(self, items, part_weight, parameters):
        scored = tuple(
            ItemScore(each.label, each.expected, each.attained, int(each.attained >= each.expected), 1)
            for each in items
        )
        met = sum(each.points for each in scored)
        total = printed(Fraction(met, len(scored)) * exact(part_weight))
        formula = f"{met} ÷ {len(scored)} × {plain(part_weight)} = {total}"
        return CompetencyScore(self.key, scored, part_weight, total, formula)

    def words(self, parameters):
        return Words(("ถึงระดับที่คาดหวังได้ 1 คะแนน",), ("One point where the level is reached",))
'''


@pytest.fixture
def new_method(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The file lies in the folder of the methods, as far as the program can tell."""
    (tmp_path / f"{KEY}.py").write_text(THE_FILE, encoding="utf-8")
    monkeypatch.setattr(methods, "__path__", [*methods.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    monkeypatch.setitem(methods._FOUND, KEY, methods.discover()[KEY])
    yield KEY
    sys.modules.pop(f"{methods.__name__}.{KEY}", None)


def test_it_is_chosen_on_the_settings_page_explained_in_the_help_and_frozen_when_a_cycle_opens(
    office: Office, new_method: str
) -> None:
    malee = office.sign_in("malee")
    form = "/organisation/scoring/local_officer"
    assert NAME in malee.get(form).text
    sent = {**written(ScoringRule()), "method": new_method, "from_on": "5/10/2569"}
    assert malee.post(form, data=sent).status_code == 302
    assert NAME in malee.get("/organisation/scoring/").text
    assert "2 ÷ 3 × 30 = 20.00" in malee.get(form).text  # its own example, tried
    help_page = malee.get("/help/rules").text
    assert NAME in help_page and "ถึงระดับที่คาดหวังสองในสาม" in help_page
    office.do(lambda town: open_cycle(town).id)
    with office.session() as session:
        assert set(session.scalars(select(Assessment.scoring_method))) == {new_method}


def test_it_scores_is_shown_and_is_printed(website: Website, new_method: str) -> None:
    def release_with_it(session: Session, sample: Sample) -> int:
        assessment = session.get_one(Assessment, sample.assessment.id)
        assessment.scoring_method = new_method
        session.flush()
        return steps.released(session, sample).id  # expected 3, 3, 2; attained 2, 1, 3

    number = website.do(release_with_it)
    with website.session() as session:
        assessment = session.get_one(Assessment, number)
        assert assessment.competency_score == 10
        printed_form = assessment_form_html(assessment_form(session, number, date(2026, 1, 5)))
    page = website.sign_in("somchai").get(f"/assessments/{number}").text
    for text in (page, printed_form):
        assert NAME in text
        assert "1 ÷ 3 × 30 = 10.00" in text
    assert "ถึงระดับที่คาดหวังได้ 1 คะแนน" in printed_form


def test_a_method_whose_file_is_gone_is_a_clear_error_for_new_settings(office: Office) -> None:
    assert KEY not in METHODS
    sent = {**written(ScoringRule()), "method": KEY, "from_on": "5/10/2569"}
    answer = office.sign_in("malee").post("/organisation/scoring/local_officer", data=sent)
    assert answer.status_code == 422 and 'id="error-method"' in answer.text
    with office.session() as session:
        assert rules_on(session, office.town.organisation.id, date(2026, 10, 5)).scoring
    with pytest.raises(ValueError, match="no scoring method 'share_met'"):
        ScoringRule(method=KEY)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('key = "share_met"', 'key = "bar"', "not the file's name"),
        ("name_en =", "english_name =", "name_en is missing"),
        ('name_th = "สัดส่วนสมรรถนะที่ถึงระดับที่คาดหวัง"', 'name_th = " "', "a name is missing"),
        ("    vectors = (\n", "    vectors = ()\n    more = (\n", "a hand calculation is missing"),
        ("frozenset()", 'frozenset({"moon"})', "no parameters"),
        ("def words(", "def sentences(", "words is missing"),
        ("def score(", "def points(", "one class with `score`"),
    ],
)
def test_a_file_that_is_not_whole_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, says: str
) -> None:
    assert old in THE_FILE
    (tmp_path / f"{KEY}.py").write_text(THE_FILE.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(methods, "__path__", [str(tmp_path)])
    importlib.invalidate_caches()
    with pytest.raises(BrokenMethod, match=says):
        methods.discover()
    sys.modules.pop(f"{methods.__name__}.{KEY}", None)
