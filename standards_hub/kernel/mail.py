"""Mail: written into an outbox with the work that causes it, sent by a job through an SMTP server.

The outbox can be read by administrators, so nothing is lost where no server is configured. A mail may arrive twice if a
worker dies between sending and committing; both copies then carry one Message-ID.
"""

import asyncio
import smtplib
import ssl
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import sqlalchemy as sa
from msgspec import Struct, structs
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel

from standards_hub.kernel.among import among
from standards_hub.kernel.database import Utc
from standards_hub.kernel.errors import BadInput, Conflict, NotFound, Unmet
from standards_hub.kernel.jobs import queue
from standards_hub.kernel.jobs.queue import JobState
from standards_hub.kernel.jobs.registry import job, tool
from standards_hub.kernel.messages import say

if TYPE_CHECKING:
    from standards_hub.kernel.work import Work

TIMEOUT_SECONDS = 30
LONGEST_SUBJECT = 400
LONGEST_BODY = 100_000
HIDDEN = "••••••••"
"""What the outbox shows instead of a secret that only its recipient may know."""


class MailRow(SQLModel, table=True):
    """A mail of the outbox."""

    __tablename__ = "outbox"
    id: UUID = Field(primary_key=True)
    key: str | None = Field(default=None, unique=True)
    recipient: str
    subject: str
    body: str = Field(sa_type=sa.Text)
    calendar: str | None = Field(default=None, sa_type=sa.Text)
    """An invitation in iCalendar that goes with it, or takes one back."""
    state: str = Field(index=True)
    """waiting, sent, unconfigured (no server is configured) or no-address; of those that wait, some have failed: their job knows"""
    created_at: datetime = Field(sa_type=Utc, index=True)
    sent_at: datetime | None = Field(default=None, sa_type=Utc)


TABLE = SQLModel.metadata.tables["outbox"]


class Mail(Struct, frozen=True):
    """A mail as its reader in the outbox sees it."""

    id: UUID
    recipient: str
    subject: str
    body: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    tries: int = 0
    error: str | None = None
    """Why the last try did not succeed."""
    next_try: datetime | None = None


COLUMNS = [TABLE.c[name] for name in Mail.__struct_fields__ if name in TABLE.c]


class HubAddress(Struct, frozen=True):
    """Where the hub is found from outside; a tool of the handlers, so that a letter can say where to go."""

    url: str


def link(path: str) -> str:
    """A page of the hub as a letter names it: with the hub's address, where the runner knows it."""
    address = tool(HubAddress)
    return f"{address.url}{path}" if address else path


class Smtp(Struct, frozen=True):
    """The server that takes our mail, and the address it comes from."""

    host: str
    port: int = 25
    sender: str = "standards-hub@localhost"
    user: str = ""
    password: str = ""
    starttls: bool = False

    def send(self, message: EmailMessage) -> None:
        """Hand a message over. Raises `OSError` or `smtplib.SMTPException`."""
        with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS) as server:
            if self.starttls:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)


STATE_NAMES = {
    "waiting": say("待寄"),
    "failed": say("寄送失败"),
    "sent": say("已寄出"),
    "unconfigured": say("未配置邮件服务器"),
    "no-address": say("收件人没有邮箱"),
}


