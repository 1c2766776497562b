"""Numbers of evidence (证据编号): short, the same for ever, and found again without a register, for they are the beginning of an id. Pure.

The signs are those of Crockford's base 32, in which no letter looks like a figure; no hyphen, so that no line breaks in a number.
"""

import re
import unicodedata
from uuid import UUID

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
"""Of 5 bits each; with a million pieces the odds that any two have the same number are about one in two, and both are shown then."""
REST = 128 - 5 * LENGTH
NUMBER = re.compile(rf"ZJ([{SIGNS}]{{{LENGTH}}})")
READ_AS = str.maketrans("OIL", "011")


def evidence_number(id: UUID) -> str:
    """The number of a paper of a dossier or of a piece of evidence on a claim, such as `ZJ7K3M9Q2P`."""
    bits = id.int >> REST
    return "ZJ" + "".join(SIGNS[bits >> 5 * place & 31] for place in reversed(range(LENGTH)))


def ids_of(number: str) -> tuple[UUID, UUID] | None:
    """The first and the last id that a number may stand for, in any spelling; None where it is none."""
    plain = re.sub(r"[\s\u2010-\u2015\u2212-]", "", unicodedata.normalize("NFKC", number).upper()).translate(READ_AS)
    found = NUMBER.fullmatch(plain)
    if found is None:
        return None
    bits = 0
    for sign in found[1]:
        bits = bits << 5 | SIGNS.index(sign)
    return UUID(int=bits << REST), UUID(int=(bits + 1 << REST) - 1)
