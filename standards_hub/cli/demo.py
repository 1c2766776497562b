"""`standards-hub demo`: the example office, loaded once, and served."""

import asyncio
import sys
from typing import Any

import click
import msgspec
from msgspec import structs

from standards_hub.cli import server
from standards_hub.cli.runtime import as_json, prepared
from standards_hub.demo import fixtures, loading
from standards_hub.demo.cast import PASSWORD
from standards_hub.demo.loading import Loaded
from standards_hub.kernel.access.actor import ROLE_NAMES
from standards_hub.kernel.messages import say
from standards_hub.settings import Settings


@click.command("demo", help="载入示例标准库并运行 / load the example portfolio and serve it")
@click.option("--no-serve", is_flag=True, help="载入后即停 / load and stop")
@as_json
def demo(no_serve: bool, as_json: bool) -> None:
    settings = prepared()
    today = settings.today or loading.SHOWN_ON
    settings = structs.replace(settings, today=today)
    loading.check_day(today)
    if not no_serve:
        server.require_free(settings)
    loaded = asyncio.run(_load(settings))
    if as_json:
        click.echo(msgspec.json.encode(_result(settings, loaded)))
    else:
        _tell(settings, loaded)
    if not no_serve:
        server.become(TODAY=today.isoformat())


async def _load(settings: Settings) -> Loaded | None:
    """Load unless it is there; None if it was."""
    hub = settings.hub()
    try:
        there = await loading.is_loaded(hub)
    finally:
        await hub.database.close()
    if there:
        return None
    with click.progressbar(length=100, label="示例 / example", file=sys.stderr) as bar:
        return await loading.load_home(settings, lambda done, of: bar.update(max(0, 100 * done // of - bar.pos)))


def _accounts() -> list[dict[str, Any]]:
    return [
        {"login": login, "name": account.name, "roles": list(account.held) or ["drafter" if login == "drafter" else "project_manager"]}
        for login, account in fixtures.register().accounts.items()
        if account.shown
    ]


def _result(settings: Settings, loaded: Loaded | None) -> dict[str, Any]:
    return {
        "loaded": loaded is not None, "standards": loaded.standards if loaded else len(fixtures.portfolio()),
        "seconds": loaded.seconds if loaded else 0, "home": str(settings.home), "address": settings.address,
        "today": str(settings.today), "plan": fixtures.plan().key, "password": PASSWORD, "accounts": _accounts(),
    }  # fmt: skip


def _tell(settings: Settings, loaded: Loaded | None) -> None:
    if loaded:
        done = say(
            "已载入示例：标准 {standards} 项，事件 {events} 条，用时 {seconds} 秒",
            standards=loaded.standards,
            events=loaded.events,
            seconds=loaded.seconds,
        )
    else:
        done = say("示例库已在 {home}", home=str(settings.home))
    click.echo(done.both)
    click.echo(settings.address)
    click.echo(
        say("业务日期 {today}；计划 {plan}；密码均为 {password}", today=settings.today, plan=fixtures.plan().key, password=PASSWORD).both
    )
    for account in _accounts():
        roles = "、".join(ROLE_NAMES[role].both for role in account["roles"])
        click.echo(f"  {account['login']:<12}{account['name']}  {roles}")
