"""The papers of the example dossiers: a few small files, for the rest the reference of a paper kept elsewhere."""

import hashlib
from datetime import date

from standards_hub.demo.fixtures import Line
from standards_hub.lifecycle.schemas import PaperIn
from standards_hub.lifecycle.tracks.model import Track

KEPT = frozenset({"comment_draft", "verification_report", "review_minutes", "publication_notice", "published_text", "draft_recommendation"})
"""Kinds of which the example keeps a file."""

DRAFT = """
前言
本文件为示例，条文均为演示而编。

1 范围
本文件规定了示例对象的要求和试验方法。本文件适用于演示，不适用于任何实际产品。

2 规范性引用文件
本文件没有规范性引用文件。

3 术语和定义
3.1 示例系统
为演示征求意见而设的系统。

4 要求
4.1 一般要求
示例系统应能连续工作。
4.2 数据
数据间隔应不大于 1 s。
4.3 报警
测得值超过阈值时应报警，阈值为满量程的 80 %。

5 试验方法
5.1 试验条件
试验在稳定的环境中进行。
5.2 步骤
按 4.2 和 4.3 逐项检查，记录结果。

附录A
表 A.1 列出了记录的项目。
"""
"""A short text with clauses, so that there is something to comment on."""


def paper(track: Track, line: Line, kind: str, on: date) -> tuple[PaperIn, bytes | None]:
    """An example paper of a kind, dated that day, with its file if the example keeps one."""
    name = next((p.name.zh for p in track.papers if p.key == kind), kind)
    reference = f"示例〔{on.year}〕{line.key}-{kind}"
    if kind not in KEPT:
        return PaperIn(kind=kind, dated=on, reference=reference), None
    body = DRAFT if kind == "comment_draft" else ""
    text = f"{name}\n\n《{line.title}》\n{on.isoformat()}\n{reference}\n\n本文件为演示而编，内容不是标准文本，也不反映任何单位的实际工作。\n{body}"
    content = text.encode()
    name = f"{line.key}-{kind}-{on.isoformat()}.txt"
    return PaperIn(kind=kind, dated=on, sha256=hashlib.sha256(content).hexdigest(), filename=name, reference=reference), content
