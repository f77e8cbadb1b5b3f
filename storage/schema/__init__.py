"""Every table of the store, the same on SQLite and PostgreSQL.

Never holds a query.
"""

from storage.schema.activities import (
    activity,
    activity_missed,
    activity_sheet,
    activity_told,
    money_wanted,
    outcome,
    registration,
    safe_hours,
    subscription,
    walk_in,
)
from storage.schema.broadcasts import broadcast, broadcast_recipient, broadcast_tap, enclosure
from storage.schema.cases import (
    alert,
    answer,
    case_counter,
    case_note,
    casefile,
    media,
    media_chunk,
    submission,
)
from storage.schema.columns import UtcDateTime, metadata
from storage.schema.faq import answer_shown, answer_withdrawn, question_missed
from storage.schema.house import audit, lease, release, release_file, setting, staff, staff_centre, uploaded
from storage.schema.people import (
    account,
    address,
    consent,
    contact,
    contact_address,
    contact_lookup,
    link,
    pace,
    session,
)
from storage.schema.traffic import agenda, inbox, outbox

__all__ = [
    "UtcDateTime",
    "account",
    "activity",
    "activity_missed",
    "activity_sheet",
    "activity_told",
    "address",
    "agenda",
    "alert",
    "answer",
    "answer_shown",
    "answer_withdrawn",
    "audit",
    "broadcast",
    "broadcast_recipient",
    "broadcast_tap",
    "case_counter",
    "case_note",
    "casefile",
    "consent",
    "contact",
    "contact_address",
    "contact_lookup",
    "enclosure",
    "inbox",
    "lease",
    "link",
    "media",
    "media_chunk",
    "metadata",
    "money_wanted",
    "outbox",
    "outcome",
    "pace",
    "question_missed",
    "registration",
    "release",
    "release_file",
    "safe_hours",
    "session",
    "setting",
    "staff",
    "staff_centre",
    "submission",
    "subscription",
    "uploaded",
    "walk_in",
]
