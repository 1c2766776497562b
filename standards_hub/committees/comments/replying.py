"""What those who left an address are told of their comments, by whom it was not yet told, and the letter itself. All pure."""

import hashlib
from collections.abc import Iterable, Iterator

from msgspec import Struct

from standards_hub.committees.comments.disposing import Rule, wants_reason
from standards_hub.committees.comments.subjects import Comment, Enquiry
from standards_hub.committees.comments.values import DISPOSITIONS, Language
from standards_hub.kernel.messages import Message, say

LONGEST_QUOTE, LONGEST_REASON = 500, 2000
"""Characters of a comment and of its answer in a letter; the whole of both is kept here."""


class Answer(Struct, frozen=True):
    """The comments of one address that are answered in one letter."""

    email: str
    language: Language | None
    comments: list[Comment]

    @property
    def again(self) -> bool:
        """Whether it puts right what was told before."""
        return any(comment.told for comment in self.comments)


def digest(comment: Comment) -> str:
    """What an answer comes to: the same as long as decision, reason and reply are."""
    return hashlib.sha256("\n".join((comment.disposition or "", comment.reason, comment.reply)).encode()).hexdigest()


def undecided(rule: Rule, comments: Iterable[Comment]) -> list[Comment]:
    """The comments that cannot be answered yet: without a decision, or without the reason it wants."""
    return [c for c in comments if c.disposition is None or (wants_reason(rule, c.disposition) and not c.reason.strip())]


def answers(comments: Iterable[Comment]) -> list[Answer]:
    """One for each address with a comment whose author does not know how it stands now; an address is the same in capitals."""
    found: dict[str, list[Comment]] = {}
    for comment in comments:
        if comment.email and comment.disposition and comment.told != digest(comment):
            found.setdefault(comment.email.casefold(), []).append(comment)
    return [Answer(own[-1].email or "", next((c.language for c in reversed(own) if c.language), None), own) for own in found.values()]


def letter(one: Enquiry, answer: Answer, lead: str) -> tuple[str, str]:
    """Subject and body, in the language of the reader, or in both where it is not known."""
    subject = say("意见处理结果更正：{title}", title=one.title) if answer.again else say("意见处理结果：{title}", title=one.title)
    languages: tuple[Language, ...] = (answer.language,) if answer.language else ("zh", "en")
    parts = [
        "\n\n".join("\n".join(line.into(language) for line in lines) for lines in _paragraphs(one, answer, lead)) for language in languages
    ]
    return subject.into(languages[0]).replace("\n", " ")[:200], "\n\n".join(parts)


def _paragraphs(one: Enquiry, answer: Answer, lead: str) -> Iterator[list[Message]]:
    yield [say("您对《{title}》（{label}）的意见已经处理，结果如下。", title=one.title, label=one.label)]
    for comment in answer.comments:
        lines = [
            say("第 {number} 条（{clause}）\n您的意见：{text}\n处理结果：{disposition}", number=comment.number, clause=comment.clause or say("全文"),
                text=_cut(comment.text, LONGEST_QUOTE), disposition=DISPOSITIONS[comment.disposition or "noted"]),
        ]  # fmt: skip
        if comment.reason.strip():
            lines.append(say("理由：{reason}", reason=_cut(comment.reason, LONGEST_REASON)))
        if comment.reply.strip():
            lines.append(say("答复：{reply}", reply=_cut(comment.reply, LONGEST_REASON)))
        yield lines
    yield [say("本信由系统寄出。如有疑问，请联系起草单位：{lead}。", lead=lead) if lead else say("本信由系统寄出。")]


def _cut(text: str, most: int) -> str:
    text = text.strip()
    return text if len(text) <= most else text[:most] + "…"
