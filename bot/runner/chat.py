"""Parts that are fetched rather than sent: the web chat page and the terminal pull them, in order.

Never shows a person anything but their own address's conversation.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.core.channel import Part
from bot.core.contact import Address, Language
from bot.core.events import Body
from bot.runner.forms import load_body, load_part
from bot.runner.kit import Kit
from storage import conversation, media, outbox, people, releases
from storage.conversation import Message
from storage.database import Database
from storage.outbox import Result

PULLED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Pulled:
    """One line of a conversation: `part` of the bot or staff, or the `body` of the person's event.

    `seq`: the part's number, which names it in `Tap.message` and `Part.replaces`; 0 for the person's.
    """

    seq: int
    who: Literal["person", "bot", "staff"]
    at: datetime
    part: Part | None = None
    body: Body | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines in conversation order, with how the chat now stands. `language` None: nobody known yet."""

    lines: tuple[Pulled, ...] = ()
    language: Language | None = None
    with_staff: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A document handed over to the person, opened."""

    name: str
    mime: str
    body: bytes


class Chats:
    """Pulling, redrawing, and waking whoever waits for an address."""

    def __init__(self, database: Database, kit: Kit, now: Callable[[], datetime]) -> None:
        self._database = database
        self._kit = kit
        self._now = now
        self._waiting: dict[Address, set[asyncio.Event]] = {}

    async def pull(self, account: str, external: str, after: int) -> Batch:
        """Parts not yet fetched, and those fetched after number `after`; they become sent."""
        address = Address(account, external)
        now = self._now()

        def waits(conn: Connection) -> bool:
            contact_id = people.contact_at(conn, self._kit.vault, address)
            return contact_id is not None and outbox.unsent(conn, contact_id)

        def told(conn: Connection) -> Batch:
            return self._told(conn, address, PULLED_AT_ONCE, after)

        if await self._database.read(waits):
            await self._database.run(lambda conn: self._claim(conn, address, now))
        return await self._database.read(told)

    def _claim(self, conn: Connection, address: Address, now: datetime) -> None:
        """Everything queued for the address becomes sent."""
        vault, worker, until = self._kit.vault, self._kit.worker, now + self._kit.lease
        contact_id = people.contact_at(conn, vault, address)
        while contact_id is not None and (
            rows := outbox.claim(
                conn, vault, address.account, worker, now, until, PULLED_AT_ONCE, contact_id=contact_id
            )
        ):
            outbox.finish(conn, [Result(row, "sent", message=str(row.seq)) for row in rows], now)

    def _told(self, conn: Connection, address: Address, limit: int, after: int = -1) -> Batch:
        vault = self._kit.vault
        contact_id = people.contact_at(conn, vault, address)
        person = None if contact_id is None else people.by_id(conn, vault, contact_id, lock=False)
        if contact_id is None or person is None:
            return Batch()
        told = conversation.read(conn, vault, None, contact_id, limit) or []
        while after >= 0 and len(told) == limit and all(one.seq == 0 or one.seq > after for one in told):
            limit *= 2  # the first part asked for may be further back
            told = conversation.read(conn, vault, None, contact_id, limit) or []
        lines = tuple(line for one in told if (line := _line(one)).seq > after)
        return Batch(lines, _language(person), person.contact.handled_by_staff)

    async def history(self, account: str, external: str, limit: int) -> Batch:
        """The last lines, to redraw the page after a reload. Changes nothing."""
        address = Address(account, external)

        def work(conn: Connection) -> Batch:
            return self._told(conn, address, limit)

        return await self._database.read(work)

    async def document(self, account: str, external: str, number: int) -> File | None:
        """A file of a part that was said to this address; None when it is not theirs or gone."""
        address = Address(account, external)

        def work(conn: Connection) -> File | None:
            contact_id = people.contact_at(conn, self._kit.vault, address)
            found = media.read(conn, self._kit.vault, number)
            if found is None or contact_id is None or found[0].contact_id != contact_id:
                return None
            return File(found[0].name, found[0].mime, found[1])

        return await self._database.read(work)

    async def recording(self, release: str, path: str) -> bytes | None:
        """Recorded speech of a kept Release; None when there is none."""
        return await self._database.read(lambda conn: releases.file(conn, release, path))

    @contextmanager
    def waiter(self, account: str, external: str) -> Iterator[asyncio.Event]:
        """A wake-up for this address, alive inside the `with`; whoever has woken clears it."""
        address = Address(account, external)
        event = asyncio.Event()
        self._waiting.setdefault(address, set()).add(event)
        try:
            yield event
        finally:
            waiting = self._waiting[address]
            waiting.discard(event)
            if not waiting:
                del self._waiting[address]

    def wake(self, address: Address) -> None:
        """Something may be there to pull."""
        for event in self._waiting.get(address, ()):
            event.set()

    def wake_all(self) -> None:
        """Anything may be there: another process (a command of the staff) may have written it."""
        for address in self._waiting:
            self.wake(address)


def _language(person: people.Person) -> Language | None:
    return person.contact.language if person.contact.language_chosen else None


def _line(told: Message) -> Pulled:
    if told.who == "person":
        return Pulled(0, "person", told.at, body=load_body(told.body) if told.body else None)
    return Pulled(told.seq, told.who, told.at, part=load_part(told.body) if told.body else None)
