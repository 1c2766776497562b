"""`Idempotency-Key` on POST: a request sent again is not done again; it gets the answer of the first time.

A row is claimed before the work begins, marked inside the transaction of the work, and given the answer after it. So a
request is done once even when the process dies between the commit and the answer; then a repeat learns that it was done.
Only 2xx answers are kept: what was refused may be mended and sent again under the same key. Keys belong to an account; what
the public sends is not remembered. Answers that must not be stored (`no-store`) are not: a repeat is told that it was done.

A form of a page carries a value that stands on no other page (`secrets.csrf_of`), so the same bytes are the same form sent twice: it is
its own key, for a while. Its repeat waits for the first, and is led on to where that led; what showed the form again is done anew.
"""

import asyncio
import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from litestar import Request
from litestar.enums import RequestEncodingType, ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from msgspec import Struct
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel

from standards_hub.kernel.access.identity import Identity
from standards_hub.kernel.access.middleware import CSRF_NAME, permitted
from standards_hub.kernel.database import Utc
from standards_hub.kernel.errors import BadInput, Conflict, Unmet
from standards_hub.kernel.jobs import every, job
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import SAID_COOKIE
from standards_hub.kernel.sent import FORMS
from standards_hub.kernel.work import Hub, Work

HEADER = "idempotency-key"
KEY = re.compile(r"[\x21-\x7e]{1,200}")
LEASE = timedelta(minutes=2)
"""How long a request may take before a repeat assumes that its process died."""
BUSY = "idempotency-running"
LONGEST_ANSWER = 256 * 1024
FORM_KEPT = timedelta(hours=1)
"""How long a form that was sent is known again. Who goes back to its page later means it anew."""
PATIENCE, PAUSE = 20, 0.25
"""Seconds for which the repeat of a form waits for the first, and from one look to the next."""
DONE, LEADS_ON = range(200, 300), range(300, 400)
"""The answers that are kept: of the API, and of a form, which is shown again where it leads nowhere."""
KEPT_HEADERS = frozenset({b"content-type", b"etag", b"location", b"cache-control"})


class IdempotencyRow(SQLModel, table=True):
    """A key that an account sent, what it was sent with, and the answer. Kept for days, not part of the record."""

    __tablename__ = "idempotency"
    account_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request: str
    """SHA-256 over method, address and body."""
    claim: UUID
    state: str
    """running, committed (the work is in the database) or answered"""
    leased_until: datetime = Field(sa_type=Utc)
    """By the machine's own clock."""
    kept_until: datetime = Field(sa_type=Utc, index=True)
    status: int | None = None
    headers: list[list[str]] | None = Field(default=None, sa_type=sa.JSON)
    body: bytes | None = Field(default=None, sa_type=sa.LargeBinary)


TABLE = SQLModel.metadata.tables["idempotency"]


class Claim(Struct, frozen=True):
    """One attempt at a request under a key."""

    account: UUID
    key: str
    id: UUID

    def row(self, *states: str) -> sa.ColumnElement[bool]:
        mine = sa.and_(TABLE.c.account_id == self.account, TABLE.c.key == self.key, TABLE.c.claim == self.id)
        return sa.and_(mine, TABLE.c.state.in_(states))


class Answer(Struct, frozen=True):
    """What was answered the first time."""

    status: int
    headers: list[list[str]]
    body: bytes


def _now() -> datetime:
    return datetime.now(UTC)


async def claim(hub: Hub, account: UUID, key: str, request: str, kept: timedelta) -> Claim | Answer:
    """Begin a request, or tell what it was answered. Raises `BadInput` for another request, `Conflict` while the first one runs."""
    mine, now = Claim(account, key, uuid4()), _now()
    values = {"claim": mine.id, "state": "running", "leased_until": now + LEASE, "kept_until": now + kept}
    async with hub.database.write() as connection:
        insert = (
            (sqlite if hub.database.sqlite else postgresql).insert(TABLE).values(account_id=account, key=key, request=request, **values)
        )
        if (await connection.execute(insert.on_conflict_do_nothing().returning(TABLE.c.claim))).first():
            await connection.commit()
            return mine
        one = (TABLE.c.account_id == account, TABLE.c.key == key)
        row = (await connection.execute(sa.select(TABLE).where(*one).with_for_update())).first()
        if row is None:  # the first attempt failed and let go of the key just now
            raise _busy()
        over = row.kept_until <= now
        if row.request != request and not over:
            why = say("同一个键已用于另一项请求，请换用新的键")
            raise BadInput(say("Idempotency-Key 有误"), unmet=[Unmet("idempotency.reused", why, "Idempotency-Key")])
        if row.state == "answered" and not over:
            if row.body is not None:
                return Answer(row.status, row.headers, row.body)
            raise _done()
        if row.state == "committed" and not over:
            raise _done() if row.leased_until <= now else _busy()
        if row.state == "running" and row.leased_until > now:
            raise _busy()
        await connection.execute(sa.update(TABLE).where(*one).values(request=request, status=None, headers=None, body=None, **values))
        await connection.commit()
        return mine


async def _claim_form(hub: Hub, account: UUID, request: str) -> Claim | Answer:
    """Begin what a form asks for, or tell where it led; a repeat that comes meanwhile waits."""
    for _ in range(int(PATIENCE / PAUSE)):
        try:
            return await claim(hub, account, f"form:{request}", request, FORM_KEPT)
        except Conflict as running:
            if running.code != BUSY:
                raise
        await asyncio.sleep(PAUSE)
    raise _busy()


