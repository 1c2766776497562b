"""`serve`, `db` and `audit`: running the hub and proving its data."""

import os
import socket
import sys
import tempfile
from typing import NoReturn

import click
import msgspec
from sqlmodel import SQLModel

from standards_hub.cli.runtime import as_json, prepared, run
from standards_hub.kernel import audit as proof
from standards_hub.kernel import database
from standards_hub.kernel.errors import Unavailable
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.rooms import fill_ports
from standards_hub.settings import PREFIX, Settings, from_environment


def start(settings: Settings, workers: int = 1) -> None:
    """Serve the hub until it is told to stop."""
    from granian import Granian
    from granian.constants import Interfaces

    require_free(settings)
    click.echo(f"标准全程 Standards Hub  {settings.address}", err=True)
    server = Granian(
        "standards_hub.app:served", factory=True, address=settings.host, port=settings.port, interface=Interfaces.ASGI, workers=workers,
        log_access=False, websockets=False,
    )  # fmt: skip
    server.serve()


def become(**settings: str) -> NoReturn:
    """Serve the hub with further settings, in place of this process: what it loaded left threads behind, of which a fork would wait for ever."""
    sys.stdout.flush()
    program = [sys.executable, "-c", "from standards_hub.cli import main; main()", "serve"]
    os.execve(sys.executable, program, {**os.environ, **{f"{PREFIX}{name}": value for name, value in settings.items()}})


def require_free(settings: Settings) -> None:
    """Raise `Unavailable` if somebody listens there; the server itself would share the port with another hub without a word."""
    try:
        with socket.create_server((settings.host, settings.port)):
            return
    except OSError as error:
        where, why = f"{settings.host}:{settings.port}", os.strerror(error.errno or 0)
        raise Unavailable(
            say("不能在 {where} 提供服务：{why}；请另设 STANDARDS_HUB_HOST、STANDARDS_HUB_PORT", where=where, why=why)
        ) from error


@click.command("serve", help="运行服务 / serve the hub")
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="进程数（SQLite 用 1） / processes, 1 on SQLite")
def serve(workers: int) -> None:
    start(prepared(), workers)


@click.group("db", help="数据库结构 / the database's structure")
def db_group() -> None:
    pass


@db_group.command("upgrade", help="升级到最新 / upgrade to the newest revision")
@click.argument("revision", default="head")
def db_upgrade(revision: str) -> None:
    settings = from_environment()
    settings.make_home()
    database.upgrade(settings.database_url, revision)


@db_group.command("downgrade", help="退回到某版本 / back to a revision")
@click.argument("revision")
def db_downgrade(revision: str) -> None:
    database.downgrade(from_environment().database_url, revision)


@db_group.command("revision", help="按表的现状写出新的迁移 / write the migration to the tables of today")
@click.argument("message")
def db_revision(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/revision.sqlite"
        fill_ports()
        database.upgrade(url)
        click.echo(str(database.revise(url, message)))


@db_group.command("check", help="迁移与表是否一致 / whether migrations and tables are in step")
def db_check() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/check.sqlite"
        database.upgrade(url)
        found = database.differences(url, SQLModel.metadata)
    for difference in found:
        click.echo(difference, err=True)
    sys.exit(1 if found else 0)


@click.group("audit", help="事件日志 / the event log")
def audit_group() -> None:
    pass


@audit_group.command("verify", help="验证散列链，并证明各表等于重放结果 / prove the chain and that replay equals the tables")
@as_json
def verify(as_json: bool) -> None:
    async def task(work: Work) -> proof.Audit:
        work.actor.require("audit.read")
        return await proof.verify(work.connection)

    found = run(task, writes=False)
    broken = {"event": found.broken.event, "stream": found.broken.stream, "why": found.broken.why.both} if found.broken else None
    if as_json:
        differences = [d.both for d in found.differences]
        result = {"sound": found.sound, "events": found.events, "head": found.head, "broken": broken, "differences": differences}
        click.echo(msgspec.json.encode(result))
    elif found.sound:
        click.echo(f"✔ {found.events} 条事件，链完整，各表与重放一致 / events, chain whole, tables equal replay\n{found.head}")
    else:
        for line in [broken["why"]] if broken else [d.both for d in found.differences]:
            click.echo(f"✘ {line}", err=True)
    sys.exit(0 if found.sound else 1)
