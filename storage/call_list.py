"""Whom staff call about an activity, as no reminder, correction or offer reached them, and by what number.

Never names whoever has not agreed to be called, or for whom a call is not safe.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, select

from bot.core.activity import OPEN, Activity
from bot.core.activity_changes import changes
from bot.core.contact import Language
from bot.core.unasked import discreet
from storage import activities, people, registrations
from storage.activities import Revision
from storage.calling import call_of
from storage.faults import DamagedCell
from storage.schema import activity_missed, activity_told, outbox
from storage.seal import Vault

Occasion = Literal["reminder", "changed", "cancelled", "seat"]
UNREACHED = ("failed", "held", "expired", "unknown")
ARRIVED = frozenset({"", "sent", "sending"})  # states; empty: they were shown it
COMES = frozenset({"come", "bus", "maybe"})
OFFER = "offer"  # of a seat: how its causes go on behind `activity:number:`
GIVEN_UP = ("none", "maybe")  # seat and answer once an offer was passed on: `seats.GIVEN_UP`


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody to call. `number`: E.164. `hours`: when it is safe. `place`: code of their home, if told.

    `discreet`: what is said must tell nothing.
    """

    contact_id: int
    language: Language
    name: str
    number: str
    hours: str
    place: str
    occasion: Occasion
    discreet: bool


@dataclass(frozen=True, slots=True)
class CallList:
    """Whom to call. `damaged`: of so many more nobody knows whether they may be: a cell does not open."""

    callees: tuple[Callee, ...]
    damaged: int


@dataclass(slots=True)
class _Story:
    """What somebody was told, letter by letter: revision, what of (its cause's kind) and its state."""

    missed: set[str] = field(default_factory=set)
    told: list[tuple[int, str, str]] = field(default_factory=list)


def due(conn: Connection, vault: Vault, one: Activity) -> CallList:
    """List whom to call about an activity as it stands, by the place where they live."""
    said = {known.number: known for known in activities.revisions(conn, one.id)}
    found, damaged = [], 0
    for contact_id, story in sorted(_stories(conn, one.id).items()):
        occasion = _occasion(conn, one, said, contact_id, story)
        try:
            callee = None if occasion is None else _callee(conn, vault, contact_id, occasion)
        except DamagedCell:
            damaged += 1
            continue
        if callee is not None:
            found.append(callee)
    by_place = sorted(found, key=lambda callee: (callee.place, callee.contact_id))
    return CallList(tuple(by_place), damaged)


def _stories(conn: Connection, activity_id: int) -> dict[int, _Story]:
    """Of everybody whom a reminder, a correction or the offer of a seat has missed."""
    stories: dict[int, _Story] = {}
    its = activity_missed.c
    for row in conn.execute(select(its.contact_id, its.occasion).where(its.activity_id == activity_id)):
        stories.setdefault(row.contact_id, _Story()).missed.add(row.occasion)
    told = (
        select(activity_told.c.contact_id, activity_told.c.cause)
        .join(outbox, outbox.c.cause == activity_told.c.cause)
        .where(activity_told.c.activity_id == activity_id, outbox.c.state.in_(UNREACHED))
    )
    for row in conn.execute(told):
        kind = _kind(row.cause)
        if kind.startswith(("-", "r", OFFER)):
            stories.setdefault(row.contact_id, _Story()).missed.add(kind)
    whose = sorted(stories)
    for at in range(0, len(whose), 500):
        for row in _told(conn, activity_id, whose[at : at + 500]):
            stories[row.contact_id].told.append((row.revision, _kind(row.cause), row.state or ""))
    return stories


def _told(conn: Connection, activity_id: int, whose: Sequence[int]) -> Sequence[Any]:
    """What these were told; a letter that was taken back is none."""
    one = activity_told.c
    both = select(one.contact_id, one.revision, one.cause, outbox.c.state).select_from(
        activity_told.outerjoin(outbox, outbox.c.cause == one.cause)
    )
    rows = conn.execute(both.where(one.activity_id == activity_id, one.contact_id.in_(whose)))
    return [row for row in rows if not row.cause or row.state is not None]


def _occasion(
    conn: Connection, one: Activity, said: Mapping[int, Revision], contact_id: int, story: _Story
) -> Occasion | None:
    """What they do not know; None when it has reached them by now, or is of no use to them."""
    knows = max((revision for revision, _, state in story.told if state in ARRIVED), default=0)
    wrong = knows in said and changes(said[knows].sheet, one)
    if any(kind.startswith("r") for kind in story.missed) and wrong and said[knows].state != "cancelled":
        return "cancelled" if one.state == "cancelled" else "changed"
    mine = registrations.of(conn, None, contact_id, one.id) if one.state in OPEN else None
    if mine is None or mine.coming not in COMES:
        return None
    arrived = {kind for _, kind, state in story.told if state == "sent"}
    unseated = mine.seat == "offered" or (mine.seat, mine.coming) == GIVEN_UP
    if unseated and _last_offer(story.missed) > _last_offer(arrived):
        return "seat"
    reminded = any(kind.startswith("-") for kind in arrived) or mine.remind == "none"
    return "reminder" if not reminded and any(kind.startswith("-") for kind in story.missed) else None


def _last_offer(kinds: Collection[str]) -> int:
    """The number of the last offer of a seat among these; 0 for none."""
    return max((int(kind.removeprefix(OFFER)) for kind in kinds if kind.startswith(OFFER)), default=0)


def _callee(conn: Connection, vault: Vault, contact_id: int, occasion: Occasion) -> Callee | None:
    """Raises DamagedCell."""
    who = people.contact_of(conn, contact_id)
    call = None if who is None else call_of(conn, people.key_of(conn, vault, contact_id), who)
    if who is None or call is None:
        return None
    hidden = discreet(who)
    return Callee(contact_id, who.language, call.name, call.number, call.hours, call.place, occasion, hidden)


def _kind(cause: str) -> str:
    """What of an activity a letter was: an offset, `r` and a revision, `new`; empty: no letter."""
    return cause.split(":", 2)[2].rpartition(":")[0] if cause else ""
