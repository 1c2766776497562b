"""Mail: through a real SMTP server, once, and readable where there is none."""

import email
import email.policy
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from msgspec.structs import replace

from standards_hub.kernel import jobs, mail
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import BadInput, Conflict
from standards_hub.kernel.jobs import queue
from standards_hub.kernel.work import Hub

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


class Postbox:
    """Takes every mail, once `refusing` is false."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusing = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refusing:
            return "451 later"
        made = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(made, EmailMessage)
        self.mails.append(made)
        return "250 OK"


def free_port() -> int:
    """A port nobody listens on; the test server wants to be told one."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def smtp(postbox: Postbox) -> Iterator[mail.Smtp]:
    port = free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield mail.Smtp("127.0.0.1", port, "标准平台 <hub@example.org>")
    controller.stop()


async def write(
    hub: Hub, to: str | None = "li@example.org", subject: str = "意见征求将于三日后截止", body: str = "请处理。", key: str = "k"
) -> None:
    async with hub.work(SYSTEM) as work:
        await mail.enqueue(work, to, subject, body, key=key)
        await work.commit()


async def kept(hub: Hub) -> list[tuple[str, str]]:
    async with hub.database.read() as connection:
        return [(m.recipient, m.state) for m in await mail.outbox(connection)]


async def test_a_mail_arrives_once_in_chinese_with_its_headers(hub: Hub, smtp: mail.Smtp, postbox: Postbox) -> None:
    body = "“氢能”标准编制组：\n\n请于 2026 年 11 月 3 日前处理。\n" + "长" * 3000
    for _ in range(2):
        await write(hub, body=body)
    assert (await jobs.drain(hub, smtp)).errors == []
    (found,) = postbox.mails
    assert (found["to"], found["from"], found["subject"]) == ("li@example.org", "标准平台 <hub@example.org>", "意见征求将于三日后截止")
    assert found["auto-submitted"] == "auto-generated"
    assert found["message-id"].endswith("@example.org>")
    assert found["date"].datetime
    assert found.get_content_type() == "text/plain" and found.get_content_charset() == "utf-8"
    assert found.get_content().replace("\r\n", "\n").rstrip("\n") == body
    assert await kept(hub) == [("li@example.org", "sent")]


async def test_nothing_is_sent_for_work_that_was_not_committed(hub: Hub, smtp: mail.Smtp, postbox: Postbox) -> None:
    async with hub.work(SYSTEM) as work:
        await mail.enqueue(work, "li@example.org", "主题", "正文", key=None)
    await jobs.drain(hub, smtp)
    assert (postbox.mails, await kept(hub)) == ([], [])


async def test_a_refused_mail_is_tried_again(hub: Hub, smtp: mail.Smtp, postbox: Postbox) -> None:
    postbox.refusing = True
    await write(hub)
    (error,) = (await jobs.drain(hub, smtp)).errors
    assert "451" in error
    assert await kept(hub) == [("li@example.org", "waiting")]
    async with hub.database.read() as connection:
        (job,) = await jobs.jobs(connection)
    assert (job.state, job.attempts) == ("waiting", 1)


async def test_without_a_server_mails_are_kept_and_can_be_sent_later(hub: Hub, smtp: mail.Smtp, postbox: Postbox) -> None:
    await write(hub)
    await write(hub, to=None, key="other")
    assert (await jobs.drain(hub)).errors == []
    assert sorted(await kept(hub)) == [("", "no-address"), ("li@example.org", "unconfigured")]
    async with hub.work(SYSTEM) as work:
        (mine,) = await mail.outbox(work.connection, state="unconfigured")
        await mail.send_again(work, mine.id)
        with pytest.raises(Conflict):
            await mail.send_again(work, mine.id)
        await work.commit()
    await jobs.drain(hub, smtp)
    assert len(postbox.mails) == 1
    assert str(mine.id) in postbox.mails[0]["message-id"]


async def test_a_mail_says_how_often_it_was_tried_why_it_waits_and_until_when(hub: Hub, smtp: mail.Smtp, postbox: Postbox) -> None:
    await write(hub)
    async with hub.database.read() as connection:
        (fresh,) = await mail.outbox(connection)
    postbox.refusing = True
    await jobs.drain(hub, smtp)
    async with hub.database.read() as connection:
        (tried,) = await mail.outbox(connection, state="waiting")
        (job,) = await jobs.jobs(connection)
    assert (fresh.tries, fresh.error, fresh.next_try) == (0, None, None)
    assert (tried.tries, tried.next_try) == (1, job.due_at) and "451" in str(tried.error)


async def give_up(hub: Hub) -> None:
    """Let every mail that waits have had its last try."""
    async with hub.database.write() as connection:
        await connection.execute(
            sa.update(queue.TABLE).where(queue.TABLE.c.state == "waiting").values(state="failed", error="451", attempts=5)
        )
        await connection.commit()


