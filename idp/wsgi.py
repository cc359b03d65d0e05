"""The application as a web server loads it: `gunicorn idp.wsgi:app`."""

from idp.app import create_app

app = create_app()
