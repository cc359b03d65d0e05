"""The pages of an amendment: asked for, compared, the approved version read meanwhile, given up."""

from __future__ import annotations

from sqlalchemy import select

from idp.models import DevelopmentPlan, PlanItem
from idp.rules.terms import PlanItemState, PlanState
from tests.factories import steps
from tests.factories.sample import at
from tests.factories.website import Website
from tests.web.reading import version_on, words


def approved(website: Website) -> str:
    plan_id = website.do(lambda session, sample: steps.approved(session, sample).id)
    website.clock.moment = at(steps.PROGRESS_DAY)
    return f"/plans/{plan_id}"


def plan_of(website: Website) -> DevelopmentPlan:
    return website.do(lambda session, _sample: session.scalars(select(DevelopmentPlan)).one())


def lines(website: Website) -> list[PlanItem]:
    return website.do(lambda session, _sample: list(session.scalars(select(PlanItem).order_by(PlanItem.id))))


def test_a_reason_is_asked_for_and_the_version_that_holds_stays_readable(website: Website) -> None:
    address, client = approved(website), website.sign_in("somchai")
    refused = client.post(f"{address}/steps/amend", data={"reason": " "})
    assert refused.status_code == 422 and "ต้องระบุเหตุผล" in words(refused)
    sent = {"reason": "งานเปลี่ยนไป", "version": version_on(client.get(address))}
    assert client.post(f"{address}/steps/amend", data=sent).status_code == 302
    assert client.post(f"{address}/steps/amend", data=sent).status_code == 409
    page = client.get(address)
    assert "ฉบับที่อนุมัติแล้วเมื่อ" in words(page) and "งานเปลี่ยนไป" in words(page)
    assert f'href="{address}/versions/2"' in page.text
    title = lines(website)[0].title
    for name, status in (("somchai", 200), ("suda", 200), ("malee", 200), ("anong", 404), ("olan", 404)):
        read = website.sign_in(name).get(f"{address}/versions/2")
        assert read.status_code == status, name
        assert (title in read.text) is (status == 200)
    assert client.get(f"{address}/versions/99").status_code == 404


def test_the_approver_sees_what_differs_and_a_struck_out_line_is_put_back(website: Website) -> None:
    address, client = approved(website), website.sign_in("somchai")
    client.post(f"{address}/steps/amend", data={"reason": "งานเปลี่ยนไป"})
    first, second = lines(website)[:2]
    assert client.post(f"{address}/items/{first.id}/remove").status_code == 302
    assert client.post(f"{address}/items/{second.id}/remove").status_code == 302
    assert [line.state for line in lines(website)[:2]] == [PlanItemState.CANCELLED] * 2
    assert client.post(f"{address}/items/{second.id}/restore").status_code == 302
    assert client.post(f"{address}/items/{second.id}/restore").status_code == 409
    for name, status in (("suda", 403), ("olan", 404), ("anong", 404)):
        assert website.sign_in(name).post(f"{address}/items/{first.id}/restore").status_code == status
    assert client.post(f"{address}/items/99999/restore").status_code == 404
    assert client.post(f"{address}/steps/submit").status_code == 302
    page = words(website.sign_in("suda").get(address))
    assert "สิ่งที่ต่างจากฉบับที่อนุมัติแล้ว" in page and f"นำออกจากแผน {first.title}" in page
    assert client.post(f"{address}/steps/withdraw").status_code == 422
    assert client.post(f"{address}/steps/withdraw_amendment").status_code == 302
    assert client.post(f"{address}/steps/abandon_amendment").status_code == 302
    assert plan_of(website).state is PlanState.APPROVED
    assert [line.state for line in lines(website)[:2]] == [PlanItemState.PLANNED] * 2


def test_the_supervisor_asks_too_and_nobody_else(website: Website) -> None:
    address = approved(website)
    for name, status in (("prasit", 403), ("malee", 403), ("anong", 404), ("olan", 404)):
        answer = website.sign_in(name).post(f"{address}/steps/amend", data={"reason": "งานเปลี่ยนไป"})
        assert answer.status_code == status, name
    answer = website.sign_in("suda").post(f"{address}/steps/amend", data={"reason": "งานเปลี่ยนไป"})
    assert answer.status_code == 302
    for where in ("/", "/plans/", "/team/"):
        assert website.sign_in("somchai").get(where).status_code == 200
        assert website.sign_in("suda").get(where).status_code == 200
    assert "ปรับปรุงแผนต่อ" in words(website.sign_in("somchai").get("/"))
