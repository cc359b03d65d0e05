"""Log-in and log-out."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.models import UserAccount
from idp.queries.memberships import organisations_of
from idp.services.accounts import LONGEST_LOGIN, find_account, is_lapsed
from idp.services.passwords import MAXIMUM_LENGTH, verify_password
from idp.services.web_sessions import end_session, remove_expired, start_session
from idp.web import clock
from idp.web.guards import public
from idp.web.session import give_token, idle_time, session_token, signed_in, take_token
from idp.web.targets import local_target
from idp.web.throttle import FAILURES_BY_ACCOUNT, FAILURES_BY_ADDRESS, has_failed, limiter, tried_login

blueprint = Blueprint("auth", __name__)


@blueprint.get("/login")
@public
def log_in() -> Response:
    """The form; who is signed in already goes on."""
    wanted = request.args.get("next", "")
    if signed_in():
        return _go(local_target(wanted))
    return make_response(render_template("auth/log_in.html", next=wanted, login="", has_failed=False))


@blueprint.post("/login")
@public
@limiter.limit(FAILURES_BY_ADDRESS, deduct_when=has_failed)
@limiter.limit(FAILURES_BY_ACCOUNT, key_func=tried_login, deduct_when=has_failed)
def send_log_in() -> Response:
    """Check login and password; an unknown login takes as long as a wrong password, and reads the same."""
    login, password = request.form.get("login", ""), request.form.get("password", "")
    wanted = request.form.get("next", "")
    account = find_account(db.session(), login[:LONGEST_LOGIN])
    opens = account is not None and account.is_active and not is_lapsed(account, clock.now())
    known_hash = account.password_hash if account is not None and opens else None
    db.session.rollback()  # hashing takes its time: nobody's write waits for it
    if not verify_password(known_hash, password[: MAXIMUM_LENGTH + 1]) or account is None:
        page = render_template("auth/log_in.html", next=wanted, login=login[:LONGEST_LOGIN], has_failed=True)
        return make_response(page, 422)
    return _start(db.session().get_one(UserAccount, account.id), wanted)


@blueprint.post("/logout")
@public
def log_out() -> Response:
    """End the session for good, whatever is left of it."""
    end_session(db.session(), session_token())
    db.session.commit()
    response = _go(url_for("auth.log_in"))
    take_token(response)
    flash(_("ออกจากระบบแล้ว"), "success")
    return response


def _start(account: UserAccount, wanted: str) -> Response:
    """A new token, the old one ended; who works in several organisations chooses first."""
    session, now = db.session(), clock.now()
    choices = organisations_of(session, account.person_id, clock.today())
    end_session(session, session_token())
    remove_expired(session, now)
    token = start_session(
        session,
        account,
        now,
        idle=idle_time(),
        organisation_id=choices[0].organisation_id if choices else None,
        origin=request.remote_addr or "",
    )
    session.commit()
    target = local_target(wanted)
    response = _go(url_for("account.organisations", next=target) if len(choices) > 1 else target)
    give_token(response, token)
    return response


def _go(address: str) -> Response:
    return redirect(address)  # type: ignore[return-value]
