"""Words of comments that every door shares: what a comment is of, what was decided on it. Nothing here does I/O."""

from typing import Literal, get_args

from standards_hub.kernel.messages import Message, Name, say

CommentType = Literal["ge", "te", "ed"]
Disposition = Literal["adopted", "partly", "not_adopted", "noted"]
AuthorKind = Literal["person", "organisation", "member_body", "public"]
Language = Literal["zh", "en"]

TYPES: dict[str, Message] = {"ge": say("一般"), "te": say("技术性"), "ed": say("编辑性")}
DISPOSITIONS: dict[str, Message] = {
    "adopted": say("采纳"),
    "partly": say("部分采纳"),
    "not_adopted": say("不采纳"),
    "noted": say("知悉"),
}
AUTHOR_KINDS: dict[str, Message | Name] = {
    "person": say("个人"),
    "organisation": Name("单位", "organisation"),
    "member_body": say("成员体"),
    "public": say("公众"),
}

assert set(TYPES) == set(get_args(CommentType)) and set(DISPOSITIONS) == set(get_args(Disposition))
assert set(AUTHOR_KINDS) == set(get_args(AuthorKind))
