"""Lists that show gaps are looks at each person shown: those of a team, and a trial of other standards."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Cycle, Delegation, ExpectedLevel, Look, PositionLevel, PositionProfile
from idp.rules.looks import LookKind
from idp.rules.terms import CycleState, Relation, SubjectType
from idp.web.team_gaps import ON_A_PAGE
from tests.factories import rounds, steps
from tests.factories.sample import CYCLE_START, EXPECTED, WEIGHTS, Sample, at
from tests.factories.website import Website
from tests.web.reading import words
from tests.web.test_team_gaps import add_results

GAPS = "/team/gaps/"


def looks(website: Website) -> list[Look]:
    with website.session() as session:
        return list(session.scalars(select(Look).order_by(Look.id)))


def read_gaps(website: Website, name: str, part: int = 1, day: date = steps.PLAN_DAY) -> str:
    website.clock.moment = at(day)
    answer = website.sign_in(name).get(GAPS, query_string={"part": part})
    assert answer.status_code == 200
    return words(answer)


@pytest.mark.parametrize(
    ("name", "relation"), [("suda", Relation.SUPERVISOR), ("prasit", Relation.SECOND_LEVEL)]
)
def test_the_gaps_of_a_team_are_a_look_at_each_in_the_readers_standing(
    website: Website, name: str, relation: Relation
) -> None:
    website.do(steps.released)
    read_gaps(website, name)
    (look,) = looks(website)
    assert (look.subject_type, look.subject_id) == (SubjectType.ASSESSMENT, website.sample.assessment.id)
    assert (look.relation, look.what, look.on_behalf_of_person_id) == (relation, LookKind.PAGE, None)
    assert look.owner_person_id == website.sample.cast.somchai.person_id


def test_who_acts_for_the_second_level_is_written_down_with_whom(website: Website) -> None:
    def act(session: Session, sample: Sample) -> None:
        steps.released(session, sample)
        session.add(
            Delegation(
                organisation_id=sample.organisation.id,
                from_person_id=sample.cast.prasit.person_id,
                to_person_id=sample.cast.anong.person_id,
                order_number="12/2569",
                from_on=steps.PLAN_DAY,
                until_on=steps.PLAN_DAY,
            )
        )

    website.do(act)
    assert "สมชาย ใจดี" in read_gaps(website, "anong")
    (look,) = looks(website)
    assert look.relation is Relation.SECOND_LEVEL
    assert look.on_behalf_of_person_id == website.sample.cast.prasit.person_id


def test_of_a_large_team_those_shown_are_looked_at(website: Website) -> None:
    website.do(lambda session, sample: add_results(session, sample, range(1, ON_A_PAGE + 3)))
    read_gaps(website, "suda", part=2)
    assert len(looks(website)) == 2
    read_gaps(website, "suda", part=3)
    assert len(looks(website)) == 2


@pytest.mark.parametrize("name", ["somchai", "malee", "anong", "olan", "nobody"])
def test_who_is_shown_nobody_leaves_no_look(website: Website, name: str) -> None:
    website.do(steps.released)
    read_gaps(website, name)
    assert looks(website) == []


def test_the_person_reads_who_saw_their_gaps(website: Website) -> None:
    website.do(steps.released)
    read_gaps(website, "prasit")
    assert "ประสิทธิ์" in words(website.sign_in("somchai").get("/looks/"))


def draft_after_a_round(session: Session, sample: Sample) -> None:
    """The cycle not opened yet, with a standard of posts; Somchai has a result of the round before."""
    rounds.earlier_round(session, sample, {"c1": 2, "c2": 1, "c3": 2})
    session.get_one(Cycle, sample.cycle.id).state = CycleState.DRAFT
    session.add(
        PositionProfile(
            organisation_id=sample.organisation.id,
            position_level_id=session.scalars(select(PositionLevel.id)).one(),
            from_on=CYCLE_START,
            expected_levels=[
                ExpectedLevel(competency_id=each.id, level=EXPECTED[code], weight=WEIGHTS[code])
                for code, each in sample.dictionary.competencies.items()
            ],
        )
    )


def try_out(website: Website, name: str, step: str = "up") -> tuple[int, str]:
    website.clock.moment = at(CYCLE_START)
    competency = website.sample.dictionary.competencies["c1"].id
    answer = website.sign_in(name).get(
        f"/cycles/{website.sample.cycle.id}/what-if", query_string={"competency1": competency, "to1": step}
    )
    return answer.status_code, words(answer)


def test_a_trial_of_other_standards_is_a_look_at_everybody_named(website: Website) -> None:
    website.do(draft_after_a_round)
    status, page = try_out(website, "malee")
    assert status == 200 and "สมชาย ใจดี" in page
    (look,) = looks(website)
    assert look.owner_person_id == website.sample.cast.somchai.person_id
    assert look.subject_id != website.sample.assessment.id, "the result of the round before was shown"
    assert (look.relation, look.what) == (Relation.HR_OFFICER, LookKind.PAGE)


def test_a_trial_that_names_nobody_is_no_look(website: Website) -> None:
    website.do(draft_after_a_round)
    status, page = try_out(website, "malee", step=str(EXPECTED["c1"]))
    assert status == 200 and "สมชาย ใจดี" not in page
    assert looks(website) == []


@pytest.mark.parametrize("name", ["somchai", "suda", "anong", "olan", "nobody"])
def test_who_may_not_try_anything_out_leaves_no_look(website: Website, name: str) -> None:
    website.do(draft_after_a_round)
    status, page = try_out(website, name)
    assert status in (403, 404) and "ระดับที่ยังขาดรวม" not in page
    assert looks(website) == []
