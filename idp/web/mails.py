"""The organisation's mails: what was sent, what was not, and why."""

from flask import Blueprint, render_template, request
from werkzeug.exceptions import NotFound

from idp.database import db
from idp.queries.mail_list import mail_counts, mail_of, mails_of
from idp.rules.terms import MailState, Permission
from idp.web.guards import current_user, guarded
from idp.web.numbers import asked_number

blueprint = Blueprint("mails", __name__, url_prefix="/mails")


@blueprint.get("/")
@guarded(Permission.MAIL_VIEW)
def index() -> str:
    """Newest first, narrowed to one state if asked."""
    asked = request.args.get("state", "")
    state = MailState(asked) if asked in set(MailState) else None
    organisation_id = _organisation_id()
    rows, following = mails_of(
        db.session(), organisation_id, state=state, before=asked_number(request.args, "before")
    )
    return render_template(
        "mails/index.html",
        rows=rows,
        following=following,
        state=state,
        counts=mail_counts(db.session(), organisation_id),
        states=tuple(MailState),
    )


@blueprint.get("/<int:mail_id>")
@guarded(Permission.MAIL_VIEW)
def show(mail_id: int) -> str:
    """One mail with its text."""
    row = mail_of(db.session(), _organisation_id(), mail_id, current_user().person_id)
    if row is None:
        raise NotFound
    return render_template("mails/show.html", row=row)


def _organisation_id() -> int:
    organisation_id = current_user().organisation_id
    if organisation_id is None:
        raise NotFound
    return organisation_id
