"""The files that go with imports: to fill in, to begin from, to mend, and the one that was handed in."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, current_app, request, send_file
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from idp.adapters.spreadsheets import TableFormat
from idp.adapters.storage import StorageError
from idp.adapters.storage_choice import storage_for
from idp.database import db
from idp.queries.imports import rows_to_mend
from idp.rules.errors import InvalidInput, NotVisible
from idp.rules.terms import Permission
from idp.services.imports import tables
from idp.services.imports.intake import load_import
from idp.services.imports.kind import Scope
from idp.services.imports.registry import kind_of
from idp.web import clock
from idp.web.guards import current_actor, current_user, guarded
from idp.web.import_view import (
    asked_kind,
    described,
    form_page,
    kind_name,
    line_of,
    organisation_id,
    words,
)
from idp.web.language import name_of
from idp.web.messages import message_of

blueprint = Blueprint("import_files", __name__, url_prefix="/imports")


@blueprint.get("/templates/<import_kind>")
@guarded(Permission.IMPORT_RUN)
def template(import_kind: str) -> Response:
    """An empty workbook with an example row and the allowed values."""
    kind = asked_kind(import_kind)
    content = tables.template(kind, _scope({}), words())
    return _download(content, f"{_('แบบนำเข้า')}_{kind_name(kind)}.xlsx", TableFormat.XLSX)


@blueprint.get("/export/<import_kind>")
@guarded(Permission.IMPORT_RUN)
def export(import_kind: str) -> Response:
    """What stands there now, in the columns in which it can be handed in again."""
    kind = asked_kind(import_kind)
    asked = {each.key: request.args.get(each.key, "") for each in kind.parameters}
    wanted = request.args.get("format", "")
    form = TableFormat(wanted) if wanted in set(TableFormat) else TableFormat.XLSX
    try:
        parameters = kind.checked_parameters(db.session(), current_actor(), asked, clock.today())
    except InvalidInput as refusal:
        return form_page(kind, asked, {refusal.field: message_of(refusal)}, 422)
    content = tables.export(kind, _scope(parameters), form, name_of)
    named = name_of(parameters["about_th"], parameters["about_en"])
    name = "_".join(each for each in (kind_name(kind), named) if each)
    return _download(content, f"{name}.{form.value}", form)


@blueprint.get("/<int:import_id>/refused")
@guarded(Permission.IMPORT_RUN)
def refused(import_id: int) -> Response:
    """The rows that need mending, as they were written, with what is wrong."""
    load_import(db.session(), current_actor(), import_id, clock.now())
    line = line_of(import_id)
    kind = kind_of(line.kind)
    rows = rows_to_mend(db.session(), import_id, current_user().person_id)
    content = tables.rows_to_mend(kind, line.header, rows, lambda row: described(kind, row), name_of)
    stem = line.filename.rpartition(".")[0]
    return _download(content, f"{stem}_{_('ต้องแก้ไข')}.xlsx", TableFormat.XLSX)


@blueprint.get("/<int:import_id>/file")
@guarded(Permission.IMPORT_RUN)
def original(import_id: int) -> Response:
    """The file as it was handed in, for who handed it in: it may hold what is not for other officers yet."""
    handed = load_import(db.session(), current_actor(), import_id, clock.now())
    if handed.person_id != current_user().person_id:
        raise NotVisible
    storage = storage_for(current_app.extensions["settings"])
    try:
        file = storage.open(handed.storage_key)
    except StorageError as error:
        current_app.logger.error("import %s: %s", import_id, error)
        raise NotFound from error
    with file:
        content = file.read()
    form = TableFormat.XLSX if handed.storage_key.endswith("xlsx") else TableFormat.CSV
    return _download(content, handed.filename, form)


def _scope(parameters: dict[str, Any]) -> Scope:
    return Scope(db.session(), current_actor(), organisation_id(), parameters, clock.now())


def _download(content: bytes, name: str, form: TableFormat) -> Response:
    response = send_file(
        BytesIO(content), mimetype=form.media_type, as_attachment=True, download_name=name, max_age=0
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
