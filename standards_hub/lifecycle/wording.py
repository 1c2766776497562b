"""What things of a standard's life are called in both languages: facts, states and what can happen to it."""

from standards_hub.kernel.messages import Message, Name, say

FACT_NAMES: dict[str, Message] = {
    "title_zh": say("中文名称"),
    "title_en": say("英文名称"),
    "scope": say("适用范围"),
    "nature": say("性质"),
    "document_type": say("文件类型"),
    "committee_id": say("归口标委会"),
    "department_id": say("归口主管部门"),
    "leader_id": say("项目负责人"),
    "region": say("区域"),
    "ics": say("ICS 分类"),
    "ccs": say("CCS 分类"),
    "plan_key": say("考核计划"),
    "primary_field": say("主领域"),
    "fields": say("所属领域"),
    "fills_gap": say("填补空白"),
    "stricter": say("高于国家标准"),
    "patents": say("涉及专利"),
    "measurable": say("含可测指标"),
    "drafters_not_named": say("前言不列起草单位和起草人"),
    "international_role": say("国际任职"),
    "plan_number": say("计划号"),
    "number": say("标准编号"),
    "approved_on": say("批准日期"),
    "published_on": say("发布日期"),
    "effective_on": say("实施日期"),
    "due_on": say("期限"),
    "track": say("轨道版本"),
    "drafting_units": say("起草单位"),
    "drafters": say("起草人"),
}
"""The facts of a standard that an event may change."""
DEADLINE_STATES: dict[str, Message] = {
    "running": say("计时中"),
    "paused": say("停计"),
    "met": say("已满足"),
    "executed": say("已执行后果"),
    "void": say("不再适用"),
}
EXTENSION_STATES: dict[str, Message] = {"asked": say("待决定"), "granted": say("已准予"), "refused": say("未准予")}
EVENT_NAMES: dict[str, Message] = {
    "proposed": say("立项提出"),
    "edited": say("修改信息"),
    "moved": say("阶段变动"),
    "plan-number-given": say("登记计划号"),
    "number-given": say("登记标准编号和日期"),
    "drafting-units-set": say("登记起草单位"),
    "drafters-set": say("登记起草人"),
    "paper-added": say("材料入卷"),
    "paper-accepted": say("材料确认"),
    "paper-withdrawn": say("材料撤回"),
    "suspended": say("暂停"),
    "resumed": say("恢复"),
    "extension-asked": say("申请延期"),
    "extension-decided": say("决定延期"),
    "deadline-expired": say("期限届满"),
    "ended": say("项目结束"),
    "related": say("登记关系"),
    "unrelated": say("撤销关系"),
    "reviewed": say("复审结论"),
    "superseded": say("被代替"),
    "withdrawn": say("废止"),
    "track-moved": say("换轨道版本"),
    "erased": say("撤销导入"),
}
"""The kinds of events in a standard's stream."""
DOCUMENT_TYPES: dict[str, Name] = {
    "IS": Name("标准", "standard"),
    "TS": Name("技术规范", "technical specification"),
    "TR": Name("技术报告", "technical report"),
    "PAS": Name("可公开提供的规范", "publicly available specification"),
}