async def enqueue(
    work: "Work", to: str | None, subject: str, body: str, key: str | None, *, secret: str = "", calendar: str | None = None
) -> None:
    """Write a mail into the outbox and have it sent after the commit; nothing happens if its key was used before.

    A `secret` in the body is not kept in the outbox, and is gone from the job too once the mail is sent.

    Somebody without an address gets a row too, so that it can be seen who was not reached. Raises `BadInput` for an
    address or a subject that would break out of its header.
    """
    recipient, unmet = (to or "").strip(), []
    if recipient and not _is_address(recipient):
        why = say("邮箱地址“{address}”无法使用，请改为 name@example.org 的形式", address=recipient[:80])
        unmet.append(Unmet("mail.address", why, "to"))
    if any(ord(c) < 32 or ord(c) == 127 for c in subject) or len(subject) > LONGEST_SUBJECT:
        unmet.append(Unmet("mail.subject", say("主题须为一行，不超过 {most} 字", most=LONGEST_SUBJECT), "subject"))
    if len(body) > LONGEST_BODY:
        unmet.append(Unmet("mail.body", say("正文不超过 {most} 字", most=LONGEST_BODY), "body"))
    if unmet:
        raise BadInput(say("邮件无法寄出"), unmet=unmet)
    id, state = uuid4(), "waiting" if recipient else "no-address"
    kept = body.replace(secret, HIDDEN) if secret else body
    row = {
        "id": id, "key": key, "recipient": recipient, "subject": subject, "body": kept, "calendar": calendar, "state": state,
        "created_at": work.clock.now(),
    }  # fmt: skip
    insert = (sqlite if work.sqlite else postgresql).insert(TABLE).values(**row).on_conflict_do_nothing(index_elements=["key"])
    written = (await work.connection.execute(insert.returning(TABLE.c.id))).first()
    if written and recipient:
        arguments = {"id": str(id), "to": recipient, "subject": subject, "body": body, "calendar": calendar}
        await work.enqueue("mail.send", arguments, key=_key(id))


def _key(id: UUID | str) -> str:
    """The key of the job that sends a mail."""
    return f"mail:{id}"


def _is_address(text: str) -> bool:
    try:
        found = Address(addr_spec=text)
    except (ValueError, HeaderParseError, IndexError):
        return False
    return text.isascii() and text.isprintable() and bool(found.username and found.domain) and len(text) <= 254


def message(id: str, to: str, subject: str, body: str, *, sender: str, at: datetime, calendar: str | None = None) -> EmailMessage:
    """Plain text in UTF-8; the identity of the mail is its Message-ID, and no robot answers it (RFC 3834).

    An invitation is there twice: as what a calendar program reads out of the mail (RFC 6047), and as a file to open.
    """
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"], made["Date"] = sender, to, subject, format_datetime(at)
    made["Message-ID"] = f"<{id}@{sender.rpartition('@')[2].rstrip('>') or 'localhost'}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(body, charset="utf-8")
    if calendar is not None:
        method = next((line.partition(":")[2] for line in calendar.splitlines() if line.startswith("METHOD:")), "PUBLISH")
        made.add_alternative(calendar, subtype="calendar", charset="utf-8", params={"method": method})
        made.add_attachment(calendar.encode(), maintype="application", subtype="ics", filename="meeting.ics")
    return made


@job("mail.send", say("寄出邮件"), withheld=("body",), about=("subject", "to"))
async def send(work: "Work", id: str, to: str, subject: str, body: str, calendar: str | None = None) -> None:
    """Send one mail. The server is spoken to before the database is touched, so that nobody waits for its lock meanwhile."""
    server = tool(Smtp)
    if server is not None:
        made = message(id, to, subject, body, sender=server.sender, at=work.clock.now(), calendar=calendar)
        await asyncio.to_thread(server.send, made)
    values = {"state": "sent", "sent_at": work.clock.now()} if server else {"state": "unconfigured"}
    await work.connection.execute(sa.update(TABLE).where(TABLE.c.id == UUID(id)).values(**values))
    await queue.forget_arguments(work.connection, _key(id), {"id": id, "to": to, "subject": subject})


async def outbox(connection: AsyncConnection, *, state: str | None = None, after: UUID | None = None, limit: int = 50) -> list[Mail]:
    """The latest mails; `after` is the id of the last one of the page before."""
    query = sa.select(*COLUMNS).order_by(TABLE.c.created_at.desc(), TABLE.c.id).limit(limit)
    if state:
        query = query.where(_in_state(state))
    found = [Mail(**row._mapping) for row in await connection.execute(queue.later_than(query, TABLE, after), await _failed(connection))]
    tries = await queue.by_keys(connection, [_key(one.id) for one in found if one.state == "waiting"])
    return [_tried(one, tries.get(_key(one.id))) for one in found]


