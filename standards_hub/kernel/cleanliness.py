"""Texts that no database, XML file or mail can carry are refused at the door, for every route alike.

Control characters and noncharacters: PostgreSQL refuses NUL, XML all of them, SQLite nothing, so one engine would keep what
the other cannot. Halves of surrogate pairs are refused by the JSON reader.
"""

import re
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.enums import RequestEncodingType

from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.sent import refuse_long

IN_ADDRESS = re.compile(rb"%(?:0[0-8bcef]|1[0-9a-f]|7f)|%ef%bf%b[ef]", re.IGNORECASE)
IN_PATH = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")
IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
IN_JSON = re.compile(rb"(?<!\\)(?:\\\\)*\\(?:[bf]|(?i:u(?:00(?:0[0-8bcef]|1[0-9a-f]|7f)|fff[ef])))|\xef\xbf[\xbe\xbf]|\x7f")


async def clean(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Guards every route after `permitted`: address, query and JSON body hold text and nothing else. Raises `BadInput`, `TooLarge`."""
    scope = connection.scope
    if IN_ADDRESS.search(scope["query_string"]) or IN_PATH.search(scope["path"]):
        raise _unclean(say("网址中有控制字符，请删除"), "url")
    if not isinstance(connection, Request) or connection.method not in ("POST", "PUT", "PATCH"):
        return
    if connection.content_type[0] == RequestEncodingType.MULTI_PART:
        return
    body = await connection.body()
    refuse_long(len(body))
    if found := IN_JSON.search(body):
        raise _unclean(say("第 {at} 字节处有控制字符或非字符，请删除", at=found.start() + 1), "body")


def clean_text(text: str, where: str) -> str:
    """The text if it holds none of these; for what comes in by other ways, such as the name of an uploaded file."""
    if IN_TEXT.search(text) or not text.isprintable():
        raise _unclean(say("文字中有控制字符，请删除"), where)
    return text


def _unclean(why: Message, where: str) -> BadInput:
    return BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("unclean", why, where)])
