"""Job fairs and other activities: what they say, who was told, who comes, who wants to hear of which.

Never reads or writes what people wrote.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables up; a person is known to be careful with what comes unasked."""
    op.create_table(
        "activity",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("centre", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("staff_id", ID, autoincrement=False, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_activity_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("source", name=op.f("uq_activity_source")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_activity_state_ends_at", "activity", ["state", "ends_at"])
    op.create_table(
        "activity_sheet",
        sa.Column("activity_id", ID, autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_sheet_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "revision", name=op.f("pk_activity_sheet")),
    )
    op.create_table(
        "activity_told",
        sa.Column("activity_id", ID, autoincrement=False, nullable=False),
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cause", sa.String(), server_default="", nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_told_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_activity_told_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "activity_id", "contact_id", "revision", "cause", name=op.f("pk_activity_told")
        ),
    )
    op.create_index(op.f("ix_activity_told_contact_id"), "activity_told", ["contact_id"])
    op.create_table(
        "activity_missed",
        sa.Column("activity_id", ID, autoincrement=False, nullable=False),
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_missed_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_activity_missed_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "contact_id", "occasion", name=op.f("pk_activity_missed")),
    )
    op.create_index(op.f("ix_activity_missed_contact_id"), "activity_missed", ["contact_id"])
    op.create_table(
        "outcome",
        sa.Column("activity_id", ID, autoincrement=False, nullable=False),
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("day", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("cause", sa.String(), server_default="", nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("work", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_outcome_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_outcome_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "contact_id", "day", name=op.f("pk_outcome")),
    )
    op.create_index(op.f("ix_outcome_contact_id"), "outcome", ["contact_id"])
    op.create_table(
        "money_wanted",
        sa.Column("activity_id", ID, autoincrement=False, nullable=False),
        sa.Column("day", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_money_wanted_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "day", name=op.f("pk_money_wanted")),
    )
    op.create_table(
        "registration",
        sa.Column("activity_id", ID, autoincrement=False, nullable=False),
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("seat", sa.String(), server_default="none", nullable=False),
        sa.Column("adults", sa.SmallInteger(), nullable=False),
        sa.Column("children", sa.SmallInteger(), nullable=False),
        sa.Column("stop", sa.String(), server_default="", nullable=False),
        sa.Column("needs", sa.LargeBinary(), nullable=True),
        sa.Column("remind", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("offered_until", TIME, nullable=True),
        sa.Column("ticket", sa.String(), nullable=True),
        sa.Column("came_at", TIME, nullable=True),
        sa.Column("came", sa.SmallInteger(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_registration_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_registration_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "contact_id", name=op.f("pk_registration")),
        sa.UniqueConstraint("ticket", name=op.f("uq_registration_ticket")),
    )
    op.create_index(op.f("ix_registration_contact_id"), "registration", ["contact_id"])
    op.create_index(
        "ix_registration_offered",
        "registration",
        ["offered_until"],
        sqlite_where=sa.text("seat = 'offered'"),
        postgresql_where=sa.text("seat = 'offered'"),
    )
    op.create_index(
        "ix_registration_waiting",
        "registration",
        ["activity_id", "line"],
        sqlite_where=sa.text("seat = 'waiting'"),
        postgresql_where=sa.text("seat = 'waiting'"),
    )
    op.create_table(
        "safe_hours",
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_safe_hours_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_safe_hours")),
    )
    op.create_table(
        "subscription",
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("place", sa.String(), server_default="", nullable=False),
        sa.Column("sector", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_subscription_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint(
            "contact_id",
            "purpose",
            "place",
            "sector",
            name=op.f("uq_subscription_contact_id_purpose_place_sector"),
        ),
    )
    op.create_index(
        "ix_subscription_purpose_contact_id", "subscription", ["purpose", "contact_id", "place", "sector"]
    )
    op.create_table(
        "walk_in",
        sa.Column("activity_id", ID, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("age", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_walk_in_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "day", "sex", "age", name=op.f("pk_walk_in")),
    )
    op.add_column("contact", sa.Column("careful", sa.Boolean(), nullable=True))
    op.add_column("outbox", sa.Column("lasts", TIME, nullable=True))
    op.create_index(
        "ix_outbox_expires",
        "outbox",
        ["expires"],
        sqlite_where=sa.text("state = 'queued' AND expires IS NOT NULL"),
        postgresql_where=sa.text("state = 'queued' AND expires IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_unasked",
        "outbox",
        ["cause"],
        sqlite_where=sa.text("state IN ('queued', 'held') AND lane > 0"),
        postgresql_where=sa.text("state IN ('queued', 'held') AND lane > 0"),
        postgresql_ops={"cause": "text_pattern_ops"},
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_outbox_unasked", "outbox")
    op.drop_index("ix_outbox_expires", "outbox")
    for table in (
        "safe_hours",
        "subscription",
        "money_wanted",
        "outcome",
        "walk_in",
        "registration",
        "activity_missed",
        "activity_told",
        "activity_sheet",
        "activity",
    ):
        op.drop_table(table)
    op.execute("ALTER TABLE contact DROP COLUMN careful")
    op.execute("ALTER TABLE outbox DROP COLUMN lasts")
