"""`spean chat`: talk to the bot in the terminal, with a real store and a clock that can be moved.

Never reaches a platform: what the settings say of Telegram and Messenger is left out.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import orjson
import typer
from sqlalchemy import Connection

from bot.app import Spean
from bot.channels.messenger.capabilities import MESSENGER
from bot.channels.telegram.capabilities import TELEGRAM
from bot.channels.terminal.channel import ACCOUNT, Terminal
from bot.channels.terminal.show import CAPABILITIES, last_buttons, words, write
from bot.cli.here import stand
from bot.cli.journal import write_logs
from bot.cli.options import BOT_TOML, Config, Data, Json
from bot.cli.output import json_line, say
from bot.cli.refused import Refused
from bot.cli.serving import tell_imported
from bot.cli.talk import PAUSE, CannotDo, Said, Talk
from bot.clock import SystemClock
from bot.config import Settings, TelegramSection, load
from bot.config.settings import MessengerSection
from bot.core import session as sessions
from bot.core.channel import Part
from bot.core.contact import Address, Language
from bot.core.effects import Turn
from bot.core.events import Event, Start
from bot.core.session import Session
from bot.core.walk import Walk
from bot.runner.commit import write as put
from bot.runner.step import Step
from storage import agenda, people
from storage import settings as remembered

PERSON = "you"
CLOCK = "chat-clock"  # how far the store's talk is ahead of the machine's clock, in seconds
SHOWN = "chat-shown"  # number of the last part that a talk over this store has shown
STEP = timedelta(hours=1)  # of `/wait`, while anything is due on the way


class Channel(StrEnum):
    """Whose way of showing things."""

    terminal = "terminal"
    telegram = "telegram"
    messenger = "messenger"


ACCOUNTS = {
    Channel.terminal: ACCOUNT,
    Channel.telegram: "telegram:0",
    Channel.messenger: "messenger:0",
}
SHOWN_AS = {Channel.terminal: CAPABILITIES, Channel.telegram: TELEGRAM, Channel.messenger: MESSENGER}


class MovedClock:
    """The machine's time plus what `/wait` and a piped talk's pauses added."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        """Aware UTC."""
        return SystemClock().now() + self.ahead


class Line:
    """The bot, as one person's talk needs it (`talk.Bot`), over a store that nobody serves."""

    def __init__(self, spean: Spean, clock: MovedClock, address: Address) -> None:
        self._spean = spean
        self._clock = clock
        self._address = address
        self._shown = 0  # number of the last part that was shown

    def now(self) -> datetime:
        """The talk's own time."""
        return self._clock.now()

    async def take(self, event: Event, media: bytes | None) -> None:
        """Take an event; returns after the commit."""
        await self._spean.inbound.take_event(event, media=media)

    async def pull(self, address: Address) -> Sequence[Said]:
        """Everything said since the last pull, with the question that waits now."""
        batch = await self._spean.chats.pull(address.account, address.external, self._shown)
        dialog, node = await self._spean.database.read(self._standing)
        said = [Said(str(one.seq), one.part, node, dialog) for one in batch.lines if one.part is not None]
        self._shown = max([self._shown, *(one.seq for one in batch.lines)]) if dialog else 0  # 0: erased
        await self._spean.tick()
        return said

    async def wait(self, length: timedelta, listen: Callable[[], Awaitable[None]]) -> None:
        """Let time pass hour by hour while anything is due on the way, else at once.

        What is said is heard when it is said: much later its words may be forgotten.
        """
        target = self._clock.now() + length
        while (left := target - self._clock.now()) > timedelta(0):
            due = await self._spean.database.read(lambda conn: _is_due(conn, target))
            self._clock.ahead += min(left, STEP) if due else left
            await self._spean.tick()
            await listen()
        await self.remember()

    async def remember(self) -> None:
        """Keep the clock's lead and how far the talk was shown."""
        ahead, shown = str(int(self._clock.ahead.total_seconds())), str(self._shown)

        def keep(conn: Connection) -> None:
            remembered.put(conn, CLOCK, ahead)
            remembered.put(conn, SHOWN, shown)

        await self._spean.database.run(keep)

    async def recall(self) -> Sequence[Said]:
        """What an earlier talk over this store showed; nothing for a newcomer."""
        known = await self._spean.database.read(lambda conn: remembered.get(conn, SHOWN))
        self._shown = int(known or 0)
        batch = await self._spean.chats.history(self._address.account, self._address.external, 50)
        earlier = [one for one in batch.lines if one.seq <= self._shown]
        return [Said(str(one.seq), one.part, "", "") for one in earlier if one.part is not None]

    def _standing(self, conn: Connection) -> tuple[str, str]:
        """Dialog and node of the waiting question."""
        person = people.find(conn, self._spean.vault, self._address, "")
        if person is None or not person.session:
            return "", ""
        frames = sessions.load(orjson.loads(person.session)).frames
        return (frames[-1].dialog, frames[-1].node) if frames else ("", "")


