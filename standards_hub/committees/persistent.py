"""ORCID of people and ROR of organisations: how they are written and their check digits (ISO 7064 mod 11-2; mod 97 over base 32).

One that passes is well formed. That it was ever issued, or to whom, this cannot tell.
"""

import re
import unicodedata

from standards_hub.kernel.messages import Message, say

ROR_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32, without i, l, o and u."""


def orcid(text: str) -> str:
    """The usual writing, `0000-0002-1825-0097`, of an address or of digits with or without dashes; what is none stays as it was typed."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[\s-]", "", re.sub(r"^(https?://)?(www\.)?orcid\.org/", "", plain, flags=re.IGNORECASE)).upper()
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4)) if re.fullmatch(r"\d{15}[\dX]", digits) else plain


def orcid_check(first: str) -> str:
    """The 16th character for the first 15 digits."""
    total = 0
    for digit in first:
        total = (total + int(digit)) * 2
    value = (12 - total % 11) % 11
    return "X" if value == 10 else str(value)


def orcid_fault(code: str) -> Message | None:
    """What is wrong with a normalised ORCID, None if it is well formed."""
    digits = code.replace("-", "")
    if not re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", code):
        return say("ORCID 应为 16 位，写作 0000-0002-1825-0097")
    if digits[15] != (right := orcid_check(digits[:15])):
        return say("ORCID 的最后一位（校验位）应为 {right}，请逐位核对", right=right)
    return None


def ror(text: str) -> str:
    """The nine characters, of an address or alone."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return re.sub(r"^(https?://)?(www\.)?ror\.org/", "", plain, flags=re.IGNORECASE).lower()


def ror_check(first: str) -> str:
    """The last two digits for the first seven characters."""
    number = 0
    for character in first:
        number = number * 32 + ROR_ALPHABET.index(character)
    return f"{98 - number * 100 % 97:02d}"


def ror_fault(code: str) -> Message | None:
    """What is wrong with a normalised ROR, None if it is well formed."""
    if not re.fullmatch(rf"0[{ROR_ALPHABET}]{{6}}\d\d", code):
        return say("ROR 应为 0 开头的 9 位，如 05dxps055（不用 i、l、o、u）")
    if code[7:] != (right := ror_check(code[:7])):
        return say("ROR 的最后两位（校验位）应为 {right}，请逐位核对", right=right)
    return None
