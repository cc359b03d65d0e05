"""A supervisor with twelve people to rate in eight competencies of a real dictionary, behind a real port."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from idp.migration import upgrade
from idp.models import (
    AssessmentItem,
    BehaviouralIndicator,
    Competency,
    Cycle,
    Person,
    Rating,
    RatingTick,
    Unit,
)
from idp.models import ProficiencyLevel as Level
from idp.queries.frameworks import latest_version
from idp.rules.terms import AssessmentState, CompetencyCategory, RaterKind
from idp.services.seeding import read_seeds
from idp.services.seeding.load_frameworks import load_frameworks
from tests.factories import steps
from tests.factories.dictionary import Dictionary
from tests.factories.sample import Sample, add_colleague, at, make_assessment
from tests.factories.website import Website, make_website

PEOPLE = 12
COMPETENCIES = 8
FRAMEWORK = "local-government"
EXPECTED = 3
LONG_NAME = ("พิพัฒน์พงศ์ธนาศักดิ์", "เจริญรุ่งเรืองวัฒนากุลไพศาล")
SELF_EVIDENCE = "จัดทำแผนงานประจำปีเสร็จก่อนกำหนด และรายงานผลต่อผู้บังคับบัญชาทุกเดือน"


@contextmanager
def team_to_rate(people: int = PEOPLE, competencies: int = COMPETENCIES) -> Iterator[tuple[Website, str]]:
    """The website on SQLite and its address; Suda rates everybody, and nobody is rated yet."""
    with tempfile.TemporaryDirectory(prefix="idp-rating-") as folder:
        url = f"sqlite:///{Path(folder) / 'rating.sqlite3'}"
        upgrade(url)
        for website in make_website(url, Path(folder)):
            website.app.config["WTF_CSRF_ENABLED"] = True
            website.app.config["IDP_FORMS_CARRY_VERSION"] = True
            website.do(lambda session, sample: add_team(session, sample, people, competencies))
            website.clock.moment = at(steps.RATING_DAY)
            server = make_server("127.0.0.1", 0, website.app, threaded=True)
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield website, f"http://127.0.0.1:{server.server_port}"
            finally:
                server.shutdown()
                thread.join()
                server.server_close()


def add_team(session: Session, sample: Sample, people: int, competencies: int) -> None:
    """So many people of Suda's with a self-assessment handed in, whose rating has begun."""
    load_frameworks(session, read_seeds(), datetime(2025, 9, 1, tzinfo=UTC))
    chosen = _competencies(session, competencies)
    ladders = {each.id: _indicators(session, each.id) for each in chosen}
    for number in range(1, people + 1):
        employee = add_colleague(session, sample, str(number))
        if number == 2:
            employee.person.first_name, employee.person.last_name = LONG_NAME
        assessment = make_assessment(
            session,
            session.get_one(Cycle, sample.cycle.id),
            employee,
            session.get_one(Unit, sample.unit.id),
            Dictionary(sample.dictionary.version, {}, {}, {}),
            supervisor=session.get_one(Person, sample.cast.suda.person_id),
            second_level=session.get_one(Person, sample.cast.prasit.person_id),
            state=AssessmentState.RATING,
            self_submitted_at=at(steps.SELF_DAY),
        )
        for place, competency in enumerate(chosen, start=1):
            item = AssessmentItem(
                assessment_id=assessment.id,
                competency_id=competency.id,
                sort_order=place,
                expected_level=EXPECTED,
                weight_percent=Decimal(100) / len(chosen),
            )
            session.add(item)
            session.flush()
            _rate_self(session, item, ladders[competency.id], employee.person.id)
    session.flush()


def _competencies(session: Session, count: int) -> list[Competency]:
    """The core ones first."""
    version = latest_version(session, FRAMEWORK)
    found: list[Competency] = []
    for category in (CompetencyCategory.CORE, CompetencyCategory.FUNCTIONAL):
        found += session.scalars(
            select(Competency)
            .where(Competency.framework_version_id == version.id, Competency.category == category)
            .order_by(Competency.sort_order)
        )
    return found[:count]


def _indicators(session: Session, competency_id: int) -> list[int]:
    """Of the levels below what is expected."""
    return list(
        session.scalars(
            select(BehaviouralIndicator.id)
            .join(Level, Level.id == BehaviouralIndicator.level_id)
            .where(Level.competency_id == competency_id, Level.number.between(1, EXPECTED - 1))
            .order_by(Level.number, BehaviouralIndicator.sort_order)
        )
    )


def _rate_self(session: Session, item: AssessmentItem, indicators: list[int], person_id: int) -> None:
    session.add(
        Rating(
            item_id=item.id,
            rater_kind=RaterKind.SELF,
            attained_level=Decimal(EXPECTED - 1),
            evidence=SELF_EVIDENCE,
            rated_by_person_id=person_id,
            updated_at=at(steps.SELF_DAY),
            ticks=[RatingTick(indicator_id=each) for each in indicators],
        )
    )
