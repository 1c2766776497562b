"""Texts that no database, XML file or mail can carry are refused at the door, for every route alike.

Control characters, half of a surrogate pair and noncharacters: PostgreSQL refuses NUL, XML all of them, SQLite nothing, so
one engine would keep what the other cannot.
"""

import re
from typing import Any

from litestar import Request
from litestar.enums import RequestEncodingType, ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import say

IN_ADDRESS = re.compile(rb"%(?:0[0-8bcef]|1[0-9a-f]|7f)|%ef%bf%b[ef]", re.IGNORECASE)
IN_PATH = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")
IN_JSON = re.compile(rb"(?<!\\)(?:\\\\)*\\(?:[bf]|(?i:u(?:00(?:0[0-8bcef]|1[0-9a-f]|7f)|fff[ef])))|\xef\xbf[\xbe\xbf]|\x7f")


class Cleanliness:
    """The middleware: address, query and JSON body hold text and nothing else. Raises `BadInput`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            if IN_ADDRESS.search(scope["query_string"]) or IN_PATH.search(scope["path"]):
                raise _unclean(say("网址中有控制字符，请删除"), "url")
            if scope["method"] in ("POST", "PUT", "PATCH"):
                request: Request[Any, Any, Any] = Request(scope, receive)
                if request.content_type[0] != RequestEncodingType.MULTI_PART and (found := IN_JSON.search(await request.body())):
                    raise _unclean(say("第 {at} 字节处有控制字符或非字符，请删除", at=found.start() + 1), "body")
        await self.app(scope, receive, send)


def _unclean(why: Any, where: str) -> BadInput:
    return BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("unclean", why, where)])
