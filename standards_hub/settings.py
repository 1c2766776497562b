"""Configuration from the environment, prefix `STANDARDS_HUB_`. Everything has a default that runs on one machine."""

import os
from datetime import date
from pathlib import Path

from msgspec import Struct

from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.mail import Smtp
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Hub

PREFIX = "STANDARDS_HUB_"


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
    jobs: bool = True
    """Whether this process runs jobs beside its requests."""
    idempotency_days: int = 7
    """How long the answer to a POST with an `Idempotency-Key` is kept for its repeats."""

    @property
    def address(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"

    def smtp(self) -> Smtp | None:
        """The mail server, none where mail is only kept in the outbox."""
        if not self.smtp_host:
            return None
        return Smtp(self.smtp_host, self.smtp_port, self.mail_from, self.smtp_user, self.smtp_password, self.smtp_starttls)

    def hub(self) -> Hub:
        return Hub(Database(self.database_url), FileStore(self.home / "files"), Clock(self.today))


def from_environment(environment: dict[str, str] | None = None) -> Settings:
    """The settings of this process. Raises `BadInput` naming the variable that cannot be read."""
    values = os.environ if environment is None else environment

    def get(name: str, default: str = "") -> str:
        return values.get(PREFIX + name, default)

    home = Path(get("HOME") or Path.home() / ".local" / "share" / "standards-hub").expanduser().absolute()
    try:
        today = date.fromisoformat(get("TODAY")) if get("TODAY") else None
        port, smtp_port = int(get("PORT", "8000")), int(get("SMTP_PORT", "25"))
        idempotency_days = int(get("IDEMPOTENCY_DAYS", "7"))
    except ValueError as error:
        raise BadInput(
            say("环境变量有误"),
            unmet=[Unmet("settings", say("{error}", error=str(error)), f"{PREFIX}TODAY/PORT/SMTP_PORT/IDEMPOTENCY_DAYS")],
        ) from error
    return Settings(
        home=home, database_url=get("DATABASE_URL") or f"sqlite+aiosqlite:///{home / 'hub.sqlite'}", today=today, host=get("HOST", "127.0.0.1"),
        port=port, public_url=get("PUBLIC_URL"), smtp_host=get("SMTP_HOST"), smtp_port=smtp_port, smtp_user=get("SMTP_USER"),
        smtp_password=get("SMTP_PASSWORD"), smtp_starttls=get("SMTP_STARTTLS") == "1", mail_from=get("MAIL_FROM", "standards-hub@localhost"),
        secure_cookies=get("SECURE_COOKIES") == "1", jobs=get("JOBS", "1") == "1", idempotency_days=idempotency_days,
    )  # fmt: skip
