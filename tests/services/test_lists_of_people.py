"""The lists of people behind the figures of training, to their end: page after page, no whole records."""

import pytest
from sqlalchemy.orm import Session

from idp.models import Assessment, PlanItem
from idp.queries.training import demand, hours, without_plan
from idp.queries.training.demand import Asked, everybody_asking, people_asking
from idp.queries.training.hours import everybody_below, people_below
from idp.queries.training.without_plan import everybody_standing, people_standing
from idp.rules.training import PlanStanding
from tests.factories.sample import Sample
from tests.services.training_cast import person_with_result, plan_of


def whole_records(session: Session) -> list[object]:
    """Those that the session holds."""
    return [each for each in session.identity_map.values() if isinstance(each, Assessment | PlanItem)]


@pytest.fixture
def asked(session: Session, sample: Sample, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Of five people with a line of the same title, with two rows in one statement."""
    for number in range(1, 6):
        plan_of(session, person_with_result(session, sample, number), {"hours": number})
    for module in (demand, hours, without_plan):
        monkeypatch.setattr(module, "AT_ONCE", 2)
    session.flush()
    for record in whole_records(session):
        session.expunge(record)
    return Asked(sample.organisation.id, sample.cycle.fiscal_year)


def test_a_file_has_everybody_once_and_loads_no_whole_record(
    session: Session, sample: Sample, asked: Asked
) -> None:
    below = list(everybody_below(session, asked, 5))
    assert [each.planned for each in below] == [1, 2, 3, 4]
    assert tuple(below) == people_below(session, asked, 5).rows
    asking = list(everybody_asking(session, asked, "title:อบรม"))
    assert len(asking) == 5 and tuple(asking) == people_asking(session, asked, "title:อบรม").rows
    assert not whole_records(session)


def test_who_stands_where_is_listed_to_the_end(session: Session, sample: Sample, asked: Asked) -> None:
    wanted = tuple(PlanStanding)
    standing = list(everybody_standing(session, sample.cycle, wanted))
    assert tuple(standing) == people_standing(session, sample.cycle, wanted).rows
    assert len({each.number for each in standing}) == len(standing) >= 5
    assert not whole_records(session)


def test_of_nobody_the_list_is_empty(session: Session, sample: Sample) -> None:
    elsewhere = Asked(sample.other_organisation.id, sample.cycle.fiscal_year)
    assert not list(everybody_below(session, elsewhere, 5))
    assert not list(everybody_asking(session, elsewhere, "title:อบรม"))
