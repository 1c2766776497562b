"""The OpenAPI description of the JSON API: what Litestar finds in the doors, completed with what all of them share.

Errors, examples and the words for parameters are added here by rule, so that no door has to repeat them and none can forget them.
"""

from copy import deepcopy
from functools import cache
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.routes import HTTPRoute
from litestar.status_codes import HTTP_404_NOT_FOUND

from standards_hub.kernel.access.actor import ROLE_NAMES, Permission, permissions
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.messages import say
from standards_hub.web.examples import BODIES, PROBLEMS

DESCRIPTION = """
标准从立项到废止的全过程。每一步都要过关口：未满足时返回 409，并逐条说明缺什么、由谁补。
Every standard from proposal to withdrawal. Each step has its gates: an unmet one answers 409 and says what is missing and who can supply it.

- 身份 / identity: `Authorization: Bearer shub_…`（个人令牌 personal token），或登录后的会话 or a session cookie with `X-CSRF-Token`.
- 错误 / errors: `application/problem+json` (RFC 9457)，`unmet` 列出全部原因 lists every reason.
- 并发 / concurrency: `ETag`, `If-Match` → 412.
- 重试 / retries: `Idempotency-Key` on POST，同一请求只办一次 the same request is done once; the repeat answers with `Idempotency-Replayed: true`.
- 分页 / paging: `after=next`.
- 语言 / language: `Accept-Language` or `lang=zh|en`.
"""
PROBLEM = "application/problem+json"
PARAMETERS = {
    "id": "内部编号 / id",
    "after": "上一页的 next / `next` of the page before",
    "limit": "每页条数 / items a page",
    "q": "要查找的字词或编号 / words or a number to look for",
    "key": "计划的键 / key of the plan",
    "plan": "计划的键 / key of the plan",
    "target": "指标的键 / key of the target",
    "name": "地址中的密文，以 .ics 结尾 / the secret of the address, with .ics",
    "track_id": "程序的键，可带版本 / key of the track, or key@version",
    "number": "标准号或计划号，今昔皆可 / a number, or a present or past plan number",
    "on": "日期；不填为今天 / the day; today if left out",
    "as_of": "统计截止日；不填为今天 / as of this day; today if left out",
    "since": "与这一天比较 / compared with this day",
    "format": "文件格式 / format of the file",
    "lang": "zh 或 en / zh or en",
    "stage": "阶段码或其前两位，可重复 / codes, or two digits for a whole stage; may repeat",
    "level": "层级，可重复 / levels, may repeat",
    "status": "状态，可重复 / states, may repeat",
    "track": "程序，可重复 / tracks, may repeat",
    "field": "主要领域，可重复 / primary fields, may repeat",
    "region": "地区 / region",
    "kind": "种类 / kind",
    "fills_gap": "是否填补空白 / whether it fills a gap",
    "stricter": "是否高于国家标准 / whether stricter than the national standard",
    "published_from": "发布日不早于 / published on or after",
    "published_to": "发布日不晚于 / published on or before",
    "active": "是否在用 / whether in use",
    "organisation": "单位 / organisation",
    "parent": "上级技术委员会 / the committee above",
    "reason": "理由 / reason",
    "committee_state": "技术委员会的状态 / state of the committee",
    "identifier": "标准编号，写法不限 / a number, however it is written",
    "reference": "委员会编号，如 ISO/TC 197 / reference of a committee, such as ISO/TC 197",
    "member": "国家成员体的简称，如 SAC / acronym of a national body, such as SAC",
    "source": "来源 / source",
    "doctype": "文件类型 / type of document",
    "committee": "技术委员会 / committee",
    "outcome": "统计结果，可重复 / what became of it in the count, may repeat",
    "change": "新计入或不再计入 / entered or left the count",
    "halted": "只看冻结或暂停的 / only those frozen or suspended",
    "document": "会议文件 notice、agenda、sheet 或 minutes，加 .docx 或 .pdf / paper of a meeting, with .docx or .pdf",
    "which": "签回的 minutes 或 sheet / what came back signed: minutes or sheet",
    "overdue": "只看有期限超期的 / only those with a limit that is past",
    "role": "主导、参与或不分位次 / lead, participate or not_ranked",
    "project_state": "项目的状态 / state of the project",
    "joined": "参与起草的地区 / a region that took part in the drafting",
    "gap": "只看填补空白的 / only those said to fill a gap",
    "output": "只看有项目申报为产出的 / only those that a project claims as its output",
    "office": "本省在境外的职务 / the office that the province holds in it abroad",
}
NAMING = frozenset(("number", "as_of", "name", "after", "identifier", "reference", "organisation", "parent", "plan"))
"""Parameters of a query that name a thing, which may not be there."""
LIMITED = frozenset(("SignIn", "ChangeMyPassword", "ForgetPassword", "MakeComment", "MakeCommentWithFile"))
"""Operations that are refused for a while to who asks on and on."""
RESULTS = {"ReadProgress": {"type": "object", "description": "报告全文 / the whole report", "additionalProperties": True}}
"""Answers that their door has written already, so that Litestar sees only bytes."""
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "每次操作一个新键；重发同一请求只办一次 / a new key for each act; the same request sent again is done once",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "example": "0b6f3c1e-8f0e-4c52-9a55-3f1f6f2d7c10",
}
REPLAYED = {"description": "这是同一请求的前次答复 / this is the answer of the first time", "schema": {"type": "string", "enum": ["true"]}}
ETAG = {"description": "版本，供 If-Match 使用 / the version, for If-Match", "schema": {"type": "string"}}
PROBLEM_SCHEMA = {
    "type": "object",
    "title": "Problem",
    "description": "问题详情 / problem details (RFC 9457); `unmet` 列出全部原因 lists everything that stands in the way",
    "required": ["type", "title", "status", "detail", "code", "message"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "稳定的代码 / a stable code"},
        "message": {"$ref": "#/components/schemas/Said"},
        "instance": {"type": "string"},
        "reference": {"type": "string", "description": "日志中的编号 / its number in the log"},
        "unmet": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "where", "fixer", "waivable", "zh", "en"],
                "properties": {
                    "code": {"type": "string"},
                    "where": {"type": ["string", "null"], "description": "字段、行、单元格 / field, row or cell"},
                    "fixer": {"type": ["string", "null"], "description": "由谁补 / who can put it right"},
                    "waivable": {"type": "boolean"},
                    "zh": {"type": "string"},
                    "en": {"type": "string"},
                },
            },
        },
    },
}


