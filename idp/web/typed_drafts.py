"""What a form contains while it is being typed: kept on the server, offered again, thrown away when sent.

A page needs nothing for it (see `idp.web.forms.kept_forms`): `js/keep_typed.js` sends what is typed, and the
offer is put into the page of the form as it leaves. Who may keep a draft: whoever may open the form.
"""

import json
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request
from flask import session as cookie_session
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import RequestRedirect

from idp.database import db
from idp.models import TypedDraft
from idp.rules.errors import InvalidInput, NotPermitted
from idp.rules.permissions import allowed
from idp.rules.terms import Permission
from idp.rules.thai import thai_datetime
from idp.services.access import load_assessment, load_cycle, load_plan
from idp.services.team_ratings import check_rates_in
from idp.services.typed_drafts import NAMED, discard_draft, drafts_of, keep_draft, throw_away
from idp.web import clock
from idp.web.formats import digits
from idp.web.forms.kept_forms import KeptForm, fill, kept_forms, longest_text
from idp.web.guards import (
    current_actor,
    current_standing,
    current_user,
    guarded,
    is_of_the_organisation,
    permission_of,
)
from idp.web.numbers import asked_number
from idp.web.session import signed_in
from idp.web.targets import local_target

blueprint = Blueprint("typed_drafts", __name__, url_prefix="/drafts")

KEPT_IN_BROWSER = "kept_in_browser"
"""The field that the script adds to a form as it is sent: a copy waits in the browser for the answer."""

SENT = "sent_forms"
MOST_SENT = 5
NEVER_KEPT = frozenset({"auth", "account", "language", "typed_drafts"})
"""Features whose forms are not kept: passwords, and choices of a moment."""

CONTENT_START = '<main id="content"'


@blueprint.get("/token")
@guarded(Permission.HOME_VIEW)
def token() -> Response:
    """Who is signed in by now, and the token for forms: a page left open over a log-in goes on with it."""
    return jsonify(person=current_user().person_id, csrf_token=generate_csrf())


@blueprint.post("")
@guarded(Permission.HOME_VIEW)
def keep() -> Response:
    """Keep a form as it stands; answers with the sentence that the page shows."""
    form, session = request.form, db.session()
    key = form.get("form_key", "")
    _check_form(key.partition(NAMED)[0])
    version = asked_number(form, "version")
    draft = keep_draft(session, current_actor(), key, _content(), version, clock.now())
    session.commit()
    return jsonify(said=_("บันทึกร่างอัตโนมัติเมื่อ %(time)s", time=_time(draft)))


@blueprint.post("/<int:draft_id>/discard")
@guarded(Permission.HOME_VIEW)
def discard(draft_id: int) -> Response:
    """Throw one of one's own drafts away, and go on with the form empty."""
    throw_away(db.session(), current_actor(), draft_id)
    db.session.commit()
    return redirect(local_target(request.form.get("next")))  # type: ignore[return-value]


@blueprint.after_app_request
def offer(response: Response) -> Response:
    """Say on the page of a form what was typed into it before; with `?draft=`, put it back."""
    if request.method != "GET" or response.status_code != 200 or not _is_page(response):
        return response
    if signed_in() is None or current_user().organisation_id is None:
        return response
    page = response.get_data(as_text=True)
    forms = {form.key: form for form in kept_forms(page, request.path)}
    found = drafts_of(db.session(), current_actor(), forms) if forms else {}
    if not found:
        return response
    asked = asked_number(request.args, "draft")
    chosen = next((draft for draft in found.values() if draft.id == asked), None)
    notes = "".join(_note(draft, forms[key], draft is chosen) for key, draft in found.items())
    if chosen is not None:
        page = fill(page, forms[chosen.form_key], _pairs(chosen), chosen.based_on_version)
    place = page.find(">", page.find(CONTENT_START)) + 1
    response.set_data(page[:place] + notes + page[place:])
    return response


@blueprint.after_app_request
def forget_what_was_sent(response: Response) -> Response:
    """A form that was accepted (the answer leads on) needs no draft any more."""
    if request.method != "POST" or request.blueprint in NEVER_KEPT or signed_in() is None:
        return response
    if response.status_code not in (302, 303) and not request.environ.get(SAVED):
        return response
    session = db.session()
    session.rollback()  # what the view did not commit is not meant to be
    if discard_draft(session, current_actor(), request.path):
        session.commit()
    if KEPT_IN_BROWSER in request.form:
        cookie_session[SENT] = [*cookie_session.get(SENT, []), request.path][-MOST_SENT:]
    return response


SAVED = "idp.typed_was_saved"


def note_saved() -> None:
    """What was typed is in the record now, although the page comes back with what else is wrong."""
    request.environ[SAVED] = True


def sent_forms() -> str:
    """For the layout: the addresses of forms that were accepted since the page before; told once."""
    return " ".join(cookie_session.pop(SENT, []))


def _note(draft: TypedDraft, form: KeptForm, is_chosen: bool) -> str:
    text = longest_text(_pairs(draft))
    return render_template(
        "typed_drafts/note.html",
        draft=draft,
        is_chosen=is_chosen,
        is_outdated=draft.based_on_version is not None
        and form.version is not None
        and draft.based_on_version != form.version,
        excerpt=text if len(text) <= 80 else f"{text[:80]}…",
        address=request.path,
    )


def _content() -> list[tuple[str, str]]:
    try:
        sent: Any = json.loads(request.form.get("content", ""))
    except ValueError as error:
        raise InvalidInput("content", "not_text") from error
    if not isinstance(sent, list) or not all(_is_pair(each) for each in sent):
        raise InvalidInput("content", "not_text")
    return [(name, text) for name, text in sent if "password" not in name and name != "csrf_token"]


def _is_pair(each: object) -> bool:
    return isinstance(each, list) and len(each) == 2 and all(isinstance(part, str) for part in each)


def _pairs(draft: TypedDraft) -> list[tuple[str, str]]:
    return [(name, text) for name, text in draft.content]


def _check_form(address: str) -> None:
    """`address` takes a form of this application that the person may open. Raises NotFound, NotVisible,
    NotPermitted."""
    adapter = current_app.url_map.bind_to_environ(request.environ)
    try:
        endpoint, values = adapter.match(address, method="POST")
    except (HTTPException, RequestRedirect) as error:
        raise NotFound from error
    permission = permission_of(current_app.view_functions[endpoint])
    if permission is None or endpoint.partition(".")[0] in NEVER_KEPT:
        raise NotFound
    session, actor, day = db.session(), current_actor(), clock.today()
    if is_of_the_organisation(permission) and not allowed(permission, current_standing().relations):
        raise NotPermitted(permission)
    if "assessment_id" in values:
        load_assessment(session, actor, values["assessment_id"], Permission.ASSESSMENT_VIEW, day)
    if "plan_id" in values:
        load_plan(session, actor, values["plan_id"], Permission.PLAN_VIEW, day)
    if "cycle_id" in values and not is_of_the_organisation(permission):
        check_rates_in(session, actor, values["cycle_id"], day)
    elif "cycle_id" in values:
        load_cycle(session, actor, values["cycle_id"], Permission.CYCLE_VIEW, day)


def _is_page(response: Response) -> bool:
    return response.mimetype == "text/html" and not response.is_streamed and not response.direct_passthrough


def _time(draft: TypedDraft) -> str:
    """ "10.32 น." on the clock of Bangkok."""
    return digits(thai_datetime(draft.updated_at).rpartition("เวลา ")[2])


@blueprint.app_context_processor
def _for_the_layout() -> dict[str, object]:
    return {"sent_forms": sent_forms}
