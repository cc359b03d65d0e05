"""The charts of the printed assessment form."""

import dataclasses
from collections.abc import Callable

import pytest

from idp.adapters.pdf.charts import MOST_BESIDE
from idp.adapters.pdf.forms import assessment_form_html, assessment_form_pdf
from idp.rules.forms import AssessmentForm
from tests.pdf.conftest import competency_line

Read = Callable[[bytes], list[str]]


def with_lines(form: AssessmentForm, count: int, **more: object) -> AssessmentForm:
    lines = tuple(
        competency_line(order, f"สมรรถนะที่ {order} จบ", **{"top": 5, **more}) for order in range(1, count + 1)
    )
    return dataclasses.replace(form, lines=lines)


@pytest.mark.parametrize("count", [1, 2, 3, MOST_BESIDE, MOST_BESIDE + 1, 20])
def test_every_competency_has_a_bar_and_none_is_cut(
    assessment_form: AssessmentForm, page_texts: Read, count: int
) -> None:
    form = with_lines(assessment_form, count)
    assert assessment_form_html(form).count('class="chart-bar"') == count
    pages = page_texts(assessment_form_pdf(form))
    start = next(place for place, page in enumerate(pages) if "แผนภาพระดับสมรรถนะ" in page)
    said = "".join(pages[start:])
    said = said[said.index("แผนภาพระดับสมรรถนะ") :]
    assert said.count("ต่ำกว่า1ระดับ") == count
    for order in range(1, count + 1):
        assert f"สมรรถนะที่{order}จบ" in said


def test_a_form_on_which_nothing_is_rated_has_no_chart(assessment_form: AssessmentForm) -> None:
    unrated = with_lines(assessment_form, 4, supervisor_level=None)
    assert "แผนภาพระดับสมรรถนะ" not in assessment_form_html(unrated)


def test_an_unrated_competency_is_named_as_such(assessment_form: AssessmentForm) -> None:
    form = with_lines(assessment_form, 3)
    first = dataclasses.replace(form.lines[0], supervisor_level=None)
    html = assessment_form_html(dataclasses.replace(form, lines=(first, *form.lines[1:])))
    assert html.count("ยังไม่ได้ประเมิน</td>") == 1 and "fill-opacity" not in html


def test_a_self_assessment_that_is_not_shown_is_not_in_the_legend(assessment_form: AssessmentForm) -> None:
    assert "ผลประเมินตนเอง" in assessment_form_html(with_lines(assessment_form, 3))
    assert "ผลประเมินตนเอง" not in assessment_form_html(with_lines(assessment_form, 3, self_level=None))


def test_the_charts_follow_the_digits(assessment_form: AssessmentForm) -> None:
    form = with_lines(assessment_form, 3)
    thai = dataclasses.replace(form, identity=dataclasses.replace(form.identity, thai_digits=True))
    assert ">๑</text>" in assessment_form_html(thai) and ">1</text>" not in assessment_form_html(thai)


def test_the_same_charts_give_the_same_bytes(assessment_form: AssessmentForm) -> None:
    form = with_lines(assessment_form, 8)
    assert assessment_form_pdf(form) == assessment_form_pdf(form)
