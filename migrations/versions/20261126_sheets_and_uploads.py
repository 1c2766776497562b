"""signed result sheets, who sent a file, and the order in which papers were filed

The order is filled from the log, so that what was filed before is in it too.

Revision: 20261126_sheets_and_uploads, after 20261126_snapshots_of_plans
"""

import json
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "20261126_sheets_and_uploads"
down_revision = "20261126_snapshots_of_plans"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "account_id"),
    )
    op.create_table(
        "ballot_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ballot_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("filed_by", sa.String(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("ballot_sheet", schema=None) as batch_op:
        batch_op.create_index("ix_ballot_sheet_ballot_id", ["ballot_id"], unique=False)
    with op.batch_alter_table("paper", schema=None) as batch_op:
        # the default is for the release before, which may still run and does not name the column
        batch_op.add_column(sa.Column("seq", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index("ix_paper_sha256", ["sha256"], unique=False)
    _number()


def _number() -> None:
    """Give each paper the number of its event in the log of its standard."""
    connection = op.get_bind()
    event = sa.table("event", *(sa.column(name) for name in ("id", "seq", "type", "payload")))
    paper = sa.table("paper", sa.column("id", sa.Uuid), sa.column("seq", sa.Integer))
    numbered = sa.update(paper).where(paper.c.id == sa.bindparam("paper_id", type_=sa.Uuid)).values(seq=sa.bindparam("number"))
    added, after = sa.select(event).where(event.c.type == "paper-added"), 0
    while rows := connection.execute(added.where(event.c.id > after).order_by(event.c.id).limit(BATCH)).all():
        after = rows[-1].id
        connection.execute(numbered, [{"paper_id": UUID(json.loads(row.payload)["paper"]), "number": row.seq} for row in rows])


def downgrade() -> None:
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index("ix_paper_sha256")
        batch_op.drop_column("seq")
    op.drop_table("ballot_sheet")
    op.drop_table("upload")
