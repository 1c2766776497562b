"""What a process computed last, kept under keys that name all it rests on, so that nothing in it can be stale.

A log is named by the hash of its last event: the chain makes it cover all before it, in whatever database (`audit.newest`).
"""

from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")
MOST_KEPT = 32


class Memory(Generic[V]):
    """Of what was computed, the latest that was asked for."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._kept: OrderedDict[tuple[object, ...], V] = OrderedDict()
        self._most = most

    def get(self, key: tuple[object, ...]) -> V | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: tuple[object, ...], value: V) -> V:
        self._kept[key] = value
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return value
