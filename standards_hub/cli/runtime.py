"""What every command shares: the hub of this machine, who acts, and how results and errors are printed."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, NoReturn, TypeVar

import click
import msgspec

from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access.actor import SYSTEM, Actor
from standards_hub.kernel.database import upgrade
from standards_hub.kernel.errors import HubError
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Hub, Work
from standards_hub.rooms import fill_ports
from standards_hub.settings import Settings, from_environment

T = TypeVar("T")


class Day(click.ParamType[date]):
    """A day written as in 2026-11-24."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(say("“{day}”应为存在的日期，如 2026-11-24", day=value).both, param, ctx)


as_json = click.option("--json", "as_json", is_flag=True, help="只输出 JSON / print JSON and nothing else")


def settings() -> Settings:
    return from_environment()


def prepared() -> Settings:
    """The settings, with the embedded database made and migrated where it is new."""
    found = from_environment()
    fill_ports()
    if found.database_url.startswith("sqlite"):
        found.make_home()
        upgrade(found.database_url)
    return found


def run(task: Callable[[Work], Awaitable[T]], *, writes: bool = True) -> T:
    """Run one piece of work on this machine's hub, as the account of `--as` or as the operator; commit it if it writes."""

    async def whole() -> T:
        hub = prepared().hub()
        try:
            actor = await actor_of(hub)
            async with hub.work(actor) if writes else hub.reading(actor) as work:
                result = await task(work)
                if writes:
                    await work.commit()
                return result
        finally:
            await hub.database.close()

    return asyncio.run(whole())


async def actor_of(hub: Hub) -> Actor:
    context = click.get_current_context(silent=True)
    login = (context.find_root().params.get("login") if context else None) or None
    if login is None:
        return SYSTEM
    async with hub.database.read() as connection:
        return await accounts.actor_for_login(connection, login, hub.clock.today())


def show(value: Any, json: bool, words: Callable[[Any], str] | None = None) -> None:
    """Print a result: as JSON on request, else in words."""
    if json or words is None:
        click.echo(msgspec.json.format(msgspec.json.encode(value), indent=0 if json else 2).decode())
    else:
        click.echo(words(value))


def fail(error: HubError) -> NoReturn:
    """Print an error in both languages and leave with status 1."""
    click.echo(str(error), err=True)
    sys.exit(1)
