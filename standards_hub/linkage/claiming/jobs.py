"""What is told about claims: to the officers that one was handed in, to the claimant what became of it."""

from uuid import UUID

from standards_hub.kernel import notices
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.jobs import job
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository as lifecycle
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import alerts as alerts
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming import suggesting as suggesting

CLAIM = notices.kind("claim", say("项目申报：送审、认定、退回和撤销"))
SUBJECTS: dict[str, Message] = {
    "submitted": say("{number}：申报{label}待认定"),
    "verified": say("{number}：申报{label}已认定"),
    "returned": say("{number}：申报{label}被退回"),
    "revoked": say("{number}：{label}的认定被撤销"),
}


@job("claim.notice", say("寄出申报通知"))
async def notice(work: Work, claim_id: str, what: str) -> None:
    """Write to those whom a change of a claim concerns."""
    try:
        link = await claiming.link(work.connection, UUID(claim_id))
    except NotFound:
        return
    project = await repository.project(work.connection, link.project_id)
    standard = await lifecycle.standard(work.connection, link.standard_id)
    people = await accounts.holding(work.connection, {"project_manager"}, {("project", str(project.id))}, work.today)
    if what in ("submitted", "revoked"):
        officers = await accounts.holding(work.connection, {"officer"}, project.bodies() | {("hub", "*")}, work.today)
        people = officers if what == "submitted" else people | officers
    subject = Message(SUBJECTS[what].text, {"number": project.project_no, "label": standard.label})
    body = say(
        "科技项目《{project}》申报标准《{title}》。{reason}", project=project.title, title=standard.title_zh, reason=link.reason or ""
    )
    await notices.send(work, dict.fromkeys(people, CLAIM), subject, body, f"claim:{claim_id}:{what}:{link.decided_on or link.submitted_on}")
