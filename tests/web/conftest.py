import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.i18n import Words
from bot.web.budget import Room
from bot.web.limits import Network
from bot.web.public import public_app
from bot.web.site import Site
from bot.web.webhooks import TelegramHook
from tests.web.memory import MONDAY, Memory, words

SECRET = b"planted-secret_1"


def sign(random: bytes) -> bytes:
    return hmac.digest(b"a key of the tests", random, hashlib.sha256)


class Clock:
    def __init__(self) -> None:
        self.time = 1_000.0

    def __call__(self) -> float:
        return self.time


@dataclass
class Place:
    """A served site with what stands behind it."""

    client: TestClient
    memory: Memory
    clock: Clock

    async def token(self) -> dict[str, str]:
        answer = await self.client.post("/chat/api/session")
        assert answer.status == 201
        return {"Authorization": f"Bearer {(await answer.json())['token']}"}


def site(
    memory: Memory, clock: Clock, proxies: tuple[Network, ...] = (), uploads: Room | None = None
) -> Site:
    catalogues = words()

    async def said() -> Words:
        return catalogues

    return Site(
        name="ស្ពាន",
        inbound=memory,
        chats=memory,
        words=said,
        now=lambda: MONDAY,
        seconds=clock,
        sign=sign,
        telegram=TelegramHook("telegram:7001", SECRET),
        trusted_proxies=proxies,
        uploads=uploads or Room(),
    )


@asynccontextmanager
async def serve(made: Site, memory: Memory, clock: Clock) -> AsyncIterator[Place]:
    server = TestServer(public_app(made), host="127.0.0.1")
    async with TestClient(server) as client:
        yield Place(client, memory, clock)


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    memory, clock = Memory(), Clock()
    async with serve(site(memory, clock), memory, clock) as served:
        yield served
