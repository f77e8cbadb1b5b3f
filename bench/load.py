"""The load: people walk an intake over the webhook, each sending only after the bot has replied.

Never runs past its window, and never counts what happened outside it.
"""

import asyncio
import itertools
import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter, process_time

from bench.bots import BenchFailed, Bot, Spent
from bench.fake import FakeTelegram, Shown
from bench.people import Person, Plan, Updates
from bench.wire import Line

_STEPS = 12  # about a walk


@dataclass(frozen=True, slots=True)
class Window:
    """How much to drive: `people` at once, `warm` seconds (or more) uncounted, then `seconds` or `messages`.

    `patience`: seconds for a whole walk, after which its person counts as stuck.
    """

    people: int = 128
    warm: float = 2.0
    seconds: float = 10.0
    messages: int = 40_000
    patience: float = 60.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run showed, times in seconds, memory in bytes. `cpu`: of the bot, a message.

    `busy`, `others`: the part of its core that the bot had, and others took;
    `load`: what our side used. `walks`: intakes completed;
    `stuck`: people whose reply did not come; `calls`: Bot API calls a message.
    """

    rate: float
    p50: float
    p95: float
    p99: float
    memory: int
    peak: int
    cpu: float
    busy: float
    others: float
    load: float
    messages: int
    walks: int
    updates_per_walk: float
    stuck: int
    calls: dict[str, float]


@dataclass(slots=True)
class Tally:
    """Counts of the window that is open."""

    latencies: list[float] = field(default_factory=list)
    walks: int = 0
    updates: int = 0
    stuck: int = 0


class Load:
    """Drives one bot. The same instance listens to the fake Bot API that the bot calls."""

    def __init__(self, plan: Plan, window: Window) -> None:
        self._plan = plan
        self._window = window
        self._people: dict[int, Person] = {}
        self._chats = itertools.count(700_000_001)
        self._updates = Updates()
        self._tally = Tally()
        self._full = asyncio.Event()
        self._spread = asyncio.Event()
        self._begun = 0
        self.fake = FakeTelegram(self._hear)
        self.last_walk: list[Shown] = []

    def _hear(self, shown: Shown) -> None:
        person = self._people.get(shown.chat)
        if person is not None:
            person.hear(shown)

    async def measure(self, bot: Bot, opened: Callable[[], None] | None = None) -> Measured:
        """Walk people through the bot for the window; `opened` is called when it opens."""
        people = self._window.people
        slots = [asyncio.create_task(self._keep_walking(bot, 1 + at % _STEPS)) for at in range(people)]
        try:
            await self._watch(slots, self._window.warm)
            await self._watch(slots, self._window.patience, self._spread)
            self._tally = Tally()
            self._full.clear()
            self.fake.calls = Counter()
            if opened is not None:
                opened()
            before, own, start = bot.spent(), process_time(), perf_counter()
            await self._watch(slots, self._window.seconds)
            after, took = bot.spent(), perf_counter() - start
            return self._summary(before, after, process_time() - own, took)
        finally:
            for slot in slots:
                slot.cancel()
            await asyncio.gather(*slots, return_exceptions=True)

    async def _watch(
        self, slots: list[asyncio.Task[None]], seconds: float, until: asyncio.Event | None = None
    ) -> None:
        ended = asyncio.create_task((until or self._full).wait())
        done, _ = await asyncio.wait([ended, *slots], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        for task in done:
            task.result()

    async def _keep_walking(self, bot: Bot, leave_after: int) -> None:
        """One newcomer after the other. The first one leaves early, so that everybody is somewhere else."""
        line = Line(bot.port, bot.path, bot.headers)
        limit = leave_after
        while True:
            person = Person(next(self._chats), self._plan, self._updates)
            self._people[person.chat] = person
            try:
                async with asyncio.timeout(self._window.patience):
                    await self._walk(person, line, limit)
            except TimeoutError:
                self._tally.stuck += 1
                line.close()
            del self._people[person.chat]
            if limit != self._plan.most:
                limit = self._plan.most
                self._begun += 1
                if self._begun == self._window.people:
                    self._spread.set()

    async def _walk(self, person: Person, line: Line, limit: int) -> None:
        for count in range(1, limit + 1):
            _, body = person.next_update()
            posted = perf_counter()
            status = await line.post(body)
            if status != 200:
                raise BenchFailed(f"the bot answered {status}")
            shown = await person.reply()
            self._tally.latencies.append(shown.at - posted)
            if len(self._tally.latencies) >= self._window.messages:
                self._full.set()
            if person.over(count):
                self._tally.walks += 1
                self._tally.updates += count
                self.last_walk = person.seen
                return
        if limit == self._plan.most:
            raise BenchFailed(f"a walk did not end within {self._plan.most} updates: {person.seen[-1]}")

    def _summary(self, before: Spent, after: Spent, own: float, took: float) -> Measured:
        tally = self._tally
        count = len(tally.latencies)
        if count < 100:
            raise BenchFailed(f"only {count} messages were handled in {took:.1f} s; {tally.stuck} stuck")
        cuts = statistics.quantiles(tally.latencies, n=100)
        cpu = after.cpu - before.cpu
        return Measured(
            rate=count / took,
            p50=cuts[49],
            p95=cuts[94],
            p99=cuts[98],
            memory=after.memory,
            peak=after.peak,
            cpu=cpu / count,
            busy=cpu / took,
            others=max(0.0, after.core - before.core - cpu) / took,
            load=own / took,
            messages=count,
            walks=tally.walks,
            updates_per_walk=tally.updates / tally.walks if tally.walks else 0.0,
            stuck=tally.stuck,
            calls={method: calls / count for method, calls in self.fake.calls.items()},
        )
