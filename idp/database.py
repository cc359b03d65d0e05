"""The database of the web application: Flask-SQLAlchemy's session around models that know no Flask.

The extension gets the models' metadata rather than their base: given the base, it would copy it, and
SQLAlchemy 2.1
refuses the copy (the base has a registry of its own by then). `db.Model` is not used.
"""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from idp.models.base import Base
from idp.models.engine import add_listeners

db = SQLAlchemy(metadata=Base.metadata)


def init_database(app: Flask) -> None:
    """Connect `db` to the application's database; one transaction a request, committed by the view alone."""
    # A database that is started anew cuts the connections at rest: they are tried before they are used.
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"pool_pre_ping": True})
    db.init_app(app)
    with app.app_context():
        add_listeners(db.engine)
