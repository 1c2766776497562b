"""an index over the numbers of standards

Revision: 20261126_number_index, after 20261126_deputies
"""

from alembic import op

revision = "20261126_number_index"
down_revision = "20261126_deputies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_standard_number", "standard", ["number"])


def downgrade() -> None:
    op.drop_index("ix_standard_number", "standard")
