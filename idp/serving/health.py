"""Does the web server answer? Containers ask with ``python -m idp.serving.health``."""

from __future__ import annotations

import http.client
import sys

from idp.config import ConfigurationError, Settings, load_settings


def is_healthy(settings: Settings, host: str, port: int) -> bool:
    """True when the web server listening on `host` and `port` of this machine answers /healthz with 200."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(reachable, port, timeout=2.0)
    try:
        # Whatever the address asked, the name must be one that the app answers to.
        connection.request("GET", "/healthz", headers={"Host": settings.trusted_hosts[0]})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> int:
    """Exit code 0 when healthy, 1 when not, 2 when the settings are wrong."""
    try:
        settings = load_settings()
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if is_healthy(settings, settings.host, settings.port) else 1


if __name__ == "__main__":
    sys.exit(main())
