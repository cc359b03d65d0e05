"""The organisations of the deployment, for its administrator: no staff, no ratings."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from idp.database import db
from idp.models import Organisation
from idp.queries.framework_library import list_frameworks
from idp.queries.organisations import organisation_list
from idp.rules.errors import NotVisible
from idp.rules.organisations import Family
from idp.rules.relations import Actor
from idp.rules.terms import Permission
from idp.services.accounts import normalised_login
from idp.services.organisations import OfficerFields, OrganisationFields, appoint_officer, found_organisation
from idp.services.passwords import ONE_TIME_DAYS, hash_password, one_time_password
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of
from idp.web.guards import current_actor, guarded
from idp.web.labels import label

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")


@blueprint.get("/")
@guarded(Permission.ORGANISATION_VIEW)
def index() -> str:
    """Every organisation, and whether its personnel office can log in."""
    return render_template(
        "organisations/index.html", rows=organisation_list(db.session(), clock.today()), families=_families()
    )


@blueprint.get("/new")
@guarded(Permission.ORGANISATION_CREATE)
def new() -> Response:
    """The form of an organisation and its first officer."""
    return _form(NOTHING_SENT)


@blueprint.post("/new")
@guarded(Permission.ORGANISATION_CREATE)
def create() -> Response:
    """Found the organisation; the answer shows the officer's one-time password, this once."""
    form = request.form
    typed = OrganisationFields(
        code=form.get("code", ""),
        name_th=form.get("name_th", ""),
        name_en=form.get("name_en", ""),
        family=form.get("family", ""),
        core=tuple(form.getlist("core")),
        functional=tuple(form.getlist("functional")),
        with_profiles=bool(form.get("with_profiles")),
    )

    def act(session: Session, actor: Actor, hashed: str, now: datetime) -> Organisation:
        return found_organisation(session, actor, typed, _officer(), hashed, now)

    return _hand_over(act, _form)


@blueprint.get("/<int:organisation_id>")
@guarded(Permission.ORGANISATION_VIEW)
def show(organisation_id: int) -> Response:
    """One organisation, and the form that names another officer."""
    return _page(organisation_id, NOTHING_SENT)


@blueprint.post("/<int:organisation_id>/officer")
@guarded(Permission.ORGANISATION_CREATE)
def appoint(organisation_id: int) -> Response:
    """Name another personnel officer."""

    def act(session: Session, actor: Actor, hashed: str, now: datetime) -> Organisation:
        return appoint_officer(session, actor, organisation_id, _officer(), hashed, now)

    return _hand_over(act, lambda attempt: _page(organisation_id, attempt))


def _officer() -> OfficerFields:
    fields = ("title_th", "first_name", "last_name", "email", "login")
    return OfficerFields(*(request.form.get(field, "") for field in fields))


def _families() -> dict[str, str]:
    return {each.value: label(each) for each in Family}


def _hand_over(
    act: Callable[[Session, Actor, str, datetime], Organisation], otherwise: Callable[[Attempt], Response]
) -> Response:
    password = one_time_password()
    db.session.rollback()  # hashing takes its time: nobody's write waits for it
    hashed = hash_password(password)
    try:
        organisation = act(db.session(), current_actor(), hashed, clock.now())
        name, organisation_id = organisation.name_th, organisation.id
    except REFUSED as refusal:
        db.session.rollback()
        return otherwise(attempt_of(refusal, "officer"))
    db.session.commit()
    page = render_template(
        "accounts/password.html",
        login=normalised_login(request.form.get("login", "")),
        name=name,
        password=password,
        days=ONE_TIME_DAYS,
        back=url_for("organisations.show", organisation_id=organisation_id),
    )
    return make_response(page)


def _form(attempt: Attempt) -> Response:
    page = render_template(
        "organisations/new.html",
        attempt=attempt,
        families=list(_families().items()),
        frameworks=list_frameworks(db.session()),
        chosen={field: attempt.form.getlist(field) for field in ("core", "functional", "with_profiles")},
    )
    return make_response(page, attempt.status)


def _page(organisation_id: int, attempt: Attempt) -> Response:
    rows = organisation_list(db.session(), clock.today(), organisation_id)
    if not rows:
        raise NotVisible
    page = render_template(
        "organisations/show.html", organisation=rows[0], attempt=attempt, families=_families()
    )
    return make_response(page, attempt.status)
