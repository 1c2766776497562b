"""the department that answers for a plan

Revision: 20261127_plan_department, after 20261127_answers_by_mail
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_plan_department"
down_revision = "20261127_answers_by_mail"
branch_labels = None
depends_on = None

KEY = "plan_department"


def upgrade() -> None:
    with op.batch_alter_table("plan") as plan:
        plan.add_column(sa.Column("department_id", sa.Uuid(), nullable=True))
        plan.create_index("ix_plan_department_id", ["department_id"], unique=False)
        plan.create_foreign_key(KEY, "organisation", ["department_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("plan") as plan:
        plan.drop_constraint(KEY, type_="foreignkey")
        plan.drop_index("ix_plan_department_id")
        plan.drop_column("department_id")
