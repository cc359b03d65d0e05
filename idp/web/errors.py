"""Every refusal and failure becomes one status and one page, here alone.

What the reader may not see answers exactly as what does not exist. A page that can say more at the field
itself catches InvalidInput and RequirementNotMet first; what it lets through ends here.
"""

from dataclasses import dataclass

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError, Unauthorized

from idp.adapters.storage import StorageError
from idp.database import db
from idp.queries.memberships import organisations_of
from idp.rules.errors import (
    InvalidInput,
    NotPermitted,
    NotVisible,
    RequirementNotMet,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.web import clock
from idp.web.attempts import typed_texts
from idp.web.guards import permission_of
from idp.web.labels import label
from idp.web.messages import message_of
from idp.web.session import signed_in

OTHER = 500


@dataclass(frozen=True)
class ErrorText:
    """What a page of this status says, and what the reader can do about it."""

    title: LazyString
    advice: LazyString


TEXTS: dict[int, ErrorText] = {
    400: ErrorText(
        _("คำขอไม่ถูกต้อง"),
        _("ระบบอ่านข้อมูลที่ส่งมาไม่ได้ โปรดกลับไปหน้าเดิม โหลดหน้านั้นใหม่ แล้วลองอีกครั้ง"),
    ),
    403: ErrorText(
        _("ท่านไม่มีสิทธิทำรายการนี้"),
        _("หากเห็นว่าควรมีสิทธิ โปรดติดต่อผู้ดูแลงานการเจ้าหน้าที่ของหน่วยงาน"),
    ),
    404: ErrorText(_("ไม่พบหน้าที่ต้องการ"), _("ที่อยู่อาจไม่ถูกต้อง หรือท่านไม่มีสิทธิเข้าถึงข้อมูลนี้")),
    405: ErrorText(_("ไม่รองรับคำขอแบบนี้"), _("โปรดทำรายการจากปุ่มหรือลิงก์ในหน้าของระบบ")),
    409: ErrorText(
        _("ข้อมูลเปลี่ยนไปแล้ว"),
        _("มีผู้ดำเนินการกับข้อมูลนี้ก่อนท่าน โปรดกลับไปหน้าเดิม โหลดใหม่เพื่อดูข้อมูลล่าสุด แล้วจึงทำรายการอีกครั้ง"),
    ),
    413: ErrorText(_("ข้อมูลที่ส่งมีขนาดใหญ่เกินกำหนด"), _("โปรดลดขนาดไฟล์ แล้วส่งอีกครั้ง")),
    422: ErrorText(_("ข้อมูลยังไม่ครบถ้วนหรือไม่ถูกต้อง"), _("โปรดกลับไปแก้ไขตามรายการข้างล่าง แล้วส่งอีกครั้ง")),
    429: ErrorText(_("ทำรายการถี่เกินไป"), _("โปรดรอประมาณ 15 นาที แล้วลองอีกครั้ง")),
    OTHER: ErrorText(
        _("ระบบขัดข้อง"),
        _("ข้อมูลของท่านไม่ถูกเปลี่ยนแปลง โปรดลองใหม่ภายหลัง หากยังพบปัญหา โปรดแจ้งผู้ดูแลระบบพร้อมรหัสคำขอนี้"),
    ),
}


FILE_IS_GONE = ErrorText(
    _("เปิดไฟล์นี้ไม่ได้"),
    _("ไม่พบไฟล์ในที่เก็บของระบบ ไฟล์ไม่ตรงกับที่ส่งไว้ หรือที่เก็บขัดข้อง โปรดลองใหม่ หากยังพบปัญหา โปรดแจ้งผู้ดูแลระบบ"),
)


def init_errors(app: Flask) -> None:
    """Register every handler."""
    app.register_error_handler(NotVisible, lambda _error: _page(404))
    app.register_error_handler(NotPermitted, lambda _error: _page(403))
    app.register_error_handler(TransitionNotAllowed, _transition_not_allowed)
    app.register_error_handler(StaleVersion, lambda _error: _page(409))
    app.register_error_handler(StaleDataError, lambda _error: _page(409))
    app.register_error_handler(RequirementNotMet, _requirement_not_met)
    app.register_error_handler(InvalidInput, lambda error: _page(422, [message_of(error)]))
    app.register_error_handler(StorageError, _file_is_gone)
    app.register_error_handler(Unauthorized, lambda _error: _to_log_in())
    app.register_error_handler(CSRFError, _csrf_failed)
    app.register_error_handler(
        SecurityError, lambda _error: Response("unknown host\n", 400, mimetype="text/plain")
    )
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)