async def test_all_mails_that_no_try_could_send_or_that_were_kept_are_sent_at_once(hub: Hub, smtp: mail.Smtp, postbox: Postbox) -> None:
    for key in ("one", "two"):
        await write(hub, key=key)
    async with hub.work(SYSTEM) as work:
        await mail.enqueue(work, "li@example.org", "邀请", "链接 secret", key="three", secret="secret")
        await work.commit()
    await write(hub, to=None, key="four")
    await jobs.drain(hub)  # no server is configured
    await write(hub, key="five")
    await give_up(hub)
    async with hub.work(SYSTEM) as work:
        counts = await mail.counts(work.connection)
        assert await mail.sendable(work.connection) == {"failed": 1, "unconfigured": 2}  # not the one whose secret was not kept
        assert [m.state for m in await mail.outbox(work.connection, state="failed")] == ["failed"]
        assert await mail.outbox(work.connection, state="waiting") == []
        assert await mail.send_all_again(work, "failed") == 1
        assert await mail.send_all_again(work) == 2
        await work.commit()
    assert counts == {"waiting": 0, "failed": 1, "sent": 0, "unconfigured": 3, "no-address": 1}
    assert (await jobs.drain(hub, smtp)).errors == []
    assert [found["subject"] for found in postbox.mails] == ["意见征求将于三日后截止"] * 3
    async with hub.work(SYSTEM) as work:
        assert await mail.send_all_again(work) == 0


async def test_a_mail_that_is_sent_again_tells_of_its_tries_too(hub: Hub, smtp: mail.Smtp, postbox: Postbox) -> None:
    await write(hub)
    await jobs.drain(hub)
    postbox.refusing = True
    async with hub.work(SYSTEM) as work:
        await mail.send_all_again(work)
        await work.commit()
    await jobs.drain(hub, smtp)
    await give_up(hub)
    async with hub.work(SYSTEM) as work:
        (kept,) = await mail.outbox(work.connection)
        assert (kept.state, kept.tries, kept.error) == ("failed", 5, "451")
        await mail.send_again(work, kept.id)
        await work.commit()
    postbox.refusing = False
    assert (await jobs.drain(hub, smtp)).errors == [] and len(postbox.mails) == 1


@pytest.mark.parametrize(
    ("to", "subject", "where"),
    [
        ("li@example.org\r\nBcc: all@example.org", "主题", "to"),
        ("li@example.org, wang@example.org", "主题", "to"),
        ("李四@example.org", "主题", "to"),
        ("example.org", "主题", "to"),
        ("li@example.org", "主题\nBcc: all@example.org", "subject"),
        ("li@example.org", "长" * 401, "subject"),
    ],
)
async def test_what_would_break_out_of_a_header_is_refused(hub: Hub, to: str, subject: str, where: str) -> None:
    with pytest.raises(BadInput) as caught:
        await write(hub, to=to, subject=subject)
    assert [unmet.where for unmet in caught.value.unmet] == [where]
    assert await kept(hub) == []


async def test_a_server_that_wants_a_password_gets_it(hub: Hub, postbox: Postbox) -> None:
    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"hub", b"secret"), handled=False)

    port = free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port, authenticator=authenticate, auth_require_tls=False)
    controller.start()
    await write(hub)
    errors = (await jobs.drain(hub, mail.Smtp("127.0.0.1", port, user="hub", password="wrong"))).errors
    assert "535" in errors[0]
    await write(hub, key="second")
    assert (await jobs.drain(hub, mail.Smtp("127.0.0.1", port, user="hub", password="secret"))).errors == []
    controller.stop()
    assert len(postbox.mails) == 1


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key in the same file."""
    made, name = tmp_path / "server.pem", ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run(
        ["openssl", "req", "-x509", *kind, *name, "-keyout", made, "-out", tmp_path / "cert.pem"], check=True, capture_output=True
    )
    made.write_text(made.read_text() + (tmp_path / "cert.pem").read_text())
    return made


@pytest.fixture
def encrypting(postbox: Postbox, certificate: Path) -> Iterator[mail.Smtp]:
    """A server that takes mail and passwords over TLS only, and the settings that use it."""

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=session.ssl is not None and (data.login, data.password) == (b"hub", b"secret"), handled=False)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    port = free_port()
    controller = Controller(
        postbox, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True, authenticator=authenticate, auth_required=True
    )
    controller.start()
    yield mail.Smtp("127.0.0.1", port, user="hub", password="secret", starttls=True)
    controller.stop()


async def test_over_starttls_the_password_and_the_mail_are_encrypted(
    hub: Hub, encrypting: mail.Smtp, postbox: Postbox, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    await write(hub)
    assert (await jobs.drain(hub, encrypting)).errors == []
    assert await kept(hub) == [("li@example.org", "sent")] and len(postbox.mails) == 1
    with pytest.raises(smtplib.SMTPException, match="530"):  # the server does want TLS
        replace(encrypting, user="", starttls=False).send(mail.message("x", "li@example.org", "s", "b", sender="hub@example.org", at=NOON))


async def test_a_server_whose_certificate_nobody_vouches_for_gets_neither_password_nor_mail(
    hub: Hub, encrypting: mail.Smtp, postbox: Postbox
) -> None:
    await write(hub)
    assert "certificate verify failed" in (await jobs.drain(hub, encrypting)).errors[0]
    assert await kept(hub) == [("li@example.org", "waiting")] and postbox.mails == []


async def test_a_server_that_cannot_encrypt_gets_nothing_where_starttls_is_asked_for(hub: Hub, smtp: mail.Smtp, postbox: Postbox) -> None:
    await write(hub)
    assert "STARTTLS" in (await jobs.drain(hub, replace(smtp, starttls=True))).errors[0]
    assert postbox.mails == []
