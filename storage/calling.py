"""Whether somebody may be called, by what number and when: the one answer for the promise and the call list.

Never names whoever has not agreed to be called, or who said to us, whenever it was, that a call is not safe.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from bot.core.contact import Contact
from bot.core.unasked import may_be_called
from storage.schema import answer, contact, submission
from storage.seal import DataKey
from storage.submissions import VALUE, natural
from storage.subscriptions import hours_of

SELF = "self"  # whom a submission is about: what was said of somebody else is no number of theirs
SHARING, NOT_SAFE = "phone_sharing", "not-safe"
ASKED = ("phone", "name", "home", "safe_time")
SAID = frozenset({"key", "words", "phone", "place"})  # kinds of answers that are text


@dataclass(frozen=True, slots=True)
class Call:
    """`number`: E.164. `hours`: when it is safe. `place`: code of their home; it and `name` may be empty."""

    number: str
    name: str
    hours: str
    place: str


def call_of(conn: Connection, key: DataKey, who: Contact) -> Call | None:
    """How somebody is called; None when they may not be, or gave no number. Raises DamagedCell."""
    if not may_be_called(who) or _leaves(conn, who.id):
        return None
    said: dict[str, str] = {}
    for row in _answers(conn, who.id):
        text = _text(key.open(VALUE, natural(who.id, row.no, row.field, row.idx), row.value))
        if row.field == SHARING and text == NOT_SAFE:
            return None
        if row.field != SHARING and row.subject == SELF and row.idx == 0:
            said[row.field] = text
    if not said.get("phone"):
        return None
    hours = said.get("safe_time") or hours_of(conn, who.id)
    return Call(said["phone"], said.get("name", ""), hours, said.get("home", ""))


def _answers(conn: Connection, contact_id: int) -> Sequence[Any]:
    """What they said that a call depends on, the latest submission last."""
    cells = (submission.c.no, submission.c.subject, answer.c.field, answer.c.idx, answer.c.value)
    told = (
        select(*cells)
        .join(answer, answer.c.submission_id == submission.c.id)
        .where(submission.c.contact_id == contact_id, answer.c.field.in_([*ASKED, SHARING]))
    )
    return conn.execute(told.order_by(submission.c.no)).all()


def _leaves(conn: Connection, contact_id: int) -> bool:
    """Whether they want everything about them erased."""
    return conn.scalar(select(contact.c.erasing_since).where(contact.c.id == contact_id)) is not None


def _text(value: bytes) -> str:
    """An answer as text; empty for what is none, as a recording."""
    kind, *values = orjson.loads(value)
    return str(values[0]) if kind in SAID else ""
