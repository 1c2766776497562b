"""What is done to comments: make one, dispose of one or many, merge those that say the same."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from msgspec import structs

from standards_hub.committees.comments import disposing, repository
from standards_hub.committees.comments.clauses import clause_key
from standards_hub.committees.comments.events import CommentMade, CommentsDisposed, CommentsMerged, CommentsParted
from standards_hub.committees.comments.ports import Held
from standards_hub.committees.comments.schemas import CommentFilter, Disposal, Merging, NewComment, Parting, Receipt
from standards_hub.committees.comments.services.enquiring import draft_of, held, restart_if_replaced, standing
from standards_hub.committees.comments.subjects import STANDINGS, STATUSES, Comment, Enquiry
from standards_hub.committees.comments.values import AUTHOR_KINDS, DISPOSITIONS
from standards_hub.committees.schemas import checked
from standards_hub.kernel import mail
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access import signing_in
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.cleanliness import clean_text
from standards_hub.kernel.errors import BadInput, Conflict, NotFound, Stale, TooLarge, Unmet, refuse_if
from standards_hub.kernel.events import decode
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Hub, Work, history

ATTACHMENTS = {".pdf", ".docx", ".xlsx", ".png", ".jpg", ".jpeg", ".txt"}
FROM_ADDRESS = 30
"""Comments of the public from one address within a quarter of an hour; a choice of this hub."""
MOST_ATTACHMENT = 10 * 1024 * 1024


async def listing(
    work: Work, id: UUID, wanted: CommentFilter, *, after: tuple[str, int] | None = None, limit: int | None = None
) -> tuple[Enquiry, list[Comment]]:  # fmt: skip
    """The comments of an enquiry, by clause; people's addresses only for those who dispose of them."""
    one, draft = await held(work, id, "comment.read")
    found = await repository.comments(work.connection, id, wanted, after=after, limit=limit)
    if not work.actor.may("comment.dispose", Held(draft.bodies)):
        found = [structs.replace(comment, email=None) for comment in found]
    return one, found


async def sparingly(hub: Hub, actor: Actor, address: str) -> None:
    """Count a comment of the public against where it comes from. Raises `TooMany`."""
    if actor.account is None:
        await signing_in.count_ask(hub, "comment", address, FROM_ADDRESS, say("提出意见次数过多，请于 {time} 后再试"))


def kinds_for(actor: Actor) -> list[str]:
    """For whom an actor may speak: without an account for no member body."""
    return [kind for kind in AUTHOR_KINDS if actor.account or kind != "member_body"]


async def make(work: Work, id: UUID, data: NewComment, attachment: tuple[str, bytes] | None = None) -> Receipt:
    """Comment on a draft that is open for it, as anybody may. Raises `NotFound` for one that is not open, `Conflict` if its text was replaced."""
    data = checked(data)
    work.actor.require("comment.make")
    one = await repository.enquiry(work.connection, id, lock=True)
    draft = await draft_of(work, one.subject_kind, one.subject_id)
    if data.author_kind not in kinds_for(work.actor):
        raise BadInput(say("意见不能提出"), unmet=[Unmet("kind", say("代表成员体提出意见的，请先登录"), "author_kind")])
    within = work.actor.may("comment.read", Held(draft.bodies))
    if not one.public and not within:
        raise NotFound(say("找不到这次征求意见 {id}", id=id))
    await restart_if_replaced(work, one, draft)
    if (stands := standing(work, one, draft)) != "open":
        raise Conflict(say("现在不能提出意见：{state}", state=STANDINGS[stands]), code="not-open")
    if data.draft and data.draft != one.draft:
        raise Conflict(say("您读的文本已被更换，请重新阅读后再提出意见"), code="replaced")
    sha256, name = _kept(work, attachment)
    comment = Comment(
        id=uuid4(), number=one.comments + 1, draft=one.draft, author_kind=data.author_kind, author=data.author.strip(), made_on=work.today,
        text=data.text.strip(), proposed=data.proposed.strip(), clause=data.clause.strip(), clause_key=clause_key(data.clause),
        element=data.element.strip(), type=data.type, email=data.email, language=data.language, attachment=sha256, attachment_name=name, exemplar=one.exemplar,
    )  # fmt: skip
    await work.append(one, CommentMade(comment=comment))
    one.comments = comment.number
    if data.email:
        await _receipt(work, one, comment)
    return Receipt(one.id, comment.number, comment.made_on)


