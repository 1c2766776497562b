"""All papers of a meeting as one ZIP: contents, agenda, then the papers in the order of the agenda. Equal papers give equal bytes."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from standards_hub.committees.meetings.values import Item, Tabled
from standards_hub.documents.report.wording import clean
from standards_hub.kernel.errors import TooLarge
from standards_hub.kernel.messages import say

MOST_BYTES = 300 * 1024 * 1024
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
LONGEST = 60


def safe(text: str) -> str:
    """A name that every system takes as a name, and that leads out of no folder."""
    return UNSAFE.sub("_", clean(text)).strip(" .")[:LONGEST].strip(" .") or "_"


def name_of(n: int, item: Item, paper: Tabled) -> str:
    """02-03 送审稿.pdf: the item, the paper's place among all, its title and kind."""
    suffix = PurePosixPath(paper.filename).suffix.lower()
    return f"{item.place:02}-{n:02} {safe(paper.title)}{suffix}"


def write_bundle(on: date, first: list[tuple[str, bytes]], items: list[Item], papers: list[Tabled], read: Callable[[str], bytes]) -> bytes:
    """The ZIP. Raises `TooLarge` for more than a mail room would carry."""
    if sum(paper.size for paper in papers) > MOST_BYTES:
        raise TooLarge(say("会议材料合计超过 {most} MB，请分开下载", most=MOST_BYTES // 1024**2))
    places = {item.id: item for item in items}
    files = [*first, *((name_of(n, places[paper.item_id], paper), read(paper.sha256)) for n, paper in enumerate(papers, 1))]
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in files:
            entry = ZipInfo(name, (max(on.year, 1980), on.month, on.day, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o100644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
