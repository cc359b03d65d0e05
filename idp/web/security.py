"""Answers carry the headers that keep a browser from doing what a page never asked for.

Source: OWASP ASVS 5.0, chapter on web front-end security. Scripts and styles come from our own files alone:
no inline script, no style attribute. Bootstrap's style sheet draws its small marks as `data:` pictures.
"""

import re
import secrets

from flask import Flask, Response, abort, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from idp.config import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
LARGEST_REQUEST_BYTES = 16 * 1024 * 1024
MOST_FORM_FIELDS = 5_000  # a rating form of a whole team ticks some hundreds of boxes
LARGEST_FORM_BYTES = 4 * 1024 * 1024
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

csrf = CSRFProtect()


def init_security(app: Flask, settings: Settings) -> None:
    """Hosts answered to, proxies believed, sizes, headers on every answer."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES,
        MAX_FORM_PARTS=MOST_FORM_FIELDS,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form open for an afternoon is still accepted
        PREFERRED_URL_SCHEME="https" if settings.secure_cookies else "http",
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    behind_proxy = settings.proxy_hops > 0
    app.before_request(lambda: _name_request(behind_proxy))
    app.before_request(_refuse_null_in_address)
    app.after_request(_add_headers)


def _name_request(behind_proxy: bool) -> None:
    """The proxy's name for the request where there is a proxy, else one of our own."""
    given = request.headers.get("X-Request-ID", "") if behind_proxy else ""
    g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _refuse_null_in_address() -> None:
    """Nobody types U+0000 into an address, and PostgreSQL takes no question that holds one. What a form holds
    is refused at its field (`rules.texts`)."""
    asked = (request.path, *request.args, *(text for texts in request.args.listvalues() for text in texts))
    if any("\x00" in text for text in asked):
        abort(400)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if g.get("signed_in") is not None:
        response.headers.setdefault("Cache-Control", "no-store")  # a shared computer keeps no page of anybody
    response.headers["X-Request-ID"] = g.get("request_id", "")
    return response
