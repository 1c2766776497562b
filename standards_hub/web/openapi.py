"""The OpenAPI description of the JSON API, and where it is read."""

from litestar import Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

DESCRIPTION = """
标准从立项到废止的全过程。每一步都要过关口：未满足时返回 409，并逐条说明缺什么、由谁补。
Every standard from proposal to withdrawal. Each step has its gates: an unmet one answers 409 and says what is missing and who can supply it.

- 身份 / identity: `Authorization: Bearer shub_…`（个人令牌 personal token），或登录后的会话 or a session cookie with `X-CSRF-Token`.
- 错误 / errors: `application/problem+json` (RFC 9457)，`unmet` 列出全部原因 lists every reason.
- 并发 / concurrency: `ETag`, `If-Match` → 412.
- 重试 / retries: `Idempotency-Key` on POST.
- 分页 / paging: `after=next`.
"""


def openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="标准全程 Standards Hub",
        version="1",
        description=DESCRIPTION,
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        openapi_router=Router("/api", route_handlers=[], opt={"permission": "hub.read"}, include_in_schema=False),
        components=Components(
            security_schemes={
                "token": SecurityScheme(type="http", scheme="bearer", description="个人令牌 / personal token"),
                "session": SecurityScheme(type="apiKey", name="hub_session", security_scheme_in="cookie", description="登录会话 / session"),
            }
        ),
        security=[{"token": []}, {"session": []}, {}],
    )
