"""A throw-away SMTP server that keeps what it is given, and refuses or stalls when a test says so."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, Envelope, Session

Stage = Literal["connect", "mail", "rcpt", "data"]


@dataclass(frozen=True, slots=True)
class Received:
    """One accepted message."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


@dataclass(slots=True)
class _Fault:
    """What goes wrong at a stage: a reply, or no reply (None); `left` times."""

    reply: str | None
    left: int


@dataclass
class _Handler:
    """aiosmtpd's hooks, named as it wants them. No slots: it looks at every attribute."""

    received: list[Received] = field(default_factory=list)
    faults: dict[Stage, _Fault] = field(default_factory=dict)
    attempts: dict[Stage, int] = field(default_factory=dict)

    async def _fault(self, stage: Stage) -> str | None:
        self.attempts[stage] = self.attempts.get(stage, 0) + 1
        fault = self.faults.get(stage)
        if fault is None or fault.left <= 0:
            return None
        fault.left -= 1
        if fault.reply is None:
            await asyncio.Event().wait()  # for ever: the client's own time-out, or `stop`, ends it
        return fault.reply

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        if refusal := await self._fault("connect"):
            return [refusal]
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := await self._fault("mail"):
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := await self._fault("rcpt"):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if refusal := await self._fault("data"):
            return refusal
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return "250 Accepted"


class SmtpServer:
    """Listens on a free port of this machine from the constructor until `stop`."""

    def __init__(self) -> None:
        self._handler = _Handler()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp", daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(30)
        self.host, self.port = self._server.sockets[0].getsockname()[:2]

    @property
    def url(self) -> str:
        """As the setting mail_url has it."""
        return f"smtp://{self.host}:{self.port}"

    @property
    def received(self) -> list[Received]:
        """The accepted messages, in order."""
        return list(self._handler.received)

    def attempts(self, stage: Stage) -> int:
        """How often a client came as far as `stage`."""
        return self._handler.attempts.get(stage, 0)

    def refuse(self, stage: Stage, reply: str = "451 Try again later", times: int = 1_000_000) -> None:
        """Answer the next `times` commands of `stage` with `reply`."""
        self._handler.faults[stage] = _Fault(reply, times)

    def hang(self, stage: Stage, times: int = 1_000_000) -> None:
        """Never answer the next `times` commands of `stage`."""
        self._handler.faults[stage] = _Fault(None, times)

    def behave(self) -> None:
        """Accept everything again."""
        self._handler.faults.clear()

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        def session() -> Any:
            return SMTP(self._handler, hostname="smtp.test", enable_SMTPUTF8=True, loop=self._loop)

        return await self._loop.create_server(session, "127.0.0.1", 0)

    async def _close(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
