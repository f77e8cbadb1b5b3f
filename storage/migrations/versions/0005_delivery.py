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
ENDED = "state IN ('failed', 'held', 'expired', 'cancelled', 'unknown')"
HELD = "state = 'held'"


def upgrade() -> None:
    """Bring the tables up."""
    for name in TIMES:
        op.add_column("address", sa.Column(name, TIME, nullable=True))
    op.add_column("contact", sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("casefile", sa.Column("call_by", TIME, nullable=True))
    op.add_column("outbox", sa.Column("troubles", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "ix_outbox_held",
        "outbox",
        ["contact_id", "seq"],
        sqlite_where=sa.text(HELD),
        postgresql_where=sa.text(HELD),
    )
    _index_ended("account_id", "state", "lane")
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
        sa.Column("by_staff", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("asked_id", ID, autoincrement=False, nullable=True),
        sa.Column("misses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_link_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_link_staff_id")),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["contact.id"], name=op.f("fk_link_asked_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("blind", name=op.f("pk_link")),
    )
    op.create_index("ix_link_contact_id", "link", ["contact_id"])
    op.create_index("ix_link_asked_id", "link", ["asked_id"])
    _move_shut("contact_address", "session")


def _index_ended(*columns: str) -> None:
    """What ended otherwise than by arriving: with its lane it is counted from the index alone."""
    op.drop_index("ix_outbox_ended", "outbox")
    op.create_index(
        "ix_outbox_ended",
        "outbox",
        list(columns),
        sqlite_where=sa.text(ENDED),
        postgresql_where=sa.text(ENDED),
    )


def _move_shut(to: str, of: str) -> None:
    """Whether nobody knows who is writing: of a person, or of each place that they write from."""
    op.add_column(to, sa.Column("shut", sa.Boolean(), server_default=sa.false(), nullable=False))
    theirs = f"SELECT contact_id FROM {of} WHERE shut"  # noqa: S608 - names of ours
    op.execute(f"UPDATE {to} SET shut = true WHERE contact_id IN ({theirs})")  # noqa: S608 - names of ours
    op.execute(f"ALTER TABLE {of} DROP COLUMN shut")


def downgrade() -> None:
    """Take them back."""
    _move_shut("session", "contact_address")
    for table in ("link", "lease", "pace"):
        op.drop_table(table)
    for name in TIMES:
        op.execute(f"ALTER TABLE address DROP COLUMN {name}")
    op.drop_index("ix_outbox_held", "outbox")
    _index_ended("account_id", "state")
    op.execute("ALTER TABLE outbox DROP COLUMN troubles")
    op.execute("ALTER TABLE casefile DROP COLUMN call_by")
    op.execute("ALTER TABLE contact DROP COLUMN paused")
