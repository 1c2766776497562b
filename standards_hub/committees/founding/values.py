"""Where a committee is on its way, and the names of steps, acts, gates and outcomes."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.messages import Message, say

STEP_NAMES: dict[str, Message] = {
    "proposed": say("提出组建"),
    "preparing": say("筹建"),
    "notice": say("公示"),
    "approved": say("批准成立"),
    "running": say("届期运行"),
    "renewal": say("换届"),
    "rectifying": say("限期整改"),
    "restructuring": say("重新组建"),
    "declined": say("不予组建"),
    "dissolved": say("撤销"),
}
WAY = ("proposed", "preparing", "notice", "approved", "running")
"""The steps of the founding, in order."""
ACT_NAMES: dict[str, Message] = {
    "propose": say("提出组建"),
    "prepare": say("同意筹建"),
    "notify": say("开始公示"),
    "object": say("公示有异议，退回筹建"),
    "approve": say("批准成立"),
    "decline": say("不予组建"),
    "begin": say("开始第一届"),
    "enter": say("登记现届"),
    "renew": say("启动换届"),
    "renewed": say("完成换届"),
    "evaluate": say("登记考核评估结论"),
    "rectified": say("整改通过"),
    "reformed": say("完成重新组建"),
    "dissolve": say("撤销委员会"),
}
OUTCOME_NAMES: dict[str, Message] = {
    "excellent": say("优秀"),
    "qualified": say("合格"),
    "rectify": say("限期整改"),
    "change_host": say("变更秘书处承担单位"),
    "restructure": say("重新组建"),
    "dissolve": say("撤销"),
}
GATE_NAMES: dict[str, Message] = {
    "department": say("主管部门"),
    "secretariat": say("秘书处承担单位"),
    "scope": say("工作范围"),
    "composition": say("组成符合规定"),
    "notice": say("公示期满"),
    "seated": say("委员就任"),
    "host": say("秘书处承担单位已变更"),
    "below": say("下属委员会和将来的席位"),
}


class Course(Struct, frozen=True, kw_only=True):
    """Where a committee is on its way: since when, in which term, with which limit."""

    committee_id: UUID
    step: str
    entered_on: date
    term: int | None = None
    term_since: date | None = None
    term_until: date | None = None
    due: date | None = None
    """The day by which a rectification must be through."""
    outcome: str | None = None
    """Of the last evaluation."""
    evaluated_on: date | None = None
    host_id: UUID | None = None
    """The host at the evaluation that asked for another one."""


class Milestone(Struct, frozen=True, kw_only=True):
    """One act on the way, as it was recorded."""

    committee_id: UUID
    seq: int
    act: str
    step: str
    on: date
    reference: str | None
    reason: str | None
    exception: str | None
    outcome: str | None
