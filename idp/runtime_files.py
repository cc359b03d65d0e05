"""Private files and folders of a running deployment: its secret, its folder of unix sockets."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
import tempfile
from pathlib import Path
from typing import Final

LONGEST_SOCKET_PATH: Final = 100
"""Bytes. The kernel's limit is 107; some room is left for temporary names put beside a socket."""

LONGEST_SOCKET_NAME: Final = len("/redis.sock")


def kept_secret(path: Path) -> str:
    """The secret in `path`, made on first use. Two processes starting at once get the same one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mkstemp makes it mode 600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as draft:
                draft.write(secrets.token_urlsafe(48))
            # A link, unlike a rename, fails when another process was first: its secret stands.
            with contextlib.suppress(FileExistsError):
                os.link(name, path)
        finally:
            os.unlink(name)
    return path.read_text(encoding="utf-8").strip()


def socket_dir(data_dir: Path) -> Path:
    """Folder for the unix sockets of the deployment kept in `data_dir`; the same for every process of it.

    Unix socket paths are limited to about 107 bytes: under a deep data_dir the sockets live in the user's
    runtime folder, else in the temporary one, under a name derived from data_dir. Nothing is created here.
    """
    inside = data_dir / "run"
    if _fits(inside):
        return inside
    # The real path, so that two ways of naming one folder lead to one socket.
    name = f"idp-{os.getuid()}-{hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]}"
    places = (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp")
    return next(
        (Path(place, name) for place in places if place and _fits(Path(place, name))), Path("/tmp", name)
    )


def make_private_dir(path: Path) -> None:
    """Create `path` for this user alone (mode 700).

    Raises PermissionError when it is somebody else's or a link.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(f"{path} is not a folder of this user")
    path.chmod(0o700)


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) + LONGEST_SOCKET_NAME <= LONGEST_SOCKET_PATH
