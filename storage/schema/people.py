"""Tables of people: who they are, where they are reached, where they stand, what they agreed to.

Never holds a clear name, phone or platform id: those are sealed or blind (see `seal`).
"""

from sqlalchemy import Boolean, Column, Float, Index, Integer, LargeBinary, Table, text

from storage.schema.columns import flag, maybe, metadata, ref, row_id, sealed, some, when, word

account = Table("account", metadata, row_id(), word("name", unique=True), when("created_at"))

pace = Table(
    "pace",  # how fast an account may send, shared by every process that sends for it
    metadata,
    ref("account_id", "account.id", cascade=True, key=True),
    Column("tokens", Float, nullable=False),
    when("at"),
    Column("rate", Float, nullable=False),  # a second
    Column("ceiling", Float, nullable=False),
    maybe("paused_until"),
    word("stopped", default=""),  # why the platform takes nothing from the whole account; empty: it does
    Column("stops", Integer, nullable=False, server_default="0"),  # in a row
)

contact = Table(
    "contact",
    metadata,
    row_id(),
    sealed("data_key"),  # wrapped by the master key
    ref("merged_into", "contact.id", null=True, index=True),
    word("language"),
    flag("language_chosen"),
    flag("stopped"),
    flag("reachable", on=True),
    flag("listens"),
    flag("discreet"),
    flag("hidden"),
    flag("resting"),
    flag("private_chat"),  # whoever has the chat works on a restricted case
    flag("paused"),  # staff have the chat in the platform's own inbox
    flag("staff"),  # somebody on duty, reached like anybody else
    Column("careful", Boolean),  # others see what comes unasked (`quiet_when`); empty: not known yet
    word("consents", default=""),  # granted now, space separated; the truth is `consent`
    word("declined", default=""),  # asked and not granted, likewise
    ref("handled_by", "staff.id", null=True),
    maybe("handled_since"),
    maybe("erasing_since"),
    when("created_at"),
    when("changed_at"),
    some("ix_contact_erasing", "erasing_since", where="erasing_since IS NOT NULL"),
    sqlite_autoincrement=True,
)

address = Table(
    "address",
    metadata,
    row_id(),
    ref("account_id", "account.id"),
    Column("blind", LargeBinary, nullable=False, unique=True),  # of account and external id together
    when("created_at"),
    maybe("acted_at"),  # the person's last action, where the platform counts from it
    maybe("shut_at"),  # the platform said that its window is shut
    maybe("blocked_at"),  # the person blocked us there
    maybe("delivered_at"),  # everything sent up to then is delivered
    maybe("read_at"),  # and seen
)

contact_address = Table(
    "contact_address",
    metadata,
    ref("contact_id", "contact.id", key=True),
    ref("address_id", "address.id", key=True),
    sealed("external"),  # under this contact's key, so that each erases alone
    flag("current", on=True),  # whom an event from this address belongs to
    when("used_at"),  # when it was linked, or written from after another of theirs
    flag("shut"),  # nobody knows who is writing there: what staff says waits
    Index(
        "uq_contact_address_current",
        "address_id",
        unique=True,
        sqlite_where=text("current = 1"),  # written as queries say it, else the index is not taken
        postgresql_where=text("current"),
    ),
    Index(
        "ix_contact_address_absent",
        "address_id",
        sqlite_where=text("current = 0"),
        postgresql_where=text("NOT current"),
    ),
)

session = Table(
    "session",
    metadata,
    ref("contact_id", "contact.id", key=True),
    sealed("body", null=True),
    Column("seq", Integer, nullable=False, server_default="0"),  # last outbox number of this person
    maybe("seen_at"),  # when the person last wrote
    Column("shown_after", Integer, nullable=False, server_default="0"),  # parts up to it are shown no more
    maybe("shown_since"),  # nor anything that the person said, or files that were given, up to then
    maybe("wake_at"),
    maybe("ask_at"),  # when the question that waits is asked again, below something unasked
    word("releases", default=""),  # digests its frames walk, space separated
    when("updated_at"),
    some("ix_session_wake_at", "wake_at", where="wake_at IS NOT NULL"),
    some("ix_session_ask_at", "ask_at", where="ask_at IS NOT NULL"),
)

contact_lookup = Table(
    "contact_lookup",
    metadata,
    word("kind", key=True),  # phone, phone6, name
    Column("blind", LargeBinary, primary_key=True),
    ref("contact_id", "contact.id", key=True, index=True),
)

consent = Table(
    "consent",
    metadata,
    row_id(),
    ref("contact_id", "contact.id", index=True),
    word("purpose"),
    Column("granted", Boolean, nullable=False),
    word("text"),  # message id, in `release`
    word("release"),
    word("version", default=""),  # of the text: the beginning of its words' SHA-256
    word("language"),
    word("channel"),
    when("at"),
)

link = Table(
    "link",  # a one-time link by which a person joins a second chat to the first
    metadata,
    Column("blind", LargeBinary, primary_key=True),  # of its token
    ref("contact_id", "contact.id", cascade=True, index=True),
    ref("staff_id", "staff.id", null=True),  # who made it, when it was a member of staff …
    flag("by_staff"),  # … or the installation itself
    ref("asked_id", "contact.id", cascade=True, null=True, index=True),  # who opened it and is asked
    Column("misses", Integer, nullable=False, server_default="0"),
    when("created_at"),
    when("until"),
    maybe("used_at"),
)
