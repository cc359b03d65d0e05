"""Guessing passwords is slowed down, by address and by account; counted in Redis, in memory when it is
away.
"""

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from idp.config import Settings
from idp.services.accounts import LONGEST_LOGIN, normalised_login

# A whole office may share one address: only failures count.
FAILURES_BY_ADDRESS = "60 per 15 minutes"
FAILURES_BY_ACCOUNT = "10 per 15 minutes"

limiter = Limiter(get_remote_address)


def init_throttle(app: Flask, settings: Settings) -> None:
    """Count in the deployment's Redis."""
    app.config.update(
        # A fixed window would forgive every failure at once on the quarter of the hour.
        RATELIMIT_STRATEGY="moving-window",
        RATELIMIT_STORAGE_URI=settings.limiter_url,
        RATELIMIT_STORAGE_OPTIONS={"socket_connect_timeout": 2, "socket_timeout": 2},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_KEY_PREFIX="idp-throttle",
        RATELIMIT_HEADERS_ENABLED=True,
    )
    limiter.init_app(app)


def tried_login() -> str:
    """The account that a log-in form names, whether it exists or not."""
    return "login:" + normalised_login(request.form.get("login", ""))[:LONGEST_LOGIN]


def has_failed(response: Response) -> bool:
    """A log-in that succeeds leads on to a page; everything else is a failure."""
    return response.status_code not in (302, 303)
