"""One event, one transaction: read, remember, decide, write; then gestures and the sender.

Never acknowledges before the commit, and never lets one person's trouble stop another's chat.
"""

import asyncio
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import orjson
import structlog
from sqlalchemy import Connection

from bot.channels.channel import Gesture, Report, TapGesture, TemplateRuled, TypingGesture
from bot.channels.order import take_all
from bot.core import effects as fx
from bot.core import route
from bot.core import session as sessions
from bot.core.contact import Address
from bot.core.events import Event, Interrupted, Location, WaitExpired
from bot.core.message import Line, OutMessage
from bot.core.privacy import inside
from bot.runner import reports, window
from bot.runner.arrivals import Arrival
from bot.runner.forms import dump_body
from bot.runner.kit import Kit, Leases
from bot.runner.ledger import ASK_AFTER
from bot.runner.links import blinded
from bot.runner.phone.looking import look
from bot.runner.promises import open_case
from bot.runner.reach import reached, speaks
from bot.runner.step import Step, Written, put_parts, say
from bot.runner.taking import NOTHING, person_of, take_step
from storage import inbox, people, waking
from storage.database import Database
from storage.faults import DamagedCell, StoreFault
from storage.outbox import OutRow
from storage.people import Person

log = structlog.get_logger()

SLOW = 0.5  # seconds; a step that takes longer shows that we are writing (facts: conventions C1)


class Sends(Leases, Protocol):
    """What a finished step hands to the sender."""

    def deliver(self, account: str, rows: tuple[OutRow, ...]) -> None:
        """Send rows that were born claimed, after the commit."""
        ...

    def gesture(self, account: str, gesture: Gesture) -> None:
        """Make a gesture, best effort."""
        ...

    def wake(self, account: str) -> None:
        """Parts may wait in the store."""
        ...


class Wakes(Protocol):
    """Whoever waits to pull parts."""

    def wake(self, address: Address) -> None:
        """Something may be there."""
        ...