def _page(status: int, details: list[str] | None = None, text: ErrorText | None = None) -> Response:
    db.session.rollback()  # nothing of what failed stays, and the page below reads afresh
    text = text or TEXTS.get(status, TEXTS[OTHER])
    typed = typed_texts() if request.method == "POST" and signed_in() is not None else []
    body = render_template(
        "errors/error.html",
        status=status,
        text=text,
        details=details or [],
        typed=typed,
        elsewhere=_address_of_choosing() if status == 404 else None,
    )
    return make_response(body, status)


def _address_of_choosing() -> str | None:
    """Who belongs to several organisations may have followed a mail of another one: where they choose, and
    come back from. Said of every missing page alike, so that nothing is told of what there is."""
    user = signed_in()
    if user is None or request.method != "GET":
        return None
    if len(organisations_of(db.session(), user.person_id, clock.today())) < 2:
        return None
    return url_for("account.organisations", next=request.full_path.rstrip("?"))


def _to_log_in() -> Response:
    """To the log-in page, and from there back; a form that was sent cannot be repeated.

    A script is told so, and goes on when there is a log-in again.
    """
    if request.accept_mimetypes.best == "application/json":
        return make_response(jsonify(log_in=url_for("auth.log_in")), 401)
    wanted = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else ""
    if wanted in ("", "/"):
        return redirect(url_for("auth.log_in"))  # type: ignore[return-value]
    return redirect(url_for("auth.log_in", next=wanted))  # type: ignore[return-value]


def _transition_not_allowed(error: TransitionNotAllowed) -> Response:
    current_app.logger.info("refused: %s", error)
    return _page(409, [str(_("สถานะปัจจุบันของเรื่องนี้ไม่รองรับการดำเนินการที่เลือก"))])


def _file_is_gone(error: StorageError) -> Response:
    current_app.logger.error("request %s: %s", g.get("request_id", ""), error)
    return _page(404, text=FILE_IS_GONE)


def _requirement_not_met(error: RequirementNotMet) -> Response:
    return _page(422, [*(label(requirement) for requirement in error.missing), *error.details])


def _csrf_failed(_error: CSRFError) -> Response:
    """A form for those who are signed in leads all others to the log-in page, whatever else it lacks."""
    view = current_app.view_functions.get(request.endpoint or "")
    if signed_in() is None and view is not None and permission_of(view) is not None:
        return _to_log_in()
    return _page(400, [str(_("แบบฟอร์มหมดอายุหรือถูกเปิดไว้ก่อนเข้าสู่ระบบครั้งล่าสุด"))])


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or (error.code or OTHER) < 400:
        return error.get_response()  # type: ignore[return-value]
    status = error.code or OTHER
    if status >= OTHER:
        return _failure_page()
    response = _page(status)
    for name in ("Allow", "Retry-After"):
        if name in error.get_response().headers:
            response.headers[name] = error.get_response().headers[name]
    return response


def _failure(error: Exception) -> Response:
    if current_app.testing:
        raise error  # a test sees the cause, not the page
    current_app.logger.exception("request %s failed", g.get("request_id", ""))
    return _failure_page()


def _failure_page() -> Response:
    """The page of a failure asks the database nothing: it may be what failed."""
    g.signed_in = None
    try:
        return _page(OTHER)
    except Exception:
        current_app.logger.exception("the page of the failure failed")
        return Response("500\n", OTHER, mimetype="text/plain")
