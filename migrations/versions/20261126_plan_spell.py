"""the plans a standard was ever tracked under

Filled from the log, so that the report of a past day finds standards that left the plan since.

Revision: 20261126_plan_spell, after 20261124_search
"""

import json
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "20261126_plan_spell"
down_revision = "20261124_search"
branch_labels = None
depends_on = None

BATCH = 1000
FACTS = {"proposed": "facts", "edited": "after"}
"""The events that set the plan, and the part of each that says it."""


def upgrade() -> None:
    table = op.create_table(
        "plan_spell",
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("plan_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("standard_id", "seq"),
    )
    with op.batch_alter_table("plan_spell", schema=None) as batch_op:
        batch_op.create_index("plan_spell_by_plan", ["plan_key", "standard_id"], unique=False)
    _fill(table)


def _fill(table: sa.Table) -> None:
    event = sa.table("event", *(sa.column(name) for name in ("id", "stream", "seq", "type", "payload")))
    said = sa.select(event).where(event.c.type.in_(FACTS), event.c.stream.like("standard:%"), event.c.payload.like('%"plan_key"%'))
    after = 0
    while rows := op.get_bind().execute(said.where(event.c.id > after).order_by(event.c.id).limit(BATCH)).all():
        after = rows[-1].id
        plans = [(row, json.loads(row.payload)[FACTS[row.type]].get("plan_key")) for row in rows]
        spells = [{"standard_id": UUID(row.stream.partition(":")[2]), "seq": row.seq, "plan_key": plan} for row, plan in plans if plan]
        if spells:
            op.bulk_insert(table, spells)


def downgrade() -> None:
    op.drop_table("plan_spell")
