"""One's own account: the password, and the organisation one works in."""

import json

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.models import UserAccount
from idp.queries.memberships import organisations_of
from idp.queries.own_data import own_data
from idp.rules.errors import InvalidInput, NotVisible
from idp.rules.terms import Permission
from idp.services.accounts import change_password
from idp.services.passwords import ADVISED_LENGTH, MAXIMUM_LENGTH, MINIMUM_LENGTH, verify_password
from idp.services.web_sessions import choose_organisation
from idp.web import clock
from idp.web.guards import current_actor, current_user, guarded
from idp.web.messages import message_of
from idp.web.targets import local_target
from idp.web.throttle import FAILURES_BY_ACCOUNT, has_failed, limiter

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("/password")
@guarded(Permission.ACCOUNT_EDIT)
def password() -> Response:
    """The form for a new password."""
    return _password_page({}, 200)


@blueprint.post("/password")
@guarded(Permission.ACCOUNT_EDIT)
@limiter.limit(
    FAILURES_BY_ACCOUNT, key_func=lambda: f"password:{current_user().login}", deduct_when=has_failed
)
def send_password() -> Response:
    """Change the password; every other browser signed in with this account is signed out."""
    user, form = current_user(), request.form
    try:
        _check_old(user.account_id, form.get("old_password", ""))
        if form.get("new_password") != form.get("new_password_again"):
            raise InvalidInput("new_password_again", "not_the_same")
        if form.get("new_password") == form.get("old_password"):
            raise InvalidInput("new_password", "same_as_before")
        account = db.session().get_one(UserAccount, user.account_id)
        new_password = form.get("new_password", "")
        change_password(
            db.session(), current_actor(), account, new_password, clock.now(), session_id=user.session_id
        )
    except InvalidInput as error:
        return _password_page({error.field: message_of(error)}, 422)
    db.session.commit()
    flash(_("เปลี่ยนรหัสผ่านแล้ว อุปกรณ์อื่นที่ใช้บัญชีนี้ต้องเข้าสู่ระบบใหม่"), "success")
    after = "home.index" if user.must_change_password else "account.password"
    return redirect(url_for(after))  # type: ignore[return-value]


@blueprint.get("/organisations")
@guarded(Permission.ACCOUNT_EDIT)
def organisations() -> Response:
    """Where the person may work; one of them is chosen."""
    choices = organisations_of(db.session(), current_user().person_id, clock.today())
    page = render_template(
        "account/organisations.html", choices=choices, next=local_target(request.args.get("next"))
    )
    return make_response(page)


@blueprint.post("/organisations")
@guarded(Permission.ACCOUNT_EDIT)
def choose() -> Response:
    """Work in that organisation from now on. Raises NotVisible when the person does not belong to it."""
    user, wanted = current_user(), request.form.get("organisation_id", "")
    choices = organisations_of(db.session(), user.person_id, clock.today())
    chosen = next((choice for choice in choices if str(choice.organisation_id) == wanted), None)
    if chosen is None:
        raise NotVisible
    choose_organisation(db.session(), user.session_id, chosen.organisation_id)
    db.session.commit()
    return redirect(local_target(request.form.get("next")))  # type: ignore[return-value]


@blueprint.get("/data")
@guarded(Permission.ACCOUNT_EDIT)
def data() -> Response:
    """A copy of one's own data to keep, as JSON that other programs read."""
    found = own_data(db.session(), current_actor(), clock.today())
    text = json.dumps(found, ensure_ascii=False, indent=2, default=str)
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _check_old(account_id: int, given: str) -> None:
    known_hash = db.session().get_one(UserAccount, account_id).password_hash
    db.session.rollback()  # hashing takes its time: nobody's write waits for it
    if not verify_password(known_hash, given):
        raise InvalidInput("old_password", "wrong")


def _password_page(errors: dict[str, str], status: int) -> Response:
    page = render_template(
        "account/password.html",
        errors=errors,
        is_first=current_user().must_change_password,
        minimum=MINIMUM_LENGTH,
        advised=ADVISED_LENGTH,
        maximum=MAXIMUM_LENGTH,
    )
    return make_response(page, status)
