"""Webhooks to the product: signed, escaped and repeated as Meta does it.

Never keeps order when a post failed: later events overtake it, as in life (facts/channels.md §3.1).
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

PATIENCE = 5.0  # seconds for a 200 (§3.1)
GIVE_UP = 3600.0  # after an hour of failures the app is unsubscribed (§3.1)


@dataclass(slots=True)
class Post:
    """One body. `statuses`: of every attempt; 0: no answer in time. `done`: taken, or given up."""

    raw: bytes
    person: str | None
    statuses: list[int] = field(default_factory=list)
    tried: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def body(self) -> dict[str, Any]:
        form: dict[str, Any] = json.loads(self.raw)
        return form


def encode(form: object) -> bytes:
    """As Meta writes JSON: no letter beyond ASCII, and slashes escaped."""
    return json.dumps(form, separators=(",", ":")).replace("/", "\\/").encode()


def sign(secret: str, raw: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


class Hooks:
    """`speed`: how much faster than Meta retries pass. `turn`: what goes wrong with a body of a person."""

    def __init__(self, app_secret: str, speed: float, turn: Callable[[str | None], str]) -> None:
        self.url = ""
        self.posts: list[Post] = []  # everything there ever was to tell
        self.unsubscribed = False
        self.patience = PATIENCE
        self._secret = app_secret
        self._speed = speed
        self._turn = turn
        self._last: dict[str | None, Post] = {}
        self._held: list[Post] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def put(self, form: object, person: str | None) -> Post:
        post = Post(encode(form), person)
        self.posts.append(post)
        if not self.url or self.unsubscribed:
            post.done.set()
            return post
        match self._turn(person):
            case "reorder":
                self._held.append(post)
                post.done.set()
            case "duplicate":
                self._start(post)
                self._start(Post(post.raw, person))
            case _:
                self._start(post)
                self._release()
        return post

    def _release(self) -> None:
        """What was held back goes out, the newest first."""
        while self._held:
            late = self._held.pop()
            late.done.clear()
            self._start(late)

    def _start(self, post: Post) -> None:
        before = self._last.get(post.person)
        self._last[post.person] = post
        task = asyncio.create_task(self._deliver(post, before))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, post: Post, before: Post | None) -> None:
        """Retried at once, then after 2, 4, 8 … 60 s."""
        if before is not None:
            await before.tried.wait()
        began, attempt = time.monotonic(), 0
        while not self.unsubscribed:
            attempt += 1
            post.statuses.append(await self._post(post.raw))
            post.tried.set()
            if post.statuses[-1] == 200:
                break
            if time.monotonic() - began > GIVE_UP / self._speed:
                self.unsubscribed = True
            elif attempt > 1:
                await asyncio.sleep(min(60.0, 2.0 ** (attempt - 1)) / self._speed)
        post.tried.set()
        post.done.set()

    async def _post(self, raw: bytes) -> int:
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": sign(self._secret, raw)}
        patience = aiohttp.ClientTimeout(total=self.patience)
        try:
            async with self.session().post(self.url, data=raw, headers=headers, timeout=patience) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0

    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def settled(self, within: float = 10.0) -> None:
        """Wait until everything was taken or given up."""
        async with asyncio.timeout(within):
            while self._tasks:
                await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
