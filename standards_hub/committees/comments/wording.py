"""What a cell says was decided, and of which type a comment is. What cannot be read for certain is not guessed.

A verdict must be the first word of its cell and be followed by an end or a stop, so that "Not accepted" is never "accepted",
and the untouched choice "Accepted / Not accepted" is no verdict at all.
"""

import re
import unicodedata

from standards_hub.committees.comments.values import CommentType, Disposition

SAID: tuple[tuple[Disposition, str], ...] = (
    ("not_adopted", r"(?:暂|拟)?(?:不|未)(?:予|予以)?(?:采纳|接受|采用|同意)|not[\s\-]+(?:accepted|adopted|agreed)|rejected|reject|declined"),
    ("partly", r"(?:部分|原则|修改后)(?:予以)?(?:采纳|接受|采用|同意)|(?:partially|partly)\s+(?:accepted|adopted|agreed)"
               r"|(?:accepted|agreed)\s+(?:in\s+part|in\s+principle|partially|partly|with\s+modifications?)|awm"),
    ("adopted", r"(?:已|予以)?(?:采纳|接受|采用|同意)|accepted|accept|adopted|agreed"),
    ("noted", r"(?:已)?知悉|已阅|noted"),
)  # fmt: skip
VERDICTS = tuple((disposition, re.compile(rf"(?:{words})(?=$|[\s：:，,。.；;、/(（—–\-])", re.IGNORECASE)) for disposition, words in SAID)
TICKED, EMPTY_BOX = "☑☒■√✓✔", "□☐"
MARK = re.compile(rf"[{TICKED}{EMPTY_BOX}○●◯×✗✘](?!\w)|\[\s?[xX√]?\s?\]")
"""A box behind its word, ticked or not."""
BOX = re.compile(rf"([{TICKED}{EMPTY_BOX}])\s*([^{TICKED}{EMPTY_BOX}]*)")
STOPS = re.compile(r"^[\s：:，,。.；;、—–\-]+")
CHOICE = re.compile(r"[/／或]|or\b|与否|，?\s?待", re.IGNORECASE)
"""What makes the words of a decision one of several to choose from, or one that is still to come."""
NO = re.compile(r"[(（]?\s?(?:否|no|n|[×✗✘])\s?[)）]?[.。]?", re.IGNORECASE)
"""An answer to "采纳", which then is a question."""
TAKEN_BACK = re.compile(r"(?:not|but|except|to\s(?:reject|decline|not))\b|但|不过|除外", re.IGNORECASE)
"""How somebody goes on who accepts something else: "Accepted, but not as proposed"."""
KINDS: tuple[tuple[CommentType, re.Pattern[str]], ...] = (
    ("te", re.compile(r"te|t|tech|technical|技术|技术性|技术类")),
    ("ge", re.compile(r"ge|g|gen|general|一般|一般性|总体")),
    ("ed", re.compile(r"ed|e|edit|editorial|编辑|编辑性|编辑类")),
)


def verdict(text: str) -> tuple[Disposition | None, str]:
    """The decision in a cell and the rest, which is its reason; no decision where the cell does not begin with one."""
    text = text.strip()
    if text[:1] and text[0] in TICKED + EMPTY_BOX:
        ticked = [said for box, said in BOX.findall(text) if box in TICKED]
        return verdict(ticked[0]) if len(ticked) == 1 else (None, text)
    for disposition, pattern in VERDICTS:
        if found := pattern.match(text):
            rest = text[found.end() :].lstrip()
            if rest[:1] in ("：", ":"):  # as we write it ourselves: all that follows is the reason, as it stands
                reason = rest[1:].strip()
                return (None, text) if MARK.match(reason) or NO.fullmatch(reason) else (disposition, reason)
            after = STOPS.sub("", rest).strip()
            other = next((other for other, words in VERDICTS if words.match(after.lstrip("(（"))), disposition)
            back = disposition == "adopted" and TAKEN_BACK.match(after)
            if CHOICE.match(rest) or MARK.search(rest) or NO.fullmatch(after) or back or other != disposition:
                return None, text
            return disposition, _unwrapped(after)
    return None, text


def _unwrapped(reason: str) -> str:
    """Without the brackets around the whole of it."""
    for opening, closing in ("（）", "()"):
        if reason.startswith(opening) and reason.endswith(closing) and reason.count(opening) == 1:
            return reason[1:-1].strip()
    return reason


def comment_type(text: str) -> tuple[CommentType | None, bool]:
    """The type that a cell names and whether it named just one; of several the heaviest, technical before general before editorial."""
    words = [word for word in re.split(r"[\s/,，、;；+&.]+|和|与", unicodedata.normalize("NFKC", text).lower()) if word]
    named = {kind for word in words for kind, pattern in KINDS if pattern.fullmatch(word)}
    unknown = [word for word in words if not any(pattern.fullmatch(word) for _, pattern in KINDS)]
    found = next((kind for kind, _ in KINDS if kind in named), None)
    return found, bool(found) and len(named) == 1 and not unknown


WORDS: dict[str, dict[Disposition | None, str]] = {
    "zh": {"adopted": "采纳", "partly": "部分采纳", "not_adopted": "不采纳", "noted": "知悉", None: ""},
    "en": {"adopted": "Accepted", "partly": "Partly accepted", "not_adopted": "Not accepted", "noted": "Noted", None: ""},
}
"""How a form writes each decision, whatever language its reader has; `verdict` reads all of them."""


def observation(disposition: Disposition | None, reason: str, language: str) -> str:
    """A decision and its reason as one cell."""
    word = WORDS[language][disposition]
    return f"{word}{'：' if language == 'zh' else ': '}{reason}" if word and reason else word or reason


SAME = re.compile(r"(?:；|^)同第 \d+ 条$")


def remark(own: str, into: int | None) -> str:
    """The remark of a comment in a form: its own, and the number of the one that it was merged into. An older such number gives way."""
    if into is None:
        return own
    return "；".join(said for said in (SAME.sub("", own), f"同第 {into} 条") if said)
