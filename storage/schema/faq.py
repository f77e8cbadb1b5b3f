"""Tables of answers known by heart: who was shown which, which are taken back, and what nothing answers.

Never holds a word of a chat beside whose it is.
"""

from sqlalchemy import Boolean, Column, Date, Index, LargeBinary, String, Table, Text

from storage.schema.columns import metadata, ref, sealed, when, word

answer_shown = Table(
    "answer_shown",  # so that whoever saw a wrong answer can be corrected, once (the outbox knows who was)
    metadata,
    ref("contact_id", "contact.id", cascade=True, key=True),
    word("entry", key=True),
    word("version", key=True),  # of its words and facts
    word("saying"),  # the most that was asserted of it: whole, draft, sure
    when("shown_at"),  # the last time
    Column("helped", Boolean),  # as they said; empty: they did not
    Index("ix_answer_shown_entry_version", "entry", "version"),
)

answer_withdrawn = Table(
    "answer_withdrawn",
    metadata,
    word("entry", key=True),
    Column("version", String),  # that was live then, if any was
    ref("staff_id", "staff.id"),
    when("at"),
    Column("reason", Text, nullable=False, server_default=""),  # of staff, about the answer
)

question_missed = Table(
    "question_missed",  # nothing in it leads to whoever asked
    metadata,
    Column("mark", LargeBinary, primary_key=True),  # drawn at random: no order is told
    sealed("words"),  # masked, under a key that is nobody's
    Column("centre", String),
    Column("day", Date, nullable=False, index=True),  # in Phnom Penh; never a time
    word("language"),
    sqlite_with_rowid=False,  # a row's number would tell the order
)
