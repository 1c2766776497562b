"""Relations between standards: what may be said, and that no chain of replacement comes back to its start."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import Message, Name, say

KINDS: dict[str, Name] = {
    "adopts": Name("采用", "adopts"),
    "replaces": Name("代替", "replaces"),
    "amends": Name("修改", "amends"),
    "revises": Name("修订", "revises"),
    "derived_from": Name("源自", "derived from"),
    "twin": Name("区域协同文本", "regional twin of"),
    "references": Name("引用", "references"),
    "reuses": Name("沿用", "reuses"),
    "split_from": Name("拆分自", "split from"),
    "merged_into": Name("并入", "merged into"),
}
RELATION_NAMES: dict[str, tuple[Message, Message]] = {
    "adopts": (say("采用"), say("被采用")),
    "replaces": (say("代替"), say("被代替")),
    "amends": (say("修改"), say("被修改")),
    "derived_from": (say("来源于"), say("派生出")),
    "twin": (say("区域协同标准"), say("区域协同标准")),
    "references": (say("引用"), say("被引用")),
    "reuses": (say("沿用其内容"), say("内容被沿用")),
    "split_from": (say("由其拆分"), say("拆分为")),
    "merged_into": (say("并入"), say("并入了")),
    "revises": (say("修订"), say("被修订")),
}
"""What each kind of relation is called from this end, and from the other."""
ACYCLIC = frozenset({"replaces", "adopts", "amends", "revises", "derived_from", "split_from", "merged_into"})


def closes_cycle(start: Any, target: Any, edges: Mapping[Any, Iterable[Any]] | Callable[[Any], Iterable[Any]]) -> bool:
    """Whether an edge from `start` to `target` would close a cycle, given the edges that are there."""
    follow = edges if callable(edges) else lambda node: edges.get(node, ())
    seen, ahead = set(), [target]
    while ahead:
        node = ahead.pop()
        if node == start:
            return True
        if node not in seen:
            seen.add(node)
            ahead.extend(follow(node))
    return False


def unmet_for_relation(kind: str, *, degree: str | None, targets: int, level: str) -> list[Unmet]:
    """What is wrong with a relation as it was given. `targets` counts the targets named: one is wanted.

    Adoption states its degree (GB/T 1.2-2020), and since 2025-06-01 only national standards adopt (采用国际标准管理办法).
    """
    unmet = []
    if kind not in KINDS:
        unmet.append(Unmet("relation.kind", say("没有这种关系：{kind}", kind=kind), "kind"))
    if targets != 1:
        unmet.append(Unmet("relation.target", say("须且只须指明一个对象：本库标准、目录条目或标准号"), "target"))
    if kind == "adopts" and degree not in ("IDT", "MOD", "NEQ"):
        unmet.append(Unmet("relation.degree", say("采用国际标准须注明一致性程度 IDT、MOD 或 NEQ"), "degree"))
    if kind == "adopts" and degree in ("IDT", "MOD") and level in ("local", "industry"):
        unmet.append(Unmet("relation.adopts", say("自 2025-06-01 起仅国家标准采用国际标准"), "kind", waivable=True))
    if kind != "adopts" and degree:
        unmet.append(Unmet("relation.degree", say("只有采用关系才有一致性程度"), "degree"))
    return unmet
