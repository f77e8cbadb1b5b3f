"""A talk with the bot, one line at a time: words, `/tap 2`, `/voice`, `/wait 3d` and the bot's own commands.

Never prints: what the bot said is handed to whoever shows it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

from bot.channels.terminal.show import last_buttons
from bot.core import duration
from bot.core.channel import Part, PartButton
from bot.core.contact import Address
from bot.core.events import Body, Command, Event, Media, Start, Tap, Text

# The smallest Ogg page there is: enough to be kept as a voice note.
SILENCE = b"OggS\x00\x02" + bytes(21) + b"\x00"
PAUSE = timedelta(seconds=20)  # between two lines of a piped talk, as if somebody typed them


class CannotDo(Exception):  # noqa: N818 (says what the line met)
    """The line asks for something that is not there."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the bot, and the question that was waiting when it was said."""

    message: str
    part: Part
    node: str
    dialog: str


class Bot(Protocol):
    """What a talk needs of the running bot."""

    async def take(self, event: Event, media: bytes | None) -> None:
        """Take an event; returns after the commit."""
        ...

    async def pull(self, address: Address) -> Sequence[Said]:
        """Everything said since the last pull."""
        ...

    async def wait(self, length: timedelta, listen: Callable[[], Awaitable[None]]) -> None:
        """Let time pass, doing everything due on the way, and listen after each. Raises CannotDo."""
        ...

    def now(self) -> datetime:
        """The talk's own time."""
        ...


@dataclass(slots=True)
class Talk:
    """`show` is called with everything the bot says, in order."""

    bot: Bot
    address: Address
    show: Callable[[Said], None]
    buttons: tuple[PartButton, ...] = ()
    tapped: str = ""

    async def begin(self, payload: str = "") -> None:
        """Open the chat, as `/start` does."""
        await self._tell(Start(payload))

    async def hear(self, line: str) -> None:
        """One line of the person. Raises CannotDo."""
        match line.split():
            case []:
                return
            case ["/tap", number]:
                await self._tell(self._tap(number))
            case ["/voice"]:
                voice = Media("voice", f"terminal-{uuid4().hex}", "audio/ogg", len(SILENCE), 1)
                await self._tell(voice, SILENCE)
            case ["/wait", length]:
                await self._wait(length)
            case ["/start", *payload]:
                await self._tell(Start(" ".join(payload)))
            case ["/tap" | "/voice" | "/wait", *_]:
                raise CannotDo("write /tap 2, /voice or /wait 3d")
            case [word, *argument] if word.startswith("/") and word[1:].isidentifier() and word.isascii():
                await self._tell(Command(word[1:], " ".join(argument)))
            case _:
                await self._tell(Text(line, message=uuid4().hex))

    async def listen(self) -> None:
        """Show what the bot said by itself."""
        said = await self.bot.pull(self.address)
        for one in said:
            self.show(one)
        self.recall(said)

    def recall(self, said: Sequence[Said]) -> None:
        """From now on `/tap` means the buttons of the last of these that has any."""
        buttons = last_buttons([one.part for one in said])
        if buttons:
            self.buttons = buttons
            self.tapped = next(one.message for one in reversed(said) if last_buttons([one.part]))

    def _tap(self, number: str) -> Tap:
        if not number.isdecimal() or not 1 <= int(number) <= len(self.buttons):
            raise CannotDo(f"there is no button {number}: the last message has {len(self.buttons)}")
        return Tap(self.buttons[int(number) - 1].payload, message=self.tapped, query=uuid4().hex)

    async def _wait(self, written: str) -> None:
        length = duration.read(written)
        if length is None:
            raise CannotDo(f"{written} is no length of time: write 90m, 24h, 3d or 2w")
        await self.bot.wait(length, self.listen)

    async def _tell(self, body: Body, media: bytes | None = None) -> None:
        await self.bot.take(Event(uuid4().hex, self.address, self.bot.now(), body), media)
        await self.listen()
