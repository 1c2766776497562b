"""What the hub runs on: its settings, versions, engine and space."""

import platform
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Literal, Protocol

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.messages import say

Origin = Literal["environment", "default", "program"]
ORIGIN_NAMES = {"environment": say("环境变量"), "default": say("默认值"), "program": say("启动程序")}
PARTS = ("litestar", "sqlalchemy", "sqlmodel", "msgspec", "jinja2")


class SettingShown(Struct, frozen=True):
    """A setting by the variable that sets it; the value of a secret one is dots."""

    variable: str
    value: str
    origin: Origin


class Configured(Protocol):
    """The settings of the composition root, as far as this room knows them."""

    home: Path

    def shown(self) -> list[SettingShown]: ...


class HubState(Struct, frozen=True):
    """Sizes are in bytes; `revision` is that of the migrations."""

    settings: list[SettingShown]
    versions: dict[str, str]
    engine: str
    revision: str
    database_bytes: int
    disk_bytes: int
    disk_free_bytes: int


async def read(connection: AsyncConnection, settings: Configured) -> HubState:
    """The state of this process and of its database."""
    sqlite = connection.dialect.name == "sqlite"
    said = "SELECT sqlite_version()" if sqlite else "SHOW server_version"
    size = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    engine = (await connection.exec_driver_sql(said)).scalar_one()
    space = (await connection.exec_driver_sql(size if sqlite else "SELECT pg_database_size(current_database())")).scalar_one()
    revision = (await connection.execute(sa.text("SELECT version_num FROM alembic_version"))).scalar()
    disk = shutil.disk_usage(settings.home if settings.home.exists() else settings.home.anchor)
    versions = {"standards-hub": version("standards-hub"), "Python": platform.python_version()} | {name: version(name) for name in PARTS}
    return HubState(
        settings.shown(), versions, f"{'SQLite' if sqlite else 'PostgreSQL'} {engine}", revision or "—", int(space), disk.total, disk.free
    )
