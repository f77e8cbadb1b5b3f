"""The same suspicion on a Page: who tells on Messenger, what leaves for it, and what anybody posts there.

Never tells a part of the story itself.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.hooks import encode, sign
from tests.fakes.graph.server import Call
from tests.intake.messenger import OnMessenger
from tests.leak import planted
from tests.leak.hay import Hay
from tests.leak.house import LoudHouse

BEATS = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')"


@dataclass
class OnPage:
    """Somebody on Messenger, who waits until all that they set going is done."""

    house: LoudHouse
    fake: FakeGraph
    eyes: OnMessenger

    async def calm(self) -> None:
        await self.fake.settled()
        await self.house.eventually(lambda: self.house.rows(BEATS) == [(0,)], "parts that are not sent")
        await self.fake.settled()

    async def says(self, words: str) -> None:
        self.eyes.look_away()
        await self.eyes.person.say(words)
        await self.calm()

    async def taps(self, label: str) -> None:
        await self.eyes.press(label)
        await self.calm()


async def refused(house: LoudHouse, fake: FakeGraph) -> None:
    """Posts of a wrong shape, with wrong signatures, of other Pages; and wrong verifications."""
    bad, page = planted.BAD_POST, {"id": fake.page_id}
    told = {"sender": {"id": bad}, "recipient": page, "timestamp": 1795312800000}
    message = {**told, "message": {"mid": bad, "text": bad}}
    entry = {"id": fake.page_id, "time": 1, "messaging": [message]}
    for form in (
        {"object": bad, "entry": [entry]},
        {"object": "page", "entry": bad},
        {"object": "page", "entry": [{**entry, "id": bad}]},
        {"object": "page", "entry": [{**entry, "messaging": [{**told, bad: {bad: bad}}, bad]}]},
        {"object": "page", "entry": [{**entry, "changes": [{"field": bad, "value": {bad: bad}}]}]},
    ):
        raw = encode(form)
        for signature in (sign(fake.app_secret, raw), sign("wrong", raw), bad.encode().hex(), ""):
            await _post(house, raw, signature)
    for raw in (f'{{"object": "page", "{bad}'.encode(), bad.encode(), bad.encode() * 60_000):
        await _post(house, raw, sign(fake.app_secret, raw))
    asks = {"hub.mode": "subscribe", "hub.verify_token": bad, "hub.challenge": bad}
    async with aiohttp.ClientSession() as http, http.get(house.messenger, params=asks) as answer:
        house.said.add("http:refusal", await answer.read())


async def _post(house: LoudHouse, raw: bytes, signature: str) -> None:
    header = {"X-Hub-Signature-256": signature}
    async with (
        aiohttp.ClientSession() as http,
        http.post(house.messenger, data=io.BytesIO(raw), headers=header) as answer,
    ):
        house.said.add("http:refusal", f"{answer.status} {answer.headers!r}\n".encode() + await answer.read())


def sent(calls: Sequence[Call]) -> Hay:
    """What left for the platform: words, buttons, files, and the rest of each call."""
    hay = Hay()
    for call in calls:
        message: dict[str, Any] = dict(call.params.get("message", {}))
        buttons = {name: message.pop(name) for name in ("quick_replies", "attachment") if name in message}
        hay.add("sent:words", orjson.dumps(message.pop("text", "")))
        hay.add("sent:buttons", orjson.dumps(buttons))
        hay.add("sent:rest", orjson.dumps({**call.params, "message": message}))
        for content in call.files.values():
            hay.add("sent:files", content)
    return hay
