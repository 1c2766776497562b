"""Notices by mail: each person chooses for each kind whether they come at once, gathered once a day, or not at all.

Rooms register the kinds of notices that they send. The choice is a preference, not of the record.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID, uuid4

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel

from standards_hub.kernel import mail
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access.service import own_id
from standards_hub.kernel.access.values import Account
from standards_hub.kernel.database import Utc
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.jobs import every, job
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work

Choice = Literal["now", "daily", "none"]
CHOICE_NAMES: dict[str, Message] = {"now": say("立即"), "daily": say("每日汇总"), "none": say("不寄")}
KINDS: dict[str, Message] = {}


class NoticeChoiceRow(SQLModel, table=True):
    """What somebody chose for a kind of notices; without a row they come at once."""

    __tablename__ = "notice_choice"
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    kind: str = Field(primary_key=True)
    choice: str


class GatheredNoticeRow(SQLModel, table=True):
    """A notice that waits for the mail of the day."""

    __tablename__ = "notice_gathered"
    id: UUID = Field(primary_key=True)
    key: str = Field(unique=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    subject: str
    body: str = Field(sa_type=sa.Text)
    created_at: datetime = Field(sa_type=Utc)


CHOICE, GATHERED = SQLModel.metadata.tables["notice_choice"], SQLModel.metadata.tables["notice_gathered"]


class NoticeChoices(Struct, forbid_unknown_fields=True):
    """The choices to set, by kind; kinds that are not named stay as they are."""

    choices: dict[str, Choice]


def kind(name: str, said: Message) -> str:
    """Register a kind of notices under its name; `said` completes the row of the table in which people choose."""
    KINDS[name] = said
    return name


async def choices(connection: AsyncConnection, account_id: UUID) -> dict[str, str]:
    """What an account has chosen, for every kind."""
    rows = await connection.execute(sa.select(CHOICE.c.kind, CHOICE.c.choice).where(CHOICE.c.account_id == account_id))
    return {**dict.fromkeys(KINDS, "now"), **{kind: choice for kind, choice in rows if kind in KINDS}}


async def choose(work: Work, given: Mapping[str, str]) -> dict[str, str]:
    """Set one's own choices. Raises `BadInput` for a kind or a choice that does not exist."""
    work.actor.require("account.self")
    account_id = own_id(work)
    unmet = [Unmet("kind", say("没有这类通知"), f"choices.{name}") for name in given if name not in KINDS]
    unmet += [Unmet("choice", say("请从所列各项中选择"), f"choices.{n}") for n, choice in given.items() if choice not in get_args(Choice)]
    if unmet:
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=unmet)
    for name, choice in given.items():
        insert = (sqlite if work.sqlite else postgresql).insert(CHOICE).values(account_id=account_id, kind=name, choice=choice)
        await work.connection.execute(insert.on_conflict_do_update(index_elements=["account_id", "kind"], set_={"choice": choice}))
    return await choices(work.connection, account_id)


async def send(
    work: Work, recipients: Mapping[UUID, str], subject: Message, body: Message, key: str, *,
    calendar: Callable[[Account], str] | None = None,
) -> None:  # fmt: skip
    """Write to accounts as each of them chose, in their languages; the mapping says by which kind it concerns each.

    `calendar` makes the invitation that goes with what is sent at once; what is gathered goes without.
    """
    wanted = CHOICE.c.account_id.in_(list(recipients))
    rows = await work.connection.execute(sa.select(CHOICE).where(wanted)) if recipients else ()
    chosen = {(row.account_id, row.kind): row.choice for row in rows}
    for account in await accounts.by_ids(work.connection, recipients):
        choice = chosen.get((account.id, recipients[account.id]), "now")
        if account.active and choice != "none":
            invitation = calendar(account) if calendar and choice == "now" else None
            words = subject.into(account.language), body.into(account.language)
            await _send(work, account, *words, f"{key}:{account.id}", choice, invitation)


async def _send(work: Work, account: Account, subject: str, body: str, key: str, choice: str, calendar: str | None) -> None:
    if choice == "now":
        await mail.enqueue(work, account.email, subject, body, key=key, calendar=calendar)
        return
    row = {"id": uuid4(), "key": key, "account_id": account.id, "subject": subject, "body": body, "created_at": work.clock.now()}
    insert = (sqlite if work.sqlite else postgresql).insert(GATHERED).values(**row)
    await work.connection.execute(insert.on_conflict_do_nothing(index_elements=["key"]))


@every("notices.gather", cron="30 7 * * *")
@job("notices.gather", say("寄出每日汇总"))
async def gather(work: Work) -> None:
    """Each morning: one mail to everybody for whom notices wait, oldest first."""
    waiting: dict[UUID, list[tuple[UUID, str, str]]] = {}
    query = sa.select(GATHERED.c.account_id, GATHERED.c.id, GATHERED.c.subject, GATHERED.c.body)
    for account_id, id, heading, text in await work.connection.execute(query.order_by(GATHERED.c.created_at, GATHERED.c.id)):
        waiting.setdefault(account_id, []).append((id, heading, text))
    for account in await accounts.by_ids(work.connection, waiting):
        rows = waiting[account.id]
        if account.active:
            subject = say("标准全程：{count} 项通知", count=len(rows)).into(account.language)
            text = "\n\n".join(f"{n}. {row[1]}\n{row[2]}" for n, row in enumerate(rows, 1))
            await mail.enqueue(work, account.email, subject, text[: mail.LONGEST_BODY], key=f"gathered:{rows[-1][0]}")
        await work.connection.execute(sa.delete(GATHERED).where(GATHERED.c.id.in_([row[0] for row in rows])))
