"""where people worked, and since when

Filled from the log, so that what was recorded before is there too.

Revision: 20261126_employment, after 20261126_committee_course
"""

import json
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "20261126_employment"
down_revision = "20261126_committee_course"
branch_labels = None
depends_on = None

BATCH = 1000
FACTS = {"person-registered": "facts", "person-edited": "after"}
"""The events that say an employer, and the part of each that says it."""


def upgrade() -> None:
    table = op.create_table(
        "employment",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id", "seq"),
    )
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.create_index("ix_employment_organisation_id", ["organisation_id"], unique=False)
    _fill(table)


def _fill(table: sa.Table) -> None:
    event = sa.table("event", *(sa.column(name) for name in ("id", "stream", "seq", "type", "payload")), sa.column("effective_on", sa.Date))
    said = sa.select(event).where(event.c.type.in_(FACTS), event.c.stream.like("person:%"), event.c.payload.like('%"organisation_id"%'))
    after = 0
    while rows := op.get_bind().execute(said.where(event.c.id > after).order_by(event.c.id).limit(BATCH)).all():
        after = rows[-1].id
        found = [(row, json.loads(row.payload)[FACTS[row.type]].get("organisation_id", "")) for row in rows]
        employed = [
            {
                "person_id": UUID(row.stream.partition(":")[2]), "seq": row.seq, "since": row.effective_on,
                "organisation_id": UUID(house) if house else None,
            }
            for row, house in found if house or (house is None and row.seq > 1)
        ]  # fmt: skip
        if employed:
            op.bulk_insert(table, employed)


def downgrade() -> None:
    op.drop_table("employment")
