"""What Redmine gave, and what a floor like ours gave beside it.

Redmine was measured once, on another machine than the one at hand, so its rates alone would compare machines. The floor was measured
there in the same run and is measured here again: what Redmine would give here is its share of the floor there, of the floor here.
"""

from msgspec import Struct


class Peer(Struct, frozen=True):
    """Requests a second with 100,000 records and four connections, on two cores; two processes each (Redmine 5.0.4, PostgreSQL 15)."""

    rate: float
    floor: float
    """What Litestar with psycopg gave in that run for the same rows as JSON, with no login, no permission check and no HTML."""

    def here(self, floor: float) -> float:
        """Its rate on a machine on which the floor gives so many."""
        return self.rate * floor / self.floor


REDMINE = {
    "list": Peer(13.6, 1218), "one": Peer(32, 3552), "move": Peer(32, 591), "search": Peer(3.4, 126), "page of the list": Peer(10.4, 1218),
    "page of the standard": Peer(20, 3552),
}  # fmt: skip
