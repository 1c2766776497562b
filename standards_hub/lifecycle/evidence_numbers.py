"""Numbers of evidence (证据编号): short, the same for ever, and found again without a register, for they are the beginning of an id. Pure."""

import re
import unicodedata
from uuid import UUID

FIGURES = 10
"""Of 32; with a million pieces the odds that any two have the same number are about one in two, and both are shown then."""
NUMBER = re.compile(rf"ZJ([0-9A-F]{{{FIGURES}}})")


def evidence_number(id: UUID) -> str:
    """The number of a paper of a dossier or of a piece of evidence on a claim, such as `ZJ-3F2A9C41B7`."""
    return f"ZJ-{id.hex[:FIGURES].upper()}"


def ids_of(number: str) -> tuple[UUID, UUID] | None:
    """The first and the last id that a number may stand for, in any spelling; None where it is none."""
    found = NUMBER.fullmatch(re.sub(r"[\s\u2010-\u2015\u2212-]", "", unicodedata.normalize("NFKC", number).upper()))
    if found is None:
        return None
    rest = 32 - FIGURES
    return UUID(found[1] + "0" * rest), UUID(found[1] + "f" * rest)
