"""Files of rows: hand one in, look at what it would do, let its good rows in, mend the others."""

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from idp.adapters.queue import nudge
from idp.database import db
from idp.queries.imports import (
    imports_of,
    rows_of_import,
    same_file_before,
)
from idp.rules.errors import InvalidInput, InvalidInputs, StaleVersion
from idp.rules.imports import LEFT_BEHIND, ImportState, RowEffect
from idp.rules.terms import Permission
from idp.services.imports.applying import abandon, confirm
from idp.services.imports.intake import hand_in, load_import
from idp.services.imports.registry import all_kinds, kind_of
from idp.web import clock
from idp.web.attempts import sent_version
from idp.web.guards import current_actor, current_user, guarded, may
from idp.web.import_view import (
    about,
    asked_kind,
    failure_text,
    form_page,
    ignored_columns,
    kind_name,
    line_of,
    on_page,
    organisation_id,
)
from idp.web.messages import message_of
from idp.web.numbers import asked_number
from idp.web.uploads import sent_file, takes_files, upload_desk

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

CARRY_ON = "imports.carry_on"
REFRESH_SECONDS = 2
SHOWS = ("", *(each.value for each in RowEffect), "undone")


@blueprint.get("/")
@guarded(Permission.IMPORT_RUN)
def index() -> str:
    """The kinds of files, and those handed in so far, newest first."""
    lines, following = imports_of(db.session(), organisation_id(), asked_number(request.args, "before"))
    return render_template(
        "imports/index.html",
        kinds=[kind for kind in all_kinds() if may(kind.permission)],
        names={kind.key: kind_name(kind) for kind in all_kinds()},
        lines=lines,
        following=following,
        about=about,
        kind_name=kind_name,
    )


@blueprint.get("/new/<import_kind>")
@guarded(Permission.IMPORT_RUN)
def new(import_kind: str) -> Response:
    """The form of one kind of file, its columns, and the files to begin with. What the address says is
    chosen already."""
    kind = asked_kind(import_kind)
    return form_page(kind, {each.key: request.args.get(each.key, "") for each in kind.parameters}, {}, 200)


@blueprint.post("/new/<import_kind>")
@guarded(Permission.IMPORT_RUN)
@takes_files
def create(import_kind: str) -> Response:
    """Take the file in; a worker reads it."""
    kind = asked_kind(import_kind)
    typed = {each.key: request.form.get(each.key, "") for each in kind.parameters}
    session, upload = db.session(), sent_file("file")
    try:
        handed = hand_in(session, upload_desk(), current_actor(), kind.key, typed, upload, clock.now())
    except InvalidInputs as refusal:
        session.rollback()
        return form_page(kind, typed, {each.field: message_of(each) for each in refusal.problems}, 422)
    import_id = handed.id
    session.commit()
    nudge(CARRY_ON, settings=current_app.extensions["settings"])
    return _to(import_id)


@blueprint.get("/<int:import_id>")
@guarded(Permission.IMPORT_RUN)
def show(import_id: int) -> Response:
    """What the file would do, or did; the page asks again by itself while a worker is at it."""
    return _page(import_id)


@blueprint.post("/<int:import_id>/confirm")
@guarded(Permission.IMPORT_RUN)
def let_in(import_id: int) -> Response:
    """Let the good rows in; a second click finds it done."""
    session = db.session()
    try:
        begins = confirm(session, current_actor(), import_id, clock.now(), sent_version())
    except StaleVersion:
        session.rollback()
        return _page(import_id, status=409)
    except InvalidInput as refusal:
        session.rollback()
        return _page(import_id, message_of(refusal), 422)
    session.commit()
    if begins:
        nudge(CARRY_ON, settings=current_app.extensions["settings"])
    return _to(import_id)


@blueprint.post("/<int:import_id>/abandon")
@guarded(Permission.IMPORT_RUN)
def give_up(import_id: int) -> Response:
    """Give up a file of which nothing was let in."""
    session = db.session()
    try:
        abandon(session, current_actor(), import_id, clock.now(), sent_version())
    except StaleVersion:
        session.rollback()
        return _page(import_id, status=409)
    session.commit()
    flash(_("ยกเลิกการนำเข้าแล้ว ไม่มีข้อมูลใดเปลี่ยนแปลง"), "success")
    return redirect(url_for("imports.index"), 303)  # type: ignore[return-value]


def _page(import_id: int, error: str = "", status: int = 200) -> Response:
    session, reader = db.session(), current_user().person_id
    load_import(session, current_actor(), import_id, clock.now())
    line = line_of(import_id)
    kind = kind_of(line.kind)
    asked = request.args.get("show", "")
    show = asked if asked in SHOWS else ""
    rows, following = rows_of_import(session, import_id, reader, show, request.args.get("after", ""))
    before = same_file_before(session, organisation_id(), line)
    body = render_template(
        "imports/show.html",
        line=line,
        kind=kind,
        title=kind_name(kind),
        about=about(line),
        rows=on_page(kind, rows),
        following=following,
        is_further=bool(request.args.get("after")),
        shown=show,
        effects=tuple(RowEffect),
        failure=failure_text(kind, line.failure) if line.failure else "",
        ignored=ignored_columns(kind, line),
        before=before,
        error=error,
        is_stale=status == 409,
        is_own=line.person_id == reader,
        may_abandon=line.state in LEFT_BEHIND,
        may_confirm=line.state is ImportState.CHECKED and line.good > 0,
        ImportState=ImportState,
        RowEffect=RowEffect,
    )
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    if line.is_under_way and request.method == "GET":
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def _to(import_id: int) -> Response:
    return redirect(url_for("imports.show", import_id=import_id), 303)  # type: ignore[return-value]
