"""What staff look at from a phone that takes counting: read on its own, before the step that shows it.

Never counts inside a step, which would hold everybody's replies up, and never writes.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.core.events import Event, Tap
from bot.core.on_duty import TAP
from bot.runner import broadcasting, previewing
from bot.runner.broadcasting import Refusal
from bot.runner.kit import Kit
from bot.runner.notice import Desk, desk_of
from bot.runner.previewing import Preview
from storage import activities, broadcast_report, call_list, duty, people
from storage.broadcast_report import Progress
from storage.database import Database
from storage.staff import may


@dataclass(frozen=True, slots=True)
class Calls:
    """How many people are to be called about an activity."""

    people: int


Looked = Preview | Progress | Calls | Refusal | None
COUNTED = tuple(f"{TAP}{one}:" for one in ("an", "ap", "to"))


async def look(database: Database, kit: Kit, event: Event, now: datetime) -> Looked:
    """What a button of staff asks for that takes counting; None for every other event."""
    match event.body:
        case Tap(payload) if payload.startswith(COUNTED):
            what = payload.removeprefix(TAP).split(":")
        case _:
            return None
    match what:
        case ["an", one, "preview" | "send" | "really", *_] | ["ap", one, "yes", *_]:
            return await database.read(lambda conn: _preview(conn, kit, event, number(one), now))
        case ["an", one, "how"]:
            return await database.read(lambda conn: _progress(conn, kit, event, number(one), now))
        case ["to", one, "calls"]:
            return await database.read(lambda conn: _calls(conn, kit, event, number(one), now))
        case _:
            return None


def by_phone(desk: Desk) -> Desk:
    """The same where somebody works from a phone: fewer people are told anything without a second person."""
    return replace(desk, approve_above=min(desk.approve_above, broadcasting.PHONE))


def number(text: str) -> int:
    """An id in a payload, 0 for what is none: anybody may write a payload."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def _preview(conn: Connection, kit: Kit, event: Event, one: int, now: datetime) -> Preview | Refusal:
    member = _member(conn, kit, event, now)
    if member is None:
        return Refusal.UNKNOWN
    return previewing.preview(conn, by_phone(desk_of(kit)), member.scope, one, now)


def _progress(conn: Connection, kit: Kit, event: Event, one: int, now: datetime) -> Progress | Refusal:
    member = _member(conn, kit, event, now)
    found = Refusal.UNKNOWN if member is None else broadcasting.mine(conn, member.scope, one)
    return found if isinstance(found, Refusal) else broadcast_report.progress(conn, one)


def _calls(conn: Connection, kit: Kit, event: Event, one: int, now: datetime) -> Calls | Refusal:
    member, activity = _member(conn, kit, event, now), activities.get(conn, one)
    if member is None or activity is None or not may(member.scope, "activity.attend", activity.centre):
        return Refusal.UNKNOWN
    return Calls(len(call_list.due(conn, kit.vault, activity).callees))


def _member(conn: Connection, kit: Kit, event: Event, now: datetime) -> duty.Member | None:
    contact_id = people.contact_at(conn, kit.vault, event.address)
    return None if contact_id is None else duty.at(conn, contact_id, now)
