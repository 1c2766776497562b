"""A form as it was sent. Anybody may send one, so how much it holds is looked at before it is taken apart.

Taking apart what a body of fifty megabytes can hold, twelve million fields, would keep everybody waiting for a minute.
"""

from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.enums import RequestEncodingType

from standards_hub.kernel.errors import BadInput, TooLarge, Unmet
from standards_hub.kernel.messages import say

FORMS = (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART)
MOST_FIELDS = 5000
"""Fields of one form; no form of ours comes near it."""
MOST_TEXT = 4 * 1024 * 1024
"""Bytes of one form, or of the JSON of one request, beside files. A text of 400,000 Chinese characters takes so many on its way."""
LONGEST_NAME = 500
"""Characters of a field's name; each of its brackets opens a level of what is read."""


async def sent(request: Request[Any, Any, Any]) -> FormMultiDict:
    """What was sent as a form, nothing where no form was. Raises `TooLarge`, or `BadInput` where its texts cannot be read."""
    kind = request.content_type[0]
    if kind not in FORMS:
        return FormMultiDict()
    if kind == RequestEncodingType.URL_ENCODED:
        body = await request.body()
        if body.count(b"&") >= MOST_FIELDS:
            raise TooLarge(say("表单的栏目超过 {most} 个，请分几次提交", most=MOST_FIELDS))
        refuse_long(len(body))
    try:
        found = await request.form()
    except LookupError as error:  # a part names an encoding of its own, which there is not
        unread = say("文字须为 UTF-8 编码")
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("encoding", unread, "body")]) from error
    refuse_long(sum(len(value) for value in found.values() if isinstance(value, str)))
    if any(len(name) > LONGEST_NAME for name in found):
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("name", say("栏目的名称过长"), "body")])
    return found


def refuse_long(size: int) -> None:
    """Raise `TooLarge` for more than one request may say beside its files."""
    if size > MOST_TEXT:
        raise TooLarge(say("提交的文字过长，请缩短，或作为文件提交"))
