"""An office with two apps, Telegram and Messenger, and a person who writes in one or the other.

Never reaches a platform.
"""

import re

from sqlalchemy import Connection

from bot.channels.messenger.capabilities import MESSENGER
from bot.core.contact import Address
from bot.runner import links
from storage import people
from storage.outbox import Lane
from tests.runner.office import Office
from tests.runner.stage import Stage

TELEGRAM, PAGE = "telegram:7001", "messenger:900"
BOT = "spean_test_bot"
SOPHEA, HER_PSID = "93007001", "5550001"
PICTURES = "1185"
_TOKEN = re.compile(r"[=]l_([A-Za-z0-9_-]{43})")


class Apps:
    """`office.stage` is the app where whatever happens next happens."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.telegram = office.stage
        self.messenger = Stage(PAGE, MESSENGER)
        office.kit = office.kit
        office.kit.channels[PAGE] = self.messenger  # type: ignore[index] - the office made it a dict
        office.database.run_now(lambda conn: links.known_as(conn, TELEGRAM, BOT))

    def on_telegram(self) -> Office:
        self.office.stage = self.telegram
        return self.office

    def on_messenger(self) -> Office:
        self.office.stage = self.messenger
        return self.office

    async def press(self, who: str, *keys: str) -> None:
        """Press the buttons with these keys, each of the latest part here that has it."""
        for key in keys:
            payload = next(one for one in reversed(await self.buttons(who)) if one.endswith(f":{key}"))
            await self.office.happen("Tap", who=who, payload=payload, message="7", query="q")

    async def buttons(self, who: str) -> list[str]:
        return [
            button.payload for one in await self.office.outbox(who) for row in one.part.rows for button in row
        ]

    async def sets_pictures(self, who: str = SOPHEA) -> None:
        await self.office.type("password", who=who)
        await self.press(who, "set", *PICTURES, *PICTURES)

    async def makes_link(self, who: str = SOPHEA) -> str:
        """From the menu of their answers; the token."""
        await self.office.type("my answers", who=who)
        await self.press(who, "link")
        return self.token(await self.office.outbox(who))

    @staticmethod
    def token(said: list) -> str:  # type: ignore[type-arg] - parts in the store
        found = [one for part in said for one in _TOKEN.findall(part.part.text)]
        return found[-1]

    async def opens(self, token: str, who: str = HER_PSID) -> None:
        await self.office.happen("Start", who=who, payload=f"l_{token}")

    async def joined(self) -> int:
        """Somebody who answered on Telegram, with pictures, has come to Messenger too; their number."""
        office = self.on_telegram()
        await office.begin()
        await self.sets_pictures()
        token = await self.makes_link()
        first = await office.contact(SOPHEA)
        office.clock.wait(minutes=1)
        self.on_messenger()
        await self.opens(token)
        await self.press(HER_PSID, *PICTURES)
        assert first is not None
        return first

    async def whose(self, account: str, who: str) -> int | None:
        where = Address(account, who)

        def work(conn: Connection) -> int | None:
            return people.contact_at(conn, self.office.vault, where)

        return await self.office.database.read(work)

    async def went(self, contact_id: int, lane: Lane = Lane.STAFF) -> list[tuple[str, str]]:
        """Where parts of a lane go, and how they stand."""
        return await self.office.ask(
            "SELECT account.name, state FROM outbox JOIN account ON account.id = outbox.account_id "  # noqa: S608
            f"WHERE contact_id = {contact_id} AND lane = {int(lane)} ORDER BY seq"
        )
