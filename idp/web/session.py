"""Who is signed in with this browser: the cookie's token, looked up once a request.

Flask's signed cookie carries only the CSRF token and messages for the next page; it is emptied at log-in
and at log-out. The log-in itself is a row (`services.web_sessions`), so that nothing works after log-out.
"""

from datetime import timedelta

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask import session as cookie_session
from flask_login import LoginManager
from sqlalchemy.orm import Session

from idp.config import Settings
from idp.database import db
from idp.models.engine import reading, writing
from idp.services.web_sessions import LIFETIME_IN_IDLE_TIMES, SEEN_EVERY, SignedIn, find_session, mark_seen
from idp.web import clock

BEFORE_OWN_PASSWORD = frozenset(
    {"account.password", "account.send_password", "auth.log_out", "language.switch", "health.healthz"}
)


def init_session(app: Flask, settings: Settings) -> None:
    """Cookies' names and flags, the look-up before each request, Flask-Login's view of it."""
    host = "__Host-" if settings.secure_cookies else ""
    app.config.update(
        IDP_SESSION_COOKIE=f"{host}session",
        IDP_SESSION_IDLE=timedelta(hours=settings.session_hours),
        SESSION_COOKIE_NAME=f"{host}page",  # Flask's own
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    app.before_request(_identify)
    app.before_request(_ask_for_own_password)
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(lambda _request: signed_in())


def signed_in() -> SignedIn | None:
    """Who is signed in with this request's browser."""
    found: SignedIn | None = g.get("signed_in")
    return found


def session_token() -> str:
    """The token that the browser sent, or ""."""
    return request.cookies.get(current_app.config["IDP_SESSION_COOKIE"], "")


def idle_time() -> timedelta:
    """How long a session may rest."""
    idle: timedelta = current_app.config["IDP_SESSION_IDLE"]
    return idle


def give_token(response: Response, token: str) -> None:
    """Hand a new session's token to the browser; what the cookie of the page held before is gone."""
    _empty_cookie_session()
    response.set_cookie(
        current_app.config["IDP_SESSION_COOKIE"],
        token,
        max_age=int(idle_time().total_seconds()) * LIFETIME_IN_IDLE_TIMES,
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def take_token(response: Response) -> None:
    """Make the browser forget its session, and all that the cookie of the page held."""
    _empty_cookie_session()
    response.delete_cookie(
        current_app.config["IDP_SESSION_COOKIE"],
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _ask_for_own_password() -> Response | None:
    """With a password that HR handed over nothing is open but the page that asks for another."""
    user = signed_in()
    if user is None or not user.must_change_password or (request.endpoint or "") in BEFORE_OWN_PASSWORD:
        return None
    return redirect(url_for("account.password"))  # type: ignore[return-value]


def _empty_cookie_session() -> None:
    cookie_session.clear()
    g.pop("csrf_token", None)  # Flask-WTF keeps a copy for the request


def _identify() -> None:
    """Look the token up before anything else: the request's own transaction has not begun, so that noting the
    visit can neither wait for it nor be undone with it."""
    token = session_token()
    if not token or (request.endpoint or "").endswith("static"):
        return
    instant = clock.now()
    with reading(), Session(db.engine) as session:
        found = find_session(session, token, instant, idle_time())
    if found is not None and instant - found.seen_at >= SEEN_EVERY:
        with writing(), Session(db.engine) as session:
            mark_seen(session, found.session_id, instant)
            session.commit()
    g.signed_in = found
