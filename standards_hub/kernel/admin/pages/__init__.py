"""The pages of keeping the hub, as tabs of one section."""

from typing import Any

from litestar import Request, get
from litestar.response import Redirect
from msgspec import Struct

from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.access.bodies import PLACES
from standards_hub.kernel.admin.pages import background, holidays, log, settings
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.pages import go, section
from standards_hub.kernel.templates import GLOBALS


class Tab(Struct, frozen=True):
    """A page of the section, shown to those who hold its permission."""

    path: str
    name: Message
    permission: str


TABS = [
    Tab("/admin/accounts", say("账号"), "account.manage"),
    Tab("/admin/permissions", say("权限表"), "account.self"),
    Tab("/admin/log", say("日志"), "audit.read"),
    Tab("/admin/jobs", say("后台任务"), "jobs.read"),
    Tab("/admin/mails", say("邮件"), "jobs.read"),
    Tab("/admin/holidays", say("节假日"), "holiday.read"),
    Tab("/admin/settings", say("设置"), "settings.read"),
]
section("/admin", say("管理"), "settings", "audit.read", 110)
GLOBALS.update(admin_tabs=TABS, places=PLACES)


@get("/admin", opt={"permission": "audit.read"}, include_in_schema=False)
async def first(request: Request[Any, Any, Any], actor: Actor) -> Redirect:
    """The first page of the section that one may see and that is not open to everybody."""
    return go(request, next(t.path for t in TABS if actor.may(t.permission) and t.permission != "account.self"))


PAGES: list[Any] = [first, *background.PAGES, *log.PAGES, *holidays.PAGES, *settings.PAGES]
