"""Updates waiting for the bot: handed out by getUpdates or posted to its webhook, as the real server does.

Never reorders what one chat said, and never forgets an update before it is confirmed or too old.
"""

import asyncio
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.fakes.telegram.faults import ApiError

TAP_LIFE = 150.0  # facts/channels.md §2.3
LIFE = 24 * 3600.0


@dataclass(slots=True)
class Waiting:
    """`queue`: the chat, or the person for taps: a queue of its own. `until`: when it is dropped silently."""

    update: dict[str, Any]
    queue: tuple[str, int]
    until: float

    @property
    def number(self) -> int:
        return int(self.update["update_id"])


@dataclass(slots=True)
class Delivery:
    """One post to the webhook; status 0: the connection failed."""

    number: int
    status: int
    attempt: int


@dataclass(slots=True)
class Webhook:
    url: str
    secret: str = ""
    connections: int = 40
    gate: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self.gate = asyncio.Semaphore(self.connections)


class Updates:
    """`speed`: how much faster than the real one retries, lives and long polls pass."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self.deliveries: list[Delivery] = []
        self.webhook: Webhook | None = None
        self.confirmed = 0  # every update below was confirmed by getUpdates
        self.last_error = ""
        self._allowed: frozenset[str] = frozenset()
        self._waiting: list[Waiting] = []
        self._arrived = asyncio.Event()
        self._posted = asyncio.Event()
        self._poller: object = None
        self._posting: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    def put(self, update: dict[str, Any], queue: tuple[str, int]) -> None:
        kind = next(key for key in update if key != "update_id")
        if self._allowed and kind not in self._allowed:
            return
        life = TAP_LIFE if kind == "callback_query" else LIFE
        self._waiting.append(Waiting(update, queue, time.monotonic() + life / self.speed))
        self._arrived.set()
        self._post_all()

    def pending(self) -> list[int]:
        now = time.monotonic()
        self._waiting = [waiting for waiting in self._waiting if waiting.until > now]
        return [waiting.number for waiting in self._waiting]

    def allow(self, kinds: Iterable[str]) -> None:
        self._allowed = frozenset(kinds)

    async def get(self, offset: int, limit: int, wait: float) -> list[dict[str, Any]]:
        """As getUpdates: a second caller ends the first with 409."""
        if self.webhook is not None:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        me = self._poller = object()
        self._arrived.set()  # wakes an older caller, which finds itself replaced
        if offset < 0:
            self._waiting = self._waiting[offset:]
        else:
            self._waiting = [waiting for waiting in self._waiting if waiting.number >= offset]
            self.confirmed = max(self.confirmed, offset)
        deadline = time.monotonic() + wait / self.speed
        while not self.pending():
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                break
            if self._poller is not me:
                raise ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
        return [waiting.update for waiting in self._waiting[:limit]]

    def set_webhook(self, webhook: Webhook | None, *, drop: bool = False) -> None:
        self.webhook = webhook
        if drop:
            self._waiting.clear()
        self._post_all()

    def _post_all(self) -> None:
        if self.webhook is None:
            return
        for queue in {waiting.queue for waiting in self._waiting} - set(self._posting):
            self._posting[queue] = asyncio.create_task(self._post_queue(queue))

    async def _post_queue(self, queue: tuple[str, int]) -> None:
        """One in flight per queue; retried at once, then after 2, 4, 8 … 60 s."""
        attempt = 0
        while self.webhook is not None and (head := self._head(queue)) is not None:
            attempt += 1
            status, after = await self._post(self.webhook, head)
            self.deliveries.append(Delivery(head.number, status, attempt))
            if 200 <= status < 300:
                self._waiting.remove(head)
                attempt = 0
                self._posted.set()
            elif attempt > 1 or after:
                await asyncio.sleep((after or min(60.0, 2.0 ** (attempt - 1))) / self.speed)
        del self._posting[queue]

    async def settled(self, within: float = 10.0) -> None:
        """Wait until the webhook took everything."""
        async with asyncio.timeout(within):
            while self.pending():
                self._posted.clear()
                await self._posted.wait()

    def _head(self, queue: tuple[str, int]) -> Waiting | None:
        self.pending()
        return next((waiting for waiting in self._waiting if waiting.queue == queue), None)

    async def _post(self, webhook: Webhook, waiting: Waiting) -> tuple[int, float]:
        """Status and Retry-After."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        try:
            async with (
                webhook.gate,
                self._session.post(webhook.url, data=json.dumps(waiting.update), headers=headers) as answer,
            ):
                await answer.read()
                if not 200 <= answer.status < 300:
                    self.last_error = f"Wrong response from the webhook: {answer.status}"
                return answer.status, min(3600.0, float(answer.headers.get("Retry-After", 0)))
        except (aiohttp.ClientError, TimeoutError) as error:
            self.last_error = f"Connection failed: {type(error).__name__}"
            return 0, 0.0

    async def close(self) -> None:
        self.webhook = None
        for task in list(self._posting.values()):
            task.cancel()
        await asyncio.gather(*self._posting.values(), return_exceptions=True)
        if self._session is not None:
            await self._session.close()
