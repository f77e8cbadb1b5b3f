"""An answer to rows: sealed, its coarse copy for counting, and findable by phone or name.

Never reads what was said (`core.reading` does) and never asks anything.
"""

from datetime import datetime

import orjson
from sqlalchemy import Connection

from bot.core import effects as fx
from bot.core.answers import Flag, Heard, Key, Keys, Phone, PlaceCode, Skipped, Value, Words, dump
from bot.core.khmer.fold import fold
from storage import lookup, submissions
from storage.people import Person
from storage.seal import Vault


def keep(
    conn: Connection, vault: Vault, person: Person, saved: fx.SaveAnswer, now: datetime, how: str = ""
) -> None:
    """Write an answer in place of an earlier one. `how` it came when its value does not say."""
    value = saved.value
    told = "heard" if isinstance(value, Heard) else "skipped" if isinstance(value, Skipped) else "given"
    submissions.save_answer(
        conn,
        person,
        saved.submission,
        saved.field,
        saved.index,
        orjson.dumps(dump(value)),
        sensitivity=saved.sensitivity,
        coarse=_clear(value) if saved.coarse else None,
        node=saved.node,
        now=now,
        how=how or told,
    )
    contact_id = person.contact.id
    match value:
        case Phone(e164):
            lookup.index(conn, vault, contact_id, "phone", [e164])
            lookup.index(conn, vault, contact_id, "phone6", [e164[-6:]])
        case Words(text) if saved.field == "name":
            lookup.index(conn, vault, contact_id, "name", fold(text).split())
        case _:
            pass


def _clear(value: Value) -> str | None:
    """A closed answer in clear, for counting."""
    match value:
        case Key(key):
            return key
        case Keys(keys):
            return " ".join(keys)
        case Flag(yes):
            return "yes" if yes else "no"
        case PlaceCode(code):
            return code
        case _:
            return None
