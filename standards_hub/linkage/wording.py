"""The words of a count: roles, why a standard counts or not, and what is said beside it.

Made once and shared, so that counting many standards leaves little behind for the collector of garbage.
"""

from datetime import date
from functools import cache

from standards_hub.kernel.messages import Message, say
from standards_hub.linkage.facts import StandardFacts

ROLES: dict[str, Message] = {"lead": say("主导"), "participate": say("参与"), "not_ranked": say("不分位次")}
ENDINGS: dict[str, Message] = {
    "terminated": say("已终止"),
    "cancelled": say("已撤销"),
    "lapsed": say("计划已失效"),
    "merged": say("已并入其他项目"),
    "split": say("已拆分为其他项目"),
}


HAPPENED = {"published_on": say("{day} 发布"), "approved_on": say("{day} 批准"), "effective_on": say("{day} 实施")}
AHEAD = {"published_on": say("尚未发布"), "approved_on": say("尚未批准"), "effective_on": say("尚未实施")}
BY_FAMILY = say("团体标准、企业标准不计入")
BY_KIND = say("修改单、勘误不计入")
UNDATED = say("缺少发布日期或实施日期")
GONE = say("已废止或被代替")
UNPUBLISHED = say("发布公告和发布文本均未存档")
UNAPPROVED = say("批准文件、发布公告和发布文本均未存档")
HALTS = {"frozen": say("已冻结"), "suspended": say("已暂停")}


@cache
def outside(day: date) -> Message:
    """Why a day does not count."""
    return say("{day} 不在计入期间", day=day)


@cache
def happened(trigger: str, day: date) -> Message:
    """What the rule counts by, and its day."""
    return Message(HAPPENED[trigger].text, {"day": day})


def flags(standard: StandardFacts, as_of: date) -> tuple[Message, ...]:
    """What is said of a standard beside its outcome."""
    found: list[Message] = []
    if standard.withdrawn_on is not None and standard.withdrawn_on <= as_of:
        found.append(say("{day} 废止", day=standard.withdrawn_on))
    elif standard.status == "withdrawn":
        found.append(say("已废止"))
    elif standard.status == "superseded":
        found.append(say("已被代替"))
    elif standard.status == "published" and standard.effective_on is not None and standard.effective_on > as_of:
        found.append(say("即将实施"))
    if standard.status in HALTS:
        found.append(HALTS[standard.status])
    if standard.kind == "adoption":
        found.append(say("采标"))
    if standard.same_source:
        found.append(say("同源"))
    if standard.fills_gap:
        found.append(say("填补空白"))
    if standard.stricter_than_national:
        found.append(say("高于国家标准"))
    if standard.exemplar:
        found.append(say("示例"))
    return tuple(found)
