"""The links at the top of every page: only those that the reader may follow, and that exist."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.database import db
from idp.queries.inbox import unread_notices
from idp.queries.own_records import has_own_records
from idp.queries.team import has_team
from idp.rules.terms import Permission
from idp.web import clock
from idp.web.guards import current_actor, current_user, may
from idp.web.session import signed_in


def _serves_somewhere() -> bool:
    """The deployment's administrator has no organisation, and so nothing of their own; who has left theirs
    keeps what they had there."""
    user = current_user()
    return user.organisation_id is not None or has_own_records(db.session(), user.person_id)


def _has_team() -> bool:
    return has_team(db.session(), current_actor(), clock.today())


@dataclass(frozen=True)
class Entry:
    """A link of the table below. `concerns`: whether the reader has anything there, None for everybody;
    `is_own`: it lists the reader's own records."""

    endpoint: str
    text: LazyString
    permission: Permission
    concerns: Callable[[], bool] | None = None
    is_own: bool = False


@dataclass(frozen=True)
class Link:
    """A link as the layout draws it; `count` is of unread notices, None elsewhere."""

    address: str
    text: str
    is_current: bool
    count: int | None = None


MAIN: tuple[Entry, ...] = (
    Entry("home.index", _("หน้าหลัก"), Permission.HOME_VIEW),
    Entry("assessments.mine", _("การประเมินของฉัน"), Permission.HOME_VIEW, _serves_somewhere, is_own=True),
    Entry("plans.mine", _("แผนพัฒนาของฉัน"), Permission.HOME_VIEW, _serves_somewhere, is_own=True),
    Entry("team.index", _("ผู้ใต้บังคับบัญชา"), Permission.TEAM_VIEW, _has_team),
    Entry("frameworks.index", _("พจนานุกรมสมรรถนะ"), Permission.FRAMEWORK_VIEW),
)
OFFICE: tuple[Entry, ...] = (Entry("cycles.index", _("รอบการประเมิน"), Permission.CYCLE_VIEW),)
DESK: tuple[Entry, ...] = (
    Entry("figures.index", _("ภาพรวมของหน่วยงาน"), Permission.FIGURES_VIEW),
    Entry("moderation.index", _("การกลั่นกรองผลการประเมิน"), Permission.MODERATION_VIEW),
    Entry("reports.index", _("รายงาน"), Permission.REPORT_CREATE),
    Entry("staff.index", _("บุคลากร"), Permission.STAFF_VIEW),
    Entry("mentors.index", _("พี่เลี้ยงในหน่วยงาน"), Permission.CATALOGUE_VIEW),
    Entry("profiles.index", _("มาตรฐานสมรรถนะของตำแหน่ง"), Permission.PROFILE_VIEW),
    Entry("training.index", _("การฝึกอบรมและงบประมาณพัฒนา"), Permission.TRAINING_VIEW),
    Entry("courses.index", _("หลักสูตร"), Permission.CATALOGUE_VIEW),
    Entry("catalogue.index", _("คลังกิจกรรมพัฒนา"), Permission.TRAINING_VIEW),
    Entry("changes.index", _("การเปลี่ยนแปลงบุคลากร"), Permission.CHANGE_VIEW),
    Entry("delegations.index", _("คำสั่งปฏิบัติหน้าที่แทน"), Permission.AUTHORITY_VIEW),
    Entry("appraisers.index", _("ผู้ประเมินภายนอก"), Permission.AUTHORITY_VIEW),
    Entry("extensions.index", _("การขยายเวลา"), Permission.EXTENSION_DECIDE),
    Entry("objections.index", _("เรื่องร้องทุกข์"), Permission.OBJECTION_VIEW),
    Entry("accounts.index", _("บัญชีผู้ใช้และบทบาท"), Permission.ACCOUNT_MANAGE),
    Entry("imports.index", _("นำเข้าข้อมูล"), Permission.IMPORT_RUN),
    Entry("mails.index", _("อีเมลแจ้งเตือน"), Permission.MAIL_VIEW),
    Entry("organisations.index", _("หน่วยงานในระบบ"), Permission.ORGANISATION_VIEW),
    Entry("organisation_rules.index", _("การตั้งค่า"), Permission.CYCLE_RUN),
)
FEWEST_FOLDED = 3
"""So many pages of the desk and more are folded away under one heading: else the menu takes two lines."""
HELP: tuple[Entry, ...] = (
    Entry("help.permissions", _("ใครทำอะไรได้ เมื่อใด"), Permission.HOME_VIEW),
    Entry("help.rules", _("หลักเกณฑ์การประเมิน"), Permission.HOME_VIEW),
)
NOTICES = Entry("notifications.index", _("การแจ้งเตือน"), Permission.NOTIFICATION_VIEW)


def init_navigation(app: Flask) -> None:
    """Make the links known to the layout, as functions: a page that draws none asks for nothing."""
    app.jinja_env.globals.update(
        main_links=main_links,
        office_links=office_links,
        desk_links=desk_links,
        notice_link=notice_link,
        help_links=help_links,
    )


def main_links() -> list[Link]:
    """What every employee and supervisor uses."""
    return [_link(entry) for entry in MAIN if _is_offered(entry)]


def office_links() -> list[Link]:
    """What the personnel office, executives and auditors use besides, daily."""
    entries = OFFICE if desk_links() else OFFICE + DESK
    return [_link(entry) for entry in entries if _is_offered(entry)]


def desk_links() -> list[Link]:
    """The personnel office's other pages, under a heading of their own; none while they are few."""
    links = [_link(entry) for entry in DESK if _is_offered(entry)]
    return links if len(links) >= FEWEST_FOLDED else []


def help_links() -> list[Link]:
    """The pages that say who may do what, and how things are reckoned."""
    return [_link(entry) for entry in HELP if _is_offered(entry)]


def notice_link() -> Link | None:
    """The notices, with the number of unread ones."""
    if not _is_offered(NOTICES):
        return None
    user = current_user()
    return _link(NOTICES, unread_notices(db.session(), user.person_id, user.organisation_id))


def _is_offered(entry: Entry) -> bool:
    return (
        signed_in() is not None
        and entry.endpoint in current_app.view_functions
        and may(entry.permission)
        and (entry.concerns is None or entry.concerns())
    )


def _link(entry: Entry, count: int | None = None) -> Link:
    feature = entry.endpoint.partition(".")[0]
    # Somebody else's record is not one's own: there only the list itself is the current page.
    is_current = request.endpoint == entry.endpoint or (not entry.is_own and request.blueprint == feature)
    return Link(url_for(entry.endpoint), str(entry.text), is_current, count)
