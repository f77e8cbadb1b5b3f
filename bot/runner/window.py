"""A platform with a window: by which way a part may leave, and what met a shut one goes at the next contact.

Never sends free words where the platform lets us not, and never says twice what was kept back.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.channels.channel import Given, Outcome, Shut
from bot.core import effects as fx
from bot.core import window as windows
from bot.core.channel import Part
from bot.core.effects import Turn
from bot.core.events import Unknown, automatic
from bot.core.message import Line, OutMessage
from bot.core.who import locked
from bot.core.window import Kind, Standing, Way
from bot.runner import calls, moving
from bot.runner.forms import dump_part
from bot.runner.kit import Kit
from bot.runner.notice import desk_of
from bot.runner.step import Step, say
from storage import grants, kept_back, outbox, standing
from storage.database import Database
from storage.kept_back import KeptBack
from storage.outbox import Draft, Lane, OutRow

log = structlog.get_logger()

AT_MOST = 3  # reminders and announcements after a silence: more would be a flood
GONE_ON = "the conversation went on"
OLDER = "newer ones waited too"
LATE = "its time was over"


# --- what the sender asks ---


def name_of(row: OutRow) -> str:
    """What the platform calls a part towards us, in the echo of it."""
    return f"o{row.id}"


async def send(
    database: Database, kit: Kit, row: OutRow, part: Part, document: Given, now: datetime
) -> Outcome:
    """Send a part by the way that is open to it; Shut where none is.

    Where the platform says that the window is shut although our clock says open, we follow it, and take the
    way that is left, if any.
    """
    channel, name = kit.channels[row.account], name_of(row)
    if channel.capabilities.window is None:
        return await channel.send(row.external, part, document, name=name)
    place, stands = await database.read(lambda conn: standing.of_part(conn, row.id))
    judged = partial(_way, kit=kit, row=row, part=part, now=now)
    way = await database.read(lambda conn: judged(conn, stands=stands))
    if way == "held":
        return Shut(stands)
    outcome = await channel.send(row.external, part, document, name=name, way=way)
    if not isinstance(outcome, Shut):
        return outcome
    if outcome.barred:
        return await _barred(database, row.account, way, stands)
    until = stands.acted_at or now  # by the platform's clock: ours may be ahead of their next action
    await database.run(lambda conn: standing.shut(conn, place, until))
    told = replace(stands, shut_at=until)
    left = await database.read(lambda conn: judged(conn, stands=told))
    if left not in {"held", way}:
        outcome = await channel.send(row.external, part, document, name=name, way=left)
    if isinstance(outcome, Shut) and outcome.barred:
        return await _barred(database, row.account, left, stands)
    return Shut(stands) if isinstance(outcome, Shut) else outcome


async def _barred(database: Database, account: str, way: Way, stands: Standing) -> Shut:
    """The account may not take this way, whatever was granted: nobody tries it until it is probed anew."""
    log.warning("way barred", account=account, way=way)
    await database.run(lambda conn: grants.withdrawn(conn, account, way))
    return Shut(stands)


def _way(conn: Connection, kit: Kit, row: OutRow, part: Part, stands: Standing, now: datetime) -> Way:
    window = kit.channels[row.account].capabilities.window
    if window is None:
        return "free"
    kind: Kind = "typed" if part.typed else "automatic"
    approved = part.template.key if part.template else ""
    return windows.way(kind, approved, stands, window, grants.of(conn, row.account), now)


# --- what a step of the person's own does ---


def acted(step: Step) -> None:
    """Note that the person did something, at the platform's time."""
    if step.capabilities.window is not None and _theirs(step):
        standing.acted(step.conn, step.person.address_id, min(step.event.at, step.now))


def go_on(step: Step, turn: Turn, cause: str) -> int:
    """Queue what waited for this, behind the reply and in the app where they write; how many numbers it took.

    Nothing goes while nobody knows who is writing, while the chat is hidden, or while staff have it in the
    platform's own inbox. The bot's own replies to what was said before are over.
    """
    if not _theirs(step) or not _may_hear(step, turn):
        return 0
    waiting = kept_back.waiting(step.conn, step.person)
    if not waiting:
        return 0
    going = _chosen(step, turn, waiting)
    if not going:
        return 0
    first = step.person.seq + len(step.parts) + 1
    away = say(step, OutMessage(step.live.digest, (Line("bot.while-away"),)))
    drafts = [Draft(f"{cause}:away:{at}", Lane.STAFF, dump_part(one)) for at, one in enumerate(away)]
    outbox.add(step.conn, step.person, drafts, first_seq=first, now=step.now, restricted=step.restricted)
    desk = desk_of(step.kit)
    if any(one.lane == Lane.STAFF for one in going):
        calls.over(step.conn, desk, step.contact.id, step.now)
    first, waits = first + len(drafts), [one.id for one in going]
    return len(drafts) + moving.go(step.conn, desk, step.person, waits, first, step.now)


def _theirs(step: Step) -> bool:
    """Whether the person did it; what nobody knows may be a signal of the platform."""
    body = step.event.body
    return not automatic(step.event) and not (isinstance(body, Unknown) and not body.message)


def _may_hear(step: Step, turn: Turn) -> bool:
    who = step.contact
    elsewhere = step.event.standby or who.paused
    unseen = who.hidden or not who.present or step.handed is not None
    leaves = any(
        isinstance(one, fx.ChatHidden) or (isinstance(one, fx.DataAsked) and one.what == "erase")
        for one in turn.effects
    )
    return not (elsewhere or unseen or leaves or locked(turn.session, who, step.now))


def _chosen(step: Step, turn: Turn, waiting: list[KeptBack]) -> list[KeptBack]:
    """Words of staff, all; of what is automatic the newest; in their order. What is left out is over."""
    late = [one for one in waiting if one.expires is not None and one.expires <= step.now]
    kept_back.over(step.conn, late, LATE)
    there = [one for one in waiting if one not in late]
    kept_back.over(step.conn, [one for one in there if one.lane == Lane.REPLY], GONE_ON)
    staff = [one for one in there if one.lane == Lane.STAFF]
    unasked = [one for one in there if one.lane > Lane.STAFF]
    if _quiet(step, turn):
        return staff
    kept_back.over(step.conn, unasked[:-AT_MOST], OLDER)
    return staff + unasked[-AT_MOST:]


def _quiet(step: Step, turn: Turn) -> bool:
    """Whether nothing automatic may be said now: it waits on."""
    who = step.contact
    stops = any(isinstance(one, fx.StopChosen) and one.stopped for one in turn.effects)
    return who.stopped or stops or who.resting or who.handled_by_staff or step.private or step.safety
