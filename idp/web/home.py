"""The page after log-in."""

from flask import Blueprint, render_template

from idp.rules.terms import Permission
from idp.web.guards import guarded

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@guarded(Permission.HOME_VIEW)
def index() -> str:
    """Where everybody begins."""
    return render_template("home/index.html")
