"""What a person sees when something does not work: what happened, what to do, and a reference number that the log knows too."""

import secrets
from typing import Any

import structlog
from litestar import Request, Response
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from standards_hub.kernel.access.pages import interrupted
from standards_hub.kernel.errors import BadInput, Conflict, HubError, NotSignedIn, Unavailable, Unforeseen, Unmet
from standards_hub.kernel.http import problem_response
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import page

AnyRequest = Request[Any, Any, Any]
log = structlog.get_logger(__name__)


def reads_pages(request: AnyRequest) -> bool:
    """Whether the caller is a browser that asks for a page, and not a script that asks for JSON."""
    accepted = request.headers.get("accept", "")
    return "text/html" in accepted and "json" not in accepted.partition("text/html")[0]


def answer(request: AnyRequest, error: HubError, reference: str | None = None) -> Response[Any]:
    """An error as problem details, or as a page for those who read pages."""
    if not reads_pages(request):
        return problem_response(request, error, reference)
    if isinstance(error, NotSignedIn):
        return interrupted(request)
    reference = reference or new_reference()
    log.info("refused", reference=reference, code=error.code, status=error.status, path=request.url.path)
    return page(request, "error.html", status=error.status, error=error, reference=reference, advice=advice(error.status))


def unforeseen(request: AnyRequest, error: Exception) -> Response[Any]:
    """What nobody provided for: the traceback goes into the log under a number, and only the number goes out."""
    if known := of_database(error) or of_body(error):
        return answer(request, known)
    reference = new_reference()
    log.error("unforeseen", reference=reference, method=request.method, path=request.url.path, exc_info=error)
    return answer(request, Unforeseen(say("系统出错，未能办理；请把编号 {reference} 告诉系统管理员", reference=reference)), reference)


def of_database(error: Exception) -> HubError | None:
    """What the database itself refuses, as an error that a user can act on; none for what only we can mend."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, IntegrityError):
        return Conflict(say("与已有的记录冲突，或所指的记录不存在"), code="integrity")
    if isinstance(error, DataError) or isinstance(cause, OverflowError):
        return BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("range", say("有一个数值或日期超出可用的范围"))])
    busy = isinstance(error, OperationalError) and "no such" not in str(cause)  # SQLite calls a missing table operational too
    if busy or isinstance(error, PoolTimeout):  # or no connection came free
        log.warning("database", error=str(cause))
        return Unavailable(say("数据库正忙或暂不可用，请稍后再试"))
    return None


def of_body(error: Exception) -> HubError | None:
    """What Litestar cannot read and says in no better way: a form without the file it should bring, which it looks for with `next`; deep JSON."""
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, StopIteration):
        return BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("file", say("表单中没有文件，请选择要上传的文件"), "data")])
    if isinstance(error, RecursionError) and "deserializing" in str(error):  # JSON of thousands of brackets
        return BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("nested", say("内容的层次过深"), "body")])
    return None


def new_reference() -> str:
    return secrets.token_hex(4).upper()


def advice(status: int) -> Any:
    """What to do about an error of this kind."""
    return ADVICE.get(status) or (say("请稍后再试；若仍不行，请把编号告诉系统管理员") if status >= 500 else say("请返回上一页，修改后再试"))


ADVICE = {
    401: say("请先登录，再打开此页"),
    403: say("如需办理，请联系上述人员或系统管理员授予相应角色"),
    404: say("请检查网址，或从首页查找"),
    409: say("请重新读取后再试"),
    412: say("请重新读取后再试"),
    429: say("请稍等片刻再试"),
}
