"""Statements are compiled once a worker, as in a server that has run for a while.

Each test has engines of its own, and SQLAlchemy compiles anew for each what it asks, which took more of the processor than the asking.
"""

from collections import defaultdict
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

COMPILED: LRUCache[Any, Any] = LRUCache(10_000)
TYPES: dict[type, WeakKeyDictionary[Any, Any]] = defaultdict(WeakKeyDictionary)
"""How values of each type go out and come in, by the kind of dialect."""


class _Shared(DefaultDialect):
    """What becomes of every dialect: those of one kind are the same, and their engines share what they made."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: sa.Engine) -> None:
        engine._compiled_cache = COMPILED
        engine.dialect._type_memos = TYPES[type(engine.dialect)]


def share() -> None:
    for name in ("__eq__", "__hash__"):
        setattr(DefaultDialect, name, getattr(_Shared, name))
    DefaultDialect.engine_created = _Shared.__dict__["engine_created"]
