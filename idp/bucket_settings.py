"""Whether the settings of an object storage can be meant: all of them or none, encrypted on the way, with a
secret that is one."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})
BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PLACEHOLDERS: Final = ("change", "secret", "default", "example", "password", "insecure", "minioadmin")
SHORTEST_SECRET: Final = 8


def bucket_problems(endpoint: str, bucket: str, key_id: str, secret: str) -> list[tuple[str, str]]:
    """What is wrong, by the setting's name; nothing where none of them is given."""
    given = {"s3_endpoint": endpoint, "s3_bucket": bucket, "s3_key_id": key_id, "s3_secret": secret}
    if not any(given.values()):
        return []
    problems = [(name, "must be set too") for name, value in given.items() if not value]
    if endpoint:
        problems += [("s3_endpoint", problem) for problem in _of_endpoint(endpoint)]
    if bucket and BUCKET.fullmatch(bucket) is None:
        problems.append(("s3_bucket", "is not the name of a bucket"))
    is_guessed = len(secret) < SHORTEST_SECRET or secret == key_id
    if secret and (is_guessed or any(word in secret.lower() for word in PLACEHOLDERS)):
        problems.append(("s3_secret", "is a placeholder; make one of your own"))
    return problems


def _of_endpoint(endpoint: str) -> Iterator[str]:
    """Without encryption only on this machine, and in a network of containers, whose names have no dot."""
    try:
        address = urlsplit(endpoint)
        host, _port = address.hostname or "", address.port
    except ValueError:
        yield "the host or the port cannot be read"
        return
    if address.scheme not in ("http", "https") or not host or address.query or "@" in address.netloc:
        yield "must be https://HOST"
    elif address.scheme == "http" and host not in LOOPBACK_HOSTS and "." in host:
        yield "must begin with https:// outside this machine"
