"""Where a transcript is played: a store of its own, a clock that stands still, channels that are only pulled.

Never plays anything (`player` does).
"""

import atexit
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any
from unittest import mock

from sqlalchemy import Connection, func, select

from bot.app import Spean
from bot.channels.channel import Channel, Gesture, Given, Outcome, Retry, Sent
from bot.channels.messenger.capabilities import MESSENGER
from bot.channels.telegram.capabilities import TELEGRAM
from bot.channels.terminal.show import CAPABILITIES as TERMINAL
from bot.channels.webchat.capabilities import ACCOUNT as WEB_PAGE
from bot.channels.webchat.capabilities import WEBCHAT
from bot.config.settings import Settings
from bot.core.channel import Capabilities, Part
from bot.core.events import Event
from bot.scripts import Files
from storage.schema import agenda, outbox
from storage.schema import session as sessions
from tests.started import STORES, compiled
from tests.voiced import voiced

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)  # 12:00 in Phnom Penh
SILENCE = b"OggS\x00\x02" + bytes(21) + b"\x00"
ACCOUNTS = {
    "telegram": "telegram:7001",
    "messenger": "messenger:8001",
    "webchat": WEB_PAGE,
    "terminal": "terminal:chat",
}
CAPABILITIES: Mapping[str, Capabilities] = {
    "telegram": TELEGRAM,
    "messenger": MESSENGER,
    "webchat": WEBCHAT,
    "terminal": TERMINAL,
}


@dataclass
class Clock:
    """Stands still until it is moved."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


class Place:
    """A channel that only waits to be pulled, and has every voice note at hand."""

    def __init__(self, name: str) -> None:
        self.account = ACCOUNTS[name]
        self.capabilities = CAPABILITIES[name]

    def read(self, _raw: Mapping[str, Any], _now: datetime) -> tuple[Event, ...]:
        raise ValueError("events come ready-made")

    async def send(self, _address: str, _part: Part, _document: Given = None, **_how: object) -> Outcome:
        return Retry("pulled")

    async def delete(self, _address: str, _messages: Sequence[str]) -> Outcome:
        return Sent("")

    async def gesture(self, _gesture: Gesture) -> None:
        return None

    async def fetch(self, _ref: str) -> AsyncIterator[bytes]:
        yield SILENCE


def changed(files: Files, words: str) -> dict[str, bytes]:
    """The files after `file: old words → new`, or `voice intake.urgent …`. Raises ValueError."""
    if words.startswith("voice "):
        return dict(voiced(dict(files), *words.split()[1:]))
    name, _, change = words.partition(": ")
    old, _, new = change.partition(" → ")
    text = files[name].decode()
    if old not in text:
        raise ValueError(f"{name} does not say {old}")
    return {**files, name: text.replace(old, new).encode()}


def opened(folder: Path, clock: Clock, channels: tuple[Channel, ...] = ()) -> Spean:
    """Spean over the store in `folder`."""
    with compiled():
        return Spean(Settings().kept_in(folder), ROOT, clock, channels=channels)


@cache
def fresh() -> str:
    """A store that has the scripts and nobody in it, to be copied."""
    folder = mkdtemp(prefix="transcripts-", dir=STORES)
    atexit.register(shutil.rmtree, folder)
    opened(Path(folder), Clock()).database.close_now()
    return folder


@contextmanager
def opened_for(channel: str, clock: Clock) -> Iterator[Spean]:
    """A Spean of one transcript alone, with the channel it is played on."""
    with TemporaryDirectory(prefix="transcript-", dir=STORES) as folder:
        shutil.copytree(fresh(), folder, dirs_exist_ok=True)
        tickets = (f"TICKET{number:02}" for number in count(1))
        served = {channel, "telegram"} - {"webchat"}  # staff are reached on Telegram
        with mock.patch("bot.runner.registering.new_ticket", side_effect=lambda _: next(tickets)):
            yield opened(Path(folder), clock, tuple(Place(one) for one in sorted(served)))


def left_at(conn: Connection, contact_id: int | None) -> dict[int, datetime]:
    """When each part that a person was told could leave, by its number."""
    parts = select(outbox.c.seq, outbox.c.created_at, outbox.c.not_before)
    rows = conn.execute(parts.where(outbox.c.contact_id == contact_id))
    return {row.seq: max(row.created_at, row.not_before) for row in rows}


def next_due(conn: Connection, target: datetime) -> datetime | None:
    """When the next thing happens by itself, if it does by then."""
    waking = conn.scalar(select(func.min(sessions.c.wake_at)).where(sessions.c.wake_at <= target))
    due = conn.scalar(
        select(func.min(agenda.c.due)).where(agenda.c.done_at.is_(None), agenda.c.due <= target)
    )
    return min((one for one in (waking, due) if one is not None), default=None)
