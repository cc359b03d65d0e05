"""One employee's year with nothing but a browser: from self-assessment to the approved plan and its PDF."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pypdf
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.adapters.storage import LocalFolder
from idp.models import DevelopmentPlan, ReportJob
from idp.rules.terms import JobState, PlanState
from idp.services.reports import run_report
from tests.browser.conftest import LiveSite
from tests.factories import steps

pytestmark = pytest.mark.browser

NAME = "นายสมชาย ใจดี"


def open_first_task(page: Page, button: str) -> None:
    """From the home page to the thing to do that stands first."""
    page.get_by_role("link", name="หน้าหลัก").click()
    page.get_by_role("link", name=re.compile(f"^{button}")).first.click()


def tick_up_to(page: Page, level: int, evidence: str) -> None:
    """Open every competency and tick each indicator of the levels 1 to `level`."""
    for card in page.locator("details[data-competency]").all():
        if card.get_attribute("open") is None:
            card.locator("> summary").click()
        for rung in card.locator("[data-rung]").all():
            if int(rung.get_attribute("data-rung") or 0) <= level:
                for box in rung.get_by_role("checkbox").all():
                    box.check()
        card.get_by_label("เหตุการณ์หรือพฤติกรรมที่แสดงออก").fill(evidence)


def self_assess(page: Page) -> None:
    open_first_task(page, "เริ่มประเมินตนเอง")
    page.get_by_role("button", name="เริ่มประเมินตนเอง").click()
    card = page.locator("details[data-competency]").first
    derived = card.locator("[data-derived]")
    expect(derived).to_have_text("ยังไม่ได้ประเมินสมรรถนะนี้")
    for box in card.locator("[data-rung='3']").get_by_role("checkbox").all():
        box.check()
    expect(derived).to_contain_text("ระดับไม่ต่อเนื่อง")
    tick_up_to(page, 3, "ปฏิบัติงานสำเร็จตามแผน")
    expect(derived).to_have_text(
        "ระดับที่ได้ 3: แสดงพฤติกรรมครบเกณฑ์ถึงระดับ 3 · ระดับ 4 ยังขาดอีก 2 ข้อ จากข้อที่ยังไม่ได้เลือก (4.1, 4.2, 4.3)"
    )
    expect(page.locator("[data-rated-count]")).to_have_text("3/3")
    page.get_by_role("button", name="บันทึกและส่งผลประเมิน").click()
    expect(page.get_by_role("status")).to_have_text("ส่งผลประเมินตนเองให้ผู้บังคับบัญชาแล้ว")


def rate(page: Page) -> None:
    open_first_task(page, "เริ่มประเมิน")
    page.get_by_role("button", name="เริ่มประเมิน").click()
    expect(page.get_by_text("ผลประเมินตนเอง: ระดับ 3").first).to_be_visible()
    tick_up_to(page, 1, "ยังต้องมีผู้กำกับดูแล")
    page.get_by_label("คะแนนผลสัมฤทธิ์ของงาน").fill("60")
    page.get_by_role("button", name="บันทึกและส่งผลประเมิน").click()
    expect(page.get_by_role("status")).to_have_text("ส่งผลการประเมินแล้ว")


def agree(page: Page) -> None:
    open_first_task(page, "ให้ความเห็น")
    page.get_by_label("เห็นด้วยกับผลการประเมิน").check()
    page.get_by_role("button", name="บันทึกความเห็น").click()
    expect(page.get_by_role("status")).to_have_text("บันทึกความเห็นแล้ว")


def release(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="แจ้งผลการประเมิน").click()
    page.get_by_role("button", name="ยืนยัน").click()
    expect(page.get_by_role("status")).to_have_text("แจ้งผลการประเมินแก่ผู้รับการประเมินแล้ว")


def receive(page: Page) -> None:
    open_first_task(page, "ดูผลและรับทราบ")
    page.get_by_label("เห็นด้วยกับผลการประเมิน", exact=True).check()
    page.get_by_role("button", name="รับทราบผลการประเมิน").click()
    page.get_by_role("button", name="ยืนยัน").click()
    expect(page.get_by_role("status")).to_contain_text("รับทราบผลการประเมินแล้ว")


def draft_and_submit(page: Page) -> None:
    open_first_task(page, "เลือกกิจกรรมพัฒนา")
    for _time in range(2):
        page.get_by_role("button", name=re.compile("^เพิ่มเข้าแผน")).first.click()
        expect(page.get_by_role("status")).to_contain_text("เพิ่มกิจกรรมเข้าแผนพัฒนาแล้ว")
    page.get_by_role("link", name="ไปที่แผนพัฒนา").click()
    page.get_by_role("link", name="เพิ่มรายการเอง").click()
    page.get_by_label("เรื่องหรือกิจกรรม").fill("จัดทำคู่มือปฏิบัติงาน")
    page.get_by_label("วิธีการพัฒนา").select_option("project")
    page.get_by_label("วันเริ่ม").fill("31/2/2569")
    page.get_by_label("วันสิ้นสุด").fill("31/3/2569")
    page.get_by_label("วิธีวัดผล").fill("ผู้บังคับบัญชาตรวจคู่มือ")
    page.get_by_role("button", name="บันทึกรายการ").click()
    expect(page.get_by_role("alert")).to_contain_text("วันเริ่ม: โปรดกรอกวันที่ให้ถูกต้อง")
    expect(page.get_by_label("เรื่องหรือกิจกรรม")).to_have_value("จัดทำคู่มือปฏิบัติงาน")
    page.get_by_label("วันเริ่ม").fill("1/12/2568")
    page.get_by_role("button", name="บันทึกรายการ").click()
    expect(page.get_by_role("heading", name="รายการพัฒนา 3 รายการ")).to_be_visible()
    page.get_by_label("ข้อความถึงผู้บังคับบัญชา").fill("ขอความเห็นชอบแผน")
    page.get_by_role("button", name="เสนอแผนต่อผู้บังคับบัญชา").click()
    expect(page.get_by_role("status")).to_have_text("เสนอแผนต่อผู้บังคับบัญชาแล้ว")


def return_plan(page: Page) -> None:
    open_first_task(page, "พิจารณาแผน")
    page.get_by_text("ส่งคืนให้แก้ไข").first.click()
    page.locator("#reason-return").fill("เพิ่มผู้สอนงานให้ชัดเจน")
    page.locator("#return-form").get_by_role("button", name="ส่งคืนให้แก้ไข").click()
    expect(page.get_by_role("status")).to_have_text("ส่งคืนแผนให้แก้ไขแล้ว")


def resubmit(page: Page) -> None:
    open_first_task(page, "แก้ไขแผน")
    expect(page.get_by_text("เพิ่มผู้สอนงานให้ชัดเจน").first).to_be_visible()
    page.get_by_role("link", name=re.compile("^แก้ไข")).first.click()
    page.get_by_label("ผู้รับผิดชอบหรือผู้สอนงาน").fill("นางสาวสุดา รักงาน")
    page.get_by_role("button", name="บันทึกรายการ").click()
    page.get_by_role("button", name="เสนอแผนต่อผู้บังคับบัญชา").click()
    expect(page.get_by_role("status")).to_have_text("เสนอแผนต่อผู้บังคับบัญชาแล้ว")


def approve(page: Page) -> None:
    open_first_task(page, "พิจารณาแผน")
    page.get_by_label("ความเห็นต่อแผน").fill("เห็นชอบ")
    page.locator("#approve-form").get_by_role("button", name="อนุมัติแผน").click()
    expect(page.get_by_role("status")).to_have_text("บันทึกความเห็นชอบแผนแล้ว")


def print_plan(page: Page, site: LiveSite) -> bytes:
    """Ask for the form, let the worker's own function make it, and download it."""
    page.get_by_role("link", name="แผนพัฒนาของฉัน").first.click()
    page.get_by_role("link", name=re.compile("^แผนพัฒนารายบุคคล ปีงบประมาณ")).click()
    page.get_by_role("button", name="พิมพ์แผน (PDF)").click()
    page.wait_for_url(re.compile(r"/reports/\d+"))
    website = site.website
    job_id = website.do(lambda session, _sample: session.scalars(select(ReportJob.id)).one())

    @contextmanager
    def open_session() -> Iterator[Session]:
        with website.session() as session:
            yield session

    storage = LocalFolder(website.app.extensions["settings"].storage_dir)
    assert run_report(open_session, storage, website.clock, job_id) is JobState.DONE
    ready = page.get_by_role("link", name=re.compile("^ดาวน์โหลด"))
    ready.wait_for(timeout=30_000)  # the page asks again by itself: a reload of our own would race with it
    with page.expect_download() as download:
        ready.click()
    return download.value.path().read_bytes()


