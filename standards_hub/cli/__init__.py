"""The command line: one module a room, loaded when its command is called."""

import importlib
import sys
from typing import Any

import click

from standards_hub.kernel.errors import HubError
from standards_hub.kernel.messages import say

COMMANDS = {
    "id": "identifiers:id_group",
    "tracks": "tracks:tracks_group",
    "standard": "standards:standard_group",
    "todo": "standards:todo",
    "organisation": "registers:organisation_group",
    "person": "registers:person_group",
    "committee": "registers:committee_group",
    "plan": "registers:plan_group",
    "project": "registers:project_group",
    "ballot": "ballots:ballot_group",
    "account": "accounts:account_group",
    "import": "imports:import_group",
    "count": "count:count",
    "report": "report:report_group",
    "snapshot": "snapshot:snapshot_group",
    "jobs": "jobs:jobs_group",
    "audit": "server:audit_group",
    "db": "server:db_group",
    "serve": "server:serve",
    "demo": "demo:demo",
}
"""Each command and where it is; so `id` and `tracks` start without the database."""


class Rooms(click.Group):
    """Loads a room only when one of its commands is called, and prints our errors in both languages."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"standards_hub.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HubError as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        except Exception as error:
            if not (known := _of_the_database(error)):
                raise
            click.echo(known, err=True)
            sys.exit(1)


def _of_the_database(error: Exception) -> str | None:
    """What to do about a database that cannot be reached or has not been prepared; none for every other error."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from standards_hub.settings import from_environment

    if not isinstance(error, (OperationalError, ProgrammingError)):
        return None
    database, why = from_environment().shown_database, str(error.orig).strip()
    if isinstance(error, ProgrammingError) and type(error.orig).__name__ != "UndefinedTable":
        return None
    if isinstance(error, ProgrammingError):
        return say("数据库 {database} 尚无本平台的表，请先运行 standards-hub db upgrade", database=database).both
    return say("数据库不能使用：{database}：{why}", database=database, why=why).both


@click.group(cls=Rooms, help="标准全程管理 / Standards Hub: every standard from proposal to withdrawal")
@click.option(
    "--as", "login", metavar="LOGIN", help="以该账号办理；默认为本机操作员 / act as this account; default is the operator of this machine"
)
def main(login: str | None) -> None:
    pass