def _busy() -> Conflict:
    return Conflict(say("同一请求正在办理，请稍后再试"), code=BUSY)


def _done() -> Conflict:
    return Conflict(say("此请求已经办理，但其答复未予保存；请读取现状，不要重复提交"), code="idempotency-done")


async def mark(connection: AsyncConnection, claimed: Claim) -> None:
    """Say inside the work's own transaction that it is done. Raises `Conflict` if a repeat has taken over."""
    done = await connection.execute(sa.update(TABLE).where(claimed.row("running")).values(state="committed"))
    if done.rowcount != 1:
        raise _busy()


async def _keep(hub: Hub, claimed: Claim, answer: Answer | None) -> None:
    values = {"status": answer.status, "headers": answer.headers, "body": answer.body} if answer else {}
    async with hub.database.write() as connection:
        await connection.execute(sa.update(TABLE).where(claimed.row("running", "committed")).values(state="answered", **values))
        await connection.commit()


async def _let_go(hub: Hub, claimed: Claim) -> None:
    """Free the key of a request that changed nothing."""
    async with hub.database.write() as connection:
        await connection.execute(sa.delete(TABLE).where(claimed.row("running")))
        await connection.commit()


class Idempotency:
    """The middleware; stands after `Authentication`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "POST":
            return await self.app(scope, receive, send)
        request: Request[Any, Any, Any] = Request(scope, receive)
        given, identity = request.headers.get(HEADER), scope.get("auth")
        if identity is None or (given is None and not _of_a_page(request, identity)):
            return await self.app(scope, receive, send)
        if given is not None and not KEY.fullmatch(given):
            why = say("须为 1 至 200 个可见的 ASCII 字符，例如一个 UUID")
            raise BadInput(say("Idempotency-Key 有误"), unmet=[Unmet("idempotency.key", why, "Idempotency-Key")])
        same = await _fingerprint(request)  # before a form is taken apart, which uses up its stream
        await permitted(request, scope["route_handler"])
        hub: Hub = request.app.state.hub
        account = identity.actor.account
        if given is None:
            found = await _claim_form(hub, account, same)
        else:
            found = await claim(hub, account, given, same, timedelta(days=request.app.state.settings.idempotency_days))
        if isinstance(found, Answer):
            return await _replay(found, send)
        scope["idempotency"] = found  # type: ignore[typeddict-unknown-key]
        await self._first_time(hub, found, scope, receive, send, kept=LEADS_ON if given is None else DONE)

    async def _first_time(self, hub: Hub, claimed: Claim, scope: Scope, receive: Receive, send: Send, *, kept: range) -> None:
        """Do it, and keep the answer before it goes out, if its status is one that is kept."""
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        try:
            await self.app(scope, receive, hold)
        except BaseException:
            await _let_go(hub, claimed)
            raise
        status = next((m["status"] for m in held if m["type"] == "http.response.start"), 500)
        if status in kept:
            await _keep(hub, claimed, _answer(held))
        else:
            await _let_go(hub, claimed)
        for message in held:
            await send(message)


def _answer(held: list[Message]) -> Answer | None:
    """The answer as it may be stored; none if it may not."""
    start: Any = held[0]
    body = b"".join(m.get("body", b"") for m in held if m["type"] == "http.response.body")
    secret = any(name.lower() == b"cache-control" and b"no-store" in value for name, value in start["headers"])
    if secret or len(body) > LONGEST_ANSWER:
        return None
    said = f"{SAID_COOKIE}=".encode()  # what was just done, which the page that follows says; no other cookie is stored
    kept = [(n, v) for n, v in start["headers"] if n.lower() in KEPT_HEADERS or (n.lower() == b"set-cookie" and v.startswith(said))]
    headers = [[n.decode("latin-1"), v.decode("latin-1")] for n, v in kept]
    return Answer(start["status"], headers, body)


def _of_a_page(request: Request[Any, Any, Any], identity: Identity) -> bool:
    """Whether it is a form with a value of its own that changes something: scripts say theirs in a header, and signing in has none."""
    form = identity.kind == "session" and request.content_type[0] in FORMS and CSRF_NAME not in request.headers
    opt = request.scope["route_handler"].opt
    return form and opt.get("csrf") is not False and opt.get("changes") is not False


async def _fingerprint(request: Request[Any, Any, Any]) -> str:
    """What makes two requests the same. The boundary of a form is chance and does not count."""
    body = await request.body()
    kind, options = request.content_type
    if kind == RequestEncodingType.MULTI_PART and options.get("boundary"):
        body = body.replace(options["boundary"].encode(), b"")
    parts = [request.method.encode(), request.url.path.encode(), request.scope["query_string"], kind.encode()]
    return hashlib.sha256(b"\n".join([*parts, hashlib.sha256(body).digest()])).hexdigest()


async def _replay(answer: Answer, send: Send) -> None:
    headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in answer.headers]
    headers += [(b"idempotency-replayed", b"true"), (b"content-length", str(len(answer.body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


@every("idempotency.sweep", cron="40 3 * * *")
@job("idempotency.sweep", say("清理重复请求的答复"))
async def sweep(work: Work) -> None:
    """Forget keys whose days are over."""
    await work.connection.execute(sa.delete(TABLE).where(TABLE.c.kept_until < _now()))
