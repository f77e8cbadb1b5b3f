"""Announcements: what goes to whom, approved by whom, and how far it has come.

Never reads or writes what people wrote.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables up; staff may be in the middle of something by chat, and so may people."""
    op.create_table(
        "enclosure",
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("content", name=op.f("pk_enclosure")),
    )
    op.create_table(
        "broadcast",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("centre", sa.String(), nullable=True),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("words_km", sa.Text(), server_default="", nullable=False),
        sa.Column("words_en", sa.Text(), server_default="", nullable=False),
        sa.Column("picture", sa.String(), nullable=True),
        sa.Column("voice", sa.String(), nullable=True),
        sa.Column("buttons", sa.Text(), server_default="[]", nullable=False),
        sa.Column("neutral", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("staff_id", ID, autoincrement=False, nullable=True),
        sa.Column("edited_by", ID, autoincrement=False, nullable=True),
        sa.Column("phone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("approved_by", ID, autoincrement=False, nullable=True),
        sa.Column("approved", sa.String(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("approved_at", TIME, nullable=True),
        sa.Column("send_at", TIME, nullable=True),
        sa.Column("expires", TIME, nullable=True),
        sa.Column("started_at", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("cursor", ID, server_default="0", nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("repeats", ID, autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name=op.f("fk_broadcast_approved_by")),
        sa.ForeignKeyConstraint(["edited_by"], ["staff.id"], name=op.f("fk_broadcast_edited_by")),
        sa.ForeignKeyConstraint(["repeats"], ["broadcast.id"], name=op.f("fk_broadcast_repeats")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_broadcast_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_broadcast_state", "broadcast", ["state"])
    op.create_table(
        "broadcast_recipient",
        sa.Column("broadcast_id", ID, autoincrement=False, nullable=False),
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("why", sa.String(), server_default="", nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcast.id"],
            name=op.f("fk_broadcast_recipient_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_broadcast_recipient_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "contact_id", name=op.f("pk_broadcast_recipient")),
    )
    op.create_index(op.f("ix_broadcast_recipient_contact_id"), "broadcast_recipient", ["contact_id"])
    op.create_table(
        "broadcast_tap",
        sa.Column("broadcast_id", ID, autoincrement=False, nullable=False),
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcast.id"],
            name=op.f("fk_broadcast_tap_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_broadcast_tap_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "contact_id", "payload", name=op.f("pk_broadcast_tap")),
    )
    op.create_index(op.f("ix_broadcast_tap_contact_id"), "broadcast_tap", ["contact_id"])
    late = sa.text("state = 'expired' AND reason = '' AND lane = 3")
    op.create_index(
        "ix_outbox_late",
        "outbox",
        ["cause"],
        sqlite_where=late,
        postgresql_where=late,
        postgresql_ops={"cause": "text_pattern_ops"},
    )
    op.add_column("session", sa.Column("ask_at", TIME, nullable=True))
    op.create_index(
        "ix_session_ask_at",
        "session",
        ["ask_at"],
        sqlite_where=sa.text("ask_at IS NOT NULL"),
        postgresql_where=sa.text("ask_at IS NOT NULL"),
    )
    op.add_column("staff", sa.Column("doing", sa.String(), server_default="", nullable=False))
    op.add_column("staff", sa.Column("doing_until", TIME, nullable=True))


def downgrade() -> None:
    """Take them back."""
    for table in ("broadcast_tap", "broadcast_recipient", "broadcast", "enclosure"):
        op.drop_table(table)
    op.drop_index("ix_outbox_late", "outbox")
    op.drop_index("ix_session_ask_at", "session")
    op.execute("ALTER TABLE session DROP COLUMN ask_at")
    op.execute("ALTER TABLE staff DROP COLUMN doing_until")
    op.execute("ALTER TABLE staff DROP COLUMN doing")
