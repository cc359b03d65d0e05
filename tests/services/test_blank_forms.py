"""The form for pen and paper: everything to tick, nothing of what anybody rated."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from idp.adapters.pdf.forms import blank_form_html
from idp.queries.blank_forms import blank_form
from idp.rules.errors import NotVisible
from idp.rules.terms import ReportKind
from idp.services.documents import check_subject
from tests.factories import steps
from tests.factories.sample import Sample


def test_it_names_the_person_and_every_behaviour_and_shows_no_rating(
    session: Session, sample: Sample
) -> None:
    steps.rated(session, sample)
    form = blank_form(session, sample.assessment.id, steps.RATING_DAY)
    assert [each.name for each in form.competencies] == [
        item.competency.name_th for item in sample.assessment.items
    ]
    html = blank_form_html(form)
    assert "นายสมชาย ใจดี" in html and "นางสาวสุดา รักงาน" in html
    for competency in form.competencies:
        assert competency.levels and all(level.number > 0 for level in competency.levels)
        for level in competency.levels:
            assert all(text in html for text in level.indicators)
    assert "เหตุการณ์ที่แสดง<" not in html and "√<" not in html
    assert all(place.signed_on is None for place in form.signatures)


def test_who_may_have_the_documents_of_the_assessment_may_print_it(session: Session, sample: Sample) -> None:
    cast, number = sample.cast, sample.assessment.id
    for actor in (cast.somchai, cast.suda, cast.prasit, cast.malee):
        owner = check_subject(session, actor, ReportKind.BLANK_FORM, number, steps.SELF_DAY)
        assert owner == sample.organisation.id
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            check_subject(session, actor, ReportKind.BLANK_FORM, number, steps.SELF_DAY)


def test_there_is_none_for_an_assessment_that_is_not(session: Session, sample: Sample) -> None:
    with pytest.raises(NotVisible):
        blank_form(session, sample.assessment.id + 1, steps.SELF_DAY)
