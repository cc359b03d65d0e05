"""Where to go next: a local path only, whatever an address asked for."""

from urllib.parse import urlsplit

from flask import url_for


def local_target(wanted: str | None) -> str:
    """`wanted` when it is a path of this application, else the home page.

    Refused: other hosts in any spelling (`//host`, `/\\host`, `https:host`), control characters, the log-out.
    """
    home = url_for("home.index")
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return home
    if any(ord(character) < 0x20 or ord(character) == 0x7F for character in wanted):
        return home
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path == url_for("auth.log_out"):
        return home
    return wanted
