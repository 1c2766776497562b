"""letters, notice choices, holidays and proofs of the log

Revision: 20261126_letters_notices, after 20261126_plan_spell
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_letters_notices"
down_revision = "20261126_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "log_proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("log_proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_proof_asked_at"), ["asked_at"], unique=False)

    op.create_table(
        "account_letter",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("hash"),
    )
    with op.batch_alter_table("account_letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_letter_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_letter_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "notice_choice",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "kind"),
    )
    op.create_table(
        "notice_gathered",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("notice_gathered", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_gathered_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("notice_gathered", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_gathered_account_id"))

    op.drop_table("notice_gathered")
    op.drop_table("notice_choice")
    with op.batch_alter_table("account_letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_letter_expires_at"))
        batch_op.drop_index(batch_op.f("ix_account_letter_account_id"))

    op.drop_table("account_letter")
    with op.batch_alter_table("log_proof", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_log_proof_asked_at"))

    op.drop_table("log_proof")
    op.drop_table("holiday")