def test_one_employee_from_self_assessment_to_the_printed_plan(live_site: LiveSite) -> None:
    site = live_site
    self_assess(site.log_in("somchai", on=steps.SELF_DAY))
    rate(site.log_in("suda", on=steps.RATING_DAY))
    agree(site.log_in("prasit", on=steps.SECOND_DAY))
    release(
        site.log_in("malee", on=steps.RELEASE_DAY),
        f"{site.address}/assessments/{site.website.sample.assessment.id}",
    )
    receive(site.log_in("somchai", on=steps.RECEIPT_DAY))
    draft_and_submit(site.log_in("somchai", on=steps.PLAN_DAY))
    supervisor, employee = site.log_in("suda", on=steps.REVIEW_DAY), site.log_in("somchai")
    return_plan(supervisor)
    resubmit(employee)
    approve(supervisor)
    plan = site.website.do(lambda session, _sample: session.scalars(select(DevelopmentPlan)).one())
    assert plan.state is PlanState.APPROVED
    document = print_plan(employee, site)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages)
    assert "".join(NAME.split()) in "".join(text.split())


def test_the_form_works_without_a_script_and_fits_a_phone(live_site: LiveSite) -> None:
    site = live_site
    site.website.do(steps.self_assessing)
    page = site.log_in("somchai", on=steps.SELF_DAY, width=360)
    address = f"{site.address}/assessments/{site.website.sample.assessment.id}"
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    cookies = page.context.cookies()
    bare = site.browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    site.contexts.append(bare)
    bare.add_cookies(cookies)  # type: ignore[arg-type]
    page = bare.new_page()
    page.goto(address)
    for box in (
        page.locator("details[data-competency]").first.locator("[data-rung='1'] input[name$=ticks]").all()
    ):
        box.check()
    page.get_by_role("button", name="บันทึกร่าง").click()
    expect(page.locator("[data-derived]").first).to_contain_text("ระดับที่ได้ 1")
