"""The evidence of one line of a plan: files and links added, withdrawn, and handed to the supervisor."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from idp.database import db
from idp.queries.evidence import EvidenceOnPage, evidence_of_plan
from idp.queries.history import history_of_plan
from idp.queries.plan_pages import PlanItemOnPage
from idp.queries.plans import PlanPage, plan_page
from idp.rules.errors import InvalidInput, NotVisible
from idp.rules.evidence import MOST_FILES
from idp.rules.looks import LookKind
from idp.rules.plan_results import RESULTS
from idp.rules.terms import Permission, Relation, SubjectType
from idp.rules.thai import full_name
from idp.services.evidence import HandedIn, add_files, add_link, withdraw_evidence
from idp.services.plan_progress import submit_evidence
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.guards import current_actor, guarded
from idp.web.looking import note_look
from idp.web.messages import message_of
from idp.web.timeline import timeline
from idp.web.uploads import sent_files, takes_files, upload_desk

blueprint = Blueprint("evidence", __name__, url_prefix="/plans/<int:plan_id>/items/<int:item_id>/evidence")


@blueprint.get("")
@guarded(Permission.PLAN_VIEW)
def show(plan_id: int, item_id: int) -> Response:
    """What was handed in for the line; for its owner, while it may still change, the forms."""
    return _page(plan_id, item_id)


@blueprint.post("/files")
@takes_files
@guarded(Permission.PLAN_PROGRESS)
def add(plan_id: int, item_id: int) -> Response:
    """Add one or several files; those that are refused are named, the others kept."""
    session = db.session()
    _line(plan_id, item_id)
    try:
        uploads, title = sent_files("files", MOST_FILES + 1), request.form.get("title", "")
        actor, now = current_actor(), clock.now()
        handed = add_files(session, upload_desk(), actor, item_id, title, uploads, now, sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _page(plan_id, item_id, attempt_of(refusal, "files"))
    if not handed.kept:
        return _page(plan_id, item_id, attempt_of(InvalidInput("files", "no_file_taken"), "files"), handed)
    count = len(handed.kept)
    flash(ngettext("เพิ่มหลักฐานแล้ว %(num)s ไฟล์", "เพิ่มหลักฐานแล้ว %(num)s ไฟล์", count), "success")
    if handed.refused:  # named on this very page: names may be too long for what a browser carries along
        return _page(plan_id, item_id, handed=handed)
    return _back(plan_id, item_id)


@blueprint.post("/links")
@guarded(Permission.PLAN_PROGRESS)
def link(plan_id: int, item_id: int) -> Response:
    """Add a link."""
    session = db.session()
    _line(plan_id, item_id)
    form = request.form
    try:
        title, address = form.get("link_title", ""), form.get("url", "")
        add_link(session, current_actor(), item_id, title, address, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _page(plan_id, item_id, attempt_of(refusal, "link"))
    flash(_("เพิ่มลิงก์หลักฐานแล้ว"), "success")
    return _back(plan_id, item_id)


@blueprint.post("/<int:evidence_id>/withdraw")
@guarded(Permission.PLAN_PROGRESS)
def withdraw(plan_id: int, item_id: int, evidence_id: int) -> Response:
    """Take back what was handed in by mistake."""
    session = db.session()
    page, _item = _line(plan_id, item_id)
    if all(each.id != evidence_id for each in _evidence(page, item_id)):
        raise NotVisible
    try:
        reason = request.form.get("reason", "")
        withdraw_evidence(session, current_actor(), evidence_id, reason, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _page(plan_id, item_id, attempt_of(refusal, f"withdraw-{evidence_id}"))
    flash(_("ถอนหลักฐานแล้ว ชื่อหลักฐานและเหตุผลยังอยู่ในบันทึก"), "success")
    return _back(plan_id, item_id)


@blueprint.post("/submit")
@guarded(Permission.PLAN_PROGRESS)
def submit(plan_id: int, item_id: int) -> Response:
    """Say that this is all: the supervisor is told."""
    session = db.session()
    _line(plan_id, item_id)
    try:
        submit_evidence(session, current_actor(), item_id, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _page(plan_id, item_id, attempt_of(refusal, "submit"))
    flash(_("แจ้งผู้บังคับบัญชาแล้วว่าส่งหลักฐานครบ"), "success")
    return _back(plan_id, item_id)


def refused_lines(handed: HandedIn) -> list[str]:
    """Each file that was not taken, with its reason."""
    return [
        _("ไม่ได้รับไฟล์ %(name)s: %(why)s", name=each.filename, why=message_of(each.problem))
        for each in handed.refused
    ]


def _line(plan_id: int, item_id: int) -> tuple[PlanPage, PlanItemOnPage]:
    """Raises NotVisible, also for a line of another plan."""
    page = plan_page(db.session(), current_actor(), plan_id, clock.today())
    item = next((each for each in page.items if each.id == item_id), None)
    if item is None:
        raise NotVisible
    return page, item


def _evidence(page: PlanPage, item_id: int) -> tuple[EvidenceOnPage, ...]:
    is_owner = Relation.OWNER in page.relations
    return evidence_of_plan(db.session(), page.header.id, is_owner=is_owner).get(item_id, ())


def _page(
    plan_id: int, item_id: int, attempt: Attempt = NOTHING_SENT, handed: HandedIn | None = None
) -> Response:
    page, item = _line(plan_id, item_id)
    header = page.header
    note_look(SubjectType.PLAN, plan_id, LookKind.PAGE)
    body = render_template(
        "evidence/show.html",
        page=page,
        header=header,
        item=item,
        evidence=_evidence(page, item_id),
        attempt=attempt,
        refused=refused_lines(handed) if handed else [],
        may_add=page.may_report and item.state not in RESULTS,
        most_megabytes=upload_desk().most_megabytes,
        most_files=MOST_FILES,
        form=attempt.form or MultiDict(),
        name=full_name(header.title_th, header.first_name, header.last_name),
        history=timeline(history_of_plan(db.session(), plan_id)) if attempt.is_stale else [],
    )
    return make_response(body, attempt.status)


def _back(plan_id: int, item_id: int) -> Response:
    return redirect(url_for("evidence.show", plan_id=plan_id, item_id=item_id))  # type: ignore[return-value]