def chat(
    *,
    language: Annotated[Language | None, typer.Option(help="Speak it without being asked.")] = None,
    dialog: Annotated[str, typer.Option(metavar="ID", help="Begin with this dialog.")] = "",
    data: Data = None,
    shown_as: Annotated[
        Channel, typer.Option("--as", help="Whose way of showing things.")
    ] = Channel.terminal,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Talk to the bot: a message a line; /tap N, /voice, /wait 3d. Without --data nothing is kept."""
    write_logs()
    site = load(config, os.environ)
    settings = site.model_copy(update={"telegram": TelegramSection(), "messenger": MessengerSection()})
    with ExitStack() as stack:
        folder = data or Path(stack.enter_context(TemporaryDirectory(prefix="spean-")))
        settings = settings.kept_in(folder)
        stand(config, settings, anywhere=True)
        talk = _talk(settings, shown_as, language, dialog, as_json=as_json, sample=site.sample)
        mistakes = asyncio.run(talk)
    if mistakes:
        raise typer.Exit(1)


async def _talk(
    settings: Settings,
    shown_as: Channel,
    language: Language | None,
    dialog: str,
    *,
    as_json: bool,
    sample: bool,
) -> int:
    """The number of lines that asked for something impossible. `sample`: whether the site shows drafts."""
    clock = MovedClock(timedelta(0))
    channel = Terminal(ACCOUNTS[shown_as], SHOWN_AS[shown_as])
    address = Address(channel.account, PERSON)
    spean = Spean(settings, Path(), clock, channels=(channel,), sample=sample)
    try:
        tell_imported(spean.imported)
        clock.ahead = timedelta(seconds=int(await spean.database.read(_lead)))
        line = Line(spean, clock, address)
        talk = Talk(line, address, _show_json if as_json else _show)
        await _begin(spean, line, talk, language, dialog)
        mistakes = await _listen(talk, clock)
        await line.remember()
    finally:
        await spean.stop()
    return mistakes


async def _begin(spean: Spean, line: Line, talk: Talk, language: Language | None, dialog: str) -> None:
    """Open the chat of a newcomer, or take up an earlier one."""
    talk.recall(await line.recall())
    now, address = spean.clock.now(), talk.address

    def meet(conn: Connection) -> tuple[bool, bool]:
        known = people.find(conn, spean.vault, address, "")
        person = known or people.greet(conn, spean.vault, address, spean.kit.default_language, now)
        newcomer = known is None or not known.session
        asked = not newcomer and not person.contact.language_chosen and not dialog
        if language is not None and not asked:
            people.set_language(conn, person.contact.id, language, now)
        if dialog:
            _enter(conn, spean, address, dialog, now)
        return newcomer, asked

    newcomer, asked = await spean.database.run(meet)
    if asked and language is not None:  # the question waits, and this answers it
        await talk.hear(f"/language {language}")
    elif newcomer and not dialog:
        await talk.begin()
    else:
        await talk.listen()


def _enter(conn: Connection, spean: Spean, address: Address, dialog: str, now: datetime) -> None:
    """Open a dialog as if a route had led to it. Raises Refused."""
    event = Event(f"enter-{now.isoformat()}", address, now, Start())
    person = people.find(conn, spean.vault, address, event.id)
    assert person is not None  # noqa: S101 (met in this transaction)
    session = sessions.load(orjson.loads(person.session)) if person.session else Session()
    live = spean.kit.library.live(conn)
    shelf = spean.kit.library.shelf(conn, live, sessions.releases(session), sample=spean.kit.sample)
    if dialog not in shelf.live.dialogs:
        known = ", ".join(sorted(shelf.live.dialogs))
        raise Refused(f"--dialog {dialog}", "there is no such dialog", f"write one of {known}", status=2)
    walk = Walk(shelf, person.contact, session, now)
    walk.enter(dialog, called=False)
    walk.ask_next()
    put(
        Step(conn, spean.kit, live, person, event, now),
        Turn(walk.finish(), tuple(walk.effects)),
        session,
        spean.sender,
    )


async def _listen(talk: Talk, clock: MovedClock) -> int:
    """Hear every line of standard input; mistakes are told and passed over."""
    watched, mistakes = sys.stdin.isatty(), 0
    while text := await asyncio.to_thread(sys.stdin.readline):
        if not watched:
            clock.ahead += PAUSE
        try:
            await talk.hear(text.rstrip("\r\n"))
        except CannotDo as cannot:
            say(str(cannot))
            mistakes += not watched
    return mistakes


def _lead(conn: Connection) -> str:
    return remembered.get(conn, CLOCK) or "0"


def _is_due(conn: Connection, target: datetime) -> bool:
    return bool(people.due(conn, target, 1) or agenda.due(conn, target, 1))


def _show(said: Said) -> None:
    typer.echo(f"{write(said.part)}\n")


def _show_json(said: Said) -> None:
    json_line({**_plain(said.part), "node": said.node, "dialog": said.dialog})


def _plain(part: Part) -> dict[str, object]:
    buttons = [{"label": one.label, "payload": one.payload} for one in last_buttons((part,))]
    pages = [{"label": one.label, "url": one.url} for one in part.buttons if one.url]
    links = {"links": pages} if pages else {}
    document = {"document": part.document.name} if part.document else {}
    return {"text": words(part), "buttons": buttons, **links, **document}
