"""Hand mails over: to an SMTP server, or into a folder of .eml files on the embedded default.

A hand-over has two steps, so that the outbox can write down the moment between them: `begin` does all that
may safely be repeated (connect, MAIL, RCPT), `finish` gives the text away. After `begin` nothing has been
sent; when `finish` raises HandoverUncertain nobody knows.
"""

from __future__ import annotations

import contextlib
import os
import re
import smtplib
import ssl
import tempfile
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20.0
PERMANENT = 500
SERVICE_CLOSING = 421
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class MailError(Exception):
    """A hand-over did not happen; the text says why, for HR to read."""


class MailDeferred(MailError):
    """Not now (an answer 4xx): to be tried again later."""


class ServerUnreachable(MailDeferred):
    """No mail can be handed over at the moment, whoever it is to."""


class MailRefused(MailError):
    """Never in this form (an answer 5xx, an address that is none)."""


class HandoverUncertain(MailError):
    """Cut off after the text was given away: it may have been sent, or not."""


class Handover(Protocol):
    """One mail whose addresses were accepted and whose text was not yet given away."""

    def finish(self) -> None:
        """Give the text away. Raises MailDeferred, MailRefused, HandoverUncertain."""

    def abandon(self) -> None:
        """Let it be; nothing is sent."""


class Mailer(Protocol):
    """Where mails go."""

    def begin(self, message: EmailMessage) -> Handover:
        """Do all that may be repeated. Raises MailDeferred, ServerUnreachable, MailRefused."""

    def close(self) -> None:
        """End the connection."""


@dataclass(frozen=True)
class Letter:
    """What is written on one mail. `message_id` without brackets; the same row always has the same."""

    sender: str
    sender_name: str
    address: str
    recipient_name: str
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime


def build_message(letter: Letter) -> EmailMessage:
    """The mail as it goes over the wire; equal letters give equal bytes.

    Raises MailRefused for an address that is none.
    """
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(letter.sender_name, addr_spec=letter.sender)
        message["To"] = Address(letter.recipient_name, addr_spec=letter.address)
        message["Subject"] = letter.subject
        message["Message-ID"] = f"<{letter.message_id}>"
    except Exception as error:  # the header parser raises many kinds, also IndexError, for odd addresses
        raise MailRefused(f"address: {error}") from error
    message["Date"] = format_datetime(letter.date)
    message["Auto-Submitted"] = "auto-generated"  # no out-of-office answers, please
    message.set_content(letter.text, cte="base64")
    message.add_alternative(letter.html, subtype="html", cte="base64")
    message.set_boundary(re.sub(r"[^A-Za-z0-9-]", "-", f"=-{letter.message_id}")[:70])
    return message


def mailer_for(mail_url: str, timeout: float = TIMEOUT_SECONDS) -> Mailer:
    """The mailer that a `mail_url` (smtp://, smtps://, folder:) names. Raises ValueError for any other."""
    parts = urlsplit(mail_url)
    if parts.scheme == "folder":
        return FolderMailer(Path(unquote(mail_url.removeprefix("folder:"))))
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        return SmtpMailer(
            parts.hostname,
            parts.port or (465 if parts.scheme == "smtps" else 25),
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            implicit_tls=parts.scheme == "smtps",
            timeout=timeout,
        )
    raise ValueError("mail_url: smtp://, smtps:// or folder: is expected")


class FolderMailer:
    """Writes each mail as one .eml file, complete or not at all, named by its Message-ID."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, message: EmailMessage) -> Handover:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ServerUnreachable(f"folder: {error}") from error
        return _File(self.folder, message)

    def close(self) -> None:
        pass


class _File:
    def __init__(self, folder: Path, message: EmailMessage) -> None:
        self.folder, self.message = folder, message

    def finish(self) -> None:
        name = re.sub(r"[^A-Za-z0-9.@-]", "_", str(self.message["Message-ID"]).strip("<>")) + ".eml"
        draft = ""
        try:
            handle, draft = tempfile.mkstemp(dir=self.folder, prefix=".draft-")
            with os.fdopen(handle, "wb") as file:
                file.write(self.message.as_bytes())
            os.replace(draft, self.folder / name)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.unlink(draft)
            raise MailDeferred(f"folder: {error}") from error

    def abandon(self) -> None:
        pass


class SmtpMailer:
    """One SMTP server, over a connection that is kept while it works.

    Where the server offers STARTTLS it is used, except on this machine; a password is never sent in the clear
    to another machine.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        username: str = "",
        password: str = "",
        implicit_tls: bool = False,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self.host, self.port, self.timeout = host, port, timeout
        self.username, self.password, self.implicit_tls = username, password, implicit_tls
        self._connection: smtplib.SMTP | None = None

    def begin(self, message: EmailMessage) -> Handover:
        connection = self._connected()
        try:
            self._answer(connection.mail(message["From"].addresses[0].addr_spec), ServerUnreachable)
            self._answer(connection.rcpt(message["To"].addresses[0].addr_spec), MailDeferred)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise ServerUnreachable(_reason(error)) from error
        return _Transaction(self, connection, message)

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()  # without QUIT: a server that hangs must not hold us

    def _connected(self) -> smtplib.SMTP:
        """The open connection, reset, or a new one. Raises ServerUnreachable."""
        if self._connection is not None:
            try:
                if self._connection.rset()[0] == 250:
                    return self._connection
            except (OSError, smtplib.SMTPException):
                pass
            self.close()
        try:
            self._connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise ServerUnreachable(_reason(error)) from error
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        connection: smtplib.SMTP
        if self.implicit_tls:
            connection = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            code, answer = connection.ehlo()
            if code >= 400:
                raise smtplib.SMTPHeloError(code, answer)
            encrypted = self.implicit_tls
            if not encrypted and self.host not in LOOPBACK and connection.has_extn("starttls"):
                connection.starttls(context=context)
                encrypted = True
            if self.username:
                if not encrypted and self.host not in LOOPBACK:
                    raise smtplib.SMTPException("no encryption offered, so no password is sent")
                connection.login(self.username, self.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _answer(self, answer: tuple[int, bytes], temporary: type[MailDeferred]) -> None:
        """Raise what a refusal by MAIL, RCPT or DATA means; a server that says farewell is left."""
        code, text = answer
        if 200 <= code < 400:
            return
        reason = f"{code} {text.decode('utf-8', 'replace')}"
        if code == SERVICE_CLOSING:
            self.close()
            raise ServerUnreachable(reason)
        raise (MailRefused if code >= PERMANENT else temporary)(reason)


class _Transaction:
    """MAIL and RCPT were accepted; DATA is left."""

    def __init__(self, mailer: SmtpMailer, connection: smtplib.SMTP, message: EmailMessage) -> None:
        self.mailer, self.connection, self.message = mailer, connection, message

    def finish(self) -> None:
        try:
            answer = self.connection.data(self.message.as_bytes())
        except smtplib.SMTPDataError as error:  # the server would not even take the text
            answer = (error.smtp_code, _bytes(error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            self.mailer.close()
            raise HandoverUncertain(_reason(error)) from error
        self.mailer._answer(answer, MailDeferred)

    def abandon(self) -> None:
        self.mailer.close()


def _reason(error: Exception) -> str:
    """What happened, in one line. smtplib's answers keep their code."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_bytes(error.smtp_error).decode('utf-8', 'replace')}"
    return f"{type(error).__name__}: {error}"


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
