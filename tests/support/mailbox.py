"""A mail server that keeps what it is sent."""

import contextlib
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from msgspec import Struct, field


class Mailbox(Struct):
    """Where the server listens and the messages it took, oldest first."""

    host: str = "127.0.0.1"
    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    """Whom the envelope of each message named."""
    refusing: str = ""
    """What to answer instead of taking a message, such as `451 later`."""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        if self.refusing:
            return self.refusing
        self.messages.append(cast(EmailMessage, message_from_bytes(cast(bytes, envelope.content), policy=policy.default)))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"

    @property
    def environment(self) -> dict[str, str]:
        """The hub's settings that send its mail here."""
        return {"STANDARDS_HUB_SMTP_HOST": self.host, "STANDARDS_HUB_SMTP_PORT": str(self.port)}


class _Server(Controller):
    def _trigger_server(self) -> None:
        """Learn which port was free before the controller greets itself there."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextlib.contextmanager
def running_mailbox() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    controller = _Server(mailbox, hostname=mailbox.host, port=0)
    controller.start()
    try:
        mailbox.port = controller.port
        yield mailbox
    finally:
        controller.stop()
