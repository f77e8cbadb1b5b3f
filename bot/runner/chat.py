"""Parts that are fetched rather than sent: the web chat page and the terminal pull them, in order.

Never shows a person anything but their own address's conversation.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

import structlog
from sqlalchemy import Connection

from bot.core.channel import Part
from bot.core.contact import Address, Contact, Language
from bot.core.events import Body
from bot.core.who import SILENCE
from bot.runner.forms import load_body, load_part
from bot.runner.kit import Kit
from storage import conversation, enclosures, media, outbox, people, releases, sharing
from storage.conversation import Message
from storage.database import Database
from storage.faults import DamagedCell
from storage.outbox import Result

log = structlog.get_logger()

PULLED_AT_ONCE = 100
WAITS = "queued"  # the state of a part that is to leave later
OVERLAP = timedelta(seconds=5)  # a part shows at its commit, a moment after its own time


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
    """Lines in conversation order, with how the chat now stands. `language` None: nobody known yet.

    `since`: no part up to this number is for whoever has the page now, nor anything that was said before.
    """

    lines: tuple[Pulled, ...] = ()
    language: Language | None = None
    with_staff: bool = False
    since: int = 0


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
        self._looked: datetime | None = None

    async def pull(self, account: str, external: str, after: int) -> Batch:
        """Parts not yet fetched, and those fetched after number `after`; they become sent.

        After hours of silence a page that does not know all that was told already (`after` is lower) is
        told nothing before its Start.
        """
        address = Address(account, external)
        now = self._now()

        def settled(conn: Connection) -> Batch | None:
            """The answer, unless something is to be claimed first."""
            shown = self._shown(conn, address, now)
            if shown.silent and shown.whose and not 0 < sharing.fetched(conn, shown.whose.id) <= after:
                return _batch(shown, ())
            waits = shown.whose is not None and outbox.unsent(conn, shown.whose.id)
            return None if waits else self._told(conn, shown, after)

        def claimed(conn: Connection) -> Batch:
            late = [number for number in self._claim(conn, address, now) if number <= after]
            return self._told(conn, self._shown(conn, address, now), after, late)

        batch = await self._database.read(settled)
        return await self._database.run(claimed) if batch is None else batch

    def _claim(self, conn: Connection, address: Address, now: datetime) -> list[int]:
        """Everything queued for the address becomes sent; its numbers. What is for later waits on."""
        numbers: list[int] = []
        vault, worker, until = self._kit.vault, self._kit.worker, now + self._kit.lease
        contact_id = people.contact_at(conn, vault, address)
        while contact_id is not None and (
            rows := outbox.claim(
                conn, vault, address.account, worker, now, until, PULLED_AT_ONCE, contact_id=contact_id
            )
        ):
            outbox.finish(conn, [Result(row, "sent", message=str(row.seq)) for row in rows], now)
            numbers += [row.seq for row in rows]
        return numbers

    def _told(self, conn: Connection, shown: "_Shown", after: int, late: Iterable[int] = ()) -> Batch:
        """What follows number `after`; and the parts numbered `late`, whose time has come only now."""
        if shown.whose is None:
            return Batch()
        told: list[Message] = []
        after = max(after, shown.since)
        read = partial(outbox.told, conn, self._kit.vault, shown.whose.id, account_name=shown.only)
        for number in late:
            told += read(number - 1, 1)
        while more := read(after, PULLED_AT_ONCE):
            told += more
            after = more[-1].seq
            if len(more) < PULLED_AT_ONCE:
                break
        return _batch(shown, (one for one in told if one.state != WAITS))

    def _shown(self, conn: Connection, address: Address, now: datetime) -> "_Shown":
        vault = self._kit.vault
        contact_id = people.contact_at(conn, vault, address)
        whose = None if contact_id is None else people.contact_of(conn, contact_id)
        if whose is None:
            return _Shown()
        since, until, seen_at = sharing.shown(conn, whose.id)
        silent = seen_at is not None and now - seen_at >= SILENCE
        silent = silent or (whose.linked and sharing.away(conn, vault, whose.id, address))
        only = address.account if whose.linked else None
        return _Shown(whose, since, until, silent and not whose.handled_by_staff, only)

    async def history(self, account: str, external: str, limit: int) -> Batch:
        """The last lines, to redraw the page after a reload; none after hours of silence. Changes nothing."""
        address, now = Address(account, external), self._now()

        def work(conn: Connection) -> Batch:
            shown = self._shown(conn, address, now)
            if shown.whose is None or shown.silent:
                return _batch(shown, ())
            told = (
                conversation.read(conn, self._kit.vault, None, shown.whose.id, limit, account_name=shown.only)
                or []
            )
            return _batch(shown, _since(told, shown))

        return await self._database.read(work)

    async def document(self, account: str, external: str, number: int) -> File | None:
        """A file of a part that is shown to this address; None when it is not theirs, gone or damaged."""
        address, now = Address(account, external), self._now()

        def work(conn: Connection) -> File | None:
            shown = self._shown(conn, address, now)
            if shown.whose is None or shown.silent:
                return None
            found = media.read(conn, self._kit.vault, number, shown.whose.id, since=shown.until)
            return None if found is None else File(found[0].name, found[0].mime, found[1])

        try:
            return await self._database.read(work)
        except DamagedCell:
            log.error("document damaged", media=number)  # noqa: TRY400 - the row says it all
            return None

    async def recording(self, release: str, path: str) -> bytes | None:
        """Recorded speech of a kept Release; None when there is none."""
        return await self._database.read(lambda conn: releases.file(conn, release, path))

    async def enclosure(self, content: str) -> File | None:
        """A picture or recording of ours by the name of its bytes; None when there is none."""
        kept = await self._database.read(lambda conn: enclosures.get(conn, content))
        return None if kept is None else File(kept.name, kept.mime, kept.body)

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

    def page_of(self, address: Address) -> str:
        """Name an address for other processes, which cannot tell from it whose it is."""
        return people.address_blind(self._kit.vault, address).hex()

    def heard(self, page: str) -> None:
        """Another process says that something may be there for this page."""
        for address in tuple(self._waiting):
            if self.page_of(address) == page:
                self.wake(address)

    async def look(self, now: datetime) -> None:
        """Wake the pages for which another process has queued something."""
        since, pages = self._looked - OVERLAP if self._looked else now - OVERLAP, tuple(self._waiting)

        def queued(conn: Connection) -> list[Address]:
            accounts = {page.account for page in pages}
            whose = {one for account in accounts for one in outbox.waiting(conn, account, since)}
            if not whose:
                return []
            return [page for page in pages if people.contact_at(conn, self._kit.vault, page) in whose]

        for address in await self._database.read(queued) if pages else ():
            self.wake(address)
        self._looked = now


@dataclass(frozen=True, slots=True)
class _Shown:
    """To whom something is shown: parts above number `since`, words said and files given after `until`.

    `silent`: not before they say who they are. `only`: what was said in this account; None: everything.
    """

    whose: Contact | None = None
    since: int = 0
    until: datetime | None = None
    silent: bool = False
    only: str | None = None


def _since(told: list[Message], shown: _Shown) -> list[Message]:
    """What is shown; the person's own words have no number."""
    until = shown.until
    return [
        one
        for one in told
        if (one.who == "person" and (until is None or one.at > until)) or one.seq > shown.since
    ]


def _batch(shown: _Shown, told: Iterable[Message]) -> Batch:
    whose = shown.whose
    if whose is None:
        return Batch()
    language = whose.language if whose.language_chosen else None
    return Batch(tuple(_line(one) for one in told), language, whose.handled_by_staff, shown.since)


def _line(told: Message) -> Pulled:
    if told.who == "person":
        return Pulled(0, "person", told.at, body=load_body(told.body) if told.body else None)
    return Pulled(told.seq, told.who, told.at, part=load_part(told.body) if told.body else None)