class Inbound:
    """The way in for every channel."""

    def __init__(
        self, database: Database, kit: Kit, sender: Sends, chats: Wakes, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._kit = kit
        self._sender = sender
        self._chats = chats
        self._now = now
        self.arrivals: dict[str, Arrival] = {}  # by account

    async def take(self, account: str, raw: Mapping[str, Any], *, media: bytes | None = None) -> None:
        """Take a platform's update: each event in its own transaction, different people at the same time.

        Returns after the last commit. Raises ValueError when it is no update, a StoreFault when some of it
        could not be kept.
        """

        async def take(found: Event | Report) -> None:
            if isinstance(found, Event):
                await self.take_event(found, raw=raw, media=media)
                self.arrivals[account] = Arrival(found.at, self._now())
            else:
                await self._reported(found)

        told = self._kit.channels[account].read(raw, self._now())
        for _, error in await take_all(told, _whose, take):
            raise error  # the platform delivers all of it again, and what was taken is not taken twice

    async def take_event(
        self,
        event: Event,
        *,
        raw: Mapping[str, Any] | None = None,
        media: bytes | None = None,
        whose: int | None = None,
    ) -> None:
        """Take one event. Raises a StoreFault when it could not be kept: it will come again.

        `whose`: the contact of a signal of our own.
        """
        now = self._now()
        event = blinded(self._kit.vault, event)
        where = event.address

        def step(conn: Connection) -> Written:
            return take_step(conn, self._kit, self._sender, event, now, media, whose, looked)

        typing = TypingGesture(where.external)
        slow = asyncio.get_running_loop().call_later(SLOW, self._sender.gesture, where.account, typing)
        try:
            looked = await look(self._database, self._kit, event, now)
            done = await self._database.run(step)
        except StoreFault:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours must not lose the event: it is parked
            # its message may hold words of a person: kind and place only
            log.error("step failed", account=event.address.account, error=_named(error))  # noqa: TRY400
            done = await self._parked(event, type(error).__name__, now, whose)
        finally:
            slow.cancel()
        self._follow(event, done, raw)

    async def _reported(self, report: Report) -> None:
        """What the platform tells of our own sends, in a transaction of its own."""
        now = self._now()
        account = reports.account_of(report)
        try:
            await self._database.run(lambda conn: reports.take(conn, self._kit, report, now))
        except StoreFault:
            raise
        except Exception as error:  # noqa: BLE001 - delivered again, it would fail again, and for ever
            log.error("report failed", account=account, error=_named(error))  # noqa: TRY400 - ids only
        self._sender.wake(account)

    async def wake_person(self, contact_id: int, now: datetime) -> None:
        """Tell a person's session that its question has waited its time."""

        def event_of(conn: Connection) -> Event | None:
            person = people.by_id(conn, self._kit.vault, contact_id, lock=False)
            due = waking.at(conn, contact_id)
            if person is None or due is None or due > now:
                return None  # another process was there first
            person = reached(conn, person, speaks(self._kit), "automatic", now)
            if person.damaged:  # the step cannot go on from here: it is parked, and somebody looks
                name = f"damaged:{contact_id}:{due}"
                return Event(name, Address(person.account, person.external), now, WaitExpired(0, last=True))
            if not person.session:
                return None
            session = sessions.load(orjson.loads(person.session))
            body = WaitExpired(session.turn, last=session.nudged)
            name = f"expired:{contact_id}:{session.wake_at}"
            return Event(name, Address(person.account, person.external), now, body)

        event = await self._database.read(event_of)
        if event is not None:
            await self.take_event(event, whose=contact_id)

    async def ask_again(self, contact_id: int, now: datetime) -> None:
        """Tell a person's session that something unasked came below its question, if nothing else did since.

        While more is on its way to them it waits.
        """

        def event_of(conn: Connection) -> Event | None:
            person = people.by_id(conn, self._kit.vault, contact_id, lock=False)
            due = waking.ask_at(conn, contact_id)
            if person is None or due is None or due > now:
                return None  # another process was there first
            if waking.going(conn, contact_id, now):
                waking.ask_then(conn, contact_id, now + ASK_AFTER)
                return None
            if person.damaged or not person.session or not waking.ends_unasked(conn, contact_id):
                waking.ask_then(conn, contact_id, None)
                return None
            person = reached(conn, person, speaks(self._kit), "automatic", now)
            turn = sessions.load(orjson.loads(person.session)).turn
            name = f"interrupted:{contact_id}:{due}"
            return Event(name, Address(person.account, person.external), now, Interrupted(turn))

        event = await self._database.run(event_of)
        if event is not None:
            await self.take_event(event, whose=contact_id)

    async def _parked(self, event: Event, reason: str, now: datetime, whose: int | None) -> Written:
        """Park the event; of a person whose own key does not open nothing can be kept, nor said to them."""
        try:
            return await self._park(event, reason, now, whose)
        except DamagedCell:
            where = event.address
            known = await self._database.read(lambda conn: people.contact_at(conn, self._kit.vault, where))
            log.error("person damaged", account=where.account, contact=whose or known)  # noqa: TRY400 - ids only
            return NOTHING

    async def _park(self, event: Event, reason: str, now: datetime, whose: int | None) -> Written:
        """Keep the event, say sorry (not for a signal of our own), and open a case."""

        def park(conn: Connection) -> Written:
            person = person_of(conn, self._kit, event, now, whose)
            if person is None:
                return NOTHING
            step = Step(conn, self._kit, self._kit.library.live(conn), person, event, now)
            window.acted(step)
            secret = _secret(conn, self._kit, person)
            parked = inbox.park(
                conn,
                self._kit.vault,
                person=person,
                event_id=event.id,
                raw=b"" if secret else self._kept(conn, event),
                reason=reason,
                now=now,
                message=getattr(event.body, "message", ""),
                restricted=secret or person.contact.private_chat,
            )
            open_case(step, fx.CaseOpened("failure", None, None, restricted=False))
            if isinstance(event.body, WaitExpired | Interrupted):
                _rest(conn, person, now)
                return NOTHING
            step.parts.extend(say(step, OutMessage("", (Line("bot.sorry-broken"),))))
            written = put_parts(step, f"in:{parked}", self._sender)
            people.take_seq(conn, person.contact.id, len(step.parts))
            return written

        return await self._database.run(park)

    def _kept(self, conn: Connection, event: Event) -> bytes:
        """The event as it was read, unless it holds danger or an exact place.

        Never the platform's update: it quotes what was said before, which may be danger.
        """
        try:
            dangerous = route.dangerous(self._kit.library.live(conn).book, event)
        except Exception as error:  # noqa: BLE001 - what cannot be judged may be danger: nothing is kept
            log.error("words not judged", error=_named(error))  # noqa: TRY400 - its message may hold words
            dangerous = True
        if dangerous or isinstance(event.body, Location):
            return b""
        return dump_body(event.body)

    def _follow(self, event: Event, done: Written, raw: Mapping[str, Any] | None) -> None:
        account = event.address.account
        for gesture in done.gestures:
            if isinstance(gesture, TapGesture):
                self._sender.gesture(account, replace(gesture, raw=raw))
        if done.rows:
            self._sender.deliver(account, done.rows)
        if done.queued:
            self._sender.wake(account)
            self._chats.wake(event.address)


def _whose(found: Event | Report) -> Address | None:
    """Whose turn it must wait for; None for what is of the whole account."""
    return None if isinstance(found, TemplateRuled) else found.address


def _secret(conn: Connection, kit: Kit, person: Person) -> bool:
    """Whether the person is in a private dialog, whose words are not kept; when we cannot tell, too."""
    try:
        session = sessions.load(orjson.loads(person.session)) if person.session else sessions.Session()
    except (ValueError, KeyError, TypeError):
        return True
    return inside(kit.library.shelf(conn, kit.library.live(conn), sessions.releases(session)), session)


def _rest(conn: Connection, person: Person, now: datetime) -> None:
    """The session stays as it is and is not woken again."""
    if person.damaged:
        waking.let_rest(conn, person.contact.id)
        return
    session = sessions.load(orjson.loads(person.session))
    resting = orjson.dumps(sessions.dump(replace(session, wake_at=None)))
    people.save(conn, person, resting, person.seq, None, releases=sessions.releases(session), now=now)


def _named(error: Exception) -> str:
    """The kind of a fault and where it arose; never its message, which may hold a person's words."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {where}"
