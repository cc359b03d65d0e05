"""Who looked at somebody's ratings is written down once a day and kind, and shown to that person."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from idp.models import Delegation, Look, Person, RoleGrant, UserAccount
from idp.rules.looks import LookKind
from idp.rules.relations import SYSTEM
from idp.rules.terms import Relation, Role, SubjectType
from idp.services.looks import record_archive_looks, record_look
from idp.services.report_making import forms_of_cycle
from tests.factories import steps
from tests.factories.addresses import populate
from tests.factories.sample import at
from tests.factories.website import A_DAY, Website
from tests.web.reading import words


def looks(website: Website) -> list[Look]:
    with website.session() as session:
        return list(session.scalars(select(Look).order_by(Look.id)))


def address(website: Website) -> str:
    return f"/assessments/{website.sample.assessment.id}"


def test_a_look_at_a_subordinates_page_is_written_down(website: Website) -> None:
    client = website.sign_in("suda")
    assert client.get(address(website)).status_code == 200
    website.clock.moment += timedelta(hours=1)
    assert client.get(address(website)).status_code == 200
    (look,) = looks(website)
    assert (look.viewer_person_id, look.owner_person_id) == (
        website.sample.cast.suda.person_id,
        website.sample.cast.somchai.person_id,
    )
    assert (look.relation, look.what, look.times) == (Relation.SUPERVISOR, LookKind.PAGE, 2)
    assert look.last_at - look.first_at == timedelta(hours=1)


def test_the_next_day_is_a_row_of_its_own(website: Website) -> None:
    for day in range(2):
        website.clock.moment = at(A_DAY + timedelta(days=day))
        website.sign_in("suda").get(address(website))
    assert [look.times for look in looks(website)] == [1, 1]


def test_ones_own_looks_are_not_written_down(website: Website) -> None:
    website.sign_in("somchai").get(address(website))
    assert looks(website) == []


@pytest.mark.parametrize("name", ["anong", "olan", "nobody"])
def test_who_is_shown_nothing_leaves_no_look(website: Website, name: str) -> None:
    assert website.sign_in(name).get(address(website)).status_code == 404
    assert looks(website) == []


def test_lists_without_ratings_are_no_looks(website: Website) -> None:
    client = website.sign_in("suda")
    for list_page in ("/", "/team/", "/plans/"):
        assert client.get(list_page).status_code == 200
    assert looks(website) == []


def test_a_form_that_came_back_shows_the_page_and_is_a_look(website: Website) -> None:
    client = website.sign_in("suda")
    answer = client.post(f"{address(website)}/steps/return_self", data={"version": "1", "reason": ""})
    assert answer.status_code in (409, 422)
    assert [look.viewer_person_id for look in looks(website)] == [website.sample.cast.suda.person_id]


def test_a_plan_and_its_suggestions_are_looks_too(website: Website) -> None:
    plan_id = website.do(lambda session, sample: steps.submitted(session, sample).id)
    website.clock.moment = at(steps.REVIEW_DAY)
    client = website.sign_in("suda")
    assert client.get(f"/plans/{plan_id}").status_code == 200
    assert client.get(f"{address(website)}/suggestions").status_code == 200
    assert {(look.subject_type, look.what) for look in looks(website)} == {
        (SubjectType.PLAN, LookKind.PAGE),
        (SubjectType.ASSESSMENT, LookKind.PAGE),
    }


def test_other_pages_that_show_a_rating_or_a_plan_are_looks(website: Website) -> None:
    """An objection's page and its form of decision, an earlier version of the plan, a handover."""
    values = populate(website)
    for name, page in (
        ("malee", f"/objections/{values['objection_id']}"),
        ("prasit", f"/plans/{values['plan_id']}/versions/1"),
        ("suda", f"/handovers/{values['handover_id']}"),
    ):
        assert website.sign_in(name).get(page).status_code == 200, page
    assert [(look.subject_type, look.viewer_person_id) for look in looks(website)] == [
        (SubjectType.ASSESSMENT, website.sample.cast.malee.person_id),
        (SubjectType.PLAN, website.sample.cast.prasit.person_id),
        (SubjectType.ASSESSMENT, website.sample.cast.suda.person_id),
    ]


def test_an_archive_is_a_look_at_everybody_inside_and_nobody_else(website: Website) -> None:
    sample = website.sample
    with website.session() as session:
        names = [name for _kind, _id, name in forms_of_cycle(session, sample.cycle.id, None)]
        assert names
        actor, now = sample.cast.malee, website.clock()
        assert record_archive_looks(session, actor, sample.cycle.id, frozenset(), now) == 0
        assert record_archive_looks(session, actor, sample.cycle.id, frozenset(names), now) == len(names)
        record_archive_looks(session, actor, sample.cycle.id, frozenset(names), now)
    assert [(look.what, look.relation, look.times) for look in looks(website)] == [
        (LookKind.ARCHIVE, Relation.HR_OFFICER, 2)
    ]


