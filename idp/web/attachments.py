"""Hand out the files that people handed in, to those who may see what they are about."""

from flask import Blueprint, current_app, send_file
from werkzeug.wrappers import Response

from idp.adapters.storage import StoredFile
from idp.adapters.storage_choice import storage_for
from idp.database import db
from idp.rules.errors import NotPermitted, NotVisible
from idp.rules.looks import LookKind
from idp.rules.terms import Permission
from idp.services.attachments import load_attachment, record_of
from idp.web import clock
from idp.web.guards import current_actor, guarded
from idp.web.looking import note_look

blueprint = Blueprint("attachments", __name__, url_prefix="/attachments")

SANDBOX = "sandbox; default-src 'none'"
"""Whatever a file holds, a browser that shows it runs nothing and asks for nothing."""


@blueprint.get("/<int:attachment_id>")
@guarded(Permission.DOCUMENT_VIEW)
def download(attachment_id: int) -> Response:
    """The file, always as a download, under the name that it was given."""
    try:
        attachment = load_attachment(db.session(), current_actor(), attachment_id, clock.today())
    except NotPermitted as error:
        raise NotVisible from error  # that there is a scan is part of what may not be seen
    storage = storage_for(current_app.extensions["settings"])
    file = storage.open_whole(attachment.storage_key, StoredFile(attachment.size, attachment.sha256))
    note_look(*record_of(db.session(), attachment), LookKind.ATTACHMENT)
    response = send_file(
        file,
        mimetype=attachment.media_type,
        as_attachment=True,
        download_name=attachment.filename,
        max_age=0,
    )
    response.headers["Content-Length"] = str(attachment.size)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
