"""Which dictionaries the organisation uses, from a day on; the latest versions for a cycle not yet open."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Cycle, CycleFramework, FrameworkVersion, HistoryEntry, OrganisationSetting
from idp.rules.settings import FrameworkUse
from idp.rules.terms import CompetencyCategory, SubjectType
from idp.services.cycles import publish_cycle
from idp.services.framework_drafts import FrameworkFields, begin_next_version, create_framework
from idp.services.framework_publishing import publish_version
from idp.services.settings import rules_on
from tests.factories.office import Office
from tests.services.cycle_cast import FRAMEWORK, NOW, Town, draft_cycle, open_cycle
from tests.web.reading import version_on, words

PAGE = "/organisation/frameworks"
OWN = "khlong.own"
NEW = {"core": [OWN], "from_on": "10/10/2569"}


def latest(session: Session, town: Town) -> FrameworkVersion:
    """The organisation's own dictionary, derived from the one that it uses, and published."""
    source = session.scalars(select(FrameworkVersion).where(FrameworkVersion.number == 1)).first()
    assert source is not None
    malee = town.actor("malee")
    version = create_framework(session, malee, "own", FrameworkFields("ของเรา"), NOW, source.id)
    publish_version(session, malee, version.id, NOW)
    return version


def own(town: Town) -> FrameworkVersion:
    return latest(town.session, town)


def uses(office: Office, day: date) -> tuple[FrameworkUse, ...]:
    with office.session() as session:
        return rules_on(session, office.town.organisation.id, day).frameworks


def versions(office: Office, cycle_id: int) -> set[int]:
    with office.session() as session:
        return set(
            session.scalars(
                select(CycleFramework.framework_version_id).where(CycleFramework.cycle_id == cycle_id)
            )
        )


def test_the_dictionaries_hold_from_their_day_on(office: Office) -> None:
    office.do(own)
    malee = office.sign_in("malee")
    assert "กรอบสมรรถนะตัวอย่าง" in malee.get(PAGE).text and "ของเรา" in malee.get(PAGE).text
    assert malee.post(PAGE, data=NEW).status_code == 302
    assert uses(office, date(2026, 10, 9)) == (FrameworkUse(FRAMEWORK, CompetencyCategory.CORE),)
    assert uses(office, date(2026, 10, 10)) == (FrameworkUse(OWN, CompetencyCategory.CORE),)
    assert "ตั้งแต่ 10 ตุลาคม 2569 : สมรรถนะหลัก ของเรา" in words(malee.get(PAGE))
    with office.session() as session:
        line = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert line is not None and line.event == "set_rules"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"core": []}, "core"),
        ({"core": ["none"]}, "core"),
        ({"core": ["neighbour.own"]}, "core"),
        ({"functional": [OWN]}, "functional"),
        ({"from_on": "4/10/2569"}, "from_on"),
        ({"from_on": "พรุ่งนี้"}, "from_on"),
        ({"from_on": ""}, "from_on"),
        ({"core": [FRAMEWORK]}, "from_on"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(
    office: Office, typed: dict[str, str | list[str]], field: str
) -> None:
    office.do(own)
    with office.session() as session:
        before = len(session.scalars(select(OrganisationSetting.id)).all())
    answer = office.sign_in("malee").post(PAGE, data=NEW | typed)
    assert answer.status_code == 422 and f'id="error-{field}"' in answer.text
    with office.session() as session:
        assert len(session.scalars(select(OrganisationSetting.id)).all()) == before


def test_only_the_office_chooses_and_only_among_what_it_sees(office: Office) -> None:
    office.do(own)
    for name in ("suda", "staff4", "prasit", "wipa"):
        client = office.sign_in(name)
        assert client.get(PAGE).status_code == 403, name
        assert client.post(PAGE, data=NEW).status_code == 403, name
    olan = office.sign_in("olan")
    assert "ของเรา" not in olan.get(PAGE).text
    refused = olan.post(PAGE, data=NEW)
    assert refused.status_code == 422 and 'id="error-core"' in refused.text


@pytest.mark.parametrize("is_published", [False, True])
def test_a_cycle_not_yet_open_takes_the_latest_versions_when_asked(
    office: Office, is_published: bool
) -> None:
    def prepare(town: Town) -> tuple[int, int]:
        cycle = draft_cycle(town)
        if is_published:
            publish_cycle(town.session, town.actor("malee"), cycle.id, NOW)
        return cycle.id, own(town).id

    cycle_id, version_id = office.do(prepare)
    malee, page = office.sign_in("malee"), f"/cycles/{cycle_id}"
    assert "ใช้ฉบับล่าสุด" not in malee.get(page).text
    malee.post(PAGE, data=NEW | {"from_on": "5/10/2569"})
    drawn = malee.get(page)
    assert "มีพจนานุกรมฉบับใหม่กว่าที่รอบนี้ใช้" in drawn.text
    assert version_id not in versions(office, cycle_id)
    data = {"version": version_on(drawn)}
    assert malee.post(f"{page}/frameworks", data=data).status_code == 302
    assert versions(office, cycle_id) == {version_id}
    assert "ใช้ฉบับล่าสุด" not in malee.get(page).text
    assert malee.post(f"{page}/frameworks", data=data).status_code == 409
    with office.session() as session:
        events = select(HistoryEntry.event).where(
            HistoryEntry.subject_type == SubjectType.CYCLE, HistoryEntry.subject_id == cycle_id
        )
        assert "take_latest_frameworks" in session.scalars(events).all()


def test_a_next_version_is_newer_as_well(office: Office) -> None:
    version_id = office.do(lambda town: own(town).id)
    malee = office.sign_in("malee")
    malee.post(PAGE, data=NEW | {"from_on": "5/10/2569"})
    cycle_id = office.do(lambda town: draft_cycle(town).id)
    assert versions(office, cycle_id) == {version_id}

    def publish_next(town: Town) -> int:
        draft = begin_next_version(town.session, town.actor("malee"), version_id, NOW)
        publish_version(town.session, town.actor("malee"), draft.id, NOW)
        return draft.id

    next_id = office.do(publish_next)
    assert malee.post(f"/cycles/{cycle_id}/frameworks").status_code == 302
    assert versions(office, cycle_id) == {next_id}


def test_a_cycle_already_open_keeps_its_versions(office: Office) -> None:
    def prepare(town: Town) -> int:
        cycle_id = open_cycle(town).id
        own(town)
        return cycle_id

    cycle_id = office.do(prepare)
    malee = office.sign_in("malee")
    malee.post(PAGE, data=NEW | {"from_on": "5/10/2569"})
    before = versions(office, cycle_id)
    assert "ใช้ฉบับล่าสุด" not in malee.get(f"/cycles/{cycle_id}").text
    assert malee.post(f"/cycles/{cycle_id}/frameworks").status_code == 409
    assert versions(office, cycle_id) == before
    with office.session() as session:
        assert session.get_one(Cycle, cycle_id).opened_at is not None


def test_nobody_else_gives_a_cycle_other_versions(office: Office) -> None:
    cycle_id = office.do(lambda town: draft_cycle(town).id)
    for name, status in (("suda", 403), ("wipa", 403), ("prasit", 403), ("olan", 404)):
        assert office.sign_in(name).post(f"/cycles/{cycle_id}/frameworks").status_code == status, name
