"""Accounts on the command line: opened, given roles, passwords and tokens by the operator of the machine."""

import sys
from datetime import datetime
from typing import Any

import click

from standards_hub.cli.runtime import as_json, run, show
from standards_hub.kernel.access import repository, service
from standards_hub.kernel.access.schemas import AccountOut, GrantOut, TokenOut
from standards_hub.kernel.access.values import ROLE_BODIES, NewAccount, NewGrant, NewToken
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work

PAGE = 500


@click.group("account", help="账号、角色与令牌 / accounts, roles and tokens")
def account_group() -> None:
    pass


def _password(given: bool, prompt: bool) -> str | None:
    """The password from standard input, or asked for twice; never an argument, which others could read in the process list."""
    if given:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("密码 / password", hide_input=True, confirmation_prompt=True)) if prompt else None


def _words(account: AccountOut) -> str:
    roles = "、".join(g.role if g.body_kind == "hub" else f"{g.role}@{g.body_kind}:{g.body_id}" for g in account.grants)
    return f"{account.login}  {account.name}  {'' if account.active else '（已停用 / closed）'}{roles}"


@account_group.command("add")
@click.argument("login")
@click.option("--name", required=True, help="姓名 / name")
@click.option("--email", help="电子邮箱 / mail address")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language")
@click.option("--password-stdin", is_flag=True, help="从标准输入读密码 / read the password from standard input")
@click.option("--no-password", is_flag=True, help="暂不设密码 / open it without a password")
@click.option("--role", "roles", multiple=True, type=click.Choice(sorted(ROLE_BODIES)), help="在全系统授予的角色 / role in the whole hub")
@as_json
def add(
    login: str, name: str, email: str | None, language: str, password_stdin: bool, no_password: bool, roles: tuple[str, ...], as_json: bool
) -> None:
    """开设账号 / open an account"""
    password = _password(password_stdin, not no_password)

    async def task(work: Work) -> AccountOut:
        account = await service.open_account(work, NewAccount(login=login, name=name, email=email, language=language, password=password))
        for role in roles:
            await service.grant_role(work, account.id, NewGrant(role=role))
        return AccountOut.of(await repository.account(work.connection, account.id))

    show(run(task), as_json, _words)


@account_group.command("list")
@click.option("--closed", is_flag=True, help="也列出已停用的 / closed ones too")
@as_json
def listing(closed: bool, as_json: bool) -> None:
    """列出账号 / list accounts"""

    async def task(work: Work) -> list[AccountOut]:
        work.actor.require("account.manage")
        found: list[AccountOut] = []
        after = None
        while page := await repository.listing(work.connection, active=None if closed else True, after=after, limit=PAGE):
            found += [AccountOut.of(account) for account in page]
            after = page[-1].login
        return found

    show(run(task, writes=False), as_json, lambda accounts: "\n".join(_words(account) for account in accounts))


@account_group.command("password")
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help="从标准输入读密码 / read the password from standard input")
def password(login: str, password_stdin: bool) -> None:
    """设置密码，其会话随即结束 / set a password; the account's sessions end"""
    new = _password(password_stdin, True) or ""

    async def task(work: Work) -> None:
        await service.set_password(work, (await repository.account_by_login(work.connection, login)).id, new)

    run(task)


@account_group.command("grant")
@click.argument("login")
@click.argument("role", type=click.Choice(sorted(ROLE_BODIES)))
@click.option("--in", "body", default="hub:*", show_default=True, metavar="KIND:ID", help="任职的对象 / the body")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="起日 / first day")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="止日 / last day")
@as_json
def grant(login: str, role: str, body: str, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """授予角色 / grant a role"""
    kind, _, id = body.partition(":")

    async def task(work: Work) -> GrantOut:
        account = await repository.account_by_login(work.connection, login)
        given = NewGrant(
            role=role, body_kind=kind, body_id=id, since=since.date() if since else None, until=until.date() if until else None
        )
        return GrantOut.of(await service.grant_role(work, account.id, given))

    show(run(task), as_json, lambda held: f"{login}  {held.role}@{held.body_kind}:{held.body_id}  {held.since} – {held.until or ''}")


@account_group.command("revoke")
@click.argument("login")
@click.argument("role", type=click.Choice(sorted(ROLE_BODIES)))
@click.option("--in", "body", default="hub:*", show_default=True, metavar="KIND:ID", help="任职的对象 / the body")
def revoke(login: str, role: str, body: str) -> None:
    """撤销角色 / take a role away"""
    kind, _, id = body.partition(":")

    async def task(work: Work) -> None:
        account = await repository.account_by_login(work.connection, login)
        held = next((g for g in account.grants if g.role == role and g.body == (kind, id)), None)
        if held is None:
            raise NotFound(say("{name} 没有这项角色", name=account.name))
        await service.revoke_role(work, account.id, held.id)

    run(task)


@account_group.command("token")
@click.argument("login")
@click.option("--name", required=True, help="令牌的名称 / name of the token")
@click.option("--write", is_flag=True, help="可写 / may also write")
@click.option("--days", type=int, default=365, show_default=True, help="有效天数 / days it works")
@as_json
def token(login: str, name: str, write: bool, days: int, as_json: bool) -> None:
    """签发 API 令牌，只显示这一次 / issue an API token, shown only once"""

    async def task(work: Work) -> Any:
        account = await repository.account_by_login(work.connection, login)
        return TokenOut(*await service.issue_token(work, NewToken(name=name, scope="write" if write else "read", days=days), account.id))

    show(run(task), as_json, lambda issued: issued.secret)
