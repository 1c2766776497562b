"""orcid and ror

Revision: 20261126_orcid_and_ror, after 20261126_acceptance_packages
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_orcid_and_ror"
down_revision = "20261126_acceptance_packages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ror", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_organisation_ror"), ["ror"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("orcid", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_orcid"), ["orcid"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_orcid"))
        batch_op.drop_column("orcid")

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_ror"))
        batch_op.drop_column("ror")
