"""People who keep writing while something else goes on: as they come, not as fast as they are answered.

Never lets a person write again before the reply to the last update, or before a pause for reading it.
"""

import asyncio
import random
from collections import deque
from collections.abc import Sequence
from time import perf_counter

from bench.bots import BenchFailed, Bot
from bench.fake import Shown
from bench.people import Person, Plan, Updates
from bench.wire import Line

READS = 3.0  # seconds at least between a reply and what follows it
PATIENCE = 60.0  # seconds, after which a reply is not waited for any more


class Crowd:
    """`writes` updates a second, at random moments. `latencies`: of each reply, PATIENCE where none came.

    Whoever has read the longest writes; when nobody has read enough, a newcomer of `chats`.
    """

    def __init__(self, plan: Plan, chats: Sequence[int], writes: float) -> None:
        self._plan = plan
        self._writes = writes
        self._random = random.Random(7)  # noqa: S311 (the same people for every bot)
        self._newcomers = iter(self._random.sample(chats, len(chats)))
        self._updates = Updates()
        self._people: dict[int, Person] = {}
        self._reading: deque[tuple[float, Person, int]] = deque()
        self._lines: list[Line] = []
        self._over = False
        self.latencies: list[float] = []
        self.stuck = 0

    def hear(self, shown: Shown) -> None:
        """A message came for somebody."""
        if shown.chat in self._people:
            self._people[shown.chat].hear(shown)

    def leave(self) -> None:
        """Nobody writes any more; what was written is still answered."""
        self._over = True

    async def command(self, bot: Bot, words: str) -> None:
        """Somebody outside the crowd writes, and waits for nothing."""
        await self._post(bot, self._updates.text(1, words)[1])

    async def write(self, bot: Bot) -> None:
        """Write until told to leave, and wait for the last replies."""
        due = perf_counter()
        async with asyncio.TaskGroup() as writing:
            while not self._over:
                due += self._random.expovariate(self._writes)
                await asyncio.sleep(max(0.0, due - perf_counter()))
                writing.create_task(self._one(bot, *self._next()))

    def _next(self) -> tuple[Person, int]:
        if self._reading and self._reading[0][0] <= perf_counter():
            return self._reading.popleft()[1:]
        chat = next(self._newcomers, None)
        if chat is None:
            raise BenchFailed("nobody is left who could write: nearly no reply comes")
        person = self._people[chat] = Person(chat, self._plan, self._updates)
        return person, 0

    async def _one(self, bot: Bot, person: Person, count: int) -> None:
        _, body = person.next_update()
        posted = perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._post(bot, body)
                while (shown := await person.reply()).at < posted:
                    pass  # something more that followed the last reply
        except TimeoutError:
            self.latencies.append(PATIENCE)
            self.stuck += 1
            del self._people[person.chat]
            return
        self.latencies.append(shown.at - posted)
        if person.over(count + 1):
            del self._people[person.chat]
            return
        if count + 1 >= self._plan.most:
            raise BenchFailed(f"a walk did not end within {self._plan.most} updates: {shown}")
        self._reading.append((perf_counter() + READS, person, count + 1))

    async def _post(self, bot: Bot, body: bytes) -> None:
        line = self._lines.pop() if self._lines else Line(bot.port, bot.path, bot.headers)
        status = await line.post(body)
        if status != 200:
            raise BenchFailed(f"the bot answered {status}")
        self._lines.append(line)
