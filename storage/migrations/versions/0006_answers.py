"""Answers known by heart: who was shown which, which are taken back, and what nothing answers.

Never reads or writes what people wrote.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables up; an address knows since when its app is blocked."""
    op.add_column("address", sa.Column("blocked_at", TIME, nullable=True))
    op.create_table(
        "answer_shown",
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("saying", sa.String(), nullable=False),
        sa.Column("shown_at", TIME, nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_answer_shown_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", "entry", "version", name=op.f("pk_answer_shown")),
    )
    op.create_index("ix_answer_shown_entry_version", "answer_shown", ["entry", "version"])
    op.create_table(
        "answer_withdrawn",
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=True),
        sa.Column("staff_id", ID, autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_answer_withdrawn_staff_id")),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_answer_withdrawn")),
    )
    op.create_table(
        "question_missed",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("centre", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_question_missed")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_question_missed_day", "question_missed", ["day"])


def downgrade() -> None:
    """Take them back."""
    for table in ("question_missed", "answer_withdrawn", "answer_shown"):
        op.drop_table(table)
    op.execute("ALTER TABLE address DROP COLUMN blocked_at")
