"""The papers of the example dossiers: a few small files, for the rest the reference of a paper kept elsewhere."""

from datetime import date

from standards_hub.demo.fixtures import Line
from standards_hub.kernel.files import FileStore
from standards_hub.lifecycle.schemas import PaperIn
from standards_hub.lifecycle.tracks.model import Track

KEPT = frozenset({"comment_draft", "verification_report", "review_minutes", "publication_notice", "published_text", "draft_recommendation"})
"""Kinds of which the example keeps a file."""


def paper(files: FileStore, track: Track, line: Line, kind: str, on: date) -> PaperIn:
    """An example paper of a kind, dated that day."""
    name = next((p.name.zh for p in track.papers if p.key == kind), kind)
    reference = f"示例〔{on.year}〕{line.key}-{kind}"
    if kind not in KEPT:
        return PaperIn(kind=kind, dated=on, reference=reference)
    text = (
        f"{name}\n\n《{line.title}》\n{on.isoformat()}\n{reference}\n\n本文件为演示而编，内容不是标准文本，也不反映任何单位的实际工作。\n"
    )
    return PaperIn(
        kind=kind, dated=on, sha256=files.put(text.encode()), filename=f"{line.key}-{kind}-{on.isoformat()}.txt", reference=reference
    )
