"""The application factory."""

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate

from idp.adapters.clock import utc_now
from idp.config import PROJECT_ROOT, Settings, load_settings
from idp.database import db, init_database
from idp.migration import MIGRATIONS
from idp.rules.permissions import allowed
from idp.rules.scoring import read_calculation
from idp.rules.terms import Permission
from idp.web import blueprints
from idp.web.attempts import drawn_at, drawn_version
from idp.web.clock import EXTENSION, Clock
from idp.web.errors import init_errors
from idp.web.formats import init_formats
from idp.web.guards import may, refuse_unguarded
from idp.web.labels import colour, is_backward, label, label_of_event
from idp.web.language import chosen_language, init_language
from idp.web.names.bands import band_name
from idp.web.names.scoring import method_name, range_text
from idp.web.navigation import init_navigation
from idp.web.numbers import init_numbers
from idp.web.read_only import ReadOnlyRequests
from idp.web.security import csrf, init_security
from idp.web.session import init_session
from idp.web.throttle import init_throttle
from idp.web.uploads import init_uploads

ONE_HOUR_SECONDS = 3600


def create_app(settings: Settings | None = None, *, clock: Clock = utc_now, testing: bool = False) -> Flask:
    """The web application for these settings (default: the environment's).

    `clock` says the time of every request. With `testing`, an unexpected failure is raised to the test.
    """
    settings = settings or load_settings()
    app = Flask("idp", template_folder=str(PROJECT_ROOT / "templates"), static_folder="static")
    app.config.update(
        TESTING=testing,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        BOOTSTRAP_SERVE_LOCAL=True,
        SEND_FILE_MAX_AGE_DEFAULT=ONE_HOUR_SECONDS,
    )
    app.extensions[EXTENSION] = clock
    app.extensions["settings"] = settings
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    init_database(app)
    Migrate(app, db, directory=str(MIGRATIONS))
    init_security(app, settings)
    init_uploads(app)  # before whatever reads the form
    init_session(app, settings)
    csrf.init_app(app)  # after the session: also the page of a refused form shows who is signed in
    init_throttle(app, settings)
    init_language(app)
    init_errors(app)
    Bootstrap5(app)
    init_formats(app)
    init_navigation(app)
    init_numbers(app)
    _init_templates(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    refuse_unguarded(app)
    app.wsgi_app = ReadOnlyRequests(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _init_templates(app: Flask) -> None:
    """What templates may call besides their own context."""
    app.jinja_env.filters.update(
        label=label,
        colour=colour,
        is_backward=is_backward,
        event_label=label_of_event,
        method_name=method_name,
        range_text=range_text,
        band_name=band_name,
        calculation=read_calculation,
    )
    app.jinja_env.globals.update(
        drawn_at=drawn_at,
        drawn_version=drawn_version,
        Permission=Permission,
        allowed=allowed,
        may=may,
        chosen_language=chosen_language,
    )
