"""Tables of job fairs and other activities: what they say, who was told, who comes, who wants to hear.

Never holds a clear word about a person: who needs what stands in sealed cells.
"""

from sqlalchemy import (
    Column,
    Date,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.schema.columns import maybe, metadata, ref, row_id, sealed, some, when, word

activity = Table(
    "activity",
    metadata,
    row_id(),
    word("kind"),  # fair, course, rpl-test, office-day, meeting
    word("centre"),  # that organises it
    word("state"),  # draft, published, moved, cancelled, done
    Column("revision", Integer, nullable=False),  # of its sheet, from 1
    word("place"),  # gazetteer code of the sheet
    when("starts_at"),
    when("ends_at"),
    ref("staff_id", "staff.id", null=True),  # who made it; empty: the installation itself
    when("created_at"),
    when("changed_at"),
    maybe("published_at"),
    Column("source", String, unique=True),  # of an import: the same row again changes, and makes no second
    Index("ix_activity_state_ends_at", "state", "ends_at"),
    sqlite_autoincrement=True,
)

activity_sheet = Table(
    "activity_sheet",  # what it says, in each of its revisions
    metadata,
    ref("activity_id", "activity.id", cascade=True, key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("sheet", Text, nullable=False),  # JSON of core.activity.Sheet
    word("state"),  # of the activity in this revision
    when("at"),
)

activity_told = Table(
    "activity_told",  # who was told what it said, so that exactly these are corrected
    metadata,
    ref("activity_id", "activity.id", cascade=True, key=True),
    ref("contact_id", "contact.id", cascade=True, key=True, index=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    # of the outbox, whose state says whether it arrived; empty: they were shown it
    word("cause", key=True, default=""),
    when("at"),
)

activity_missed = Table(
    "activity_missed",  # whom a reminder, correction or offer could not be sent to: somebody has to call them
    metadata,
    ref("activity_id", "activity.id", cascade=True, key=True),
    ref("contact_id", "contact.id", cascade=True, key=True, index=True),
    word(
        "occasion", key=True
    ),  # an offset, `offer` and its number, or `r` and the revision they were to be told
    word("why"),
    when("at"),
)

registration = Table(
    "registration",
    metadata,
    ref("activity_id", "activity.id", cascade=True, key=True),
    ref("contact_id", "contact.id", cascade=True, key=True, index=True),
    word("answer"),  # come, bus, maybe, cannot
    word("seat", default="none"),  # none, held, waiting, offered
    Column("adults", SmallInteger, nullable=False),
    Column("children", SmallInteger, nullable=False),
    word("stop", default=""),  # key of the bus stop; empty: they come by themselves
    sealed("needs", null=True),  # JSON: childcare, mobility
    word("remind"),  # how they were told that we remind them: app, window, call, none
    Column("line", Integer),  # their place among those who wait; lower first
    maybe("offered_until"),
    Column("ticket", String, unique=True),  # of the code that is scanned at the door
    maybe("came_at"),
    Column("came", SmallInteger),  # how many of them
    when("created_at"),
    when("changed_at"),
    some("ix_registration_waiting", "activity_id", "line", where="seat = 'waiting'"),
    some("ix_registration_offered", "offered_until", where="seat = 'offered'"),
)

walk_in = Table(
    "walk_in",  # who came without a registration: counted, not named
    metadata,
    ref("activity_id", "activity.id", cascade=True, key=True),
    Column("day", Date, primary_key=True),
    word("sex", key=True),  # woman, man, other
    word("age", key=True),  # a band of the intake, or unknown
    Column("count", Integer, nullable=False),
)

outcome = Table(
    "outcome",  # what became of it for somebody, some days after
    metadata,
    ref("activity_id", "activity.id", cascade=True, key=True),
    ref("contact_id", "contact.id", cascade=True, key=True, index=True),
    Column("day", SmallInteger, primary_key=True, autoincrement=False),  # after the end: 1, 14, 60
    when("asked_at"),
    word("cause", default=""),  # of the outbox, whose state says whether it arrived
    maybe("answered_at"),
    Column("work", String),  # yes, offer, no
)

money_wanted = Table(
    "money_wanted",  # of how many people who came somebody wanted money: counted, not named
    metadata,
    ref("activity_id", "activity.id", cascade=True, key=True),
    Column("day", SmallInteger, primary_key=True, autoincrement=False),  # on which they told us, as above
    Column("count", Integer, nullable=False),
)

subscription = Table(
    "subscription",  # what somebody wants to hear of, unasked
    metadata,
    row_id(),
    ref("contact_id", "contact.id", cascade=True),
    word("purpose"),  # fairs, training, jobs
    word("place", default=""),  # gazetteer code they want it near; empty: anywhere
    word("sector", default=""),  # empty: any
    when("created_at"),
    UniqueConstraint("contact_id", "purpose", "place", "sector"),
    # everybody of a purpose, person by person: all that a page of them takes
    Index("ix_subscription_purpose_contact_id", "purpose", "contact_id", "place", "sector"),
)

safe_hours = Table(
    "safe_hours",  # when what we send unasked may reach somebody: of these hours only
    metadata,
    ref("contact_id", "contact.id", cascade=True, key=True),
    word("hours"),  # morning, noon, evening, any
)
