"""An object storage that speaks as much of S3 as the product uses, over real HTTP, in a thread.

It checks what a real one checks: the signature of each request, the hash of what is uploaded, and that the
bucket is there. Lists come in pages of two, so that the second page is always asked for.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY_ID, SECRET, REGION, BUCKET = "IDPTESTKEY", "kQ7-Zt1XwB7mN5rLp0sYd8fHc2gJ6uA", "us-east-1", "idp-documents"
PAGE = 2


@dataclass
class StoredObject:
    content: bytes
    metadata: dict[str, str]
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class ObjectServer(ThreadingHTTPServer):
    """Use as a context manager. `objects`: by key; `breaks`: what is sent breaks off in the middle;
    `refuses`: every request is answered with 503."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, StoredObject] = {}
        self.breaks = self.refuses = False
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> ObjectServer:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: ObjectServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_words: object) -> None:
        pass

    def do_GET(self) -> None:
        if (key := self._key()) == "":
            self._list()
        elif key is not None:
            self._send(self._object(key))

    def do_HEAD(self) -> None:
        if (key := self._key()) is not None:
            self._send(self._object(key), with_content=False)

    def do_PUT(self) -> None:
        length = int(self.headers["Content-Length"])
        content = self.rfile.read(length)
        key = self._key(content)
        if key is None:
            return
        named = {name.lower(): value for name, value in self.headers.items()}
        kept = {name[11:]: value for name, value in named.items() if name.startswith("x-amz-meta-")}
        self.server.objects[key] = StoredObject(content, kept)
        self._answer(200, b"", ETag=f'"{hashlib.md5(content).hexdigest()}"')

    def do_DELETE(self) -> None:
        if (key := self._key()) is not None:
            self.server.objects.pop(key, None)
            self._answer(204, b"")

    def _object(self, key: str) -> StoredObject | None:
        found = self.server.objects.get(key)
        if found is None:
            self._error(404, "NoSuchKey")
        return found

    def _send(self, found: StoredObject | None, *, with_content: bool = True) -> None:
        if found is None:
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(found.content)))
        self.send_header("Last-Modified", format_datetime(found.at, usegmt=True))
        self.send_header("ETag", f'"{hashlib.md5(found.content).hexdigest()}"')
        for name, value in found.metadata.items():
            self.send_header(f"x-amz-meta-{name}", value)
        self.end_headers()
        if with_content and self.server.breaks:
            self.wfile.write(found.content[: len(found.content) // 2])
            self.close_connection = True
        elif with_content:
            self.wfile.write(found.content)

    def _list(self) -> None:
        asked = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        prefix, delimiter = asked.get("prefix", ""), asked.get("delimiter", "")
        after = asked.get("continuation-token", "")
        entries: dict[str, str] = {}
        for key in sorted(self.server.objects):
            rest = key.removeprefix(prefix)
            if not key.startswith(prefix):
                continue
            if delimiter and delimiter in rest:
                folder = prefix + rest.split(delimiter)[0] + delimiter
                entries[folder] = f"<CommonPrefixes><Prefix>{escape(folder)}</Prefix></CommonPrefixes>"
            else:
                at = self.server.objects[key].at.isoformat().replace("+00:00", "Z")
                entries[key] = (
                    f"<Contents><Key>{escape(key)}</Key><LastModified>{at}</LastModified></Contents>"
                )
        names = [name for name in entries if name > after][: PAGE + 1]
        page, is_cut = names[:PAGE], len(names) > PAGE
        following = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if is_cut else ""
        body = "".join(entries[name] for name in page)
        cut = str(is_cut).lower()
        text = f"<ListBucketResult><IsTruncated>{cut}</IsTruncated>{following}{body}</ListBucketResult>"
        self._answer(200, text.encode())

    def _key(self, content: bytes = b"") -> str | None:
        """The key that is asked for, "" for the bucket; None when the request was refused."""
        if self.server.refuses:
            self._error(503, "SlowDown")
            return None
        bucket, _, key = unquote(urlsplit(self.path).path).lstrip("/").partition("/")
        said = self.headers.get("x-amz-content-sha256", "")
        if said != hashlib.sha256(content).hexdigest():
            self._error(400, "XAmzContentSHA256Mismatch")
        elif not self._is_signed(said):
            self._error(403, "SignatureDoesNotMatch")
        elif bucket != BUCKET:
            self._error(404, "NoSuchBucket")
        else:
            return key
        return None

    def _is_signed(self, content_hash: str) -> bool:
        """Signature version 4, as its description says."""
        method, _, rest = self.headers.get("Authorization", "").partition(" ")
        parts = dict(each.strip().split("=", 1) for each in rest.split(",")) if rest else {}
        credential = parts.get("Credential", "").split("/")
        if method != "AWS4-HMAC-SHA256" or credential[:1] != [KEY_ID] or credential[2:3] != [REGION]:
            return False
        split = urlsplit(self.path)
        query = sorted(parse_qsl(split.query, keep_blank_values=True))
        signed = parts["SignedHeaders"].split(";")
        canonical = "\n".join(
            [
                self.command,
                split.path,
                "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in query),
                *(f"{name}:{' '.join((self.headers.get(name) or '').split())}" for name in signed),
                "",
                parts["SignedHeaders"],
                content_hash,
            ]
        )
        scope = "/".join(credential[1:])
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        text = "\n".join(["AWS4-HMAC-SHA256", self.headers["x-amz-date"], scope, hashed])
        key = f"AWS4{SECRET}".encode()
        for part in credential[1:]:
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        expected = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, parts.get("Signature", ""))

    def _error(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode())

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(0 if self.command == "HEAD" else len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(body)
