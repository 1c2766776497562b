"""acceptance packages

Revision: 20261126_acceptance_packages, after 20261126_life_of_claims
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_acceptance_packages"
down_revision = "20261126_life_of_claims"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acceptance_package",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("promised", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("outputs", sa.Integer(), nullable=False),
        sa.Column("proofs", sa.Integer(), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(), nullable=False),
        sa.Column("pdf_sha256", sa.String(), nullable=False),
        sa.Column("pdf_size", sa.Integer(), nullable=False),
        sa.Column("zip_sha256", sa.String(), nullable=False),
        sa.Column("zip_size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("acceptance_package", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acceptance_package_project_id"), ["project_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("acceptance_package", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acceptance_package_project_id"))

    op.drop_table("acceptance_package")