def test_the_system_looks_at_nothing(website: Website) -> None:
    with website.session() as session:
        subject = SubjectType.ASSESSMENT, website.sample.assessment.id
        record_look(session, SYSTEM, *subject, LookKind.PAGE, website.clock())
        record_look(
            session, website.sample.cast.suda, SubjectType.CYCLE, 1, LookKind.DOCUMENT, website.clock()
        )
    assert looks(website) == []


def test_two_looks_at_once_are_two(website: Website) -> None:
    barrier = Barrier(2)

    def look() -> None:
        with Session(website.engine) as session:
            barrier.wait(10)
            subject = SubjectType.ASSESSMENT, website.sample.assessment.id
            record_look(session, website.sample.cast.suda, *subject, LookKind.PAGE, website.clock())
            session.commit()

    threads = [Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.times for each in looks(website)] == [2]


def test_the_page_is_shown_though_the_look_cannot_be_written(
    website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr("idp.web.looking.record_look", fail)
    assert website.sign_in("suda").get(address(website)).status_code == 200


def test_who_acts_for_somebody_is_shown_with_whom(website: Website) -> None:
    with website.session() as session:
        session.add(
            Delegation(
                organisation_id=website.sample.organisation.id,
                from_person_id=website.sample.cast.suda.person_id,
                to_person_id=website.sample.cast.anong.person_id,
                order_number="12/2569",
                from_on=A_DAY,
                until_on=A_DAY,
            )
        )
    assert website.sign_in("anong").get(address(website)).status_code == 200
    page = words(website.sign_in("somchai").get("/looks/"))
    assert "อนงค์" in page and "แทน นางสาวสุดา รักงาน" in page


def test_the_person_sees_who_looked_in_what_standing_and_how_often(website: Website) -> None:
    for name in ("suda", "malee", "malee"):
        website.sign_in(name).get(address(website))
    page = words(website.sign_in("somchai").get("/looks/"))
    for text in ("สุดา รักงาน", "ผู้ประเมิน (ผู้บังคับบัญชา)", "มาลี ศรีสุข", "ผู้รับผิดชอบงานการเจ้าหน้าที่", "หน้าข้อมูลในระบบ"):
        assert text in page


def test_without_any_look_the_page_says_so(website: Website) -> None:
    assert "ยังไม่มีผู้อื่นเปิดดู" in words(website.sign_in("somchai").get("/looks/"))


def test_fifty_looks_a_page_and_the_rest_on_the_next(website: Website) -> None:
    with website.session() as session:
        for day in range(55):
            now = at(A_DAY + timedelta(days=day))
            subject = SubjectType.ASSESSMENT, website.sample.assessment.id
            record_look(session, website.sample.cast.suda, *subject, LookKind.PAGE, now)
    client = website.sign_in("somchai")
    first = client.get("/looks/")
    assert first.text.count('<th scope="row"') == 50
    following = first.text.partition('rel="next" href="')[2].partition('"')[0]
    assert client.get(following).text.count('<th scope="row"') == 5


@pytest.mark.parametrize("role", [Role.HR_OFFICER, Role.AUDITOR])
def test_the_office_and_the_auditor_see_who_looked_at_a_record(website: Website, role: Role) -> None:
    website.sign_in("suda").get(address(website))
    with website.session() as session:
        grant_to_anong(session, website, role)
    page = website.sign_in("anong").get(f"/looks{address(website)}")
    assert page.status_code == 200 and "สุดา รักงาน" in words(page)


@pytest.mark.parametrize(
    ("name", "status"), [("suda", 403), ("prasit", 403), ("anong", 404), ("olan", 404), ("nobody", 404)]
)
def test_nobody_else_sees_who_looked(website: Website, name: str, status: int) -> None:
    website.sign_in("malee").get(address(website))
    answer = website.sign_in(name).get(f"/looks{address(website)}")
    assert answer.status_code == status
    assert "มาลี" not in words(website.sign_in(name).get("/looks/"))


def test_the_deployments_administrator_sees_no_look(website: Website) -> None:
    with website.session() as session:
        account = session.get_one(UserAccount, website.accounts["nobody"])
        session.add(
            RoleGrant(person_id=account.person_id, role=Role.DEPLOYMENT_ADMIN, from_on=at(A_DAY).date())
        )
    assert website.sign_in("nobody").get(f"/looks{address(website)}").status_code == 404


def grant_to_anong(session: Session, website: Website, role: Role) -> None:
    person = session.get_one(Person, website.sample.cast.anong.person_id)
    session.add(
        RoleGrant(
            organisation_id=website.sample.organisation.id,
            person_id=person.id,
            role=role,
            from_on=A_DAY - timedelta(days=1),
        )
    )
