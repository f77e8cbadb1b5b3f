"""Tables of announcements: what goes to whom, approved by whom, and how far it has come.

Never counts what became of its parts: the outbox knows.
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from storage.schema.columns import Id, flag, maybe, metadata, ref, row_id, when, word

enclosure = Table(
    "enclosure",  # a picture or recording of ours that goes to many: nobody's secret
    metadata,
    word("content", key=True),  # SHA-256, hex
    word("kind"),  # image, voice
    word("mime"),
    word("name"),
    Column("bytes", LargeBinary, nullable=False),
    when("at"),
)

broadcast = Table(
    "broadcast",
    metadata,
    row_id(),
    word("name"),  # of staff, for themselves
    word("state"),  # draft, waiting, approved, sending, paused, done, stopped
    word("purpose"),  # the consent that it needs: news, fairs, training
    Column("centre", String),  # whose people it goes to at most; empty: everybody's
    Column("segment", Text, nullable=False),  # JSON of core.segment.Segment
    Column("words_km", Text, nullable=False, server_default=""),
    Column("words_en", Text, nullable=False, server_default=""),
    Column("picture", String),  # content of an enclosure
    Column("voice", String),  # likewise
    Column("buttons", Text, nullable=False, server_default="[]"),  # JSON
    flag("neutral"),  # who gets it tells something of them: it reads neutrally on a shared screen
    ref("staff_id", "staff.id", null=True),  # who wrote it; empty: the installation itself
    ref("edited_by", "staff.id", null=True),  # whose words it has by now, likewise
    flag("phone"),  # words of it were written by phone, or it was let go there
    ref("approved_by", "staff.id", null=True),
    Column("approved", String),  # digest of what was approved: a change needs another approval
    when("created_at"),
    when("changed_at"),
    maybe("approved_at"),
    maybe("send_at"),
    maybe("expires"),
    maybe("started_at"),
    maybe("ended_at"),
    Column("cursor", Id, nullable=False, server_default="0"),  # the last contact that it was queued for
    Column("people", Integer),  # how many would have got it when it was approved
    word("reason", default=""),  # why it was paused, when nobody paused it
    ref("repeats", "broadcast.id", null=True),  # an earlier one, of which only whom it failed for
    Index("ix_broadcast_state", "state"),
    sqlite_autoincrement=True,
)

broadcast_recipient = Table(
    "broadcast_recipient",  # whom it was meant for; what became of it the outbox knows
    metadata,
    ref("broadcast_id", "broadcast.id", cascade=True, key=True),
    ref("contact_id", "contact.id", cascade=True, key=True, index=True),
    word("why", default=""),  # it could not go to them; empty: it was queued
    when("at"),
)

broadcast_tap = Table(
    "broadcast_tap",  # who pressed which of its buttons, the first time
    metadata,
    ref("broadcast_id", "broadcast.id", cascade=True, key=True),
    ref("contact_id", "contact.id", cascade=True, key=True, index=True),
    word("payload", key=True),
    when("at"),
)
