"""A request that asks cannot change: GET and HEAD run in transactions that only read."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from idp.models.engine import reading

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class ReadOnlyRequests:
    """Wraps the application; the database itself refuses a write of a request that must not write."""

    def __init__(self, application: "WSGIApplication") -> None:
        self.application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("REQUEST_METHOD") not in SAFE_METHODS:
            return self.application(environ, start_response)
        with reading():
            return self.application(environ, start_response)
