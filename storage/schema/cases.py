"""Tables of what people told us: submissions, answers, media, and the cases made of them.

Never makes a case number a key: it is only read over the phone.
"""

from sqlalchemy import Column, Integer, LargeBinary, SmallInteger, String, Table, Text, UniqueConstraint

from storage.schema.columns import flag, maybe, metadata, ref, row_id, sealed, some, when, word

submission = Table(
    "submission",
    metadata,
    row_id(),
    ref("contact_id", "contact.id"),
    Column("no", Integer, nullable=False),  # counts within the contact
    word("dialog"),
    word("release"),
    word("subject", default="self"),
    when("opened_at"),
    maybe("closed_at"),
    UniqueConstraint("contact_id", "no"),
)

answer = Table(
    "answer",
    metadata,
    ref("submission_id", "submission.id", cascade=True, key=True),
    word("field", key=True),
    Column("idx", SmallInteger, primary_key=True, autoincrement=False),
    sealed("value"),
    Column("coarse", String),  # closed options of fields marked coarse, in clear for counting
    word("sensitivity"),
    word("how"),  # given, heard, skipped
    word("node"),
    when("at"),
)

casefile = Table(
    "casefile",
    metadata,
    row_id(),
    Column("number", String, unique=True),  # OM-2026-00042, once a centre is known
    ref("contact_id", "contact.id", null=True, index=True),  # empty after erasure
    ref("submission_id", "submission.id", null=True, index=True),
    word("kind"),
    Column("centre", String),
    flag("restricted"),
    flag("urgent"),
    maybe("eased_at"),  # when the person said that they are not in danger
    flag("told_late"),  # they heard that nobody could take it in time
    word("state"),  # open, taken, closed, erased
    when("opened_at"),
    maybe("answer_by"),
    maybe("call_by"),  # words of staff wait for the person's next message: somebody calls them by then
    ref("taken_by", "staff.id", null=True),
    maybe("taken_at"),
    maybe("closed_at"),
    word("outcome", default=""),
    Column("coarse", Text),  # JSON of its coarse answers, copied when the person was erased
    maybe("erased_at"),
    some("ix_casefile_live", "state", "centre", where="state IN ('open', 'taken')"),
    sqlite_autoincrement=True,
)

case_note = Table(
    "case_note",
    metadata,
    row_id(),
    ref("case_id", "casefile.id", index=True),
    ref("staff_id", "staff.id"),
    sealed("words"),
    when("at"),
)

case_counter = Table(
    "case_counter",
    metadata,
    word("prefix", key=True),
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

alert = Table(
    "alert",
    metadata,
    ref("case_id", "casefile.id", cascade=True, key=True),
    ref("staff_id", "staff.id", key=True),
    when("at"),
)

media = Table(
    "media",
    metadata,
    row_id(),
    ref("contact_id", "contact.id", index=True),
    ref("account_id", "account.id"),
    ref("submission_id", "submission.id", null=True, index=True),
    Column("field", String),
    Column("idx", SmallInteger, nullable=False, server_default="0"),
    sealed("ref", null=True),  # the platform's handle; empty for files we made
    sealed("name", null=True),
    word("kind"),
    word("mime"),
    Column("size", Integer, nullable=False),
    word("state"),  # held, wanted, kept, failed
    word("reason", default=""),
    when("created_at"),
    maybe("ended_at"),  # kept or failed
    maybe("until"),  # it goes then, unless the person wants it kept
    Column("event", LargeBinary),  # key of the inbox row that it came with, while it may still go
    sealed("message", null=True),  # the platform's id of what brought it, likewise
    ref("heard_by", "staff.id", null=True),
    maybe("heard_at"),
    sealed("transcript", null=True),
    flag("restricted"),  # for the safeguarding role only
    some("ix_media_until", "until", where="until IS NOT NULL"),
    some("ix_media_wanted", "id", where="state = 'wanted'"),
    sqlite_autoincrement=True,
)

media_chunk = Table(
    "media_chunk",
    metadata,
    ref("media_id", "media.id", cascade=True, key=True),
    Column("idx", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
)
