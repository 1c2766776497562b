"""the search index

FTS5 on SQLite, a tsvector under GIN on PostgreSQL; the words are made by `kernel.search`.

Revision: 20261124_search, after 20261124_beginning
"""

from alembic import op

revision = "20261124_search"
down_revision = "20261124_beginning"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TABLE search_text_entry (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, key))""",
    """CREATE VIRTUAL TABLE search_text USING fts5 (title, body, tags, tokenize = "ascii tokenchars '.'")""",
)
POSTGRESQL = (
    """CREATE TABLE search_text (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, key text NOT NULL, title text NOT NULL, body text NOT NULL,
        words tsvector NOT NULL, UNIQUE (kind, key))""",
    "CREATE INDEX search_text_words ON search_text USING gin (words)",
)


def upgrade() -> None:
    connection = op.get_bind()
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    connection = op.get_bind()
    for table in ("search_text", "search_text_entry") if connection.dialect.name == "sqlite" else ("search_text",):
        connection.exec_driver_sql(f"DROP TABLE {table}")
