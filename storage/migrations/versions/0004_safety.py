"""Shared phones, safety, duty and forgetting: what the tables keep besides.

Never reads or writes what people wrote.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
FLAGS = {
    "contact": ("listens", "discreet", "hidden", "resting", "private_chat", "staff"),
    "casefile": ("urgent", "told_late"),
    "inbox": ("restricted",),
    "outbox": ("restricted",),
    "media": ("restricted",),
    "session": ("shut",),
}
TIMES = {
    "session": ("seen_at", "shown_since"),
    "casefile": ("eased_at",),
    "media": ("until", "heard_at"),
    "staff": ("code_until", "duty_until", "alerted_at"),
}
SEALED = {
    "inbox": ("message",),
    "media": ("transcript", "event", "message"),
    "staff": ("code",),
    "audit": ("chain",),
}
NEVER = "'the audit only grows'"
GUARD = {
    "sqlite": (
        f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, {NEVER}); END",
        f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, {NEVER}); END",
    ),
    "postgresql": (
        f"CREATE FUNCTION audit_grows() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE {NEVER}; END$$",
        "CREATE TRIGGER audit_grows BEFORE UPDATE OR DELETE ON audit EXECUTE FUNCTION audit_grows()",
    ),
}
UNGUARD = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": ("DROP TRIGGER audit_grows ON audit", "DROP FUNCTION audit_grows()"),
}
WORDS = {"contact": ("declined",), "consent": ("version",), "staff": ("recording",)}


def upgrade() -> None:
    """Bring the tables up."""
    for table, names in FLAGS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    for table, names in TIMES.items():
        for name in names:
            op.add_column(table, sa.Column(name, TIME, nullable=True))
    for table, names in SEALED.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.LargeBinary(), nullable=True))
    for table, names in WORDS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.String(), server_default="", nullable=False))
    op.add_column("session", sa.Column("shown_after", sa.Integer(), server_default="0", nullable=False))
    whole = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE media ADD COLUMN heard_by {whole} CONSTRAINT fk_media_heard_by REFERENCES staff (id)"
    )
    op.add_column("staff", sa.Column("contact_id", ID, nullable=True))
    private = sa.text("restricted AND lane = 0 AND body IS NOT NULL")
    op.create_index(
        "ix_outbox_private", "outbox", ["created_at"], sqlite_where=private, postgresql_where=private
    )
    op.create_index(
        "ix_media_until",
        "media",
        ["until"],
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )
    op.create_index(
        "ix_contact_address_absent",
        "contact_address",
        ["address_id"],
        sqlite_where=sa.text("current = 0"),
        postgresql_where=sa.text("NOT current"),
    )
    _new_tables()
    for statement in GUARD[op.get_bind().dialect.name]:
        op.execute(statement)
    op.execute(
        "INSERT INTO staff_centre (staff_id, centre, role) "
        "SELECT DISTINCT staff_id, centre, 'safeguarding' FROM staff_centre WHERE restricted"
    )
    op.execute("ALTER TABLE staff_centre DROP COLUMN restricted")


def _new_tables() -> None:
    op.create_table(
        "alert",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("staff_id", ID, autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["casefile.id"], name=op.f("fk_alert_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_alert_staff_id")),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name=op.f("pk_alert")),
    )
    op.create_table(
        "uploaded",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("account", "content", name=op.f("pk_uploaded")),
    )


def downgrade() -> None:
    """Take them back."""
    for statement in UNGUARD[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("uploaded")
    op.drop_table("alert")
    op.add_column(
        "staff_centre", sa.Column("restricted", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.execute("UPDATE staff_centre SET restricted = true WHERE role = 'safeguarding'")
    op.drop_index("ix_contact_address_absent", "contact_address")
    op.drop_index("ix_media_until", "media")
    op.drop_index("ix_outbox_private", "outbox")
    for table, name in (("media", "heard_by"), ("staff", "contact_id")):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    for cells in (FLAGS, TIMES, SEALED, WORDS, {"session": ("shown_after",)}):
        for table, names in cells.items():
            for name in names:
                op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
