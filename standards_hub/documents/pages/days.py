"""Days in the address bar, as people type them."""

from datetime import date

from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import say


def a_day(text: str | None, where: str) -> date | None:
    """The day of a parameter, none where it is empty. Raises `BadInput` naming it."""
    if not text or not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        why = say("“{text}”不是日期，请按年-月-日填写，如 2026-10-31", text=text[:40])
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("day", why, where)]) from error
