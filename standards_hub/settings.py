"""Configuration from the environment, prefix `STANDARDS_HUB_`. Everything has a default that runs on one machine."""

import os
from collections.abc import Mapping
from datetime import date
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeVar

from msgspec import NODEFAULT, Struct, structs
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from standards_hub.kernel.admin.state import Origin, SettingShown
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.mail import HIDDEN, HubAddress, Smtp
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Hub

T = TypeVar("T")
PREFIX = "STANDARDS_HUB_"
DRIVERS = ("sqlite+aiosqlite", "postgresql+psycopg")
SWITCH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


class Settings(Struct, frozen=True):
    """`home` holds the embedded database and the files; `database_url` names a PostgreSQL instead."""

    home: Path
    database_url: str
    today: date | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_starttls: bool = False
    mail_from: str = "standards-hub@localhost"
    secure_cookies: bool = False
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks whose `X-Forwarded-For` is believed; or all visitors share the proxy's address in throttling."""
    jobs: bool = True
    """Whether this process runs jobs beside its requests."""
    idempotency_days: int = 7
    """How long the answer to a POST with an `Idempotency-Key` is kept for its repeats."""

    @property
    def address(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def shown_database(self) -> str:
        """The database's address without its password."""
        return make_url(self.database_url).render_as_string(hide_password=True)

    def make_home(self) -> None:
        """Make the folder of the embedded default. Raises `BadInput` where it cannot be one."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = say("不能建立文件夹 {home}：{why}", home=str(self.home), why=error.strerror or str(error))
            raise BadInput(say("环境变量有误"), unmet=[Unmet("settings", why, f"{PREFIX}HOME")]) from error

    def shown(self) -> list[SettingShown]:
        """Every setting as the process runs with it and where it comes from; of what is secret, only whether it is set."""
        found = []
        for field in structs.fields(self):
            variable, value = PREFIX + field.name.upper(), getattr(self, field.name)
            usual = field.default is not NODEFAULT and value == field.default
            origin: Origin = "environment" if os.environ.get(variable) else "default" if usual or field.name in DERIVED else "program"
            found.append(SettingShown(variable, _said(self, field.name), origin))
        return found

    def tools(self) -> list[object]:
        """What handlers of jobs need besides their work: the hub's address, and the mail server where one is configured."""
        smtp = self.smtp()
        return [HubAddress(self.address), *([smtp] if smtp else [])]

    def smtp(self) -> Smtp | None:
        """The mail server, none where mail is only kept in the outbox."""
        if not self.smtp_host:
            return None
        return Smtp(self.smtp_host, self.smtp_port, self.mail_from, self.smtp_user, self.smtp_password, self.smtp_starttls)

    def hub(self) -> Hub:
        return Hub(Database(self.database_url), FileStore(self.home / "files"), Clock(self.today))


DERIVED = ("home", "database_url")
"""Settings whose default is worked out from others or from the machine."""


def _said(settings: Settings, name: str) -> str:
    value: Any = getattr(settings, name)
    if name == "database_url":
        return settings.shown_database
    if name == "smtp_password":
        return HIDDEN if value else ""
    if isinstance(value, tuple):
        return ",".join(value)
    return str(int(value) if isinstance(value, bool) else "" if value is None else value)


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; an empty variable counts as unset. Raises `BadInput` naming every variable that cannot be read."""
    read = _Reader(os.environ if environment is None else environment)
    home = Path(read.text("HOME") or Path.home() / ".local" / "share" / "standards-hub").expanduser().absolute()
    found = Settings(
        home=home,
        database_url=read.database("DATABASE_URL", f"sqlite+aiosqlite:///{home / 'hub.sqlite'}"),
        today=read.day("TODAY"),
        host=read.text("HOST", "127.0.0.1"),
        port=read.number("PORT", 8000, most=65535),
        public_url=read.text("PUBLIC_URL"),
        smtp_host=read.text("SMTP_HOST"),
        smtp_port=read.number("SMTP_PORT", 25, most=65535),
        smtp_user=read.text("SMTP_USER"),
        smtp_password=read.text("SMTP_PASSWORD"),
        smtp_starttls=read.switch("SMTP_STARTTLS"),
        mail_from=read.text("MAIL_FROM", "standards-hub@localhost"),
        secure_cookies=read.switch("SECURE_COOKIES"),
        trusted_proxies=read.addresses("TRUSTED_PROXIES"),
        jobs=read.switch("JOBS", default=True),
        idempotency_days=read.number("IDEMPOTENCY_DAYS", 7, most=3650),
    )
    if read.unmet:
        raise BadInput(say("环境变量有误"), unmet=read.unmet)
    return found


class _Reader:
    """Reads variables one by one and remembers which could not be read, so that one error names them all."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.unmet: list[Unmet] = []

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(PREFIX + name) or default

    def number(self, name: str, default: int, *, most: int) -> int:
        given = self.text(name, str(default))
        if given.isascii() and given.isdecimal() and 1 <= int(given[:9]) <= most:
            return int(given)
        return self._wrong(name, say("“{given}”应为 1 至 {most} 的整数", given=given, most=most), default)

    def day(self, name: str) -> date | None:
        given = self.text(name)
        try:
            return date.fromisoformat(given) if given else None
        except ValueError:
            return self._wrong(name, say("“{given}”应为存在的日期，如 2026-11-24", given=given), None)

    def switch(self, name: str, *, default: bool = False) -> bool:
        given = self.text(name).lower()
        if given and given not in SWITCH:
            return self._wrong(name, say("“{given}”应为 1（是）或 0（否）", given=given), default)
        return SWITCH.get(given, default)

    def addresses(self, name: str) -> tuple[str, ...]:
        given = tuple(part.strip() for part in self.text(name).split(",") if part.strip())
        try:
            for part in given:
                ip_network(part)
        except ValueError:
            return self._wrong(name, say("应为以逗号分隔的地址或网段，如 127.0.0.1,10.0.0.0/8"), ())
        return given

    def database(self, name: str, default: str) -> str:
        given = self.text(name, default)
        try:
            if make_url(given).drivername in DRIVERS:
                return given
        except ArgumentError:
            pass
        # The address is not repeated: it may hold a password.
        return self._wrong(
            name, say("应为 {drivers} 开头的数据库地址，如 postgresql+psycopg://hub@db/hub", drivers="、".join(DRIVERS)), default
        )

    def _wrong(self, name: str, why: Message, default: T) -> T:
        self.unmet.append(Unmet("settings", why, PREFIX + name))
        return default
