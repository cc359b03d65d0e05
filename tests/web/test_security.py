"""Headers, hosts, proxies, cookies; and pages without inline script or style."""

import re
from pathlib import Path

import pytest

from idp.app import create_app
from idp.config import PROJECT_ROOT, load_settings
from tests.factories.website import Website

TEMPLATES = sorted(
    path
    for path in (PROJECT_ROOT / "templates").rglob("*.html")
    if not {"pdf", "emails"} & set(path.relative_to(PROJECT_ROOT / "templates").parts)
)
PRODUCTION = {
    "IDP_ENVIRONMENT": "production",
    "IDP_BASE_URL": "https://idp.agency.go.th",
    "IDP_SECRET_KEY": "kQ8vN2xR7mT4bW9zL5cF1hJ6pS3dG0yA",
    "IDP_MAIL_URL": "smtp://mail.agency.go.th",
    "IDP_PROXY_HOPS": "1",
}


def test_every_answer_carries_the_headers(website: Website) -> None:
    for address in ("/login", "/nothing", "/healthz", "/static/css/site.css"):
        with website.anonymous().get(address) as response:
            headers = response.headers
        policy = headers["Content-Security-Policy"]
        for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"):
            assert rule in policy
        assert "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers, "only over https"
        assert re.fullmatch(r"[0-9a-f]{16}", headers["X-Request-ID"])


def test_a_page_of_somebody_is_kept_by_no_cache(website: Website) -> None:
    assert website.sign_in("somchai").get("/account/password").headers["Cache-Control"] == "no-store"


def test_a_host_that_is_not_ours_is_refused(website: Website) -> None:
    response = website.anonymous().get("/healthz", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.text


def production_client(tmp_path: Path, **more: str):  # type: ignore[no-untyped-def]
    environ = {**PRODUCTION, "IDP_DATA_DIR": str(tmp_path), **more}
    return create_app(load_settings(environ)).test_client()


def test_behind_a_proxy_cookies_are_for_https_and_this_host_alone(tmp_path: Path) -> None:
    client = production_client(tmp_path)
    assert client.application.config["IDP_SESSION_COOKIE"] == "__Host-session"
    headers = {"Host": "idp.agency.go.th", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    response = client.get("/login", headers=headers)
    cookie = response.headers["Set-Cookie"]
    assert (
        cookie.startswith("__Host-") and "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie
    )
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_the_proxy_names_the_request_and_nobody_else_does(tmp_path: Path, website: Website) -> None:
    named = {"X-Request-ID": "proxy-request-0001"}
    client = production_client(tmp_path)
    behind = {**named, "Host": "idp.agency.go.th", "X-Forwarded-Proto": "https"}
    assert client.get("/login", headers=behind).headers["X-Request-ID"] == "proxy-request-0001"
    assert (
        client.get("/login", headers={**behind, "X-Request-ID": "a b\t<"}).headers["X-Request-ID"] != "a b\t<"
    )
    assert website.anonymous().get("/login", headers=named).headers["X-Request-ID"] != "proxy-request-0001"


def test_forwarded_headers_count_only_where_a_proxy_is_named(website: Website) -> None:
    spoofed = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    response = website.anonymous().get("/login", headers=spoofed)
    assert response.status_code == 200
    assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PROJECT_ROOT)))
def test_no_template_has_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "<style" not in text
    assert not re.search(r"<[^>{]*\s(style|on[a-z]+)=", text)
    assert "javascript:" not in text
    assert "|safe" not in text.replace(" ", "")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PROJECT_ROOT)))
def test_every_form_that_changes_something_carries_its_token(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL):
        if re.search(r'method="post"', form, re.IGNORECASE):
            assert re.search(r"csrf|record_fields|hidden_tag", form), form[:200]
