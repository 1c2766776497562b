"""The columns of the file of projects.

One row is a project with one promise of its contract; further promises of a project stand in further rows under the same number.
"""

from collections.abc import Iterable

from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.registers.rows import Column, Sheet
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage.roles import policies
from standards_hub.linkage.values import EVIDENCE_KINDS, ROLES_REQUIRED


def _names(found: Iterable[Message | Name]) -> tuple[str, ...]:
    return tuple(name.into("zh") for name in found)


SHEET = Sheet(
    title=say("项目"), name="projects", required=("project_no",),
    columns={
        "project_no": Column(say("项目编号"), say("以合同为准，写法不限；已登记的项目按编号找到并补全"), "示例-2024-001"),
        "title": Column(say("项目名称"), say("新登记的项目必填"), "示例：氢能装备关键技术", wide=True),
        "programme": Column(say("计划类别"), say("新登记的项目必填，如省重点研发计划"), "示例计划"),
        "lead": Column(say("承担单位"), say("已登记单位的名称或统一社会信用代码"), "示例·苏南氢能研究院"),
        "partners": Column(say("合作单位"), say("已登记单位的名称或代码，以“；”分隔"), ""),
        "manager": Column(say("项目负责人"), say("已登记人员的姓名；同名的写作“姓名，单位”"), ""),
        "starts_on": Column(say("起始日期"), say("如 2024-01-01"), "2024-01-01"),
        "ends_on": Column(say("结束日期"), say("如 2026-12-31"), "2026-12-31"),
        "plan_key": Column(say("服务于计划"), say("计划的代号"), "jiangsu-5x100"),
        "role_policy": Column(say("位次口径"), say("主导与参与按哪一口径认定；不填为默认口径"), "", tuple(policies())),
        "level": Column(say("承诺层级"), say("合同承诺的标准的层级；没有承诺则以下各列都不填"), "国家标准", _names(LEVEL_NAMES.values())),
        "count": Column(say("承诺项数"), say("整数"), "1"),
        "role_required": Column(say("起草身份"), say("不填为主导或参与"), "主导", _names(ROLES_REQUIRED.values())),
        "min_stage": Column(say("至少达到"), say("国际协调阶段代码；不填为 60.60，即已出版"), "60.60"),
        "due": Column(say("期限"), say("不填即为项目结束日期"), "2026-12-31"),
        "evidence": Column(say("合同要求的佐证"), say("种类的名称，以“；”分隔"), "发布公告；标准封面和前言页", _names(EVIDENCE_KINDS.values()), several=True),
        "source_text": Column(say("合同原文"), say("合同中该项指标的原话，有承诺时必填"), "主导制定国家标准1项", wide=True),
    },
)  # fmt: skip
