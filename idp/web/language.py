"""The language of a page: Thai, unless the account or the visitor's cookie says English."""

from flask import Blueprint, Flask, Response, redirect, request
from flask_babel import Babel, get_locale

from idp.database import db
from idp.services.accounts import LANGUAGES, set_language
from idp.web.guards import public
from idp.web.session import signed_in
from idp.web.targets import local_target

COOKIE = "language"
DEFAULT = "th"
ONE_YEAR_SECONDS = 365 * 24 * 3600

blueprint = Blueprint("language", __name__)


def init_language(app: Flask) -> None:
    """Messages by Thai ids, translated where the reader chose another language."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Bangkok"
    Babel(app, locale_selector=chosen_language)


def chosen_language() -> str:
    """The account's language, else the cookie's, else Thai."""
    user = signed_in()
    chosen = user.language if user else request.cookies.get(COOKIE, DEFAULT)
    return chosen if chosen in LANGUAGES else DEFAULT


def in_thai() -> bool:
    """Whether the page is being written in Thai (also outside a request, where Thai is the default)."""
    locale = get_locale()
    return locale is None or locale.language == DEFAULT


def name_of(thai: str, english: str | None) -> str:
    """The name in the reader's language; Thai where there is no English one."""
    return thai if in_thai() or not english else english


@blueprint.post("/language")
@public
def switch() -> Response:
    """Change the language and return to the page that the reader was on."""
    chosen = request.form.get("language", "")
    response = redirect(local_target(request.form.get("next", "")))
    if chosen in LANGUAGES:
        user = signed_in()
        if user:
            set_language(db.session(), user.account_id, chosen)
            db.session.commit()
        response.set_cookie(
            COOKIE, chosen, max_age=ONE_YEAR_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response  # type: ignore[return-value]
