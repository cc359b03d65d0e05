"""Hand out made documents to those who may see what they are about."""

from flask import Blueprint, current_app, send_file
from werkzeug.wrappers import Response

from idp.adapters.storage import StoredFile
from idp.adapters.storage_choice import storage_for
from idp.database import db
from idp.rules.terms import Permission
from idp.services.documents import load_document
from idp.web import clock
from idp.web.guards import current_actor, guarded
from idp.web.looking import note_document

blueprint = Blueprint("documents", __name__, url_prefix="/documents")


@blueprint.get("/<int:document_id>")
@guarded(Permission.DOCUMENT_VIEW)
def download(document_id: int) -> Response:
    """The file, always as a download, under its Thai name."""
    document = load_document(db.session(), current_actor(), document_id, clock.today())
    storage = storage_for(current_app.extensions["settings"])
    file = storage.open_whole(document.storage_key, StoredFile(document.size, document.sha256))
    note_document(document, file)
    response = send_file(
        file, mimetype=document.media_type, as_attachment=True, download_name=document.filename, max_age=0
    )
    response.headers["Content-Length"] = str(document.size)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
