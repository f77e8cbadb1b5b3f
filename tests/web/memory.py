"""A small runner in memory for the web tests, with a chat of a few questions.

Never part of the product: the real runner is tested elsewhere.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polib

from bot.channels.webchat.channel import WebChat
from bot.core.channel import Part
from bot.core.contact import LANGUAGES, Language
from bot.core.events import Command, Event
from bot.i18n import Words
from bot.runner.chat import Batch, File, Pulled
from storage.faults import StoreDown

ROOT = Path(__file__).parents[2]
MONDAY = datetime(2026, 11, 23, 2, 5, tzinfo=UTC)  # 09:05 in Phnom Penh

Answer = Callable[[Event, "Person"], list[Part]]


@dataclass
class Person:
    lines: list[Pulled] = field(default_factory=list)
    seq: int = 0
    fetched: int = 0
    language: Language | None = None
    with_staff: bool = False
    since: int = 0
    files: dict[int, File] = field(default_factory=dict)

    def say(self, part: Part, at: datetime, who: str = "bot") -> None:
        self.seq += 1
        self.lines.append(Pulled(self.seq, "staff" if who == "staff" else "bot", at, part=part))


def silent(_event: Event, _person: Person) -> list[Part]:
    return []


class Memory:
    def __init__(self, answer: Answer = silent, now: Callable[[], datetime] | None = None) -> None:
        self.answer = answer
        self.channel = WebChat()
        self.people: dict[str, Person] = {}
        self.events: list[Event] = []
        self.updates: list[Mapping[str, Any]] = []
        self.media: list[bytes] = []
        self.recordings: dict[tuple[str, str], bytes] = {}  # by Release and path
        self.enclosures: dict[str, File] = {}  # by the name of their bytes
        self.seen: set[str] = set()
        self.wakes: dict[str, set[asyncio.Event]] = {}
        self.polls: asyncio.Queue[str] = asyncio.Queue()  # one entry for each poll that began to wait
        self.down = False
        self.bug = False
        self._now = now
        self._ticks = 0

    def now(self) -> datetime:
        if self._now:
            return self._now()
        self._ticks += 1
        return MONDAY + timedelta(seconds=self._ticks)

    async def take(self, account: str, raw: Mapping[str, Any], *, media: bytes | None = None) -> None:
        if self.down:
            raise StoreDown
        if self.bug:
            raise RuntimeError("a planted fault about ០១២៣៤៥៦៧៨")
        if account != self.channel.account:
            self.updates.append(raw)
            return
        (event,) = self.channel.read(raw, self.now())
        if event.id in self.seen:
            return
        self.seen.add(event.id)
        self.events.append(event)
        if media is not None:
            self.media.append(media)
        person = self.people.setdefault(event.address.external, Person())
        if isinstance(event.body, Command) and event.body.name == "language":
            person.language = "en" if event.body.argument == "en" else "km"
        person.lines.append(Pulled(0, "person", event.at, body=event.body))
        for part in self.answer(event, person):
            person.say(part, self.now())
        self.wake(event.address.external)

    def wake(self, external: str) -> None:
        for wake in self.wakes.get(external, ()):
            wake.set()

    async def pull(self, account: str, external: str, after: int) -> Batch:
        assert account == self.channel.account
        if self.down:
            raise StoreDown
        person = self.people.get(external)
        if person is None:
            return Batch()
        floor = min(after, person.fetched)
        lines = tuple(line for line in person.lines if line.seq > floor)
        person.fetched = max(person.fetched, person.seq)
        return Batch(lines, person.language, person.with_staff, person.since)

    async def history(self, account: str, external: str, limit: int) -> Batch:
        assert account == self.channel.account
        if self.down:
            raise StoreDown
        person = self.people.get(external)
        if person is None:
            return Batch()
        return Batch(tuple(person.lines[-limit:]), person.language, person.with_staff, person.since)

    async def document(self, account: str, external: str, media: int) -> File | None:
        assert account == self.channel.account
        person = self.people.get(external)
        return person.files.get(media) if person else None

    async def enclosure(self, content: str) -> File | None:
        return self.enclosures.get(content)

    async def recording(self, release: str, path: str) -> bytes | None:
        return self.recordings.get((release, path))

    @contextmanager
    def waiter(self, account: str, external: str) -> Iterator[asyncio.Event]:
        assert account == self.channel.account
        wake = asyncio.Event()
        wakes = self.wakes.setdefault(external, set())
        wakes.add(wake)
        self.polls.put_nowait(external)
        try:
            yield wake
        finally:
            wakes.discard(wake)


def words() -> Words:
    """The web sentences as they are shipped."""
    catalogues: dict[Language, dict[str, str]] = {}
    for language in LANGUAGES:
        entries = polib.pofile(str(ROOT / "locales" / language / "LC_MESSAGES" / "web.po"))
        catalogues[language] = {entry.msgid: entry.msgstr for entry in entries}
    return Words(catalogues)
