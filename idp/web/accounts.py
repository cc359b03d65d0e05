"""Log-ins and roles of the organisation's people, managed by its personnel office."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from idp.database import db
from idp.models import UserAccount
from idp.queries.accounts import AccountFilter, account_list, account_page
from idp.queries.cycles import unit_choices
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible
from idp.rules.relations import Actor
from idp.rules.terms import Permission, Role
from idp.services.log_ins import give_log_in, open_log_in, reset_password, shut_log_in
from idp.services.passwords import ONE_TIME_DAYS, hash_password, one_time_password
from idp.services.roles import GRANTED_HERE, end_role, give_role, load_grant
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of
from idp.web.forms.cycles import written_date
from idp.web.forms.days import day_or_none, typed_day
from idp.web.guards import current_actor, current_user, guarded
from idp.web.labels import label
from idp.web.numbers import asked_number, record_number

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")

FILTERS: dict[AccountFilter, LazyString] = {
    AccountFilter.ROLES: _("ผู้มีบทบาทในระบบ"),
    AccountFilter.ALL: _("ทุกคน"),
    AccountFilter.NONE: _("ยังไม่มีบัญชีผู้ใช้"),
    AccountFilter.DISABLED: _("บัญชีที่ปิดการใช้งาน"),
}
EVENTS: dict[str, LazyString] = {
    "create": _("สร้างบัญชีผู้ใช้"),
    "change_password": _("เจ้าของบัญชีเปลี่ยนรหัสผ่าน"),
    "reset_password": _("ออกรหัสผ่านชั่วคราว"),
    "disable": _("ปิดการใช้งานบัญชี"),
    "enable": _("เปิดการใช้งานบัญชี"),
    "grant_role": _("กำหนดบทบาท"),
    "end_role": _("ยุติบทบาท"),
}


@blueprint.get("/")
@guarded(Permission.ACCOUNT_MANAGE)
def index() -> str:
    """Who holds a role, who cannot log in, everybody: fifty a page."""
    asked = request.args.get("show", "")
    wanted = AccountFilter(asked) if asked in set(AccountFilter) else AccountFilter.ROLES
    text = request.args.get("text", "").strip()[:100]
    after = asked_number(request.args, "after")
    found = account_list(db.session(), _organisation_id(), clock.today(), wanted, text, after)
    chosen: dict[str, Any] = {"show": wanted.value} | ({"text": text} if text else {})
    return render_template(
        "accounts/index.html",
        rows=found.rows,
        filters=[(each.value, shown) for each, shown in FILTERS.items()],
        wanted=wanted.value,
        text=text,
        is_further=after is not None,
        first_address=url_for("accounts.index", **chosen),
        next_address=found.next_after and url_for("accounts.index", **chosen, after=found.next_after),
    )


@blueprint.get("/<int:person_id>")
@guarded(Permission.ACCOUNT_MANAGE)
def show(person_id: int) -> Response:
    """The log-in of one person, their roles, and what was done to both."""
    return _page(person_id, NOTHING_SENT)


@blueprint.post("/<int:person_id>/create")
@guarded(Permission.ACCOUNT_MANAGE)
def create(person_id: int) -> Response:
    """A log-in; the answer shows its one-time password, this once."""
    login = request.form.get("login", "")

    def act(session: Session, actor: Actor, hashed: str, now: datetime) -> UserAccount:
        return give_log_in(session, actor, person_id, login, hashed, now)

    return _hand_over(person_id, "create", act)


@blueprint.post("/<int:person_id>/reset")
@guarded(Permission.ACCOUNT_MANAGE)
def reset(person_id: int) -> Response:
    """Another one-time password; whoever is signed in is signed out."""

    def act(session: Session, actor: Actor, hashed: str, now: datetime) -> UserAccount:
        return reset_password(session, actor, person_id, hashed, now)

    return _hand_over(person_id, "reset", act)


@blueprint.post("/<int:person_id>/shut")
@guarded(Permission.ACCOUNT_MANAGE)
def shut(person_id: int) -> Response:
    """Refuse the log-in from now on."""
    return _act(person_id, "shut", lambda: _shut(person_id), _("ปิดการใช้งานบัญชีแล้ว"))


@blueprint.post("/<int:person_id>/open")
@guarded(Permission.ACCOUNT_MANAGE)
def open_again(person_id: int) -> Response:
    """Allow the log-in again."""
    return _act(person_id, "open", lambda: _open(person_id), _("เปิดการใช้งานบัญชีแล้ว"))


@blueprint.post("/<int:person_id>/roles")
@guarded(Permission.ACCOUNT_MANAGE)
def grant(person_id: int) -> Response:
    """Grant a role."""
    return _act(person_id, "grant", lambda: _grant(person_id), _("กำหนดบทบาทแล้ว"))


@blueprint.post("/<int:person_id>/roles/<int:grant_id>/end")
@guarded(Permission.ACCOUNT_MANAGE)
def end(person_id: int, grant_id: int) -> Response:
    """End a role."""

    def act() -> None:
        if load_grant(db.session(), current_actor(), grant_id, clock.today()).person_id != person_id:
            raise NotVisible
        last_on = typed_day(request.form, "last_on")
        end_role(db.session(), current_actor(), grant_id, last_on, clock.now())

    return _act(person_id, f"end-{grant_id}", act, _("ยุติบทบาทแล้ว"))


def _organisation_id() -> int:
    return current_user().organisation_id or 0


def _shut(person_id: int) -> None:
    shut_log_in(db.session(), current_actor(), person_id, clock.now())


def _open(person_id: int) -> None:
    open_log_in(db.session(), current_actor(), person_id, clock.now())


def _grant(person_id: int) -> None:
    form, problems = request.form, []
    for field in ("from_on", "until_on"):
        try:
            (typed_day if field == "from_on" else day_or_none)(form, field)
        except InvalidInput as problem:
            problems.append(problem)
    if form.get("role", "") not in set(Role):
        problems.append(InvalidInput("role", "unknown_choice" if form.get("role") else "required"))
    unit_id = record_number(form.get("unit_id", ""))
    if unit_id is None and form.get("unit_id"):
        problems.append(InvalidInput("unit_id", "unknown_choice"))
    if problems:
        raise InvalidInputs(problems)
    give_role(
        db.session(),
        current_actor(),
        person_id,
        Role(form["role"]),
        unit_id,
        typed_day(form, "from_on"),
        day_or_none(form, "until_on"),
        clock.now(),
    )


def _act(person_id: int, event: str, act: Callable[[], None], done: LazyString) -> Response:
    """Do it, and back to the page; refused, the page comes back with what was typed."""
    try:
        act()
    except REFUSED as refusal:
        db.session.rollback()
        return _page(person_id, attempt_of(refusal, event))
    db.session.commit()
    flash(str(done), "success")
    return redirect(url_for("accounts.show", person_id=person_id))  # type: ignore[return-value]


def _hand_over(
    person_id: int, event: str, act: Callable[[Session, Actor, str, datetime], UserAccount]
) -> Response:
    """Make a password and show it in the answer itself: it is kept nowhere, not even for the next page."""
    password = one_time_password()
    db.session.rollback()  # hashing takes its time: nobody's write waits for it
    hashed = hash_password(password)
    try:
        account = act(db.session(), current_actor(), hashed, clock.now())
        login, name = account.login, account.person.display_name
    except REFUSED as refusal:
        db.session.rollback()
        return _page(person_id, attempt_of(refusal, event))
    db.session.commit()
    page = render_template(
        "accounts/password.html",
        login=login,
        name=name,
        password=password,
        days=ONE_TIME_DAYS,
        back=url_for("accounts.show", person_id=person_id),
    )
    return make_response(page)


def _page(person_id: int, attempt: Attempt) -> Response:
    session, day = db.session(), clock.today()
    person = account_page(session, _organisation_id(), person_id, day, clock.now())
    if person is None:
        raise NotVisible
    page = render_template(
        "accounts/show.html",
        person=person,
        attempt=attempt,
        is_self=person_id == current_user().person_id,
        roles=[(each.value, label(each)) for each in GRANTED_HERE],
        units=unit_choices(session, _organisation_id()),
        events=EVENTS,
        today_written=written_date(day),
    )
    return make_response(page, attempt.status)
