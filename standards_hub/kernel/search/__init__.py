"""Search over everything that has a title: one tokeniser, FTS5 on SQLite and tsvector on PostgreSQL.

Whoever owns a thing indexes it under its kind and key, inside the work that changes it; `search` gives ranked hits.
"""

from standards_hub.kernel.search.finding import MOST, Hit, keys, renamed, search, titles
from standards_hub.kernel.search.index import Entry, create_search, drop_search, index, index_many, remove, remove_kind, words_once

__all__ = [
    "MOST",
    "Entry",
    "Hit",
    "create_search",
    "drop_search",
    "index",
    "index_many",
    "keys",
    "remove",
    "remove_kind",
    "renamed",
    "search",
    "titles",
    "words_once",
]
