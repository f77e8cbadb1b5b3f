"""Tables of what comes in, what goes out and what must happen later.

Never holds a clear word of a conversation, which is inbox and outbox together; there is no third table.
"""

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.schema.columns import Id, flag, maybe, metadata, ref, row_id, sealed, some, when, word

inbox = Table(
    "inbox",
    metadata,
    row_id(),
    Column("key", LargeBinary, nullable=False, unique=True),  # blind: account and event id
    ref("account_id", "account.id"),
    ref("contact_id", "contact.id", null=True),
    sealed("body", null=True),
    word("state"),  # done, parked, erased
    when("now"),
    Column("release", String),
    word("node_before", default=""),
    word("node_after", default=""),
    word("reason", default=""),
    sealed("message", null=True),  # the platform's id of it
    flag("restricted"),  # for the safeguarding role only
    Index("ix_inbox_contact_id", "contact_id", "now"),
    some("ix_inbox_parked", "state", where="state = 'parked'"),
)

_LATE = "state = 'expired' AND reason = '' AND lane = 3"  # announcements that no sender took in time
_UNASKED = "state IN ('queued', 'held') AND lane > 0"
outbox = Table(
    "outbox",
    metadata,
    row_id(),
    word("cause", unique=True),
    ref("contact_id", "contact.id"),
    Column("address_id", Id, nullable=False),  # no foreign key: erasing would search all of it
    ref("account_id", "account.id"),
    Column("lane", SmallInteger, nullable=False),
    Column("seq", Integer, nullable=False),
    sealed("body", null=True),
    word("state"),  # queued, sending, sent, failed, held, expired, cancelled, unknown
    when("created_at"),
    when("not_before"),
    maybe("expires"),
    maybe("lasts"),  # until when it is of use once it is held; empty: until it expires
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("troubles", Integer, nullable=False, server_default="0"),  # before delivery, since it was queued
    word("reason", default=""),
    Column("lease_by", String),
    maybe("lease_until"),
    sealed("message", null=True),  # the platform's id of it
    maybe("sent_at"),
    flag("restricted"),  # for the safeguarding role only
    Index("ix_outbox_contact_id", "contact_id", "seq"),
    some("ix_outbox_queued", "account_id", "lane", "not_before", where="state = 'queued'"),
    some("ix_outbox_private", "created_at", where="restricted AND lane = 0 AND body IS NOT NULL"),
    some("ix_outbox_fresh", "account_id", "created_at", where="state = 'queued'"),
    some("ix_outbox_expires", "expires", where="state = 'queued' AND expires IS NOT NULL"),
    some("ix_outbox_unsent", "contact_id", "lane", "seq", where="state IN ('queued', 'sending')"),
    some("ix_outbox_held", "contact_id", "seq", where="state = 'held'"),
    Index(
        "ix_outbox_unasked",
        "cause",
        sqlite_where=text(_UNASKED),
        postgresql_where=text(_UNASKED),
        postgresql_ops={"cause": "text_pattern_ops"},  # found by how it begins
    ),
    Index(
        "ix_outbox_late",
        "cause",
        sqlite_where=text(_LATE),
        postgresql_where=text(_LATE),
        postgresql_ops={"cause": "text_pattern_ops"},
    ),
    some("ix_outbox_sending", "lease_until", where="state = 'sending'"),
    some(
        "ix_outbox_ended",
        "account_id",
        "state",
        "lane",
        where="state IN ('failed', 'held', 'expired', 'cancelled', 'unknown')",
    ),
)

agenda = Table(
    "agenda",
    metadata,
    row_id(),
    word("kind"),
    word("key"),
    ref("contact_id", "contact.id", null=True, index=True),
    when("due"),
    Column("data", LargeBinary, nullable=False),  # internal ids only
    maybe("done_at"),
    when("created_at"),
    UniqueConstraint("kind", "key"),
    some("ix_agenda_due", "due", where="done_at IS NULL"),
)
