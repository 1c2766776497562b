"""The replies to those who commented and left an address: what waits to be sent, and the one act that sends it."""

from uuid import UUID

from standards_hub.committees.comments import replying, repository
from standards_hub.committees.comments.events import CommentsAnswered
from standards_hub.committees.comments.schemas import Replies, RepliesOut, Reply
from standards_hub.committees.comments.services.answering import refuse_decided
from standards_hub.committees.comments.services.enquiring import held
from standards_hub.kernel import mail
from standards_hub.kernel.errors import Unmet, refuse_if
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work


async def waiting(work: Work, id: UUID) -> Replies:
    """The letters as they would go out now, for those who dispose of comments and may see addresses."""
    one, draft = await held(work, id, "comment.dispose")
    found = await repository.addressed(work.connection, id)
    letters = [
        Reply(answer.email, [c.number for c in answer.comments], answer.again, *replying.letter(one, answer, draft.lead))
        for answer in replying.answers(found)
    ]
    return Replies(letters, [c.number for c in replying.undecided(one.rule, found)], sum(c.told is not None for c in found))


async def send(work: Work, id: UUID, seen: int | None = None) -> RepliesOut:
    """Mail what was decided to all who left an address and do not know it yet, each once. Refused while one of their comments is undecided.

    `seen` is the version of the enquiry that was read: raises `Stale` for comments that somebody decided on since.
    """
    one, draft = await held(work, id, "comment.dispose", lock=True)
    found = await repository.addressed(work.connection, id)
    answers = replying.answers(found)
    await refuse_decided(work, one, [comment for answer in answers for comment in answer.comments], seen)
    unmet = [
        Unmet("undecided", say("第 {number} 条尚未处理，或没有写明理由", number=c.number), str(c.id), "secretariat")
        for c in replying.undecided(one.rule, found)
    ]
    if not answers and not unmet:
        unmet = [Unmet("nobody", say("留有邮箱的提出人都已知道处理结果"))]
    refuse_if(unmet, say("还不能寄送处理结果"))
    told = [comment for answer in answers for comment in answer.comments]
    await work.append(one, CommentsAnswered(comments=[c.id for c in told], told=[replying.digest(c) for c in told]))
    for answer in answers:
        subject, body = replying.letter(one, answer, draft.lead)
        key = f"answer:{answer.comments[0].id}:{one.version}"
        await mail.enqueue(work, answer.email, subject, body[: mail.LONGEST_BODY], key)
    return RepliesOut(len(answers), len(told))
