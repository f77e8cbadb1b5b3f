"""Plays a transcript through the real runner: every turn is stored, sealed and read back before the next.

Never talks to a platform: parts stay queued and are pulled.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot import scripts
from bot.app import Spean
from bot.core import duration
from bot.core.channel import Part
from bot.core.contact import Address
from bot.core.events import (
    Body,
    Command,
    Event,
    Location,
    Media,
    MediaKind,
    Reachable,
    SharedContact,
    Start,
    Tap,
    Text,
    Unknown,
)
from bot.runner import desk
from bot.runner.chat import Pulled
from bot.runner.hiding import CHAT
from bot.runner.publishing import publish
from storage import people
from tests.started import proven, shipped
from tests.transcripts import ending
from tests.transcripts.fairs import Fairs
from tests.transcripts.heard import check, lines
from tests.transcripts.keyboards import Keyboards, NoSuchButtonError
from tests.transcripts.script import Action, Script, counted, read
from tests.transcripts.staff import Duty
from tests.transcripts.stage import (
    ACCOUNTS,
    CAPABILITIES,
    SILENCE,
    Clock,
    changed,
    left_at,
    next_due,
    opened_for,
)

PAUSE = timedelta(seconds=20)  # between two actions, as people take
HOUR = timedelta(hours=1)
PHNOM_PENH = timedelta(hours=7)


class Impossible(Exception):  # noqa: N818 - says what the action met
    """The action asks for something that is not there."""


@dataclass(frozen=True, slots=True)
class Played:
    """`followed`: what each action led to, as lines; `end`: how it ended. `stopped`: an impossible action."""

    followed: list[list[str]]
    end: list[str]
    stopped: str = ""


class Player:
    """One person on one channel, and whoever else the transcript needs."""

    def __init__(self, channel: str, spean: Spean, clock: Clock) -> None:
        self.channel, self.clock = channel, clock
        self.files = shipped()
        self.spean = spean
        self.can_share = CAPABILITIES[channel].ask_contact
        self.has_bytes = channel in {"webchat", "terminal"}  # a page's voice note comes with its event
        self.address = Address(ACCOUNTS[channel], "77")
        self.desk, self.duty, self.fairs = desk.desk_of(spean.kit), Duty(spean), Fairs(spean)
        self.contact: int | None = None
        self.shown = 0
        self.count = 0
        self.typed = ""  # platform id of the last typed message
        self.keyboards = Keyboards(proven(self.files).book.labels)

    async def play(self, script: Script) -> Played:
        """Do everything in order, up to what is impossible."""
        followed: list[list[str]] = []
        for action in script.actions:
            before = self.clock.at
            if not action.on(self.channel):
                followed.append([])
                continue
            try:
                await self.act(action)
            except Impossible as impossible:
                return Played(followed, [], f"{action.line}: {impossible}")
            followed.append(await self.listen(since=before if action.sign == "⏳" else None))
        await self.pass_time(PAUSE)
        end = await self.spean.database.read(lambda conn: ending.lines(conn, self.spean.vault, self.address))
        return Played(followed, end)

    async def act(self, action: Action) -> None:
        """One line of the file."""
        times = int(action.variant.removeprefix("×")) if action.variant.startswith("×") else 1
        match action.sign:
            case "⏳":
                length = duration.read(action.words)
                if length is None:
                    raise Impossible(f"no length of time: {action.words}")
                await self.pass_time(length)
            case "🧑‍💼":
                await self.work(action.words)
            case "📟" | "🎪":
                await self.others(self.duty if action.sign == "📟" else self.fairs, action.words)
            case "⚙":
                await self.publish(action.words)
            case "⏩":
                whole = read(next(Path(__file__).parent.rglob(f"{action.words}.txt")))
                for earlier in (one for one in whole.actions if one.on(self.channel)):
                    await self.listen(since=None)
                    await self.act(earlier)
            case _:
                await self.pass_time(PAUSE)
                for number in range(times):
                    if action.sign == "👆" and action.variant != "?":
                        await self.tap(action.words, older=action.variant == "↺")
                    else:
                        await self.happen(self.body(action, number))

    def body(self, action: Action, number: int) -> Body:
        """What the channel would make of it; `number` of the times that it is done."""
        self.count += 1
        message, words = f"p{self.count}", action.words
        match action.sign:
            case "👤":
                return self.spoken(words, message)
            case "👆":
                return Tap(words, message="1", query=message)
            case "✏":
                return Text(words, self.typed, edits=self.typed)
            case "☎" if self.can_share or action.variant:
                return SharedContact(words, own=not action.variant, message=message)
            case "☎":
                return Text(words, message)
            case "📍":
                return Location(12.5388, 103.9192, message)
            case "❔":
                return Unknown(words, message)
            case "🚪":
                return Reachable(words == "unblocked")
            case sign:
                return self.media(sign, f"album-{self.count - number}" if action.variant else "", message)

    def media(self, sign: str, album: str, message: str) -> Media:
        """A voice note, photo or sticker."""
        kinds: dict[str, tuple[MediaKind, str]] = {
            "🎤": ("voice", "audio/ogg"),
            "🖼": ("image", "image/jpeg"),
            "😀": ("sticker", "image/webp"),
        }
        kind, mime = kinds[sign]
        return Media(kind, f"{kind}-{self.count}", mime, len(SILENCE), 4, album=album, message=message)

    def spoken(self, words: str, message: str) -> Body:
        """Typed words; a slash begins a command."""
        if words.startswith("/"):
            name, _, argument = words[1:].partition(" ")
            return Start(argument) if name == "start" else Command(name, argument)
        self.typed = message
        return Text(words, message)

    async def tap(self, label: str, *, older: bool) -> None:
        """Press it, on whichever page of a long list it stands; what has vanished is typed instead."""
        try:
            for payload, message in () if older else self.keyboards.pages(label):
                await self.press(payload, message)
                await self.listen(since=None)
            if (found := self.keyboards.press(label, older=older)) is not None:
                await self.press(*found)
            elif not older:
                self.count += 1
                await self.happen(self.spoken(label, f"p{self.count}"))
        except NoSuchButtonError as missing:
            raise Impossible(str(missing)) from missing

    async def press(self, payload: str, message: str) -> None:
        """One tap."""
        self.count += 1
        await self.happen(Tap(payload, message=message, query=f"q{self.count}"))

    # --- the world -----------------------------------------------------------------------------

    async def happen(self, body: Body) -> None:
        """The event is taken: one transaction."""
        event = Event(f"e{self.count}", self.address, self.clock.at, body)
        data = SILENCE if isinstance(body, Media) and self.has_bytes else None
        await self.spean.inbound.take_event(event, media=data)

    async def pass_time(self, length: timedelta) -> None:
        """Let time go by; what is due on the way happens when it is due, or is tried again each hour."""
        target = self.clock.at + length
        while (due := await self.spean.database.read(lambda conn: next_due(conn, target))) is not None:
            if self.clock.at == target:
                break
            self.clock.at = due if due > self.clock.at else min(self.clock.at + HOUR, target)
            await self.spean.agenda.tick(self.clock.at)
            await self.spean.agenda.downloads.idle()
        self.clock.at = target
        await self.spean.agenda.tick(self.clock.at)
        await self.spean.agenda.downloads.idle()

    async def others(self, who: Duty | Fairs, words: str) -> None:
        """Staff join the duty, take a case, are shut out; an activity is published, moved, called off."""
        await self.pass_time(PAUSE)
        if not await who.act(words, self.clock.at):
            raise Impossible(f"there is nothing to do: {words}")

    async def work(self, words: str) -> None:
        """A member of staff takes, answers, gives back or closes."""
        await self.pass_time(PAUSE)
        now = self.clock.at
        await self.spean.database.run(lambda conn: ending.work(conn, self.desk, self.address, words, now))

    async def publish(self, words: str) -> None:
        """A script is edited or sentences are recorded (`voice intake.urgent …`), checked, and go live."""
        try:
            self.files = changed(self.files, words)
            self.keyboards.labels = proven(self.files).book.labels
        except (ValueError, scripts.BrokenScript) as broken:
            raise Impossible(str(broken)) from broken
        digest, now = scripts.digest(self.files), self.clock.at
        await self.spean.database.run(lambda conn: publish(conn, digest, self.files, now))

    async def listen(self, since: datetime | None) -> list[str]:
        """Fetch what was said, as lines; repetitions are counted. `since`: tell when each was said."""
        await self.recognise()
        heard: list[tuple[list[str], int]] = []
        told = since
        batch = await self.spean.chats.pull(self.address.account, self.address.external, self.shown)
        left = await self.spean.database.read(lambda conn: left_at(conn, self.contact))
        for one in sorted(batch.lines, key=lambda line: left.get(line.seq, line.at)):
            if one.part is None:
                continue
            if told is not None and left[one.seq] != told:
                told = left[one.seq]
                heard.append(([f"⏰ {told + PHNOM_PENH:%d.%m. %H:%M}"], 1))
            message = await self.hear(one, one.part)
            if heard and heard[-1][0] == message:
                heard[-1] = (message, heard[-1][1] + 1)
            else:
                heard.append((message, 1))
        lines = [line for message, times in heard for line in counted(message, times)]
        return [*lines, *await self.duty.told()] or ["🤫"]

    async def recognise(self) -> None:
        """After an erasure the person is another one to us, whose messages are numbered from one again."""
        known = await self.spean.database.read(
            lambda conn: people.contact_at(conn, self.spean.vault, self.address)
        )
        if known != self.contact:
            self.contact, self.shown = known, 0
            self.keyboards.clear()

    async def hear(self, one: Pulled, part: Part) -> list[str]:
        """One message, and its buttons remembered."""
        self.shown = max(self.shown, one.seq)
        message = part.replaces or str(one.seq)
        if part.hides == CHAT:
            self.keyboards.clear()
        self.keyboards.show(message, part)
        check(part, CAPABILITIES[self.channel])
        held = part.document is not None and not part.document.path
        return lines(
            part, one.who, await self.document(part.document.media) if held and part.document else ""
        )

    async def document(self, media: int) -> str:
        """What is in the file that was handed over."""
        file = await self.spean.chats.document(self.address.account, self.address.external, media)
        assert file is not None
        return ending.handed(file.body)


def play(script: Script, channel: str) -> Played:
    """Play a whole transcript on one channel, with a store of its own."""

    async def played(spean: Spean) -> Played:
        try:
            return await Player(channel, spean, clock).play(script)
        finally:
            await spean.stop()

    clock = Clock()
    with opened_for(channel, clock) as spean:
        return asyncio.run(played(spean))