class Completed(JsonRenderPlugin):
    """The description as JSON, completed once a process."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return description(request.app)


@cache
def description(app: Litestar) -> bytes:
    """The whole description as JSON."""
    return msgspec.json.encode(completed(app.openapi_schema.to_schema(), _permissions(app)))


def _permissions(app: Litestar) -> dict[str, str]:
    """The permission of each operation, by operation id."""
    handlers = [handler for route in app.routes if isinstance(route, HTTPRoute) for handler in route.route_handlers]
    return {str(h.operation_id): str(h.opt.get("permission")) for h in handlers if h.operation_id}


def completed(schema: dict[str, Any], needed: dict[str, str]) -> dict[str, Any]:
    """A description with errors, examples, words and permissions. `needed` is the permission of each operation."""
    made = deepcopy(schema)
    components = made.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    components["responses"] = {f"Problem{status}": _problem(status) for status in PROBLEMS}
    for path in made["paths"].values():
        for method, operation in path.items():
            if isinstance(operation, dict) and "operationId" in operation:
                _complete(method, operation, permissions().get(needed.get(operation["operationId"], "")))
    for part in components["schemas"].values():
        for name, field in part.get("properties", {}).items():
            part["properties"][name] = _unwrapped(field)
    return made


def _unwrapped(field: Any) -> Any:
    """A choice of one is no choice: what is left of a field that may be absent."""
    if isinstance(field, dict) and len(only := field.get("oneOf", ())) == 1:
        return {**only[0], **{key: value for key, value in field.items() if key != "oneOf"}}
    return field


def _problem(status: int) -> dict[str, Any]:
    words, example = PROBLEMS[status]
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}
    return {"description": words, "content": content}


def _complete(method: str, operation: dict[str, Any], permission: Permission | None) -> None:
    name = operation["operationId"]
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        words = PARAMETERS.get(parameter["name"]) or ("内部编号 / id" if parameter["name"].endswith("_id") else None)
        if words and not parameter.get("description"):
            parameter["description"] = words
    if permission:
        operation["summary"] = f"{permission.zh} · {_words(name)}"
        operation["description"] = f"{operation.get('description') or ''}\n\n{_who(permission)}".strip()
    responses = operation["responses"]
    responses.pop("400", None)
    for status, response in responses.items():
        if status == "204":
            response.pop("content", None)
        elif response.get("content", {}).pop("application/octet-stream", None) is not None:
            response["content"]["*/*"] = {}
        if name in RESULTS:
            response["content"]["application/json"] = {"schema": RESULTS[name]}
    for status in _errors(method, operation, permission):
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    if any(p["name"] == "If-Match" for p in parameters):
        _header(responses, "ETag", ETAG)
    if method == "post" and permission and not permission.everyone:
        parameters.append(IDEMPOTENCY)
        _header(responses, "Idempotency-Replayed", REPLAYED)
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        if kind == "application/json" and name in BODIES:
            content["examples"] = {example: {"value": value} for example, value in BODIES[name].items()}


def _header(responses: dict[str, Any], name: str, header: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status.startswith("2"):
            response.setdefault("headers", {})[name] = header


def _errors(method: str, operation: dict[str, Any], permission: Permission | None) -> list[int]:
    """The errors that an operation of this kind may answer with."""
    names = [p["in"] for p in operation["parameters"]]
    found = {400, 401, 422, 503}
    if method != "get" or not (permission and (permission.everyone or permission.signed_in)):
        found.add(403)
    if "path" in names or any(p["name"] in NAMING for p in operation["parameters"]):
        found.add(404)
    if method != "get":
        found |= {404, 409}
    if any(p["name"] == "If-Match" for p in operation["parameters"]):
        found.add(412)
    if "requestBody" in operation:
        found |= {413, 415}
    if operation["operationId"] in LIMITED:
        found.add(429)
    return sorted(found)


def _words(name: str) -> str:
    """`ProposeStandard` as `Propose standard`."""
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
    return words[:1].upper() + words[1:]


def _who(permission: Permission) -> str:
    """Who may, in both languages."""
    if permission.everyone:
        return "权限 / open to: 所有人 everyone"
    if permission.signed_in:
        return "权限 / open to: 已登录者 anyone signed in"
    roles = [ROLE_NAMES[role] for role in permission.roles]
    return f"权限 / open to: {'、'.join(r.into('zh') for r in roles)} {', '.join(r.into('en') for r in roles)}"


def _ours(response: Response[Any]) -> Response[Any]:
    """What the framework answers with a page of its own, beside the document, is said in our words."""
    if response.status_code == HTTP_404_NOT_FOUND:
        raise NotFound(say("没有这个地址"))
    return response


def openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="标准全程 Standards Hub",
        version="1",
        description=DESCRIPTION,
        use_handler_docstrings=True,
        render_plugins=[Completed(path="/openapi.json")],
        openapi_router=Router("/api", route_handlers=[], opt={"permission": "hub.read"}, include_in_schema=False, after_request=_ours),
        components=Components(
            security_schemes={
                "token": SecurityScheme(type="http", scheme="bearer", description="个人令牌 / personal token"),
                "session": SecurityScheme(type="apiKey", name="hub_session", security_scheme_in="cookie", description="登录会话 / session"),
            }
        ),
        security=[{"token": []}, {"session": []}, {}],
    )
