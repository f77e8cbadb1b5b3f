"""People who walk the intake while the bot is killed under them, and a Telegram that delivers again.

Never delivers two updates of one chat at once, and never counts an update as done before its 200.
"""

import asyncio
import itertools
import re
from collections import Counter

from bench.bots import SECRET
from bench.fake import Shown
from bench.people import Person, Plan, Updates
from bench.wire import Line
from tests.crash.polled import PolledTelegram

TURN = re.compile(rb'"callback_data":"([0-9]+):')
REMINDER = "រំលឹក "  # what the words of a reminder begin with; its cause follows


class Traffic:
    """`people` at once; whoever is done is followed by a newcomer until `finish`.

    `port`: of the webhook; 0: the bot polls. `hold`: seconds that the answer to each send takes, so that
    kills find sends in flight. `acknowledged`: update ids that got their 200 or were confirmed. `walked`:
    everybody who ever came, by chat; `sent`: their updates. `reminded`: how often each reminder came, by its
    words.
    """

    def __init__(self, plan: Plan, people: int, hold: float) -> None:
        self._plan = plan
        self._people = people
        self._updates = Updates()
        self._chats = itertools.count(800_000_001)
        self._up = asyncio.Event()
        self._goal = 0
        self._reached = asyncio.Event()
        self._closing = False
        self._slots: list[asyncio.Task[None]] = []
        self.fake = PolledTelegram(self._hear, hold)
        self.acknowledged: list[int] = []
        self.walked: dict[int, Person] = {}
        self.sent: dict[int, list[int]] = {}
        self.reminded: Counter[str] = Counter()
        self.port = 0

    def _hear(self, shown: Shown) -> None:
        if shown.text.startswith(REMINDER):
            self.reminded[shown.text] += 1
        elif shown.chat in self.walked:
            self.walked[shown.chat].hear(shown)

    def up(self) -> None:
        """Deliver from now on."""
        self._up.set()

    def down(self) -> None:
        """Deliver nothing until the bot is up again."""
        self._up.clear()

    def begin(self) -> None:
        """Let the first people come."""
        self._slots = [asyncio.create_task(self._keep_coming()) for _ in range(self._people)]

    async def acknowledge(self, more: int) -> None:
        """Wait until so many more updates have got their 200."""
        if not more:
            return
        self._goal = len(self.acknowledged) + more
        self._reached.clear()
        reached = asyncio.create_task(self._reached.wait())
        done, _ = await asyncio.wait([reached, *self._slots], return_when=asyncio.FIRST_COMPLETED)
        reached.cancel()
        for task in done:
            task.result()

    async def finish(self) -> None:
        """Nobody new comes; everybody walks to the end."""
        self._closing = True
        await asyncio.gather(*self._slots)

    async def stop(self) -> None:
        """Send everybody away."""
        for slot in self._slots:
            slot.cancel()
        await asyncio.gather(*self._slots, return_exceptions=True)
        await self.fake.server.stop()

    async def _keep_coming(self) -> None:
        while not self._closing:
            person = Person(next(self._chats), self._plan, self._updates)
            self.walked[person.chat] = person
            self.sent[person.chat] = []
            await self._walk(person)

    async def _walk(self, person: Person) -> None:
        await self._up.wait()
        line = Line(self.port, "/webhook/telegram", {"X-Telegram-Bot-Api-Secret-Token": SECRET})
        for count in range(1, self._plan.most + 1):
            number, body = person.next_update()
            self.sent[person.chat].append(number)
            await (self._post(body, line) if self.port else self.fake.hand_out(number, body))
            self.acknowledged.append(number)
            if len(self.acknowledged) >= self._goal:
                self._reached.set()
            await person.reply()
            if person.over(count):
                line.close()
                return
        raise AssertionError(f"no end after {self._plan.most} updates: {person.seen[-1].text}")

    async def _post(self, body: bytes, line: Line) -> None:
        """Post until it is acknowledged, as Telegram does: again at once, then a little later each time."""
        for attempt in itertools.count():
            await self._up.wait()
            try:
                status = await line.post(body)
            except OSError:
                status = 0
            if status == 200:
                return
            assert status == 0 or status >= 500, f"refused with {status}"
            await asyncio.sleep(min(attempt, 20) * 0.01)


def questions(person: Person) -> list[tuple[str, bytes]]:
    """What a person was asked, in order, once each: text and keyboard.

    Turns begin where the second of the first message puts them; they are counted from there.
    """
    asked = [(shown.text, shown.markup) for shown in person.seen if person.asks(shown)]
    first = next((int(found[1]) for _, markup in asked if (found := TURN.search(markup))), 0)
    return [
        (text, TURN.sub(lambda found: b'"callback_data":"%d:' % (int(found[1]) - first), markup))
        for text, markup in asked
    ]