def _tried(mail: Mail, sending: JobState | None) -> Mail:
    """A mail with what became of it so far, which its job knows."""
    if sending is None:
        return mail
    state, next_try = ("failed", None) if sending.state == "failed" else (mail.state, sending.due_at if sending.attempts else None)
    return structs.replace(mail, state=state, tries=sending.attempts, error=sending.error, next_try=next_try)


async def _failed(connection: AsyncConnection) -> dict[str, list[UUID]]:
    """The mails whose job has given up, as the parameter of `_in_state`: no table of ours says so, for jobs fail by themselves."""
    keys = await queue.keys(connection, name="mail.send", state="failed")
    return {"failed": [UUID(key.removeprefix(_key(""))) for key in keys]}


def _in_state(state: str) -> sa.ColumnElement[bool]:
    """One of `STATE_NAMES`; what failed is still waiting in the table."""
    if state not in ("waiting", "failed"):
        return TABLE.c.state == state
    failed = among(TABLE.c.id, "failed")
    return sa.and_(TABLE.c.state == "waiting", failed if state == "failed" else sa.not_(failed))


def _kept() -> sa.ColumnElement[bool]:
    """Mails for which there was no server, and which can be sent now: in no other state, and without a secret that was not kept."""
    return sa.and_(TABLE.c.state == "unconfigured", TABLE.c.body.not_like(f"%{HIDDEN}%"))


async def send_again(work: "Work", id: UUID) -> None:
    """Send a mail that was kept because no server was configured, or that no try could send. Raises `NotFound` or `Conflict`."""
    sending = await queue.by_key(work.connection, _key(id))
    if sending and sending.state == "failed":
        return await queue.retry(work.connection, sending.id, work.clock.now())
    row = (await work.connection.execute(sa.select(TABLE.c.state, TABLE.c.body).where(TABLE.c.id == id))).first()
    if row is None:
        raise NotFound(say("没有邮件 {id}", id=id))
    if row.state != "unconfigured":
        raise Conflict(say("邮件 {id} 的状态是 {state}，无须重寄", id=id, state=STATE_NAMES[row.state]))
    if HIDDEN in row.body:
        raise Conflict(say("这封邮件含一次性链接，不能重寄；请重新发起邀请或重设密码"), code="secret-mail")
    await _send_kept(work, TABLE.c.id == id)
    return None


async def send_all_again(work: "Work", state: str | None = None) -> int:
    """Send again every mail in this state, or in any, that can be sent again; how many there are."""
    failed = await queue.retry_all(work.connection, "mail.send", work.clock.now()) if state in (None, "failed") else 0
    return failed + (await _send_kept(work, sa.true()) if state in (None, "unconfigured") else 0)


async def sendable(connection: AsyncConnection) -> dict[str, int]:
    """How many mails of each state can be sent again."""
    kept = (await connection.execute(sa.select(sa.func.count()).select_from(TABLE).where(_kept()))).scalar_one()
    return {"failed": len((await _failed(connection))["failed"]), "unconfigured": kept}


async def _send_kept(work: "Work", which: sa.ColumnElement[bool]) -> int:
    """Send those of the kept mails; the job that once sent one nowhere makes room for the new one."""
    rows = (await work.connection.execute(sa.select(TABLE).where(_kept(), which))).all()
    await queue.forget(work.connection, [_key(row.id) for row in rows])
    await work.connection.execute(sa.update(TABLE).where(_kept(), which).values(state="waiting"))
    for row in rows:
        arguments = {"id": str(row.id), "to": row.recipient, "subject": row.subject, "body": row.body, "calendar": row.calendar}
        await work.enqueue("mail.send", arguments, key=_key(row.id))
    return len(rows)


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """How many mails there are in each state."""
    rows = await connection.execute(sa.select(TABLE.c.state, sa.func.count()).group_by(TABLE.c.state))
    found = dict.fromkeys(STATE_NAMES, 0) | {state: count for state, count in rows}
    failed = len((await _failed(connection))["failed"])
    return found | {"waiting": found["waiting"] - failed, "failed": failed}
