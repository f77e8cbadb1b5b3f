"""Taps below announcements: whose button it was is noted, and the tap goes on as any other.

Never answers a tap.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.core.announcement import unmarked
from bot.core.events import Event, Tap
from storage import broadcasts


def plain(event: Event) -> tuple[Event, int | None]:
    """The event as every other part of the house knows it, and the announcement that it was pressed below."""
    if not isinstance(event.body, Tap):
        return event, None
    payload, broadcast_id = unmarked(event.body.payload)
    return replace(event, body=replace(event.body, payload=payload)), broadcast_id


def note(conn: Connection, event: Event, broadcast_id: int | None, contact_id: int, now: datetime) -> None:
    """Remember it, once, when the announcement was meant for them."""
    if broadcast_id is not None and isinstance(event.body, Tap):
        broadcasts.tapped(conn, broadcast_id, contact_id, event.body.payload, now)
