"""Whether this process can answer: asked by the process that watches it, and by a load balancer."""

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from idp.database import db
from idp.web.guards import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> tuple[Response, int]:
    """200 when the database answers, else 503; says nothing about anybody."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        current_app.logger.exception("the database does not answer")
        return jsonify(status="failing", database="failing"), 503
    return jsonify(status="ok", database="ok"), 200