def _kept(work: Work, attachment: tuple[str, bytes] | None) -> tuple[str | None, str | None]:
    """The hash and the name of what was attached. Raises `BadInput` for a kind that is not taken, `TooLarge`."""
    if attachment is None:
        return None, None
    name, content = clean_text(attachment[0], "file").replace("\\", "/").rpartition("/")[2][-200:], attachment[1]
    if "." + name.rpartition(".")[2].lower() not in ATTACHMENTS:
        why = say("附件只接受 {kinds}", kinds=sorted(ATTACHMENTS))
        raise BadInput(say("附件不能使用"), unmet=[Unmet("attachment", why, "file")])
    if len(content) > MOST_ATTACHMENT:
        raise TooLarge(say("附件超过 {most} MB，请压缩后再上传", most=MOST_ATTACHMENT // 1024**2))
    return work.files.put(content), name


async def _receipt(work: Work, one: Enquiry, comment: Comment) -> None:
    """Say that a comment arrived, without its words: the address is whatever its writer typed, so it may be a stranger's."""
    subject = say("意见回执：{title}", title=one.title)
    lines = (
        say("您对《{title}》（{label}）的意见已于 {day} 收到，编号 {number}。", title=one.title, label=one.label, day=comment.made_on,
            number=comment.number),
        say("征求意见截止后，起草单位将逐条处理，处理结果寄往本邮箱。"),
    )  # fmt: skip
    texts = [Said.of(line) for line in lines]
    body = "\n".join(text.zh for text in texts) + "\n\n" + "\n".join(text.en for text in texts)
    await mail.enqueue(work, comment.email, subject.into("zh").replace("\n", " ")[:200], body, f"comment:{comment.id}")


async def dispose(work: Work, id: UUID, data: Disposal, seen: int | None = None) -> list[Comment]:
    """Decide on comments, one or many; those merged into them follow. Refused, naming each, without a reason where the rule wants one.

    `seen` is the version of the enquiry that was read: raises `Stale` for comments that somebody decided on since.
    """
    data = checked(data)
    one, _ = await held(work, id, "comment.dispose", lock=True)
    chosen = await _chosen(work, id, data.comments)
    await refuse_decided(work, one, chosen, seen)
    unmet = [
        Unmet("merged", say("第 {number} 条已并入另一条，请处理那一条", number=c.number), str(c.id)) for c in chosen if c.status == "merged"
    ]
    if disposing.wants_reason(one.rule, data.disposition) and not data.reason.strip():
        unmet.append(Unmet("reason", say("部分采纳和不采纳须写明理由"), "reason"))
    refuse_if(unmet, say("不能这样处理"))
    return await decide(work, one, chosen, data)


async def decide(work: Work, one: Enquiry, chosen: list[Comment], data: Disposal) -> list[Comment]:
    """Record a decision that was checked."""
    ids = {comment.id for comment in chosen}
    following = [c.id for c in await repository.merged_into(work.connection, one.id, ids)]
    reason, reply = (data.reason.strip(), data.reply.strip()) if data.disposition else ("", "")
    event = CommentsDisposed(
        comments=[comment.id for comment in chosen], merged=following, disposition=data.disposition, reason=reason, reply=reply
    )  # fmt: skip
    await work.append(one, event)
    status = "disposed" if data.disposition else "open"
    return [structs.replace(c, disposition=data.disposition, reason=reason, reply=reply, status=status) for c in chosen]


async def merge(work: Work, id: UUID, data: Merging, seen: int | None = None) -> Comment:
    """Let comments go into another that says the same; each stays on the table with its own author. Answers with the one that remains.

    `seen` as in `dispose`.
    """
    data = checked(data)
    one, _ = await held(work, id, "comment.dispose", lock=True)
    into = (await _chosen(work, id, [data.into]))[0]
    others = await _chosen(work, id, [each for each in data.comments if each != data.into])
    await refuse_decided(work, one, [into, *others], seen)
    unmet = [Unmet("merged", say("第 {number} 条已经合并过", number=c.number), str(c.id)) for c in (into, *others) if c.status == "merged"]
    if not others:
        unmet.append(Unmet("alone", say("请选择两条以上"), "comments"))
    refuse_if(unmet, say("不能合并意见"))
    gone = [c.id for c in others]
    gone += [c.id for c in await repository.merged_into(work.connection, id, set(gone))]
    await work.append(one, CommentsMerged(into=into.id, comments=gone, disposition=into.disposition, reason=into.reason, reply=into.reply))
    return into


async def part(work: Work, id: UUID, data: Parting, seen: int | None = None) -> list[Comment]:
    """Take comments out of the one that they were merged into; each is open again.

    `seen` as in `dispose`.
    """
    data = checked(data)
    one, _ = await held(work, id, "comment.dispose", lock=True)
    chosen = await _chosen(work, id, data.comments)
    await refuse_decided(work, one, chosen, seen)
    unmet = [Unmet("single", say("第 {number} 条没有并入其他意见", number=c.number), str(c.id)) for c in chosen if c.status != "merged"]
    refuse_if(unmet, say("不能拆开意见"))
    await work.append(one, CommentsParted(comments=[c.id for c in chosen], remark=None))
    return list(await _chosen(work, id, data.comments))


async def alike(work: Work, id: UUID) -> list[list[Comment]]:
    """Comments that say the same on the same clause, in groups, none of them merged yet."""
    await held(work, id, "comment.read")
    return disposing.alike(c for c in await repository.comments(work.connection, id) if c.status != "merged")


async def refuse_decided(work: Work, one: Enquiry, chosen: list[Comment], seen: int | None) -> None:
    """Raise `Stale` naming who decided on which of these comments after a version. What else happened to the enquiry is no conflict."""
    if seen is None or seen == one.version:
        return
    since: dict[UUID, str] = {}
    for row in await history(work.connection, one.stream, after=seen):
        event = decode(row.type, row.payload)
        if isinstance(event, CommentsDisposed):
            since |= dict.fromkeys([*event.comments, *event.merged], row.actor)
        elif isinstance(event, CommentsMerged):
            since |= dict.fromkeys([event.into, *event.comments], row.actor)
        elif isinstance(event, CommentsParted):
            since |= dict.fromkeys(event.comments, row.actor)
    changed = [comment for comment in chosen if comment.id in since]
    if not changed:
        return
    ids = {UUID(label.removeprefix("account:")) for label in since.values() if label.startswith("account:")}
    names = {f"account:{account.id}": account.name for account in await accounts.by_ids(work.connection, ids)}
    unmet = [
        Unmet(
            "decided",
            say("第 {number} 条：{who}处理为“{now}”", number=c.number, who=names.get(since[c.id], ""),
                now=DISPOSITIONS[c.disposition] if c.disposition and c.status != "merged" else STATUSES[c.status]),
            str(c.id),
        )
        for c in changed
    ]  # fmt: skip
    raise Stale(say("您读过之后，别人已处理了其中的意见，请核对后再处理"), unmet=unmet)


async def _chosen(work: Work, id: UUID, ids: Iterable[UUID]) -> list[Comment]:
    """Comments of one enquiry in the order asked for. Raises `NotFound` for one that is not of it."""
    wanted = list(dict.fromkeys(ids))
    found = {c.id: c for c in await repository.comments_of(work.connection, id, wanted)}
    if missing := next((each for each in wanted if each not in found), None):
        raise NotFound(say("找不到意见 {id}", id=missing))
    return [found[each] for each in wanted]
