"""A channel that does as it is told, and remembers what it was given.

Never reaches a platform.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.channels.channel import Gesture, Given, Outcome, Report, Sent
from bot.channels.telegram.capabilities import TELEGRAM
from bot.core import events as ev
from bot.core.channel import Capabilities, Part
from bot.core.contact import Address

ACCOUNT = "telegram:7001"
OF_THE_EVENT = frozenset({"id", "from", "event", "at", "standby"})


@dataclass
class Stage:
    """A channel. `outcomes`: what the next sends come to, then all succeed. `closed`: sends wait for it."""

    account: str = ACCOUNT
    capabilities: Capabilities = TELEGRAM
    outcomes: deque[Outcome | Exception] = field(default_factory=deque)
    tried: list[tuple[str, str]] = field(default_factory=list)  # address, text
    sent: list[tuple[str, str]] = field(default_factory=list)
    ways: list[tuple[str, str]] = field(default_factory=list)  # text, way
    names: list[str] = field(default_factory=list)  # ours for each part tried
    documents: list[Given] = field(default_factory=list)
    deleted: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    deletions: deque[Outcome] = field(default_factory=deque)  # what the next ones come to, as `outcomes`
    gestures: list[Gesture] = field(default_factory=list)
    files: dict[str, bytes | OSError] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    closed: asyncio.Event | None = None

    def read(self, raw: Mapping[str, Any], now: datetime) -> tuple[ev.Event | Report, ...]:
        """`{"id", "from", "event", …}`, the rest being the fields of the body; or `{"report"}`."""
        if "report" in raw:
            return (raw["report"],)
        if "event" not in raw:
            raise ValueError("no update")
        fields = {name: value for name, value in raw.items() if name not in OF_THE_EVENT}
        body: Any = getattr(ev, raw["event"])
        where = Address(self.account, raw["from"])
        at, standby = raw.get("at", now), raw.get("standby", False)
        return (ev.Event(raw["id"], where, at, body(**fields), standby=standby),)

    async def send(
        self, address: str, part: Part, document: Given = None, *, name: str = "", way: str = "free"
    ) -> Outcome:
        self.tried.append((address, part.text))
        self.ways.append((part.text, way))
        self.names.append(name)
        self.documents.append(document)
        outcome = self.outcomes.popleft() if self.outcomes else None
        if self.closed is not None:
            await self.closed.wait()
        if isinstance(outcome, Exception):
            raise outcome
        if outcome is None or isinstance(outcome, Sent):
            self.sent.append((address, part.text))
        return outcome or Sent(str(len(self.sent)))

    async def delete(self, address: str, messages: Sequence[str]) -> Outcome:
        self.deleted.append((address, tuple(messages)))
        return self.deletions.popleft() if self.deletions else Sent("")

    async def gesture(self, gesture: Gesture) -> None:
        self.gestures.append(gesture)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        self.fetched.append(ref)
        found = self.files[ref]
        if isinstance(found, OSError):
            raise found
        for start in range(0, len(found), 1 << 20):
            yield found[start : start + (1 << 20)]
