"""Members of staff on duty in a transcript: each in a chat of their own on Telegram.

Never works on a case but through what such a chat offers.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import cast

from sqlalchemy import Connection

from bot.app import Spean
from bot.core.contact import Address
from bot.core.events import Body, Command, Event, Start, Tap, Text
from bot.runner import desk, promises
from storage import duty, staff
from storage.staff import Grant, Role
from tests.transcripts.script import said
from tests.transcripts.stage import ACCOUNTS


class Duty:
    """Everybody on duty. `shown`: the last part of each that was told. `buttons`: payloads by label."""

    def __init__(self, spean: Spean) -> None:
        self.spean = spean
        self.shown: dict[str, int] = {}
        self.alerts: dict[str, str] = {}  # the payload of the latest
        self.buttons: dict[str, dict[str, str]] = {}  # the latest of each label
        self.count = 0

    async def act(self, words: str, now: datetime) -> bool:
        """One line of the file; False when there is no alert to take, or no such button to tap."""
        name, _, rest = words.partition(" ")
        pressed = self.buttons.get(name, {}).get(rest.removeprefix("taps "))
        if rest.startswith("joins: "):
            await self._join(name, rest.removeprefix("joins: "), now)
        elif rest == "takes":
            if name not in self.alerts:
                return False
            await self._happen(name, Tap(self.alerts[name], "1", "q"), now)
        elif rest.startswith("taps "):
            if pressed is None:
                return False
            await self._happen(name, Tap(pressed, "1", "q"), now)
        elif rest.startswith("scans "):
            await self._happen(name, Start(f"t-{rest.removeprefix('scans ')}"), now)
        elif rest == "is shut out":
            tools = desk.desk_of(self.spean.kit)
            await self.spean.database.run(lambda conn: desk.dismiss(conn, tools, name, now))
        elif rest.startswith("/"):
            command, _, argument = rest[1:].partition(" ")
            await self._happen(name, Command(command, argument), now)
        else:
            await self._happen(name, Text(rest), now)
        return True

    async def told(self) -> list[str]:
        """What was said to them since, as lines."""
        return [line for name in list(self.shown) for line in [one async for one in self._told(name)]]

    async def _join(self, name: str, roles: str, now: datetime) -> None:
        code = f"{name.upper():X<10}"
        pairs = [one.split() for one in roles.split(", ")]
        grants = [Grant(cast("Role", role), centre) for role, centre in pairs]

        def work(conn: Connection) -> None:
            staff.add(conn, name, grants, now)
            duty.set_code(conn, self.spean.vault, name, code, now)

        await self.spean.database.run(work)
        self.shown.setdefault(name, 0)
        await self._happen(name, Command("staff", code), now)

    async def _happen(self, name: str, body: Body, now: datetime) -> None:
        self.count += 1
        await self.spean.inbound.take_event(Event(f"s{self.count}", self._where(name), now, body))

    async def _told(self, name: str) -> AsyncIterator[str]:
        where = self._where(name)
        batch = await self.spean.chats.pull(where.account, where.external, self.shown[name])
        for one in batch.lines:
            if one.part is not None:
                self.shown[name] = one.seq
                buttons = [button for row in one.part.rows for button in row]
                self.buttons.setdefault(name, {}).update({one.label: one.payload for one in buttons})
                for alert in (one for one in buttons if one.payload.startswith(promises.TAKE)):
                    self.alerts[name] = alert.payload
                rows = [" ".join(f"[{button.label}]" for button in row) for row in one.part.rows]
                for line in said(f"📟» {name}:", one.part.text, rows):
                    yield line

    @staticmethod
    def _where(name: str) -> Address:
        return Address(ACCOUNTS["telegram"], f"staff-{name}")
