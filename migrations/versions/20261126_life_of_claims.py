"""the life of claims, their evidence, partners of projects, projects to be checked

Claims that are there stay as they are. Two projects may now say that they are the primary: both wait for a ruling.

Revision: 20261126_life_of_claims, after 20261126_divisions_of_targets
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_life_of_claims"
down_revision = "20261126_divisions_of_targets"
branch_labels = None
depends_on = None

CLAIMED = "state = 'claimed'"
LIVE = "state IN ('claimed', 'in_review', 'verified', 'accepted')"


def upgrade() -> None:
    op.create_table(
        "claim_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("filename", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("page", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("retrieved_on", sa.Date(), nullable=True),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("claim_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_evidence_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_evidence_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_partner",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
        ),
        sa.PrimaryKeyConstraint("project_id", "organisation_id"),
    )
    with op.batch_alter_table("project_partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_partner_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("evidence", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("cause", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("remedy", sa.String(), nullable=True))

    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role_policy", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("unchecked", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("merged_into", sa.Uuid(), nullable=True))

    op.drop_index("project_standard_one_primary", table_name="project_standard")
    op.drop_index("project_standard_one_claim", table_name="project_standard")
    with op.batch_alter_table("project_standard", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contribution", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("grounds", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("submitted_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("decided_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("role", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("policy", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(), nullable=True))
        batch_op.alter_column("claimed_on", existing_type=sa.DATE(), nullable=True)
    op.create_index(
        "project_standard_one_claim", "project_standard", ["project_id", "standard_id"], unique=True, sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("project_standard_one_claim", table_name="project_standard")
    with op.batch_alter_table("project_standard", schema=None) as batch_op:
        batch_op.alter_column("claimed_on", existing_type=sa.DATE(), nullable=False)
        batch_op.drop_column("reason")
        batch_op.drop_column("policy")
        batch_op.drop_column("role")
        batch_op.drop_column("decided_on")
        batch_op.drop_column("submitted_on")
        batch_op.drop_column("grounds")
        batch_op.drop_column("contribution")
    for name, columns, where in (
        ("project_standard_one_primary", ["standard_id"], f'"primary" AND {CLAIMED}'),
        ("project_standard_one_claim", ["project_id", "standard_id"], CLAIMED),
    ):
        op.create_index(name, "project_standard", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))

    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_column("merged_into")
        batch_op.drop_column("unchecked")
        batch_op.drop_column("role_policy")

    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_column("remedy")
        batch_op.drop_column("cause")
        batch_op.drop_column("evidence")

    with op.batch_alter_table("project_partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_partner_organisation_id"))

    op.drop_table("project_partner")
    with op.batch_alter_table("claim_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_evidence_project_id"))
        batch_op.drop_index(batch_op.f("ix_claim_evidence_claim_id"))

    op.drop_table("claim_evidence")
