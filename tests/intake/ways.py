"""The four ways to talk with Spean, each a small driver that does one Step at a time.

Never knows the plan: it waits until the question is on its screen, then taps or types.
"""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import orjson
from playwright.async_api import Page, expect

from tests.browser.conftest import PHONE
from tests.fakes.telegram.api import FakeTelegram
from tests.fakes.telegram.user import FakeUser
from tests.intake.house import PATIENCE, House
from tests.intake.plan import Step
from tests.intake.screen import chromium

PERSON = 5_550_001


class Talker(Protocol):
    """Somebody with a screen."""

    async def do(self, step: Step) -> None:
        """Wait for the question, then answer it."""
        ...

    async def sees(self, words: str) -> None:
        """Wait until the newest messages hold these words."""
        ...


Way = Callable[[Path], AbstractAsyncContextManager[Talker]]


async def walk(person: Talker, steps: Iterable[Step]) -> None:
    """One step after the other."""
    for step in steps:
        await person.do(step)


# --- the web chat in a real browser ---------------------------------------------------------------


class AtThePage:
    """Buttons are the page's, words go through its composer."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._answered = ""  # number of the question that was answered in words: a new one follows it

    async def do(self, step: Step) -> None:
        asking = f'#log li.them:has(.rows):not([data-seq="{self._answered}"])'
        question = self.page.locator(asking).filter(has_text=step.asked)
        await expect(question).to_be_visible(timeout=PATIENCE * 1000)
        self._answered = ""
        if step.tap:
            await question.get_by_role("button", name=step.tap, exact=True).click()
            return
        self._answered = await question.get_attribute("data-seq") or ""
        await self.page.locator("#words").fill(step.typed)
        await self.page.locator("#words").press("Enter")

    async def sees(self, words: str) -> None:
        await expect(self.page.locator("#log li.them").filter(has_text=words)).to_be_visible(
            timeout=PATIENCE * 1000
        )


@asynccontextmanager
async def by_browser(folder: Path) -> AsyncIterator[AtThePage]:
    """Chromium, as a phone, on /chat of `spean run`."""
    house = await House(folder).open()
    try:
        async with chromium(PHONE) as page:
            await page.goto(house.chat)
            yield AtThePage(page)
    finally:
        status = await house.close()
    assert status == 0


# --- `spean chat`, piped --------------------------------------------------------------------------


class AtThePipe:
    """A line in, JSON lines out; a tap is `/tap` with the place of the label."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._lines, self._say = process.stdout, process.stdin
        self._heard: list[dict[str, Any]] = []

    async def do(self, step: Step) -> None:
        await self.sees(step.asked)
        labels = [button["label"] for button in self._heard[-1]["buttons"]]
        line = f"/tap {labels.index(step.tap) + 1}" if step.tap else step.typed
        self._heard.clear()
        self._say.write(f"{line}\n".encode())
        await self._say.drain()

    async def sees(self, words: str) -> None:
        while not any(words in said["text"] for said in self._heard):
            try:
                line = await asyncio.wait_for(self._lines.readline(), PATIENCE)
            except TimeoutError:
                line = b""
            assert line, f"it never said {words!r}; it said {self._heard}"
            self._heard.append(orjson.loads(line))


@asynccontextmanager
async def by_pipe(folder: Path) -> AsyncIterator[AtThePipe]:
    """`spean chat --json --data` on standard input."""
    log = folder / "spean.log"
    with log.open("wb") as err:
        words = ("chat", "--json", "--data", str(folder))
        process = await House(folder).spawn(*words, stdin=PIPE, stdout=PIPE, stderr=err)
    try:
        yield AtThePipe(process)
    finally:
        async with asyncio.timeout(PATIENCE):
            await process.communicate(b"")
    assert process.returncode == 0, log.read_text("utf-8")


# --- Telegram against the fake --------------------------------------------------------------------


class OnTelegram:
    """A step is done on what the bot sent or edited since the last one, never on an older message."""

    def __init__(self, fake: FakeTelegram, user: FakeUser) -> None:
        self.fake = fake
        self.user = user
        self._done = 0  # calls of the bot before the last step

    def start(self, payload: str = "") -> None:
        self.look_away()
        self.user.start(payload)

    def look_away(self) -> None:
        """From now on only what comes next is looked at."""
        self._done = len(self.fake.calls)

    async def do(self, step: Step) -> None:
        await self._until(lambda call: step.asked in call["text"] and bool(_labels(call)), step.asked)
        self.look_away()
        if step.tap:
            self.user.tap(step.tap)
        else:
            self.user.text(step.typed)

    async def sees(self, words: str) -> None:
        await self._until(lambda call: words in call["text"], words)

    async def _until(self, right: Callable[[dict[str, Any]], bool], what: str) -> None:
        def there() -> bool:
            return any(
                right(call.params)
                for call in self.fake.calls[self._done :]
                if call.status == 200
                and call.method in ("sendMessage", "editMessageText")
                and call.params["chat_id"] == self.user.id
            )

        await self.fake.until(there, PATIENCE, what)


def _labels(call: dict[str, Any]) -> list[str]:
    markup = call.get("reply_markup") or {}
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    return [button["text"] for row in rows for button in row]


@asynccontextmanager
async def on_telegram(folder: Path, mode: str) -> AsyncIterator[OnTelegram]:
    fake = await FakeTelegram().start()
    try:
        house = await House(folder).on_telegram(fake, mode).open()
        try:
            talker = OnTelegram(fake, fake.user(PERSON))
            talker.start()
            yield talker
        finally:
            status = await house.close()
    finally:
        await fake.stop()
    fake.assert_clean()
    assert status == 0


def by_polling(folder: Path) -> AbstractAsyncContextManager[OnTelegram]:
    """getUpdates."""
    return on_telegram(folder, "polling")


def by_webhook(folder: Path) -> AbstractAsyncContextManager[OnTelegram]:
    """Posts to /webhook/telegram."""
    return on_telegram(folder, "webhook")
