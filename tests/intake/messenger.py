"""Messenger against the fake: a person with eyes, who presses what their screen shows.

Never knows the plan, nor a payload.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from bot import catalogues
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import FakePerson
from tests.fakes.graph.world import Button, Got
from tests.intake.house import PATIENCE, ROOT, House
from tests.intake.plan import Step

PSID = "5550001555000100"


class OnMessenger:
    """A step is done on what the Page sent since the last one, never on an older message."""

    def __init__(self, fake: FakeGraph, person: FakePerson) -> None:
        self.fake = fake
        self.person = person
        self._done = 0  # messages of the Page before the last step

    async def start(self, ref: str = "") -> None:
        """Get Started."""
        self.look_away()
        await self.person.start(ref)

    def look_away(self) -> None:
        """From now on only what comes next is looked at."""
        self._done = len(self.person.messages)

    @property
    def new(self) -> Sequence[Got]:
        """What came since."""
        return self.person.messages[self._done :]

    async def do(self, step: Step) -> None:
        await self._until(lambda: any(step.asked in got.text for got in self.new), step.asked)
        if step.tap:
            await self.press(step.tap)
            return
        self.look_away()
        await self.person.say(step.typed)

    async def press(self, label: str) -> None:
        """Press the button of that label, on whichever page of a long list it stands."""
        turned = set[str]()
        while True:
            await self._until(lambda: bool(self.new and self.new[-1].choices), f"buttons before «{label}»")
            found = shown_as(self.new[-1], label)
            button = found or next(_turns(self.new[-1], turned), None)
            assert button is not None, f"no «{label}» on {self.new[-1].buttons} below {self.new[-1].text!r}"
            turned.add(button.payload)
            self.look_away()
            await self.person.tap(button.payload)
            if found:
                return

    async def sees(self, words: str) -> None:
        await self._until(lambda: any(words in got.text for got in self.new), words)

    async def _until(self, there: Callable[[], bool], what: str) -> None:
        await self.fake.until(there, PATIENCE, what)


def shown_as(got: Got, label: str) -> Button | None:
    """The button of a label: in full, in short, or by its number in the words above."""
    numbered = re.search(rf"^([០-៩]+)\. (✓ )?{re.escape(label)}$", got.text, re.MULTILINE)
    ways = {label, *_shorts().get(label, ()), *([numbered[1]] if numbered else [])}
    return next((one for one in got.choices if one.label.removeprefix("✓ ") in ways), None)


def _turns(got: Got, turned: set[str]) -> Iterator[Button]:
    """What leads to the other pages of a list, first onward."""
    for turn in ("bot.page-onward", "bot.page-others"):
        for button in got.choices:
            if button.label == _words()[turn] and button.payload not in turned:
                yield button


@cache
def _words() -> Mapping[str, str]:
    """Every Khmer sentence by its name."""
    files = (ROOT / "locales" / "km" / "LC_MESSAGES").glob("*.po")
    return {name: one.text for file in files for name, one in catalogues.read(file.read_bytes()).items()}


@cache
def _shorts() -> Mapping[str, set[str]]:
    """What each label is called where buttons are narrow."""
    found: dict[str, set[str]] = {}
    for name, text in _words().items():
        if (short := _words().get(f"{name}.short")) is not None:
            found.setdefault(text, set()).add(short)
    return found


@asynccontextmanager
async def by_messenger(folder: Path) -> AsyncIterator[OnMessenger]:
    """Posts to /webhook/messenger, calls of the Send API."""
    fake = await FakeGraph().start()
    try:
        house = await House(folder).on_messenger(fake).open()
        try:
            fake.webhook = house.messenger
            assert await fake.verify()
            talker = OnMessenger(fake, fake.person(PSID))
            await talker.start()
            yield talker
            await fake.settled()
        finally:
            status = await house.close()
    finally:
        await fake.stop()
    fake.assert_clean()
    assert status == 0
