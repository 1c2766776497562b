"""the next link of the chain by a function of PostgreSQL, which plans it once

Its hash is that of `kernel.events.link`; statements see what those before them did, and what the lock waited for.

Revision: 20261126_link, after 20261126_number_index
"""

from alembic import op

revision = "20261126_link"
down_revision = "20261126_number_index"
branch_labels = None
depends_on = None

LINK = """
CREATE FUNCTION hub_link(text, integer, text, date, timestamptz, text, text, text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO event (id, stream, seq, type, effective_on, recorded_at, actor, payload, hash)
    SELECT id, $1, $2, $3, $4, $5, $6, $7, encode(sha256(convert_to('["' || hash || '",' || id || ',' || $8, 'UTF8')), 'hex')
    FROM (
        SELECT coalesce(max(id), 0) + 1 AS id, coalesce((SELECT hash FROM event ORDER BY id DESC LIMIT 1), repeat('0', 64)) AS hash FROM event
    ) AS last;
END $$"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(LINK)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION hub_link(text, integer, text, date, timestamptz, text, text, text)")
