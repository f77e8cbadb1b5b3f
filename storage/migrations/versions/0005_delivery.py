"""A platform with a window, chats in two places, and delivery by many processes.

Never reads or writes what people wrote.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
TIMES = ("acted_at", "shut_at", "delivered_at", "read_at")


def upgrade() -> None:
    """Bring the tables up."""
    for name in TIMES:
        op.add_column("address", sa.Column(name, TIME, nullable=True))
    op.add_column("contact", sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "pace",
        sa.Column("account_id", ID, autoincrement=False, nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.Column("ceiling", sa.Float(), nullable=False),
        sa.Column("paused_until", TIME, nullable=True),
        sa.Column("stopped", sa.String(), server_default="", nullable=False),
        sa.Column("stops", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_pace_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_pace")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "link",
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("staff_id", ID, autoincrement=False, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_link_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_link_staff_id")),
        sa.PrimaryKeyConstraint("blind", name=op.f("pk_link")),
    )
    op.create_index("ix_link_contact_id", "link", ["contact_id"])


def downgrade() -> None:
    """Take them back."""
    for table in ("link", "lease", "pace"):
        op.drop_table(table)
    for name in TIMES:
        op.execute(f"ALTER TABLE address DROP COLUMN {name}")
    op.execute("ALTER TABLE contact DROP COLUMN paused")
