"""统一社会信用代码: the check characters of GB 32100-2015 and of the organisation code inside it (GB 11714-1997).

A code that passes is well formed. That it was ever issued, or to whom, this cannot tell.
"""

import re
import unicodedata

from standards_hub.kernel.messages import Message, say

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""31 symbols; I, O, S, V and Z are not used."""
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
BODY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def normalise(text: str) -> str:
    """Half width, upper case, no spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def check_character(first: str) -> str:
    """The 18th character for the first 17. The outer modulo matters: a remainder of 0 gives 0, not 31."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(first, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def body_check(body: str) -> str:
    """The check character of an organisation code's first 8 characters."""
    value = 11 - sum(BODY_ALPHABET.index(character) * weight for character, weight in zip(body, BODY_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(value, str(value))


def fault(code: str) -> Message | None:
    """What is wrong with a normalised code, None if it is well formed."""
    if len(code) != 18:
        return say("统一社会信用代码应为 18 位，现为 {length} 位", length=len(code))
    for place, character in enumerate(code, 1):
        if character not in ALPHABET:
            return say(
                "统一社会信用代码第 {place} 位的“{character}”不在允许的字符中（不用 I、O、S、V、Z）", place=place, character=character
            )
    if not code[2:8].isdigit():
        return say("统一社会信用代码第 3 至 8 位（行政区划码）应为数字")
    if code[16] != (right := body_check(code[8:16])):
        return say("统一社会信用代码第 17 位（主体标识码的校验位）应为 {right}，请核对第 9 至 17 位", right=right)
    if code[17] != (right := check_character(code[:17])):
        return say("统一社会信用代码第 18 位（校验位）应为 {right}，请逐位核对", right=right)
    return None
