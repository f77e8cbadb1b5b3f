"""Tables of the installation itself: settings, Releases, staff and what staff did.

Never holds a word about a person we talk with.
"""

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, Text

from storage.schema.columns import Id, flag, maybe, metadata, ref, row_id, when, word

setting = Table("setting", metadata, word("name", key=True), Column("value", Text, nullable=False))

lease = Table(
    "lease",  # what only one process does at a time, such as polling for one token
    metadata,
    word("name", key=True),
    word("holder"),
    when("until"),
)

release = Table("release", metadata, word("digest", key=True), when("created_at"))

release_file = Table(
    "release_file",
    metadata,
    Column("digest", String, ForeignKey("release.digest", ondelete="CASCADE"), primary_key=True),
    word("path", key=True),
    Column("content", LargeBinary, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    row_id(),
    word("name", unique=True),
    Column("password_hash", String),
    Column("totp", LargeBinary),
    flag("disabled"),
    Column("contact_id", Id),  # where they are alerted; no foreign key: `contact.handled_by` points back
    Column("code", LargeBinary),  # blind, of the one-time code that joins a chat to this account
    maybe("code_until"),
    maybe("duty_until"),
    maybe("alerted_at"),
    word("recording", default=""),  # the message whose voice they are asked to record
    word("doing", default=""),  # what their next words by chat are for: `announce:12:km`
    maybe("doing_until"),
    when("created_at"),
    sqlite_autoincrement=True,
)

staff_centre = Table(
    "staff_centre",
    metadata,
    ref("staff_id", "staff.id", cascade=True, key=True),
    word("centre", key=True),  # a centre's id, or * for all
    word("role", key=True),
)

audit = Table(
    "audit",
    metadata,
    row_id(),
    ref("staff_id", "staff.id", null=True),
    word("action"),
    word("what"),  # internal ids only
    when("at", index=True),
    Column("chain", LargeBinary),  # SHA-256 over the line before and this one
)

# What a platform keeps of our own recordings, so that each is uploaded once.
uploaded = Table(
    "uploaded",
    metadata,
    word("account", key=True),
    word("content", key=True),  # SHA-256, hex
    Column("ref", Text, nullable=False),
    when("at"),
)
