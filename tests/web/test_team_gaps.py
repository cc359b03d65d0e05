"""The gaps of a team: whose, from when, as they hold, and against the round before."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from idp.models import Assessment, Gap, Person, RoleGrant
from idp.rules.terms import AssessmentState, Role
from idp.web.team_gaps import ON_A_PAGE
from tests.factories import rounds, steps
from tests.factories.dictionary import Dictionary
from tests.factories.sample import Sample, add_colleague, at, make_assessment
from tests.factories.website import Website
from tests.web.reading import counted, words
from tests.web.test_result_gaps import upheld

EMPTY = "ยังไม่มีผลที่แจ้งแล้ว"


def page_of(website: Website, name: str, question: str = "") -> str:
    website.clock.moment = at(steps.PLAN_DAY)
    response = website.sign_in(name).get(f"/team/gaps/{question}")
    assert response.status_code == 200
    return words(response)


def test_the_supervisor_and_the_second_level_read_the_released_gaps(website: Website) -> None:
    website.do(steps.released)
    for name in ("suda", "prasit"):
        page = page_of(website, name)
        assert "นายสมชาย ใจดี" in page and "1 คน 3 สมรรถนะ ช่องว่างเฉลี่ย 0.67 ระดับ" in page
        assert "▼ 2 ต่ำกว่าที่คาดหวัง 2 ระดับ" in page and "▲ 1 สูงกว่าที่คาดหวัง 1 ระดับ" in page
        assert "ยังไม่แจ้งผล" not in page


def test_before_the_release_the_rater_alone_reads_their_own_rating(website: Website) -> None:
    website.do(steps.rated)
    assert "ยังไม่แจ้งผล" in page_of(website, "suda")
    assert EMPTY in page_of(website, "prasit")


@pytest.mark.parametrize("step", [steps.self_submitted, steps.rating])
def test_a_draft_is_no_result(website: Website, step: object) -> None:
    website.do(step)  # type: ignore[arg-type]
    assert EMPTY in page_of(website, "suda")


@pytest.mark.parametrize("name", ["somchai", "malee", "anong", "olan", "nobody"])
def test_nobody_else_reads_anything_of_it(website: Website, name: str) -> None:
    """The owner, the personnel office (which has the figures), a colleague, another organisation."""
    website.do(steps.released)
    page = page_of(website, name)
    assert EMPTY in page and "สมชาย ใจดี" not in page.split(EMPTY)[1]
    address = f"/team/gaps/?cycle={website.sample.cycle.id}"
    assert website.sign_in(name).get(address).status_code == 200


def test_an_executive_has_no_team_by_their_office(website: Website) -> None:
    def act(session: Session, sample: Sample) -> None:
        steps.released(session, sample)
        session.add(
            RoleGrant(
                organisation_id=sample.organisation.id,
                person_id=sample.cast.anong.person_id,
                role=Role.EXECUTIVE,
                from_on=steps.SELF_DAY,
            )
        )

    website.do(act)
    assert EMPTY in page_of(website, "anong")


def test_a_cycle_without_a_result_to_see_is_as_good_as_missing(website: Website) -> None:
    website.do(steps.released)
    client = website.sign_in("suda")
    for asked in ("999999", "x", ""):
        assert client.get(f"/team/gaps/?cycle={asked}").status_code == 404


def test_after_a_decision_the_levels_that_hold_count(website: Website) -> None:
    website.do(upheld)
    page = page_of(website, "suda")
    assert "ช่องว่างเฉลี่ย 0.00 ระดับ" in page and "ต่ำกว่าที่คาดหวัง 2 ระดับ" not in page


def test_the_round_before_stands_beside(website: Website) -> None:
    def act(session: Session, sample: Sample) -> None:
        rounds.earlier_round(session, sample, {"c1": 0, "c2": 1, "c3": 2})
        steps.released(session, sample)

    website.do(act)
    page = page_of(website, "suda")
    assert "รอบก่อน 1.67 ระดับ" in page  # gaps of 3, 2, 0
    assert "▲ ดีขึ้น 1.00" in page
    earlier = page_of(website, "suda", f"?cycle={cycle_numbers(website)[0]}")
    assert "ช่องว่างเฉลี่ย 1.67 ระดับ" in earlier


def cycle_numbers(website: Website) -> list[int]:
    options = re.findall(r'<option value="(\d+)"', website.sign_in("suda").get("/team/gaps/").text)
    return [int(each) for each in options if int(each) != website.sample.cycle.id]


def test_what_was_not_rated_is_counted_as_such_and_never_as_0(website: Website) -> None:
    website.do(lambda session, sample: add_results(session, sample, range(1, 2), {"c1": 3}))
    page = page_of(website, "suda")
    assert "ช่องว่างเฉลี่ย 0.00 ระดับ" in page and page.count("ยังไม่ได้ประเมิน") >= 2


def test_as_many_statements_for_sixty_as_for_three(website: Website) -> None:
    website.clock.moment = at(steps.PLAN_DAY)
    website.do(lambda session, sample: add_results(session, sample, range(1, 4)))
    client = website.sign_in("suda")
    client.get("/team/gaps/")
    asked = []
    for numbers in (range(4, 5), range(5, 60)):
        website.do(lambda session, sample, numbers=numbers: add_results(session, sample, numbers))
        with counted(website.app) as statements:
            assert client.get("/team/gaps/").status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1]


def test_a_large_team_is_listed_in_parts_and_summed_up_as_a_whole(website: Website) -> None:
    website.do(lambda session, sample: add_results(session, sample, range(1, ON_A_PAGE + 3)))
    first, second = page_of(website, "suda"), page_of(website, "suda", "?part=2")
    assert first.count("เพิ่มเติม") == ON_A_PAGE and second.count("เพิ่มเติม") == 2
    assert all(f"{ON_A_PAGE + 2} คน 3 สมรรถนะ" in page for page in (first, second))
    assert page_of(website, "suda", "?part=999").count("เพิ่มเติม") == 0


def add_results(
    session: Session, sample: Sample, numbers: range, levels: dict[str, int] | None = None
) -> None:
    """So many more people with a released result, rated by Suda."""
    cycle, unit = session.merge(sample.cycle), session.merge(sample.unit)
    dictionary = Dictionary(
        sample.dictionary.version,
        {code: session.merge(each) for code, each in sample.dictionary.competencies.items()},
        sample.dictionary.indicators,
        sample.dictionary.actions,
    )
    codes = {competency.id: code for code, competency in dictionary.competencies.items()}
    given = levels or {"c1": 2, "c2": 1, "c3": 3}
    for number in numbers:
        assessment: Assessment = make_assessment(
            session,
            cycle,
            add_colleague(session, sample, str(number)),
            unit,
            dictionary,
            supervisor=session.get_one(Person, sample.cast.suda.person_id),
            second_level=None,
            state=AssessmentState.RELEASED,
            released_at=at(steps.RELEASE_DAY + timedelta(days=1)),
        )
        for item in assessment.items:
            level = given.get(codes[item.competency_id])
            if level is not None:
                gap = item.expected_level - level
                session.add(
                    Gap(item_id=item.id, expected_level=item.expected_level, attained_level=level, gap=gap)
                )
    session.flush()
